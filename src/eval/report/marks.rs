//! Where the words lie that a failed field is about: what a person cites for
//! it, found by its words wherever they stand, and what the brief cites, by its
//! place. A quote that no longer stands at its place marks nothing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::brief::{Evidence, FieldState, Tier};
use crate::conversation::{Conversation, Message, MessageId};
use crate::eval::result::{FieldScore, GoldShown};

/// Places of one expected quote that are marked: a name can stand everywhere.
const MOST_PLACES: usize = 3;

/// Whose words are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cited {
    /// By a person, in the gold.
    Expected,
    /// By the brief.
    Got,
}

/// A stretch of a message, or its author line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub cited: Cited,
    /// Fields, one after another.
    pub fields: Vec<String>,
    /// In the message's text; none for the author line.
    pub span: Option<(usize, usize)>,
    /// Numbers the marks of a handoff.
    pub number: usize,
}

/// The marks of a handoff's sources.
#[derive(Debug, Default)]
pub(super) struct Marks {
    by_message: BTreeMap<MessageId, Vec<Mark>>,
    /// The first mark of each quote: side, field and the quote's number in it.
    targets: BTreeMap<(Cited, String, usize), usize>,
    /// Lines of the CRM record by property, where expected words stand in no message.
    by_property: BTreeMap<String, Mark>,
    count: usize,
}

/// The words that a person cites for a field: as evidence, or as what was seen of a value that is not settled.
pub(super) fn expected_words(gold: &GoldShown) -> Vec<&str> {
    let seen = gold.values.iter().filter(|_| gold.state != FieldState::Found).filter_map(Json::as_str);
    gold.evidence.iter().map(String::as_str).chain(seen).collect()
}

impl Marks {
    /// The words of these fields.
    pub fn collect(fields: &[&FieldScore], conversation: &Conversation) -> Marks {
        let mut marks = Marks::default();
        let words: Vec<(&Message, Vec<Word>)> =
            conversation.messages.iter().map(|message| (message, words(&message.text))).collect();
        for field in fields {
            let quotes = field.expected.iter().flat_map(expected_words);
            for (index, quote) in quotes.enumerate() {
                let wanted = self::words(quote);
                let wanted: Vec<&str> = wanted.iter().map(|word| word.letters.as_str()).collect();
                let places = places(&words, &wanted);
                if places.is_empty() {
                    marks.add_property(&field.field, index, (conversation, &wanted));
                }
                for (message, span) in places {
                    marks.add(Cited::Expected, &field.field, index, (message, span));
                }
            }
            for (index, evidence) in field.evidence.iter().enumerate() {
                if let Some(place) = place(evidence, conversation) {
                    marks.add(Cited::Got, &field.field, index, (evidence.message, place));
                }
            }
        }
        marks
    }

    fn add(&mut self, cited: Cited, field: &str, index: usize, (message, span): (MessageId, Option<(usize, usize)>)) {
        let marks = self.by_message.entry(message).or_default();
        let number = match marks.iter_mut().find(|mark| mark.cited == cited && mark.span == span) {
            Some(mark) => {
                if mark.fields.iter().all(|other| other != field) {
                    mark.fields.push(field.to_owned());
                }
                mark.number
            }
            None => {
                self.count += 1;
                marks.push(Mark { cited, fields: vec![field.to_owned()], span, number: self.count });
                self.count
            }
        };
        self.targets.entry((cited, field.to_owned(), index)).or_insert(number);
    }

    fn add_property(&mut self, field: &str, index: usize, (conversation, wanted): (&Conversation, &[&str])) {
        let holds = |value: &Json| stands_in(&super::shown::value(value), wanted);
        let Some((property, _)) = conversation.record.iter().find(|(_, value)| holds(value)) else { return };
        let number = self.count + 1;
        let line = Mark { cited: Cited::Expected, fields: Vec::new(), span: None, number };
        let mark = self.by_property.entry(property.clone()).or_insert(line);
        self.count = self.count.max(mark.number);
        if mark.fields.iter().all(|other| other != field) {
            mark.fields.push(field.to_owned());
        }
        self.targets.entry((Cited::Expected, field.to_owned(), index)).or_insert(mark.number);
    }

    /// The mark on a line of the CRM record.
    pub fn of_property(&self, property: &str) -> Option<&Mark> {
        self.by_property.get(property)
    }

    pub fn of(&self, message: MessageId) -> &[Mark] {
        self.by_message.get(&message).map_or(&[], Vec::as_slice)
    }

    /// The number of the mark that a quote leads to.
    pub fn target(&self, cited: Cited, field: &str, index: usize) -> Option<usize> {
        self.targets.get(&(cited, field.to_owned(), index)).copied()
    }
}

/// Where the brief's quote stands; `None` when it is not there, `Some(None)` for an author line.
fn place(evidence: &Evidence, conversation: &Conversation) -> Option<Option<(usize, usize)>> {
    let message = conversation.message(evidence.message)?;
    match (evidence.start, evidence.end) {
        (Some(start), Some(end)) if message.text.get(start..end) == Some(evidence.quote.as_str()) && start < end => {
            Some(Some((start, end)))
        }
        (None, None) if evidence.tier == Tier::Author => Some(None),
        _ => None,
    }
}

struct Word {
    letters: String,
    start: usize,
    end: usize,
}

