//! Long text: the sentence that says most about a field, by the side whose
//! word counts, with the question it answers.

use crate::claim::{Certainty, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{Doubt, Reach, doubts, tokens};
use crate::route::{Field, SaidBy};
use crate::value::{Kind, vagueness};

use super::direct::asks_for;
use super::free::answers_at_once;
use super::phrases::{defers, trim};
use super::sequels::goes_on;
use super::structure::{Build, build_of, cannot_be, is_built};
use super::{Hit, Line, Scene, Sign, cite, cite_line, claim};

/// The fewest words of a sentence that can be a long text.
const FEWEST_WORDS: usize = 5;
/// From this score on a sentence counts as said of the field.
const STATED: f32 = 0.85;
/// How much a sentence by the side whose word does not count stands back behind one by the other.
const WRONG_SIDE: f32 = 0.3;

/// How well a sentence answers a field.
struct Scored {
    /// By its words alone.
    words: f32,
    /// Said by the side whose word does not count.
    wrong_side: bool,
    /// The line of the question it answers.
    question: Option<usize>,
}

impl Scored {
    fn rank(&self) -> f32 {
        if self.wrong_side { self.words - WRONG_SIDE } else { self.words }
    }
}

/// Claims the best sentence of the conversation, if one is good enough.
pub(super) fn claim_sentence(scene: &Scene, index: usize, field: &Field, claims: &mut Vec<Claim>) {
    let mut best: Option<(Scored, usize)> = None;
    let body = |line: &Line| line.counts && line.kind != SegmentKind::Signature;
    for at in (0..scene.lines.len()).filter(|at| body(&scene.lines[*at])) {
        let Some(scored) = score(scene, at, index, field) else { continue };
        if best.as_ref().is_none_or(|(top, _)| scored.rank() > top.rank()) {
            best = Some((scored, at));
        }
    }
    let Some((scored, at)) = best else {
        claim_vague(scene, index, field, claims);
        return;
    };
    // What only the other side said stands back behind a loose answer by the one that counts.
    if scored.wrong_side {
        let before = claims.len();
        claim_vague(scene, index, field, claims);
        if claims.len() > before {
            return;
        }
    }
    let line = &scene.lines[at];
    if let Some(end) = ends_behind(scene, at, field) {
        let whole = cite(line, line.start, end);
        let words = whole.quote.clone();
        claims.push(claim(field, vec![whole], words, Certainty::Stated));
        return;
    }
    let mut cited = vec![cite_line(line)];
    cited.extend(scored.question.map(|question| cite_line(&scene.lines[question])));
    let sure = if scored.words >= STATED { Certainty::Stated } else { Certainty::Guessed };
    let (start, end) = label_cut(line, index);
    claims.push(claim(field, cited, line.text[start..end].to_owned(), sure));
}

/// An answer, or words about the field, that say something too loose for it.
fn claim_vague(scene: &Scene, index: usize, field: &Field, claims: &mut Vec<Claim>) {
    if !field.specific {
        return;
    }
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts && line.kind == SegmentKind::Body) {
        let question = asked_by(scene, at, index);
        let own = line.hits_of(index).any(|hit| hit.sign == Sign::Cue);
        if line.asks && question.is_none() || question.is_none() && !own || is_wrong_side(field, line.speaker.side) {
            continue;
        }
        if tokens(line.words()).len() > 2 && vagueness(&field.kind, line.words()).is_some() {
            let mut cited = vec![cite_line(line)];
            cited.extend(question.map(|question| cite_line(&scene.lines[question])));
            claims.push(claim(field, cited, line.words().to_owned(), Certainty::Stated));
        }
    }
}

/// Where a problem ends that is told in two sentences: `… should come over. Instead it …`.
fn ends_behind(scene: &Scene, at: usize, field: &Field) -> Option<usize> {
    let (line, next) = (&scene.lines[at], scene.lines.get(at + 1)?);
    let together = next.message == line.message && next.kind == line.kind && !next.asks;
    (together && build_of(field).is_some_and(|build| goes_on(build, line, next))).then_some(next.end)
}

/// A labelled line's value is what follows the label.
fn label_cut(line: &Line, field: usize) -> (usize, usize) {
    let cut = line
        .hits_of(field)
        .find(|hit| hit.start - line.start < 12 && line.text[hit.end..line.end].trim_start().starts_with(':'));
    cut.map_or((line.start, line.end), |hit| trim(line.text, hit.end, line.end))
}

/// `We use …, it costs us 900 a month`: what the tool costs is no trouble with it.
fn is_price_of_tool(words: &str) -> bool {
    const USES: [&str; 8] = [
        "we use ",
        "we work with ",
        "we run ",
        "we have been using ",
        "wir nutzen ",
        "wir arbeiten mit ",
        "nous utilisons ",
        "usamos ",
    ];
    const PRICES: [&str; 6] =
        ["it costs us", "which costs us", "costs us about", "das kostet uns", "ça nous coûte", "nos cuesta"];
    let folded = words.to_lowercase();
    let used = USES.iter().filter_map(|use_| folded.find(use_)).min();
    used.is_some_and(|at| PRICES.iter().any(|price| folded[at..].contains(price)))
}

