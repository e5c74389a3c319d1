//! Captions: timing lines, voice tags, speaker labels, and the joining of cues
//! into turns. WebVTT (W3C "WebVTT: The Web Video Text Tracks Format"), SubRip
//! and YouTube's SBV share all of this. Nothing is copied before a turn's words.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::call::Turn;
use super::voices::{self, Voice};
use crate::intake::names;

/// Cues without a speaker are one turn only while nobody pauses longer.
const PAUSE_MILLISECONDS: i64 = 2_000;

/// A turn of nobody known is no longer than this, so that its time means something.
const MAX_NAMELESS_BYTES: usize = 1_000;

/// Timings are looked for in this many lines at the start of a file.
const MAX_HEAD_LINES: usize = 12;

/// Labels before a colon stand within this many bytes of a line's start.
const MAX_LABEL_BYTES: usize = 64;

/// One cue: when it shows, and its lines as written.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::intake) struct Cue<'t> {
    pub start_milliseconds: i64,
    pub end_milliseconds: i64,
    /// The speaker that the cue's name tells (Webex: `1 "Dana Whitfield" (3829)`).
    pub voice: Option<&'t str>,
    pub words: &'t str,
    /// More words of the cue before, behind a blank line or a comment.
    pub goes_on: bool,
}

/// The first timing line near the start of a text.
pub(in crate::intake) fn first_timing(text: &str) -> Option<&str> {
    text.lines().take(MAX_HEAD_LINES).find(|line| read_timing(line).is_some())
}

/// `00:01:02.500 --> 00:01:04.000 align:start` or `0:01:02.500,0:01:04.000` as milliseconds.
pub(in crate::intake) fn read_timing(line: &str) -> Option<(i64, i64)> {
    let Some(arrow) = arrow_at(line) else {
        let (start, end) = line.split_once(',').filter(|(start, end)| start.contains('.') && end.contains('.'))?;
        return Some((read_clock(start.trim())?, read_clock(end.trim())?));
    };
    let end = line.get(arrow + 3..)?.split_ascii_whitespace().next()?;
    Some((read_clock(line.get(..arrow)?.trim())?, read_clock(end)?))
}

fn arrow_at(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'>', bytes).find(|at| *at >= 2 && bytes[at - 2..*at] == *b"--").map(|at| at - 2)
}

/// Whether a line could be a timing at all; most lines of words cannot.
pub(super) fn may_be_timing(line: &str) -> bool {
    line.bytes().find(|byte| *byte != b' ').is_some_and(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether a line was meant as a timing but cannot be read as one.
pub(super) fn is_broken_timing(line: &str) -> bool {
    arrow_at(line).is_some_and(|arrow| line.get(..arrow).is_some_and(|start| start.contains(':')))
}

/// `1:02:03`, `02:03`, `00:01:02.5`, `00:01:02,500` as milliseconds.
pub(in crate::intake) fn read_clock(text: &str) -> Option<i64> {
    let mut total = 0i64;
    let (mut parts, mut digits, mut value) = (0, 0, 0i64);
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(byte) if byte.is_ascii_digit() && digits < 3 => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
            }
            end => {
                if digits == 0 || parts > 0 && (digits != 2 || value > 59) {
                    return None;
                }
                (total, parts, digits, value) = (total * 60 + value, parts + 1, 0, 0);
                match end {
                    Some(b':') => {}
                    None => break,
                    Some(b'.' | b',') => break,
                    Some(_) => return None,
                }
            }
        }
        at += 1;
    }
    let fraction = bytes.get(at + 1..).unwrap_or_default();
    if !(2..=3).contains(&parts) || fraction.len() > 9 || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let place = |index: usize, weight| fraction.get(index).map_or(0, |digit| i64::from(digit - b'0') * weight);
    Some(total * 1000 + place(0, 100) + place(1, 10) + place(2, 1))
}

