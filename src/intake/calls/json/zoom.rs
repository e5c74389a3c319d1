//! Zoom: the `zoom_transcript` JSON that Zoom Phone and cloud recordings give
//! for download, with a `timeline` of words and who said them. The cloud
//! recording's other timeline file tells only who spoke when.

use serde::Deserialize;

use super::loose::{self, Loose};
use super::{Shape, Transcript};
use crate::intake::draft::{CallPeople, CallPerson};

#[derive(Deserialize)]
pub(super) struct Recording<'t> {
    #[serde(default, borrow)]
    topic: Loose<'t>,
    #[serde(default, borrow)]
    recording_start: Loose<'t>,
    #[serde(default, borrow)]
    start_time: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    timeline: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(default, borrow)]
    ts: Loose<'t>,
    #[serde(default, borrow)]
    end_ts: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    username: Loose<'t>,
    #[serde(default, borrow)]
    email_address: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    users: Vec<User<'t>>,
}

#[derive(Deserialize)]
struct User<'t> {
    #[serde(default, borrow)]
    username: Loose<'t>,
    #[serde(default, borrow)]
    email_address: Loose<'t>,
}

impl<'t> Shape<'t> for Recording<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let began = self.recording_start.moment().or_else(|| self.start_time.moment());
        let mut transcript = Transcript { title: self.topic.owned(), began, ..Transcript::default() };
        for entry in &self.timeline {
            let speaker = match entry.users.as_slice() {
                [] => speaker(&entry.username, &entry.email_address, &mut transcript),
                [user] => speaker(&user.username, &user.email_address, &mut transcript),
                // Several at one microphone: the words are nobody's alone.
                users => Some(users.iter().filter_map(|user| user.username.words()).collect::<Vec<_>>().join(" & ")),
            };
            transcript.say(speaker.as_deref(), entry.ts.seconds(), entry.end_ts.seconds(), entry.text.words());
        }
        vec![transcript]
    }
}

fn speaker(name: &Loose<'_>, address: &Loose<'_>, transcript: &mut Transcript) -> Option<String> {
    let label = name.owned().or_else(|| address.owned())?;
    if let Some(address) = address.owned()
        && !transcript.voices.contains_key(&label)
    {
        transcript.acquaint(name.owned(), Some(address.clone()));
        transcript.voices.insert(label.clone(), CallPerson { address: Some(address), ..CallPerson::default() });
    }
    Some(label)
}
