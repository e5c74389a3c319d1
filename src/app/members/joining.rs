//! How people come in for the first time, and come back when they forgot their
//! password: a link that works once, with a page on which they choose one. The
//! very first one needs no invitation: its link is good as long as nobody has
//! an account.

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::json;

use super::signing_in::{begin, new_session};
use super::{Browser, SignedIn, actor_of, check_password};
use crate::access::links::{Bound, LinkKeys, id_of};
use crate::access::roles::Role;
use crate::answers::Person;
use crate::app::links::check_person;
use crate::app::{App, FIRST_WORKSPACE, Refusal, random_id};
use crate::asking::{self, Words};
use crate::handoff::EventKind;
use crate::store::{self, Fault, Happening, InvitationRow, MemberRow, Tx};
use crate::wording;

/// How long the very first link is good: whoever starts the service is there.
const FIRST_LIVES: SignedDuration = SignedDuration::from_hours(24);
/// The id of the very first link, with its end in milliseconds after it.
const FIRST: &str = "first_";
/// What tokens of invitations are for.
const PURPOSE: &str = "join";

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// The first admin's account.
    First { until: Timestamp },
    /// The account of somebody who was invited.
    Invited(Box<InvitationRow>),
    /// A new password for somebody who is there.
    Reset(Box<InvitationRow>),
}

/// What somebody types who joins. Name and address count where the link does not know them.
#[derive(Debug)]
pub struct Joining {
    pub name: String,
    pub email: String,
    /// Not asked for where nobody signs in with one.
    pub password: SecretString,
}

/// What a token is compared with when there is no such invitation, so that it takes the same time.
const NOBODY: Bound<'static> =
    Bound { id: "", workspace: "", handoff: "", person: "", purpose: PURPOSE, expires_at: 0 };

fn bound(row: &InvitationRow) -> Bound<'_> {
    Bound {
        id: &row.id,
        workspace: row.workspace.as_str(),
        handoff: row.member.as_deref().unwrap_or_default(),
        person: &row.email,
        purpose: PURPOSE,
        expires_at: row.expires_at.as_millisecond(),
    }
}

fn bound_first(id: &str, until: Timestamp) -> Bound<'_> {
    Bound { id, workspace: FIRST_WORKSPACE, expires_at: until.as_millisecond(), ..NOBODY }
}

/// The token of an invitation. For the moment in which it is shown or mailed, never to be stored.
pub(super) fn token_of(keys: &LinkKeys, row: &InvitationRow) -> String {
    keys.token(&bound(row))
}

impl App {
    /// Where the first admin's account is made, as long as nobody has one.
    pub async fn first_link(&self) -> Result<Option<String>, Fault> {
        if store::has_members(&mut *self.store.reader().await?).await? {
            return Ok(None);
        }
        let until = self.now() + FIRST_LIVES;
        let id = format!("{FIRST}{}", until.as_millisecond());
        Ok(Some(format!("{}/setup/{}", self.settings.public_url(), self.link_keys.token(&bound_first(&id, until)))))
    }

    /// Whether anybody has an account.
    pub async fn has_members(&self) -> Result<bool, Fault> {
        store::has_members(&mut *self.store.reader().await?).await
    }

    /// What a link opens now. Changes nothing.
    pub async fn open_invitation(&self, token: &str) -> Result<Option<Opening>, Fault> {
        let (id, now) = (id_of(token).unwrap_or_default(), self.now());
        let mut reader = self.store.reader().await?;
        if let Some(until) = id.strip_prefix(FIRST) {
            let until = until.parse().ok().and_then(|until| Timestamp::from_millisecond(until).ok());
            let Some(until) = until else { return Ok(None) };
            let is_good = self.link_keys.is_token_of(token, &bound_first(id, until)) && until > now;
            let is_open = !store::has_members(&mut reader).await?;
            return Ok((is_good && is_open).then_some(Opening::First { until }));
        }
        let found = store::find_invitation(&mut reader, id).await?;
        let is_token = self.link_keys.is_token_of(token, &found.as_ref().map_or(NOBODY, bound));
        let row = found.filter(|row| is_token && row.lives(now));
        Ok(row.map(|row| match row.member {
            Some(_) => Opening::Reset(Box::new(row)),
            None => Opening::Invited(Box::new(row)),
        }))
    }

