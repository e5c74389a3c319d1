//! How firmly a cue points at a value of its line: by what stands between
//! them, on which side, and whether the number counts what the cue names.

use crate::language::{Phrases, fold, tokens};
use crate::value::{Sort, Spotted};

use super::replaced::is_replaced;
use super::{Hit, Line};

/// How firmly a cue in the same line points at a value.
pub(super) fn beside(line: &Line, hit: &Hit, spotted: &Spotted) -> f32 {
    let (from, to, after) = if hit.end <= spotted.start {
        (hit.end, spotted.start, false)
    } else if spotted.end <= hit.start {
        (spotted.end, hit.start, true)
    } else {
        return hit.weight;
    };
    // `moves from A to B`: B stands where A began.
    let to = line
        .values
        .iter()
        .find(|other| !after && other.start >= from && other.end <= to && is_replaced(line, other, spotted))
        .map_or(to, |gone| gone.start);
    let between = &line.text[from..to];
    let words = tokens(between);
    let linking = words.iter().filter(|token| !is_linking(&token.text(between).to_ascii_lowercase())).count();
    let labels = between.trim_start().starts_with([':', '=', '|']) || matches!(between.trim(), "-" | "–");
    // `Value of the goods for the freight note: 23,480`: a label with more to it.
    let opens = line.text[line.start..hit.start].split_whitespace().count() <= 2;
    let long_label =
        !after && opens && between.trim_end().ends_with(':') && words.len() <= 5 && !between.contains([',', ';']);
    // `24 users on day one: 19 planners and 5 clerks` counts the parts behind the whole.
    let counted_before = line.values.iter().any(|other| other.sort == spotted.sort && other.end <= hit.start);
    let labelled = (labels && !after || long_label) && !counted_before;
    if labelled {
        return hit.weight.max(0.9) + 0.1;
    }
    if hit.tells()
        && (!after && !counted_before && is_fronted(line, hit, between) || after && points_back(line, hit, spotted))
    {
        return hit.weight.max(0.85) - 0.02;
    }
    if after && spotted.sort == Sort::Number && counts_subject(between, &line.text[hit.start..hit.end]) {
        return hit.weight.max(0.85) - 0.02;
    }
    // `27 accounts`: the thing that is counted stands at its number.
    if after
        && spotted.sort == Sort::Number
        && between.trim().is_empty()
        && !line.text[hit.start..hit.end].contains(' ')
    {
        // `14 accounts of the accident` are none.
        let goes_on = line.text[hit.end..line.end].starts_with(" of ");
        return if goes_on { hit.weight } else { hit.weight.max(0.85) };
    }
    let breaks = between.contains([';', '—', '–']) || between.contains(" - ") || between.contains("\n");
    let commas = between.matches(", ").count();
    let counted = matches!(spotted.sort, Sort::Number | Sort::Money | Sort::Duration);
    let distance =
        0.045 * linking as f32 + 0.01 * words.len() as f32 + 0.06 * commas as f32 + if breaks { 0.15 } else { 0.0 };
    let side = match (after, counted) {
        (false, _) => 0.0,
        // `40 users`: a counted thing follows its number at once.
        (true, true) => {
            if words.is_empty() {
                -0.08
            } else {
                0.05
            }
        }
        (true, false) => 0.05,
    };
    // `The training is on 10 April, we go live after it`: a value before the cue ends its own statement.
    let leaves = after
        && (between.contains(", ") || format!(" {} ", between.trim()).contains(" and ") || between.contains(" but "));
    let side = if leaves { side + 0.35 } else { side };
    // A bare number is the easiest thing to mistake: it must stand close.
    let strict = if spotted.sort == Sort::Number { 0.07 * linking as f32 } else { 0.0 };
    hit.weight - distance - side - strict
}

