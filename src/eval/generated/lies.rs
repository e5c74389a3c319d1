//! Readers that lie about every field nobody stated, as convincingly as code
//! can, and tell the truth about the rest. A lie is drawn by kind and seed:
//! the same seed tells the same lie.

use fastrand::Rng;

use crate::conversation::SegmentKind;
use crate::extraction::{Line, Sign};
use crate::llm::{Answer, Cited, Record};
use crate::route::Field;
use crate::value::Kind;

use super::super::cases::Expectation;
use super::Stage;

/// Ways of lying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LieKind {
    /// Words that nobody said.
    InventedQuote,
    /// Words somebody did say, which do not hold or do not mean the value.
    Unsupported,
    /// True words with a true value in them, which belong to no field at all.
    Unrelated,
    /// Words somebody said, with the number, the name or the negation changed.
    Altered,
    /// The true words and value of another field.
    Borrowed,
}

impl LieKind {
    pub const ALL: [LieKind; 5] =
        [LieKind::InventedQuote, LieKind::Unsupported, LieKind::Altered, LieKind::Borrowed, LieKind::Unrelated];
}

/// A way to change words so that they give a field a value: the changed words and the value.
type Change<'a> = fn(&Stage<'a>, &Field, &str, &mut Rng) -> Option<(String, String)>;

/// One lie, as it stands in an answer.
#[derive(Debug, Clone)]
pub struct Lie {
    pub kind: LieKind,
    pub field: String,
    pub record: Record,
}

