//! Whisper: `verbose_json` of OpenAI's "Create transcription" and of the
//! open-source tool, and the JSON of whisper.cpp. It tells no speakers; tools
//! built on it add a `speaker` to each segment.

use serde::Deserialize;

use super::loose::{self, Loose};
use super::{Shape, Transcript, speaker_label};
use crate::intake::draft::CallPeople;

#[derive(Deserialize)]
pub(super) struct Transcription<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    segments: Vec<Segment<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    transcription: Vec<Stretch<'t>>,
}

#[derive(Deserialize)]
struct Segment<'t> {
    #[serde(default, borrow)]
    start: Loose<'t>,
    #[serde(default, borrow)]
    end: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    speaker: Loose<'t>,
}

/// A segment as whisper.cpp writes it.
#[derive(Deserialize)]
struct Stretch<'t> {
    #[serde(default, borrow)]
    offsets: Option<Offsets<'t>>,
    #[serde(default, borrow)]
    text: Loose<'t>,
}

#[derive(Deserialize)]
struct Offsets<'t> {
    #[serde(default, borrow)]
    from: Loose<'t>,
    #[serde(default, borrow)]
    to: Loose<'t>,
}

impl<'t> Shape<'t> for Transcription<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let mut transcript = Transcript::default();
        for segment in &self.segments {
            let speaker = segment.speaker.label().map(speaker_label);
            transcript.say(speaker.as_deref(), segment.start.seconds(), segment.end.seconds(), segment.text.words());
        }
        for stretch in &self.transcription {
            let time = |pick: fn(&Offsets<'_>) -> Option<i64>| stretch.offsets.as_ref().and_then(pick);
            let (start, end) = (time(|offsets| offsets.from.milliseconds()), time(|offsets| offsets.to.milliseconds()));
            transcript.say(None, start, end, stretch.text.words());
        }
        vec![transcript]
    }
}
