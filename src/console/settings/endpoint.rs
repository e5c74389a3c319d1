//! The page of one endpoint: how it stands, what became of its messages, and
//! everything that may be done with it. Rotating its secret and taking it away
//! are asked once more.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::ago;
use super::keys::ConfirmPage;
use super::webhooks::{
    EventChoice, NEED, Standing, chosen_events, event_choices, outcome, path_of, secret_page, standing, state_of,
    told_of,
};
use crate::app::{EndpointChange, Refusal};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place, notice_with_way};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::rendering::clean;
use crate::store::{Attempt, Delivery, Endpoint, EndpointKind, EndpointState};
use crate::web::{Typed, answer, go_to};
use crate::wording;

/// Messages on a page of the log.
const PAGE: u32 = 25;
/// Where a message may stand, with what that is called.
const STATES: [(&str, &str); 5] = [
    ("waiting", "Waits"),
    ("sending", "On its way"),
    ("delivered", "Delivered"),
    ("exhausted", "Given up"),
    ("cancelled", "Not sent"),
];

#[derive(Template)]
#[template(path = "console/settings/endpoint.html")]
struct EndpointPage {
    frame: Frame,
    form: Form,
    done: String,
    id: String,
    host: String,
    url: String,
    description: String,
    standing: Standing,
    told: String,
    facts: String,
    is_enabled: bool,
    /// What an action of a route is sent to is the route's to say.
    can_change: bool,
    is_unfolded: bool,
    events: Vec<EventChoice>,
    chips: Vec<Chip>,
    log: Vec<Logged>,
    /// The addresses of other pages of the log.
    first: String,
    next: String,
    log_is_empty: &'static str,
}

/// A filter of the log.
struct Chip {
    path: String,
    name: &'static str,
    count: u64,
    is_current: bool,
}

/// A message as the log lists it.
struct Logged {
    id: String,
    event: &'static str,
    handoff: String,
    when: String,
    state: String,
    class: &'static str,
    attempts: String,
    last: String,
}

/// Which part of the log is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    state: Option<&'static str>,
    before: Option<i64>,
}

/// `GET /settings/webhooks/{id}`.
pub(super) async fn show(
    State(console): State<Console>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let replayed: usize = query.one("messages").parse().unwrap_or_default();
    let done = match query.one("done") {
        "changed" => "The endpoint is changed.".to_owned(),
        "enabled" => "It is enabled, and gets what was kept for it.".to_owned(),
        "paused" => "It is paused. What happens is kept for it.".to_owned(),
        "test" => "An example is on its way. It stands in the log below.".to_owned(),
        "resent" => "The message is sent again.".to_owned(),
        "replayed" => format!("{} sent again.", wording::counted(replayed, "message is", "messages are")),
        _ => String::new(),
    };
    let state = STATES.iter().map(|(word, _)| *word).find(|word| *word == query.one("state"));
    let wanted = Wanted { state, before: query.one("before").parse().ok() };
    page(&console, &here, &id, (StatusCode::OK, Form::default(), done), wanted).await
}

/// `POST /settings/webhooks/{id}`: another address, other events, another description.
pub(super) async fn change(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let change = EndpointChange {
        url: Some(typed.one("url").to_owned()),
        description: Some(Some(typed.one("description").to_owned()).filter(|text| !text.is_empty())),
        events: Some(chosen_events(&typed)),
        state: None,
    };
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.change_endpoint((workspace, &actor), &id, change).await {
        Ok(_) => Ok(go_to(&format!("{}?done=changed", path_of(&id)))),
        Err(refusal) => again(&console, &here, &id, (typed, refusal)).await,
    }
}

