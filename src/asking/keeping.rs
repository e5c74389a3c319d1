//! A request that goes on: its questions as they are now, its messages that
//! have not left held against them, and what is due. What has not left and
//! asks something that is settled is written anew, whyever it has not left.

use serde_json::json;

use super::plan::{Draft, Plan, Point, Scene, Unsent, Wanted, draft, escalates_to, limit, look, told, unsent};
use super::replies::with_notes;
use super::timing::{Due, next};
use super::{Purpose, Question, Request, RequestState};
use crate::handoff::EventKind;

/// Goes on with a request.
pub(super) fn keep(scene: &Scene, before: &Request, wanted: Wanted, plan: &mut Plan) {
    let mut request = Request { questions: wanted.questions, person: wanted.person, ..before.clone() };
    request.unclear.retain(|one| request.questions.iter().any(|question| question.key == one.key));
    let waiting: Vec<&Unsent> = unsent(scene, before).filter(|letter| is_asking(letter.purpose)).collect();
    let mut drafts = Vec::new();
    let is_changed = points(&request) != points(before);
    // One that was on its way while the questions changed comes back with the old ones, or beside the one that asks the rest.
    let is_old = waiting.len() > 1
        || waiting.iter().any(|letter| asks_what_is_settled(letter, &request))
        || is_undelivered(&request, &waiting) && waiting.iter().any(|letter| leaves_out(letter, &request));
    let mut is_replaced = false;
    if is_changed || is_old {
        is_replaced = !waiting.is_empty();
        drafts.extend(written_anew(scene, (before, &request), &waiting));
    }
    if is_changed {
        plan.told.push((EventKind::RequestChanged, told(&request)));
    }
    due(scene, &mut request, (plan, &mut drafts), &waiting);
    // One message a person: what has not left is replaced by what says everything.
    if is_replaced || drafts.iter().any(|draft| is_asking(draft.purpose)) {
        plan.withdrawn.extend(waiting.iter().map(|letter| letter.id.clone()));
    }
    plan.drafts.append(&mut drafts);
    look(scene, &request, plan);
    if request != *before {
        plan.requests.push(request);
    }
}

fn is_asking(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Ask | Purpose::Remind)
}

fn points(request: &Request) -> Vec<Point> {
    request.questions.iter().map(Question::point).collect()
}

fn asks_what_is_settled(letter: &Unsent, request: &Request) -> bool {
    let open = points(request);
    letter.asks.iter().flatten().any(|point| !open.contains(point))
}

/// Whether it does not ask all that is open, as where the message before it was given up.
fn leaves_out(letter: &Unsent, request: &Request) -> bool {
    letter.asks.as_ref().is_some_and(|asks| points(request).iter().any(|point| !asks.contains(point)))
}

/// The message in place of those that have not left, or beside those that have; none where nothing is left to say.
fn written_anew(scene: &Scene, (before, request): (&Request, &Request), waiting: &[&Unsent]) -> Option<Draft> {
    let known = points(before);
    let is_in = |letter: &&Unsent, point: &Point| letter.asks.as_ref().is_none_or(|asks| asks.contains(point));
    // What a message that has left asks is not asked again, unless none of them arrived.
    let is_all = is_undelivered(request, waiting);
    let is_meant = |question: &&Question| {
        let point = question.point();
        is_all || !known.contains(&point) || waiting.iter().any(|letter| is_in(letter, &point))
    };
    let questions: Vec<Question> = request.questions.iter().filter(is_meant).cloned().collect();
    if !request.questions.is_empty() && !questions.iter().any(|question| question.blocking) {
        return None;
    }
    let questions = with_notes(&questions, request);
    let first = waiting.iter().find(|letter| letter.purpose == Purpose::Ask).or(waiting.first());
    Some(match first {
        Some(first) => {
            let next_at = waiting.iter().map(|letter| letter.next_at).min().unwrap_or(first.next_at);
            Draft { questions, ..draft(request, first.purpose, next_at) }
        }
        None => {
            let soon = scene.now + scene.rules.wait;
            let next_at = request.snoozed_until.map_or(soon, |until| until.max(soon));
            Draft { questions, is_addition: !is_all, ..draft(request, Purpose::Ask, next_at) }
        }
    })
}

