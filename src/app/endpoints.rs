//! Who is told what happens: endpoints are set up, changed, tried and taken
//! away, and their secrets rotated. An address is looked at before it is kept.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value as Json, json};

use super::{App, Refusal, random_id};
use crate::access::webhooks::{OVERLAP, Secret};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::store::{
    self, Delivery, Endpoint, EndpointKind, EndpointState, Fault, Happening, NewEndpoint, Tx, Waiting, Workspace,
};

/// Letters of an endpoint's description.
const MOST_LETTERS: usize = 500;

/// An endpoint that a caller wants to set up.
#[derive(Debug, Clone)]
pub struct EndpointRequest {
    pub kind: EndpointKind,
    pub url: String,
    pub description: Option<String>,
    /// What it is told of; empty means everything.
    pub events: Vec<EventKind>,
    /// The receiver's own; one is made when there is none.
    pub secret: Option<SecretString>,
}

/// What a caller wants to be otherwise; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    pub url: Option<String>,
    pub description: Option<Option<String>>,
    pub events: Option<Vec<EventKind>>,
    /// Enabled or paused.
    pub state: Option<EndpointState>,
}

/// Who asks, and where.
type Whose<'a> = (&'a Workspace, &'a Actor);

/// Where an endpoint's secrets are sealed for.
pub(super) fn sealed_for(workspace: &Workspace, endpoint: &str) -> String {
    format!("endpoints:{}:{endpoint}", workspace.as_str())
}

