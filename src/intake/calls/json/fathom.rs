//! Fathom: the API's "Meeting" (list meetings, webhook) and the answer of
//! "Get transcript", with times as clocks from the start of the recording.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::loose::{self, Loose, Present};
use super::{Shape, Transcript};
use crate::conversation::Side;
use crate::intake::draft::{CallPeople, CallPerson};

#[derive(Deserialize)]
pub(super) struct Meeting<'t> {
    #[serde(default, borrow)]
    title: Loose<'t>,
    #[serde(default, borrow)]
    meeting_title: Loose<'t>,
    #[serde(default, borrow)]
    recording_start_time: Loose<'t>,
    #[serde(default, borrow)]
    scheduled_start_time: Loose<'t>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    transcript: Vec<Item<'t>>,
    #[serde(default, borrow, deserialize_with = "loose::list")]
    calendar_invitees: Vec<Invitee<'t>>,
    #[serde(default, borrow)]
    recorded_by: Option<Invitee<'t>>,
    #[serde(default)]
    default_summary: Present,
    #[serde(default)]
    action_items: Present,
    #[serde(default)]
    crm_matches: Present,
}

#[derive(Deserialize)]
struct Item<'t> {
    #[serde(default, borrow)]
    speaker: Option<Speaker<'t>>,
    #[serde(default, borrow)]
    text: Loose<'t>,
    #[serde(default, borrow)]
    timestamp: Loose<'t>,
}

#[derive(Deserialize)]
struct Speaker<'t> {
    #[serde(default, borrow)]
    display_name: Loose<'t>,
    #[serde(default, borrow)]
    matched_calendar_invitee_email: Loose<'t>,
}

#[derive(Deserialize)]
struct Invitee<'t> {
    #[serde(default, borrow)]
    name: Loose<'t>,
    #[serde(default, borrow)]
    email: Loose<'t>,
    #[serde(default, borrow)]
    matched_speaker_display_name: Loose<'t>,
    #[serde(default)]
    is_external: Option<bool>,
}

impl<'t> Shape<'t> for Meeting<'t> {
    fn transcripts(self, _: &CallPeople) -> Vec<Transcript> {
        let began = self.recording_start_time.moment().or_else(|| self.scheduled_start_time.moment());
        let title = self.meeting_title.owned().or(self.title.owned());
        let mut transcript = Transcript { title, began, ..Transcript::default() };
        let mut sides: FxHashMap<String, Side> = FxHashMap::default();
        for invitee in self.calendar_invitees.iter().chain(&self.recorded_by) {
            transcript.acquaint(invitee.name.owned(), invitee.email.owned());
            transcript.acquaint(invitee.matched_speaker_display_name.owned(), invitee.email.owned());
            let side = invitee.is_external.map(|external| if external { Side::Theirs } else { Side::Ours });
            for key in [&invitee.email, &invitee.name, &invitee.matched_speaker_display_name] {
                if let (Some(key), Some(side)) = (key.owned(), side) {
                    sides.entry(key).or_insert(side);
                }
            }
        }
        for item in &self.transcript {
            let name = item.speaker.as_ref().and_then(|speaker| speaker.display_name.owned());
            let address = item.speaker.as_ref().and_then(|speaker| speaker.matched_calendar_invitee_email.owned());
            if let Some(name) = name.as_ref().filter(|name| !transcript.voices.contains_key(*name)) {
                let side = address.as_ref().and_then(|address| sides.get(address)).or_else(|| sides.get(name));
                let person = CallPerson { name: None, address, side: side.copied().unwrap_or_default() };
                transcript.voices.insert(name.clone(), person);
            }
            transcript.say(name.as_deref(), item.timestamp.seconds(), None, item.text.words());
        }
        transcript.leave_out(self.default_summary, "the summary");
        transcript.leave_out(self.action_items, "action items");
        if self.crm_matches.0 {
            transcript.warnings.push("the CRM's matches in it are not read: give the record itself".to_owned());
        }
        vec![transcript]
    }
}
