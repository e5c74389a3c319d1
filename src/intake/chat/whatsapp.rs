//! WhatsApp's "Export chat": a text file with one line for each message, its
//! further lines behind it (WhatsApp's help page "How to export your chat
//! history"). Android writes `02/03/2026, 09:14 - Dana: words`, an iPhone
//! `[02.03.26, 09:14:05] Dana: words`; the order of day and month is that of the
//! phone, so it is decided over the whole file, or the times stay unknown.

use super::whatsapp_line::{self as line, Head, Order};
use crate::config::Limits;
use crate::conversation::{Author, DocumentKind, Unread};
use crate::intake::archive::Archive;
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin, Piece, Work};
use crate::intake::{names, text};

/// Likeness is judged by this many lines.
const MAX_JUDGED_LINES: usize = 200;

/// What WhatsApp writes where a picture, a voice note or a file was.
const OMITTED: [(&str, Media); 11] = [
    ("<media omitted>", Media::Unknown),
    ("image omitted", Media::Picture),
    ("sticker omitted", Media::Picture),
    ("gif omitted", Media::Picture),
    ("video omitted", Media::Recording),
    ("video note omitted", Media::Recording),
    ("audio omitted", Media::Recording),
    ("document omitted", Media::Document),
    ("contact card omitted", Media::Document),
    ("<medien ausgeschlossen>", Media::Unknown),
    ("<médias omis>", Media::Unknown),
];

const DELETED: [&str; 4] = [
    "this message was deleted",
    "you deleted this message",
    "this message was deleted by admin",
    "diese nachricht wurde gelöscht",
];

const EDITED: [&str; 2] = ["<this message was edited>", "<diese nachricht wurde bearbeitet>"];

/// Beginnings of notices that stand where words would.
const NOTICES: [&str; 9] = [
    "messages and calls are end-to-end encrypted",
    "messages to this chat and calls are now secured",
    "missed voice call",
    "missed video call",
    "missed group",
    "voice call",
    "video call",
    "your security code with",
    "waiting for this message",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    Picture,
    /// Spoken words.
    Recording,
    Document,
    Unknown,
}

/// What one message's words are.
#[derive(Debug, PartialEq)]
enum Said<'t> {
    Words {
        words: &'t str,
        edited: bool,
    },
    /// A file, its name where the line tells it, whether it was exported beside the chat, and the words under it.
    Media {
        kind: Media,
        name: Option<&'t str>,
        attached: bool,
        caption: &'t str,
    },
    Deleted,
    Notice,
}

/// Whether a text is an exported chat: its first line and one further, or all there is, open messages.
pub(in crate::intake) fn is_chat(start: &str) -> bool {
    let mut heads =
        start.lines().take(MAX_JUDGED_LINES).map(|line| line::read_head(&line::without_marks(line)).is_some());
    if heads.next() != Some(true) {
        return false;
    }
    heads.any(|head| head) || start.lines().nth(1).is_none() && start.contains(": ")
}

/// Whether an archive is an exported chat with its files.
pub(in crate::intake) fn is_archive(bytes: &[u8], limits: &Limits) -> bool {
    let Ok(archive) = Archive::open(bytes, limits) else { return false };
    archive.names().iter().any(|name| is_chat_file(name))
}

fn is_chat_file(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    name == "_chat.txt" || name.starts_with("WhatsApp Chat ") && name.ends_with(".txt")
}

/// Hands the chat of an archive over and names the files beside it.
pub(in crate::intake) fn read_archive(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let mut archive = match Archive::open(bytes, &collected.limits) {
        Ok(archive) => archive,
        Err(reason) => return collected.leave_unread(origin, reason),
    };
    let mut pictures = 0;
    for name in archive.names() {
        let shown = name.rsplit('/').next().unwrap_or_default().to_owned();
        let nested = Origin {
            source: format!("{} › {shown}", origin.source),
            // The chat is named after its archive: `_chat.txt` names nobody.
            name: if is_chat_file(&name) { origin.name.clone() } else { shown },
            inside: Some(origin.source.clone()),
            depth: origin.depth + 1,
        };
        if media_of(&name) == Media::Picture {
            pictures += 1;
            continue;
        }
        let readable = is_chat_file(&name) || media_of(&name) == Media::Document;
        match readable.then(|| archive.read(&name)) {
            Some(Ok(bytes)) => collected.attachments.push(Work { origin: nested, bytes, kind: None, format: None }),
            Some(Err(reason)) => collected.leave_unread(&nested, reason),
            None => collected.leave_unread(&nested, "it is a recording, and only text can be read"),
        }
    }
    super::warn_of_counts(&origin.source, &[(pictures, "pictures were not read")], collected);
}

fn media_of(name: &str) -> Media {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "gif" | "heic" => Media::Picture,
        "opus" | "mp3" | "m4a" | "aac" | "mp4" | "mov" | "3gp" | "ogg" => Media::Recording,
        _ => Media::Document,
    }
}

/// One message with its further lines.
struct Item<'t> {
    head: Head,
    author: Option<&'t str>,
    words: String,
    /// The mark an iPhone puts before words that WhatsApp wrote itself.
    marked: bool,
}

