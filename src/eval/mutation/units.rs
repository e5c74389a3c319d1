//! How much goes with a value when it is taken out: its sentence, its line in a
//! signature, or the clause alone where the sentence shows something else too.

use std::ops::Range;

use super::Hindrance;
use super::editing::clauses;
use crate::conversation::{Message, Segment, SegmentKind};
use crate::language::{Sentence, sentences};

/// The sentences that a range touches; in signatures, the lines.
pub(super) fn unit_in(message: &Message, segment: &Segment, range: &Range<usize>) -> Range<usize> {
    let text = message.text.as_str();
    if segment.kind == SegmentKind::Signature {
        let part = text.get(..range.start).unwrap_or_default();
        let start = part.rfind('\n').map_or(segment.start, |at| (at + 1).max(segment.start));
        let rest = text.get(range.end..segment.end).unwrap_or_default();
        return start..rest.find('\n').map_or(segment.end, |at| range.end + at);
    }
    let all = sentences(text, segment.start, segment.end);
    let is_touched = |one: &Sentence| overlap(&(one.start..one.end), range);
    let (Some(mut first), Some(mut last)) = (all.iter().position(is_touched), all.iter().rposition(is_touched)) else {
        return range.clone();
    };
    let runs_on = |at: usize| match (all.get(at), all.get(at + 1)) {
        (Some(one), Some(next)) => is_wrapped(text, one, next),
        _ => false,
    };
    while first > 0 && runs_on(first - 1) {
        first -= 1;
    }
    while runs_on(last) {
        last += 1;
    }
    let start = all.get(first).map_or(range.start, |one| one.start).min(range.start);
    let end = all.get(last).map_or(range.end, |one| one.end).max(range.end);
    // The signs of quotation stay with the line.
    let words = text.get(start..end).unwrap_or_default();
    end - words.trim_start_matches(['>', ' ']).len()..end
}

/// Whether a mail program broke a sentence here: a long line without a full stop, and the next line at once.
fn is_wrapped(text: &str, one: &Sentence, next: &Sentence) -> bool {
    const LONG_LINE: usize = 60;
    let between = text.get(one.end..next.start).unwrap_or_default();
    let words = one.text(text);
    let last_line = text.get(..one.end).and_then(|before| before.lines().next_back()).unwrap_or_default();
    between.matches('\n').count() == 1 && last_line.len() >= LONG_LINE && !words.ends_with(['.', '!', '?', ':'])
}

/// The clauses that hold a range, with the sign that joins them to the rest.
pub(super) fn clause_cut(
    text: &str,
    unit: Range<usize>,
    range: &Range<usize>,
    guards: &[(String, Range<usize>)],
) -> Result<Range<usize>, Hindrance> {
    let parts = clauses(text, unit.clone());
    let touched: Vec<&Range<usize>> = parts.iter().filter(|part| overlap(part, range)).collect();
    let (Some(first), Some(last)) = (touched.first(), touched.last()) else { return Err(Hindrance::Survives) };
    let mut cut = first.start..last.end;
    if let Some((key, _)) = guards.iter().find(|(_, guard)| overlap(guard, &cut)) {
        return Err(Hindrance::Shared(key.clone()));
    }
    if cut.start == unit.start {
        // What follows begins the sentence now.
        let rest = text.get(cut.end..unit.end).unwrap_or_default();
        let begin = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let joined = ["and ", "but ", "und ", "et ", "y "].iter().find_map(|word| begin.strip_prefix(word));
        let signs = rest.len() - joined.unwrap_or(begin).len();
        cut.end += signs;
    } else if cut.end == unit.end {
        let words = text.get(cut.clone()).unwrap_or_default();
        cut.end -= words.len() - words.trim_end_matches(['.', '!', '?']).len();
    }
    if let Some((key, _)) = guards.iter().find(|(_, guard)| overlap(guard, &cut)) {
        return Err(Hindrance::Shared(key.clone()));
    }
    Ok(cut)
}

pub(super) fn line_around(text: &str, (from, to): (usize, usize), at: usize) -> &str {
    let start = text.get(from..at).and_then(|part| part.rfind('\n')).map_or(from, |found| from + found + 1);
    let end = text.get(at..to).and_then(|part| part.find('\n')).map_or(to, |found| at + found);
    text.get(start..end).unwrap_or_default()
}

pub(super) fn with_brackets(text: &str, range: &Range<usize>) -> Range<usize> {
    let open = text.get(..range.start).is_some_and(|before| before.ends_with('<'));
    let close = text.get(range.end..).is_some_and(|behind| behind.starts_with('>'));
    match open && close {
        true => {
            let spaced = text.get(..range.start - 1).is_some_and(|before| before.ends_with(' '));
            range.start - 1 - usize::from(spaced)..range.end + 1
        }
        false => range.clone(),
    }
}

pub(super) fn overlap(left: &Range<usize>, right: &Range<usize>) -> bool {
    left.start < right.end && right.start < left.end
}
