//! Choices and yes/no fields: enums named by word or alias near a cue or in an
//! answer, and flags told by what a sentence says of them.

use crate::claim::{Certainty, Claim};
use crate::language::{Doubt, Phrases, Reach, doubts, tokens};
use crate::route::cues::FAINTEST;
use crate::value::{Kind, puts_off, read_answer};

use super::choices::overlap;
use super::typed::confirm;
use super::{Hit, Line, Scene, Sign, cite_line, claim};

/// Cues above this weight are the route's own words.
const KNOWN_WORDS: f32 = 0.78;

/// Yes/no fields: what a statement says of the cue, or the answer to a question with it.
pub(super) fn claim_flags(scene: &Scene, claims: &mut Vec<Claim>) {
    for (index, field) in scene.route.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Bool) {
        for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts) {
            if let Some((hit, says)) = labelled_answer(line, index) {
                let mut claimed = claim(field, vec![cite_line(line)], says.to_string(), Certainty::Stated);
                claimed.raw_value = Some(line.text[hit.start..hit.end].to_owned());
                claims.push(claimed);
                continue;
            }
            if let Some(claimed) = claim_saying(scene, at, index, field) {
                claims.push(claimed);
                confirm(scene, at, field, claims);
                continue;
            }
            // The words that name the field itself say most; words that merely go with it may mean the opposite.
            let named = |hit: &Hit| shares_word(&line.text[hit.start..hit.end], field);
            let asked = line.asks || line.words().trim_end().ends_with(':');
            let Some(hit) = line
                .hits_of(index)
                .filter(|hit| asked || hit.weight >= FAINTEST)
                .max_by_key(|hit| (named(hit), (hit.weight * 100.0) as u32, std::cmp::Reverse(hit.start)))
            else {
                continue;
            };
            let plain = if named(hit) && !turns_round(line.words()) { Certainty::Stated } else { Certainty::Guessed };
            let labels = line.words().trim_end().ends_with(':') && scene.replies.verdict_on(at).is_some();
            // Whoever asks in the field's own words asks for it, and a plain yes or no answers that.
            let plain = match line.asks && hit.weight > KNOWN_WORDS && !turns_round(line.words()) {
                true => Certainty::Stated,
                false => plain,
            };
            if line.asks || labels {
                let denies = doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside)
                    .contains(&Doubt::Negated);
                if let Some((answer, says)) = scene.replies.verdict_on(at).filter(|_| !denies) {
                    claims.push(claim(
                        field,
                        vec![cite_line(&scene.lines[answer]), cite_line(line)],
                        says.to_string(),
                        plain,
                    ));
                }
                continue;
            }
            if let Some((value, sure)) = stated(line, hit) {
                let sure = if plain == Certainty::Guessed { plain } else { sure };
                let mut claimed = claim(field, vec![cite_line(line)], value.to_string(), sure);
                claimed.raw_value = Some(line.text[hit.start..hit.end].to_owned());
                claims.push(claimed);
                confirm(scene, at, field, claims);
            }
        }
    }
}

/// A yes or no by itself behind a label: `…: no tenemos carretilla` goes on and answers nothing.
pub(crate) fn answers_alone(answer: &str) -> Option<bool> {
    let answer = answer.trim_start();
    let word = answer.find(|c: char| !c.is_alphanumeric() && c != '\'').unwrap_or(answer.len());
    let romance =
        matches!(answer[..word].to_lowercase().as_str(), "no" | "si" | "non") && answer[word..].starts_with(' ');
    read_answer(answer).filter(|_| !romance)
}

/// `Can one of our people call: yes, any time`: a label that holds the field's words, and its answer.
pub(crate) fn labelled_answer<'l>(line: &'l Line, field: usize) -> Option<(&'l Hit, bool)> {
    let words = line.words();
    let colon = words.find(": ")?;
    let answer = &words[colon + 2..];
    let says = answers_alone(answer)?;
    let hit = line.hits_of(field).find(|hit| hit.sign == Sign::Cue && hit.end <= line.start + colon)?;
    (words[..colon].len() < 90).then_some((hit, says))
}

/// Words that say yes or no by themselves: stated, or asked and answered.
fn claim_saying(scene: &Scene, at: usize, index: usize, field: &crate::route::Field) -> Option<Claim> {
    let line = &scene.lines[at];
    let (hit, says) = line.hits_of(index).find_map(|hit| match hit.sign {
        Sign::Says(says) => Some((hit, says)),
        _ => None,
    })?;
    let differ = line.hits_of(index).any(|other| other.sign == Sign::Says(!says) && !overlap(other, hit));
    let sure = if differ || turned_beside(line, hit) { Certainty::Guessed } else { Certainty::Stated };
    if line.asks {
        let (answer, agrees) = scene.replies.verdict_on(at)?;
        // An answer that says it in words of its own is read by itself.
        if scene.lines[answer].hits_of(index).any(|hit| matches!(hit.sign, Sign::Says(_))) {
            return None;
        }
        let cited = vec![cite_line(&scene.lines[answer]), cite_line(line)];
        return Some(claim(field, cited, (agrees == says).to_string(), sure));
    }
    let mut claimed = claim(field, vec![cite_line(line)], (says != is_denied(line, hit, says)).to_string(), sure);
    claimed.raw_value = Some(line.text[hit.start..hit.end].to_owned());
    Some(claimed)
}

/// `I remember from last time`: it was so then.
fn is_of_last_time(line: &Line) -> bool {
    const THEN: Phrases = Phrases::new(&[
        "last time",
        "last year",
        "letztes mal",
        "letztes jahr",
        "la dernière fois",
        "la última vez",
        "el año pasado",
        "the other day you",
    ]);
    THEN.stand_in(line.words())
}

