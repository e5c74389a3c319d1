//! The moves of a member: handing over through the gate, or past it by whoever
//! may; calling off; having it read again.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::tz::TimeZone;

use super::super::guard::refused;
use super::super::{Console, Shown};
use super::{Again, asked, not_done, page, path_of, person_of, review_of};
use crate::access::roles::Ability;
use crate::app::{BreakGlass, Refusal};
use crate::web::{Mistake, Typed, go_to};

/// `POST /handoffs/{id}/transfer`.
pub(super) async fn transfer(
    State(console): State<Console>,
    Path(id): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Transfer, &id).await?;
    let wrong = |mistakes| (StatusCode::UNPROCESSABLE_ENTITY, Again::wrong(typed.clone(), mistakes));
    let forced = match typed.one("force") {
        "" => None,
        _ => {
            if !here.visitor.member.may(Ability::BreakGlass) {
                return Err(super::told(
                    &here,
                    (StatusCode::FORBIDDEN, "This is not open to you"),
                    "Your role does not include this.",
                ));
            }
            match forced(&typed, person_of(&here)) {
                Ok(forced) => Some(forced),
                Err(mistakes) => {
                    let review = review_of(&console, &here, &id).await?;
                    return Ok(page::page(&console, &here, &review, wrong(mistakes)).await);
                }
            }
        }
    };
    let wanted = asked(&here, (&id, &typed), &body);
    match console.app.transfer(wanted, id.clone(), forced).await {
        Ok(_) => Ok(go_to(&format!("{}?done=transferred", path_of(&id.0)))),
        Err(Refusal::Invalid(problems)) => {
            let anchor = |pointer: &str| if pointer.ends_with("expires_at") { "until-day" } else { "force-reason" };
            let mistake = |problem: &crate::app::Problem| Mistake {
                anchor: anchor(&problem.pointer).to_owned(),
                text: capital(&problem.detail),
            };
            let mistakes = problems.iter().map(mistake).collect();
            let review = review_of(&console, &here, &id).await?;
            Ok(page::page(&console, &here, &review, wrong(mistakes)).await)
        }
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &typed)),
    }
}

/// What somebody takes upon themselves, and until when what is owed will be there.
fn forced(typed: &Typed, approver: crate::answers::Person) -> Result<BreakGlass, Vec<Mistake>> {
    let mistake = |anchor: &str, text: &str| vec![Mistake { anchor: anchor.to_owned(), text: capital(text) }];
    let day = typed.day("until-", "").text().map_err(|text| mistake("until-day", text))?;
    let day = day.and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let Some(day) = day else {
        return Err(mistake("until-day", "enter the day by which what is missing will be there"));
    };
    let end = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC)).map(|end| end.timestamp());
    let expires_at = end.map_err(|_| mistake("until-day", "there is no such day"))?;
    Ok(BreakGlass { approver, reason: typed.one("force-reason").to_owned(), expires_at })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `POST /handoffs/{id}/cancel`.
pub(super) async fn cancel(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Create, &id).await?;
    let why = typed.one("why").to_owned();
    if why.is_empty() {
        let mistakes = vec![Mistake { anchor: "why".to_owned(), text: "Say why it is called off".to_owned() }];
        let review = review_of(&console, &here, &id).await?;
        let again = Again::wrong(typed, mistakes);
        return Ok(page::page(&console, &here, &review, (StatusCode::UNPROCESSABLE_ENTITY, again)).await);
    }
    let wanted = asked(&here, (&id, &typed), &body);
    match console.app.cancel(wanted, id.clone(), Some(why)).await {
        Ok(_) => Ok(go_to(&format!("{}?done=cancelled", path_of(&id.0)))),
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &typed)),
    }
}

/// `POST /handoffs/{id}/retry`: everything is read once more.
pub(super) async fn retry(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, id, typed) = console.sent_for((&parts, &body), Ability::Create, &id).await?;
    let wanted = asked(&here, (&id, &typed), &body);
    match console.app.retry(wanted, id.clone()).await {
        Ok(_) => Ok(go_to(&format!("{}?done=retried", path_of(&id.0)))),
        Err(refusal @ Refusal::NotFound(_)) => Err(refused(&here, &refusal)),
        Err(refusal) => Err(not_done(&here, (&id, &refusal), &typed)),
    }
}
