//! From a key that was sent to what its holder may do. All reasons against a
//! key are one answer to its sender; the difference is for our own log.

use jiff::Timestamp;

use super::{KeyHash, KeyId, Mode, Presented, Scope, Scopes, matches};

/// What the holder of a key may do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub key: KeyId,
    /// The one workspace that the key sees.
    pub workspace: String,
    pub mode: Mode,
    pub scopes: Scopes,
    /// From this moment on the key is dead; `None` is never.
    pub expires: Option<Timestamp>,
}

/// The key is good, and may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key lacks the scope `{0}`")]
pub struct Lacking(pub Scope);

impl Grant {
    /// Refuses what the key was not given.
    pub fn require(&self, scope: Scope) -> Result<(), Lacking> {
        if self.scopes.contains(scope) { Ok(()) } else { Err(Lacking(scope)) }
    }
}

/// A key as it is kept.
#[derive(Debug, Clone)]
pub struct KeptKey {
    pub hash: KeyHash,
    pub grant: Grant,
    pub revoked: Option<Timestamp>,
}

/// Why a key opens nothing. For logs; its sender learns only that it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("no such key")]
    Unknown,
    #[error("the key has expired")]
    Expired,
    #[error("the key was revoked")]
    Revoked,
}

/// Judges a key that was sent against the one kept under its id, if there is one.
pub fn admit(presented: &Presented, kept: Option<&KeptKey>, now: Timestamp) -> Result<Grant, KeyFault> {
    // Compared first and always: whether a key is expired is told only to who holds it.
    let is_right = matches(presented, kept.map(|kept| &kept.hash));
    let kept = kept.filter(|_| is_right).ok_or(KeyFault::Unknown)?;
    if kept.revoked.is_some() {
        return Err(KeyFault::Revoked);
    }
    if kept.grant.expires.is_some_and(|end| now >= end) {
        return Err(KeyFault::Expired);
    }
    Ok(kept.grant.clone())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::super::{create, parse};
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_772_000_000, 0);
    const BEFORE: Timestamp = Timestamp::constant(1_771_999_999, 0);
    const LATER: Timestamp = Timestamp::constant(1_772_000_001, 0);

    /// A key sent at `NOW`, kept with this end and this revocation.
    fn check(expires: Option<Timestamp>, revoked: Option<Timestamp>, expected: Result<(), KeyFault>) {
        let key = create(Mode::Live).expect("a key");
        let scopes = [Scope::HandoffsRead].into_iter().collect();
        let grant = Grant { key: key.id.clone(), workspace: "ws_1".into(), mode: key.mode, scopes, expires };
        let kept = KeptKey { hash: key.hash.clone(), grant: grant.clone(), revoked };
        let presented = parse(key.text.expose_secret()).expect("the form");
        let admitted = admit(&presented, Some(&kept), NOW);
        assert_eq!(admitted.as_ref().map(|_| ()).map_err(|fault| *fault), expected);
        assert!(admitted.is_err() || admitted == Ok(grant));
        // Someone who only knows the id learns nothing of the key's state.
        let guess = parse(&format!("baton_live_{}_{}", key.id, "A".repeat(43))).expect("the form");
        assert_eq!(admit(&guess, Some(&kept), NOW), Err(KeyFault::Unknown));
        assert_eq!(admit(&presented, None, NOW), Err(KeyFault::Unknown));
    }

    #[test]
    fn only_living_keys_open() {
        check(None, None, Ok(()));
        check(Some(LATER), None, Ok(()));
        check(Some(NOW), None, Err(KeyFault::Expired));
        check(Some(BEFORE), None, Err(KeyFault::Expired));
        check(None, Some(BEFORE), Err(KeyFault::Revoked));
        // A clock set back does not bring a revoked key to life.
        check(Some(LATER), Some(LATER), Err(KeyFault::Revoked));
    }

    #[test]
    fn a_grant_opens_only_what_it_names() {
        let scopes: Scopes = "handoffs:write transfer".parse().expect("scopes");
        let key = "0123456789abcdef".parse().expect("an id");
        let grant = Grant { key, workspace: "ws_1".into(), mode: Mode::Live, scopes, expires: None };
        for scope in Scope::ALL {
            let expected = matches!(scope, Scope::HandoffsWrite | Scope::Transfer);
            assert_eq!(grant.require(scope), if expected { Ok(()) } else { Err(Lacking(scope)) });
        }
    }
}
