//! Signing in: the password, then the code of an authenticator app or a
//! recovery code where one is set up. A wrong address and a wrong password are
//! the same to whoever tries.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::admitting::{Admitted, Vouched, admit};
use super::vouched::{NotIn, refuse};
use super::{Browser, SignedIn, Tried, account_of, actor_of};
use crate::access::links::{hash_of, make_secret};
use crate::access::second_step::{CodeSecret, recovery_hash};
use crate::app::{App, Refusal, random_id};
use crate::handoff::EventKind;
use crate::store::{self, Fault, Happening, MemberRow, MemberSession, Tx};

/// A session ends when nobody came for half a day, and after a week in any case: long enough for a working day and for a
/// working week, and a computer that was left behind is safe on the next morning.
pub(super) const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
const SESSION_LIVES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a password that was right waits for its code.
pub(super) const CODE_WAITS: SignedDuration = SignedDuration::from_mins(10);
/// What a half-way sign-in is sealed for.
const PLACE: &str = "sign-in";

/// What somebody types to sign in.
#[derive(Debug)]
pub struct Credentials {
    pub workspace: String,
    pub email: String,
    pub password: SecretString,
}

/// What signing in came to.
#[derive(Debug)]
pub enum SignIn {
    In(SignedIn),
    /// The password was right, and a code is asked for: what the browser keeps until then.
    Code {
        pending: String,
        /// In seconds.
        lives: i64,
    },
    Wrong,
    /// Too many were wrong.
    Later {
        seconds: u32,
    },
    /// There is no password that waits for a code.
    Nobody,
    /// People sign in with the provider alone.
    Closed,
}

/// A password that was right, or a provider's word, that waits for its code.
#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    member: String,
    /// Milliseconds since 1970.
    at: i64,
    /// What the provider said; it counts once the code is proved.
    vouched: Option<Vouched>,
}

