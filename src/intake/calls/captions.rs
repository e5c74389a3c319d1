//! Caption files line by line, WebVTT and SubRip alike: cues with their times,
//! names and words, joined into the turns of a call, and the few other blocks
//! WebVTT knows. Zoom writes `Name: words`, Teams voice tags, Webex the speaker
//! in the cue's name. Lines that belong to no cue are the heading.

use std::borrow::Cow;

use super::call::{self, Call};
use super::cues::{self, Cue};
use crate::conversation::DocumentKind;
use crate::intake::dates;
use crate::intake::draft::{Collected, Origin};
use crate::intake::text;

/// More damaged lines than these are only counted.
const MAX_TOLD_LINES: usize = 5;

/// A caption file taken apart.
#[derive(Debug, Default)]
struct Captions<'t> {
    heading: Vec<String>,
    cues: Vec<Cue<'t>>,
    /// Numbers of lines, from one, whose time cannot be read.
    broken: Vec<usize>,
    /// Numbers of lines that hold the number of a cue that is gone.
    lone: Vec<usize>,
    out_of_order: Option<&'static str>,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Block {
    /// Behind a blank line: a cue's name or a keyword may stand here.
    #[default]
    Fresh,
    /// Under a timing.
    Cue,
    /// Other words.
    Words,
    /// `WEBVTT` and the lines under it.
    Header,
    Note,
    Style,
}

/// Reads a caption file as a call of that format.
pub(in crate::intake) fn read(origin: &Origin, text: &str, format: &'static str, collected: &mut Collected) {
    let text = tidied(origin, text, collected);
    let found = take_apart(&text);
    found.warn(origin, collected);
    let turns = cues::turns(&found.cues);
    // They are many, and what they showed now stands in the turns.
    drop(found.cues);
    let call = Call { turns, heading: found.heading, ..Call::default() };
    if call.turns.is_empty() && call.heading.is_empty() {
        collected.leave_unread(origin, "no words stand in it");
        return;
    }
    call.add(origin, format, DocumentKind::Transcript, collected);
}

/// The text with line ends that every reader here takes; copied only where something has to change.
fn tidied<'t>(origin: &Origin, text: &'t str, collected: &mut Collected) -> Cow<'t, str> {
    let text = text.trim_start_matches('\u{feff}');
    let bytes = text.as_bytes();
    let lone_return = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    let mut line_start = 0;
    let long_line = memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())).any(|end| {
        let length = end - line_start;
        line_start = end + 1;
        length >= collected.limits.unbroken_bytes
    });
    let clean = !long_line && memchr::memchr(0, bytes).is_none() && !memchr::memchr_iter(b'\r', bytes).any(lone_return);
    if clean {
        return Cow::Borrowed(text);
    }
    let tidied = text::tidy(text, &collected.limits);
    collected.warn_of_cuts(&origin.source, "", &tidied);
    Cow::Owned(tidied.text)
}

/// Takes a whole caption file apart.
fn take_apart(text: &str) -> Captions<'_> {
    let mut reader = Reader { text, block: Block::Fresh, ..Reader::default() };
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())) {
        reader.number += 1;
        reader.line(start, text.get(start..end).unwrap_or_default());
        start = end + 1;
    }
    reader.settle(false);
    reader.close();
    reader.found.out_of_order = cues::put_in_order(&mut reader.found.cues);
    reader.found
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    found: Captions<'t>,
    block: Block,
    /// A line not yet known to be words or the name of a cue: its number, and the line.
    pending: Option<(usize, &'t str)>,
    /// Whether the pending line stood in a cue.
    pending_in_cue: bool,
    number: usize,
    /// The last number that named a cue; `None` where cues have no numbers.
    last_number: Option<u64>,
    /// Where the words of the last cue begin and end in the text.
    words: Option<(usize, usize)>,
}

impl<'t> Reader<'t> {
    fn line(&mut self, start: usize, raw: &'t str) {
        let line = raw.trim_ascii();
        if line.is_empty() {
            self.settle(false);
            self.block = Block::Fresh;
            return;
        }
        if cues::may_be_timing(line) {
            if let Some((from, to)) = cues::read_timing(line) {
                return self.open_cue(from, to, start + raw.len());
            }
            if cues::is_broken_timing(line) {
                self.found.broken.push(self.number);
                let end = self.found.cues.last().map_or(0, |cue| cue.end_milliseconds);
                return self.open_cue(end, end, start + raw.len());
            }
        }
        match self.block {
            Block::Fresh => self.begin_block(line),
            Block::Header | Block::Note => self.note(line),
            Block::Style => {}
            Block::Cue | Block::Words => {
                self.settle(false);
                self.pending = Some((self.number, line));
                self.pending_in_cue = self.block == Block::Cue;
            }
        }
    }

