//! The words near which a field's value tends to stand: the route's cues, the
//! field's label and, for enums, the names of the choices. All are looked for
//! in one pass over a text.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Route;
use crate::language::{FAINT, GAP, is_token_border, other_names, topics_of};
use crate::value::Kind;

/// Endings a cue word may carry: `launch` is also seen in `launching`.
const ENDINGS: [&str; 9] = ["s", "es", "ed", "d", "ing", "'s", "’s", "in'", "in’"];

/// Choices with names this short (`US`, `EU`, `P1`) count in capitals only: `us` is a word.
const SHORT_NAME: usize = 2;

/// Weights of words that are not the route's own: a phrase, a word, and what says little by itself.
const KNOWN_PHRASE: f32 = 0.97;
const KNOWN_WORD: f32 = 0.88;
const FAINT_WORDS: f32 = 0.6;
/// Cues below this weight count only beside others or in a question.
pub const FAINTEST: f32 = 0.7;

/// The most bytes that may stand in a phrase's gap.
const WIDEST_GAP: usize = 60;

/// The second part of a phrase may be a small word of so many letters.
const SMALL_REST: usize = 5;

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

impl Hit {
    /// A cue that tells by itself that the words are about its field.
    pub fn tells(&self) -> bool {
        self.sign == Sign::Cue && self.weight >= FAINTEST
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Near a value of the field.
    Cue,
    /// A choice of an enum by name: its index.
    Choice(usize),
    /// Words that say yes or no to a flag by themselves. A cue of the field stands at the same place.
    Says(bool),
}

/// The cues of a route once they were asked for. A copy begins without them, since it may be changed.
#[derive(Default)]
pub struct Cues(OnceLock<CueBook>);

impl Cues {
    pub(super) fn of(&self, route: &Route) -> &CueBook {
        self.0.get_or_init(|| CueBook::new(route))
    }
}

impl Clone for Cues {
    fn clone(&self) -> Self {
        Cues::default()
    }
}

impl fmt::Debug for Cues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cues")
    }
}

/// All cues of a route, ready to be looked for.
pub struct CueBook {
    /// The opening letters of patterns → the patterns, the shorter first.
    by_opening: FxHashMap<Opening, Vec<usize>>,
    /// One bit for every opening: nearly all words of a text are passed over by it.
    openings: [u64; 64],
    patterns: Vec<Pattern>,
}

/// The first letters of a pattern in lower case: four, or all it has.
type Opening = u32;

/// Words in lower case and the fields they speak for.
struct Pattern {
    /// Up to the gap, if there is one.
    words: String,
    /// What must follow the gap.
    rest: Option<String>,
    meanings: Vec<(usize, Sign, f32)>,
}

impl CueBook {
    fn new(route: &Route) -> Self {
        let mut known: FxHashMap<String, Vec<(usize, Sign, f32)>> = FxHashMap::default();
        let mut add = |pattern: String, field: usize, sign: Sign, weight: f32| {
            let meanings = known.entry(pattern).or_default();
            if !meanings.iter().any(|(f, s, _)| *f == field && *s == sign) {
                meanings.push((field, sign, weight));
            }
        };
        for (at, field) in route.fields.iter().enumerate() {
            for cue in field.cues.iter().chain([&field.label]) {
                spellings(cue).into_iter().for_each(|words| add(words, at, Sign::Cue, weigh(cue)));
            }
            if let Kind::Enum(choices) = &field.kind {
                for (number, choice) in choices.iter().enumerate() {
                    let id = choice.id.replace(['_', '-'], " ");
                    for name in choice.aliases.iter().chain([&id]) {
                        let weight = weigh(name);
                        spellings(name).into_iter().for_each(|words| add(words, at, Sign::Choice(number), weight));
                    }
                    for name in other_names(&choice.id) {
                        add((*name).to_owned(), at, Sign::Choice(number), weigh_known(name));
                    }
                }
            }
            for topic in topics_of(&field.key, &field.label) {
                let flag = field.kind == Kind::Bool;
                for cue in topic.cues {
                    let bare = cue.trim_start_matches(FAINT);
                    // What merely goes with a flag does not state it.
                    let weight = if flag { FAINT_WORDS } else { weigh_known(cue) };
                    known_spellings(bare).for_each(|words| add(words, at, Sign::Cue, weight));
                }
                for (says, words) in [(true, topic.yes), (false, topic.no)].into_iter().filter(|_| flag) {
                    for words in words.iter().flat_map(|words| known_spellings(words)) {
                        add(words.clone(), at, Sign::Cue, KNOWN_PHRASE);
                        add(words, at, Sign::Says(says), KNOWN_PHRASE);
                    }
                }
            }
        }
        for meaning in known.values_mut() {
            let fields = meaning.iter().filter(|(_, sign, _)| *sign == Sign::Cue).count();
            if fields > 1 {
                meaning.iter_mut().for_each(|(_, _, weight)| *weight *= 0.9);
            }
        }
        let pattern = |(words, meanings): (String, Vec<(usize, Sign, f32)>)| match words.split_once(GAP) {
            Some((first, rest)) => Pattern { words: first.to_owned(), rest: Some(rest.to_owned()), meanings },
            None => Pattern { words, rest: None, meanings },
        };
        let patterns: Vec<Pattern> = known.into_iter().map(pattern).collect();
        let mut by_opening: FxHashMap<Opening, Vec<usize>> = FxHashMap::default();
        let mut openings = [0; 64];
        for (at, pattern) in patterns.iter().enumerate() {
            let opening = opening(pattern.words.as_bytes());
            by_opening.entry(opening).or_default().push(at);
            let (word, bit) = place(opening);
            openings[word] |= bit;
        }
        for places in by_opening.values_mut() {
            places.sort_by_key(|at| patterns[*at].words.len());
        }
        CueBook { by_opening, openings, patterns }
    }