/// Makes the chat a document.
pub(in crate::intake) fn read(origin: &Origin, text: &str, collected: &mut Collected) {
    let source = origin.source.clone();
    let tidied = text::tidy(text.trim_start_matches('\u{feff}'), &collected.limits);
    collected.warn_of_cuts(&source, "", &tidied);
    let (items, mut counts) = split(&tidied.text);
    let dates: Vec<[u16; 3]> = items.iter().map(|item| item.head.date).collect();
    let order = items.first().and_then(|item| line::decide_order(&item.head, &dates));
    if order.is_none() {
        let message = "its dates can be read as day/month and as month/day: the times of its messages are unknown";
        collected.warn(&source, "", message);
    } else {
        collected.warn(&source, "", "its times name no time zone: they are taken as UTC");
    }
    let mut messages = Vec::with_capacity(items.len());
    for item in &items {
        if let Some(message) = read_item(item, order, origin, &mut counts, collected) {
            messages.push(message);
        }
    }
    let told = [
        (counts.notices, "notices (joined, left, encrypted, called) were left out"),
        (counts.deleted, "messages were deleted: their words are not read"),
        (counts.edited, "messages were edited: their last words are read, under their first time"),
        (counts.pictures, "pictures (or stickers) are not in the export"),
        (counts.unknown, "files (pictures, voice notes, documents) are not in the export, which does not name them"),
        (counts.before, "lines stand before the first message and were left out"),
    ];
    super::warn_of_counts(&source, &told, collected);
    if counts.recordings > 0 {
        let reason = "the words spoken in voice notes and videos are not in the export".to_owned();
        collected.warn(&source, "", format!("{} recordings not read: {reason}", counts.recordings));
        let unread =
            Unread { source: format!("{} recordings", counts.recordings), inside: Some(source.clone()), reason };
        collected.unread.push(unread);
    }
    let title = title_of(&origin.name);
    collected.add(origin, Draft { source, kind: DocumentKind::Chat, format: "whatsapp", title, messages });
}

/// `WhatsApp Chat with Dana Whitfield.txt`, `WhatsApp Chat - Northwind rollout.zip`.
fn title_of(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?.rsplit_once('.')?.0;
    let rest = name.strip_prefix("WhatsApp Chat ")?;
    let title = rest.strip_prefix("with ").or(rest.strip_prefix("- ")).unwrap_or(rest).trim();
    (!title.is_empty()).then(|| title.to_owned())
}

#[derive(Debug, Default)]
struct Counts {
    notices: usize,
    deleted: usize,
    edited: usize,
    pictures: usize,
    recordings: usize,
    unknown: usize,
    before: usize,
}

/// Messages with their further lines; lines of WhatsApp itself have no author.
fn split(text: &str) -> (Vec<Item<'_>>, Counts) {
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut counts = Counts::default();
    for written in text.lines() {
        let bare = written.trim_start_matches(line::MARKS);
        let Some((head, rest)) = line::read_head(bare) else {
            match items.last_mut() {
                Some(item) => {
                    item.words.push('\n');
                    item.words.push_str(&line::without_marks(written));
                }
                None => counts.before += usize::from(!written.trim().is_empty()),
            }
            continue;
        };
        let (author, words) = line::split_author(rest);
        let marked = words.trim_start().starts_with('\u{200e}');
        items.push(Item { head, author, words: line::without_marks(words).trim_start().to_owned(), marked });
    }
    (items, counts)
}

fn read_item(
    item: &Item<'_>,
    order: Option<Order>,
    origin: &Origin,
    counts: &mut Counts,
    collected: &mut Collected,
) -> Option<DraftMessage> {
    let Some(author) = item.author else {
        counts.notices += 1;
        return None;
    };
    let words = match classify(item.words.trim(), item.marked) {
        Said::Words { words, edited } => {
            counts.edited += usize::from(edited);
            words
        }
        Said::Deleted => {
            counts.deleted += 1;
            return None;
        }
        Said::Notice => {
            counts.notices += 1;
            return None;
        }
        Said::Media { kind, name, attached, caption } => {
            // An archive holds the file beside the chat, where it was read or named.
            if !attached || origin.inside.is_none() {
                note_media(kind, name, origin, counts, collected);
            }
            caption
        }
    };
    if words.is_empty() {
        return None;
    }
    Some(DraftMessage {
        author: author_of(author),
        at: order.and_then(|order| item.head.at(order)),
        pieces: Piece::whole(words),
        text: words.to_owned(),
        ..DraftMessage::default()
    })
}

fn note_media(kind: Media, name: Option<&str>, origin: &Origin, counts: &mut Counts, collected: &mut Collected) {
    match (kind, name) {
        (Media::Picture, _) => counts.pictures += 1,
        (Media::Recording, _) => counts.recordings += 1,
        (Media::Document, Some(name)) => {
            let nested = Origin {
                source: format!("{} › {name}", origin.source),
                name: name.to_owned(),
                inside: Some(origin.source.clone()),
                depth: origin.depth + 1,
            };
            collected.leave_unread(&nested, "the chat names the file but does not contain it");
        }
        (Media::Document | Media::Unknown, _) => counts.unknown += 1,
    }
}

