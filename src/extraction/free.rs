//! Short text: what stands after a label or cue, the words that answer a
//! question, and the items under a heading.

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::SegmentKind;
use crate::language::{Doubt, Reach, doubts, fold, is_role_word, tokens};
use crate::route::Field;
use crate::route::cues::FAINTEST;
use crate::value::{Kind, Sort};

use super::items::split_items;
use super::named::{Form, claim_formed, form_of};
use super::phrases::{MOST_WORDS, defers, trim, words_after};
use super::references::is_other_sides;
use super::systems::{claim_systems, is_idle};
use super::{Hit, Line, Scene, Sign, cite_line, claim, sentence};

pub(super) fn claim_text(scene: &Scene, claims: &mut Vec<Claim>) {
    for (index, field) in scene.route.fields.iter().enumerate() {
        match field.kind {
            Kind::Text | Kind::Team => {
                let form = form_of(field);
                let formed = form.map(|form| (form, claim_formed(scene, index, form, claims)));
                // What has a form is found by it; beside that only a label says the same without doubt.
                let formed = matches!(
                    formed,
                    Some((
                        Form::Country
                            | Form::Hours
                            | Form::Address
                            | Form::Error
                            | Form::Product
                            | Form::Current
                            | Form::UnNumber,
                        true
                    ))
                );
                claim_short(scene, index, (field, formed), claims);
                if field.list && super::writers::bears(field, "integrations") {
                    claim_systems(scene, index, field, claims);
                }
            }
            Kind::LongText => sentence::claim_sentence(scene, index, field, claims),
            _ => {}
        }
    }
}

/// `Country: Portugal`: the cue is a label that opens the line.
fn is_label(line: &Line, hit: &Hit) -> bool {
    let before = line.text[line.start..hit.start].trim_matches(|c: char| !c.is_alphanumeric());
    before.is_empty() && line.text[hit.end..line.end].trim_start().starts_with(':')
}

/// Claims short texts; `labels` alone where the field's values have a form and were found by it.
fn claim_short(scene: &Scene, index: usize, (field, labels): (&Field, bool), claims: &mut Vec<Claim>) {
    for (at, line) in
        scene.lines.iter().enumerate().filter(|(_, line)| line.counts && line.kind != SegmentKind::Signature)
    {
        if labels && !line.hits_of(index).any(|hit| hit.sign == Sign::Cue && is_label(line, hit)) {
            continue;
        }
        let own = line.hits_of(index).any(|hit| hit.sign == Sign::Cue);
        // `Two.` counts the systems and names none.
        let names = |(_, start, end): &(Citation, usize, usize)| {
            let words = &line.text[*start..*end];
            !field.list || tokens(words).iter().any(|token| !is_idle(&fold(token.text(words))))
        };
        if let Some((question, start, end)) = answer_words(scene, at, index).filter(|_| !own).filter(names) {
            push_short(field, line, (start, end), vec![cite_line(line), question], Certainty::Stated, claims);
            continue;
        }
        if line.asks {
            continue;
        }
        if let Some(items) = items_under(scene, at, index) {
            for item in items {
                push_short(
                    field,
                    item,
                    item_span(item),
                    vec![cite_line(item), cite_line(line)],
                    Certainty::Stated,
                    claims,
                );
            }
            continue;
        }
        let form = form_of(field);
        let theirs = |hit: &Hit| form.is_some_and(|form| is_other_sides(line, hit, form));
        let telling = |hit: &&Hit| hit.sign == Sign::Cue && hit.weight >= FAINTEST && !theirs(hit);
        for hit in line.hits_of(index).filter(telling) {
            let Some((start, end, sure)) = words_after(line, hit) else { continue };
            // `booked as sales order SO-52233`: one cue leads to the next, and that to the value.
            if line
                .hits_of(index)
                .any(|other| other.sign == Sign::Cue && other.start < end && start < other.end && other != hit)
            {
                continue;
            }
            // `We are on TourFix` tells what they use, `We are Marlow` who they are.
            let company = super::writers::bears(field, "company name") || super::writers::bears(field, "customer name");
            let between = line.text.get(hit.end..start).unwrap_or_default().trim();
            if company
                && !between.is_empty()
                && tokens(between).iter().any(|token| is_place_word(&fold(token.text(between))))
            {
                continue;
            }
            // `Do it on Teams`: what another field has for a choice is that field's.
            let chosen = |hit: &Hit| matches!(hit.sign, Sign::Choice(_)) && hit.start < end && start < hit.end;
            if !field.list && form == Some(Form::Current) && line.hits.iter().any(chosen) {
                continue;
            }
            if names_else(form, line, (start, end)) {
                continue;
            }
            let sure = if is_unlikely(field, line, (start, end)) { Certainty::Guessed } else { sure };
            let found = doubts(line.text, (line.start, line.end), (start, end), Reach::Outside);
            if found.contains(&Doubt::Negated) {
                continue;
            }
            // Loose words are an answer too: a vague one.
            let loose = field.specific && crate::value::vagueness(&field.kind, &line.text[start..end]).is_some();
            let sure = if loose { Certainty::Stated } else { sure };
            let sure = if super::choices::is_over(line, start) { Certainty::Guessed } else { sure };
            push_short(field, line, (start, end), vec![cite_line(line)], sure, claims);
            break;
        }
    }
}

