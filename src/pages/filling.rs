//! The form shown, sent and thanked for. What is sent is the same answer that
//! a program gives over the API, by the person the link was made for; whatever
//! is wrong with it, nothing typed is lost.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::Value as Json;
use sha2::Digest;

use super::foreign::{is_foreign, refused_as_foreign};
use super::form::{Again, FormPage, Scene, brief_outside, is_own};
use super::guard::{Here, check_form};
use super::{Notice, Pages, answer, go_to, receiving, trouble};
use crate::answers::Patch;
use crate::app::{Asked, Audience, Once, Outside, Refusal};
use crate::asking;
use crate::brief::{Brief, Verdict};
use crate::handoff::{Actor, EventKind, LinkPurpose};
use crate::rendering::{BriefView, Parts};
use crate::route::Route;
use crate::store::Handoff;
use crate::web::answers::base;
use crate::web::shown::{mistakes_of, shown, team};
use crate::web::stamps::{changed_fields, version_to_meet};
use crate::web::{Mistake, Typed, answer_live, is_surely_own};
use crate::wording;

/// The longest form that is read; what people type is far shorter.
pub(super) const MOST_BYTES: usize = 1024 * 1024;
/// Entries of the log that are looked through for what changed.
const MOST_EVENTS: i64 = 1_000;
const WORKED_ON: &str = "The handoff was worked on meanwhile";
/// How often answers are held against the handoff anew, when others change other fields at the same moment.
const TRIES: usize = 12;

/// A handoff as a page needs it.
pub(super) struct Table {
    pub row: Handoff,
    pub brief: Brief,
    pub route: std::sync::Arc<Route>,
    /// Who is asked about each gap, in their order.
    pub asked: Vec<asking::Person>,
    pub requests: Vec<asking::Request>,
    /// Set for somebody who is not of our side.
    pub outside: Option<Outside>,
    /// The brief that they may see, where that is not all of it.
    pub seen: Option<Brief>,
    /// When the page is made.
    pub now: jiff::Timestamp,
}

impl Table {
    /// How many of the questions that hold the handoff back are the person's own.
    fn count_own(&self, here: &Here) -> usize {
        let asked = self.brief.gaps.iter().zip(&self.asked);
        asked.filter(|(gap, asked)| gap.blocking && is_own(asked, here)).count()
    }
}

/// `GET /h/{handoff}`: the page of the session's purpose.
pub(super) async fn show(
    State(pages): State<Pages>,
    Path(handoff): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let here = match pages.here(&headers, (&handoff, &Typed::default())).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    let mut again = match here.link.purpose {
        LinkPurpose::Answer => super::drafting::begun(&pages, &here).await,
        LinkPurpose::Receive => Again::default(),
    };
    again.drafting.is_saved = query.as_deref() == Some("kept");
    shown_again(&pages, &here, (StatusCode::OK, again)).await
}

/// The page of the session's purpose, with what was typed before.
pub(super) async fn shown_again(pages: &Pages, here: &Here, again: (StatusCode, Again)) -> Response {
    match here.link.purpose {
        LinkPurpose::Answer => page(pages, here, again).await,
        LinkPurpose::Receive => receiving::page(pages, here, again).await,
    }
}

/// `POST /h/{handoff}`: answers, or what the receiving team decides.
pub(super) async fn send(
    State(pages): State<Pages>,
    Path(handoff): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if body.len() > MOST_BYTES {
        let lines = ["Nothing was sent. Go back, shorten what you typed, and send it again."];
        return answer(StatusCode::PAYLOAD_TOO_LARGE, &Notice::new("That is too long", &lines));
    }
    let typed = Typed::read(&body);
    let here = match pages.here(&headers, (&handoff, &typed)).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    if let Some(refusal) = check_form(&here, &headers, &typed) {
        if !is_surely_own(&headers) {
            return refusal;
        }
        // The page of an earlier session, in another window: what was typed there is offered again.
        let changed = vec!["You opened your link again, in this window or another one".to_owned()];
        return shown_again(&pages, &here, (StatusCode::FORBIDDEN, Again { typed, changed, ..Again::default() })).await;
    }
    if !typed.one("later").is_empty() {
        return super::drafting::keep_from(&pages, &here, (&headers, &typed)).await;
    }
    let asked = asked(&here, &typed, &body);
    match here.link.purpose {
        LinkPurpose::Answer => take(&pages, &here, (asked, typed)).await,
        LinkPurpose::Receive => receiving::take(&pages, &here, (asked, typed)).await,
    }
}

