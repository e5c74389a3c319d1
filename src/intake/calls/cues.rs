//! Captions: timing lines, voice tags, speaker labels, and the joining of cues
//! into turns. WebVTT and SubRip share all of this.

use super::call::Turn;
use crate::intake::{markup, names};

/// Cues without a speaker are one turn only while nobody pauses longer.
const PAUSE_MILLISECONDS: i64 = 2_000;

/// A turn of nobody known is no longer than this, so that its time means something.
const MAX_NAMELESS_BYTES: usize = 1_000;

/// Timings are looked for in this many lines at the start of a file.
const MAX_HEAD_LINES: usize = 12;

/// One cue: when it shows, and its lines as written.
#[derive(Debug, Default)]
pub(in crate::intake) struct Cue<'t> {
    pub start_milliseconds: i64,
    pub end_milliseconds: i64,
    pub lines: Vec<&'t str>,
}

/// The first timing line near the start of a text.
pub(in crate::intake) fn first_timing(text: &str) -> Option<&str> {
    text.lines().take(MAX_HEAD_LINES).find(|line| read_timing(line).is_some())
}

/// `00:01:02.500 --> 00:01:04.000 align:start` as milliseconds.
pub(in crate::intake) fn read_timing(line: &str) -> Option<(i64, i64)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((read_clock(start.trim())?, read_clock(end)?))
}

/// `1:02:03`, `02:03`, `00:01:02.5`, `00:01:02,500` as milliseconds.
pub(in crate::intake) fn read_clock(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut total = 0i64;
    let mut parts = 0;
    for part in whole.split(':') {
        let digits = part.len() <= 3 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: i64 = part.parse().ok().filter(|_| digits)?;
        if parts > 0 && (value > 59 || part.len() != 2) {
            return None;
        }
        total = total * 60 + value;
        parts += 1;
    }
    if !(2..=3).contains(&parts) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) || fraction.len() > 9 {
        return None;
    }
    let milliseconds = format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
    Some(total * 1000 + milliseconds)
}

