//! Sources as texts that can be rewritten: whatever is encoded is decoded and
//! written plainly, what is no text keeps only the first bytes that tell what
//! it was, and what can be neither is refused by name.

use serde_json::Value as Json;

use super::mails;
use super::naming::Pseudonyms;
use crate::conversation::DocumentKind;
use crate::intake::{self, Input, Options};

/// Bytes of a file without text that stay: its kind is read from them, and nothing else is.
const FIRST_BYTES: usize = 8;
/// A string of letters and digits without a space from this length on is taken for an encoded file.
const ENCODED: usize = 160;

/// One source, decoded.
pub(super) struct Plain {
    pub name: String,
    pub content: Content,
}

pub(super) enum Content {
    Text(String),
    Mail(String),
    /// JSON, or one value a line.
    Json(Vec<Json>, bool),
    /// The first bytes of a file that cannot be read.
    Stub(Vec<u8>),
}

/// Decodes one source; an error says why it cannot be rewritten. `checks` is told what had to be changed.
pub(super) fn decode(source: &Input, checks: &mut Vec<String>) -> Result<Plain, String> {
    let name = source.name.clone();
    let plain = |content| Ok(Plain { name: name.clone(), content });
    let format = read_format(source);
    if source.bytes.starts_with(b"PK\x03\x04") && format != Some(("docx", true)) && format.is_some() {
        return Err(format!("{name} is an archive: unpack it and give its files"));
    }
    match format {
        Some(("eml" | "mbox", _)) => {
            let text = mails::rewrite_plainly(&source.bytes, format == Some(("mbox", true)), &mut |name, bytes| {
                attached(name, bytes)
            });
            return plain(Content::Mail(text.map_err(|problem| format!("{name}: {problem}"))?));
        }
        Some(("docx", _)) => {
            checks.push(format!("{name} was a document and is written as text: look at how it is read"));
            let name = format!("{}.txt", name.trim_end_matches(".docx"));
            return Ok(Plain { name, content: Content::Text(words_of(source)) });
        }
        _ => {}
    }
    let Some(text) = intake::text_of(&source.bytes) else {
        return match format {
            None => plain(Content::Stub(stub(&source.bytes))),
            Some(_) => Err(format!("{name} is not text and cannot be rewritten; leave it out or give it as text")),
        };
    };
    if text.starts_with("%PDF") || text.starts_with("{\\rtf") || text.starts_with("-----BEGIN PGP MESSAGE") {
        return plain(Content::Stub(stub(&source.bytes)));
    }
    plain(text_content(&name, text)?)
}

/// The format a source alone is read as, and whether that is all of it; `None` when it cannot be read.
fn read_format(source: &Input) -> Option<(&'static str, bool)> {
    let read = intake::read(vec![source.clone()], &Options::of(&[]));
    let document = read.documents.first()?;
    let known = ["eml", "mbox", "docx"].into_iter().find(|known| *known == document.format);
    Some((known.unwrap_or("other"), true))
}

fn text_content(name: &str, text: String) -> Result<Content, String> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        if let Ok(value) = serde_json::from_str::<Json>(&text) {
            refuse_encoded(name, &value)?;
            return Ok(Content::Json(vec![value], false));
        }
        let lines: Result<Vec<Json>, _> = serde_json::Deserializer::from_str(&text).into_iter().collect();
        if let Ok(values) = lines {
            values.iter().try_for_each(|value| refuse_encoded(name, value))?;
            return Ok(Content::Json(values, true));
        }
    }
    if start.starts_with("BEGIN:V") {
        return Ok(Content::Text(unfolded(&text)));
    }
    let head: String = start.chars().take(15).flat_map(char::to_lowercase).collect();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Ok(Content::Text(intake::page_text(&text)));
    }
    if let Some(run) = encoded_run(&text) {
        return Err(format!(
            "{name} holds something encoded ({}…): give it decoded",
            run.get(..16).unwrap_or_default()
        ));
    }
    Ok(Content::Text(text))
}

/// A calendar's lines are cut after so many bytes, in the middle of names.
pub(super) fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "").replace("\r\n\t", "").replace("\n ", "").replace("\n\t", "")
}

fn refuse_encoded(name: &str, value: &Json) -> Result<(), String> {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Json::String(text) if encoded_run(text).is_some() => {
                return Err(format!(
                    "{name} holds a message or file in an encoded form: give it decoded, a mail as .eml"
                ));
            }
            Json::Array(items) => waiting.extend(items),
            Json::Object(entries) => waiting.extend(entries.values()),
            _ => {}
        }
    }
    Ok(())
}

