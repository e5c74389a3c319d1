//! Choices: an enum's value named by word or alias beside a cue, in an answer,
//! under a heading, or by words that tell it wherever they stand.

use crate::claim::{Certainty, Claim};
use crate::conversation::Side;
use crate::language::{Doubt, Reach, asks_politely, doubts, fold, has_topic, tokens, wishes};
use crate::value::Kind;

use super::chosen::{is_all_said, is_charge, is_well, prefers, was_offered};
use super::flags::shares_word;
use super::typed::confirm;
use super::writers::bears;
use super::{Hit, Line, MOST_BYTES_BETWEEN, Scene, Sign, certainty, cite_line, claim};

/// Enums: a choice's name beside a cue, under a question, or telling by itself.
pub(super) fn claim_choices(scene: &Scene, claims: &mut Vec<Claim>) {
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts) {
        for (index, field) in scene.route.fields.iter().enumerate() {
            let Kind::Enum(choices) = &field.kind else { continue };
            // How somebody found us is of the past by nature.
            let came_once = bears(field, "lead source");
            let named: Vec<&Hit> = line.hits_of(index).filter(|hit| matches!(hit.sign, Sign::Choice(_))).collect();
            let mut best: Option<(f32, &Hit, Option<usize>)> = None;
            for hit in &named {
                let denied = doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside)
                    .contains(&Doubt::Negated)
                    || is_over(line, hit.start) && !came_once
                    || is_spurned(line, hit)
                    || is_well(line, hit) && bears(field, "environment");
                let (score, question) = score_choice(scene, at, index, hit);
                let score = if denied { 0.0 } else { score };
                // Of equal ones the last: people correct themselves forwards.
                if best.as_ref().is_none_or(|(top, ..)| score >= *top) {
                    best = Some((score, hit, question));
                }
            }
            let Some((score, hit, question)) = best else { continue };
            let Some(mut sure) = certainty(score) else { continue };
            let Sign::Choice(choice) = hit.sign else { continue };
            let rivals = named
                .iter()
                .any(|other| matches!(other.sign, Sign::Choice(c) if c != choice) && !replaced(line, other, hit));
            let mut cited = vec![cite_line(line)];
            let requests = is_request(scene.route, index) && asks_politely(line.words());
            if line.asks && !requests {
                // "Monthly or yearly?" – "Yes" says nothing.
                match scene.replies.verdict_on(at).filter(|_| !rivals) {
                    Some((answer, true)) => cited.push(cite_line(&scene.lines[answer])),
                    _ => continue,
                }
            } else if rivals && score < 0.95 {
                sure = Certainty::Guessed;
            }
            cited.extend(question.map(|q| cite_line(&scene.lines[q])));
            let Some(choice) = choices.get(choice) else { continue };
            let mut claimed = claim(field, cited, choice.id.clone(), sure);
            claimed.raw_value = Some(line.text[hit.start..hit.end].to_owned());
            claims.push(claimed);
            confirm(scene, at, field, claims);
        }
    }
}

/// A field for what somebody asked for: a request is its statement.
pub(crate) fn is_request(route: &crate::route::Route, field: usize) -> bool {
    let field = &route.fields[field];
    has_topic(&field.key, &field.label, "request type")
}

/// `quarterly instead of monthly`, `not monthly but quarterly`: another choice is named to be replaced.
fn replaced(line: &Line, other: &Hit, chosen: &Hit) -> bool {
    let denied =
        doubts(line.text, (line.start, line.end), (other.start, other.end), Reach::Outside).contains(&Doubt::Negated);
    let between = if other.end <= chosen.start {
        line.text.get(other.end..chosen.start)
    } else {
        line.text.get(chosen.end..other.start)
    };
    let before = line.text[line.start..other.start].trim_end().to_ascii_lowercase();
    denied
        || was_offered(line, other)
        || between
            .is_some_and(|words| words.contains("instead of") || words.contains("rather than") || words.trim() == "to")
        || before.ends_with("from")
        || is_spurned(line, other)
        || overlap(other, chosen)
}

/// `I'd rather they rang than e-mailed`: named to be passed over.
fn is_spurned(line: &Line, named: &Hit) -> bool {
    let before = &line.text[line.start..named.start];
    let last: Vec<String> =
        tokens(before).iter().rev().take(2).map(|token| fold(token.text(before)).into_owned()).collect();
    let aside = |word: &String| matches!(word.as_str(), "than" | "que" | "statt" | "instead" | "als");
    last.first().is_some_and(|word| aside(word) && word != "que" && word != "als")
        || last.iter().any(|word| matches!(word.as_str(), "than" | "statt"))
        || last.get(1).is_some_and(|word| word == "plutôt" || word == "antes") && last.first().is_some_and(aside)
}

