//! Who may see and send a handoff's pages: the cookie of a session, and the
//! proof that a form was sent from our own page and from no other.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::typed::Typed;
use super::{Leave, Notice, Pages, answer, trouble};
use crate::access::links::{form_token, is_form_token};
use crate::handoff::HandoffId;
use crate::store::LinkRow;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    Session,
    /// A code was mailed for this browser.
    Code,
}

/// A person inside a session.
pub(super) struct Here {
    pub link: LinkRow,
    pub secret: String,
}

impl Here {
    pub fn leave(&self) -> Leave {
        Leave {
            handoff: self.link.handoff.0.clone(),
            person: self.link.person.name.clone(),
            token: form_token(&self.secret),
        }
    }
}

impl Pages {
    fn is_secure(&self) -> bool {
        self.app.settings.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// One cookie a handoff, so that two of them can be open beside each other.
    fn cookie_name(&self, (cookie, handoff): (Cookie, &HandoffId)) -> String {
        let prefix = if self.is_secure() { "__Host-" } else { "" };
        match cookie {
            Cookie::Session => format!("{prefix}baton_{handoff}"),
            Cookie::Code => format!("{prefix}baton_code_{handoff}"),
        }
    }

    /// The header that gives a cookie, or takes it away when it lives no longer.
    pub(super) fn cookie(&self, which: (Cookie, &HandoffId), (secret, seconds): (&str, i64)) -> HeaderValue {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        let name = self.cookie_name(which);
        let text = format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The secret that a browser sends.
    pub(super) fn secret<'a>(&self, headers: &'a HeaderMap, which: (Cookie, &HandoffId)) -> Option<&'a str> {
        cookie_of(headers, &self.cookie_name(which))
    }

    /// Who is here; else the page that asks them to open their link again, with what they typed.
    pub(super) async fn here(&self, headers: &HeaderMap, (handoff, typed): (&str, &Typed)) -> Result<Here, Response> {
        let Some(id) = HandoffId::parse(handoff) else { return Err(outside(typed)) };
        let Some(secret) = self.secret(headers, (Cookie::Session, &id)) else { return Err(outside(typed)) };
        match self.app.session(secret, &id).await {
            Ok(Some(link)) => Ok(Here { link, secret: secret.to_owned() }),
            Ok(None) => Err(outside(typed)),
            Err(fault) => Err(trouble(crate::app::Refusal::Store(fault).code())),
        }
    }
}

/// Gives a reply a cookie beside those it has.
pub(super) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// The address that a request comes from.
pub(super) fn peer(parts: &Parts) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |peer| peer.0.ip())
}

/// Whether a form comes from one of our own pages, as far as the browser tells. It tells no origin under our policy
/// for referrers, or `null`; what counts is what it tells of the site.
pub(super) fn is_own_site(headers: &HeaderMap) -> bool {
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
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(FORM))
}

/// Whether a browser vouches that a page of ours sent this: what it holds may then be shown again.
pub(super) fn is_surely_own(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin") && is_form(headers)
}

/// The answer to what no page of ours sent within this session.
pub(super) fn check_form(here: &Here, headers: &HeaderMap, typed: &Typed) -> Option<Response> {
    (!is_own_form(&here.secret, headers, typed)).then(refuse_foreign)
}

/// Whether a form was sent from a page of ours that belongs to this secret.
pub(super) fn is_own_form(secret: &str, headers: &HeaderMap, typed: &Typed) -> bool {
    is_own_site(headers) && is_form(headers) && is_form_token(secret, typed.one("token"))
}

pub(super) fn refuse_foreign() -> Response {
    let lines = ["This was not sent from its own page, and nothing was changed.", "Open your link again."];
    answer(StatusCode::FORBIDDEN, &Notice::new("This was not taken", &lines))
}

/// The same page whether there never was a session or it has ended.
pub(super) fn outside(typed: &Typed) -> Response {
    let lines = [
        "To go on, open the link in your message once more. For your safety a session ends after 30 minutes without use.",
    ];
    let page = Notice { typed: typed.words(), ..Notice::new("Please open your link again", &lines) };
    answer(StatusCode::FORBIDDEN, &page)
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
