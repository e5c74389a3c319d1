//! Cutting words out of a message so that the rest still reads as if they had
//! never stood there, and everything that points into the text still points at
//! the same words.

use std::ops::Range;

use crate::conversation::{Message, Segment};

/// A text with its white space evened out, to find words however a mail program wrapped or quoted them.
#[derive(Debug, Clone)]
pub(super) struct Flat {
    letters: Vec<char>,
    /// The bytes of the text behind each letter.
    spans: Vec<(usize, usize)>,
}

impl Flat {
    pub fn new(text: &str) -> Self {
        let mut flat = Flat { letters: Vec::new(), spans: Vec::new() };
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            if !letter.is_whitespace() {
                flat.push(letter, at, at + letter.len_utf8());
                continue;
            }
            let (mut end, mut broken) = (at + letter.len_utf8(), letter == '\n');
            // The signs of a quotation stand at the beginning of its lines, between two words of a sentence.
            while let Some((next, sign)) =
                letters.next_if(|(_, next)| next.is_whitespace() || broken && matches!(next, '>' | '|'))
            {
                broken |= sign == '\n';
                end = next + sign.len_utf8();
            }
            flat.push(' ', at, end);
        }
        flat
    }

    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.letters.push(letter);
        self.spans.push((start, end));
    }

    /// Every place in the text where the words stand, as byte ranges, from word border to word border.
    pub fn find(&self, words: &Flat) -> Vec<Range<usize>> {
        let wanted: &[char] = match words.letters.as_slice() {
            [' ', rest @ ..] => rest,
            all => all,
        };
        let wanted = wanted.strip_suffix(&[' ']).unwrap_or(wanted);
        let (Some(first), count) = (wanted.first(), wanted.len()) else { return Vec::new() };
        let joins = |at: Option<usize>, own: char| {
            own.is_alphanumeric() && at.and_then(|at| self.letters.get(at)).is_some_and(|c| c.is_alphanumeric())
        };
        let last = wanted.last().copied().unwrap_or(*first);
        let starts = self.letters.windows(count).enumerate().filter(|(at, window)| {
            window.first() == Some(first)
                && *window == wanted
                && !joins(at.checked_sub(1), *first)
                && !joins(Some(at + count), last)
        });
        starts.filter_map(|(at, _)| Some(self.spans.get(at)?.0..self.spans.get(at + count - 1)?.1)).collect()
    }
}

/// Puts `with` in the place of the bytes `range`; what stands behind them moves with them, and a segment without words
/// is gone. A range that does not fit the text changes nothing.
pub(super) fn replace(message: &mut Message, range: Range<usize>, with: &str) {
    if message.text.get(range.clone()).is_none() {
        return;
    }
    message.text.replace_range(range.clone(), with);
    let moved = |offset: usize, is_end: bool| match offset {
        before if before < range.start || before == range.start && !is_end => before,
        behind if behind >= range.end => behind - range.end + range.start + with.len(),
        _ => range.start + with.len(),
    };
    for segment in &mut message.segments {
        (segment.start, segment.end) = (moved(segment.start, false), moved(segment.end, true));
    }
    let text = message.text.as_str();
    for segment in &mut message.segments {
        (segment.start, segment.end) = trimmed(text, segment);
    }
    message.segments.retain(|segment| segment.start < segment.end);
}

fn trimmed(text: &str, segment: &Segment) -> (usize, usize) {
    let Some(part) = text.get(segment.start..segment.end) else { return (segment.start, segment.start) };
    let start = segment.end - part.trim_start().len();
    (start, start + part.trim().len())
}

/// The bytes to cut so that `unit` is gone from a segment with the white space, the line and the signs of quotation that
/// stood there only for it.
pub(super) fn whole_cut(text: &str, segment: (usize, usize), unit: Range<usize>) -> Range<usize> {
    let before = text.get(segment.0..unit.start).unwrap_or_default();
    let after = text.get(unit.end..segment.1).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(segment.0, |at| segment.0 + at + 1);
    let lead = text.get(line_start..unit.start).unwrap_or_default();
    let tail = after.split('\n').next().unwrap_or_default();
    let opens = lead.chars().all(|c| c.is_whitespace() || matches!(c, '>' | '-' | '–' | '•' | '*'));
    let closes = tail.trim().is_empty();
    match (opens, closes) {
        (true, true) if after.len() > tail.len() => line_start..unit.end + tail.len() + 1,
        (true, true) => line_start.saturating_sub(1).max(segment.0)..segment.1,
        (false, true) => segment.0 + before.trim_end().len()..unit.end + tail.len(),
        (_, false) => unit.start..unit.end + tail.len() - tail.trim_start().len(),
    }
}

