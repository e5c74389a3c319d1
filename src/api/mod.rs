//! The service over HTTP. Here is what stands around every route: problems as
//! answers, the edge that no request gets around, the server that holds the
//! connections, and the limits per key.
//!
//! A request passes, from the outside inwards: [`server`] (connections,
//! deadlines for heads), [`edge`] (request id, limits of bodies, panics, log,
//! figures, security headers), the router, the extractors ([`json`],
//! [`parameters`]) and a handler. Whatever goes wrong on the way is answered by
//! one form, [`problem::Problem`].

mod actions;
mod bodies;
mod caller;
mod changes;
mod checks;
mod deliveries;
mod docs;
pub mod edge;
mod endpoints;
mod handoffs;
mod health;
mod insights;
pub mod json;
pub mod limits;
mod links;
mod moments;
mod once;
pub mod openapi;
mod pages;
pub mod parameters;
mod passes;
mod privacy;
pub mod problem;
mod reading;
mod refusal;
mod requests;
mod routes;
mod search;
pub mod server;
mod signed;
mod told;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as described;

use crate::app::App;
use limits::{LimitSettings, Limits};

/// What every handler can reach.
#[derive(Clone)]
pub struct Service {
    app: Arc<App>,
    limits: Arc<Limits>,
    /// Turns false when the server is about to end.
    ready: watch::Receiver<bool>,
    /// The figures of this process; none where nobody records them.
    figures: Option<PrometheusHandle>,
}

impl Service {
    pub fn new(app: Arc<App>, ready: watch::Receiver<bool>, figures: Option<PrometheusHandle>) -> Service {
        let service = &app.settings.service;
        let limits = LimitSettings { per_minute: service.requests_per_minute, burst: service.burst };
        Service { limits: Arc::new(Limits::new(limits)), app, ready, figures }
    }
}

/// The service's routes, the description of them, and the page that shows it.
pub fn router(service: Service) -> Router {
    let (router, _) = routes_described().split_for_parts();
    router.merge(docs::routes()).layer(from_fn(signed::keep_body)).with_state(service)
}

/// Every route of the service. The form is such that a route without a description does not compile.
fn routes_described() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        // Handing over
        .routes(described!(handoffs::create, handoffs::list))
        .routes(described!(handoffs::show))
        .routes(described!(reading::brief))
        .routes(described!(reading::events))
        .routes(described!(changes::answer))
        .routes(described!(changes::add_sources))
        .routes(described!(changes::transfer))
        .routes(described!(changes::accept))
        .routes(described!(changes::give_back))
        .routes(described!(changes::cancel))
        .routes(described!(changes::retry))
        .routes(described!(checks::check))
        .routes(described!(search::search))
        .routes(described!(actions::list))
        .routes(described!(actions::retry))
        // Asking people
        .routes(described!(requests::list))
        .routes(described!(requests::snooze))
        .routes(described!(requests::remind))
        .routes(described!(requests::withdraw))
        .routes(described!(requests::outbox))
        .routes(described!(links::make))
        .routes(described!(links::end))
        // Routes
        .routes(described!(routes::list))
        .routes(described!(routes::show, routes::publish))
        .routes(described!(routes::versions))
        .routes(described!(routes::dry_run))
        .routes(described!(actions::dry_run))
        .routes(described!(actions::test))
        // Telling others
        .routes(described!(endpoints::create, endpoints::list))
        .routes(described!(endpoints::show, endpoints::change, endpoints::delete))
        .routes(described!(endpoints::rotate))
        .routes(described!(deliveries::test))
        .routes(described!(deliveries::replay))
        .routes(described!(deliveries::list))
        .routes(described!(deliveries::show))
        .routes(described!(deliveries::resend))
        .routes(described!(endpoints::subscribe))
        .routes(described!(endpoints::sample))
        .routes(described!(endpoints::unsubscribe))
        // Privacy
        .routes(described!(privacy::request))
        .routes(described!(privacy::show))
        .routes(described!(privacy::hold, privacy::lift))
        .routes(described!(privacy::find))
        .routes(described!(privacy::export))
        // Looking after it
        .routes(described!(routes::reconcile))
        .routes(described!(passes::verify))
        .routes(described!(passes::audit))
        .routes(described!(insights::show))
        .routes(described!(passes::jwks))
        .routes(described!(health::alive))
        .routes(described!(health::ready))
        .routes(described!(health::metrics))
        .routes(described!(openapi::show))
        .merge(problem::pages::routes())
}
