//! What the product refuses, as problems: the one place where its reasons meet
//! the statuses of HTTP.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::problem::{Kind, Problem};
use crate::app::Refusal;
use crate::asking::word_of;
use crate::store::Fault;

/// How soon a caller should come again when the disk or the queue is full.
const SOON: Duration = Duration::from_secs(5);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::NotFound(what) => Problem::new(Kind::NotFound).detail(format!("There is no such {what}")),
            Refusal::Stale { current } => Problem::new(Kind::VersionMismatch)
                .detail(format!("It is at version {current} by now; read it again and decide anew"))
                .member("version", current),
            Refusal::NotNow { status, wanted } => Problem::new(Kind::Conflict)
                .detail(format!("A handoff that is {} cannot take the move `{}`", status.name(), name_of(wanted)))
                .member("handoff_status", status.name()),
            Refusal::RequestClosed { state } => Problem::new(Kind::Conflict)
                .detail(format!("The request is {}; nobody waits for an answer to it", word_of(state))),
            Refusal::PassInForce { until } => Problem::new(Kind::Conflict)
                .detail(format!("A pass for it is in force until {until}; ask again when it has run out"))
                .member("pass_expires_at", until.to_string()),
            Refusal::Changed(fields) => Problem::new(Kind::Conflict)
                .detail(
                    "Context that came after the transfer says otherwise; the receiving team accepts the handoff as it \
                     is, or returns these fields",
                )
                .member("changed_after_transfer", fields),
            Refusal::GivenBack(back) => Problem::new(Kind::Conflict)
                .detail(format!(
                    "{} gave it back: {}. Answer a field, if only to confirm it, or add context; then ask again. Or \
                     call it off",
                    back.by.label(),
                    back.reason.trim_end_matches('.')
                ))
                .member(
                    "returned",
                    json!({"by": back.by.label(), "at": back.at, "type": back.kind, "reason": back.reason}),
                ),
            Refusal::Incomplete(gaps) => Problem::new(Kind::Incomplete)
                .detail(format!("{} must be settled first", count(gaps.iter().filter(|gap| gap.blocking).count())))
                .member("gaps", json_of(&gaps)),
            Refusal::Reading => Problem::new(Kind::Reading)
                .detail("Ask again when its status is no longer drafting; `?wait=25` waits for it")
                .retry_after(SOON),
            Refusal::Erased { at } => Problem::new(Kind::Erased)
                .detail(format!("It was erased at {at}; nothing of what was in it is kept"))
                .member("erased_at", at.to_string()),
            Refusal::OnHold { handoff } => Problem::new(Kind::Conflict)
                .detail(format!("{handoff} is on hold: nothing of it may go until the hold is lifted"))
                .member("on_hold", handoff.to_string()),
            Refusal::ContextGone { since } => Problem::new(Kind::Conflict)
                .detail(format!(
                    "Its raw context went by age at {since}, so that it cannot be read again. Finish it as it is, or call it \
                     off and hand it over anew"
                ))
                .member("reason", "context_gone"),
            Refusal::UnknownRoute { wanted, known } => Problem::new(Kind::InvalidRequest).error(
                "/route",
                "unknown-route",
                format!("there is no route `{wanted}`; there are {}", known.join(", ")),
            ),
            Refusal::Proposed(proposals) => {
                let list: Vec<Json> = proposals
                    .iter()
                    .map(|proposal| json!({"route": proposal.route, "score": proposal.score, "reasons": proposal.reasons}))
                    .collect();
                Problem::new(Kind::InvalidRequest)
                    .detail("A person chooses the route: send the handoff again with one of the proposals")
                    .error("/route", "choose-route", "name the route")
                    .member("proposals", list)
            }
            Refusal::Invalid(problems) => problems.into_iter().fold(Problem::new(Kind::InvalidRequest), |all, one| {
                all.error(one.pointer, &one.code.replace('_', "-"), one.detail)
            }),
            Refusal::NotEnabled => {
                Problem::new(Kind::Conflict).detail("The endpoint is not enabled; set its `state` to `enabled` first")
            }
            Refusal::ActionNotFailed { state } => {
                Problem::new(Kind::Conflict).detail(not_failed(state)).member("state", state)
            }
            Refusal::ActionImpossible { problem } => Problem::new(Kind::Conflict).detail(problem),
            Refusal::KeyReused => Problem::new(Kind::IdempotencyMismatch)
                .detail("The same idempotency key came with another request within the last seven days"),
            Refusal::Busy => Problem::new(Kind::Overloaded).retry_after(SOON),
            Refusal::Store(fault) => of_fault(&fault),
        }
    }
}

/// A database that cannot write now may do so later; everything else is ours to mend.
pub(super) fn of_fault(fault: &Fault) -> Problem {
    match fault {
        Fault::Unavailable(why) => {
            tracing::warn!(why, "a change could not be written");
            Problem::new(Kind::Unavailable).detail("Nothing was changed; try again").retry_after(SOON)
        }
        Fault::Taken => Problem::new(Kind::Conflict).detail("Another open handoff belongs to the same matter"),
        other => Problem::internal(other),
    }
}

fn not_failed(state: &str) -> String {
    format!("The action is {state}; only one that failed is tried again")
}

fn name_of(wanted: crate::handoff::Move) -> &'static str {
    use crate::handoff::Move;
    match wanted {
        Move::Answer => "answer",
        Move::Transfer => "transfer",
        Move::Accept => "accept",
        Move::Return => "return",
        Move::Cancel => "cancel",
        Move::Retry => "retry",
    }
}

fn count(gaps: usize) -> String {
    if gaps == 1 { "One gap".to_owned() } else { format!("{gaps} gaps") }
}

fn json_of(value: &impl serde::Serialize) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}
