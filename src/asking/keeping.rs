//! A request that goes on: its questions as they are now, its messages that
//! have not left held against them, and what is due. What has not left and
//! asks something that is settled is written anew, whyever it has not left.

use serde_json::json;

use super::plan::{Draft, Plan, Point, Scene, Unsent, Wanted, draft, escalates_to, limit, look, told, unsent};
use super::timing::{Due, next};
use super::{Purpose, Question, Request, RequestState};
use crate::handoff::EventKind;

/// Goes on with a request.
pub(super) fn keep(scene: &Scene, before: &Request, wanted: Wanted, plan: &mut Plan) {
    let mut request = Request { questions: wanted.questions, person: wanted.person, ..before.clone() };
    let waiting: Vec<&Unsent> = unsent(scene, before).filter(|letter| is_asking(letter.purpose)).collect();
    let mut drafts = Vec::new();
    let is_changed = points(&request) != points(before);
    // One that was on its way while the questions changed comes back with the old ones, or beside the one that asks the rest.
    let is_old = waiting.len() > 1 || waiting.iter().any(|letter| asks_what_is_settled(letter, &request));
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
