//! Who answers for a handoff by its route, written down when it comes in: the
//! route's version judges it from then on, whatever is published later.

use crate::handoff::Duties;
use crate::route::{Asked, Route};

pub(super) fn of_route(route: &Route, our_domains: Vec<String>) -> Duties {
    let seconds = |limit: Option<jiff::SignedDuration>| limit.map(|limit| limit.as_secs());
    Duties {
        next_action: Some(word(&route.owners.next_action)),
        failure: route.owners.failure.as_ref().map(word),
        fill_gaps: seconds(route.limits.fill_gaps),
        accept: seconds(route.limits.accept),
        moved_at: None,
        our_domains,
    }
}

fn word(asked: &Asked) -> String {
    match asked {
        Asked::Sender => "sender".to_owned(),
        Asked::Receiver => "receiver".to_owned(),
        Asked::Owner => "owner".to_owned(),
        Asked::Address(address) => address.clone(),
    }
}
