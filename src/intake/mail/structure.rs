//! The parts of a mail, found in one pass over its bytes and without
//! recursion: how deep parts lie in parts and how many there are is the
//! sender's choice, so both are bounded before anything is parsed. Boundaries
//! count only as whole lines, so that one which begins like another parts nothing.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::head::{self, Head};
use crate::config::Limits;

/// A part of a mail, or a mail inside it.
#[derive(Debug)]
pub(in crate::intake) struct Entity<'x> {
    pub head: Head,
    /// As it stands in the mail, not decoded; empty for what only holds other parts.
    pub body: Cow<'x, [u8]>,
    /// The part that holds it; parts follow the one that holds them.
    pub parent: Option<usize>,
    pub depth: usize,
    pub shape: Shape,
    /// Why its content is not here.
    pub absent: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Shape {
    /// A whole mail follows as its only part.
    Mail,
    Alternative,
    Related,
    Digest,
    /// Any other multipart.
    Parts,
    Leaf,
}

/// All parts of a mail in their order, and what was left out.
#[derive(Debug, Default)]
pub(in crate::intake) struct Structure<'x> {
    pub entities: Vec<Entity<'x>>,
    /// Bytes of words behind the last part of a multipart: a broken mail hides words there.
    pub outside: usize,
    /// More parts stood in it than are read.
    pub cut: bool,
}

impl<'x> Structure<'x> {
    /// Whether the entity is a mail: the given one, or one inside it.
    pub(in crate::intake) fn is_letter(&self, index: usize) -> bool {
        let parent = self.entities.get(index).and_then(|entity| entity.parent);
        parent.is_none_or(|parent| self.shape(parent) == Shape::Mail)
    }

    pub(in crate::intake) fn shape(&self, index: usize) -> Shape {
        self.entities.get(index).map_or(Shape::Leaf, |entity| entity.shape)
    }

    /// Adds a part below `parent`; answers its index.
    pub(in crate::intake) fn push(
        &mut self,
        head: Head,
        parent: Option<usize>,
        shape: Shape,
        body: Cow<'x, [u8]>,
    ) -> usize {
        let depth = parent.and_then(|parent| self.entities.get(parent)).map_or(0, |parent| parent.depth + 1);
        self.entities.push(Entity { head, body, parent, depth, shape, absent: None });
        self.entities.len() - 1
    }
}

/// What a part of this type holds.
pub(in crate::intake) fn shape_of(head: &Head, parent: Shape) -> Shape {
    match head.kind.as_str() {
        "multipart/alternative" => Shape::Alternative,
        "multipart/related" => Shape::Related,
        "multipart/digest" => Shape::Digest,
        "message/rfc822" | "message/global" => Shape::Mail,
        "" if parent == Shape::Digest => Shape::Mail,
        kind if kind.starts_with("multipart/") => Shape::Parts,
        _ => Shape::Leaf,
    }
}

pub(in crate::intake) fn take_apart<'x>(bytes: &'x [u8], limits: &Limits) -> Structure<'x> {
    let mut walk = Walk { bytes, limits, structure: Structure::default(), open: Vec::new() };
    let mut next = Some((0, None));
    while let Some((at, parent)) = next {
        if walk.structure.entities.len() >= limits.mail_parts.max(1) {
            walk.structure.cut = true;
            break;
        }
        next = walk.take_entity(at, parent);
    }
    walk.structure
}

/// A multipart whose end has not come yet.
struct Open {
    boundary: Vec<u8>,
    entity: usize,
}

/// A boundary line.
struct Mark {
    /// Where the text before it ends, its line break left out.
    text_end: usize,
    next_line: usize,
    /// Which of the open multiparts it belongs to.
    level: usize,
    closing: bool,
}

struct Walk<'x, 'l> {
    bytes: &'x [u8],
    limits: &'l Limits,
    structure: Structure<'x>,
    open: Vec<Open>,
}