pub(super) fn overlap(left: &Hit, right: &Hit) -> bool {
    left.start < right.end && right.start < left.end
}

/// How firmly a cue of the line points at a choice in it.
fn cue_beside(line: &Line, hit: &Hit, named: &Hit) -> f32 {
    if overlap(hit, named) {
        return 0.9;
    }
    let between =
        if hit.end <= named.start { &line.text[hit.end..named.start] } else { &line.text[named.end..hit.start] };
    if between.trim_start().starts_with([':', '=', '|']) && hit.end <= named.start {
        return 1.0;
    }
    if between.len() > MOST_BYTES_BETWEEN {
        return 0.0;
    }
    let words = tokens(between).len() as f32;
    let breaks = if between.contains([';', '—', '–']) || between.contains(" but ") { 0.15 } else { 0.0 };
    let folded = between.to_lowercase();
    let courteous =
        ["please", "bitte", "s'il vous plaît", "por favor", "thanks"].iter().any(|word| folded.contains(word));
    if courteous && words <= 4.0 {
        return hit.weight - 0.04;
    }
    hit.weight - 0.022 * words - 0.05 * between.matches(", ").count() as f32 - breaks
}

fn score_choice(scene: &Scene, at: usize, field: usize, named: &Hit) -> (f32, Option<usize>) {
    let line = &scene.lines[at];
    let own = line
        .hits_of(field)
        .filter(|hit| hit.sign == Sign::Cue && (hit.start, hit.end) != (named.start, named.end))
        .map(|hit| cue_beside(line, hit, named))
        .fold(0.0f32, f32::max);
    let mut best = (own, None);
    if !line.asks {
        for (rank, question) in scene.replies.questions_of(at).iter().enumerate() {
            let asked = &scene.lines[*question];
            let cue =
                asked.hits_of(field).filter(|hit| hit.sign == Sign::Cue).map(|hit| hit.weight).fold(0.0f32, f32::max);
            // "Monthly or quarterly?" asks by the choices themselves.
            let offered = if asked.hits_of(field).filter(|hit| matches!(hit.sign, Sign::Choice(_))).count() > 1 {
                0.95
            } else {
                0.0f32
            };
            let lead = tokens(&line.text[line.start..named.start]).len() as f32;
            // The first answer stands; `Staging shows blue` after `It is the live one` only adds to it.
            let late = (0..at).rev().take(4).any(|before| {
                let earlier = &scene.lines[before];
                earlier.message == line.message
                    && !earlier.asks
                    && scene.replies.questions_of(before).contains(question)
                    && earlier.hits_of(field).any(|hit| matches!(hit.sign, Sign::Choice(_)) && hit.sign != named.sign)
            });
            let score = cue.max(offered) * (0.97 - 0.05 * rank as f32 - 0.012 * lead) - if late { 0.3 } else { 0.0 };
            if score > best.0 {
                best = (score, Some(*question));
            }
        }
        if let Some(before) =
            at.checked_sub(1).filter(|i| scene.lines[*i].message == line.message && !scene.lines[*i].asks)
        {
            let heading = scene.lines[before].words().trim_end().ends_with(':');
            let cue = scene.lines[before]
                .hits_of(field)
                .filter(|hit| hit.sign == Sign::Cue)
                .map(|hit| hit.weight)
                .fold(0.0f32, f32::max);
            // `I asked about the billing. Quarterly suits us best.`
            let weight = match heading {
                true => 0.95,
                false if prefers(line.words()) => 0.85,
                false => 0.66,
            };
            let score = cue * weight;
            if score > best.0 {
                best = (score, Some(before));
            }
        }
    }
    let by_name = if is_charge(line, named) { 0.0 } else { score_name(scene, line, field, named) };
    let best = if is_charge(line, named) { (0.0, None) } else { best };
    if by_name > best.0 { (by_name, None) } else { best }
}

