//! Cookies of sessions, and the proof that a form was sent from our own page
//! and from no other.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;

use super::{Notice, Typed, answer, later};
use crate::access::links::is_form_token;
use crate::access::lockout::{Lockout, LockoutRules};
use crate::config::Settings;

const FORM: &str = "application/x-www-form-urlencoded";

/// How cookies are given and read: bound to this very host where it is reached over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    is_secure: bool,
}

impl Cookies {
    pub fn of(settings: &Settings) -> Cookies {
        Cookies { is_secure: settings.base_url.as_deref().is_some_and(|url| url.starts_with("https://")) }
    }

    /// The name under which a browser knows the cookie.
    fn full_name(self, name: &str) -> String {
        let prefix = if self.is_secure { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }

    /// The header that gives a cookie, or takes it away when it lives no longer.
    pub fn give(self, name: &str, (secret, seconds): (&str, i64)) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = self.full_name(name);
        let text = format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The secret that a browser sends.
    pub fn read<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        cookie_of(headers, &self.full_name(name))
    }
}

/// Wrong links of one address in a minute.
const GUESSES: usize = 20;

/// Whoever tries one wrong link after the other. Clones share what is remembered.
#[derive(Debug, Clone)]
pub struct Guesses(Arc<Lockout>);

impl Default for Guesses {
    fn default() -> Self {
        let rules = LockoutRules { failures: GUESSES, ..LockoutRules::default() };
        Guesses(Arc::new(Lockout::new(rules)))
    }
}

impl Guesses {
    /// Counts a wrong link; the page that asks to wait, once there were too many. A good link opens all the same, so that
    /// nobody can lock others of the same address out.
    pub fn fail(&self, extensions: &Extensions, now: Timestamp) -> Option<Response> {
        let locked = self.0.fail(peer(extensions), now).err()?;
        let page = Notice::new("Too many links that open nothing", &["Please try again in a minute."]);
        Some(later(answer(StatusCode::TOO_MANY_REQUESTS, &page), locked.retry_after_seconds))
    }
}

/// Gives a reply a cookie beside those it has.
pub fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// The address that a request comes from.
pub fn peer(extensions: &Extensions) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |peer| peer.0.ip())
}

/// Whether a form comes from one of our own pages, as far as the browser tells. It tells no origin under our policy
/// for referrers, or `null`; what counts is what it tells of the site.
pub fn is_own_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text(ORIGIN.as_str()), text(HOST.as_str())) {
        (None | Some("null"), _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
    }
}

/// Whether a body is a form as our pages send it.
pub fn is_form(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(FORM))
}

/// Whether a browser vouches that a page of ours sent this: what it holds may then be shown again.
pub fn is_surely_own(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin") && is_form(headers)
}

/// Whether a form was sent from a page of ours that belongs to this secret.
pub fn is_own_form(secret: &str, headers: &HeaderMap, typed: &Typed) -> bool {
    is_own_site(headers) && is_form(headers) && is_form_token(secret, typed.one("token"))
}

fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(given, _)| *given == name).map(|(_, secret)| secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let check = |given: &[(&'static str, &'static str)], expected: bool| {
            let headers: HeaderMap = given
                .iter()
                .map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(is_own_site(&headers), expected, "{given:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "same-origin"), ("origin", "null")], true);
        check(&[("sec-fetch-site", "none")], true);
        for site in ["cross-site", "same-site", "", "x"] {
            check(&[("sec-fetch-site", site)], false);
        }
        check(&[("origin", "https://baton.acme.example"), ("host", "baton.acme.example")], true);
        check(&[("origin", "https://evil.example"), ("host", "baton.acme.example")], false);
        check(&[("origin", "https://baton.acme.example.evil.example"), ("host", "baton.acme.example")], false);
        check(&[("origin", "https://evil.example")], false);
    }
}
