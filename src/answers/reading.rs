//! A person's value, read by the field's type. The same junk, vagueness and
//! rules bind a person as bind the sources; what is refused says what would do.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::refusal::Code;
use crate::brief::{FieldBrief, FieldState, Origin};
use crate::route::{Field, Ordered, Route};
use crate::value::{self, Context, Form, Kind, ListOf, Precision, Unreadable, to_json};
use crate::verdict::settle;
use crate::wording;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    pub code: Code,
    /// Completes a sentence; the mend is added to it.
    pub reason: String,
    /// The item of a list, or the key of an object, that it is about.
    pub below: Option<String>,
}

impl Problem {
    fn new(code: Code, reason: String) -> Self {
        Problem { code, reason, below: None }
    }

    fn unreadable(problem: &Unreadable) -> Self {
        Problem::new(Code::UnreadableValue, wording::reason_wrong_type(&problem.reason))
    }
}

/// The value as it stands in a brief. Words like `Friday` are counted from `at`.
pub(super) fn read_value(field: &Field, json: &Json, at: Timestamp) -> Result<Json, Problem> {
    match (field.list, json) {
        (_, Json::Array(items)) if items.is_empty() => Err(empty()),
        (true, Json::Array(items)) => {
            let numbered = items.iter().enumerate();
            let items: Result<Vec<Json>, Problem> = numbered
                .map(|(place, item)| {
                    read_one(field, item, at).map_err(|problem| Problem { below: Some(place.to_string()), ..problem })
                })
                .collect();
            items.map(Json::Array)
        }
        (true, Json::String(text)) => {
            if let Some(problem) = useless(field, text) {
                return Err(problem);
            }
            let list = value::from_json(&field.kind, ListOf::Many, json, &context(at));
            list.map(|list| to_json(&list)).map_err(|unreadable| Problem::unreadable(&unreadable))
        }
        (true, one) => read_one(field, one, at).map(|item| Json::Array(vec![item])),
        (false, Json::Array(items)) => match items.as_slice() {
            [one] => read_one(field, one, at),
            _ => {
                Err(Problem::new(Code::UnreadableValue, wording::reason_wrong_type(&wording::reason_list_shape(false))))
            }
        },
        (false, one) => read_one(field, one, at),
    }
}

fn read_one(field: &Field, json: &Json, at: Timestamp) -> Result<Json, Problem> {
    match json {
        Json::Null => Err(empty()),
        Json::String(text) => read_words(field, text, at),
        other => {
            if let Some(key) = unknown_key(&field.kind, other) {
                let reason = wording::reason_wrong_type(&wording::problem_key(&key));
                return Err(Problem { code: Code::UnknownKey, reason, below: Some(key) });
            }
            let typed = value::from_json(&field.kind, ListOf::One, other, &context(at));
            typed.map(|typed| to_json(&typed)).map_err(|unreadable| Problem::unreadable(&unreadable))
        }
    }
}

fn read_words(field: &Field, text: &str, at: Timestamp) -> Result<Json, Problem> {
    if let Some(problem) = useless(field, text) {
        return Err(problem);
    }
    let reading =
        value::read(&field.kind, text, &context(at)).map_err(|unreadable| Problem::unreadable(&unreadable))?;
    match reading.precision {
        Precision::Vague(reason) if field.specific => {
            Err(Problem::new(Code::VagueValue, wording::reason_vague(&reason)))
        }
        Precision::Ambiguous(meanings) => {
            Err(Problem::new(Code::AmbiguousValue, wording::problem_ambiguous(&meanings)))
        }
        _ => Ok(to_json(&reading.value)),
    }
}

/// A key of a typed value that its type does not have: a misspelt `currency` must not vanish.
fn unknown_key(kind: &Kind, json: &Json) -> Option<String> {
    let known: &[&str] = match kind {
        Kind::Money => &["amount", "value", "currency", "currency_code"],
        Kind::Number => &["number", "amount", "value", "unit"],
        Kind::Person => &["name", "email", "address"],
        _ => &["value", "id"],
    };
    json.as_object()?.keys().find(|key| !known.contains(&key.as_str())).cloned()
}

fn empty() -> Problem {
    Problem::new(Code::EmptyValue, wording::reason_empty())
}

/// Words that only fill the box. A word that the route declares as a choice is an answer, whatever it looks like.
fn useless(field: &Field, text: &str) -> Option<Problem> {
    if text.trim().is_empty() {
        return Some(empty());
    }
    let is_choice =
        matches!(field.kind, Kind::Enum(_)) && value::read(&field.kind, text, &context(Timestamp::UNIX_EPOCH)).is_ok();
    let junk = !is_choice && value::is_junk_value(&field.kind, text, &[&field.label, &field.question, &field.key]);
    if junk {
        return Some(Problem::new(Code::JunkValue, wording::reason_junk(text)));
    }
    let leaves_open = value::form_of(&field.kind, text) == Form::Nothing;
    leaves_open.then(|| Problem::new(Code::JunkValue, wording::reason_leaves_open(text, field.allow.unknown)))
}

fn context(at: Timestamp) -> Context<'static> {
    Context { said_at: Some(at), zone: None, around: Some(at), participants: &[] }
}

/// Whether a person's answer with this value would stand, judged by the route as every brief is. Rules over other
/// fields are left to the brief: what they say can change with the next answer.
pub(super) fn stands(route: &Route, field: &Field, value: &Json, at: Timestamp) -> Result<(), Problem> {
    let answer = FieldBrief {
        state: FieldState::Found,
        value: value.clone(),
        origin: Some(Origin::Person),
        by: Some("a person".to_owned()),
        at: Some(at),
        ..FieldBrief::default()
    };
    let judged = settle(route, Ordered(vec![(field.key.clone(), answer)]), at);
    let Some(judged) = judged.find(&field.key) else { return Ok(()) };
    let reason = || judged.reason.clone().unwrap_or_default();
    match judged.state {
        FieldState::Found => Ok(()),
        FieldState::Invalid if !judged.waits_for.is_empty() => Ok(()),
        FieldState::Invalid => Err(Problem::new(Code::BreaksRule, reason())),
        FieldState::Vague => Err(Problem::new(Code::VagueValue, reason())),
        FieldState::Missing => Err(Problem::new(Code::JunkValue, reason())),
        _ => Err(Problem::new(Code::UnreadableValue, reason())),
    }
}
