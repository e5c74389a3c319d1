//! The receiver's page: the brief for reading and for paper, and accepting it
//! with a line read back, or giving it back with a reason.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts as Request;
use axum::response::Response;

use super::super::frame::{Frame, Place};
use super::super::guard::Here;
use super::super::{Console, Shown};
use super::steps::{Steps, status_class};
use super::{Again, asked, id_of, not_done, path_of, person_of, review_of};
use crate::access::roles::Ability;
use crate::app::{Refusal, Review};
use crate::conversation::Conversation;
use crate::handoff::Status;
use crate::rendering::{BriefView, Parts, clean};
use crate::web::shown::{Known, known, team, title};
use crate::web::{Decided, Deciding, Mistake, answer, go_to};
use crate::wording;

#[derive(Template)]
#[template(path = "console/receive.html")]
struct ReceivePage {
    frame: Frame,
    id: String,
    title: String,
    teams: String,
    status: &'static str,
    class: &'static str,
    facts: Vec<(&'static str, String)>,
    notice: &'static str,
    /// As HTML.
    headline: String,
    known: Vec<Known>,
    /// What is not settled, as a forced transfer leaves it.
    owed: Vec<String>,
    prose: String,
    deciding: Deciding,
    mistakes: Vec<Mistake>,
    changed: Vec<String>,
}

/// `GET /handoffs/{id}/receive`.
pub(super) async fn show(State(console): State<Console>, Path(id): Path<String>, parts: Request) -> Shown {
    let here = console.asked(&parts, Some(Ability::See)).await?;
    let id = id_of(&here, &id).await?;
    let review = review_of(&console, &here, &id).await?;
    Ok(page(&here, &review, (StatusCode::OK, Again::default())))
}

fn page(here: &Here, review: &Review, (status, again): (StatusCode, Again)) -> Response {
    let Review { row, route, .. } = review;
    let Some(brief) = &review.brief else {
        return not_done(here, (&row.id, &Refusal::Reading), &again.typed);
    };
    let frame = Frame::of(here, Some(Place::Handoffs));
    let steps = Steps::of(here, review);
    // Paper has no links: quotes stand by themselves.
    let nothing = Conversation::default();
    let view = BriefView { brief, route, conversation: &nothing };
    let parts = Parts::of(&view);
    let mut deciding = Deciding::of((row.status, row.version), route, &again.typed);
    deciding.can_accept &= steps.accept.is_open;
    deciding.can_return &= steps.give_back.is_open;
    deciding.action = format!("{}/receive", path_of(&row.id.0));
    deciding.token.clone_from(&frame.token);
    let page = ReceivePage {
        frame,
        id: row.id.0.clone(),
        title: title(row, route),
        teams: format!("{} hands over to {}", team(&route.from_team), team(&route.to_team)),
        status: wording::status_label(row.status),
        class: status_class(row.status),
        facts: facts(review),
        notice: match row.status {
            Status::Transferred if !steps.accept.is_open => "Your role does not include accepting it.",
            Status::Transferred => "",
            Status::Accepted => "It is accepted. It can still be given back.",
            _ => "This is with the team that hands over; there is nothing to accept now.",
        },
        headline: parts.headline(),
        known: known(brief, route, None),
        owed: brief.gaps.iter().filter(|gap| gap.blocking).map(|gap| clean(&gap.question)).collect(),
        prose: parts.prose(),
        deciding,
        mistakes: again.mistakes,
        changed: again.changed,
    };
    answer(status, &page)
}

fn facts(review: &Review) -> Vec<(&'static str, String)> {
    let Review { row, .. } = review;
    let name = |member: &Option<crate::handoff::Member>| {
        let member = member.as_ref()?;
        member.name.as_deref().or(member.email.as_deref()).map(clean)
    };
    let moved = row.matter.duties.moved_at.map(wording::moment);
    let facts = [
        ("From", name(&row.matter.from.owner)),
        ("To", name(&row.matter.to.owner)),
        ("Handed over", moved),
        ("Record", row.external_id.as_deref().map(clean)),
    ];
    facts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

/// `POST /handoffs/{id}/receive`.
pub(super) async fn send(State(console): State<Console>, Path(id): Path<String>, parts: Request, body: Bytes) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Receive, &id).await?;
    let wanted = asked(&here, (&id, &typed), &body);
    let person = person_of(&here);
    let review = review_of(&console, &here, &id).await?;
    let again = |mistakes| (StatusCode::UNPROCESSABLE_ENTITY, Again::wrong(typed.clone(), mistakes));
    let (done, name) = match Deciding::decided(&typed, person.clone()) {
        Ok(Decided::Accepted { read_back }) => {
            (console.app.receive(wanted, id.clone(), (person, Some(read_back))).await, "accepted")
        }
        Ok(Decided::Returned(given)) => (console.app.give_back(wanted, id.clone(), given).await, "returned"),
        Err(mistakes) => return Ok(page(&here, &review, again(mistakes))),
    };
    match done {
        Ok(_) => Ok(go_to(&format!("{}?done={name}", path_of(&id.0)))),
        Err(Refusal::Invalid(problems)) => {
            let mistake = |text: &str| Mistake { anchor: "reason".to_owned(), text: text.to_owned() };
            Ok(page(&here, &review, again(problems.iter().map(|problem| mistake(&problem.detail)).collect())))
        }
        Err(Refusal::Stale { .. }) => {
            let review = review_of(&console, &here, &id).await?;
            let changed = vec!["The handoff was worked on meanwhile".to_owned()];
            Ok(page(&here, &review, (StatusCode::CONFLICT, Again { typed, changed, ..Again::default() })))
        }
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &typed)),
    }
}
