//! Endpoints as resources: who is told what happens, with which secret, and
//! what became of the messages to each. Hooks are the same in the form that
//! automation platforms speak.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::Service;
use super::caller::{EndpointsRead, EndpointsWrite, Permit};
use super::handoffs::parse_id;
use super::json::Json as Body;
use super::pages::Cut;
use super::parameters::{Path, Query};
use super::problem::Problem;
use super::told::ToldEvent;
use crate::app::{EndpointChange, EndpointRequest};
use crate::handoff::{EventKind, HandoffId};
use crate::store::{Endpoint, EndpointKind, EndpointState};

/// An endpoint as callers see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Endpoint")]
pub struct EndpointBody {
    pub id: String,
    /// `endpoint`, `hook`, `callback` of the one handoff that is named, or `action` of a route, which is sent what the
    /// route says and told nothing else.
    pub kind: &'static str,
    pub url: String,
    pub description: Option<String>,
    /// What it is told of; an empty list is everything.
    pub events: Vec<EventKind>,
    /// `enabled`; `paused`: messages are kept for it; `disabled`: they are not.
    pub state: &'static str,
    /// Why it is disabled: `gone`, when it answered 410; `failing`, when nothing arrived for 120 hours.
    pub reason: Option<String>,
    pub handoff: Option<HandoffId>,
    /// The first failure since something arrived.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub failing_since: Option<Timestamp>,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub updated_at: Timestamp,
    /// The secret to verify messages with; when it was set up or rotated, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl EndpointBody {
    fn of(endpoint: Endpoint, secret: Option<&SecretString>) -> EndpointBody {
        EndpointBody {
            id: endpoint.id,
            kind: endpoint.kind.name(),
            url: endpoint.url,
            description: endpoint.description,
            events: endpoint.events,
            state: endpoint.state.name(),
            reason: endpoint.reason,
            handoff: endpoint.handoff,
            failing_since: endpoint.failing_since,
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
            secret: secret.map(|secret| secret.expose_secret().to_owned()),
        }
    }
}

/// A page of endpoints, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EndpointPage {
    pub data: Vec<EndpointBody>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewEndpoint")]
pub struct CreateRequest {
    /// Where messages are posted to: a public address, over https.
    pub url: String,
    /// What it is told of; everything unless given.
    #[serde(default)]
    pub events: Vec<ToldEvent>,
    #[serde(default)]
    pub description: Option<String>,
    /// A secret of the receiver's own, `whsec_` and the base64 of 24 to 64 bytes; one is made unless given.
    #[serde(default)]
    pub secret: Option<String>,
}

