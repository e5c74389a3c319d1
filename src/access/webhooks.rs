//! Signing and verifying by the Standard Webhooks specification, version 1.0.0
//! (`standard-webhooks/standard-webhooks`, `spec/standard-webhooks.md`): an
//! HMAC-SHA256 over the message's id, the time of this attempt and the body.
//!
//! We sign what we send with it, and verify callers for whom a secret is set.

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::primitives::{NoRandomness, base64, from_base64, hmac_key, is_hmac, random, sign_hmac};
use super::signatures::{SignatureFault, digits, is_fresh, single};

pub const ID: &str = "webhook-id";
pub const TIMESTAMP: &str = "webhook-timestamp";
pub const SIGNATURE: &str = "webhook-signature";

/// After a rotation, messages carry the old secret's signature too for so long.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Old secrets at one time; the oldest goes first.
const MOST_OLD: usize = 10;
/// Signatures in a header that are tried. More than any sender's rotation needs.
const MOST_SIGNATURES: usize = MOST_OLD + 6;
const PREFIX: &str = "whsec_";
const LEAST_BYTES: usize = 24;
const MOST_BYTES: usize = 64;

/// A text that is no secret of this specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a webhook secret is `whsec_` and the base64 of 24 to 64 bytes")]
pub struct NoSecret;

/// One secret, shared by a sender and a receiver.
#[derive(Clone)]
pub struct Secret(ring::hmac::Key);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl Secret {
    /// Makes a secret of 32 bytes; the text is for the receiver and for keeping.
    pub fn create() -> Result<(Secret, SecretString), NoRandomness> {
        let bytes = random::<32>()?;
        Ok((Secret(hmac_key(&bytes)), SecretString::from(format!("{PREFIX}{}", base64(&bytes)))))
    }

    /// Reads a secret; some senders show theirs without the prefix.
    pub fn parse(text: &SecretString) -> Result<Secret, NoSecret> {
        let text = text.expose_secret().trim();
        let bytes = from_base64(text.strip_prefix(PREFIX).unwrap_or(text)).ok_or(NoSecret)?;
        if (LEAST_BYTES..=MOST_BYTES).contains(&bytes.len()) { Ok(Secret(hmac_key(&bytes))) } else { Err(NoSecret) }
    }
}

/// The secret in force, and those before it that still count.
#[derive(Debug, Clone)]
pub struct Secrets {
    current: Secret,
    /// Each with the moment from which it is dead; newest first.
    old: Vec<(Secret, Timestamp)>,
}

impl Secrets {
    pub fn new(current: Secret) -> Secrets {
        Secrets { current, old: Vec::new() }
    }

    /// Adds a secret from before, which counts until `end`. To be called from the newest to the oldest.
    pub fn with_old(mut self, secret: Secret, end: Timestamp) -> Secrets {
        self.old.push((secret, end));
        self.old.truncate(MOST_OLD);
        self
    }

    /// Puts a new secret in force; the one so far counts for [`OVERLAP`] longer.
    pub fn rotate(&mut self, new: Secret, now: Timestamp) {
        let end = now.saturating_add(OVERLAP).unwrap_or(now);
        let last = std::mem::replace(&mut self.current, new);
        self.old.retain(|(_, end)| now < *end);
        self.old.insert(0, (last, end));
        self.old.truncate(MOST_OLD);
    }

    /// Those that count now, newest first.
    fn in_force(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let old = self.old.iter().filter(move |(_, end)| now < *end).map(|(secret, _)| secret);
        std::iter::once(&self.current).chain(old)
    }
}

/// The three headers of a signed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// [`ID`]: the same for every attempt.
    pub id: String,
    /// [`TIMESTAMP`]: this attempt's time, in seconds.
    pub timestamp: String,
    /// [`SIGNATURE`]: one for each secret in force, newest first.
    pub signature: String,
}

/// The id is empty, or holds what could shift the border between id and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message id is visible letters without a full stop")]
pub struct WrongId;

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.')
}

/// Signs one attempt to send a message.
pub fn sign(id: &str, body: &[u8], secrets: &Secrets, now: Timestamp) -> Result<Headers, WrongId> {
    if !is_id(id) {
        return Err(WrongId);
    }
    let timestamp = now.as_second().to_string();
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let signatures =
        secrets.in_force(now).map(|secret| format!("v1,{}", base64(sign_hmac(&secret.0, &parts).as_ref())));
    let signature = signatures.collect::<Vec<_>>().join(" ");
    Ok(Headers { id: id.to_owned(), timestamp, signature })
}

