//! What is kept of one person: found, given out as a file, erased after what is
//! to be erased was ticked and the person typed once more. Whom it is about
//! stands in forms and never in an address, since addresses end up in logs.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::retention::{self, NEED};
use crate::app::{PersonWanted, Refusal};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place, notice_with_way};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::handoff::HandoffId;
use crate::rendering::clean;
use crate::web::{Typed, answer, go_to};
use crate::wording;

/// Handoffs that one request erases, and that a page shows.
const MOST_HANDOFFS: usize = 1000;

#[derive(Template)]
#[template(path = "console/settings/person.html")]
struct PersonPage {
    frame: Frame,
    form: Form,
    email: String,
    names: String,
    who: String,
    found: String,
    /// Besides handoffs: accounts, keys, routes that name them.
    others: String,
    handoffs: Vec<Holding>,
}

/// A handoff that holds the person.
struct Holding {
    id: String,
    title: String,
    what: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "console/settings/erase.html")]
struct ErasePage {
    frame: Frame,
    form: Form,
    email: String,
    names: String,
    heading: String,
    handoffs: Vec<Holding>,
    /// What has to be typed.
    word: String,
}

/// Whom it is about, as it was typed.
struct Whom {
    email: String,
    names: String,
    wanted: PersonWanted,
}

impl Whom {
    fn of(typed: &Typed) -> Option<Whom> {
        let (email, names) = (typed.one("email").to_owned(), typed.one("names").to_owned());
        let listed: Vec<String> =
            names.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let wanted = PersonWanted::new(Some(email.as_str()).filter(|email| !email.is_empty()), &listed)?;
        Some(Whom { email, names, wanted })
    }

    /// By which the person is called on pages, and which is typed to confirm.
    fn word(&self) -> String {
        let first = self.names.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        clean(if self.email.is_empty() { first } else { &self.email })
    }
}

/// `POST /settings/retention/person`: where the person stands.
pub(super) async fn find(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Some(whom) = Whom::of(&typed) else { return nobody(&console, &here, typed).await };
    found(&console, &here, (StatusCode::OK, Form::default(), whom)).await
}

/// `POST /settings/retention/person/export`: everything of it, as a file.
pub(super) async fn export(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Some(whom) = Whom::of(&typed) else { return nobody(&console, &here, typed).await };
    let found = console.app.export_person(here.visitor.asker(), whom.wanted).await;
    let found = found.map_err(|refusal| refused(&here, &refusal))?;
    let text = serde_json::to_string_pretty(&found).map_err(|_| refused(&here, &Refusal::NotFound("export")))?;
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"person-export.json\""),
    ];
    Ok((headers, text).into_response())
}

/// `POST /settings/retention/person/confirm`: asks once more, and for the person's address or name.
pub(super) async fn confirm(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Some(whom) = Whom::of(&typed) else { return nobody(&console, &here, typed).await };
    if chosen(&typed).is_empty() {
        let form = Form::again(typed, &[("handoffs", "tick what is to be erased")]);
        return found(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form, whom)).await;
    }
    asked(&console, &here, (StatusCode::OK, Form { typed, mistakes: Vec::new() }, whom)).await
}

/// `POST /settings/retention/person/erase`.
pub(super) async fn erase(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Some(whom) = Whom::of(&typed) else { return nobody(&console, &here, typed).await };
    if clean(typed.one("confirm")).to_lowercase() != whom.word().to_lowercase() {
        let form = Form::again(typed, &[("confirm", "type it as it stands above; nothing was erased")]);
        return asked(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form, whom)).await;
    }
    let handoffs = chosen(&typed);
    let wrong = |refusal: Refusal| stopped(&here, &refusal);
    let holding = console.app.find_person(here.visitor.asker(), whom.wanted.clone()).await.map_err(wrong)?;
    if holding.holds_all(&handoffs).is_err() {
        let form = Form::again(typed, &[("handoffs", "not all that was ticked holds the person any more; look again")]);
        return found(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form, whom)).await;
    }
    let erasure = console.app.request_erasure(here.visitor.asker(), handoffs, "request").await.map_err(wrong)?;
    Ok(go_to(&format!("/settings/retention/erasures/{}", erasure.id)))
}