impl<'x> Walk<'x, '_> {
    /// Reads the part at `at`; answers where the next one begins and what holds it.
    fn take_entity(&mut self, at: usize, parent: Option<usize>) -> Option<(usize, Option<usize>)> {
        let above = parent.map_or(Shape::Leaf, |parent| self.structure.shape(parent));
        let is_letter = parent.is_none() || above == Shape::Mail;
        let (head_end, body) = self.head_at(at, is_letter);
        let head = head::read(self.bytes.get(at..head_end).unwrap_or_default(), is_letter, self.limits);
        let mut shape = shape_of(&head, above);
        if shape == Shape::Mail && head.encoding != head::Encoding::Plain {
            // The standard forbids it; decoded, it is a file of its own with its depth counted.
            shape = Shape::Leaf;
        }
        let boundary = head.boundary.clone().filter(|_| !matches!(shape, Shape::Leaf | Shape::Mail));
        let index = self.structure.push(head, parent, shape, Cow::Borrowed(&[]));
        let too_deep = shape != Shape::Leaf && self.structure.entities[index].depth >= self.limits.mail_depth;
        if too_deep {
            let reason = format!("parts lie in it more than {} deep", self.limits.mail_depth);
            self.structure.entities[index].absent = Some(reason);
            self.structure.entities[index].shape = Shape::Leaf;
        } else if shape == Shape::Mail {
            return Some((body, Some(index)));
        } else if let Some(boundary) = boundary {
            self.open.push(Open { boundary: boundary.into_bytes(), entity: index });
            let level = self.open.len() - 1;
            if let Some(mark) = self.next_mark(body).filter(|mark| mark.level == level && !mark.closing) {
                return Some((mark.next_line, Some(index)));
            }
            // No part of its own follows: whatever it holds is read as text.
            self.open.pop();
        }
        let mark = self.next_mark(body);
        let end = mark.as_ref().map_or(self.bytes.len(), |mark| mark.text_end).max(body);
        let entity = &mut self.structure.entities[index];
        if !matches!(entity.shape, Shape::Leaf) {
            entity.shape = Shape::Leaf;
            entity.head.kind = "text/plain".to_owned();
            entity.head.told.push("its parts could not be told apart: read as one text".to_owned());
        }
        entity.body = Cow::Borrowed(self.bytes.get(body..end).unwrap_or_default());
        self.follow(mark)
    }

    /// From a boundary line to the next part.
    fn follow(&mut self, mut mark: Option<Mark>) -> Option<(usize, Option<usize>)> {
        while let Some(found) = mark {
            self.open.truncate(found.level + 1);
            if !found.closing {
                return Some((found.next_line, self.open.last().map(|open| open.entity)));
            }
            self.open.pop();
            mark = self.next_mark(found.next_line);
            let end = mark.as_ref().map_or(self.bytes.len(), |mark| mark.text_end).max(found.next_line);
            let lines = self.bytes.get(found.next_line..end).unwrap_or_default().split(|byte| *byte == b'\n');
            let words = lines.map(<[u8]>::trim_ascii).filter(|line| !line.starts_with(b"--"));
            self.structure.outside += words.map(<[u8]>::len).sum::<usize>();
        }
        None
    }

    /// Where the headers at `at` end and the body begins.
    fn head_at(&self, at: usize, is_letter: bool) -> (usize, usize) {
        let mut start = at;
        while let Some(rest) = self.bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = &rest[..length];
            if matches!(line, b"\n" | b"\r\n" | b"\r") {
                return (start, start + length);
            }
            let folded = start > at && line.starts_with(b" ") | line.starts_with(b"\t");
            let is_header = folded || crate::intake::recognition::header_name(line).is_some();
            // A part without headers begins with its words; only a mail may have a broken line among its headers.
            if !is_header && (!is_letter || self.mark_at(start).is_some()) {
                return (start, start);
            }
            start += length;
        }
        (self.bytes.len(), self.bytes.len())
    }

    /// The next line from `from`, a line's start, that is a boundary of an open multipart.
    fn next_mark(&self, from: usize) -> Option<Mark> {
        if self.open.is_empty() {
            return None;
        }
        if let Some(mark) = self.mark_at(from) {
            return Some(mark);
        }
        let rest = self.bytes.get(from..)?;
        memmem::find_iter(rest, b"\n--").find_map(|at| self.mark_at(from + at + 1))
    }

    fn mark_at(&self, start: usize) -> Option<Mark> {
        let rest = self.bytes.get(start..)?;
        if !rest.starts_with(b"--") {
            return None;
        }
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[2..length.max(2)].trim_ascii_end();
        let (level, closing) = self.open.iter().enumerate().rev().find_map(|(level, open)| {
            let behind = line.strip_prefix(open.boundary.as_slice())?;
            matches!(behind, b"" | b"--").then_some((level, behind == b"--"))
        })?;
        let before = &self.bytes[..start];
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let text_end = before.strip_suffix(b"\r").unwrap_or(before).len();
        Some(Mark { text_end, next_line: (start + length + 1).min(self.bytes.len()), level, closing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, expected: &[(&str, usize, &str)]) {
        for mail in [mail.to_owned(), mail.replace('\n', "\r\n")] {
            let structure = take_apart(mail.as_bytes(), &Limits::default());
            let got: Vec<(&str, usize, String)> = structure
                .entities
                .iter()
                .map(|entity| {
                    let body = String::from_utf8_lossy(&entity.body).replace("\r\n", "\n");
                    (entity.head.kind.as_str(), entity.depth, body)
                })
                .collect();
            let got: Vec<(&str, usize, &str)> =
                got.iter().map(|(kind, depth, body)| (*kind, *depth, body.as_str())).collect();
            assert_eq!(got, expected, "{mail}");
        }
    }

    #[test]
    fn takes_mails_apart() {
        check("Subject: a\n\nhi\n", &[("", 0, "hi\n")]);
        check(
            "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\n\none\n--ab\nstill one\n--a\nContent-Type: text/html\n\ntwo\n--a--\n",
            &[("multipart/mixed", 0, ""), ("", 1, "one\n--ab\nstill one"), ("text/html", 1, "two")],
        );
        // The inner multipart never ends; the outer boundary ends it.
        check(
            "Content-Type: multipart/mixed; boundary=ab\n\n--ab\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\none\n--ab\n\ntwo\n--ab--",
            &[("multipart/mixed", 0, ""), ("multipart/alternative", 1, ""), ("", 2, "one"), ("", 1, "two")],
        );
        check(
            "Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: x\n\none\n--a--",
            &[("multipart/digest", 0, ""), ("", 1, ""), ("", 2, "one")],
        );
        check("Content-Type: multipart/mixed; boundary=a\n\nno parts here", &[("text/plain", 0, "no parts here")]);
        check(
            "Content-Type: multipart/mixed; boundary=a\n\n--a\nwords\n--a--",
            &[("multipart/mixed", 0, ""), ("", 1, "words")],
        );
    }

    #[test]
    fn words_behind_the_end_are_counted() {
        let mail = b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a--\nmore words\n";
        assert_eq!(take_apart(mail, &Limits::default()).outside, 10);
    }
}
