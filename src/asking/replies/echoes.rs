//! What of a mail only says again what a message of ours said: quoted, in part
//! or whole, wrapped anew, or copied without marks. It stays where it stands
//! and counts nowhere, so that a question of ours never becomes anybody's word.

use std::collections::HashSet;

use super::cutting::squeezed;
use crate::conversation::{Message, MessageId, Segment, SegmentKind};

/// A piece of a line that quoting broke has at least so many words.
const LEAST_PIECE: usize = 3;
/// A line that somebody copied without marks has at least so many.
const LEAST_COPY: usize = 4;

/// Messages of ours, as plain text.
#[derive(Debug, Default)]
pub struct Ours {
    lines: HashSet<String>,
    whole: Vec<String>,
}

impl Ours {
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Ours {
        let mut ours = Ours::default();
        for text in texts {
            // What we quoted is somebody else's: it alone tells nothing of who says it again.
            let own = text.lines().filter(|line| !line.trim_start().starts_with('>'));
            ours.lines.extend(own.map(squeezed).filter(|line| counts(line) >= LEAST_PIECE));
            ours.whole.push(squeezed(&text.replace('\n', " ")));
        }
        ours
    }

    fn is_line(&self, line: &str) -> bool {
        self.lines.contains(line)
    }

    fn holds(&self, line: &str) -> bool {
        self.is_line(line) || counts(line) >= LEAST_PIECE && self.whole.iter().any(|whole| whole.contains(line))
    }
}

fn counts(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Marks what a mail only repeats of ours.
pub fn silence(message: &mut Message, ours: &Ours) {
    let segments = std::mem::take(&mut message.segments);
    message.segments = segments.into_iter().flat_map(|segment| apart(&message.text, segment, ours)).collect();
}

/// A segment as the stretches that are ours and those that are not.
fn apart(text: &str, segment: Segment, ours: &Ours) -> Vec<Segment> {
    let words = text.get(segment.start..segment.end).unwrap_or_default();
    let is_quoted = match segment.kind {
        _ if segment.same_as.is_some() => return vec![segment],
        SegmentKind::Quote | SegmentKind::Forward => true,
        SegmentKind::Body => false,
        SegmentKind::Signature => return vec![segment],
    };
    let bare = |line: &str| squeezed(line.trim_start_matches(['>', '|', ' ', '\t']));
    let lines: Vec<&str> = words.split_inclusive('\n').collect();
    let has_head = lines.iter().any(|line| ours.lines.iter().any(|own| begins(own, &bare(line))));
    if is_quoted && !has_head {
        return vec![segment];
    }
    let mut flags: Vec<Option<bool>> = Vec::with_capacity(lines.len());
    for line in &lines {
        let line = bare(line);
        flags.push(match is_quoted {
            _ if line.is_empty() => None,
            true => Some(ours.holds(&line)),
            false => Some(counts(&line) >= LEAST_COPY && ours.is_line(&line)),
        });
    }
    // Who wrote it and when, said by the program that quotes.
    for at in 1..flags.len() {
        let is_head = lines.get(at - 1).is_some_and(|line| is_quoted && line.trim_end().ends_with(':'));
        if is_head && flags[at] == Some(true) && flags[at - 1] == Some(false) {
            flags[at - 1] = Some(true);
        }
    }
    pieces(&segment, &lines, &flags)
}

/// Whether a line that may be cut short is the beginning of one of ours.
fn begins(own: &str, line: &str) -> bool {
    counts(line) >= LEAST_PIECE && own.starts_with(line)
}

fn pieces(segment: &Segment, lines: &[&str], flags: &[Option<bool>]) -> Vec<Segment> {
    let mut pieces: Vec<Segment> = Vec::new();
    let mut start = segment.start;
    let mut is_ours = flags.iter().flatten().next().copied().unwrap_or_default();
    let mut at = segment.start;
    let piece = |start: usize, end: usize, is_ours: bool| Segment {
        start,
        end,
        same_as: is_ours.then_some(MessageId::OURS),
        ..segment.clone()
    };
    for (line, flag) in lines.iter().zip(flags) {
        if let Some(flag) = flag.filter(|flag| *flag != is_ours) {
            pieces.push(piece(start, at, is_ours));
            (start, is_ours) = (at, flag);
        }
        at += line.len();
    }
    pieces.push(piece(start, segment.end, is_ours));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Author;

    const LETTER: &str = "2 questions about Northwind\n\n1. Go-live date: By which day must the customer be live?\n   \
        The onboarding team needs it.\n   > \"as soon as we can\" (Dana)\n   Seen: 1 July 2026 · 1 August 2026\n\n\
        2. Users: How many users are there?\n";

    fn check(text: &str, kind: SegmentKind, expected: &str) {
        let segment = Segment { kind, start: 0, end: text.len(), author: None, at: None, same_as: None };
        let mut message = Message {
            id: MessageId(1),
            document: "d1".to_owned(),
            author: Author::default(),
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            text: text.to_owned(),
            segments: vec![segment],
        };
        silence(&mut message, &Ours::of([LETTER].into_iter()));
        let left: Vec<&str> = message
            .segments
            .iter()
            .filter(|one| one.same_as.is_none())
            .map(|one| text[one.start..one.end].trim())
            .collect();
        assert_eq!(left.join("|"), expected, "{text}");
        assert_eq!(message.segments.last().map(|last| last.end), Some(text.len()));
        assert!(message.segments.windows(2).all(|two| two[0].end == two[1].start), "{:?}", message.segments);
    }

    #[test]
    fn what_a_mail_repeats_of_ours_counts_nowhere() {
        use SegmentKind::{Body, Quote};
        check(
            "> 1. Go-live date: By which day must the\n> customer be live?\n>    Seen: 1 July 2026 · 1 August 2026",
            Quote,
            "",
        );
        check(
            "> On Tuesday Baton wrote:\n> 2. Users: How many users are there?\n> \"as soon as we can\" (Dana)",
            Quote,
            "",
        );
        check("> 2. Users: How many users are there?\n> about forty, I think", Quote, "> about forty, I think");
        // What we quoted of others is theirs where nothing of ours stands beside it.
        check("> \"as soon as we can\" (Dana)", Quote, "> \"as soon as we can\" (Dana)");
        check("> We want to go live in July", Quote, "> We want to go live in July");
        check("2. Users: How many users are there?\n40", Body, "40");
        check("The onboarding team needs it.", Body, "");
        check("Users: 40\nBest", Body, "Users: 40\nBest");
    }
}
