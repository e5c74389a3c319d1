//! Mails written plainly: the headers that reading needs, decoded, every part
//! as text in UTF-8, a page as its words, and of what is no text the first
//! bytes. What else a mail carries of its way is left out.

use std::borrow::Cow;
use std::fmt::Write;

use mail_parser::{
    Addr, Address, Encoding, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::plain::unfolded;
use crate::intake::{page_text, text_of};

/// Mails in mails are followed so deep.
const DEEPEST: usize = 8;

/// What is written in place of a file: its name and bytes, or why it cannot be.
pub(super) type Attach<'a> = dyn FnMut(&str, &[u8]) -> Result<(String, Vec<u8>), String> + 'a;

/// A mail, or all mails of a mailbox.
pub(super) fn rewrite_plainly(bytes: &[u8], is_mailbox: bool, attach: &mut Attach) -> Result<String, String> {
    let mut out = String::new();
    if !is_mailbox {
        write_mail(&mut out, bytes, 0, attach)?;
        return Ok(out);
    }
    for (line, mail) in mails(bytes) {
        if mail.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let mut text = String::new();
        write_mail(&mut text, &mail, 0, attach)?;
        let _ = writeln!(out, "{}", line.trim_end());
        for line in text.lines() {
            // As mailboxes write a line of a mail that begins like the next mail.
            let opens = line.trim_start_matches('>').starts_with("From ");
            let _ = writeln!(out, "{}{line}", if opens { ">" } else { "" });
        }
        out.push('\n');
    }
    Ok(out)
}

/// The mails of a mailbox with the lines that open them.
fn mails(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let mut is_blank = true;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).copied().unwrap_or_default();
        let opens = line.starts_with(b"From ")
            && (found.is_empty()
                || (is_blank || ends_with_year(line)) && is_header(next)
                || ends_with_year(line) && line.contains(&b'@'));
        is_blank = line.iter().all(u8::is_ascii_whitespace);
        match found.last_mut() {
            _ if opens => found.push((String::from_utf8_lossy(line).into_owned(), Vec::new())),
            Some((_, mail)) => {
                let quoted = line
                    .iter()
                    .position(|byte| *byte != b'>')
                    .is_some_and(|from| from > 0 && line.get(from..).is_some_and(|rest| rest.starts_with(b"From ")));
                mail.extend_from_slice(if quoted { &line[1..] } else { line });
            }
            None => {}
        }
    }
    found
}

/// As the line that opens a mail does, whatever stands before it.
fn ends_with_year(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.len() > 24 && line.iter().rev().take(4).all(u8::is_ascii_digit)
}

fn is_header(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').and_then(|end| line.get(..end));
    name.is_some_and(|name| !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'))
}

fn write_mail(out: &mut String, bytes: &[u8], depth: usize, attach: &mut Attach) -> Result<(), String> {
    let mail = MessageParser::default().parse(bytes).ok_or("a mail in it cannot be taken apart")?;
    write_parsed(out, &mail, depth, attach)
}

fn write_parsed(out: &mut String, mail: &Message, depth: usize, attach: &mut Attach) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("mails lie more than {DEEPEST} deep in each other"));
    }
    write_headers(out, mail);
    let mut writer = Writer { mail, attach, depth, parts: 0, has_plain: false };
    writer.part(out, 0)
}

fn write_headers(out: &mut String, mail: &Message) {
    for header in mail.headers() {
        let raw = || {
            let bytes = mail.raw_message.get(header.offset_start as usize..header.offset_end as usize);
            one_line(&String::from_utf8_lossy(bytes.unwrap_or_default()))
        };
        let value = match (&header.name, &header.value) {
            (
                HeaderName::From | HeaderName::To | HeaderName::Cc | HeaderName::ReplyTo | HeaderName::Sender,
                HeaderValue::Address(address),
            ) => people(address),
            (HeaderName::Subject, HeaderValue::Text(text)) => one_line(text),
            (HeaderName::Date | HeaderName::MessageId | HeaderName::InReplyTo | HeaderName::References, _) => raw(),
            (HeaderName::Other(name), _) if name.eq_ignore_ascii_case("auto-submitted") => raw(),
            _ => continue,
        };
        let _ = writeln!(out, "{}: {value}", header.name.as_str());
    }
    let _ = writeln!(out, "MIME-Version: 1.0");
}

