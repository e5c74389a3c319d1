//! What stands at `/problems/CODE`, the address every problem carries as its
//! type: the kind's status and title, and the list of all kinds.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Kind, Problem};

/// The routes `/problems` and `/problems/{code}`, open to everybody.
pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

fn describe(kind: Kind) -> Value {
    let (code, status) = (kind.code(), kind.status().as_u16());
    json!({"type": format!("/problems/{code}"), "code": code, "status": status, "title": kind.title()})
}

/// Lists the kinds of problems
#[utoipa::path(get, path = "/problems", operation_id = "listProblems", tag = "Looking after it")]
async fn list() -> Response {
    Json(json!({"data": Kind::ALL.map(describe)})).into_response()
}

/// Explains a kind of problem
#[utoipa::path(get, path = "/problems/{code}", operation_id = "showProblem", tag = "Looking after it")]
async fn show(Path(code): Path<String>) -> Response {
    match Kind::of_code(&code) {
        Some(kind) => Json(describe(kind)).into_response(),
        None => Problem::new(Kind::NotFound).into_response(),
    }
}
