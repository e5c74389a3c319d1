//! Mails as Microsoft Graph answers them: the `message` resource of its v1.0
//! reference, alone, in a list or under `value`. What it says in fields of its
//! own is written as the headers it came from, so that one reader reads all.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use super::email;
use super::encoded;
use super::gmail::decode;
use super::head::{self, Head};
use super::structure::{Shape, Structure};
use crate::intake::draft::{Collected, DraftMessage, Origin};

/// Headers that Graph passes on and its own fields do not hold.
const PASSED_ON: [&str; 5] = ["in-reply-to", "references", "thread-index", "date", "auto-submitted"];

/// The mails of an answer.
#[derive(Debug, Default)]
pub(in crate::intake) struct Mails {
    given: Vec<Value>,
    has_more: bool,
}

/// The messages of an answer; the value itself when Graph did not give it.
pub(in crate::intake) fn recognise(value: Value) -> Result<Mails, Value> {
    let has_more = value.get("@odata.nextLink").is_some();
    take_mails(value).map(|given| Mails { given, has_more })
}

fn take_mails(value: Value) -> Result<Vec<Value>, Value> {
    let is_all = |list: &Vec<Value>| !list.is_empty() && list.iter().all(is_message);
    match value {
        Value::Array(list) if is_all(&list) => Ok(list),
        Value::Object(mut object) if object.get("value").and_then(Value::as_array).is_some_and(is_all) => {
            match object.remove("value") {
                Some(Value::Array(list)) => Ok(list),
                _ => Ok(Vec::new()),
            }
        }
        one if is_message(&one) => Ok(vec![one]),
        other => Err(other),
    }
}

fn is_message(value: &Value) -> bool {
    let person = |key: &str| value.get(key).is_some_and(|person| person.get("emailAddress").is_some());
    let body = value.get("body").is_some_and(|body| body.get("contentType").is_some());
    let mail = value.get("internetMessageId").is_some() || value.get("toRecipients").is_some_and(Value::is_array);
    mail && (body || value.get("bodyPreview").is_some())
        && (person("from") || person("sender") || value.get("isDraft").is_some())
}

pub(in crate::intake) fn read(origin: &Origin, Mails { given, has_more }: Mails, collected: &mut Collected) {
    let mut messages = Vec::new();
    if has_more {
        collected.warn(&origin.source, "", "it is one page of a list of mails, and further pages follow");
    }
    for (index, message) in given.iter().enumerate() {
        let place = if given.len() > 1 { format!("mail {}", index + 1) } else { String::new() };
        if message.get("isDraft") == Some(&Value::Bool(true)) {
            collected.warn(&origin.source, place, "a draft that was never sent: left out");
            continue;
        }
        messages.extend(read_one(origin, message, &place, collected));
    }
    email::add(origin, "graph", messages, collected);
}

fn read_one(origin: &Origin, message: &Value, place: &str, collected: &mut Collected) -> Vec<DraftMessage> {
    let text = |key: &str| message.get(key).and_then(Value::as_str);
    let mut head = head::read(headers(message).as_bytes(), true, &collected.limits);
    let moment = |key: &str| text(key).and_then(|at| at.parse::<Timestamp>().ok());
    if let Some(letter) = &mut head.letter {
        letter.at = letter.at.or_else(|| moment("sentDateTime"));
        letter.arrived = moment("receivedDateTime");
    }
    head.kind = "multipart/mixed".to_owned();
    let mut structure = Structure::default();
    let root = structure.push(head, None, Shape::Parts, Cow::Borrowed(&[]));
    // The unique body leaves out what the mail quotes; it stands in only where nothing else was asked for.
    let body =
        ["body", "uniqueBody"].iter().filter_map(|key| message.get(*key)).find(|body| body.get("content").is_some());
    let content = body.and_then(|body| body.get("content")).and_then(Value::as_str);
    let is_page = body
        .and_then(|body| body.get("contentType"))
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    let kind = if is_page && content.is_some() { "text/html" } else { "text/plain" };
    if content.is_none() {
        collected.leave_unread(
            origin,
            format!("{place} holds the first words of the mail alone: ask Graph for its body").trim_start(),
        );
    }
    let words = content.or(text("bodyPreview")).unwrap_or_default();
    let part = Head { kind: kind.to_owned(), charset: Some("utf-8".to_owned()), ..Head::default() };
    structure.push(part, Some(root), Shape::Leaf, Cow::Borrowed(words.as_bytes()));
    let attachments = message.get("attachments").and_then(Value::as_array);
    for attachment in attachments.into_iter().flatten().take(collected.limits.mail_parts) {
        attach(&mut structure, root, attachment);
    }
    if attachments.is_none() && message.get("hasAttachments") == Some(&Value::Bool(true)) {
        collected.leave_unread(
            origin,
            format!("{place} has attachments that were not given: ask Graph for them").trim_start(),
        );
    }
    email::read_structure(origin, &structure, place, collected)
}

fn attach(structure: &mut Structure<'_>, root: usize, attachment: &Value) {
    let text = |key: &str| attachment.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let head = Head {
        kind: text("contentType").unwrap_or("application/octet-stream").to_ascii_lowercase(),
        name: text("name").map(str::to_owned),
        attached: attachment.get("isInline") != Some(&Value::Bool(true)),
        has_content_id: text("contentId").is_some() && attachment.get("isInline") == Some(&Value::Bool(true)),
        ..Head::default()
    };
    let content = text("contentBytes").and_then(decode);
    let absent = content.is_none();
    let index = structure.push(head, Some(root), Shape::Leaf, Cow::Owned(content.unwrap_or_default()));
    if absent {
        structure.entities[index].absent = Some("Graph gave its name alone: ask for its content".to_owned());
    }
}

/// What Graph's fields say, as header lines.
fn headers(message: &Value) -> String {
    let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
    let one_line = |text: &str| text.replace(['\r', '\n'], " ");
    let person = |person: &Value| {
        let field =
            |key: &str| person.pointer(&format!("/emailAddress/{key}")).and_then(Value::as_str).unwrap_or_default();
        let (name, address) = (field("name"), one_line(field("address")));
        if name.is_empty() { format!("<{address}>") } else { format!("{} <{address}>", encoded::word(name)) }
    };
    let people = |key: &str| match message.get(key) {
        Some(Value::Array(list)) => list.iter().map(person).collect::<Vec<_>>().join(", "),
        Some(one @ Value::Object(_)) => person(one),
        _ => String::new(),
    };
    let mut block = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            block.push_str(&format!("{name}: {value}\n"));
        }
    };
    line("From", people("from"));
    line("Sender", people("sender"));
    line("To", people("toRecipients"));
    line("Cc", people("ccRecipients"));
    if !text("subject").is_empty() {
        line("Subject", encoded::word(text("subject")));
    }
    line("Message-ID", one_line(text("internetMessageId")));
    line("Thread-Index", one_line(text("conversationIndex")));
    for header in message.get("internetMessageHeaders").and_then(Value::as_array).into_iter().flatten() {
        let field = |key: &str| header.get(key).and_then(Value::as_str).unwrap_or_default();
        if PASSED_ON.iter().any(|name| field("name").eq_ignore_ascii_case(name)) {
            line(field("name"), one_line(field("value")));
        }
    }
    block
}
