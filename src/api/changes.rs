//! Changes of one handoff: answers, more context, and its moves.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::Service;
use super::bodies::{RawQuery, read_sources};
use super::caller::{HandoffsWrite, Permit, Transfer};
use super::handoffs::{checked_wait, parse_id, respond, taken_in};
use super::json;
use super::moments::End;
use super::once::{asked, asked_by_key_alone};
use super::parameters::{Path, Query};
use super::problem::{Kind, Problem};
use crate::access::keys::Scope;
use crate::answers::{Patch, Person};
use crate::app::{BreakGlass, Forced, GivenBack};
use crate::handoff::ReturnKind;

/// The parts of a request that a change is made from.
type Parts = (Method, Uri, HeaderMap);

/// Answers fields, or dismisses sources that could not be read
///
/// A person answers; the answer wins and what it replaces is kept.
#[utoipa::path(patch, path = "/v1/handoffs/{id}/fields", operation_id = "answerFields", tag = "Handing over")]
pub async fn answer(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    if asked.if_version.is_none() {
        let detail = "Send the ETag of the handoff as you saw it in If-Match, so that nobody's answer is written over";
        return Err(Problem::new(Kind::VersionRequired).detail(detail));
    }
    let body: Json = json::parse(&body)?;
    let patch = Patch::read(&body).map_err(|refused| {
        refused.into_iter().fold(Problem::new(Kind::InvalidRequest), |all, one| {
            all.error(one.pointer, &one.code.name().replace('_', "-"), one.detail)
        })
    })?;
    Ok(respond(StatusCode::OK, service.app.answer(asked, parse_id(&id)?, patch).await?))
}

/// What the query of added context says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct SourcesQuery {
    /// What a body that is one mail or transcript is called.
    pub filename: Option<String>,
    /// Seconds to wait for the reading.
    #[schemars(range(max = 25))]
    pub wait: Option<u32>,
}

/// Adds context to a handoff
///
/// Everything is read again with it; answers that people gave stay. One mail or transcript may also be sent as it is.
#[utoipa::path(post, path = "/v1/handoffs/{id}/sources", operation_id = "addSources", tag = "Handing over")]
pub async fn add_sources(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    Query(query): Query<SourcesQuery>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let wait = checked_wait(query.wait)?;
    let asked = asked(&permit, (&method, &uri, &headers), &body)?;
    let raw = RawQuery { filename: query.filename, ..RawQuery::default() };
    let given = read_sources(&headers, raw, body).await?;
    let answered = service.app.add_sources(asked, parse_id(&id)?, given).await?;
    taken_in(&service, permit.workspace(), answered, wait).await
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    /// Only with the scope `break_glass`: moves the handoff although something is open.
    #[serde(default)]
    pub break_glass: Option<BreakGlassBody>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "BreakGlass")]
pub struct BreakGlassBody {
    /// Who takes the responsibility.
    pub approver: Person,
    /// Why it cannot wait, in a sentence.
    pub reason: String,
    /// By when what is owed will be there: a moment still to come, or the end of a day (UTC).
    pub expires_at: End,
}

/// Moves the work if the gate lets it, and gives a pass
///
/// Judged with the clock of this moment. What is open is named in the problem `incomplete`. When the pass ran out before
/// the work was taken, the same again gives a new one; while it is in force, or when context came in since that says
/// otherwise, it is a `conflict`.
#[utoipa::path(post, path = "/v1/handoffs/{id}/transfer", operation_id = "transferHandoff", tag = "Handing over")]
pub async fn transfer(
    State(service): State<Service>,
    permit: Permit<Transfer>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    let request: TransferRequest =
        optional(&body).map_err(|problem| with_the_rest(problem, &body, service.app.now()))?;
    if request.break_glass.is_some() {
        permit.require(Scope::BreakGlass)?;
    }
    let forced = request.break_glass.map(|forced| BreakGlass {
        approver: forced.approver,
        reason: forced.reason,
        expires_at: forced.expires_at.0,
    });
    Ok(respond(StatusCode::OK, service.app.transfer(asked, parse_id(&id)?, forced).await?))
}