/// Whether the sentence denies a saying. A no beside a no says no the more: `no hay nada de …`.
pub(crate) fn is_denied(line: &Line, hit: &Hit, says: bool) -> bool {
    // `No ramp and no forklift`: the second no denies nothing of the first.
    says && !NOES.stand_in(&line.text[hit.start..hit.end])
        && doubts(line.text, clause_of(line, hit), (hit.start, hit.end), Reach::Outside).contains(&Doubt::Negated)
}

/// The clause around a saying, between its pauses.
fn clause_of(line: &Line, hit: &Hit) -> (usize, usize) {
    let pause = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')');
    let from = line.text[line.start..hit.start].rfind(pause).map_or(line.start, |at| line.start + at + 1);
    (from, line.text[hit.end..line.end].find(pause).map_or(line.end, |at| hit.end + at))
}

/// Whether the words around a saying turn it round: those of its own clause, and what follows a `but`.
pub(crate) fn turned_beside(line: &Line, hit: &Hit) -> bool {
    let pause = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')');
    let before = &line.text[line.start..hit.start];
    let before = before.rsplit(pause).next().unwrap_or_default();
    let after = &line.text[hit.end..line.end];
    let own = after.split(pause).next().unwrap_or_default();
    let turn = [" but ", " though", " however", " aber ", " mais ", " pero "].iter().find_map(|word| after.find(word));
    let open = line.text[hit.end..line.end].split_once(':').is_some_and(|(_, answer)| puts_off(answer));
    open || denies_a_no(line, hit)
        || is_of_last_time(line)
        || turns_round(before)
        || turns_round(own)
        || turn.is_some_and(|at| turns_round(&after[at..]))
}

/// Words that say no inside a saying.
const NOES: Phrases =
    Phrases::new(&["no ", "not", "n't", "without", "kein", "nicht", "ohne", "sans", "pas ", "sin ", "nada", "ning"]);

/// `don't send it all in one go`: words that say no without a no of their own, denied, say nothing for certain.
fn denies_a_no(line: &Line, hit: &Hit) -> bool {
    let own = NOES.stand_in(&line.text[hit.start..hit.end]);
    hit.sign == Sign::Says(false)
        && !own
        && doubts(line.text, clause_of(line, hit), (hit.start, hit.end), Reach::Outside).contains(&Doubt::Negated)
}

/// Whether the words of a cue also stand in the field's key or label, compared by their first five letters.
pub(super) fn shares_word(cue: &str, field: &crate::route::Field) -> bool {
    let stems = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2)
            .map(|word| word.to_lowercase().chars().take(5).collect())
            .collect()
    };
    let own: Vec<String> = stems(&field.key).into_iter().chain(stems(&field.label)).collect();
    stems(cue).iter().any(|stem| own.contains(stem))
}

/// What a statement says of a flag; `None` where it says nothing.
fn stated(line: &Line, hit: &Hit) -> Option<(bool, Certainty)> {
    let found = doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside);
    if found.contains(&Doubt::Question) {
        return None;
    }
    let rest = line.text[hit.end..line.end].trim_start();
    if rest.strip_prefix([':', '=', '|']).is_some_and(puts_off) {
        return None;
    }
    if let Some(answer) = rest.strip_prefix([':', '=', '|']).and_then(answers_alone) {
        return Some((answer, Certainty::Stated));
    }
    let open = found.iter().any(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged));
    let near = |from: usize, to: usize| {
        line.text
            .get(from..to)
            .is_some_and(|words| tokens(words).iter().any(|token| is_need(&token.text(words).to_ascii_lowercase())))
    };
    let negated = found.contains(&Doubt::Negated);
    let phrase = line.text[hit.start..hit.end].split_whitespace().count() > 2;
    let sure = if open || !(phrase || negated || near(line.start, hit.start) || near(hit.end, line.end)) {
        Certainty::Guessed
    } else {
        Certainty::Stated
    };
    Some((!negated, sure))
}

/// Words that make a mention a statement of need or fact.
#[rustfmt::skip]
fn is_need(word: &str) -> bool {
    matches!(
        word,
        "need" | "needs" | "needed" | "require" | "requires" | "required" | "must" | "want" | "wants" | "mandatory" | "compulsory" | "use" | "uses" | "using" | "have"
            | "include" | "includes" | "included" | "agreed" | "insist" | "definitely" | "absolutely" | "please" | "yes" | "expect" | "approved" | "signed" | "contains"
            | "contain" | "released" | "granted" | "passed" | "may" | "allowed" | "there" | "got" | "exists" | "essential" | "works" | "fine" | "ok" | "okay" | "possible" | "accepted" | "alright" | "welcome"
    )
}

/// Words that turn a mention round: `SSO is out of scope`, `we can skip it`, `can we leave it out?`
#[rustfmt::skip]
pub(crate) fn turns_round(words: &str) -> bool {
    let folded = words.to_ascii_lowercase();
    [
        "optional", "out of scope", "dropping", "drop ", "dropped", "skip", "can wait", "overkill", "against", "leave out", "leaving out", " out for", "switch off", "switched off", "turn off",
        "get rid", "without", "instead of", "nice to have", "later on", "phase two", "some day", "someday", "who cares", "avoid", "no decision", "not decided", "undecided", "haven't decided", "nobody told", "nobody has told", "don't know", "no idea", "not sure", "no word on", "not heard", "not discussed", "not talked", "refuse", "reject", "on hold", "credit hold", "hold off", "hold on", "hold it", "put a hold", "the hold", "stuck", "standing still", "blocked", "stopped", "not yet",
    ]
    .iter()
    .any(|phrase| folded.contains(phrase))
}
