//! The rules of the route on values, judged together, because a rule may name
//! other fields: taking one value away can take away the ground of another.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::brief::{FieldBrief, FieldMap, FieldState, Origin};
use crate::route::expression::{Outcome, Scope, evaluate};
use crate::route::{Expression, Field, Route};
use crate::value::{Kind, Value};
use crate::wording;

use super::states;

/// The values that expressions may look at, by key.
pub(crate) struct Known<'a> {
    values: Vec<(&'a str, Value)>,
    now: Timestamp,
}

impl<'a> Known<'a> {
    /// Found values, and an empty one for what does not apply. A field that is
    /// in any other state has no value.
    pub(crate) fn of(route: &'a Route, fields: &FieldMap, now: Timestamp) -> Self {
        let value = |field: &'a Field| {
            let brief = fields.find(&field.key)?;
            let value = match brief.state {
                FieldState::Found => states::typed(field, &brief.value).ok()?,
                FieldState::NotApplicable => nothing(field),
                _ => return None,
            };
            Some((field.key.as_str(), value))
        };
        Self { values: route.fields.iter().filter_map(value).collect(), now }
    }

    /// What an expression says; `value` is the field's own in a rule.
    pub(crate) fn judge(&self, expression: &Expression, value: Option<&Value>) -> Outcome {
        let find = |name: &str| {
            let mut values = self.values.iter();
            values.find(|(key, _)| *key == name).map(|(_, value)| value.clone())
        };
        let today = self.now.to_zoned(TimeZone::UTC).date();
        evaluate(expression, &Scope { value, fields: &find, now: self.now, today })
    }
}

/// What expressions see of a field that does not apply: an empty text where
/// the type has one, else an empty list, which equals no value and makes any
/// other operation an error.
fn nothing(field: &Field) -> Value {
    match field.kind {
        Kind::Text | Kind::LongText | Kind::Team if !field.list => Value::Text(String::new()),
        Kind::Enum(_) if !field.list => Value::Enum(String::new()),
        _ => Value::List(Vec::new()),
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
    let value = states::typed(field, value).ok();
    let mut waits_for: Vec<String> = Vec::new();
    for rule in &field.rules {
        let reason = match known.judge(&rule.assert, value.as_ref()) {
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
