//! Several values for one field: the same, later, in conflict, and what the
//! record says beside them. Claims are grounded first, so that every value here
//! has its words.

mod recorded;
mod stated;
#[allow(dead_code)]
#[path = "../claims/talk.rs"]
mod talk;

use std::collections::BTreeMap;

use baton::brief::FieldBrief;
use baton::conversation::Conversation;
use baton::intake;
use baton::resolution::{Properties, find_recorded, resolve};
use baton::value::Context;
use serde_json::{Map, Value as Json};

/// What is known of `key` after claims `(message, quote, words of the value)`.
pub fn settle(talk: &Conversation, key: &str, claims: &[(u32, &str, &str)]) -> FieldBrief {
    settle_beside(talk, key, claims, &Json::Null, &[])
}

/// The same beside a CRM record and values known before.
pub fn settle_beside(
    talk: &Conversation,
    key: &str,
    claims: &[(u32, &str, &str)],
    record: &Json,
    known: &[(&str, &str)],
) -> FieldBrief {
    let route = talk::fields();
    let claims: Vec<_> =
        claims.iter().map(|(message, quote, raw)| talk::claim(key, &[(*message, quote)], raw, raw)).collect();
    let grounded = talk::ground(talk, &route, &claims);
    assert_eq!(grounded.len(), claims.len(), "every claim must be grounded: {grounded:?}");
    let known: Vec<(String, String)> =
        known.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let empty = Map::new();
    let record = record.as_object().unwrap_or(&empty);
    let participants = intake::participants(talk);
    let said_at = Some("2026-03-20T09:00:00Z".parse().unwrap());
    let context = Context { said_at, zone: None, around: None, participants: &participants };
    let field = route.field(key).unwrap();
    let recorded = find_recorded(
        &route,
        field,
        &Properties {
            known: &known,
            record,
            source: "deal.json",
            sources: &BTreeMap::new(),
            batches: &BTreeMap::new(),
            before: &[],
        },
        &context,
    );
    let own: Vec<_> = grounded.iter().collect();
    let brief = resolve(field, &own, recorded.as_ref());
    talk::check_evidence(talk, &brief.evidence);
    for candidate in &brief.candidates {
        talk::check_evidence(talk, &candidate.evidence);
    }
    brief
}
