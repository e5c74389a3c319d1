//! Which words of a reply stand under which number: its own lines, by the
//! number before them or by the quoted question they stand under. Lines that
//! only repeat our message are nobody's answer.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::Timestamp;

use super::marks::mark;
use crate::conversation::{Segment, SegmentKind};
use crate::value::{self, Context, Kind, Precision};

/// A line that can be a day by itself is at most this long.
const MOST_DAY_BYTES: usize = 60;
/// So many numbered lines for each question are looked at: more of them are a list of something else, and whoever
/// writes them shall not keep everybody waiting.
const MOST_MARKS: usize = 4;

/// A message of ours as its receiver had it.
#[derive(Debug, Default)]
pub struct Sent {
    /// Each numbered question with its lines, from the first.
    items: Vec<Item>,
    /// Every line.
    lines: HashSet<String>,
    /// A question without its number, as pages show it; none where two begin alike.
    heads: HashMap<String, Option<usize>>,
}

#[derive(Debug)]
struct Item {
    head: String,
    block: String,
}

/// The answer to one question, as far as it can be told where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The question's place, from 0.
    pub item: usize,
    /// Where it stands in the reply.
    pub place: Range<usize>,
    pub doubt: Option<Doubt>,
    /// Something else follows it in the same breath.
    pub goes_on: bool,
}

/// Why it cannot be told what is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Two different answers have the same number.
    Twice,
    /// The numbers do not count up: they may belong to a list inside an answer.
    Order,
    /// The number may be the day of a date.
    Day,
}

/// A reply taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub parts: Vec<Part>,
    /// Own words under no number.
    pub loose: Vec<Range<usize>>,
}

impl Sent {
    /// Reads the plain text of a message as it was written.
    pub fn read(text: &str) -> Sent {
        let mut sent = Sent::default();
        let mut is_inside = false;
        for line in text.lines() {
            let own = squeezed(line);
            let number = format!("{}. ", sent.items.len() + 1);
            if let Some(head) = line.strip_prefix(&number) {
                let head = squeezed(head.strip_suffix(" (not required)").unwrap_or(head));
                sent.items.push(Item { block: head.clone(), head });
                is_inside = true;
            } else if let Some(item) = sent.items.last_mut().filter(|_| is_inside && line.starts_with("   ")) {
                item.block.push(' ');
                item.block.push_str(&own);
            } else {
                is_inside = false;
            }
            if !own.is_empty() {
                sent.lines.insert(own);
            }
        }
        for (place, item) in sent.items.iter().enumerate() {
            let parts = item.head.match_indices(": ").flat_map(|(at, sign)| {
                let (label, question) = (item.head.get(..at), item.head.get(at + sign.len()..));
                label.into_iter().chain(question)
            });
            for part in parts.chain([item.head.as_str()]) {
                let entry = sent.heads.entry(part.to_owned()).or_insert(Some(place));
                if *entry != Some(place) {
                    *entry = None;
                }
            }
        }
        sent
    }

    /// How many questions it has.
    pub fn count(&self) -> usize {
        self.items.len()
    }

    /// The line of a question, by its place from 0.
    pub fn head(&self, place: usize) -> Option<&str> {
        self.items.get(place).map(|item| item.head.as_str())
    }

    /// The heads in their order; messages with the same ones number alike.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.head.as_str())
    }

    /// Which question begins with this line.
    fn begins(&self, line: &str) -> Option<usize> {
        if let Some((number, before)) = mark(line) {
            let place = number.checked_sub(1)?;
            let head = self.head(place)?;
            let words = squeezed(line.get(before..)?);
            return (!words.is_empty() && (head.starts_with(&words) || words.starts_with(head))).then_some(place);
        }
        self.heads.get(&squeezed(line)).copied().flatten()
    }

    fn holds(&self, place: usize, line: &str) -> bool {
        self.items.get(place).is_some_and(|item| item.block.contains(&squeezed(line)))
    }
}

/// A line's words with single spaces, without marks of bold type around them.
pub(super) fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(['*', '_']).to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Quoted, or a copy of our message.
    Ours,
    Theirs,
    /// A signature, or what somebody else wrote.
    Aside,
}

