//! The pages people meet when a personal link brought them here: entering,
//! with a mailed code where one is asked for, the form that answers what is open, and the receiving team's page. Plain HTML
//! that works without script, on a phone, by keyboard and read aloud; handlers
//! unpack, call the product and answer.

mod drafting;
mod entering;
mod filling;
mod foreign;
mod form;
mod guard;
mod proving;
mod receiving;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::web::{Cookies, Guesses, Leave, Notice, SCRIPT_PATH, STYLE_PATH, answer, go_to, script, style, trouble};

/// What every page can reach.
#[derive(Clone)]
pub struct Pages {
    app: Arc<App>,
    /// Whoever tries one wrong token after the other.
    guesses: Guesses,
    cookies: Cookies,
}

/// The pages at `/l` and `/h`.
pub fn router(app: Arc<App>) -> Router {
    let cookies = Cookies::of(&app.settings);
    let pages = Pages { app, guesses: Guesses::default(), cookies };
    Router::new()
        .route(STYLE_PATH, get(style))
        .route(SCRIPT_PATH, get(script))
        .route("/l/{token}", get(entering::show).post(entering::enter))
        .route("/h/{handoff}", get(filling::show).post(filling::send))
        .route("/h/{handoff}/draft", get(drafting::back).post(drafting::keep))
        .route("/h/{handoff}/version", get(drafting::version))
        .route("/h/{handoff}/code", get(proving::show).post(proving::send))
        .route("/h/{handoff}/thanks", get(filling::thank))
        .route("/h/{handoff}/leave", post(entering::leave))
        .with_state(pages)
}
