//! The receiving team sends fields back: what it says is kept with what the
//! brief showed, so that only an answer or another value closes it again.

use jiff::Timestamp;

use super::checking::{is_named, is_reason};
use super::meaning::shown;
use super::refusal::{Code, Refusal};
use super::{Person, Return};
use crate::brief::Brief;
use crate::wording;

/// Checks a return of fields against the brief in force. Everything is taken, or nothing is and each reason is named;
/// the pointers are `/fields/0`, `/reason` and `/by/name`.
pub fn returned(
    fields: &[String],
    reason: &str,
    brief: &Brief,
    by: &Person,
    at: Timestamp,
) -> Result<Return, Vec<Refusal>> {
    let mut refusals = Vec::new();
    if !is_named(by) {
        refusals.push(Refusal::new(&["by", "name"], Code::NobodyNamed, wording::refused_nobody()));
    }
    if !is_reason(reason) {
        refusals.push(Refusal::new(&["reason"], Code::EmptyReason, wording::refused_reason()));
    }
    let mut sent_back = Return {
        fields: Vec::new(),
        kind: None,
        reason: reason.trim().to_owned(),
        by: by.clone(),
        at,
        seen: Default::default(),
        batches: 0,
    };
    for (place, key) in fields.iter().enumerate() {
        let Some(field) = brief.fields.find(key) else {
            let keys: Vec<&str> = brief.fields.iter().map(|(key, _)| key).collect();
            let path = ["fields", &place.to_string()];
            refusals.push(Refusal::new(&path, Code::UnknownField, wording::refused_field(key, &keys)));
            continue;
        };
        if !sent_back.fields.contains(key) {
            sent_back.seen.insert(key.clone(), shown(field).into_iter().cloned().collect());
            sent_back.fields.push(key.clone());
        }
    }
    if refusals.is_empty() { Ok(sent_back) } else { Err(refusals) }
}
