//! Variants of complete handoffs in which the evidence for one field is
//! broken on purpose, each with the one gap that must come out.

use serde::{Deserialize, Serialize};

use super::cases::Case;
use crate::conversation::Conversation;

/// How evidence is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mutation {
    Remove,
    Vague,
    Contradict,
    WrongParty,
}

/// A broken variant of a case.
#[derive(Debug, Clone)]
pub struct Mutant {
    pub id: String,
    pub mutation: Mutation,
    pub field: String,
    pub case: Case,
    pub conversation: Conversation,
}

/// A variant that could not be made honestly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmade {
    pub field: String,
    pub mutation: Mutation,
    pub reason: String,
}

impl Mutation {
    pub const ALL: [Mutation; 4] = [Mutation::Remove, Mutation::Vague, Mutation::Contradict, Mutation::WrongParty];

    pub fn name(self) -> &'static str {
        match self {
            Mutation::Remove => "remove",
            Mutation::Vague => "vague",
            Mutation::Contradict => "contradict",
            Mutation::WrongParty => "wrong-party",
        }
    }
}

/// Every mutant of a case, and what could not be made.
pub fn make(_case: &Case, _kinds: &[Mutation]) -> (Vec<Mutant>, Vec<Unmade>) {
    (Vec::new(), Vec::new())
}

/// Every mutant of a case.
pub fn mutants(case: &Case, kinds: &[Mutation]) -> Vec<Mutant> {
    make(case, kinds).0
}
