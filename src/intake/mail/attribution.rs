//! The lines above a quote that say whose words follow: `On …, Dana wrote:` in
//! ten languages, and the header blocks that mail programs repeat.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::first_bytes::FirstBytes;
use super::phrases::{self, Header};
use crate::conversation::Author;
use crate::intake::dates::{self, Manner};
use crate::intake::names;

/// An attribution is wrapped over this many lines at most.
const MAX_LINES: usize = 4;

/// Longer lines are prose.
const MAX_BYTES: usize = 400;

/// Shorter lines name nobody who wrote something.
const MIN_BYTES: usize = 8;

/// A header block is at most this long, wrapped recipient lines included.
const MAX_HEADER_LINES: usize = 40;

/// The longest label of a header line, in bytes.
const MAX_LABEL_BYTES: usize = 24;

/// A date with its year holds so many digits.
const MIN_DATE_DIGITS: usize = 5;

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
    let mut ended = ends_open(first);
    if !(MIN_BYTES..=MAX_BYTES).contains(&first.len()) || !ended && !may_go_on(first) {
        return None;
    }
    let mut joined = first.to_owned();
    let mut count = 1;
    while !ended {
        let next = lines.next().map(str::trim).filter(|line| count < MAX_LINES && !line.is_empty())?;
        if joined.len() + next.len() > MAX_BYTES {
            return None;
        }
        joined.push(' ');
        joined.push_str(next);
        count += 1;
        ended = ends_open(next);
    }
    let inner = joined.trim_end_matches([':', '：', '\u{a0}', ' ', '*']);
    // A line broken inside an address, and the brackets that Spanish puts around one.
    let inner = inner
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace("(<", "<")
        .replace(">)", ">");
    read_verb(&inner, zone, count)
        .or_else(|| read_written_by(&inner, zone, count))
        .or_else(|| read_bare(&inner, zone, count))
}

/// `Wiadomość napisana przez Dana w dniu …`: who before when, the verb before both.
fn read_written_by(inner: &str, zone: Option<Offset>, lines: usize) -> Option<Attribution> {
    let (opening, joint) = phrases::WRITTEN_BY.iter().find(|(opening, _)| starts_with(inner, opening))?;
    let (name, date) = inner.get(opening.len()..)?.rsplit_once(joint)?;
    settle(&Around { name, date, opened: true, manner: Manner { zone, abroad: true, day_first: true } }, lines)
}

/// Whether a line ends as attributions do.
fn ends_open(line: &str) -> bool {
    line.ends_with([':', '：']) || line.ends_with(":*")
}

/// Whether an attribution that is broken over several lines may begin here: with a word that opens one and a number,
/// or with a date and an address.
fn may_go_on(line: &str) -> bool {
    static FIRST: FirstBytes = FirstBytes::of(phrases::ATTRIBUTION_OPENINGS);
    let numbered = line.bytes().any(|byte| byte.is_ascii_digit());
    let opened = || FIRST.may_open(line) && phrases::ATTRIBUTION_OPENINGS.iter().any(|word| starts_with(line, word));
    let dated = || (line.contains('@') || line.contains('年')) && leads_with_date(line);
    numbered && (opened() || dated())
}

fn leads_with_date(line: &str) -> bool {
    let (moment, _) = dates::read_leading_in(line, Manner { abroad: true, day_first: true, zone: None });
    moment.is_some()
}

/// What the words around a verb are: who, and when.
struct Around<'t> {
    name: &'t str,
    date: &'t str,
    opened: bool,
    manner: Manner,
}

