//! The page of a handoff for people who log in: what is open, the brief with
//! its sources beside it, and everything that may be done with it. The same
//! inputs, answers and moves as behind a personal link and for programs.

mod answering;
mod moving;
mod page;
mod receiving;
mod requests;
mod rows;
mod steps;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use sha2::Digest;

use super::Console;
use super::frame::notice;
use super::guard::{Here, refused};
use crate::access::roles::Ability;
use crate::answers::Person;
use crate::app::{Asked, Once, Refusal, Review};
use crate::handoff::HandoffId;
use crate::web::{Drafting, Mistake, Notice, Typed, answer, go_to};

/// The longest form that is read: a handoff may have hundreds of fields.
const MOST_BYTES: usize = 1024 * 1024;

/// The pages at `/handoffs/{id}`.
pub(super) fn router() -> Router<Console> {
    Router::new()
        .route("/handoffs/{id}", get(page::show))
        .route("/handoffs/{id}/answers", get(back).post(answering::send))
        .route("/handoffs/{id}/draft", get(back).post(answering::keep))
        .route("/handoffs/{id}/version", get(answering::version))
        .route("/handoffs/{id}/receive", get(receiving::show).post(receiving::send))
        .route("/handoffs/{id}/transfer", get(back).post(moving::transfer))
        .route("/handoffs/{id}/cancel", get(back).post(moving::cancel))
        .route("/handoffs/{id}/retry", get(back).post(moving::retry))
        .route("/handoffs/{id}/requests/{request}", post(requests::send))
}

/// What a page shows besides the handoff: what was typed before, and why it was not taken.
#[derive(Debug, Default)]
struct Again {
    typed: Typed,
    mistakes: Vec<Mistake>,
    /// What others did meanwhile.
    changed: Vec<String>,
    drafting: Drafting,
    /// What was done.
    done: &'static str,
    /// The id of the words in the sources that are lit.
    focus: String,
}

impl Again {
    fn wrong(typed: Typed, mistakes: Vec<Mistake>) -> Again {
        Again { typed, mistakes, ..Again::default() }
    }
}

/// Addresses that only take forms lead back to the page when they are loaded.
async fn back(axum::extract::Path(id): axum::extract::Path<String>) -> Response {
    go_to(&path_of(&id))
}

fn path_of(id: &str) -> String {
    // Whatever is no id leads to the list.
    if HandoffId::parse(id).is_some() { format!("/handoffs/{id}") } else { "/handoffs".to_owned() }
}

/// The handoff of a path; what has not the form of an id is not there.
async fn id_of(here: &Here, id: &str) -> Result<HandoffId, Response> {
    HandoffId::parse(id).ok_or_else(|| refused(here, &Refusal::NotFound("handoff")))
}

async fn review_of(console: &Console, here: &Here, id: &HandoffId) -> Result<Review, Response> {
    let found = console.app.review(&here.visitor.member.workspace, id).await;
    found.map_err(|refusal| not_done(here, (id, &refusal), &Typed::default()))
}

impl Console {
    /// Who sends a form of a handoff. Whose session has ended gets back what they typed.
    async fn sent_for(
        &self,
        (parts, body): (&Parts, &Bytes),
        need: Ability,
        id: &str,
    ) -> Result<(Here, HandoffId, Typed), Response> {
        if self.visitor(&parts.headers).await?.is_none() {
            let lines = ["Your session has ended, and nothing was sent. Sign in and send it again."];
            let typed = if body.len() <= MOST_BYTES { Typed::read(body).words() } else { Vec::new() };
            let way = Some((format!("/sign-in?next={}", path_of(id)), "Sign in".to_owned()));
            let page = Notice { typed, way, ..Notice::new("Please sign in again", &lines) };
            return Err(answer(StatusCode::FORBIDDEN, &page));
        }
        let (here, typed) = self.sent_within((parts, body), Some(need), MOST_BYTES).await?;
        let id = id_of(&here, id).await?;
        Ok((here, id, typed))
    }
}

