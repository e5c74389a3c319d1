//! What a value's line answers or stands under: the question before it, the
//! heading above it, and what speaks against it being the answer.

use crate::claim::Citation;
use crate::language::tokens;
use crate::value::{Kind, Sort, Spotted};

use super::direct::{asks_directly, asks_for_people, counts_people, is_only_one, is_trade};
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
        let late = has_answered_before(scene, at, kind) && !sums_up(line.words());
        for (rank, question) in questions.iter().enumerate() {
            let asked = &scene.lines[*question];
            let hit =
                asked.hits_of(field).filter(|hit| hit.sign == Sign::Cue).max_by(|a, b| a.weight.total_cmp(&b.weight));
            let (direct, rivals) = asks_directly(scene, (at, field), spotted, asked);
            // `How many are stuck?` asks for the one field that counts people, in whatever words.
            let only = hit.is_none()
                && rank == 0
                && direct
                && !rivals
                && is_only_one(scene, field)
                && counts_people(asked.words(), kind);
            if only && !opens_elsewhere(line) {
                offer(0.82, asked);
                continue;
            }
            let Some(hit) = hit else { continue };
            let weight = if direct && !rivals { hit.weight.max(0.9) } else { hit.weight };
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
            let base = base - if late || opens_elsewhere(line) { 0.3 } else { 0.0 };
            // The only day in the answer to `since when`, the only figure in the answer to `how many`.
            let base = if direct && !opens_elsewhere(line) { base.max(0.84 - 0.05 * rank as f32) } else { base };
            offer(weight * base - if asks_other { 0.2 } else { 0.0 } - if several { 0.15 } else { 0.0 }, asked);
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

/// `So fifteen.`, `That makes 40.`: what was told before, counted together.
fn sums_up(words: &str) -> bool {
    let all = tokens(words);
    let word = |at: usize| all.get(at).map(|token| token.text(words).to_lowercase()).unwrap_or_default();
    all.len() <= 8
        && (matches!(word(0).as_str(), "so" | "altogether" | "total" | "makes" | "insgesamt" | "also" | "soit")
            || word(0).starts_with("that") && word(1) == "makes")
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
pub(super) fn counts_else(scene: &Scene, line: &Line, spotted: &Spotted, field: usize) -> bool {
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
    if asks_for_people(wanted) && is_trade(&noun) {
        return false;
    }
    let stem: String = noun.chars().take(4).collect();
    let known = wanted
        .cues
        .iter()
        .chain([&wanted.label, &wanted.question])
        .any(|text| text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&stem)));
    !known
        && !matches!(noun.as_str(), "this" | "does" | "was" | "plus" | "versus" | "always" | "us" | "persons" | "yes")
}

/// `At Larkmoor Stone it was …`: what a line tells at its head is of somebody else's place.
fn opens_elsewhere(line: &Line) -> bool {
    let words = line.words();
    let all = tokens(words);
    let place = all.first().is_some_and(|token| matches!(token.text(words), "At" | "Bei" | "Chez"));
    let capital = |at: usize| all.get(at).is_some_and(|token| token.text(words).starts_with(char::is_uppercase));
    place && capital(1) && capital(2)
}

fn asks_kind(scene: &Scene, line: usize, kind: &Kind) -> bool {
    scene.lines[line].hits.iter().any(|hit| hit.sign == Sign::Cue && scene.route.fields[hit.field].kind == *kind)
}
