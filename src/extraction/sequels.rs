//! What is told in two sentences: a problem whose second half says what happens
//! instead, a figure whose next sentence says what it is to come to.

use crate::language::{Phrases, fold, tokens};

use super::Line;
use super::structure::{Build, DUE, FAILS, is_limit};

#[rustfmt::skip]
const TURNS: Phrases = Phrases::new(&["instead", "they don't", "it doesn't", "they do not", "it does not", "that doesn't", "that does not", "but it", "but they", "stattdessen", "aber ", "au lieu", "mais ", "en vez", "en cambio", "pero ", "it gets", "they get", "now it", "now they", "since "]);

#[rustfmt::skip]
const AIMS: Phrases = Phrases::new(&["if it's", "if it is", "if we're", "if we are", "if that's", "if that is", "i want", "we want", "i'd like", "we'd like", "wenn ", "wir wollen", "si on", "nous voulons", "queremos", "si baja", "si llega", "want to be", "want it", "want that", "should be", "has to be", "needs to be", "the goal", "the target"]);

/// `Every note should come over.` – `Instead it …`, `They don't, …`: what should happen, and in the next sentence what does.
/// `A tanker stands for 48 minutes.` – `I want that at 30 by June.`: the figure, and what it is to come to.
pub(super) fn goes_on(build: Build, line: &Line, next: &Line) -> bool {
    match build {
        Build::Problem => {
            let (text, behind) = (line.words(), next.words());
            let opens = TURNS.stand_in(&behind.chars().take(24).collect::<String>().to_lowercase());
            DUE.stand_in(text)
                && !text.contains(" must have")
                && (opens || FAILS.stand_in(behind) && behind.starts_with("The "))
        }
        Build::Measure => {
            let figure = |words: &str| words.contains(|c: char| c.is_ascii_digit());
            let (text, behind) = (line.words(), next.words());
            let limited = tokens(behind).iter().any(|token| is_limit(&fold(token.text(behind))));
            figure(text) && figure(behind) && AIMS.stand_in(behind) && limited && !text.contains(['€', '$', '£'])
        }
        Build::Loss | Build::Steps => false,
    }
}
