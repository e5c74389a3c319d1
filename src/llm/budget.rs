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
        let counted = self.count(text);
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

/// Tokens of a text without a vocabulary: exact enough to print, not to plan. A token holds a short word, six letters
/// of a long one, three digits or one mark.
pub fn estimate(text: &str) -> usize {
    let mut tokens = 0;
    let mut letters = 0;
    let mut digits = 0;
    let close = |letters: &mut usize, digits: &mut usize| {
        let closed = letters.div_ceil(9).max(usize::from(*letters > 0)) + digits.div_ceil(3);
        (*letters, *digits) = (0, 0);
        closed
    };
    for c in text.chars() {
        match c {
            c if c.is_ascii_digit() => {
                if letters > 0 {
                    tokens += close(&mut letters, &mut digits);
                }
                digits += 1;
            }
            c if c.is_alphabetic() || c == '\'' => {
                if digits > 0 {
                    tokens += close(&mut letters, &mut digits);
                }
                // Letters beyond ASCII are rarer in the vocabulary.
                letters += if c.is_ascii() { 1 } else { 3 };
            }
            ' ' => tokens += close(&mut letters, &mut digits),
            _ => tokens += close(&mut letters, &mut digits) + 1,
        }
    }
    tokens + close(&mut letters, &mut digits)
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

/// The share of the text that stood in a call that succeeded.
pub fn coverage(blocks: &[Block], read: &[bool]) -> f64 {
    let weight = |block: &Block| block.bytes.max(1);
    let total: usize = blocks.iter().map(weight).sum();
    let covered: usize = blocks.iter().zip(read).filter(|(_, read)| **read).map(|(block, _)| weight(block)).sum();
    if total == 0 || covered == total { 1.0 } else { (covered as f64 / total as f64).min(0.999_999) }
}