/// Verifies a message: one good signature by any secret in force is enough.
pub fn verify(headers: &HeaderMap, body: &[u8], secrets: &Secrets, now: Timestamp) -> Result<(), SignatureFault> {
    let id = single(headers, ID)?;
    if !is_id(id) {
        return Err(SignatureFault::Unreadable(ID));
    }
    let timestamp = single(headers, TIMESTAMP)?;
    let signed_ms = digits(timestamp, TIMESTAMP)?.saturating_mul(1000);
    let signature = single(headers, SIGNATURE)?;
    is_fresh(signed_ms, now)?;
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    // Other versions, such as `v1a` with a public key, are left alone.
    let tags = signature.split(' ').take(MOST_SIGNATURES).filter_map(|one| one.strip_prefix("v1,"));
    let tags: Vec<Vec<u8>> = tags.filter_map(from_base64).collect();
    let mut is_good = false;
    for secret in secrets.in_force(now) {
        for tag in &tags {
            is_good |= is_hmac(&secret.0, &parts, tag);
        }
    }
    if is_good { Ok(()) } else { Err(SignatureFault::Wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_614_265_330, 0);
    const ID_SENT: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn secret(text: &str) -> Result<Secret, NoSecret> {
        Secret::parse(&SecretString::from(text))
    }

    fn known() -> Secret {
        secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret")
    }

    fn header_map(headers: &Headers) -> HeaderMap {
        let pairs = [(ID, &headers.id), (TIMESTAMP, &headers.timestamp), (SIGNATURE, &headers.signature)];
        pairs
            .into_iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn the_public_vector_comes_out() {
        let headers = sign(ID_SENT, BODY, &Secrets::new(known()), NOW).expect("an id");
        let expected = Headers {
            id: ID_SENT.into(),
            timestamp: "1614265330".into(),
            signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".into(),
        };
        assert_eq!(headers, expected);
        assert_eq!(verify(&header_map(&headers), BODY, &Secrets::new(known()), NOW), Ok(()));
    }

    #[test]
    fn secrets_have_the_form_of_the_specification() {
        let check = |text: &str, expected: bool| assert_eq!(secret(text).is_ok(), expected, "{text}");
        check("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true);
        check("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true);
        check(&format!("whsec_{}", base64(&[7; 64])), true);
        check(&format!("whsec_{}", base64(&[7; 65])), false);
        check(&format!("whsec_{}", base64(&[7; 23])), false);
        check("whsec_", false);
        check("", false);
        check("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false);
        let (made, text) = Secret::create().expect("a secret");
        let again = Secret::parse(&text).expect("the form");
        let signed = |secret: &Secret| sign(ID_SENT, BODY, &Secrets::new(secret.clone()), NOW);
        assert_eq!(signed(&made), signed(&again));
        assert_ne!(signed(&made), signed(&known()));
    }

    #[test]
    fn ids_cannot_shift_the_border() {
        for wrong in ["", "msg.1", "msg 1", "msg\n1", "mśg"] {
            assert_eq!(sign(wrong, BODY, &Secrets::new(known()), NOW), Err(WrongId), "{wrong}");
        }
    }

    #[test]
    fn a_rotated_secret_counts_for_a_day() {
        let mut secrets = Secrets::new(known());
        let (new, _) = Secret::create().expect("a secret");
        secrets.rotate(new.clone(), NOW);
        let check = |hours: i64, signatures: usize, is_old_good: bool| {
            let then = NOW.saturating_add(SignedDuration::from_hours(hours)).expect("a time");
            let headers = sign(ID_SENT, BODY, &secrets, then).expect("an id");
            assert_eq!(headers.signature.split(' ').count(), signatures, "after {hours} h");
            let verified = |secret: Secret| verify(&header_map(&headers), BODY, &Secrets::new(secret), then).is_ok();
            assert!(verified(new.clone()), "after {hours} h");
            assert_eq!(verified(known()), is_old_good, "after {hours} h");
            // What the old secret signs is believed for as long.
            let by_old = sign(ID_SENT, BODY, &Secrets::new(known()), then).expect("an id");
            assert_eq!(verify(&header_map(&by_old), BODY, &secrets, then).is_ok(), is_old_good, "after {hours} h");
        };
        check(0, 2, true);
        check(23, 2, true);
        check(24, 1, false);
        let ends = NOW.saturating_add(OVERLAP).expect("a time");
        let many = (0..20).fold(Secrets::new(new), |secrets, _| secrets.with_old(known(), ends));
        assert_eq!(sign(ID_SENT, BODY, &many, NOW).expect("an id").signature.split(' ').count(), 11);
    }
}
