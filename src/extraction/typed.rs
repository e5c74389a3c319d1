//! Typed values and the fields they belong to. Every value in a line is scored
//! against every field of its type: by the cues beside it, by the question it
//! answers, by the heading above it. The best pairings win, one value to one
//! field.

use crate::claim::{Certainty, Citation};
use crate::conversation::{SegmentKind, Side};
use crate::language::{fold, tokens};
use crate::route::{Field, SaidBy};
use crate::value::{Kind, Sort, Spotted, Value, hints_at_value, vagueness};

use super::{Hit, Line, Scene, Sign, certainty, cite, cite_line, claim};
use crate::claim::Claim;

/// A value of a line that may belong to a field.
struct Pairing {
    score: f32,
    field: usize,
    /// Index into the line's values.
    value: usize,
    /// The question or heading that decides, besides the line itself.
    context: Option<Citation>,
}

pub(super) fn claim_values(scene: &Scene, claims: &mut Vec<Claim>) {
    for at in 0..scene.lines.len() {
        let line = &scene.lines[at];
        if !line.counts {
            continue;
        }
        let mut pairings: Vec<Pairing> = Vec::new();
        for (field, wanted) in scene.route.fields.iter().enumerate() {
            for (value, spotted) in line
                .values
                .iter()
                .enumerate()
                .filter(|(_, spotted)| suits(&wanted.kind, spotted.sort) && is_whole(line, spotted, &wanted.kind))
            {
                if let Some(pairing) = score(scene, at, field, (value, spotted)) {
                    pairings.push(pairing);
                }
            }
        }
        take_best(scene, at, pairings, claims);
        claim_vague(scene, at, claims);
    }
}

/// Whether a value of this sort can fill a field of this kind.
pub(super) fn suits(kind: &Kind, sort: Sort) -> bool {
    match kind {
        Kind::Date | Kind::DateTime => matches!(sort, Sort::Date | Sort::DateTime),
        Kind::Duration => sort == Sort::Duration,
        Kind::Money => matches!(sort, Sort::Money),
        Kind::Number => sort == Sort::Number,
        Kind::Email => sort == Sort::Email,
        Kind::Phone => sort == Sort::Phone,
        Kind::Url => sort == Sort::Url,
        Kind::Text | Kind::LongText | Kind::Person | Kind::Team | Kind::Enum(_) | Kind::Bool => false,
    }
}

/// `18 June at 14:30` is seen as a day and as a moment: a field for a moment takes the moment, one for a day the day.
fn is_whole(line: &Line, spotted: &Spotted, kind: &Kind) -> bool {
    let better = match kind {
        Kind::DateTime => Sort::DateTime,
        Kind::Date => Sort::Date,
        _ => return true,
    };
    spotted.sort == better
        || !line
            .values
            .iter()
            .any(|other| other.sort == better && other.start < spotted.end && spotted.start < other.end)
}

fn take_best(scene: &Scene, at: usize, mut pairings: Vec<Pairing>, claims: &mut Vec<Claim>) {
    let line = &scene.lines[at];
    pairings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.value.cmp(&b.value)));
    let mut used_values: Vec<usize> = Vec::new();
    let mut used_fields: Vec<usize> = Vec::new();
    for pairing in &pairings {
        let field = &scene.route.fields[pairing.field];
        if used_values.contains(&pairing.value) || used_fields.contains(&pairing.field) && !field.list {
            continue;
        }
        used_values.push(pairing.value);
        used_fields.push(pairing.field);
        let Some(mut sure) = certainty(pairing.score) else { continue };
        let rival = pairings.iter().any(|other| {
            other.value == pairing.value
                && other.field != pairing.field
                && other.score > pairing.score - 0.04
                && !used_fields.contains(&other.field)
        });
        let spotted = &line.values[pairing.value];
        if rival
            || has_rival_value(line, spotted, &field.kind, field.list)
            || is_shared_mailbox(&line.text[spotted.start..spotted.end])
            || is_in_signature(line, &field.kind)
        {
            sure = Certainty::Guessed;
        }
        let raw = line.text[spotted.start..spotted.end].to_owned();
        let mut cited = vec![cite_line(line)];
        cited.extend(pairing.context.clone());
        if line.asks {
            match scene.replies.verdict_on(at) {
                Some((answer, true)) => cited.push(cite_line(&scene.lines[answer])),
                _ => continue,
            }
        }
        claims.push(claim(field, cited, raw, sure));
        confirm(scene, at, field, claims);
    }
}

