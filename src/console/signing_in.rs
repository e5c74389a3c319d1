//! The sign-in page, the page for the code, and the way out. A wrong address
//! and a wrong password are answered alike; afterwards one is where one wanted
//! to go, if that is a page of ours.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use secrecy::SecretString;

use super::form::Form;
use super::guard::{SESSION, browser_of, busy, own_path};
use super::{Console, Shown};
use crate::access::links::form_token;
use crate::app::members::{Credentials, SignIn, SignedIn};
use crate::app::{FIRST_WORKSPACE, Refusal};
use crate::web::{Notice, Typed, answer, go_to, is_form, is_own_form, is_own_site, later, trouble, with_cookie};
use crate::wording;

/// The cookie of a password that was right and waits for its code.
pub(super) const PENDING: &str = "baton_sign_in";
/// The longest form that is read.
const MOST_BYTES: usize = 16 * 1024;

/// What the page is shown with.
#[derive(Debug, Default)]
pub(super) struct Asked {
    form: Form,
    status: StatusCode,
    /// Seconds until the next try.
    wait: Option<u32>,
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    form: Form,
    next: String,
    workspace: String,
    /// Nobody has an account yet.
    is_new: bool,
    has_passwords: bool,
    /// Where the provider's button leads, and what stands on it.
    provider: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "console/code.html")]
struct CodePage {
    form: Form,
    next: String,
    token: String,
}

/// `GET /sign-in`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let typed = Typed::read(query.unwrap_or_default().as_bytes());
    if console.visitor(&parts.headers).await?.is_some() {
        return Ok(go_to(own_path(typed.one("next")).unwrap_or("/")));
    }
    // Of what stands in an address, nothing but these is taken over into the page.
    let kept = [("next", typed.one("next")), ("workspace", typed.one("workspace"))];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    let form = Form { typed: Typed::read(query.as_bytes()), ..Form::default() };
    page(&console, Asked { form, ..Asked::default() }).await
}

/// The page with what was typed before.
pub(super) async fn page(console: &Console, asked: Asked) -> Shown {
    let has_members = console.app.has_members().await.map_err(|fault| trouble(Refusal::Store(fault).code()))?;
    let typed = &asked.form.typed;
    let page = SignInPage {
        next: own_path(typed.one("next")).unwrap_or_default().to_owned(),
        workspace: typed.one("workspace").to_owned(),
        is_new: !has_members,
        has_passwords: console.app.settings.sign_in.passwords,
        provider: console.app.provider().map(|provider| {
            let next = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", own_path(typed.one("next")).unwrap_or("/"))
                .finish();
            (format!("/sign-in/provider?{next}"), provider.settings.button.clone())
        }),
        form: asked.form,
    };
    let response = answer(asked.status, &page);
    Ok(match asked.wait {
        Some(seconds) => later(response, seconds),
        None => response,
    })
}

/// `POST /sign-in`: the password.
pub(super) async fn send(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let typed = read(&parts, &body).ok_or_else(foreign)?;
    let email = typed.one("email").to_owned();
    let password = SecretString::from(typed.one("password"));
    let missing = |id: &'static str, text: &'static str| typed.one(id).is_empty().then_some((id, text));
    let wrong: Vec<_> = [missing("email", "Enter your e-mail address"), missing("password", "Enter your password")]
        .into_iter()
        .flatten()
        .collect();
    if !wrong.is_empty() {
        let form = Form::again(typed, &wrong);
        return page(&console, Asked { form, status: StatusCode::UNPROCESSABLE_ENTITY, wait: None }).await;
    }
    let workspace = Some(typed.one("workspace")).filter(|name| !name.is_empty()).unwrap_or(FIRST_WORKSPACE).to_owned();
    let given = Credentials { workspace, email, password };
    let before = console.cookies.read(&parts.headers, SESSION);
    match console.app.sign_in(given, &browser_of(&parts), before).await {
        Ok(SignIn::In(signed_in)) => Ok(let_in(&console, &signed_in, &typed)),
        Ok(SignIn::Code { pending, lives }) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", own_path(typed.one("next")).unwrap_or("/"))
                .finish();
            let cookie = console.cookies.give(PENDING, (&pending, lives));
            Ok(with_cookie(go_to(&format!("/sign-in/code?{query}")), cookie))
        }
        Ok(SignIn::Wrong | SignIn::Nobody) => {
            let form = Form::again(typed, &[("email", "That address and password do not belong together")]);
            page(&console, Asked { form, status: StatusCode::UNPROCESSABLE_ENTITY, wait: None }).await
        }
        Ok(SignIn::Later { seconds }) => {
            let form = Form::again(typed, &[("email", &too_many(seconds))]);
            page(&console, Asked { form, status: StatusCode::TOO_MANY_REQUESTS, wait: Some(seconds) }).await
        }
        Ok(SignIn::Closed) => {
            let mut page = Notice::new("Nobody signs in with a password here", &["Use your company account."]);
            page.way = Some(("/sign-in".to_owned(), "To the sign-in page".to_owned()));
            Err(answer(StatusCode::FORBIDDEN, &page))
        }
        Err(Refusal::Busy) => Err(busy()),
        Err(refusal) => Err(trouble(refusal.code())),
    }
}

