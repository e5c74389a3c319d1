//! Endpoints of webhooks: which there are, how they stand and what became of
//! the last message to each; a new one, whose secret is shown this once.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::ago;
use super::keys::SecretPage;
use crate::access::roles::Ability;
use crate::app::{EndpointRequest, Refusal};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::handoff::EventKind;
use crate::rendering::clean;
use crate::store::{Attempt, Delivery, Endpoint, EndpointKind, EndpointState};
use crate::web::{Typed, answer};
use crate::wording;

pub(super) const NEED: Option<Ability> = Some(Ability::EditEndpoints);
/// Endpoints on a page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "console/settings/webhooks.html")]
struct WebhooksPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    endpoints: Vec<Listed>,
    events: Vec<EventChoice>,
    /// The address of the next page.
    next: String,
}

/// An endpoint as it is listed.
struct Listed {
    id: String,
    url: String,
    description: String,
    standing: Standing,
    told: String,
    last: String,
}

/// How an endpoint stands, and why.
pub(super) struct Standing {
    pub label: &'static str,
    pub class: &'static str,
    pub why: String,
}

/// An event to choose.
pub(super) struct EventChoice {
    pub word: &'static str,
    pub id: String,
    pub is_chosen: bool,
}

/// `GET /settings/webhooks`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "deleted" => "The endpoint is gone, with its secrets. What waited for it is not sent.",
        _ => "",
    };
    page(&console, &here, (StatusCode::OK, Form::default()), (done, query.one("before").parse().ok())).await
}

/// `POST /settings/webhooks`: sets one up.
pub(super) async fn create(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let given = |name: &str| Some(typed.one(name).to_owned()).filter(|text| !text.is_empty());
    let request = EndpointRequest {
        kind: EndpointKind::Endpoint,
        url: typed.one("url").to_owned(),
        description: given("description"),
        events: chosen_events(&typed),
        secret: given("secret").map(SecretString::from),
    };
    match console.app.add_endpoint((&here.visitor.member.workspace, &here.visitor.actor()), request).await {
        Ok((endpoint, secret)) => {
            let heading = "The endpoint is set up".to_owned();
            Ok(secret_page(&here, heading, (&endpoint, &secret)))
        }
        Err(Refusal::Invalid(problems)) => {
            let form = Form::refused(typed, &problems, &[]);
            page(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form), ("", None)).await
        }
        Err(other) => Err(refused(&here, &other)),
    }
}

/// The secret of an endpoint, this once.
pub(super) fn secret_page(
    here: &Here,
    heading: String,
    (endpoint, secret): (&Endpoint, &SecretString),
) -> axum::response::Response {
    let page = SecretPage {
        frame: Frame::of(here, Some(Place::Webhooks)),
        heading,
        lines: vec![
            format!("Messages go to {}.", clean(&endpoint.url)),
            "With this secret the receiver checks that a message comes from here and was not changed; any Standard Webhooks \
             library does it."
                .to_owned(),
        ],
        label: "The signing secret, shown this once",
        secret: secret.expose_secret().to_owned(),
        back: path_of(&endpoint.id),
        back_name: "To the endpoint",
    };
    answer(StatusCode::OK, &page)
}

pub(super) fn path_of(id: &str) -> String {
    format!("/settings/webhooks/{id}")
}

/// What was ticked; nothing means everything.
pub(super) fn chosen_events(typed: &Typed) -> Vec<EventKind> {
    let words = typed.all("events");
    EventKind::TOLD.into_iter().filter(|kind| words.contains(&kind.name())).collect()
}

pub(super) fn event_choices(chosen: &[EventKind]) -> Vec<EventChoice> {
    let choice = |kind: EventKind| EventChoice {
        word: kind.name(),
        id: kind.name().replace(['.', '_'], "-"),
        is_chosen: chosen.contains(&kind),
    };
    EventKind::TOLD.into_iter().map(choice).collect()
}

async fn page(
    console: &Console,
    here: &Here,
    (status, form): (StatusCode, Form),
    (done, before): (&'static str, Option<i64>),
) -> Shown {
    let workspace = &here.visitor.member.workspace;
    let wrong = |refusal: Refusal| refused(here, &refusal);
    let mut found = console.app.endpoints((workspace, None), (before, PAGE + 1)).await.map_err(wrong)?;
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| has_more).map(|last| format!("/settings/webhooks?before={}", last.place));
    let now = console.app.now();
    let mut endpoints = Vec::with_capacity(found.len());
    for endpoint in &found {
        let last = console.app.delivery_log((workspace, &endpoint.id), None, (None, 1)).await.map_err(wrong)?;
        endpoints.push(listed(endpoint, last.first(), now));
    }
    let page = WebhooksPage {
        frame: Frame::of(here, Some(Place::Webhooks)),
        done,
        endpoints,
        events: event_choices(&chosen_events(&form.typed)),
        next: next.unwrap_or_default(),
        form,
    };
    Ok(answer(status, &page))
}

