//! People who log in: who is here, what they may do, and how they are named in
//! the log of whatever they do. They act through the same operations as
//! programs with keys, so that nothing gets around the gate.

mod admitting;
mod joining;
mod leaving;
mod managing;
mod profile;
mod sessions;
mod signing_in;
mod used;
mod vouched;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{App, Asked, Asker, Once, Refusal, Render};
use crate::access::lockout::{Lockout, LockoutRules};
use crate::access::passwords;
use crate::access::roles::{Ability, Role};
use crate::handoff::Actor;
use crate::store::{self, Fault, MemberRow, Workspace};

pub use joining::{Joining, Opening};
pub use leaving::erase_member;
pub use managing::{Invite, disable_member, invitation_url, invite, list_members, reset_member, untie_member};
pub use profile::Offer;
pub use signing_in::{Credentials, SignIn};
pub(in crate::app) use used::Used;
pub use vouched::{Arrived, Away, Brought, NotIn};

/// Wrong passwords and codes of one address within a minute, which shut it for another one. Behind a proxy all people
/// share its address, so it is more than one of them mistypes.
const ADDRESS: LockoutRules = LockoutRules { failures: 30, window_seconds: 60, lock_seconds: 60, addresses: 10_000 };
/// Of one account: whoever knows the password still guesses no more than some forty codes of a million in an hour.
const ACCOUNT: LockoutRules =
    LockoutRules { failures: 10, window_seconds: 15 * 60, lock_seconds: 15 * 60, addresses: 10_000 };
/// Passwords hashed at the same time: each takes 19 MiB and a processor.
const PLACES: usize = 4;
/// How long somebody waits for a place before being asked to come again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a request comes from, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    pub address: IpAddr,
    /// In two words, such as `Firefox on Linux`.
    pub name: String,
}

/// A person who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// `mbr_…`.
    pub id: String,
    pub workspace: Workspace,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Whether they have a password of their own.
    pub has_password: bool,
    pub has_second_step: bool,
    /// Recovery codes that are left.
    pub recovery_codes: usize,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// The team they work in, by the name that routes have for it.
    pub team: Option<String>,
}

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub member: Member,
    /// `ses_…`, of this session.
    pub session: String,
    /// Of the cookie's secret.
    pub(super) hash: String,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// For the cookie; kept nowhere.
    pub secret: String,
    /// In seconds, for the cookie too.
    pub lives: i64,
}

impl Member {
    pub(super) fn of(row: &MemberRow) -> Result<Member, Fault> {
        let role = row.role.parse().map_err(|_| Fault::Damaged(format!("role of member {}", row.id)))?;
        Ok(Member {
            id: row.id.clone(),
            workspace: row.workspace.clone(),
            name: row.name.clone(),
            email: row.email.clone(),
            role,
            has_password: row.password.is_some(),
            has_second_step: row.code_secret.is_some(),
            recovery_codes: row.recovery.len(),
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            team: row.team.clone(),
        })
    }

    /// Who did something, as the log names them.
    pub fn actor(&self) -> Actor {
        Actor::Person { name: self.name.clone(), email: Some(self.email.clone()), key: self.id.clone() }
    }

    pub fn may(&self, ability: Ability) -> bool {
        self.role.may(ability)
    }
}

impl Visitor {
    pub fn actor(&self) -> Actor {
        self.member.actor()
    }

    /// For the operations that take whoever asks.
    pub fn asker(&self) -> Asker {
        Asker { workspace: self.member.workspace.clone(), actor: self.actor() }
    }

    /// For a change of a handoff: what keys ask for is asked for in the same way, and passes the same gate. Whether the
    /// visitor may ask is for the page to see first.
    pub fn asked(&self, once: Option<Once>, if_version: Option<i64>, render: Render) -> Asked {
        let Asker { workspace, actor } = self.asker();
        Asked { workspace, actor, once, signed: None, if_version, render }
    }
}

fn actor_of(row: &MemberRow) -> Actor {
    Actor::Person { name: row.name.clone(), email: Some(row.email.clone()), key: row.id.clone() }
}

