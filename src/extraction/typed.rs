//! Typed values and the fields they belong to. Every value in a line is scored
//! against every field of its type: by the cues beside it, by the question it
//! answers, by the heading above it. The best pairings win, one value to one
//! field.

use crate::claim::{Certainty, Citation};
use crate::conversation::{SegmentKind, Side};
use crate::language::tokens;
use crate::route::{Field, SaidBy};
use crate::value::{Kind, Sort, Spotted, Value};

use super::context::from_context;
use super::direct::asks_for;
use super::distance::beside;
use super::loose::claim_vague;
use super::measures::{is_bound, is_listed_term, is_of_another_measure, points_at};
use super::replaced::is_replaced;
use super::writers::is_general;
use super::{Hit, Line, Scene, Sign, certainty, cite_line, claim};
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
    // Where two fields could take a value, the one whose word the speaker's is comes first: `it leaves here on …` by us.
    let weight = |pairing: &Pairing| {
        let counts = counts_for(&scene.route.fields[pairing.field], line.speaker.side);
        pairing.score - if counts { 0.0 } else { WRONG_SIDE }
    };
    pairings.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.value.cmp(&b.value)));
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
                && weight(other) > weight(pairing) - 0.04
                && !used_fields.contains(&other.field)
        });
        let spotted = &line.values[pairing.value];
        if rival
            || has_rival_value(line, spotted, &field.kind, field.list)
            || is_shared_mailbox(&line.text[spotted.start..spotted.end])
            || is_in_signature(line, &field.kind)
            || is_bound(line, spotted)
            || is_of_another_measure(line, spotted, field)
            || field.kind == Kind::Phone && is_general(&line.text[line.start..spotted.start])
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

/// How much a field stands back behind another one when the speaker's word does not count for it.
const WRONG_SIDE: f32 = 0.1;

/// Whether what a side says counts for a field.
fn counts_for(field: &Field, side: Side) -> bool {
    match field.said_by {
        SaidBy::Any => true,
        SaidBy::Theirs => side != Side::Ours,
        SaidBy::Ours => side != Side::Theirs,
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
    let telling = line.hits_of(field).any(Hit::tells);
    let several = if own > 0.0 && own < 0.9 { several } else { 0.0 };
    let most = if telling || scores.len() > 2 { 0.9f32 } else { 0.74 };
    let own = own.max((own + several).min(most));
    // `Today we use …`: when one speaks, and no date.
    if is_adverb(line, spotted) {
        return None;
    }
    let (context_score, context) = from_context(scene, at, field, spotted);
    let context_score = if points_at(line, spotted) { 0.0 } else { context_score };
    // A bare figure is no amount where nothing firm speaks of one: `it makes 14 pages`.
    let bare = matches!(&spotted.reading.value, Value::Money(money) if money.currency.is_none());
    let own = if bare && !telling { own.min(0.5) } else { own };
    let context_score = if bare && !telling && !asks_for_sum(scene, at, field) { 0.0 } else { context_score };
    let own = if is_own_number(scene, line, field) { own.min(0.6) } else { own.max(by_kind(scene, line, field)) };
    let own = if own < 0.82 && is_listed_term(scene, line, field, spotted) { 0.82 } else { own };
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

/// Whether the question before a line asks for the field's amount.
fn asks_for_sum(scene: &Scene, at: usize, field: usize) -> bool {
    scene.replies.questions_of(at).first().is_some_and(|question| {
        let asked = &scene.lines[*question];
        asks_for(asked.words(), &Kind::Money) && asked.hits_of(field).any(|hit| hit.sign == Sign::Cue)
    })
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
    let tel = ["Tel", "Tel.", "Tel:", "T:", "T.", "Phone:", "Ph:", "Fax"]
        .iter()
        .any(|label| words.split_whitespace().any(|word| word == *label));
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