/// Puts cues that stand a little out of order (overlapping speech) by their start. Times that start over belong
/// to a second recording in the same file: they are counted on from the end of the first. Answers what to tell.
pub(in crate::intake) fn put_in_order(cues: &mut [Cue<'_>]) -> Option<&'static str> {
    const NEAR_START: i64 = 60_000;
    if cues.windows(2).all(|pair| pair[0].start_milliseconds <= pair[1].start_milliseconds) {
        return None;
    }
    let starts_over = |before: &Cue<'_>, cue: &Cue<'_>| {
        cue.start_milliseconds < NEAR_START && before.start_milliseconds >= cue.start_milliseconds + NEAR_START
    };
    if !cues.windows(2).any(|pair| starts_over(&pair[0], &pair[1])) {
        // Words behind a blank line stay with their cue: the sort is stable and they share its start.
        cues.sort_by_key(|cue| cue.start_milliseconds);
        return Some("its cues are out of order: read by their times");
    }
    let (mut shift, mut latest) = (0i64, 0i64);
    let mut before = cues.first().copied();
    for cue in cues {
        if before.is_some_and(|before| starts_over(&before, cue)) {
            shift = latest;
        }
        before = Some(*cue);
        cue.start_milliseconds = cue.start_milliseconds.saturating_add(shift);
        cue.end_milliseconds = cue.end_milliseconds.saturating_add(shift);
        latest = latest.max(cue.end_milliseconds).max(cue.start_milliseconds);
    }
    Some("its times start over: counted on from the end of the part before, so the later ones are estimates")
}

/// Joins cues to turns.
pub(in crate::intake) fn turns(cues: &[Cue<'_>]) -> Vec<Turn> {
    let mut joined = Joined::default();
    let mut labels = Labels::default();
    let mut scratch = String::new();
    let (mut voice, mut voiced): (Option<Cow<'_, str>>, bool) = (None, false);
    for cue in cues {
        if !cue.goes_on {
            (voice, voiced) = (cue.voice.map(Cow::Borrowed), cue.voice.is_some());
        }
        let dashed = is_dialogue(cue.words);
        for line in cue.words.split('\n') {
            let line = line.trim();
            let mut at_start = true;
            voices::read(line, &mut scratch, |change, words| {
                match change {
                    Voice::Same => {}
                    Voice::Named(name) => (voice, voiced) = (Some(name), true),
                    Voice::Ended => voice = None,
                }
                let words = words.trim();
                if words.is_empty() {
                    return;
                }
                let dash =
                    if dashed && at_start { words.strip_prefix(['-', '–']).map(str::trim_start) } else { None };
                at_start = false;
                joined.take(cue, voice.as_deref(), voiced, dash, words, &mut labels);
            });
        }
    }
    joined.turns
}

/// Several lines that begin with a dash are several people, one a line.
fn is_dialogue(words: &str) -> bool {
    let styled = |line: &str| line.starts_with("{\\").then(|| line.find('}')).flatten().map_or(0, |end| end + 1);
    let dashed = |line: &&str| {
        let line = line.trim_start();
        line.get(styled(line)..).unwrap_or_default().trim_start().starts_with(['-', '–'])
    };
    words.split('\n').filter(dashed).take(2).count() == 2
}

/// What stood before a colon, and whether it is somebody's name: each is judged once.
#[derive(Default)]
struct Labels {
    judged: FxHashMap<String, bool>,
}

impl Labels {
    /// As [`names::split_label`] does.
    fn split<'t>(&mut self, line: &'t str) -> Option<(&'t str, &'t str)> {
        let head = line.as_bytes().get(..MAX_LABEL_BYTES).unwrap_or(line.as_bytes());
        let colon = memchr::memchr(b':', head)?;
        let (label, rest) = (line.get(..colon)?, line.get(colon + 1..)?);
        if !rest.is_empty() && !rest.starts_with([' ', '\t', '\u{a0}']) {
            return None;
        }
        let is_name = match self.judged.get(label) {
            Some(known) => *known,
            None => {
                let is_name = names::is_name(label);
                self.judged.insert(label.to_owned(), is_name);
                is_name
            }
        };
        is_name.then(|| (label.trim(), rest.trim()))
    }
}

#[derive(Default)]
pub(super) struct Joined {
    pub turns: Vec<Turn>,
    end_milliseconds: i64,
    /// Whether speakers are named by `Name:` at the start of lines; a line without one then goes on.
    labelled: bool,
}

impl Joined {
    fn take(
        &mut self,
        cue: &Cue<'_>,
        voice: Option<&str>,
        voiced: bool,
        dash: Option<&str>,
        words: &str,
        labels: &mut Labels,
    ) {
        let line = dash.or_else(|| words.strip_prefix("- ")).unwrap_or(words);
        let label = if voiced { None } else { labels.split(line) };
        let said = |speaker, words| Said {
            speaker,
            start: Some(cue.start_milliseconds),
            end: Some(cue.end_milliseconds),
            words,
        };
        match (voice, label, dash) {
            (_, Some((name, rest)), _) => {
                self.labelled = true;
                self.push(&said(Some(name), rest));
            }
            // Somebody else than the line before, and nobody says who.
            (None, None, Some(rest)) => self.open(&said(None, rest)),
            (Some(name), None, _) => self.push(&said(Some(name), words)),
            (None, None, None) if self.labelled && !voiced => self.go_on(&said(None, words)),
            (None, None, None) => self.push(&said(None, words)),
        }
    }

    /// Words without a label belong to whoever spoke last.
    fn go_on(&mut self, said: &Said<'_>) {
        match self.turns.last_mut().filter(|turn| turn.speaker.is_some()) {
            Some(turn) => {
                self.end_milliseconds = said.end.unwrap_or(self.end_milliseconds);
                join(&mut turn.text, said.words);
            }
            None => self.push(said),
        }
    }

    /// Adds words to the turn they go on, or opens a new one. A time that is missing counts as where the words
    /// before ended.
    pub(super) fn push(&mut self, said: &Said<'_>) {
        let pause = said.start.map_or(0, |start| start.saturating_sub(self.end_milliseconds));
        let goes_on = |turn: &&mut Turn| {
            let short = pause < PAUSE_MILLISECONDS && turn.text.len() < MAX_NAMELESS_BYTES;
            turn.speaker.as_deref() == said.speaker && (said.speaker.is_some() || short)
        };
        match self.turns.last_mut().filter(goes_on) {
            Some(turn) => join(&mut turn.text, said.words),
            None => return self.open(said),
        }
        self.end_milliseconds = said.end.or(said.start).unwrap_or(self.end_milliseconds);
    }

    fn open(&mut self, said: &Said<'_>) {
        let start = said.start.or_else(|| self.turns.last().map(|_| self.end_milliseconds));
        self.end_milliseconds = said.end.or(start).unwrap_or(self.end_milliseconds);
        self.turns.push(Turn {
            speaker: said.speaker.map(str::to_owned),
            start_milliseconds: start,
            text: said.words.to_owned(),
            ..Turn::default()
        });
    }
}

/// Words of one speaker, with their times from the start of the call where the source tells them.
#[derive(Debug, Default)]
pub(super) struct Said<'s> {
    pub speaker: Option<&'s str>,
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub words: &'s str,
}

fn join(text: &mut String, words: &str) {
    if !text.is_empty() && !words.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_clocks() {
        let check = |text, expected| assert_eq!(read_clock(text), expected, "{text}");
        check("00:01:02.500", Some(62_500));
        check("01:02,5", Some(62_500));
        check("00:00:01.0459999", Some(1_045));
        check("1:00:00", Some(3_600_000));
        check("100:00:00", Some(360_000_000));
        check("1:60", None);
        check("1:2", None);
        check("62", None);
        check("1:00:00:00", None);
        check("-1:00", None);
        check("1000:00", None);
        check("1:00 ", None);
        check("", None);
    }

    #[test]
    fn reads_timings() {
        let check = |line, expected| assert_eq!(read_timing(line), expected, "{line}");
        check("00:01.000 --> 00:02.000 align:start position:0%", Some((1_000, 2_000)));
        check("00:00:01,000-->00:00:02,000", Some((1_000, 2_000)));
        check("0:00:01.000,0:00:02.000", Some((1_000, 2_000)));
        check("a --> b", None);
        check("10:30, 11:00", None);
        assert!(is_broken_timing("00:00:0x.000 --> 00:00:09.000") && !is_broken_timing("a --> b"));
    }

    #[test]
    fn parts_voices() {
        let check = |words: &str, expected: &[(Option<&str>, &str)]| {
            let cues = [Cue { words, ..Cue::default() }];
            let got = turns(&cues);
            let got: Vec<_> = got.iter().map(|turn| (turn.speaker.as_deref(), turn.text.as_str())).collect();
            assert_eq!(got, expected, "{words}");
        };
        check("<v Dana Whitfield>We start &amp; go</v>", &[(Some("Dana Whitfield"), "We start & go")]);
        check("<v.loud Dana>Hi <v Al>Yes", &[(Some("Dana"), "Hi"), (Some("Al"), "Yes")]);
        check("<i>Al Roe:</i> so", &[(Some("Al Roe"), "so")]);
        check("a < b <00:01.000>c", &[(None, "a < b c")]);
        check("{\\an8}Hi <unclosed", &[(None, "Hi <unclosed")]);
        check("{\\an8}- When?\n- In June.", &[(None, "When?"), (None, "In June.")]);
        check("- When?\n- In June.", &[(None, "When?"), (None, "In June.")]);
        check("- Al Roe: When?\n- Dana: June.", &[(Some("Al Roe"), "When?"), (Some("Dana"), "June.")]);
        check("<v Al>- one\n- two", &[(Some("Al"), "- one - two")]);
        check("mail <dana@northwind.example> <crosstalk>", &[(None, "mail <dana@northwind.example> <crosstalk>")]);
        check("<b></b><i>", &[]);
        check("", &[]);
    }

    #[test]
    fn orders_cues() {
        let check = |starts: &[i64], expected: &[i64]| {
            let cue = |start: &i64| Cue { start_milliseconds: *start, end_milliseconds: start + 500, ..Cue::default() };
            let mut cues: Vec<Cue> = starts.iter().map(cue).collect();
            let told = put_in_order(&mut cues).is_some();
            assert_eq!(cues.iter().map(|cue| cue.start_milliseconds).collect::<Vec<_>>(), expected);
            assert_eq!(told, starts != expected);
        };
        check(&[0, 1_000, 2_000], &[0, 1_000, 2_000]);
        check(&[0, 2_000, 1_000], &[0, 1_000, 2_000]);
        check(&[0, 90_000, 500, 2_000], &[0, 90_000, 91_000, 92_500]);
    }
}
