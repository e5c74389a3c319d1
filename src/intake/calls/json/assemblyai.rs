//! AssemblyAI: the "transcript" object of its API, by utterances where speakers
//! were told apart, else by words. Times are milliseconds; it names no date.

use serde::Deserialize;

use super::loose::{self, Loose, Present};
use super::{Shape, Transcript, speaker_label};
use crate::intake::draft::CallPeople;

#[derive(Deserialize)]
pub(super) struct Transcription<'t> {
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    utterances: Vec<Part<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    words: Vec<Part<'t>>,
    #[serde(default)]
    summary: Present,
    #[serde(default)]
    chapters: Present,
}

#[derive(Deserialize)]
struct Part<'t> {
    #[serde(default, borrow)]
    speaker: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    start: Loose<'t>,
    #[serde(default, borrow)]
    end: Loose<'t>,
}

impl<'t> Shape<'t> for Transcription<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let mut transcript = Transcript::default();
        let parts = if self.utterances.is_empty() { &self.words } else { &self.utterances };
        for part in parts {
            let speaker = part.speaker.label().map(speaker_label);
            let (start, end) = (part.start.milliseconds(), part.end.milliseconds());
            transcript.say(speaker.as_deref(), start, end, part.text.words());
        }
        if parts.is_empty() {
            transcript.say(None, None, None, self.text.words());
        }
        transcript.leave_out(self.summary, "the summary");
        transcript.leave_out(self.chapters, "chapters");
        vec![transcript]
    }
}
