//! One mail: headers, the text people read, and what is attached; and every
//! mail inside it. Whatever gave the parts (a file, a mailbox, the answer of a
//! mail service), they are read here.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::answers;
use super::head::Encoding;
use super::parts::{self, Parts};
use super::quoted::{self, Setting};
use super::structure::{self, Entity, Shape, Structure};
use super::views::{self, Views};
use super::{charset, flowed};
use crate::conversation::DocumentKind;
use crate::intake::draft::{Acquainted, Collected, Draft, DraftMessage, Origin, Thread, Work, hash_of, sort_by_time};
use crate::intake::markup;
use crate::intake::text::{self, Tidied};

pub(in crate::intake) fn read(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let messages = read_mail(origin, bytes, "", collected);
    add(origin, "eml", messages, collected);
}

/// Takes the mails of one file in as a document.
pub(in crate::intake) fn add(
    origin: &Origin,
    format: &'static str,
    mut messages: Vec<DraftMessage>,
    collected: &mut Collected,
) {
    let title = if format == "mbox" { None } else { messages.first().and_then(|message| message.subject.clone()) };
    sort_by_time(&mut messages);
    let source = origin.source.clone();
    collected.add(origin, Draft { source, kind: DocumentKind::Email, format, title, messages });
}

/// The mail and every mail attached to it; files attached wait in `collected`.
pub(in crate::intake) fn read_mail(
    origin: &Origin,
    bytes: &[u8],
    place: &str,
    collected: &mut Collected,
) -> Vec<DraftMessage> {
    let structure = structure::take_apart(bytes, &collected.limits);
    read_structure(origin, &structure, place, collected)
}

/// The mails of a structure, the outermost first.
pub(in crate::intake) fn read_structure(
    origin: &Origin,
    structure: &Structure<'_>,
    place: &str,
    collected: &mut Collected,
) -> Vec<DraftMessage> {
    let mut messages = Vec::new();
    if structure.entities.first().is_none_or(|first| first.head.letter.is_none()) {
        collected.leave_unread(origin, format!("{place} is not a mail that can be read").trim_start());
        return messages;
    }
    if structure.cut {
        let most = collected.limits.mail_parts;
        collected.leave_unread(
            origin,
            format!("{place} has more than {most} parts; those behind are not read").trim_start(),
        );
    }
    let mut letter_of: Vec<usize> = Vec::with_capacity(structure.entities.len());
    for (index, entity) in structure.entities.iter().enumerate() {
        let above = entity.parent.and_then(|parent| letter_of.get(parent).copied()).unwrap_or_default();
        letter_of.push(if structure.is_letter(index) { index } else { above });
    }
    for letter in (0..letter_of.len()).filter(|index| structure.is_letter(*index)) {
        let mine = |index: &usize| letter_of[*index] == letter && structure.shape(*index) == Shape::Leaf;
        let leaves: Vec<usize> = (letter..letter_of.len()).filter(mine).collect();
        let views = views::sort(structure, &leaves);
        let mut reader = MailReader { origin, place, structure, collected };
        let known = reader.read_words(letter, &views, &mut messages);
        reader.read_attachments(&views, known);
    }
    if structure.outside > 0 {
        let message = format!("{} bytes lie outside its parts and were not read", structure.outside);
        collected.warn(&origin.source, place, message);
    }
    messages
}

struct MailReader<'a, 'x> {
    origin: &'a Origin,
    /// Which mail of a mailbox it is; empty in a file of one.
    place: &'a str,
    structure: &'a Structure<'x>,
    collected: &'a mut Collected,
}

impl MailReader<'_, '_> {
    fn warn(&mut self, message: impl Into<String>) {
        self.collected.warn(&self.origin.source, self.place, message);
    }

