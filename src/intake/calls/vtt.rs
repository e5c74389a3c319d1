//! WebVTT captions: cues with times and, mostly, a voice, joined into the
//! turns of a call.

use super::call::{self, Call};
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
        let Some(first) = block.first() else { continue };
        if let Some(rest) = first.trim_start().strip_prefix("WEBVTT").filter(|_| found.is_empty()) {
            let title = rest.trim_start_matches([' ', '-']).trim();
            take_notes(std::iter::once(title), &mut call);
            let timed = block.iter().position(|line| cues::read_timing(line).is_some()).unwrap_or(block.len());
            take_notes(block[1..timed].iter().copied(), &mut call);
            call.heading.extend(cues::take_block(&block[timed..], &mut found).into_iter().map(str::to_owned));
        } else if let Some(rest) = keyword(first, "NOTE") {
            take_notes(std::iter::once(rest).chain(block[1..].iter().copied()), &mut call);
        } else if keyword(first, "STYLE").is_some() || keyword(first, "REGION").is_some() {
            continue;
        } else {
            let homeless = cues::take_block(&block, &mut found);
            call.heading.extend(homeless.into_iter().map(str::to_owned));
        }
    }
    call.turns = cues::turns(&found);
    call.add(origin, "vtt", DocumentKind::Transcript, collected);
}

/// What follows a block's keyword on its line.
fn keyword<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(word)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Comments are for programs, except those that name the day, the title or the people.
fn take_notes<'t>(lines: impl Iterator<Item = &'t str>, call: &mut Call) {
    call.heading.extend(lines.filter(|line| call::read_heading(line).is_some()).map(|line| line.trim().to_owned()));
}
