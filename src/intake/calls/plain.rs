//! Plain transcripts: `Name: …`, `[00:01:02] Name: …`, `Name (00:12): …`, or a
//! line with a name and a time above the words (Teams, Otter, Zoom's saved
//! captions); Google Meet's documents, where a time stands alone every five minutes.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::call::{self, Call, Heading, Turn};
use super::cues;
use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Origin};
use crate::intake::{dates, names, text};

/// Likeness is judged by this many lines.
const MAX_JUDGED_LINES: usize = 2_000;

/// Lines longer than this cannot be a name and a time alone.
const MAX_NAME_LINE_BYTES: usize = 64;

/// Labels that are a speaker's role in a call (`Customer: …`) but a fact in a heading, where they stand once.
const ROLES: [&str; 8] = ["customer", "contact", "host", "champion", "owner", "organizer", "organiser", "sales"];

/// Whose export a text is, as far as it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Otter,
    Meet,
    Unknown,
}

/// Otter's last line.
const OTTER_IMPRINT: &str = "Transcribed by https://otter.ai";

/// Google Meet's last lines.
const MEET_IMPRINTS: [&str; 2] = ["Meeting ended after ", "This editable transcript was computer generated"];

/// Above the words Otter's machine thinks the call is about.
const OTTER_KEYWORDS: &str = "SUMMARY KEYWORDS";

impl Maker {
    fn of(text: &str) -> Self {
        let says = |words: &str| memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some();
        if says(OTTER_IMPRINT) {
            Maker::Otter
        } else if says(MEET_IMPRINTS[1]) {
            Maker::Meet
        } else {
            Maker::Unknown
        }
    }

    /// Whether a line is the maker's own, said by nobody.
    fn wrote(self, line: &str) -> bool {
        match self {
            Maker::Otter => line.starts_with(OTTER_IMPRINT),
            Maker::Meet => MEET_IMPRINTS.iter().any(|imprint| line.starts_with(imprint)),
            Maker::Unknown => false,
        }
    }

    fn format(self) -> &'static str {
        match self {
            Maker::Otter => "otter",
            Maker::Meet => "meet",
            Maker::Unknown => "txt",
        }
    }
}

/// How much a text looks like speakers taking turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Likeness {
    Turns,
    /// Labels of a form or none at all.
    Unlike,
}

/// A line that opens a turn.
#[derive(Debug, PartialEq)]
struct Opening<'t> {
    speaker: &'t str,
    stamp: Option<Stamp>,
    words: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stamp {
    /// Milliseconds from the start of the call.
    Offset(i64),
    At(Timestamp),
}

/// A form (`Budget: 40k`) has each label once; speakers come back, or their lines carry times.
pub(in crate::intake) fn likeness(text: &str) -> Likeness {
    let mut labels: FxHashMap<&str, usize> = FxHashMap::default();
    let (mut stamped, mut turns, mut people_named) = (0, 0, false);
    for line in text.lines().take(MAX_JUDGED_LINES) {
        people_named |= turns == 0 && matches!(call::read_heading(line), Some((Heading::People, _)));
        if let Some(opening) = read_opening(line.trim()) {
            turns += 1;
            stamped += usize::from(opening.stamp.is_some());
            *labels.entry(opening.speaker).or_default() += 1;
        }
    }
    let single_roles = labels.iter().filter(|(label, count)| **count == 1 && is_role(label)).count();
    let (turns, labels) = (turns - single_roles, labels.len() - single_roles);
    let returning = turns >= 3 && labels >= 2 && turns * 2 >= labels * 3;
    let made = || turns >= 1 && Maker::of(text) != Maker::Unknown;
    if stamped >= 2 || returning || people_named && turns >= 2 || made() { Likeness::Turns } else { Likeness::Unlike }
}

