//! Gong: `callTranscripts` of the API's "Retrieve transcripts of calls"
//! (/v2/calls/transcript). It names speakers by id alone; who they are stands in
//! "Retrieve detailed call data" (/v2/calls/extensive), given with it or apart.

use serde::Deserialize;

use super::loose::{self, Loose, Present};
use super::outline::Outline;
use super::{Shape, Transcript};
use crate::conversation::Side;
use crate::intake::draft::{CallPeople, CallPerson, KnownCall};

#[derive(Deserialize)]
pub(super) struct Response<'t> {
    #[serde(rename = "callTranscripts", default, borrow, deserialize_with = "loose::list")]
    transcripts: Vec<CallTranscript<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    calls: Vec<Detailed<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallTranscript<'t> {
    #[serde(default, borrow)]
    call_id: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    transcript: Vec<Monologue<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    parties: Vec<Party<'t>>,
    #[serde(default, borrow)]
    meta_data: Option<MetaData<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monologue<'t> {
    #[serde(default, borrow)]
    speaker_id: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    sentences: Vec<Sentence<'t>>,
}

#[derive(Deserialize)]
struct Sentence<'t> {
    #[serde(default, borrow)]
    start: Loose<'t>,
    #[serde(default, borrow)]
    end: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detailed<'t> {
    #[serde(default, borrow)]
    meta_data: Option<MetaData<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    parties: Vec<Party<'t>>,
    /// Brief, key points, outline.
    #[serde(default)]
    content: Present,
}

#[derive(Deserialize)]
struct MetaData<'t> {
    #[serde(default, borrow)]
    id: Loose<'t>,
    #[serde(default, borrow)]
    title: Loose<'t>,
    #[serde(default, borrow)]
    started: Loose<'t>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party<'t> {
    #[serde(default, borrow)]
    speaker_id: Loose<'t>,
    #[serde(default, borrow)]
    name: Loose<'t>,
    #[serde(default, borrow)]
    email_address: Loose<'t>,
    #[serde(default, borrow)]
    affiliation: Loose<'t>,
}

impl Party<'_> {
    fn person(&self) -> CallPerson {
        let side = match self.affiliation.words() {
            Some("Internal") => Side::Ours,
            Some("External") => Side::Theirs,
            _ => Side::Unknown,
        };
        CallPerson { name: self.name.owned(), address: self.email_address.owned(), side }
    }
}

impl MetaData<'_> {
    fn known(&self) -> KnownCall {
        KnownCall { title: self.title.owned(), began: self.started.moment() }
    }
}

fn key(call: &str, speaker: &str) -> String {
    format!("gong {call} {speaker}")
}

fn learn(calls: &[Detailed<'_>], people: &mut CallPeople) {
    for call in calls {
        let Some(meta) = &call.meta_data else { continue };
        let id = meta.id.label().unwrap_or_default();
        for party in &call.parties {
            if let Some(speaker) = party.speaker_id.label() {
                people.people.insert(key(&id, &speaker), party.person());
            }
        }
        people.calls.insert(format!("gong {id}"), meta.known());
    }
}

/// Detailed call data without transcripts.
pub(super) fn read_people(text: &str, outline: &Outline<'_>, people: &mut CallPeople) -> bool {
    let is_detailed = outline.first("calls").is_some_and(|first| first.has("metaData") && first.is_list("parties"));
    if !is_detailed {
        return false;
    }
    let Ok(response) = serde_json::from_str::<Response>(text) else { return false };
    learn(&response.calls, people);
    true
}

impl<'t> Shape<'t> for Response<'t> {
    fn transcripts(self, known: &CallPeople) -> Vec<Transcript> {
        let mut own = CallPeople::default();
        learn(&self.calls, &mut own);
        let made = self.calls.iter().any(|call| call.content.0);
        let mut transcripts: Vec<Transcript> =
            self.transcripts.iter().map(|call| call.transcript_with(&[&own, known])).collect();
        if let Some(first) = transcripts.first_mut() {
            first.leave_out(Present(made), "the brief and key points");
        }
        transcripts
    }
}

impl<'t> Shape<'t> for CallTranscript<'t> {
    fn transcripts(self, known: &CallPeople) -> Vec<Transcript> {
        vec![self.transcript_with(&[known])]
    }
}

impl CallTranscript<'_> {
    fn transcript_with(&self, known: &[&CallPeople]) -> Transcript {
        let id = self.call_id.label().unwrap_or_default();
        let call = known.iter().find_map(|known| known.calls.get(&format!("gong {id}")));
        let call = self.meta_data.as_ref().map(MetaData::known).or_else(|| call.cloned()).unwrap_or_default();
        let mut transcript = Transcript { title: call.title, began: call.began, ..Transcript::default() };
        for party in &self.parties {
            if let Some(speaker) = party.speaker_id.label() {
                transcript.voices.insert(format!("Speaker {speaker}"), party.person());
            }
        }
        let mut nameless = false;
        for monologue in &self.transcript {
            let speaker = monologue.speaker_id.label();
            let label = speaker.as_ref().map(|speaker| format!("Speaker {speaker}"));
            if let (Some(speaker), Some(label)) = (&speaker, &label)
                && !transcript.voices.contains_key(label)
            {
                match known.iter().find_map(|known| known.people.get(&key(&id, speaker))) {
                    Some(person) => {
                        transcript.voices.insert(label.clone(), person.clone());
                    }
                    None => nameless = true,
                }
            }
            for sentence in &monologue.sentences {
                let (start, end) = (sentence.start.milliseconds(), sentence.end.milliseconds());
                transcript.say(label.as_deref(), start, end, sentence.text.words());
            }
        }
        let people: Vec<CallPerson> = transcript.voices.values().cloned().collect();
        for person in people {
            transcript.acquaint(person.name, person.address);
        }
        if nameless {
            let message =
                "some speakers are named by number alone: give the call's parties (/v2/calls/extensive) with it";
            transcript.warnings.push(message.to_owned());
        }
        transcript
    }
}