/// What keeps an erasure from being asked for, in words.
fn stopped(here: &Here, refusal: &Refusal) -> Response {
    let way = Some((Place::Retention.path().to_owned(), "Back to retention"));
    match refusal {
        Refusal::OnHold { handoff } => {
            let line = format!("The handoff {handoff} is on hold: nothing of it may go. Nothing was erased.");
            notice_with_way(here, (StatusCode::CONFLICT, "Something is on hold"), &[&line], way)
        }
        Refusal::Erased { .. } => {
            let lines = ["Some of it was erased already. Nothing more was done; look again."];
            notice_with_way(here, (StatusCode::CONFLICT, "It is gone already"), &lines, way)
        }
        other => refused(here, other),
    }
}

async fn nobody(console: &Console, here: &Here, typed: Typed) -> Shown {
    let detail = "name an e-mail address, or at least one name of three letters or more";
    let form = Form::again(typed, &[("email", detail)]);
    retention::page(console, here, (StatusCode::UNPROCESSABLE_ENTITY, form)).await
}

/// The handoffs that are ticked.
fn chosen(typed: &Typed) -> Vec<HandoffId> {
    let mut ids: Vec<HandoffId> =
        typed.all("handoffs").into_iter().filter_map(HandoffId::parse).take(MOST_HANDOFFS).collect();
    ids.sort();
    ids.dedup();
    ids
}

async fn found(console: &Console, here: &Here, (status, form, whom): (StatusCode, Form, Whom)) -> Shown {
    let found = console.app.find_person(here.visitor.asker(), whom.wanted.clone()).await;
    let found = found.map_err(|refusal| refused(here, &refusal))?;
    let ticked = chosen(&form.typed);
    let handoffs = holdings(console, here, &found.handoffs, &ticked).await;
    let loose = found.records.iter().filter(|record| record.handoff.is_none()).count();
    let page = PersonPage {
        frame: Frame::of(here, Some(Place::Retention)),
        who: whom.word(),
        email: whom.email,
        names: whom.names,
        found: match found.handoffs.len() {
            0 => "No handoff holds them.".to_owned(),
            count => format!("{} them.", wording::counted(count, "handoff holds", "handoffs hold")),
        },
        others: match loose {
            0 => String::new(),
            count => wording::counted(count, "record of no handoff names", "records of no handoff name"),
        },
        handoffs,
        form,
    };
    Ok(answer(status, &page))
}

async fn asked(console: &Console, here: &Here, (status, form, whom): (StatusCode, Form, Whom)) -> Shown {
    let ticked = chosen(&form.typed);
    let handoffs = holdings(console, here, &ticked, &ticked).await;
    let page = ErasePage {
        frame: Frame::of(here, Some(Place::Retention)),
        heading: format!("Erase {}?", wording::counted(handoffs.len(), "handoff", "handoffs")),
        handoffs,
        word: whom.word(),
        email: whom.email,
        names: whom.names,
        form,
    };
    Ok(answer(status, &page))
}

/// The handoffs as they are listed; those that are gone by now are left out.
async fn holdings(console: &Console, here: &Here, ids: &[HandoffId], ticked: &[HandoffId]) -> Vec<Holding> {
    let mut all = Vec::new();
    for id in ids.iter().take(MOST_HANDOFFS) {
        let Ok(row) = console.app.glance(&here.visitor.member.workspace, id).await else { continue };
        let title = row.matter.title.as_deref().map(clean).filter(|title| !title.trim().is_empty());
        let external = row.external_id.as_deref().map(|id| format!(" · {}", clean(id))).unwrap_or_default();
        let held = if row.hold.is_some() { " · on hold" } else { "" };
        all.push(Holding {
            id: id.0.clone(),
            title: title.unwrap_or_else(|| clean(&row.route.id)),
            what: format!("{} · came in {}{external}{held}", clean(&row.route.id), wording::day(row.created_at)),
            is_chosen: ticked.contains(id),
        });
    }
    all
}
