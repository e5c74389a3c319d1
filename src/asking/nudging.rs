//! Whether somebody may be reminded by hand, and why not: nobody is written to
//! who was left in peace, who has heard nothing yet, or who was written to just
//! now.

use jiff::{SignedDuration, Timestamp};

use super::{Request, RequestState};

/// Between two messages of one request that people send by hand.
pub const BETWEEN: SignedDuration = SignedDuration::from_hours(1);

/// Why somebody is not reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    /// Nobody waits for an answer any more.
    Closed,
    /// Their first message has not left yet.
    NotAsked,
    /// Neither an address nor anything else of them is known.
    Unreachable,
    /// They are left in peace until then.
    PutOff(Timestamp),
    /// They were written to then, which is not long ago.
    JustWritten(Timestamp),
}

/// Whether the one who is asked may be reminded now.
pub fn may_remind(request: &Request, now: Timestamp) -> Result<(), Spared> {
    // Where no mail server is named, messages wait in the outbox for whoever fetches them.
    let written = request.reminded_at.max(request.sent_at).or(Some(request.release_at));
    match request {
        _ if !request.state.is_open() => Err(Spared::Closed),
        _ if !request.person.is_reachable() => Err(Spared::Unreachable),
        Request { snoozed_until: Some(until), .. } if *until > now => Err(Spared::PutOff(*until)),
        _ if request.state == RequestState::Waiting && request.release_at > now => Err(Spared::NotAsked),
        _ => match written.filter(|written| now.duration_since(*written) < BETWEEN) {
            Some(written) => Err(Spared::JustWritten(written)),
            None if request.nudged => Err(Spared::JustWritten(now)),
            None => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{About, Person};
    use super::*;

    #[test]
    fn people_are_spared_for_a_reason() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-03-03T12:00:00Z");
        let before = at("2026-03-03T09:00:00Z");
        let person = Person { email: Some("marcus@acme.example".to_owned()), ..Person::default() };
        let new = Request::new(("req_1".to_owned(), About::Fill), person, Vec::new(), (before, before));
        let sent = Request { state: RequestState::Sent, sent_at: Some(before), ..new.clone() };
        let check = |request: Request, expected| assert_eq!(may_remind(&request, now), expected, "{request:?}");
        check(sent.clone(), Ok(()));
        check(new.clone(), Ok(()));
        check(Request { release_at: at("2026-03-03T12:01:00Z"), ..new }, Err(Spared::NotAsked));
        let lately = at("2026-03-03T11:30:00Z");
        check(Request { reminded_at: Some(lately), ..sent.clone() }, Err(Spared::JustWritten(lately)));
        check(Request { reminded_at: Some(at("2026-03-03T11:00:00Z")), ..sent.clone() }, Ok(()));
        check(Request { nudged: true, ..sent.clone() }, Err(Spared::JustWritten(now)));
        let later = at("2026-03-04T12:00:00Z");
        check(Request { snoozed_until: Some(later), ..sent.clone() }, Err(Spared::PutOff(later)));
        check(Request { snoozed_until: Some(before), ..sent.clone() }, Ok(()));
        check(Request { person: Person::default(), ..sent.clone() }, Err(Spared::Unreachable));
        check(Request { state: RequestState::Answered, ..sent.clone() }, Err(Spared::Closed));
        check(Request { state: RequestState::Undeliverable, sent_at: None, ..sent }, Ok(()));
    }
}
