//! Chats: messages, threads and edits as the programs export them, with the
//! names behind their ids.

pub(super) mod irc;
mod irc_line;
pub(super) mod reactions;
pub(super) mod slack;
pub(super) mod teams;
mod teams_body;
pub(super) mod whatsapp;
mod whatsapp_line;

use jiff::Timestamp;
use serde_json::Value;

use super::draft::{Collected, DraftMessage, Piece};
use super::text::Tidied;
use crate::conversation::{Author, SegmentKind};

/// Takes lists of people and channels in; false when the bytes are none. They belong to no document.
pub(super) fn read_directory(bytes: &[u8], collected: &mut Collected) -> bool {
    slack::people::read_members(bytes, collected)
        || slack::people::read_channels(bytes, collected)
        || teams::read_members(bytes, collected)
}

/// A word of an object, trimmed; `None` for an empty one.
fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|word| !word.is_empty())
}

/// Words of somebody else behind a message's own, as a segment with its author and time.
fn append(
    message: &mut DraftMessage,
    kind: SegmentKind,
    author: Option<Author>,
    at: Option<Timestamp>,
    words: &Tidied,
) {
    let words = words.text.as_str();
    if words.trim().is_empty() {
        return;
    }
    if !message.text.is_empty() {
        message.text.push('\n');
    }
    let start = message.text.len();
    message.text.push_str(words);
    let mut piece = Piece::new(kind, start, message.text.len());
    piece.segment.author = author;
    piece.segment.at = at;
    message.pieces.push(piece);
}

/// Tells each count that is not zero.
/// What is told of many, told of one: `message was deleted`.
fn of_one(what: &str) -> String {
    const ONE: [(&str, &str); 17] = [
        ("messages", "message"),
        ("notices", "notice"),
        ("previews", "preview"),
        ("pictures", "picture"),
        ("entries", "entry"),
        ("files", "file"),
        ("blocks", "block"),
        ("keys", "key"),
        ("people's", "person's"),
        ("reactions", "reaction"),
        ("were", "was"),
        ("have", "has"),
        ("are", "is"),
        ("carry", "carries"),
        ("stand", "stands"),
        ("hold", "holds"),
        ("their", "its"),
    ];
    // Behind the first sign outside brackets stands an explanation, which speaks of others.
    let mut open = false;
    let end = what.find(|c| {
        open = c == '(' || open && c != ')';
        !open && matches!(c, ':' | ',')
    });
    let (told, rest) = what.split_at(end.unwrap_or(what.len()));
    let one = |word: &str| ONE.iter().find(|(many, _)| *many == word).map_or(word, |(_, one)| one).to_owned();
    told.split(' ').map(one).collect::<Vec<_>>().join(" ") + rest
}

fn warn_of_counts(source: &str, counts: &[(usize, &str)], collected: &mut Collected) {
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        collected.warn(source, "", if *count == 1 { format!("1 {}", of_one(what)) } else { format!("{count} {what}") });
    }
}
