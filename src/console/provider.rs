//! Signing in with the company's own accounts: the way to the identity provider,
//! the way back, and a plain page with what to do for whoever is not let in. No
//! words of the address or of the provider stand on it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::guard::{SESSION, browser_of, own_path};
use super::signing_in::{PENDING, too_many};
use super::{Console, Shown};
use crate::app::members::{Arrived, Brought, NotIn, SignIn};
use crate::web::{Notice, Typed, answer, go_to, later, trouble, with_cookie};

/// The cookie of a browser that is away at the provider.
const AWAY: &str = "baton_provider";

/// `GET /sign-in/provider`: to the provider. A link, not a form: a browser lets no form lead to another site here.
pub(super) async fn send(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let typed = Typed::read(query.unwrap_or_default().as_bytes());
    let next = own_path(typed.one("next")).unwrap_or("/");
    if console.visitor(&parts.headers).await?.is_some() {
        return Ok(go_to(next));
    }
    match console.app.send_to_provider(next, &browser_of(&parts)).await {
        Ok(Ok(away)) => {
            let cookie = console.cookies.give(AWAY, (&away.sealed, away.lives));
            Ok(with_cookie(go_to(&away.url), cookie))
        }
        Ok(Err(why)) => Ok(page(&console, why)),
        Err(refusal) => Err(trouble(refusal.code())),
    }
}

/// `GET /sign-in/provider/back`: from the provider. It is good once, for the browser that was sent there.
pub(super) async fn come_back(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let typed = Typed::read(query.unwrap_or_default().as_bytes());
    let brought = Brought {
        state: typed.one("state").to_owned(),
        code: typed.one("code").to_owned(),
        issuer: typed.one("iss").to_owned(),
        error: typed.one("error").to_owned(),
        sealed: console.cookies.read(&parts.headers, AWAY).unwrap_or_default().to_owned(),
    };
    let before = console.cookies.read(&parts.headers, SESSION);
    let response = match console.app.return_from_provider(brought, &browser_of(&parts), before).await {
        Ok(Arrived::In(SignIn::In(signed_in), next)) => {
            console.let_in(go_to(own_path(&next).unwrap_or("/")), &signed_in)
        }
        Ok(Arrived::In(SignIn::Code { pending, lives }, next)) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", own_path(&next).unwrap_or("/"))
                .finish();
            let cookie = console.cookies.give(PENDING, (&pending, lives));
            with_cookie(go_to(&format!("/sign-in/code?{query}")), cookie)
        }
        Ok(Arrived::In(..)) => page(&console, NotIn::Lost),
        Ok(Arrived::Not(why)) => page(&console, why),
        Err(refusal) => trouble(refusal.code()),
    };
    Ok(with_cookie(response, console.cookies.give(AWAY, ("", 0))))
}

/// Why somebody is not signed in, and what to do.
fn page(console: &Console, why: NotIn) -> Response {
    if let NotIn::Later { seconds } = why {
        let words = too_many(seconds);
        let page = notice("Too many tries were wrong", &[&words]);
        return later(answer(StatusCode::TOO_MANY_REQUESTS, &page), seconds);
    }
    let (heading, first, second) = words_of(why);
    let is_trouble = matches!(why, NotIn::Unreachable | NotIn::Misconfigured);
    let has_passwords = console.app.settings.sign_in.passwords;
    let third = if is_trouble && has_passwords { "If you have a password here, it works all the same." } else { "" };
    let lines: Vec<&str> = [first, second, third].into_iter().filter(|line| !line.is_empty()).collect();
    answer(status_of(why), &notice(heading, &lines))
}

fn status_of(why: NotIn) -> StatusCode {
    match why {
        NotIn::None => StatusCode::NOT_FOUND,
        NotIn::Lost => StatusCode::BAD_REQUEST,
        NotIn::Unreachable | NotIn::Misconfigured => StatusCode::BAD_GATEWAY,
        _ => StatusCode::FORBIDDEN,
    }
}

/// A heading, and what to do.
fn words_of(why: NotIn) -> (&'static str, &'static str, &'static str) {
    const RUNS: &str = "Tell whoever runs Baton: the log of the program says what is wrong.";
    match why {
        NotIn::None | NotIn::Later { .. } => ("There is no company account here", "Sign in with your password.", ""),
        NotIn::Lost => (
            "This sign-in has ended",
            "It was begun in another browser or window, took longer than ten minutes, or was used already.",
            "Go to the sign-in page and begin once more, in one window.",
        ),
        NotIn::Declined => (
            "You were not signed in",
            "Your company’s sign-in said no, or you went back before it was done.",
            "Try again. If it stays so, ask whoever looks after your company’s accounts to give you access to Baton.",
        ),
        NotIn::Unreachable => {
            ("Your company’s sign-in does not answer", "That is not your fault. Please try again in a minute.", "")
        }
        NotIn::Misconfigured => ("Signing in with your company account is not set up rightly", RUNS, ""),
        NotIn::Unbelieved => {
            ("You were not signed in", "What came from your company’s sign-in could not be believed.", RUNS)
        }
        NotIn::Unverified => (
            "Your address is not confirmed",
            "Your company’s sign-in does not say that your e-mail address is yours.",
            "Confirm it there, or ask whoever looks after your company’s accounts.",
        ),
        NotIn::Foreign => (
            "This address cannot sign in here",
            "People of its domain are not taken. Did you choose another account than you meant?",
            "Sign out of it, and begin again with your company’s.",
        ),
        NotIn::Unknown => {
            ("You have no account here", "Ask an admin of your workspace to invite your address; then this works.", "")
        }
        NotIn::NoRole => (
            "You have no role here",
            "Ask whoever looks after your company’s accounts to put you into a group that may use Baton.",
            "",
        ),
        NotIn::Disabled => ("Your account is shut", "An admin of your workspace can change that.", ""),
        NotIn::Taken => (
            "This address belongs to another account",
            "Somebody else signed in with it before, or your company’s account was made anew.",
            "Ask whoever runs Baton to untie it, if it is yours.",
        ),
        NotIn::NoAdmin => (
            "Nobody looks after this workspace yet",
            "The first account has to be an admin’s. Baton printed a link for it when it started.",
            "",
        ),
    }
}

fn notice(heading: &str, lines: &[&str]) -> Notice {
    let mut page = Notice::new(heading, lines);
    page.way = Some(("/sign-in".to_owned(), "To the sign-in page".to_owned()));
    page
}
