//! What a value's line answers or stands under: the question before it, the
//! heading above it, and what speaks against it being the answer.

use crate::claim::Citation;
use crate::language::tokens;
use crate::value::{Kind, Sort, Spotted};

use super::distance::is_linking;
use super::typed::suits;
use super::{Line, Scene, Sign, cite_line};

/// Words before a value in an answer that is nothing but the value.
#[rustfmt::skip]
fn leads_answer(word: &str) -> bool {
    is_linking(word)
        || matches!(
            word,
            "yes" | "yeah" | "yep" | "sure" | "well" | "okay" | "ok" | "oh" | "i" | "think" | "guess" | "that's" | "that" | "it'll" | "they" | "there" | "make" | "aim" | "aiming" | "we're"
                | "let's" | "take" | "start" | "with" | "exactly" | "only" | "just" | "hm" | "1" | "2" | "3" | "4" | "5" | "6" | "actually" | "please" | "want" | "latest" | "up" | "next" | "us"
        )
}

/// The score by what the line answers or stands under, with the citation of it.
pub(super) fn from_context(scene: &Scene, at: usize, field: usize, spotted: &Spotted) -> (f32, Option<Citation>) {
    let line = &scene.lines[at];
    let kind = &scene.route.fields[field].kind;
    let mut best = (0.0f32, None);
    let mut offer = |score: f32, source: &Line| {
        if score > best.0 {
            best = (score, Some(cite_line(source)));
        }
    };
    if !line.asks {
        let questions = scene.replies.questions_of(at);
        let several = questions.iter().filter(|q| asks_kind(scene, **q, kind)).nth(1).is_some();
        // What is said after the answer is about something else: `70 users. The company is 430.`
        let late = has_answered_before(scene, at, kind);
        for (rank, question) in questions.iter().enumerate() {
            let asked = &scene.lines[*question];
            let Some(hit) =
                asked.hits_of(field).filter(|hit| hit.sign == Sign::Cue).max_by(|a, b| a.weight.total_cmp(&b.weight))
            else {
                continue;
            };
            let asks_other = asked.hits.iter().any(|other| {
                other.field != field
                    && other.sign == Sign::Cue
                    && suits(&scene.route.fields[other.field].kind, spotted.sort)
                    && other.end - other.start > hit.end - hit.start
            });
            let before = &line.text[line.start..spotted.start];
            // What else the line talks about before it comes to the value: `I am on holiday until …`.
            let aside =
                tokens(before).iter().filter(|token| !leads_answer(&token.text(before).to_ascii_lowercase())).count();
            let lead = tokens(&line.text[line.start..spotted.start]).len();
            let base = 0.95 - 0.05 * rank as f32 - 0.012 * lead as f32 - 0.05 * lead.saturating_sub(3) as f32;
            let base = base - 0.09 * aside as f32 - if counts_else(scene, line, spotted, field) { 0.3 } else { 0.0 };
            let base = base - if late { 0.3 } else { 0.0 };
            offer(hit.weight * base - if asks_other { 0.2 } else { 0.0 } - if several { 0.15 } else { 0.0 }, asked);
        }
    }
    // A heading or the sentence before, by the same speaker, that holds the cue and no value of its own.
    if let Some(before) = at
        .checked_sub(1)
        .map(|i| &scene.lines[i])
        .filter(|before| before.message == line.message && before.kind == line.kind)
        && !before.values.iter().any(|value| suits(kind, value.sort))
        && let Some(hit) = before.hits_of(field).find(|hit| hit.sign == Sign::Cue)
    {
        let heading = before.words().trim_end().ends_with(':') && before.end - before.start < 60;
        let lead = tokens(&line.text[line.start..spotted.start]).len() as f32;
        let short = before.end - before.start < 90;
        offer(
            hit.weight
                * if heading {
                    0.95
                } else if before.asks {
                    0.0
                } else if short {
                    0.78 - 0.015 * lead
                } else {
                    0.62
                },
            before,
        );
    }
    best
}

/// Whether a line before in the same message holds a value of the kind and answers the same question.
fn has_answered_before(scene: &Scene, at: usize, kind: &Kind) -> bool {
    let line = &scene.lines[at];
    let question = scene.replies.questions_of(at).first();
    (0..at)
        .rev()
        .take(6)
        .map(|before| (before, &scene.lines[before]))
        .take_while(|(_, before)| before.message == line.message && before.kind == line.kind)
        .any(|(place, before)| {
            !before.asks
                && before.values.iter().any(|value| suits(kind, value.sort))
                && scene.replies.questions_of(place).first() == question
        })
}

/// `two forklifts` as an answer to how many pallets: something else is counted.
fn counts_else(scene: &Scene, line: &Line, spotted: &Spotted, field: usize) -> bool {
    if spotted.sort != Sort::Number {
        return false;
    }
    let rest = &line.text[spotted.end..line.end];
    let Some(noun) = tokens(rest)
        .first()
        .map(|token| token.text(rest).to_lowercase())
        .filter(|noun| noun.len() > 3 && noun.ends_with('s'))
    else {
        return false;
    };
    let wanted = &scene.route.fields[field];
    let stem: String = noun.chars().take(4).collect();
    let known = wanted
        .cues
        .iter()
        .chain([&wanted.label, &wanted.question])
        .any(|text| text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&stem)));
    !known
        && !matches!(noun.as_str(), "this" | "does" | "was" | "plus" | "versus" | "always" | "us" | "persons" | "yes")
}

fn asks_kind(scene: &Scene, line: usize, kind: &Kind) -> bool {
    scene.lines[line].hits.iter().any(|hit| hit.sign == Sign::Cue && scene.route.fields[hit.field].kind == *kind)
}
