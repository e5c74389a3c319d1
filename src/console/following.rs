//! Following a handoff while it is read: how far it is, and which field came to
//! what. With the script the news comes by itself; without it a link loads the
//! page again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde_json::Value as Json;
use tokio::sync::broadcast::Receiver;
use tokio::time::Instant;

use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{App, News, Notice, Refusal};
use crate::brief::FieldState;
use crate::handoff::{HandoffId, Status};
use crate::rendering::clean;
use crate::route::Route;
use crate::store::{Handoff, Workspace};
use crate::web::{answer, answer_live};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::See);
const SCRIPT: &str = include_str!("../../templates/console/reading.js");
/// A stream ends after this time; a browser that still looks asks for another one, and its session is looked at anew.
const LASTS: Duration = Duration::from_secs(300);

#[derive(Template)]
#[template(path = "console/reading.html")]
struct ReadingPage {
    frame: Frame,
    id: String,
    title: String,
    came_in: String,
    is_read: bool,
    /// What it came to; empty while it is read.
    outcome: String,
    fields: Vec<Field>,
    found: String,
}

/// What a field came to.
struct Field {
    label: String,
    value: String,
    state: &'static str,
    is_settled: bool,
}

/// `GET /handoffs/{id}/reading`.
pub(super) async fn show(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let (row, route) = find(&console.app, &here, &id).await?;
    let fields = fields(&row, &route);
    let settled = fields.iter().filter(|field| field.is_settled).count();
    let page = ReadingPage {
        frame: Frame::of(&here, Some(Place::Handoffs)),
        id: row.id.0.clone(),
        title: row.matter.title.as_deref().map(clean).filter(|title| !title.is_empty()).unwrap_or(clean(&route.title)),
        came_in: wording::moment(row.updated_at),
        is_read: row.is_read(),
        outcome: outcome(&row),
        found: format!("{settled} of {} fields are known", fields.len()),
        fields,
    };
    Ok(if page.is_read { answer(StatusCode::OK, &page) } else { answer_live(StatusCode::OK, &page) })
}

async fn find(app: &Arc<App>, here: &Here, id: &str) -> Result<(Handoff, Arc<Route>), Response> {
    let wrong = |refusal: Refusal| match refusal {
        Refusal::Erased { .. } => refused(here, &Refusal::NotFound("handoff")),
        other => refused(here, &other),
    };
    let workspace = &here.visitor.member.workspace;
    let id = HandoffId::parse(id).ok_or_else(|| refused(here, &Refusal::NotFound("handoff")))?;
    let row = app.glance(workspace, &id).await.map_err(wrong)?;
    let route = app.route_version(workspace, &row.route).await.map_err(wrong)?;
    Ok((row, route))
}

fn outcome(row: &Handoff) -> String {
    match &row.brief {
        Some(brief) if row.is_read() => wording::verdict_headline(brief),
        None if row.status == Status::Failed => "It could not be read; it is stored, and can be read again.".to_owned(),
        _ => String::new(),
    }
}

fn fields(row: &Handoff, route: &Route) -> Vec<Field> {
    let Some(brief) = row.brief.as_ref().filter(|_| row.is_read()) else { return Vec::new() };
    let field = |field: &crate::route::Field| {
        let found = brief.fields.find(&field.key)?;
        let is_found = found.state == FieldState::Found;
        Some(Field {
            label: clean(&field.label),
            value: if is_found { clean(&wording::value_text(field, &found.value)) } else { String::new() },
            state: wording::state_label(found.state),
            is_settled: found.state.is_settled(),
        })
    };
    route.fields.iter().filter_map(field).collect()
}

/// `GET /handoffs/{id}/progress`: the news, as they come.
pub(super) async fn stream(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let notices = console.app.listen();
    let (row, route) = find(&console.app, &here, &id).await?;
    let following = Following {
        app: console.app.clone(),
        workspace: here.visitor.member.workspace.clone(),
        handoff: row.id.clone(),
        route,
        notices,
        ends: Instant::now() + LASTS,
        is_read: row.is_read(),
        is_over: false,
    };
    Ok(Sse::new(following.news()).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// `GET /handoffs/reading.js`.
pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// Somebody who looks on.
struct Following {
    app: Arc<App>,
    workspace: Workspace,
    handoff: HandoffId,
    route: Arc<Route>,
    notices: Receiver<Notice>,
    ends: Instant,
    is_read: bool,
    is_over: bool,
}

impl Following {
    fn news(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut state| async move {
            loop {
                if state.is_over {
                    return None;
                }
                if state.is_read {
                    state.is_over = true;
                    return Some((Ok(Event::default().event("read").data("read")), state));
                }
                if state.app.is_stopping() || Instant::now() >= state.ends {
                    return None;
                }
                if let Some(event) = state.hear().await {
                    return Some((Ok(event), state));
                }
            }
        })
    }

    async fn hear(&mut self) -> Option<Event> {
        match tokio::time::timeout(Duration::from_secs(1), self.notices.recv()).await {
            Ok(Ok(notice)) if notice.handoff != self.handoff || notice.workspace != self.workspace => None,
            Ok(Ok(Notice { news: News::Progress(step), .. })) => self.told(&step),
            // Quiet, a change, or too much to follow: the row tells.
            _ => {
                let row = self.app.glance(&self.workspace, &self.handoff).await;
                self.is_read = row.is_ok_and(|row| row.is_read());
                None
            }
        }
    }

    /// A step in words.
    fn told(&self, step: &Json) -> Option<Event> {
        let label = |key: &str| self.route.field(key).map_or_else(|| clean(key), |field| clean(&field.label));
        let (kind, text) = match step["step"].as_str()? {
            "reading" => ("part", format!("{} of {} parts read", step["done"], step["of"])),
            "looking_again" => ("part", "Looking once more for what is missing".to_owned()),
            "field" => {
                let state: FieldState = serde_json::from_value(step["state"].clone()).ok()?;
                ("field", format!("{}: {}", label(step["field"].as_str()?), wording::state_label(state)))
            }
            _ => return None,
        };
        Some(Event::default().event(kind).data(text))
    }
}
