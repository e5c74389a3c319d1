//! When a request is due again: reminders at the half of what is left of its
//! limit, then somebody else is told. Each step keeps its distance from the
//! one before, so that a weekend does not push two of them into one morning.

use jiff::{SignedDuration, Timestamp};

use super::{About, Request, Rules};

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Remind,
    Escalate,
}

/// The next step of an open request and its time; none when it is left in peace.
pub(super) fn next(request: &Request, limit: Option<SignedDuration>, rules: &Rules) -> Option<(Timestamp, Due)> {
    if !request.state.is_open() || request.escalated_at.is_some() {
        return None;
    }
    let limit = limit.unwrap_or(rules.usual_limit);
    let last = request.reminded_at.or(request.sent_at).unwrap_or(request.release_at);
    // With two reminders: after a half, a quarter and a quarter of the limit.
    let (share, due) = if request.reminders < rules.most_reminders {
        (part(limit, request.reminders + 1), Due::Remind)
    } else {
        (part(limit, rules.most_reminders), Due::Escalate)
    };
    // Whoever is told of failures is the last one: there is nobody behind them.
    if due == Due::Escalate && matches!(request.about, About::Name | About::Failure | About::Action) {
        return None;
    }
    let at = rules.hours.add(last, share);
    let at = request.snoozed_until.map_or(at, |until| at.max(until));
    Some((rules.hours.open(at), due))
}

/// The limit halved so often.
fn part(limit: SignedDuration, times: u32) -> SignedDuration {
    (0..times.min(20)).fold(limit, |left, _| left / 2)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use jiff::tz::TimeZone;

    use super::super::{Hours, Person, RequestState};
    use super::*;

    fn rules() -> Rules {
        let days = [true, true, true, true, true, false, false];
        let hours = Hours { days, from: time(9, 0, 0, 0), to: time(17, 0, 0, 0), zone: TimeZone::UTC };
        let hour = SignedDuration::from_hours(1);
        Rules {
            wait: SignedDuration::from_mins(1),
            most_reminders: 2,
            usual_limit: hour * 24,
            hours,
            takes_replies: false,
        }
    }

    fn request(about: About, release_at: &str) -> Request {
        let release_at: Timestamp = release_at.parse().expect("a time");
        let new = ("req_1".to_owned(), about);
        let request = Request::new(new, Person::default(), Vec::new(), (release_at, release_at));
        Request { state: RequestState::Sent, ..request }
    }

    /// Every step of a request that nobody answers, until it is quiet.
    fn walk(mut request: Request, hours: Option<i64>) -> Vec<String> {
        let mut steps = Vec::new();
        while let Some((at, due)) = next(&request, hours.map(SignedDuration::from_hours), &rules()) {
            steps.push(format!("{due:?} {at}"));
            match due {
                Due::Remind => {
                    request.reminders += 1;
                    request.reminded_at = Some(at);
                }
                Due::Escalate => request.escalated_at = Some(at),
            }
            assert!(steps.len() < 10, "it never ends: {steps:?}");
        }
        steps
    }

    #[test]
    fn halves_of_the_limit_then_somebody_else_then_quiet() {
        let request = |at| request(About::Fill, at);
        // Tuesday noon.
        assert_eq!(
            walk(request("2026-03-03T12:00:00Z"), Some(8)),
            ["Remind 2026-03-03T16:00:00Z", "Remind 2026-03-04T09:00:00Z", "Escalate 2026-03-04T11:00:00Z"]
        );
        // Friday evening: the weekend does not count, and Monday morning is not one heap.
        assert_eq!(
            walk(request("2026-03-06T16:00:00Z"), Some(8)),
            ["Remind 2026-03-09T09:00:00Z", "Remind 2026-03-09T11:00:00Z", "Escalate 2026-03-09T13:00:00Z"]
        );
        assert_eq!(walk(request("2026-03-03T12:00:00Z"), None).len(), 3, "the usual limit");
    }

    #[test]
    fn snoozed_is_snoozed() {
        let snoozed = Request {
            snoozed_until: "2026-03-05T10:00:00Z".parse().ok(),
            ..request(About::Fill, "2026-03-03T12:00:00Z")
        };
        assert_eq!(walk(snoozed, Some(8))[0], "Remind 2026-03-05T10:00:00Z");
    }

    #[test]
    fn nobody_stands_behind_the_last_one() {
        for about in [About::Name, About::Failure] {
            let steps = walk(request(about, "2026-03-03T12:00:00Z"), Some(8));
            assert_eq!(steps.len(), 2, "{steps:?}");
        }
    }
}
