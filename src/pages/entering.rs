//! A link opened, entered and left. Opening has no effect: programs that scan
//! mail open links, often many times, before the person does.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::guard::{Cookie, check_form, refuse_foreign};
use super::proving::{shut, too_many, waits};
use super::{Notice, Pages, answer, go_to, trouble};
use crate::app::links::Entered;
use crate::app::{Door, Entry, Refusal};
use crate::handoff::LinkPurpose;
use crate::store::LinkRow;
use crate::web::shown::{team, title};
use crate::web::{Typed, is_own_site, with_cookie};
use crate::wording;

#[derive(Template)]
#[template(path = "pages/enter.html")]
struct EnterPage {
    title: String,
    from_team: String,
    to_team: String,
    person: String,
    is_answer: bool,
    until: String,
    /// To which address a code is mailed first; none where none is asked for.
    code_to: Option<String>,
}

/// `GET /l/{token}`: what the link is about, and a button.
pub(super) async fn show(State(pages): State<Pages>, Path(token): Path<String>, parts: Parts) -> Response {
    let link = match pages.app.open_link(&token).await {
        Ok(Some(link)) => link,
        Ok(None) => return wrong(&pages, &parts),
        Err(fault) => return trouble(Refusal::Store(fault).code()),
    };
    let code_to = match pages.app.door(&link) {
        Door::Open => None,
        Door::Code { address } => Some(address),
        Door::Shut(why) => return shut(&pages, (&link, why)).await,
    };
    match page_of(&pages, &link, code_to).await {
        Ok(page) => answer(StatusCode::OK, &page),
        Err(refusal) => trouble(refusal.code()),
    }
}

/// `POST /l/{token}`: the token for a session, or for a code that leads to one. With it the token leaves the address.
pub(super) async fn enter(State(pages): State<Pages>, Path(token): Path<String>, parts: Parts) -> Response {
    if !is_own_site(&parts.headers) {
        return refuse_foreign();
    }
    let link = match pages.app.open_link(&token).await {
        Ok(Some(link)) => link,
        Ok(None) => return wrong(&pages, &parts),
        Err(fault) => return trouble(Refusal::Store(fault).code()),
    };
    if pages.app.door(&link) != Door::Open && is_inside(&pages, &parts, &link).await {
        return go_to(&format!("/h/{}", link.handoff));
    }
    let browser = pages.secret(&parts.headers, (Cookie::Code, &link.handoff));
    match pages.app.enter(&token, browser).await {
        Ok(Some(Entry::In(entered))) => go_in(&pages, &entered),
        Ok(Some(Entry::Code(waiting))) => waits(&pages, &waiting),
        Ok(Some(Entry::Later { seconds })) => too_many(seconds, None),
        Ok(Some(Entry::Shut(why))) => shut(&pages, (&link, why)).await,
        Ok(None) => wrong(&pages, &parts),
        Err(refusal) => trouble(refusal.code()),
    }
}

/// Whether this browser has a session with the link already: nobody is asked for a code twice.
async fn is_inside(pages: &Pages, parts: &Parts, link: &LinkRow) -> bool {
    let Some(secret) = pages.secret(&parts.headers, (Cookie::Session, &link.handoff)) else { return false };
    matches!(pages.app.session(secret, &link.handoff).await, Ok(Some(own)) if own.id == link.id)
}

/// To the page of the session that has just begun.
pub(super) fn go_in(pages: &Pages, entered: &Entered) -> Response {
    let handoff = &entered.link.handoff;
    let cookie = pages.cookie((Cookie::Session, handoff), (&entered.secret, entered.lives));
    with_cookie(go_to(&format!("/h/{handoff}")), cookie)
}

/// `POST /h/{handoff}/leave`: ends the session.
pub(super) async fn leave(
    State(pages): State<Pages>,
    Path(handoff): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let typed = Typed::read(&body);
    let here = match pages.here(&headers, (&handoff, &Typed::default())).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    if let Some(page) = check_form(&here, &headers, &typed) {
        return page;
    }
    if let Err(fault) = pages.app.sign_out(&here.secret).await {
        return trouble(Refusal::Store(fault).code());
    }
    let lines = ["Your link stays good: open it again whenever you want to go on."];
    let cookie = pages.cookie((Cookie::Session, &here.link.handoff), ("", 0));
    with_cookie(answer(StatusCode::OK, &Notice::new("You are signed out", &lines)), cookie)
}

async fn page_of(pages: &Pages, link: &LinkRow, code_to: Option<String>) -> Result<EnterPage, Refusal> {
    let row = pages.app.glance(&link.workspace, &link.handoff).await?;
    let route = pages.app.route_version(&link.workspace, &row.route).await?;
    Ok(EnterPage {
        title: title(&row, &route),
        from_team: team(&route.from_team),
        to_team: team(&route.to_team),
        person: link.person.name.clone(),
        is_answer: link.purpose == LinkPurpose::Answer,
        until: wording::day(link.expires_at),
        code_to,
    })
}

/// The same whether the token was never good, has ended or was taken back. Whoever tries many is told to wait.
fn wrong(pages: &Pages, parts: &Parts) -> Response {
    pages.guesses.fail(&parts.extensions, pages.app.now()).unwrap_or_else(|| {
        let lines =
            ["It has ended, was taken back, or was copied incompletely.", "Ask whoever sent it to you for a new one."];
        answer(StatusCode::NOT_FOUND, &Notice::new("This link opens nothing", &lines))
    })
}