pub(in crate::intake) fn read(origin: &Origin, text: &str, claimed: Option<DocumentKind>, collected: &mut Collected) {
    let tidied = text::tidy(text.trim_start_matches('\u{feff}'), &collected.limits);
    collected.warn_of_cuts(&origin.source, "", &tidied);
    let openings = || tidied.text.lines().filter_map(|line| read_opening(line.trim()));
    let stamped = openings().filter(|opening| opening.stamp.is_some()).count();
    let bare = openings().count() - stamped;
    // Where turns carry times, `Budget: 40k` inside one is not a speaker.
    let only_stamped = stamped >= 2 && stamped >= bare;
    let mut roles: FxHashMap<&str, usize> = FxHashMap::default();
    for opening in openings().filter(|opening| is_role(opening.speaker)) {
        *roles.entry(opening.speaker).or_default() += 1;
    }
    let speaks = |opening: &Opening<'_>| {
        let only_role = roles.get(opening.speaker).is_some_and(|count| *count == 1);
        opening.stamp.is_some() || !only_stamped && !only_role
    };
    let maker = Maker::of(&tidied.text);
    let lone = lone_clocks(&tidied.text, stamped);
    let mut call = Call::default();
    let mut section = None;
    let mut in_keywords = false;
    for line in tidied.text.lines() {
        let trimmed = line.trim();
        in_keywords = maker == Maker::Otter && (trimmed == OTTER_KEYWORDS || in_keywords && !trimmed.is_empty());
        if in_keywords || maker.wrote(trimmed) {
            continue;
        }
        if let Some(milliseconds) = cues::read_clock(trimmed).filter(|_| lone) {
            section = Some(Stamp::Offset(milliseconds));
            continue;
        }
        let opening =
            read_opening(trimmed).filter(speaks).map(|opening| Opening { stamp: opening.stamp.or(section), ..opening });
        match (opening, call.turns.last_mut()) {
            (Some(opening), last) => match last.filter(|turn| turn.speaker.as_deref() == Some(opening.speaker)) {
                Some(turn) => push_line(&mut turn.text, opening.words),
                None => call.turns.push(new_turn(&opening)),
            },
            (None, Some(turn)) => push_line(&mut turn.text, line.trim_end()),
            (None, None) => call.heading.push(line.trim_end().to_owned()),
        }
    }
    if maker == Maker::Otter && tidied.text.lines().any(|line| line.trim() == OTTER_KEYWORDS) {
        collected.warn(&origin.source, "", "made by a machine and not read as words: keywords");
    }
    for turn in &mut call.turns {
        turn.text.truncate(turn.text.trim_end().len());
    }
    let kind = claimed.filter(|kind| *kind == DocumentKind::Chat).unwrap_or(DocumentKind::Transcript);
    call.add(origin, maker.format(), kind, collected);
}

/// Whether clocks alone on their lines say when the turns under them began: they never go back, and no other times
/// stand in the text.
fn lone_clocks(text: &str, stamped: usize) -> bool {
    let mut clocks = text.lines().map(str::trim).filter_map(|line| Some((cues::read_clock(line)?, line)));
    let Some((mut last, first)) = clocks.next().filter(|_| stamped == 0) else { return false };
    let mut count = 1;
    for (clock, _) in clocks {
        if clock < last {
            return false;
        }
        (last, count) = (clock, count + 1);
    }
    count >= 2 || first.matches(':').count() == 2
}

fn is_role(label: &str) -> bool {
    ROLES.iter().any(|role| role.eq_ignore_ascii_case(label))
}

fn new_turn(opening: &Opening<'_>) -> Turn {
    let (start_milliseconds, at) = match opening.stamp {
        Some(Stamp::Offset(milliseconds)) => (Some(milliseconds), None),
        Some(Stamp::At(at)) => (None, Some(at)),
        None => (None, None),
    };
    let speaker = Some(opening.speaker.to_owned());
    Turn { speaker, start_milliseconds, at, text: opening.words.to_owned(), ..Turn::default() }
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

fn read_opening(line: &str) -> Option<Opening<'_>> {
    if let Some((stamp, rest)) = read_leading_stamp(line) {
        let rest = rest.trim_start_matches(['-', '–', ' ', '\t']);
        let (speaker, words) = names::split_label(rest)?;
        return Some(Opening { speaker, stamp: Some(stamp), words });
    }
    if let Some((speaker, words)) = names::split_label(line) {
        return Some(Opening { speaker, stamp: None, words });
    }
    read_stamped_name(line)
}

