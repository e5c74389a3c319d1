//! What returns as a quote was said once. A quoted stretch whose words stand in
//! an earlier message points there, so that an old value never gets a newer
//! date. Words are compared, not characters: quoting wraps and indents lines.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use crate::conversation::{Message, MessageId, SegmentKind};

/// Words in a row that are compared at once.
const SHINGLE_WORDS: usize = 5;

/// The share of a quote's shingles that must stand in earlier messages.
const MIN_SHARE_PERCENT: usize = 90;

/// More words in a row than these are something new inside a quote: an answer typed between its lines.
const MAX_NEW_WORDS_IN_A_ROW: usize = 2;

/// One word of a text, as far as comparing needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub hash: u64,
    pub has_digit: bool,
}

/// The first message that said each shingle a quote holds; `None` until one did.
type FirstSaid = FxHashMap<u64, Option<MessageId>>;

/// Marks quoted stretches that an earlier message said. `words_from` holds, for each message and
/// segment, where its own words begin behind an attribution line.
pub(super) fn mark_repeats(messages: &mut [Message], words_from: &[Vec<usize>]) {
    let (mut said, lengths) = shingles_of_quotes(messages, words_from);
    if said.is_empty() {
        return;
    }
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
            segment.same_as = find_first(&words, &said);
            if segment.same_as.is_none() {
                remember(&words, id, &lengths, &mut said);
            }
        }
        // Only now: a message's own answer is not what its quotes repeat.
        remember(&own, id, &lengths, &mut said);
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
            let length = words.len().min(SHINGLE_WORDS);
            if length > 0 {
                lengths[length] = true;
                said.extend(words.windows(length).map(|window| (hash_shingle(window), None)));
            }
        }
    }
    (said, lengths)
}

fn remember(words: &[Word], id: MessageId, lengths: &[bool], said: &mut FirstSaid) {
    for (length, _) in lengths.iter().enumerate().filter(|(length, wanted)| *length > 0 && **wanted) {
        for window in words.windows(length) {
            if let Some(first) = said.get_mut(&hash_shingle(window)) {
                first.get_or_insert(id);
            }
        }
    }
}

/// The message that said most of these words first, if earlier messages said all of them.
fn find_first(words: &[Word], said: &FirstSaid) -> Option<MessageId> {
    let length = words.len().min(SHINGLE_WORDS);
    if length == 0 {
        return None;
    }
    let mut counts: FxHashMap<MessageId, usize> = FxHashMap::default();
    let mut covered_until = 0;
    let mut new_in_a_row = 0;
    let mut known = 0;
    let windows = words.len() - length + 1;
    for (at, word) in words.iter().enumerate() {
        let first = words.get(at..at + length).and_then(|window| said.get(&hash_shingle(window)).copied().flatten());
        if let Some(id) = first {
            *counts.entry(id).or_default() += 1;
            known += 1;
            covered_until = at + length;
        }
        if at < covered_until {
            new_in_a_row = 0;
            continue;
        }
        new_in_a_row += 1;
        if word.has_digit || new_in_a_row > MAX_NEW_WORDS_IN_A_ROW {
            return None;
        }
    }
    if known * 100 < windows * MIN_SHARE_PERCENT {
        return None;
    }
    counts.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id))).map(|(id, _)| id)
}

/// Letters and digits in lower case; everything else parts words.
pub(super) fn read_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut hasher = FxHasher::default();
    let mut has_digit = false;
    let mut inside = false;
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() {
            if c.is_ascii() {
                hasher.write_u32(u32::from(c.to_ascii_lowercase()));
            } else {
                c.to_lowercase().for_each(|lower| hasher.write_u32(u32::from(lower)));
            }
            has_digit |= c.is_numeric();
            inside = true;
        } else if inside {
            words.push(Word { hash: hasher.finish(), has_digit });
            (hasher, has_digit, inside) = (FxHasher::default(), false, false);
        }
    }
    words
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
        remember(&words, MessageId(1), &[true; SHINGLE_WORDS + 1], &mut first);
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
    }
}
