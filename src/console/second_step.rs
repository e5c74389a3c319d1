//! Setting up the second step: a QR code for an authenticator app, confirmed
//! by its first code, and recovery codes that are shown this once.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use secrecy::SecretString;

use super::form::Form;
use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::{Console, Shown, picture, profile};
use crate::app::Refusal;
use crate::app::members::Offer;
use crate::web::{answer, go_to};

#[derive(Template)]
#[template(path = "console/second_step.html")]
struct SecondStepPage {
    frame: Frame,
    form: Form,
    /// An `svg` element of our own.
    picture: String,
    /// In groups, for typing.
    secret: String,
    address: String,
    offer: String,
}

#[derive(Template)]
#[template(path = "console/recovery.html")]
struct RecoveryPage {
    frame: Frame,
    is_new: bool,
    codes: Vec<String>,
}

/// `GET /settings/profile/second-step`: a new secret each time; it counts once it is confirmed.
pub(super) async fn show(State(console): State<Console>, parts: Parts) -> Shown {
    let here = console.asked(&parts, None).await?;
    let offer = console.app.offer_second_step(&here.visitor).map_err(|refusal| refused(&here, &refusal))?;
    Ok(page(&here, &offer, (StatusCode::OK, Form::default())))
}

/// `POST /settings/profile/second-step`: the first code of the app, with the password.
pub(super) async fn confirm(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), None).await?;
    let Some(offer) = console.app.offered(&here.visitor, typed.one("offer")) else {
        return Ok(go_to("/settings/profile/second-step"));
    };
    let password = SecretString::from(typed.one("current"));
    match console.app.confirm_second_step(&here.visitor, (&offer, typed.one("code")), password).await {
        Ok(codes) => Ok(recovery(&here, codes, true)),
        Err(Refusal::Invalid(problems)) => {
            let form = Form::refused(typed, &problems, &[]);
            Ok(page(&here, &offer, (StatusCode::UNPROCESSABLE_ENTITY, form)))
        }
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

/// `POST /settings/profile/second-step/off`.
pub(super) async fn drop_it(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), None).await?;
    let password = SecretString::from(typed.one("off-current"));
    match console.app.drop_second_step(&here.visitor, password).await {
        Ok(()) => Ok(go_to("/settings/profile?done=off")),
        Err(refusal) => Err(profile::again(&here, (typed, refusal), &[("current", "off-current")])),
    }
}

/// `POST /settings/profile/recovery-codes`: new ones in place of the others.
pub(super) async fn renew_codes(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), None).await?;
    let password = SecretString::from(typed.one("codes-current"));
    match console.app.renew_recovery_codes(&here.visitor, password).await {
        Ok(codes) => Ok(recovery(&here, codes, false)),
        Err(refusal) => Err(profile::again(&here, (typed, refusal), &[("current", "codes-current")])),
    }
}

fn page(here: &Here, offer: &Offer, (status, form): (StatusCode, Form)) -> Response {
    let groups: Vec<String> =
        offer.text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let page = SecondStepPage {
        frame: Frame::of(here, Some(Place::Profile)),
        form,
        picture: picture::draw(&offer.address, "QR code for your authenticator app").unwrap_or_default(),
        secret: groups.join(" "),
        address: offer.address.clone(),
        offer: offer.sealed.clone(),
    };
    answer(status, &page)
}

fn recovery(here: &Here, codes: Vec<String>, is_new: bool) -> Response {
    answer(StatusCode::OK, &RecoveryPage { frame: Frame::of(here, Some(Place::Profile)), is_new, codes })
}
