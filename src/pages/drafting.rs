//! What the person of a link has typed and not sent: kept by the page's script
//! or its button, there again when the link is opened anew, on another device
//! too, and gone when it is sent.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::filling::MOST_BYTES;
use super::form::Again;
use super::guard::{Here, check_form};
use super::{Notice, Pages, answer, go_to, trouble};
use crate::answers::Person;
use crate::app::Refusal;
use crate::web::stamps::changed_fields;
use crate::web::{Drafting, Typed, is_by_script};

/// Whose draft it is: a new link for the same person finds it again.
fn author(person: &Person) -> String {
    format!("link {}", person.email.as_deref().unwrap_or(&person.name).to_lowercase())
}

/// What the page begins with: what was typed before, if anything was.
pub(super) async fn begun(pages: &Pages, here: &Here) -> Again {
    let whose = (&here.link.workspace, &here.link.handoff);
    let Ok(Some(typing)) = pages.app.find_draft(whose, &author(&here.link.person)).await else {
        return Again::default();
    };
    let typed = Typed::of_draft(&typing);
    let changed = match super::filling::table(pages, here).await {
        Ok(table) => {
            let keys: Vec<String> = table.route.fields.iter().map(|field| field.key.clone()).collect();
            changed_fields(&typed, &keys, (&table.brief, &table.route))
        }
        Err(_) => Vec::new(),
    };
    let drafting = Drafting::of((String::new(), String::new()), Some(&typing));
    Again { typed, changed, drafting, ..Again::default() }
}

/// Where the page keeps what is typed.
pub(super) fn place(here: &Here, again: &mut Again) {
    again.drafting.action = format!("/h/{}/draft", here.link.handoff);
    again.drafting.token = here.leave().token;
}

/// It was sent: nothing has to be kept any more. Where that fails the draft is shown again, and no harm is done.
pub(super) async fn forget(pages: &Pages, here: &Here) {
    let whose = (&here.link.workspace, &here.link.handoff);
    if let Err(refusal) = pages.app.drop_draft(whose, &author(&here.link.person)).await {
        tracing::warn!(code = refusal.code(), "a draft that was sent could not be let go");
    }
}

/// `GET /h/{handoff}/draft`: loaded again after the button.
pub(super) async fn back(Path(handoff): Path<String>) -> Response {
    go_to(&format!("/h/{handoff}"))
}

/// `POST /h/{handoff}/draft`: keeps what is typed so far, or throws it away.
pub(super) async fn keep(
    State(pages): State<Pages>,
    Path(handoff): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if body.len() > MOST_BYTES {
        return too_long(&Typed::default());
    }
    let typed = Typed::read(&body);
    let here = match pages.here(&headers, (&handoff, &typed)).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    if let Some(page) = check_form(&here, &headers, &typed) {
        return page;
    }
    keep_from(&pages, &here, (&headers, &typed)).await
}

/// Keeps what a form of this session holds, by whichever button or script it came.
pub(super) async fn keep_from(pages: &Pages, here: &Here, (headers, typed): (&HeaderMap, &Typed)) -> Response {
    let whose = (&here.link.workspace, &here.link.handoff);
    let inputs = if typed.one("forget").is_empty() { typed.draft() } else { Default::default() };
    match pages.app.keep_draft(whose, &author(&here.link.person), inputs).await {
        Ok(()) if is_by_script(headers) => StatusCode::NO_CONTENT.into_response(),
        Ok(()) => go_to(&format!("/h/{}?kept", here.link.handoff)),
        Err(Refusal::Invalid(_)) => too_long(typed),
        Err(refusal) => trouble(refusal.code()),
    }
}

fn too_long(typed: &Typed) -> Response {
    let lines = ["It is more than can be kept for later. Go back, and send it now."];
    let page = Notice { typed: typed.words(), ..Notice::new("That is too long", &lines) };
    answer(StatusCode::PAYLOAD_TOO_LARGE, &page)
}

/// `GET /h/{handoff}/version`: by which the page's script sees that others changed something.
pub(super) async fn version(State(pages): State<Pages>, Path(handoff): Path<String>, headers: HeaderMap) -> Response {
    let here = match pages.here(&headers, (&handoff, &Typed::default())).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    match pages.app.glance(&here.link.workspace, &here.link.handoff).await {
        Ok(row) => row.version.to_string().into_response(),
        Err(Refusal::NotFound(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(refusal) => trouble(refusal.code()),
    }
}
