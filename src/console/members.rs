//! The members of a workspace, for its admins: who there is and what they may
//! do, inviting, shutting out, and links for new passwords, each shown once.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::form::Form;
use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::{Console, Shown};
use crate::access::roles::{Ability, Role};
use crate::app::Refusal;
use crate::app::members::{Invite, Member};
use crate::rendering::clean;
use crate::store::InvitationRow;
use crate::web::{Typed, answer, go_to};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::EditMembers);

#[derive(Template)]
#[template(path = "console/members.html")]
struct MembersPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    count: String,
    members: Vec<Listed>,
    waiting: Vec<Waiting>,
    roles: Vec<Choice>,
    sends_mail: bool,
}

/// A member as they are listed.
struct Listed {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    since: String,
    is_you: bool,
    is_out: bool,
    has_second_step: bool,
    roles: Vec<Choice>,
}

/// A role to choose.
struct Choice {
    word: &'static str,
    label: &'static str,
    hint: &'static str,
    is_chosen: bool,
}

/// An invitation that nobody has used yet.
struct Waiting {
    id: String,
    email: String,
    role: &'static str,
    by: String,
    until: String,
    is_reset: bool,
}

/// A link that is shown this once.
#[derive(Template)]
#[template(path = "console/handed.html")]
struct HandedPage {
    frame: Frame,
    heading: String,
    line: String,
    link: String,
    until: String,
}

/// `GET /settings/members`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "role" => "The role is changed.",
        "out" => "They are shut out, and signed out everywhere.",
        "in" => "They can sign in again.",
        "withdrawn" => "The link is withdrawn and opens nothing any more.",
        _ => "",
    };
    page(&console, &here, (StatusCode::OK, Form::default()), done).await
}

/// `POST /settings/members`: invites somebody.
pub(super) async fn invite(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Ok(role) = typed.one("role").parse::<Role>() else {
        let form = Form::again(typed, &[("role", "Choose what they may do")]);
        return page(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form), "").await;
    };
    let name = Some(typed.one("name").to_owned()).filter(|name| !name.is_empty());
    let wanted = Invite { email: typed.one("email").to_owned(), name, role, is_mailed: true };
    match console.app.invite_member(&here.visitor, wanted).await {
        Ok((row, link)) => {
            let way = match console.app.settings.mail.url {
                Some(_) => "It is mailed to them too.",
                None => "Give it to them yourself: sending mail is not set up here.",
            };
            let line = format!("This link makes the account of {}. {way}", clean(&row.email));
            Ok(handed(&here, ("Invitation made", line), (&row, link)))
        }
        Err(refusal) => again(&console, &here, (typed, refusal)).await,
    }
}

/// `POST /settings/members/{id}/role`.
pub(super) async fn change_role(
    State(console): State<Console>,
    Path(id): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let Ok(role) = typed.one("role").parse::<Role>() else {
        return Err(refused(&here, &Refusal::NotFound("role")));
    };
    match console.app.change_role(&here.visitor, (&id, role)).await {
        Ok(()) => Ok(go_to("/settings/members?done=role")),
        Err(refusal) => again(&console, &here, (Typed::default(), refusal)).await,
    }
}

/// `POST /settings/members/{id}/access`: shut out, or in again.
pub(super) async fn change_access(
    State(console): State<Console>,
    Path(id): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let is_out = match typed.one("access") {
        "out" => true,
        "in" => false,
        _ => return Err(refused(&here, &Refusal::NotFound("access"))),
    };
    match console.app.disable_member(&here.visitor, (&id, is_out)).await {
        Ok(()) => Ok(go_to(&format!("/settings/members?done={}", if is_out { "out" } else { "in" }))),
        Err(refusal) => again(&console, &here, (Typed::default(), refusal)).await,
    }
}

/// `POST /settings/members/{id}/reset`: a link for a new password.
pub(super) async fn reset(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    match console.app.reset_member(&here.visitor, &id).await {
        Ok((row, link)) => {
            let line = format!(
                "With this link {} chooses a new password. Give it to them yourself, and make sure that it is them: it also \
                 turns their second step off.",
                clean(row.name.as_deref().unwrap_or(&row.email))
            );
            Ok(handed(&here, ("Link for a new password", line), (&row, link)))
        }
        Err(refusal) => again(&console, &here, (Typed::default(), refusal)).await,
    }
}

/// `POST /settings/invitations/{id}/withdraw`.
pub(super) async fn withdraw(
    State(console): State<Console>,
    Path(id): Path<String>,
    parts: Parts,
    body: Bytes,
) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    match console.app.withdraw_invitation(&here.visitor, &id).await {
        Ok(()) => Ok(go_to("/settings/members?done=withdrawn")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

async fn again(console: &Console, here: &Here, (typed, refusal): (Typed, Refusal)) -> Shown {
    match refusal {
        Refusal::Invalid(problems) => {
            let form = Form::refused(typed, &problems, &[("member", "members")]);
            page(console, here, (StatusCode::UNPROCESSABLE_ENTITY, form), "").await
        }
        other => Err(refused(here, &other)),
    }
}

async fn page(console: &Console, here: &Here, (status, form): (StatusCode, Form), done: &'static str) -> Shown {
    let (members, waiting) = console.app.members(&here.visitor).await.map_err(|fault| refused(here, &fault.into()))?;
    let page = MembersPage {
        frame: Frame::of(here, Some(Place::Members)),
        done,
        count: wording::counted(members.len(), "member", "members"),
        members: members.iter().map(|member| listed(member, here)).collect(),
        waiting: waiting.iter().map(waits).collect(),
        roles: choices(form.value("role").parse().ok()),
        sends_mail: console.app.settings.mail.url.is_some(),
        form,
    };
    Ok(answer(status, &page))
}

fn handed(here: &Here, (heading, line): (&str, String), (row, link): (&InvitationRow, String)) -> Response {
    let page = HandedPage {
        frame: Frame::of(here, Some(Place::Members)),
        heading: heading.to_owned(),
        line,
        link,
        until: wording::moment(row.expires_at),
    };
    answer(StatusCode::OK, &page)
}

fn listed(member: &Member, here: &Here) -> Listed {
    Listed {
        id: member.id.clone(),
        name: clean(&member.name),
        email: clean(&member.email),
        role: member.role.label(),
        since: wording::day(member.created_at),
        is_you: member.id == here.visitor.member.id,
        is_out: member.disabled_at.is_some(),
        has_second_step: member.has_second_step,
        roles: choices(Some(member.role)),
    }
}

fn choices(chosen: Option<Role>) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        word: role.word(),
        label: role.label(),
        hint: role.hint(),
        is_chosen: chosen == Some(role),
    };
    Role::ALL.into_iter().map(choice).collect()
}

fn waits(row: &InvitationRow) -> Waiting {
    Waiting {
        id: row.id.clone(),
        email: clean(&row.email),
        role: row.role.parse().map_or("", Role::label),
        by: clean(&row.made_by),
        until: wording::day(row.expires_at),
        is_reset: row.member.is_some(),
    }
}
