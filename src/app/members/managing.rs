//! Looking after the people who log in: inviting them, what they may do,
//! shutting them out, and a way back in. There is always one admin left.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::joining::token_of;
use super::{Member, Visitor};
use crate::access::links::LinkKeys;
use crate::access::roles::Role;
use crate::app::{App, Asker, Refusal, TEST_ENDING, random_id};
use crate::asking::is_address;
use crate::config::Settings;
use crate::handoff::{Actor, EventKind};
use crate::store::{self, Fault, Happening, InvitationRow, MemberRow, NewSlip, SlipAbout, Store, Tx};

/// How long an invitation is good: a week, since people are away.
const INVITATION_LIVES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// And a link for a new password: whoever asked for it waits.
const RESET_LIVES: SignedDuration = SignedDuration::from_hours(24);
/// Invitations that ended are kept for this long, for whoever wonders why one opens nothing.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Invite {
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
    /// Whether the link is mailed besides.
    pub is_mailed: bool,
}

/// Where an invitation leads. For the moment in which it is shown or mailed, never to be stored.
pub fn invitation_url(settings: &Settings, keys: &LinkKeys, row: &InvitationRow) -> String {
    format!("{}/setup/{}", settings.public_url(), token_of(keys, row))
}

/// Makes an invitation, in place of an earlier one to the same address.
pub async fn invite(store: &Store, asker: Asker, wanted: Invite, now: Timestamp) -> Result<InvitationRow, Refusal> {
    let email = wanted.email.trim().to_owned();
    if !is_address(&email) {
        return Err(Refusal::invalid("/email", "invalid", "write one address, such as dana@acme.example"));
    }
    let invitation = InvitationRow {
        id: random_id("inv_"),
        workspace: asker.workspace.clone(),
        member: None,
        email,
        name: wanted.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
        role: wanted.role.word().to_owned(),
        made_by: name_of(&asker.actor),
        created_at: now,
        expires_at: now + INVITATION_LIVES,
        ended_at: None,
    };
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let who = (invitation.workspace.as_str(), invitation.email.as_str());
            if store::find_member_by_email(tx.reading().await?, who).await?.is_some() {
                return Err(Refusal::invalid("/email", "taken", "somebody has an account with this address"));
            }
            store::insert_invitation(tx, &invitation, now - KEPT).await?;
            if wanted.is_mailed && !invitation.workspace.as_str().ends_with(TEST_ENDING) {
                mail(tx, &invitation, now).await?;
            }
            let detail = json!({"actor": asker.actor, "invitation": invitation.id, "what": {"role": invitation.role}});
            note(tx, &invitation.workspace, (EventKind::MemberInvited, detail), now).await?;
            Ok::<_, Refusal>(invitation)
        })
    });
    write.await
}

/// Makes a link by which a member gets a new password, in place of an earlier one. Nothing else changes until it is used.
pub async fn reset_member(store: &Store, asker: Asker, id: String, now: Timestamp) -> Result<InvitationRow, Refusal> {
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let row = own(tx, &asker, &id).await?;
            if row.disabled_at.is_some() {
                return Err(Refusal::invalid("/member", "disabled", "they are shut out; let them in again first"));
            }
            let reset = InvitationRow {
                id: random_id("inv_"),
                workspace: row.workspace.clone(),
                member: Some(row.id.clone()),
                email: row.email.clone(),
                name: Some(row.name.clone()),
                role: row.role.clone(),
                made_by: name_of(&asker.actor),
                created_at: now,
                expires_at: now + RESET_LIVES,
                ended_at: None,
            };
            store::insert_invitation(tx, &reset, now - KEPT).await?;
            let detail = json!({"actor": asker.actor, "member": row.id, "invitation": reset.id});
            note(tx, &row.workspace, (EventKind::MemberReset, detail), now).await?;
            Ok::<_, Refusal>(reset)
        })
    });
    write.await
}

/// Unties a member from what identity providers know them by: by their address they can be tied anew.
pub async fn untie_member(store: &Store, asker: Asker, id: String, now: Timestamp) -> Result<(), Refusal> {
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let row = own(tx, &asker, &id).await?;
            if store::drop_identities(tx, (&row.workspace, &row.id)).await? > 0 {
                let detail = json!({"actor": asker.actor, "member": row.id, "what": {"untied": true}});
                note(tx, &row.workspace, (EventKind::MemberLinked, detail), now).await?;
                // Whoever was tied wrongly is not left in.
                store::end_member_sessions(tx, (&row.workspace, &row.id), None).await?;
            }
            Ok::<_, Refusal>(())
        })
    });
    write.await
}

/// Shuts a member out, with all their sessions, or lets them in again.
pub async fn disable_member(
    store: &Store,
    asker: Asker,
    (id, is_out): (String, bool),
    now: Timestamp,
) -> Result<(), Refusal> {
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let row = own(tx, &asker, &id).await?;
            if row.disabled_at.is_some() == is_out {
                return Ok(());
            }
            if is_out {
                keep_an_admin(tx, &row).await?;
            }
            let row = MemberRow { disabled_at: is_out.then_some(now), ..row };
            store::save_member(tx, &row).await?;
            if is_out {
                store::end_member_sessions(tx, (&row.workspace, &row.id), None).await?;
                store::end_resets(tx, (&row.workspace, &row.id), now).await?;
            }
            let kind = if is_out { EventKind::MemberDisabled } else { EventKind::MemberEnabled };
            let detail = json!({"actor": asker.actor, "member": row.id});
            note(tx, &row.workspace, (kind, detail), now).await?;
            Ok::<_, Refusal>(())
        })
    });
    write.await
}

