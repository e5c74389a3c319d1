//! Beginning a handoff by hand: a route, files or pasted text, and what the CRM
//! holds. It is checked and accepted by the same code as a program's request.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value as Json, json};
use sha2::Digest;

use super::form::Form;
use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::upload::{Kept, Uploaded, keep};
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{NewRequest, Once, Problem, Refusal, SourceGiven, random_id};
use crate::asking::is_address;
use crate::handoff::{Matter, Member, Party};
use crate::rendering::clean;
use crate::route::{Requirement, Route};
use crate::value::Kind;
use crate::web::{Typed, answer, go_to};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::Create);
/// What text is called that was pasted.
const PASTED: &str = "pasted.txt";
/// The inputs of known values begin so.
const KNOWN: &str = "known-";

#[derive(Template)]
#[template(path = "console/choose_route.html")]
struct ChooseRoutePage {
    frame: Frame,
    routes: Vec<Listed>,
}

/// A route to choose.
struct Listed {
    id: String,
    title: String,
    teams: String,
    needs: String,
    trigger: String,
}

#[derive(Template)]
#[template(path = "console/new_handoff.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    route: String,
    title: String,
    teams: String,
    from_team: String,
    to_team: String,
    /// What makes the form the same when it is sent twice.
    once: String,
    kept: Vec<Kept>,
    /// Files that were too large to come back.
    lost: Vec<String>,
    fields: Vec<Input>,
    has_known: bool,
    most: String,
}

/// A field whose value the CRM may hold.
struct Input {
    id: String,
    label: String,
    hint: String,
    value: String,
    wrong: String,
    /// Of a choice; empty otherwise.
    choices: Vec<(String, bool)>,
}

/// `GET /handoffs/new`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let routes = console.app.newest_routes(&here.visitor.member.workspace).await;
    let routes = routes.map_err(|refusal| refused(&here, &refusal))?;
    if let Some(route) = routes.iter().find(|route| route.id == query.one("route")) {
        let mut typed = Typed::default();
        typed.add("sender-name", &here.visitor.member.name);
        typed.add("sender-email", &here.visitor.member.email);
        let form = Form { typed, mistakes: Vec::new() };
        return Ok(page(&console, (&here, route), (StatusCode::OK, form), &[]));
    }
    let frame = Frame::of(&here, Some(Place::Handoffs));
    Ok(answer(StatusCode::OK, &ChooseRoutePage { frame, routes: routes.iter().map(|route| listed(route)).collect() }))
}

/// `POST /handoffs/new`.
pub(super) async fn send(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, uploaded) = console.sent_files((&parts, body), NEED).await?;
    let workspace = here.visitor.member.workspace.clone();
    let route = match console.app.find_route(&workspace, (uploaded.typed.one("route"), None)).await {
        Ok(route) => route,
        // A route that is not there was not chosen on our page.
        Err(Refusal::UnknownRoute { .. }) => return Ok(go_to("/handoffs/new")),
        Err(refusal) => return Err(refused(&here, &refusal)),
    };
    let request = request(&route, &uploaded);
    let key = uploaded.typed.one("once");
    let once = Once {
        key: format!("page:{}:{key}", here.visitor.member.id),
        fingerprint: fingerprint(&uploaded),
        is_derived: false,
    };
    let asked = here.visitor.asked(Some(once).filter(|_| !key.is_empty()), None, |_, _| json!(null));
    match console.app.accept(asked, request).await {
        Ok(answered) => Ok(go_to(&format!("/handoffs/{}/reading", answered.id))),
        Err(refusal) => {
            let (status, problems) = match refusal {
                Refusal::Invalid(problems) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, problems.into_iter().map(at_input).collect())
                }
                Refusal::KeyReused => {
                    let why =
                        "this form was sent before with other contents; send it once more to begin another handoff";
                    (StatusCode::CONFLICT, vec![Problem::new("/files", "sent_before", why)])
                }
                Refusal::Busy => {
                    let why = "more waits to be read than can be promised; nothing was stored, try again in a minute";
                    (StatusCode::SERVICE_UNAVAILABLE, vec![Problem::new("/files", "busy", why)])
                }
                other => return Err(refused(&here, &other)),
            };
            let form = Form::refused(uploaded.typed, &problems, &[]);
            Ok(page(&console, (&here, &route), (status, form), &uploaded.files))
        }
    }
}

