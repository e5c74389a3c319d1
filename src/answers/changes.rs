//! Where a later brief differs from an earlier one, for whoever received the
//! earlier: what stands otherwise now, and what somebody said that nobody had
//! seen, although it may not stand.

use serde_json::Value as Json;

use super::meaning::{same, shown, stated};
use crate::brief::{Brief, FieldBrief, FieldState};
use crate::route::{Field, Route};

/// The keys of the fields whose state or value differs, in the order of `after`; fields that only `before` has follow.
pub fn changed_fields(before: &Brief, after: &Brief) -> Vec<String> {
    let differs = |key: &str, now: &FieldBrief| match before.fields.find(key) {
        Some(then) => then.state != now.state || then.value != now.value,
        None => true,
    };
    let changed = after.fields.iter().filter(|(key, now)| differs(key, now)).map(|(key, _)| key);
    let gone = before.fields.iter().filter(|(key, _)| after.fields.find(key).is_none()).map(|(key, _)| key);
    changed.chain(gone).map(str::to_owned).collect()
}

/// The keys of the fields of which a machine's reading holds a value that `before` did not show in any way, whoever
/// said it: also one that changes nothing by itself because the wrong side said it, or nobody knows who.
pub fn contradicted_fields(route: &Route, before: &Brief, reading: &Brief) -> Vec<String> {
    let speaks_against = |field: &&Field| {
        let Some(read) = reading.fields.find(&field.key) else { return false };
        let known = before.fields.find(&field.key).map(shown).unwrap_or_default();
        let beside = read.candidates.iter().filter(|_| read.state == FieldState::Found).map(|one| &one.value);
        stated(read).into_iter().chain(beside).any(|value| !known.iter().any(|old| tells(field, old, value)))
    };
    route.fields.iter().filter(speaks_against).map(|field| field.key.clone()).collect()
}

/// Whether a value that was shown tells another one: the same, or an item of the list.
fn tells(field: &Field, old: &Json, value: &Json) -> bool {
    same(field, old, value) || old.as_array().is_some_and(|items| items.contains(value))
}
