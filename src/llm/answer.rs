//! A model's answer in either form, read out of whatever text it wrote: fences
//! and chatter around it, commas too many, a tail that is missing. What cannot
//! be read is counted, never guessed.

use serde::{Deserialize, Serialize};

use crate::claim::{Certainty, Citation, Claim, ProseClaim, ProseKind, Told};
use crate::conversation::MessageId;

/// The answer as a list of what is stated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub records: Vec<Record>,
    pub instructions_seen: Vec<String>,
}

/// One thing that is stated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// A field's key, or one of the keys of prose.
    pub key: String,
    pub evidence: Vec<Cited>,
    /// As written in the source.
    pub raw_value: String,
    /// As the model understands it; for prose the sentence.
    pub value: String,
    /// `found`, `absent` or `conflicting`.
    pub status: String,
    pub note: String,
}

/// Words said to stand in a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cited {
    /// The message's id, `m7`.
    pub msg: String,
    pub quote: String,
}

/// Why a text is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Answer {
    /// What the answer says, in the form in which every reader's words are checked.
    pub fn told(&self) -> Told {
        let mut told = Told::default();
        for record in self.records.iter().filter(|record| record.status != "absent") {
            let cited: Vec<Citation> = record
                .evidence
                .iter()
                .map(|cited| Citation {
                    // An id that is none is as good as none: the words are looked for everywhere.
                    message: cited.msg.trim().parse().unwrap_or(MessageId(0)),
                    quote: cited.quote.clone(),
                    at: None,
                })
                .collect();
            match ProseKind::find(&record.key) {
                Some(kind) => told.prose.push(ProseClaim { kind, text: record.value.clone(), cited }),
                None => told.claims.push(Claim {
                    field: record.key.clone(),
                    cited,
                    raw_value: Some(record.raw_value.clone()).filter(|text| !text.trim().is_empty()),
                    value: Some(record.value.clone()).filter(|text| !text.trim().is_empty()),
                    certainty: Certainty::Stated,
                }),
            }
        }
        told.instructions = self.instructions_seen.iter().filter_map(|id| id.trim().parse().ok()).collect();
        told
    }
}
