//! Which fields must be settled right now. A condition that cannot be told
//! because a field it names has no value counts as true, and that field is
//! asked first: what it says decides what else is needed.

use jiff::Timestamp;

use crate::brief::{FieldBrief, FieldMap, FieldState};
use crate::route::expression::Outcome;
use crate::route::{Field, Requirement, Route};

use super::rules::Known;

/// Whether one field must be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    Optional,
    Required,
    /// Its condition names these fields, which have no value: until they have, it is required.
    RequiredBecauseUnknown(Vec<String>),
}

/// What the route needs, given what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirements {
    /// One entry per field, in the route's order.
    pub needs: Vec<(String, Need)>,
    /// Fields that must be asked first, in the route's order.
    pub deciders: Vec<Decider>,
}

/// A field without a value on which something else hangs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    pub field: String,
    /// The fields whose condition or rule waits for it.
    pub decides: Vec<String>,
}

/// Judges every condition over `fields`, which are as `settle` left them.
///
/// A field answered "not applicable" is known to be nothing (`null`). One that
/// a named person called unknown until a date has no value, so its dependents
/// are required, but it is not asked again before that date.
pub fn requirements(route: &Route, fields: &FieldMap, now: Timestamp) -> Requirements {
    let known = Known::of(route, fields, now);
    let mut found = Requirements { needs: Vec::new(), deciders: Vec::new() };
    for field in &route.fields {
        let need = match fields.find(&field.key) {
            Some(brief) if brief.returned => Need::Required,
            _ => need(field, &known),
        };
        if let Need::RequiredBecauseUnknown(names) = &need {
            found.wait(route, fields, &field.key, names);
        }
        found.needs.push((field.key.clone(), need));
    }
    // A decider may itself wait for another field, so this goes on until nothing is added.
    loop {
        let before = found.deciders.len();
        for field in &route.fields {
            let Some(brief) = fields.find(&field.key).filter(|_| found.is_needed(&field.key)) else { continue };
            found.wait(route, fields, &field.key, &waits(field, brief, fields));
        }
        if found.deciders.len() == before {
            break;
        }
    }
    found.deciders.sort_by_key(|decider| route.fields.iter().position(|field| field.key == decider.field));
    found
}

fn need(field: &Field, known: &Known) -> Need {
    let condition = match &field.required {
        Requirement::Optional => return Need::Optional,
        Requirement::Always => return Need::Required,
        Requirement::When(condition) => condition,
    };
    match known.judge(condition, None) {
        Outcome::False => Need::Optional,
        Outcome::True | Outcome::Error(_) => Need::Required,
        Outcome::Unknown(names) => Need::RequiredBecauseUnknown(names),
    }
}

/// The fields for which a value waits before its rules can be judged, if that is all that is wrong with it.
pub(crate) fn waits(field: &Field, brief: &FieldBrief, fields: &FieldMap) -> Vec<String> {
    if brief.state != FieldState::Invalid {
        return Vec::new();
    }
    let named_by_a_rule = |name: &String| field.rules.iter().any(|rule| rule.assert.names.contains(name));
    let open = |name: &String| {
        fields.find(name).is_some_and(|other| !matches!(other.state, FieldState::Found | FieldState::NotApplicable))
    };
    let names = brief.waits_for.iter().filter(|name| **name != field.key && named_by_a_rule(name) && open(name));
    names.cloned().collect()
}

impl Requirements {
    pub fn need(&self, key: &str) -> Option<&Need> {
        self.needs.iter().find(|(name, _)| name == key).map(|(_, need)| need)
    }

    pub fn decider(&self, key: &str) -> Option<&Decider> {
        self.deciders.iter().find(|decider| decider.field == key)
    }

    /// Whether a transfer is refused while this field is open.
    pub fn is_needed(&self, key: &str) -> bool {
        self.decider(key).is_some() || !matches!(self.need(key), None | Some(Need::Optional))
    }

    /// The needed fields that nobody has settled, in the route's order.
    pub fn blocking<'a>(&self, route: &'a Route, fields: &FieldMap) -> Vec<&'a Field> {
        let open = |key: &str| !fields.find(key).is_some_and(|brief| brief.state.is_settled());
        route.fields.iter().filter(|field| self.is_needed(&field.key) && open(&field.key)).collect()
    }

    /// Notes that `dependent` waits for those of `names` that can still be asked.
    fn wait(&mut self, route: &Route, fields: &FieldMap, dependent: &str, names: &[String]) {
        for name in names {
            let settled = fields.find(name).is_some_and(|brief| brief.state.is_settled());
            if settled || route.field(name).is_none() {
                continue;
            }
            match self.deciders.iter_mut().find(|decider| decider.field == *name) {
                Some(decider) if decider.decides.iter().any(|key| key == dependent) => {}
                Some(decider) => decider.decides.push(dependent.to_string()),
                None => self.deciders.push(Decider { field: name.clone(), decides: vec![dependent.to_string()] }),
            }
        }
    }
}
