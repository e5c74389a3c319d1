//! Google Meet: `transcriptEntries` of the REST resource
//! "conferenceRecords.transcripts.entries". Speakers are resource names; who
//! they are stands in "conferenceRecords.participants", given with it or apart.

use serde::Deserialize;

use super::loose::{self, Loose};
use super::outline::Outline;
use super::{Shape, Transcript};
use crate::intake::draft::{CallPeople, CallPerson};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entries<'t> {
    #[serde(default, borrow, deserialize_with = "loose::list")]
    transcript_entries: Vec<Entry<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    entries: Vec<Entry<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    participants: Vec<Participant<'t>>,
    #[serde(default, borrow)]
    next_page_token: Loose<'t>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'t> {
    #[serde(default, borrow)]
    participant: Loose<'t>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    start_time: Loose<'t>,
    #[serde(default, borrow)]
    end_time: Loose<'t>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Participant<'t> {
    #[serde(default, borrow)]
    name: Loose<'t>,
    #[serde(default, borrow)]
    signedin_user: Option<User<'t>>,
    #[serde(default, borrow)]
    anonymous_user: Option<User<'t>>,
    #[serde(default, borrow)]
    phone_user: Option<User<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User<'t> {
    #[serde(default, borrow)]
    display_name: Loose<'t>,
}

fn learn(participants: &[Participant<'_>], people: &mut CallPeople) {
    for participant in participants {
        let users = [&participant.signedin_user, &participant.anonymous_user, &participant.phone_user];
        let name = users.into_iter().flatten().find_map(|user| user.display_name.owned());
        if let (Some(resource), true) = (participant.name.owned(), name.is_some()) {
            people.people.insert(resource, CallPerson { name, ..CallPerson::default() });
        }
    }
}

/// A list of participants without entries.
pub(super) fn read_people(text: &str, outline: &Outline<'_>, people: &mut CallPeople) -> bool {
    let is_list = outline.first("participants").is_some_and(|first| {
        first.has("name") && ["signedinUser", "anonymousUser", "phoneUser"].iter().any(|user| first.has(user))
    });
    if !is_list || !outline.has_only(&["participants", "nextPageToken", "totalSize"]) {
        return false;
    }
    let Ok(list) = serde_json::from_str::<Entries>(text) else { return false };
    learn(&list.participants, people);
    true
}

impl<'t> Shape<'t> for Entries<'t> {
    fn transcripts(self, known: &CallPeople) -> Vec<Transcript> {
        let mut own = CallPeople::default();
        learn(&self.participants, &mut own);
        let entries = if self.transcript_entries.is_empty() { &self.entries } else { &self.transcript_entries };
        let began = entries.iter().find_map(|entry| entry.start_time.moment());
        let mut transcript = Transcript { began, ..Transcript::default() };
        let offset = |time: &Loose<'_>| {
            let began = began?.at.as_millisecond();
            time.moment()?.at.as_millisecond().checked_sub(began).filter(|offset| *offset >= 0)
        };
        let mut nameless = false;
        for entry in entries {
            let resource = entry.participant.owned();
            let label = resource
                .as_ref()
                .map(|resource| format!("Participant {}", resource.rsplit('/').next().unwrap_or_default()));
            if let (Some(resource), Some(label)) = (&resource, &label)
                && !transcript.voices.contains_key(label)
            {
                match own.people.get(resource).or_else(|| known.people.get(resource)) {
                    Some(person) => {
                        transcript.voices.insert(label.clone(), person.clone());
                    }
                    None => nameless = true,
                }
            }
            let (start, end) = (offset(&entry.start_time), offset(&entry.end_time));
            transcript.say(label.as_deref(), start, end, entry.text.words());
        }
        if nameless {
            let message = "some speakers are named by number alone: give the conference's participants with it";
            transcript.warnings.push(message.to_owned());
        }
        if self.next_page_token.words().is_some() {
            transcript.warnings.push("it is one page of several: what was said later is on the next".to_owned());
        }
        vec![transcript]
    }
}
