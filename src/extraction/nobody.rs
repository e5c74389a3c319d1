//! Somebody, but not who: `their VP Ops`, `someone from IT`, `whoever is on
//! shift`. That is an answer too, and a person is told so.

use crate::claim::{Certainty, Claim};
use crate::language::{fold, is_name_word_stop, tokens};
use crate::value::{Kind, vagueness};

use super::{Hit, Line, Scene, Sign, cite_line, claim};

/// Words with which somebody is spoken of without a name.
#[rustfmt::skip]
const SOMEBODY: &[&str] = &[ "someone", "somebody", "their", "our", "one of", "a ", "whoever", "some ", "irgendwer", "irgendjemand", "jemand", "einer", "quelqu'un", "un collègue", "l'un de", "alguien", "uno de", "un compañero", "any of", "anyone", "anybody", "the guys", "the lads", "unser", "unsere", "notre", "nuestro", "nuestra", ];

/// `their VP Ops`, `someone from IT`, `Helen something`: somebody, but not who.
pub(super) fn claim_vague(scene: &Scene, at: usize, index: usize, claims: &mut Vec<Claim>) {
    let line = &scene.lines[at];
    let field = &scene.route.fields[index];
    let own = line.hits_of(index).find(|hit| hit.sign == Sign::Cue);
    let question = scene
        .replies
        .questions_of(at)
        .first()
        .filter(|q| scene.lines[**q].hits_of(index).any(|hit| hit.sign == Sign::Cue));
    if let Some((from, to)) = own.and_then(|hit| nobody_before(line, hit)) {
        claims.push(claim(field, vec![cite_line(line)], line.text[from..to].to_owned(), Certainty::Stated));
        return;
    }
    let (from, cited) = match (own, question) {
        (Some(hit), _) => (hit.end, vec![cite_line(line)]),
        (None, Some(question)) => (line.start, vec![cite_line(line), cite_line(&scene.lines[*question])]),
        (None, None) => return,
    };
    let text = &line.text[from..line.end];
    let words = tokens(text);
    let start = words.iter().position(|word| !opens_vaguely(&fold(word.text(text))));
    let Some(start) = start.and_then(|at| words.get(at)) else { return };
    let end = text[start.start..].find([',', ';', '.', '\n', '?', '!']).map_or(text.len(), |i| start.start + i);
    let phrase = text[start.start..end].trim();
    let short: String = phrase.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    // `Helen something` is somebody; the first word of a sentence has a capital anyway.
    let says_someone = phrase.starts_with(char::is_uppercase)
        && (from + start.start > line.start
            || phrase.split_whitespace().nth(1).is_some_and(|next| matches!(next, "something" | "from" | "in" | "or")))
        && !is_name_word_stop(&fold(phrase.split_whitespace().next().unwrap_or_default()))
        || SOMEBODY.iter().any(|word| phrase.to_ascii_lowercase().starts_with(word));
    if says_someone && vagueness(&Kind::Person, &short).is_some() {
        claims.push(claim(field, cited, short, Certainty::Stated));
    }
}
/// `Whoever is on shift takes it in`, `someone from goods-in`: words before a cue that name nobody in particular.
fn nobody_before(line: &Line, hit: &Hit) -> Option<(usize, usize)> {
    let before = &line.text[line.start..hit.start];
    let subject = before.trim();
    let first = tokens(subject).first().map(|token| fold(token.text(subject)).into_owned()).unwrap_or_default();
    let anybody = matches!(
        first.as_str(),
        "whoever"
            | "anyone"
            | "anybody"
            | "someone"
            | "somebody"
            | "irgendwer"
            | "irgendjemand"
            | "jemand"
            | "quelqu'un"
            | "alguien"
            | "cualquiera"
    );
    if anybody && tokens(subject).len() <= 8 && !subject.contains([',', ';']) {
        let start = line.start + before.len() - before.trim_start().len();
        return Some((start, start + subject.len()));
    }
    let at = ["someone", "somebody"].iter().find_map(|word| before.to_ascii_lowercase().rfind(word))?;
    let few = line.text[line.start + at..hit.end].split_whitespace().count() <= 5;
    few.then_some((line.start + at, hit.end))
}

/// Words between a cue and whom it is about.
fn opens_vaguely(word: &str) -> bool {
    matches!(
        word,
        "is" | "will"
            | "be"
            | "would"
            | "are"
            | "the"
            | "probably"
            | "it's"
            | "that's"
            | "um"
            | "uh"
            | "that"
            | "should"
            | "think"
            | "i"
            | "as"
            | "guess"
    )
}