/// Somebody on the other side agreed to the statement: that is their word too.
pub(super) fn confirm(scene: &Scene, at: usize, field: &Field, claims: &mut Vec<Claim>) {
    if scene.lines[at].asks {
        return;
    }
    if let Some((answer, true)) = scene.replies.verdict_on(at)
        && scene.lines[answer].speaker.side != scene.lines[at].speaker.side
        && let Some(last) = claims.last().filter(|claim| claim.field == field.key)
    {
        let mut confirmed = last.clone();
        confirmed.cited.push(cite_line(&scene.lines[answer]));
        claims.push(confirmed);
    }
}

fn score(scene: &Scene, at: usize, field: usize, (value, spotted): (usize, &Spotted)) -> Option<Pairing> {
    let line = &scene.lines[at];
    let near = line
        .hits_of(field)
        .filter(|hit| hit.sign == Sign::Cue)
        .filter(|hit| is_nearest(line, hit, spotted, field, scene));
    let scores: Vec<f32> = near.map(|hit| beside(line, hit, spotted)).filter(|score| *score > 0.2).collect();
    let own = scores.iter().copied().fold(0.0f32, f32::max);
    // Several cues that say little say something together, the more where no other field takes such a value.
    let others = scene.route.fields.iter().enumerate().any(|(at, other)| {
        let takes = match spotted.sort {
            Sort::DateTime => other.kind == Kind::DateTime,
            sort => suits(&other.kind, sort),
        };
        at != field && takes && fits_tense(scene, other, spotted)
    });
    let several = 0.07 * (scores.len().saturating_sub(1).min(3)) as f32 + if others { 0.0 } else { 0.08 };
    let own = if own > 0.0 && own < 0.9 { (own + several).min(0.9) } else { own };
    // `Today we use …`: when one speaks, and no date.
    if is_adverb(line, spotted) {
        return None;
    }
    let (context_score, context) = from_context(scene, at, field, spotted);
    let own = if is_own_number(scene, line, field) { own.min(0.6) } else { own.max(by_kind(scene, line, field)) };
    let foreign = line.hits.iter().any(|hit| {
        hit.field != field && hit.sign == Sign::Cue && suits(&scene.route.fields[hit.field].kind, spotted.sort)
    });
    // A question answered by a line that speaks of another field of the type is not answered by it.
    let context_score = if foreign && own == 0.0 { context_score - 0.3 } else { context_score };
    let (score, context) = if own >= context_score { (own, None) } else { (context_score, context) };
    if score <= 0.0 {
        return None;
    }
    let gave_way = line.values.iter().any(|other| {
        other.start > spotted.end
            && suits(&scene.route.fields[field].kind, other.sort)
            && is_replaced(line, spotted, other)
    });
    (!gave_way).then_some(Pairing { score, field, value, context })
}

/// `Today we use …`, `Heute nutzen wir …`: the day one speaks, at the head of a sentence that goes on.
fn is_adverb(line: &Line, spotted: &Spotted) -> bool {
    let word = line.text[spotted.start..spotted.end].to_lowercase();
    let rest = &line.text[spotted.end..line.end];
    let goes_on = rest.starts_with(' ') && tokens(rest).len() > 3;
    line.text[line.start..spotted.start].trim_matches(['-', '*', ' ']).is_empty()
        && goes_on
        && matches!(word.as_str(), "today" | "heute" | "hoy" | "aujourd'hui" | "tonight" | "yesterday" | "tomorrow")
        && word != "tomorrow"
}

/// Whether a day may be the field's by the rules it has: one must lie ahead, another behind.
fn fits_tense(scene: &Scene, field: &Field, spotted: &Spotted) -> bool {
    let Value::Date(day) = &spotted.reading.value else { return true };
    let Some(today) = scene.around.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()) else { return true };
    let says = |words: &str| field.rules.iter().any(|rule| rule.assert.text.replace(' ', "").contains(words));
    !(says("value>=today") && *day < today || says("value<=today") && *day > today)
}

/// `July 1 in Oslo and August 1 in Bergen`, `July 1 or July 8`: two values for one place, and nothing says which.
fn has_rival_value(line: &Line, spotted: &Spotted, kind: &Kind, list: bool) -> bool {
    !list
        && line.values.iter().any(|other| {
            let apart = other.end <= spotted.start || spotted.end <= other.start;
            let (from, to) =
                if other.end <= spotted.start { (other.end, spotted.start) } else { (spotted.end, other.start) };
            let between = line.text.get(from..to).unwrap_or_default().to_ascii_lowercase();
            let joined = [" or ", " and ", "/"].iter().any(|word| format!("{between} ").contains(word))
                && between.len() < 30
                && !between.contains([';', '.']);
            apart
                && suits(kind, other.sort)
                && is_whole(line, other, kind)
                && joined
                && !crate::value::same(&other.reading.value, &spotted.reading.value)
                && !line.hits.iter().any(|hit| hit.sign == Sign::Cue && hit.start >= from && hit.end <= to)
                && !is_replaced(line, other, spotted)
                && !is_replaced(line, spotted, other)
        })
}

