//! One's own profile: the name, the password, and whether a second step is set
//! up. What keeps others out is changed only with the password once more.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use secrecy::SecretString;

use super::form::Form;
use super::frame::{Frame, Place};
use super::guard::{Here, browser_of, refused};
use super::{Console, Shown};
use crate::access::passwords::LEAST_LETTERS;
use crate::app::Refusal;
use crate::rendering::clean;
use crate::web::{Typed, answer, go_to};
use crate::wording;

#[derive(Template)]
#[template(path = "console/profile.html")]
struct ProfilePage {
    frame: Frame,
    form: Form,
    done: &'static str,
    name: String,
    email: String,
    role: &'static str,
    role_hint: &'static str,
    has_password: bool,
    has_second_step: bool,
    codes: String,
    password_hint: String,
}

/// `GET /settings/profile`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, None).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "name" => "Your name is changed.",
        "password" => "Your password is changed. You are signed out everywhere else.",
        "off" => "The second step is off. Your password alone signs you in.",
        _ => "",
    };
    Ok(page(&here, (StatusCode::OK, Form::default()), done))
}

/// `POST /settings/profile`: another name.
pub(super) async fn rename(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), None).await?;
    match console.app.rename(&here.visitor, typed.one("name")).await {
        Ok(()) => Ok(go_to("/settings/profile?done=name")),
        Err(refusal) => Err(again(&here, (typed, refusal), &[])),
    }
}

/// `POST /settings/profile/password`: another password; this session goes on under a new secret.
pub(super) async fn change_password(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), None).await?;
    let given = (SecretString::from(typed.one("current")), SecretString::from(typed.one("password")));
    match console.app.change_password(&here.visitor, given, &browser_of(&parts)).await {
        Ok(signed_in) => Ok(console.let_in(go_to("/settings/profile?done=password"), &signed_in)),
        Err(refusal) => Err(again(&here, (typed, refusal), &[])),
    }
}

/// The page once more, with what was wrong.
pub(super) fn again(here: &Here, (typed, refusal): (Typed, Refusal), renamed: &[(&str, &str)]) -> Response {
    match refusal {
        Refusal::Invalid(problems) => {
            let form = Form::refused(typed, &problems, renamed);
            page(here, (StatusCode::UNPROCESSABLE_ENTITY, form), "")
        }
        other => refused(here, &other),
    }
}

fn page(here: &Here, (status, form): (StatusCode, Form), done: &'static str) -> Response {
    let member = &here.visitor.member;
    let name = if form.wrong("name").is_empty() { clean(&member.name) } else { form.value("name").to_owned() };
    let page = ProfilePage {
        frame: Frame::of(here, Some(Place::Profile)),
        done,
        name,
        email: clean(&member.email),
        role: member.role.label(),
        role_hint: member.role.hint(),
        has_password: member.has_password,
        has_second_step: member.has_second_step,
        codes: wording::counted(member.recovery_codes, "recovery code is", "recovery codes are"),
        password_hint: format!("At least {LEAST_LETTERS} characters; several words are good"),
        form,
    };
    answer(status, &page)
}