impl Stage<'_> {
    /// The perfect answer with one lie for every field nobody stated.
    pub fn lying(&self, kind: LieKind, seed: u64) -> (Answer, Vec<Lie>) {
        let mut answer = self.perfect().answer.clone();
        let mut lies = Vec::new();
        for (number, (key, gold)) in self.case.expected.fields.iter().enumerate() {
            let at = self.case.route.fields.iter().position(|field| field.key == *key);
            let Some(at) = at.filter(|_| gold.expectation == Expectation::Absent) else { continue };
            let mut rng = Rng::with_seed(seed.wrapping_mul(1009).wrapping_add(number as u64));
            let mut record = match kind {
                LieKind::InventedQuote => self.invented(at, seed, &mut rng),
                LieKind::Unsupported => self.unsupported(at, seed, &mut rng),
                LieKind::Unrelated => self.unrelated(at, seed, &mut rng),
                LieKind::Altered => self.altered(at, seed, &mut rng),
                LieKind::Borrowed => self.borrowed(at, seed, &answer),
            };
            let Some(mut record) = record.take() else { continue };
            record.key.clone_from(key);
            record.status = "found".to_owned();
            answer.records.retain(|other| other.key != *key);
            answer.records.push(record.clone());
            lies.push(Lie { kind, field: key.clone(), record });
        }
        (answer, lies)
    }

    fn invented(&self, at: usize, seed: u64, rng: &mut Rng) -> Option<Record> {
        let field = &self.case.route.fields[at];
        let value = self.invent(field, rng);
        let cue = field.cues.first().unwrap_or(&field.label).to_lowercase();
        let near = self.line_about(at, rng);
        let quote = match (seed % 4, near) {
            (0, _) => format!("The {cue} is {value}."),
            // A true beginning with an end of the reader's own.
            (1, Some(line)) => {
                let words: Vec<&str> = line.words().split_whitespace().take(6).collect();
                format!("{} {value}", words.join(" "))
            }
            (2, _) => format!("We have settled on {value} for the {cue}."),
            (_, _) => match field.kind {
                Kind::Bool if value == "true" => format!("Yes, {cue}."),
                Kind::Bool => format!("No {cue}."),
                _ => format!("{}: {value}", field.label),
            },
        };
        let line = near?;
        Some(record(line, quote, &value))
    }

    fn unsupported(&self, at: usize, seed: u64, rng: &mut Rng) -> Option<Record> {
        let field = &self.case.route.fields[at];
        let line = self.line_about(at, rng)?;
        let elsewhere = (seed % 2 == 1).then(|| self.elsewhere(field, line, rng)).flatten();
        let value = elsewhere.unwrap_or_else(|| self.invent(field, rng));
        let holds = line.words().contains(&value);
        (!holds || field.kind == Kind::Bool).then(|| record(line, line.words().to_owned(), &value))
    }

    fn unrelated(&self, at: usize, seed: u64, rng: &mut Rng) -> Option<Record> {
        let field = &self.case.route.fields[at];
        let line = self.line_about(at, rng)?;
        // What the line holds of the type, or some words of it as if they were the value.
        let value = match seed % 2 {
            0 => self.value_in(field, line.words(), rng)?,
            _ => match field.kind {
                Kind::Bool | Kind::Enum(_) => return None,
                _ => line.words().split_whitespace().skip(2).take(3).collect::<Vec<_>>().join(" "),
            },
        };
        Some(record(line, line.words().to_owned(), &value))
    }

    fn altered(&self, at: usize, seed: u64, rng: &mut Rng) -> Option<Record> {
        let field = &self.case.route.fields[at];
        let ways: [Change<'_>; 3] = [Self::with_other_value, Self::with_other_name, Self::with_turned_negation];
        let lines = self.ranked_lines(at, rng);
        (0..ways.len()).find_map(|turn| {
            let way = ways[(seed as usize + turn) % ways.len()];
            lines.iter().take(40).find_map(|line| {
                let (quote, value) = way(self, field, line.words(), rng)?;
                (!self.conversation.messages.iter().any(|message| message.text.contains(&quote)))
                    .then(|| record(line, quote, &value))
            })
        })
    }

    /// A figure, day or amount in the words replaced by another.
    fn with_other_value(&self, field: &Field, words: &str, rng: &mut Rng) -> Option<(String, String)> {
        if matches!(field.kind, Kind::Bool | Kind::LongText) {
            let digit = words.find(|c: char| c.is_ascii_digit())?;
            let mut changed = words.to_owned();
            let next = (words.as_bytes()[digit] - b'0' + rng.u8(1..9)) % 10;
            changed.replace_range(digit..digit + 1, &next.to_string());
            let value = if field.kind == Kind::Bool { "true".to_owned() } else { changed.clone() };
            return Some((changed, value));
        }
        let old = self.value_in(field, words, rng)?;
        let new = self.invent(field, rng);
        (old != new).then(|| (words.replacen(&old, &new, 1), new))
    }

    fn with_other_name(&self, field: &Field, words: &str, rng: &mut Rng) -> Option<(String, String)> {
        let new = self.person(rng)?;
        let old = self.scene.participants.iter().find_map(|participant| {
            let first = participant.name.split_whitespace().next()?;
            [participant.name.as_str(), first].into_iter().find(|name| words.contains(*name) && !new.contains(*name))
        })?;
        let value = match field.kind {
            Kind::Person | Kind::Text | Kind::Team => new.clone(),
            Kind::LongText => words.replacen(old, &new, 1),
            _ => self.value_in(field, words, rng)?,
        };
        Some((words.replacen(old, &new, 1), value))
    }

    fn with_turned_negation(&self, field: &Field, words: &str, rng: &mut Rng) -> Option<(String, String)> {
        let turns = [
            ("n't ", " "),
            (" not ", " "),
            (" no ", " "),
            (" never ", " "),
            (" is ", " is not "),
            (" are ", " are not "),
            (" have ", " have no "),
        ];
        let (old, new) = turns.iter().find(|(old, _)| words.contains(old))?;
        let changed = words.replacen(old, new, 1);
        let value = match field.kind {
            Kind::Bool => if new.contains("no") { "false" } else { "true" }.to_owned(),
            Kind::LongText => changed.clone(),
            _ => self.value_in(field, &changed, rng)?,
        };
        Some((changed, value))
    }

    /// Another field's record under this field's key: of the same type if there is one.
    fn borrowed(&self, at: usize, seed: u64, truth: &Answer) -> Option<Record> {
        let own = &self.case.route.fields[at];
        let kind = |record: &Record| self.case.route.field(&record.key).map(|field| &field.kind);
        let found: Vec<&Record> =
            truth.records.iter().filter(|record| record.key != own.key && record.status == "found").collect();
        let alike: Vec<&Record> = found.iter().copied().filter(|record| kind(record) == Some(&own.kind)).collect();
        let close: Vec<&Record> = found.iter().copied().filter(|record| are_close(kind(record), &own.kind)).collect();
        let all = [alike, close, found].into_iter().find(|records| !records.is_empty())?;
        all.get(seed as usize % all.len()).map(|record| (*record).clone())
    }

    /// A line for a lie about a field: one that speaks of it if there is one, else one with a value of its type.
    fn line_about(&self, at: usize, rng: &mut Rng) -> Option<&Line<'_>> {
        let lines = self.ranked_lines(at, rng);
        let near = lines.len().min(3);
        lines.get(rng.usize(..near.max(1))).copied()
    }

    fn ranked_lines(&self, at: usize, rng: &mut Rng) -> Vec<&Line<'_>> {
        let field = &self.case.route.fields[at];
        let mut lines: Vec<(usize, u32, &Line)> = self
            .scene
            .lines
            .iter()
            .filter(|line| {
                line.counts && line.kind == SegmentKind::Body && line.words().split_whitespace().count() >= 4
            })
            .map(|line| {
                let speaks = line.hits_of(at).any(|hit| hit.sign == Sign::Cue);
                let holds = !matches!(field.kind, Kind::Bool | Kind::LongText)
                    && self.value_in(field, line.words(), rng).is_some();
                (2 - usize::from(speaks) - usize::from(holds), rng.u32(..), line)
            })
            .collect();
        lines.sort_by_key(|(rank, draw, _)| (*rank, *draw));
        lines.into_iter().map(|(.., line)| line).collect()
    }

    /// A value of the type from a line that does not speak of the field.
    fn elsewhere(&self, field: &Field, near: &Line, rng: &mut Rng) -> Option<String> {
        let others = self.scene.lines.iter().filter(|line| line.message != near.message);
        let values: Vec<String> = others.filter_map(|line| self.value_in(field, line.words(), rng)).take(40).collect();
        let fresh: Vec<&String> = values.iter().filter(|value| !near.words().contains(value.as_str())).collect();
        (!fresh.is_empty()).then(|| fresh[rng.usize(..fresh.len())].clone())
    }
}

fn are_close(left: Option<&Kind>, right: &Kind) -> bool {
    let words = |kind: &Kind| matches!(kind, Kind::Text | Kind::LongText | Kind::Person | Kind::Team);
    let times = |kind: &Kind| matches!(kind, Kind::Date | Kind::DateTime);
    let counts = |kind: &Kind| matches!(kind, Kind::Number | Kind::Money | Kind::Duration);
    left.is_some_and(|left| words(left) && words(right) || times(left) && times(right) || counts(left) && counts(right))
}

fn record(line: &Line, quote: String, value: &str) -> Record {
    Record {
        key: String::new(),
        evidence: vec![Cited { msg: line.id.to_string(), quote }],
        raw_value: value.to_owned(),
        value: value.to_owned(),
        status: "found".to_owned(),
        note: String::new(),
    }
}