/// A signature says how its writer is reached, not who plays which part.
fn is_in_signature(line: &Line, kind: &Kind) -> bool {
    // `Marlow Ltd · Tel. …`: a block of contact data, wherever it stands.
    let words = line.words();
    let tel = ["Tel", "Tel.", "Tel:", "T:", "T.", "Phone:", "Ph:", "Fax"].iter().any(|label| words.split_whitespace().any(|word| word == *label));
    let block = tel && (words.contains(['·', '|', '\n']) || words.split_whitespace().count() < 8);
    (line.kind == SegmentKind::Signature || block) && matches!(kind, Kind::Email | Kind::Phone)
}

/// `helpdesk@…` reaches whoever is there, not the person who was asked for.
pub(super) fn is_shared_mailbox(words: &str) -> bool {
    let Some((local, _)) = words.split_once('@') else { return false };
    let shared = [
        "helpdesk", "support", "info", "office", "team", "sales", "noreply", "no-reply", "admin", "contact", "hello",
        "service", "mail", "post", "hr", "it",
    ];
    shared.contains(&local.to_ascii_lowercase().as_str())
}

/// `that's my number` from one of us does not answer how the customer is reached.
fn is_own_number(scene: &Scene, line: &Line, field: usize) -> bool {
    let wanted = &scene.route.fields[field];
    let reaches = matches!(wanted.kind, Kind::Email | Kind::Phone) && wanted.said_by != SaidBy::Ours;
    let folded = line.words().to_ascii_lowercase();
    reaches
        && line.speaker.side == Side::Ours
        && [" me ", " my ", "'s my", " us "].iter().any(|word| folded.contains(word))
}

/// How to reach somebody tells itself: `reach me on +44 …`, where the route has one field of that kind and the line one value.
fn by_kind(scene: &Scene, line: &Line, field: usize) -> f32 {
    let kind = &scene.route.fields[field].kind;
    let words: &[&str] = match kind {
        Kind::Email => &[
            "reach me",
            "reach us",
            "mail me",
            "write to me",
            "write me",
            "email me",
            "e-mail me",
            "my mail",
            "my email",
            "my address",
            "by mail at",
            "contact me",
        ],
        Kind::Phone => &[
            "reach me",
            "reach us",
            "call me",
            "ring me",
            "my number",
            "my mobile",
            "my cell",
            "phone me",
            "contact me",
            "text me",
        ],
        _ => return 0.0,
    };
    let only_field = scene.route.fields.iter().filter(|other| other.kind == *kind).count() == 1;
    let only_value = line.values.iter().filter(|value| suits(kind, value.sort)).count() == 1;
    if !only_field || !only_value {
        return 0.0;
    }
    let folded = line.words().to_ascii_lowercase();
    if words.iter().any(|word| folded.contains(word)) { 0.85 } else { 0.0 }
}

/// A cue speaks for the nearest value of the type on each side of it, not for all in the line.
fn is_nearest(line: &Line, hit: &Hit, spotted: &Spotted, field: usize, scene: &Scene) -> bool {
    if scene.route.fields[field].list {
        return true;
    }
    let kind = &scene.route.fields[field].kind;
    !line.values.iter().any(|other| {
        suits(kind, other.sort)
            && is_whole(line, other, kind)
            && other.start != spotted.start
            && (hit.end <= other.start && other.end <= spotted.start && !is_replaced(line, other, spotted)
                || spotted.end <= other.start && other.end <= hit.start)
    })
}

