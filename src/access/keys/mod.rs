//! API keys as text: `baton_live_<16 hex digits>_<43 letters>`. The digits are
//! the key's id, by which it is found and named in logs; the letters are 32
//! random bytes, shown once and never kept.
//!
//! What is kept is a plain SHA-256. Slow hashes exist for passwords, which
//! people choose and others can guess; 256 random bits cannot be guessed, and a
//! slow hash on every request would only serve those who want to keep us busy.

mod grant;
mod scopes;

use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;

use super::primitives::{NoRandomness, base64url, from_base64url, from_hex, hex, is_same, random, sha256};

pub use grant::{Grant, KeptKey, KeyFault, Lacking, admit};
pub use scopes::{Scope, Scopes, UnknownScope};

const SECRET_LETTERS: usize = 43;

/// Whether a key is for real work or for trying; the two have separate data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Live,
    Test,
}

impl Mode {
    /// The word in the key and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Test => "test",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// A text that should be an id, a hash or a mode and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the form of a {0}")]
pub struct WrongForm(&'static str);

impl FromStr for Mode {
    type Err = WrongForm;

    fn from_str(text: &str) -> Result<Mode, WrongForm> {
        [Mode::Live, Mode::Test].into_iter().find(|mode| mode.word() == text).ok_or(WrongForm("key mode"))
    }
}

/// The public part of a key, sixteen hex digits. It opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = WrongForm;

    fn from_str(text: &str) -> Result<KeyId, WrongForm> {
        from_hex::<8>(text).map(|_| KeyId(text.to_owned())).ok_or(WrongForm("key id"))
    }
}

/// SHA-256 over a whole key, its mode and id included: a test key with `live` written over `test` is another key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The form that is stored.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }
}

impl FromStr for KeyHash {
    type Err = WrongForm;

    fn from_str(text: &str) -> Result<KeyHash, WrongForm> {
        from_hex(text).map(KeyHash).ok_or(WrongForm("key hash"))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("KeyHash(…)")
    }
}

/// A key just made: its text exists here and nowhere else.
#[derive(Debug)]
pub struct NewKey {
    pub id: KeyId,
    pub mode: Mode,
    /// To be shown once.
    pub text: SecretString,
    /// To be kept.
    pub hash: KeyHash,
}

/// Makes a key.
pub fn create(mode: Mode) -> Result<NewKey, NoRandomness> {
    let id = hex(&random::<8>()?);
    let text = format!("baton_{mode}_{id}_{}", base64url(&random::<32>()?));
    let hash = KeyHash(sha256(&[text.as_bytes()]));
    Ok(NewKey { id: KeyId(id), mode, text: SecretString::from(text), hash })
}

/// A key as a caller sent it. The secret itself is already gone, so that it can reach no log.
#[derive(Debug, Clone)]
pub struct Presented {
    pub mode: Mode,
    pub id: KeyId,
    hash: KeyHash,
}

/// Reads a key; `None` for anything that is not the exact form.
pub fn parse(text: &str) -> Option<Presented> {
    let (mode, rest) = text.strip_prefix("baton_")?.split_once('_')?;
    let (id, secret) = rest.split_once('_')?;
    // The letters may hold `_`, so their number is what ends the key.
    if secret.len() != SECRET_LETTERS || from_base64url(secret).is_none() {
        return None;
    }
    Some(Presented { mode: mode.parse().ok()?, id: id.parse().ok()?, hash: KeyHash(sha256(&[text.as_bytes()])) })
}

/// The key in the value of an `Authorization` header: `Bearer`, in any letters, and the key.
pub fn in_authorization(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// Whether the key sent is the key kept, in constant time. A key that is not
/// kept is compared too, so that the time does not tell which ids exist.
pub fn matches(presented: &Presented, kept: Option<&KeyHash>) -> bool {
    // No key has this hash: finding one is as hard as breaking SHA-256.
    const NOBODY: KeyHash = KeyHash([0; 32]);
    let is_kept = kept.is_some();
    is_same(&presented.hash.0, &kept.unwrap_or(&NOBODY).0) & is_kept
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn keys_are_made_read_and_matched() {
        for mode in [Mode::Live, Mode::Test] {
            let key = create(mode).expect("a key");
            let text = key.text.expose_secret();
            assert_eq!(text.len(), "baton_live_".len() + 16 + 1 + 43);
            let presented = parse(text).expect("the form");
            assert_eq!((presented.mode, &presented.id), (mode, &key.id));
            assert!(matches(&presented, Some(&key.hash)));
            assert!(!matches(&presented, None));
            assert!(!matches(&presented, Some(&create(mode).expect("a key").hash)));
            assert_eq!(key.hash.to_hex().parse(), Ok(key.hash.clone()));
            // Neither the key nor what was sent can be logged by mistake.
            let secret = &text[text.len() - 43..];
            assert!(!format!("{key:?} {presented:?}").contains(secret));
        }
    }

    #[test]
    fn a_mode_or_id_written_over_is_another_key() {
        let key = create(Mode::Test).expect("a key");
        let text = key.text.expose_secret();
        let live = parse(&text.replacen("_test_", "_live_", 1)).expect("the form");
        assert!(!matches(&live, Some(&key.hash)));
        let other = parse(&text.replacen(key.id.as_str(), "0123456789abcdef", 1)).expect("the form");
        assert!(!matches(&other, Some(&key.hash)));
    }

    #[test]
    fn only_the_exact_form_is_read() {
        let good = format!("baton_live_0123456789abcdef_{}", "A".repeat(43));
        assert!(parse(&good).is_some());
        for wrong in [
            String::new(),
            "baton".into(),
            good.replace("live", "prod"),
            good.replace("baton", "Baton"),
            good.replace("0123456789abcdef", "0123456789ABCDEF"),
            good.replace("0123456789abcdef", "0123456789abcde"),
            format!("{good}A"),
            format!("{good} "),
            good[..good.len() - 1].into(),
            // The last letter may not carry stray bits, a second text for the same bytes.
            format!("{}B", &good[..good.len() - 1]),
            good.replace("AAA", "AÄA"),
        ] {
            assert!(parse(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_header_names_its_scheme() {
        let check = |value: &str, expected: Option<&str>| assert_eq!(in_authorization(value), expected, "{value}");
        check("Bearer abc", Some("abc"));
        check("bearer  abc", Some("abc"));
        check("BEARER abc ", Some("abc"));
        check("Basic abc", None);
        check("Bearer", None);
        check("Bearer ", None);
        check("Bearerabc", None);
        check("", None);
    }
}