/// `Budget-wise, …`, `Côté budget, …`, `On the go-live, …`: what opens a sentence up to its comma is what it speaks of.
fn is_fronted(line: &Line, hit: &Hit, between: &str) -> bool {
    let before = line.text[line.start..hit.start].to_lowercase();
    let opens = before.split_whitespace().count() <= 2;
    let elsewhere = before.split(|c: char| !c.is_alphabetic()).any(|word| {
        matches!(
            word,
            "after"
                | "before"
                | "since"
                | "until"
                | "from"
                | "without"
                | "nach"
                | "vor"
                | "seit"
                | "bis"
                | "ohne"
                | "après"
                | "avant"
                | "depuis"
                | "sans"
                | "después"
                | "antes"
                | "desde"
                | "sin"
        )
    });
    let behind = between.strip_prefix("-wise").unwrap_or(between);
    opens && !elsewhere && behind.starts_with(", ") && between.matches(", ").count() == 1 && tokens(between).len() <= 8
}

/// `The board meets on 3 December, and that is when we decide`: the cue points back to the value.
fn points_back(line: &Line, hit: &Hit, spotted: &Spotted) -> bool {
    const BACK: Phrases = Phrases::new(&[
        "by then",
        "that is when",
        "that's when",
        "that’s when",
        "which is when",
        "on that day",
        "that same day",
        ", when we",
        "bis dahin",
        "an dem tag",
        "an diesem tag",
        "d'ici là",
        "ce jour-là",
        "c'est là que",
        "para entonces",
        "ese día",
        "ese mismo día",
    ]);
    let end = line.text[hit.end..line.end]
        .char_indices()
        .map(|(at, _)| hit.end + at)
        .find(|at| *at >= hit.end + 12)
        .unwrap_or(line.end);
    let words = &line.text[spotted.end..end];
    let rival =
        line.values.iter().any(|other| other.sort == spotted.sort && other.start > spotted.end && other.end <= end);
    words.len() < 110 && !rival && BACK.stand_in(words)
}

/// `27 desk assistants who can't …`, `four testers are blocked`: the number counts the subject of what the cue says.
#[rustfmt::skip]
fn counts_subject(between: &str, cue: &str) -> bool {
    let verb = |word: &str| matches!(
        word,
        "are" | "is" | "were" | "was" | "who" | "can't" | "cannot" | "have" | "has" | "would" | "will" | "could" | "that" | "sind" | "können" | "konnen" | "ne" | "sont" | "están" | "estan" | "no" | "die"
    );
    let words: Vec<String> = tokens(between).iter().map(|token| fold(token.text(between)).into_owned()).collect();
    let first = tokens(cue).first().map(|token| fold(token.text(cue)).into_owned()).unwrap_or_default();
    let counted = words.iter().take_while(|word| !verb(word)).count();
    let plain = words.iter().all(|word| !word.contains(|c: char| c.is_ascii_digit()));
    !between.contains([',', ';', ':', '(', '.'])
        && plain
        && counted <= 3
        && words.len() <= counted + 2
        && (words.len() > counted || counted > 0 && verb(&first))
}

/// Words between a cue and its value that bring nothing new.
pub(super) fn is_linking(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "be"
            | "will"
            | "would"
            | "should"
            | "has"
            | "have"
            | "had"
            | "to"
            | "of"
            | "for"
            | "on"
            | "by"
            | "the"
            | "at"
            | "a"
            | "an"
            | "now"
            | "still"
            | "actually"
            | "date"
            | "day"
            | "as"
            | "it"
            | "it's"
            | "that"
            | "we"
            | "our"
            | "your"
            | "their"
            | "in"
            | "no"
            | "later"
            | "than"
            | "set"
            | "fixed"
            | "agreed"
            | "planned"
            | "scheduled"
            | "confirmed"
            | "comes"
            | "moved"
            | "from"
            | "and"
            | "then"
            | "stays"
            | "remains"
            | "about"
            | "around"
            | "roughly"
            | "total"
            | "target"
            | "targeting"
            | "need"
            | "must"
            | "call"
            | "number"
            | "price"
            | "amount"
            | "um"
            | "uh"
            | "so"
            | "say"
            | "is:"
            | "'s"
    )
}
