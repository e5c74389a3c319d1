//! Mailboxes: many mails in one file, each behind a `From ` line. Lengths in
//! headers are not trusted; only a `From ` line with a time, behind a blank
//! line and before a header line, parts two mails.

use std::borrow::Cow;

use memchr::memmem;

use super::email;
use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Draft, Origin, sort_by_time};
use crate::intake::recognition::header_name;

/// Whether the bytes open like a mailbox.
pub(in crate::intake) fn is_mailbox(bytes: &[u8]) -> bool {
    parts_mails(bytes, 0)
}

pub(in crate::intake) fn read(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let mut messages = Vec::new();
    for (index, mail) in split(bytes).into_iter().enumerate() {
        let place = format!("mail {}", index + 1);
        messages.extend(email::read_mail(origin, &unescape(mail), &place, collected));
    }
    sort_by_time(&mut messages);
    collected.add(
        origin,
        Draft { source: origin.source.clone(), kind: DocumentKind::Email, format: "mbox", title: None, messages },
    );
}

/// The mails without their `From ` lines.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut mails = Vec::new();
    let mut start = 0;
    for at in memmem::find_iter(bytes, b"\nFrom ").map(|at| at + 1) {
        let behind_blank = bytes[..at].ends_with(b"\n\n") || bytes[..at].ends_with(b"\n\r\n");
        if behind_blank && parts_mails(bytes, at) {
            mails.push(body_of(&bytes[start..at]));
            start = at;
        }
    }
    mails.push(body_of(&bytes[start..]));
    mails
}

/// A mail without its `From ` line and the blank line behind it.
fn body_of(mail: &[u8]) -> &[u8] {
    let from = memchr::memchr(b'\n', mail).map_or(mail.len(), |end| end + 1);
    mail[from..].trim_ascii_end()
}

/// `From dana@northwind.example Mon Mar  2 09:14:00 2026`, and a header line below.
fn parts_mails(bytes: &[u8], at: usize) -> bool {
    let rest = &bytes[at..];
    if !rest.starts_with(b"From ") {
        return false;
    }
    let Some(end) = memchr::memchr(b'\n', &rest[..rest.len().min(512)]) else { return false };
    let line = &rest[..end];
    let timed = line.windows(5).any(|part| part[2] == b':' && part[0].is_ascii_digit() && part[3].is_ascii_digit());
    let next = &rest[end + 1..];
    let next = &next[..memchr::memchr(b'\n', &next[..next.len().min(4096)]).unwrap_or(next.len().min(4096))];
    timed && (header_name(next).is_some() || next.starts_with(b">From "))
}

/// `>From ` at the start of a line loses one mark again.
fn unescape(mail: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(mail, b">From ").is_none() {
        return Cow::Borrowed(mail);
    }
    let mut plain = Vec::with_capacity(mail.len());
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let escaped = marks > 0 && line[marks..].starts_with(b"From ");
        plain.extend_from_slice(&line[usize::from(escaped)..]);
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_unescapes() {
        let mailbox = b"From d@n.example Mon Mar  2 09:14:00 2026\nSubject: a\n\n>From us\nFrom here on\n\nFrom there at 10:00 we go\n\nFrom m@a.example Mon Mar  2 10:00:00 2026\nSubject: b\n\ntwo\n";
        assert!(is_mailbox(mailbox));
        let mails = split(mailbox);
        assert_eq!(mails.len(), 2);
        assert!(unescape(mails[0]).ends_with(b"\n\nFrom us\nFrom here on\n\nFrom there at 10:00 we go"));
        assert_eq!(mails[1], b"Subject: b\n\ntwo");
        assert!(!is_mailbox(b"From here on at 10:00 we go\nand go"));
    }
}
