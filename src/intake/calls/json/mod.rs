//! Transcripts as JSON: whose they are is told by keys that only one recorder
//! writes, so that neither a record nor a note is taken for a call. What a
//! machine made of the words (summaries, action items) is never read as said.

mod assemblyai;
mod aws;
mod deepgram;
mod fathom;
mod fireflies;
mod gong;
mod loose;
mod meet;
mod outline;
mod whisper;
mod zoom;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::call::Call;
use super::cues::{Joined, Said};
use crate::conversation::{Author, DocumentKind};
use crate::intake::dates::Moment;
use crate::intake::draft::{CallPeople, CallPerson, Collected, Origin};
use loose::EACH;
use outline::Outline;

/// Keys that only wrap what a recorder answered.
const WRAPPERS: [&str; 11] = [
    "data",
    "transcript",
    "transcripts",
    "items",
    "result",
    "response",
    "body",
    "payload",
    "output",
    "meeting",
    "json",
];

/// Wrappers inside wrappers.
const MAX_WRAPPERS: usize = 4;

/// Whose transcript it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recorder {
    Gong,
    GongCall,
    Fireflies,
    Fathom,
    Zoom,
    Meet,
    Deepgram,
    AssemblyAi,
    Aws,
    Whisper,
}

/// A transcript recognised in a JSON text, and the keys that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake) struct Found {
    recorder: Recorder,
    path: Vec<&'static str>,
}

impl Found {
    /// The format's name.
    pub(in crate::intake) fn format(&self) -> &'static str {
        match self.recorder {
            Recorder::Gong | Recorder::GongCall => "gong",
            Recorder::Fireflies => "fireflies",
            Recorder::Fathom => "fathom",
            Recorder::Zoom => "zoom",
            Recorder::Meet => "meet",
            Recorder::Deepgram => "deepgram",
            Recorder::AssemblyAi => "assemblyai",
            Recorder::Aws => "aws",
            Recorder::Whisper => "whisper",
        }
    }
}

/// Whether a JSON text is a transcript that can be read.
pub(in crate::intake) fn recognise(text: &str) -> Option<Found> {
    let outline = Outline::of(text)?;
    let mut path = Vec::new();
    let recorder = locate(&outline, MAX_WRAPPERS, &mut path)?;
    path.reverse();
    Some(Found { recorder, path })
}

/// Fills the path from its end.
fn locate(outline: &Outline<'_>, depth: usize, path: &mut Vec<&'static str>) -> Option<Recorder> {
    if let Some(recorder) = recorder_of(outline) {
        return Some(recorder);
    }
    if depth == 0 {
        return None;
    }
    if let Outline::List(Some(first)) = outline {
        let recorder = locate(first, depth - 1, path)?;
        path.push(EACH);
        return Some(recorder);
    }
    WRAPPERS.iter().find_map(|wrapper| {
        let recorder = locate(outline.get(wrapper)?, depth - 1, path)?;
        path.push(wrapper);
        Some(recorder)
    })
}

fn recorder_of(outline: &Outline<'_>) -> Option<Recorder> {
    let entry =
        |list: &str, keys: &[&str]| outline.first(list).is_some_and(|first| keys.iter().all(|key| first.has(key)));
    let results = outline.get("results");
    let is_deepgram = || {
        results.is_some_and(|results| results.first("channels").is_some_and(|channel| channel.is_list("alternatives")))
    };
    let is_aws = || {
        results.is_some_and(|results| {
            results.first("transcripts").is_some_and(|first| first.has("transcript"))
                && (results.is_list("items") || results.is_list("audio_segments"))
        })
    };
    if outline.has("callTranscripts") {
        Some(Recorder::Gong)
    } else if outline.has("callId") && entry("transcript", &["speakerId", "sentences"]) {
        Some(Recorder::GongCall)
    } else if entry("sentences", &["speaker_name"])
        || entry("sentences", &["raw_text", "start_time"])
        || outline.has("sentences") && outline.has("meeting_attendees")
    {
        Some(Recorder::Fireflies)
    } else if outline.first("transcript").is_some_and(|first| {
        first.get("speaker").is_some_and(|speaker| speaker.has("display_name")) && first.has("timestamp")
    }) || outline.has("recording_start_time") && outline.has("calendar_invitees")
    {
        Some(Recorder::Fathom)
    } else if outline.is_text("type", "zoom_transcript") || entry("timeline", &["ts"]) {
        Some(Recorder::Zoom)
    } else if entry("transcriptEntries", &["text"]) || entry("entries", &["participant", "text", "startTime"]) {
        Some(Recorder::Meet)
    } else if is_deepgram() {
        Some(Recorder::Deepgram)
    } else if is_aws() {
        Some(Recorder::Aws)
    } else if entry("utterances", &["speaker", "text", "start"])
        || entry("words", &["text", "start", "end", "confidence"]) && outline.has("text")
        || outline.has("audio_url") && outline.has("status") && outline.has("utterances")
    {
        Some(Recorder::AssemblyAi)
    } else if entry("segments", &["start", "end", "text"]) || entry("transcription", &["offsets", "text"]) {
        Some(Recorder::Whisper)
    } else {
        None
    }
}

