//! What a file is, told by its content. A name or a claim only breaks a tie;
//! where it contradicts the content, the content wins and a person is told.

use std::borrow::Cow;

use serde_json::Value;

use super::calls::{self, cues, plain};
use super::chat::{irc, slack, teams, whatsapp};
use super::draft::{Collected, Work};
use super::json;
use super::mail::{gmail, graph, invitation, mbox};
use super::notes::{crm, docx, office, table};
use super::own;
use super::text::{self, Encoding};
use crate::config::Limits;
use crate::conversation::DocumentKind;

/// What was found, with the content in the form its reader takes.
pub(super) enum Recognised<'a> {
    Email(Cow<'a, [u8]>),
    Mailbox(Cow<'a, [u8]>),
    Gmail(Vec<Value>),
    Graph(graph::Mails),
    Calendar(Cow<'a, str>),
    Vtt(Cow<'a, str>),
    Srt(Cow<'a, str>),
    Plain(Cow<'a, str>),
    Call(calls::json::Found, Cow<'a, str>),
    Record(crm::Export),
    Table(Cow<'a, str>),
    Docx(Box<docx::Docx>),
    Slack(Box<slack::Chat>),
    SlackExport(&'a [u8]),
    Teams(Box<teams::Chat>),
    WhatsApp(Cow<'a, str>),
    WhatsAppArchive(&'a [u8]),
    Irc(Cow<'a, str>),
    Page(Cow<'a, str>),
    Note(Cow<'a, str>),
    /// Baton wrote it itself.
    Own,
}

/// Openings of files that are no text, and what people call them.
const BINARY_OPENINGS: [(&[u8], &str); 12] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an archive or Office file"),
    (b"\xD0\xCF\x11\xE0", "an old Office or Outlook file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a recording or image"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"\x1F\x8B", "a compressed file"),
    (b"-----BEGIN PGP MESSAGE", "encrypted"),
];

/// Headers of which no note has any.
const MAIL_HEADERS: [&str; 9] = [
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "delivered-to",
    "content-type",
    "dkim-signature",
    "references",
    "in-reply-to",
];

/// Recognition looks at this much of the start only.
const HEAD_BYTES: usize = 64 * 1024;

/// Tells what the bytes are, or why they cannot be read.
pub(super) fn recognise<'a>(work: &'a Work, collected: &mut Collected) -> Result<Recognised<'a>, String> {
    let limits: Limits = collected.limits;
    let bytes = work.bytes.as_slice();
    if bytes.len() > limits.document_bytes {
        return Err(format!("larger than {} MiB", limits.document_bytes / 1024 / 1024));
    }
    if bytes.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err("it is empty".to_owned());
    }
    let raw = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let raw = &raw[raw.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0)..];
    if mbox::is_mailbox(raw) {
        return Ok(Recognised::Mailbox(Cow::Borrowed(raw)));
    }
    if is_email(raw, work) {
        return Ok(Recognised::Email(Cow::Borrowed(raw)));
    }
    if let Some(found) = office::recognise(raw, &limits) {
        return found.map(|document| Recognised::Docx(Box::new(document)));
    }
    if raw.starts_with(b"PK\x03\x04") && slack::export::is_export(raw, &limits) {
        return Ok(Recognised::SlackExport(raw));
    }
    if raw.starts_with(b"PK\x03\x04") && whatsapp::is_archive(raw, &limits) {
        return Ok(Recognised::WhatsAppArchive(raw));
    }
    if let Some((_, what)) = BINARY_OPENINGS.iter().find(|(opening, _)| raw.starts_with(opening)) {
        return Err(format!("it is {what}, and only text can be read{}", office::what_to_do(what)));
    }
    let Some((text, encoding)) = text::decode(bytes) else {
        return Err("it is not text".to_owned());
    };
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if encoding == Encoding::Utf16 {
        let raw = text.trim_start().as_bytes();
        if mbox::is_mailbox(raw) {
            return Ok(Recognised::Mailbox(Cow::Owned(raw.to_vec())));
        }
        if is_email(raw, work) {
            return Ok(Recognised::Email(Cow::Owned(raw.to_vec())));
        }
    }
    recognise_text(text, work, collected)
}

fn recognise_text<'a>(text: Cow<'a, str>, work: &Work, collected: &mut Collected) -> Result<Recognised<'a>, String> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if own::is_brief(start) {
        return Ok(Recognised::Own);
    }
    if let Some(rest) = start.strip_prefix("WEBVTT")
        && rest.starts_with(|c: char| c.is_whitespace()) | rest.is_empty()
    {
        return Ok(Recognised::Vtt(text));
    }
    if invitation::is_calendar(start) {
        return Ok(Recognised::Calendar(text));
    }
    if looks_like_json(start) {
        if let Some(found) = calls::json::recognise(start) {
            return Ok(Recognised::Call(found, text));
        }
        let (start, mended) = json::mend_halves(start);
        if mended > 0 {
            let message = format!("{mended} halves of characters stand in it; the replacement character is read");
            collected.warn(&work.origin.source, "", message);
        }
        if let Some(chat) = slack::Chat::recognise(&start) {
            return Ok(Recognised::Slack(Box::new(chat)));
        }
        let parsed = json::parse(&start).or_else(|error| Ok((read_lines_of_json(&start).ok_or(error)?, 0)));
        let (value, doubled) =
            parsed.map_err(|error: serde_json::Error| format!("it is JSON that cannot be read: {error}"))?;
        if doubled > 0 {
            let message = format!("{doubled} keys stand twice in one object: the last of them counts");
            collected.warn(&work.origin.source, "", message);
        }
        drop(start);
        return recognise_json(value, text, work);
    }
    if whatsapp::is_chat(start) {
        return Ok(Recognised::WhatsApp(text));
    }
    if irc::is_log(start) {
        return Ok(Recognised::Irc(text));
    }
    if let Some(first) = cues::first_timing(start) {
        return Ok(if first.contains(',') { Recognised::Srt(text) } else { Recognised::Vtt(text) });
    }
    if is_page(start) {
        return Ok(Recognised::Page(text));
    }
    if table::is_table(start, matches!(claimed_ending(work).as_str(), "csv" | "tsv")) {
        return Ok(Recognised::Table(text));
    }
    let claims = work.format.as_deref() == Some("txt")
        || matches!(work.kind, Some(DocumentKind::Transcript | DocumentKind::Chat));
    let claims_note = work.format.as_deref() == Some("note") || work.kind == Some(DocumentKind::Note);
    let likeness = plain::likeness(start);
    Ok(match likeness {
        plain::Likeness::Turns if !claims_note => Recognised::Plain(text),
        _ if claims => Recognised::Plain(text),
        _ => Recognised::Note(text),
    })
}

/// One JSON value a line, as exports write lists.
fn read_lines_of_json(start: &str) -> Option<Value> {
    let values: Vec<Value> = serde_json::Deserializer::from_str(start).into_iter().collect::<Result<_, _>>().ok()?;
    (values.len() > 1).then_some(Value::Array(values))
}

fn looks_like_json(start: &str) -> bool {
    let mut marks = start.chars().filter(|c| !c.is_whitespace());
    match marks.next() {
        Some('{') => matches!(marks.next(), Some('"' | '}')),
        Some('[') => matches!(marks.next(), Some('{' | '"' | ']')),
        _ => false,
    }
}

fn is_page(start: &str) -> bool {
    let opening: String = start.chars().take(15).flat_map(char::to_lowercase).collect();
    opening.starts_with("<!doctype html") || opening.starts_with("<html")
}

fn recognise_json<'a>(value: Value, text: Cow<'a, str>, work: &Work) -> Result<Recognised<'a>, String> {
    let value = match gmail::recognise(value) {
        Ok(mails) => return Ok(Recognised::Gmail(mails)),
        Err(value) => value,
    };
    let value = match graph::recognise(value) {
        Ok(mails) => return Ok(Recognised::Graph(mails)),
        Err(value) => value,
    };
    let value = match teams::Chat::recognise(value) {
        Ok(chat) => return Ok(Recognised::Teams(Box::new(chat))),
        Err(value) => value,
    };
    if value.get("ok") == Some(&Value::Bool(false)) {
        let error = value.get("error").and_then(Value::as_str).unwrap_or("unknown");
        return Err(format!("it is an error answer ({error}), not a conversation"));
    }
    // What somebody mailed along is context; only a given record speaks for the CRM.
    if work.origin.depth > 0 && !value.is_object() {
        return Err("it is JSON of an unknown form".to_owned());
    }
    if work.origin.depth > 0 {
        return Ok(Recognised::Note(text));
    }
    crm::recognise(value).map(Recognised::Record)
}

/// Header lines as mail has them. `From:` and `Date:` alone can also open a note; there name and claim decide.
fn is_email(bytes: &[u8], work: &Work) -> bool {
    let mut head = &bytes[..bytes.len().min(HEAD_BYTES)];
    if head.len() < bytes.len() {
        // The cut line is no header line any more.
        head = &head[..memchr::memrchr(b'\n', head).unwrap_or(0)];
    }
    let mut certain = false;
    let mut headers = 0;
    let mut seen = [false; 4];
    let mut address_in_from = false;
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) && headers > 0 {
            continue;
        }
        let Some(name) = header_name(line) else { return false };
        headers += 1;
        certain |= MAIL_HEADERS.contains(&name.as_str()) || name.starts_with("x-") || name.starts_with("arc-");
        if let Some(at) = ["from", "date", "to", "subject"].iter().position(|known| *known == name) {
            seen[at] = true;
            address_in_from |= at == 0 && line.contains(&b'@');
        }
    }
    let [from, date, to, subject] = seen;
    let named_so = claims_email(work);
    (certain && (from || to || date || subject))
        || (address_in_from && date && (to || subject))
        || (named_so && (from || subject) && headers >= 2)
}

fn claims_email(work: &Work) -> bool {
    work.kind == Some(DocumentKind::Email)
        || work.format.as_deref() == Some("eml")
        || extension(&work.origin.name) == "eml"
}

/// The lower case name of a mail header line.
pub(super) fn header_name(line: &[u8]) -> Option<String> {
    let colon = line.iter().take(80).position(|byte| *byte == b':')?;
    let name = &line[..colon];
    let plain = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    plain.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// The format its giver names, else the ending of its name.
fn claimed_ending(work: &Work) -> String {
    work.format.clone().unwrap_or_else(|| extension(&work.origin.name))
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

impl Recognised<'_> {
    /// The format's name and the kind of document it makes.
    fn describe(&self) -> (&'static str, Option<DocumentKind>) {
        match self {
            Recognised::Email(_) => ("eml", Some(DocumentKind::Email)),
            Recognised::Mailbox(_) => ("mbox", Some(DocumentKind::Email)),
            Recognised::Gmail(_) => ("gmail", Some(DocumentKind::Email)),
            Recognised::Graph(_) => ("graph", Some(DocumentKind::Email)),
            Recognised::Calendar(_) => ("ics", Some(DocumentKind::Email)),
            Recognised::Vtt(_) => ("vtt", Some(DocumentKind::Transcript)),
            Recognised::Srt(_) => ("srt", Some(DocumentKind::Transcript)),
            Recognised::Call(found, _) => (found.format(), Some(DocumentKind::Transcript)),
            // Turns can be a call or a chat alike.
            Recognised::Plain(_) => ("txt", None),
            Recognised::Record(export) => (export.format, Some(DocumentKind::Record)),
            // One row is a record, several are a note.
            Recognised::Table(_) => ("csv", None),
            Recognised::Docx(_) => ("docx", None),
            Recognised::Slack(_) | Recognised::SlackExport(_) => ("slack", Some(DocumentKind::Chat)),
            Recognised::Teams(_) => ("teams", Some(DocumentKind::Chat)),
            Recognised::WhatsApp(_) | Recognised::WhatsAppArchive(_) => ("whatsapp", Some(DocumentKind::Chat)),
            Recognised::Irc(_) => ("irc", Some(DocumentKind::Chat)),
            Recognised::Page(_) | Recognised::Note(_) => ("note", Some(DocumentKind::Note)),
            Recognised::Own => ("baton", Some(DocumentKind::Note)),
        }
    }
}

/// Tells when the content is not what its name or giver says, or was decoded by guess.
pub(super) fn warn_of_claims(work: &Work, recognised: &Recognised<'_>, collected: &mut Collected) {
    let source = &work.origin.source;
    let (format, kind) = recognised.describe();
    if let Some(claimed) = work.format.as_deref().filter(|claimed| !agrees(claimed, format)) {
        collected.warn(source, "", format!("given as `{claimed}`, but its content is `{format}`: read as that"));
    } else if let (Some(claimed), Some(kind)) = (work.kind, kind)
        && claimed != kind
    {
        let message = format!("given as {}, but its content is {}: read as that", kind_word(claimed), kind_word(kind));
        collected.warn(source, "", message);
    } else if work.format.is_none() {
        let ending = extension(&work.origin.name);
        if matches!(ending.as_str(), "eml" | "mbox" | "vtt" | "srt" | "json") && !agrees(&ending, format) {
            collected.warn(
                source,
                "",
                format!("its name ends in .{ending}, but its content is `{format}`: read as that"),
            );
        }
    }
    if let (Some(guess), None, None) = (guess(work, recognised), work.kind, &work.format) {
        collected.warn(source, "", guess);
    }
    let is_mail = matches!(recognised, Recognised::Email(_) | Recognised::Mailbox(_));
    let is_packed = matches!(recognised, Recognised::Docx(_));
    if !is_mail && !is_packed && matches!(text::decode(&work.bytes), Some((_, Encoding::Windows1252))) {
        collected.warn(source, "", "it is not UTF-8: read as Windows-1252");
    }
}

/// What is written in JSON, and may be called so.
const JSON_FORMATS: [&str; 15] = [
    "teams",
    "hubspot",
    "salesforce",
    "slack",
    "gmail",
    "graph",
    "gong",
    "fireflies",
    "fathom",
    "zoom",
    "meet",
    "deepgram",
    "assemblyai",
    "aws",
    "whisper",
];

/// What a text without a telling name or claim was taken for.
fn guess(work: &Work, recognised: &Recognised<'_>) -> Option<&'static str> {
    if !extension(&work.origin.name).is_empty() {
        return None;
    }
    match recognised {
        Recognised::Plain(_) => {
            Some("nothing says what it is: read as a call, for its lines open with names of speakers")
        }
        Recognised::Table(_) => Some("nothing says what it is: read as a table, for its lines have the same columns"),
        Recognised::Note(_) => Some("nothing says what it is: read as a note"),
        _ => None,
    }
}

fn agrees(claimed: &str, format: &str) -> bool {
    claimed == format
        || claimed == "json" && JSON_FORMATS.contains(&format)
        || matches!((claimed, format), ("tsv", "csv") | ("txt" | "text" | "md" | "html", "note") | ("text", "txt"))
        || matches!((claimed, format), ("txt" | "text" | "log", "irc") | ("txt" | "text" | "log" | "zip", "whatsapp"))
        || matches!((claimed, format), ("zip", "slack") | (_, "baton"))
}

fn kind_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Email => "e-mail",
        DocumentKind::Transcript => "a transcript",
        DocumentKind::Chat => "a chat",
        DocumentKind::Note => "a note",
        DocumentKind::Record => "a record",
    }
}
