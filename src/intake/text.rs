//! Bytes to text: byte order marks, UTF-8, UTF-16 and, when nothing else fits,
//! Windows-1252. Text is tidied once, before any offset is taken into it.

use std::borrow::Cow;

use crate::config::Limits;

/// How the bytes were turned into characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Windows1252,
}

/// Text and the encoding it was in; `None` when the bytes are not text.
pub(super) fn decode(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return decode_plain(rest),
        [0xFF, 0xFE, rest @ ..] => return decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return decode_utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    decode_plain(bytes)
}

fn decode_plain(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    if is_binary(bytes) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some((Cow::Borrowed(text), Encoding::Utf8)),
        Err(_) => Some((Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()), Encoding::Windows1252)),
    }
}

fn decode_utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Option<(Cow<'_, str>, Encoding)> {
    let units = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    (!is_binary(text.as_bytes())).then_some((Cow::Owned(text), Encoding::Utf16))
}

/// Control bytes that no text holds; a stray one (a form feed, an escape) is forgiven.
fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| (*byte < 9) | ((*byte > 13) & (*byte < 32) & (*byte != 27)) | (*byte == 127);
    // Sums of one byte each, which the compiler counts many at a time.
    let count = |chunk: &[u8]| usize::from(chunk.iter().map(|byte| u8::from(is_control(byte))).sum::<u8>());
    memchr::memchr(0, bytes).is_some() || bytes.chunks(255).map(count).sum::<usize>() * 50 > bytes.len()
}

/// The characters that Windows put where Latin-1 has control codes.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Text with `\n` line ends alone and no endless words.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    pub text: String,
    /// Line breaks that were put into runs without white space.
    pub breaks: usize,
    /// Letters and digits of a page that people do not see; they are left out of the text.
    pub unseen: usize,
}

/// Makes line ends equal, trims the end and breaks runs longer than the bound. NUL becomes the replacement
/// character: left out, it would join what stood apart.
pub(super) fn tidy(text: &str, limits: &Limits) -> Tidied {
    let mut tidied = Tidied { text: String::with_capacity(text.len()), ..Tidied::default() };
    let mut copied = 0;
    let mut run_start = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' | 0 => {
                tidied.text.push_str(text.get(copied..at).unwrap_or_default());
                copied = at + 1;
                run_start = at + 1;
                if *byte == 0 {
                    tidied.text.push(char::REPLACEMENT_CHARACTER);
                }
                if *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                    tidied.text.push('\n');
                }
            }
            b' ' | b'\n' | b'\t' => run_start = at + 1,
            // U+3000 to U+303F: the spaces and full stops of scripts written without spaces.
            0x80..=0xBF if at >= 2 && bytes.get(at - 2..at) == Some(&[0xE3, 0x80]) => run_start = at + 1,
            _ if at - run_start >= limits.unbroken_bytes && text.is_char_boundary(at) => {
                tidied.text.push_str(text.get(copied..at).unwrap_or_default());
                tidied.text.push('\n');
                tidied.breaks += 1;
                (copied, run_start) = (at, at);
            }
            _ => {}
        }
    }
    tidied.text.push_str(text.get(copied..).unwrap_or_default());
    let length = tidied.text.trim_end().len();
    tidied.text.truncate(length);
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<(&str, Encoding)>) {
        let got = decode(bytes);
        assert_eq!(got.as_ref().map(|(text, encoding)| (text.as_ref(), *encoding)), expected, "{bytes:?}");
    }

    #[test]
    fn decodes() {
        check("\u{feff}héllo".as_bytes(), Some(("héllo", Encoding::Utf8)));
        check(b"\xFF\xFEh\x00i\x00", Some(("hi", Encoding::Utf16)));
        check(b"\xFE\xFF\x00h\x00i", Some(("hi", Encoding::Utf16)));
        check(b"price 40 \x80", Some(("price 40 €", Encoding::Windows1252)));
        check(b"\xFF\xFE\x00\xD8", None);
        check(b"PK\x03\x04\x00\x00", None);
    }

    #[test]
    fn tidies_without_loss() {
        assert_eq!(tidy("a\r\nb\rc\0d \n", &Limits::default()).text, "a\nb\nc\u{fffd}d");
        let long = "é".repeat(5_000);
        let tidied = tidy(&long, &Limits::default());
        assert_eq!(tidied.breaks, 2);
        assert_eq!(tidied.text.replace('\n', ""), long);
        assert_eq!(tidy(&"日本。".repeat(5_000), &Limits::default()).breaks, 0);
    }
}
