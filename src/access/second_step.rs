//! The second step of signing in: codes of an authenticator app by RFC 6238
//! (SHA-1, six digits, thirty seconds, as every such app does it), and the
//! recovery codes for the day on which the telephone is gone.

use ring::hmac;

use super::primitives::{NoRandomness, hex, is_same, random, sha256};

/// How long a code is shown.
const STEP_SECONDS: i64 = 30;
/// Steps before and after the one of now whose codes are taken: clocks differ, and typing takes time.
const DRIFT: i64 = 1;
const DIGITS: u32 = 6;
/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// How many recovery codes there are, and the bytes of each: 80 bits are not guessed, so a plain hash of them is kept.
const RECOVERY_CODES: usize = 10;
const RECOVERY_BYTES: usize = 10;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator app and we share.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeSecret(Vec<u8>);

impl std::fmt::Debug for CodeSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("CodeSecret(…)")
    }
}

impl CodeSecret {
    pub fn make() -> Result<CodeSecret, NoRandomness> {
        Ok(CodeSecret(random::<SECRET_BYTES>()?.to_vec()))
    }

    /// The secret as it is typed into an app, and kept sealed.
    pub fn text(&self) -> String {
        base32(&self.0)
    }

    /// Reads what [`CodeSecret::text`] wrote.
    pub fn read(text: &str) -> Option<CodeSecret> {
        from_base32(text).filter(|bytes| bytes.len() == SECRET_BYTES).map(CodeSecret)
    }

    /// The address that a QR code brings to the app.
    pub fn address(&self, account: &str) -> String {
        let account: String = account.bytes().map(escaped).collect();
        format!("otpauth://totp/Baton:{account}?secret={}&issuer=Baton", self.text())
    }

    /// The step whose code was typed, if it is one of about now and later than `last`: a code that was used once is not
    /// taken again. `now` in seconds since 1970.
    pub fn step_of(&self, typed: &str, now: i64, last: i64) -> Option<i64> {
        let current = now.div_euclid(STEP_SECONDS);
        let mut found = None;
        // All are compared, whichever it is.
        for step in current - DRIFT..=current + DRIFT {
            if is_same(self.code(step, DIGITS).as_bytes(), typed.as_bytes()) && step > last {
                found = Some(step);
            }
        }
        found
    }

    /// The code that an app shows at this moment, in seconds since 1970.
    pub fn code_at(&self, now: i64) -> String {
        self.code(now.div_euclid(STEP_SECONDS), DIGITS)
    }

    fn code(&self, step: i64, digits: u32) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let place = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
        let part = tag.iter().skip(place).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = (part & 0x7fff_ffff) % 10_u32.pow(digits);
        format!("{number:0width$}", width = digits as usize)
    }
}

/// New recovery codes, each `abcd-efgh-ijkl-mnop`.
pub fn make_recovery_codes() -> Result<Vec<String>, NoRandomness> {
    let make = |_| {
        let letters = base32(&random::<RECOVERY_BYTES>()?).to_lowercase();
        let groups: Vec<&str> = (0..4).filter_map(|group| letters.get(group * 4..group * 4 + 4)).collect();
        Ok(groups.join("-"))
    };
    (0..RECOVERY_CODES).map(make).collect()
}

/// What is kept of a recovery code, however it was typed.
pub fn recovery_hash(typed: &str) -> String {
    // The alphabet has no 0 and no 1, which some read for o and l.
    let letters = typed.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    let plain: String = letters.map(|letter| if letter == '0' { 'o' } else { letter }).collect();
    hex(&sha256(&[b"baton recovery code\n", plain.as_bytes()]))
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        return char::from(byte).to_string();
    }
    format!("%{byte:02X}")
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let number =
            (0..5).fold(0_u64, |number, place| number << 8 | u64::from(group.get(place).copied().unwrap_or(0)));
        let letters = (group.len() * 8).div_ceil(5);
        for place in 0..letters {
            let letter = (number >> (35 - 5 * place)) & 31;
            text.push(BASE32.get(letter as usize).copied().map_or('A', char::from));
        }
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value = BASE32.iter().position(|known| *known == letter)?;
        number = (number << 5 | u32::try_from(value).ok()?) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((number >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1.
        let secret = CodeSecret(b"12345678901234567890".to_vec());
        for (at, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(secret.code(at / STEP_SECONDS, 8), code, "{at}");
            assert_eq!(secret.code_at(at), code[2..], "{at}");
        }
        assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(CodeSecret::read(&secret.text()), Some(secret));
    }

    #[test]
    fn a_code_is_taken_about_its_time_and_once() {
        let secret = CodeSecret::make().expect("bytes");
        let now = 1_772_000_010;
        let step = now / STEP_SECONDS;
        for (code, expected) in [
            (secret.code(step, 6), Some(step)),
            (secret.code(step - 1, 6), Some(step - 1)),
            (secret.code(step + 1, 6), Some(step + 1)),
            (secret.code(step - 2, 6), None),
            (secret.code(step + 2, 6), None),
            (String::new(), None),
            (format!("{} ", secret.code(step, 6)), None),
        ] {
            assert_eq!(secret.step_of(&code, now, 0), expected, "{code}");
        }
        let code = secret.code(step, 6);
        assert_eq!(secret.step_of(&code, now, step), None, "it was used");
        assert_eq!(secret.step_of(&code, now, step + 1), None, "a later one was used");
        assert_eq!(secret.step_of(&code, now, step - 1), Some(step));
    }

    #[test]
    fn letters_are_read_back() {
        for bytes in [&b""[..], b"f", b"fo", b"foo", b"foob", b"fooba", b"foobar"] {
            assert_eq!(from_base32(&base32(bytes)).as_deref(), Some(bytes));
        }
        // RFC 4648, without padding.
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(from_base32("MZXW6YTBO!"), None);
        assert_eq!(CodeSecret::read("MZXW6YTBOI"), None, "too short");
        let secret = CodeSecret::make().expect("bytes");
        let address = secret.address("dana@acme.example");
        assert!(address.starts_with("otpauth://totp/Baton:dana%40acme.example?secret="), "{address}");
        assert!(!format!("{secret:?}").contains(&secret.text()));
    }

    #[test]
    fn recovery_codes_are_known_however_they_are_typed() {
        let codes = make_recovery_codes().expect("codes");
        assert_eq!(codes.len(), 10);
        for code in &codes {
            assert_eq!(code.len(), 19, "{code}");
            let hash = recovery_hash(code);
            for typed in [code.to_uppercase(), code.replace('-', ""), code.replace('-', " "), code.replace('o', "0")] {
                assert_eq!(recovery_hash(&typed), hash, "{typed}");
            }
            assert!(!codes.iter().any(|other| other != code && recovery_hash(other) == hash));
        }
    }
}
