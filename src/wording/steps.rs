//! The words for where a handoff stands, whose turn it is and what happened to
//! it, as its page tells them.

use jiff::SignedDuration;

use crate::handoff::Status;

/// Where a handoff stands, in a word or two.
pub fn status_label(status: Status) -> &'static str {
    match status {
        Status::Drafting => "Being read",
        Status::NeedsInput => "Needs answers",
        Status::Ready => "Ready to hand over",
        Status::Transferred => "Handed over",
        Status::Accepted => "Accepted",
        Status::Returned => "Given back",
        Status::Cancelled => "Called off",
        Status::Failed => "Could not be read",
    }
}

/// What whoever has the next step does; of the names that the next step has everywhere.
pub fn step_label(what: &str) -> &'static str {
    match what {
        "read" => "reading the context",
        "answer" => "answering what is open",
        "transfer" => "handing it over",
        "accept" => "accepting it",
        "begin" => "beginning the work",
        "correct" => "saying what is new",
        "look" => "finding out why it could not be read",
        _ => "nothing",
    }
}

/// How long something has been, in its largest unit: `3 hours`.
pub fn lasting(time: SignedDuration) -> String {
    let minutes = time.as_mins().max(0);
    let (count, one, many) = match minutes {
        0..60 => (minutes, "minute", "minutes"),
        60..2880 => (minutes / 60, "hour", "hours"),
        _ => (minutes / 1440, "day", "days"),
    };
    super::counted(usize::try_from(count).unwrap_or_default(), one, many)
}
