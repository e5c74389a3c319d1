//! The pages people meet when a personal link brought them here: entering,
//! with a mailed code where one is asked for, the form that answers what is open, and the receiving team's page. Plain HTML
//! that works without script, on a phone, by keyboard and read aloud; handlers
//! unpack, call the product and answer.

mod entering;
mod filling;
mod form;
mod guard;
mod proving;
mod questions;
mod receiving;
mod typed;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::access::lockout::{Lockout, LockoutRules};
use crate::app::App;

const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
const STYLE: &str = include_str!("../../templates/pages/style.css");
/// Wrong tokens of one address in a minute.
const GUESSES: usize = 20;

/// What every page can reach.
#[derive(Clone)]
pub struct Pages {
    app: Arc<App>,
    /// Whoever tries one wrong token after the other.
    guesses: Arc<Lockout>,
}

/// The pages at `/l` and `/h`.
pub fn router(app: Arc<App>) -> Router {
    let rules = LockoutRules { failures: GUESSES, ..LockoutRules::default() };
    let pages = Pages { app, guesses: Arc::new(Lockout::new(rules)) };
    Router::new()
        .route("/l/style.css", get(style))
        .route("/l/{token}", get(entering::show).post(entering::enter))
        .route("/h/{handoff}", get(filling::show).post(filling::send))
        .route("/h/{handoff}/code", get(proving::show).post(proving::send))
        .route("/h/{handoff}/thanks", get(filling::thank))
        .route("/h/{handoff}/leave", post(entering::leave))
        .with_state(pages)
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// A page that says one thing.
#[derive(Debug, Default, Template)]
#[template(path = "pages/notice.html")]
struct Notice {
    heading: String,
    lines: Vec<String>,
    /// What somebody typed that could not be sent.
    typed: Vec<String>,
    /// An address and what it is called.
    way: Option<(String, String)>,
    leave: Option<Leave>,
}

/// What the button at the foot of a session's pages needs; the form above it uses the same token.
#[derive(Debug, Clone)]
struct Leave {
    handoff: String,
    person: String,
    token: String,
}

impl Notice {
    fn new(heading: &str, lines: &[&str]) -> Notice {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Notice { heading: heading.to_owned(), lines, ..Notice::default() }
    }
}

/// A page as an answer.
fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
                (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
            ];
            (status, headers, html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The next page, asked for anew: going back or loading again then sends nothing twice.
fn go_to(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Something that is not the person's fault. The cause is logged by its code, which holds nothing of anybody's words.
fn trouble(code: &str) -> Response {
    tracing::error!(code, "a page could not be shown");
    let lines = ["Nothing was changed. Please try again in a minute."];
    answer(StatusCode::SERVICE_UNAVAILABLE, &Notice::new("This does not work just now", &lines))
}
