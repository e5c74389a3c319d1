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
    let mut same: Option<Word<'_>> = None;
    let mut length = 0;
    let mut at = 0;
    while let Some((word, taken)) = read_word(bytes.get(at..)?) {
        let flushed = match &mut same {
            Some(before) if before.is_joined_by(&word) => {
                before.payload.extend_from_slice(&word.payload);
                None
            }
            _ => same.replace(word),
        };
        push(&mut text, flushed)?;
        length = at + taken;
        let space = bytes[length..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        // A line that does not begin with a space is another header.
        let folded = !bytes[length..length + space].ends_with(b"\n");
        if space == 0 || !folded {
            break;
        }
        at = length + space;
    }
    push(&mut text, same)?;
    (length > 0).then_some((text, length))
}

/// One encoded word, or several that were one before they were cut.
struct Word<'x> {
    label: &'x str,
    /// `B` words that are cut inside a group of four letters stay encoded until the group is whole.
    is_base64: bool,
    payload: Vec<u8>,
}

impl Word<'_> {
    fn is_joined_by(&self, next: &Word<'_>) -> bool {
        self.label.eq_ignore_ascii_case(next.label)
            && self.is_base64 == next.is_base64
            && (!self.is_base64 || !self.payload.len().is_multiple_of(4))
    }
}

/// Decodes what is whole; `None` when it cannot be.
fn push(text: &mut String, word: Option<Word<'_>>) -> Option<()> {
    if let Some(word) = word {
        let bytes = if word.is_base64 { base64_decode(&word.payload)? } else { word.payload };
        text.push_str(&charset::decode(&bytes, Some(word.label)).0);
    }
    Some(())
}

/// One word and its length.
fn read_word(bytes: &[u8]) -> Option<(Word<'_>, usize)> {
    let rest = bytes.strip_prefix(b"=?")?;
    let set_end = memchr::memchr(b'?', rest.get(..rest.len().min(80))?)?;
    let label = std::str::from_utf8(&rest[..set_end]).ok().filter(|label| !label.is_empty())?;
    let (form, rest) = rest.get(set_end + 1..)?.split_first_chunk::<2>()?;
    // A search without bound in every word of a long header would be quadratic.
    let end = memmem::find(rest.get(..rest.len().min(4096))?, b"?=")?;
    let payload = rest.get(..end).filter(|payload| !payload.contains(&b'\n') && form[1] == b'?')?;
    let length = 2 + set_end + 1 + 2 + end + 2;
    let (payload, is_base64) = match form[0] {
        b'B' | b'b' if payload.len().is_multiple_of(4) => (base64_decode(payload)?, false),
        b'B' | b'b' => (payload.to_vec(), true),
        b'Q' | b'q' => {
            let spaced: Vec<u8> = payload.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            (quoted_printable_decode(&spaced)?, false)
        }
        _ => return None,
    };
    Some((Word { label, is_base64, payload }, length))
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
        check("=?utf-8?B?T3Jsww==?= =?utf-8?B?qWFucw==?=", "=?utf-8?Q?Orl=c3=a9ans?=");
        check("=?utf-8?B?T3Jsw6l?= =?utf-8?B?hbnM=?=", "=?utf-8?Q?Orl=c3=a9ans?=");
        check("Subject: =?broken", "Subject: =?broken");
    }
}
