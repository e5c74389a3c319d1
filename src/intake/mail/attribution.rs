//! The lines above a quote that say whose words follow: `On …, Dana wrote:`
//! and the header blocks of Outlook, Gmail and Apple Mail.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::phrases::{self, Header};
use crate::conversation::Author;
use crate::intake::dates;
use crate::intake::names;

/// An attribution is wrapped over this many lines at most.
const MAX_LINES: usize = 3;

/// Longer lines are prose.
const MAX_BYTES: usize = 400;

/// A header block is at most this long, wrapped recipient lines included.
const MAX_HEADER_LINES: usize = 40;

/// Whose words follow, and how many lines say so.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::intake) struct Attribution {
    pub author: Option<Author>,
    pub at: Option<Timestamp>,
    pub zone: Option<Offset>,
    pub lines: usize,
    /// Only a `>` on the next line can confirm it.
    pub weak: bool,
}

/// An attribution at the start of `lines` (contents without `>` marks, all of one depth).
pub(in crate::intake) fn read_attribution<'t>(
    mut lines: impl Iterator<Item = &'t str>,
    zone: Option<Offset>,
) -> Option<Attribution> {
    let first = lines.next()?.trim();
    let opening = phrases::ATTRIBUTION_OPENINGS.iter().find(|word| starts_with(first, word));
    if opening.is_none() && !first.ends_with(':') || first.len() > MAX_BYTES {
        return None;
    }
    let mut joined = first.to_owned();
    let mut count = 1;
    loop {
        if joined.len() > MAX_BYTES {
            return None;
        }
        if let Some(ending) = phrases::ATTRIBUTION_ENDINGS.iter().find(|word| ends_with(&joined, word)) {
            let inner = &joined[opening.map_or(0, |word| word.len())..joined.len() - ending.len()];
            return read_inner(inner, zone, count, opening.is_none());
        }
        if opening.is_none() {
            return read_bare(&joined, zone);
        }
        let next = lines.next().filter(|line| count < MAX_LINES && !line.trim().is_empty())?;
        joined.push(' ');
        joined.push_str(next.trim());
        count += 1;
    }
}

/// `2026-03-02 9:14 Dana Whitfield <dana@northwind.example>:`, in whatever language it is.
fn read_bare(line: &str, zone: Option<Offset>) -> Option<Attribution> {
    let inner = line.strip_suffix(':').filter(|inner| inner.ends_with('>') && inner.contains('@'))?;
    read_inner(inner, zone, 1, true)
}

fn read_inner(inner: &str, zone: Option<Offset>, lines: usize, weak: bool) -> Option<Attribution> {
    let (moment, name_from) = dates::read_leading(inner, zone);
    let name = inner.get(name_from..)?.trim_start_matches([',', ' ', '-', ':']).trim();
    let author = names::read_author(name);
    if !weak && moment.is_none() && author.address.is_none() {
        // "On the other hand, Dana wrote:" is prose unless a quote follows.
        return Some(Attribution { author: None, at: None, zone: None, lines, weak: true });
    }
    let known = author.name.as_deref().is_some_and(|name| name.len() <= 80) || author.address.is_some();
    let shaped = author.address.is_some() || author.name.as_deref().is_some_and(names::is_name);
    if weak && !shaped {
        return None;
    }
    Some(Attribution {
        author: known.then_some(author),
        at: moment.map(|moment| moment.at),
        zone: moment.and_then(|moment| moment.zone),
        lines,
        weak,
    })
}

/// A header block (`From:`, `Sent:`, …) at the start of `lines`. Behind a mark such as
/// `-----Original Message-----` less of it is enough.
pub(in crate::intake) fn read_header_block<'t>(
    lines: impl Iterator<Item = &'t str>,
    zone: Option<Offset>,
    place: Place,
) -> Option<Attribution> {
    let mut block = Block::default();
    for (index, line) in lines.take(MAX_HEADER_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() {
            // Converted HTML puts blank lines between header lines.
            if block.seen == 0 || block.blank_before(index) {
                break;
            }
            continue;
        }
        match read_header(line) {
            Some((Header::From, value)) if block.from.is_none() => block.from = Some(value.to_owned()),
            Some((Header::From, _)) => break,
            Some((Header::Sent, value)) => block.sent = block.sent.take().or(Some(value.to_owned())),
            Some((Header::Other, _)) => block.others += 1,
            None if block.seen > 0 && index == block.last_line + 1 && block.wraps => {
                block.last_line = index;
                continue;
            }
            None => break,
        }
        block.wraps = matches!(read_header(line), Some((Header::Other, _)));
        block.seen += 1;
        block.last_line = index;
        if block.seen == 1 && block.from.is_none() && place == Place::Open {
            return None;
        }
    }
    let enough = match place {
        Place::Open => block.sent.is_some() && block.others > 0,
        Place::BehindMark => block.seen > 1,
    };
    let from = block.from.filter(|_| enough)?;
    let moment = block.sent.and_then(|sent| dates::read_moment(&sent, zone));
    let author = names::read_author(&from);
    Some(Attribution {
        author: author.label().is_some().then_some(author),
        at: moment.map(|moment| moment.at),
        zone: moment.and_then(|moment| moment.zone),
        lines: block.last_line + 1,
        weak: false,
    })
}

/// Where a header block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Place {
    /// In running text.
    Open,
    /// Right after a line that announces it.
    BehindMark,
}