    /// All hits in `text`, by start. A hit inside a longer one of the same field is dropped. Linear.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let bytes = text.as_bytes();
        // Cues begin where words do; `word_end` looks closer.
        let starts = (0..bytes.len()).filter(|at| *at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        for start in starts {
            for pattern in self.patterns_at(&bytes[start..]) {
                self.add_hits(text, (start, start + pattern.words.len()), pattern, &mut hits);
            }
        }
        // Of two at one place the more telling is kept.
        hits.sort_by(|a, b| {
            (a.start, b.end, a.field).cmp(&(b.start, a.end, b.field)).then(b.weight.total_cmp(&a.weight))
        });
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

    /// The patterns that `bytes` begin with, the shorter first.
    fn patterns_at<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = &'s Pattern> {
        let long = opening(bytes);
        let shorter = [0xff, 0xffff, 0xff_ffff].map(|mask| long & mask);
        let openings = shorter.into_iter().filter(move |short| *short != long).chain([long]);
        let known = openings.filter(|opening| {
            let (word, bit) = place(*opening);
            self.openings[word] & bit != 0
        });
        known.filter_map(|opening| self.by_opening.get(&opening)).flatten().map(|at| &self.patterns[*at]).filter(
            move |pattern| {
                let words = pattern.words.as_bytes();
                bytes.get(..words.len()).is_some_and(|own| own.eq_ignore_ascii_case(words))
            },
        )
    }

    fn add_hits(&self, text: &str, (start, end): (usize, usize), pattern: &Pattern, hits: &mut Vec<Hit>) {
        let Some(end) = word_end(text, start, end) else { return };
        let end = match &pattern.rest {
            Some(rest) => match past_gap(text, end, rest) {
                Some(end) => end,
                None => return,
            },
            None => end,
        };
        let shouted = text[start..end].chars().all(|c| !c.is_lowercase());
        hits.extend(
            pattern
                .meanings
                .iter()
                .filter(|(_, sign, _)| !matches!(sign, Sign::Choice(_)) || shouted || end - start > SHORT_NAME)
                .map(|(field, sign, weight)| Hit { field: *field, start, end, sign: *sign, weight: *weight }),
        );
    }
}

fn opening(words: &[u8]) -> Opening {
    let mut letters = [0; 4];
    letters.iter_mut().zip(words).for_each(|(letter, byte)| *letter = byte.to_ascii_lowercase());
    u32::from_le_bytes(letters)
}

fn place(opening: Opening) -> (usize, u64) {
    let hash = opening.wrapping_mul(0x9e37_79b1) >> 20;
    (hash as usize / 64, 1 << (hash % 64))
}

fn same_sort(left: Sign, right: Sign) -> bool {
    matches!(
        (left, right),
        (Sign::Cue, Sign::Cue) | (Sign::Choice(_), Sign::Choice(_)) | (Sign::Says(_), Sign::Says(_))
    )
}

/// Where the second part of a phrase ends that stands after a gap, in the same sentence.
fn past_gap(text: &str, from: usize, rest: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let most = bytes.len().min(from + WIDEST_GAP);
    // `We need it soon, by Friday I am away`: a small word behind a comma belongs to something else.
    let small = rest.len() <= SMALL_REST;
    let ends = |at: &usize| match bytes[*at] {
        b',' if small => bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
        b'!' | b'?' | b';' | b'\n' => true,
        // `am 15. September`, `42.500` go on.
        b'.' => !bytes[at.saturating_sub(1)].is_ascii_digit() && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
        _ => false,
    };
    let stop = (from..most).find(ends).unwrap_or(most);
    let begins = |at: &usize| {
        bytes.get(*at..at + rest.len()).is_some_and(|own| own.eq_ignore_ascii_case(rest.as_bytes()))
            && !bytes[at - 1].is_ascii_alphanumeric()
    };
    let at = (from + 1..stop).find(begins)?;
    word_end(text, at, at + rest.len())
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

fn weigh_known(words: &str) -> f32 {
    match words.contains(' ') {
        _ if words.starts_with(FAINT) => FAINT_WORDS,
        true => KNOWN_PHRASE,
        false => KNOWN_WORD,
    }
}

/// The apostrophe is written in two ways; the rest of a known phrase is spelled as it stands.
fn known_spellings(words: &str) -> impl Iterator<Item = String> {
    let curly = words.contains('\'').then(|| words.replace('\'', "’"));
    std::iter::once(words.to_owned()).chain(curly)
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
            add([base, " ", rest].concat());
        }
        if rest.contains(' ') {
            add([first, " who ", rest].concat());
        }
        for form in inflections(first) {
            add([&form, " ", rest].concat());
        }
        if !rest.contains(' ') && rest.len() > 3 {
            for being in ["is", "are", "was", "were", "will be"] {
                add([first, " ", being, " ", rest].concat());
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
    let mut forms = vec![[word, "s"].concat(), [stem, "ed"].concat(), [stem, "ing"].concat()];
    forms.extend(doubled.into_iter().flat_map(|doubled| [[&doubled, "ed"].concat(), [&doubled, "ing"].concat()]));
    forms
}