/// A change as a member asks for it, once however often the same form is sent.
fn asked(here: &Here, (id, typed): (&HandoffId, &Typed), body: &[u8]) -> Asked {
    let digest = sha2::Sha256::digest([here.visitor.session.as_bytes(), b"\n", id.0.as_bytes(), b"\n", body].concat());
    let fingerprint: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let once = Once { key: format!("form:{fingerprint}"), fingerprint, is_derived: true };
    let version = typed.one("version").parse().unwrap_or(-1);
    here.visitor.asked(Some(once), Some(version), |_, _| serde_json::Value::Null)
}

/// The member as whoever answers.
fn person_of(here: &Here) -> Person {
    let member = &here.visitor.member;
    Person { name: member.name.clone(), email: Some(member.email.clone()) }
}

/// Why something was not done, in words, with what was typed.
fn not_done(here: &Here, (id, refusal): (&HandoffId, &Refusal), typed: &Typed) -> Response {
    let (status, heading, line) = match refusal {
        Refusal::Reading => (
            StatusCode::CONFLICT,
            "This is being read",
            "Context came in and is being read. Load the page again in a moment.".to_owned(),
        ),
        Refusal::NotNow { status, .. } => (
            StatusCode::CONFLICT,
            "This has moved on",
            format!(
                "It stands at “{}” now, where this cannot be done. Nothing was changed.",
                crate::wording::status_label(*status)
            ),
        ),
        Refusal::Stale { .. } => (
            StatusCode::CONFLICT,
            "Somebody was faster",
            "The handoff was changed since you loaded its page. Look at it as it is now, and decide again.".to_owned(),
        ),
        Refusal::Incomplete(gaps) => (
            StatusCode::CONFLICT,
            "It cannot be handed over yet",
            format!("{} still open.", crate::wording::counted(gaps.len(), "question is", "questions are")),
        ),
        Refusal::GivenBack(back) => (
            StatusCode::CONFLICT,
            "It was given back",
            format!("{} gave it back: {}. Something new has to be said first.", back.by.name, back.reason),
        ),
        Refusal::Changed(_) => (
            StatusCode::CONFLICT,
            "Something came in since",
            "What came in since it was handed over says otherwise. The receiving team decides.".to_owned(),
        ),
        Refusal::PassInForce { .. } => (
            StatusCode::CONFLICT,
            "It is handed over already",
            "Its pass is still good; another one would let the work move twice.".to_owned(),
        ),
        Refusal::ContextGone { .. } => {
            (StatusCode::CONFLICT, "It cannot be read again", "Its sources went by age.".to_owned())
        }
        Refusal::RequestClosed { .. } => {
            (StatusCode::CONFLICT, "Nobody waits for this any more", "The request is settled.".to_owned())
        }
        Refusal::Erased { .. } => (StatusCode::GONE, "It was erased", "What was in it is gone for good.".to_owned()),
        Refusal::Invalid(problems) => {
            let detail = problems.first().map(|problem| problem.detail.clone()).unwrap_or_default();
            (StatusCode::UNPROCESSABLE_ENTITY, "This was not taken", detail)
        }
        other => return refused(here, other),
    };
    if typed.words().is_empty() {
        let mut page = notice_with_way(here, (status, heading), &line, id);
        *page.status_mut() = status;
        return page;
    }
    let way = Some((path_of(&id.0), "See how it stands".to_owned()));
    answer(status, &Notice { typed: typed.words(), way, ..Notice::new(heading, &[&line]) })
}

fn notice_with_way(here: &Here, (status, heading): (StatusCode, &str), line: &str, id: &HandoffId) -> Response {
    let lines = [line, "Nothing was changed."];
    super::frame::notice_with_way(here, (status, heading), &lines, Some((path_of(&id.0), "See how it stands")))
}

/// A page that says one thing, without a way on.
fn told(here: &Here, (status, heading): (StatusCode, &str), line: &str) -> Response {
    notice(here, (status, heading), &[line])
}
