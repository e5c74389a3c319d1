//! The pass that a transfer hands out: a signed statement that one version of
//! one handoff may move, for a short while. Whoever moves the work can check
//! it with the public keys alone. The heads of the audit log are signed the
//! same way, under another type.
//!
//! A pass tells only what was true when it was signed. Whether the handoff has
//! changed since is for the store to say.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::jws::{self, ALGORITHM, Header};
use super::primitives::{NoRandomness, hex, random};
use super::signing_keys::SigningKeys;

const PASS: &str = "baton-pass+jwt";
const HEAD: &str = "baton-audit-head+jwt";

/// No pass lives longer. With the end of a key's time to sign, this bounds what a stolen old key is good for.
pub const MOST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What a pass says. The names are those of RFC 7519 where it has one; times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The public address of the Baton that signed.
    pub iss: String,
    /// The handoff.
    pub sub: String,
    /// The sender's own name for it, such as `hubspot:deal:12345`.
    pub external_id: Option<String>,
    /// The workspace.
    pub ws: String,
    pub route: String,
    pub route_version: u32,
    /// The handoff's version.
    pub ver: u64,
    /// The digest of the brief that was judged.
    pub dig: String,
    pub iat: i64,
    /// From this second on the pass is dead.
    pub exp: i64,
    /// This pass's own name, random.
    pub jti: String,
    /// Whether it was forced by break-glass although something was open.
    pub bg: bool,
}

/// What a pass is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    pub handoff: String,
    pub external_id: Option<String>,
    pub workspace: String,
    pub route: String,
    pub route_version: u32,
    pub version: u64,
    pub digest: String,
    pub is_break_glass: bool,
}

impl Claims {
    /// Claims for a pass from `now` on; a life beyond [`MOST_LIFE`] is cut to it, which `exp` shows.
    pub fn issue(subject: Subject, now: Timestamp, life: SignedDuration) -> Result<Claims, NoRandomness> {
        let iat = now.as_second();
        Ok(Claims {
            iss: subject.issuer,
            sub: subject.handoff,
            external_id: subject.external_id,
            ws: subject.workspace,
            route: subject.route,
            route_version: subject.route_version,
            ver: subject.version,
            dig: subject.digest,
            iat,
            exp: iat.saturating_add(life.min(MOST_LIFE).as_secs()),
            jti: format!("pass_{}", hex(&random::<16>()?)),
            bg: subject.is_break_glass,
        })
    }

    /// When the pass ends.
    pub fn expires(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.exp).ok()
    }
}

/// The newest entry of a workspace's audit log, to be kept outside: with it, a log cut off at its end is found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The workspace.
    pub ws: String,
    /// The number of the entry.
    pub seq: u64,
    /// The entry's hash.
    pub hash: String,
    /// When it was signed, seconds since 1970.
    pub iat: i64,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassFault {
    /// Not by one of our keys, not for this purpose, or changed since.
    #[error("the signature is not one of ours")]
    BadSignature,
    #[error("it has expired")]
    Expired,
    /// Not the form of a token at all.
    #[error("it does not have the form of a signed token")]
    Malformed,
}

impl SigningKeys {
    /// Signs a pass with the newest key.
    pub fn sign(&self, claims: &Claims) -> String {
        self.sign_as(PASS, claims)
    }

    /// What a pass says, if it is ours, unchanged, and `now` is before its end.
    pub fn verify(&self, pass: &str, now: Timestamp) -> Result<Claims, PassFault> {
        let (claims, end): (Claims, _) = self.verify_as(PASS, pass)?;
        let life = claims.exp.saturating_sub(claims.iat);
        if end.is_some_and(|end| claims.iat > end) || life > MOST_LIFE.as_secs() {
            // Signed after its key was retired, or for longer than Baton ever does.
            return Err(PassFault::BadSignature);
        }
        if now.as_second() >= claims.exp { Err(PassFault::Expired) } else { Ok(claims) }
    }

    /// Signs the head of an audit log. It does not expire.
    pub fn sign_head(&self, head: &Head) -> String {
        self.sign_as(HEAD, head)
    }

    /// What a signed head says, if it is ours and unchanged.
    pub fn verify_head(&self, text: &str) -> Result<Head, PassFault> {
        let (head, end): (Head, _) = self.verify_as(HEAD, text)?;
        if end.is_some_and(|end| head.iat > end) { Err(PassFault::BadSignature) } else { Ok(head) }
    }

    pub(super) fn sign_as(&self, kind: &str, content: &impl Serialize) -> String {
        let (kid, key) = self.active();
        let header = Header { alg: ALGORITHM.into(), kid: kid.into(), typ: kind.into() };
        // Plain records of texts and numbers always have a JSON form.
        let json = |value: serde_json::Result<Vec<u8>>| value.unwrap_or_default();
        jws::write(&json(serde_json::to_vec(&header)), &json(serde_json::to_vec(content)), key)
    }

    /// The content, and the second after which its key was not to sign any more. The payload is
    /// not read before its signature is found good.
    pub(super) fn verify_as<T: for<'a> Deserialize<'a>>(
        &self,
        kind: &str,
        text: &str,
    ) -> Result<(T, Option<i64>), PassFault> {
        let token = jws::read(text).ok_or(PassFault::Malformed)?;
        if token.header.alg != ALGORITHM || token.header.typ != kind {
            return Err(PassFault::BadSignature);
        }
        let key = self.public(&token.header.kid).ok_or(PassFault::BadSignature)?;
        if !token.is_signed_by(key.bytes()) {
            return Err(PassFault::BadSignature);
        }
        let content = serde_json::from_slice(&token.payload).map_err(|_| PassFault::Malformed)?;
        Ok((content, key.last_second()))
    }
}
