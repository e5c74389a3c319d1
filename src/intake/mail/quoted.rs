//! Which stretches of a mail are its author's words, and which are quoted,
//! forwarded or a signature. Nothing is deleted: every stretch stays where it
//! is, with its kind and, where an attribution tells, its author and time.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::attribution::{self, Attribution, Mark, Place};
use super::phrases;
use super::signature;
use crate::conversation::{Author, SegmentKind};
use crate::intake::draft::Piece;

/// What is known about the message the text stands in.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::intake) struct Setting<'a> {
    /// Attribution lines name no offset; the quoting mail program wrote in this one.
    pub zone: Option<Offset>,
    pub subject: Option<&'a str>,
    /// Everything before this byte is body, whatever it looks like.
    pub body_until: usize,
}

/// The pieces of a mail's text, in order; they cover all of it but white space.
pub(in crate::intake) fn split(text: &str, setting: &Setting<'_>) -> Vec<Piece> {
    with_signatures(text, split_quotes(text, setting))
}

/// The same for texts that nobody signs, such as chat messages.
pub(in crate::intake) fn split_quotes(text: &str, setting: &Setting<'_>) -> Vec<Piece> {
    let mut splitter = Splitter::new(text, setting);
    let mut index = 0;
    while index < splitter.lines.len() {
        index += splitter.take_line(index).max(1);
    }
    splitter.pieces
}

/// One line: where it lies, how many `>` stand before its words, where the words begin.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    words: usize,
    end: usize,
    depth: usize,
}

/// Whose words lines are that carry no mark of their own.
#[derive(Debug, Clone)]
struct Owner {
    kind: SegmentKind,
    author: Option<Author>,
    at: Option<Timestamp>,
    /// Tells pieces of different owners apart.
    number: usize,
}

/// Whether lines are words of their owner or say who the owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Said,
    Announcing,
}

struct Splitter<'a> {
    text: &'a str,
    setting: &'a Setting<'a>,
    lines: Vec<Line>,
    pieces: Vec<Piece>,
    /// The owner of the last piece.
    last: usize,
    /// By depth of `>`; at 0 whoever an unmarked quote or forward named last.
    owners: Vec<Option<Owner>>,
    owner_count: usize,
}

/// Quotes deeper than this count as this deep.
const MAX_DEPTH: usize = 32;

/// An answer above what it answers is looked through this far.
const MAX_ANSWER_LINES: usize = 60;

impl<'a> Splitter<'a> {
    fn new(text: &'a str, setting: &'a Setting<'a>) -> Self {
        let lines = read_lines(text);
        Splitter {
            text,
            setting,
            lines,
            pieces: Vec::new(),
            last: 0,
            owners: vec![None; MAX_DEPTH + 1],
            owner_count: 0,
        }
    }

    /// Puts the line at `index` where it belongs, with those that announce it; answers how many were taken.
    fn take_line(&mut self, index: usize) -> usize {
        let line = self.lines[index];
        if line.words == line.end {
            self.take_blank(index);
            return 1;
        }
        if line.start < self.setting.body_until {
            self.push(index, 1, 0, Role::Said);
            return 1;
        }
        let words = self.words(index);
        if let Some(mark) = attribution::read_mark(words)
            && let Some(taken) = self.take_mark(index, mark)
        {
            return taken;
        }
        if attribution::read_header(words).is_some()
            && let Some(block) = attribution::read_header_block(self.words_from(index), self.setting.zone, Place::Open)
        {
            let kind = if self.is_forward() { SegmentKind::Forward } else { SegmentKind::Quote };
            return self.take_announced(index, line.depth, block, kind);
        }
        if let Some(found) = attribution::read_attribution(self.words_from(index), self.setting.zone)
            && let Some(taken) = self.take_attribution(index, found)
        {
            return taken;
        }
        self.push(index, 1, line.depth, Role::Said);
        1
    }

    /// An empty line says nothing, but its `>` marks must lie in some piece.
    fn take_blank(&mut self, index: usize) {
        let line = self.lines[index];
        match self.pieces.last_mut().filter(|piece| piece.segment.kind != SegmentKind::Body) {
            _ if line.depth == 0 => {}
            Some(piece) => piece.segment.end = line.end,
            None => self.push(index, 1, line.depth, Role::Said),
        }
    }