impl App {
    /// Sets an endpoint up; its secret is told here and when it is rotated.
    pub async fn add_endpoint(
        self: &Arc<Self>,
        (workspace, actor): Whose<'_>,
        request: EndpointRequest,
    ) -> Result<(Endpoint, SecretString), Refusal> {
        let pointer = if request.kind == EndpointKind::Hook { "/target_url" } else { "/url" };
        self.check_address(pointer, &request.url).await?;
        check_description(request.description.as_deref())?;
        let secret = secret_of(request.secret)?;
        let new = self.new_endpoint(workspace, (request.kind, request.url), &secret)?;
        let new = NewEndpoint { description: request.description, events: request.events, ..new };
        let (workspace, actor, now) = (workspace.clone(), actor.clone(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let detail =
                    json!({"actor": actor, "endpoint": new.id, "host": host_of(&new.url), "events": new.events});
                let endpoint = store::insert_endpoint(tx, &workspace, (new, None), now).await?;
                note(tx, &workspace, (EventKind::EndpointCreated, detail), now).await?;
                Ok::<_, Refusal>(endpoint)
            })
        });
        Ok((done.await?, secret))
    }

    pub async fn endpoint(&self, workspace: &Workspace, id: &str) -> Result<Endpoint, Refusal> {
        let mut reader = self.store.reader().await?;
        store::find_endpoint(&mut reader, workspace, id).await?.ok_or(Refusal::NotFound("endpoint"))
    }

    /// Endpoints before a place, newest first; those of a handoff's callback only when it is named.
    pub async fn endpoints(
        &self,
        (workspace, handoff): (&Workspace, Option<&HandoffId>),
        page: (Option<i64>, u32),
    ) -> Result<Vec<Endpoint>, Refusal> {
        let mut reader = self.store.reader().await?;
        Ok(store::list_endpoints(&mut reader, (workspace, handoff), page).await?)
    }

    /// Changes an endpoint. One that is enabled again starts without its past failures.
    pub async fn change_endpoint(
        self: &Arc<Self>,
        (workspace, actor): Whose<'_>,
        id: &str,
        change: EndpointChange,
    ) -> Result<Endpoint, Refusal> {
        if let Some(url) = &change.url {
            self.check_address("/url", url).await?;
        }
        check_description(change.description.as_ref().and_then(Option::as_deref))?;
        if change.url.is_some() || change.events.is_some() {
            check_changeable(&self.endpoint(workspace, id).await?)?;
        }
        self.alter(
            workspace,
            id,
            EventKind::EndpointChanged,
            move |endpoint| {
                let before = (endpoint.url.clone(), endpoint.events.clone(), endpoint.state);
                endpoint.url = change.url.unwrap_or(std::mem::take(&mut endpoint.url));
                endpoint.description = change.description.unwrap_or(endpoint.description.take());
                endpoint.events = change.events.unwrap_or(std::mem::take(&mut endpoint.events));
                if let Some(state) = change.state {
                    endpoint.state = state;
                    (endpoint.reason, endpoint.failing_since, endpoint.not_before) = (None, None, None);
                }
                json!({"host": host_of(&endpoint.url), "url_changed": before.0 != endpoint.url,
                   "events": endpoint.events, "state": endpoint.state.name(), "was": before.2.name()})
            },
            actor,
        )
        .await
    }

    /// Takes an endpoint away: its secrets are deleted, and what waits for it is cancelled.
    pub async fn delete_endpoint(self: &Arc<Self>, (workspace, actor): Whose<'_>, id: &str) -> Result<(), Refusal> {
        let delete = |endpoint: &mut Endpoint| {
            endpoint.state = EndpointState::Deleted;
            json!({"host": host_of(&endpoint.url)})
        };
        self.alter(workspace, id, EventKind::EndpointDeleted, delete, actor).await.map(drop)
    }

    /// Puts a new secret in force; the one so far signs too for a day.
    pub async fn rotate_secret(
        self: &Arc<Self>,
        (workspace, actor): Whose<'_>,
        id: &str,
    ) -> Result<(Endpoint, SecretString), Refusal> {
        let secret = secret_of(None)?;
        let sealed = self.seal(workspace, id, &secret)?;
        let (workspace, actor, id, now) = (workspace.clone(), actor.clone(), id.to_owned(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let endpoint = find(tx, &workspace, &id).await?;
                store::add_secret(tx, (&workspace, &id), (&sealed, OVERLAP), now).await?;
                let detail = json!({"actor": actor, "endpoint": id, "what": {"secret": "rotated"}});
                note(tx, &workspace, (EventKind::EndpointChanged, detail), now).await?;
                Ok::<_, Refusal>(endpoint)
            })
        });
        Ok((done.await?, secret))
    }

    /// Sends an example of an event to one endpoint, once.
    pub async fn test_endpoint(
        self: &Arc<Self>,
        (workspace, actor): Whose<'_>,
        id: &str,
        kind: EventKind,
    ) -> Result<Delivery, Refusal> {
        let (workspace, actor, id, now) = (workspace.clone(), actor.clone(), id.to_owned(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let endpoint = find(tx, &workspace, &id).await?;
                if endpoint.state != EndpointState::Enabled {
                    return Err(Refusal::NotEnabled);
                }
                let detail = json!({"actor": actor, "endpoint": id, "example": kind});
                let event = note(tx, &workspace, (EventKind::EndpointTested, detail), now).await?;
                let message = Waiting {
                    id: random_id("msg_"),
                    kind: EventKind::EndpointTested,
                    handoff: None,
                    payload: example_of(kind, now),
                    created_at: now,
                };
                store::add_to_outbox(tx, &workspace, (event, &message)).await?;
                // It is for this endpoint alone.
                store::mark_passed_on(tx, &workspace, &[&message.id], now).await?;
                let delivery = random_id("dlv_");
                store::add_delivery(tx, &workspace, (&delivery, &id, &message.id), now).await?;
                let made = store::find_delivery(tx.reading().await?, &workspace, &delivery).await?;
                made.ok_or(Refusal::NotFound("delivery"))
            })
        });
        let delivery = done.await?;
        self.look_for_post();
        Ok(delivery)
    }

    /// The endpoint of a handoff that names where it wants to be told of itself.
    pub(super) async fn new_callback(
        &self,
        workspace: &Workspace,
        url: Option<&str>,
    ) -> Result<Option<NewEndpoint>, Refusal> {
        let Some(url) = url else { return Ok(None) };
        self.check_address("/callback_url", url).await?;
        self.new_endpoint(workspace, (EndpointKind::Callback, url.to_owned()), &secret_of(None)?).map(Some)
    }

    pub(super) async fn check_address(&self, pointer: &str, url: &str) -> Result<(), Refusal> {
        let checked = self.outbound.check_given(url).await;
        checked.map_err(|refused| Refusal::invalid(pointer, "not_allowed", refused.to_string()))
    }

    pub(super) fn new_endpoint(
        &self,
        workspace: &Workspace,
        (kind, url): (EndpointKind, String),
        secret: &SecretString,
    ) -> Result<NewEndpoint, Refusal> {
        let id = random_id("end_");
        let secret = self.seal(workspace, &id, secret)?;
        Ok(NewEndpoint { id, kind, url, description: None, events: Vec::new(), action: None, secret })
    }

    fn seal(&self, workspace: &Workspace, endpoint: &str, secret: &SecretString) -> Result<String, Refusal> {
        let sealed = self.sealer.seal(&sealed_for(workspace, endpoint), secret);
        sealed.map_err(|fault| Refusal::Store(Fault::Unavailable(fault.to_string())))
    }

    /// Changes an endpoint's row and notes what was changed and by whom.
    async fn alter(
        self: &Arc<Self>,
        workspace: &Workspace,
        id: &str,
        kind: EventKind,
        change: impl FnOnce(&mut Endpoint) -> Json + Send + 'static,
        actor: &Actor,
    ) -> Result<Endpoint, Refusal> {
        let (workspace, actor, id, now) = (workspace.clone(), actor.clone(), id.to_owned(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let mut endpoint = find(tx, &workspace, &id).await?;
                let what = change(&mut endpoint);
                endpoint.updated_at = now;
                store::save_endpoint(tx, &workspace, &endpoint, now).await?;
                super::acting::follow_deliveries(tx, &workspace, &id, now).await?;
                note(tx, &workspace, (kind, json!({"actor": actor, "endpoint": id, "what": what})), now).await?;
                Ok::<_, Refusal>(endpoint)
            })
        });
        let endpoint = done.await?;
        self.look_for_post();
        Ok(endpoint)
    }
}

