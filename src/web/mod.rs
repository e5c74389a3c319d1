//! What all pages that people open have in common: how a page is answered and
//! what it may load, cookies, forms that come from our own pages alone, and
//! what was typed into them. Plain HTML that works without script.

pub mod answers;
mod deciding;
mod drafting;
mod guard;
pub mod questions;
pub mod shown;
pub mod stamps;
mod typed;

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

pub use deciding::{Decided, Deciding};
pub use drafting::{Drafting, is_by_script};
pub use guard::{Cookies, Guesses, is_form, is_own_form, is_own_site, is_surely_own, peer, with_cookie};
pub use typed::{MOST_INPUTS, Mistake, Typed};

const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
/// The same for pages with a form that is kept while it is filled in: one script of our own, which asks nobody but us.
const LIVE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
const SCRIPT: &str = include_str!("../../templates/pages/live.js");
const STYLE: &str = concat!(
    include_str!("../../templates/pages/style.css"),
    include_str!("../../templates/console/lists.css"),
    include_str!("../../templates/console/settings.css"),
);

/// Where the one style sheet of all pages lies.
pub const STYLE_PATH: &str = "/l/style.css";

/// Where the one script lies.
pub const SCRIPT_PATH: &str = "/l/live.js";

/// The one script: keeps what is typed, and tells when others changed something. Every page works without it.
pub async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// The one style sheet.
pub async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// A page that says one thing.
#[derive(Debug, Default, Template)]
#[template(path = "pages/notice.html")]
pub struct Notice {
    pub heading: String,
    pub lines: Vec<String>,
    /// What somebody typed that could not be sent.
    pub typed: Vec<String>,
    /// An address and what it is called.
    pub way: Option<(String, String)>,
    /// Another one.
    pub besides: Option<(String, String)>,
    pub leave: Option<Leave>,
}

/// What the button at the foot of a link's pages needs; the form above it uses the same token.
#[derive(Debug, Clone)]
pub struct Leave {
    pub handoff: String,
    pub person: String,
    pub token: String,
}

impl Notice {
    pub fn new(heading: &str, lines: &[&str]) -> Notice {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Notice { heading: heading.to_owned(), lines, ..Notice::default() }
    }
}

/// A page as an answer.
pub fn answer(status: StatusCode, page: &impl Template) -> Response {
    answer_under(POLICY, status, page)
}

/// A page with a script.
pub fn answer_live(status: StatusCode, page: &impl Template) -> Response {
    answer_under(LIVE_POLICY, status, page)
}

fn answer_under(policy: &'static str, status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
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
pub fn go_to(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// The same answer with the time after which to come again.
pub fn later(mut response: Response, seconds: u32) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Something that is not the person's fault. The cause is logged by its code, which holds nothing of anybody's words.
pub fn trouble(code: &str) -> Response {
    tracing::error!(code, "a page could not be shown");
    let lines = ["Nothing was changed. Please try again in a minute."];
    answer(StatusCode::SERVICE_UNAVAILABLE, &Notice::new("This does not work just now", &lines))
}
