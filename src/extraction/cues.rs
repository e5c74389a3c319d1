//! The words near which a field's value tends to stand: the route's cues, the
//! field's label and, for enums, the names of the choices. All are looked for
//! in one pass over a text.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use crate::language::is_token_border;
use crate::route::Route;
use crate::value::Kind;

/// Endings a cue word may carry: `launch` is also seen in `launching`.
const ENDINGS: [&str; 7] = ["s", "es", "ed", "d", "ing", "'s", "’s"];

/// Choices with names this short (`US`, `EU`, `P1`) count in capitals only: `us` is a word.
const SHORT_NAME: usize = 2;

/// Where a cue of a field stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Index of the field in the route.
    pub field: usize,
    /// Byte offsets into the text.
    pub start: usize,
    pub end: usize,
    pub sign: Sign,
    /// How telling the cue is, 0 to 1: a phrase tells more than a word, a cue of several fields less.
    pub weight: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Near a value of the field.
    Cue,
    /// A choice of an enum by name: its index.
    Choice(usize),
}

/// All cues of a route, ready to be looked for.
pub struct CueBook {
    automaton: Option<AhoCorasick>,
    /// Pattern → the fields it speaks for.
    meanings: Vec<Vec<(usize, Sign, f32)>>,
}

impl CueBook {
    pub fn new(route: &Route) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut meanings: Vec<Vec<(usize, Sign, f32)>> = Vec::new();
        let mut add = |words: &str, field: usize, sign: Sign, weight: f32| {
            for pattern in spellings(words) {
                let at = patterns.iter().position(|known| *known == pattern).unwrap_or_else(|| {
                    patterns.push(pattern);
                    meanings.push(Vec::new());
                    patterns.len() - 1
                });
                if !meanings[at].iter().any(|(f, s, _)| *f == field && *s == sign) {
                    meanings[at].push((field, sign, weight));
                }
            }
        };
        for (at, field) in route.fields.iter().enumerate() {
            for cue in field.cues.iter().chain([&field.label]) {
                add(cue, at, Sign::Cue, weigh(cue));
            }
            if let Kind::Enum(choices) = &field.kind {
                for (number, choice) in choices.iter().enumerate() {
                    let id = choice.id.replace(['_', '-'], " ");
                    for name in choice.aliases.iter().chain([&id]) {
                        add(name, at, Sign::Choice(number), weigh(name));
                    }
                }
            }
        }
        for meaning in &mut meanings {
            let fields = meaning.iter().filter(|(_, sign, _)| *sign == Sign::Cue).count();
            if fields > 1 {
                meaning.iter_mut().for_each(|(_, _, weight)| *weight *= 0.9);
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .ok();
        CueBook { automaton, meanings }
    }

    /// All hits in `text`, by start. A hit inside a longer one of the same field is dropped. Linear.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut hits: Vec<Hit> = Vec::new();
        for found in automaton.find_overlapping_iter(text) {
            let Some(end) = word_end(text, found.start(), found.end()) else { continue };
            let shouted = text[found.start()..end].chars().all(|c| !c.is_lowercase());
            hits.extend(
                self.meanings[found.pattern().as_usize()]
                    .iter()
                    .filter(|(_, sign, _)| *sign == Sign::Cue || shouted || end - found.start() > SHORT_NAME)
                    .map(|(field, sign, weight)| Hit {
                        field: *field,
                        start: found.start(),
                        end,
                        sign: *sign,
                        weight: *weight,
                    }),
            );
        }
        hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.field));
        let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
        for hit in hits {
            let inside = |other: &Hit| {
                other.field == hit.field
                    && same_sort(other.sign, hit.sign)
                    && other.start <= hit.start
                    && hit.end <= other.end
            };
            if !kept.iter().rev().take(24).any(inside) {
                kept.push(hit);
            }
        }
        kept
    }
}

fn same_sort(left: Sign, right: Sign) -> bool {
    matches!((left, right), (Sign::Cue, Sign::Cue) | (Sign::Choice(_), Sign::Choice(_)))
}

/// The end of the word the match ends in, if the match covers whole words but for an ending.
fn word_end(text: &str, start: usize, end: usize) -> Option<usize> {
    if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
        return None;
    }
    if start > 0 && text[..start].chars().next_back().is_some_and(char::is_alphanumeric) || inside_address(text, start)
    {
        return None;
    }
    let rest = &text[end..];
    if !rest.starts_with(char::is_alphanumeric) && !rest.starts_with(['\'', '’']) {
        return Some(end);
    }
    let word = rest.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')).unwrap_or(rest.len());
    let ending = rest[..word].to_ascii_lowercase();
    if ENDINGS.contains(&ending.as_str()) {
        return Some(end + word);
    }
    // A quote mark after the cue is no part of the word.
    (rest.starts_with(['\'', '’']) && is_token_border(text, end)).then_some(end)
}

/// Whether the place is inside an e-mail address or link (`sso` in `sso@x.example`).
fn inside_address(text: &str, start: usize) -> bool {
    let before = text[..start].chars().next_back();
    matches!(before, Some('@' | '/' | '_'))
        || before == Some('.') && text[start..].starts_with(|c: char| c.is_ascii_lowercase())
}

fn weigh(words: &str) -> f32 {
    match words.split([' ', '-']).filter(|word| !word.is_empty()).count() {
        0 | 1 if words.len() <= 4 && !words.chars().all(|c| c.is_ascii_uppercase()) => 0.8,
        0 | 1 => 0.9,
        _ => 1.0,
    }
}

/// The ways a cue is also written: with hyphens or without, with its first word inflected (`raise it as` in
/// `raising it as`), and, for two words, with a form of `be` between them (`people affected` in `people are affected`).
fn spellings(words: &str) -> Vec<String> {
    let plain = words.trim().to_lowercase();
    if plain.is_empty() {
        return Vec::new();
    }
    let mut all = vec![plain.clone()];
    let mut add = |spelling: String| {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    };
    add(plain.replace('-', " "));
    if plain.matches(' ').count() == 1 && plain.len() <= 16 {
        add(plain.replace(' ', "-"));
    }
    if plain.contains('\'') {
        add(plain.replace('\'', "’"));
    }
    if let Some((first, rest)) = plain.split_once(' ')
        && first.len() > 2
        && plain.is_ascii()
    {
        if let Some(base) = first.strip_suffix('s') {
            add(format!("{base} {rest}"));
        }
        if rest.contains(' ') {
            add(format!("{first} who {rest}"));
        }
        for form in inflections(first) {
            add(format!("{form} {rest}"));
        }
        if !rest.contains(' ') && rest.len() > 3 {
            for being in ["is", "are", "was", "were", "will be"] {
                add(format!("{first} {being} {rest}"));
            }
        }
    }
    all
}

/// `ship` → `ships`, `shipped`, `shipping`; `use` → `uses`, `used`, `using`. Some are no words; those are never met.
fn inflections(word: &str) -> Vec<String> {
    let stem = word.strip_suffix('e').unwrap_or(word);
    let doubled =
        word.chars().next_back().filter(|last| "bdgmnprt".contains(*last)).map(|last| format!("{word}{last}"));
    let mut forms = vec![format!("{word}s"), format!("{stem}ed"), format!("{stem}ing")];
    forms.extend(doubled.into_iter().flat_map(|doubled| [format!("{doubled}ed"), format!("{doubled}ing")]));
    forms
}