/// `GET /h/{handoff}/thanks`: whether it can move now.
pub(super) async fn thank(State(pages): State<Pages>, Path(handoff): Path<String>, headers: HeaderMap) -> Response {
    let here = match pages.here(&headers, (&handoff, &Typed::default())).await {
        Ok(here) => here,
        Err(page) => return page,
    };
    match table(&pages, &here).await {
        Ok(table) => answer(StatusCode::OK, &thanks(&here, &table)),
        Err(refusal) => refused(&here, &refusal),
    }
}

/// The change as the session's person asks for it. The same form sent twice counts once.
fn asked(here: &Here, typed: &Typed, body: &[u8]) -> Asked {
    let digest = sha2::Sha256::digest([here.link.id.0.as_bytes(), b"\n", body].concat());
    let fingerprint: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let person = &here.link.person;
    Asked {
        workspace: here.link.workspace.clone(),
        actor: Actor::Person { name: person.name.clone(), email: person.email.clone(), key: here.link.id.0.clone() },
        once: Some(Once { key: format!("form:{fingerprint}"), fingerprint, is_derived: true }),
        signed: None,
        if_version: Some(typed.one("version").parse().unwrap_or(-1)),
        render: |_, _| Json::Null,
    }
}

async fn take(pages: &Pages, here: &Here, (asked, typed): (Asked, Typed)) -> Response {
    for left in (0..TRIES).rev() {
        if let Some(page) = take_once(pages, here, (&asked, &typed), left == 0).await {
            return page;
        }
    }
    trouble("stale")
}

/// One attempt; none when others changed something between the look and the write that is no obstacle by itself.
async fn take_once(pages: &Pages, here: &Here, (asked, typed): (&Asked, &Typed), is_last: bool) -> Option<Response> {
    let table = match table(pages, here).await {
        Ok(table) => table,
        Err(refusal) => return Some(refused(here, &refusal)),
    };
    if let Some(page) = refuse_others(pages, here, (&table, typed)).await {
        return Some(page);
    }
    let (patch, mut mistakes) = typed.patch(&table.route);
    if mistakes.is_empty() && patch.fields.0.is_empty() && patch.sources.0.is_empty() {
        let text = "Answer at least one question".to_owned();
        mistakes.push(Mistake { anchor: "questions".to_owned(), text });
    }
    if !mistakes.is_empty() {
        let again = Again { typed: typed.clone(), mistakes, ..Again::default() };
        return Some(page(pages, here, (StatusCode::UNPROCESSABLE_ENTITY, again)).await);
    }
    let fields: Vec<String> = patch.fields.iter().map(|(key, _)| key.to_owned()).collect();
    // What is said of sources is held against the version alone.
    let stamped = if patch.sources.0.is_empty() { fields.as_slice() } else { &[] };
    let version = version_to_meet(typed, stamped, (&table.brief, table.row.version));
    let asked = Asked { if_version: Some(version), ..asked.clone() };
    let patch = Patch { by: Some(here.link.person.clone()), ..patch };
    Some(match pages.app.answer(asked, here.link.handoff.clone(), patch).await {
        Ok(_) => {
            super::drafting::forget(pages, here).await;
            go_to(&format!("/h/{}/thanks", here.link.handoff))
        }
        Err(Refusal::Invalid(problems)) => {
            let mistakes = mistakes_of(&problems, (&table.brief, &table.route));
            let again = Again { typed: typed.clone(), mistakes, ..Again::default() };
            page(pages, here, (StatusCode::UNPROCESSABLE_ENTITY, again)).await
        }
        Err(Refusal::Stale { .. }) if version == table.row.version && !is_last => return None,
        Err(Refusal::Stale { .. }) => {
            let mut changed = changes_since(pages, here, typed.one("version").parse().unwrap_or_default()).await;
            let now = changed_fields(typed, &fields, (&table.brief, &table.route));
            // Who answered it stands there already.
            let is_told =
                |one: &String| changed.iter().any(|told| one.split('”').next().is_some_and(|name| told.contains(name)));
            let more: Vec<String> = now.into_iter().filter(|one| !is_told(one)).collect();
            changed.extend(more);
            page(pages, here, (StatusCode::CONFLICT, Again { typed: typed.clone(), changed, ..Again::default() })).await
        }
        Err(refusal) => refused_with(here, &refusal, typed),
    })
}

