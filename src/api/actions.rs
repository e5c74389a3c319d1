//! What a transfer sets off, as resources: what became of each action, one
//! tried again; a route's actions rendered, and one sent as a test.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Service;
use super::caller::{HandoffsRead, HandoffsWrite, Permit, RoutesRead, RoutesWrite};
use super::handoffs::parse_id;
use super::json::{self, Json as Body};
use super::parameters::Path;
use super::problem::Problem;
use super::routes::not_there;
use crate::access::keys::Scope;
use crate::acting::Ready;
use crate::app::Preview;
use crate::handoff::HandoffId;
use crate::store::ActionRow;

/// What became of one action of a transfer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Action")]
pub struct ActionBody {
    pub name: String,
    /// `webhook`, `email` or `slack`.
    pub kind: String,
    /// `waiting`, `done` or `failed`.
    pub state: &'static str,
    /// The version of the handoff that the gate let through: each transfer has its own actions.
    pub version: i64,
    /// Attempts to send it.
    pub attempts: u32,
    /// Why the last attempt failed, or why there was none; null once it is done.
    pub problem: Option<String>,
    /// The id of the delivery (`dlv_…`) or of the message to a person (`ltr_…`); null when there is none.
    pub message: Option<String>,
    /// When it is tried again; null unless it waits.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub next_at: Option<Timestamp>,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    /// When it was done, or given up.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub ended_at: Option<Timestamp>,
}

impl From<ActionRow> for ActionBody {
    fn from(row: ActionRow) -> ActionBody {
        ActionBody {
            name: row.name,
            kind: row.kind,
            state: row.state.name(),
            version: row.version,
            attempts: row.attempts,
            problem: row.problem,
            message: row.message,
            next_at: row.next_at,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

/// The actions of a handoff's transfers, those of the last one first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ActionList {
    pub data: Vec<ActionBody>,
}

/// Lists what the transfers of a handoff set off
///
/// Those of the last transfer first, in the order of the route.
#[utoipa::path(get, path = "/v1/handoffs/{id}/actions", operation_id = "listActions", tag = "Handing over")]
pub async fn list(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Path(id): Path<String>,
) -> Result<Body<ActionList>, Problem> {
    let actions = service.app.actions(permit.workspace(), &parse_id(&id)?).await?;
    Ok(Body(ActionList { data: actions.into_iter().map(ActionBody::from).collect() }))
}

/// Tries an action of the last transfer again
///
/// Only one that failed: the same message under the same id, or one made anew where there was none.
#[utoipa::path(
    post,
    path = "/v1/handoffs/{id}/actions/{name}/retry",
    operation_id = "retryAction",
    tag = "Handing over"
)]
pub async fn retry(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let whose = (permit.workspace(), &permit.actor());
    let action = service.app.retry_action(whose, &parse_id(&id)?, &name).await?;
    Ok((StatusCode::ACCEPTED, Body(ActionBody::from(action))).into_response())
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ActionsDryRun")]
pub struct PreviewRequest {
    /// The handoff of this route that they are filled in from; an invented one unless given.
    #[serde(default)]
    pub handoff: Option<HandoffId>,
}

/// An action as it would leave.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "ActionPreview")]
pub struct PreviewBody {
    pub name: String,
    /// `webhook`, `email` or `slack`.
    pub kind: &'static str,
    /// Of a webhook.
    pub url: Option<String>,
    pub body: Option<Json>,
    /// The address, or Slack's id.
    pub to: Option<String>,
    pub subject: Option<String>,
    pub text: Option<String>,
    /// Of a mail.
    pub html: Option<String>,
    /// Of a message in Slack.
    pub blocks: Option<Json>,
    /// Why it could not leave.
    pub problem: Option<String>,
}

impl PreviewBody {
    /// The personal link of whoever gets it is not among what is shown: `page` stands in its place.
    fn of(preview: Preview, page: &str) -> PreviewBody {
        let filled = |text: &str| Some(text.replace(crate::asking::LINK, page)).filter(|text| !text.is_empty());
        let named = PreviewBody { name: preview.name, kind: preview.kind, ..PreviewBody::default() };
        match preview.what {
            Ready::Post { url, body } => PreviewBody { url: Some(url), body: Some(body), ..named },
            Ready::Nobody { problem } => PreviewBody { problem: Some(problem), ..named },
            Ready::Message { person, words } => PreviewBody {
                to: if words.has_slack() { person.slack } else { person.email },
                subject: Some(words.subject.clone()),
                text: filled(&words.text),
                html: filled(&words.html),
                blocks: words.has_slack().then(|| with_page(words.blocks, page)),
                ..named
            },
        }
    }
}

fn with_page(mut blocks: Json, page: &str) -> Json {
    match &mut blocks {
        Json::String(text) => *text = text.replace(crate::asking::LINK, page),
        Json::Array(items) => items.iter_mut().for_each(|item| *item = with_page(item.take(), page)),
        Json::Object(entries) => entries.values_mut().for_each(|value| *value = with_page(value.take(), page)),
        _ => {}
    }
    blocks
}

/// All actions of a route as they would leave.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ActionPreviewList")]
pub struct PreviewList {
    pub data: Vec<PreviewBody>,
}

/// Shows what a route's actions would send
///
/// Nothing leaves. With a handoff it needs the scope `handoffs:read` too; personal links are left out.
#[utoipa::path(post, path = "/v1/routes/{id}/actions/dry-run", operation_id = "dryRunActions", tag = "Routes")]
pub async fn dry_run(
    State(service): State<Service>,
    permit: Permit<RoutesRead>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Body<PreviewList>, Problem> {
    let request: PreviewRequest = if body.is_empty() { PreviewRequest::default() } else { json::parse(&body)? };
    let handoff = request.handoff.map(|id| parse_id(&id.0)).transpose()?;
    if handoff.is_some() {
        permit.require(Scope::HandoffsRead)?;
    }
    let previews = service.app.preview_actions(permit.workspace(), &id, handoff.as_ref()).await.map_err(not_there)?;
    let page =
        handoff.map(|id| service.app.settings.page_of(&id)).unwrap_or_else(|| service.app.settings.page_of(&"example"));
    Ok(Body(PreviewList { data: previews.into_iter().map(|one| PreviewBody::of(one, &page)).collect() }))
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ActionTest")]
pub struct TestRequest {
    /// Who gets the test: an address for a mail, Slack's id of a person or a channel. A webhook goes to its own address.
    #[serde(default)]
    pub to: Option<String>,
}

/// What a test sends.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ActionTestSent")]
pub struct TestBody {
    /// `webhook`, `email` or `slack`.
    pub kind: &'static str,
    /// The id of the delivery, where it is a webhook.
    pub delivery: Option<String>,
    /// The id of the message in the outbox, where it is for a person.
    pub message: Option<String>,
}

/// Sends an example of one action
///
/// About a handoff that is not there, marked as a test, and never to whoever the route names.
#[utoipa::path(post, path = "/v1/routes/{id}/actions/{name}/test", operation_id = "testAction", tag = "Routes")]
pub async fn test(
    State(service): State<Service>,
    permit: Permit<RoutesWrite>,
    Path((id, name)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Problem> {
    let request: TestRequest = if body.is_empty() { TestRequest::default() } else { json::parse(&body)? };
    let whose = (permit.workspace(), &permit.actor());
    let sent = service.app.test_action(whose, (&id, &name), request.to.as_deref()).await.map_err(not_there)?;
    let body = TestBody { kind: sent.kind, delivery: sent.delivery, message: sent.message };
    Ok((StatusCode::ACCEPTED, Body(body)).into_response())
}