struct Line<'a> {
    start: usize,
    end: usize,
    words: &'a str,
    whose: Whose,
    /// The question that begins here.
    begins: Option<usize>,
}

/// Takes a reply apart. `segments` are those of its text, in order.
pub fn cut(sent: &Sent, text: &str, segments: &[Segment]) -> Cut {
    let lines = lines_of(sent, text, segments);
    let last = lines.iter().rposition(|line| line.begins.is_some());
    let mut cut = Cut::default();
    let mut budget = MOST_MARKS * sent.count().max(MOST_MARKS);
    let (mut asked, mut heads, mut at) = (None, 0, 0);
    let mut is_answered = false;
    while let Some(line) = lines.get(at) {
        at += 1;
        match line.whose {
            Whose::Ours => {
                if let Some(place) = line.begins {
                    let before = if is_answered { 0 } else { heads };
                    heads = before + usize::from(is_answered || asked != Some(place));
                    (asked, is_answered) = (Some(place), false);
                } else if !asked.is_some_and(|place| sent.holds(place, line.words)) {
                    asked = None;
                }
            }
            Whose::Aside => (asked, heads, is_answered) = (None, 0, false),
            Whose::Theirs => {
                let rest = lines.get(at..).unwrap_or_default();
                let until = at + rest.iter().take_while(|line| line.whose == Whose::Theirs).count();
                let own = lines.get(at - 1..until).unwrap_or_default();
                // Under several questions in a row and with none below, it may be about all of them.
                let under = asked.filter(|_| heads == 1 || last.is_some_and(|last| last >= until));
                cut.take((sent.count(), &mut budget), own, under);
                // What stands further down in the same question answers it a second time.
                (asked, is_answered, at) = (under, under.is_some(), until);
                heads = usize::from(is_answered);
            }
        }
    }
    cut
}

fn lines_of<'a>(sent: &Sent, text: &'a str, segments: &[Segment]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for segment in segments {
        let mut start = segment.start;
        for raw in text.get(segment.start..segment.end).unwrap_or_default().split_inclusive('\n') {
            let from = start + raw.len() - raw.trim_start().len();
            let end = start + raw.trim_end().len();
            start += raw.len();
            let Some(own) = text.get(from..end).filter(|words| !words.is_empty()) else { continue };
            let (whose, words) = match segment.kind {
                SegmentKind::Quote => (Whose::Ours, own.trim_start_matches(['>', '|', ' ', '\t'])),
                SegmentKind::Body if sent.lines.contains(&squeezed(own)) => (Whose::Ours, own),
                SegmentKind::Body => (Whose::Theirs, own),
                SegmentKind::Forward | SegmentKind::Signature => (Whose::Aside, own),
            };
            let begins = if whose == Whose::Ours { sent.begins(words) } else { None };
            if !words.is_empty() {
                lines.push(Line { start: from, end, words, whose, begins });
            }
        }
    }
    lines
}

impl Cut {
    /// Takes lines of somebody's own, `under` a quoted question if that is certain. `budget` is how many numbered lines
    /// may still be looked at.
    fn take(&mut self, (count, budget): (usize, &mut usize), own: &[Line], under: Option<usize>) {
        let (Some(first), Some(last)) = (own.first(), own.last()) else { return };
        if let Some(item) = under {
            if let Some(other) = self.find(item) {
                other.doubt = other.doubt.or(Some(Doubt::Twice));
                return;
            }
            let number = mark(first.words)
                .filter(|(number, before)| *number == item + 1 && doubt_of(first.words, *before).is_none());
            let start = first.start + number.map_or(0, |(_, before)| before);
            return self.parts.push(Part { item, place: start..last.end, doubt: None, goes_on: false });
        }
        let seen: Vec<(usize, usize, usize)> = own
            .iter()
            .enumerate()
            .filter_map(|(at, line)| mark(line.words).map(|(number, before)| (at, number, before)))
            .filter(|(_, number, _)| (1..=count).contains(number))
            .take(*budget + 1)
            .collect();
        let is_too_much = seen.len() > *budget;
        *budget = budget.saturating_sub(seen.len());
        let words = |at: usize| own.get(at).map_or("", |line| line.words);
        let is_mark = |(at, _, before): &(usize, usize, usize)| {
            !is_day(words(*at), words(*at).get(*before..).unwrap_or_default())
        };
        // Beyond the budget nothing is read: what was numbered before has more behind it than can be told apart.
        let marks: Vec<_> = if is_too_much { seen } else { seen.into_iter().filter(is_mark).collect() };
        let Some((begin, ..)) = marks.first() else { return self.loose.push(first.start..last.end) };
        let before = begin.checked_sub(1).and_then(|before| own.get(before));
        self.loose.extend(before.map(|before| first.start..before.end));
        let counts_up =
            !is_too_much && marks.windows(2).all(|pair| matches!(pair, [(_, one, _), (_, two, _)] if one < two));
        for (place, (at, number, before)) in marks.iter().enumerate() {
            let next = marks.get(place + 1).map(|(next, ..)| *next);
            let own_last = next.unwrap_or(own.len()).checked_sub(1).and_then(|last| own.get(last));
            let (Some(line), Some(last)) = (own.get(*at), own_last) else { continue };
            let doubt = if counts_up { doubt_of(line.words, *before) } else { Some(Doubt::Order) };
            let place = (line.start + before).min(last.end)..last.end;
            self.add(Part { item: number - 1, place, doubt, goes_on: next.is_some() });
        }
        if is_too_much {
            self.parts.iter_mut().for_each(|part| part.doubt = part.doubt.or(Some(Doubt::Order)));
        }
    }

