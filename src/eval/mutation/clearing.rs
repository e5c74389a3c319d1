//! Taking a value out of everything that states it: texts, subjects, author
//! lines, the record and what the CRM knows. Words that show other fields
//! stay as they are; where the two cannot be parted, nothing is made.

use std::ops::Range;

use serde_json::Value as Json;

use super::super::cases::{Case, Expectation, Gold};
use super::Hindrance;
use super::editing::{Flat, replace, whole_cut};
use super::phrases::{Tongue, filler};
use super::trace::{Said, Trace, is_header, said};
use super::units::{clause_cut, line_around, overlap, unit_in, with_brackets};
use crate::conversation::{Author, Conversation, DocumentKind, Message, Segment, SegmentKind, Side};
use crate::intake;
use crate::route::{Field, Route};
use crate::value::{Context, Kind, Participant, Sorts, scan};

/// One message never needs more cuts than this; a text that does is not understood.
const MOST_CUTS: usize = 300;

/// A handoff from which one field is being taken.
#[derive(Clone)]
pub(super) struct Scene<'a> {
    pub case: &'a Case,
    pub field: &'a Field,
    pub gold: &'a Gold,
    pub conversation: Conversation,
    pub known: Vec<(String, String)>,
    /// Properties of the field itself that were taken out of the record.
    pub taken: Vec<String>,
    /// Words put in on purpose, which count as no statement of the value.
    pub planted: Vec<String>,
    /// The words that show the other fields.
    guards: Vec<(String, Flat)>,
    people: Vec<Participant>,
}

/// Where the words stand that show a value: the message's place in the list, and the bytes.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub message: usize,
    pub range: Range<usize>,
}

impl<'a> Scene<'a> {
    pub fn new(case: &'a Case, conversation: &Conversation, field: &'a Field, gold: &'a Gold) -> Self {
        let others = case
            .expected
            .fields
            .iter()
            .filter(|(key, other)| *key != field.key && !matches!(other.expectation, Expectation::Absent));
        let guards = others
            .flat_map(|(key, other)| other.evidence.iter().map(|words| (key.clone(), Flat::new(words))))
            .collect();
        Scene {
            case,
            field,
            gold,
            conversation: conversation.clone(),
            known: case.known.clone(),
            taken: Vec::new(),
            planted: Vec::new(),
            guards,
            people: intake::participants(conversation),
        }
    }

    /// Where the first words of the evidence stand that somebody really wrote, rather than quoted.
    pub fn evidence(&self) -> Option<Spot> {
        let own = |one: &&Segment| matches!(one.kind, SegmentKind::Body | SegmentKind::Signature);
        self.gold.evidence.iter().find_map(|words| {
            let words = Flat::new(words);
            self.conversation.messages.iter().enumerate().find_map(|(message, one)| {
                one.segments.iter().filter(own).find_map(|segment| {
                    let found = Flat::new(one.text.get(segment.start..segment.end)?).find(&words);
                    let range = found.into_iter().next()?;
                    Some(Spot { message, range: range.start + segment.start..range.end + segment.start })
                })
            })
        })
    }

    /// What the evidence stands in; `None` where only an author line shows it.
    pub fn evidence_kind(&self) -> Option<SegmentKind> {
        self.segment_at(&self.evidence()?).map(|(_, segment)| segment.kind)
    }

    fn segment_at(&self, spot: &Spot) -> Option<(&Message, &Segment)> {
        let message = self.conversation.messages.get(spot.message)?;
        let inside = |one: &&Segment| one.start <= spot.range.start && spot.range.end <= one.end;
        Some((message, message.segments.iter().find(inside)?))
    }

    /// Whether the signature that shows a telephone number shows another one too.
    pub fn has_second_number(&self) -> bool {
        let spot = self.evidence().filter(|_| self.field.kind == Kind::Phone);
        let Some((message, segment)) = spot.as_ref().and_then(|spot| self.segment_at(spot)) else { return false };
        if segment.kind != SegmentKind::Signature {
            return false;
        }
        let words = message.text.get(segment.start..segment.end).unwrap_or_default();
        let context = Context { said_at: message.at, zone: message.zone, around: None, participants: &[] };
        scan(words, Sorts::PHONE, &context).len() > 1
    }

    /// The whole sentences around a place, and the segment they stand in.
    pub fn unit(&self, spot: &Spot) -> Option<((usize, usize), Range<usize>)> {
        let (message, segment) = self.segment_at(spot)?;
        Some(((segment.start, segment.end), unit_in(message, segment, &spot.range)))
    }

    /// The other fields whose words overlap the bytes of a message.
    pub fn guards_over(&self, message: &Message, range: &Range<usize>) -> Vec<(String, Range<usize>)> {
        let flat = Flat::new(&message.text);
        let all = self.guards.iter().flat_map(|(key, words)| {
            flat.find(words).into_iter().map(|found| (key.clone(), found)).collect::<Vec<_>>()
        });
        all.filter(|(_, found)| overlap(found, range)).collect()
    }

