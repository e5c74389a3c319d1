//! The page itself: where it stands, what is open, the brief, the sources, who
//! is asked and what happened.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts as Request;
use axum::response::Response;

use super::super::frame::{Frame, Place};
use super::super::guard::Here;
use super::super::{Console, Shown};
use super::requests::{Asked, asked_of};
use super::rows::{Ground, Row, rows};
use super::steps::{Step, Steps, status_class, to_team};
use super::{Again, answering, id_of, not_done, path_of, review_of};
use crate::access::roles::Ability;
use crate::app::Review;
use crate::asking;
use crate::brief::{FieldBrief, Gap};
use crate::handoff::EventKind;
use crate::rendering::{BriefView, Parts, clean};
use crate::store::{Duplicate, Precedent, Why};
use crate::web::questions::{Hint, Question, Setting};
use crate::web::shown::{team, title};
use crate::web::stamps::stamp;
use crate::web::{Drafting, Mistake, Typed, answer_live, trouble};
use crate::wording;

/// Happenings that are shown at once; the others are folded away.
const HAPPENINGS_SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "console/handoff.html")]
struct HandoffPage {
    frame: Frame,
    head: Head,
    done: &'static str,
    changed: Vec<String>,
    mistakes: Vec<Mistake>,
    drafting: Drafting,
    id: String,
    version: i64,
    steps: Steps,
    to_team: String,
    body: Body,
    asked: Vec<Asked>,
    happenings: Vec<Happening>,
    older: Vec<Happening>,
    alike: Vec<Alike>,
    form: super::super::form::Form,
}

/// Another handoff that may be the same.
struct Alike {
    path: String,
    title: String,
    why: &'static str,
}

/// Where it stands.
struct Head {
    title: String,
    route: String,
    teams: String,
    status: &'static str,
    class: &'static str,
    verdict: String,
    /// What is told besides: what came in since, what waits to be read, what is owed.
    notices: Vec<String>,
    facts: Vec<(&'static str, String)>,
}

/// What was read; empty while nothing was.
#[derive(Default)]
struct Body {
    is_read: bool,
    /// As HTML, like all that is not a plain list below.
    headline: String,
    questions: Vec<String>,
    questions_heading: String,
    known: String,
    rows: Vec<Row>,
    absent: Vec<Row>,
    absent_count: String,
    prose: String,
    warnings: Vec<String>,
    sources: String,
    no_sources: &'static str,
}

struct Happening {
    at: String,
    what: String,
}

/// `GET /handoffs/{id}`.
pub(super) async fn show(
    State(console): State<Console>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    parts: Request,
) -> Shown {
    let here = console.asked(&parts, Some(Ability::See)).await?;
    let id = id_of(&here, &id).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "answers" => "Your answers are saved.",
        "confirmed" => "Confirmed.",
        "transferred" => "It is handed over.",
        "cancelled" => "It is called off.",
        "retried" => "It is being read again.",
        "reminded" => "They are reminded.",
        "put-off" => "They are left in peace until then.",
        "accepted" => "It is accepted.",
        "returned" => "It is given back.",
        _ => "",
    };
    let review = review_of(&console, &here, &id).await?;
    let mut again = answering::begun(&console, &here, &review).await;
    again.done = done;
    again.focus = query.one("focus").to_owned();
    again.drafting.is_saved = query.one("done") == "kept";
    Ok(page(&console, &here, &review, (StatusCode::OK, again)).await)
}

/// The page as things stand.
pub(super) async fn page(
    console: &Console,
    here: &Here,
    review: &Review,
    (status, mut again): (StatusCode, Again),
) -> Response {
    let now = console.app.now();
    let steps = Steps::of(here, review);
    let frame = Frame::of(here, Some(Place::Handoffs));
    again.drafting.action = format!("{}/draft", path_of(&review.row.id.0));
    again.drafting.token.clone_from(&frame.token);
    let workspace = &here.visitor.member.workspace;
    // What other handoffs tell helps, and this page stands without it.
    let hints = console.app.hints(workspace, review).await.unwrap_or_default();
    let duplicates = console.app.duplicates(workspace, std::slice::from_ref(&review.row.id)).await.unwrap_or_default();
    let body = match &review.brief {
        None => Ok(Body::default()),
        Some(brief) => {
            let conversation = match console.app.sources_of(&here.visitor.member.workspace, &review.row).await {
                Ok(conversation) => conversation,
                Err(refusal) => return not_done(here, (&review.row.id, &refusal), &again.typed),
            };
            let view = BriefView { brief, route: &review.route, conversation: &conversation };
            let parts = Parts::of(&view);
            body(&Ground {
                here,
                review,
                brief,
                parts: &parts,
                again: &again,
                now,
                hints: &hints,
                can_answer: steps.answer.is_open,
                has_sources: !conversation.documents.is_empty() || !conversation.record.is_empty(),
            })
        }
    };
    let Ok(body) = body else { return trouble("template") };
    let mut happenings = happenings(review);
    let older = happenings.split_off(happenings.len().min(HAPPENINGS_SHOWN));
    let page = HandoffPage {
        head: head(review, now),
        frame,
        done: again.done,
        changed: again.changed,
        mistakes: again.mistakes.clone(),
        drafting: again.drafting,
        id: review.row.id.0.clone(),
        version: review.row.version,
        steps,
        to_team: to_team(review),
        body,
        asked: asked_of(review, now),
        happenings,
        older,
        alike: duplicates.into_values().flatten().map(|one| alike(one, review)).collect(),
        form: super::super::form::Form { typed: again.typed, mistakes: again.mistakes },
    };
    answer_live(status, &page)
}

