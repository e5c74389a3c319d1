//! Amazon Transcribe: the output of a batch job ("Example diarization output
//! (batch)"), by audio segments where it has them, else by items, whose speakers
//! stand on the item or in the list of segments. It names no date.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::loose::{self, Loose};
use super::{Shape, Transcript};
use crate::intake::draft::CallPeople;

#[derive(Deserialize)]
pub(super) struct Job<'t> {
    #[serde(borrow)]
    results: Results<'t>,
}

#[derive(Deserialize)]
struct Results<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    transcripts: Vec<Whole<'t>>,
    #[serde(default, borrow)]
    speaker_labels: Option<Speakers<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    items: Vec<Item<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    audio_segments: Vec<Item<'t>>,
}

#[derive(Deserialize)]
struct Whole<'t> {
    #[serde(default, borrow)]
    transcript: Loose<'t>,
}

#[derive(Deserialize)]
struct Speakers<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    segments: Vec<Segment<'t>>,
}

#[derive(Deserialize)]
struct Segment<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    items: Vec<Item<'t>>,
}

/// A word or mark, or with `transcript` a whole audio segment.
#[derive(Deserialize)]
struct Item<'t> {
    #[serde(default, borrow)]
    start_time: Loose<'t>,
    #[serde(default, borrow)]
    end_time: Loose<'t>,
    #[serde(default, borrow)]
    speaker_label: Loose<'t>,
    #[serde(default, borrow)]
    channel_label: Loose<'t>,
    #[serde(default, borrow)]
    transcript: Loose<'t>,
    #[serde(rename = "type", default, borrow)]
    kind: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    alternatives: Vec<Alternative<'t>>,
}

#[derive(Deserialize)]
struct Alternative<'t> {
    #[serde(default, borrow)]
    content: Loose<'t>,
}

impl<'t> Shape<'t> for Job<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let results = &self.results;
        let mut transcript = Transcript::default();
        if !results.audio_segments.is_empty() {
            for segment in &results.audio_segments {
                let speaker = segment.speaker_label.label().or_else(|| segment.channel_label.label());
                let (start, end) = (segment.start_time.seconds(), segment.end_time.seconds());
                transcript.say(speaker.as_deref(), start, end, segment.transcript.words());
            }
        } else if !results.items.is_empty() {
            results.take_items(&mut transcript);
        } else {
            for whole in &results.transcripts {
                transcript.say(None, None, None, whole.transcript.words());
            }
        }
        vec![transcript]
    }
}

impl Results<'_> {
    fn take_items(&self, transcript: &mut Transcript) {
        let spoken = self.speaker_labels.iter().flat_map(|labels| &labels.segments).flat_map(|segment| &segment.items);
        let by_start: FxHashMap<Option<i64>, &Loose<'_>> =
            spoken.map(|item| (item.start_time.seconds(), &item.speaker_label)).collect();
        let mut speaker = None;
        // A mark belongs to the word before it, without a space.
        let mut word: Option<(Option<i64>, Option<i64>, String)> = None;
        for item in &self.items {
            let Some(content) = item.alternatives.first().and_then(|best| best.content.words()) else { continue };
            if let (Some("punctuation"), Some((_, _, word))) = (item.kind.words(), &mut word) {
                word.push_str(content);
                continue;
            }
            if let Some((start, end, word)) = word.take() {
                transcript.say(speaker.as_deref(), start, end, Some(&word));
            }
            let start = item.start_time.seconds();
            let told = item.speaker_label.label().or_else(|| by_start.get(&start).and_then(|label| label.label()));
            speaker = told.or_else(|| item.channel_label.label());
            word = Some((start, item.end_time.seconds(), content.to_owned()));
        }
        if let Some((start, end, word)) = word {
            transcript.say(speaker.as_deref(), start, end, Some(&word));
        }
    }
}