    /// Takes the value out everywhere and says how often it stood there.
    pub fn clear(&mut self, trace: &Trace) -> Result<usize, Hindrance> {
        let before: Vec<String> = self.conversation.messages.iter().map(|message| message.text.clone()).collect();
        let mut cuts = 0;
        for message in 0..self.conversation.messages.len() {
            cuts += self.clear_message(message, trace)?;
        }
        cuts += self.clear_subjects(trace)?;
        cuts += self.clear_authors(trace)?;
        cuts += self.clear_record(trace)?;
        let known = self.known.len();
        self.known.retain(|(key, _)| *key != self.field.key);
        cuts += known - self.known.len();
        let changed = self.conversation.messages.iter().zip(&before).filter(|(message, text)| message.text != **text);
        for (message, text) in changed {
            if self.guarded_words(&message.text) != self.guarded_words(text) {
                return Err(Hindrance::Damaged);
            }
        }
        Ok(cuts)
    }

    fn clear_message(&mut self, at: usize, trace: &Trace) -> Result<usize, Hindrance> {
        let Some(original) = self.conversation.messages.get(at) else { return Ok(0) };
        let tongue = Tongue::of(&original.text);
        let spoke = has_body(original);
        for cuts in 0..MOST_CUTS {
            let Some((segment, range)) = self.next_statement(at, trace) else {
                let document = self.conversation.messages.get(at).map(|message| message.document.as_str());
                let documents = &self.conversation.documents;
                let mail =
                    documents.iter().any(|one| Some(one.id.as_str()) == document && one.kind == DocumentKind::Email);
                match self.conversation.messages.get_mut(at) {
                    Some(message) if cuts > 0 && spoke && !has_body(message) => fill(message, filler(tongue, mail)),
                    _ => {}
                }
                return Ok(cuts);
            };
            self.cut(at, segment, range, trace)?;
        }
        Err(Hindrance::Survives)
    }

    /// The first place in a message that still states the value.
    fn next_statement(&self, at: usize, trace: &Trace) -> Option<(usize, Range<usize>)> {
        let message = self.conversation.messages.get(at)?;
        let planted: Vec<Range<usize>> = self
            .planted
            .iter()
            .flat_map(|words| message.text.match_indices(words.as_str()).map(|(at, hit)| at..at + hit.len()))
            .collect();
        message.segments.iter().enumerate().find_map(|(number, segment)| {
            let said = said(&self.conversation, (message, segment), (self.case.as_of, &self.people));
            let all = trace.in_segment(message, segment, &said);
            let range = all.into_iter().find(|range| !planted.iter().any(|own| overlap(own, range)))?;
            Some((number, range))
        })
    }

    fn cut(&mut self, at: usize, segment: usize, range: Range<usize>, trace: &Trace) -> Result<(), Hindrance> {
        let Some(message) = self.conversation.messages.get(at) else { return Ok(()) };
        let Some(segment) = message.segments.get(segment) else { return Ok(()) };
        let bounds = (segment.start, segment.end);
        let unit = match is_header(line_around(&message.text, bounds, range.start)) {
            true => with_brackets(&message.text, &range),
            false => unit_in(message, segment, &range),
        };
        let guards = self.guards_over(message, &unit);
        let range = match guards.iter().find(|(_, guard)| overlap(guard, &range)) {
            None => range,
            // The words for this field and another one overlap: perhaps not where the value itself stands.
            Some((key, _)) => {
                let said = said(&self.conversation, (message, segment), (self.case.as_of, &self.people));
                let words = message.text.get(range.clone()).unwrap_or_default();
                let inner = trace.in_text(words, &said);
                let inner = inner.into_iter().map(|one| one.start + range.start..one.end + range.start);
                let free = inner.into_iter().find(|one| !guards.iter().any(|(_, guard)| overlap(guard, one)));
                free.ok_or_else(|| Hindrance::Shared(key.clone()))?
            }
        };
        let cut = match guards.first() {
            None => whole_cut(&message.text, bounds, unit),
            Some(_) => clause_cut(&message.text, unit, &range, &guards)?,
        };
        if let Some(message) = self.conversation.messages.get_mut(at) {
            replace(message, cut, "");
        }
        Ok(())
    }