    /// A line of dashes above a message; the header block below it belongs to it.
    fn take_mark(&mut self, index: usize, mark: Mark) -> Option<usize> {
        let depth = self.lines[index].depth;
        let below = (index + 1..self.lines.len()).find(|at| self.lines[*at].words < self.lines[*at].end)?;
        let block = attribution::read_header_block(self.words_from(below), self.setting.zone, Place::BehindMark);
        let kind = match mark {
            Mark::Rule => {
                block.as_ref()?;
                if self.is_forward() { SegmentKind::Forward } else { SegmentKind::Quote }
            }
            Mark::Forward => SegmentKind::Forward,
            Mark::Original => SegmentKind::Quote,
        };
        let below_depth = self.lines[below].depth;
        let (found, depth) = match block {
            // Some programs quote what they forward, its header block included.
            Some(block) if below_depth >= depth => {
                (Attribution { lines: block.lines + below - index, ..block }, below_depth)
            }
            _ => (Attribution { author: None, at: None, zone: None, lines: 1, weak: false }, depth.max(below_depth)),
        };
        Some(self.take_announced(index, depth, found, kind))
    }

    /// Lines that announce all that follows at `depth`.
    fn take_announced(&mut self, index: usize, depth: usize, found: Attribution, kind: SegmentKind) -> usize {
        let lines = found.lines;
        self.own(depth, kind, found);
        self.push(index, lines, depth, Role::Announcing);
        lines
    }

    fn take_attribution(&mut self, index: usize, found: Attribution) -> Option<usize> {
        let depth = self.lines[index].depth;
        let below = self.next_words(index + found.lines)?;
        if below.depth <= depth && (found.weak || below.depth < depth) {
            return None;
        }
        let lines = found.lines;
        let own_depth = match below.depth > depth {
            true => self.depth_of_quote(index + lines, depth),
            false if self.is_marked_below(index + lines, depth) => depth + 1,
            false => depth,
        };
        self.own(own_depth.min(MAX_DEPTH), SegmentKind::Quote, found);
        self.push(index, lines, own_depth.min(MAX_DEPTH), Role::Announcing);
        Some(lines)
    }

    /// How deep the words lie that an attribution at `depth` announces: what it quotes may itself begin with a quote.
    fn depth_of_quote(&self, from: usize, depth: usize) -> usize {
        let block = self.lines[from..].iter().filter(|line| line.words < line.end).map(|line| line.depth);
        block.take_while(|found| *found > depth).min().unwrap_or(depth + 1)
    }

    /// Whether an answer stands between an attribution and the marked lines that it announces.
    fn is_marked_below(&self, from: usize, depth: usize) -> bool {
        let announces = |index: usize| {
            attribution::read_mark(self.words(index)).is_some()
                || attribution::read_header(self.words(index)).is_some()
                || attribution::read_attribution(self.words_from(index), self.setting.zone).is_some()
        };
        let until = self.lines.len().min(from + MAX_ANSWER_LINES);
        let mut rest = (from..until).filter(|index| self.lines[*index].words < self.lines[*index].end);
        rest.find(|index| self.lines[*index].depth != depth || announces(*index))
            .is_some_and(|index| self.lines[index].depth == depth + 1 && !announces(index))
    }

    /// Words at `depth` are from here on those of the author found.
    fn own(&mut self, depth: usize, kind: SegmentKind, found: Attribution) {
        self.owner_count += 1;
        let owner = Owner { kind, author: found.author, at: found.at, number: self.owner_count + MAX_DEPTH };
        self.owners[depth] = Some(owner);
        for deeper in &mut self.owners[depth + 1..] {
            *deeper = None;
        }
    }

    /// Appends lines to the last piece if it has the same owner, else begins one.
    fn push(&mut self, index: usize, lines: usize, depth: usize, role: Role) {
        let (start, end) = (self.lines[index].start, self.lines[index + lines - 1].end);
        let owner = self.owners[depth].as_ref();
        let number = owner.map_or(depth, |owner| owner.number);
        if let Some(piece) = self.pieces.last_mut().filter(|_| self.last == number) {
            piece.segment.end = end;
            return;
        }
        let kind = owner.map_or(if depth == 0 { SegmentKind::Body } else { SegmentKind::Quote }, |owner| owner.kind);
        let mut piece = Piece::new(kind, start, end);
        if let Some(owner) = owner {
            piece.segment.author.clone_from(&owner.author);
            piece.segment.at = owner.at;
        }
        if role == Role::Announcing {
            piece.words_from = end;
        }
        self.pieces.push(piece);
        self.last = number;
    }