/// Tells a handoff's callback address of it from now on; another address takes the place of the one before.
pub(super) async fn subscribe_callback(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    new: Option<NewEndpoint>,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(new) = new else { return Ok(()) };
    for mut known in store::list_endpoints(tx.reading().await?, (workspace, Some(handoff)), (None, 10)).await? {
        if known.url == new.url {
            return Ok(());
        }
        known.state = EndpointState::Deleted;
        store::save_endpoint(tx, workspace, &known, now).await?;
    }
    store::insert_endpoint(tx, workspace, (new, Some(handoff)), now).await.map(drop)
}

async fn find(tx: &mut Tx<'_>, workspace: &Workspace, id: &str) -> Result<Endpoint, Refusal> {
    store::find_endpoint(tx.reading().await?, workspace, id).await?.ok_or(Refusal::NotFound("endpoint"))
}

async fn note(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (kind, detail): (EventKind, Json),
    now: Timestamp,
) -> Result<i64, Fault> {
    store::append(tx, workspace, &Happening { kind, handoff: None, version: None, detail }, now).await
}

/// The receiver's own secret, or a new one.
pub(super) fn secret_of(given: Option<SecretString>) -> Result<SecretString, Refusal> {
    match given {
        Some(text) => match Secret::parse(&text) {
            Ok(_) => Ok(text),
            Err(wrong) => Err(Refusal::invalid("/secret", "invalid", wrong.to_string())),
        },
        None => match Secret::create() {
            Ok((_, text)) => Ok(text),
            Err(fault) => Err(Refusal::Store(Fault::Unavailable(fault.to_string()))),
        },
    }
}

/// What an action is sent, and where, is the route's to say.
fn check_changeable(endpoint: &Endpoint) -> Result<(), Refusal> {
    match endpoint.kind {
        EndpointKind::Action => {
            let detail = "a route names this address; publish a version of it that names another one";
            Err(Refusal::invalid("", "not_allowed", detail))
        }
        _ => Ok(()),
    }
}

fn check_description(text: Option<&str>) -> Result<(), Refusal> {
    let text = text.unwrap_or_default();
    if text.chars().count() > MOST_LETTERS {
        return Err(Refusal::invalid("/description", "too_long", format!("at most {MOST_LETTERS} letters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid("/description", "invalid", "write it on one line, without control letters"));
    }
    Ok(())
}

/// For the log: the rest of an address may hold a secret of the receiver's.
pub(super) fn host_of(url: &str) -> Option<String> {
    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned))
}

/// A message as the event would send it, about a handoff that is not there.
pub(super) fn example_of(kind: EventKind, now: Timestamp) -> Json {
    let status = match kind {
        EventKind::NeedsInput => "needs_input",
        EventKind::Ready | EventKind::Answered => "ready",
        EventKind::Transferred | EventKind::PassRenewed | EventKind::Changed => "transferred",
        EventKind::Accepted => "accepted",
        EventKind::Returned => "returned",
        EventKind::Cancelled => "cancelled",
        EventKind::Failed => "failed",
        _ => "drafting",
    };
    let verdict = match status {
        "drafting" | "failed" | "cancelled" => None,
        "needs_input" | "returned" => Some("incomplete"),
        _ => Some("complete"),
    };
    let nobody = "0".repeat(32);
    let data = match kind {
        EventKind::EndpointDisabled => {
            json!({"endpoint": format!("end_{nobody}"), "host": "hooks.acme.example", "reason": "failing"})
        }
        EventKind::ActionFailed => {
            json!({"id": format!("hnd_{nobody}"), "action": "board", "kind": "webhook", "problem": "answered 500"})
        }
        EventKind::Erased => {
            json!({"id": format!("hnd_{nobody}"), "version": 4, "erasure": format!("ers_{nobody}")})
        }
        EventKind::DeliveryExhausted => json!({
            "endpoint": format!("end_{nobody}"), "delivery": format!("dlv_{nobody}"), "message": format!("msg_{nobody}"),
            "event": "handoff.ready", "handoff": format!("hnd_{nobody}"),
        }),
        _ => json!({
            "id": format!("hnd_{nobody}"), "external_id": "hubspot:deal:12345", "status": status, "version": 4,
            "route": {"id": "sales-to-onboarding", "version": 1}, "verdict": verdict,
        }),
    };
    json!({"type": kind, "timestamp": now, "data": data, "example": true})
}
