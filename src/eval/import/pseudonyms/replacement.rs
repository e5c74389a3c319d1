//! One new name for every old one, wherever it stands: whole addresses and
//! domains, numbers in any shape, names word by word, so that a first name
//! alone still belongs to the whole. Where each piece stood is kept, so that
//! quotes can be found again.

use rustc_hash::FxHashSet;

use super::inventory::{addresses, hosts, words};
use super::naming::{LONG_WORD, Pseudonyms};
use super::numbers::{self, is_id, runs, sort_of};
use super::ordinary::is_everyday;

/// A text with its pieces replaced.
pub struct Replaced {
    pub text: String,
    /// Old begin and end, new begin and end, in order.
    pieces: Vec<[usize; 4]>,
}

struct Span {
    start: usize,
    end: usize,
    new: String,
}

impl Pseudonyms {
    /// Replaces everything in a text.
    pub fn text(&self, text: &str) -> String {
        self.replace("", text).text
    }

    /// The same with what stands before the text, and with the places of the pieces.
    pub fn replace(&self, lead: &str, text: &str) -> Replaced {
        let mut spans: Vec<Span> = Vec::new();
        for (start, at, end) in addresses(text) {
            let new = self.addresses.get(&text[start..end].to_lowercase()).cloned();
            let new =
                new.or_else(|| Some(format!("{}@{}", self.names(&text[start..at]), self.host(&text[at + 1..end])?)));
            spans.extend(new.map(|new| Span { start, end, new }));
        }
        // The addresses are in order and apart, which is what `free_in` needs.
        let hosts: Vec<Span> = hosts(text)
            .into_iter()
            .filter(|(start, end)| free_in(&spans, *start, *end))
            .filter_map(|(start, end)| Some(Span { start, end, new: self.host(&text[start..end])? }))
            .collect();
        spans.extend(hosts);
        spans.sort_by_key(|span| span.start);
        let mut numbers = Vec::new();
        for run in runs(text) {
            let shown = &text[run.start..run.end];
            let amount = || {
                let cipher = self.cipher.filter(|_| sort_of(lead, text, &run) == Some(numbers::Sort::Amount))?;
                Some(encipher(&cipher, shown))
            };
            let new = self.number(shown, &run.digits).or_else(|| machine(lead, text, &run)).or_else(amount);
            if let Some(new) = new.filter(|_| free_in(&spans, run.start, run.end)) {
                numbers.push(Span { start: run.start, end: run.end, new });
            }
        }
        spans.extend(numbers);
        spans.sort_by_key(|span| span.start);
        let mut rest = Vec::new();
        let mut at = 0;
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            let start = text[at..].find(word).map_or(at, |offset| at + offset);
            at = start + word.len();
            if let Some(new) = self.ids.get(word).filter(|_| is_id(word) && free_in(&spans, start, at)) {
                rest.push(Span { start, end: at, new: new.clone() });
            }
        }
        spans.extend(rest);
        spans.sort_by_key(|span| span.start);
        let names = self.name_spans(text, &spans);
        spans.extend(names);
        spans.sort_by_key(|span| span.start);
        apply(text, spans)
    }

    fn number(&self, shown: &str, digits: &str) -> Option<String> {
        if let Some(new) = self.numbers.get(digits) {
            return Some(in_shape(shown, new));
        }
        // A known number with more digits behind or before it, the longest one.
        let lengths = self.number_lengths.iter().rev().copied().filter(|length| *length < digits.len());
        let mut windows = lengths.flat_map(|length| (0..=digits.len() - length).map(move |at| (at, at + length)));
        let (start, end, new) =
            windows.find_map(|(start, end)| Some((start, end, self.numbers.get(digits.get(start..end)?)?)))?;
        Some(in_shape(shown, &format!("{}{new}{}", &digits[..start], &digits[end..])))
    }

    fn names(&self, text: &str) -> String {
        let spans = self.name_spans(text, &[]);
        apply(text, spans).text
    }

    fn name_spans(&self, text: &str, taken: &[Span]) -> Vec<Span> {
        let all = words(text);
        let lower: Vec<String> = all.iter().map(|(_, word)| word.to_lowercase()).collect();
        let mut spans: Vec<Span> = Vec::new();
        let mut skip: FxHashSet<usize> = FxHashSet::default();
        for at in 0..all.len() {
            for (phrase, new) in &self.phrases {
                let fits = lower.get(at..at + phrase.len()).is_some_and(|found| found == phrase.as_slice())
                    && (at..at + phrase.len() - 1).all(|place| is_joint(text, &all, place))
                    && (at..at + phrase.len()).all(|place| !skip.contains(&place))
                    && all[at].1.starts_with(|c: char| c.is_uppercase()) | phrase.iter().all(|word| !is_everyday(word));
                if fits {
                    for (offset, new) in new.iter().enumerate() {
                        let (start, word) = all[at + offset];
                        skip.insert(at + offset);
                        if free_in(taken, start, start + word.len()) && *new != word {
                            spans.push(Span { start, end: start + word.len(), new: in_case(word, new) });
                        }
                    }
                }
            }
        }
        for (at, (start, word)) in all.iter().enumerate() {
            let end = start + word.len();
            if skip.contains(&at) || !free_in(taken, *start, end) {
                continue;
            }
            let new = self.initial(text, &all, &lower, at).or_else(|| self.word(text, &all, &lower, at));
            spans.extend(new.filter(|new| new != word).map(|new| Span { start: *start, end, new }));
        }
        spans
    }

    /// `D.` before or behind the name it belongs to.
    fn initial(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> Option<String> {
        let (start, word) = all[at];
        let mut letters = word.chars();
        let letter = letters.next().filter(|letter| letters.next().is_none() && letter.is_uppercase())?;
        let folded = letter.to_lowercase().next()?;
        let next = lower.get(at + 1).filter(|_| is_joint(text, all, at));
        let dotted = text[start + word.len()..].starts_with('.');
        let before =
            at.checked_sub(1).filter(|before| dotted && is_joint(text, all, *before)).map(|before| &lower[before]);
        let found = next.into_iter().chain(before).find_map(|name| self.initials.get(&(name.clone(), folded)))?;
        Some(found.to_string())
    }

    fn word(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> Option<String> {
        let (_, word) = all[at];
        let folded = lower[at].as_str();
        let known = |folded: &str| {
            self.words.get(folded).filter(|_| !is_everyday(folded) || self.is_meant(text, all, lower, at))
        };
        if let Some(new) = known(folded) {
            return Some(in_case(word, new));
        }
        // `Whitfields Vertrag`: a name with a letter of its grammar.
        if let Some((base, new)) =
            folded.strip_suffix('s').filter(|base| base.len() >= 4).and_then(|base| Some((base, known(base)?)))
        {
            let tail = word.get(base.len()..).unwrap_or("s");
            return Some(format!("{}{tail}", in_case(word.get(..base.len()).unwrap_or(word), new)));
        }
        if folded.len() != word.len() || folded.len() <= LONG_WORD {
            return None;
        }
        let mut changed = word.to_owned();
        for (old, new) in &self.long {
            // What was put in is not looked at again, or a name inside its own new name would never end.
            let mut from = 0;
            while let Some(place) = changed.to_lowercase().get(from..).and_then(|rest| rest.find(old.as_str())) {
                let start = from + place;
                let Some(piece) = changed.get(start..start + old.len()) else { break };
                let fresh = in_case(piece, new);
                changed.replace_range(start..start + old.len(), &fresh);
                from = start + fresh.len();
            }
        }
        (changed != word).then_some(changed)
    }

    /// Whether a word of every day is the name here: with a capital, beside another name or inside a sentence.
    fn is_meant(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> bool {
        let (start, word) = all[at];
        if !word.starts_with(|c: char| c.is_uppercase()) {
            return false;
        }
        let is_name = |place: usize, joint: usize| {
            lower.get(place).is_some_and(|other| self.words.contains_key(other)) && is_joint(text, all, joint)
        };
        if is_name(at + 1, at) || at > 0 && is_name(at - 1, at - 1) {
            return true;
        }
        let around = |text: &str| text.trim_start_matches([' ', '.', ',']).starts_with(|c: char| c.is_ascii_digit());
        if around(&text[start + word.len()..]) || text[..start].trim_end().ends_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let opens = text[..start].trim_end_matches([' ', '\t', '"', '“']).ends_with(|c| ".!?:;\n\r>*•-–".contains(c));
        let alone = text[start + word.len()..].starts_with([',', ':', '\n', '\r']);
        start > 0 && !opens || alone
    }

    /// A value of the gold: its texts, and with amounts its figures.
    pub fn value(&self, value: &mut serde_json::Value, is_amount: bool) {
        use serde_json::Value as Json;
        match value {
            Json::String(text) if is_amount && text.chars().all(|c| c.is_ascii_digit() || ".,-".contains(c)) => {
                if let Some(cipher) = &self.cipher {
                    *text = encipher(cipher, text);
                }
            }
            Json::String(text) => *text = self.text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.value(item, is_amount)),
            Json::Object(entries) => {
                entries.iter_mut().for_each(|(key, item)| self.value(item, is_amount || key == "amount"));
            }
            Json::Number(number) if is_amount => {
                let text = number.to_string();
                if let Some(new) =
                    self.cipher.and_then(|cipher| encipher(&cipher, &text).parse::<serde_json::Number>().ok())
                {
                    *number = new;
                }
            }
            Json::Number(number) => {
                let text = number.to_string();
                if let Some(new) = self.numbers.get(&text).and_then(|new| new.parse::<serde_json::Number>().ok()) {
                    *number = new;
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }
}

impl Replaced {
    /// A stretch of the old text in the new one: whole pieces, since half a name is none.
    pub fn stretch(&self, start: usize, end: usize) -> &str {
        let (from, to) = (self.place(start, false), self.place(end, true));
        self.text.get(from..to.max(from)).unwrap_or_default()
    }

    fn place(&self, old: usize, is_end: bool) -> usize {
        let mut shift: isize = 0;
        for [start, end, new_start, new_end] in &self.pieces {
            if *end <= old {
                shift = *new_end as isize - *end as isize;
            } else if *start < old {
                return if is_end { *new_end } else { *new_start };
            } else {
                break;
            }
        }
        old.saturating_add_signed(shift)
    }
}

fn apply(text: &str, spans: Vec<Span>) -> Replaced {
    let mut out = String::with_capacity(text.len() + 64);
    let mut pieces = Vec::with_capacity(spans.len());
    let mut done = 0;
    for span in spans {
        let Some(between) = text.get(done..span.start) else { continue };
        out.push_str(between);
        let from = out.len();
        out.push_str(&span.new);
        pieces.push([span.start, span.end, from, out.len()]);
        done = span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Replaced { text: out, pieces }
}

/// Whether nothing of sorted spans lies in a stretch.
fn free_in(spans: &[Span], start: usize, end: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= start);
    spans.get(next).is_none_or(|span| span.start >= end)
}

/// Between two words stands what joins the words of a name: a space, a line break with signs of a quote, a dash, a point.
fn is_joint(text: &str, all: &[(usize, &str)], at: usize) -> bool {
    let (Some((start, word)), Some((next, _))) = (all.get(at), all.get(at + 1)) else { return false };
    let between = &text[start + word.len()..*next];
    between.len() <= 6 && between.chars().all(|c| c.is_whitespace() || ".-_>+'’".contains(c))
}

/// The new word as the old one was written.
fn in_case(old: &str, new: &str) -> String {
    let has = |is: fn(char) -> bool| old.chars().any(is);
    match (has(char::is_uppercase), has(char::is_lowercase)) {
        (true, false) if old.chars().count() > 1 => new.to_uppercase(),
        (false, _) => new.to_lowercase(),
        _ => new.to_owned(),
    }
}

/// Digits in the shape of others.
fn in_shape(shown: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    shown.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or('0') } else { c }).collect()
}

fn encipher(cipher: &[u8; 10], text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from(b'0' + cipher[digit as usize]))).collect()
}

/// Machines get an address that is nobody's.
fn machine(lead: &str, text: &str, run: &numbers::Run) -> Option<String> {
    (sort_of(lead, text, run) == Some(numbers::Sort::Machine)).then(|| {
        let sum: u32 = run.digits.bytes().map(u32::from).sum();
        format!("192.0.2.{}", sum % 250 + 1)
    })
}
