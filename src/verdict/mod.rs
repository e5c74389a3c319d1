//! The rules that decide what a field's state is and whether a brief is
//! complete. Readers and resolution say what they found; here code takes away
//! whatever the route does not let stand, and never adds anything. The same
//! rules judge a fresh brief and one that was stored, sent in or edited.

mod requirements;
mod rules;
mod states;

use jiff::Timestamp;

use crate::brief::{FieldMap, Verdict};
use crate::conversation::Unread;
use crate::route::{Ordered, Route};

pub(crate) use requirements::waits;
pub use requirements::{Decider, Need, Requirements, requirements};
pub use rules::accepts;

/// Applies the route's rules to what resolution left: states go down, never
/// up. The result has exactly the route's fields in the route's order; doing
/// it twice changes nothing.
pub fn settle(route: &Route, fields: FieldMap, now: Timestamp) -> FieldMap {
    let mut given = fields.0;
    let mut settled = Vec::with_capacity(route.fields.len());
    for field in &route.fields {
        let brief = match given.iter().position(|(key, _)| *key == field.key) {
            Some(place) => given.remove(place).1,
            None => Default::default(),
        };
        settled.push((field.key.clone(), states::settle_field(field, brief, now)));
    }
    let mut settled = Ordered(settled);
    rules::apply(route, &mut settled, now);
    settled
}

/// Whether the brief is complete. `fields` are as [`settle`] left them,
/// `coverage` is the share of the text that was read, `unread` the documents
/// that could not be read and that nobody dismissed.
pub fn verdict(route: &Route, fields: &FieldMap, coverage: f64, unread: &[Unread], now: Timestamp) -> Verdict {
    if !is_whole(coverage) {
        return Verdict::IncompleteRun;
    }
    let needs = requirements(route, fields, now);
    match unread.is_empty() && needs.blocking(route, fields).is_empty() {
        true => Verdict::Complete,
        false => Verdict::Incomplete,
    }
}

/// Everything was read. A coverage that is no number proves nothing.
pub fn is_whole(coverage: f64) -> bool {
    coverage >= 1.0
}
