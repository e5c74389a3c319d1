//! Routes as people read them: what the receiving team needs and why, where
//! the values come from, how often each is missing, and what changed from one
//! version to the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::route_diff::{DiffLine, compare};
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{NoReport, Refusal, Wanted};
use crate::insights::{By, FieldFigures, Range, Share};
use crate::rendering::clean;
use crate::route::{Asked, Field, Requirement, Route, SaidBy};
use crate::value::Kind;
use crate::web::{Typed, answer};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::See);

#[derive(Template)]
#[template(path = "console/routes.html")]
struct RoutesPage {
    frame: Frame,
    routes: Vec<Listed>,
}

struct Listed {
    id: String,
    title: String,
    teams: String,
    about: String,
}

#[derive(Template)]
#[template(path = "console/route.html")]
struct RoutePage {
    frame: Frame,
    done: &'static str,
    id: String,
    title: String,
    lines: Vec<String>,
    required: Vec<Row>,
    optional: Vec<Row>,
    days: String,
    versions: Vec<Version>,
    may_edit: bool,
}

/// A field as it is read.
struct Row {
    key: String,
    label: String,
    question: String,
    description: String,
    kind: String,
    remarks: Vec<String>,
    systems: String,
    missing: String,
    /// Of a hundred, for the meter; none where nothing was read.
    missing_percent: Option<u64>,
    origins: String,
}

struct Version {
    number: u32,
    day: String,
    is_newest: bool,
    is_first: bool,
}

#[derive(Template)]
#[template(path = "console/route_version.html")]
struct VersionPage {
    frame: Frame,
    id: String,
    title: String,
    number: u32,
    before: Option<u32>,
    diff: Option<Vec<DiffLine>>,
    text: String,
}

/// `GET /routes`.
pub(super) async fn list(State(console): State<Console>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let routes = console.app.newest_routes(&here.visitor.member.workspace).await;
    let routes = routes.map_err(|refusal| refused(&here, &refusal))?;
    let listed = |route: &Arc<Route>| Listed {
        id: route.id.clone(),
        title: clean(&route.title),
        teams: format!("{} → {}", clean(&route.from_team), clean(&route.to_team)),
        about: format!(
            "{}, {} required · version {}",
            wording::counted(route.fields.len(), "field", "fields"),
            route.fields.iter().filter(|field| is_required(field)).count(),
            route.version
        ),
    };
    let frame = Frame::of(&here, Some(Place::Routes));
    Ok(answer(StatusCode::OK, &RoutesPage { frame, routes: routes.iter().map(listed).collect() }))
}

/// `GET /routes/{id}`.
pub(super) async fn show(
    State(console): State<Console>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let workspace = &here.visitor.member.workspace;
    let wrong = |refusal: Refusal| refused(&here, &not_there(refusal));
    let route = console.app.find_route(workspace, (&id, None)).await.map_err(wrong)?;
    let versions = console.app.versions(workspace, &id).await.map_err(wrong)?;
    let range = Range::asked(None, None, console.app.now()).map_err(|_| wrong(Refusal::NotFound("days")))?;
    let wanted = Wanted { range, route: Some(id.clone()), by: Some(By::Field) };
    let report = console.app.insights_lately(workspace, wanted).await;
    let fields = match report {
        Ok(report) => report.fields.clone(),
        // A route that was never used, or one with more handoffs than one report takes: its page is shown without.
        Err(NoReport::UnknownRoute(_) | NoReport::TooMany) => Vec::new(),
        Err(NoReport::Store(fault)) => return Err(wrong(fault.into())),
    };
    let figures: BTreeMap<&str, &FieldFigures> =
        fields.iter().filter_map(|group| Some((group.field.as_deref()?, &group.figures))).collect();
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let (required, optional): (Vec<&Field>, Vec<&Field>) = route.fields.iter().partition(|field| is_required(field));
    let rows = |fields: Vec<&Field>| -> Vec<Row> {
        fields.into_iter().map(|field| row(&route, field, figures.get(field.key.as_str()).copied())).collect()
    };
    let newest = route.version;
    let first = versions.iter().map(|(number, _)| *number).min();
    let version = |(number, at): (u32, jiff::Timestamp)| Version {
        number,
        day: wording::day(at),
        is_newest: number == newest,
        is_first: Some(number) == first,
    };
    let page = RoutePage {
        frame: Frame::of(&here, Some(Place::Routes)),
        done: if query.one("done") == "published" { "Published. New handoffs are judged by it." } else { "" },
        title: clean(&route.title),
        lines: about(&route),
        required: rows(required),
        optional: rows(optional),
        days: format!("{} to {}", wording::date(range.from), wording::date(range.to)),
        versions: versions.into_iter().rev().map(version).collect(),
        may_edit: here.visitor.member.may(Ability::EditRoutes),
        id,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// `GET /routes/{id}/versions/{version}`: its text, and what changed since the one before.
pub(super) async fn version(
    State(console): State<Console>,
    Path((id, number)): Path<(String, String)>,
    parts: Parts,
) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let (text, before) = texts(&console, &here, (&id, &number)).await.map_err(|refusal| refused(&here, &refusal))?;
    let (number, text) = text;
    let route = console.app.find_route(&here.visitor.member.workspace, (&id, Some(number))).await;
    let route = route.map_err(|refusal| refused(&here, &refusal))?;
    let page = VersionPage {
        frame: Frame::of(&here, Some(Place::Routes)),
        title: clean(&route.title),
        diff: before.as_ref().and_then(|(_, old)| compare(old, &text)),
        before: before.map(|(number, _)| number),
        id,
        number,
        text,
    };
    Ok(answer(StatusCode::OK, &page))
}

type Numbered = (u32, String);

/// A version's text, and that of the one before it.
async fn texts(
    console: &Console,
    here: &Here,
    (id, number): (&str, &str),
) -> Result<(Numbered, Option<Numbered>), Refusal> {
    let workspace = &here.visitor.member.workspace;
    let number: u32 = number.parse().map_err(|_| Refusal::NotFound("version"))?;
    let text = console.app.route_text(workspace, (id, Some(number))).await?;
    let versions = console.app.versions(workspace, id).await?;
    let before = versions.into_iter().map(|(one, _)| one).filter(|one| *one < number).max();
    let before = match before {
        Some(before) => Some(console.app.route_text(workspace, (id, Some(before))).await?),
        None => None,
    };
    Ok((text, before))
}

/// In an address an unknown route is not there.
pub(super) fn not_there(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::UnknownRoute { .. } => Refusal::NotFound("route"),
        other => other,
    }
}