/// Words that cannot be the value, by the form of what the field wants: a number of an order is a few words with a figure,
/// and nobody works with `Ann` as a system.
fn names_else(form: Option<Form>, line: &Line, (start, end): (usize, usize)) -> bool {
    let words = &line.text[start..end];
    let coded = tokens(words).len() <= 5 && words.contains(|c: char| c.is_ascii_digit());
    let somebody = || {
        let named =
            |value: &crate::value::Spotted| value.sort == Sort::Person && value.start < end && start < value.end;
        line.values.iter().any(named)
    };
    match form {
        Some(Form::Order | Form::Purchase) => !coded,
        Some(Form::Current) => somebody(),
        _ => false,
    }
}

fn is_place_word(word: &str) -> bool {
    matches!(
        word,
        "on" | "in" | "at" | "with" | "from" | "by" | "off" | "auf" | "bei" | "mit" | "sur" | "dans" | "en" | "con"
    )
}

/// A bare count where a name is asked for, or a name where a role is.
fn is_unlikely(field: &Field, line: &Line, (start, end): (usize, usize)) -> bool {
    let words = &line.text[start..end];
    let folded = format!("{} {}", field.key, field.label).to_lowercase();
    let numbered = ["number", "no", "code", "po", "order", "id", "hours", "address", "error", "ref"];
    let asks_number = folded.split(|c: char| !c.is_alphanumeric()).any(|word| numbered.contains(&word));
    let first = words.split_whitespace().next().unwrap_or_default();
    let counts = !asks_number && first.chars().all(|c| c.is_ascii_digit()) && !first.is_empty();
    let role = super::writers::bears(field, "contact role");
    let titled = tokens(words).iter().any(|token| is_role_word(&fold(token.text(words))));
    counts || role && words.starts_with(char::is_uppercase) && !titled
}

fn push_short(
    field: &Field,
    line: &Line,
    (start, end): (usize, usize),
    cited: Vec<Citation>,
    sure: Certainty,
    claims: &mut Vec<Claim>,
) {
    if field.list {
        for (from, to) in split_items(line.text, start, end) {
            // `Two of them: Oak …`: what leads up to the names is no part of the first.
            let from = line.text[from..to].rfind(": ").map_or(from, |at| from + at + 2);
            // `Larch Pay for the wages`: what it is for is no part of its name.
            let purpose = line.text[from..to]
                .find(" for ")
                .filter(|at| line.text[from + at + " for ".len()..to].starts_with(char::is_lowercase));
            let to = purpose.map_or(to, |at| from + at);
            // The things in a list bear names: `heard that` is none.
            let named = line.text[from..to].contains(|c: char| c.is_uppercase() || c.is_ascii_digit());
            let sure = if field.specific && !named { Certainty::Guessed } else { sure };
            claims.push(claim(field, cited.clone(), line.text[from..to].to_owned(), sure));
        }
    } else {
        claims.push(claim(field, cited, line.text[start..end].to_owned(), sure));
    }
}

/// The words that answer a question which holds the field's cue.
fn answer_words(scene: &Scene, at: usize, field: usize) -> Option<(Citation, usize, usize)> {
    let line = &scene.lines[at];
    if line.asks {
        return None;
    }
    let (rank, question) = scene
        .replies
        .questions_of(at)
        .iter()
        .enumerate()
        .find(|(_, q)| scene.lines[**q].hits_of(field).any(|hit| hit.sign == Sign::Cue))?;
    if rank > 0 {
        return None;
    }
    let asked = &scene.lines[*question];
    // Things are no answer to `who`.
    if scene.route.fields[field].list && asks_who(asked.words()) {
        return None;
    }
    // A question that merely hints at the field and speaks of another one asks for that.
    let tells = asked.hits_of(field).any(Hit::tells);
    if !tells && asked.hits.iter().any(|hit| hit.field != field && hit.tells()) {
        return None;
    }
    // Only what, which, where, how and the like ask for words; a yes/no question does not.
    let opener = asked.words().to_ascii_lowercase();
    let open = ["what", "which", "where", "who", "how", "name", "tell", "describe", "list", "when"]
        .iter()
        .any(|word| opener.contains(word));
    if !open || !(line.opens || line.start == scene.lines[at].start && answers_at_once(scene, at)) {
        return None;
    }
    let (start, end) = strip_lead(line, line.start, line.end);
    let words = tokens(&line.text[start..end]).len();
    let answer = &line.text[start..end];
    // `He has.`, `I'm over it.`, `Cheers.`: talk, and no thing.
    let opener =
        tokens(line.words()).first().map(|token| fold(token.text(line.words())).into_owned()).unwrap_or_default();
    let talks = matches!(
        opener.as_str(),
        "i" | "i'm"
            | "i'll"
            | "i've"
            | "i'd"
            | "he"
            | "she"
            | "he's"
            | "she's"
            | "they"
            | "they're"
            | "you"
            | "you're"
            | "cheers"
            | "thanks"
            | "ta"
            | "both"
            | "lovely"
            | "ha"
            | "haha"
            | "no"
            | "not"
    );
    if talks && words < 8 || answer.to_lowercase().contains("haha") || opens_open(line, (start, end)) {
        return None;
    }
    (words > 0 && words <= MOST_WORDS && !defers(answer) && !is_small_talk(answer))
        .then(|| (cite_line(asked), start, end))
}

