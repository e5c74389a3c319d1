//! The page of the receiving team: what is handed over, and accepting or
//! returning it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::filling::{Table, changes_since, refused_with, table};
use super::form::Again;
use super::guard::Here;
use super::{Leave, Pages, answer, go_to};
use crate::app::{Asked, Refusal};
use crate::conversation::Conversation;
use crate::handoff::Status;
use crate::rendering::{BriefView, Parts};
use crate::web::shown::{Known, known, team, title};
use crate::web::{Decided, Deciding, Mistake, Typed};

#[derive(Template)]
#[template(path = "pages/receive.html")]
struct ReceivePage {
    title: String,
    from_team: String,
    to_team: String,
    notices: Vec<String>,
    changed: Vec<String>,
    mistakes: Vec<Mistake>,
    known: Vec<Known>,
    /// As HTML.
    prose: String,
    deciding: Deciding,
    leave: Leave,
}

pub(super) async fn page(pages: &Pages, here: &Here, (status, again): (StatusCode, Again)) -> Response {
    match table(pages, here).await {
        Ok(table) => answer(status, &page_of(here, &table, again)),
        Err(refusal) => refused_with(here, &refusal, &again.typed),
    }
}

fn page_of(here: &Here, Table { row, brief, route, .. }: &Table, again: Again) -> ReceivePage {
    let notice = match row.status {
        Status::Transferred => None,
        Status::Accepted => Some("Your team has accepted this. It can still be returned."),
        _ => Some("This is with the team that hands over; there is nothing to accept now."),
    };
    let leave = here.leave();
    // The sources themselves are not shown here: a link may lead out of the house, its quotes are what was handed over.
    let nothing = Conversation::default();
    let view = BriefView { brief, route, conversation: &nothing };
    ReceivePage {
        title: title(row, route),
        from_team: team(&route.from_team),
        to_team: team(&route.to_team),
        notices: notice.into_iter().map(str::to_owned).collect(),
        known: known(brief, route, None),
        prose: Parts::of(&view).prose(),
        deciding: Deciding {
            action: format!("/h/{}", leave.handoff),
            token: leave.token.clone(),
            ..Deciding::of((row.status, row.version), route, &again.typed)
        },
        leave,
        changed: again.changed,
        mistakes: again.mistakes,
    }
}

/// What the receiving team decided.
pub(super) async fn take(pages: &Pages, here: &Here, (asked, typed): (Asked, Typed)) -> Response {
    let (seen, person, id) = (asked.if_version, here.link.person.clone(), here.link.handoff.clone());
    let wrong = |typed, mistakes| (StatusCode::UNPROCESSABLE_ENTITY, Again { typed, mistakes, ..Again::default() });
    let done = match Deciding::decided(&typed, person.clone()) {
        Ok(Decided::Accepted { read_back }) => pages.app.receive(asked, id, (person, Some(read_back))).await,
        Ok(Decided::Returned(given)) => pages.app.give_back(asked, id, given).await,
        Err(mistakes) => return page(pages, here, wrong(typed, mistakes)).await,
    };
    match done {
        Ok(_) => go_to(&format!("/h/{}/thanks", here.link.handoff)),
        Err(Refusal::Invalid(problems)) => {
            let mistake = |text: &str| Mistake { anchor: "reason".to_owned(), text: text.to_owned() };
            let mistakes = problems.iter().map(|problem| mistake(&problem.detail)).collect();
            page(pages, here, wrong(typed, mistakes)).await
        }
        Err(Refusal::Stale { .. }) => {
            let changed = changes_since(pages, here, seen.unwrap_or_default()).await;
            page(pages, here, (StatusCode::CONFLICT, Again { typed, changed, ..Again::default() })).await
        }
        Err(refusal) => refused_with(here, &refusal, &typed),
    }
}