impl App {
    /// Begins a session, or asks for a code. `before` is the secret of the session that the browser had.
    pub async fn sign_in(&self, given: Credentials, from: &Browser, before: Option<&str>) -> Result<SignIn, Refusal> {
        if !self.settings.sign_in.passwords {
            return Ok(SignIn::Closed);
        }
        let account = account_of(&given.workspace, &given.email);
        let mut reader = self.store.reader().await?;
        let row = store::find_member_by_email(&mut reader, (&given.workspace, &given.email)).await?;
        drop(reader);
        let row = row.filter(|row| row.disabled_at.is_none());
        let kept = row.as_ref().and_then(|row| row.password.clone());
        match self.try_password((Some(from.address), &account), (given.password, kept)).await? {
            Tried::Later { seconds } => return Ok(SignIn::Later { seconds }),
            Tried::Wrong { locks } => {
                if let Some(row) = row.filter(|_| locks) {
                    self.tell_locked(row, from.address);
                }
                return Ok(SignIn::Wrong);
            }
            Tried::Right => {}
        }
        let Some(row) = row else { return Ok(SignIn::Wrong) };
        if row.code_secret.is_some() {
            return Ok(SignIn::Code { pending: self.pend(&row, None)?, lives: CODE_WAITS.as_secs() });
        }
        let (session, signed_in) = new_session(&row, from, self.now())?;
        let (before, now) = (before.map(hash_of), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                // Who was shut out, or given another password, a moment ago does not get in.
                let found = store::find_member(tx.reading().await?, &row.id).await?;
                if found.is_none_or(|found| found.disabled_at.is_some() || found.password != row.password) {
                    return Ok(SignIn::Wrong);
                }
                begin(tx, (&row, &session), ("password", before.as_deref()), now).await?;
                Ok::<_, Refusal>(SignIn::In(signed_in))
            })
        });
        write.await
    }

    /// Begins the session of a password that waits for its code.
    pub async fn prove_member(
        &self,
        pending: &str,
        typed: &str,
        from: &Browser,
        before: Option<&str>,
    ) -> Result<SignIn, Refusal> {
        let Some((row, vouched)) = self.pending_member(pending).await? else { return Ok(SignIn::Nobody) };
        let (Some(sealed), now) = (row.code_secret.clone(), self.now()) else { return Ok(SignIn::Nobody) };
        let secret = self.code_secret(&row.id, &sealed)?;
        let (session, signed_in) = new_session(&row, from, now)?;
        let (gatehouse, typed, address) = (self.gatehouse.clone(), plain(typed), from.address);
        let (before, account) = (before.map(hash_of), account_of(row.workspace.as_str(), &row.email));
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found = store::find_member(tx.reading().await?, &row.id).await?;
                let is_same = |found: &MemberRow| found.disabled_at.is_none() && found.password == row.password;
                let Some(mut row) = found.filter(|found| is_same(found) && found.code_secret == row.code_secret) else {
                    return Ok(SignIn::Nobody);
                };
                // Asked here, where one comes after the other: many at once are no more tries.
                if let Some(seconds) = gatehouse.wait((Some(address), &account), now) {
                    return Ok(SignIn::Later { seconds });
                }
                let Some(how) = use_code(&mut row, (&secret, &typed), now) else {
                    if gatehouse.fail((Some(address), &account), now) {
                        tell(tx, &row, EventKind::MemberLocked, json!({"address": address}), now).await?;
                    }
                    return Ok(SignIn::Wrong);
                };
                store::save_member(tx, &row).await?;
                if let Some(vouched) = &vouched
                    && let Err((why, member)) = still_vouched(tx, vouched, (&row, now)).await?
                {
                    refuse(tx, &vouched.workspace, (why, member.as_deref(), address), now).await?;
                    return Ok(SignIn::Nobody);
                }
                begin(tx, (&row, &session), (how, before.as_deref()), now).await?;
                Ok::<_, Refusal>(SignIn::In(signed_in))
            })
        });
        write.await
    }

    /// Whether a browser has a password that waits for its code.
    pub async fn is_pending(&self, pending: &str) -> Result<bool, Fault> {
        Ok(self.pending_member(pending).await?.is_some())
    }

    async fn pending_member(&self, pending: &str) -> Result<Option<(MemberRow, Option<Vouched>)>, Fault> {
        let Ok(text) = self.sealer.unseal(PLACE, pending) else { return Ok(None) };
        let Ok(pending) = serde_json::from_str::<Pending>(text.expose_secret()) else { return Ok(None) };
        let waits = self.now().as_millisecond() - pending.at;
        if !(0..CODE_WAITS.as_millis() as i64).contains(&waits) {
            return Ok(None);
        }
        let row = store::find_member(&mut *self.store.reader().await?, &pending.member).await?;
        let row = row.filter(|row| row.disabled_at.is_none() && row.code_secret.is_some());
        Ok(row.map(|row| (row, pending.vouched)))
    }

    pub(super) fn pend(&self, row: &MemberRow, vouched: Option<Vouched>) -> Result<String, Fault> {
        let pending = Pending { member: row.id.clone(), at: self.now().as_millisecond(), vouched };
        let sealed = self.sealer.seal(PLACE, &serde_json::to_string(&pending)?.into());
        sealed.map_err(|fault| Fault::Unusable(fault.to_string()))
    }

    /// What a member's authenticator app and we share.
    pub(super) fn code_secret(&self, member: &str, sealed: &str) -> Result<CodeSecret, Fault> {
        let damaged = || Fault::Damaged(format!("the second step of member {member}"));
        let text = self.sealer.unseal(&sealed_at(member), sealed).map_err(|_| damaged())?;
        CodeSecret::read(text.expose_secret()).ok_or_else(damaged)
    }

    /// Puts down that an account was locked, while whoever guesses is answered: the time tells nothing.
    fn tell_locked(&self, row: MemberRow, address: IpAddr) {
        let (writer, now) = (self.store.writer().clone(), self.now());
        tokio::spawn(async move {
            let write = writer.write(move |tx| {
                Box::pin(async move { tell(tx, &row, EventKind::MemberLocked, json!({"address": address}), now).await })
            });
            if let Err(fault) = write.await {
                tracing::warn!(%fault, "a lock could not be written down");
            }
        });
    }
}