fn is_required(field: &Field) -> bool {
    !matches!(field.required, Requirement::Optional)
}

/// The route in sentences.
fn about(route: &Route) -> Vec<String> {
    let mut lines = vec![format!("The team {} hands over to {}.", clean(&route.from_team), clean(&route.to_team))];
    if let Some(trigger) = route.trigger.description.as_ref().or(route.trigger.event.as_ref()) {
        lines.push(format!("It starts when: {}.", clean(trigger).trim_end_matches('.')));
    }
    let limits = [(&route.limits.fill_gaps, "to answer what is open"), (&route.limits.accept, "to accept it")];
    let told: Vec<String> = limits
        .into_iter()
        .filter_map(|(limit, what)| Some(format!("{} {what}", wording::lasting((*limit)?))))
        .collect();
    if !told.is_empty() {
        lines.push(format!("There are {}.", wording::join(&told, "and")));
    }
    let mut owners = format!("Once it is accepted, {} acts next", asked(&route.owners.next_action));
    if let Some(failure) = &route.owners.failure {
        owners.push_str(&format!("; {} is told when something fails", asked(failure)));
    }
    lines.push(format!("{owners}."));
    if !route.on_transfer.is_empty() {
        let count = wording::counted(route.on_transfer.len(), "thing is", "things are");
        lines.push(format!("{count} set off when the work moves."));
    }
    if !route.redact.is_empty() {
        let kinds: Vec<&str> = route.redact.iter().map(|kind| kind.name()).collect();
        lines.push(format!("Taken out before a model reads: {}.", kinds.join(", ")));
    }
    lines
}

fn asked(asked: &Asked) -> String {
    match asked {
        Asked::Sender => "whoever hands over".to_owned(),
        Asked::Receiver => "whoever gets it".to_owned(),
        Asked::Owner => "the owner".to_owned(),
        Asked::Address(address) => clean(address),
    }
}

fn row(route: &Route, field: &Field, figures: Option<&FieldFigures>) -> Row {
    let systems: Vec<String> =
        field.map.iter().map(|(system, property)| format!("{}: {}", clean(system), clean(property))).collect();
    let asked = figures.map(|figures| figures.asked);
    Row {
        key: field.key.clone(),
        label: clean(&field.label),
        question: clean(&field.question),
        description: Some(clean(&field.description)).filter(|text| *text != field.label).unwrap_or_default(),
        kind: kind(field),
        remarks: remarks(route, field),
        systems: systems.join(" · "),
        missing: asked.map(missing).unwrap_or_default(),
        missing_percent: asked.and_then(|asked| asked.share).map(|share| (share * 100.0).round() as u64),
        origins: figures.map(origins).unwrap_or_default(),
    }
}

fn kind(field: &Field) -> String {
    let name = field.type_name().replace('_', " ");
    let one = match &field.kind {
        Kind::Enum(choices) => {
            let ids: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            format!("one of {}", ids.join(", "))
        }
        Kind::Bool => "yes or no".to_owned(),
        _ => name,
    };
    if field.list { format!("list, {one}") } else { one }
}

/// What is special about a field, in short sentences.
fn remarks(route: &Route, field: &Field) -> Vec<String> {
    let mut all = Vec::new();
    if let Requirement::When(condition) = &field.required {
        all.push(format!("Needed when {}", wording::condition(route, condition)));
    }
    match field.said_by {
        SaidBy::Any => {}
        SaidBy::Theirs => all.push("Only the other side’s word counts".to_owned()),
        SaidBy::Ours => all.push("Only our own word counts".to_owned()),
    }
    if field.specific {
        all.push("A vague answer is asked about".to_owned());
    }
    if let Some(age) = field.stale_after {
        all.push(format!("Too old after {}", wording::lasting(age)));
    }
    all.extend(field.rules.iter().map(|rule| format!("Refused: {}", clean(&rule.message))));
    if field.allow.not_applicable {
        all.push("May be “does not apply”, with a reason".to_owned());
    }
    if field.allow.unknown {
        all.push("May be found out later, by a named person and a day".to_owned());
    }
    if field.ask != Asked::Sender {
        all.push(format!("Asked of {}", asked(&field.ask)));
    }
    all
}

fn missing(asked: Share) -> String {
    match asked.share {
        None => String::new(),
        Some(share) => format!("asked in {} of {} handoffs ({:.0}\u{a0}%)", asked.count, asked.n, share * 100.0),
    }
}

fn origins(figures: &FieldFigures) -> String {
    let answers = &figures.answers;
    let parts =
        [(answers.read, "read in the sources"), (answers.crm, "from the CRM"), (answers.person, "said by a person")];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(share, _)| share.count > 0)
        .map(|(share, whence)| format!("{} {whence}", share.count))
        .collect();
    told.join(" · ")
}
