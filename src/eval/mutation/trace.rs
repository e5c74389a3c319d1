//! Where a value is stated: every spelling of it, by type, anywhere in a text.
//! This looks for more than any reader would believe, because what it misses
//! would still stand in a handoff that is said to lack it.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::Offset;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::super::cases::{Expectation, Gold};
use super::editing::Flat;
use crate::conversation::{Conversation, Message, Segment, SegmentKind};
use crate::language::calendar::{is_weekday_anywhere, month_anywhere};
use crate::language::{Sentence, fold, sentences, tokens};
use crate::route::Field;
use crate::value::{Choices, Context, Kind, ListOf, Participant, Sorts, Value, from_json, scan};

/// Evidence of fewer words says something only with its value, which is looked for anyway.
const LEAST_EVIDENCE_WORDS: usize = 3;
/// A sentence with this share of the value's telling words says the same in other words.
const SAME_WORDS: f64 = 0.6;

/// What gives a field's value away.
pub(super) struct Trace {
    kind: Kind,
    values: Vec<Value>,
    /// Word by word, folded: names, products, codes.
    phrases: Vec<Vec<String>>,
    /// The telling words of longer values.
    tellings: Vec<Vec<String>>,
    evidence: Vec<Flat>,
    /// For yes and no, where any statement about the matter may be the answer, and for a person's own words about it.
    cues: Vec<Vec<String>>,
    choices: Choices,
}

/// When and by whom the words at hand were said, as far as values depend on it.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub at: Option<Timestamp>,
    pub zone: Option<Offset>,
    pub around: Timestamp,
    pub people: &'a [Participant],
    /// The name of who said them.
    pub by: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// Words that nobody said at any time: a property of a record.
    pub fn nobody(around: Timestamp, people: &'a [Participant]) -> Self {
        Said { at: None, zone: None, around, people, by: None }
    }
}

impl Trace {
    /// Of everything the gold calls right, and of what it calls outdated.
    pub fn new(field: &Field, gold: &Gold) -> Self {
        let stated: Vec<&Json> = match &gold.expectation {
            Expectation::Found(accepted) => accepted.iter().chain(&gold.superseded).collect(),
            _ => Vec::new(),
        };
        let items: Vec<&Json> = stated
            .into_iter()
            .flat_map(|value| match value {
                Json::Array(items) => items.iter().collect(),
                one => vec![one],
            })
            .collect();
        let texts: Vec<&str> = items.iter().filter_map(|item| item.as_str()).collect();
        let in_words = matches!(field.kind, Kind::Text | Kind::LongText | Kind::Team | Kind::Person);
        let texts = if in_words { texts } else { Vec::new() };
        let choices = match &field.kind {
            Kind::Enum(choices) => Choices::new(choices),
            _ => Choices::default(),
        };
        let spoken = [field.cues.as_slice(), std::slice::from_ref(&field.label)].concat();
        Trace {
            values: items.iter().filter_map(|item| typed(field, item)).collect(),
            phrases: texts.iter().flat_map(|text| phrases(&field.kind, text)).collect(),
            tellings: texts.iter().map(|text| telling(text)).filter(|words| words.len() >= 3).collect(),
            evidence: gold
                .evidence
                .iter()
                .filter(|words| tokens(words).len() >= LEAST_EVIDENCE_WORDS)
                .map(|words| Flat::new(words))
                .collect(),
            cues: match field.kind {
                Kind::Bool | Kind::Person => spoken.iter().map(|cue| folded(cue)).collect(),
                _ => Vec::new(),
            },
            kind: field.kind.clone(),
            choices,
        }
    }

    /// Every place in a message's segment.
    pub fn in_segment(&self, message: &Message, segment: &Segment, said: &Said) -> Vec<Range<usize>> {
        let Some(part) = message.text.get(segment.start..segment.end) else { return Vec::new() };
        let mut found = self.in_text(part, said);
        if !self.evidence.is_empty() {
            let flat = Flat::new(part);
            found.extend(self.evidence.iter().flat_map(|words| flat.find(words)));
        }
        // `I will be running the project` names whoever says it.
        let by_cue = self.kind == Kind::Bool || said.by.is_some_and(|name| self.is_name(name));
        let looks = by_cue || !self.tellings.is_empty();
        let whole: Vec<Sentence> = if looks { sentences(part, 0, part.len()) } else { Vec::new() };
        let said_so =
            whole.iter().filter(|one| self.is_statement(one.text(part), by_cue)).map(|one| one.start..one.end);
        let said_so: Vec<Range<usize>> = said_so.collect();
        if self.kind == Kind::Person {
            found.retain(|range| !is_address_of(part, range, segment.kind));
        }
        found.extend(said_so);
        found.sort_by_key(|range| (range.start, range.end));
        found.into_iter().map(|range| range.start + segment.start..range.end + segment.start).collect()
    }