/// The words of a text in small letters with their places.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut begun = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begun, character.is_alphanumeric()) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                let letters = text.get(start..at).unwrap_or_default().to_lowercase();
                words.push(Word { letters, start, end: at });
                begun = None;
            }
            _ => {}
        }
    }
    words
}

type Place = (MessageId, Option<(usize, usize)>);

/// Where these words stand one after another: first in what authors wrote themselves, then where it is only repeated,
/// and in author lines when nowhere else.
fn places(messages: &[(&Message, Vec<Word>)], wanted: &[&str]) -> Vec<Place> {
    let (mut own, mut repeated): (Vec<Place>, Vec<Place>) = (Vec::new(), Vec::new());
    if wanted.is_empty() {
        return own;
    }
    for (message, words) in messages {
        for window in words.windows(wanted.len()) {
            let is_it = window.iter().zip(wanted).all(|(word, wanted)| word.letters == *wanted);
            let (Some(first), Some(last)) = (window.first().filter(|_| is_it), window.last()) else { continue };
            let is_repeated = message
                .segments
                .iter()
                .any(|part| part.same_as.is_some() && part.start <= first.start && last.end <= part.end);
            let list = if is_repeated { &mut repeated } else { &mut own };
            list.push((message.id, Some((first.start, last.end))));
        }
    }
    own.extend(repeated);
    if own.is_empty() {
        own.extend(messages.iter().filter(|(message, _)| is_author(message, wanted)).map(|(one, _)| (one.id, None)));
    }
    own.truncate(MOST_PLACES);
    own
}

fn is_author(message: &Message, wanted: &[&str]) -> bool {
    [&message.author.name, &message.author.address].into_iter().flatten().any(|label| stands_in(label, wanted))
}

fn stands_in(text: &str, wanted: &[&str]) -> bool {
    let words = words(text);
    let is_it = |part: &[Word]| part.iter().zip(wanted).all(|(word, wanted)| word.letters == *wanted);
    !wanted.is_empty() && words.windows(wanted.len()).any(is_it)
}

/// Text between two borders, with the marks that cover it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub start: usize,
    pub end: usize,
    pub marks: Vec<&'a Mark>,
}

/// Cuts `start..end` wherever a mark begins or ends.
pub(super) fn cut(marks: &[Mark], start: usize, end: usize) -> Vec<Piece<'_>> {
    let spans = || marks.iter().filter_map(|mark| Some((mark, mark.span?)));
    let mut borders: Vec<usize> = spans().flat_map(|(_, (from, to))| [from, to]).chain([start, end]).collect();
    borders.retain(|border| (start..=end).contains(border));
    borders.sort_unstable();
    borders.dedup();
    let piece = |pair: &[usize]| {
        let (from, to) = (pair[0], pair[1]);
        let covering = spans().filter(|(_, span)| span.0 <= from && to <= span.1).map(|(mark, _)| mark);
        Piece { start: from, end: to, marks: covering.collect() }
    };
    borders.windows(2).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Author;

    fn message(id: u32, text: &str) -> Message {
        Message {
            id: MessageId(id),
            document: "d1".into(),
            author: Author { name: Some("Dana Whitfield".into()), ..Author::default() },
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            text: text.into(),
            segments: Vec::new(),
        }
    }

    #[test]
    fn expected_words_are_found_wherever_they_stand() {
        let check = |texts: &[&str], quote: &str, expected: &str| {
            let messages: Vec<Message> =
                texts.iter().enumerate().map(|(index, text)| message(index as u32 + 1, text)).collect();
            let read: Vec<(&Message, Vec<Word>)> = messages.iter().map(|one| (one, words(&one.text))).collect();
            let wanted = words(quote);
            let wanted: Vec<&str> = wanted.iter().map(|word| word.letters.as_str()).collect();
            let told: Vec<String> = places(&read, &wanted)
                .iter()
                .map(|(id, span)| match span {
                    Some((start, end)) => format!("{id} {:?}", &messages[id.0 as usize - 1].text[*start..*end]),
                    None => format!("{id} author"),
                })
                .collect();
            assert_eq!(told.join(", "), expected, "{quote} in {texts:?}");
        };
        check(&["We go Live\n> on July 1."], "live on july 1", "m1 \"Live\\n> on July 1\"");
        check(&["Grüße aus KÖLN", "köln"], "Köln", "m1 \"KÖLN\", m2 \"köln\"");
        check(&["a b a b a b a b"], "a b", "m1 \"a b\", m1 \"a b\", m1 \"a b\"");
        check(&["nothing", "of it"], "Dana Whitfield", "m1 author, m2 author");
        check(&["nothing"], "elsewhere", "");
        check(&["nothing"], "…", "");
    }

    #[test]
    fn pieces_know_their_marks() {
        let mark = |number: usize, span: (usize, usize)| Mark {
            cited: Cited::Got,
            fields: vec!["x".into()],
            span: Some(span),
            number,
        };
        let marks = [mark(1, (0, 6)), mark(2, (3, 9)), mark(3, (3, 6))];
        let told: Vec<String> = cut(&marks, 0, 12)
            .iter()
            .map(|piece| {
                format!("{}-{}{:?}", piece.start, piece.end, piece.marks.iter().map(|m| m.number).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(told.join(" "), "0-3[1] 3-6[1, 2, 3] 6-9[2] 9-12[]");
        assert_eq!(cut(&marks, 4, 4).len(), 0);
        assert_eq!(cut(&[], 2, 4).len(), 1);
    }
}
