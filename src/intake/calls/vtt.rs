//! WebVTT captions: cues with times and, mostly, a voice, joined into the turns
//! of a call. Zoom writes `Name: words`, Teams voice tags, Webex the speaker in
//! the cue's name.

use super::call::Call;
use super::{captions, cues};
use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Origin};

pub(in crate::intake) fn read(origin: &Origin, text: &str, collected: &mut Collected) {
    let text = captions::tidied(origin, text, collected);
    let mut found = captions::read(&text);
    found.warn(origin, collected);
    let call = Call { turns: cues::turns(&found.cues), heading: std::mem::take(&mut found.heading), ..Call::default() };
    if call.turns.is_empty() && call.heading.is_empty() {
        collected.leave_unread(origin, "no words stand in it");
        return;
    }
    call.add(origin, "vtt", DocumentKind::Transcript, collected);
}
