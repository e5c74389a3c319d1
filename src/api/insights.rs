//! Figures for whoever looks after handoffs, as JSON or as a table.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Service;
use super::caller::{AuditRead, Permit};
use super::json::Json as Body;
use super::moments::Day;
use super::parameters::Query;
use super::problem::{Kind, Problem};
use super::refusal::of_fault;
use crate::app::{NoReport, Wanted};
use crate::insights::{By, Range, csv};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InsightsFormat {
    Json,
    Csv,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InsightsQuery {
    /// Handoffs count that were received from this day on (UTC); ninety days up to `to` unless given.
    pub from: Option<Day>,
    /// The last day, which counts too; today unless given.
    pub to: Option<Day>,
    /// Handoffs of this route alone.
    pub route: Option<String>,
    /// What the figures are cut by.
    pub by: Option<By>,
    /// The form; what `Accept` asks for unless given.
    pub format: Option<InsightsFormat>,
}

/// Shows figures of handoffs: how many, how long, what is asked again and again
///
/// Each figure covers the whole life, until now, of the handoffs received in the days asked for. A share stands as
/// `count` of `n`. Times are by Kaplan and Meier: what is not over yet counts as "at least so long", and a quantile is
/// null when too few are over to tell it. `docs/insights.md` says every formula in words.
#[utoipa::path(get, path = "/v1/insights", operation_id = "showInsights", tag = "Looking after it")]
pub async fn show(
    State(service): State<Service>,
    permit: Permit<AuditRead>,
    Query(query): Query<InsightsQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Each part is well formed; what they ask for together makes no sense.
    let wrong = |name: &str, detail: String| {
        Problem::new(Kind::InvalidRequest).error(format!("/query/{name}"), "invalid", detail)
    };
    let range = Range::asked(query.from.map(|day| day.0), query.to.map(|day| day.0), service.app.now());
    let range = match range {
        Ok(range) => range,
        Err(detail) => {
            let problem = wrong("from", detail);
            let is_known = service.app.knows_route(permit.workspace(), query.route.as_deref()).await;
            return Err(match is_known.map_err(|fault| of_fault(&fault))? {
                Ok(()) => problem,
                Err(why) => problem.error("/query/route", "invalid", why.to_string()),
            });
        }
    };
    let wanted = Wanted { range, route: query.route, by: query.by };
    let report = service.app.insights(permit.workspace(), wanted).await.map_err(|why| match why {
        NoReport::Store(fault) => of_fault(&fault),
        NoReport::TooMany => wrong("from", why.to_string()),
        NoReport::UnknownRoute(_) => wrong("route", why.to_string()),
    })?;
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_csv = query.format.map_or(accepts.contains("text/csv"), |format| format == InsightsFormat::Csv);
    if !wants_csv {
        return Ok(Body(report).into_response());
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"insights.csv\""),
    ];
    Ok((headers, csv(&report)).into_response())
}
