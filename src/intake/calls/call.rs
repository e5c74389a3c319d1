//! Turns of a call, from whatever captions or transcript they came, as
//! messages with a time each: the day of the call plus the turn's start.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::conversation::{Author, DocumentKind, Side};
use crate::intake::attendees;
use crate::intake::dates::{self, Moment};
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin, Piece};
use crate::intake::names;

/// Labels of heading lines that name the day.
const DATE_LABELS: [&str; 8] =
    ["date", "recorded", "recorded on", "recorded at", "start", "start time", "when", "time"];

/// Labels of heading lines that name the call.
const TITLE_LABELS: [&str; 6] = ["title", "topic", "meeting", "subject", "call", "meeting title"];

/// Labels of heading lines that name who took part.
const PEOPLE_LABELS: [&str; 13] = [
    "participants",
    "attendees",
    "present",
    "speakers",
    "invitees",
    "attending",
    "on the call",
    "teilnehmer",
    "anwesend",
    "participants présents",
    "présents",
    "asistentes",
    "presentes",
];

/// How Google Meet ends the titles of its transcripts.
const TRANSCRIPT_ENDING: &str = " - Transcript";

/// What one speaker said without another speaking.
#[derive(Debug, Default)]
pub(in crate::intake) struct Turn {
    /// The speaker's label as written; `None` when the source names nobody.
    pub speaker: Option<String>,
    /// The speaker's address, where the source names it beside the words.
    pub address: Option<String>,
    /// What the source says of the speaker's company; domains say more.
    pub side: Side,
    /// From the start of the call.
    pub start_milliseconds: Option<i64>,
    /// Where the source gives the time itself.
    pub at: Option<Timestamp>,
    pub text: String,
}

/// A whole call before its times are counted.
#[derive(Debug, Default)]
pub(in crate::intake) struct Call {
    /// The call's name, where the source has a field for it.
    pub title: Option<String>,
    /// When the call began, where the source has a field for it.
    pub began: Option<Moment>,
    /// Lines above the first turn.
    pub heading: Vec<String>,
    pub turns: Vec<Turn>,
}

/// What a heading line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Heading {
    Day,
    Title,
    People,
}

/// The label and value of a heading line (`Participants: Dana, Marcus`), if it is one.
pub(in crate::intake) fn read_heading(line: &str) -> Option<(Heading, &str)> {
    let line = line.trim_start_matches(['#', '*', ' ']);
    let colon = line.bytes().take(24).position(|byte| byte == b':')?;
    let label = line.get(..colon)?.trim_matches(['*', ' ']);
    let value = line.get(colon + 1..)?.trim_matches(['*', ' ']);
    let is_in = |labels: &[&str]| labels.iter().any(|known| label.eq_ignore_ascii_case(known));
    let heading = if is_in(&DATE_LABELS) {
        Heading::Day
    } else if is_in(&TITLE_LABELS) {
        Heading::Title
    } else if is_in(&PEOPLE_LABELS) {
        Heading::People
    } else {
        return None;
    };
    Some((heading, value))
}

impl Call {
    /// Makes the call a document.
    pub(in crate::intake) fn add(
        self,
        origin: &Origin,
        format: &'static str,
        kind: DocumentKind,
        collected: &mut Collected,
    ) {
        let day = self.began.or_else(|| self.find_day(origin));
        let title = self.title.clone().or_else(|| self.find_title()).filter(|title| !title.is_empty());
        for list in self.values(Heading::People) {
            for person in list.split([',', ';']) {
                let person = names::read_author(person);
                collected.acquaint(&person);
                collected.listed.extend(person.name.map(|name| (origin.source.clone(), name)));
            }
        }
        if day.is_none() && self.turns.iter().any(|turn| turn.at.is_none()) {
            collected.warn(&origin.source, "", "the call's date is unknown");
        }
        let heading = self.heading.join("\n").trim().to_owned();
        attendees::keep(origin, &heading, collected);
        let start = day.map(|day| self.start(day));
        let mut messages = Vec::with_capacity(self.turns.len() + 1);
        if !heading.is_empty() {
            messages.push(message(Author::default(), None, day.map(|day| day.at), heading));
        }
        let mut speakers = Speakers::default();
        for turn in self.turns {
            let (mut author, organisation) = speakers.read(turn.speaker);
            author.address = turn.address.or(author.address);
            let said_at = start.and_then(|start| {
                let offset = turn.start_milliseconds.unwrap_or(0);
                Timestamp::from_millisecond(start.as_millisecond().checked_add(offset)?).ok()
            });
            let mut message = message(author, organisation, turn.at.or(said_at), turn.text);
            message.side = turn.side;
            messages.push(message);
        }
        if let Some(zone) = day.and_then(|day| day.zone) {
            for message in &mut messages {
                message.zone = Some(zone);
            }
        }
        collected.add(origin, Draft { source: origin.source.clone(), kind, format, title, messages });
    }