/// `On …, Dana wrote`, `Am … schrieb Dana`, `Dana wrote on …`.
fn read_verb(inner: &str, zone: Option<Offset>, lines: usize) -> Option<Attribution> {
    let (number, at, verb) = phrases::WROTE.iter().enumerate().find_map(|(number, verb)| {
        let at = inner.rfind(verb)?;
        let free = at > 0 && (inner[..at].ends_with([' ', '\u{a0}', '>']) || !verb.is_ascii());
        let behind = inner.get(at + verb.len()..)?;
        (free && (behind.is_empty() || behind.starts_with([' ', '\u{a0}']))).then_some((number, at, verb))
    })?;
    let abroad = number >= phrases::ENGLISH_VERBS;
    let manner = Manner { zone, abroad, day_first: abroad };
    let before = inner[..at].trim();
    let mut after = inner[at + verb.len()..].trim();
    for filler in phrases::BEHIND_VERB {
        after = after.strip_suffix(filler).unwrap_or(after).trim();
    }
    let opening = phrases::ATTRIBUTION_OPENINGS.iter().find(|word| starts_with(before, word));
    let opened = opening.is_some();
    let rest = before.get(opening.map_or(0, |word| word.len())..).unwrap_or_default();
    let (_, date_end) = dates::read_leading_in(rest, manner);
    let around = if after.is_empty() {
        Around { date: &rest[..date_end], name: &rest[date_end..], opened, manner }
    } else if is_dated(rest) && date_end == rest.len() {
        Around { date: rest, name: after, opened, manner }
    } else {
        let start = phrases::BEFORE_DATE.iter().find(|word| starts_with(after, word)).map_or(0, |word| word.len());
        let date = after.get(start..).unwrap_or_default();
        let (_, end) = dates::read_leading_in(date, manner);
        if end < date.len() || !is_dated(date) {
            return None;
        }
        Around { date, name: before, opened: true, manner }
    };
    settle(&around, lines)
}

/// What verb and order made of an attribution, if it holds.
fn settle(around: &Around<'_>, lines: usize) -> Option<Attribution> {
    let author = read_author(around.name);
    let moment = dates::read_moment_in(around.date, around.manner);
    let dated = is_dated(around.date);
    let shaped = author.address.is_some() || author.name.as_deref().is_some_and(names::is_name);
    if around.opened && !dated && author.address.is_none() {
        // "On the other hand, Dana wrote:" is prose unless a quote follows.
        return Some(Attribution { author: None, at: None, zone: None, lines, weak: true });
    }
    if !around.opened && !shaped {
        return None;
    }
    let known = author.name.as_deref().is_some_and(|name| name.len() <= 80) || author.address.is_some();
    let strong = around.opened || dated && author.address.is_some();
    Some(Attribution {
        author: known.then_some(author),
        at: moment.map(|moment| moment.at),
        zone: moment.and_then(|moment| moment.zone),
        lines,
        weak: !strong,
    })
}

/// `2026-03-02 9:14 Dana Whitfield <dana@northwind.example>`, in whatever language it is; `* Dana [2026-03-02]`.
fn read_bare(inner: &str, zone: Option<Offset>, lines: usize) -> Option<Attribution> {
    let manner = Manner { zone, abroad: true, day_first: true };
    let (date, name) = match inner.strip_prefix("* ").and_then(|rest| rest.strip_suffix(']')?.rsplit_once(" [")) {
        Some((name, date)) => (date, name),
        None => {
            let starred = inner.trim_matches('*');
            let addressed = starred.ends_with('>') && starred.contains('@');
            let end = Some(dates::read_leading_in(starred, manner).1).filter(|_| addressed)?;
            starred.split_at_checked(end)?
        }
    };
    // English slashes stand here too, so that only dates that can be one day count.
    let slashed = date.contains('/') && date.split('/').next().is_some_and(|first| first.trim().len() <= 2);
    let manner = Manner { day_first: !slashed, ..manner };
    let found = settle(&Around { name, date, opened: false, manner }, lines)?;
    Some(Attribution { weak: true, ..found })
}

/// Digits enough for a day with its year.
fn is_dated(words: &str) -> bool {
    words.bytes().filter(u8::is_ascii_digit).count() >= MIN_DATE_DIGITS || words.contains('年')
}

