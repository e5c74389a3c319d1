//! What the Gmail API answers: `users.messages.get` (format full and raw) and
//! `users.threads.get`, alone or in lists. The shape is that of Gmail's API
//! reference (REST resources users.messages and users.threads): a tree of
//! parts with their headers, and bodies in base64url without their transfer
//! encoding. It becomes the parts of a mail and is read as every mail is.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::decoders::base64::base64_decode;
use serde_json::Value;

use super::email;
use super::head::{self, Encoding};
use super::structure::{Shape, Structure, shape_of, take_apart};
use crate::intake::draft::{Collected, DraftMessage, Origin};

/// The messages of an answer; the value itself when Gmail did not give it.
pub(in crate::intake) fn recognise(value: Value) -> Result<Vec<Value>, Value> {
    let is_all = |list: &Vec<Value>| !list.is_empty() && list.iter().all(|one| is_message(one) || is_thread(one));
    let items = match value {
        Value::Array(list) if is_all(&list) => list,
        one if is_message(&one) || is_thread(&one) => vec![one],
        other => return Err(other),
    };
    let mut messages = Vec::new();
    for mut item in items {
        match item.get_mut("messages").map(Value::take) {
            Some(Value::Array(list)) => messages.extend(list),
            _ => messages.push(item),
        }
    }
    Ok(messages)
}

fn is_message(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some_and(Value::is_string);
    let words = value
        .get("payload")
        .is_some_and(|payload| payload.get("mimeType").is_some() || payload.get("headers").is_some());
    has("id") && (has("threadId") || has("internalDate")) && (words || has("raw") || has("snippet"))
}

fn is_thread(value: &Value) -> bool {
    let messages = value.get("messages").and_then(Value::as_array);
    messages.is_some_and(|messages| !messages.is_empty() && messages.iter().all(is_message))
}

pub(in crate::intake) fn read(origin: &Origin, given: Vec<Value>, collected: &mut Collected) {
    let mut messages = Vec::new();
    for (index, message) in given.iter().enumerate() {
        let place = if given.len() > 1 { format!("mail {}", index + 1) } else { String::new() };
        let labels = message.get("labelIds").and_then(Value::as_array);
        if labels.is_some_and(|labels| labels.iter().any(|label| label == "DRAFT")) {
            collected.warn(&origin.source, place, "a draft that was never sent: left out");
            continue;
        }
        messages.extend(read_one(origin, message, &place, collected));
    }
    email::add(origin, "gmail", messages, collected);
}

fn read_one(origin: &Origin, message: &Value, place: &str, collected: &mut Collected) -> Vec<DraftMessage> {
    let arrived = message.get("internalDate").and_then(|date| match date {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    });
    let arrived = arrived.and_then(|date| Timestamp::from_millisecond(date).ok());
    let raw = message.get("raw").and_then(Value::as_str).and_then(decode);
    let mut structure = match (&raw, message.get("payload")) {
        (Some(raw), _) => take_apart(raw, &collected.limits),
        (None, Some(payload)) => parts_of(payload, collected),
        (None, None) => {
            collected.leave_unread(origin, format!("{place} holds an id and a snippet, not the mail").trim_start());
            return Vec::new();
        }
    };
    if let Some(letter) = structure.entities.first_mut().and_then(|first| first.head.letter.as_mut()) {
        letter.arrived = arrived.or(letter.arrived);
    }
    email::read_structure(origin, &structure, place, collected)
}

/// The tree of parts, walked without recursion.
fn parts_of<'x>(payload: &Value, collected: &Collected) -> Structure<'x> {
    let limits = &collected.limits;
    let mut structure = Structure::default();
    let mut waiting = vec![(payload, None)];
    while let Some((part, parent)) = waiting.pop() {
        if structure.entities.len() >= limits.mail_parts {
            structure.cut = true;
            break;
        }
        let above = parent.map_or(Shape::Leaf, |parent| structure.shape(parent));
        let is_letter = parent.is_none() || above == Shape::Mail;
        let mut head = head::read(headers(part).as_bytes(), is_letter, limits);
        head.encoding = Encoding::Plain;
        if head.kind.is_empty() {
            head.kind = part.get("mimeType").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        }
        let given = part.get("filename").and_then(Value::as_str).filter(|name| !name.is_empty());
        if head.name.is_none() {
            head.name = given.map(str::to_owned);
        }
        let children = part.get("parts").and_then(Value::as_array).filter(|parts| !parts.is_empty());
        let shape = if children.is_some() { shape_of(&head, above) } else { Shape::Leaf };
        let shape = if children.is_some() && shape == Shape::Leaf { Shape::Parts } else { shape };
        let body = part.get("body").unwrap_or(&Value::Null);
        let data = body.get("data").and_then(Value::as_str).and_then(decode);
        let elsewhere = data.is_none() && body.get("attachmentId").is_some();
        let index = structure.push(head, parent, shape, Cow::Owned(data.unwrap_or_default()));
        let entity = &mut structure.entities[index];
        if elsewhere {
            entity.absent =
                Some("Gmail gave its name alone; ask for it with users.messages.attachments.get".to_owned());
        } else if entity.depth >= limits.mail_depth && shape != Shape::Leaf {
            entity.absent = Some(format!("parts lie in it more than {} deep", limits.mail_depth));
            entity.shape = Shape::Leaf;
            continue;
        }
        waiting.extend(children.into_iter().flatten().rev().map(|child| (child, Some(index))));
    }
    structure
}

/// Header lines as a mail has them.
fn headers(part: &Value) -> String {
    let mut block = String::new();
    for header in part.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| header.get(key).and_then(Value::as_str).unwrap_or_default();
        let value: Vec<&str> =
            text("value").split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
        block.push_str(&format!("{}: {}\n", text("name").replace(['\r', '\n', ':'], ""), value.join(" ")));
    }
    block
}

/// Base64 with the letters that addresses allow, padded or not.
pub(in crate::intake) fn decode(data: &str) -> Option<Vec<u8>> {
    let mut plain: Vec<u8> = data
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    plain.resize(plain.len().next_multiple_of(4), b'=');
    base64_decode(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_gmail_writes() {
        assert_eq!(decode("SGk").unwrap(), b"Hi");
        assert_eq!(decode("SGk=").unwrap(), b"Hi");
        assert_eq!(decode("-_8").unwrap(), [0xFB, 0xFF]);
    }

    #[test]
    fn other_json_is_left_alone() {
        for text in [
            r#"{"id":"1","amount":3}"#,
            r#"{"messages":[{"ts":"1","text":"x"}]}"#,
            "[]",
            r#"{"id":"1","threadId":"2"}"#,
        ] {
            assert!(recognise(serde_json::from_str(text).unwrap()).is_err(), "{text}");
        }
    }
}
