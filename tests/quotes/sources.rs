//! The conversations that quotes are made from. Hand-written sentences stand
//! in messages between their neighbours, laid out as mail, calls and chats lay
//! them out: side by side, in paragraphs, wrapped, quoted with `> `. Every
//! sentence is remembered with the message it stands in, so that a kind can
//! draw one and knows what is true of it.

mod calls;
mod chats;
mod desks;
mod emails;
mod letters;
mod talks;

use std::ops::Range;

use baton::conversation::{
    Author, Conversation, Document, DocumentKind, Message, MessageId, Segment, SegmentKind, Side,
};
use jiff::Timestamp;

use crate::drawing::{fold, without_prefixes};

/// One conversation as it is written down in this suite.
pub struct Script {
    pub source: &'static str,
    pub format: &'static str,
    pub kind: DocumentKind,
    pub people: &'static [Person],
    pub companies: &'static [&'static str],
    pub messages: &'static [Said],
}

pub struct Person {
    pub name: &'static str,
    /// Empty where the source gives none.
    pub address: &'static str,
    pub side: Side,
}

/// One message: who (an index into the people), how it is laid out, and its sentences with marks.
pub struct Said {
    pub by: usize,
    pub layout: Layout,
    pub sentences: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// All sentences on one line.
    Line,
    /// An empty line after every second sentence.
    Paragraphs,
    /// Lines of at most so many columns.
    Wrapped(usize),
    /// The first so many sentences are the author's, the rest is quoted history with `> ` before each line.
    Reply(usize),
}

pub const fn ours(name: &'static str, address: &'static str) -> Person {
    Person { name, address, side: Side::Ours }
}

pub const fn theirs(name: &'static str, address: &'static str) -> Person {
    Person { name, address, side: Side::Theirs }
}

pub const fn line(by: usize, sentences: &'static [&'static str]) -> Said {
    Said { by, layout: Layout::Line, sentences }
}

pub const fn paragraphs(by: usize, sentences: &'static [&'static str]) -> Said {
    Said { by, layout: Layout::Paragraphs, sentences }
}

pub const fn wrapped(by: usize, columns: usize, sentences: &'static [&'static str]) -> Said {
    Said { by, layout: Layout::Wrapped(columns), sentences }
}

pub const fn reply(by: usize, own: usize, sentences: &'static [&'static str]) -> Said {
    Said { by, layout: Layout::Reply(own), sentences }
}

/// Everything the kinds draw from.
pub struct Material {
    pub talks: Vec<Talk>,
    pub sites: Vec<Site>,
}

/// A conversation with what the kinds need to know about it.
pub struct Talk {
    pub conversation: Conversation,
    /// Full names of the people who write or speak.
    pub people: Vec<&'static str>,
    pub companies: &'static [&'static str],
    /// Each message's words, folded, for the look-up that proves a quote false.
    folded: Vec<String>,
    /// Each message in lower case with single spaces, signs and all.
    squashed: Vec<String>,
}

/// A sentence where it stands.
#[derive(Debug, Clone)]
pub struct Site {
    /// Index into [`Material::talks`].
    pub talk: usize,
    pub message: MessageId,
    /// The sentence on one line, without marks.
    pub sentence: String,
    /// Words that a true quote may leave out, bytes of `sentence`.
    pub gap: Option<Range<usize>>,
    /// A piece whose negation stands outside of it, bytes of `sentence`.
    pub negated: Option<Range<usize>>,
    /// A piece that says something else without the words around it, bytes of `sentence`.
    pub turned: Option<(Turn, Range<usize>)>,
    pub layout: Layout,
    /// Stands in quoted history, with `> ` before its lines.
    pub in_history: bool,
}

/// What stands outside of a marked piece and turns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// `{if:…}`: the piece holds under a condition.
    Condition,
    /// `{ask:…}`: the piece is asked, not said.
    Question,
    /// `{by:…}`: somebody else says so.
    Attribution,
    /// `{may:…}`: the author is not sure.
    Hedge,
    /// `{swap:…}`: without the piece the first subject does what the second one does.
    Subject,
}

const TURNS: &[(&str, Turn)] = &[
    ("{if:", Turn::Condition),
    ("{ask:", Turn::Question),
    ("{by:", Turn::Attribution),
    ("{may:", Turn::Hedge),
    ("{swap:", Turn::Subject),
];

impl Material {
    pub fn build() -> Material {
        let scripts =
            [emails::SCRIPTS, calls::SCRIPTS, chats::SCRIPTS, letters::SCRIPTS, talks::SCRIPTS, desks::SCRIPTS];
        let mut material = Material { talks: Vec::new(), sites: Vec::new() };
        for (index, script) in scripts.into_iter().flatten().enumerate() {
            let talk = add_talk(script, index, &mut material.sites);
            material.talks.push(talk);
        }
        material
    }
}

impl Talk {
    /// The message's text; empty if there is no such message.
    pub fn text(&self, id: MessageId) -> &str {
        self.conversation.message(id).map_or("", |message| &message.text)
    }

    /// Whether this message has these words side by side, whatever their case, punctuation and space.
    pub fn has_words_in(&self, id: MessageId, quote: &str) -> bool {
        let wanted = format!(" {} ", fold(quote));
        self.folded.get(id.0 as usize - 1).is_some_and(|words| words.contains(&wanted))
    }