/// Ties a member who proved their code to what the provider said of them; why not, if that does not hold any more.
async fn still_vouched(
    tx: &mut Tx<'_>,
    vouched: &Vouched,
    (row, now): (&MemberRow, Timestamp),
) -> Result<Result<(), (NotIn, Option<String>)>, Refusal> {
    Ok(match admit(tx, vouched, now).await? {
        Admitted::In(found) if found.id == row.id => Ok(()),
        // What they are known by there became another's meanwhile: nothing of this is written.
        Admitted::In(_) => return Err(Refusal::NotFound("member")),
        Admitted::Not(why, member) => Err((why, member)),
    })
}

/// The place that a member's sealed secret is bound to.
pub(super) fn sealed_at(member: &str) -> String {
    format!("members:{member}")
}

/// Uses a code of the app or a recovery code up; how it was proved.
pub(super) fn use_code(
    row: &mut MemberRow,
    (secret, typed): (&CodeSecret, &str),
    now: Timestamp,
) -> Option<&'static str> {
    if let Some(step) = secret.step_of(typed, now.as_second(), row.code_step) {
        row.code_step = step;
        return Some("code");
    }
    let hash = recovery_hash(typed);
    let place = row.recovery.iter().position(|kept| *kept == hash)?;
    row.recovery.remove(place);
    Some("recovery_code")
}

/// Without what people type between digits.
pub(super) fn plain(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{2011}')).collect()
}

/// A session that begins now, with its secret.
pub(super) fn new_session(row: &MemberRow, from: &Browser, now: Timestamp) -> Result<(MemberSession, SignedIn), Fault> {
    let secret = make_secret().map_err(|fault| Fault::Unusable(fault.to_string()))?;
    let session = MemberSession {
        hash: hash_of(&secret),
        id: random_id("ses_"),
        workspace: row.workspace.clone(),
        member: row.id.clone(),
        created_at: now,
        seen_at: now,
        expires_at: now + SESSION_LIVES,
        address: from.address.to_canonical().to_string(),
        browser: from.name.clone(),
    };
    Ok((session, SignedIn { secret, lives: SESSION_LIVES.as_secs() }))
}

/// Writes a new session down, in place of the one that the browser had; `how` says what was proved.
pub(super) async fn begin(
    tx: &mut Tx<'_>,
    (row, session): (&MemberRow, &MemberSession),
    (how, before): (&str, Option<&str>),
    now: Timestamp,
) -> Result<(), Fault> {
    if let Some(before) = before {
        store::end_member_session(tx, before).await?;
    }
    store::insert_member_session(tx, session).await?;
    let what = json!({"how": how, "session": session.id, "address": session.address, "browser": session.browser});
    tell(tx, row, EventKind::MemberSignedIn, what, now).await
}

/// The entry in the log of what a member did to their own account, or what befell it.
pub(super) async fn tell(
    tx: &mut Tx<'_>,
    row: &MemberRow,
    kind: EventKind,
    what: serde_json::Value,
    now: Timestamp,
) -> Result<(), Fault> {
    let actor = match kind {
        // Whoever guessed it was, it need not have been them.
        EventKind::MemberLocked => crate::handoff::Actor::Baton,
        _ => actor_of(row),
    };
    let detail = json!({"actor": actor, "member": row.id, "what": what});
    let happening = Happening { kind, handoff: None, version: None, detail };
    store::append(tx, &row.workspace, &happening, now).await.map(drop)
}
