//! Drawing from the material, the same in every run: a small generator of
//! numbers with a fixed seed, windows of words, and the folding that proves
//! whether words stand somewhere.

use std::collections::BTreeSet;
use std::ops::Range;

use baton::conversation::MessageId;

use crate::sources::{Material, Site, Talk};

/// A quote and the message it is said to stand in.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Index into [`Material::talks`].
    pub talk: usize,
    pub cited: MessageId,
    /// The message it was made from.
    pub origin: MessageId,
    /// The sentence it was made from, for the reader of a failure.
    pub sentence: String,
    pub quote: String,
    /// The words that the matched span must have, for a true quote; empty for a false one.
    pub stands_for: String,
}

/// Pairs wanted of each kind; a kind may run dry before, down to the least that `main.rs` asks for.
pub const WANTED: usize = 100;

/// Draws pairs site by site, in a shuffled order and several rounds, so that no
/// sentence is used twice before the others had their turn.
pub fn draw(
    material: &Material,
    random: &mut Random,
    mut make: impl FnMut(&Talk, &Site, &mut Random) -> Option<Pair>,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut seen = BTreeSet::new();
    for _round in 0..6 {
        let mut order: Vec<&Site> = material.sites.iter().collect();
        random.shuffle(&mut order);
        for site in order {
            let Some(pair) = make(&material.talks[site.talk], site, random) else { continue };
            if pairs.len() < WANTED && seen.insert((pair.talk, pair.cited, pair.quote.clone())) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

/// A false quote. One in six cites another message than the one it was made from, as models do.
pub fn false_pair(talk: &Talk, site: &Site, quote: String, random: &mut Random) -> Pair {
    let count = talk.conversation.messages.len();
    let cited = if random.below(6) == 0 { MessageId(random.below(count) as u32 + 1) } else { site.message };
    Pair {
        talk: site.talk,
        cited,
        origin: site.message,
        sentence: site.sentence.clone(),
        quote,
        stands_for: String::new(),
    }
}

/// A false quote that must not stand anywhere: `None` if it does by accident.
pub fn absent_pair(talk: &Talk, site: &Site, quote: String, random: &mut Random) -> Option<Pair> {
    (words(&quote).len() >= 4 && !talk.has_words(&quote)).then(|| false_pair(talk, site, quote, random))
}

/// A true quote of these words of the site.
pub fn true_pair(site: &Site, stands_for: &str, quote: String) -> Pair {
    Pair {
        talk: site.talk,
        cited: site.message,
        origin: site.message,
        sentence: site.sentence.clone(),
        quote,
        stands_for: stands_for.to_string(),
    }
}

/// A change inside a sentence: the whole sentence afterwards, and where the new words stand in it.
pub struct Change {
    pub text: String,
    pub at: Range<usize>,
}

/// The sentence with the bytes of `range` replaced.
pub fn replace(sentence: &str, range: Range<usize>, new: &str) -> Change {
    let text = format!("{}{new}{}", &sentence[..range.start], &sentence[range.end..]);
    Change { text, at: range.start..range.start + new.len() }
}

/// A quote with the change in it: the whole sentence or some words around, one neighbour on each side at least.
pub fn quote_around(change: &Change, random: &mut Random) -> String {
    let words = words(&change.text);
    if random.below(5) < 2 || words.len() < 6 {
        return change.text.clone();
    }
    let first = words.iter().position(|word| word.end > change.at.start).unwrap_or(words.len() - 1);
    let last = words.iter().rposition(|word| word.start < change.at.end).unwrap_or(0).max(first);
    let from = first.saturating_sub(1 + random.below(5));
    let to = (last + 1 + random.below(5)).min(words.len() - 1);
    trim(&change.text[words[from].start..words[to].end]).to_string()
}

/// Where the words between white space stand.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (position, character) in text.char_indices() {
        match (character.is_whitespace(), start) {
            (false, None) => start = Some(position),
            (true, Some(from)) => {
                ranges.push(from..position);
                start = None;
            }
            _ => {}
        }
    }
    ranges.extend(start.map(|from| from..text.len()));
    ranges
}

/// A word's bytes without the punctuation around it.
pub fn core(text: &str, word: &Range<usize>) -> Range<usize> {
    let slice = &text[word.clone()];
    let start = slice.len() - slice.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let end = slice.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    word.start + start..word.start + end.max(start)
}

/// Without the punctuation that ends a piece of a sentence.
pub fn trim(text: &str) -> &str {
    text.trim_end_matches([',', ';', ':', '.', '!', '?', '–', ' '])
}

/// Lower case, letters and digits only, single spaces between words: what a quote must not have in common with any message.
pub fn fold(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits alone in lower case, for the comparison of a matched span with what it should be.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Nothing in the sentence that makes a piece of it say something else than the whole: no negation, condition,
/// question, attribution, contrast or doubt. Only of such sentences a true quote may be a piece.
pub fn is_plain(sentence: &str) -> bool {
    const CUES: &str = " not no never nor neither none nobody nothing cannot without unless if except until only but hardly far \
        who which that what how whether because although though while so \
        said say says told mentioned think believe doubt according promised insist expect want \
        could would should may might d perhaps roughly around about far fewer under instead t refuse funny \
        most half some both least up usually normally almost ";
    !sentence.contains('?') && fold(sentence).split(' ').all(|word| !CUES.contains(&format!(" {word} ")))
}

/// Xorshift with a multiplication at the end: small, fixed, the same on every machine.
pub struct Random(u64);

impl Random {
    /// Seeded by the name of the kind, so that a new kind changes no other.
    pub fn named(name: &str) -> Random {
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Random(seed | 1)
    }

    /// Below `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        (high as usize).checked_rem(limit).unwrap_or(0)
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for position in (1..items.len()).rev() {
            let other = self.below(position + 1);
            items.swap(position, other);
        }
    }
}

/// Lines without the `> ` of quoted history.
pub fn without_prefixes(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("> ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
