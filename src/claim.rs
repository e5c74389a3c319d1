//! What a reader says it found for a field, before anyone believes it. The
//! extractor makes claims by rule, a model makes them by reading; grounding
//! treats both alike.

use crate::conversation::MessageId;

/// One statement of a reader about one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Claim {
    /// The key of the route's field.
    pub field: String,
    /// The words that are said to show it: the value's words first, then the question they answer or the confirmation they got.
    pub cited: Vec<Citation>,
    /// The value as written in the source.
    pub raw_value: Option<String>,
    /// The value as the reader understood it; code types it anew from the evidence.
    pub value: Option<String>,
    pub certainty: Certainty,
}

/// How sure the reader is that its words speak of this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Certainty {
    #[default]
    Stated,
    /// Near enough to offer to a person, not to stand by itself.
    Guessed,
}

/// Words said to stand in a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    pub message: MessageId,
    pub quote: String,
    /// Where the reader saw it, a byte offset into the message's text; `None` when it cannot say. A hint, checked like the rest.
    pub at: Option<usize>,
}
