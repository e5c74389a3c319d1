//! Handoffs as resources: begun, looked at, waited for, listed.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ETAG, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Service;
use super::bodies::{RawQuery, read_handoff};
use super::caller::{HandoffsRead, HandoffsWrite, Permit};
use super::json::Json as Body;
use super::once::asked;
use super::parameters::{Path, Query};
use super::problem::{Kind, Problem};
use crate::app::{Answered, Pass, Refusal};
use crate::asking::{NextStep, Person, next_owner};
use crate::brief::{Gap, RouteVersion, Verdict};
use crate::handoff::{HandoffId, Status};
use crate::store::{self, Duplicate, Filter, Handoff, Why, Workspace};

/// A caller is kept waiting for this long at most, in seconds: less than Zapier's and HubSpot's thirty.
const LONGEST_WAIT: u32 = 25;

/// A handoff as callers see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Handoff")]
pub struct HandoffBody {
    pub id: HandoffId,
    pub status: Status,
    /// Why it stands where it stands: `gaps`, `not_all_read`, `model_unavailable`, `over_budget`, `break_glass`, `parse_failed`, …
    pub reason: Option<String>,
    /// Counts the changes; the `ETag` in quotes.
    pub version: i64,
    pub route: RouteVersion,
    pub external_id: Option<String>,
    pub title: Option<String>,
    /// Null until it was read.
    pub verdict: Option<Verdict>,
    pub gaps: Vec<Gap>,
    /// Fields in which context that came after the transfer differs from what was handed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_after_transfer: Vec<String>,
    /// What a break-glass transfer left open: field, question, owner, due, and who let it pass and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<Json>,
    /// Who has to do what next, and by when.
    pub next_action: NextStep,
    /// Who is told when something fails; null when the route names nobody.
    pub failure_owner: Option<Person>,
    /// Why nothing of it may go, while it is on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldBody>,
    /// Raw context went by age then: the brief stays, and it cannot be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub context_gone_at: Option<Timestamp>,
    /// Handoffs of the same route that may be the same one under another id. Told where a handoff is looked at or listed,
    /// not in the answers to changes; it blocks nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub possible_duplicates: Vec<HandoffId>,
    /// The same with the reason and where to look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<DuplicateBody>,
    pub links: Links,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub updated_at: Timestamp,
    /// The pass, in the answer to a transfer alone: a signed token. A repeated transfer gets it only while it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub pass_expires_at: Option<Timestamp>,
    /// In the answer to a repeated transfer alone: why its pass is not in force any more, `expired` or `superseded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_state: Option<&'static str>,
}