/// Whether nothing of the request has arrived, as far as anybody tried to bring it.
fn is_undelivered(request: &Request, waiting: &[&Unsent]) -> bool {
    let is_tried = request.state == RequestState::Undeliverable || waiting.iter().any(|letter| letter.attempts > 0);
    request.sent_at.is_none() && is_tried
}

/// Reminds or tells somebody else when it is time.
fn due(scene: &Scene, request: &mut Request, (plan, drafts): (&mut Plan, &mut Vec<Draft>), waiting: &[&Unsent]) {
    let step = match next(request, limit(scene, request.about), scene.rules) {
        _ if request.nudged => Some(Due::Remind),
        Some((at, due)) if at <= scene.now => Some(due),
        _ => None,
    };
    match step {
        None => {}
        Some(Due::Remind) => {
            let is_nudged = std::mem::take(&mut request.nudged);
            if !is_nudged {
                request.reminders += 1;
            }
            request.reminded_at = Some(scene.now);
            if !is_undelivered(request, waiting) {
                // It says everything.
                drafts.clear();
                drafts.push(draft(request, Purpose::Remind, scene.now));
                plan.told.push((EventKind::RequestReminded, told(request)));
            } else if is_nudged || waiting.is_empty() {
                // Nobody is reminded of what never arrived: it is asked once more, as if for the first time.
                drafts.clear();
                drafts.push(draft(request, Purpose::Ask, scene.now));
                plan.told.push((EventKind::RequestChanged, told(request)));
            }
            // Else the message that is still tried is the one that is due.
        }
        Some(Due::Escalate) => {
            request.escalated_at = Some(scene.now);
            request.state = RequestState::Escalated;
            let to = escalates_to(scene, request.about);
            let is_same = to.as_ref().is_some_and(|person| person.key() == request.person.key());
            let mut detail = told(request);
            if let Some(detail) = detail.as_object_mut() {
                detail.insert("to".to_owned(), json!(to));
            }
            plan.told.push((EventKind::RequestEscalated, detail));
            if !is_same {
                drafts.push(Draft { to, ..draft(request, Purpose::Escalate, scene.now) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::super::{About, Hours, Person, Rules};
    use super::*;
    use crate::handoff::{Matter, Status};
    use crate::route;

    /// One question a letter; those in capital letters are not waited for.
    fn questions(letters: &str) -> Vec<Question> {
        let one = |letter: char| Question {
            key: letter.to_string(),
            label: letter.to_string(),
            question: format!("{letter}?"),
            why: String::new(),
            blocking: letter.is_lowercase(),
            nearest: None,
            choices: Vec::new(),
            note: None,
        };
        letters.chars().map(one).collect()
    }

    fn request(state: RequestState, asked: &str, now: Timestamp) -> Request {
        let person = Person { email: Some("marcus@acme.example".to_owned()), ..Person::default() };
        let request = Request::new(("req_1".to_owned(), About::Fill), person, questions(asked), (now, now));
        Request { state, sent_at: Some(now).filter(|_| state == RequestState::Sent), ..request }
    }

    /// Goes on with a request after some minutes; `waiting` are messages: purpose, attempts, what they ask.
    fn check(
        (state, asked): (RequestState, &str),
        waiting: &[(Purpose, u32, &str)],
        (minutes, open): (i64, &str),
        (drafts, withdrawn): (&[&str], usize),
    ) {
        let now: Timestamp = "2026-03-03T12:00:00Z".parse().expect("a time");
        let before = request(state, asked, now);
        let letter = |(number, (purpose, attempts, asks)): (usize, &(Purpose, u32, &str))| Unsent {
            id: format!("ltr_{number}"),
            request: before.id.clone(),
            purpose: *purpose,
            next_at: now,
            attempts: *attempts,
            asks: Some(questions(asks).iter().map(Question::point).collect()),
        };
        let unsent: Vec<Unsent> = waiting.iter().enumerate().map(letter).collect();
        let route = route::load("test.yaml", "id: a-to-b\nfields:\n  - {key: a, type: text}\n").expect("a route");
        let hours = Hours {
            days: [true; 7],
            from: jiff::civil::time(0, 0, 0, 0),
            to: jiff::civil::time(23, 59, 0, 0),
            zone: jiff::tz::TimeZone::UTC,
        };
        let hour = SignedDuration::from_hours(1);
        let rules = Rules { wait: hour / 60, most_reminders: 2, usual_limit: hour * 2, hours, takes_replies: false };
        let scene = Scene {
            status: Status::NeedsInput,
            reason: None,
            debts: &[],
            matter: &Matter::default(),
            brief: None,
            route: &route,
            our_domains: &[],
            seen: &Default::default(),
            requests: &[],
            unsent: &unsent,
            undone: &[],
            settled: &[],
            rules: &rules,
            now: now + SignedDuration::from_mins(minutes),
        };
        let wanted = Wanted { about: About::Fill, person: before.person.clone(), questions: questions(open) };
        let mut plan = Plan::default();
        keep(&scene, &before, wanted, &mut plan);
        let written = |draft: &Draft| {
            let asks: String = draft.questions.iter().map(|question| question.key.as_str()).collect();
            let more = if draft.is_addition { " more" } else { "" };
            format!("{:?} {asks}{more}", draft.purpose)
        };
        let written: Vec<String> = plan.drafts.iter().map(written).collect();
        assert_eq!(written, drafts, "{state:?} {asked} {waiting:?} {open}");
        assert_eq!(plan.withdrawn.len(), withdrawn, "{state:?} {asked} {waiting:?} {open}");
    }

    #[test]
    fn what_has_not_left_asks_what_is_open() {
        use Purpose::{Ask, Remind};
        use RequestState::{Sent, Waiting};
        check((Waiting, "ab"), &[(Ask, 0, "ab")], (0, "ab"), (&[], 0));
        check((Waiting, "ab"), &[(Ask, 0, "ab")], (0, "b"), (&["Ask b"], 1));
        check((Waiting, "ab"), &[(Ask, 0, "ab")], (0, "abc"), (&["Ask abc"], 1));
        // It was on its way while the request changed.
        check((Waiting, "b"), &[(Ask, 1, "ab")], (0, "b"), (&["Ask b"], 1));
        check((Waiting, "b"), &[(Ask, 1, "b")], (0, "b"), (&[], 0));
        check((Waiting, "bc"), &[(Ask, 1, "ab"), (Ask, 0, "c")], (0, "bc"), (&["Ask bc"], 2));
        // What has left is not asked again.
        check((Sent, "ab"), &[], (0, "abc"), (&["Ask c more"], 0));
        check((Sent, "ab"), &[], (0, "abC"), (&[], 0));
        check((Sent, "abc"), &[(Ask, 0, "c")], (0, "abcd"), (&["Ask cd more"], 1));
        check((Sent, "abc"), &[(Ask, 0, "c")], (0, "ab"), (&[], 1));
        check((Sent, "ab"), &[(Remind, 1, "ab")], (0, "b"), (&["Remind b more"], 1));
    }

    #[test]
    fn nobody_is_reminded_of_what_never_arrived() {
        use Purpose::{Ask, Remind};
        use RequestState::{Sent, Undeliverable, Waiting};
        check((Sent, "ab"), &[], (59, "ab"), (&[], 0));
        check((Sent, "ab"), &[], (61, "ab"), (&["Remind ab more"], 0));
        check((Sent, "ab"), &[(Ask, 0, "b")], (61, "ab"), (&["Remind ab more"], 1));
        check((Undeliverable, "ab"), &[], (59, "ab"), (&[], 0));
        check((Undeliverable, "ab"), &[], (61, "ab"), (&["Ask ab"], 0));
        check((Undeliverable, "ab"), &[], (0, "abc"), (&["Ask abc"], 0));
        // The first message was given up while the one that adds to it waited: that one asks it all.
        check((Undeliverable, "abc"), &[(Ask, 0, "c")], (0, "abc"), (&["Ask abc"], 1));
        // It is still tried: it goes on being tried.
        check((Waiting, "ab"), &[(Ask, 3, "ab")], (61, "ab"), (&[], 0));
        // Nobody tried yet, since no way is set up: people look at the outbox.
        check((Waiting, "ab"), &[(Ask, 0, "ab")], (61, "ab"), (&["Remind ab"], 1));
        check((Waiting, "ab"), &[(Remind, 0, "ab")], (0, "ab"), (&[], 0));
    }
}
