//! Who is asked what, and where that stands: reminded at once, or left in peace
//! for some days.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};

use super::super::{Console, Shown};
use super::{not_done, path_of};
use crate::access::roles::Ability;
use crate::app::{Refusal, Review};
use crate::asking::{Request, RequestState};
use crate::rendering::clean;
use crate::web::go_to;
use crate::wording;

/// Days that somebody can be left in peace for.
const DAYS: [i64; 4] = [1, 3, 7, 14];

/// A request that waits for somebody.
pub(super) struct Asked {
    pub id: String,
    pub who: String,
    pub what: String,
    pub state: String,
    /// Choices for leaving them in peace; none where nobody is known who could be reminded.
    pub days: Vec<i64>,
}

fn is_known(request: &Request) -> bool {
    !request.person.key().is_empty()
}

/// Those that wait.
pub(super) fn asked_of(review: &Review, now: Timestamp) -> Vec<Asked> {
    let open = review.requests.iter().filter(|request| request.state.is_open());
    open.map(|request| Asked {
        id: request.id.clone(),
        who: if is_known(request) { clean(request.person.label()) } else { "Nobody is known yet".to_owned() },
        what: match request.questions.len() {
            0 => String::new(),
            count => wording::counted(count, "question", "questions"),
        },
        state: state(request, now),
        days: if is_known(request) { DAYS.to_vec() } else { Vec::new() },
    })
    .collect()
}

fn state(request: &Request, now: Timestamp) -> String {
    let mut told = match (request.state, request.sent_at) {
        (RequestState::Waiting, _) => "their message has not left yet".to_owned(),
        (RequestState::Undeliverable, _) => "no message could be delivered".to_owned(),
        (RequestState::Escalated, _) => "did not answer in time; somebody else was told".to_owned(),
        (_, Some(at)) => format!("asked {} ago", wording::lasting(now.duration_since(at))),
        (_, None) => "asked".to_owned(),
    };
    if request.reminders > 0 {
        told.push_str(&format!(", reminded {}", wording::counted(request.reminders as usize, "time", "times")));
    }
    if let Some(until) = request.snoozed_until.filter(|until| *until > now) {
        told.push_str(&format!(", left in peace until {}", wording::day(until)));
    }
    told
}

/// `POST /handoffs/{id}/requests/{request}`.
pub(super) async fn send(
    State(console): State<Console>,
    Path((id, request)): Path<(String, String)>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Answer, &id).await?;
    let workspace = here.visitor.member.workspace.clone();
    let own =
        console.app.requests(&workspace, &id).await.map_err(|refusal| not_done(&here, (&id, &refusal), &typed))?;
    if !own.iter().any(|one| one.id == request) {
        return Err(not_done(&here, (&id, &Refusal::NotFound("request")), &typed));
    }
    let whose = (workspace, here.visitor.actor());
    let (done, name) = match typed.one("days").parse::<i64>().ok().filter(|days| DAYS.contains(days)) {
        Some(days) => {
            let until = console.app.now() + SignedDuration::from_hours(24 * days);
            (console.app.snooze(whose, request, until).await, "put-off")
        }
        None => (console.app.remind(whose, request).await, "reminded"),
    };
    match done {
        Ok(_) => Ok(go_to(&format!("{}?done={name}", path_of(&id.0)))),
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &typed)),
    }
}