fn author_of(written: &str) -> Author {
    let bare = line::without_marks(written);
    // `~` stands before what people call themselves where the phone has no contact.
    let name = bare.trim().trim_start_matches('~').trim();
    let is_number = name.starts_with('+') && name.chars().all(|c| c.is_ascii_digit() || "+-(). \u{a0}".contains(c));
    if is_number {
        return Author { address: Some(name.replace('\u{a0}', " ")), ..Author::default() };
    }
    Author { name: Some(names::tidy_name(name)).filter(|name| !name.is_empty()), ..Author::default() }
}

fn classify(words: &str, marked: bool) -> Said<'_> {
    let (first, caption) = words.split_once('\n').map_or((words, ""), |(first, rest)| (first, rest.trim()));
    let lower = first.trim().to_lowercase();
    let plain = lower.trim_end_matches('.');
    if DELETED.contains(&plain) && caption.is_empty() {
        return Said::Deleted;
    }
    if NOTICES.iter().any(|notice| lower.starts_with(notice))
        && (marked || lower.len() > 30 || caption.is_empty() && lower.starts_with("missed"))
    {
        return Said::Notice;
    }
    if let Some((_, kind)) = OMITTED.iter().find(|(sign, _)| *sign == lower) {
        return Said::Media { kind: *kind, name: None, attached: false, caption };
    }
    // `contract.pdf • 3 pages document omitted`
    if marked || lower.ends_with("document omitted") {
        let named =
            first.split(" • ").next().map(str::trim).filter(|name| lower.ends_with("omitted") && name.contains('.'));
        if let Some(name) = named {
            return Said::Media { kind: media_of(name), name: Some(name), attached: false, caption };
        }
    }
    let attached =
        first.strip_suffix("(file attached)").or_else(|| first.strip_prefix("<attached:")?.strip_suffix('>'));
    if let Some(name) = attached.map(str::trim) {
        return Said::Media { kind: media_of(name), name: Some(name), attached: true, caption };
    }
    let end = words.trim_end();
    for sign in EDITED {
        let cut = end.len().checked_sub(sign.len()).and_then(|at| end.split_at_checked(at));
        if let Some((before, tail)) = cut
            && tail.to_lowercase() == sign
        {
            return Said::Words { words: before.trim_end(), edited: true };
        }
    }
    Said::Words { words: end, edited: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_exports_from_other_text() {
        let check = |text: &str, expected: bool| assert_eq!(is_chat(text), expected, "{text}");
        check("02/03/2026, 09:14 - Dana: hi\n02/03/2026, 09:15 - Marcus: hi", true);
        check("[02.03.26, 09:14:05] Dana: hi\n\u{200e}[02.03.26, 09:15:05] Marcus: \u{200e}image omitted", true);
        check("02/03/2026, 09:14 - Dana: hi", true);
        check("[2026-02-24 16:02] Dana: yes\n[2026-02-24 16:03] Al: no", false);
        check("Meeting 02/03/2026, 09:14 - Dana: hi\nx", false);
        check("02/03/2026 we met", false);
        check("", false);
    }

    #[test]
    fn tells_words_from_what_whatsapp_wrote() {
        let words = |words, edited| Said::Words { words, edited };
        let check =
            |text: &str, marked: bool, expected: Said<'_>| assert_eq!(classify(text, marked), expected, "{text}");
        check("June 1 works", false, words("June 1 works", false));
        check("July 1 works <This message was edited>", false, words("July 1 works", true));
        check("<Media omitted>", false, Said::Media { kind: Media::Unknown, name: None, attached: false, caption: "" });
        check("This message was deleted", false, Said::Deleted);
        check("This message was deleted.", true, Said::Deleted);
        check("Voice call, 5 min", true, Said::Notice);
        check("Voice call at 3?", false, words("Voice call at 3?", false));
        check(
            "plan.pdf (file attached)\nsee page 2",
            false,
            Said::Media { kind: Media::Document, name: Some("plan.pdf"), attached: true, caption: "see page 2" },
        );
        check(
            "contract.pdf • 3 pages document omitted",
            true,
            Said::Media { kind: Media::Document, name: Some("contract.pdf"), attached: false, caption: "" },
        );
        check(
            "<attached: 00000012-AUDIO.opus>",
            true,
            Said::Media { kind: Media::Recording, name: Some("00000012-AUDIO.opus"), attached: true, caption: "" },
        );
        check("€", false, words("€", false));
    }

    #[test]
    fn knows_numbers_from_names() {
        let check = |written: &str, name: Option<&str>, address: Option<&str>| {
            let author = author_of(written);
            assert_eq!((author.name.as_deref(), author.address.as_deref()), (name, address), "{written}");
        };
        check("~\u{202f}Dana Whitfield", Some("Dana Whitfield"), None);
        check("\u{202a}+1 555\u{a0}010 7788\u{202c}", None, Some("+1 555 010 7788"));
        check("Marcus Lee", Some("Marcus Lee"), None);
    }
}
