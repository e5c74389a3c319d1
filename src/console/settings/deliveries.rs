//! One message to one endpoint, attempt by attempt, with what was sent; and
//! what is sent by hand: one again, all of a time, an example.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::endpoint::{again, host_of, not_enabled};
use super::webhooks::{NEED, outcome, path_of, state_of};
use crate::app::{Problem, Refusal};
use crate::console::frame::{Frame, Place};
use crate::console::guard::refused;
use crate::console::{Console, Shown};
use crate::handoff::EventKind;
use crate::rendering::clean;
use crate::value::{Edge, parse_moment};
use crate::web::{answer, go_to};
use crate::wording;

#[derive(Template)]
#[template(path = "console/settings/delivery.html")]
struct DeliveryPage {
    frame: Frame,
    id: String,
    endpoint: String,
    host: String,
    event: &'static str,
    message: String,
    handoff: String,
    made: String,
    state: String,
    class: &'static str,
    attempts: Vec<Tried>,
    payload: String,
    can_resend: bool,
}

/// One attempt.
struct Tried {
    at: String,
    outcome: String,
    is_good: bool,
    /// The beginning of what the receiver said.
    said: String,
}

/// `GET /settings/deliveries/{id}`.
pub(super) async fn show(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let workspace = &here.visitor.member.workspace;
    let wrong = |refusal: Refusal| refused(&here, &refusal);
    let (delivery, attempts) = console.app.delivery(workspace, &id).await.map_err(wrong)?;
    // One that was deleted has no page any more; what was sent to it still has.
    let endpoint = console.app.endpoint(workspace, &delivery.endpoint).await.ok();
    let (state, class) = state_of(&delivery, console.app.now());
    let tried = attempts.into_iter().map(|attempt| Tried {
        at: wording::moment(attempt.at),
        outcome: outcome(&attempt),
        is_good: attempt.status.is_some_and(|status| (200..300).contains(&status)),
        said: attempt.excerpt.as_deref().map(clean).unwrap_or_default(),
    });
    let page = DeliveryPage {
        frame: Frame::of(&here, Some(Place::Webhooks)),
        host: endpoint.as_ref().map_or_else(|| "an endpoint that was deleted".to_owned(), host_of),
        endpoint: endpoint.map(|endpoint| path_of(&endpoint.id)).unwrap_or_default(),
        event: delivery.kind.name(),
        message: delivery.message.clone(),
        handoff: delivery.handoff.clone().unwrap_or_default(),
        made: wording::moment(delivery.created_at),
        state,
        class,
        attempts: tried.collect(),
        payload: readable(&delivery.payload),
        can_resend: delivery.state != "sending",
        id: delivery.id,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// What is sent, laid out to be read; the bytes on the wire have no such spaces.
fn readable(payload: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(payload);
    let laid_out = parsed.and_then(|value| serde_json::to_string_pretty(&value));
    laid_out.unwrap_or_else(|_| payload.to_owned())
}

/// `POST /settings/deliveries/{id}/resend`.
pub(super) async fn resend(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    let workspace = &here.visitor.member.workspace;
    let (delivery, _) = console.app.delivery(workspace, &id).await.map_err(|refusal| refused(&here, &refusal))?;
    match console.app.resend((workspace, &here.visitor.actor()), &id).await {
        Ok(_) => Ok(go_to(&format!("{}?done=resent#log", path_of(&delivery.endpoint)))),
        Err(Refusal::NotEnabled) => Err(not_enabled(&here, &delivery.endpoint)),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

/// `POST /settings/webhooks/{id}/test`.
pub(super) async fn test(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Some(kind) = EventKind::parse(typed.one("event")).filter(|kind| kind.is_told()) else {
        return Err(refused(&here, &Refusal::NotFound("event")));
    };
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.test_endpoint((workspace, &actor), &id, kind).await {
        Ok(_) => Ok(go_to(&format!("{}?done=test#log", path_of(&id)))),
        Err(refusal) => again(&console, &here, &id, (typed, refusal)).await,
    }
}

/// `POST /settings/webhooks/{id}/replay`.
pub(super) async fn replay(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let mut problems = Vec::new();
    let mut read = |name: &str, edge: Edge| match parse_moment(typed.one(name), edge) {
        Ok(moment) => Some(moment),
        Err(problem) => {
            problems.push(Problem::new(format!("/{name}"), "invalid", problem));
            None
        }
    };
    let (from, to) = (read("from", Edge::Begin), read("to", Edge::End));
    let (Some(from), Some(to)) = (from, to) else {
        return again(&console, &here, &id, (typed, Refusal::Invalid(problems))).await;
    };
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.replay((workspace, &actor), &id, (from, to)).await {
        Ok(messages) => Ok(go_to(&format!("{}?done=replayed&messages={messages}#log", path_of(&id)))),
        Err(refusal) => again(&console, &here, &id, (typed, refusal)).await,
    }
}