    fn find(&mut self, item: usize) -> Option<&mut Part> {
        self.parts.iter_mut().find(|part| part.item == item)
    }

    fn add(&mut self, part: Part) {
        match self.find(part.item) {
            Some(other) => other.doubt = other.doubt.or(Some(Doubt::Twice)),
            None => self.parts.push(part),
        }
    }
}

/// `1. July 2026`: the number is the day.
fn is_day(line: &str, rest: &str) -> bool {
    reads_as_day(line) && !reads_as_day(rest)
}

fn doubt_of(line: &str, before: usize) -> Option<Doubt> {
    let rest = line.get(before..).unwrap_or_default();
    (reads_as_day(line) && reads_as_day(rest)).then_some(Doubt::Day)
}

fn reads_as_day(text: &str) -> bool {
    let context = Context { said_at: Some(Timestamp::UNIX_EPOCH), zone: None, around: None, participants: &[] };
    text.len() <= MOST_DAY_BYTES
        && value::read(&Kind::Date, text, &context).is_ok_and(|reading| reading.precision == Precision::Exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "3 questions about Northwind\n\nThe onboarding team needs this.\n\n\
        1. Go-live date: By which day must the customer be live?\n   The team needs it.\n   > \"as soon as possible\" (Dana)\n\n\
        2. Data region: Where must the data be stored?\n\n3. Users: How many users are there? (not required)\n\n\
        Answer: https://baton.example/l/lnk_1\n\n-- \nSent by Baton.\nReference: ltr_0\n";

    /// Lines with `>` are quoted, all others are the author's own.
    fn segments(text: &str) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let kind = if line.starts_with('>') { SegmentKind::Quote } else { SegmentKind::Body };
            let end = start + line.len();
            match segments.last_mut().filter(|last| last.kind == kind) {
                Some(last) => last.end = end,
                None => segments.push(Segment { kind, start, end, author: None, at: None, same_as: None }),
            }
            start = end;
        }
        segments
    }

    fn check(reply: &str, expected: &str) {
        let found = cut(&Sent::read(LETTER), reply, &segments(reply));
        let part = |part: &Part| {
            let doubt = part.doubt.map_or_else(String::new, |doubt| format!("({doubt:?})"));
            format!("{}{doubt}={}", part.item + 1, reply[part.place.clone()].replace('\n', "|"))
        };
        let loose = found.loose.iter().map(|place| format!("~{}", reply[place.clone()].replace('\n', "|")));
        let all: Vec<String> = found.parts.iter().map(part).chain(loose).collect();
        assert_eq!(all.join("; "), expected, "{reply}");
    }

    fn quoted(text: &str) -> String {
        text.lines().map(|line| format!("> {line}\n")).collect()
    }

    #[test]
    fn numbers_before_answers_tell_them_apart() {
        check("1. 1 July 2026\n2. Frankfurt\n3. 40", "1=1 July 2026; 2=Frankfurt; 3=40");
        check("Hi,\n\n1) July 1\n\n3) 40\nusers", "1=July 1; 3=40|users; ~Hi,");
        check("2: Frankfurt\n   Main", "2=Frankfurt|   Main");
        check("All done on the page", "~All done on the page");
        check("4. x\n100. y", "~4. x|100. y");
        check("", "");
        // The number may be a day, or the numbers a list inside an answer.
        check("1. July 2026", "~1. July 2026");
        check("3. Systems:\n1. SAP\n2. HubSpot", "3(Order)=Systems:; 1(Order)=SAP; 2(Order)=HubSpot");
        check("1. a\n1. b", "1(Order)=a");
    }

    #[test]
    fn answers_under_quoted_questions_are_theirs() {
        check(
            "> 1. Go-live date: By which day must\n> the customer be live?\n1 July\n> 2. Data region: Where\nOslo",
            "1=1 July; 2=Oslo",
        );
        check("> By which day must the customer be live?\n>\n1 July\n> Data region\nOslo", "1=1 July; 2=Oslo");
        // A list inside an answer to one question stays inside it.
        check("> 2. Data region: Where\n1. Oslo\n2. Bergen\n> 3. Users: How\n40", "2=1. Oslo|2. Bergen; 3=40");
        check("> 2. Data region: Where\n2. Oslo\n> 3. Users: How\n40", "2=Oslo; 3=40");
        check(
            "> 1. Go-live date: By which\n1 July\n> The team needs it.\n2 July\n> 2. Data region: Where",
            "1(Twice)=1 July",
        );
        // Below everything that was quoted it is not the last question's.
        check(&format!("{}1. 1 July\n2. Oslo", quoted(LETTER)), "1=1 July; 2=Oslo");
        check(&format!("{}See the page", quoted(LETTER)), "~See the page");
        let trimmed: String = quoted(LETTER).lines().take(10).map(|line| format!("{line}\n")).collect();
        check(&format!("{trimmed}1. 1 July\n2. Oslo"), "1=1 July; 2=Oslo");
        // Somebody else's words under the same number are no question of ours.
        check("> 1. Something else entirely\nyes\n> 2. More\nno", "~yes; ~no");
        // A copy of our message without marks is nobody's answer.
        check(&format!("1 July\n\n{LETTER}"), "~1 July");
        check(&LETTER.replace("stored?\n", "stored?\nOslo\n"), "2=Oslo");
    }

    #[test]
    fn whatever_comes_is_cut_without_failing() {
        let sent = Sent::read(LETTER);
        let odd =
            ["\u{0}", ">", "> ", ">>>|> 1. Go", "1.", "1.)", "(1", "99.", "é.", "\u{202e}1. x", "1. \u{a0}", "\r\n"];
        for one in odd {
            for other in odd {
                let text = format!("{one}\n{other}\n{one}");
                let found = cut(&sent, &text, &segments(&text));
                for part in &found.parts {
                    assert!(text.get(part.place.clone()).is_some(), "{text:?}");
                }
            }
        }
        let long = "> 1. Go-live date\n1. x\n2. y\n".repeat(20_000);
        assert_eq!(cut(&sent, &long, &segments(&long)).parts.len(), 1);
        // As many lines as a letter can hold take no longer than reading them.
        for line in ["1. x\n", "1. July 2026\n", "1. 1 July 2026\n", "1.\n", "3. 4\n4. 5\n"] {
            let long = line.repeat(200_000);
            let found = cut(&sent, &long, &segments(&long));
            assert!(found.parts.iter().all(|part| part.doubt == Some(Doubt::Order)), "{line}");
            assert_eq!(found.parts.len(), 1, "{line}");
        }
        let long = format!("2. Oslo\n{}", "> Somebody wrote\n1. July 2026\n".repeat(100_000));
        assert_eq!(cut(&sent, &long, &segments(&long)).parts[0].doubt, Some(Doubt::Order));
        let wrong = [Segment { kind: SegmentKind::Body, start: 1, end: 900, author: None, at: None, same_as: None }];
        assert_eq!(cut(&sent, "é", &wrong), Cut::default());
        assert_eq!(cut(&Sent::read(""), "1. x", &segments("1. x")).parts.len(), 0);
    }
}