fn asks_who(question: &str) -> bool {
    tokens(question).iter().any(|token| {
        matches!(fold(token.text(question)).as_ref(), "who" | "whom" | "who's" | "wer" | "wen" | "qui" | "quién")
    })
}

/// `Maybe Larchbook.`: the first word of an answer leaves it open or denies it.
fn opens_open(line: &Line, (start, end): (usize, usize)) -> bool {
    let Some(second) = tokens(&line.text[start..end]).get(1).map(|token| start + token.start) else { return false };
    let found = doubts(line.text, (line.start, line.end), (second, end), Reach::Outside);
    found.contains(&Doubt::Hedged) || found.contains(&Doubt::Negated)
}

/// Whether nothing but courtesy or an agreement stands before the line in its message.
pub(super) fn answers_at_once(scene: &Scene, at: usize) -> bool {
    let message = scene.lines[at].message;
    scene.lines[..at].iter().rev().take_while(|line| line.message == message && line.kind == SegmentKind::Body).all(
        |line| {
            let words = tokens(line.words());
            // `For Marlow Transit.` is an answer by itself; what follows it is about something else.
            let named =
                words.iter().skip(1).filter(|word| word.text(line.words()).starts_with(char::is_uppercase)).count();
            words.len() <= 4 && (named < 2 || line.asks)
        },
    )
}

/// Words that follow a question without answering it.
#[rustfmt::skip]
fn is_small_talk(words: &str) -> bool {
    let folded = format!(" {} ", words.to_ascii_lowercase());
    [
        "thank", "happy", "see you", " bye", "hello", " hi ", " hey ", "sorry", "weekend", "holiday", " none ", " nothing ", " no ", " not ", "n't ", "good morning", "one sec", "hold on", "moment",
        "question", "anyway", "by the way", "speak soon", "talk soon", "congrat", "sounds good", "great", "perfect",
    ]
    .iter()
    .any(|phrase| folded.contains(phrase))
}

/// Leaves out `Yes,`, `It's`, `So`, `That would be` before an answer and the full stop after it.
fn strip_lead(line: &Line, start: usize, end: usize) -> (usize, usize) {
    let text = &line.text[start..end];
    let words = tokens(text);
    let skip = words
        .iter()
        .take_while(|word| {
            matches!(
                fold(word.text(text)).as_ref(),
                "yes"
                    | "yeah"
                    | "sure"
                    | "um"
                    | "uh"
                    | "so"
                    | "well"
                    | "it's"
                    | "it"
                    | "is"
                    | "that's"
                    | "that"
                    | "would"
                    | "be"
                    | "the"
                    | "a"
                    | "an"
                    | "we"
                    | "use"
                    | "have"
                    | "they"
                    | "they're"
                    | "it'll"
                    | "mainly"
                    | "mostly"
                    | "just"
                    | "okay"
                    | "ok"
                    | "right"
                    | "oh"
                    | "there"
                    | "there's"
                    | "are"
                    | "i"
                    | "think"
                    | "on"
                    | "in"
                    | "at"
                    | "our"
                    | "currently"
                    | "only"
                    | "for"
                    | "für"
                    | "pour"
                    | "para"
            )
        })
        .count();
    let begin = words.get(skip).map_or(start, |word| start + word.start);
    trim(line.text, begin, end)
}

/// The list items under a heading line that holds the field's cue.
fn items_under<'s>(scene: &'s Scene, at: usize, field: usize) -> Option<Vec<&'s Line<'s>>> {
    let line = &scene.lines[at];
    let is_heading = |line: &Line| line.words().trim_end().ends_with(':') && line.hits_of(field).any(Hit::tells);
    if !is_heading(line) {
        return None;
    }
    let items: Vec<&Line> = scene.lines[at + 1..]
        .iter()
        .take_while(|next| {
            next.message == line.message
                && next.kind == line.kind
                && next.words().starts_with(['-', '*', '•', '–', '·'])
                // What stands under the next heading is its own.
                && !is_heading(next)
        })
        .collect();
    (!items.is_empty()).then_some(items)
}

fn item_span(line: &Line) -> (usize, usize) {
    trim(line.text, line.start, line.end)
}
