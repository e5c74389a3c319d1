//! Signed tokens in their compact form: header, payload and signature, each in
//! base64url, with dots between (RFC 7515), signed with Ed25519 (RFC 8037).
//!
//! There is one algorithm. The header is compared with what Baton writes and
//! never asked what to do: no `none`, no other algorithm, no key in the token.

use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::primitives::{base64url, from_base64url, sha256};

/// Longer texts are not looked at. A pass has some 600 letters.
const MOST_LETTERS: usize = 8 * 1024;

pub(super) const ALGORITHM: &str = "EdDSA";

/// All that Baton writes into a header, and all that it reads there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub alg: String,
    pub kid: String,
    /// What the token is for. Passes and audit heads differ here, so that neither can serve as the other.
    pub typ: String,
}

/// A token taken apart, not yet believed.
pub(super) struct Token<'a> {
    pub header: Header,
    pub payload: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Takes a token apart; `None` when it is no token of three parts with a header like ours.
pub(super) fn read(text: &str) -> Option<Token<'_>> {
    if text.len() > MOST_LETTERS {
        return None;
    }
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header = serde_json::from_slice(&from_base64url(header)?).ok()?;
    // A further dot is no letter of base64url.
    Some(Token { header, payload: from_base64url(payload)?, signed, signature: from_base64url(signature)? })
}

impl Token<'_> {
    pub fn is_signed_by(&self, public_key: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, public_key).verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

/// Signs a header and a payload, both as JSON.
pub(super) fn write(header: &[u8], payload: &[u8], key: &Ed25519KeyPair) -> String {
    let signed = format!("{}.{}", base64url(header), base64url(payload));
    let signature = base64url(key.sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

/// The name of a public key: the thumbprint of RFC 7638, over its members in order.
pub(super) fn thumbprint(public_key: &[u8]) -> String {
    let key = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, base64url(public_key));
    base64url(&sha256(&[key.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use ring::signature::KeyPair;

    use super::*;

    /// The key of RFC 8037, appendix A.1.
    fn key() -> Ed25519KeyPair {
        let seed = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").expect("base64url");
        Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed")
    }

    #[test]
    fn the_published_key_and_signature_come_out() {
        let key = key();
        let public = key.public_key().as_ref();
        assert_eq!(base64url(public), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(thumbprint(public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        // Appendix A.4.
        let expected = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
            hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(write(br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing", &key), expected);
    }

    #[test]
    fn only_our_own_header_is_read() {
        let check = |header: &str, expected: bool| {
            let token = write(header.as_bytes(), b"{}", &key());
            assert_eq!(read(&token).is_some(), expected, "{header}");
        };
        check(r#"{"alg":"EdDSA","kid":"k","typ":"t"}"#, true);
        check(r#"{"alg":"EdDSA","kid":"k"}"#, false);
        check(r#"{"alg":"EdDSA","kid":"k","typ":"t","crit":["exp"]}"#, false);
        check(r#"{"alg":"EdDSA","kid":"k","typ":"t","jwk":{}}"#, false);
        check(r#"{"alg":"EdDSA","alg":"none","kid":"k","typ":"t"}"#, false);
        check("", false);
    }

    #[test]
    fn only_three_parts_are_a_token() {
        let good = write(br#"{"alg":"EdDSA","kid":"k","typ":"t"}"#, b"{}", &key());
        let parts: Vec<&str> = good.split('.').collect();
        assert!(read(&good).is_some_and(|token| token.is_signed_by(key().public_key().as_ref())));
        for wrong in [
            String::new(),
            ".".into(),
            "..".into(),
            parts[..2].join("."),
            format!("{good}."),
            format!(".{good}"),
            format!("{good}.{}", parts[2]),
            format!("{good}="),
            format!(" {good}"),
            format!("{good}\n"),
            format!("{}.{}.{}", parts[0], "A".repeat(MOST_LETTERS), parts[2]),
        ] {
            assert!(read(&wrong).is_none(), "{}", &wrong[..wrong.len().min(90)]);
        }
        assert!(read(&format!("{}.{}.", parts[0], parts[1])).is_some_and(|token| !token.is_signed_by(&[])));
    }
}
