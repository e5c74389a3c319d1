//! SubRip captions: numbered cues, each with its times and the words
//! spoken, joined into the turns of a call.

use super::call::Call;
use super::cues;
use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Origin};
use crate::intake::text;

pub(in crate::intake) fn read(origin: &Origin, text: &str, collected: &mut Collected) {
    let tidied = text::tidy(text.trim_start_matches('\u{feff}'), &collected.limits);
    collected.warn_of_cuts(&origin.source, "", &tidied);
    let mut call = Call::default();
    let mut found = Vec::new();
    for block in cues::blocks(&tidied.text) {
        let homeless = cues::take_block(&block, &mut found);
        call.heading.extend(homeless.into_iter().map(|line| line.trim().to_owned()));
    }
    call.turns = cues::turns(&found);
    call.add(origin, "srt", DocumentKind::Transcript, collected);
}
