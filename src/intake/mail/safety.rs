//! Attached mails that are encoded. The standard forbids it, and the MIME
//! parser reads them by recursion and copies, which lets a small mail use all
//! memory. Their encoding header is renamed before parsing; what they hold is
//! decoded afterwards and read as a file of its own, with its depth counted.

use std::borrow::Cow;

use mail_parser::MessagePart;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

const ENCODING: &[u8] = b"content-transfer-encoding";

/// As long as the true name, so that no offset moves.
const DISARMED: &[u8] = b"x-baton-transfer-encoding";

/// The mail with the encoding headers of attached mails renamed; borrowed when there are none.
pub(in crate::intake) fn disarm(bytes: &[u8]) -> Cow<'_, [u8]> {
    let lower = |needle: &[u8]| contains_ignoring_case(bytes, needle);
    let digest = lower(b"multipart/digest") || lower(b"digest");
    if !lower(ENCODING) || !(digest || lower(b"rfc822") || lower(b"global")) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Cow::Borrowed(bytes);
    let mut start = 0;
    let mut encodings: Vec<usize> = Vec::new();
    let (mut mail_type, mut any_type) = (false, false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let blank = line.trim_ascii().is_empty();
        if blank || line.starts_with(b"--") {
            if mail_type || digest && !any_type {
                for at in &encodings {
                    out.to_mut()[*at..at + ENCODING.len()].copy_from_slice(DISARMED);
                }
            }
            encodings.clear();
            (mail_type, any_type) = (false, false);
        } else {
            any_type |= contains_ignoring_case(line, b"content-type");
            mail_type |= contains_ignoring_case(line, b"rfc822") || contains_ignoring_case(line, b"global");
            if line.get(..ENCODING.len()).is_some_and(|name| name.eq_ignore_ascii_case(ENCODING)) {
                encodings.push(start);
            }
        }
        start += line.len();
    }
    out
}

fn contains_ignoring_case(bytes: &[u8], lower: &[u8]) -> bool {
    let Some(first) = lower.first() else { return true };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), bytes)
        .any(|at| bytes.get(at..at + lower.len()).is_some_and(|part| part.eq_ignore_ascii_case(lower)))
}

/// Whether the part is an attached mail whose encoding was hidden from the parser.
pub(in crate::intake) fn is_disarmed(part: &MessagePart<'_>) -> bool {
    matches!(hidden_encoding(part).as_deref(), Some("base64" | "quoted-printable"))
}

fn hidden_encoding(part: &MessagePart<'_>) -> Option<String> {
    let header = part.headers.iter().find(|header| header.name().as_bytes().eq_ignore_ascii_case(DISARMED))?;
    Some(header.value().as_text()?.trim().to_ascii_lowercase())
}

/// What an attached mail that was disarmed holds, decoded from `raw`, the whole mail.
pub(in crate::intake) fn decode_disarmed(part: &MessagePart<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    let body = raw.get(part.offset_body as usize..)?;
    if hidden_encoding(part)? == "base64" {
        // No line of base64 begins with two dashes: that is the mark below the part.
        let end = memchr::memmem::find(body, b"\n--").unwrap_or(body.len());
        return base64_decode(body.get(..end)?);
    }
    let end = part.offset_end.checked_sub(part.offset_body).map_or(body.len(), |length| length as usize);
    quoted_printable_decode(body.get(..end).unwrap_or(body))
}

/// How many bytes behind the last part are more than the mark of its end: a broken mail hides words there.
pub(in crate::intake) fn words_outside(raw: &[u8], read_until: usize) -> usize {
    let rest = raw.get(read_until..).unwrap_or_default();
    let lines = rest.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.starts_with(b"--")).map(<[u8]>::len).sum()
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::*;

    #[test]
    fn renames_only_encodings_of_attached_mails() {
        let plain = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGk=";
        assert!(matches!(disarm(plain), Cow::Borrowed(_)));
        let mail = b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSGk=\n--a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nSGk=\n--a--";
        let disarmed = disarm(mail);
        assert_eq!(disarmed.len(), mail.len());
        assert_eq!(memmem::find_iter(&disarmed, b"x-baton-transfer-encoding").count(), 1);
        assert_eq!(memmem::find_iter(&disarmed, b"Content-Transfer-Encoding").count(), 1);
    }
}
