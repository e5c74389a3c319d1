//! The words for where a handoff stands, whose turn it is and what happened to
//! it, as its page tells them.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::handoff::{EventKind, Status};

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
    if minutes == 0 {
        return "less than a minute".to_owned();
    }
    let (count, one, many) = match minutes {
        0..60 => (minutes, "minute", "minutes"),
        60..2880 => (minutes / 60, "hour", "hours"),
        _ => (minutes / 1440, "day", "days"),
    };
    super::counted(usize::try_from(count).unwrap_or_default(), one, many)
}

/// A limit as seen from now: `by 3 March 2026, 09:05 UTC`, and whether it has passed.
pub fn limit(by: Timestamp, now: Timestamp) -> String {
    match by < now {
        true => format!("was due {}, {} ago", super::moment(by), lasting(now.duration_since(by))),
        false => format!("due {}, in {}", super::moment(by), lasting(by.duration_since(now))),
    }
}

/// What happened, as one sentence without its moment; `labels` are what the fields it names are called.
pub fn event_sentence(kind: EventKind, detail: &Json, labels: &[String]) -> String {
    let at = |path: &str| detail.pointer(path).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    let who = at("/what/by/name").or_else(|| at("/actor/name")).unwrap_or("A program");
    let asked = at("/what/person/name").or_else(|| at("/what/person/email")).or_else(|| at("/person/name"));
    let asked = asked.unwrap_or("Somebody");
    let why = at("/what/why").map(|why| format!(": {why}")).unwrap_or_default();
    match kind {
        EventKind::Received => "It came in".to_owned(),
        EventKind::ContextAdded => "More context came in".to_owned(),
        EventKind::NeedsInput => "It was read: answers are needed".to_owned(),
        EventKind::Ready => "It is complete".to_owned(),
        EventKind::Answered if labels.is_empty() => format!("{who} answered about a source"),
        EventKind::Answered => format!("{who} answered {}", super::join(labels, "and")),
        EventKind::Transferred => match at("/what/break_glass/reason") {
            Some(reason) => format!("{who} handed it over although it is incomplete: {reason}"),
            None => format!("{who} handed it over"),
        },
        EventKind::PassRenewed => format!("{who} had a new pass made"),
        EventKind::Accepted => match at("/what/read_back") {
            Some(read_back) => format!("{who} accepted it: “{read_back}”"),
            None => format!("{who} accepted it"),
        },
        EventKind::Returned if labels.is_empty() => format!("{who} gave it back{why}"),
        EventKind::Returned => format!("{who} gave back {}{why}", super::join(labels, "and")),
        EventKind::Cancelled => format!("{who} called it off{why}"),
        EventKind::Failed => "It could not be read".to_owned(),
        EventKind::Retried => format!("{who} had it read again"),
        EventKind::Changed => "What came in since says otherwise".to_owned(),
        EventKind::RequestMade => format!("{asked} is asked"),
        EventKind::RequestChanged => format!("What {asked} is asked has changed"),
        EventKind::RequestReminded => format!("{asked} was reminded"),
        EventKind::RequestEscalated => format!("{asked} did not answer in time, and somebody else was told"),
        EventKind::RequestAnswered => format!("What {asked} was asked is settled"),
        EventKind::RequestUnclear => "A reply by mail could not be taken".to_owned(),
        EventKind::RequestWithdrawn => format!("{asked} is not asked any more"),
        EventKind::RequestSnoozed => format!("{asked} is left in peace for a while"),
        EventKind::MessageSent => "A message left".to_owned(),
        EventKind::MessageFailed => "A message could not be delivered".to_owned(),
        EventKind::LinkMade => "A personal link was made".to_owned(),
        EventKind::LinkOpened => "A personal link was opened".to_owned(),
        EventKind::LinkRevoked => "A personal link was ended".to_owned(),
        EventKind::ActionBegun => "What the transfer sets off has begun".to_owned(),
        EventKind::ActionDone => "Something that the transfer sets off is done".to_owned(),
        EventKind::ActionFailed => "Something that the transfer sets off was given up".to_owned(),
        EventKind::ActionRetried => format!("{who} had an action tried again"),
        EventKind::Held => format!("{who} put it on hold"),
        EventKind::Released => format!("{who} lifted the hold"),
        EventKind::ContextExpired => "Its sources went by age".to_owned(),
        other => other.name().replace(['.', '_'], " "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn time_is_told_in_its_largest_unit() {
        let check = |minutes, expected: &str| assert_eq!(lasting(SignedDuration::from_mins(minutes)), expected);
        check(-5, "less than a minute");
        check(1, "1 minute");
        check(59, "59 minutes");
        check(60, "1 hour");
        check(47 * 60, "47 hours");
        check(48 * 60, "2 days");
    }

    #[test]
    fn limits_are_seen_from_now() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-03-03T12:00:00Z");
        assert_eq!(limit(at("2026-03-03T15:00:00Z"), now), "due 3 March 2026, 15:00 UTC, in 3 hours");
        assert_eq!(limit(at("2026-03-01T12:00:00Z"), now), "was due 1 March 2026, 12:00 UTC, 2 days ago");
    }

    #[test]
    fn events_are_told_by_who_did_them() {
        let check = |kind, detail: Json, labels: &[&str], expected: &str| {
            let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
            assert_eq!(event_sentence(kind, &detail, &labels), expected);
        };
        let by = json!({"what": {"by": {"name": "Marcus Lee"}, "why": "the date is wrong"}});
        check(EventKind::Answered, by.clone(), &["Price", "Region"], "Marcus Lee answered Price and Region");
        check(EventKind::Returned, by, &["Price"], "Marcus Lee gave back Price: the date is wrong");
        let key = json!({"actor": {"kind": "key", "id": "key_1"}, "what": {}});
        check(EventKind::Transferred, key, &[], "A program handed it over");
        check(EventKind::Erased, Json::Null, &[], "handoff erased");
    }
}