    /// Takes headers and text in as a message, unless the same mail was read before.
    fn read_words(&mut self, letter: usize, views: &Views, messages: &mut Vec<DraftMessage>) -> Acquainted {
        let (tidied, parts) = self.read_text(views);
        self.collected.warn_of_cuts(&self.origin.source, self.place, &tidied);
        if let Some(told) = parts.warning() {
            self.warn(told);
        }
        if tidied.text.contains('\u{fffd}') {
            self.warn("some characters could not be decoded");
        }
        let head = &self.structure.entities[letter].head;
        for told in &head.told {
            self.warn(told.as_str());
        }
        let Some(written) = &head.letter else {
            if !tidied.text.is_empty() {
                self.warn("a mail inside it has no headers that can be read; its words are kept without an author");
                let pieces = quoted::split(&tidied.text, &Setting::default());
                messages.push(DraftMessage { text: tidied.text, pieces, ..DraftMessage::default() });
            }
            return Acquainted::New;
        };
        // The same words from somebody else are another mail, whatever its Message-ID says.
        let sender = written.author.as_ref().and_then(|author| author.address.as_deref()).unwrap_or_default();
        let words = format!("{} {}", sender.to_lowercase(), tidied.text);
        let known = written.key.as_deref().map_or(Acquainted::New, |key| self.collected.meet(key, &words));
        match known {
            Acquainted::New => {}
            Acquainted::SameWords => {
                self.warn("the same mail was given before: counted once");
                return known;
            }
            Acquainted::OtherWords => {
                self.warn(
                    "a mail with this Message-ID but another sender or other words was given before: both are kept",
                );
            }
        }
        if written.at.is_none() {
            self.warn(match written.arrived {
                Some(_) => "it has no date that can be read: the time it arrived is taken",
                None => "it has no date that can be read",
            });
        }
        for person in &written.people {
            self.collected.acquaint(person);
        }
        let subject = written.subject.clone();
        let setting = Setting { zone: written.zone, subject: subject.as_deref(), body_until: 0 };
        let mut pieces = quoted::split(&tidied.text, &setting);
        if answers::forget_authors(&tidied.text, &mut pieces) {
            self.warn("it says that it answers inside what it quotes: whose the quoted lines are is not known");
        }
        messages.push(DraftMessage {
            author: written.author.clone().unwrap_or_default(),
            at: written.at.or(written.arrived),
            zone: written.zone,
            text: tidied.text,
            pieces,
            subject,
            key: written.key.clone(),
            parents: written.parents.clone(),
            thread: Thread {
                addressed: written.addressed.clone(),
                index: written.thread_index.clone(),
                is_automatic: written.is_automatic,
                is_enclosed: letter > 0 || self.origin.inside.is_some(),
            },
            ..DraftMessage::default()
        });
        known
    }

    /// The text people read: plain parts, or the pages as text where these say something else.
    fn read_text(&mut self, views: &Views) -> (Tidied, Parts) {
        let plain = self.join(&views.plain);
        if views.plain == views.page {
            return (plain, Parts::Same);
        }
        let page = self.join(&views.page);
        match parts::compare(&plain.text, &page.text) {
            Parts::Same => (Tidied { unseen: page.unseen, ..plain }, Parts::Same),
            // A page of pictures shows no words; those of the plain part are all there is.
            alone @ (Parts::PlainAlone | Parts::QuotesMore) => (Tidied { unseen: page.unseen, ..plain }, alone),
            other => (page, other),
        }
    }

    fn join(&mut self, leaves: &[usize]) -> Tidied {
        let mut joined = Tidied::default();
        for entity in leaves.iter().filter_map(|leaf| self.structure.entities.get(*leaf)) {
            let (bytes, broken) = content(entity);
            if broken {
                self.warn("the encoding of its text is broken; what could be decoded was read");
            }
            let (decoded, doubt) = charset::decode(&bytes, entity.head.charset.as_deref());
            if let Some(doubt) = doubt {
                self.warn(doubt.words());
            }
            let limits = &self.collected.limits;
            let tidied = match (entity.head.kind.as_str(), entity.head.flowed) {
                ("text/html", _) => markup::html_to_text(&decoded, limits),
                (_, Some(delete_space)) => text::tidy(&flowed::join(&decoded, delete_space), limits),
                _ => text::tidy(&decoded, limits),
            };
            if joined.text.is_empty() {
                joined.text = tidied.text;
            } else if !tidied.text.is_empty() {
                joined.text.push_str("\n\n");
                joined.text.push_str(&tidied.text);
            }
            joined.breaks += tidied.breaks;
            joined.unseen += tidied.unseen;
        }
        joined
    }