/// `from A to B`, `not A but B`, `A is now B`: A gave way to B.
fn is_replaced(line: &Line, first: &Spotted, second: &Spotted) -> bool {
    if is_set_aside(line, first) && !is_set_aside(line, second) {
        return true;
    }
    let before = line.text[line.start..first.start].trim_end().as_bytes();
    let leaves = ["from", "not", "instead of", "was", "n't"].iter().any(|word| {
        before.len().checked_sub(word.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(word.as_bytes()))
    });
    if !leaves {
        return false;
    }
    let between = line.text.get(first.end..second.start).unwrap_or_default().trim();
    let between = between.trim_matches([',', '–', '-', '—', ' ']).to_ascii_lowercase();
    let arrives = ["to", "but", "it's", "it is", "rather", "we", "now", "then", "->", "→"]
        .iter()
        .any(|word| between.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
    arrives || between.is_empty()
}

/// `…, not 70`, `and not on September 28`, `instead of 9`, `nicht 60`: named to be denied.
#[rustfmt::skip]
pub(super) fn is_set_aside(line: &Line, spotted: &Spotted) -> bool {
    let before = &line.text[line.start..spotted.start];
    let words: Vec<String> = tokens(before).iter().rev().take(4).map(|token| fold(token.text(before)).into_owned()).collect();
    let small = |word: &str| matches!(word, "on" | "the" | "by" | "at" | "of" | "than" | "que" | "am" | "le" | "el" | "a" | "to" | "for" | "in" | "de" | "den" | "dem" | "zum" | "vom" | "von" | "lugar" | "vez");
    let Some(first) = words.iter().find(|word| !small(word)) else { return false };
    matches!(first.as_str(), "scrap" | "forget" | "drop" | "not" | "instead" | "rather" | "nicht" | "statt" | "anstatt" | "pas" | "plutôt" | "plutot" | "lieu" | "en" | "isn't" | "wasn't")
        && (first != "en" || words.iter().any(|word| matches!(word.as_str(), "lugar" | "vez")))
        || first == "no" && before.trim_end().ends_with("no") && before.trim_end().trim_end_matches("no").trim_end().ends_with(',')
}

/// How firmly a cue in the same line points at a value.
fn beside(line: &Line, hit: &Hit, spotted: &Spotted) -> f32 {
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
    let long_label = !after && opens && between.trim_end().ends_with(':') && words.len() <= 5 && !between.contains([',', ';']);
    // `24 users on day one: 19 planners and 5 clerks` counts the parts behind the whole.
    let counted_before = line.values.iter().any(|other| other.sort == spotted.sort && other.end <= hit.start);
    let labelled = (labels && !after || long_label) && !counted_before;
    if labelled {
        return hit.weight.max(0.9) + 0.1;
    }
    if after && spotted.sort == Sort::Number && counts_subject(between, &line.text[hit.start..hit.end]) {
        return hit.weight.max(0.85) - 0.02;
    }
    // `27 accounts`: the thing that is counted stands at its number.
    if after && spotted.sort == Sort::Number && between.trim().is_empty() && !line.text[hit.start..hit.end].contains(' ') {
        return hit.weight.max(0.85);
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

/// Words between a cue and its value that bring nothing new.
fn is_linking(word: &str) -> bool {
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

/// The score by what the line answers or stands under, with the citation of it.
fn from_context(scene: &Scene, at: usize, field: usize, spotted: &Spotted) -> (f32, Option<Citation>) {
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

/// A line that speaks of a field but only loosely: `ASAP`, `soon`, `a few`.
fn claim_vague(scene: &Scene, at: usize, claims: &mut Vec<Claim>) {
    let line = &scene.lines[at];
    if line.asks {
        return;
    }
    for (index, field) in scene.route.fields.iter().enumerate() {
        let typed = matches!(field.kind, Kind::Date | Kind::DateTime | Kind::Duration | Kind::Money | Kind::Number);
        if !typed || !field.specific || line.values.iter().any(|value| suits(&field.kind, value.sort)) {
            continue;
        }
        let own = line.hits_of(index).find(|hit| hit.tells());
        let question = scene
            .replies
            .questions_of(at)
            .first()
            .filter(|q| scene.lines[**q].hits_of(index).any(|hit| hit.sign == Sign::Cue));
        if own.is_none() && question.is_none() {
            continue;
        }
        let Some((start, end)) = vague_words(line, &field.kind) else { continue };
        let mut cited = vec![cite(line, line.start, line.end)];
        cited.extend(question.filter(|_| own.is_none()).map(|q| cite_line(&scene.lines[*q])));
        claims.push(claim(field, cited, line.text[start..end].to_owned(), Certainty::Stated));
    }
}

/// The shortest run of up to five words that is a vague value of this kind.
fn vague_words(line: &Line, kind: &Kind) -> Option<(usize, usize)> {
    let words = tokens(line.words());
    let span = |from: usize, to: usize| (line.start + words[from].start, line.start + words[to].end);
    let hints: Vec<bool> = words.iter().map(|word| hints_at_value(word.text(line.words()))).collect();
    (1..=5usize.min(words.len())).find_map(|length| {
        (0..=words.len() - length)
            .filter(|from| hints[*from..from + length].contains(&true))
            .map(|from| span(from, from + length - 1))
            .find(|(start, end)| vagueness(kind, &line.text[*start..*end]).is_some())
    })
}