fn score(scene: &Scene, at: usize, index: usize, field: &Field) -> Option<Scored> {
    let line = &scene.lines[at];
    if line.asks || line.words().trim_end().ends_with(':') {
        return None;
    }
    let cues: Vec<&Hit> = line.hits_of(index).filter(|hit| hit.sign == Sign::Cue).collect();
    let own = cues.iter().map(|hit| hit.weight).fold(0.0f32, f32::max) + 0.06 * cues.len().saturating_sub(1) as f32;
    let question = asked_by(scene, at, index);
    let asked = if question.is_some() { 0.8 } else { 0.0 };
    let build = build_of(field);
    // A sentence by the side whose word counts that is built like one needs no cue, the less where it has some.
    let told =
        scene.lines.get(at + 1).filter(|next| next.message == line.message && next.kind == line.kind && !next.asks);
    let told = told.is_some_and(|next| build.is_some_and(|build| goes_on(build, line, next)));
    let built = (told || build.is_some_and(|build| is_built(build, line))) && !is_wrong_side(field, line.speaker.side);
    let own = if built { own.max(if cues.is_empty() && question.is_none() { 0.84 } else { 0.9 }) } else { own };
    if own.max(asked) == 0.0 || is_price_of_tool(line.words()) && question.is_none() {
        return None;
    }
    // `Then press Preview …` goes on with the steps before it.
    let before = at
        .checked_sub(1)
        .map(|at| &scene.lines[at])
        .filter(|before| before.message == line.message && before.kind == line.kind);
    if line.words().starts_with("Then ")
        && build.is_some_and(|build| before.is_some_and(|before| is_built(build, before)))
    {
        return None;
    }
    // `Steps to reproduce: …` says itself what it is.
    let labelled = line.words().split_once(": ").is_some_and(|(label, _)| {
        cues.iter().any(|hit| hit.tells() && hit.end <= line.start + label.len() + 2 && label.len() < 40)
    });
    if !labelled && build.is_some_and(|build| cannot_be(build, line, question.is_some())) {
        return None;
    }
    let words = tokens(line.words()).len();
    if words < FEWEST_WORDS || defers(line.words()) {
        return None;
    }
    let figure = line.words().chars().any(|c| c.is_ascii_digit());
    let score = own.max(asked)
        + opening(line, &cues)
        + if words > 8 { 0.04 } else { 0.0 }
        // A figure makes a criterion of a wish.
        + if !field.specific || built { 0.0 } else if figure { 0.1 } else { -0.04 }
        // `If late drops go from nine to four, …` is how one says what would be a success.
        - if built { 0.0 } else { doubt(line, &cues) };
    (score > 0.5).then_some(Scored {
        words: score,
        wrong_side: is_wrong_side(field, line.speaker.side),
        question: question.filter(|_| asked > own),
    })
}

fn asked_by(scene: &Scene, at: usize, index: usize) -> Option<usize> {
    let question = scene.replies.questions_of(at).first().copied()?;
    let asked = &scene.lines[question];
    // `How many are stuck with it?` asks for a figure, and not what goes wrong.
    let told = matches!(build_of(&scene.route.fields[index]), Some(Build::Problem | Build::Steps));
    if told && asks_for(asked.words(), &Kind::Number) {
        return None;
    }
    let about = asked.hits_of(index).any(|hit| hit.sign == Sign::Cue);
    (about && (scene.lines[at].opens || answers_at_once(scene, at))).then_some(question)
}

/// A sentence that begins with the field's words is about it.
fn opening(line: &Line, cues: &[&Hit]) -> f32 {
    let early = cues.iter().filter(|hit| hit.start - line.start < 12);
    early.map(|hit| 0.05 + (hit.end - hit.start) as f32 / 400.0).fold(0.0f32, f32::max)
}

fn doubt(line: &Line, cues: &[&Hit]) -> f32 {
    let span = cues.first().map_or((line.start, line.end), |hit| (hit.start, hit.end));
    let found = doubts(line.text, (line.start, line.end), span, Reach::Outside);
    let open = found.iter().any(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged));
    let denied = found.contains(&Doubt::Negated) && !cues.is_empty();
    let weigh = |doubted: bool, weight: f32| if doubted { weight } else { 0.0 };
    weigh(open, 0.1) + weigh(denied, 0.3)
}

fn is_wrong_side(field: &Field, side: Side) -> bool {
    match field.said_by {
        SaidBy::Any => false,
        SaidBy::Theirs => side == Side::Ours,
        SaidBy::Ours => side == Side::Theirs,
    }
}