fn people(address: &Address) -> String {
    let all: Vec<&Addr> = match address {
        Address::List(list) => list.iter().collect(),
        Address::Group(groups) => groups.iter().flat_map(|group| &group.addresses).collect(),
    };
    let one = |person: &&Addr| match (&person.name, &person.address) {
        (Some(name), Some(address)) => format!("{} <{address}>", phrase(name)),
        (Some(name), None) => phrase(name),
        (None, address) => address.as_deref().unwrap_or_default().to_owned(),
    };
    all.iter().map(one).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A name as a header writes it: in quotes where it has signs of its own.
fn phrase(name: &str) -> String {
    let name = one_line(name);
    match name.chars().all(|c| c.is_alphanumeric() || " '’-_&".contains(c)) {
        true => name,
        false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Writer<'a, 'b> {
    mail: &'a Message<'a>,
    attach: &'a mut Attach<'b>,
    depth: usize,
    /// Multiparts written so far, for the signs between their parts.
    parts: usize,
    /// The words stand as plain text already, so pages are left out.
    has_plain: bool,
}

impl Writer<'_, '_> {
    /// The head that tells what a part is, an empty line, and the part.
    fn part(&mut self, out: &mut String, at: usize) -> Result<(), String> {
        let mail = self.mail;
        let Some(part) = mail.parts.get(at) else { return Ok(()) };
        match &part.body {
            PartType::Multipart(children) => self.multipart(out, part, children),
            PartType::Message(inner) => {
                let _ = writeln!(out, "Content-Type: message/rfc822\n");
                let mut text = String::new();
                write_parsed(&mut text, inner, self.depth + 1, self.attach)?;
                out.push_str(&text);
                Ok(())
            }
            PartType::Html(_) if part.attachment_name().is_none() && self.has_plain => {
                let _ = writeln!(out, "Content-Type: text/plain\n");
                Ok(())
            }
            PartType::Html(page) if part.attachment_name().is_none() => {
                self.text(out, part, "text/plain; charset=utf-8", &page_text(page));
                Ok(())
            }
            PartType::Text(text) if part.attachment_name().is_none() => {
                let calendar = part.is_content_type("text", "calendar");
                let kind = if calendar { "text/calendar" } else { "text/plain" };
                let attribute = |name: &str| {
                    let value = part.content_type().and_then(|kind| kind.attribute(name));
                    value.map(|value| format!("; {name}={value}")).unwrap_or_default()
                };
                let kind = format!(
                    "{kind}; charset=utf-8{}{}{}",
                    attribute("format"),
                    attribute("delsp"),
                    attribute("method")
                );
                let text = self.in_its_letters(part, text);
                let text = if calendar { unfolded(&text) } else { text.replace("\r\n", "\n") };
                self.text(out, part, &kind, &text);
                Ok(())
            }
            PartType::Text(text) | PartType::Html(text) => self.file(out, part, text.as_bytes()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => self.file(out, part, bytes),
        }
    }

    fn multipart(&mut self, out: &mut String, part: &MessagePart, children: &[u32]) -> Result<(), String> {
        let mail = self.mail;
        let mut children: Vec<usize> = children.iter().map(|child| *child as usize).collect();
        let is_plain = |child: &usize| {
            mail.parts.get(*child).is_some_and(|part| {
                matches!(&part.body, PartType::Text(text) if !text.trim().is_empty())
                    && part.is_content_type("text", "plain")
            })
        };
        let before = self.has_plain;
        // The same words twice: the plain ones are kept, also where pages lie deeper.
        if part.is_content_type("multipart", "alternative") && children.iter().any(is_plain) {
            let is_page =
                |child: &usize| mail.parts.get(*child).is_some_and(|part| matches!(part.body, PartType::Html(_)));
            children.retain(|child| !is_page(child));
            self.has_plain = true;
        }
        let written = self.children(out, &children);
        self.has_plain = before;
        written
    }

    fn children(&mut self, out: &mut String, children: &[usize]) -> Result<(), String> {
        if let [only] = children {
            return self.part(out, *only);
        }
        self.parts += 1;
        let sign = format!("part-{}-{}", self.depth, self.parts);
        let _ = writeln!(out, "Content-Type: multipart/mixed; boundary=\"{sign}\"\n");
        for child in children {
            let _ = writeln!(out, "--{sign}");
            self.part(out, *child)?;
            out.push('\n');
        }
        let _ = writeln!(out, "--{sign}--");
        Ok(())
    }

    /// A part that names another character set than it is in, as its bytes have it.
    fn in_its_letters<'t>(&self, part: &MessagePart, text: &'t str) -> Cow<'t, str> {
        let bytes = self.mail.raw_message.get(part.offset_body as usize..part.offset_end as usize);
        let is_plain = part.encoding == Encoding::None;
        let is_wrong = |bytes: &&[u8]| {
            text.contains('\u{fffd}') || !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok_and(|read| read != text)
        };
        match bytes.filter(|_| is_plain).filter(is_wrong).and_then(text_of) {
            Some(read) => Cow::Owned(read),
            None => Cow::Borrowed(text),
        }
    }

    fn text(&self, out: &mut String, part: &MessagePart, kind: &str, text: &str) {
        let _ = writeln!(out, "Content-Type: {kind}\nContent-Transfer-Encoding: 8bit");
        if part.content_disposition().is_some_and(|disposition| disposition.is_attachment()) {
            let _ = writeln!(out, "Content-Disposition: attachment");
        }
        let _ = writeln!(out, "\n{text}");
    }

    /// A file by its name, plainly or as its first bytes.
    fn file(&mut self, out: &mut String, part: &MessagePart, bytes: &[u8]) -> Result<(), String> {
        let name = one_line(part.attachment_name().unwrap_or("unnamed")).replace(['"', '\\', '/'], "_");
        let kind = part
            .content_type()
            .map(|kind| format!("{}/{}", kind.c_type, kind.c_subtype.as_deref().unwrap_or("octet-stream")));
        let kind = kind.unwrap_or_else(|| "application/octet-stream".to_owned());
        let (name, bytes) = (self.attach)(&name, bytes)?;
        let is_inline = part.content_disposition().is_some_and(|disposition| disposition.is_inline());
        let place = if is_inline { "inline" } else { "attachment" };
        let _ =
            writeln!(out, "Content-Type: {kind}; name=\"{name}\"\nContent-Disposition: {place}; filename=\"{name}\"");
        if let Some(id) = part.content_id() {
            let _ = writeln!(out, "Content-ID: <{id}>");
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let _ = writeln!(out, "Content-Transfer-Encoding: 8bit\n\n{text}");
            }
            // Eight bytes hold no words; in the form of mails they survive being text.
            Err(error) => {
                let shown: String = error.as_bytes().iter().map(|byte| format!("={byte:02X}")).collect();
                let _ = writeln!(out, "Content-Transfer-Encoding: quoted-printable\n\n{shown}");
            }
        }
        Ok(())
    }
}
