//! The page for the code that was mailed, and what is said when no code can be
//! sent. Works without script; what is wrong is named beside its input.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::entering::go_in;
use super::guard::{Cookie, outside, refuse_foreign};
use super::{Notice, Pages, answer, go_to, trouble};
use crate::access::links::form_token;
use crate::app::{Door, Entry, Proof, Refusal, Shut, Waiting};
use crate::handoff::HandoffId;
use crate::rendering::clean;
use crate::store::LinkRow;
use crate::web::shown::title;
use crate::web::{Typed, is_own_form, with_cookie};
use crate::wording;

#[derive(Template)]
#[template(path = "pages/code.html")]
struct CodePage {
    title: String,
    handoff: String,
    address: String,
    token: String,
    error: Option<String>,
}

/// `GET /h/{handoff}/code`: the page on which the code is typed.
pub(super) async fn show(State(pages): State<Pages>, Path(handoff): Path<String>, headers: HeaderMap) -> Response {
    match waiting_here(&pages, &headers, &handoff).await {
        Ok((link, secret)) => page(&pages, (&link, &secret), (StatusCode::OK, None)).await,
        Err(response) => response,
    }
}

/// `POST /h/{handoff}/code`: the code, or the wish for another one.
pub(super) async fn send(
    State(pages): State<Pages>,
    Path(handoff): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let typed = Typed::read(&body);
    let (link, secret) = match waiting_here(&pages, &headers, &handoff).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    if !is_own_form(&secret, &headers, &typed) {
        return refuse_foreign();
    }
    if !typed.one("again").is_empty() {
        return again(&pages, (&link, &secret)).await;
    }
    let digits: String =
        typed.one("code").chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2011}')).collect();
    let wrong = |error: String| (StatusCode::UNPROCESSABLE_ENTITY, Some(error));
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let error = wrong("Enter the six digits from the mail".to_owned());
        return page(&pages, (&link, &secret), error).await;
    }
    match pages.app.prove((&secret, &link.handoff), &digits).await {
        Ok(Proof::In(entered)) => {
            with_cookie(go_in(&pages, &entered), pages.cookie((Cookie::Code, &link.handoff), ("", 0)))
        }
        Ok(Proof::Wrong { left }) => {
            let left = wording::counted(usize::try_from(left).unwrap_or_default(), "try is left", "tries are left");
            let error = wrong(format!("That is not the code of the newest mail; {left}"));
            page(&pages, (&link, &secret), error).await
        }
        Ok(Proof::Over) => {
            let error = wrong("This code is not good any more. Have a new one sent".to_owned());
            page(&pages, (&link, &secret), error).await
        }
        Ok(Proof::Nobody) => outside(&Typed::default()),
        Err(refusal) => trouble(refusal.code()),
    }
}

async fn again(pages: &Pages, (link, secret): (&LinkRow, &str)) -> Response {
    match pages.app.send_another(secret, &link.handoff).await {
        Ok(Some(Entry::Code(waiting))) => waits(pages, &waiting),
        Ok(Some(Entry::Later { seconds })) => too_many(seconds, Some(&link.handoff)),
        Ok(Some(Entry::Shut(why))) => shut(pages, (link, why)).await,
        Ok(Some(Entry::In(entered))) => go_in(pages, &entered),
        Ok(None) => outside(&Typed::default()),
        Err(refusal) => trouble(refusal.code()),
    }
}

/// The link that this browser is about to enter, and the secret of its cookie.
async fn waiting_here(pages: &Pages, headers: &HeaderMap, handoff: &str) -> Result<(LinkRow, String), Response> {
    let outside = || outside(&Typed::default());
    let id = HandoffId::parse(handoff).ok_or_else(outside)?;
    let secret = pages.secret(headers, (Cookie::Code, &id)).ok_or_else(outside)?;
    match pages.app.entering(secret, &id).await {
        Ok(Some(link)) => Ok((link, secret.to_owned())),
        Ok(None) => Err(outside()),
        Err(fault) => Err(trouble(Refusal::Store(fault).code())),
    }
}

async fn page(
    pages: &Pages,
    (link, secret): (&LinkRow, &str),
    (status, error): (StatusCode, Option<String>),
) -> Response {
    let address = match pages.app.door(link) {
        Door::Code { address } => address,
        Door::Shut(why) => return shut(pages, (link, why)).await,
        Door::Open => return outside(&Typed::default()),
    };
    let made = async {
        let row = pages.app.glance(&link.workspace, &link.handoff).await?;
        let route = pages.app.route_version(&link.workspace, &row.route).await?;
        Ok::<_, Refusal>(title(&row, &route))
    };
    match made.await {
        Ok(title) => {
            let handoff = link.handoff.0.clone();
            answer(status, &CodePage { title, handoff, address, token: form_token(secret), error })
        }
        Err(refusal) => trouble(refusal.code()),
    }
}

/// To the page for the code, in the browser that asked for it.
pub(super) fn waits(pages: &Pages, waiting: &Waiting) -> Response {
    let cookie = pages.cookie((Cookie::Code, &waiting.handoff), (&waiting.secret, waiting.lives));
    with_cookie(go_to(&format!("/h/{}/code", waiting.handoff)), cookie)
}

/// Too many codes were asked for; `back` is the handoff whose code page the browser comes from.
pub(super) fn too_many(seconds: i64, back: Option<&HandoffId>) -> Response {
    let minutes = wording::counted(usize::try_from(seconds.div_euclid(60) + 1).unwrap_or(1), "minute", "minutes");
    let line = format!("Three codes are sent in an hour at most. Please open your link again in {minutes}.");
    let mut page = Notice::new("Too many codes were sent", &[&line]);
    page.way = back.map(|handoff| (format!("/h/{handoff}/code"), "Back to the code that was sent last".to_owned()));
    let mut response = answer(StatusCode::TOO_MANY_REQUESTS, &page);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Why nobody gets in with this link, and whom to ask.
pub(super) async fn shut(pages: &Pages, (link, why): (&LinkRow, Shut)) -> Response {
    let cause = match why {
        Shut::NoAddress => "It asks for a code that is sent by mail, and no mail address of yours is known here.",
        Shut::NoMail => "It asks for a code that is sent by mail, and sending mail is not set up here.",
    };
    let row = pages.app.glance(&link.workspace, &link.handoff).await.ok();
    let owner = row.and_then(|row| {
        let failure = row.matter.duties.failure.clone()?;
        crate::asking::resolve(&failure, &row.matter).map(|person| clean(person.label()))
    });
    let whom = owner.unwrap_or_else(|| "whoever sent you the link".to_owned());
    let line = format!("Please ask {whom} to mend that, or give your answers to them.");
    answer(StatusCode::FORBIDDEN, &Notice::new("This link cannot be opened", &[cause, &line]))
}