/// The clauses of a sentence, split where a part of it can be taken out: byte ranges that cover it, each with the sign
/// that leads it in.
pub(super) fn clauses(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    const BORDERS: [&str; 10] = [", ", "; ", ",\n", " – ", " - ", " | ", " · ", " (", " and ", " but "];
    let words = text.get(sentence.clone()).unwrap_or_default();
    let mut starts: Vec<usize> =
        BORDERS.iter().flat_map(|border| words.match_indices(border)).map(|(at, _)| sentence.start + at).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut found = Vec::new();
    let mut from = sentence.start;
    for at in starts {
        // `, and` is one border.
        if text.get(from..at).is_some_and(|part| part.chars().any(char::is_alphanumeric)) {
            found.push(from..at);
            from = at;
        }
    }
    found.push(from..sentence.end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Author, MessageId, SegmentKind};

    fn message(parts: &[(SegmentKind, &str)]) -> Message {
        let mut text = String::new();
        let mut segments = Vec::new();
        for (kind, part) in parts {
            if !text.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            text.push_str(part);
            segments.push(Segment { kind: *kind, start, end: text.len(), author: None, at: None, same_as: None });
        }
        Message {
            id: MessageId(1),
            document: "d1".to_owned(),
            author: Author::default(),
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            text,
            segments,
        }
    }

    #[test]
    fn words_are_found_however_they_are_wrapped() {
        let check = |text: &str, words: &str, expected: &[&str]| {
            let found = Flat::new(text).find(&Flat::new(words));
            let texts: Vec<&str> = found.iter().filter_map(|range| text.get(range.clone())).collect();
            assert_eq!(texts, expected, "{text}");
        };
        check("we go live on 1 July", "live on 1", &["live on 1"]);
        check("> we go\n> > live  on 1 July", "go live on", &["go\n> > live  on"]);
        check("live on 15 July", "live on 1", &[]);
        check("über Nacht, über Nacht", "über Nacht", &["über Nacht", "über Nacht"]);
        check("a > b", "a > b", &["a > b"]);
        check("", "a", &[]);
        check("a", "", &[]);
    }

    #[test]
    fn what_stands_behind_moves_along() {
        let parts = |message: &Message| {
            let texts = message.segments.iter().map(|one| message.text[one.start..one.end].to_owned());
            texts.collect::<Vec<_>>()
        };
        let mut one = message(&[(SegmentKind::Body, "Grüße. Weg damit. Ja."), (SegmentKind::Signature, "Ümit")]);
        let at = one.text.find("Weg").unwrap();
        let cut = whole_cut(&one.text, (0, one.segments[0].end), at..at + "Weg damit.".len());
        replace(&mut one, cut, "");
        assert_eq!(one.text, "Grüße. Ja.\nÜmit");
        assert_eq!(parts(&one), ["Grüße. Ja.", "Ümit"]);
        let whole = one.segments[1].start..one.segments[1].end;
        replace(&mut one, whole, "");
        assert_eq!(parts(&one), ["Grüße. Ja."]);
        replace(&mut one, 2..3, "nothing: the range is no char border");
        assert_eq!(one.text, "Grüße. Ja.\n");
    }

    #[test]
    fn a_cut_takes_the_line_it_leaves_empty() {
        let check = |text: &str, unit: &str, expected: &str| {
            let at = text.find(unit).unwrap();
            let mut rest = text.to_owned();
            rest.replace_range(whole_cut(text, (0, text.len()), at..at + unit.len()), "");
            assert_eq!(rest, expected, "{text}");
        };
        check("a\n- b c\nd", "- b c", "a\nd");
        check("a\n> > b c.\n> > d", "b c.", "a\n> > d");
        check("a. B c. D", "B c.", "a. D");
        check("a. B c.\nD", "B c.", "a.\nD");
        check("a.\nB c. D", "B c.", "a.\nD");
        check("a.\nB c.", "B c.", "a.");
        check("B c.", "B c.", "");
    }

    #[test]
    fn clauses_cover_their_sentence() {
        let check = |text: &str, expected: &[&str]| {
            let found = clauses(text, 0..text.len());
            let texts: Vec<&str> = found.iter().filter_map(|range| text.get(range.clone())).collect();
            assert_eq!(texts, expected);
            assert_eq!(texts.concat(), text);
        };
        check("one, two; three", &["one", ", two", "; three"]);
        check("one, and two", &["one", ", and two"]);
        check("one", &["one"]);
    }
}
