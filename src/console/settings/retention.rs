//! What is kept for how long: by route, what goes next and when, what is on
//! hold, and what was erased, each with its receipt.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};

use super::ahead;
use crate::access::roles::Ability;
use crate::app::{Going, Refusal, RouteKept};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::rendering::clean;
use crate::store::{Erasure, ErasureState};
use crate::web::answer;
use crate::wording;

pub(super) const NEED: Option<Ability> = Some(Ability::Erase);

#[derive(Template)]
#[template(path = "console/settings/retention.html")]
struct RetentionPage {
    frame: Frame,
    form: Form,
    routes: Vec<RouteShown>,
    held: Vec<HeldShown>,
    erasures: Vec<ErasureShown>,
}

/// A route with what goes of it.
struct RouteShown {
    id: String,
    title: String,
    /// No age is set for any of it.
    is_endless: bool,
    sources: String,
    sources_next: String,
    briefs: String,
    briefs_next: String,
}

/// A handoff on hold.
struct HeldShown {
    id: String,
    title: String,
    reason: String,
    since: String,
}

/// An erasure as it is listed.
struct ErasureShown {
    id: String,
    what: String,
    asked: String,
    state: &'static str,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "console/settings/erasure.html")]
struct ErasurePage {
    frame: Frame,
    id: String,
    heading: String,
    state: &'static str,
    class: &'static str,
    is_done: bool,
    asked: String,
    done: String,
    handoffs: Vec<String>,
    counts: Vec<(String, u64)>,
    receipt: String,
}

/// `GET /settings/retention`.
pub(super) async fn show(State(console): State<Console>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    page(&console, &here, (StatusCode::OK, Form::default())).await
}

/// The page with a form that may have mistakes in it.
pub(super) async fn page(console: &Console, here: &Here, (status, form): (StatusCode, Form)) -> Shown {
    let kept = console.app.kept(&here.visitor).await.map_err(|refusal| refused(here, &refusal))?;
    let now = console.app.now();
    let held = kept.held.into_iter().map(|one| HeldShown {
        title: one
            .title
            .as_deref()
            .map(clean)
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| one.id.0.clone()),
        id: one.id.0,
        reason: clean(&one.hold.reason),
        since: wording::day(one.hold.since),
    });
    let page = RetentionPage {
        frame: Frame::of(here, Some(Place::Retention)),
        form,
        routes: kept.routes.iter().map(|route| route_shown(route, now)).collect(),
        held: held.collect(),
        erasures: kept.erasures.iter().map(erasure_shown).collect(),
    };
    Ok(answer(status, &page))
}

fn route_shown(route: &RouteKept, now: Timestamp) -> RouteShown {
    RouteShown {
        id: route.id.clone(),
        title: clean(&route.title),
        is_endless: route.retention.sources.is_none() && route.retention.briefs.is_none(),
        sources: age(route.retention.sources, "after it came in"),
        sources_next: next(route.contexts, ("handoff with raw context", "handoffs with raw context"), now),
        briefs: age(route.retention.briefs, "after the last change"),
        briefs_next: next(route.handoffs, ("handoff", "handoffs"), now),
    }
}

fn age(age: Option<SignedDuration>, from: &str) -> String {
    match age {
        Some(age) => format!("{} {from}", wording::lasting(age)),
        None => "until somebody erases it".to_owned(),
    }
}

/// How much there is, and what of it goes when.
fn next(going: Going, (one, many): (&str, &str), now: Timestamp) -> String {
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let all = wording::counted(count(going.all), one, many);
    match going.next {
        None => format!("{all} now"),
        Some(at) if at <= now => format!("{all} now; {} due, gone within the hour", going.soon.max(1)),
        Some(at) => {
            let soon = if going.soon > 0 { format!(", {} within a week", going.soon) } else { String::new() };
            format!("{all} now; the next goes {}, {}{soon}", ahead(at, now), wording::day(at))
        }
    }
}

fn standing(erasure: &Erasure) -> (&'static str, &'static str) {
    match erasure.state {
        ErasureState::Done => ("done", "good"),
        ErasureState::Waiting => ("being done", "caution"),
        ErasureState::Outside => ("waiting for the Qdrant server", "caution"),
    }
}

fn erasure_shown(erasure: &Erasure) -> ErasureShown {
    let (state, class) = standing(erasure);
    let count = wording::counted(erasure.handoffs.len(), "handoff", "handoffs");
    let why = if erasure.cause == "retention" { "by age" } else { "on request" };
    let asked = wording::moment(erasure.asked_at);
    ErasureShown { id: erasure.id.clone(), what: format!("{count}, {why}"), asked, state, class }
}

/// `GET /settings/retention/erasures/{id}`.
pub(super) async fn erasure(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let found = console.app.find_erasure(&here.visitor.member.workspace, &id).await;
    let erasure = found.map_err(|refusal| refused(&here, &refusal))?;
    let (state, class) = standing(&erasure);
    let page = ErasurePage {
        frame: Frame::of(&here, Some(Place::Retention)),
        heading: format!("Erasure of {}", wording::counted(erasure.handoffs.len(), "handoff", "handoffs")),
        state,
        class,
        is_done: erasure.state == ErasureState::Done,
        asked: wording::moment(erasure.asked_at),
        done: erasure.done_at.map(wording::moment).unwrap_or_default(),
        handoffs: erasure.handoffs.iter().map(|id| id.0.clone()).collect(),
        counts: erasure.counts.into_iter().map(|(kind, count)| (kind.replace('_', " "), count)).collect(),
        receipt: erasure.receipt.unwrap_or_default(),
        id: erasure.id,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// `GET /settings/retention/erasures/{id}/receipt`: the signed statement as a file.
pub(super) async fn receipt(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let found = console.app.find_erasure(&here.visitor.member.workspace, &id).await;
    let erasure = found.map_err(|refusal| refused(&here, &refusal))?;
    let Some(receipt) = erasure.receipt else { return Err(refused(&here, &Refusal::NotFound("receipt"))) };
    let name = format!("attachment; filename=\"{}.jwt\"", erasure.id);
    Ok(([(CONTENT_TYPE, "application/jwt".to_owned()), (CONTENT_DISPOSITION, name)], receipt).into_response())
}
