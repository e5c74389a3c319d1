//! Deliveries as resources: what became of each message to an endpoint, with
//! every attempt, and how to have it sent again.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::{EndpointsRead, EndpointsWrite, Permit};
use super::json::Json as Body;
use super::moments::{Begin, End};
use super::pages::Cut;
use super::parameters::{Path, Query};
use super::problem::Problem;
use super::told::ToldEvent;
use crate::handoff::EventKind;
use crate::store::{Attempt, Delivery};

/// One message to one endpoint.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
pub struct DeliveryBody {
    pub id: String,
    pub endpoint: String,
    /// The `webhook-id`: the same for every attempt.
    pub message: String,
    pub event: EventKind,
    pub handoff: Option<String>,
    /// `waiting`, `sending`, `delivered`; `exhausted` after the last attempt; `cancelled` when the endpoint was disabled or
    /// deleted.
    pub state: String,
    /// When it is tried again; null unless it waits.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub next_at: Option<Timestamp>,
    pub attempts: u32,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub updated_at: Timestamp,
    /// Each attempt, oldest first; only when one delivery is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Vec<AttemptBody>>,
}

/// One try.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Attempt")]
pub struct AttemptBody {
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// What the receiver answered; null when it did not.
    pub status: Option<u16>,
    /// Why there is no answer: `refused_address`, `unknown_host`, `unreachable`, `timed_out`, `broken_answer`, …
    pub problem: Option<String>,
    pub milliseconds: i64,
    /// The beginning of the answer, in printable letters; only of receivers on the public internet.
    pub excerpt: Option<String>,
}

impl DeliveryBody {
    fn of(delivery: Delivery, attempts: Option<Vec<Attempt>>) -> DeliveryBody {
        let attempt = |attempt: Attempt| AttemptBody {
            at: attempt.at,
            status: attempt.status,
            problem: attempt.problem,
            milliseconds: attempt.milliseconds,
            excerpt: attempt.excerpt,
        };
        DeliveryBody {
            next_at: Some(delivery.next_at).filter(|_| delivery.state == "waiting"),
            id: delivery.id,
            endpoint: delivery.endpoint,
            message: delivery.message,
            event: delivery.kind,
            handoff: delivery.handoff,
            state: delivery.state,
            attempts: delivery.made,
            created_at: delivery.created_at,
            updated_at: delivery.updated_at,
            log: attempts.map(|all| all.into_iter().map(attempt).collect()),
        }
    }
}

/// A page of deliveries, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeliveryPage {
    pub data: Vec<DeliveryBody>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Sending,
    Delivered,
    Exhausted,
    Cancelled,
}

impl DeliveryState {
    fn name(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Sending => "sending",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Exhausted => "exhausted",
            DeliveryState::Cancelled => "cancelled",
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryQuery {
    /// Only deliveries that stand so.
    pub state: Option<DeliveryState>,
    /// Deliveries on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Lists the deliveries of an endpoint, newest first
#[utoipa::path(get, path = "/v1/endpoints/{id}/deliveries", operation_id = "listDeliveries", tag = "Telling others")]
pub async fn list(
    State(service): State<Service>,
    permit: Permit<EndpointsRead>,
    Path(id): Path<String>,
    Query(query): Query<DeliveryQuery>,
) -> Result<Body<DeliveryPage>, Problem> {
    let limit = super::pages::limit(query.limit)?;
    let before = super::pages::read(permit.workspace(), query.cursor.as_deref())?;
    let state = query.state.map(DeliveryState::name);
    let found = service.app.deliveries((permit.workspace(), &id), state, (before, limit + 1)).await?;
    let page = Cut::new(found, limit, |delivery| delivery.place);
    Ok(Body(DeliveryPage {
        next_cursor: page.next_cursor(permit.workspace()),
        has_more: page.has_more,
        data: page.rows.into_iter().map(|delivery| DeliveryBody::of(delivery, None)).collect(),
    }))
}

/// Shows a delivery with its attempts
#[utoipa::path(get, path = "/v1/deliveries/{id}", operation_id = "showDelivery", tag = "Telling others")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<EndpointsRead>,
    Path(id): Path<String>,
) -> Result<Body<DeliveryBody>, Problem> {
    let (delivery, attempts) = service.app.delivery(permit.workspace(), &id).await?;
    Ok(Body(DeliveryBody::of(delivery, Some(attempts))))
}

/// Sends a delivery again
///
/// The same message under the same id, from the beginning of its schedule. One that is under way stays so.
#[utoipa::path(post, path = "/v1/deliveries/{id}/resend", operation_id = "resendDelivery", tag = "Telling others")]
pub async fn resend(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let delivery = service.app.resend((permit.workspace(), &permit.actor()), &id).await?;
    Ok((StatusCode::ACCEPTED, Body(DeliveryBody::of(delivery, None))).into_response())
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TestMessage")]
pub struct TestRequest {
    /// Which event's example is sent.
    pub event: ToldEvent,
}

/// Sends an example to an endpoint
///
/// Once, to this endpoint alone. It says `"example": true`.
#[utoipa::path(post, path = "/v1/endpoints/{id}/test", operation_id = "testEndpoint", tag = "Telling others")]
pub async fn test(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
    Body(request): Body<TestRequest>,
) -> Result<Response, Problem> {
    let whose = (permit.workspace(), &permit.actor());
    let delivery = service.app.test_endpoint(whose, &id, request.event.0).await?;
    Ok((StatusCode::ACCEPTED, Body(DeliveryBody::of(delivery, None))).into_response())
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Replay")]
pub struct ReplayRequest {
    /// The first moment of what is sent, or the first day (UTC).
    pub from: Begin,
    /// The last moment of it, or the last day, which counts too.
    pub to: End,
}

/// What a replay came to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Replayed")]
pub struct ReplayBody {
    /// Messages that are sent now.
    pub messages: usize,
}

/// Sends an endpoint everything of a time that it did not get
///
/// Nothing from before it was set up, whatever the time. What arrived already is left out.
#[utoipa::path(post, path = "/v1/endpoints/{id}/replay", operation_id = "replayMessages", tag = "Telling others")]
pub async fn replay(
    State(service): State<Service>,
    permit: Permit<EndpointsWrite>,
    Path(id): Path<String>,
    Body(request): Body<ReplayRequest>,
) -> Result<Response, Problem> {
    let whose = (permit.workspace(), &permit.actor());
    let messages = service.app.replay(whose, &id, (request.from.0, request.to.0)).await?;
    Ok((StatusCode::ACCEPTED, Body(ReplayBody { messages })).into_response())
}