/// What was typed as the request that a program would make, with what only a page can get wrong.
fn request(route: &Route, uploaded: &Uploaded) -> NewRequest {
    let typed = &uploaded.typed;
    let text = |name: &str| Some(typed.one(name).to_owned()).filter(|text| !text.is_empty());
    let mut sources = uploaded.files.clone();
    let pasted = text("text").map(String::into_bytes);
    sources.extend(pasted.map(|bytes| SourceGiven { name: PASTED.to_owned(), kind: None, format: None, bytes }));
    let mut wrong: Vec<Problem> = uploaded
        .empty
        .iter()
        .map(|name| Problem::new("/files", "empty", format!("the file {} is empty; leave it out", clean(name))))
        .collect();
    let party = |side: &str| {
        let (name, email) = (text(&format!("{side}-name")), text(&format!("{side}-email")));
        let is_anybody = name.is_some() || email.is_some();
        Party { team: None, owner: is_anybody.then_some(Member { name, email, slack: None }) }
    };
    for (id, who) in [("sender-email", "hands over"), ("receiver-email", "gets it")] {
        if text(id).is_some_and(|email| !is_address(&email)) {
            let why = format!("give whoever {who} an e-mail address such as name@company.example, or none");
            wrong.push(Problem::new(format!("/{id}"), "invalid", why));
        }
    }
    let known = route.fields.iter().filter_map(|field| {
        let value = text(&format!("{KNOWN}{}", field.key))?;
        Some((field.key.clone(), Json::String(value)))
    });
    NewRequest {
        route: route.id.clone(),
        external_id: text("external_id"),
        matter: Matter {
            title: text("title"),
            from: party("sender"),
            to: party("receiver"),
            known: known.collect(),
            ..Matter::default()
        },
        sources,
        wrong,
        masked: 0,
    }
}

/// A mistake at the input that it is about.
fn at_input(problem: Problem) -> Problem {
    let parts: Vec<&str> = problem.pointer.split('/').skip(1).collect();
    let pointer = match parts.as_slice() {
        ["known", key] => format!("/{KNOWN}{key}"),
        ["from", "owner", part] => format!("/sender-{part}"),
        ["to", "owner", part] => format!("/receiver-{part}"),
        [one] if !one.is_empty() => format!("/{one}"),
        _ => "/files".to_owned(),
    };
    let detail = match problem.code.as_str() {
        "nothing_given" => "give at least one file, some text, or one value of the CRM".to_owned(),
        _ => problem.detail,
    };
    Problem { pointer, detail, ..problem }
}

/// Of everything but what stands around it.
fn fingerprint(uploaded: &Uploaded) -> String {
    let mut digest = sha2::Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    for (name, value) in uploaded.typed.sorted() {
        if name != "token" {
            part(name.as_bytes());
            part(value.as_bytes());
        }
    }
    for file in &uploaded.files {
        part(file.name.as_bytes());
        part(&file.bytes);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn page(
    console: &Console,
    (here, route): (&Here, &Route),
    (status, form): (StatusCode, Form),
    files: &[SourceGiven],
) -> Response {
    let kept = keep(files);
    let lost = match kept {
        None => files.iter().map(|file| clean(&file.name)).collect(),
        Some(_) => Vec::new(),
    };
    let fields: Vec<Input> = route.fields.iter().map(|field| input(&form, field)).collect();
    // After mistakes it may be sent with the same sign: nothing was begun under it. After a conflict it is another one.
    let before = form.value("once");
    let once = if before.is_empty() || status == StatusCode::CONFLICT { random_id("") } else { before.to_owned() };
    let page = NewPage {
        frame: Frame::of(here, Some(Place::Handoffs)),
        route: route.id.clone(),
        title: clean(&route.title),
        teams: format!("{} → {}", clean(&route.from_team), clean(&route.to_team)),
        from_team: clean(&route.from_team),
        to_team: clean(&route.to_team),
        once,
        kept: kept.unwrap_or_default(),
        lost,
        has_known: fields.iter().any(|field| !field.value.is_empty() || !field.wrong.is_empty()),
        fields,
        most: format!("{} MB", console.app.settings.service.body_bytes / (1024 * 1024)),
        form,
    };
    answer(status, &page)
}

fn input(form: &Form, field: &crate::route::Field) -> Input {
    let id = format!("{KNOWN}{}", field.key);
    let value = form.value(&id).to_owned();
    let choices = match &field.kind {
        Kind::Enum(choices) if !field.list => {
            choices.iter().map(|choice| (choice.id.clone(), choice.id == value)).collect()
        }
        _ => Vec::new(),
    };
    let hint = match (&field.kind, field.list) {
        (_, true) => "Several with commas between",
        (Kind::Date, _) => "Such as 2026-07-01",
        (Kind::Money, _) => "Such as 86,400 USD",
        (Kind::Duration, _) => "Such as 12 months",
        (Kind::Bool, _) => "Yes or no",
        _ => "",
    };
    Input { label: clean(&field.label), hint: hint.to_owned(), wrong: form.wrong(&id).to_owned(), choices, value, id }
}

fn listed(route: &Route) -> Listed {
    let required = route.fields.iter().filter(|field| !matches!(field.required, Requirement::Optional)).count();
    let trigger = route.trigger.description.as_ref().or(route.trigger.event.as_ref());
    Listed {
        id: route.id.clone(),
        title: clean(&route.title),
        teams: format!("{} → {}", clean(&route.from_team), clean(&route.to_team)),
        needs: format!("asks for {}", wording::counted(required, "thing", "things")),
        trigger: trigger.map(|text| clean(text)).unwrap_or_default(),
    }
}