/// Why nothing of a handoff may go, and since when.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Hold")]
pub struct HoldBody {
    pub reason: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub since: Timestamp,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Links {
    #[serde(rename = "self")]
    pub itself: String,
    pub brief: String,
    pub events: String,
    /// The page on which gaps are filled; null while this server has none.
    pub review: Option<String>,
}

/// A handoff that may be the same as another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Duplicate")]
pub struct DuplicateBody {
    pub handoff: HandoffId,
    /// `same_messages`: at least half of the messages of one are in the other. `same_customer`: the customer is being
    /// handed over there just now.
    pub why: &'static str,
    pub title: Option<String>,
    pub links: DuplicateLinks,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DuplicateLinks {
    pub handoff: String,
    /// Its page for people who log in, and that of the handoff which it may be the same as.
    pub page: String,
    pub own_page: String,
}

/// A page of handoffs, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HandoffPage {
    pub data: Vec<HandoffBody>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

impl HandoffBody {
    pub fn of(row: &Handoff, pass: Option<&Pass>) -> HandoffBody {
        let itself = format!("/v1/handoffs/{}", row.id);
        let (next_action, failure_owner) = next_owner((row.status, &row.matter), row.brief.as_ref(), row.created_at);
        let (token, pass_state) = match pass {
            Some(Pass::Issued(token)) => (Some(token), None),
            Some(Pass::Ended(why)) => (None, Some(*why)),
            None => (None, None),
        };
        HandoffBody {
            id: row.id.clone(),
            status: row.status,
            reason: row.reason.clone(),
            version: row.version,
            route: row.route.clone(),
            external_id: row.external_id.clone(),
            title: row.matter.title.clone(),
            verdict: row.verdict(),
            gaps: row.gaps().to_vec(),
            changed_after_transfer: row.changed.clone(),
            debts: row.debts.clone(),
            next_action,
            failure_owner,
            hold: row.hold.as_ref().map(|hold| HoldBody { reason: hold.reason.clone(), since: hold.since }),
            context_gone_at: row.context_gone_at,
            possible_duplicates: Vec::new(),
            duplicates: Vec::new(),
            links: Links { brief: format!("{itself}/brief"), events: format!("{itself}/events"), review: None, itself },
            created_at: row.created_at,
            updated_at: row.updated_at,
            pass: token.map(|token| token.text.clone()),
            pass_expires_at: token.map(|token| token.expires_at),
            pass_state,
        }
    }
}

impl HandoffBody {
    /// With the handoffs that may be the same.
    fn beside(self, duplicates: Vec<Duplicate>, service: &Service) -> HandoffBody {
        let own_page = service.app.settings.page_of(&self.id);
        let body = |one: Duplicate| DuplicateBody {
            why: match one.why {
                Why::SameMessages => "same_messages",
                Why::SameCustomer => "same_customer",
            },
            title: one.title,
            links: DuplicateLinks {
                handoff: format!("/v1/handoffs/{}", one.handoff),
                page: service.app.settings.page_of(&one.handoff),
                own_page: own_page.clone(),
            },
            handoff: one.handoff,
        };
        let duplicates: Vec<DuplicateBody> = duplicates.into_iter().map(body).collect();
        let possible_duplicates = duplicates.iter().map(|one| one.handoff.clone()).collect();
        HandoffBody { possible_duplicates, duplicates, ..self }
    }
}

/// The form in which changes are answered, and kept for repeats of the request.
pub fn render(row: &Handoff, pass: Option<&Pass>) -> Json {
    serde_json::to_value(HandoffBody::of(row, pass)).unwrap_or_default()
}

/// An answered change: what it came to, its version as `ETag`, and whether it was answered before.
pub fn respond(status: StatusCode, answered: Answered) -> Response {
    let mut response = (status, Body(answered.body)).into_response();
    let headers = response.headers_mut();
    headers.insert(ETAG, etag(answered.version));
    if answered.is_replay {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The id in a path; what has not the form of one is not there.
pub fn parse_id(text: &str) -> Result<HandoffId, Problem> {
    HandoffId::parse(text).ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such handoff"))
}

/// What the query of a new handoff says; for JSON all but `wait` stands in the body.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct CreateQuery {
    /// Seconds to wait for the reading.
    #[schemars(range(max = 25))]
    pub wait: Option<u32>,
    /// The route of a body that is one mail or transcript.
    pub route: Option<String>,
    /// The caller's own id of the matter, for the same.
    pub external_id: Option<String>,
    /// The handoff's title, for the same.
    pub title: Option<String>,
    /// What the mail or transcript is called.
    pub filename: Option<String>,
}

/// Begins a handoff
///
/// Its context is stored when this answers, and read right after. The same route and `external_id` again adds context to
/// the open handoff. One mail or transcript may also be sent as it is, with the route in the query.
#[utoipa::path(post, path = "/v1/handoffs", operation_id = "createHandoff", tag = "Handing over")]
pub async fn create(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Query(query): Query<CreateQuery>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Result<Response, Problem> {
    let wait = checked_wait(query.wait)?;
    let asked = asked(&permit, (&method, &uri, &headers), &body)?;
    let raw =
        RawQuery { route: query.route, external_id: query.external_id, title: query.title, filename: query.filename };
    let request = read_handoff(&headers, raw, body).await?;
    let answered = service.app.accept(asked, request).await?;
    let location = HeaderValue::from_str(&format!("/v1/handoffs/{}", answered.id)).map_err(Problem::internal)?;
    let mut response = taken_in(&service, permit.workspace(), answered, wait).await?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// The answer to context that was stored: at once as it was then, or with a wait as it stands as soon as it was read,
/// also for a repeat of the request.
pub async fn taken_in(
    service: &Service,
    workspace: &Workspace,
    answered: Answered,
    wait: u32,
) -> Result<Response, Problem> {
    if wait == 0 {
        return Ok(come_again(respond(StatusCode::ACCEPTED, answered)));
    }
    let row = wait_for(service, workspace, &answered.id, wait).await?;
    let is_read = row.is_read();
    let answered = Answered { body: render(&row, None), version: row.version, ..answered };
    if is_read {
        return Ok(respond(StatusCode::OK, answered));
    }
    Ok(come_again(respond(StatusCode::ACCEPTED, answered)))
}

/// When to look again whether it was read; the edge leaves it out for callers that misread it.
fn come_again(mut response: Response) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// The seconds to wait that a query asks for.
pub fn checked_wait(wait: Option<u32>) -> Result<u32, Problem> {
    let wait = wait.unwrap_or_default();
    if wait > LONGEST_WAIT {
        let detail = format!("0 to {LONGEST_WAIT} seconds; ask again after that");
        return Err(Problem::new(Kind::InvalidQuery).error("/query/wait", "invalid", detail));
    }
    Ok(wait)
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitQuery {
    /// Seconds to wait for the reading.
    #[schemars(range(max = 25))]
    pub wait: Option<u32>,
}

/// Shows a handoff
///
/// With `wait`, as soon as nothing of it waits to be read.
#[utoipa::path(get, path = "/v1/handoffs/{id}", operation_id = "showHandoff", tag = "Handing over")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Path(id): Path<String>,
    Query(query): Query<WaitQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wait = checked_wait(query.wait)?;
    let row = wait_for(&service, permit.workspace(), &parse_id(&id)?, wait).await?;
    let tag = etag(row.version);
    if super::once::is_known(&headers, row.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let mut duplicates = service.app.duplicates(permit.workspace(), std::slice::from_ref(&row.id)).await?;
    let body = HandoffBody::of(&row, None).beside(duplicates.remove(&row.id).unwrap_or_default(), &service);
    Ok(([(ETAG, tag)], Body(body)).into_response())
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Only handoffs that stand so.
    pub status: Option<Status>,
    /// Only handoffs of this route.
    pub route: Option<String>,
    /// Only handoffs of this matter.
    pub external_id: Option<String>,
    /// Handoffs on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Lists handoffs, newest first
#[utoipa::path(get, path = "/v1/handoffs", operation_id = "listHandoffs", tag = "Handing over")]
pub async fn list(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Query(query): Query<ListQuery>,
) -> Result<Body<HandoffPage>, Problem> {
    let limit = super::pages::limit(query.limit)?;
    let before = super::pages::read(permit.workspace(), query.cursor.as_deref())?;
    let filter = Filter { status: query.status, route: query.route, external_id: query.external_id };
    let page = service.app.list(permit.workspace(), &filter, (before, limit)).await?;
    let last = page.handoffs.last().filter(|_| page.has_more).map(|row| row.place);
    let ids: Vec<HandoffId> = page.handoffs.iter().map(|row| row.id.clone()).collect();
    let mut duplicates = service.app.duplicates(permit.workspace(), &ids).await?;
    let body =
        |row: &Handoff| HandoffBody::of(row, None).beside(duplicates.remove(&row.id).unwrap_or_default(), &service);
    Ok(Body(HandoffPage {
        data: page.handoffs.iter().map(body).collect(),
        next_cursor: last.map(|place| super::pages::write(permit.workspace(), place)),
        has_more: page.has_more,
    }))
}

/// The handoff as soon as nothing of it waits to be read, or when the time is over.
pub async fn wait_for(
    service: &Service,
    workspace: &Workspace,
    id: &HandoffId,
    seconds: u32,
) -> Result<store::Handoff, Refusal> {
    let ends = tokio::time::Instant::now() + Duration::from_secs(u64::from(seconds));
    // Listened to before looking, so that no change falls between.
    let mut notices = service.app.listen();
    loop {
        let row = service.app.glance(workspace, id).await?;
        if row.is_read() || tokio::time::Instant::now() >= ends || service.app.is_stopping() {
            return Ok(row);
        }
        loop {
            match tokio::time::timeout_at(ends, notices.recv()).await {
                Ok(Ok(notice)) if notice.handoff != *id => {}
                // News of this one, too many news to follow, or the end of the time: look again.
                _ => break,
            }
        }
    }
}
