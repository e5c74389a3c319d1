//! What all signed requests have in common: one header of each name, a time
//! that is neither old nor yet to come, and one list of what can be wrong.

use http::HeaderMap;
use jiff::Timestamp;

/// A request may be this old when it comes, and as far ahead, since clocks differ.
pub(super) const TOLERANCE_MS: i64 = 5 * 60 * 1000;

/// What is known of a request's sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// No secret is set for this caller, so nothing was checked.
    Unchecked,
    /// By one who knows the secret.
    Valid,
}

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    #[error("the header {0} is missing")]
    Missing(&'static str),
    #[error("the header {0} is given more than once")]
    Repeated(&'static str),
    #[error("the header {0} cannot be read")]
    Unreadable(&'static str),
    #[error("the request was signed more than five minutes ago")]
    TooOld,
    #[error("the request was signed more than five minutes in the future")]
    TooNew,
    #[error("the signature is wrong")]
    Wrong,
}

/// The one value of a header. Of two, nobody could say which was signed.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, SignatureFault> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(SignatureFault::Missing(name))?;
    if values.next().is_some() {
        return Err(SignatureFault::Repeated(name));
    }
    match value.to_str() {
        Ok("") => Err(SignatureFault::Missing(name)),
        Ok(text) => Ok(text),
        Err(_) => Err(SignatureFault::Unreadable(name)),
    }
}

/// A time in a header: digits alone, no sign, no blank; so many that they cannot be too many for the number.
pub(super) fn digits(text: &str, name: &'static str) -> Result<i64, SignatureFault> {
    let is_number = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).ok_or(SignatureFault::Unreadable(name))
}

/// Both directions: a request from the future could be kept and sent again later.
pub(super) fn is_fresh(signed_ms: i64, now: Timestamp) -> Result<(), SignatureFault> {
    match now.as_millisecond().saturating_sub(signed_ms) {
        age if age > TOLERANCE_MS => Err(SignatureFault::TooOld),
        age if age < -TOLERANCE_MS => Err(SignatureFault::TooNew),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_fresh_within_five_minutes() {
        let check = |ahead_ms: i64, expected: Result<(), SignatureFault>| {
            let now = Timestamp::constant(1_772_000_000, 0);
            assert_eq!(is_fresh(now.as_millisecond() + ahead_ms, now), expected, "{ahead_ms}");
        };
        check(0, Ok(()));
        check(-300_000, Ok(()));
        check(-300_001, Err(SignatureFault::TooOld));
        check(300_000, Ok(()));
        check(300_001, Err(SignatureFault::TooNew));
    }

    #[test]
    fn only_digits_are_a_time() {
        for (text, expected) in [("0", 0), ("1772000000", 1_772_000_000), ("9999999999999999", 9_999_999_999_999_999)] {
            assert_eq!(digits(text, "x"), Ok(expected), "{text}");
        }
        for wrong in ["", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "abc", "١", "10000000000000000"] {
            assert_eq!(digits(wrong, "x"), Err(SignatureFault::Unreadable("x")), "{wrong}");
        }
    }
}
