//! Reminding the people of several handoffs at once: the page that says whom it
//! would reach and whom it spares, and the one that says what was done.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::Timestamp;

use super::frame::{Frame, Place};
use super::guard::{own_path, refused};
use super::inbox::PAGE;
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::Chosen;
use crate::asking::Spared;
use crate::handoff::HandoffId;
use crate::rendering::clean;
use crate::web::{Typed, answer};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::Answer);

#[derive(Template)]
#[template(path = "console/remind.html")]
struct RemindPage {
    frame: Frame,
    heading: String,
    /// Before anything was sent.
    is_asking: bool,
    back: String,
    handoffs: Vec<String>,
    reached: Vec<One>,
    spared: Vec<One>,
    /// Handoffs of which nobody is asked anything.
    silent: Vec<String>,
}

impl RemindPage {
    /// How many people it reaches, each once.
    fn count(&self) -> usize {
        self.reached.iter().map(|one| one.key.as_str()).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// Somebody who is asked about a handoff.
struct One {
    /// The same for the same person.
    key: String,
    request: String,
    who: String,
    handoff: String,
    /// How much they are asked, or why they are spared.
    told: String,
}

/// `POST /handoffs/remind`: whom it would reach.
pub(super) async fn confirm(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let ids = chosen(&typed);
    let found = console.app.remindable(&here.visitor.member.workspace, &ids).await;
    let found = found.map_err(|refusal| refused(&here, &refusal))?;
    let page = page(Frame::of(&here, Some(Place::Handoffs)), (&found, &typed), console.app.now());
    let count = page.count();
    let heading = match (count, found.is_empty()) {
        (_, true) => "No handoff was chosen".to_owned(),
        (0, false) => "Nobody can be reminded".to_owned(),
        _ => format!("Remind {}?", wording::counted(count, "person", "people")),
    };
    Ok(answer(StatusCode::OK, &RemindPage { heading, is_asking: count > 0, ..page }))
}

/// `POST /handoffs/remind/send`: done, and told.
pub(super) async fn send(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let ids = chosen(&typed);
    let found = console.app.remind_many(&here.visitor, (&ids, &typed.all("request"))).await;
    let found = found.map_err(|refusal| refused(&here, &refusal))?;
    let mut page = page(Frame::of(&here, Some(Place::Handoffs)), (&found, &typed), console.app.now());
    // Those were named on the page before.
    page.silent.clear();
    let heading = match page.count() {
        0 => "Nobody was reminded".to_owned(),
        1 => "1 person is reminded".to_owned(),
        count => format!("{count} people are reminded"),
    };
    Ok(answer(StatusCode::OK, &RemindPage { heading, ..page }))
}

/// The handoffs that were chosen, a page of them at most.
fn chosen(typed: &Typed) -> Vec<HandoffId> {
    typed.all("handoff").into_iter().filter_map(HandoffId::parse).take(PAGE as usize).collect()
}

fn page(frame: Frame, (found, typed): (&[Chosen], &Typed), now: Timestamp) -> RemindPage {
    let own_list = |path: &&str| path.starts_with("/handoffs?");
    let back = own_path(typed.one("back")).filter(own_list).unwrap_or("/handoffs").to_owned();
    let (mut reached, mut spared, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for one in found {
        if one.asked.is_empty() {
            silent.push(clean(&one.name));
        }
        for (request, may) in &one.asked {
            let questions = wording::counted(request.questions.len(), "question", "questions");
            let told = match may {
                Ok(()) if request.questions.is_empty() => String::new(),
                Ok(()) => questions,
                Err(why) => spared_words(*why, now),
            };
            let key = request.person.key();
            let person = One {
                key: key.to_lowercase(),
                request: request.id.clone(),
                who: if key.is_empty() { "Nobody is named".to_owned() } else { clean(request.person.label()) },
                handoff: clean(&one.name),
                told,
            };
            if may.is_ok() { reached.push(person) } else { spared.push(person) }
        }
    }
    RemindPage {
        frame,
        heading: String::new(),
        is_asking: false,
        back,
        handoffs: found.iter().map(|one| one.handoff.0.clone()).collect(),
        reached,
        spared,
        silent,
    }
}

fn spared_words(why: Spared, now: Timestamp) -> String {
    match why {
        Spared::Closed => wording::spared_closed().to_owned(),
        Spared::NotAsked => wording::spared_not_asked().to_owned(),
        Spared::Unreachable => wording::spared_unreachable().to_owned(),
        Spared::PutOff(until) => wording::spared_put_off(until),
        Spared::JustWritten(at) => wording::spared_just_written(at, now),
    }
}