    /// Lets readable attachments wait for their turn; names the others.
    fn read_attachments(&mut self, views: &Views, known: Acquainted) {
        for (index, leaf) in views.attached.iter().enumerate() {
            let Some(entity) = self.structure.entities.get(*leaf) else { continue };
            let name = attachment_name(entity, index);
            let origin = Origin {
                source: format!("{} › {name}", self.origin.source),
                name,
                inside: Some(self.origin.source.clone()),
                depth: self.origin.depth + 1,
            };
            if let Some(reason) = unreadable(entity, &origin.name) {
                self.collected.leave_unread(&origin, reason);
                continue;
            }
            let (content, broken) = content(entity);
            if is_trimming(entity, &origin.name, content.len()) {
                if known != Acquainted::SameWords {
                    self.warn(format!("{} was not read", origin.name));
                }
                continue;
            }
            if broken {
                self.warn(format!("the encoding of {} is broken; what could be decoded was read", origin.name));
            }
            // A mail given twice brings its attachments twice; they count once like the mail.
            let met = self.collected.meet(&format!("attachment {}", origin.name), &hash_of(&content).to_string());
            if met == Acquainted::SameWords && known == Acquainted::SameWords {
                continue;
            }
            self.collected.attachments.push(Work { origin, bytes: content.into_owned(), kind: None, format: None });
        }
    }
}

/// The bytes of a leaf, unwrapped, and whether its encoding is broken.
fn content<'e>(entity: &'e Entity<'_>) -> (Cow<'e, [u8]>, bool) {
    let body = entity.body.as_ref();
    let decoded = match entity.head.encoding {
        Encoding::Plain => return (Cow::Borrowed(body), false),
        Encoding::Quoted => quoted_printable_decode(body),
        Encoding::Base64 => base64_decode(body),
    };
    if let Some(decoded) = decoded {
        return (Cow::Owned(decoded), false);
    }
    if entity.head.encoding == Encoding::Quoted {
        return (Cow::Borrowed(body), true);
    }
    // A list's footer below base64 is no base64; what stands before it is.
    let is_code = |line: &[u8]| {
        line.trim_ascii().iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    let mut end = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n').take_while(|line| is_code(line)) {
        end += line.len();
    }
    let (code, rest) = body.split_at(end);
    let mut decoded = base64_decode(code).unwrap_or_default();
    decoded.push(b'\n');
    decoded.extend_from_slice(rest);
    (Cow::Owned(decoded), true)
}

/// The attachment's own name, or one made from its type.
fn attachment_name(entity: &Entity<'_>, index: usize) -> String {
    if let Some(name) = &entity.head.name {
        return name.clone();
    }
    let ending = match entity.head.kind.as_str() {
        "text/html" => "html",
        "text/calendar" => "ics",
        "message/rfc822" | "message/global" => "eml",
        kind if kind.starts_with("text/") => "txt",
        _ => "bin",
    };
    format!("attachment {}.{ending}", index + 1)
}

/// Why nothing can be read from an attachment of this kind.
fn unreadable(entity: &Entity<'_>, name: &str) -> Option<String> {
    let kind = entity.head.kind.as_str();
    if let Some(reason) = &entity.absent {
        return Some(reason.clone());
    }
    if kind.ends_with("ms-tnef") || name.eq_ignore_ascii_case("winmail.dat") {
        return Some(
            "it is a file that only Outlook reads (TNEF), and attachments may be inside: ask its sender to send the mail as HTML or plain text".to_owned(),
        );
    }
    (kind == "message/external-body").then(|| "its content lies elsewhere: ask its sender for it".to_owned())
}

/// What a mail program adds for itself: images in the text, signatures, contact cards, receipts.
fn is_trimming(entity: &Entity<'_>, name: &str, bytes: usize) -> bool {
    /// An attached picture of this size may be a scan of something.
    const SCAN_BYTES: usize = 64 * 1024;
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let (main, sub) = entity.head.kind.split_once('/').unwrap_or_default();
    let is_image = main == "image" || ends(&[".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp"]);
    if is_image {
        return !(entity.head.attached && !entity.head.has_content_id && bytes >= SCAN_BYTES);
    }
    let shapes =
        ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "vcard", "x-vcard", "pgp-keys", "pgp-encrypted"];
    let reports = ["delivery-status", "disposition-notification", "rfc822-headers"];
    shapes.contains(&sub) || reports.contains(&sub) || ends(&[".p7s", ".vcf", ".asc.sig", ".sig"]) || bytes == 0
}
