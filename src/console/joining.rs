//! The page behind a one-time link: the first admin's account, the account of
//! somebody who was invited, or a new password. Opening it changes nothing.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use secrecy::SecretString;

use super::form::Form;
use super::guard::{browser_of, busy};
use super::{Console, Shown};
use crate::access::passwords::LEAST_LETTERS;
use crate::app::Refusal;
use crate::app::members::{Joining, Opening};
use crate::rendering::clean;
use crate::web::{Notice, Typed, answer, go_to, is_form, is_own_site, trouble};
use crate::wording;

/// The longest form that is read.
const MOST_BYTES: usize = 16 * 1024;

#[derive(Template)]
#[template(path = "console/join.html")]
struct JoinPage {
    form: Form,
    heading: &'static str,
    lines: Vec<String>,
    has_name: bool,
    has_email: bool,
    has_password: bool,
    /// Where the provider's button leads, for who comes by it alone, and what stands on it.
    provider: Option<(String, String)>,
    /// For a browser's own store of passwords, where the address is not typed.
    email: String,
    button: &'static str,
    password_hint: String,
}

/// `GET /setup/{token}`.
pub(super) async fn show(State(console): State<Console>, Path(token): Path<String>, parts: Parts) -> Shown {
    let opening = open(&console, (&token, &parts)).await?;
    let name = match &opening {
        Opening::Invited(row) => row.name.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("name", &name).finish();
    let form = Form { typed: Typed::read(query.as_bytes()), ..Form::default() };
    Ok(answer(StatusCode::OK, &page_of(&console, &opening, form)))
}

/// `POST /setup/{token}`: the account is made or has its new password, and its session begins.
pub(super) async fn send(
    State(console): State<Console>,
    Path(token): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    if body.len() > MOST_BYTES || !is_own_site(&parts.headers) || !is_form(&parts.headers) {
        let lines = ["This was not sent from its own page, and nothing was changed.", "Open your link again."];
        return Err(answer(StatusCode::FORBIDDEN, &Notice::new("This was not taken", &lines)));
    }
    let opening = open(&console, (&token, &parts)).await?;
    let typed = Typed::read(&body);
    let joining = Joining {
        name: typed.one("name").to_owned(),
        email: typed.one("email").to_owned(),
        password: SecretString::from(typed.one("password")),
    };
    match console.app.join(&token, joining, &browser_of(&parts)).await {
        Ok(Some(signed_in)) => Ok(console.let_in(go_to("/"), &signed_in)),
        Ok(None) => Err(wrong()),
        Err(Refusal::Invalid(problems)) => {
            let form = Form::refused(typed, &problems, &[]);
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&console, &opening, form)))
        }
        Err(Refusal::Busy) => Err(busy()),
        Err(refusal) => Err(trouble(refusal.code())),
    }
}

async fn open(console: &Console, (token, parts): (&str, &Parts)) -> Result<Opening, Response> {
    match console.app.open_invitation(token).await {
        Ok(Some(opening)) => Ok(opening),
        Ok(None) => Err(console.guesses.fail(&parts.extensions, console.app.now()).unwrap_or_else(wrong)),
        Err(fault) => Err(trouble(Refusal::Store(fault).code())),
    }
}

fn page_of(console: &Console, opening: &Opening, form: Form) -> JoinPage {
    let has_password = console.app.settings.sign_in.passwords;
    let provider =
        console.app.provider().map(|provider| ("/sign-in/provider".to_owned(), provider.settings.button.clone()));
    let page = JoinPage {
        form,
        heading: "",
        lines: Vec::new(),
        has_name: true,
        has_email: false,
        has_password,
        provider: None,
        email: String::new(),
        button: "Create account",
        password_hint: format!("At least {LEAST_LETTERS} characters; several words are good"),
    };
    match opening {
        Opening::First { until } => JoinPage {
            heading: "Make the first account",
            lines: vec![
                "It is an admin’s: you can invite everybody else from it.".to_owned(),
                format!("This link works once, and until {}.", wording::moment(*until)),
            ],
            has_email: true,
            ..page
        },
        Opening::Invited(row) => JoinPage {
            heading: "Welcome to Baton",
            lines: vec![format!(
                "{} invites you as {}, under the address {}.",
                clean(&row.made_by),
                row.role,
                clean(&row.email)
            )],
            email: clean(&row.email),
            provider,
            ..page
        },
        Opening::Reset(row) => JoinPage {
            heading: if has_password { "Choose a new password" } else { "Come in" },
            lines: vec![
                format!("For {}.", clean(&row.email)),
                "Everywhere else you are signed out then, and a second step has to be set up anew.".to_owned(),
            ],
            has_name: false,
            email: clean(&row.email),
            button: if has_password { "Save password" } else { "Sign in" },
            ..page
        },
    }
}

/// The same whether the token was never good, was used, has ended or was withdrawn.
fn wrong() -> Response {
    let lines = [
        "It has been used, has ended, was withdrawn, or was copied incompletely.",
        "Ask whoever sent it to you for a new one.",
    ];
    let mut page = Notice::new("This link opens nothing", &lines);
    page.way = Some(("/sign-in".to_owned(), "To the sign-in page".to_owned()));
    answer(StatusCode::NOT_FOUND, &page)
}