/// `GET /sign-in/code`.
pub(super) async fn show_code(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let typed = Typed::read(query.unwrap_or_default().as_bytes());
    let pending = pending(&console, &parts).await?;
    Ok(code_page(&pending, (StatusCode::OK, Form { typed, ..Form::default() })))
}

/// `POST /sign-in/code`: a code of the app, or a recovery code.
pub(super) async fn send_code(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let typed = read(&parts, &body).ok_or_else(foreign)?;
    let pending = pending(&console, &parts).await?;
    if !is_own_form(&pending, &parts.headers, &typed) {
        return Err(foreign());
    }
    let before = console.cookies.read(&parts.headers, SESSION);
    match console.app.prove_member(&pending, typed.one("code"), &browser_of(&parts), before).await {
        Ok(SignIn::In(signed_in)) => {
            let cookie = console.cookies.give(PENDING, ("", 0));
            Ok(with_cookie(let_in(&console, &signed_in, &typed), cookie))
        }
        Ok(SignIn::Wrong | SignIn::Code { .. }) => {
            let form =
                Form::again(typed, &[("code", "This code is not good now. Take the one that the app shows next")]);
            Ok(code_page(&pending, (StatusCode::UNPROCESSABLE_ENTITY, form)))
        }
        Ok(SignIn::Later { seconds }) => {
            let form = Form::again(typed, &[("code", &too_many(seconds))]);
            Ok(later(code_page(&pending, (StatusCode::TOO_MANY_REQUESTS, form)), seconds))
        }
        Ok(SignIn::Nobody | SignIn::Closed) => Ok(go_to("/sign-in")),
        Err(refusal) => Err(trouble(refusal.code())),
    }
}

/// `POST /sign-out`: ends this session.
pub(super) async fn leave(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), None).await?;
    match console.app.end_session(&here.visitor, &here.visitor.session).await {
        Ok(()) | Err(Refusal::NotFound(_)) => {}
        Err(refusal) => return Err(trouble(refusal.code())),
    }
    let mut page = Notice::new("You are signed out", &[]);
    page.way = Some(("/sign-in".to_owned(), "Sign in again".to_owned()));
    page.besides = console.app.way_out_of_provider(&here.visitor).await.map(|address| {
        page.lines.push("At your company’s sign-in you are still signed in.".to_owned());
        (address, "Sign out there too".to_owned())
    });
    Ok(with_cookie(answer(StatusCode::OK, &page), console.cookies.give(SESSION, ("", 0))))
}

/// A form of somebody who is not signed in yet: from our own page, as far as the browser tells; else none.
fn read(parts: &Parts, body: &[u8]) -> Option<Typed> {
    let is_taken = body.len() <= MOST_BYTES && is_own_site(&parts.headers) && is_form(&parts.headers);
    is_taken.then(|| Typed::read(body))
}

fn foreign() -> Response {
    let lines = ["This was not sent from its own page, and nothing was changed."];
    let mut page = Notice::new("This was not taken", &lines);
    page.way = Some(("/sign-in".to_owned(), "To the sign-in page".to_owned()));
    answer(StatusCode::FORBIDDEN, &page)
}

/// What the browser keeps of a password that waits for its code; without one, back to the beginning.
async fn pending(console: &Console, parts: &Parts) -> Result<String, Response> {
    let Some(pending) = console.cookies.read(&parts.headers, PENDING) else { return Err(go_to("/sign-in")) };
    match console.app.is_pending(pending).await {
        Ok(true) => Ok(pending.to_owned()),
        Ok(false) => Err(go_to("/sign-in")),
        Err(fault) => Err(trouble(Refusal::Store(fault).code())),
    }
}

fn code_page(pending: &str, (status, form): (StatusCode, Form)) -> Response {
    let next = own_path(form.typed.one("next")).unwrap_or("/").to_owned();
    answer(status, &CodePage { form, next, token: form_token(pending) })
}

/// To where one wanted to go.
fn let_in(console: &Console, signed_in: &SignedIn, typed: &Typed) -> Response {
    console.let_in(go_to(own_path(typed.one("next")).unwrap_or("/")), signed_in)
}

pub(super) fn too_many(seconds: u32) -> String {
    let minutes = usize::try_from(seconds.div_ceil(60)).unwrap_or(1);
    format!("Too many tries were wrong. Try again in {}", wording::counted(minutes, "minute", "minutes"))
}
