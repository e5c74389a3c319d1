//! The few building blocks that keys, passes and signatures share: random
//! bytes, hashes, comparison in constant time, and bytes as text.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

/// The operating system gave no random bytes. Nothing secret may be made then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

pub(super) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// SHA-256 over the parts, one after the other.
pub(super) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    // A SHA-256 has 32 bytes, so that every byte is set.
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

/// A key for HMAC-SHA256.
pub(super) fn hmac_key(secret: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

/// Whether `tag` is the HMAC of the parts, one after the other; in constant time.
pub(super) fn is_hmac(key: &hmac::Key, parts: &[&[u8]], tag: &[u8]) -> bool {
    is_same(sign_hmac(key, parts).as_ref(), tag)
}

/// HMAC over the parts, one after the other.
pub(super) fn sign_hmac(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    context.sign()
}

/// Whether both are equal, in a time that tells nothing of where they differ.
/// The one comparison in constant time that ring offers stands inside
/// `hmac::verify`, so both sides go through an HMAC first.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let key = hmac_key(b"baton compares");
    hmac::verify(&key, other, hmac::sign(&key, one).as_ref()).is_ok()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `N` bytes out of twice as many digits; small letters only, so that a value has one form.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        for digit in pair {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return None,
            };
            *byte = *byte << 4 | value;
        }
    }
    Some(bytes)
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Refuses padding and stray last bits: each value has one text, so that no changed token can mean the same.
pub(super) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// With padding, and as strict as [`from_base64url`].
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_published_ones() {
        // FIPS 180-2, "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(&[b"a", b"", b"bc"])), expected);
        // RFC 4231, case 2.
        let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let key = hmac_key(b"Jefe");
        assert_eq!(hex(sign_hmac(&key, &[b"what do ya want ", b"for nothing?"]).as_ref()), tag);
    }

    #[test]
    fn comparison_sees_every_difference() {
        assert!(is_same(b"", b"") && is_same(b"abc", b"abc"));
        for other in [&b"abd"[..], b"ab", b"abcd", b"", b"Abc"] {
            assert!(!is_same(b"abc", other), "{other:?}");
        }
    }

    #[test]
    fn texts_have_one_form() {
        assert_eq!(from_hex::<2>("0aff"), Some([0x0a, 0xff]));
        for wrong in ["0aFF", "0af", "0afff", "0ag0", ""] {
            assert_eq!(from_hex::<2>(wrong), None, "{wrong}");
        }
        assert_eq!(from_base64url("_-8"), Some(vec![0xff, 0xef]));
        for wrong in ["_-8=", "_-9", "/+8", "_-8 ", "_"] {
            assert_eq!(from_base64url(wrong), None, "{wrong}");
        }
        assert_eq!(from_base64("/+8="), Some(vec![0xff, 0xef]));
        assert_eq!(from_base64("/+9="), None);
        assert_eq!(from_base64("/+8"), None);
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(random::<16>().expect("bytes"), random::<16>().expect("bytes"));
    }
}