#[derive(Default)]
struct Block {
    from: Option<String>,
    sent: Option<String>,
    others: usize,
    seen: usize,
    last_line: usize,
    /// The last header may go on over several lines, as recipients do.
    wraps: bool,
}

impl Block {
    fn blank_before(&self, index: usize) -> bool {
        // Two blank lines, or one after the words a full block has, end it.
        index > self.last_line + 1 || self.from.is_some() && self.sent.is_some() && self.others >= 2
    }
}

/// `*From:* Dana`, `Sent: Monday` as header and value.
pub(in crate::intake) fn read_header(line: &str) -> Option<(Header, &str)> {
    let line = line.trim_start_matches('*');
    let colon = line.bytes().take(16).position(|byte| byte == b':')?;
    let name = line.get(..colon)?.trim_end_matches(['*', ' ']);
    let header = phrases::HEADERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1;
    Some((header, line.get(colon + 1..)?.trim_start_matches('*').trim()))
}

/// What a line announces, if it is a mark above an original or forwarded message.
pub(in crate::intake) fn read_mark(line: &str) -> Option<Mark> {
    let line = line.trim();
    let inner = line.trim_matches(['-', '_', '*', ' ']);
    let dashed = line.starts_with("--") || line.starts_with("__");
    let begins = |marks: &[&str]| marks.iter().any(|mark| starts_with(inner, mark) && (dashed || mark.ends_with(':')));
    if line.len() > 120 {
        None
    } else if begins(phrases::FORWARD_MARKS) {
        Some(Mark::Forward)
    } else if begins(phrases::ORIGINAL_MARKS) {
        Some(Mark::Original)
    } else if inner.is_empty() && line.len() >= 10 && line.starts_with("__") {
        Some(Mark::Rule)
    } else {
        None
    }
}

/// A line above a message that is not the author's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Mark {
    Forward,
    Original,
    /// A bare rule; only a header block below makes it a mark.
    Rule,
}

pub(in crate::intake) fn starts_with(text: &str, lower: &str) -> bool {
    text.as_bytes().get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower.as_bytes()))
}

fn ends_with(text: &str, lower: &str) -> bool {
    let from = text.len().checked_sub(lower.len());
    from.and_then(|from| text.as_bytes().get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str, &str, bool)>) {
        let got = read_attribution(text.lines(), None).map(|found| {
            let author = found.author.unwrap_or_default();
            let at = found.at.map(|at| at.to_string()).unwrap_or_default();
            (author.name.unwrap_or_default(), author.address.unwrap_or_default(), at, found.weak)
        });
        let expected = expected.map(|(name, address, at, weak)| (name.into(), address.into(), at.into(), weak));
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn reads_attribution_lines() {
        let dana = ("Dana Whitfield", "dana@northwind.example", "2026-03-02T09:14:00Z", false);
        check("On Mon, 2 Mar 2026 at 09:14, Dana Whitfield <dana@northwind.example> wrote:", Some(dana));
        check("On Mon, 2 Mar 2026 at 09:14, Dana Whitfield\n<dana@northwind.example> wrote:", Some(dana));
        check("On Mar 2, 2026, at 9:14 AM, Dana Whitfield wrote:", Some((dana.0, "", dana.2, false)));
        check(
            "On Monday, March 2, 2026 at 09:14:00 AM UTC, dana@n.example wrote:",
            Some(("", "dana@n.example", dana.2, false)),
        );
        check("2026-03-02 9:14 GMT Dana Whitfield <d@n.example>:", Some((dana.0, "d@n.example", dana.2, true)));
        check("Dana Whitfield wrote:", Some((dana.0, "", "", true)));
        check("On the other hand, we wrote:", Some(("", "", "", true)));
        check("On Monday we start", None);
        check("as I wrote:", None);
    }

    #[test]
    fn reads_header_blocks() {
        let read = |text: &'static str, place| read_header_block(text.lines(), None, place);
        let outlook = "From: Dana Whitfield <d@n.example>\nSent: Monday, March 2, 2026 9:14 AM\nTo: Marcus Lee;\n Ana\nSubject: Dates\n\nHello";
        let found = read(outlook, Place::Open).unwrap();
        assert_eq!(found.author.unwrap().name.as_deref(), Some("Dana Whitfield"));
        assert_eq!(found.at.unwrap().to_string(), "2026-03-02T09:14:00Z");
        assert_eq!(found.lines, 5);
        assert!(read("From: the start\nwe said so", Place::Open).is_none());
        assert!(read("From: Dana\nSubject: x\n\nHi", Place::Open).is_none());
        assert_eq!(read("From: Dana\nSubject: x\n\nHi", Place::BehindMark).unwrap().lines, 2);
        assert_eq!(read("*From:* Dana\n\n*Sent:* 2 March 2026\n\n*To:* Al\n\nHi", Place::Open).unwrap().lines, 5);
    }

    #[test]
    fn reads_marks() {
        assert_eq!(read_mark("---------- Forwarded message ---------"), Some(Mark::Forward));
        assert_eq!(read_mark("Begin forwarded message:"), Some(Mark::Forward));
        assert_eq!(read_mark("-----Original Message-----"), Some(Mark::Original));
        assert_eq!(read_mark("________________________________"), Some(Mark::Rule));
        assert_eq!(read_mark("the original message was lost"), None);
    }
}