    /// Uses a link: the account is made, or has its new password, and its session begins. `None` when the link opens
    /// nothing any more.
    pub async fn join(&self, token: &str, joining: Joining, from: &Browser) -> Result<Option<SignedIn>, Refusal> {
        let Some(opening) = self.open_invitation(token).await? else { return Ok(None) };
        let has_passwords = self.settings.sign_in.passwords;
        if !has_passwords && matches!(opening, Opening::Invited(_)) {
            // They come by the provider, which uses their invitation up.
            return Ok(None);
        }
        let (name, email) = match &opening {
            Opening::First { .. } => (joining.name, joining.email),
            Opening::Invited(row) => (joining.name, row.email.clone()),
            Opening::Reset(row) => (row.name.clone().unwrap_or_default(), row.email.clone()),
        };
        let person = Person { name: name.trim().to_owned(), email: Some(email.trim().to_owned()) };
        let mut wrong = match (&opening, check_person(&person)) {
            (Opening::Reset(_), _) | (_, Ok(())) => Vec::new(),
            (_, Err(Refusal::Invalid(wrong))) => wrong,
            (_, Err(other)) => return Err(other),
        };
        let named = (person.name.as_str(), person.email.as_deref().unwrap_or_default());
        match if has_passwords { check_password(&joining.password, named) } else { Ok(()) } {
            Err(Refusal::Invalid(problems)) => wrong.extend(problems),
            Err(other) => return Err(other),
            Ok(()) => {}
        }
        if !wrong.is_empty() {
            return Err(Refusal::Invalid(wrong));
        }
        let password = match has_passwords {
            true => Some(self.hash_password(joining.password).await?),
            false => None,
        };
        let (from, now) = (from.clone(), self.now());
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { use_link(tx, opening, (person, password), &from, now).await }));
        write.await
    }

    /// The mail that brings an invitation; none when it opens nothing any more.
    pub(in crate::app) async fn words_of_invitation(&self, id: &str) -> Result<Option<Words>, Fault> {
        let found = store::find_invitation(&mut *self.store.background_reader().await?, id).await?;
        let Some(row) = found.filter(|row| row.lives(self.now())) else { return Ok(None) };
        let link = super::invitation_url(&self.settings, &self.link_keys, &row);
        Ok(Some(asking::write_invitation((&row.made_by, &row.role), &link, &wording::day(row.expires_at))))
    }
}

/// The link's use as one change: looked at again where nobody else writes, so that it works once.
async fn use_link(
    tx: &mut Tx<'_>,
    opening: Opening,
    (person, password): (Person, Option<String>),
    from: &Browser,
    now: Timestamp,
) -> Result<Option<SignedIn>, Refusal> {
    let (row, how) = match opening {
        Opening::First { .. } => {
            if store::has_members(tx.reading().await?).await? {
                return Ok(None);
            }
            let workspace = store::open_workspace(tx, FIRST_WORKSPACE, now).await?;
            (new_member(workspace, (person, Role::Admin.word()), password, now), "first")
        }
        Opening::Invited(invitation) => {
            if !store::end_invitation(tx, (&invitation.workspace, &invitation.id), now).await? {
                return Ok(None);
            }
            (new_member(invitation.workspace, (person, &invitation.role), password, now), "invitation")
        }
        Opening::Reset(invitation) => return use_reset(tx, *invitation, password, (from, now)).await,
    };
    match store::insert_member(tx, &row).await {
        Ok(()) => {}
        Err(Fault::Taken) => {
            return Err(Refusal::invalid("/email", "taken", "somebody has an account with this address"));
        }
        Err(fault) => return Err(fault.into()),
    }
    let detail = json!({"actor": actor_of(&row), "member": row.id, "what": {"how": how, "role": row.role}});
    let happening = Happening { kind: EventKind::MemberJoined, handoff: None, version: None, detail };
    store::append(tx, &row.workspace, &happening, now).await?;
    let (session, signed_in) = new_session(&row, from, now)?;
    begin(tx, (&row, &session), (how, None), now).await?;
    Ok(Some(signed_in))
}

/// A new password for somebody who is there: every session ends, and the second step with its telephone is let go.
async fn use_reset(
    tx: &mut Tx<'_>,
    invitation: InvitationRow,
    password: Option<String>,
    (from, now): (&Browser, Timestamp),
) -> Result<Option<SignedIn>, Refusal> {
    let member = invitation.member.as_deref().unwrap_or_default();
    let found = store::find_member(tx.reading().await?, member).await?;
    let found = found.filter(|row| row.workspace == invitation.workspace && row.disabled_at.is_none());
    let Some(row) = found else { return Ok(None) };
    if !store::end_invitation(tx, (&invitation.workspace, &invitation.id), now).await? {
        return Ok(None);
    }
    let row = MemberRow { password, code_secret: None, recovery: Vec::new(), ..row };
    store::save_member(tx, &row).await?;
    store::end_member_sessions(tx, (&row.workspace, &row.id), None).await?;
    super::signing_in::tell(tx, &row, EventKind::MemberSecured, json!({"password": "reset"}), now).await?;
    let (session, signed_in) = new_session(&row, from, now)?;
    begin(tx, (&row, &session), ("reset", None), now).await?;
    Ok(Some(signed_in))
}

fn new_member(
    workspace: store::Workspace,
    (person, role): (Person, &str),
    password: Option<String>,
    now: Timestamp,
) -> MemberRow {
    MemberRow {
        id: random_id("mbr_"),
        workspace,
        name: person.name,
        email: person.email.unwrap_or_default(),
        role: role.to_owned(),
        password,
        code_secret: None,
        code_step: 0,
        recovery: Vec::new(),
        created_at: now,
        disabled_at: None,
        team: None,
    }
}
