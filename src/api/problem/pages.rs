//! What stands at `/problems/CODE`, the address every problem carries as its
//! type: the kind's status and title, and the list of all kinds.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Kind, Problem};

/// The routes `/problems` and `/problems/{code}`, open to everybody.
pub fn routes() -> Router {
    Router::new().route("/problems", get(list)).route("/problems/{code}", get(show))
}

fn describe(kind: Kind) -> Value {
    let (code, status) = (kind.code(), kind.status().as_u16());
    json!({"type": format!("/problems/{code}"), "code": code, "status": status, "title": kind.title()})
}

async fn list() -> Response {
    Json(json!({"data": Kind::ALL.map(describe)})).into_response()
}

async fn show(Path(code): Path<String>) -> Response {
    match Kind::of_code(&code) {
        Some(kind) => Json(describe(kind)).into_response(),
        None => Problem::new(Kind::NotFound).into_response(),
    }
}
