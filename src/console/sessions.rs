//! Where one is signed in: each session with its browser, its address and when
//! it was used last, and the buttons that end them.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::frame::{Frame, Place};
use super::guard::refused;
use super::{Console, Shown};
use crate::rendering::clean;
use crate::web::{Typed, answer, go_to};
use crate::wording;

#[derive(Template)]
#[template(path = "console/sessions.html")]
struct SessionsPage {
    frame: Frame,
    done: &'static str,
    sessions: Vec<Listed>,
    has_others: bool,
}

/// One session as it is listed.
struct Listed {
    id: String,
    browser: String,
    address: String,
    began: String,
    used: String,
    is_this: bool,
}

/// `GET /settings/sessions`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, None).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "one" => "That session is ended.",
        "others" => "You are signed out everywhere else.",
        _ => "",
    };
    let found = console.app.member_sessions(&here.visitor).await.map_err(|fault| refused(&here, &fault.into()))?;
    let mut sessions: Vec<Listed> = found
        .into_iter()
        .map(|session| Listed {
            is_this: session.id == here.visitor.session,
            browser: clean(&session.browser),
            address: clean(&session.address),
            began: wording::moment(session.created_at),
            used: wording::moment(session.seen_at),
            id: session.id,
        })
        .collect();
    sessions.sort_by_key(|session| !session.is_this);
    let has_others = sessions.iter().any(|session| !session.is_this);
    let frame = Frame::of(&here, Some(Place::Sessions));
    Ok(answer(StatusCode::OK, &SessionsPage { frame, done, sessions, has_others }))
}

/// `POST /settings/sessions/{id}/end`.
pub(super) async fn end(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), None).await?;
    match console.app.end_session(&here.visitor, &id).await {
        Ok(()) => Ok(go_to("/settings/sessions?done=one")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

/// `POST /settings/sessions`: all but this one end.
pub(super) async fn end_others(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), None).await?;
    match console.app.end_other_sessions(&here.visitor).await {
        Ok(_) => Ok(go_to("/settings/sessions?done=others")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}
