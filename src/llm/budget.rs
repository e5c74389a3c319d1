//! Tokens: how many a text has, how blocks are shared out over calls, and
//! which messages stood in a call that succeeded. The vocabulary is loaded only
//! when a count decides something; what plainly fits is not counted.

use std::fmt;
use std::sync::OnceLock;

use tiktoken_rs::{CoreBPE, bpe_for_model, o200k_base_singleton};

use super::layout::Block;

/// Counts of a vocabulary that is not the model's own may be this much too low.
const FOREIGN_VOCABULARY: f64 = 1.15;

/// Counts tokens for one model.
pub struct Counter {
    model: String,
    own: OnceLock<Option<&'static CoreBPE>>,
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Counter").field(&self.model).finish()
    }
}

impl Counter {
    pub fn new(model: &str) -> Self {
        Counter { model: model.to_owned(), own: OnceLock::new() }
    }

    /// Tokens of a text in the model's vocabulary; where that is not known, in OpenAI's newest.
    pub fn count(&self, text: &str) -> usize {
        self.vocabulary().unwrap_or_else(|| o200k_base_singleton()).encode_ordinary(text).len()
    }

    /// No fewer tokens than the model will count.
    pub fn count_safely(&self, text: &str) -> usize {
        self.safely(self.count(text))
    }

    /// A count with room to spare where the vocabulary is not the model's own.
    pub fn safely(&self, counted: usize) -> usize {
        if self.vocabulary().is_some() { counted } else { (counted as f64 * FOREIGN_VOCABULARY).ceil() as usize }
    }

    /// Whether the vocabulary is the model's own.
    pub fn knows_model(&self) -> bool {
        self.vocabulary().is_some()
    }

    fn vocabulary(&self) -> Option<&'static CoreBPE> {
        *self.own.get_or_init(|| bpe_for_model(&self.model).ok())
    }
}

/// Letters of one token in a long word; short words are one token.
const LETTERS: usize = 7;
/// Digits of one token.
const DIGITS: usize = 3;

/// What a character is to the estimate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Small,
    Capital,
    /// Of a script that knows no capitals.
    Letter,
    Digit,
    /// Stands in the vocabulary by itself, or with the word after it.
    Mark,
}

impl Class {
    const fn of_ascii(byte: u8) -> Class {
        match byte {
            b'a'..=b'z' => Class::Small,
            b'A'..=b'Z' => Class::Capital,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Mark,
        }
    }

    /// Its class, and how many letters it counts for: those beyond ASCII are rarer in the vocabulary.
    fn of(c: char) -> (Class, usize) {
        match u8::try_from(c).ok().filter(u8::is_ascii) {
            Some(byte) => (Class::of_ascii(byte), 1),
            None if c.is_numeric() => (Class::Digit, 1),
            None if c.is_uppercase() => (Class::Capital, 3),
            None if c.is_lowercase() => (Class::Small, 3),
            None if c.is_alphabetic() => (Class::Letter, 3),
            None => (Class::Mark, 1),
        }
    }
}

/// Tokens of a text without a vocabulary: exact enough to print and to choose by, a few percent low for conversations.
pub fn estimate(text: &str) -> usize {
    let (mut tokens, mut letters, mut digits) = (0, 0_usize, 0_usize);
    let (mut previous, mut before) = (' ', Class::Mark);
    for c in text.chars() {
        let (class, weight) = Class::of(c);
        let turns =
            class == Class::Capital && before == Class::Small || (class == Class::Digit) != (before == Class::Digit);
        if turns || class == Class::Mark {
            tokens += letters.div_ceil(LETTERS) + digits.div_ceil(DIGITS);
            (letters, digits) = (0, 0);
        }
        match class {
            Class::Digit => digits += 1,
            Class::Small | Class::Capital | Class::Letter => letters += weight,
            // A space belongs to the word after it, and a run of one mark is one token.
            Class::Mark => tokens += usize::from(c != ' ' && c != previous),
        }
        (previous, before) = (c, class);
    }
    tokens + letters.div_ceil(LETTERS) + digits.div_ceil(DIGITS)
}

/// Blocks that are read in one call: a range of the blocks given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Where the part before it is repeated from, so that an answer stands beside its question.
    pub from: usize,
    /// The first block that is this window's own.
    pub own: usize,
    pub end: usize,
}

/// At most this share of a window repeats the end of the one before.
const OVERLAP: f64 = 0.02;
/// And at most so many blocks.
const OVERLAP_BLOCKS: usize = 2;