/// How much a choice's name tells by itself, by its form and by what stands right beside it; 0 when nothing.
fn score_name(scene: &Scene, line: &Line, field: usize, named: &Hit) -> f32 {
    let name = &line.text[named.start..named.end];
    let (phrase, shared) = (phrase_of(line, named), shared_with_other(scene, line, field, named));
    let stated = !line.asks && !shared;
    let wanted = &scene.route.fields[field];
    let digit = name.contains(|c: char| c.is_ascii_digit());
    let any_hit = |tells: &dyn Fn(&Hit) -> bool| line.hits_of(field).any(tells);
    let requested = is_request(scene.route, field) && (asks_politely(line.words()) || wishes(line.words()));
    let grades = [
        // `Could we get a test account?`: whoever asks for it by name has asked for it.
        (0.85, requested && line.speaker.side != Side::Ours),
        // `It's production.`: the sentence says nothing else.
        (0.85, stated && is_all_said(line, named)),
        // `basic plan` for the support plan: the choice's name carries the field's.
        (0.85, phrase && shares_word(name, wanted)),
        // `who told me about you`: the words that name the choice are themselves what people say of the field.
        (0.8, phrase && !line.asks && any_hit(&|hit| hit.tells() && (hit.start, hit.end) == (named.start, named.end))),
        // `this is a P1`, `it is the live system`: said of the matter at hand, where the name is telling by itself.
        (0.8, (phrase || digit) && stated && is_said_of_it(line, named)),
        // `a P2`, `the MSA`: a code of capitals or with a figure names nothing else.
        (0.78, stated && is_code(name) && !is_past(line, named)),
        // `ships as pallet freight`: a word of the field's cues stands in the line, if not the cue.
        (0.78, phrase && !shared && echoes_cue(line, &wanted.cues)),
        // `on the live system`, `in der Produktivumgebung`: where it is.
        (0.77, (phrase || name.len() > 3) && stated && is_where(line, named)),
        // A phrase that names a choice, in a line that speaks of the field however faintly.
        (0.76, phrase && stated && any_hit(&|hit| hit.sign == Sign::Cue && !overlap(hit, named))),
        // A phrase that names a choice of one field only tells by itself, though not firmly.
        (0.7, phrase && !shared),
    ];
    grades.into_iter().filter(|(_, holds)| *holds).map(|(score, _)| score).fold(0.0, f32::max)
}

fn is_code(name: &str) -> bool {
    name.len() >= 2
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && (name.len() >= 3 || name.contains(|c: char| c.is_ascii_digit()))
}

/// `that was a P3`: of an earlier matter.
fn is_past(line: &Line, named: &Hit) -> bool {
    let before = &line.text[line.start..named.start];
    tokens(before).iter().rev().take(3).any(|token| {
        matches!(fold(token.text(before)).as_ref(), "was" | "were" | "been" | "had" | "war" | "était" | "fue" | "era")
    })
}

/// `it is a …`, `this is the …`, `that's …` right before a choice.
fn is_said_of_it(line: &Line, named: &Hit) -> bool {
    let before = line.text[line.start..named.start].trim_end().to_ascii_lowercase();
    let before = [" a", " the", " an"].iter().find_map(|article| before.strip_suffix(article)).unwrap_or(&before);
    ["it is", "it's", "this is", "that is", "that's", "it’s", "that’s"].iter().any(|words| before.ends_with(words))
}

fn is_where(line: &Line, named: &Hit) -> bool {
    let before = line.text[line.start..named.start].trim_end().to_ascii_lowercase();
    [
        "on the",
        "in the",
        "on our",
        "in our",
        "only in",
        "im",
        "in der",
        "auf dem",
        "sur le",
        "sur la",
        "dans le",
        "en el",
        "en la",
        "it's on",
        "this is on",
        "it's in",
        "this is in",
        "it is in",
    ]
    .iter()
    .any(|words| before.ends_with(words) && !before[..before.len() - words.len()].ends_with(char::is_alphanumeric))
}

fn shared_with_other(scene: &Scene, line: &Line, field: usize, named: &Hit) -> bool {
    // `by e-mail` names a way and holds the word for an address.
    let address = |hit: &Hit| matches!(scene.route.fields[hit.field].kind, Kind::Email | Kind::Phone);
    line.hits.iter().filter(|hit| !address(hit)).any(|hit| {
        let faint = hit.sign == Sign::Cue && !hit.tells();
        hit.field != field && !faint && hit.start < named.end && named.start < hit.end
    })
}

/// Whether the first word of a cue stands in the line in any form, compared by its stem.
fn echoes_cue(line: &Line, cues: &[String]) -> bool {
    let stem = |word: &str| word.to_lowercase().chars().take(4).collect::<String>();
    let words: Vec<String> = tokens(line.words()).iter().map(|token| stem(token.text(line.words()))).collect();
    cues.iter()
        .filter_map(|cue| cue.split([' ', '-']).next())
        .filter(|first| first.len() > 3)
        .any(|first| words.contains(&stem(first)))
}

/// `we had ADFS`, `previously on Okta`: it was so once.
pub(super) fn is_over(line: &Line, start: usize) -> bool {
    let before = line.text[line.start..start].to_ascii_lowercase();
    let clause = before.rsplit([',', ';', ':']).next().unwrap_or_default();
    [
        " had ",
        "used to ",
        "previously",
        "formerly",
        "back then",
        "last year",
        "years ago",
        "until last",
        "were on ",
        "was on ",
    ]
    .iter()
    .any(|word| format!(" {clause}").contains(word))
}

fn phrase_of(line: &Line, hit: &Hit) -> bool {
    line.text[hit.start..hit.end].split_whitespace().count() > 1
}
