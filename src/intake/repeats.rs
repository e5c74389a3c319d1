//! What returns as a quote was said once. A quoted stretch whose words stand in
//! an earlier message points there, so that an old value never gets a newer
//! date. Words are compared, not characters: quoting wraps and indents lines.
//! A single word that the earlier message does not have at its place is an
//! answer typed between the lines, and such a stretch is no mere repeat.

use std::hash::Hasher;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHasher};

use crate::conversation::{Author, Message, MessageId, SegmentKind};

/// Words in a row that are compared at once.
const SHINGLE_WORDS: usize = 5;

/// One word of a text, as far as comparing needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub hash: u64,
    pub has_digit: bool,
    /// Words were left out before it (`…`, `[...]`): it does not follow the word before.
    behind_gap: bool,
}

/// Where words stood first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct First {
    message: MessageId,
    /// The number among all quotes, where the message only quoted them: its author is not who said them.
    quote: Option<usize>,
}

/// Where each shingle a quote holds stood first; `None` until it did.
type FirstSaid = FxHashMap<u64, Option<First>>;

/// Marks quoted stretches that an earlier message said. `words_from` holds, for each message and
/// segment, where its own words begin behind an attribution line.
pub(super) fn mark_repeats(messages: &mut [Message], words_from: &[Vec<usize>]) {
    let (mut said, lengths) = shingles_of_quotes(messages, words_from);
    if said.is_empty() {
        return;
    }
    // Who said each stretch that stood first in a quote, and when.
    let mut quoted: Vec<(Option<Author>, Option<Timestamp>)> = Vec::new();
    for (message, starts) in messages.iter_mut().zip(words_from) {
        let id = message.id;
        let mut own: Vec<Word> = Vec::new();
        let text = &message.text;
        for (segment, start) in message.segments.iter_mut().zip(starts) {
            let words = read_words(text.get(*start..segment.end).unwrap_or_default());
            if !is_quoted(segment.kind) {
                own.extend(words);
                continue;
            }
            let Some(first) = find_first(&words, &said) else {
                remember(&words, First { message: id, quote: Some(quoted.len()) }, &lengths, &mut said);
                // Lines that stand in no earlier message, among others that do, were typed into the quote.
                if is_half_known(&words, id, &said) {
                    segment.author = Some(Author::default());
                }
                quoted.push((segment.author.clone(), segment.at));
                continue;
            };
            segment.same_as = Some(first.message);
            if let Some((author, at)) = first.quote.and_then(|quote| quoted.get(quote)) {
                let nobody = || Some(Author::default());
                segment.author = segment.author.take().or_else(|| author.clone()).or_else(nobody);
                segment.at = segment.at.or(*at);
            }
        }
        // Only now: a message's own answer is not what its quotes repeat.
        remember(&own, First { message: id, quote: None }, &lengths, &mut said);
    }
}

fn is_quoted(kind: SegmentKind) -> bool {
    matches!(kind, SegmentKind::Quote | SegmentKind::Forward)
}

/// Every shingle worth remembering, and which lengths occur: short quotes are compared whole.
fn shingles_of_quotes(messages: &[Message], words_from: &[Vec<usize>]) -> (FirstSaid, [bool; SHINGLE_WORDS + 1]) {
    let mut said = FirstSaid::default();
    let mut lengths = [false; SHINGLE_WORDS + 1];
    for (message, starts) in messages.iter().zip(words_from) {
        for (segment, start) in message.segments.iter().zip(starts).filter(|(segment, _)| is_quoted(segment.kind)) {
            let words = read_words(message.text.get(*start..segment.end).unwrap_or_default());
            for stretch in stretches(&words) {
                let length = stretch.len().min(SHINGLE_WORDS);
                lengths[length] = true;
                said.extend(stretch.windows(length).map(|window| (hash_shingle(window), None)));
            }
            // Also those over a gap, for [`is_half_known`]: what it finds must not hang on what later messages quote.
            lengths[SHINGLE_WORDS] |= words.len() >= SHINGLE_WORDS;
            said.extend(words.windows(SHINGLE_WORDS).map(|window| (hash_shingle(window), None)));
        }
    }
    (said, lengths)
}

fn remember(words: &[Word], place: First, lengths: &[bool], said: &mut FirstSaid) {
    for (length, _) in lengths.iter().enumerate().filter(|(length, wanted)| *length > 0 && **wanted) {
        for window in words.windows(length) {
            if let Some(first) = said.get_mut(&hash_shingle(window)) {
                first.get_or_insert(place);
            }
        }
    }
}

/// Where most of these words stood first, if all of them stood somewhere before.
fn find_first(words: &[Word], said: &FirstSaid) -> Option<First> {
    let mut counts: FxHashMap<First, usize> = FxHashMap::default();
    for stretch in stretches(words) {
        let length = stretch.len().min(SHINGLE_WORDS);
        let mut covered_until = 0;
        for at in 0..stretch.len() {
            let window = stretch.get(at..at + length);
            if let Some(first) = window.and_then(|window| said.get(&hash_shingle(window)).copied().flatten()) {
                *counts.entry(first).or_default() += 1;
                covered_until = at + length;
            }
            if at >= covered_until {
                return None;
            }
        }
    }
    counts.into_iter().max_by_key(|(first, count)| (*count, std::cmp::Reverse(*first))).map(|(first, _)| first)
}

