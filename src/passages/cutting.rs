//! Conversations as passages: what each message says itself, once. Words that
//! return as a quote are found where they were first said. A long message is
//! cut between sentences, so that no passage says half of something.

use super::{Passage, PassageKind};
use crate::conversation::{Conversation, Message};
use crate::language::sentences;

/// A message of up to so many bytes is one passage.
const MOST_BYTES: usize = 1_200;
/// A sentence that is longer than this, such as a long run without a blank, is cut wherever a letter ends.
const MOST_SENTENCE_BYTES: usize = 3_600;

/// The spot of the CRM record.
const RECORD: &str = "record";

/// Everything that was said, in its order, and the record. `label` is what the handoff is called.
pub fn of_conversation(conversation: &Conversation, label: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    for message in &conversation.messages {
        found.extend(of_message(conversation, message, label));
    }
    let record: String = conversation
        .record
        .iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(text) => format!("{name}: {text}\n"),
            other => format!("{name}: {other}\n"),
        })
        .collect();
    let source =
        conversation.documents.iter().find(|document| document.kind == crate::conversation::DocumentKind::Record);
    for (part, body) in (0..).zip(cut(&record)) {
        found.push(Passage {
            kind: PassageKind::Source,
            spot: RECORD.to_owned(),
            part,
            source: source.map(|document| document.source.clone()),
            author: None,
            at: None,
            head: label.to_owned(),
            body,
        });
    }
    found
}

fn of_message(conversation: &Conversation, message: &Message, label: &str) -> Vec<Passage> {
    let own: Vec<&str> = message
        .segments
        .iter()
        .filter(|segment| segment.same_as.is_none())
        .filter_map(|segment| message.text.get(segment.start..segment.end))
        .collect();
    let source = conversation.document(&message.document).map(|document| document.source.clone());
    let people = [message.author.name.as_deref(), message.author.address.as_deref()];
    let known = [Some(label), message.subject.as_deref()].into_iter().chain(people);
    let head: Vec<&str> = known.flatten().filter(|text| !text.trim().is_empty()).collect();
    let head = head.join("\n");
    let passage = |(part, body)| Passage {
        kind: PassageKind::Source,
        spot: message.id.to_string(),
        part,
        source: source.clone(),
        author: message.author.label().map(str::to_owned),
        at: message.at,
        head: head.clone(),
        body,
    };
    (0..).zip(cut(&own.join("\n"))).map(passage).collect()
}

/// A text as one piece, or as several between whose sentences it was cut; nothing of what is blank.
pub(super) fn cut(text: &str) -> Vec<String> {
    let whole = text.trim();
    if !whole.contains(char::is_alphanumeric) {
        return Vec::new();
    }
    if whole.len() <= MOST_BYTES {
        return vec![whole.to_owned()];
    }
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for sentence in sentences(whole, 0, whole.len()) {
        for (start, end) in bounded(whole, (sentence.start, sentence.end)) {
            match cuts.last_mut() {
                Some(last) if end - last.0 <= MOST_BYTES => last.1 = end,
                _ => cuts.push((start, end)),
            }
        }
    }
    let parts = cuts.into_iter().filter_map(|(start, end)| whole.get(start..end));
    parts.filter(|part| part.contains(char::is_alphanumeric)).map(str::to_owned).collect()
}

/// A sentence, in several if it is longer than any is.
fn bounded(text: &str, (start, end): (usize, usize)) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut from = start;
    while end - from > MOST_SENTENCE_BYTES {
        let mut to = from + MOST_SENTENCE_BYTES;
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        all.push((from, to));
        from = to;
    }
    all.push((from, end));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_cut_between_sentences() {
        let text = "We go live on July 1. The depots follow after the summer, Dayton first. ".repeat(100);
        let parts = cut(&text);
        assert!(parts.len() > 4 && parts.iter().all(|part| part.len() <= MOST_BYTES && part.ends_with('.')));
        // Nothing is lost and nothing is there twice.
        assert_eq!(parts.join(" "), text.trim());
    }

    #[test]
    fn what_has_no_sentences_is_cut_all_the_same() {
        let text = "ü".repeat(100_000);
        let parts = cut(&text);
        assert_eq!(parts.concat(), text);
        assert!(parts.iter().all(|part| part.len() <= MOST_SENTENCE_BYTES));
        assert_eq!(cut(" \n--- *** "), Vec::<String>::new());
        assert_eq!(cut(" Yes \n"), ["Yes"]);
    }
}
