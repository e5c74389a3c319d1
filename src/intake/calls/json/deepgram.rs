//! Deepgram: the answer of "Transcribe pre-recorded audio", by utterances, else
//! paragraphs, else words. It knows when it was made, not when people spoke.

use serde::Deserialize;

use super::loose::{self, Loose, Present};
use super::{Shape, Transcript};
use crate::intake::draft::CallPeople;

#[derive(Deserialize)]
pub(super) struct Response<'t> {
    #[serde(borrow)]
    results: Results<'t>,
}

#[derive(Deserialize)]
struct Results<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    channels: Vec<Channel<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    utterances: Vec<Part<'t>>,
    #[serde(default)]
    summary: Present,
}

#[derive(Deserialize)]
struct Channel<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    alternatives: Vec<Alternative<'t>>,
}

#[derive(Deserialize)]
struct Alternative<'t> {
    #[serde(default, borrow)]
    transcript: Loose<'t>,
    #[serde(default, borrow)]
    paragraphs: Option<Paragraphs<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    words: Vec<Part<'t>>,
}

#[derive(Deserialize)]
struct Paragraphs<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    paragraphs: Vec<Paragraph<'t>>,
}

#[derive(Deserialize)]
struct Paragraph<'t> {
    #[serde(default, borrow)]
    speaker: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    sentences: Vec<Part<'t>>,
}

/// An utterance, a sentence or a word.
#[derive(Deserialize)]
struct Part<'t> {
    #[serde(default, borrow)]
    start: Loose<'t>,
    #[serde(default, borrow)]
    end: Loose<'t>,
    #[serde(default, borrow)]
    speaker: Loose<'t>,
    #[serde(default, borrow)]
    channel: Loose<'t>,
    #[serde(default, borrow)]
    transcript: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    word: Loose<'t>,
    #[serde(default, borrow)]
    punctuated_word: Loose<'t>,
}

/// What was said when, before channels are put together.
struct Piece<'p> {
    speaker: Option<String>,
    start: Option<i64>,
    end: Option<i64>,
    words: Option<&'p str>,
}

impl Part<'_> {
    fn piece(&self, speaker: Option<String>) -> Piece<'_> {
        let texts = [&self.transcript, &self.text, &self.punctuated_word, &self.word];
        let words = texts.into_iter().find_map(Loose::words);
        Piece { speaker, start: self.start.seconds(), end: self.end.seconds(), words }
    }
}

/// `Speaker 0`, as Deepgram itself writes it; with several channels their number too.
fn label(speaker: &Loose<'_>, channel: Option<usize>) -> Option<String> {
    let speaker = speaker.label().map(|speaker| format!("Speaker {speaker}"));
    let channel = channel.map(|channel| format!("Channel {channel}"));
    match (channel, speaker) {
        (Some(channel), Some(speaker)) => Some(format!("{channel} {speaker}")),
        (channel, speaker) => channel.or(speaker),
    }
}

impl<'t> Shape<'t> for Response<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let results = &self.results;
        let several = results.channels.len() > 1;
        let mut pieces: Vec<Piece> = Vec::new();
        for utterance in &results.utterances {
            let channel = utterance.channel.label().and_then(|channel| channel.parse().ok()).filter(|_| several);
            pieces.push(utterance.piece(label(&utterance.speaker, channel)));
        }
        if pieces.is_empty() {
            for (index, channel) in results.channels.iter().enumerate() {
                // Further alternatives are other guesses at the same words.
                let Some(best) = channel.alternatives.first() else { continue };
                take_channel(best, several.then_some(index), &mut pieces);
            }
            if several {
                pieces.sort_by_key(|piece| piece.start);
            }
        }
        let mut transcript = Transcript::default();
        for piece in &pieces {
            transcript.say(piece.speaker.as_deref(), piece.start, piece.end, piece.words);
        }
        transcript.leave_out(results.summary, "the summary");
        vec![transcript]
    }
}

fn take_channel<'p>(best: &'p Alternative<'_>, channel: Option<usize>, pieces: &mut Vec<Piece<'p>>) {
    let before = pieces.len();
    for paragraph in best.paragraphs.iter().flat_map(|paragraphs| &paragraphs.paragraphs) {
        let speaker = label(&paragraph.speaker, channel);
        pieces.extend(paragraph.sentences.iter().map(|sentence| sentence.piece(speaker.clone())));
    }
    if pieces.len() == before {
        pieces.extend(best.words.iter().map(|word| word.piece(label(&word.speaker, channel))));
    }
    if pieces.len() == before {
        let speaker = label(&Loose::Nothing, channel);
        pieces.push(Piece { speaker, start: None, end: None, words: best.transcript.words() });
    }
}
