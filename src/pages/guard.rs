//! Who may see and send a handoff's pages: the cookie of a session, and the
//! proof that a form was sent from our own page and from no other.

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::{Leave, Notice, Pages, answer, trouble};
use crate::access::links::form_token;
use crate::handoff::HandoffId;
use crate::store::LinkRow;
use crate::web::{Typed, is_own_form};

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
    /// The header that gives a cookie, or takes it away when it lives no longer.
    pub(super) fn cookie(&self, which: (Cookie, &HandoffId), given: (&str, i64)) -> HeaderValue {
        self.cookies.give(&name_of(which), given)
    }

    /// The secret that a browser sends.
    pub(super) fn secret<'a>(&self, headers: &'a HeaderMap, which: (Cookie, &HandoffId)) -> Option<&'a str> {
        self.cookies.read(headers, &name_of(which))
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

/// One cookie a handoff, so that two of them can be open beside each other.
fn name_of((cookie, handoff): (Cookie, &HandoffId)) -> String {
    match cookie {
        Cookie::Session => format!("baton_{handoff}"),
        Cookie::Code => format!("baton_code_{handoff}"),
    }
}

/// The answer to what no page of ours sent within this session.
pub(super) fn check_form(here: &Here, headers: &HeaderMap, typed: &Typed) -> Option<Response> {
    (!is_own_form(&here.secret, headers, typed)).then(refuse_foreign)
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