/// Base64 of some length, or a short one that hides words.
fn encoded_run(text: &str) -> Option<&str> {
    let sign = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    text.split(|c: char| !sign(c)).find(|run| {
        let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
        let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        run.len() >= ENCODED && mixed || run.len() >= 24 && mixed && super::leaks::hides_words(run)
    })
}

pub(super) fn stub(bytes: &[u8]) -> Vec<u8> {
    bytes.get(..FIRST_BYTES.min(bytes.len())).unwrap_or_default().to_vec()
}

/// What stands in place of an attachment.
fn attached(name: &str, bytes: &[u8]) -> Result<(String, Vec<u8>), String> {
    let source = Input { name: name.to_owned(), bytes: bytes.to_vec(), kind: None, format: None };
    let plain = decode(&source, &mut Vec::new())?;
    Ok((
        plain.name,
        match plain.content {
            Content::Text(text) | Content::Mail(text) => text.into_bytes(),
            Content::Json(..) => bytes.to_vec(),
            Content::Stub(bytes) => bytes,
        },
    ))
}

/// The words of a document as a note, or as turns where it is a call.
fn words_of(source: &Input) -> String {
    let read = intake::read(vec![source.clone()], &Options::of(&[]));
    let is_call = read.documents.iter().any(|document| document.kind == DocumentKind::Transcript);
    let lines: Vec<String> = read
        .messages
        .iter()
        .map(|message| match message.author.label().filter(|_| is_call) {
            Some(name) => format!("{name}: {}", message.text.replace('\n', " ")),
            None => message.text.clone(),
        })
        .collect();
    lines.join(if is_call { "\n" } else { "\n\n" }) + "\n"
}

impl Plain {
    /// Every text with what stands before it: the key of a record says what a number is.
    pub fn each(&self, mut take: impl FnMut(&str, &str)) {
        match &self.content {
            Content::Text(text) | Content::Mail(text) => take("", text),
            Content::Json(values, _) => values.iter().for_each(|value| each_text(value, &mut take)),
            Content::Stub(_) => {}
        }
        take("", &self.name);
    }

    /// The source with everything replaced.
    pub fn rewritten(self, names: &Pseudonyms) -> Input {
        let bytes = match self.content {
            Content::Text(text) | Content::Mail(text) => names.text(&text).into_bytes(),
            Content::Json(mut values, by_line) => {
                values.iter_mut().for_each(|value| rewrite_json(value, "", names));
                let text = |value: &Json| match by_line {
                    true => value.to_string(),
                    false => format!("{value:#}"),
                };
                (values.iter().map(text).collect::<Vec<_>>().join("\n") + "\n").into_bytes()
            }
            Content::Stub(bytes) => bytes,
        };
        Input { name: names.text(&self.name), bytes, kind: None, format: None }
    }
}

fn each_text(value: &Json, take: &mut impl FnMut(&str, &str)) {
    let mut waiting: Vec<(String, &Json)> = vec![(String::new(), value)];
    while let Some((lead, value)) = waiting.pop() {
        match value {
            Json::String(text) => take(&lead, &decoded(text)),
            Json::Number(number) => take(&lead, &number.to_string()),
            Json::Array(items) => waiting.extend(items.iter().rev().map(|item| (lead.clone(), item))),
            Json::Object(entries) => {
                for (key, value) in entries.iter().rev() {
                    waiting.push((format!("{key}: "), value));
                }
                entries.keys().for_each(|key| take("", key));
            }
            Json::Null | Json::Bool(_) => {}
        }
    }
}

/// Depth is bounded by the parser that made the value.
fn rewrite_json(value: &mut Json, lead: &str, names: &Pseudonyms) {
    match value {
        Json::String(text) => *text = names.replace(lead, &decoded(text)).text,
        Json::Number(number) => {
            let text = number.to_string();
            let new = names.replace(lead, &text).text;
            if let Some(new) =
                Some(new).filter(|new| *new != text).and_then(|new| new.parse::<serde_json::Number>().ok())
            {
                *number = new;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| rewrite_json(item, lead, names)),
        Json::Object(entries) => {
            *entries = std::mem::take(entries)
                .into_iter()
                .map(|(key, mut value)| {
                    rewrite_json(&mut value, &format!("{key}: "), names);
                    (names.text(&key), value)
                })
                .collect();
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// Letters that are written as entities, as the text of a page has them; what marks a page up stays.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 10).map_or(1, |end| end + 1);
        let decoded = intake::without_entities(&rest[..end]);
        let mut letters = decoded.chars();
        match (letters.next().filter(|c| c.is_alphanumeric()), letters.next()) {
            (Some(letter), None) => out.push(letter),
            _ => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