fn alike(other: Duplicate, review: &Review) -> Alike {
    Alike {
        path: path_of(&other.handoff.0),
        title: other.title.map_or_else(|| clean(&review.route.title), |title| clean(&title)),
        why: wording::why_alike(other.why == Why::SameMessages),
    }
}

fn head(review: &Review, now: jiff::Timestamp) -> Head {
    let Review { row, route, brief, .. } = review;
    let (next, failure) = asking::next_owner((row.status, &row.matter), brief.as_ref(), row.created_at);
    let mut facts = Vec::new();
    if let Some(what) = &next.what {
        let who = next.owner.as_ref().map_or_else(|| "Nobody is known".to_owned(), |owner| clean(owner.label()));
        let by = next.by.map(|by| format!(" · {}", wording::limit(by, now))).unwrap_or_default();
        facts.push(("Next", format!("{who}: {}{by}", wording::step_label(what))));
    }
    let owner = |member: &Option<crate::handoff::Member>| {
        let member = member.as_ref()?;
        member.name.as_deref().or(member.email.as_deref()).map(clean)
    };
    let people = [("From", &row.matter.from.owner, &route.from_team), ("To", &row.matter.to.owner, &route.to_team)];
    for (name, member, of) in people {
        facts.push((name, owner(member).map_or_else(|| team(of), |member| format!("{member}, {}", team(of)))));
    }
    facts.push(("Age", wording::lasting(now.duration_since(row.created_at))));
    if let Some(failure) = failure {
        facts.push(("If it fails", clean(failure.label())));
    }
    if let Some(external) = &row.external_id {
        facts.push(("Record", clean(external)));
    }
    let status = wording::status_label(row.status);
    let verdict = brief.as_ref().map(wording::verdict_headline);
    Head {
        title: title(row, route),
        route: clean(&route.title),
        teams: format!("{} hands over to {}", team(&route.from_team), team(&route.to_team)),
        status,
        class: status_class(row.status),
        verdict: verdict.filter(|verdict| row.status.is_open() && *verdict != status).unwrap_or_default(),
        notices: notices(review),
        facts,
    }
}

fn notices(review: &Review) -> Vec<String> {
    let Review { row, route, brief, latest, .. } = review;
    let mut notices = Vec::new();
    if row.read_batches < row.batches && brief.is_some() {
        notices.push("More context has come in and is being read; questions may come or go.".to_owned());
    }
    if let Some(brief) = brief {
        if brief.engine.degraded {
            notices.push(wording::degraded_notice().to_owned());
        } else if brief.coverage < 1.0 {
            notices.push(wording::not_all_read(brief.coverage).1);
        }
        let whole = brief.gaps.iter().filter(|gap| gap.field.is_none() && gap.source.is_none());
        notices.extend(whole.map(|gap| clean(&format!("{} {}", gap.question, gap.why))));
    }
    if let Some(latest) = latest {
        let now = row.changed.iter().filter_map(|key| {
            let (field, found) = (route.field(key)?, latest.fields.find(key)?);
            Some(format!("{}: {}", clean(&field.label), crate::web::shown::shown(field, found)))
        });
        let now: Vec<String> = now.collect();
        notices.push(format!("What came in after it was handed over says otherwise. {}", now.join("; ")));
    }
    notices
}