/// Sets an endpoint up
///
/// It is told of what happens from now on. The secret stands in this answer alone.
#[utoipa::path(post, path = "/v1/endpoints", operation_id = "createEndpoint", tag = "Telling others")]
pub async fn create(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Body(request): Body<CreateRequest>,
) -> Result<Response, Problem> {
    let request = EndpointRequest {
        kind: EndpointKind::Endpoint,
        url: request.url,
        description: request.description.filter(|text| !text.is_empty()),
        events: ToldEvent::kinds(request.events),
        secret: request.secret.map(SecretString::from),
    };
    let (endpoint, secret) = service.app.add_endpoint((permit.workspace(), &permit.actor()), request).await?;
    let location = format!("/v1/endpoints/{}", endpoint.id);
    let body = Body(EndpointBody::of(endpoint, Some(&secret)));
    Ok((StatusCode::CREATED, [(LOCATION, location)], body).into_response())
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointQuery {
    /// The handoff whose callback is wanted; without it, those that are told of all handoffs.
    pub handoff: Option<String>,
    /// Endpoints on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Lists endpoints and hooks, newest first
#[utoipa::path(get, path = "/v1/endpoints", operation_id = "listEndpoints", tag = "Telling others")]
pub async fn list(
    State(service): State<Service>,
    permit: Permit<EndpointsRead>,
    Query(query): Query<EndpointQuery>,
) -> Result<Body<EndpointPage>, Problem> {
    let limit = super::pages::limit(query.limit)?;
    let before = super::pages::read(permit.workspace(), query.cursor.as_deref())?;
    let handoff = query.handoff.as_deref().map(parse_id).transpose()?;
    let found = service.app.endpoints((permit.workspace(), handoff.as_ref()), (before, limit + 1)).await?;
    let page = Cut::new(found, limit, |endpoint| endpoint.place);
    Ok(Body(EndpointPage {
        next_cursor: page.next_cursor(permit.workspace()),
        has_more: page.has_more,
        data: page.rows.into_iter().map(|endpoint| EndpointBody::of(endpoint, None)).collect(),
    }))
}

/// Shows an endpoint
#[utoipa::path(get, path = "/v1/endpoints/{id}", operation_id = "showEndpoint", tag = "Telling others")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<EndpointsRead>,
    Path(id): Path<String>,
) -> Result<Body<EndpointBody>, Problem> {
    Ok(Body(EndpointBody::of(service.app.endpoint(permit.workspace(), &id).await?, None)))
}

/// What an endpoint can be set to.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    Enabled,
    Paused,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EndpointChange")]
pub struct ChangeRequest {
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub events: Option<Vec<ToldEvent>>,
    /// An empty text takes it away.
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub state: Option<WantedState>,
}

/// Changes an endpoint
///
/// What is left out stays. One that is enabled again is sent what was kept for it; what happened while it was disabled can
/// be replayed.
#[utoipa::path(patch, path = "/v1/endpoints/{id}", operation_id = "changeEndpoint", tag = "Telling others")]
pub async fn change(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
    Body(request): Body<ChangeRequest>,
) -> Result<Body<EndpointBody>, Problem> {
    let state = request.state.map(|state| match state {
        WantedState::Enabled => EndpointState::Enabled,
        WantedState::Paused => EndpointState::Paused,
    });
    let description = request.description.map(|text| Some(text).filter(|text| !text.is_empty()));
    let events = request.events.map(ToldEvent::kinds);
    let change = EndpointChange { url: request.url, description, events, state };
    let changed = service.app.change_endpoint((permit.workspace(), &permit.actor()), &id, change).await?;
    Ok(Body(EndpointBody::of(changed, None)))
}

/// Takes an endpoint away
///
/// Its secrets are deleted, and what waits for it is not sent any more.
#[utoipa::path(delete, path = "/v1/endpoints/{id}", operation_id = "deleteEndpoint", tag = "Telling others")]
pub async fn delete(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    service.app.delete_endpoint((permit.workspace(), &permit.actor()), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a new secret in force
///
/// For 24 hours messages carry the signatures of both, so that the receiver can change over in peace.
#[utoipa::path(post, path = "/v1/endpoints/{id}/rotate", operation_id = "rotateSecret", tag = "Telling others")]
pub async fn rotate(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
) -> Result<Body<EndpointBody>, Problem> {
    let (endpoint, secret) = service.app.rotate_secret((permit.workspace(), &permit.actor()), &id).await?;
    Ok(Body(EndpointBody::of(endpoint, Some(&secret))))
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewHook")]
pub struct HookRequest {
    /// Where messages are posted to.
    pub target_url: String,
    /// What it is told of.
    pub event: ToldEvent,
}

/// A hook that was subscribed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Hook")]
pub struct HookBody {
    pub id: String,
}

/// Subscribes an automation to one event
///
/// Without a handshake. It ends with a `DELETE`, or when the address answers 410.
#[utoipa::path(post, path = "/v1/hooks", operation_id = "subscribeHook", tag = "Telling others")]
pub async fn subscribe(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Body(request): Body<HookRequest>,
) -> Result<Response, Problem> {
    let request = EndpointRequest {
        kind: EndpointKind::Hook,
        url: request.target_url,
        description: None,
        events: vec![request.event.0],
        secret: None,
    };
    let (hook, _) = service.app.add_endpoint((permit.workspace(), &permit.actor()), request).await?;
    Ok((StatusCode::CREATED, Body(HookBody { id: hook.id })).into_response())
}

/// Unsubscribes an automation
#[utoipa::path(delete, path = "/v1/hooks/{id}", operation_id = "unsubscribeHook", tag = "Telling others")]
pub async fn unsubscribe(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    service.app.delete_endpoint((permit.workspace(), &permit.actor()), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleQuery {
    /// The event; `handoff.ready` unless given.
    pub event: Option<ToldEvent>,
}

/// Shows what an event looks like, as a bare list
///
/// The last three as they were sent, or an example; each has an `id`, the newest first.
#[utoipa::path(get, path = "/v1/hooks/sample", operation_id = "sampleHook", tag = "Telling others")]
pub async fn sample(
    State(service): State<Service>,
    permit: Permit<EndpointsRead>,
    Query(query): Query<SampleQuery>,
) -> Result<Body<Vec<Json>>, Problem> {
    let event = query.event.map_or(EventKind::Ready, |ToldEvent(kind)| kind);
    let samples = service.app.samples(permit.workspace(), event).await?;
    let body = |(id, payload): (String, Json)| match payload {
        Json::Object(mut payload) => {
            payload.insert("id".to_owned(), json!(id));
            payload.into()
        }
        other => other,
    };
    Ok(Body(samples.into_iter().map(body).collect()))
}