/// The answer to somebody from outside who answers what was not asked of them, or what others settled since.
async fn refuse_others(pages: &Pages, here: &Here, (table, typed): (&Table, &Typed)) -> Option<Response> {
    let outside = table.outside.as_ref()?;
    if is_foreign(typed, table, outside) {
        return Some(refused_as_foreign(here));
    }
    let answered = answered(typed, table);
    let is_asked = |key: &String| outside.asked.contains(key);
    if answered.iter().any(|(key, _)| !is_asked(key) && !outside.settled.contains(key)) {
        return Some(refused_as_foreign(here));
    }
    if answered.iter().any(|(key, _)| !is_asked(key)) {
        return Some(settled_meanwhile(pages, here, (table, answered), typed.clone()).await);
    }
    None
}

/// The keys of what a form answers, each with what the names of its inputs begin with.
fn answered(typed: &Typed, table: &Table) -> Vec<(String, String)> {
    let fields = table.route.fields.iter().map(|field| (field.key.clone(), base(&field.key)));
    let fields = fields.filter(|(_, base)| typed.touches(base));
    let sources = typed.dismissed().map(|(base, name)| (asking::source_of(&name), format!("{base}reason")));
    fields.chain(sources).collect()
}

/// Somebody from outside answers what others settled since: theirs is not taken over the other's word, which they do
/// not get to see; the rest of what they typed waits on their page.
async fn settled_meanwhile(
    pages: &Pages,
    here: &Here,
    (table, answered): (&Table, Vec<(String, String)>),
    typed: Typed,
) -> Response {
    let is_asked = |key: &String| table.outside.as_ref().is_some_and(|outside| outside.asked.contains(key));
    let (left, settled): (Vec<_>, Vec<_>) = answered.into_iter().partition(|(key, _)| is_asked(key));
    if left.is_empty() {
        let lines = ["Somebody else settled what you were asked, and nothing is left for you to do there."];
        let mut page = Notice::new("Answered meanwhile", &lines);
        page.typed = typed.words();
        page.way = Some((format!("/h/{}", here.link.handoff), "See your questions".to_owned()));
        page.leave = Some(here.leave());
        return answer(StatusCode::CONFLICT, &page);
    }
    let named = |key: &str| table.route.field(key).map_or(key, |field| &field.label).to_owned();
    let changed =
        settled.iter().map(|(key, _)| format!("Answered meanwhile by somebody else: {}", named(key))).collect();
    let beginnings: Vec<String> = settled.into_iter().map(|(_, beginning)| beginning).collect();
    let again = Again { typed: typed.without(&beginnings), changed, ..Again::default() };
    page(pages, here, (StatusCode::CONFLICT, again)).await
}

/// The form as things stand now.
async fn page(pages: &Pages, here: &Here, (status, mut again): (StatusCode, Again)) -> Response {
    let table = match table(pages, here).await {
        Ok(table) => table,
        Err(refusal) => return refused_with(here, &refusal, &again.typed),
    };
    super::drafting::place(here, &mut again);
    let brief = table.seen.as_ref().unwrap_or(&table.brief);
    let conversation = match pages.app.sources_for(&here.link, &table.row, table.outside.as_ref()).await {
        Ok(conversation) => conversation,
        Err(refusal) => return refused_with(here, &refusal, &again.typed),
    };
    let view = BriefView { brief, route: &table.route, conversation: &conversation };
    let has_sources = !conversation.documents.is_empty();
    let scene = Scene { here, table: &table, parts: &Parts::of(&view), has_sources };
    match FormPage::of(&scene, &again) {
        Ok(page) => answer_live(status, &page),
        Err(_) => trouble("template"),
    }
}

pub(super) async fn table(pages: &Pages, here: &Here) -> Result<Table, Refusal> {
    let (link, now) = (&here.link, pages.app.now());
    let (row, brief) = pages.app.brief(&link.workspace, &link.handoff, Audience::HandedOver).await?;
    let route = pages.app.route_version(&link.workspace, &row.route).await?;
    if link.purpose == LinkPurpose::Receive {
        // The receiving team sees what it is to take, whoever is in it.
        let (asked, requests) = (Vec::new(), Vec::new());
        return Ok(Table { row, brief, route, asked, requests, outside: None, seen: None, now });
    }
    let whose = (&row.matter, pages.app.settings.our_domains.as_slice());
    let asked: Vec<_> = brief.gaps.iter().map(|gap| asking::asked(gap, &brief, whose).1).collect();
    let requests = pages.app.requests(&link.workspace, &link.handoff).await?;
    let outside = pages.app.outside_of(link, (&row, &brief), &requests).await?;
    let seen = outside.as_ref().map(|outside| brief_outside((&brief, &route), &asked, (here, outside)));
    Ok(Table { row, brief, route, asked, requests, outside, seen, now })
}