/// `[00:01:02]`, `(01:02)`, `00:01:02`, `[2026-02-24 16:02]` and what follows.
fn read_leading_stamp(line: &str) -> Option<(Stamp, &str)> {
    let closing = match line.as_bytes().first()? {
        b'[' => Some(']'),
        b'(' => Some(')'),
        byte if byte.is_ascii_digit() => None,
        _ => return None,
    };
    let (inner, rest) = match closing {
        Some(closing) => line[1..].split_once(closing).filter(|(inner, _)| inner.len() <= MAX_NAME_LINE_BYTES)?,
        None => line.split_once([' ', '\t'])?,
    };
    let offset = cues::read_clock(inner.trim()).map(Stamp::Offset);
    let stamp = offset.or_else(|| {
        closing?;
        dates::read_moment(inner, None).map(|moment| Stamp::At(moment.at))
    })?;
    Some((stamp, rest.trim_start()))
}

/// `Dana Whitfield (00:12): yes`, or `Dana Whitfield  0:12` alone on its line.
fn read_stamped_name(line: &str) -> Option<Opening<'_>> {
    let open = line.bytes().take(MAX_NAME_LINE_BYTES).position(|byte| matches!(byte, b'(' | b'['));
    if let Some(open) = open {
        let (inner, rest) = line.get(open + 1..)?.split_once([')', ']'])?;
        if let Some(milliseconds) = cues::read_clock(inner.trim()) {
            let speaker = line.get(..open)?.trim();
            let words = rest.strip_prefix(':').or_else(|| rest.trim().is_empty().then_some(""))?.trim();
            return names::is_name(speaker).then_some(Opening {
                speaker,
                stamp: Some(Stamp::Offset(milliseconds)),
                words,
            });
        }
    }
    if line.len() > MAX_NAME_LINE_BYTES {
        return None;
    }
    // Zoom's saved captions: `[Dana Whitfield] 16:00:03`.
    if let Some((speaker, clock)) = line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
        let milliseconds = cues::read_clock(clock.trim())?;
        return names::is_name(speaker).then_some(Opening {
            speaker,
            stamp: Some(Stamp::Offset(milliseconds)),
            words: "",
        });
    }
    let (speaker, clock) = line.rsplit_once([' ', '\t'])?;
    let milliseconds = cues::read_clock(clock)?;
    let speaker = speaker.trim();
    names::is_name(speaker).then_some(Opening { speaker, stamp: Some(Stamp::Offset(milliseconds)), words: "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(&str, Option<i64>, &str)>) {
        let got = read_opening(line).map(|opening| {
            let offset = match opening.stamp {
                Some(Stamp::Offset(milliseconds)) => Some(milliseconds),
                Some(Stamp::At(at)) => Some(at.as_millisecond()),
                None => None,
            };
            (opening.speaker, offset, opening.words)
        });
        assert_eq!(got, expected, "{line}");
    }

    #[test]
    fn reads_openings() {
        check("Dana: yes", Some(("Dana", None, "yes")));
        check("[00:01:02] Dana Whitfield: yes", Some(("Dana Whitfield", Some(62_000), "yes")));
        check("00:12 - Dana: yes", Some(("Dana", Some(12_000), "yes")));
        check("Dana (00:12): yes", Some(("Dana", Some(12_000), "yes")));
        check("Dana Whitfield  0:12", Some(("Dana Whitfield", Some(12_000), "")));
        check("[1970-01-01 00:00:01] Dana: yes", Some(("Dana", Some(1_000), "yes")));
        check("[Draft] Dana: yes", None);
        check("[Dana Whitfield] 16:00:03", Some(("Dana Whitfield", Some(57_603_000), "")));
        check("we meet at 10:30", None);
        check("Budget: 40k", None);
    }

    #[test]
    fn tells_forms_from_talk() {
        let talk = "Dana: when?\nMarcus: June\nDana: good";
        let form = "Region: EU\nSeats: 40\nTerm: 3 years\nTier: gold";
        assert_eq!(likeness(talk), Likeness::Turns);
        assert_eq!(likeness(form), Likeness::Unlike);
        assert_eq!(likeness("Participants: Dana, Al\nDana: hi\nAl: hi"), Likeness::Turns);
    }
}
