//! One mail: headers, the text people read, and what is attached. MIME is left
//! to `mail-parser`; attached mails are walked without recursion, because
//! their depth is the sender's choice.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::parts::{self, Parts};
use super::quoted::{self, Setting};
use super::safety;
use crate::config::Limits;
use crate::conversation::{Author, DocumentKind};
use crate::intake::draft::{Acquainted, Collected, Draft, DraftMessage, Origin, Work, sort_by_time};
use crate::intake::text::{self, Tidied};
use crate::intake::{markup, names};

/// Attached mails beyond this many are reported as unread.
const MAX_ATTACHED_MAILS: usize = 500;

pub(in crate::intake) fn read(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let mut messages = read_mail(origin, bytes, "", collected);
    let title = messages.first().and_then(|message| message.subject.clone());
    sort_by_time(&mut messages);
    collected.add(
        origin,
        Draft { source: origin.source.clone(), kind: DocumentKind::Email, format: "eml", title, messages },
    );
}

/// The mail and every mail attached to it; files attached wait in `collected`.
pub(in crate::intake) fn read_mail(
    origin: &Origin,
    bytes: &[u8],
    place: &str,
    collected: &mut Collected,
) -> Vec<DraftMessage> {
    let bytes = safety::disarm(bytes);
    let mut messages = Vec::new();
    // The parser promises not to panic; a promise of others is no reason to lose the whole conversation.
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(bytes.as_ref()));
    let Some(first) = parsed.ok().flatten() else {
        collected.leave_unread(origin, format!("{place} is not a mail that can be read").trim_start());
        return messages;
    };
    let mut read_until = 0;
    let mut waiting = vec![(first, Fate::Read)];
    let mut taken = 0;
    while let Some((mut mail, fate)) = waiting.pop() {
        if fate == Fate::Read {
            taken += 1;
        }
        if fate == Fate::TakeApart || taken > MAX_ATTACHED_MAILS {
            waiting.extend(attached_mails(&mut mail).into_iter().map(|(mail, _)| (mail, fate)));
            continue;
        }
        read_until = mail
            .parts
            .iter()
            .filter(|part| !part.is_multipart())
            .map(|part| part.offset_end)
            .fold(read_until, u32::max);
        let mut reader = MailReader { origin, place, collected };
        let known = reader.read_words(&mail, &mut messages);
        reader.read_attachments(&mail, &bytes, known);
        let attached = attached_mails(&mut mail);
        waiting.extend(attached.into_iter().rev());
    }
    let outside = safety::words_outside(&bytes, read_until as usize);
    if outside > 0 {
        collected.warn(
            &origin.source,
            place,
            format!("its last {outside} bytes lie outside its parts and were not read"),
        );
    }
    if taken > MAX_ATTACHED_MAILS {
        collected.leave_unread(origin, format!("{} attached mails are beyond the limit", taken - MAX_ATTACHED_MAILS));
    }
    messages
}

/// What happens to a mail inside a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Read,
    /// Only emptied from the outside in: dropping it whole would recurse as deep as it is nested.
    TakeApart,
}

fn attached_mails<'x>(mail: &mut Message<'x>) -> Vec<(Message<'x>, Fate)> {
    let mut attached = Vec::new();
    for part in &mut mail.parts {
        if !matches!(part.body, PartType::Message(_)) {
            continue;
        }
        let fate = if safety::is_disarmed(part) { Fate::TakeApart } else { Fate::Read };
        if let PartType::Message(inner) = std::mem::take(&mut part.body) {
            attached.push((inner, fate));
        }
    }
    attached
}

struct MailReader<'a> {
    origin: &'a Origin,
    /// Which mail of a mailbox it is; empty in a file of one.
    place: &'a str,
    collected: &'a mut Collected,
}