    /// Whether some message has these words side by side, whatever their case, punctuation and space.
    pub fn has_words(&self, quote: &str) -> bool {
        let wanted = format!(" {} ", fold(quote));
        self.folded.iter().any(|words| words.contains(&wanted))
    }

    /// How often these very characters stand in the messages, whatever their case and space, words whole or not.
    pub fn count_characters(&self, quote: &str) -> usize {
        let wanted = squash(quote);
        self.squashed.iter().map(|text| text.matches(&wanted).count()).sum()
    }
}

fn add_talk(script: &'static Script, index: usize, sites: &mut Vec<Site>) -> Talk {
    let document = Document {
        id: "d1".into(),
        source: script.source.into(),
        kind: script.kind,
        format: script.format.into(),
        title: None,
        messages: (1..=script.messages.len() as u32).map(MessageId).collect(),
    };
    let mut messages = Vec::new();
    for (position, said) in script.messages.iter().enumerate() {
        let id = MessageId(position as u32 + 1);
        let mut clean = Vec::new();
        for (place, marked) in said.sentences.iter().enumerate() {
            let turn = TURNS.iter().find(|(mark, _)| marked.contains(mark));
            let (sentence, gap, piece) = match turn {
                Some((mark, _)) => unmark(&marked.replacen(mark, "{", 1)),
                None => unmark(marked),
            };
            let turned = turn.and_then(|(_, turn)| Some((*turn, piece.clone()?)));
            let negated = piece.filter(|_| turned.is_none());
            let in_history = matches!(said.layout, Layout::Reply(own) if place >= own);
            clean.push(sentence.clone());
            sites.push(Site {
                talk: index,
                message: id,
                sentence,
                gap,
                negated,
                turned,
                layout: said.layout,
                in_history,
            });
        }
        let other = &script.people[(said.by + 1) % script.people.len()];
        let (text, segments) = lay_out(&clean, said.layout, other);
        let seconds = 1_770_000_000 + index as i64 * 864_000 + position as i64 * 5_400;
        messages.push(Message {
            id,
            document: "d1".into(),
            author: author(&script.people[said.by]),
            at: Timestamp::from_second(seconds).ok(),
            zone: None,
            subject: None,
            reply_to: None,
            text,
            segments,
        });
    }
    let folded = messages.iter().map(|message| format!(" {} ", fold(&without_prefixes(&message.text)))).collect();
    let squashed = messages.iter().map(|message| squash(&without_prefixes(&message.text))).collect();
    Talk {
        conversation: Conversation { documents: vec![document], messages, ..Conversation::default() },
        people: script.people.iter().map(|person| person.name).collect(),
        companies: script.companies,
        folded,
        squashed,
    }
}

fn author(person: &Person) -> Author {
    Author {
        name: Some(person.name.into()),
        address: (!person.address.is_empty()).then(|| person.address.into()),
        side: person.side,
    }
}

/// Takes the marks out of a sentence: the sentence, what `[…]` held, what `{…}` held.
fn unmark(marked: &str) -> (String, Option<Range<usize>>, Option<Range<usize>>) {
    let mut sentence = String::new();
    let (mut gap, mut negated) = (0..0, 0..0);
    for character in marked.chars() {
        match character {
            '[' => gap.start = sentence.len(),
            ']' => gap.end = sentence.len(),
            '{' => negated.start = sentence.len(),
            '}' => negated.end = sentence.len(),
            other => sentence.push(other),
        }
    }
    let some = |range: Range<usize>| (!range.is_empty()).then_some(range);
    (sentence, some(gap), some(negated))
}

fn lay_out(sentences: &[String], layout: Layout, other: &Person) -> (String, Vec<Segment>) {
    let body = |end| Segment { kind: SegmentKind::Body, start: 0, end, author: None, at: None, same_as: None };
    let text = match layout {
        Layout::Line => sentences.join(" "),
        Layout::Paragraphs => sentences.chunks(2).map(|paragraph| paragraph.join(" ")).collect::<Vec<_>>().join("\n\n"),
        Layout::Wrapped(columns) => wrap(&sentences.join(" "), columns, ""),
        Layout::Reply(own) => {
            let own_words = sentences[..own].join(" ");
            let header = format!("\n\nOn 20 February 2026 at 09:12, {} wrote:\n", other.name);
            let start = own_words.len() + 2;
            let text = format!("{own_words}{header}{}", wrap(&sentences[own..].join(" "), 54, "> "));
            let history = Segment {
                kind: SegmentKind::Quote,
                start,
                end: text.len(),
                author: Some(author(other)),
                at: None,
                same_as: None,
            };
            return (text, vec![body(own_words.len()), history]);
        }
    };
    let end = text.len();
    (text, vec![body(end)])
}

fn wrap(text: &str, columns: usize, prefix: &str) -> String {
    let mut wrapped = String::from(prefix);
    let mut used = 0;
    for (position, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if position > 0 && used + 1 + length > columns {
            wrapped.push('\n');
            wrapped.push_str(prefix);
            used = 0;
        } else if position > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += length;
    }
    wrapped
}

fn squash(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
