//! The rules of the route on values, judged together, because a rule may name
//! other fields: taking one value away can take away the ground of another.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::brief::{FieldBrief, FieldMap, FieldState, Origin};
use crate::route::expression::{Outcome, Scope, evaluate};
use crate::route::{Expression, Field, Route};
use crate::wording;

use super::states;

/// The values that expressions may look at.
pub(crate) struct Known<'a> {
    scope: Scope<'a>,
}

impl<'a> Known<'a> {
    /// Found values, and nothing (`null`) for what does not apply.
    pub(crate) fn of(route: &'a Route, fields: &'a FieldMap, now: Timestamp) -> Self {
        todo!()
    }

    pub(crate) fn judge(&self, expression: &Expression, value: Option<(&Field, &Json)>) -> Outcome {
        todo!()
    }
}

/// Why a value breaks its rules.
struct Breach {
    reason: String,
    waits_for: Vec<String>,
}

/// Takes away every value that breaks a rule, until nothing changes. Each round
/// judges all values against the same ground, so the order of fields does not matter.
pub(super) fn apply(route: &Route, fields: &mut FieldMap, now: Timestamp) {
    loop {
        let known = Known::of(route, fields, now);
        let breaches: Vec<(usize, Breach)> = (route.fields.iter().zip(&fields.0).enumerate())
            .filter(|(_, (_, (_, brief)))| brief.state == FieldState::Found)
            .filter_map(|(place, (field, (_, brief)))| Some((place, breach(route, field, &brief.value, &known)?)))
            .collect();
        if breaches.is_empty() {
            return;
        }
        for (place, breach) in breaches {
            let (Some(field), Some((_, brief))) = (route.fields.get(place), fields.0.get_mut(place)) else { continue };
            states::downgrade(field, brief, FieldState::Invalid, breach.reason);
            brief.waits_for = breach.waits_for;
        }
    }
}

/// The first broken rule; a rule that cannot be judged yet only if none is broken.
fn breach(route: &Route, field: &Field, value: &Json, known: &Known) -> Option<Breach> {
    let mut waits_for: Vec<String> = Vec::new();
    for rule in &field.rules {
        let reason = match known.judge(&rule.assert, Some((field, value))) {
            Outcome::True => continue,
            Outcome::False => rule.message.clone(),
            Outcome::Error(text) => wording::reason_rule_error(&rule.assert.text, &text),
            Outcome::Unknown(names) => {
                waits_for.extend(names);
                continue;
            }
        };
        return Some(Breach { reason, waits_for: Vec::new() });
    }
    waits_for.sort();
    waits_for.dedup();
    if waits_for.is_empty() {
        return None;
    }
    let label = |name: &String| route.field(name).map_or_else(|| name.clone(), |field| field.label.clone());
    let labels: Vec<String> = waits_for.iter().map(label).collect();
    Some(Breach { reason: wording::reason_waits(&labels), waits_for })
}

/// Whether a person could settle the field with this value today: what is
/// refused anyway is not worth offering. Rules that wait for another field do
/// not count against it.
pub fn accepts(route: &Route, fields: &FieldMap, field: &Field, value: &Json, now: Timestamp) -> bool {
    let answer = FieldBrief {
        state: FieldState::Found,
        value: value.clone(),
        origin: Some(Origin::Person),
        by: Some("a person".to_string()),
        ..FieldBrief::default()
    };
    let known = Known::of(route, fields, now);
    states::trouble(field, &answer, now).is_none()
        && breach(route, field, value, &known).is_none_or(|breach| !breach.waits_for.is_empty())
}
