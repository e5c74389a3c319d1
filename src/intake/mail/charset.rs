//! Bytes of a mail to characters. Labels lie: UTF-8 goes out as Latin-1 or
//! US-ASCII, Windows-1252 as ISO 8859-1 or UTF-8. Bytes that are UTF-8 are read
//! as UTF-8 whatever a single-byte label says. UTF-7 is never decoded, since it
//! hides words from every check on the way.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

/// What a person should know about the decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Doubt {
    /// The bytes do not fit the label, or there is none that is known.
    Guessed,
    Utf7,
}

impl Doubt {
    pub(in crate::intake) fn words(self) -> &'static str {
        match self {
            Doubt::Guessed => "its bytes are not in the character set it names: read as Windows-1252",
            Doubt::Utf7 => "it is in UTF-7, which is not decoded",
        }
    }
}

/// The characters that bytes labelled so stand for.
pub(in crate::intake) fn decode<'x>(bytes: &'x [u8], label: Option<&str>) -> (Cow<'x, str>, Option<Doubt>) {
    let label = label.unwrap_or_default().trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    // RFC 2231 puts a language behind the set.
    let label = label.split('*').next().unwrap_or_default();
    if is_utf7(label) {
        return (String::from_utf8_lossy(bytes), Some(Doubt::Utf7));
    }
    if !is_multi_byte(label)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return (Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)), None);
    }
    let is_utf8 = matches!(label, "utf-8" | "utf8");
    let decoder = Some(label)
        .filter(|label| !is_utf8 && !matches!(*label, "" | "us-ascii" | "ascii"))
        .and_then(|label| charset_decoder(label.as_bytes()));
    if let Some(decoder) = decoder {
        return (Cow::Owned(decoder(bytes)), None);
    }
    if is_damaged_utf8(bytes) {
        return (String::from_utf8_lossy(bytes), None);
    }
    let windows = charset_decoder(b"windows-1252").map(|decoder| decoder(bytes));
    (windows.map_or_else(|| String::from_utf8_lossy(bytes), Cow::Owned), Some(Doubt::Guessed))
}

fn is_utf7(label: &str) -> bool {
    matches!(label, "utf-7" | "utf7" | "utf_7" | "csutf7" | "unicode-1-1-utf-7" | "csunicode11utf7")
}

/// Sets whose bytes can look like UTF-8 or ASCII and mean something else.
fn is_multi_byte(label: &str) -> bool {
    let openings = [
        "utf-16",
        "utf_16",
        "utf16",
        "utf-32",
        "iso-2022",
        "iso2022",
        "csiso2022",
        "hz",
        "gb",
        "big5",
        "euc",
        "shift",
        "sjis",
        "ks_c",
        "csunicode",
        "csutf16",
    ];
    openings.iter().any(|opening| label.starts_with(opening))
}

/// More good characters beyond ASCII than broken bytes: UTF-8 that was cut somewhere.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    good > broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_win_over_labels() {
        let check = |bytes: &[u8], label: &str, expected: &str, doubt: Option<Doubt>| {
            let (text, told) = decode(bytes, Some(label));
            assert_eq!((text.as_ref(), told), (expected, doubt), "{label}");
        };
        check("Orléans".as_bytes(), "utf-8", "Orléans", None);
        check("Orléans".as_bytes(), "iso-8859-1", "Orléans", None);
        check("Orléans".as_bytes(), "us-ascii", "Orléans", None);
        check(b"Orl\xe9ans", "iso-8859-1", "Orléans", None);
        check(b"40 \x80", "ISO-8859-1", "40 €", None);
        check(b"Orl\xe9ans", "utf-8", "Orléans", Some(Doubt::Guessed));
        check(b"Orl\xe9ans", "", "Orléans", Some(Doubt::Guessed));
        check(b"Orl\xe9ans", "x-unknown", "Orléans", Some(Doubt::Guessed));
        check(b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет", None);
        check(b"\x1b$B$3\x1b(B", "iso-2022-jp", "こ", None);
        check(b"\x82\xb1", "shift_jis", "こ", None);
        check("éé é\u{e9}".as_bytes().split_at(8).0, "utf-8", "éé é\u{fffd}", None);
        check(b"+AGE-", "utf-7", "+AGE-", Some(Doubt::Utf7));
    }
}