    /// The day a heading line names or is, else the one in the file's name, else in the first line.
    /// Further lines are not searched: they may speak of other days.
    fn find_day(&self, origin: &Origin) -> Option<Moment> {
        let written = self.values(Heading::Day).find_map(|value| dates::read_moment(value, None));
        let whole = |text: &str| match dates::read_leading(text, None) {
            // Otter writes the call's length behind its date.
            (moment, end) if text.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with('•')) => moment,
            _ => None,
        };
        // Google Meet: `Kickoff - 2026/02/24 16:00 CET - Transcript`.
        let entitled = || {
            let lines = self.heading.iter().filter_map(|line| line.trim().strip_suffix(TRANSCRIPT_ENDING));
            lines.filter_map(|line| line.rsplit_once(" - ")).find_map(|(_, day)| whole(day))
        };
        let written = written.or_else(entitled);
        let bare = || self.heading.iter().find_map(|line| whole(line));
        let first = || self.heading.first().and_then(|line| dates::read_moment(line, None));
        written.or_else(bare).or_else(|| dates::read_file_name(&origin.name)).or_else(first)
    }

    /// When stamp zero was. Stamps that begin where the heading's clock stands are times of day themselves.
    fn start(&self, day: Moment) -> Timestamp {
        const HOUR: i64 = 3_600_000;
        let zone = day.zone.map_or(0, |zone| i64::from(zone.seconds()) * 1000);
        let time_of_day = (day.at.as_millisecond() + zone).rem_euclid(24 * HOUR);
        let first = self.turns.iter().find_map(|turn| turn.start_milliseconds).unwrap_or(0);
        if first >= HOUR && (first - time_of_day).abs() <= HOUR {
            return Timestamp::from_millisecond(day.at.as_millisecond() - time_of_day).unwrap_or(day.at);
        }
        day.at
    }

    /// The title a heading line names, else the one Google Meet writes above its transcripts.
    fn find_title(&self) -> Option<String> {
        let named = self.values(Heading::Title).next();
        let entitled = || self.heading.iter().find_map(|line| line.trim().strip_suffix(TRANSCRIPT_ENDING));
        named.or_else(entitled).map(|title| title.trim().to_owned())
    }

    fn values(&self, wanted: Heading) -> impl Iterator<Item = &str> {
        let found = self.heading.iter().filter_map(|line| read_heading(line));
        found.filter(move |(heading, _)| *heading == wanted).map(|(_, value)| value)
    }
}

/// Speakers by their label as written: each is read once.
#[derive(Default)]
struct Speakers {
    known: FxHashMap<String, (Author, Option<String>)>,
}

impl Speakers {
    /// The person a label names, and the company beside it.
    fn read(&mut self, label: Option<String>) -> (Author, Option<String>) {
        let Some(label) = label else { return Default::default() };
        if let Some(known) = self.known.get(&label) {
            return known.clone();
        }
        let (name, organisation) = names::read_speaker(&label);
        let author = if names::is_address(&name) {
            Author { address: Some(name), ..Author::default() }
        } else {
            Author { name: Some(name).filter(|name| !name.is_empty()), ..Author::default() }
        };
        self.known.insert(label, (author.clone(), organisation.clone()));
        (author, organisation)
    }
}

fn message(author: Author, organisation: Option<String>, at: Option<Timestamp>, text: String) -> DraftMessage {
    let pieces = Piece::whole(&text);
    DraftMessage { author, organisation, at, text, pieces, ..DraftMessage::default() }
}