/// An author without what surrounds a name in some programs: quotation marks, `/Org` of Notes, `via` a list.
fn read_author(words: &str) -> Author {
    let words = words.trim_matches([',', ' ', '-', ':', '、', '\u{a0}']);
    let mut author = names::read_author(words);
    if let Some(name) = &author.name {
        let plain = name.split('/').next().unwrap_or_default();
        let plain = plain.split(" via ").next().unwrap_or_default();
        let plain = plain.trim_matches(['«', '»', '„', '“', '”', '"', '\'', '*', '(', ' ', '\u{a0}']);
        author.name = (!plain.is_empty()).then(|| plain.to_owned());
    }
    author
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
        let header = read_header(line);
        match &header {
            Some(found) if found.header == Header::From && block.from.is_some() => break,
            Some(found) => block.take(found),
            None if block.seen > 0 && index == block.last_line + 1 && block.wraps => {
                block.last_line = index;
                continue;
            }
            None => break,
        }
        block.wraps = header.is_some_and(|found| found.header == Header::Other);
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
    let manner = Manner { zone, abroad: true, day_first: block.abroad };
    let moment = block.sent.and_then(|sent| dates::read_moment_in(&sent, manner));
    let author = read_author(&from);
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
    /// A label is in a language that writes the day first.
    abroad: bool,
}

impl Block {
    fn take(&mut self, found: &HeaderLine<'_>) {
        match found.header {
            Header::From => self.from = Some(found.value.to_owned()),
            Header::Sent => self.sent = self.sent.take().or(Some(found.value.to_owned())),
            Header::Other => self.others += 1,
        }
        self.abroad |= found.abroad;
    }

    fn blank_before(&self, index: usize) -> bool {
        // Two blank lines, or one after the words a full block has, end it.
        index > self.last_line + 1 || self.from.is_some() && self.sent.is_some() && self.others >= 2
    }
}

/// A line of a header block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::intake) struct HeaderLine<'t> {
    pub header: Header,
    pub value: &'t str,
    /// Its label is in another language than English.
    pub abroad: bool,
}

/// `*From:* Dana`, `Sent: Monday`, `件名：…` as header and value.
pub(in crate::intake) fn read_header(line: &str) -> Option<HeaderLine<'_>> {
    let line = line.trim_start_matches('*');
    let narrow = line.bytes().take(MAX_LABEL_BYTES).position(|byte| byte == b':');
    let (name, value) = match narrow {
        Some(colon) => (line.get(..colon)?, line.get(colon + 1..)?),
        None if line.is_ascii() => return None,
        None => line.split_once('：').filter(|(name, _)| name.len() <= MAX_LABEL_BYTES)?,
    };
    let name = name.trim_end_matches(['*', ' ', '\u{a0}']);
    let find = |table: &[(&str, Header)]| {
        table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, header)| *header)
    };
    let (header, abroad) = match find(phrases::HEADERS) {
        Some(header) => (header, false),
        None => (find(phrases::HEADERS_ABROAD)?, true),
    };
    Some(HeaderLine { header, value: value.trim_start_matches('*').trim(), abroad })
}

/// What a line announces, if it is a mark above an original or forwarded message.
pub(in crate::intake) fn read_mark(line: &str) -> Option<Mark> {
    let line = line.trim();
    // Few lines get further: most begin with a letter and end with none of these.
    let dashed = line.starts_with("--") || line.starts_with("__");
    let open = ends_open(line);
    if line.len() > 120 || !dashed && !open && !line.starts_with("##") {
        return None;
    }
    let inner = line.trim_matches(['-', '_', '*', ' ', '#', '\u{a0}']);
    let begins = |marks: &[&str]| dashed && marks.iter().any(|mark| starts_with(inner, mark));
    let alone = inner.trim_end_matches([':', '：', ' ', '\u{a0}']);
    if begins(phrases::FORWARD_MARKS)
        || open && phrases::FORWARD_LINES.iter().any(|mark| alone.eq_ignore_ascii_case(mark) || alone == *mark)
    {
        Some(Mark::Forward)
    } else if begins(phrases::ORIGINAL_MARKS)
        || line.starts_with("##") && phrases::REPLY_ABOVE.iter().any(|words| inner.contains(words))
    {
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