/// What stands between guessers and passwords. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Gatehouse(Arc<Locks>);

#[derive(Debug)]
struct Locks {
    addresses: Lockout,
    accounts: Lockout,
    places: Arc<Semaphore>,
}

/// What a password or code that was typed came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    Right,
    /// Whether this one locked the account.
    Wrong {
        locks: bool,
    },
    Later {
        seconds: u32,
    },
}

impl Default for Gatehouse {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(PLACES));
        Gatehouse(Arc::new(Locks { addresses: Lockout::new(ADDRESS), accounts: Lockout::new(ACCOUNT), places }))
    }
}

impl Gatehouse {
    /// Seconds to wait for an account, or for whoever asks.
    fn wait(&self, (address, account): (Option<IpAddr>, &str), now: Timestamp) -> Option<u32> {
        let by_account = self.0.accounts.check_account(account, now).err();
        let by_address = address.and_then(|address| self.0.addresses.check(address, now).err());
        by_account.into_iter().chain(by_address).map(|locked| locked.retry_after_seconds).max()
    }

    /// Counts a wrong password or code; whether it locked the account.
    fn fail(&self, (address, account): (Option<IpAddr>, &str), now: Timestamp) -> bool {
        if let Some(address) = address {
            let _ = self.0.addresses.fail(address, now);
        }
        self.0.accounts.fail_account(account, now).unwrap_or_default()
    }

    /// The same for whoever brings no name of an account.
    fn wait_from(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        self.0.addresses.check(address, now).err().map(|locked| locked.retry_after_seconds)
    }

    fn fail_from(&self, address: IpAddr, now: Timestamp) {
        let _ = self.0.addresses.fail(address, now);
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let place = tokio::time::timeout(PATIENCE, self.0.places.clone().acquire_owned()).await;
        place.ok().and_then(Result::ok).ok_or(Refusal::Busy)
    }
}

/// By which an account is locked, also one that nobody has.
fn account_of(workspace: &str, email: &str) -> String {
    format!("{workspace}\n{}", store::same_email(email))
}

impl App {
    /// Compares a password and counts a wrong one, after as much work whether or not there is such an account. An address
    /// is none for somebody who is logged in already.
    async fn try_password(
        &self,
        (address, account): (Option<IpAddr>, &str),
        (given, kept): (SecretString, Option<String>),
    ) -> Result<Tried, Refusal> {
        let place = self.gatehouse.place().await?;
        // Asked after the wait for a place: whoever sends a thousand at once is locked among them.
        if let Some(seconds) = self.gatehouse.wait((address, account), self.now()) {
            return Ok(Tried::Later { seconds });
        }
        // The place is held by the work, whoever still waits for it, and until a wrong password is counted.
        let compared =
            tokio::task::spawn_blocking(move || (passwords::is_password(&given, kept.as_deref()), place)).await;
        let (is_right, _place) = compared.map_err(|error| Fault::Unusable(error.to_string()))?;
        if is_right {
            return Ok(Tried::Right);
        }
        Ok(Tried::Wrong { locks: self.gatehouse.fail((address, account), self.now()) })
    }

    /// The hash of a new password.
    async fn hash_password(&self, password: SecretString) -> Result<String, Refusal> {
        let place = self.gatehouse.place().await?;
        let hashed = tokio::task::spawn_blocking(move || {
            let _place = place;
            passwords::hash(&password)
        });
        let hashed = hashed.await.map_err(|error| Fault::Unusable(error.to_string()))?;
        Ok(hashed.map_err(|fault| Fault::Unusable(fault.to_string()))?)
    }
}

/// Whether a password may be chosen by this person.
fn check_password(password: &SecretString, (name, email): (&str, &str)) -> Result<(), Refusal> {
    use secrecy::ExposeSecret;
    let checked = passwords::check(password.expose_secret(), &[email, name]);
    checked.map_err(|unfit| Refusal::invalid("/password", "unfit", unfit.to_string()))
}
