//! Who is here and what they may do. Every page asks here first: a session,
//! the ability that the page needs, and for what is sent the proof that a page
//! of ours sent it within this very session.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::Console;
use super::browser::name_of;
use super::frame::notice;
use super::upload::{self, Uploaded};
use crate::access::links::is_form_token;
use crate::access::roles::Ability;
use crate::app::Refusal;
use crate::app::members::{Browser, SignedIn, Visitor};
use crate::web::{Notice, Typed, answer, go_to, is_own_form, is_own_site, peer, trouble, with_cookie};

/// The cookie of a session.
pub(super) const SESSION: &str = "baton_member";
/// The longest form that is read.
const MOST_BYTES: usize = 64 * 1024;
/// The longest address that one is led back to after signing in.
const MOST_PATH: usize = 1_000;

/// Somebody inside a session.
pub(super) struct Here {
    pub visitor: Visitor,
    pub secret: String,
}

impl Console {
    /// Who is here, if anybody.
    pub(super) async fn visitor(&self, headers: &HeaderMap) -> Result<Option<Here>, Response> {
        let Some(secret) = self.cookies.read(headers, SESSION) else { return Ok(None) };
        match self.app.visitor(secret).await {
            Ok(found) => Ok(found.map(|visitor| Here { visitor, secret: secret.to_owned() })),
            Err(fault) => Err(trouble(Refusal::Store(fault).code())),
        }
    }

    /// Who asks for a page, and may see it; everybody else is led to the sign-in page or told that they may not.
    pub(super) async fn asked(&self, parts: &Parts, need: Option<Ability>) -> Result<Here, Response> {
        let Some(here) = self.visitor(&parts.headers).await? else { return Err(to_sign_in(parts)) };
        match need {
            Some(need) if !here.visitor.member.may(need) => {
                let lines = ["Your role does not include this. An admin of your workspace can change that."];
                Err(notice(&here, (StatusCode::FORBIDDEN, "This is not open to you"), &lines))
            }
            _ => Ok(here),
        }
    }

    /// The same for a form: it comes from a page of this session, or nothing happens.
    pub(super) async fn sent(&self, sent: (&Parts, &[u8]), need: Option<Ability>) -> Result<(Here, Typed), Response> {
        self.sent_within(sent, need, MOST_BYTES).await
    }

    /// The same for a form of its own size.
    pub(super) async fn sent_within(
        &self,
        (parts, body): (&Parts, &[u8]),
        need: Option<Ability>,
        most_bytes: usize,
    ) -> Result<(Here, Typed), Response> {
        let here = self.asked(parts, need).await?;
        if body.len() > most_bytes {
            let lines = ["Nothing was changed. Go back, shorten what you typed, and send it again."];
            return Err(notice(&here, (StatusCode::PAYLOAD_TOO_LARGE, "That is too long"), &lines));
        }
        let typed = Typed::read(body);
        if !is_own_form(&here.secret, &parts.headers, &typed) {
            return Err(not_own(&here));
        }
        Ok((here, typed))
    }

    /// The same for a form with files, as large as any request may be.
    pub(super) async fn sent_files(
        &self,
        (parts, body): (&Parts, Bytes),
        need: Option<Ability>,
    ) -> Result<(Here, Uploaded), Response> {
        let here = self.asked(parts, need).await?;
        let uploaded = upload::read(parts, body).await;
        let is_own =
            |sent: &Uploaded| is_own_site(&parts.headers) && is_form_token(&here.secret, sent.typed.one("token"));
        match uploaded.filter(is_own) {
            Some(uploaded) => Ok((here, uploaded)),
            None => Err(not_own(&here)),
        }
    }

    /// The answer with the cookie of a session that has just begun.
    pub(super) fn let_in(&self, response: Response, signed_in: &SignedIn) -> Response {
        with_cookie(response, self.cookies.give(SESSION, (&signed_in.secret, signed_in.lives)))
    }
}

/// A form that no page of this session sent.
fn not_own(here: &Here) -> Response {
    let lines = [
        "This was not sent from its own page, and nothing was changed.",
        "Go back, load the page again, and send it once more.",
    ];
    notice(here, (StatusCode::FORBIDDEN, "This was not taken"), &lines)
}

/// Where a request comes from.
pub(super) fn browser_of(parts: &Parts) -> Browser {
    let agent = parts.headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Browser { address: peer(&parts.extensions), name: name_of(agent) }
}

/// To the sign-in page, and from there back to the page that was asked for.
fn to_sign_in(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map(|path| path.as_str()).filter(|_| parts.method == Method::GET);
    match wanted.and_then(own_path) {
        Some(path) => {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
            go_to(&format!("/sign-in?{query}"))
        }
        None => go_to("/sign-in"),
    }
}

/// A path of our own, and nothing that a browser could read as another place.
pub(super) fn own_path(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('/')?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_plain && !rest.starts_with('/') && text.len() <= MOST_PATH).then_some(text)
}

/// What was not done, for which no input of the page is to blame.
pub(super) fn refused(here: &Here, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::NotFound(_) => {
            let lines = ["It is gone, or was never there. Nothing was changed."];
            notice(here, (StatusCode::NOT_FOUND, "There is no such thing"), &lines)
        }
        Refusal::Busy => busy(),
        other => trouble(other.code()),
    }
}

/// Too many sign in at the same time.
pub(super) fn busy() -> Response {
    let lines = ["Many people are signing in just now. Please try again in a minute."];
    crate::web::later(answer(StatusCode::SERVICE_UNAVAILABLE, &Notice::new("One moment, please", &lines)), 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_led_back_to() {
        for own in ["/", "/settings/members", "/settings/members?done=role", "/h/x#y", "/a//b", "/@evil.example"] {
            assert_eq!(own_path(own), Some(own));
        }
        for foreign in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " /x",
            "/x\r\nset-cookie: a=b",
            "/ä",
            "/a\\b",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(MOST_PATH))), None);
    }
}