    /// Every place in a subject line, a property or any other words that stand alone.
    pub fn in_text(&self, text: &str, said: &Said) -> Vec<Range<usize>> {
        let context =
            Context { said_at: said.at, zone: said.zone, around: Some(said.around), participants: said.people };
        let mut found = match &self.kind {
            Kind::Text | Kind::LongText | Kind::Team | Kind::Person => self.named(text),
            Kind::Enum(_) => self.chosen(text),
            Kind::Email | Kind::Url => self.literal(text),
            Kind::Bool => Vec::new(),
            _ => self.scanned(text, &context),
        };
        found.sort_by_key(|range| (range.start, range.end));
        found
    }

    fn named(&self, text: &str) -> Vec<Range<usize>> {
        let list = tokens(text);
        let words: Vec<String> = list.iter().map(|token| fold(token.text(text)).into_owned()).collect();
        let mut found = Vec::new();
        for phrase in self.phrases.iter().filter(|phrase| !phrase.is_empty()) {
            for (at, window) in words.windows(phrase.len()).enumerate() {
                if window.iter().zip(phrase).all(|(left, right)| without_ending(left) == without_ending(right))
                    && let (Some(first), Some(last)) = (list.get(at), list.get(at + phrase.len() - 1))
                {
                    found.push(first.start..last.end);
                }
            }
        }
        found
    }

    fn chosen(&self, text: &str) -> Vec<Range<usize>> {
        let is_wanted = |id: &str| self.values.iter().any(|value| matches!(value, Value::Enum(own) if own == id));
        let hits = self.choices.find(text).into_iter().filter(|(.., id)| is_wanted(id));
        hits.map(|(start, end, _)| start..end).collect()
    }

    fn literal(&self, text: &str) -> Vec<Range<usize>> {
        let lower = text.to_ascii_lowercase();
        let wanted = self.values.iter().filter_map(|value| match value {
            Value::Email(text) | Value::Url(text) => Some(text.to_ascii_lowercase()),
            _ => None,
        });
        wanted
            .flat_map(|one| lower.match_indices(&one).map(|(at, hit)| at..at + hit.len()).collect::<Vec<_>>())
            .collect()
    }

    fn scanned(&self, text: &str, context: &Context) -> Vec<Range<usize>> {
        let spots = scan(text, Sorts::ALL, context);
        let meant = spots.iter().filter(|spot| self.values.iter().any(|value| is_close(value, &spot.reading.value)));
        let mut found: Vec<Range<usize>> = meant.map(|spot| spot.start..spot.end).collect();
        // A bare figure (`ok 7`, `the 25th`) that is no part of another value.
        for (start, end) in figures(text) {
            let inside = |range: &Range<usize>| range.start <= start && end <= range.end;
            let taken = spots.iter().any(|spot| inside(&(spot.start..spot.end)));
            let (before, behind) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
            let is_ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| behind.starts_with(ending));
            let is_day = is_ordinal || names_day(before.split_whitespace().next_back());
            let digits = text.get(start..end).unwrap_or_default();
            if !taken && self.values.iter().any(|value| is_figure(value, digits, is_day)) {
                found.push(start..if is_ordinal { end + 2 } else { end });
            }
        }
        found
    }

    /// Whether a sentence states the matter without any word of the value: an answer to yes or no, the same in other words.
    fn is_statement(&self, sentence: &str, by_cue: bool) -> bool {
        if sentence.ends_with('?') {
            return false;
        }
        let words = folded(sentence);
        let has =
            |cue: &Vec<String>| !cue.is_empty() && words.windows(cue.len()).any(|window| window == cue.as_slice());
        let says_again = |telling: &Vec<String>| {
            let held = telling.iter().filter(|word| words.contains(word)).count();
            held >= 3 && held as f64 >= SAME_WORDS * telling.len() as f64
        };
        by_cue && self.cues.iter().any(has) || self.tellings.iter().any(says_again)
    }

    /// The name as one word, if the domain of an address is made of it (`juniper-hollow` of Juniper Hollow Dairy).
    pub fn in_domain(&self, address: &str) -> bool {
        let Some((_, host)) = address.rsplit_once('@') else { return false };
        let labels: Vec<String> = host.split('.').map(|label| label.replace('-', "")).collect();
        matches!(self.kind, Kind::Text | Kind::Team)
            && self
                .phrases
                .iter()
                .filter_map(|phrase| phrase.first())
                .filter(|word| word.len() > 4)
                .any(|word| labels.iter().any(|label| label.starts_with(word.as_str())))
    }

    /// Whether a person's name is this one.
    pub fn is_name(&self, name: &str) -> bool {
        let words = folded(name);
        self.kind == Kind::Person && self.phrases.iter().any(|phrase| phrase.len() > 1 && *phrase == words)
    }

    pub fn is_address(&self, address: &str) -> bool {
        self.values.iter().any(|value| matches!(value, Value::Email(own) if own.eq_ignore_ascii_case(address)))
    }
}

/// A gold value as its type; one item of a list.
pub(super) fn typed(field: &Field, json: &Json) -> Option<Value> {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    from_json(&field.kind, ListOf::One, json, &context).ok()
}

fn folded(text: &str) -> Vec<String> {
    tokens(text).iter().map(|token| fold(token.text(text)).into_owned()).collect()
}