/// What happened since a version, a sentence each.
pub(super) async fn changes_since(pages: &Pages, here: &Here, seen: i64) -> Vec<String> {
    let link = &here.link;
    let Ok(Table { brief, route, outside, .. }) = table(pages, here).await else { return Vec::new() };
    if outside.is_some() {
        return vec![WORKED_ON.to_owned()];
    }
    let events = pages.app.events((&link.workspace, Some(&link.handoff)), (0, MOST_EVENTS)).await.unwrap_or_default();
    let later = events.into_iter().filter(|entry| entry.version.is_some_and(|version| version > seen));
    let mut told = Vec::new();
    for entry in later {
        let detail = entry.detail.unwrap_or_default();
        let who = detail.pointer("/what/by/name").and_then(Json::as_str).unwrap_or("Somebody").to_owned();
        let keys = detail.pointer("/what/fields").and_then(Json::as_array).cloned().unwrap_or_default();
        let fields = keys.iter().filter_map(Json::as_str).filter_map(|key| {
            let (field, brief) = (route.field(key)?, brief.fields.find(key)?);
            Some(format!("{who} answered “{}”: {}", field.label, shown(field, brief)))
        });
        match entry.kind {
            EventKind::Answered => told.extend(fields),
            EventKind::ContextAdded => told.push("More context came in".to_owned()),
            EventKind::Ready | EventKind::NeedsInput => {
                told.push("It was read again with everything that came in".to_owned())
            }
            EventKind::Transferred => told.push("It was handed over".to_owned()),
            EventKind::Accepted => told.push(format!("{who} accepted it")),
            EventKind::Returned => told.push(format!("{who} returned it")),
            EventKind::Cancelled => told.push("It was called off".to_owned()),
            _ => {}
        }
    }
    told.dedup();
    if told.is_empty() {
        told.push(WORKED_ON.to_owned());
    }
    told
}

fn thanks(here: &Here, table: &Table) -> Notice {
    let Table { row, brief, route, .. } = table;
    let team = team(&route.to_team);
    let own = table.count_own(here);
    let open = brief.gaps.iter().filter(|gap| gap.blocking).count();
    let mut notice = match here.link.purpose {
        LinkPurpose::Receive => Notice::new("Thank you", &["It is noted, and stands in the handoff for both teams."]),
        // How it stands with what others are asked is not theirs to know.
        LinkPurpose::Answer if table.outside.is_some() => {
            let line = match own {
                0 => "Nothing more is asked of you just now.".to_owned(),
                own => format!("{} still open for you.", wording::counted(own, "question is", "questions are")),
            };
            Notice::new("Thank you, your answers are saved", &[&line])
        }
        LinkPurpose::Answer if row.status.has_moved() => {
            Notice::new("Thank you", &[&format!("It has been handed over to {team}.")])
        }
        LinkPurpose::Answer if brief.verdict == Verdict::Complete => {
            let line = format!("Everything needed is there: it can move to {team} now.");
            Notice::new("Thank you, your answers are saved", &[&line])
        }
        LinkPurpose::Answer => {
            let open = wording::counted(open, "question is still open", "questions are still open");
            let line = format!("It cannot move to {team} yet: {open}, {own} of them for you.");
            Notice::new("Thank you, your answers are saved", &[&line])
        }
    };
    let name = if own > 0 { "Answer more" } else { "See how it stands" };
    notice.way = Some((format!("/h/{}", here.link.handoff), name.to_owned()));
    notice.leave = Some(here.leave());
    notice
}

/// Why something was not done, in words.
pub(super) fn refused(here: &Here, refusal: &Refusal) -> Response {
    refused_with(here, refusal, &Typed::default())
}

pub(super) fn refused_with(here: &Here, refusal: &Refusal, typed: &Typed) -> Response {
    let (status, heading, line) = match refusal {
        Refusal::Reading => {
            (StatusCode::OK, "This is being read", "The context is being read. Load this page again in a moment.")
        }
        Refusal::NotNow { .. } => (
            StatusCode::CONFLICT,
            "This has moved on",
            "It stands where this cannot be done any more. Nothing was changed.",
        ),
        other => return trouble(other.code()),
    };
    let mut page = Notice::new(heading, &[line]);
    page.typed = typed.words();
    page.way = Some((format!("/h/{}", here.link.handoff), "See how it stands".to_owned()));
    page.leave = Some(here.leave());
    answer(status, &page)
}