/// What else is wrong with a forced transfer, where its form is wrong already: the parts that can be read are looked at.
fn with_the_rest(problem: Problem, body: &Bytes, now: jiff::Timestamp) -> Problem {
    if problem.kind() != Kind::InvalidRequest {
        return problem;
    }
    let read = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
    let forced = &read["break_glass"];
    let text = |name: &str| forced.pointer(name).and_then(serde_json::Value::as_str);
    let expires_at = serde_json::from_value::<End>(forced["expires_at"].clone()).ok().map(|end| end.0);
    let parts =
        Forced { name: text("/approver/name"), email: text("/approver/email"), reason: text("/reason"), expires_at };
    let named = problem.errors().iter().map(|one| (one.pointer.clone(), one.code.clone(), one.detail.clone()));
    let rest = parts.problems(now).into_iter().map(|one| (one.pointer, one.code.replace('_', "-"), one.detail));
    let mut all = Problem::new(Kind::InvalidRequest);
    for (pointer, code, detail) in named.chain(rest) {
        if !all.errors().iter().any(|error| error.pointer == pointer) {
            all = all.error(pointer, &code, detail);
        }
    }
    all
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRequest {
    pub by: Person,
    /// In the receiver's own words, what is taken over.
    #[serde(default)]
    pub read_back: Option<String>,
}

/// The receiving team takes the handoff
#[utoipa::path(post, path = "/v1/handoffs/{id}/accept", operation_id = "acceptHandoff", tag = "Handing over")]
pub async fn accept(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    let request: AcceptRequest = json::parse(&body)?;
    let by = named(request.by)?;
    Ok(respond(StatusCode::OK, service.app.receive(asked, parse_id(&id)?, (by, request.read_back)).await?))
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    pub by: Person,
    #[serde(rename = "type")]
    pub kind: ReturnKind,
    pub reason: String,
    /// Fields to be asked again; none gives the whole handoff back, which then waits for an answer or more context.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// The receiving team gives the handoff back
///
/// Fields it names are asked again, and the pass ends. Without fields the whole waits until a field is answered or context
/// comes.
#[utoipa::path(post, path = "/v1/handoffs/{id}/return", operation_id = "returnHandoff", tag = "Handing over")]
pub async fn give_back(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    let request: ReturnRequest = json::parse(&body)?;
    if request.reason.trim().is_empty() {
        let detail = "say what is wrong, so that it can be mended";
        return Err(Problem::new(Kind::InvalidRequest).error("/reason", "empty", detail));
    }
    let (kind, reason, fields) = (request.kind, request.reason, request.fields);
    let given = GivenBack { by: named(request.by)?, kind, reason, fields };
    Ok(respond(StatusCode::OK, service.app.give_back(asked, parse_id(&id)?, given).await?))
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    #[serde(default)]
    pub reason: Option<String>,
}

/// Calls a handoff off before it moves
#[utoipa::path(post, path = "/v1/handoffs/{id}/cancel", operation_id = "cancelHandoff", tag = "Handing over")]
pub async fn cancel(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    let request: CancelRequest = optional(&body)?;
    Ok(respond(StatusCode::OK, service.app.cancel(asked, parse_id(&id)?, request.reason).await?))
}

/// Reads everything once more
///
/// After a failure, or when a model that was away is back.
#[utoipa::path(post, path = "/v1/handoffs/{id}/retry", operation_id = "retryHandoff", tag = "Handing over")]
pub async fn retry(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    (method, uri, headers): Parts,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked_by_key_alone(&permit, (&method, &uri, &headers), &body)?;
    Ok(respond(StatusCode::ACCEPTED, service.app.retry(asked, parse_id(&id)?).await?))
}

/// A body that may be left out.
fn optional<T: Default + serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    if body.trim_ascii().is_empty() { Ok(T::default()) } else { json::parse(body) }
}

fn named(person: Person) -> Result<Person, Problem> {
    if person.label().is_empty() {
        return Err(Problem::new(Kind::InvalidRequest).error("/by/name", "empty", "name the person who does this"));
    }
    Ok(person)
}
