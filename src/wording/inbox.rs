//! The words of the list of handoffs: how old each is against its time limit,
//! and why somebody is not reminded.

use jiff::Timestamp;

use super::{counted, lasting, moment};
use crate::handoff::Status;

/// How old a handoff is against its limit: `2 hours over its limit`, `3 hours left`, or how long it has waited.
pub fn age(status: Status, (created_at, due_at): (Timestamp, Option<Timestamp>), now: Timestamp) -> String {
    let is_over = matches!(status, Status::Accepted | Status::Cancelled);
    match due_at.filter(|_| !is_over) {
        Some(due) if due < now => format!("{} over its limit", lasting(now.duration_since(due))),
        Some(due) => format!("{} left", lasting(due.duration_since(now))),
        None if is_over => format!("came in {} ago", lasting(now.duration_since(created_at))),
        None => format!("{} old", lasting(now.duration_since(created_at))),
    }
}

/// The number of questions that a handoff waits for.
pub fn open_questions(count: u32) -> String {
    match count {
        0 => String::new(),
        count => counted(count as usize, "question open", "questions open"),
    }
}

/// Why somebody is not reminded, after their name.
pub fn spared_closed() -> &'static str {
    "nobody waits for their answer any more"
}

pub fn spared_not_asked() -> &'static str {
    "their first message has not left yet"
}

pub fn spared_unreachable() -> &'static str {
    "no address is known"
}

pub fn spared_put_off(until: Timestamp) -> String {
    format!("they are left in peace until {}", moment(until))
}

pub fn spared_just_written(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_mins() {
        ..1 => "they were written to just now".to_owned(),
        _ => format!("they were written to {} ago", lasting(now.duration_since(at))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_against_the_limit() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let (created, now) = (at("2026-03-01T12:00:00Z"), at("2026-03-03T12:00:00Z"));
        let check = |status, due: Option<&str>, expected: &str| {
            assert_eq!(age(status, (created, due.map(at)), now), expected);
        };
        check(Status::NeedsInput, Some("2026-03-03T10:00:00Z"), "2 hours over its limit");
        check(Status::NeedsInput, Some("2026-03-03T13:30:00Z"), "1 hour left");
        check(Status::Ready, None, "2 days old");
        check(Status::Accepted, Some("2026-03-03T10:00:00Z"), "came in 2 days ago");
    }
}
