//! Keys of programs: which there are and when they were used last, a new one
//! whose text is shown this once, and revoking one after it was confirmed.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::ago;
use crate::access::callers::Preset;
use crate::access::keys::{Mode, Scope, Scopes};
use crate::access::roles::Ability;
use crate::app::{KeyRequest, KeyShown, KeyState, Refusal};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::rendering::clean;
use crate::value::{Edge, parse_moment};
use crate::web::{Typed, answer, go_to};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::EditKeys);

#[derive(Template)]
#[template(path = "console/settings/keys.html")]
struct KeysPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    living: Vec<Listed>,
    over: Vec<Listed>,
    scopes: Vec<Choice>,
    presets: Vec<Choice>,
    is_test: bool,
    /// The part of the form that few need is unfolded.
    is_unfolded: bool,
}

/// A key as it is listed.
struct Listed {
    id: String,
    name: String,
    mode: &'static str,
    workspace: String,
    preset: &'static str,
    signs: bool,
    scopes: Vec<&'static str>,
    made: String,
    used: String,
    state: String,
    is_living: bool,
}

/// Something to choose.
struct Choice {
    word: &'static str,
    /// For an id: letters, digits and dashes.
    id: String,
    hint: &'static str,
    is_chosen: bool,
}

/// The text of a key, this once.
#[derive(Template)]
#[template(path = "console/settings/secret.html")]
pub(super) struct SecretPage {
    pub frame: Frame,
    pub heading: String,
    pub lines: Vec<String>,
    pub label: &'static str,
    pub secret: String,
    pub back: String,
    pub back_name: &'static str,
}

/// A page that asks once more.
#[derive(Template)]
#[template(path = "console/settings/confirm.html")]
pub(super) struct ConfirmPage {
    pub frame: Frame,
    /// An address and what it is called.
    pub over: (String, &'static str),
    pub heading: String,
    pub lines: Vec<String>,
    pub action: String,
    pub button: &'static str,
    pub is_danger: bool,
    pub back: String,
}

/// `GET /settings/keys`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "revoked" => "The key is revoked. Nothing gets in with it any more.",
        _ => "",
    };
    page(&console, &here, (StatusCode::OK, Form::default()), done).await
}

/// `POST /settings/keys`: makes one.
pub(super) async fn create(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let request = match request_of(&typed) {
        Ok(request) => request,
        // That it is no day is known here; the rest is for the key ring to say.
        Err(problem) => {
            let form = Form::again(typed, &[("expires", &problem)]);
            return page(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form), "").await;
        }
    };
    let (name, mode) = (clean(&request.name), request.mode);
    match console.app.make_key(&here.visitor, request).await {
        Ok((id, text)) => {
            let kept = match mode {
                Mode::Live => "It opens the live handoffs of your workspace.",
                Mode::Test => "It opens handoffs for trying alone, which are kept apart from the live ones.",
            };
            let page = SecretPage {
                frame: Frame::of(&here, Some(Place::Keys)),
                heading: format!("Key {name}"),
                lines: vec![
                    format!("{kept} Its id is {id}; by it you know it again in the list and in the log."),
                    "Send it with every request as Authorization: Bearer, followed by the key.".to_owned(),
                ],
                label: "The key, shown this once",
                secret: text.expose_secret().to_owned(),
                back: Place::Keys.path().to_owned(),
                back_name: "Back to the keys",
            };
            Ok(answer(StatusCode::OK, &page))
        }
        Err(Refusal::Invalid(problems)) => {
            let form = Form::refused(typed, &problems, &[]);
            page(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form), "").await
        }
        Err(other) => Err(refused(&here, &other)),
    }
}

/// `GET /settings/keys/{id}/revoke`: asks once more.
pub(super) async fn confirm(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let key = console.app.key_of(&here.visitor, &id).await.map_err(|refusal| refused(&here, &refusal))?;
    let used = key.used_at.map_or_else(
        || "It was never used.".to_owned(),
        |at| format!("It was used last {}.", ago(at, console.app.now())),
    );
    let page = ConfirmPage {
        frame: Frame::of(&here, Some(Place::Keys)),
        over: (Place::Keys.path().to_owned(), "Keys"),
        heading: format!("Revoke the key {}?", clean(&key.row.name)),
        lines: vec![
            format!("Whatever calls with it gets in no more, from the next request on. {used}"),
            "This cannot be taken back: make another key instead.".to_owned(),
        ],
        action: format!("/settings/keys/{}/revoke", key.row.id),
        button: "Revoke it",
        is_danger: true,
        back: Place::Keys.path().to_owned(),
    };
    Ok(answer(StatusCode::OK, &page))
}

