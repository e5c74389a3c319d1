//! Passes for whoever moves the work: are they ours, are they in force; and
//! the log with the signed end of its chain.

use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Service;
use super::caller::{AuditRead, HandoffsRead, Permit};
use super::json::Json as Body;
use super::parameters::Query;
use super::problem::{Kind, Problem};
use super::reading::{EventBody, page};
use crate::app::PassState;
use crate::handoff::HandoffId;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// The pass as it was given.
    pub pass: String,
}

/// What a pass is worth now.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "PassState")]
pub struct VerifyBody {
    pub valid: bool,
    /// `expired`, `bad_signature`, `superseded` or `unknown`; only when it is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Whether somebody forced the transfer although something was open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_glass: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<Timestamp>,
}

/// Tells what a pass is worth now
#[utoipa::path(post, path = "/v1/passes/verify", operation_id = "verifyPass", tag = "Looking after it")]
pub async fn verify(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Body(request): Body<VerifyRequest>,
) -> Result<Body<VerifyBody>, Problem> {
    Ok(Body(match service.app.verify_pass(permit.workspace(), request.pass.trim()).await? {
        PassState::Invalid(reason) => VerifyBody { reason: Some(reason.to_owned()), ..VerifyBody::default() },
        PassState::Valid { claims } => VerifyBody {
            valid: true,
            reason: None,
            expires_at: claims.expires(),
            handoff: Some(HandoffId(claims.sub)),
            external_id: claims.external_id,
            route: Some(claims.route),
            break_glass: Some(claims.bg),
        },
    }))
}

/// Shows the public keys that passes are signed with
///
/// Open to everybody, so that a pass can be checked without asking.
#[utoipa::path(get, path = "/.well-known/jwks.json", operation_id = "listSigningKeys", tag = "Looking after it")]
pub async fn jwks(State(service): State<Service>) -> Body<Json> {
    Body(service.app.signing().jwks())
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// The id of the event after which the page begins.
    #[schemars(range(min = 0))]
    pub after: Option<i64>,
    /// Events on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// A page of the log, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditPage {
    pub data: Vec<EventBody>,
    pub next_after: Option<i64>,
    pub has_more: bool,
    /// The end of the chain, signed: kept elsewhere, it shows a log that was cut off.
    pub head: String,
}

/// Lists the log of the workspace, oldest first, with the signed end of its chain
#[utoipa::path(get, path = "/v1/audit", operation_id = "listAudit", tag = "Looking after it")]
pub async fn audit(
    State(service): State<Service>,
    permit: Permit<AuditRead>,
    Query(query): Query<AuditQuery>,
) -> Result<Body<AuditPage>, Problem> {
    let after = query.after.unwrap_or_default();
    if after < 0 {
        return Err(Problem::new(Kind::InvalidQuery).error("/query/after", "invalid", "it is 0 or an event's id"));
    }
    let limit = super::pages::limit(query.limit)?;
    let page = page(&service, (permit.workspace(), None), (after, limit)).await?;
    let head = service.app.signed_head(permit.workspace()).await?;
    Ok(Body(AuditPage { data: page.data, next_after: page.next_after, has_more: page.has_more, head }))
}
