//! Personal links over HTTP: made for one person, one handoff and one purpose,
//! and ended.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::{HandoffsWrite, Permit};
use super::handoffs::parse_id;
use super::json::Json as Body;
use super::parameters::Path;
use super::problem::{Kind, Problem};
use crate::answers::Person;
use crate::handoff::{LinkId, LinkPurpose};

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// Who is to open it; what is answered through it is this person's word.
    pub person: Person,
    pub purpose: LinkPurpose,
}

/// A personal link. Whoever has its address acts as the person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PersonalLink")]
pub struct LinkBody {
    pub id: LinkId,
    /// To be given to that person alone; it is stored nowhere. Where `links.mailed_code` is set, it opens only with a code
    /// that is mailed to the person's address.
    pub url: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub expires_at: Timestamp,
}

/// Gives the personal link of somebody who is asked
///
/// One a person and purpose: as long as it lives, the same again gives the same link.
#[utoipa::path(post, path = "/v1/handoffs/{id}/links", operation_id = "makeLink", tag = "Handing over")]
pub async fn make(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    Body(request): Body<LinkRequest>,
) -> Result<Response, Problem> {
    let whose = (request.person, request.purpose);
    let link = service.app.link_for((permit.workspace(), &permit.actor()), &parse_id(&id)?, whose).await?;
    let body = LinkBody { id: link.id, url: link.url, expires_at: link.expires_at };
    Ok((StatusCode::CREATED, Body(body)).into_response())
}

/// Ends a personal link
///
/// Whoever is on its page is asked to leave with their next step.
#[utoipa::path(delete, path = "/v1/links/{id}", operation_id = "endLink", tag = "Handing over")]
pub async fn end(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = LinkId::parse(&id).ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such link"))?;
    service.app.revoke_link((permit.workspace(), &permit.actor()), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