fn listed(endpoint: &Endpoint, last: Option<&(Delivery, Option<Attempt>)>, now: Timestamp) -> Listed {
    Listed {
        id: endpoint.id.clone(),
        url: clean(&endpoint.url),
        description: endpoint.description.as_deref().map(clean).unwrap_or_default(),
        standing: standing(endpoint, now),
        told: told_of(endpoint),
        last: match last {
            None => "nothing was sent yet".to_owned(),
            Some((delivery, attempt)) => {
                let came = attempt.as_ref().map(|attempt| format!(", {}", outcome(attempt))).unwrap_or_default();
                format!("last message {}: {}{came}", ago(delivery.updated_at, now), state_of(delivery, now).0)
            }
        },
    }
}

/// What an endpoint is told of, in words.
pub(super) fn told_of(endpoint: &Endpoint) -> String {
    match (endpoint.kind, endpoint.events.as_slice()) {
        (EndpointKind::Action, _) => "sent what an action of a route says, and told nothing else".to_owned(),
        (_, []) => "told of everything".to_owned(),
        (_, events) => {
            let names: Vec<&str> = events.iter().map(|kind| kind.name()).collect();
            format!("told of {}", wording::join(&names, "and"))
        }
    }
}

pub(super) fn standing(endpoint: &Endpoint, now: Timestamp) -> Standing {
    let failing =
        endpoint.failing_since.map(|since| format!("Nothing has arrived there since {}.", wording::moment(since)));
    match endpoint.state {
        EndpointState::Enabled => {
            let slowed = endpoint.not_before.filter(|at| *at > now);
            let slowed = slowed.map(|at| format!(" It asked for peace until {}.", wording::moment(at)));
            let (label, class) = if failing.is_some() { ("Failing", "caution") } else { ("Enabled", "good") };
            Standing { label, class, why: failing.unwrap_or_default() + &slowed.unwrap_or_default() }
        }
        EndpointState::Paused => {
            let why = "What happens is kept for it until it is enabled again.".to_owned();
            Standing { label: "Paused", class: "caution", why }
        }
        EndpointState::Disabled | EndpointState::Deleted => {
            let why = match endpoint.reason.as_deref() {
                Some("gone") => "It answered 410, that it is gone. Nothing is kept for it.",
                Some("failing") => "Nothing arrived there for 120 hours. Nothing is kept for it.",
                _ => "Nothing is kept for it.",
            };
            Standing { label: "Disabled", class: "bad", why: why.to_owned() }
        }
    }
}

/// How a delivery stands: in words, and the class of its tag.
pub(super) fn state_of(delivery: &Delivery, now: Timestamp) -> (String, &'static str) {
    match delivery.state.as_str() {
        "delivered" => ("delivered".to_owned(), "good"),
        "exhausted" => ("given up".to_owned(), "bad"),
        "cancelled" => ("not sent".to_owned(), ""),
        "sending" => ("on its way".to_owned(), "caution"),
        _ if delivery.made == 0 => ("waits".to_owned(), "caution"),
        _ => (format!("tried again {}", super::ahead(delivery.next_at, now)), "caution"),
    }
}

/// What came of one attempt.
pub(super) fn outcome(attempt: &Attempt) -> String {
    match (attempt.status, &attempt.problem) {
        (Some(status), _) => format!("answered {status} after {} ms", attempt.milliseconds),
        (None, Some(problem)) => format!("{} after {} ms", problem_words(problem), attempt.milliseconds),
        (None, None) => format!("no answer after {} ms", attempt.milliseconds),
    }
}

/// The words for why there was no answer; another one is shown as it is called.
fn problem_words(problem: &str) -> String {
    match problem {
        "refused_address" => "the address is one that is not written to".to_owned(),
        "unknown_host" => "the host is not known".to_owned(),
        "unreachable" => "nobody could be reached".to_owned(),
        "timed_out" => "no answer in time".to_owned(),
        "broken_answer" => "the answer broke off".to_owned(),
        other => clean(other).replace('_', " "),
    }
}
