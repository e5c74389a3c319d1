//! Answers by mail: a reply to a message of ours is cut into the answers to its
//! numbered questions, and each is understood as the form would take it. What
//! is not plain is no answer: it stays open, and the person is told why.

mod cutting;
mod echoes;
mod marks;
mod meaning;
mod why;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cutting::{Cut, Doubt, Part, Sent, cut};
pub use echoes::{Ours, silence};
pub use meaning::{Meant, Put, dismissal, taken, understand};
pub use why::Why;
pub use words::{alone, own_words};

use super::letters::{LONG, SHORT, short};
use super::{Question, Request};
use crate::route::Route;

/// What somebody wrote back that could not be taken as the answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unclear {
    /// The question's key.
    pub key: String,
    /// Why not, for programs.
    pub code: String,
    /// What they wrote and why it was not taken, in a sentence.
    pub said: String,
    /// The message that they wrote.
    pub message: String,
    /// Their words, where these may be the answer: taken once they say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
}

/// The questions, each with what the person wrote back to it in vain.
pub(super) fn with_notes(questions: &[Question], request: &Request) -> Vec<Question> {
    let note = |key: &str| request.unclear.iter().rev().find(|one| one.key == key).map(|one| one.said.clone());
    questions.iter().map(|one| Question { note: note(&one.key), ..one.clone() }).collect()
}

/// How the line of a question begins in a message.
pub fn head_of(label: &str, question: &str) -> String {
    cutting::squeezed(&format!("{}: {}", short(label, SHORT), short(question, LONG)))
}

/// The field that a numbered question is about, by how its line begins; none when that cannot be told for certain.
pub fn field_of<'a>(route: &'a Route, head: &str) -> Option<&'a str> {
    let fits = route.fields.iter().filter_map(|field| {
        let label = short(&field.label, SHORT);
        let rest = head.strip_prefix(label.as_str())?;
        rest.starts_with(": ").then_some((label.len(), field.key.as_str()))
    });
    let mut best: Vec<(usize, &str)> = fits.collect();
    best.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    match best.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, key), ..] => Some(key),
        [] => None,
    }
}
