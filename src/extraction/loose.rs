//! Lines that speak of a field but only loosely: `ASAP`, `soon`, `a few`.
//! That is an answer too, and a person is told so.

use crate::claim::{Certainty, Claim};
use crate::language::tokens;
use crate::value::{Kind, hints_at_value, vagueness};

use super::typed::suits;
use super::{Line, Scene, Sign, cite, cite_line, claim};

/// A line that speaks of a field but only loosely: `ASAP`, `soon`, `a few`.
pub(super) fn claim_vague(scene: &Scene, at: usize, claims: &mut Vec<Claim>) {
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
        let modest = || {
            let said = field.kind == Kind::Money && vagueness(&Kind::Money, line.words()).is_some() && own.is_none();
            said.then_some((line.start, line.end))
        };
        let Some((start, end)) = vague_words(line, &field.kind).or_else(modest) else { continue };
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