/// `Kestrel's` names Kestrel.
fn without_ending(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

fn phrases(kind: &Kind, text: &str) -> Vec<Vec<String>> {
    let words = folded(text);
    let bare = match words.as_slice() {
        [first, rest @ ..] if first == "the" && !rest.is_empty() => rest.to_vec(),
        _ => words.clone(),
    };
    let mut all = vec![bare.clone()];
    match kind {
        // A first or a last name alone means the same person.
        Kind::Person => all.extend(words.iter().filter(|word| word.chars().count() > 2).map(|word| vec![word.clone()])),
        // A code inside a longer value gives it away.
        _ if words.len() <= 6 => {
            let is_code = |word: &&String| word.len() > 4 && word.bytes().filter(u8::is_ascii_digit).count() > 2;
            all.extend(words.iter().filter(is_code).map(|word| vec![word.clone()]));
        }
        _ => {}
    }
    all.dedup();
    all
}

fn telling(text: &str) -> Vec<String> {
    let tells = |word: &String| word.chars().count() > 3 || word.bytes().any(|byte| byte.is_ascii_digit());
    folded(text).into_iter().filter(tells).collect()
}

/// The same day, amount, length or number, whatever its unit or currency.
fn is_close(wanted: &Value, seen: &Value) -> bool {
    let day = |value: &Value| match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(at, offset) => Some(offset.to_datetime(*at).date()),
        _ => None,
    };
    if let (Some(left), Some(right)) = (day(wanted), day(seen)) {
        return left == right;
    }
    let amount = |value: &Value| match value {
        Value::Money(money) => Some(money.amount),
        Value::Number(number) => Some(number.amount),
        _ => None,
    };
    match (amount(wanted), amount(seen)) {
        (Some(left), Some(right)) => left == right,
        _ => crate::value::same(wanted, seen),
    }
}

/// Runs of digits with the dots and commas between them.
fn figures(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let continues = found.last().is_some_and(|(_, end)| *end == at);
        match letter {
            '0'..='9' if continues => found.iter_mut().rev().take(1).for_each(|(_, end)| *end = at + 1),
            '0'..='9' => found.push((at, at + 1)),
            _ => {}
        }
    }
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | ':' | '+'));
    let is_ordinal = |rest: &str| ["st", "nd", "rd", "th"].iter().any(|ending| rest.starts_with(ending));
    found.retain(|(start, end)| {
        let (before, behind) = (text.get(..*start).unwrap_or_default(), text.get(*end..).unwrap_or_default());
        !joins(before.chars().next_back()) && (!joins(behind.chars().next()) || is_ordinal(behind))
    });
    found
}

/// `Thu` and `June` make a day of the figure behind them.
fn names_day(word: Option<&str>) -> bool {
    let word = word.unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.len() > 2 && (is_weekday_anywhere(&word) || month_anywhere(&word).is_some())
}

fn is_figure(value: &Value, digits: &str, is_day: bool) -> bool {
    let Ok(amount) = digits.parse::<Decimal>() else { return false };
    match value {
        Value::Date(day) => is_day && amount == Decimal::from(day.day()),
        Value::DateTime(at, offset) => is_day && amount == Decimal::from(offset.to_datetime(*at).day()),
        Value::Number(number) => !is_day && number.amount == amount,
        Value::Money(money) => !is_day && money.amount == amount,
        _ => false,
    }
}

/// Whether a name only says whom the words are for or from: a greeting, a signature, a header, `@Dana`.
fn is_address_of(text: &str, range: &Range<usize>, kind: SegmentKind) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(range.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| range.end + at);
    let line = text.get(start..end).unwrap_or_default().trim_start_matches(['>', ' ']);
    let lower = line.to_lowercase();
    let words = tokens(line).len();
    let greets =
        ["hi", "hello", "hallo", "hey", "dear", "liebe", "lieber", "guten", "bonjour", "hola", "cher", "chère"];
    let opens = lower.split_whitespace().next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    kind == SegmentKind::Signature
        || before.ends_with('@')
        || is_header(line)
        || words <= 2
        || words <= 6 && greets.contains(&opens)
}

/// `On … wrote:`, `From: …`: what a mail program puts above a quotation.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']);
    let labels =
        ["from:", "to:", "cc:", "sent:", "date:", "subject:", "von:", "an:", "gesendet:", "betreff:", "de:", "à:"];
    let lower = line.to_lowercase();
    labels.iter().any(|label| lower.starts_with(label))
        || ["wrote:", "schrieb:", "a écrit :", "escribió:"].iter().any(|end| lower.trim_end().ends_with(end))
}

/// What the words of a segment depend on.
pub(super) fn said<'a>(
    conversation: &'a Conversation,
    (message, segment): (&'a Message, &'a Segment),
    (around, people): (Timestamp, &'a [Participant]),
) -> Said<'a> {
    let by = conversation.speaker(message, segment).name.as_deref();
    Said { at: conversation.said_at(message, segment), zone: message.zone, around, people, by }
}
