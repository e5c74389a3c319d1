//! Answers of a member: all that is open in one form, one field confirmed or
//! changed, and what is typed kept until it is sent.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::super::guard::Here;
use super::super::{Console, Shown};
use super::{Again, asked, id_of, not_done, page, path_of, person_of, review_of};
use crate::access::roles::Ability;
use crate::answers::{FieldPatch, Patch};
use crate::app::{Asked, Refusal, Review};
use crate::handoff::HandoffId;
use crate::web::shown::mistakes_of;
use crate::web::stamps::{changed_fields, version_to_meet};
use crate::web::{Drafting, Mistake, Typed, go_to, is_by_script, trouble};

/// How often answers are held against the handoff anew, when others change other fields at the same moment.
const TRIES: usize = 12;

/// What a form came to.
enum Taken {
    Done(Response),
    /// Others changed something between the look and the write, which is no obstacle by itself.
    Again,
}

/// `POST /handoffs/{id}/answers`.
pub(super) async fn send(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Answer, &id).await?;
    if !typed.one("later").is_empty() {
        return keep_from(&console, &here, (&id, &typed), &parts).await;
    }
    let wanted = asked(&here, (&id, &typed), &body);
    for left in (0..TRIES).rev() {
        if let Taken::Done(page) = take(&console, &here, (&id, &wanted, &typed), left == 0).await? {
            return Ok(page);
        }
    }
    Err(trouble("stale"))
}

async fn take(
    console: &Console,
    here: &Here,
    (id, wanted, typed): (&HandoffId, &Asked, &Typed),
    is_last: bool,
) -> Result<Taken, Response> {
    let review = review_of(console, here, id).await?;
    let Some(brief) = &review.brief else { return Err(not_done(here, (id, &Refusal::Reading), typed)) };
    let again = async |status, again| Taken::Done(page::page(console, here, &review, (status, again)).await);
    let (mut patch, mut mistakes) = typed.patch(&review.route);
    let confirmed = typed.one("confirm");
    if let Some(found) = brief.fields.find(confirmed).filter(|found| !found.value.is_null()) {
        patch.fields.0 = vec![(confirmed.to_owned(), FieldPatch::Value(found.value.clone()))];
        mistakes.clear();
    }
    if mistakes.is_empty() && patch.fields.0.is_empty() && patch.sources.0.is_empty() {
        mistakes.push(Mistake { anchor: "questions".to_owned(), text: "Answer at least one question".to_owned() });
    }
    if !mistakes.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Again::wrong(typed.clone(), mistakes)).await);
    }
    let fields: Vec<String> = patch.fields.iter().map(|(key, _)| key.to_owned()).collect();
    // What is said of sources is held against the version alone.
    let stamped = if patch.sources.0.is_empty() { fields.as_slice() } else { &[] };
    let version = version_to_meet(typed, stamped, (brief, review.row.version));
    let wanted = Asked { if_version: Some(version), ..wanted.clone() };
    let patch = Patch { by: Some(person_of(here)), ..patch };
    match console.app.answer(wanted, id.clone(), patch).await {
        Ok(_) => {
            forget_what_was_sent(console, here, (id, typed)).await;
            let done = if confirmed.is_empty() { "answers" } else { "confirmed" };
            Ok(Taken::Done(go_to(&format!("{}?done={done}", path_of(&id.0)))))
        }
        Err(Refusal::Invalid(problems)) => {
            let mistakes = mistakes_of(&problems, (brief, &review.route));
            Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Again::wrong(typed.clone(), mistakes)).await)
        }
        Err(Refusal::Stale { .. }) if version == review.row.version && !is_last => Ok(Taken::Again),
        Err(Refusal::Stale { .. }) => {
            let mut changed = changed_fields(typed, &fields, (brief, &review.route));
            if changed.is_empty() {
                changed.push("The handoff was worked on meanwhile".to_owned());
            }
            Ok(again(StatusCode::CONFLICT, Again { typed: typed.clone(), changed, ..Again::default() }).await)
        }
        Err(refusal) => Err(not_done(here, (id, &refusal), typed)),
    }
}

/// What the page begins with: what its reader typed before, if anything.
pub(super) async fn begun(console: &Console, here: &Here, review: &Review) -> Again {
    let member = &here.visitor.member;
    let found = console.app.find_draft((&member.workspace, &review.row.id), &member.id).await;
    let (Ok(Some(typing)), Some(brief)) = (found, &review.brief) else { return Again::default() };
    let typed = Typed::of_draft(&typing);
    let keys: Vec<String> = review.route.fields.iter().map(|field| field.key.clone()).collect();
    let changed = changed_fields(&typed, &keys, (brief, &review.route));
    let drafting = Drafting::of((String::new(), String::new()), Some(&typing));
    Again { typed, changed, drafting, ..Again::default() }
}

/// The form with all questions was sent: nothing of it has to be kept. Who confirms or changes one field keeps what they
/// typed into the questions.
async fn forget_what_was_sent(console: &Console, here: &Here, (id, typed): (&HandoffId, &Typed)) {
    if typed.one("whole").is_empty() {
        return;
    }
    let member = &here.visitor.member;
    if let Err(refusal) = console.app.drop_draft((&member.workspace, id), &member.id).await {
        tracing::warn!(code = refusal.code(), "a draft that was sent could not be let go");
    }
}

/// `POST /handoffs/{id}/draft`: keeps what is typed so far, or throws it away.
pub(super) async fn keep(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Answer, &id).await?;
    keep_from(&console, &here, (&id, &typed), &parts).await
}

async fn keep_from(console: &Console, here: &Here, (id, typed): (&HandoffId, &Typed), parts: &Parts) -> Shown {
    let member = &here.visitor.member;
    let inputs = if typed.one("forget").is_empty() { typed.draft() } else { Default::default() };
    match console.app.keep_draft((&member.workspace, id), &member.id, inputs).await {
        Ok(()) if is_by_script(&parts.headers) => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(()) => Ok(go_to(&format!("{}?done=kept", path_of(&id.0)))),
        Err(refusal) => Err(not_done(here, (id, &refusal), typed)),
    }
}

/// `GET /handoffs/{id}/version`: by which the page's script sees that others changed something.
pub(super) async fn version(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, Some(Ability::See)).await?;
    let id = id_of(&here, &id).await?;
    match console.app.glance(&here.visitor.member.workspace, &id).await {
        Ok(row) => Ok(row.version.to_string().into_response()),
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &Typed::default())),
    }
}
