//! People's answers over a machine's reading. The reading stays as it is; what
//! people said is kept beside it and laid over it anew whenever either changes,
//! so that an answer survives a re-read and a re-read never hides behind an
//! answer: only a value that nobody saw when answering opens a field again.

mod applying;
mod changes;
mod checking;
mod meaning;
mod reading;
mod refusal;
mod request;
mod returning;
mod standing;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::brief::Evidence;
use crate::handoff::ReturnKind;

pub use applying::apply;
pub use changes::{changed_fields, contradicted_fields};
pub use checking::check;
pub use meaning::told_by;
pub use refusal::{Code, Refusal};
pub use request::{FieldPatch, Patch, SourcePatch, UnknownUntil};
pub use returning::returned;

/// Who answered. An answer without a named person does not stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// One answer of one person to one field, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The field's key.
    pub field: String,
    pub kind: AnswerKind,
    pub by: Person,
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// When it was written, where it came in later than that, as by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub written_at: Option<Timestamp>,
    /// The candidate ids of every value that the brief showed for the field when the answer was made, and of the
    /// items of lists. A value that is not among them can open the field again.
    pub seen: Vec<String>,
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Typed as it stands in a brief. The evidence is that of the candidate picked, or of the same value shown.
    Value {
        value: Json,
        evidence: Vec<Evidence>,
    },
    NotApplicable {
        reason: String,
    },
    /// Nobody knows yet; the owner finds out by the end of the day `due`, counted in UTC.
    Unknown {
        owner: String,
        #[schemars(with = "String")]
        due: Date,
    },
}

/// A person's word that a source which could not be read does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dismissal {
    /// The name of the unread source.
    pub source: String,
    pub reason: String,
    pub by: Person,
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// When it was written, where it came in later than that, as by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub written_at: Option<Timestamp>,
    /// How many unread sources of that name there were: a further one of the same name is not dismissed with them.
    pub count: usize,
}

/// The receiving team's word that fields are wrong or not enough: they are open until somebody answers or a later
/// reading shows another value. Without fields it is about the whole, and holds until anything is said or comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Return {
    /// The keys of the fields.
    pub fields: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReturnKind>,
    pub reason: String,
    pub by: Person,
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The values that the brief showed for each of the fields when it was returned.
    pub seen: BTreeMap<String, Vec<Json>>,
    /// How many batches of context had come in by then.
    #[serde(default)]
    pub batches: u32,
}

/// Everything that people said about one handoff, in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Given<'a> {
    pub answers: &'a [Answer],
    pub dismissals: &'a [Dismissal],
    pub returns: &'a [Return],
}

impl Person {
    /// `Marcus Lee <marcus@acme.example>`, or the name alone; empty when nobody is named.
    pub fn label(&self) -> String {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = line(&self.name);
        match self.email.as_deref().map(line).filter(|email| !email.is_empty() && !name.is_empty()) {
            Some(email) => format!("{name} <{email}>"),
            None => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_on_one_line() {
        let check = |name: &str, email: Option<&str>, expected: &str| {
            let person = Person { name: name.to_owned(), email: email.map(str::to_owned) };
            assert_eq!(person.label(), expected);
        };
        check("Marcus Lee", Some("marcus@acme.example"), "Marcus Lee <marcus@acme.example>");
        check(" Marcus\n Lee ", None, "Marcus Lee");
        check("Marcus Lee", Some(" "), "Marcus Lee");
        check("  ", Some("marcus@acme.example"), "");
    }

    #[test]
    fn answers_are_read_back_as_they_were_stored() {
        let by = Person { name: "Marcus Lee".to_owned(), email: None };
        let at: Timestamp = "2026-03-03T09:20:00.125Z".parse().expect("a time");
        let kinds = [
            AnswerKind::Value {
                value: serde_json::json!({"amount": "86400", "currency": "USD"}),
                evidence: Vec::new(),
            },
            AnswerKind::NotApplicable { reason: "They have no such system".to_owned() },
            AnswerKind::Unknown { owner: "marcus@acme.example".to_owned(), due: jiff::civil::date(2026, 3, 10) },
        ];
        for kind in kinds {
            let seen = vec!["c_1".to_owned()];
            let answer = Answer { field: "price".to_owned(), kind, by: by.clone(), at, written_at: Some(at), seen };
            let text = serde_json::to_string(&answer).expect("serialises");
            assert_eq!(serde_json::from_str::<Answer>(&text).expect("reads"), answer, "{text}");
        }
    }
}
