//! The words of a Teams message: HTML with elements of its own (`at`, `emoji`,
//! `attachment`), plain text, and the cards that apps post (Graph reference:
//! "chatMessageAttachment resource type"; the Adaptive Cards schema).

use serde_json::Value;

use super::word;
use crate::config::Limits;
use crate::intake::markup;
use crate::intake::text::{self, Tidied};

/// Text and how many pictures stand in it.
pub(super) fn words_of(body: &Value, limits: &Limits) -> (Tidied, usize) {
    let content = word(body, "content").unwrap_or_default();
    match word(body, "contentType") {
        Some("text") => (text::tidy(content, limits), 0),
        _ => html(content, limits),
    }
}

/// The same for a body known to be HTML.
pub(super) fn html(content: &str, limits: &Limits) -> (Tidied, usize) {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    let mut pictures = 0;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name_ends =
            from.bytes().skip(1).position(|byte| !byte.is_ascii_alphanumeric()).map_or(from.len(), |end| end + 1);
        match from.get(1..name_ends).unwrap_or_default() {
            // People see the mention with its sign; the element alone would leave a bare name.
            "at" => out.push('@'),
            "emoji" => out.push_str(attribute(from, " alt=\"")),
            "img" => {
                pictures += 1;
                out.push_str("[image]");
            }
            _ => {}
        }
        out.push('<');
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    (markup::html_to_text(&out, limits), pictures)
}

/// Attributes are looked for this far into a tag.
const MAX_TAG_BYTES: usize = 500;

/// An attribute of the tag at the start; short, since it stands for one sign.
fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let mut end = tag.len().min(MAX_TAG_BYTES);
    while !tag.is_char_boundary(end) {
        end -= 1;
    }
    let head = tag.get(..end).unwrap_or_default();
    let head = head.split('>').next().unwrap_or_default();
    head.split_once(name).and_then(|(_, value)| value.split_once('"')).map_or("", |(value, _)| value)
}

/// Deeper cards are not looked into.
const MAX_CARD_PARTS: usize = 10_000;

/// The texts and facts of a card, in reading order; a stack of its own, since the nesting is the sender's.
pub(super) fn card(card: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut waiting = vec![card];
    let mut parts = 0;
    while let Some(part) = waiting.pop() {
        parts += 1;
        if parts > MAX_CARD_PARTS {
            break;
        }
        match part {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(object) => {
                if let (Some(title), Some(value)) = (word(part, "title"), word(part, "value")) {
                    lines.push(format!("{}: {value}", title.trim_end_matches(':')));
                    continue;
                }
                for key in ["title", "subtitle", "text"] {
                    lines.extend(word(part, key).map(str::to_owned));
                }
                let inner = ["body", "items", "columns", "facts", "sections", "inlines", "rows", "cells"];
                waiting.extend(inner.iter().rev().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(content: &str, expected: &str) {
        assert_eq!(html(content, &Limits::default()).0.text, expected, "{content}");
    }

    #[test]
    fn reads_bodies() {
        check("<div>Ah, <at id=\"0\">Dana</at>, yes &amp; no</div>", "Ah, @Dana, yes & no");
        check("<p>ok <emoji id=\"like\" alt=\"👍\" title=\"Like\"></emoji></p>", "ok 👍");
        check("<attachment id=\"1\"></attachment>June 1", "June 1");
        check("<blockquote>June 1?</blockquote><p>July 1</p>", "> June 1?\nJuly 1");
        check("<p>see <img src=\"x\" alt=\"plan\"></p>", "see [image]");
        check("<address>x</address><", "x<");
        let text = words_of(&json!({"contentType": "text", "content": "a < b"}), &Limits::default()).0.text;
        assert_eq!(text, "a < b");
    }

    #[test]
    fn reads_cards() {
        let value = json!({"type": "AdaptiveCard", "body": [
            {"type": "TextBlock", "text": "Deal won"},
            {"type": "FactSet", "facts": [{"title": "Seats:", "value": "40"}]},
            {"type": "ColumnSet", "columns": [{"items": [{"type": "TextBlock", "text": "June 1"}]}]}]});
        assert_eq!(card(&value), "Deal won\nSeats: 40\nJune 1");
    }
}
