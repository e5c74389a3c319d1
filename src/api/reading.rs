//! What was read: the brief in its three forms, and what happened, as a list
//! or as a stream that goes on.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::broadcast::Receiver;

use super::Service;
use super::caller::{HandoffsRead, Permit};
use super::handoffs::{etag, parse_id};
use super::json::Json as Body;
use super::pages::Cut;
use super::parameters::{Path, Query};
use super::problem::{Kind, Problem};
use crate::app::{Audience, News, Notice, Refusal};
use crate::handoff::{EventKind, HandoffId};
use crate::rendering::{brief_html, brief_markdown};
use crate::store::{Entry, Workspace};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BriefFormat {
    #[default]
    Json,
    Markdown,
    Html,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BriefQuery {
    /// The form; what `Accept` asks for unless given.
    pub format: Option<BriefFormat>,
    /// `latest` shows the newest reading of a handoff that has moved, instead of what was handed over.
    pub reading: Option<Latest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Latest {
    Latest,
}

/// Shows the brief, as JSON, Markdown or a page
///
/// Judged anew with the clock of now until the handoff has moved.
#[utoipa::path(get, path = "/v1/handoffs/{id}/brief", operation_id = "showBrief", tag = "Handing over")]
pub async fn brief(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Path(id): Path<String>,
    Query(query): Query<BriefQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = query.format.unwrap_or_else(|| accepted(&headers));
    let id = parse_id(&id)?;
    let audience = if query.reading.is_some() { Audience::Latest } else { Audience::HandedOver };
    let (row, brief) = service.app.brief(permit.workspace(), &id, audience).await?;
    let tag = etag(row.version);
    if format == BriefFormat::Json {
        return Ok(([("etag", tag)], Body(brief)).into_response());
    }
    let shown = service.app.show(permit.workspace(), &row, brief).await?;
    let (kind, text) = match format {
        BriefFormat::Markdown => ("text/markdown; charset=utf-8", brief_markdown(&shown.view())),
        _ => ("text/html; charset=utf-8", brief_html(&shown.view())),
    };
    let mut response = ([("etag", tag)], text).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if format == BriefFormat::Html {
        // The page carries its own policy, by the hashes of its style and script; here only what a page cannot say.
        let policy = HeaderValue::from_static("frame-ancestors 'none'");
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn accepted(headers: &HeaderMap) -> BriefFormat {
    let wanted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match wanted {
        _ if wanted.contains("text/html") => BriefFormat::Html,
        _ if wanted.contains("text/markdown") => BriefFormat::Markdown,
        _ => BriefFormat::Json,
    }
}

/// One entry of the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct EventBody {
    /// The place in the workspace's log; also the id of the event in a stream.
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: EventKind,
    pub handoff: Option<HandoffId>,
    pub version: Option<i64>,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Who, why and what; null after an erasure.
    pub detail: Option<Json>,
    /// The hash of the entry before it, and its own.
    pub previous: String,
    pub hash: String,
}

impl From<Entry> for EventBody {
    fn from(entry: Entry) -> Self {
        EventBody {
            id: entry.place,
            kind: entry.kind,
            handoff: entry.handoff,
            version: entry.version,
            at: entry.at,
            detail: entry.detail,
            previous: entry.previous,
            hash: entry.hash,
        }
    }
}

/// Entries, oldest first; `next_after` is where the next page begins.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EventPage {
    pub data: Vec<EventBody>,
    pub next_after: Option<i64>,
    pub has_more: bool,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// The id of the event after which the page begins.
    #[schemars(range(min = 0))]
    pub after: Option<i64>,
    /// Events on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Lists what happened to a handoff, or streams it
///
/// With `Accept: text/event-stream` what happened is followed by what happens, until the service stops.
#[utoipa::path(get, path = "/v1/handoffs/{id}/events", operation_id = "listEvents", tag = "Handing over")]
pub async fn events(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Path(id): Path<String>,
    Query(query): Query<EventsQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    service.app.glance(permit.workspace(), &id).await?;
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let after = query.after.or(seen).unwrap_or_default();
    if after < 0 {
        return Err(Problem::new(Kind::InvalidQuery).error("/query/after", "invalid", "it is 0 or an event's id"));
    }
    let wants_stream = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/event-stream"));
    if wants_stream {
        let stream = follow(service, permit.workspace().clone(), id, after);
        return Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response());
    }
    let limit = super::pages::limit(query.limit)?;
    Ok(Body(page(&service, (permit.workspace(), Some(&id)), (after, limit)).await?).into_response())
}

/// One page of the log.
pub async fn page(
    service: &Service,
    whose: (&Workspace, Option<&HandoffId>),
    (after, limit): (i64, u32),
) -> Result<EventPage, Refusal> {
    let entries = service.app.events(whose, (after, i64::from(limit) + 1)).await?;
    let page = Cut::new(entries, limit, |entry| entry.place);
    Ok(EventPage {
        data: page.rows.into_iter().map(EventBody::from).collect(),
        next_after: page.last,
        has_more: page.has_more,
    })
}

/// What a stream has to send next.
struct Following {
    service: Service,
    workspace: Workspace,
    handoff: HandoffId,
    after: i64,
    ready: std::collections::VecDeque<Event>,
    notices: Receiver<Notice>,
    is_live: bool,
}

/// What happened since `after`, then what happens, until the service stops.
fn follow(
    service: Service,
    workspace: Workspace,
    handoff: HandoffId,
    after: i64,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let notices = service.app.listen();
    let state = Following { service, workspace, handoff, after, ready: Default::default(), notices, is_live: false };
    stream::unfold(state, |mut state| async move {
        loop {
            if let Some(event) = state.ready.pop_front() {
                return Some((Ok(event), state));
            }
            if state.is_live {
                state.hear().await?;
            } else {
                state.catch_up().await?;
            }
        }
    })
}

impl Following {
    /// The log from where the listener left off.
    async fn catch_up(&mut self) -> Option<()> {
        let whose = (&self.workspace, Some(&self.handoff));
        let entries = self.service.app.events(whose, (self.after, 100)).await.ok()?;
        self.is_live = entries.is_empty();
        for entry in entries {
            self.after = entry.place;
            let event = Event::default().id(entry.place.to_string()).event(entry.kind.name());
            self.ready.push_back(event.json_data(EventBody::from(entry)).ok()?);
        }
        Some(())
    }

    async fn hear(&mut self) -> Option<()> {
        if self.service.app.is_stopping() {
            return None;
        }
        match tokio::time::timeout(Duration::from_secs(1), self.notices.recv()).await {
            Ok(Ok(notice)) if notice.handoff == self.handoff && notice.workspace == self.workspace => match notice.news
            {
                News::Changed(_) => self.is_live = false,
                News::Progress(step) => {
                    self.ready.push_back(Event::default().event("progress").json_data(step).ok()?);
                }
            },
            Ok(Ok(_)) | Err(_) => {}
            // Too many news to follow: the log tells.
            Ok(Err(_)) => self.is_live = false,
        }
        Some(())
    }
}
