//! The conversation as a sequence of lines: sentences with their speaker, the
//! cues and typed values in them, and whether they ask. Everything the
//! extractor decides, it decides on lines and their neighbours.

use jiff::Timestamp;

use crate::conversation::{Author, Conversation, MessageId, Segment, SegmentKind};
use crate::language::{sentences, starts_question};
use crate::route::Route;
use crate::route::cues::{CueBook, Hit};
use crate::value::{Context, Kind, Names, Participant, Sorts, Spotted, scan, scan_with_people};

/// One sentence of a message.
#[derive(Debug)]
pub struct Line<'a> {
    /// Position of the message in the conversation.
    pub message: usize,
    pub id: MessageId,
    /// All text of the message.
    pub text: &'a str,
    /// Byte offsets into it.
    pub start: usize,
    pub end: usize,
    pub kind: SegmentKind,
    /// False for words that were said first elsewhere and stand here as a reminder.
    pub counts: bool,
    pub speaker: &'a Author,
    pub asks: bool,
    /// Speaks of another customer, order or thread: worth a guess at most.
    pub foreign: bool,
    /// First sentence of its segment.
    pub opens: bool,
    pub hits: Vec<Hit>,
    pub values: Vec<Spotted>,
}

impl<'a> Line<'a> {
    pub fn words(&self) -> &'a str {
        &self.text[self.start..self.end]
    }

    pub fn hits_of(&self, field: usize) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.field == field)
    }
}

/// What is known of the conversation as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub participants: &'a [Participant],
    /// A day near which words without a day of their own were said.
    pub around: Option<Timestamp>,
}

/// Cuts a conversation into lines, in its order.
pub fn lines<'a>(conversation: &'a Conversation, route: &Route, book: &CueBook, known: Known) -> Vec<Line<'a>> {
    let sorts = route.fields.iter().fold(Sorts::NONE, |sorts, field| sorts | Sorts::of(&field.kind));
    let people = route.fields.iter().any(|field| field.kind == Kind::Person);
    let names = people.then(|| Names::new(known.participants));
    let mut all = Vec::new();
    for (position, message) in conversation.messages.iter().enumerate() {
        let first = all.len();
        for segment in &message.segments {
            let Some(text) = message.text.get(segment.start..segment.end) else { continue };
            let context = Context {
                said_at: conversation.said_at(message, segment),
                zone: message.zone,
                around: known.around,
                participants: known.participants,
            };
            let hits = book.find(text);
            let values = match &names {
                Some(names) if segment.kind != SegmentKind::Signature => scan_with_people(text, sorts, &context, names),
                _ => scan(text, sorts, &context),
            };
            let speaker = conversation.speaker(message, segment);
            let place = Place { position, id: message.id, text: &message.text, segment, speaker };
            cut(place, hits, values, &mut all);
        }
        // A name by itself may end one part of the message, and what belongs to it begin the next.
        let own = all[first..].iter().take_while(|line| line.kind != SegmentKind::Quote).count();
        mark_sign_off(&mut all[first..first + own]);
    }
    all.shrink_to_fit();
    all
}

struct Place<'a, 's> {
    position: usize,
    id: MessageId,
    text: &'a str,
    segment: &'s Segment,
    speaker: &'a Author,
}

/// Shares hits and values of a segment out over its sentences; both are sorted by start.
fn cut<'a>(place: Place<'a, '_>, hits: Vec<Hit>, values: Vec<Spotted>, all: &mut Vec<Line<'a>>) {
    let offset = place.segment.start;
    let first = all.len();
    let mut hits = hits.into_iter().peekable();
    let mut values = values.into_iter().peekable();
    for (number, sentence) in sentences(place.text, place.segment.start, place.segment.end).into_iter().enumerate() {
        let mut line = Line {
            message: place.position,
            id: place.id,
            text: place.text,
            start: sentence.start,
            end: sentence.end,
            kind: place.segment.kind,
            counts: place.segment.same_as.is_none(),
            speaker: place.speaker,
            asks: starts_question(sentence.text(place.text)),
            foreign: false,
            opens: number == 0,
            hits: Vec::new(),
            values: Vec::new(),
        };
        while let Some(hit) = hits.next_if(|hit| hit.start + offset < sentence.end) {
            if hit.end + offset <= sentence.end && hit.start + offset >= sentence.start {
                line.hits.push(Hit { start: hit.start + offset, end: hit.end + offset, ..hit });
            }
        }
        while let Some(value) = values.next_if(|value| value.start + offset < sentence.end) {
            if value.end + offset <= sentence.end && value.start + offset >= sentence.start {
                line.values.push(Spotted { start: value.start + offset, end: value.end + offset, ..value });
            }
        }
        // Thousands of lines may wait for a model at the same time.
        line.hits.shrink_to_fit();
        line.values.shrink_to_fit();
        all.push(line);
    }
    if place.segment.kind == SegmentKind::Body {
        mark_sign_off(&mut all[first..]);
    }
}

/// The most lines of a sign-off under a name.
const SIGN_OFF_LINES: usize = 8;

/// The writer's own name on a line by itself, near the end, begins a signature that carries no mark.
fn mark_sign_off(lines: &mut [Line]) {
    let near_end = lines.len().saturating_sub(SIGN_OFF_LINES);
    let signs = |line: &Line| {
        // Name and title often stand in two short lines that read as one sentence.
        let words = line.words().lines().next().unwrap_or_default().trim_matches([',', '.', '-', '–', ' ']);
        let name = line.speaker.name.as_deref().unwrap_or_default();
        !words.is_empty() && (words == name || name.split_whitespace().next() == Some(words))
    };
    if let Some(at) = (near_end..lines.len()).find(|at| signs(&lines[*at])) {
        lines[at..].iter_mut().for_each(|line| line.kind = SegmentKind::Signature);
    }
}
