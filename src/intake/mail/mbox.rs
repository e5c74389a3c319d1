//! Mailboxes: many mails in one file, each behind a `From ` line. Lengths in
//! headers are not trusted; only a `From ` line with a time parts two mails,
//! behind a blank line and before a header line, or a whole one with its date.

use std::borrow::Cow;

use memchr::memmem;

use super::email;
use crate::intake::draft::{Collected, Origin};
use crate::intake::recognition::header_name;

/// Whether the bytes open like a mailbox.
pub(in crate::intake) fn is_mailbox(bytes: &[u8]) -> bool {
    parts_mails(bytes, 0)
}

pub(in crate::intake) fn read(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let mut messages = Vec::new();
    for (index, mail) in split(bytes).into_iter().enumerate() {
        let place = format!("mail {}", index + 1);
        if mail.is_empty() {
            collected.warn(&origin.source, place, "it is empty");
            continue;
        }
        messages.extend(email::read_mail(origin, &unescape(mail), &place, collected));
    }
    email::add(origin, "mbox", messages, collected);
}

/// The mails without their `From ` lines.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut mails = Vec::new();
    let mut start = 0;
    for at in memmem::find_iter(bytes, b"\nFrom ").map(|at| at + 1) {
        let behind_blank = bytes[..at].ends_with(b"\n\n") || bytes[..at].ends_with(b"\n\r\n");
        if behind_blank && parts_mails(bytes, at) || parts_for_certain(bytes, at) {
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

/// A whole `From ` line, which no sentence is: it parts mails without a blank line above it, and empty mails.
fn parts_for_certain(bytes: &[u8], at: usize) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let rest = &bytes[at..];
    let end = memchr::memchr(b'\n', &rest[..rest.len().min(512)]).unwrap_or(rest.len().min(512));
    let words: Vec<&[u8]> =
        rest[..end].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(9).collect();
    let is_sender =
        words.get(1).is_some_and(|sender| sender.contains(&b'@') || *sender == b"MAILER-DAEMON" || *sender == b"-");
    let is_time = |word: &&[u8]| word.len() >= 5 && word[2] == b':' && word[0].is_ascii_digit();
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let dated = words.get(2).is_some_and(|day| DAYS.contains(day))
        && words.get(5).is_some_and(is_time)
        && words.iter().skip(6).any(is_year);
    let next = rest.get(end + 1..).unwrap_or_default();
    let next = &next[..memchr::memchr(b'\n', &next[..next.len().min(4096)]).unwrap_or(next.len().min(4096))];
    let opens = next.trim_ascii().is_empty() || next.starts_with(b"From ") || header_name(next).is_some();
    is_sender && dated && opens
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
        let parted = |mailbox: &[u8]| split(mailbox).len();
        let line = "From d@n.example Mon Mar  2 09:14:00 2026\n";
        assert_eq!(
            parted(format!("{line}Subject: a\n\nhi\n{line}Subject: b\n\nho\n").as_bytes()),
            2,
            "no blank line between"
        );
        assert_eq!(parted(format!("{line}\n{line}Subject: b\n\nho\n").as_bytes()), 2, "an empty mail");
        assert_eq!(parted(format!("{line}Subject: a\n\nhi\n\nFrom 9:00 on Monday we go\nNote: go\n").as_bytes()), 1);
        assert_eq!(parted(format!("{line}Subject: a\n\n{line}").replace('\n', "\r\n").as_bytes()), 2);
        assert!(!is_mailbox(b"From here on at 10:00 we go\nand go"));
    }
}
