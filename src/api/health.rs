//! Whether the service lives, whether it takes work, and its figures.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::Service;
use super::caller::{MetricsRead, Permit};
use super::json::Json as Body;
use super::problem::{Kind, Problem};

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub struct HealthBody {
    /// `ok`
    pub status: String,
    pub version: String,
    /// Handoffs that wait to be read or are being read.
    pub waiting: i64,
    /// Told by `/readyz` alone, while messages to people do not leave: by which way, how many, since when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsent: Vec<UnsentBody>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Unsent")]
pub struct UnsentBody {
    /// `email` or `slack`
    pub channel: String,
    pub count: u64,
    /// For how long the oldest of them has waited.
    pub oldest_seconds: i64,
}

fn healthy(service: &Service) -> Body<HealthBody> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Body(HealthBody { status: "ok".to_owned(), version, waiting: service.app.count_waiting(), unsent: Vec::new() })
}

/// Tells that the process answers
#[utoipa::path(get, path = "/healthz", operation_id = "checkLife", tag = "Looking after it")]
pub async fn alive(State(service): State<Service>) -> Body<HealthBody> {
    healthy(&service)
}

/// Tells whether it takes work
///
/// Not while the disk refuses, nor when it is about to stop. A mail server that is away keeps it from no work: it is told
/// beside, under `unsent`.
#[utoipa::path(get, path = "/readyz", operation_id = "checkReadiness", tag = "Looking after it")]
pub async fn ready(State(service): State<Service>) -> Result<Body<HealthBody>, Problem> {
    if service.app.is_ready() && *service.ready.borrow() {
        let unsent = service.app.overdue().await.unwrap_or_default().into_iter().map(|one| UnsentBody {
            channel: one.channel.to_owned(),
            count: one.count,
            oldest_seconds: one.oldest.as_secs(),
        });
        return Ok(Body(HealthBody { unsent: unsent.collect(), ..healthy(&service).0 }));
    }
    Err(Problem::new(Kind::Unavailable).detail("It takes no new work at the moment"))
}

/// Shows the figures, in the text form of Prometheus
#[utoipa::path(get, path = "/metrics", operation_id = "showMetrics", tag = "Looking after it")]
pub async fn metrics(State(service): State<Service>, _: Permit<MetricsRead>) -> Response {
    metrics::gauge!("baton_waiting").set(service.app.count_waiting() as f64);
    for one in service.app.unsent().await.unwrap_or_default() {
        metrics::gauge!("baton_messages_waiting", "channel" => one.channel).set(one.count as f64);
        metrics::gauge!("baton_messages_waiting_oldest_seconds", "channel" => one.channel)
            .set(one.oldest.as_secs() as f64);
    }
    if let Ok(Some(count)) = service.app.count_uncarried().await {
        metrics::gauge!("baton_search_uncarried").set(count as f64);
    }
    let spending = service.app.spending();
    metrics::counter!("baton_model_tokens_total").absolute(spending.tokens);
    for (cap, calls) in spending.calls_over_budget {
        metrics::counter!("baton_model_calls_over_budget_total", "cap" => cap).absolute(calls);
    }
    let text = service.figures.as_ref().map(|figures| figures.render()).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
