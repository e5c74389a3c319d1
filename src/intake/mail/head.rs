//! The headers of a mail or of one of its parts. They are cut to the limits
//! and mended before the header parser sees them, and come out owned.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders};

use super::{charset, encoded};
use crate::config::Limits;
use crate::conversation::Author;
use crate::intake::names;

/// A header of a content type longer than this names nothing that helps.
const MAX_CONTENT_HEADER_BYTES: usize = 16 * 1024;

/// How a part's bytes are wrapped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::intake) enum Encoding {
    #[default]
    Plain,
    Base64,
    Quoted,
}

/// What the headers of a part say of its content.
#[derive(Debug, Default)]
pub(in crate::intake) struct Head {
    /// `text/plain` in lower case; empty when it is not said.
    pub kind: String,
    pub charset: Option<String>,
    /// `format=flowed`, and whether with `DelSp=yes`.
    pub flowed: Option<bool>,
    pub boundary: Option<String>,
    /// The attachment's own name without folders.
    pub name: Option<String>,
    pub attached: bool,
    pub has_content_id: bool,
    pub encoding: Encoding,
    /// What had to be cut or guessed.
    pub told: Vec<String>,
    /// Of a whole mail: who wrote it and when.
    pub letter: Option<Letter>,
}

/// What the headers of a mail say of it.
#[derive(Debug, Default)]
pub(in crate::intake) struct Letter {
    pub author: Option<Author>,
    /// Everyone named in it.
    pub people: Vec<Author>,
    /// The addresses it went to, in lower case.
    pub addressed: Vec<String>,
    pub subject: Option<String>,
    pub at: Option<Timestamp>,
    pub zone: Option<Offset>,
    /// When it came in, for mails without a date.
    pub arrived: Option<Timestamp>,
    pub key: Option<String>,
    pub parents: Vec<String>,
    /// Outlook's place in the thread, in base64.
    pub thread_index: Option<String>,
    /// A program wrote it by itself (RFC 3834, and what programs said before it), or it names two senders: it answers nothing.
    pub is_automatic: bool,
}

/// Reads a block of header lines; `is_letter` for those of a whole mail.
pub(in crate::intake) fn read(block: &[u8], is_letter: bool, limits: &Limits) -> Head {
    let mut head = Head::default();
    let cut = cut_to_limits(block, limits, &mut head.told);
    let mended = encoded::mend(&cut);
    let text: Cow<'_, [u8]> = match std::str::from_utf8(&mended) {
        Ok(_) => mended,
        Err(_) => Cow::Owned(charset::decode(&mended, None).0.into_owned().into_bytes()),
    };
    // The parser promises not to panic; a promise of others is no reason to lose the whole conversation.
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse_headers(text.as_ref()));
    let Some(mail) = parsed.ok().flatten() else { return head };
    read_content(&mail, &mut head);
    if is_letter {
        head.letter = Some(read_letter(&mail));
    }
    head
}

/// The block as it is, or with its longest headers cut and the last ones left out.
fn cut_to_limits<'x>(block: &'x [u8], limits: &Limits, told: &mut Vec<String>) -> Cow<'x, [u8]> {
    let lines = memchr::memchr_iter(b'\n', block).count();
    if block.len() <= limits.header_bytes.min(MAX_CONTENT_HEADER_BYTES) && lines <= limits.mail_headers {
        return Cow::Borrowed(block);
    }
    let mut out = Vec::with_capacity(block.len().min(1024 * 1024));
    let (mut headers, mut cut, mut room, mut is_cut) = (0, 0, 0, false);
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            headers += 1;
            if headers > limits.mail_headers {
                break;
            }
            let content = line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
            room = if content { limits.header_bytes.min(MAX_CONTENT_HEADER_BYTES) } else { limits.header_bytes };
            is_cut = false;
        }
        if is_cut {
            continue;
        }
        if line.len() <= room {
            out.extend_from_slice(line);
            room -= line.len();
        } else {
            out.extend_from_slice(&line[..room]);
            out.push(b'\n');
            (cut, is_cut) = (cut + 1, true);
        }
    }
    if headers > limits.mail_headers {
        told.push(format!("it has more than {} header lines: those behind were not read", limits.mail_headers));
    }
    if cut > 0 {
        told.push(format!("{cut} headers are longer than the limit and were read to there"));
    }
    Cow::Owned(out)
}

fn read_content(mail: &Message<'_>, head: &mut Head) {
    let Some(part) = mail.parts.first() else { return };
    if let Some(kind) = part.content_type() {
        let sub = kind.subtype().unwrap_or_default();
        head.kind = format!("{}/{sub}", kind.ctype()).to_ascii_lowercase();
        head.charset = kind.attribute("charset").map(str::to_owned);
        head.boundary =
            kind.attribute("boundary").map(|mark| mark.trim_end().to_owned()).filter(|mark| !mark.is_empty());
        let is = |name: &str, value: &str| kind.attribute(name).is_some_and(|given| given.eq_ignore_ascii_case(value));
        head.flowed = is("format", "flowed").then(|| is("delsp", "yes"));
    }
    head.attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
    let name = part.attachment_name().map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().trim());
    let name = name.map(|name| name.chars().filter(|c| !c.is_control()).take(200).collect::<String>());
    head.name = name.filter(|name| !name.is_empty());
    head.has_content_id = part.content_id().is_some();
    head.encoding = match part.content_transfer_encoding().map(|encoding| encoding.trim().to_ascii_lowercase()) {
        Some(encoding) if encoding == "base64" => Encoding::Base64,
        Some(encoding) if encoding == "quoted-printable" => Encoding::Quoted,
        _ => Encoding::Plain,
    };
}