fn body(ground: &Ground) -> Result<Body, askama::Error> {
    let Ground { review, brief, parts, again, .. } = ground;
    let questions = if ground.can_answer || review.row.status.is_open() { questions(ground)? } else { Vec::new() };
    let (rows, absent) = rows(ground)?;
    let settled = brief.fields.iter().filter(|(_, field)| field.state.is_settled()).count();
    let warnings = brief.warnings.iter().map(|warning| {
        let place = if warning.place.is_empty() { String::new() } else { format!(", {}", warning.place) };
        clean(&format!("{}{place}: {}", warning.source, warning.message))
    });
    let blocking = brief.gaps.iter().filter(|gap| gap.blocking).count();
    Ok(Body {
        is_read: true,
        headline: parts.headline(),
        questions_heading: match (questions.len(), blocking) {
            (0, _) => "Nothing is open".to_owned(),
            (count, 0) => {
                format!("{}, none of which holds it back", wording::counted(count, "open question", "open questions"))
            }
            (_, _) => {
                format!("{} before it can move", wording::counted(blocking, "answer is needed", "answers are needed"))
            }
        },
        questions,
        known: format!("{settled} of {} fields settled", rows.len() + absent.len()),
        rows,
        absent_count: wording::counted(absent.len(), "optional field is empty", "optional fields are empty"),
        absent,
        prose: parts.prose(),
        warnings: warnings.collect(),
        sources: if ground.has_sources { parts.sources(&again.focus) } else { String::new() },
        no_sources: match review.row.context_gone_at {
            Some(_) => "The sources went by age, as the route says. The quotes above stay.",
            None => "There are no sources.",
        },
    })
}

/// Every gap as a card, in the order of the brief: what holds it back first.
fn questions(ground: &Ground) -> Result<Vec<String>, askama::Error> {
    let Ground { here, review, brief, parts, again, .. } = ground;
    let setting = Setting { typed: &again.typed, mistakes: &again.mistakes, parts: Some(parts), now: ground.now };
    let (mut sources, mut cards) = (0, Vec::with_capacity(brief.gaps.len()));
    for (place, (gap, person)) in brief.gaps.iter().zip(&review.asked).enumerate() {
        let mut question = match (gap.field.as_deref(), &gap.source) {
            (Some(key), _) => {
                let nothing = FieldBrief::default();
                let Some(field) = review.route.field(key) else { continue };
                let found = brief.fields.find(key).unwrap_or(&nothing);
                let mut question = Question::of_field((field, found), (Some(gap), None), setting);
                question.stamp = stamp(found);
                question
            }
            (None, Some(_)) => {
                sources += 1;
                Question::of_source(sources - 1, gap, setting)
            }
            (None, None) => continue,
        };
        question.id = format!("question-{}", place + 1);
        question.for_whom = Some(whom(here, gap, person));
        question.is_shut = !ground.can_answer;
        if let Some(hints) = gap.field.as_ref().and_then(|key| ground.hints.get(key)) {
            question.hints = hints.iter().map(hint).collect();
        }
        cards.push(question.html()?);
    }
    Ok(cards)
}

/// How it was settled elsewhere, for whoever may look there.
fn hint(precedent: &Precedent) -> Hint {
    let title = precedent.title.as_deref().map(clean).filter(|title| !title.trim().is_empty());
    Hint {
        path: path_of(&precedent.handoff.0),
        title: title.unwrap_or_else(|| precedent.handoff.0.clone()),
        words: wording::hint(&clean(&precedent.text), precedent.author.as_deref().map(clean).as_deref()),
        whence: wording::hint_whence(precedent.is_same_customer, precedent.at),
    }
}

/// Whose question it is.
fn whom(here: &Here, gap: &Gap, person: &asking::Person) -> String {
    let member = &here.visitor.member;
    if person.is(&member.name, Some(&member.email)) {
        return "you".to_owned();
    }
    if person.key().is_empty() { wording::asked_name(&gap.ask) } else { clean(person.label()) }
}

/// What happened, the newest first. Messages and links are told where people look for them.
fn happenings(review: &Review) -> Vec<Happening> {
    let is_told = |kind: EventKind| !matches!(kind, EventKind::LinkMade | EventKind::RequestChanged);
    let told = review.events.iter().rev().filter(|entry| is_told(entry.kind)).map(|entry| {
        let detail = entry.detail.clone().unwrap_or_default();
        let keys = detail.pointer("/what/fields").and_then(serde_json::Value::as_array);
        let label = |key: &str| review.route.field(key).map_or(key, |field| field.label.as_str()).to_owned();
        let labels: Vec<String> = keys.into_iter().flatten().filter_map(serde_json::Value::as_str).map(label).collect();
        Happening { at: wording::moment(entry.at), what: clean(&wording::event_sentence(entry.kind, &detail, &labels)) }
    });
    told.collect()
}

/// For the template: a step that is off, with its reason.
impl HandoffPage {
    fn off<'a>(&self, step: &'a Step) -> Option<&'a str> {
        (step.is_there && !step.is_open).then_some(step.why.as_str())
    }
}
