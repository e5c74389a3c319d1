//! The page of the receiving team: what is handed over, and accepting or
//! returning it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::filling::{Table, changes_since, refused_with, table};
use super::form::{Again, Known, known, team, title};
use super::guard::Here;
use super::questions::Listed;
use super::typed::{Mistake, Typed};
use super::{Leave, Pages, answer, go_to};
use crate::app::{Asked, GivenBack, Refusal};
use crate::handoff::{Move, ReturnKind, Status, allows};
use crate::rendering::clean;

/// The kinds of reasons for a return, as people read them.
const KINDS: [(ReturnKind, &str); 4] = [
    (ReturnKind::Incomplete, "Something is not enough to work with"),
    (ReturnKind::Wrong, "Something is not true"),
    (ReturnKind::NotOurs, "It belongs to another team"),
    (ReturnKind::Other, "Something else"),
];

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
    can_accept: bool,
    can_return: bool,
    kinds: Vec<Listed>,
    fields: Vec<Listed>,
    read_back: String,
    reason: String,
    version: i64,
    leave: Leave,
}

pub(super) async fn page(pages: &Pages, here: &Here, (status, again): (StatusCode, Again)) -> Response {
    match table(pages, here).await {
        Ok(table) => answer(status, &page_of(here, &table, again)),
        Err(refusal) => refused_with(here, &refusal, &again.typed),
    }
}

fn page_of(here: &Here, Table { row, brief, route, .. }: &Table, again: Again) -> ReceivePage {
    let typed = &again.typed;
    let (can_accept, can_return) = (allows(row.status, Move::Accept), allows(row.status, Move::Return));
    let notice = match row.status {
        Status::Transferred => None,
        Status::Accepted => Some("Your team has accepted this. It can still be returned."),
        _ => Some("This is with the team that hands over; there is nothing to accept now."),
    };
    let chosen = typed.all("fields");
    let kinds = KINDS.map(|(kind, label)| Listed {
        value: kind.name().to_owned(),
        label: label.to_owned(),
        is_chosen: typed.one("kind") == kind.name(),
    });
    let fields = route.fields.iter().map(|field| Listed {
        value: field.key.clone(),
        label: clean(&field.label),
        is_chosen: chosen.contains(&field.key.as_str()),
    });
    ReceivePage {
        title: title(row, route),
        from_team: team(&route.from_team),
        to_team: team(&route.to_team),
        notices: notice.into_iter().map(str::to_owned).collect(),
        known: known(brief, route),
        can_accept,
        can_return,
        kinds: kinds.into(),
        fields: fields.collect(),
        read_back: typed.one("read_back").to_owned(),
        reason: typed.one("reason").to_owned(),
        version: row.version,
        leave: here.leave(),
        changed: again.changed,
        mistakes: again.mistakes,
    }
}

/// What the receiving team decided.
pub(super) async fn take(pages: &Pages, here: &Here, (asked, typed): (Asked, Typed)) -> Response {
    let (seen, person, id) = (asked.if_version, here.link.person.clone(), here.link.handoff.clone());
    let mistake = |anchor: &str, text: &str| Mistake { anchor: anchor.to_owned(), text: text.to_owned() };
    let done = match typed.one("move") {
        "accept" => {
            let read_back = typed.one("read_back").trim().to_owned();
            if read_back.is_empty() {
                let mistakes = vec![mistake("read_back", "Say in your own words what you take over")];
                let again = Again { typed, mistakes, ..Again::default() };
                return page(pages, here, (StatusCode::UNPROCESSABLE_ENTITY, again)).await;
            }
            pages.app.receive(asked, id, (person, Some(read_back))).await
        }
        _ => {
            let kind = KINDS.into_iter().map(|(kind, _)| kind).find(|kind| kind.name() == typed.one("kind"));
            let reason = typed.one("reason").to_owned();
            let (Some(kind), false) = (kind, reason.is_empty()) else {
                let no_kind = kind.is_none().then(|| mistake("kind", "Choose what kind of reason it is"));
                let no_reason =
                    reason.is_empty().then(|| mistake("reason", "Say what is wrong, so that it can be mended"));
                let mistakes = [no_kind, no_reason].into_iter().flatten().collect();
                let again = Again { typed, mistakes, ..Again::default() };
                return page(pages, here, (StatusCode::UNPROCESSABLE_ENTITY, again)).await;
            };
            let fields = typed.all("fields").into_iter().map(str::to_owned).collect();
            pages.app.give_back(asked, id, GivenBack { by: person, kind, reason, fields }).await
        }
    };
    match done {
        Ok(_) => go_to(&format!("/h/{}/thanks", here.link.handoff)),
        Err(Refusal::Invalid(problems)) => {
            let mistakes = problems.iter().map(|problem| mistake("reason", &problem.detail)).collect();
            let again = Again { typed, mistakes, ..Again::default() };
            page(pages, here, (StatusCode::UNPROCESSABLE_ENTITY, again)).await
        }
        Err(Refusal::Stale { .. }) => {
            let changed = changes_since(pages, here, seen.unwrap_or_default()).await;
            page(pages, here, (StatusCode::CONFLICT, Again { typed, changed, ..Again::default() })).await
        }
        Err(refusal) => refused_with(here, &refusal, &typed),
    }
}
