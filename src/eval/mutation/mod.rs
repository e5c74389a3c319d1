//! Testing a completeness checker by breaking its input: out of every
//! complete handoff and every field it needs come variants in which the words
//! that show the field are gone, vague, contradicted or said by the wrong
//! party, each with the gaps that must come out, and no others.
//!
//! A variant is made only if it is honest: the value must stand nowhere any
//! more (searched by type, in every spelling), and the words that show other
//! fields must stand byte for byte. What cannot be made so is told with the
//! reason.

mod clearing;
mod editing;
mod expectation;
mod other;
mod phrases;
mod planting;
mod trace;
mod units;
mod variants;

use serde::{Deserialize, Serialize};

use super::cases::{Case, Expectation};
use crate::brief::Verdict;
use crate::conversation::Conversation;
use crate::value::Kind;
use clearing::Scene;
use variants::Subject;

/// How the evidence for a field is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mutation {
    /// Nobody says it any more.
    Remove,
    /// Something is said in its place that settles nothing.
    Vague,
    /// Somebody else with as much say says another value, and neither corrects the other.
    Contradict,
    /// It is said of another customer, or by the side whose word does not count.
    WrongParty,
}

impl Mutation {
    pub const ALL: [Mutation; 4] = [Mutation::Remove, Mutation::Vague, Mutation::Contradict, Mutation::WrongParty];

    /// As on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Mutation::Remove => "remove",
            Mutation::Vague => "vague",
            Mutation::Contradict => "contradict",
            Mutation::WrongParty => "wrong-party",
        }
    }
}

impl std::fmt::Display for Mutation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A complete handoff with one field broken.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// `northwind-01~remove~go_live_date`; further variants of one kind end in `~forward` or `~side`. The original's id is
    /// what stands before the first `~`.
    pub id: String,
    pub mutation: Mutation,
    /// The key of the broken field.
    pub field: String,
    /// The case with the mutant's id, what the CRM still knows, and what must come out. Its sources are the original's:
    /// what is to be read is `conversation`.
    pub case: Case,
    pub conversation: Conversation,
}

/// A variant that could not be made honestly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmade {
    pub field: String,
    pub mutation: Mutation,
    /// A fixed phrase, then `: ` and what it is about where there is something to name.
    pub reason: String,
}

/// Why a variant would not be honest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Hindrance {
    #[error("the words that state it were not found")]
    NoEvidence,
    #[error("the words for another field hold it too: {0}")]
    Shared(String),
    #[error("another stated field answers it: {0}")]
    Implied(String),
    #[error("nobody else speaks for that side, so every message names the person")]
    OnlyVoice,
    #[error("the addresses of the people who write hold the name")]
    InAddresses,
    #[error("several statements can be true together")]
    Additive,
    #[error("nobody states it: it is only how they write or sign")]
    Unstated,
    #[error("the same person gives another one")]
    Another,
    #[error("no other value of this kind can be made up")]
    NoOtherValue,
    #[error("the value still stands after the cuts")]
    Survives,
    #[error("the cuts would hurt the words for other fields")]
    Damaged,
    #[error("a rule of another field waits for it: {0}")]
    RuleWaits(String),
    #[error("the gold does not name a field that becomes required: {0}")]
    NotInGold(String),
}

/// Every mutant of a case, of these kinds, in the order of the route; none of a case that is not complete.
pub fn mutants(case: &Case, kinds: &[Mutation]) -> Vec<Mutant> {
    make(case, kinds).0
}

/// Every mutant, and every variant that could not be made, with the reason.
pub fn make(case: &Case, kinds: &[Mutation]) -> (Vec<Mutant>, Vec<Unmade>) {
    make_from(case, &case.conversation(), kinds)
}

/// The same from the case's conversation, where it is at hand.
pub fn make_from(case: &Case, conversation: &Conversation, kinds: &[Mutation]) -> (Vec<Mutant>, Vec<Unmade>) {
    let (mut made, mut unmade) = (Vec::new(), Vec::new());
    if case.expected.verdict != Verdict::Complete {
        return (made, unmade);
    }
    for field in &case.route.fields {
        let Some(gold) = case.gold(&field.key) else { continue };
        let stated = matches!(gold.expectation, Expectation::Found(_));
        if !stated || !expectation::is_required(case, field, None) {
            continue;
        }
        let subject = Subject::new(Scene::new(case, conversation, field, gold));
        for mutation in kinds {
            for variant in variants::make(&subject, *mutation) {
                match variant {
                    Ok(mutant) => made.push(mutant),
                    Err(hindrance) => {
                        let one =
                            Unmade { field: field.key.clone(), mutation: *mutation, reason: hindrance.to_string() };
                        // The ways of one kind mostly fail for one reason.
                        if !unmade.contains(&one) {
                            unmade.push(one);
                        }
                    }
                }
            }
        }
    }
    (made, unmade)
}

/// Whether a second statement stands beside the first instead of against it.
fn is_additive(field: &crate::route::Field) -> bool {
    field.list || field.kind == Kind::LongText
}