/// Everybody of every workspace.
pub async fn list_members(store: &Store) -> Result<Vec<Member>, Fault> {
    let mut reader = store.reader().await?;
    let mut all = Vec::new();
    for workspace in store::list_workspaces(&mut reader).await? {
        for row in store::list_members(&mut reader, &workspace).await? {
            all.push(Member::of(&row)?);
        }
    }
    Ok(all)
}

impl App {
    /// Everybody of the visitor's workspace, and the invitations that wait.
    pub async fn members(&self, visitor: &Visitor) -> Result<(Vec<Member>, Vec<InvitationRow>), Fault> {
        let workspace = &visitor.member.workspace;
        let mut reader = self.store.reader().await?;
        let rows = store::list_members(&mut reader, workspace).await?;
        let waiting = store::list_invitations(&mut reader, workspace, self.now()).await?;
        Ok((rows.iter().map(Member::of).collect::<Result<_, _>>()?, waiting))
    }

    /// Invites somebody, by mail too where mail is set up; the link, to be shown once, and whether it is mailed.
    pub async fn invite_member(&self, visitor: &Visitor, wanted: Invite) -> Result<(InvitationRow, String), Refusal> {
        let wanted = Invite { is_mailed: wanted.is_mailed && self.settings.mail.url.is_some(), ..wanted };
        let row = invite(&self.store, visitor.asker(), wanted, self.now()).await?;
        let url = invitation_url(&self.settings, &self.link_keys, &row);
        Ok((row, url))
    }

    /// Ends an invitation before it is used.
    pub async fn withdraw_invitation(&self, visitor: &Visitor, id: &str) -> Result<(), Refusal> {
        let (asker, id, now) = (visitor.asker(), id.to_owned(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                if !store::end_invitation(tx, (&asker.workspace, &id), now).await? {
                    return Err(Refusal::NotFound("invitation"));
                }
                let detail = json!({"actor": asker.actor, "invitation": id, "what": {"withdrawn": true}});
                note(tx, &asker.workspace, (EventKind::MemberInvited, detail), now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }

    /// Makes a link by which a member gets a new password; it is to be shown once.
    pub async fn reset_member(&self, visitor: &Visitor, id: &str) -> Result<(InvitationRow, String), Refusal> {
        if !self.settings.sign_in.passwords {
            let why = "people sign in with the company account here; `baton members reset` prints a way in";
            return Err(Refusal::invalid("/member", "no_passwords", why));
        }
        let row = reset_member(&self.store, visitor.asker(), id.to_owned(), self.now()).await?;
        let url = invitation_url(&self.settings, &self.link_keys, &row);
        Ok((row, url))
    }

    /// Shuts a member out, or lets them in again.
    pub async fn disable_member(&self, visitor: &Visitor, (id, is_out): (&str, bool)) -> Result<(), Refusal> {
        disable_member(&self.store, visitor.asker(), (id.to_owned(), is_out), self.now()).await
    }

    /// Gives a member another role; what they may do changes at once.
    pub async fn change_role(&self, visitor: &Visitor, (id, role): (&str, Role)) -> Result<(), Refusal> {
        let (asker, id, now) = (visitor.asker(), id.to_owned(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let row = own(tx, &asker, &id).await?;
                if row.role == role.word() {
                    return Ok(());
                }
                keep_an_admin(tx, &row).await?;
                let what = json!({"role": {"from": row.role, "to": role.word()}});
                let row = MemberRow { role: role.word().to_owned(), ..row };
                store::save_member(tx, &row).await?;
                let detail = json!({"actor": asker.actor, "member": row.id, "what": what});
                note(tx, &row.workspace, (EventKind::MemberChanged, detail), now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }
}

/// A member of the asker's own workspace.
pub(super) async fn own(tx: &mut Tx<'_>, asker: &Asker, id: &str) -> Result<MemberRow, Refusal> {
    let found = store::find_member(tx.reading().await?, id).await?;
    found.filter(|row| row.workspace == asker.workspace).ok_or(Refusal::NotFound("member"))
}

/// Refuses to lose the last one who can let others in.
pub(super) async fn keep_an_admin(tx: &mut Tx<'_>, row: &MemberRow) -> Result<(), Refusal> {
    let is_admin = |row: &MemberRow| row.role == Role::Admin.word() && row.disabled_at.is_none();
    let all = store::list_members(tx.reading().await?, &row.workspace).await?;
    if is_admin(row) && !all.iter().any(|other| other.id != row.id && is_admin(other)) {
        let why = "they are the only admin; make somebody else one first";
        return Err(Refusal::invalid("/member", "last_admin", why));
    }
    Ok(())
}

/// Has an invitation mailed; an earlier one to the same address that has not left is good for nothing any more.
async fn mail(tx: &mut Tx<'_>, row: &InvitationRow, now: Timestamp) -> Result<(), Fault> {
    let topic = format!("invitation:{}", store::same_email(&row.email));
    store::drop_slips(tx, &row.workspace, &topic).await?;
    let slip = NewSlip {
        id: random_id("slp_"),
        handoff: None,
        about: SlipAbout::Invitation { invitation: row.id.clone() },
        topic,
        email: row.email.clone(),
        name: row.name.clone(),
        next_at: now,
    };
    store::add_slip(tx, &row.workspace, &slip, now).await
}

pub(super) async fn note(
    tx: &mut Tx<'_>,
    workspace: &store::Workspace,
    (kind, detail): (EventKind, Json),
    now: Timestamp,
) -> Result<(), Fault> {
    let happening = Happening { kind, handoff: None, version: None, detail };
    store::append(tx, workspace, &happening, now).await.map(drop)
}

fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::Person { name, .. } => name.clone(),
        Actor::Key { .. } | Actor::Baton => "Whoever runs Baton".to_owned(),
    }
}
