//! A conversation as a model reads it: messages with their ids, under the
//! document they stand in, between fences that no message can forge. Words
//! that came before are pointed at instead of being repeated.

use crate::conversation::{Author, Conversation, Document, DocumentKind, Message, MessageId, SegmentKind, Side};
use crate::language::is_unseen;

/// One message, or a stretch of a long one, ready to be put into a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Position of the message in the conversation.
    pub position: usize,
    /// Position of its document.
    pub document: usize,
    pub text: String,
    /// Bytes of the message's own text that the block stands for: its weight in the coverage.
    pub bytes: usize,
}

/// All messages in the order of reading: document by document, each in its own order.
pub fn blocks(conversation: &Conversation, most_bytes: usize) -> Vec<Block> {
    blocks_from(conversation, 0, most_bytes)
}

/// The same for the documents from one on; their messages stand in no earlier document.
pub(super) fn blocks_from(conversation: &Conversation, document: usize, most_bytes: usize) -> Vec<Block> {
    let mut order: Vec<(usize, &Document, usize)> = conversation
        .documents
        .iter()
        .enumerate()
        .skip(document)
        .filter_map(|(at, document)| {
            let first = document.messages.iter().filter_map(|id| position(conversation, *id)).min()?;
            Some((first, document, at))
        })
        .collect();
    order.sort_by_key(|(first, _, at)| (*first, *at));
    let mut all = Vec::new();
    for (_, document, at) in order {
        for id in &document.messages {
            let Some(place) = position(conversation, *id) else { continue };
            push_message(conversation, (place, at), document.kind, most_bytes, &mut all);
        }
    }
    all
}

fn position(conversation: &Conversation, id: crate::conversation::MessageId) -> Option<usize> {
    let guess = (id.0 as usize).wrapping_sub(1);
    match conversation.messages.get(guess) {
        Some(message) if message.id == id => Some(guess),
        _ => conversation.messages.iter().position(|message| message.id == id),
    }
}

/// A message longer than `most_bytes` becomes several blocks, cut where a paragraph, a line or a sentence ends.
fn push_message(
    conversation: &Conversation,
    (place, document): (usize, usize),
    kind: DocumentKind,
    most_bytes: usize,
    all: &mut Vec<Block>,
) {
    let message = &conversation.messages[place];
    let pieces = cut(&message.text, most_bytes.max(1));
    let count = pieces.len();
    for (number, (start, end)) in pieces.into_iter().enumerate() {
        let part = if count > 1 { format!(" (part {} of {count})", number + 1) } else { String::new() };
        let head = head(message, kind, &part);
        let body = body(conversation, message, (start, end));
        all.push(Block { position: place, document, text: format!("{head}{body}"), bytes: end - start });
    }
}

/// Stretches that cover a text, none longer than `most` bytes.
fn cut(text: &str, most: usize) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while text.len() - start > most {
        let mut end = start + most;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let room = &text[start..end];
        // A part is at least half full, so that their number stays in proportion.
        let border = ["\n\n", "\n", ". ", " "]
            .iter()
            .find_map(|mark| room.rfind(mark).map(|at| at + mark.len()).filter(|at| *at > most / 2));
        let next = start + border.unwrap_or(room.len());
        // A single character wider than the room is taken whole.
        let next = if next == start {
            text[start..].chars().next().map_or(text.len(), |c| start + c.len_utf8())
        } else {
            next
        };
        pieces.push((start, next));
        start = next;
    }
    pieces.push((start, text.len()));
    pieces
}

fn head(message: &Message, kind: DocumentKind, part: &str) -> String {
    let name = label(&message.author, kind == DocumentKind::Email);
    let time = message.at.filter(|_| kind != DocumentKind::Transcript).map(|at| {
        let zone = message.zone.map_or(jiff::tz::TimeZone::UTC, |offset| offset.to_time_zone());
        at.to_zoned(zone).strftime(", %Y-%m-%d %H:%M").to_string()
    });
    let subject = message.subject.as_deref().filter(|_| kind == DocumentKind::Email);
    let subject = subject.map(|subject| format!(", subject: {}", one_line(subject))).unwrap_or_default();
    let line = if kind == DocumentKind::Email || kind == DocumentKind::Note { "\n" } else { " " };
    format!("{}{part} {name}{}{subject}:{line}", message.id, time.unwrap_or_default())
}

fn label(author: &Author, with_address: bool) -> String {
    match (&author.name, &author.address) {
        (Some(name), Some(address)) if with_address => one_line(&format!("{name} <{address}>")),
        (Some(name), _) => one_line(name),
        (None, Some(address)) => one_line(address),
        (None, None) => "somebody".to_owned(),
    }
}

pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Ours => " (ours)",
        Side::Theirs => " (theirs)",
        Side::Unknown => "",
    }
}

fn body(conversation: &Conversation, message: &Message, (start, end): (usize, usize)) -> String {
    let mut text = String::with_capacity(end - start + 16);
    for segment in &message.segments {
        let (from, to) = (segment.start.max(start), segment.end.min(end));
        let Some(words) = message.text.get(from..to).filter(|words| !words.trim().is_empty()) else { continue };
        if !text.is_empty() {
            text.push('\n');
        }
        if segment.same_as == Some(MessageId::OURS) {
            text.push_str("[left out: written by Baton]");
            continue;
        }
        if let Some(first) = segment.same_as {
            text.push_str(&format!("[repeats {first}]"));
            continue;
        }
        if matches!(segment.kind, SegmentKind::Quote | SegmentKind::Forward) {
            let author = conversation.speaker(message, segment);
            let who = author.label().map_or_else(|| "somebody".to_owned(), one_line);
            // A line such as `On … Marcus wrote:` says it already.
            let opening = words.trim_start().lines().take(2).collect::<Vec<_>>().join(" ");
            if !opening.contains(who.as_str()) {
                text.push_str(&format!("[words of {who}]\n"));
            }
        }
        tidy(words, &mut text);
    }
    text
}

/// The words as they are, without quoting marks, empty lines in a row and what no reader can see.
fn tidy(words: &str, text: &mut String) {
    let mut empty = 0;
    for line in words.trim().lines() {
        let line = line.trim_end().trim_start_matches(['>', ' ']);
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 {
            continue;
        }
        text.extend(line.chars().filter(|c| (!c.is_control() || *c == '\t') && !is_unseen(*c)));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect()
}