/// `POST /settings/webhooks/{id}/state`: paused, or enabled again.
pub(super) async fn change_state(
    State(console): State<Console>,
    Path(id): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let (state, done) = match typed.one("state") {
        "enabled" => (EndpointState::Enabled, "enabled"),
        "paused" => (EndpointState::Paused, "paused"),
        _ => return Err(refused(&here, &Refusal::NotFound("state"))),
    };
    let change = EndpointChange { state: Some(state), ..EndpointChange::default() };
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.change_endpoint((workspace, &actor), &id, change).await {
        Ok(_) => Ok(go_to(&format!("{}?done={done}", path_of(&id)))),
        Err(refusal) => again(&console, &here, &id, (typed, refusal)).await,
    }
}

/// `GET /settings/webhooks/{id}/rotate`: asks once more.
pub(super) async fn confirm_rotation(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let lines = [
        "The new secret is shown once. For 24 hours messages carry the signatures of both, so that the receiver can change \
         over in peace; then the one so far ends.",
    ];
    confirm(&console, (&id, &parts), ("Make a new secret for", &lines), ("rotate", "Make a new secret", false)).await
}

/// `POST /settings/webhooks/{id}/rotate`.
pub(super) async fn rotate(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.rotate_secret((workspace, &actor), &id).await {
        Ok((endpoint, secret)) => {
            let heading = "The new secret is in force".to_owned();
            Ok(secret_page(&here, heading, (&endpoint, &secret)))
        }
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

/// `GET /settings/webhooks/{id}/delete`: asks once more.
pub(super) async fn confirm_deletion(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let lines = [
        "It is told nothing more: its secrets are deleted, and what waits for it is not sent. What was sent stays in the log \
         of the workspace.",
        "To stop for a while, pause it instead.",
    ];
    confirm(&console, (&id, &parts), ("Delete", &lines), ("delete", "Delete it", true)).await
}

/// `POST /settings/webhooks/{id}/delete`.
pub(super) async fn delete(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    let (workspace, actor) = (&here.visitor.member.workspace, here.visitor.actor());
    match console.app.delete_endpoint((workspace, &actor), &id).await {
        Ok(()) => Ok(go_to("/settings/webhooks?done=deleted")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

async fn confirm(
    console: &Console,
    (id, parts): (&str, &Parts),
    (question, lines): (&str, &[&str]),
    (verb, button, is_danger): (&str, &'static str, bool),
) -> Shown {
    let here = console.asked(parts, NEED).await?;
    let found = console.app.endpoint(&here.visitor.member.workspace, id).await;
    let endpoint = found.map_err(|refusal| refused(&here, &refusal))?;
    let page = ConfirmPage {
        frame: Frame::of(&here, Some(Place::Webhooks)),
        over: (path_of(&endpoint.id), "The endpoint"),
        heading: format!("{question} {}?", host_of(&endpoint)),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        action: format!("{}/{verb}", path_of(&endpoint.id)),
        button,
        is_danger,
        back: path_of(&endpoint.id),
    };
    Ok(answer(StatusCode::OK, &page))
}

/// The page once more with what was wrong, or a page that says what stands in the way.
pub(super) async fn again(console: &Console, here: &Here, id: &str, (typed, refusal): (Typed, Refusal)) -> Shown {
    match refusal {
        Refusal::Invalid(problems) => {
            let form = Form::refused(typed, &problems, &[]);
            let shown = (StatusCode::UNPROCESSABLE_ENTITY, form, String::new());
            page(console, here, id, shown, Wanted::default()).await
        }
        Refusal::NotEnabled => Err(not_enabled(here, id)),
        other => Err(refused(here, &other)),
    }
}

/// A paused or disabled endpoint is sent nothing by hand either.
pub(super) fn not_enabled(here: &Here, id: &str) -> Response {
    let lines = ["It is paused or disabled. Enable it first; nothing was sent."];
    let way = Some((path_of(id), "To the endpoint"));
    notice_with_way(here, (StatusCode::CONFLICT, "It takes nothing at the moment"), &lines, way)
}

pub(super) fn host_of(endpoint: &Endpoint) -> String {
    let host = url::Url::parse(&endpoint.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    clean(host.as_deref().unwrap_or(&endpoint.url))
}

async fn page(
    console: &Console,
    here: &Here,
    id: &str,
    (status, form, done): (StatusCode, Form, String),
    wanted: Wanted,
) -> Shown {
    let wrong = |refusal: Refusal| refused(here, &refusal);
    let workspace = &here.visitor.member.workspace;
    let endpoint = console.app.endpoint(workspace, id).await.map_err(wrong)?;
    let counts = console.app.delivery_counts((workspace, id)).await.map_err(|fault| wrong(fault.into()))?;
    let mut found =
        console.app.delivery_log((workspace, id), wanted.state, (wanted.before, PAGE + 1)).await.map_err(wrong)?;
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let now = console.app.now();
    let here_path = path_of(&endpoint.id);
    let filtered = wanted.state.map(|state| format!("state={state}&")).unwrap_or_default();
    let next =
        found.last().filter(|_| has_more).map(|(last, _)| format!("{here_path}?{filtered}before={}#log", last.place));
    let can_change = endpoint.kind != EndpointKind::Action;
    let is_typed = !form.mistakes.is_empty() && !form.typed.one("url").is_empty();
    let events = if is_typed { chosen_events(&form.typed) } else { endpoint.events.clone() };
    let shown = |typed: &str, kept: &str| if is_typed { typed.to_owned() } else { clean(kept) };
    let page = EndpointPage {
        frame: Frame::of(here, Some(Place::Webhooks)),
        done,
        host: host_of(&endpoint),
        url: shown(form.value("url"), &endpoint.url),
        description: shown(form.value("description"), endpoint.description.as_deref().unwrap_or_default()),
        standing: standing(&endpoint, now),
        told: told_of(&endpoint),
        facts: facts(&endpoint),
        is_enabled: endpoint.state == EndpointState::Enabled,
        can_change,
        is_unfolded: is_typed,
        events: event_choices(&events),
        chips: chips(&here_path, &counts, wanted),
        log: found.iter().map(|(delivery, last)| logged(delivery, last.as_ref(), now)).collect(),
        first: if wanted.before.is_some() { format!("{here_path}?{filtered}#log") } else { String::new() },
        next: next.unwrap_or_default(),
        log_is_empty: match wanted.state {
            Some(_) => "No message stands so.",
            None => "Nothing was sent there yet. Send an example to see whether it arrives.",
        },
        id: endpoint.id,
        form,
    };
    Ok(answer(status, &page))
}

fn facts(endpoint: &Endpoint) -> String {
    let kind = match endpoint.kind {
        EndpointKind::Endpoint => "set up",
        EndpointKind::Hook => "subscribed by an automation",
        EndpointKind::Callback => "named with a handoff",
        EndpointKind::Action => "named by a route",
    };
    format!("{kind} {}", wording::day(endpoint.created_at))
}

fn chips(path: &str, counts: &[(String, u64)], wanted: Wanted) -> Vec<Chip> {
    let all = Chip {
        path: format!("{path}#log"),
        name: "All",
        count: counts.iter().map(|(_, count)| count).sum(),
        is_current: wanted.state.is_none(),
    };
    let of = |word: &str| counts.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count);
    let one = |(word, name): (&'static str, &'static str)| Chip {
        path: format!("{path}?state={word}#log"),
        name,
        count: of(word),
        is_current: wanted.state == Some(word),
    };
    std::iter::once(all).chain(STATES.into_iter().map(one).filter(|chip| chip.count > 0 || chip.is_current)).collect()
}

fn logged(delivery: &Delivery, last: Option<&Attempt>, now: jiff::Timestamp) -> Logged {
    let (state, class) = state_of(delivery, now);
    Logged {
        id: delivery.id.clone(),
        event: delivery.kind.name(),
        handoff: delivery.handoff.clone().unwrap_or_default(),
        when: ago(delivery.created_at, now),
        state,
        class,
        attempts: wording::counted(delivery.made as usize, "attempt", "attempts"),
        last: last.map(outcome).unwrap_or_default(),
    }
}