fn read_letter(mail: &Message<'_>) -> Letter {
    let (at, zone) = mail.date().map_or((None, None), read_date);
    let people = [mail.from(), mail.to(), mail.cc(), mail.reply_to()].into_iter().flatten().flat_map(authors);
    let received = mail.header(HeaderName::Received).and_then(|value| match value {
        HeaderValue::Received(received) => received.date,
        _ => None,
    });
    let thread_index = mail.header("Thread-Index").and_then(HeaderValue::as_text);
    let to = [mail.to(), mail.cc()].into_iter().flatten().flat_map(authors);
    Letter {
        author: [mail.from(), mail.sender()].into_iter().flatten().find_map(|list| authors(list).next()),
        people: people.collect(),
        addressed: to.filter_map(|person| person.address.map(|address| address.to_lowercase())).collect(),
        subject: mail.subject().map(str::to_owned),
        at,
        zone,
        arrived: received.and_then(|date| read_date(&date).0),
        key: mail.message_id().map(|id| format!("<{}>", id.trim_matches(['<', '>']))),
        parents: parents(mail),
        thread_index: thread_index.map(|index| index.split_whitespace().collect()),
        is_automatic: is_automatic(mail) || has_several_heads(mail),
    }
}

fn is_automatic(mail: &Message<'_>) -> bool {
    let says = |name: &'static str| mail.header(name).and_then(HeaderValue::as_text).map(str::trim);
    says("Auto-Submitted").is_some_and(|how| !how.eq_ignore_ascii_case("no"))
        || says("X-Autoreply").is_some()
        || says("X-Autorespond").is_some()
        || says("Precedence").is_some_and(|how| how.eq_ignore_ascii_case("auto_reply"))
}

/// Two `From` lines: who checked the sender may have looked at the other one, so that it is nobody's own word.
fn has_several_heads(mail: &Message<'_>) -> bool {
    mail.headers().iter().filter(|header| header.name == HeaderName::From).count() > 1
}

fn authors<'a>(list: &'a Address<'a>) -> impl Iterator<Item = Author> + 'a {
    let people = list.iter().map(|person| {
        let address = person.address().map(|address| address.trim().to_owned()).filter(|address| !address.is_empty());
        let name = person.name().map(names::tidy_name);
        let name = name.filter(|name| !name.is_empty() && Some(name) != address.as_ref());
        Author { name, address, side: Default::default() }
    });
    people.filter(|author| author.label().is_some())
}

/// The mails it may answer, nearest first.
fn parents(mail: &Message<'_>) -> Vec<String> {
    let mut ids = Vec::new();
    for header in [mail.in_reply_to(), mail.references()] {
        let found: Vec<&str> = match header {
            HeaderValue::Text(id) => vec![id.as_ref()],
            HeaderValue::TextList(list) => list.iter().rev().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        };
        ids.extend(found.into_iter().map(|id| format!("<{}>", id.trim_matches(['<', '>']))));
    }
    ids
}

fn read_date(date: &mail_parser::DateTime) -> (Option<Timestamp>, Option<Offset>) {
    let part = |value: u8| i8::try_from(value).unwrap_or(-1);
    let written = civil::DateTime::new(
        i16::try_from(date.year).unwrap_or(-1),
        part(date.month),
        part(date.day),
        part(date.hour),
        part(date.minute),
        part(date.second.min(59)),
        0,
    );
    let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
    let unknown = date.tz_before_gmt && seconds == 0;
    let offset = Offset::from_seconds(if date.tz_before_gmt { -seconds } else { seconds }).ok();
    let at = written.ok().zip(offset).and_then(|(written, offset)| offset.to_timestamp(written).ok());
    (at, offset.filter(|_| at.is_some() && !unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(block: &str) -> Head {
        read(block.as_bytes(), true, &Limits::default())
    }

    #[test]
    fn names_survive_every_dress() {
        let check = |header: &str, expected: &str| {
            let name =
                head(&format!("Content-Type: application/pdf\nContent-Disposition: attachment; {header}\n")).name;
            assert_eq!(name.as_deref(), Some(expected), "{header}");
        };
        check("filename=\"plan.pdf\"", "plan.pdf");
        check("filename*=utf-8''Angebot%20M%C3%BCller.pdf", "Angebot Müller.pdf");
        check("filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf");
        check("filename=\"=?utf-8?Q?Angebot=20M=C3=BCller.pdf?=\"", "Angebot Müller.pdf");
        check("filename=\"../../etc/plan.pdf\"", "plan.pdf");
    }

    #[test]
    fn people_and_subjects_are_read_whole() {
        let letter = head("From: =?iso-8859-1?Q?Ren=E9e_?= =?iso-8859-1?Q?O=27Neil?= <r@n.example>\nTo: \"Whitfield, Dana\" <D@n.example>\nSubject: =?utf-8?Q?Orl=C3?=\n =?utf-8?Q?=A9ans?= rollout\n").letter.unwrap();
        assert_eq!(letter.author.unwrap().name.as_deref(), Some("Renée O'Neil"));
        assert_eq!(letter.subject.as_deref(), Some("Orléans rollout"));
        assert_eq!(letter.addressed, ["d@n.example"]);
    }

    #[test]
    fn limits_cut_and_tell() {
        let long =
            format!("Subject: a\nTo: {}\nDate: Mon, 2 Mar 2026 09:14:00 +0100\n", "x@y.example, ".repeat(20_000));
        let read = head(&long);
        assert_eq!(read.told.len(), 1);
        let letter = read.letter.unwrap();
        assert!(letter.at.is_some() && letter.subject.is_some());
        assert_eq!(head(&"X-A: b\n".repeat(2_000)).told.len(), 1);
    }
}
