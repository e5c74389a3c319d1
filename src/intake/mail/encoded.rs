//! Encoded words in headers (RFC 2047). Mail programs cut them inside of
//! characters and label them wrongly; neighbours are decoded together, once,
//! and written again as one word in UTF-8 for the header parser.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use memchr::memmem;

use super::charset;

/// The header lines with every run of encoded words as one in UTF-8.
pub(in crate::intake) fn mend(block: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(block, b"=?").is_none() {
        return Cow::Borrowed(block);
    }
    let mut out = Vec::with_capacity(block.len());
    let mut rest = block;
    while let Some(at) = memmem::find(rest, b"=?") {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        match read_run(from) {
            Some((text, length)) => {
                out.extend_from_slice(word(&text).as_bytes());
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                out.extend_from_slice(b"=?");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Text as one encoded word.
pub(in crate::intake) fn word(text: &str) -> String {
    let mut out = String::from("=?utf-8?Q?");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push('=');
            out.extend([byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit(u32::from(*digit), 16)));
        }
    }
    out.push_str("?=");
    out
}

/// The encoded words at the start, with only white space between them: their text and length.
fn read_run(bytes: &[u8]) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut same: Option<(&str, Vec<u8>)> = None;
    let mut length = 0;
    let mut at = 0;
    while let Some((label, mut decoded, taken)) = read_word(bytes.get(at..)?) {
        match &mut same {
            Some((before, bytes)) if before.eq_ignore_ascii_case(label) => bytes.append(&mut decoded),
            _ => {
                flush(&mut text, same.replace((label, decoded)));
            }
        }
        length = at + taken;
        let space = bytes[length..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        // A line that does not begin with a space is another header.
        let folded = !bytes[length..length + space].ends_with(b"\n");
        if space == 0 || !folded {
            break;
        }
        at = length + space;
    }
    flush(&mut text, same);
    (length > 0).then_some((text, length))
}

fn flush(text: &mut String, part: Option<(&str, Vec<u8>)>) {
    if let Some((label, bytes)) = part {
        text.push_str(&charset::decode(&bytes, Some(label)).0);
    }
}

/// One word: its character set, its bytes and its length.
fn read_word(bytes: &[u8]) -> Option<(&str, Vec<u8>, usize)> {
    let rest = bytes.strip_prefix(b"=?")?;
    let set_end = memchr::memchr(b'?', rest.get(..rest.len().min(80))?)?;
    let label = std::str::from_utf8(&rest[..set_end]).ok()?;
    let (form, payload) = rest.get(set_end + 1..)?.split_first_chunk::<2>()?;
    if form[1] != b'?' || label.is_empty() {
        return None;
    }
    // A search without bound in every word of a long header would be quadratic.
    let end = memmem::find(payload.get(..payload.len().min(4096))?, b"?=")?;
    let payload_bytes = &payload[..end];
    if payload_bytes.contains(&b'\n') {
        return None;
    }
    let decoded = match form[0] {
        b'B' | b'b' => base64_decode(payload_bytes)?,
        b'Q' | b'q' => {
            let spaced: Vec<u8> = payload_bytes.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            quoted_printable_decode(&spaced)?
        }
        _ => return None,
    };
    Some((label, decoded, 2 + set_end + 1 + 2 + end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_words_before_decoding() {
        let check = |block: &str, expected: &str| {
            let mended = mend(block.as_bytes()).into_owned();
            assert_eq!(String::from_utf8(mended).unwrap(), expected, "{block}");
        };
        check("Subject: plain", "Subject: plain");
        check("Subject: =?utf-8?Q?Orl=C3?=\r\n =?UTF-8?Q?=A9ans?=", "Subject: =?utf-8?Q?Orl=c3=a9ans?=");
        check("Subject: =?utf-8?B?w6k=?= =?iso-8859-1?Q?=E9?= x", "Subject: =?utf-8?Q?=c3=a9=c3=a9?= x");
        check("Subject: =?us-ascii?Q?=C3=A9_x?=\nTo: a", "Subject: =?utf-8?Q?=c3=a9=20x?=\nTo: a");
        check("Subject: =?utf-7?Q?+AGE-?=", "Subject: =?utf-8?Q?=2bAGE=2d?=");
        check("Subject: =?broken", "Subject: =?broken");
    }
}