/// `POST /settings/keys/{id}/revoke`.
pub(super) async fn revoke(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    match console.app.revoke_key(&here.visitor, &id).await {
        Ok(()) => Ok(go_to("/settings/keys?done=revoked")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

/// What was asked for, or what is wrong with its last day.
fn request_of(typed: &Typed) -> Result<KeyRequest, String> {
    let words = typed.all("scopes");
    let scopes: Scopes = Scope::ALL.into_iter().filter(|scope| words.contains(&scope.word())).collect();
    let given = |name: &str| Some(typed.one(name)).filter(|text| !text.is_empty());
    Ok(KeyRequest {
        name: typed.one("name").to_owned(),
        workspace: String::new(),
        mode: if typed.one("mode") == Mode::Test.word() { Mode::Test } else { Mode::Live },
        scopes,
        preset: typed.one("preset").parse().unwrap_or_default(),
        key_pointer: given("key_pointer").map(str::to_owned),
        expires_at: given("expires").map(|text| parse_moment(text, Edge::End)).transpose()?,
        signing_secret: given("signing_secret").map(SecretString::from),
    })
}

async fn page(console: &Console, here: &Here, (status, form): (StatusCode, Form), done: &'static str) -> Shown {
    let keys = console.app.keys_of(&here.visitor).await.map_err(|fault| refused(here, &fault.into()))?;
    let now = console.app.now();
    let (living, over) = keys.iter().map(|key| listed(key, now)).partition::<Vec<Listed>, _>(|key| key.is_living);
    let chosen = form.typed.all("scopes");
    let scope = |scope: Scope| Choice {
        word: scope.word(),
        id: scope.word().replace([':', '_'], "-"),
        hint: scope.sentence(),
        is_chosen: chosen.contains(&scope.word()),
    };
    let preset = |preset: Preset| Choice {
        word: preset.word(),
        id: String::new(),
        hint: preset_name(preset),
        is_chosen: match form.value("preset") {
            "" => preset == Preset::Plain,
            word => preset.word() == word,
        },
    };
    let page = KeysPage {
        frame: Frame::of(here, Some(Place::Keys)),
        done,
        living,
        over,
        scopes: Scope::ALL
            .into_iter()
            .filter(|one| here.visitor.member.role.scopes().contains(*one))
            .map(scope)
            .collect(),
        presets: Preset::ALL.into_iter().map(preset).collect(),
        is_test: form.value("mode") == Mode::Test.word(),
        is_unfolded: ["key_pointer", "signing_secret"].iter().any(|id| !form.wrong(id).is_empty()),
        form,
    };
    Ok(answer(status, &page))
}

fn preset_name(preset: Preset) -> &'static str {
    match preset {
        Preset::Plain => "Any other program",
        Preset::Hubspot => "HubSpot",
        Preset::Zapier => "Zapier",
        Preset::Make => "Make",
        Preset::Salesforce => "Salesforce",
        Preset::N8n => "n8n",
    }
}

fn listed(key: &KeyShown, now: Timestamp) -> Listed {
    let row = &key.row;
    let words: Vec<&str> = row.scopes.split([' ', ',']).collect();
    let scopes: Vec<&'static str> =
        Scope::ALL.into_iter().map(Scope::word).filter(|word| words.contains(word)).collect();
    let preset: Preset = row.preset.parse().unwrap_or_default();
    Listed {
        id: row.id.clone(),
        name: clean(&row.name),
        mode: if row.mode == Mode::Test.word() { "Test" } else { "Live" },
        workspace: clean(row.workspace.as_str()),
        preset: if preset == Preset::Plain { "" } else { preset_name(preset) },
        signs: row.secret.is_some(),
        scopes: if scopes.len() == Scope::ALL.len() { vec!["all"] } else { scopes },
        made: wording::day(row.created_at),
        used: key.used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {}", ago(at, now))),
        state: match key.state {
            KeyState::Living => {
                row.expires_at.map_or_else(|| "no end".to_owned(), |end| format!("until {}", wording::moment(end)))
            }
            KeyState::Ended(at) => format!("ended {}", wording::moment(at)),
            KeyState::Revoked(at) => format!("revoked {}", wording::moment(at)),
        },
        is_living: key.state == KeyState::Living,
    }
}