    fn clear_subjects(&mut self, trace: &Trace) -> Result<usize, Hindrance> {
        let mut renamed: Vec<(String, Option<String>)> = Vec::new();
        for message in &self.conversation.messages {
            let Some(subject) = message.subject.clone().filter(|one| !renamed.iter().any(|(old, _)| old == one)) else {
                continue;
            };
            let nobody = Said::nobody(self.case.as_of, &self.people);
            let said = Said { at: message.at, zone: message.zone, ..nobody };
            let found = trace.in_text(&subject, &said);
            if found.is_empty() {
                continue;
            }
            let flat = Flat::new(&subject);
            let shared = self.guards.iter().find(|(_, words)| {
                flat.find(words).iter().any(|guard| found.iter().any(|range| overlap(guard, range)))
            });
            if let Some((key, _)) = shared {
                return Err(Hindrance::Shared(key.clone()));
            }
            let mut rest = subject.clone();
            for range in found.iter().rev() {
                if rest.get(range.clone()).is_some() {
                    rest.replace_range(range.clone(), "");
                }
            }
            let words = rest.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '?' | '!'));
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            renamed.push((subject, (!words.is_empty()).then_some(words)));
        }
        let new = |old: &Option<String>| {
            let old = old.as_ref()?;
            renamed.iter().find(|(before, _)| before == old).map(|(_, after)| after.clone())
        };
        for message in &mut self.conversation.messages {
            message.subject = new(&message.subject).unwrap_or(message.subject.take());
        }
        for document in &mut self.conversation.documents {
            document.title = new(&document.title).unwrap_or(document.title.take());
        }
        Ok(renamed.len())
    }

    fn clear_authors(&mut self, trace: &Trace) -> Result<usize, Hindrance> {
        let mut cuts = 0;
        let mut named = false;
        for author in authors_mut(&mut self.conversation) {
            let address = author.address.as_deref().unwrap_or_default();
            if trace.is_address(address) {
                author.address = None;
                cuts += 1;
            } else {
                named |= trace.in_domain(address);
            }
        }
        // A reader may well take the company from the addresses of its people, and they must stay.
        if named { Err(Hindrance::InAddresses) } else { Ok(cuts) }
    }

    fn clear_record(&mut self, trace: &Trace) -> Result<usize, Hindrance> {
        let said = Said::nobody(self.case.as_of, &self.people);
        let mut gone = Vec::new();
        for (name, json) in &self.conversation.record {
            let owner = owner(&self.case.route, name);
            let own = owner.is_some_and(|owner| owner.key == self.field.key);
            let text = match json {
                Json::Null => continue,
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let elsewhere = !matches!(self.field.kind, Kind::Number | Kind::Bool | Kind::Duration)
                && !trace.in_text(&text, &said).is_empty();
            if let Some(owner) = owner.filter(|owner| elsewhere && !own && self.is_stated(&owner.key)) {
                return Err(Hindrance::Shared(owner.key.clone()));
            }
            if own || elsewhere {
                gone.push((name.clone(), own && !text.trim().is_empty()));
            }
        }
        for (name, own) in &gone {
            self.conversation.record.shift_remove(name);
            self.conversation.record_sources.remove(name);
            self.taken.extend(own.then(|| name.clone()));
        }
        for (key, text) in &self.known {
            if *key != self.field.key && !trace.in_text(text, &said).is_empty() {
                return Err(Hindrance::Shared(key.clone()));
            }
        }
        Ok(gone.len())
    }

    fn is_stated(&self, key: &str) -> bool {
        self.case.gold(key).is_some_and(|gold| matches!(gold.expectation, Expectation::Found(_)))
    }

    /// A person who alone speaks for a side is known by every message, whatever is cut.
    pub fn check_voices(&self, trace: &Trace) -> Result<(), Hindrance> {
        if self.field.kind != Kind::Person {
            return Ok(());
        }
        let is_one = |author: &Author| author.name.as_deref().is_some_and(|name| trace.is_name(name));
        let authors = || self.conversation.messages.iter().map(|message| &message.author);
        let Some(person) = authors().find(|author| is_one(author)) else { return Ok(()) };
        let other = authors().any(|author| author.side == person.side && author.name.is_some() && !is_one(author));
        if other || person.side == Side::Unknown { Ok(()) } else { Err(Hindrance::OnlyVoice) }
    }

    /// The words of all other fields that stand in a text, byte for byte.
    fn guarded_words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let flat = Flat::new(text);
        let found = self.guards.iter().flat_map(|(_, words)| flat.find(words));
        found.filter_map(|range| text.get(range)).collect()
    }
}

fn has_body(message: &Message) -> bool {
    message.segments.iter().any(|segment| segment.kind == SegmentKind::Body)
}

/// A message that lost all its own words says something that answers nothing.
fn fill(message: &mut Message, words: &str) {
    let rest = match message.segments.is_empty() {
        true => String::new(),
        false => format!("\n\n{}", message.text),
    };
    message.text = format!("{words}{rest}");
    for segment in &mut message.segments {
        segment.start += words.len() + 2;
        segment.end += words.len() + 2;
    }
    let body = Segment { kind: SegmentKind::Body, start: 0, end: words.len(), author: None, at: None, same_as: None };
    message.segments.insert(0, body);
}

fn authors_mut(conversation: &mut Conversation) -> impl Iterator<Item = &mut Author> {
    conversation.messages.iter_mut().flat_map(|message| {
        let quoted = message.segments.iter_mut().filter_map(|segment| segment.author.as_mut());
        std::iter::once(&mut message.author).chain(quoted)
    })
}

/// The field that a property of the record belongs to: by the route's map first, by key or label else.
pub(super) fn owner<'r>(route: &'r Route, property: &str) -> Option<&'r Field> {
    let folded = |name: &str| -> String {
        name.trim_end_matches("__c").chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let own = folded(property);
    let maps = |field: &&Field| field.map.iter().any(|(_, name)| folded(name) == own);
    let named = |field: &&Field| folded(&field.key) == own || folded(&field.label) == own;
    route.fields.iter().find(maps).or_else(|| route.fields.iter().find(named))
}