/// Shares blocks out over windows of at most `most` tokens, whole blocks only and about equally full.
pub fn windows(sizes: &[usize], most: usize) -> Vec<Window> {
    let total: usize = sizes.iter().sum();
    let room = most.saturating_sub((most as f64 * OVERLAP) as usize).max(1);
    let parts = total.div_ceil(room).max(1);
    let fair = total.div_ceil(parts);
    let mut windows = Vec::new();
    let (mut own, mut filled) = (0, 0);
    for (at, size) in sizes.iter().enumerate() {
        // A window is closed when it is fairly full, or when the next block would not fit.
        if at > own && (filled + size > room || filled >= fair) {
            windows.push(Window { from: overlap(sizes, own, most), own, end: at });
            (own, filled) = (at, 0);
        }
        filled += size;
    }
    windows.push(Window { from: overlap(sizes, own, most), own, end: sizes.len() });
    windows
}

fn overlap(sizes: &[usize], own: usize, most: usize) -> usize {
    let mut left = (most as f64 * OVERLAP) as usize;
    let mut from = own;
    while from > 0 && own - from < OVERLAP_BLOCKS && sizes[from - 1] <= left {
        from -= 1;
        left -= sizes[from];
    }
    from
}

/// How much of the text stood in a call that succeeded, in bytes; an empty message weighs one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    pub read: usize,
    pub all: usize,
}

impl Covered {
    pub fn of(blocks: &[Block], read: &[bool]) -> Covered {
        let weight = |block: &Block| block.bytes.max(1);
        let covered = blocks.iter().zip(read).filter(|(_, read)| **read).map(|(block, _)| weight(block)).sum();
        Covered { read: covered, all: blocks.iter().map(weight).sum() }
    }

    /// Both together.
    pub fn with(self, other: Covered) -> Covered {
        Covered { read: self.read + other.read, all: self.all + other.all }
    }

    /// From 0 to 1, and 1 only when everything was read.
    pub fn share(self) -> f64 {
        if self.all == self.read { 1.0 } else { (self.read as f64 / self.all as f64).min(0.999_999) }
    }
}

/// The share of the text that stood in a call that succeeded.
pub fn coverage(blocks: &[Block], read: &[bool]) -> f64 {
    Covered::of(blocks, read).share()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_near_the_count() {
        let counter = Counter::new("gpt-4o");
        let check = |text: &str| {
            let (counted, estimated) = (counter.count(text) as f64, estimate(text) as f64);
            assert!((0.85..=1.15).contains(&(estimated / counted)), "{estimated} for {counted} tokens: {text:.60}");
        };
        check(include_str!("../../README.md"));
        check(include_str!("../../routes/sales-to-onboarding.yaml"));
        check(
            "Hi Marcus, thanks for turning this around so fast. We signed the enterprise agreement last night, the \
               countersigned copy is with your legal desk now. The total comes to USD 86,400 for the first year.",
        );
        assert_eq!((estimate(""), estimate("   "), estimate("a")), (0, 0, 1));
    }

    #[test]
    fn a_vocabulary_that_is_not_the_models_own_counts_with_room_to_spare() {
        let (own, other) = (Counter::new("gpt-4o"), Counter::new("some-model-nobody-knows"));
        let text = "one two three four five six seven eight nine ten";
        assert!(own.knows_model() && !other.knows_model());
        assert_eq!(own.count_safely(text), own.count(text));
        assert_eq!(other.count(text), own.count(text));
        assert!(other.count_safely(text) > other.count(text));
    }

    #[test]
    fn windows_hold_whole_blocks_and_leave_none_out() {
        let check = |sizes: &[usize], most: usize, expected: usize| {
            let windows = windows(sizes, most);
            assert_eq!(windows.len(), expected, "{sizes:?} in {most}: {windows:?}");
            assert_eq!((windows[0].own, windows[windows.len() - 1].end), (0, sizes.len()), "{windows:?}");
            assert!(windows.windows(2).all(|pair| pair[0].end == pair[1].own), "{windows:?}");
            for window in &windows {
                assert!(window.from <= window.own, "{windows:?}");
                let filled: usize = sizes[window.from..window.end].iter().sum();
                let is_alone = window.end - window.own <= 1;
                assert!(filled <= most || is_alone, "{filled} of {most}: {windows:?}");
            }
        };
        check(&[], 100, 1);
        check(&[10], 100, 1);
        check(&[50, 40], 100, 1);
        check(&[50, 60], 100, 2);
        check(&[500], 100, 1);
        check(&[10; 100], 100, 12);
        check(&[1; 1_000], 100, 11);
    }

    #[test]
    fn coverage_is_whole_only_when_everything_was_read() {
        let block = |bytes| Block { position: 0, document: 0, text: String::new(), bytes };
        let blocks = [block(1_000_000_000), block(1), block(0)];
        assert_eq!(coverage(&blocks, &[true, true, true]), 1.0);
        assert!(coverage(&blocks, &[true, false, true]) < 1.0);
        assert!(coverage(&blocks, &[true, true, false]) < 1.0);
        assert_eq!(coverage(&blocks, &[false, false, false]), 0.0);
        assert_eq!(coverage(&[], &[]), 1.0);
    }
}
