//! What an identity provider signs to say who somebody is: ID tokens of OpenID
//! Connect, and the proof that the browser that comes back is the one that was
//! sent away (PKCE).
//!
//! A token is believed only when a published key of the provider signed it, with
//! an algorithm of two different keys, for us, now, and for the very question
//! that we asked. Nothing is taken from its header but which key to try.

mod claims;
mod keys;

use jiff::Timestamp;
use ring::digest;
use serde::Deserialize;

use super::primitives::{base64url, from_base64url, is_same, sha256};

pub use claims::Claims;
pub use keys::{Algorithm, KeySet, NoKeys};

/// Longer tokens are not looked at; one with hundreds of groups has some ten thousand letters.
const MOST_LETTERS: usize = 64 * 1024;
/// How far the provider's clock and ours may be apart.
const DRIFT_SECONDS: i64 = 60;

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    /// Of the question that was asked.
    pub nonce: &'a str,
    /// What came with it.
    pub access_token: Option<&'a str>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("no_token")]
    NoToken,
    #[error("algorithm")]
    Algorithm,
    /// No published key has the name that it names.
    #[error("unknown_key")]
    UnknownKey,
    #[error("signature")]
    Signature,
    #[error("claims")]
    Claims,
    #[error("issuer")]
    Issuer,
    #[error("audience")]
    Audience,
    #[error("expired")]
    Expired,
    #[error("not_yet")]
    NotYet,
    #[error("nonce")]
    Nonce,
    #[error("access_token")]
    AccessToken,
}

/// What is read of a header. Keys and addresses of keys in it are not looked at.
#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood; nothing of the kind is.
    crit: Option<serde_json::Value>,
}

/// What a token says, once everything about it is as expected.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>, now: Timestamp) -> Result<Claims, TokenFault> {
    if token.len() > MOST_LETTERS {
        return Err(TokenFault::NoToken);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::NoToken)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenFault::NoToken)?;
    let read = |part: &str| from_base64url(part).ok_or(TokenFault::NoToken);
    // A further dot is no letter of base64url.
    let (header, payload, signature) = (read(header)?, read(payload)?, read(signature)?);
    let header: Header = serde_json::from_slice(&header).map_err(|_| TokenFault::NoToken)?;
    let algorithm = Algorithm::named(&header.alg).ok_or(TokenFault::Algorithm)?;
    if header.crit.is_some() {
        return Err(TokenFault::Algorithm);
    }
    keys.verify((algorithm, header.kid.as_deref()), signed.as_bytes(), &signature)?;
    let claims = Claims::read(&payload).ok_or(TokenFault::Claims)?;
    check(&claims, expected, now)?;
    check_access_token(&claims, expected.access_token, algorithm)?;
    Ok(claims)
}

fn check(claims: &Claims, expected: &Expected<'_>, now: Timestamp) -> Result<(), TokenFault> {
    if claims.issuer != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    let is_for_us = claims.audience.iter().any(|audience| audience == expected.client_id);
    // Meant for several, it names whom it was given to.
    let is_given_to_us = match &claims.party {
        Some(party) => party == expected.client_id,
        None => claims.audience.len() == 1,
    };
    if !is_for_us || !is_given_to_us {
        return Err(TokenFault::Audience);
    }
    let now = now.as_second();
    if claims.expires_at <= now.saturating_sub(DRIFT_SECONDS) {
        return Err(TokenFault::Expired);
    }
    let latest = now.saturating_add(DRIFT_SECONDS);
    if claims.issued_at > latest || claims.not_before.is_some_and(|from| from > latest) {
        return Err(TokenFault::NotYet);
    }
    match &claims.nonce {
        Some(nonce) if is_same(nonce.as_bytes(), expected.nonce.as_bytes()) => Ok(()),
        _ => Err(TokenFault::Nonce),
    }
}

/// Where the token names the access token that came with it, it is that one.
fn check_access_token(claims: &Claims, given: Option<&str>, algorithm: Algorithm) -> Result<(), TokenFault> {
    let Some(named) = &claims.access_token_hash else { return Ok(()) };
    let given = given.ok_or(TokenFault::AccessToken)?;
    let hash = digest::digest(algorithm.digest(), given.as_bytes());
    let (half, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    if is_same(base64url(half).as_bytes(), named.as_bytes()) { Ok(()) } else { Err(TokenFault::AccessToken) }
}

/// What is sent ahead of a secret, so that only who has the secret can fetch what comes of it (RFC 7636, S256).
pub fn challenge_of(secret: &str) -> String {
    base64url(&sha256(&[secret.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_challenge_comes_out() {
        // RFC 7636, appendix B.
        let secret = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge_of(secret), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    fn claims(change: &str) -> Claims {
        let mut all = serde_json::json!({"iss": "https://p.example", "aud": "baton", "sub": "s", "exp": 1000, "iat": 900, "nonce": "n"});
        let change: serde_json::Value = serde_json::from_str(change).expect("JSON");
        for (name, value) in change.as_object().expect("an object") {
            all[name] = value.clone();
        }
        Claims::read(all.to_string().as_bytes()).expect("claims")
    }

    #[test]
    fn only_what_was_said_to_us_now_counts() {
        let check_at = |change: &str, second: i64, expected: Result<(), TokenFault>| {
            let wanted = Expected { issuer: "https://p.example", client_id: "baton", nonce: "n", access_token: None };
            let now = Timestamp::from_second(second).expect("a time");
            assert_eq!(check(&claims(change), &wanted, now), expected, "{change} at {second}");
        };
        check_at("{}", 950, Ok(()));
        check_at("{}", 1059, Ok(()));
        check_at("{}", 1060, Err(TokenFault::Expired));
        check_at("{}", 839, Err(TokenFault::NotYet));
        check_at(r#"{"nbf": 1011}"#, 950, Err(TokenFault::NotYet));
        check_at(r#"{"iss": "https://p.example/"}"#, 950, Err(TokenFault::Issuer));
        check_at(r#"{"aud": "other"}"#, 950, Err(TokenFault::Audience));
        check_at(r#"{"aud": []}"#, 950, Err(TokenFault::Audience));
        check_at(r#"{"aud": ["baton"]}"#, 950, Ok(()));
        check_at(r#"{"aud": ["baton", "other"]}"#, 950, Err(TokenFault::Audience));
        check_at(r#"{"aud": ["baton", "other"], "azp": "baton"}"#, 950, Ok(()));
        check_at(r#"{"aud": ["baton", "other"], "azp": "other"}"#, 950, Err(TokenFault::Audience));
        check_at(r#"{"azp": "other"}"#, 950, Err(TokenFault::Audience));
        check_at(r#"{"nonce": "m"}"#, 950, Err(TokenFault::Nonce));
        check_at(r#"{"nonce": null}"#, 950, Err(TokenFault::Nonce));
    }

    #[test]
    fn the_access_token_is_the_one_that_is_named() {
        // OpenID Connect Core, appendix A.3.
        let named = claims(r#"{"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}"#);
        let given = Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(check_access_token(&named, given, Algorithm::Rs256), Ok(()));
        for wrong in [None, Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Z")] {
            assert_eq!(check_access_token(&named, wrong, Algorithm::Rs256), Err(TokenFault::AccessToken));
        }
        assert_eq!(check_access_token(&named, given, Algorithm::Rs512), Err(TokenFault::AccessToken));
        assert_eq!(check_access_token(&claims("{}"), None, Algorithm::Rs256), Ok(()));
    }
}
