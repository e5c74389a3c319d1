//! A model's answer in either form, read out of whatever text it wrote. Both
//! forms become one list of records; nothing in them is believed here.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::repair::{self, Found};
use crate::claim::{Certainty, Citation, Claim, ProseClaim, ProseKind, Told};
use crate::conversation::MessageId;
use crate::route::Route;

/// The longest value or sentence that is taken from an answer, in bytes: what is longer is no value.
const MOST_VALUE_BYTES: usize = 4_000;
/// The most quotes of one record.
const MOST_CITED: usize = 8;
/// The most records of one answer.
const MOST_RECORDS: usize = 2_000;

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
    /// The message's id, `m7`; empty when the reader only has the words.
    pub msg: String,
    pub quote: String,
}

/// Why a text is no answer, in words for a log: never the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    NoJson,
    /// JSON, but not of either form.
    OtherShape,
    /// Records that could not be read; those that could are beside it.
    Damaged {
        lost: usize,
    },
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::NoJson => f.write_str("the answer held no JSON"),
            Unreadable::OtherShape => f.write_str("the answer's JSON had another shape"),
            Unreadable::Damaged { lost } => write!(f, "{lost} records of the answer could not be read"),
        }
    }
}

impl Answer {
    /// Reads an answer. `Err` says what is wrong, with whatever could be saved.
    pub fn read(text: &str, route: &Route) -> Result<Answer, (Unreadable, Answer)> {
        match repair::find(text) {
            Found::Whole(json) => match read_json(&json, route) {
                Some((answer, 0)) => Ok(answer),
                Some((answer, lost)) => Err((Unreadable::Damaged { lost }, answer)),
                None => Err((Unreadable::OtherShape, Answer::default())),
            },
            Found::Parts { records, lost } => {
                let (answer, bad) = read_records(&records, route);
                Err((Unreadable::Damaged { lost: lost + bad }, answer))
            }
            Found::Nothing => Err((Unreadable::NoJson, Answer::default())),
        }
    }

