//! Fields of a brief made by hand, for the tests of every layer that judges
//! them.

use baton::brief::{Candidate, Evidence, FieldBrief, FieldState, Origin, RecordProperty, Tier, candidate_id};
use baton::conversation::MessageId;
use jiff::Timestamp;
use serde_json::Value as Json;

/// Words of Dana Whitfield, word for word.
pub fn quote(words: &str, at: Option<Timestamp>) -> Evidence {
    Evidence {
        source: "03-thread.json".into(),
        message: MessageId(7),
        quote: words.into(),
        start: Some(0),
        end: Some(words.len()),
        author: Some("Dana Whitfield".into()),
        at,
        tier: Tier::Exact,
    }
}

pub fn found(value: Json, evidence: Evidence) -> FieldBrief {
    FieldBrief {
        state: FieldState::Found,
        value,
        origin: Some(Origin::Source),
        evidence: vec![evidence],
        ..FieldBrief::default()
    }
}

pub fn recorded(value: Json, (source, property, raw): (&str, &str, &str)) -> FieldBrief {
    let record = RecordProperty { source: source.into(), property: property.into(), raw: raw.into() };
    FieldBrief {
        state: FieldState::Found,
        value,
        origin: Some(Origin::Crm),
        record: Some(record),
        ..FieldBrief::default()
    }
}

pub fn candidate(key: &str, value: Json, evidence: Vec<Evidence>) -> Candidate {
    Candidate { id: candidate_id(key, &value), value, evidence, reason: "seen".into() }
}
