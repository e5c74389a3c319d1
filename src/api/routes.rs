//! Routes as resources: what each receiving team requires, in every version,
//! and what a change of it would have blocked.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Service;
use super::caller::{HandoffsRead, Permit, RoutesRead, RoutesWrite};
use super::json::Json as Body;
use super::parameters::{Path, Query};
use super::problem::{Kind, Problem};
use crate::app::{Moved, Refusal, sum_up};
use crate::handoff::HandoffId;
use crate::route::to_json;

/// Handoffs that a dry run looks at unless it is told otherwise, and at most.
const USUAL_LAST: u32 = 50;
const MOST_LAST: u32 = 500;
/// Records of one reconciliation.
const MOST_RECORDS: usize = 1_000;

/// The route file, described by the schema that editors use.
pub struct RouteFile;

impl JsonSchema for RouteFile {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Route".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = crate::route::json_schema();
        if let Some(root) = schema.as_object_mut() {
            root.remove("$schema");
        }
        allow_nothing(&mut schema);
        schema.try_into().unwrap_or_default()
    }
}

/// In a route file a key that may be left out may also stand empty, as in YAML.
fn allow_nothing(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            object.values_mut().for_each(allow_nothing);
            let needed = object.get("required").cloned().unwrap_or_default();
            let is_needed = |key: &str| needed.as_array().is_some_and(|keys| keys.iter().any(|one| one == key));
            let properties = object.get_mut("properties").and_then(Json::as_object_mut).into_iter().flatten();
            for (_, property) in properties.filter(|(key, _)| !is_needed(key)) {
                let whole = property.take();
                *property = serde_json::json!({"anyOf": [whole, {"type": "null"}]});
            }
        }
        Json::Array(items) => items.iter_mut().for_each(allow_nothing),
        _ => {}
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RouteList {
    pub data: Vec<RouteSummary>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RouteSummary {
    pub id: String,
    pub version: u32,
    pub title: String,
    pub from_team: String,
    pub to_team: String,
    pub fields: usize,
    pub required: usize,
}

/// Lists the newest version of every route
#[utoipa::path(get, path = "/v1/routes", operation_id = "listRoutes", tag = "Routes")]
pub async fn list(State(service): State<Service>, permit: Permit<RoutesRead>) -> Result<Body<RouteList>, Problem> {
    let routes = service.app.newest_routes(permit.workspace()).await?;
    let summary = |route: &std::sync::Arc<crate::route::Route>| RouteSummary {
        id: route.id.clone(),
        version: route.version,
        title: route.title.clone(),
        from_team: route.from_team.clone(),
        to_team: route.to_team.clone(),
        fields: route.fields.len(),
        required: route
            .fields
            .iter()
            .filter(|field| !matches!(field.required, crate::route::Requirement::Optional))
            .count(),
    };
    Ok(Body(RouteList { data: routes.iter().map(summary).collect() }))
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteQuery {
    /// The version; the newest unless given.
    pub version: Option<u32>,
}

/// Shows a route, as its file
#[utoipa::path(get, path = "/v1/routes/{id}", operation_id = "showRoute", tag = "Routes")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<RoutesRead>,
    Path(id): Path<String>,
    Query(query): Query<RouteQuery>,
) -> Result<Body<Json>, Problem> {
    let found = service.app.find_route(permit.workspace(), (&id, query.version)).await;
    let route = found.map_err(not_there)?;
    Ok(Body(to_json(&route)))
}

/// In a path an unknown route is not there; in a body it is a mistake.
pub(super) fn not_there(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::UnknownRoute { .. } => Problem::new(Kind::NotFound).detail("There is no such route"),
        other => other.into(),
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VersionList {
    pub data: Vec<VersionBody>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "RouteVersionPublished")]
pub struct VersionBody {
    pub version: u32,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub published_at: Timestamp,
}

/// Lists the versions of a route
#[utoipa::path(get, path = "/v1/routes/{id}/versions", operation_id = "listRouteVersions", tag = "Routes")]
pub async fn versions(
    State(service): State<Service>,
    permit: Permit<RoutesRead>,
    Path(id): Path<String>,
) -> Result<Body<VersionList>, Problem> {
    let all = service.app.versions(permit.workspace(), &id).await?;
    if all.is_empty() {
        return Err(Problem::new(Kind::NotFound).detail("There is no such route"));
    }
    let body = |(version, published_at)| VersionBody { version, published_at };
    Ok(Body(VersionList { data: all.into_iter().map(body).collect() }))
}

/// Publishes a version of a route
///
/// The route file as JSON, the same keys as in YAML. A version that was published never changes.
#[utoipa::path(put, path = "/v1/routes/{id}", operation_id = "publishRoute", tag = "Routes")]
pub async fn publish(
    State(service): State<Service>,
    permit: Permit<RoutesWrite>,
    Path(id): Path<String>,
    Body(route): Body<Json>,
) -> Result<Response, Problem> {
    let whose = (permit.workspace(), &permit.actor());
    let published = service.app.publish(whose, (&id, route.to_string())).await?;
    let status = if published.is_known { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = (status, Body(to_json(&published.route))).into_response();
    if let Ok(location) = format!("/v1/routes/{id}").parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunRequest {
    /// The changed route, as for publishing.
    #[schemars(with = "RouteFile")]
    pub route: Json,
    /// How many of the last handoffs of this route are judged by it.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    pub last: Option<u32>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "DryRun")]
pub struct DryRunBody {
    pub judged: usize,
    /// Handoffs that would have been blocked, and those that were as it was.
    pub would_block: usize,
    pub blocked: usize,
    /// How often each field would have blocked, most often first.
    pub by_field: Vec<FieldCount>,
    pub handoffs: Vec<DryRunHandoff>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FieldCount {
    pub field: String,
    pub would_block: usize,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DryRunHandoff {
    pub id: HandoffId,
    pub external_id: Option<String>,
    pub would_block: Vec<String>,
    pub blocked: Vec<String>,
}

/// Judges the last handoffs by a changed route
///
/// Nothing is changed.
#[utoipa::path(post, path = "/v1/routes/{id}/dry-run", operation_id = "dryRunRoute", tag = "Routes")]
pub async fn dry_run(
    State(service): State<Service>,
    permit: Permit<RoutesRead>,
    Path(id): Path<String>,
    Body(request): Body<DryRunRequest>,
) -> Result<Body<DryRunBody>, Problem> {
    let last = request.last.unwrap_or(USUAL_LAST);
    if !(1..=MOST_LAST).contains(&last) {
        let detail = format!("1 to {MOST_LAST} handoffs");
        return Err(Problem::new(Kind::InvalidRequest).error("/last", "invalid", detail));
    }
    // A misspelt id would otherwise read as "nothing would be blocked".
    service.app.find_route(permit.workspace(), (&id, None)).await.map_err(not_there)?;
    let runs = service.app.dry_run(permit.workspace(), (&id, &request.route.to_string()), last).await?;
    let sum = sum_up(&runs);
    let count = |(field, would_block)| FieldCount { field, would_block };
    Ok(Body(DryRunBody {
        judged: sum.judged,
        would_block: sum.would_block,
        blocked: sum.blocked,
        by_field: sum.by_field.into_iter().map(count).collect(),
        handoffs: runs
            .into_iter()
            .map(|run| DryRunHandoff {
                id: run.handoff,
                external_id: run.external_id,
                would_block: run.would_block,
                blocked: run.blocked,
            })
            .collect(),
    }))
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRequest {
    /// Records that another system moved on.
    #[schemars(length(max = 1000))]
    pub records: Vec<RecordBody>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Record")]
pub struct RecordBody {
    pub external_id: String,
    #[serde(default)]
    pub route: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Reconciliation")]
pub struct ReconcileBody {
    pub checked: usize,
    /// Records that moved although none of their handoffs ever had a pass.
    pub without_pass: Vec<RecordBody>,
}

/// Finds records that moved without a pass
#[utoipa::path(post, path = "/v1/reconcile", operation_id = "reconcile", tag = "Looking after it")]
pub async fn reconcile(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Body(request): Body<ReconcileRequest>,
) -> Result<Body<ReconcileBody>, Problem> {
    if request.records.len() > MOST_RECORDS {
        let detail = format!("at most {MOST_RECORDS} records at a time");
        return Err(Problem::new(Kind::InvalidRequest).error("/records", "too-many", detail));
    }
    let moved = request
        .records
        .into_iter()
        .map(|record| Moved { external_id: record.external_id, route: record.route })
        .collect();
    let checked = service.app.reconcile(permit.workspace(), moved).await?;
    let without_pass = checked
        .iter()
        .filter(|(_, passed)| !passed)
        .map(|(record, _)| RecordBody { external_id: record.external_id.clone(), route: record.route.clone() })
        .collect();
    Ok(Body(ReconcileBody { checked: checked.len(), without_pass }))
}