impl MailReader<'_> {
    /// Takes headers and text in as a message, unless the same mail was read before.
    fn read_words(&mut self, mail: &Message<'_>, messages: &mut Vec<DraftMessage>) -> Acquainted {
        let (tidied, parts) = read_text(mail, &self.collected.limits);
        let source = &self.origin.source;
        self.collected.warn_of_cuts(source, self.place, &tidied);
        if let Some(told) = parts.warning() {
            self.collected.warn(source, self.place, told);
        }
        if tidied.text.contains('\u{fffd}') {
            self.collected.warn(source, self.place, "some characters could not be decoded");
        }
        let key = mail.message_id().map(|id| format!("<{}>", id.trim_matches(['<', '>'])));
        let known = key.as_deref().map_or(Acquainted::New, |key| self.collected.meet(key, &tidied.text));
        match known {
            Acquainted::New => {}
            Acquainted::SameWords => {
                self.collected.warn(source, self.place, "the same mail was given before: counted once");
                return known;
            }
            Acquainted::OtherWords => {
                self.collected.warn(
                    source,
                    self.place,
                    "a mail with this Message-ID but other words was given before: both are kept",
                );
            }
        }
        let subject = mail.subject().map(str::to_owned);
        let (at, zone) = mail.date().map_or((None, None), read_date);
        if at.is_none() {
            self.collected.warn(source, self.place, "it has no date that can be read");
        }
        for address in [mail.from(), mail.to(), mail.cc(), mail.reply_to()].into_iter().flatten() {
            for person in authors(address) {
                self.collected.acquaint(&person);
            }
        }
        let author = [mail.from(), mail.sender()].into_iter().flatten().find_map(|list| authors(list).next());
        let pieces = quoted::split(&tidied.text, &Setting { zone, subject: subject.as_deref(), body_until: 0 });
        messages.push(DraftMessage {
            author: author.unwrap_or_default(),
            at,
            zone,
            subject,
            text: tidied.text,
            pieces,
            key,
            parents: parents(mail),
            ..DraftMessage::default()
        });
        known
    }

    /// Lets readable attachments wait for their turn; names the others.
    fn read_attachments(&mut self, mail: &Message<'_>, raw: &[u8], known: Acquainted) {
        let body = mail.text_body.first().copied();
        let in_text =
            mail.text_body.iter().copied().filter(|id| Some(*id) != body && is_named(mail.parts.get(*id as usize)));
        for (index, id) in mail.attachments.iter().copied().chain(in_text).enumerate() {
            let Some(part) = mail.parts.get(id as usize) else { continue };
            let name = attachment_name(part, index);
            let content: Cow<'_, [u8]> = match &part.body {
                _ if safety::is_disarmed(part) => {
                    // What cannot be decoded waits as it stands, to be told unreadable in its turn.
                    let decoded = safety::decode_disarmed(part, raw).filter(|decoded| !decoded.is_empty());
                    Cow::Owned(decoded.unwrap_or_else(|| vec![0]))
                }
                PartType::Multipart(_) | PartType::Message(_) => continue,
                _ => Cow::Borrowed(part.contents()),
            };
            if is_trimming(part, &name, content.len()) {
                if known != Acquainted::SameWords {
                    self.collected.warn(&self.origin.source, self.place, format!("{name} was not read"));
                }
                continue;
            }
            // A mail given twice brings its attachments twice; they count once like the mail.
            if self.collected.meet(&format!("attachment {name}"), &crate::intake::draft::hash_of(&content).to_string())
                == Acquainted::SameWords
                && known == Acquainted::SameWords
            {
                continue;
            }
            self.collected.attachments.push(Work {
                origin: Origin {
                    source: format!("{} › {name}", self.origin.source),
                    name,
                    inside: Some(self.origin.source.clone()),
                    depth: self.origin.depth + 1,
                },
                bytes: content.into_owned(),
                kind: None,
                format: None,
            });
        }
    }
}

/// The text people read: plain parts, or the HTML ones as text where these say something else.
fn read_text(mail: &Message<'_>, limits: &Limits) -> (Tidied, Parts) {
    let join = |ids: &[u32]| {
        let mut joined = Tidied::default();
        for (index, id) in ids.iter().enumerate() {
            let Some(part) = mail.parts.get(*id as usize).filter(|part| index == 0 || !is_named(Some(part))) else {
                continue;
            };
            let tidied = match &part.body {
                PartType::Text(text) => text::tidy(text, limits),
                PartType::Html(html) => markup::html_to_text(html, limits),
                _ => continue,
            };
            if !joined.text.is_empty() && !tidied.text.is_empty() {
                joined.text.push_str("\n\n");
            }
            joined.text.push_str(&tidied.text);
            joined.breaks += tidied.breaks;
            joined.unseen += tidied.unseen;
        }
        joined
    };
    let plain = join(&mail.text_body);
    if mail.html_body == mail.text_body {
        return (plain, Parts::Same);
    }
    let page = join(&mail.html_body);
    match parts::compare(&plain.text, &page.text) {
        Parts::Same => (Tidied { unseen: page.unseen, ..plain }, Parts::Same),
        // A page of pictures shows no words; those of the plain part are all there is.
        alone @ (Parts::PlainAlone | Parts::QuotesMore) => (Tidied { unseen: page.unseen, ..plain }, alone),
        other => (page, other),
    }
}

fn is_named(part: Option<&MessagePart<'_>>) -> bool {
    part.is_some_and(|part| part.attachment_name().is_some())
}

/// The attachment's own name without folders, or one made from its type.
fn attachment_name(part: &MessagePart<'_>, index: usize) -> String {
    let given = part.attachment_name().map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().trim());
    if let Some(name) = given.filter(|name| !name.is_empty()) {
        return name.chars().filter(|c| !c.is_control()).take(200).collect();
    }
    let ending = match &part.body {
        PartType::Html(_) => "html",
        PartType::Text(_) => "txt",
        PartType::Message(_) => "eml",
        _ => "bin",
    };
    format!("attachment {}.{ending}", index + 1)
}

/// What a mail program adds for itself: images in the text, signatures, contact cards, invitations, receipts.
fn is_trimming(part: &MessagePart<'_>, name: &str, bytes: usize) -> bool {
    /// An attached picture of this size may be a scan of something.
    const SCAN_BYTES: usize = 64 * 1024;
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let kind = part.content_type();
    let (main, sub) = kind.map_or((String::new(), String::new()), |kind| {
        (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase())
    });
    let is_image = main == "image" || ends(&[".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp"]);
    if is_image {
        let attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
        return !(attached && part.content_id().is_none() && bytes >= SCAN_BYTES);
    }
    let shapes =
        ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "calendar", "ics", "vcard", "x-vcard", "pgp-keys"];
    let reports = ["delivery-status", "disposition-notification", "rfc822-headers"];
    shapes.contains(&sub.as_str())
        || reports.contains(&sub.as_str())
        || ends(&[".p7s", ".vcf", ".ics", ".asc.sig", ".sig"])
        || bytes == 0
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
