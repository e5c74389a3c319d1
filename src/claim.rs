//! What a reader says it found for a field, before anyone believes it. The
//! extractor makes claims by rule, a model makes them by reading; grounding
//! treats both alike.

use crate::conversation::MessageId;

/// Everything that one reader said of a conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    pub claims: Vec<Claim>,
    pub prose: Vec<ProseClaim>,
    /// Messages that speak to the reader instead of to people: what they say needs a person's word.
    pub instructions: Vec<MessageId>,
}

/// A sentence for the brief's prose, before anyone believes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProseClaim {
    pub kind: ProseKind,
    pub text: String,
    pub cited: Vec<Citation>,
}

/// The parts of the brief's prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProseKind {
    Headline,
    Situation,
    Decision,
    Promise,
    Risk,
    OpenQuestion,
    NextAction,
    Person,
}

impl ProseKind {
    pub const ALL: [ProseKind; 8] = [
        ProseKind::Headline,
        ProseKind::Situation,
        ProseKind::Decision,
        ProseKind::Promise,
        ProseKind::Risk,
        ProseKind::OpenQuestion,
        ProseKind::NextAction,
        ProseKind::Person,
    ];

    /// The key by which a model's answer names it. No field's key begins with `_`.
    pub fn key(self) -> &'static str {
        match self {
            ProseKind::Headline => "_headline",
            ProseKind::Situation => "_situation",
            ProseKind::Decision => "_decision",
            ProseKind::Promise => "_promise",
            ProseKind::Risk => "_risk",
            ProseKind::OpenQuestion => "_open_question",
            ProseKind::NextAction => "_next_action",
            ProseKind::Person => "_person",
        }
    }

    pub fn find(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

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