/// Whether half of the words or more stood in an earlier message.
fn is_half_known(words: &[Word], id: MessageId, said: &FirstSaid) -> bool {
    let (mut known, mut all) = (0, 0);
    for window in words.windows(SHINGLE_WORDS) {
        let first = said.get(&hash_shingle(window)).copied().flatten();
        known += usize::from(first.is_some_and(|first| first.message < id));
        all += 1;
    }
    known * 2 >= all && known > 0
}

/// The words between places where words were left out; none is empty.
fn stretches(words: &[Word]) -> impl Iterator<Item = &[Word]> {
    words.chunk_by(|_, next| !next.behind_gap)
}

/// Letters and digits in lower case; everything else parts words. What programs put beside words, such as the
/// address behind a link or the name of a picture, is left out, and so are the names of entities.
pub(super) fn read_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut behind_gap = false;
    let mut inside_image = false;
    for token in text.split_whitespace() {
        if inside_image || starts_image(token) {
            inside_image = !token.contains(']');
            continue;
        }
        let link = token.find(['<', '[']).filter(|at| is_added(token.get(*at..).unwrap_or_default()));
        let token = token.get(..link.unwrap_or(token.len())).unwrap_or_default();
        // `..` inside a token parts nothing: only what stands alone or ends a word tells of a gap.
        let gap = is_gap(token);
        behind_gap |= gap && !token.starts_with(char::is_alphanumeric);
        read_token(token, &mut behind_gap, &mut words);
        behind_gap |= gap;
    }
    words
}

fn read_token(token: &str, behind_gap: &mut bool, words: &mut Vec<Word>) {
    let mut rest = token;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        rest = behind;
        if before.ends_with('&') && behind.starts_with(';') && ENTITIES.contains(&word) {
            continue;
        }
        let mut hasher = FxHasher::default();
        for c in word.chars() {
            if c.is_ascii() {
                hasher.write_u32(u32::from(c.to_ascii_lowercase()));
            } else {
                c.to_lowercase().for_each(|lower| hasher.write_u32(u32::from(lower)));
            }
        }
        let has_digit = word.contains(char::is_numeric);
        words.push(Word { hash: hasher.finish(), has_digit, behind_gap: std::mem::take(behind_gap) });
    }
}

/// Entities that some programs leave undecoded in what they quote.
const ENTITIES: [&str; 7] = ["amp", "nbsp", "lt", "gt", "quot", "apos", "zwnj"];

/// `<mailto:…>`, `<https://…>`, `[cid:…]` behind a word or alone: what a link shows stands before it.
fn is_added(token: &str) -> bool {
    token.starts_with(['<', '[']) && ["://", "mailto:", "cid:"].iter().any(|mark| token.contains(mark))
}

fn starts_image(token: &str) -> bool {
    ["[image:", "[Image:", "[Bild:", "[cid:"].iter().any(|mark| token.starts_with(mark))
}

/// `…`, `...`, `[...]`, `[snip]`, and words that end in one.
fn is_gap(token: &str) -> bool {
    let marked = token.contains('…') || token.contains("...");
    marked || matches!(token, "[snip]" | "<snip>" | "[gekürzt]" | "[..]")
}

pub(super) fn hash_shingle(words: &[Word]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_usize(words.len());
    for word in words {
        hasher.write_u64(word.hash);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quote: &str, said: &str, expected: bool) {
        let words = read_words(said);
        let quoted = read_words(quote);
        let mut first: FirstSaid = (1..=SHINGLE_WORDS)
            .flat_map(|length| quoted.windows(length).map(|window| (hash_shingle(window), None)))
            .collect();
        remember(&words, First { message: MessageId(1), quote: None }, &[true; SHINGLE_WORDS + 1], &mut first);
        assert_eq!(find_first(&quoted, &first).is_some(), expected, "{quote}");
    }

    #[test]
    fn knows_what_was_said_before() {
        let said = "We want to go live on June 1 with forty seats in Oslo and Bergen, then add the rest of the country in autumn.";
        check("> We want to go live on June 1 with forty\n> seats in Oslo", said, true);
        check("> June 1", said, true);
        check("> June 2", said, false);
        check("We want to go live on July 1 with forty seats", said, false);
        let answered = format!("{said} {said} yes but not before the contract is signed by both {said}");
        check(&answered, said, false);
        check("", said, false);
        check("We want to go live on June 1 with forty seats in Oslo and Bergen no then add the rest", said, false);
        check("> We want to go live on June 1 with forty\n> no\n> seats in Oslo and Bergen", said, false);
        check("We want to go live on June 1 with forty seats no", said, false);
        check("We want to go live on June 1 … in autumn.", said, true);
        check("We want to go live on June 1 [...] rest of the country in autumn", said, true);
        check("We want to go live on June 1 … no … in autumn.", said, false);
        check("We want to go live<https://n.example/a> on June 1 with&nbsp;forty seats", said, true);
    }
}
