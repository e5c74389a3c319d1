//! A handoff tried out: the same body as a handoff, the brief and its gaps at
//! once, and nothing stored.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::Service;
use super::bodies::{RawQuery, read_handoff};
use super::caller::{HandoffsWrite, Permit};
use super::handoffs::{CreateQuery, checked_wait};
use super::json::Json as Body;
use super::parameters::Query;
use super::problem::Problem;
use crate::brief::{Brief, Verdict};

/// What a handoff would come to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Check")]
pub struct CheckBody {
    /// `open` when it would pass the gate as it is, else `blocked`.
    pub gate: Gate,
    pub verdict: Verdict,
    /// Keys of the fields, and names of the sources, that block.
    pub missing: Vec<String>,
    pub brief: Brief,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    Open,
    Blocked,
}

/// Tries a handoff out
///
/// The brief and its gaps at once; nothing is stored.
#[utoipa::path(post, path = "/v1/checks", operation_id = "checkHandoff", tag = "Handing over")]
pub async fn check(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Query(query): Query<CreateQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Body<CheckBody>, Problem> {
    // Nothing is waited for here; a wait that cannot be is refused as everywhere.
    checked_wait(query.wait)?;
    let raw =
        RawQuery { route: query.route, external_id: query.external_id, title: query.title, filename: query.filename };
    let request = read_handoff(&headers, raw, body).await?;
    let (brief, gaps) = service.app.check(permit.workspace(), request).await?;
    let named = |gap: &crate::brief::Gap| gap.field.clone().or_else(|| gap.source.clone()).unwrap_or_default();
    let missing: Vec<String> = gaps.iter().filter(|gap| gap.blocking).map(named).collect();
    let gate = if missing.is_empty() { Gate::Open } else { Gate::Blocked };
    Ok(Body(CheckBody { gate, verdict: brief.verdict, missing, brief }))
}
