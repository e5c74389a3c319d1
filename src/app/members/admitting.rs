//! Whom an identity provider vouches for, as a member: tied to what the provider
//! knows them by, which stays when their address changes. An address ties
//! somebody once, and only one that the provider says is theirs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actor_of;
use super::managing::{keep_an_admin, note};
use super::vouched::NotIn;
use crate::access::roles::Role;
use crate::answers::Person;
use crate::app::links::check_person;
use crate::app::{Refusal, random_id};
use crate::asking::is_address;
use crate::config::GivenRole;
use crate::handoff::{Actor, EventKind};
use crate::store::{self, Fault, InvitationRow, MemberRow, Tx, Workspace};

/// Whom a provider vouches for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Vouched {
    pub workspace: String,
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    /// Whether it says that the address is theirs.
    pub is_verified: bool,
    /// Whether people of this domain may come in.
    pub is_taken: bool,
    pub name: Option<String>,
    /// What the provider makes them, where it decides that; none in it when it makes them nothing.
    pub said: Option<Option<GivenRole>>,
    /// What whoever is unknown becomes.
    pub new_role: Option<GivenRole>,
}

/// What looking for them came to. Where they are not let in, nothing was written.
#[derive(Debug)]
pub(super) enum Admitted {
    In(Box<MemberRow>),
    /// Why, and who it would have been.
    Not(NotIn, Option<String>),
}

/// Finds, ties or makes the member.
pub(super) async fn admit(tx: &mut Tx<'_>, who: &Vouched, now: Timestamp) -> Result<Admitted, Refusal> {
    let workspace = store::open_workspace(tx, &who.workspace, now).await?;
    let known_as = (who.issuer.as_str(), who.subject.as_str());
    if let Some(id) = store::find_identity(tx.reading().await?, &workspace, known_as).await? {
        let found = store::find_member(tx.reading().await?, &id).await?;
        let row = found.ok_or_else(|| Fault::Damaged(format!("the identity of member {id}")))?;
        let why = stands_against(&row, who).or((!who.is_taken).then_some(NotIn::Foreign));
        return match why {
            Some(why) => Ok(Admitted::Not(why, Some(row.id))),
            None => Ok(Admitted::In(Box::new(take_role(tx, row, who, now).await?))),
        };
    }
    let email = match &who.email {
        // Letters that look alike fold into one another: nobody is tied by them.
        Some(email) if who.is_verified && is_address(email) && email.is_ascii() => email.as_str(),
        _ => return Ok(Admitted::Not(NotIn::Unverified, None)),
    };
    if !who.is_taken {
        return Ok(Admitted::Not(NotIn::Foreign, None));
    }
    match store::find_member_by_email(tx.reading().await?, (workspace.as_str(), email)).await? {
        Some(row) => tie(tx, row, who, now).await,
        None => make(tx, (workspace, email), who, now).await,
    }
}

/// Why an account stays shut, if it does.
fn stands_against(row: &MemberRow, who: &Vouched) -> Option<NotIn> {
    match who.said {
        _ if row.disabled_at.is_some() => Some(NotIn::Disabled),
        Some(None) => Some(NotIn::NoRole),
        _ => None,
    }
}

/// Somebody who has an account already.
async fn tie(tx: &mut Tx<'_>, row: MemberRow, who: &Vouched, now: Timestamp) -> Result<Admitted, Refusal> {
    if let Some(why) = stands_against(&row, who) {
        return Ok(Admitted::Not(why, Some(row.id)));
    }
    // The address was given to somebody else there: they do not come into this one's account.
    if store::has_identity(tx.reading().await?, (&row.workspace, &row.id), &who.issuer).await? {
        return Ok(Admitted::Not(NotIn::Taken, Some(row.id)));
    }
    link(tx, &row, who, now).await?;
    Ok(Admitted::In(Box::new(take_role(tx, row, who, now).await?)))
}

/// Somebody who is new: invited, given a role by the provider, or whoever comes where that is allowed.
async fn make(
    tx: &mut Tx<'_>,
    (workspace, email): (Workspace, &str),
    who: &Vouched,
    now: Timestamp,
) -> Result<Admitted, Refusal> {
    let invitation = store::find_open_invitation(tx.reading().await?, (&workspace, email), now).await?;
    let role = match (who.said, &invitation) {
        (Some(None), _) => return Ok(Admitted::Not(NotIn::NoRole, None)),
        (Some(Some(role)), _) => role.word().to_owned(),
        (None, Some(invitation)) => invitation.role.clone(),
        (None, None) => match who.new_role {
            Some(role) => role.word().to_owned(),
            None => return Ok(Admitted::Not(NotIn::Unknown, None)),
        },
    };
    if role != Role::Admin.word() && !store::has_members(tx.reading().await?).await? {
        return Ok(Admitted::Not(NotIn::NoAdmin, None));
    }
    let row = MemberRow {
        id: random_id("mbr_"),
        workspace,
        name: name_of(who, invitation.as_ref(), email),
        email: email.to_owned(),
        role,
        password: None,
        code_secret: None,
        code_step: 0,
        recovery: Vec::new(),
        created_at: now,
        disabled_at: None,
        team: None,
    };
    store::insert_member(tx, &row).await?;
    if let Some(invitation) = &invitation {
        store::end_invitation(tx, (&row.workspace, &invitation.id), now).await?;
    }
    let how = if invitation.is_some() { "invitation" } else { "provider" };
    let detail = json!({"actor": actor_of(&row), "member": row.id, "what": {"how": how, "role": row.role}});
    note(tx, &row.workspace, (EventKind::MemberJoined, detail), now).await?;
    link(tx, &row, who, now).await?;
    Ok(Admitted::In(Box::new(row)))
}

/// What they are called: as the provider says, as they were invited, or by their address.
fn name_of(who: &Vouched, invitation: Option<&InvitationRow>, email: &str) -> String {
    let is_name = |name: &String| check_person(&Person { name: name.clone(), email: None }).is_ok();
    let invited = invitation.and_then(|invitation| invitation.name.clone());
    let found = who.name.clone().into_iter().chain(invited).find(is_name);
    found.unwrap_or_else(|| email.split('@').next().unwrap_or(email).to_owned())
}

async fn link(tx: &mut Tx<'_>, row: &MemberRow, who: &Vouched, now: Timestamp) -> Result<(), Refusal> {
    let identity = (who.issuer.as_str(), who.subject.as_str());
    store::insert_identity(tx, (&row.workspace, &row.id), identity, now).await?;
    let detail = json!({"actor": actor_of(row), "member": row.id, "what": {"issuer": who.issuer}});
    Ok(note(tx, &row.workspace, (EventKind::MemberLinked, detail), now).await?)
}

/// Gives them the role that the provider says, where it decides that; the last admin stays one.
async fn take_role(tx: &mut Tx<'_>, row: MemberRow, who: &Vouched, now: Timestamp) -> Result<MemberRow, Refusal> {
    let Some(Some(role)) = who.said else { return Ok(row) };
    if row.role == role.word() {
        return Ok(row);
    }
    match keep_an_admin(tx, &row).await {
        Ok(()) => {}
        Err(Refusal::Invalid(_)) => return Ok(row),
        Err(other) => return Err(other),
    }
    let what = json!({"role": {"from": row.role, "to": role.word()}, "how": "provider"});
    let row = MemberRow { role: role.word().to_owned(), ..row };
    store::save_member(tx, &row).await?;
    let detail = json!({"actor": Actor::Baton, "member": row.id, "what": what});
    note(tx, &row.workspace, (EventKind::MemberChanged, detail), now).await?;
    Ok(row)
}