    fn begin_block(&mut self, line: &'t str) {
        if let Some(rest) = line.strip_prefix("WEBVTT").filter(|_| self.found.cues.is_empty()) {
            self.block = Block::Header;
            self.note(rest.trim_start_matches([' ', '\t', '-']));
        } else if let Some(rest) = keyword(line, "NOTE") {
            self.block = Block::Note;
            self.note(rest);
        } else if keyword(line, "STYLE").is_some() || keyword(line, "REGION").is_some() {
            self.block = Block::Style;
        } else {
            self.block = Block::Words;
            self.pending = Some((self.number, line));
            self.pending_in_cue = false;
        }
    }

    /// Comments are for programs, except those that name the day, the title or the people.
    fn note(&mut self, line: &str) {
        // `NOTE Kick-off, 3 May 2026, 2 pm`
        let dated = line.len() < 120 && dates::read_moment(line, None).is_some() && self.found.heading.is_empty();
        if dated || call::read_heading(line).is_some() {
            self.found.heading.push(line.trim().to_owned());
        }
    }

    fn open_cue(&mut self, start_milliseconds: i64, end_milliseconds: i64, words_from: usize) {
        let voice = self.settle(true);
        self.close();
        self.words = Some((words_from, words_from));
        self.found.cues.push(Cue { start_milliseconds, end_milliseconds, voice, ..Cue::default() });
        self.block = Block::Cue;
    }

    /// Decides what the pending line was, now that it is known whether a timing follows it. Answers the speaker
    /// that a cue's name tells.
    fn settle(&mut self, timing: bool) -> Option<&'t str> {
        let (line_number, line) = self.pending.take()?;
        let number = if line.bytes().all(|byte| byte.is_ascii_digit()) { line.parse::<u64>().ok() } else { None };
        let is_next = number.is_some() && number == self.last_number.and_then(|last| last.checked_add(1));
        let is_name = match (timing, number) {
            (true, None) => !self.pending_in_cue,
            // Without a blank line before it, a number can also be the last word said.
            (true, Some(_)) => !self.pending_in_cue || is_next || self.last_number.is_some() && !self.bare(),
            (false, Some(_)) => !self.pending_in_cue && (is_next || self.found.cues.is_empty()),
            (false, None) => false,
        };
        if !is_name {
            self.take_words(line);
            return None;
        }
        if let Some(number) = number {
            self.last_number = Some(number);
            if !timing {
                self.found.lone.push(line_number);
            }
        }
        speaker_of(line)
    }

    /// Whether the cue that is open has no words yet.
    fn bare(&self) -> bool {
        self.words.is_some_and(|(from, to)| from == to)
    }

    fn take_words(&mut self, line: &'t str) {
        let offset = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let end = offset + line.len();
        match &mut self.words {
            // Nothing but white space lies between.
            Some((_, to)) if self.text.get(*to..offset).is_some_and(|gap| gap.trim_ascii().is_empty()) => *to = end,
            Some(_) => {
                self.close();
                self.words = Some((offset, end));
                if let Some(cue) = self.found.cues.last().copied() {
                    self.found.cues.push(Cue { words: "", goes_on: true, ..cue });
                }
            }
            None => self.found.heading.push(line.to_owned()),
        }
    }

    /// Gives the last cue its words.
    fn close(&mut self) {
        if let (Some((from, to)), Some(cue)) = (self.words, self.found.cues.last_mut()) {
            cue.words = self.text.get(from..to).unwrap_or_default();
        }
    }
}

impl Captions<'_> {
    /// Says what could not be read as it stood.
    fn warn(&self, origin: &Origin, collected: &mut Collected) {
        for number in self.broken.iter().take(MAX_TOLD_LINES) {
            let message = "a time that cannot be read: its words count from where the cue before ended";
            collected.warn(&origin.source, format!("line {number}"), message);
        }
        if self.broken.len() > MAX_TOLD_LINES {
            let message = format!("{} more times cannot be read", self.broken.len() - MAX_TOLD_LINES);
            collected.warn(&origin.source, "", message);
        }
        if let Some(number) = self.lone.first() {
            let more = self.lone.len() - 1;
            let message = format!("the number of a cue that is gone, here and in {more} more places");
            collected.warn(&origin.source, format!("line {number}"), message);
        }
        if let Some(message) = self.out_of_order {
            collected.warn(&origin.source, "", message);
        }
    }
}

/// What follows a block's keyword on its line.
fn keyword<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(word)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Webex names the speaker in the cue's name: `1 "Dana Whitfield" (3829)`.
fn speaker_of(name: &str) -> Option<&str> {
    let (number, rest) = name.split_once(" \"")?;
    let (speaker, rest) = rest.rsplit_once('"')?;
    let rest = rest.trim();
    let tail = rest.is_empty() || rest.starts_with('(') && rest.ends_with(')');
    let known = !speaker.trim().is_empty() && tail && number.bytes().all(|byte| byte.is_ascii_digit());
    known.then(|| speaker.trim())
}
