//! The newest handoffs of the workspace, a line each: what it is, where it
//! stands, and how old it is.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::super::frame::{Frame, Place};
use super::super::guard::refused;
use super::super::{Console, Shown};
use crate::access::roles::Ability;
use crate::store::{Filter, Handoff};
use crate::web::answer;
use crate::web::shown::{team, title};
use crate::wording;

/// Lines of the list.
const MOST: u32 = 50;

#[derive(Template)]
#[template(path = "console/handoffs.html")]
struct ListPage {
    frame: Frame,
    handoffs: Vec<Line>,
    has_more: bool,
}

struct Line {
    path: String,
    title: String,
    about: String,
    status: &'static str,
    class: &'static str,
    open: String,
}

/// `GET /handoffs`.
pub(super) async fn show(State(console): State<Console>, parts: Parts) -> Shown {
    let here = console.asked(&parts, Some(Ability::See)).await?;
    let workspace = &here.visitor.member.workspace;
    let wrong = |refusal: crate::app::Refusal| refused(&here, &refusal);
    let page = console.app.list(workspace, &Filter::default(), (None, MOST)).await.map_err(wrong)?;
    let mut handoffs = Vec::with_capacity(page.handoffs.len());
    for row in &page.handoffs {
        let route = console.app.route_version(workspace, &row.route).await.map_err(wrong)?;
        let age = wording::lasting(console.app.now().duration_since(row.created_at));
        let about = format!("{} → {} · {age} old", team(&route.from_team), team(&route.to_team));
        handoffs.push(Line { title: title(row, &route), about, ..line(row) });
    }
    let frame = Frame::of(&here, Some(Place::Handoffs));
    Ok(answer(StatusCode::OK, &ListPage { frame, handoffs, has_more: page.has_more }))
}

fn line(row: &Handoff) -> Line {
    let blocking = row.gaps().iter().filter(|gap| gap.blocking).count();
    Line {
        path: super::path_of(&row.id.0),
        title: String::new(),
        about: String::new(),
        status: wording::status_label(row.status),
        class: super::steps::status_class(row.status),
        open: match row.status.is_open() && blocking > 0 {
            true => wording::counted(blocking, "question open", "questions open"),
            false => String::new(),
        },
    }
}