    /// What the answer says, in the form in which every reader's words are checked.
    pub fn told(&self) -> Told {
        let mut told = Told::default();
        for record in self.records.iter().filter(|record| record.status != "absent") {
            let cited: Vec<Citation> = record
                .evidence
                .iter()
                .filter(|cited| !cited.quote.trim().is_empty())
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

/// The answer in a JSON value, and how many of its records were none; `None` for another shape.
fn read_json(json: &Json, route: &Route) -> Option<(Answer, usize)> {
    let (mut answer, lost) = match json {
        Json::Array(records) => read_records(records, route),
        Json::Object(entries) => match entries.get("records") {
            Some(Json::Array(records)) => read_records(records, route),
            Some(_) => return None,
            None => read_fields(json, route)?,
        },
        _ => return None,
    };
    if let Some(Json::Array(seen)) = json.get("instructions_seen") {
        answer.instructions_seen = seen.iter().take(MOST_RECORDS).filter_map(text_of).collect();
    }
    Some((answer, lost))
}

fn read_records(records: &[Json], route: &Route) -> (Answer, usize) {
    let mut answer = Answer::default();
    let mut lost = records.len().saturating_sub(MOST_RECORDS);
    let mut foreign = 0;
    for json in records.iter().take(MOST_RECORDS) {
        match read_record(json) {
            // A key that is none of the route's says nothing that the route asks for.
            Some(record) if route.field(&record.key).is_none() && ProseKind::find(&record.key).is_none() => {
                foreign += 1
            }
            Some(record) => answer.records.push(record),
            None => lost += 1,
        }
    }
    // An answer to other keys altogether is no answer to these.
    if answer.records.is_empty() {
        lost += foreign;
    }
    (answer, lost)
}

fn read_record(json: &Json) -> Option<Record> {
    let text = |key: &str| json.get(key).and_then(text_of).unwrap_or_default();
    let key = json.get("key").or_else(|| json.get("field")).and_then(text_of)?;
    let evidence = match json.get("evidence") {
        Some(Json::Array(all)) => all.iter().take(MOST_CITED).filter_map(read_cited).collect(),
        Some(one @ (Json::Object(_) | Json::String(_))) => read_cited(one).into_iter().collect(),
        _ => read_cited(json).into_iter().collect::<Vec<_>>(),
    };
    let (raw_value, value) = (text("raw_value"), text("value"));
    let status = match text("status").as_str() {
        "" if value.is_empty() && evidence.is_empty() => "absent".to_owned(),
        "" => "found".to_owned(),
        other => other.to_owned(),
    };
    let record = Record { key: key.trim().to_owned(), evidence, raw_value, value, status, note: text("note") };
    let fits = record.value.len() <= MOST_VALUE_BYTES && record.raw_value.len() <= MOST_VALUE_BYTES;
    fits.then_some(record)
}

fn read_cited(json: &Json) -> Option<Cited> {
    let text = |key: &str| json.get(key).and_then(text_of);
    let quote = json.as_str().map(str::to_owned).or_else(|| text("quote"))?;
    let msg = text("msg").or_else(|| text("message")).unwrap_or_default();
    Some(Cited { msg: msg.trim().trim_matches(['[', ']']).to_owned(), quote })
}

/// One string or null per field, and a short list of prose; the fields may stand under `fields` or by themselves.
fn read_fields(json: &Json, route: &Route) -> Option<(Answer, usize)> {
    let fields = json.get("fields").filter(|fields| fields.is_object()).unwrap_or(json).as_object()?;
    let known: Vec<(&str, &Json)> =
        fields.iter().map(|(key, value)| (key.as_str(), value)).filter(|(key, _)| route.field(key).is_some()).collect();
    let prose = json.get("prose").and_then(Json::as_array);
    if known.is_empty() {
        return None;
    }
    let (mut answer, mut lost) = (Answer::default(), 0);
    for (key, value) in known {
        let values = match value {
            Json::Array(all) => all.iter().take(MOST_RECORDS).filter_map(text_of).collect(),
            Json::Object(inner) => inner.get("value").and_then(text_of).into_iter().collect(),
            other => text_of(other).into_iter().collect::<Vec<_>>(),
        };
        // What is too long to be a value is lost, not absent.
        let long = values.iter().filter(|value| value.len() > MOST_VALUE_BYTES).count();
        lost += long;
        let values: Vec<String> = values.into_iter().filter(|value| is_value(value)).collect();
        if long > 0 && values.is_empty() {
            continue;
        }
        if values.is_empty() {
            answer.records.push(Record { key: key.to_owned(), status: "absent".to_owned(), ..Record::default() });
        }
        // Several things in one string are several items of a list.
        let is_list = route.field(key).is_some_and(|field| field.list);
        for value in values {
            let items: Vec<&str> = match is_list {
                true => value.split([',', ';', '\n']).map(str::trim).filter(|item| !item.is_empty()).collect(),
                false => vec![value.trim()],
            };
            answer.records.extend(items.into_iter().map(|item| Record {
                key: key.to_owned(),
                raw_value: item.to_owned(),
                value: item.to_owned(),
                status: "found".to_owned(),
                ..Record::default()
            }));
        }
    }
    for item in prose.into_iter().flatten().take(MOST_RECORDS) {
        if let Some(record) = read_record(item).filter(|record| ProseKind::find(&record.key).is_some()) {
            answer.records.push(record);
        }
    }
    Some((answer, lost))
}

/// Whether a string is meant as a value: models write `null` and `N/A` as words too.
fn is_value(text: &str) -> bool {
    let word = text.trim().to_ascii_lowercase();
    text.len() <= MOST_VALUE_BYTES
        && !matches!(
            word.as_str(),
            "" | "null" | "none" | "n/a" | "na" | "absent" | "unknown" | "not stated" | "not mentioned"
        )
}

/// The text of a scalar; lists and objects are none.
fn text_of(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(if *flag { "yes".to_owned() } else { "no".to_owned() }),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;

    fn route() -> Route {
        let text = "id: a-to-b\nfields:\n  - {key: day, type: date}\n  - {key: tools, type: text, list: true}\n";
        route::load("test.yaml", text).expect("a route")
    }

    fn check(text: &str, expected: Result<&[(&str, &str, &str)], Unreadable>) {
        let read = Answer::read(text, &route());
        let shown = |answer: &Answer| -> Vec<(String, String, String)> {
            let quote = |record: &Record| record.evidence.first().map(|cited| cited.quote.clone()).unwrap_or_default();
            answer.records.iter().map(|one| (one.key.clone(), one.value.clone(), quote(one))).collect()
        };
        let expected = expected.map(|all| {
            all.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect::<Vec<_>>()
        });
        assert_eq!(read.as_ref().map(shown).map_err(|(problem, _)| *problem), expected, "{text:?}");
    }

    #[test]
    fn both_forms_become_records() {
        let record = r#"{"key":"day","evidence":[{"msg":"[m2]","quote":"on May 9"}],"raw_value":"May 9","value":"2031-05-09","status":"found","note":""}"#;
        check(
            &format!(r#"{{"records":[{record}],"instructions_seen":["m3"]}}"#),
            Ok(&[("day", "2031-05-09", "on May 9")]),
        );
        check(&format!("Sure!\n```json\n[{record},]\n```\nThat is all."), Ok(&[("day", "2031-05-09", "on May 9")]));
        check(
            r#"{"fields":{"day":"May 9","tools":"SAP, Okta"}}"#,
            Ok(&[("day", "May 9", ""), ("tools", "SAP", ""), ("tools", "Okta", "")]),
        );
        check(r#"{"day":null,"tools":["SAP"],"other":"x"}"#, Ok(&[("day", "", ""), ("tools", "SAP", "")]));
        check(
            r#"{"fields":{"day":"null"},"prose":[{"key":"_risk","quote":"it may slip","value":"It may slip."}]}"#,
            Ok(&[("day", "", ""), ("_risk", "It may slip.", "it may slip")]),
        );
        check(r#"{"records":[{"key":"day","evidence":"on May 9","value":true}]}"#, Ok(&[("day", "yes", "on May 9")]));
        check(r#"{"records":[{"key":"weather","value":"sun"},{"key":"day","value":"x"}]}"#, Ok(&[("day", "x", "")]));
        check(r#"{"fields":{"day":{"value":"May 9"}}}"#, Ok(&[("day", "May 9", "")]));
        check(r#"<think>Is {x} right? [yes]</think>{"day":"May 9"}"#, Ok(&[("day", "May 9", "")]));
    }

    #[test]
    fn what_is_no_answer_is_told() {
        check("", Err(Unreadable::NoJson));
        check("I cannot do that.", Err(Unreadable::NoJson));
        check(r#""day""#, Err(Unreadable::NoJson));
        check(r#"{"weather":"sun"}"#, Err(Unreadable::OtherShape));
        check(r#"{"prose":[]}"#, Err(Unreadable::OtherShape));
        check(r#"{"records":[{"key":"weather","value":"sun"}]}"#, Err(Unreadable::Damaged { lost: 1 }));
        check(r#"{"records":"none"}"#, Err(Unreadable::OtherShape));
        check(r#"{"records":[{"key":"day","value":"x"},7]}"#, Err(Unreadable::Damaged { lost: 1 }));
        check(r#"{"records":[{"key":"day","value":"x"},{"key":"to"#, Err(Unreadable::Damaged { lost: 1 }));
        check(&format!("{{\"day\":\"{}\"}}", "x".repeat(5_000)), Err(Unreadable::Damaged { lost: 1 }));
        check(&"[".repeat(1_000), Err(Unreadable::NoJson));
    }

    #[test]
    fn a_damaged_list_keeps_its_whole_records() {
        let text = r#"{"records":[{"key":"day","value":"x","note":"a } in \" words"},{"key":"tools","value":NaN},{"key":"tools","value":"SAP"},{"key":"da"#;
        let (problem, saved) = Answer::read(text, &route()).expect_err("it is damaged");
        assert_eq!(problem, Unreadable::Damaged { lost: 2 });
        assert_eq!(saved.records.iter().map(|record| record.value.as_str()).collect::<Vec<_>>(), ["x", "SAP"]);
    }
}