/// Cues of a block of lines (between blank lines); what is no cue goes to the cue before it.
/// Answers the lines that belong to none.
pub(in crate::intake) fn take_block<'t>(block: &[&'t str], cues: &mut Vec<Cue<'t>>) -> Vec<&'t str> {
    let mut homeless = Vec::new();
    let mut fresh = false;
    for (index, line) in block.iter().enumerate() {
        if let Some((start_milliseconds, end_milliseconds)) = read_timing(line) {
            cues.push(Cue { start_milliseconds, end_milliseconds, lines: Vec::new() });
            fresh = true;
        } else if block.get(index + 1).is_some_and(|next| read_timing(next).is_some()) && (!fresh || is_number(line)) {
            // The name of the cue below.
        } else if is_number(line) && !fresh {
            // A number whose cue is gone.
        } else {
            match cues.last_mut() {
                Some(cue) => cue.lines.push(line),
                None => homeless.push(*line),
            }
        }
    }
    homeless
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Blocks of lines parted by blank ones.
pub(in crate::intake) fn blocks(text: &str) -> Vec<Vec<&str>> {
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    for line in text.split('\n') {
        if !line.trim().is_empty() {
            block.push(line);
        } else if !block.is_empty() {
            blocks.push(std::mem::take(&mut block));
        }
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// Joins cues to turns.
pub(in crate::intake) fn turns(cues: &[Cue<'_>]) -> Vec<Turn> {
    let mut joined = Joined::default();
    for cue in cues {
        let mut voice: Option<String> = None;
        let mut voiced = false;
        for line in &cue.lines {
            for (change, words) in read_voices(line) {
                match change {
                    Voice::Same => {}
                    Voice::Named(name) => (voice, voiced) = (Some(name), true),
                    Voice::Ended => voice = None,
                }
                joined.push_line(cue, voice.as_deref(), voiced, words.trim());
            }
        }
    }
    joined.turns
}

#[derive(Default)]
struct Joined {
    turns: Vec<Turn>,
    end_milliseconds: i64,
    /// Whether speakers are named by `Name:` at the start of lines; a line without one then goes on.
    labelled: bool,
}

impl Joined {
    fn push_line(&mut self, cue: &Cue<'_>, voice: Option<&str>, voiced: bool, words: &str) {
        if words.is_empty() {
            return;
        }
        let line = words.strip_prefix("- ").unwrap_or(words);
        let label = if voiced { None } else { names::split_label(line) };
        match (voice, label) {
            (Some(name), _) => self.push(cue, Some(name), words),
            (None, Some((name, rest))) => {
                self.labelled = true;
                self.push(cue, Some(name), rest);
            }
            (None, None) if self.labelled && !voiced => {
                let last = self.turns.last().and_then(|turn| turn.speaker.clone());
                self.push(cue, last.as_deref(), words);
            }
            (None, None) => self.push(cue, None, words),
        }
    }

    fn push(&mut self, cue: &Cue<'_>, speaker: Option<&str>, words: &str) {
        let pause = cue.start_milliseconds.saturating_sub(self.end_milliseconds);
        self.end_milliseconds = cue.end_milliseconds;
        let goes_on = |turn: &&mut Turn| {
            let short = pause < PAUSE_MILLISECONDS && turn.text.len() < MAX_NAMELESS_BYTES;
            turn.speaker.as_deref() == speaker && (speaker.is_some() || short)
        };
        if let Some(turn) = self.turns.last_mut().filter(goes_on) {
            if !turn.text.is_empty() && !words.is_empty() {
                turn.text.push(' ');
            }
            turn.text.push_str(words);
            return;
        }
        self.turns.push(Turn {
            speaker: speaker.map(str::to_owned),
            start_milliseconds: Some(cue.start_milliseconds),
            at: None,
            text: words.to_owned(),
        });
    }
}

/// Who speaks from here on in a cue.
#[derive(Debug, PartialEq)]
enum Voice {
    Same,
    Named(String),
    Ended,
}

/// The words of a cue's line without tags, parted where the voice changes.
fn read_voices(line: &str) -> Vec<(Voice, String)> {
    let mut parts = vec![(Voice::Same, String::new())];
    let mut rest = line.trim();
    while let Some(style) = rest.strip_prefix("{\\").and_then(|style| style.split_once('}')) {
        rest = style.1;
    }
    let mut words = String::new();
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        let tag_like = from[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
        let Some(end) = from.find('>').filter(|_| tag_like) else {
            if !tag_like {
                words.push('<');
                rest = &from[1..];
                continue;
            }
            rest = from;
            break;
        };
        let tag = &from[1..end];
        rest = &from[end + 1..];
        let name = tag.strip_prefix('v').filter(|name| name.starts_with([' ', '.', '\t']));
        let change = match name.and_then(|name| name.split_once([' ', '\t'])) {
            Some((_, name)) => {
                let mut decoded = String::new();
                markup::push_decoded(&mut decoded, name.trim());
                Some(Voice::Named(decoded))
            }
            None if tag == "/v" => Some(Voice::Ended),
            None => None,
        };
        if let Some(change) = change {
            flush(&mut parts, &mut words);
            parts.push((change, String::new()));
        }
    }
    words.push_str(rest);
    flush(&mut parts, &mut words);
    parts
}

fn flush(parts: &mut [(Voice, String)], words: &mut String) {
    if let Some((_, text)) = parts.last_mut() {
        markup::push_decoded(text, words);
    }
    words.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_clocks() {
        let check = |text, expected| assert_eq!(read_clock(text), expected, "{text}");
        check("00:01:02.500", Some(62_500));
        check("01:02,5", Some(62_500));
        check("1:00:00", Some(3_600_000));
        check("100:00:00", Some(360_000_000));
        check("1:60", None);
        check("1:2", None);
        check("62", None);
        check("", None);
    }

    #[test]
    fn parts_voices() {
        let check = |line: &str, expected: &[(Option<&str>, &str)]| {
            let cues = [Cue { lines: vec![line], ..Cue::default() }];
            let got = turns(&cues);
            let got: Vec<_> = got.iter().map(|turn| (turn.speaker.as_deref(), turn.text.as_str())).collect();
            assert_eq!(got, expected, "{line}");
        };
        check("<v Dana Whitfield>We start &amp; go</v>", &[(Some("Dana Whitfield"), "We start & go")]);
        check("<v.loud Dana>Hi <v Al>Yes", &[(Some("Dana"), "Hi"), (Some("Al"), "Yes")]);
        check("<i>Al Roe:</i> so", &[(Some("Al Roe"), "so")]);
        check("a < b <00:01.000>c", &[(None, "a < b c")]);
        check("{\\an8}Hi <unclosed", &[(None, "Hi <unclosed")]);
        check("", &[]);
    }
}
