//! Fireflies: the GraphQL type "Transcript" with its "Sentence"s, alone or as the
//! whole answer of the query (`data.transcript`, `data.transcripts`).

use serde::Deserialize;

use super::loose::{self, Loose, Present};
use super::{Shape, Transcript, speaker_label};
use crate::intake::draft::CallPeople;

#[derive(Deserialize)]
pub(super) struct Meeting<'t> {
    #[serde(default, borrow)]
    title: Loose<'t>,
    #[serde(default, borrow)]
    date: Loose<'t>,
    #[serde(rename = "dateString", default, borrow)]
    date_string: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    sentences: Vec<Sentence<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    meeting_attendees: Vec<Attendee<'t>>,
    #[serde(default)]
    summary: Present,
    #[serde(default)]
    analytics: Present,
}

#[derive(Deserialize)]
struct Sentence<'t> {
    #[serde(default, borrow)]
    speaker_name: Loose<'t>,
    #[serde(default, borrow)]
    speaker_id: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    raw_text: Loose<'t>,
    #[serde(default, borrow)]
    start_time: Loose<'t>,
    #[serde(default, borrow)]
    end_time: Loose<'t>,
}

#[derive(Deserialize)]
struct Attendee<'t> {
    #[serde(rename = "displayName", default, borrow)]
    display_name: Loose<'t>,
    #[serde(default, borrow)]
    name: Loose<'t>,
    #[serde(default, borrow)]
    email: Loose<'t>,
}

impl<'t> Shape<'t> for Meeting<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let began = self.date_string.moment().or_else(|| self.date.moment());
        let mut transcript = Transcript { title: self.title.owned(), began, ..Transcript::default() };
        for attendee in &self.meeting_attendees {
            transcript.acquaint(attendee.display_name.owned().or(attendee.name.owned()), attendee.email.owned());
        }
        for sentence in &self.sentences {
            let speaker = sentence.speaker_name.owned().or_else(|| sentence.speaker_id.label().map(speaker_label));
            let words = sentence.text.words().or(sentence.raw_text.words());
            transcript.say(speaker.as_deref(), sentence.start_time.seconds(), sentence.end_time.seconds(), words);
        }
        transcript.leave_out(self.summary, "the summary and action items");
        transcript.leave_out(self.analytics, "analytics");
        vec![transcript]
    }
}