    fn words(&self, index: usize) -> &'a str {
        let line = self.lines[index];
        self.text.get(line.words..line.end).unwrap_or_default()
    }

    /// The words of this line and those below it at the same depth.
    fn words_from(&self, index: usize) -> impl Iterator<Item = &'a str> + '_ {
        let depth = self.lines[index].depth;
        let rest = &self.lines[index..];
        let same = rest.iter().take_while(move |line| line.depth == depth);
        same.map(|line| self.text.get(line.words..line.end).unwrap_or_default())
    }

    fn next_words(&self, from: usize) -> Option<Line> {
        self.lines.get(from..)?.iter().find(|line| line.words < line.end).copied()
    }

    /// A forwarding mail without a mark of its own: its subject tells, and the first block is what it forwards.
    fn is_forward(&self) -> bool {
        let subject = self.setting.subject.unwrap_or_default().trim_start();
        self.owner_count == 0 && phrases::FORWARD_SUBJECTS.iter().any(|word| attribution::starts_with(subject, word))
    }
}

fn read_lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for raw in text.split('\n') {
        let end = start + raw.len();
        let (depth, words) = read_depth(raw);
        lines.push(Line { start, words: start + words, end: start + raw.trim_end().len().max(words), depth });
        start = end + 1;
    }
    // A lone ">50 users" is a comparison, not a quote.
    for index in 0..lines.len() {
        let line = lines[index];
        let beside = |other: Option<&Line>| other.is_some_and(|other| other.depth > 0);
        let alone = !beside(index.checked_sub(1).and_then(|at| lines.get(at))) && !beside(lines.get(index + 1));
        let compares = text
            .as_bytes()
            .get(line.start..line.start + 2)
            .is_some_and(|two| two[0] == b'>' && two[1].is_ascii_digit());
        if line.depth == 1 && alone && compares {
            lines[index].depth = 0;
            lines[index].words = line.start;
        }
    }
    lines
}

/// How many `>` stand before the words, and where the words begin.
fn read_depth(line: &str) -> (usize, usize) {
    let bytes = line.as_bytes();
    let mut depth = 0;
    let mut at = 0;
    let mut blanks = 0;
    loop {
        match bytes.get(at + blanks) {
            Some(b' ' | b'\t') if blanks < 3 => blanks += 1,
            Some(b'>') if depth == 0 || blanks <= 1 => {
                at += blanks + 1;
                blanks = 0;
                depth += 1;
            }
            // `>|` is a mark of one more depth; with a blank between, the bar belongs to a table.
            Some(b'|') if depth > 0 && blanks == 0 => {
                at += 1;
                depth += 1;
            }
            _ => break,
        }
    }
    let rest = line.get(at..).unwrap_or_default();
    (depth.min(MAX_DEPTH), at + rest.len() - rest.trim_start().len())
}

/// Parts every body piece into words and signatures.
fn with_signatures(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut parted = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (start, end) = (piece.segment.start, piece.segment.end);
        if piece.segment.kind != SegmentKind::Body {
            parted.push(piece);
            continue;
        }
        let mut from = start;
        for (signed, until) in signature::find_signatures(text.get(start..end).unwrap_or_default()) {
            push_body(text, &mut parted, from, start + signed);
            parted.push(Piece::new(SegmentKind::Signature, start + signed, start + until));
            from = start + until;
        }
        push_body(text, &mut parted, from, end);
    }
    parted
}

