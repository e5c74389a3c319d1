//! What is kept about people, over HTTP: erased, held, found and exported.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::{Erase, Permit};
use super::handoffs::{HandoffBody, etag, parse_id};
use super::json::Json as Body;
use super::parameters::Path;
use super::problem::{Kind, Problem};
use crate::app::{Asker, Found, PersonWanted};
use crate::handoff::HandoffId;
use crate::store::{self, Erasure};

/// Handoffs that one request erases.
const MOST_HANDOFFS: usize = 1000;

/// Whom it is about: whoever has this address, or is called so.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PersonWanted")]
pub struct PersonBody {
    #[serde(default)]
    pub email: Option<String>,
    /// Names as they are written; whole words, upper and lower case alike.
    #[serde(default)]
    pub names: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonRequest {
    pub person: PersonBody,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// The one handoff to be erased.
    #[serde(default)]
    pub handoff: Option<String>,
    /// Several.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub handoffs: Vec<String>,
    /// With a person, only handoffs that hold this person are taken; without `handoffs` the problem names them.
    #[serde(default)]
    pub person: Option<PersonBody>,
}

/// An erasure and how far it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Erasure")]
pub struct ErasureBody {
    pub id: String,
    pub state: ErasureState,
    /// `request`, or `retention` for what went by age.
    pub cause: String,
    pub handoffs: Vec<HandoffId>,
    /// What went, by kind, as numbers of rows.
    pub counts: BTreeMap<String, u64>,
    /// When it is done: signed, of the type `baton-erasure+jwt`, to be checked with the public keys.
    pub receipt: Option<String>,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub asked_at: Timestamp,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub done_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureState {
    Waiting,
    Done,
}

impl From<Erasure> for ErasureBody {
    fn from(erasure: Erasure) -> ErasureBody {
        ErasureBody {
            id: erasure.id,
            state: match erasure.state {
                store::ErasureState::Done => ErasureState::Done,
                store::ErasureState::Waiting | store::ErasureState::Outside => ErasureState::Waiting,
            },
            cause: erasure.cause,
            handoffs: erasure.handoffs,
            counts: erasure.counts,
            receipt: erasure.receipt,
            asked_at: erasure.asked_at,
            done_at: erasure.done_at,
        }
    }
}

/// Handoffs that hold a person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PersonFound {
    pub handoffs: Vec<HandoffId>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    /// Why nothing of it may go.
    pub reason: String,
}

fn asker(permit: &Permit<Erase>) -> Asker {
    Asker { workspace: permit.workspace().clone(), actor: permit.actor() }
}

impl PersonBody {
    fn wanted(&self) -> Result<PersonWanted, Problem> {
        PersonWanted::new(self.email.as_deref(), &self.names).ok_or_else(|| {
            let detail = "name an e-mail address, or at least one name of three letters or more";
            Problem::new(Kind::InvalidRequest).error("/person", "empty", detail)
        })
    }
}

/// Erases handoffs
///
/// Everything that came in with them and everything made of it, down to the bytes in the file. Answered at once and done
/// right after; the receipt is signed when nothing is left. A handoff on hold is a `conflict`.
#[utoipa::path(post, path = "/v1/erasures", operation_id = "requestErasure", tag = "Privacy")]
pub async fn request(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Body(request): Body<ErasureRequest>,
) -> Result<Response, Problem> {
    let mut handoffs = Vec::new();
    for id in request.handoff.iter().chain(&request.handoffs) {
        let id = parse_id(id)?;
        if !handoffs.contains(&id) {
            handoffs.push(id);
        }
    }
    if handoffs.len() > MOST_HANDOFFS {
        let detail = format!("at most {MOST_HANDOFFS} at once");
        return Err(Problem::new(Kind::InvalidRequest).error("/handoffs", "too-many", detail));
    }
    if let Some(person) = &request.person {
        let found = service.app.find_person(asker(&permit), person.wanted()?).await?;
        refuse_others(&found, &handoffs)?;
    }
    if handoffs.is_empty() {
        return Err(Problem::new(Kind::InvalidRequest).error("/handoff", "nothing-named", "name what is to be erased"));
    }
    let erasure = service.app.request_erasure(asker(&permit), handoffs, "request").await?;
    let location = HeaderValue::from_str(&format!("/v1/erasures/{}", erasure.id)).map_err(Problem::internal)?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Body(ErasureBody::from(erasure))).into_response())
}

/// Who erases a person names the handoffs: other people's words stand in them too.
fn refuse_others(found: &Found, named: &[HandoffId]) -> Result<(), Problem> {
    let Err(detail) = found.holds_all(named) else { return Ok(()) };
    let holding: Vec<String> = found.handoffs.iter().map(ToString::to_string).collect();
    Err(Problem::new(Kind::InvalidRequest).error("/handoffs", "choose", detail).member("handoffs", holding))
}

/// Shows an erasure, with its receipt when it is done
#[utoipa::path(get, path = "/v1/erasures/{id}", operation_id = "showErasure", tag = "Privacy")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Path(id): Path<String>,
) -> Result<Body<ErasureBody>, Problem> {
    Ok(Body(service.app.find_erasure(permit.workspace(), &id).await?.into()))
}

/// Puts a handoff on hold
///
/// Nothing of it goes, neither by age nor by erasure, until the hold is lifted.
#[utoipa::path(put, path = "/v1/handoffs/{id}/hold", operation_id = "holdHandoff", tag = "Privacy")]
pub async fn hold(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Path(id): Path<String>,
    Body(request): Body<HoldRequest>,
) -> Result<Response, Problem> {
    if request.reason.trim().is_empty() {
        return Err(Problem::new(Kind::InvalidRequest).error("/reason", "empty", "say why it must be kept"));
    }
    let row = service.app.hold(asker(&permit), parse_id(&id)?, Some(request.reason)).await?;
    Ok(([(ETAG, etag(row.version))], Body(HandoffBody::of(&row, None))).into_response())
}

/// Lifts the hold of a handoff
#[utoipa::path(delete, path = "/v1/handoffs/{id}/hold", operation_id = "liftHold", tag = "Privacy")]
pub async fn lift(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let row = service.app.hold(asker(&permit), parse_id(&id)?, None).await?;
    Ok(([(ETAG, etag(row.version))], Body(HandoffBody::of(&row, None))).into_response())
}

/// Finds the handoffs that hold a person
///
/// Whose context, brief, answers, log, questions, messages or personal links name the address or one of the names.
/// Everything that is kept is read for it.
#[utoipa::path(post, path = "/v1/persons", operation_id = "findPerson", tag = "Privacy")]
pub async fn find(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Body(request): Body<PersonRequest>,
) -> Result<Body<PersonFound>, Problem> {
    let found = service.app.find_person(asker(&permit), request.person.wanted()?).await?;
    Ok(Body(PersonFound { handoffs: found.handoffs }))
}

/// Exports what is kept about a person
///
/// Every message, field, answer, event and other record that names the address or one of the names, and every message
/// the person wrote.
#[utoipa::path(post, path = "/v1/exports", operation_id = "exportPerson", tag = "Privacy")]
pub async fn export(
    State(service): State<Service>,
    permit: Permit<Erase>,
    Body(request): Body<PersonRequest>,
) -> Result<Body<Found>, Problem> {
    Ok(Body(service.app.export_person(asker(&permit), request.person.wanted()?).await?))
}
