//! The pages of people who log in: the list of handoffs and a new one, figures,
//! routes, signing in and out, the first account, one's own profile and sessions,
//! and the members of a workspace. All stand on the same ground: `guard` says who
//! is here and what they may do, `frame` is the bar around every page.

mod beginning;
mod browser;
mod charts;
mod figure_filter;
mod following;
mod form;
mod frame;
mod guard;
mod handoffs;
mod inbox;
mod insights;
mod joining;
mod members;
mod picture;
mod profile;
mod provider;
mod reminding;
mod route_diff;
mod route_editing;
mod routes;
mod second_step;
mod sessions;
mod settings;
mod signing_in;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::App;
use crate::web::{Cookies, Guesses, go_to};
use frame::Place;

/// What every page can reach.
#[derive(Clone)]
pub struct Console {
    app: Arc<App>,
    cookies: Cookies,
    guesses: Guesses,
}

/// Either is shown; an error ends the handler where it happens.
type Shown = Result<Response, Response>;

/// The pages at `/`, `/handoffs`, `/insights`, `/routes`, `/sign-in`, `/setup` and `/settings`.
pub fn router(app: Arc<App>) -> Router {
    let cookies = Cookies::of(&app.settings);
    let to = |place: Place| get(move || async move { go_to(place.path()) });
    Router::new()
        .route("/", get(home))
        // Coming in and leaving
        .route("/sign-in", get(signing_in::show).post(signing_in::send))
        .route("/sign-in/code", get(signing_in::show_code).post(signing_in::send_code))
        .route("/sign-in/provider", get(provider::send))
        .route(crate::app::BACK, get(provider::come_back))
        .route("/sign-out", post(signing_in::leave))
        .route("/setup/{token}", get(joining::show).post(joining::send))
        // The list of handoffs
        .route("/handoffs", get(inbox::show))
        .route("/handoffs/team", to(Place::Handoffs).post(inbox::choose_team))
        .route("/handoffs/remind", to(Place::Handoffs).post(reminding::confirm))
        .route("/handoffs/remind/send", to(Place::Handoffs).post(reminding::send))
        .route("/handoffs/new", get(beginning::show).post(beginning::send))
        .route("/handoffs/{id}/reading", get(following::show))
        .route("/handoffs/{id}/progress", get(following::stream))
        .route("/handoffs/reading.js", get(following::script))
        // Figures
        .route("/insights", get(insights::show))
        .route("/insights/table.csv", get(insights::table))
        // Routes
        .route("/routes", get(routes::list))
        .route("/routes/{id}", get(routes::show))
        .route("/routes/{id}/versions/{version}", get(routes::version))
        .route("/routes/{id}/edit", get(route_editing::show).post(route_editing::send))
        // One's own account
        .route("/settings", to(Place::Profile))
        .route("/settings/profile", get(profile::show).post(profile::rename))
        .route("/settings/profile/password", to(Place::Profile).post(profile::change_password))
        .route("/settings/profile/second-step", get(second_step::show).post(second_step::confirm))
        .route("/settings/profile/second-step/off", to(Place::Profile).post(second_step::drop_it))
        .route("/settings/profile/recovery-codes", to(Place::Profile).post(second_step::renew_codes))
        .route("/settings/sessions", get(sessions::show).post(sessions::end_others))
        .route("/settings/sessions/{id}/end", to(Place::Sessions).post(sessions::end))
        // The workspace
        .route("/settings/members", get(members::show).post(members::invite))
        .route("/settings/members/{id}/role", to(Place::Members).post(members::change_role))
        .route("/settings/members/{id}/access", to(Place::Members).post(members::change_access))
        .route("/settings/members/{id}/reset", to(Place::Members).post(members::reset))
        .route("/settings/invitations/{id}/withdraw", to(Place::Members).post(members::withdraw))
        .merge(settings::router())
        .merge(handoffs::router())
        .with_state(Console { app, cookies, guesses: Guesses::default() })
}

/// `GET /`: where a signed-in person begins; the sign-in page for everybody else.
async fn home(State(console): State<Console>, parts: Parts) -> Shown {
    match console.visitor(&parts.headers).await? {
        Some(here) => Ok(go_to(frame::home_of(&here).path())),
        None => signing_in::page(&console, signing_in::Asked::default()).await,
    }
}