fn push_body(text: &str, parted: &mut Vec<Piece>, start: usize, end: usize) {
    let words = text.get(start..end).unwrap_or_default();
    let from = start + words.len() - words.trim_start().len();
    let until = start + words.trim_end().len();
    if from < until {
        parted.push(Piece::new(SegmentKind::Body, from, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(SegmentKind, &str, &str)]) {
        let pieces = split(text, &Setting::default());
        let got: Vec<(SegmentKind, &str, String)> = pieces
            .iter()
            .map(|piece| {
                let author = piece.segment.author.as_ref().and_then(Author::label).unwrap_or_default();
                (piece.segment.kind, author, text[piece.segment.start..piece.segment.end].replace('\n', "|"))
            })
            .collect();
        let expected: Vec<(SegmentKind, &str, String)> =
            expected.iter().map(|(kind, author, words)| (*kind, *author, (*words).to_owned())).collect();
        assert_eq!(got, expected, "{text}");
    }

    use SegmentKind::{Body, Forward, Quote, Signature};

    #[test]
    fn parts_answers_from_quotes() {
        check(
            "Yes.\n\nOn Mon, 2 Mar 2026 at 09:14, Dana <d@n.example> wrote:\n> Live June 1?\n>\n> Dana\n",
            &[
                (Body, "", "Yes."),
                (Quote, "Dana", "On Mon, 2 Mar 2026 at 09:14, Dana <d@n.example> wrote:|> Live June 1?|>|> Dana"),
            ],
        );
        check(
            "Dana Whitfield wrote:\n> When?\nJune 1\n> Where?\nOslo",
            &[
                (Quote, "Dana Whitfield", "Dana Whitfield wrote:|> When?"),
                (Body, "", "June 1"),
                (Quote, "Dana Whitfield", "> Where?"),
                (Body, "", "Oslo"),
            ],
        );
        check(
            "Ok\n> Sure\n> On 2 Mar 2026, Al Roe wrote:\n>> Go?\n> Fine",
            &[
                (Body, "", "Ok"),
                (Quote, "", "> Sure"),
                (Quote, "Al Roe", "> On 2 Mar 2026, Al Roe wrote:|>> Go?"),
                (Quote, "", "> Fine"),
            ],
        );
        check(
            "On 2 Mar 2026 at 10:00, Al Roe wrote:\n>> Go?\n> Fine",
            &[
                (Quote, "Al Roe", "On 2 Mar 2026 at 10:00, Al Roe wrote:"),
                (Quote, "", ">> Go?"),
                (Quote, "Al Roe", "> Fine"),
            ],
        );
        check(
            "On 2 Mar 2026 at 10:00, Al Roe wrote:\n\nSee inline.\n\n> When?\nJune 1",
            &[
                (Quote, "Al Roe", "On 2 Mar 2026 at 10:00, Al Roe wrote:"),
                (Body, "", "See inline."),
                (Quote, "Al Roe", "> When?"),
                (Body, "", "June 1"),
            ],
        );
        check("Need\n>50 users\nnow", &[(Body, "", "Need|>50 users|now")]);
        check("Hi\n>\nthere", &[(Body, "", "Hi"), (Quote, "", ">"), (Body, "", "there")]);
    }

    #[test]
    fn parts_unmarked_history() {
        check(
            "See below.\n\n-----Original Message-----\nFrom: Dana\nSent: 2 March 2026\nTo: Al\nSubject: x\n\nJune 1.\nOk?",
            &[
                (Body, "", "See below."),
                (
                    Quote,
                    "Dana",
                    "-----Original Message-----|From: Dana|Sent: 2 March 2026|To: Al|Subject: x||June 1.|Ok?",
                ),
            ],
        );
        check(
            "FYI\n\n---------- Forwarded message ---------\nFrom: Dana <d@n.example>\nDate: Mon, 2 Mar 2026\n\nJune 1.",
            &[
                (Body, "", "FYI"),
                (
                    Forward,
                    "Dana",
                    "---------- Forwarded message ---------|From: Dana <d@n.example>|Date: Mon, 2 Mar 2026||June 1.",
                ),
            ],
        );
        check(
            "Ok\n\n________________________________\nFrom: A B\nSent: 2 March 2026\nTo: C\n\none\n\nFrom: C D\nSent: 1 March 2026\nTo: A\n\ntwo",
            &[
                (Body, "", "Ok"),
                (Quote, "A B", "________________________________|From: A B|Sent: 2 March 2026|To: C||one"),
                (Quote, "C D", "From: C D|Sent: 1 March 2026|To: A||two"),
            ],
        );
        check(
            "Ok\nThanks,\nAl Roe\n\nOn 2 Mar 2026 at 10:00, Dana wrote:\nhello",
            &[
                (Body, "", "Ok"),
                (Signature, "", "Thanks,|Al Roe"),
                (Quote, "Dana", "On 2 Mar 2026 at 10:00, Dana wrote:|hello"),
            ],
        );
    }
}