/// A call as its recorder tells it.
#[derive(Default)]
struct Transcript {
    title: Option<String>,
    began: Option<Moment>,
    joined: Joined,
    /// Who speaks under a label.
    voices: FxHashMap<String, CallPerson>,
    /// People of the call whose name and address stand together.
    people: Vec<Author>,
    warnings: Vec<String>,
    /// What a machine made of the call; it stays out.
    machine_made: Vec<&'static str>,
}

impl Transcript {
    fn say(&mut self, speaker: Option<&str>, start: Option<i64>, end: Option<i64>, words: Option<&str>) {
        let Some(words) = words else { return };
        self.joined.push(&Said { speaker, start, end, words });
    }

    fn leave_out(&mut self, present: loose::Present, what: &'static str) {
        if present.0 {
            self.machine_made.push(what);
        }
    }

    fn acquaint(&mut self, name: Option<String>, address: Option<String>) {
        if name.is_some() && address.is_some() {
            self.people.push(Author { name, address, ..Author::default() });
        }
    }
}

/// Reads one recorder's shape.
trait Shape<'t>: Deserialize<'t> {
    fn transcripts(self, known: &CallPeople) -> Vec<Transcript>;
}

/// Reads a recognised transcript; several calls in one text are several documents.
pub(in crate::intake) fn read(origin: &Origin, text: &str, found: &Found, collected: &mut Collected) {
    let text = text.trim_start_matches('\u{feff}');
    let known = &collected.call_people;
    let read = match found.recorder {
        Recorder::Gong => read_as::<gong::Response>(text, &found.path, known),
        Recorder::GongCall => read_as::<gong::CallTranscript>(text, &found.path, known),
        Recorder::Fireflies => read_as::<fireflies::Meeting>(text, &found.path, known),
        Recorder::Fathom => read_as::<fathom::Meeting>(text, &found.path, known),
        Recorder::Zoom => read_as::<zoom::Recording>(text, &found.path, known),
        Recorder::Meet => read_as::<meet::Entries>(text, &found.path, known),
        Recorder::Deepgram => read_as::<deepgram::Response>(text, &found.path, known),
        Recorder::AssemblyAi => read_as::<assemblyai::Transcription>(text, &found.path, known),
        Recorder::Aws => read_as::<aws::Job>(text, &found.path, known),
        Recorder::Whisper => read_as::<whisper::Transcription>(text, &found.path, known),
    };
    let transcripts = match read {
        Ok(transcripts) => transcripts,
        Err(error) => {
            collected.leave_unread(
                origin,
                format!("it looks like a {} transcript but cannot be read: {error}", found.format()),
            );
            return;
        }
    };
    let mut empty = 0;
    let count = transcripts.len();
    for transcript in transcripts {
        if transcript.joined.turns.is_empty() {
            empty += 1;
        } else {
            add(origin, transcript, found.format(), collected);
        }
    }
    if empty == count {
        collected.leave_unread(origin, format!("it is a {} transcript without words", found.format()));
    } else if empty > 0 {
        collected.leave_unread(origin, format!("{empty} of its {count} calls hold no words"));
    }
}

fn read_as<'t, S: Shape<'t>>(text: &'t str, path: &[&str], known: &CallPeople) -> serde_json::Result<Vec<Transcript>> {
    let shapes: Vec<S> = loose::read_at(text, path)?;
    Ok(shapes.into_iter().flat_map(|shape| shape.transcripts(known)).collect())
}

fn add(origin: &Origin, transcript: Transcript, format: &'static str, collected: &mut Collected) {
    for person in &transcript.people {
        collected.acquaint(person);
    }
    for message in transcript.warnings {
        collected.warn(&origin.source, "", message);
    }
    if !transcript.machine_made.is_empty() {
        let message = format!("made by a machine and not read as words: {}", transcript.machine_made.join(", "));
        collected.warn(&origin.source, "", message);
    }
    let mut turns = transcript.joined.turns;
    for turn in &mut turns {
        let Some(person) = turn.speaker.as_ref().and_then(|label| transcript.voices.get(label)) else { continue };
        turn.address.clone_from(&person.address);
        turn.side = person.side;
        if let Some(name) = &person.name {
            turn.speaker = Some(name.clone());
        }
    }
    let call = Call { title: transcript.title, began: transcript.began, turns, ..Call::default() };
    call.add(origin, format, DocumentKind::Transcript, collected);
}

/// Takes in a file that only names calls and their people, for the transcripts given with it.
pub(in crate::intake) fn read_people(bytes: &[u8], collected: &mut Collected) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let opens = matches!(start.first(), Some(b'{' | b'['));
    let names = |key: &[u8]| memchr::memmem::find(start, key).is_some();
    if !opens || bytes.len() > collected.limits.document_bytes {
        return false;
    }
    let (parties, participants) = (names(b"\"parties\""), names(b"\"participants\""));
    if !parties && !participants {
        return false;
    }
    let Ok(text) = std::str::from_utf8(start) else { return false };
    let Some(outline) = Outline::of(text) else { return false };
    if locate(&outline, MAX_WRAPPERS, &mut Vec::new()).is_some() {
        return false;
    }
    gong::read_people(text, &outline, &mut collected.call_people)
        || meet::read_people(text, &outline, &mut collected.call_people)
}

/// `Speaker 1` for a bare number or letter; other labels as they are.
fn speaker_label(label: String) -> String {
    let bare = label.chars().count() == 1 || label.bytes().all(|byte| byte.is_ascii_digit());
    if bare { format!("Speaker {label}") } else { label }
}
