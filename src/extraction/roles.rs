//! The part somebody plays at work: the line of their signature that reads like
//! one, or what they say when they introduce themselves.

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::SegmentKind;
use crate::language::{fold, is_role_word, tokens};
use crate::route::Field;

use super::writers::{MOST_WORDS, is_person};
use super::{Line, Scene, cite, cite_line, claim};

/// The line of the person's own signature that reads like a role.
pub(super) fn claim_role(scene: &Scene, field: &Field, (name, cited): (&str, &[Citation]), claims: &mut Vec<Claim>) {
    // The signature may be where the name itself was found.
    let holds =
        |line: &Line| cited.iter().any(|one| one.message == line.id && one.at.is_some() && one.quote.contains(name));
    let signed =
        |line: &&Line| line.kind == SegmentKind::Signature && line.counts && (is_person(line, name) || holds(line));
    for line in scene.lines.iter().filter(signed) {
        for (start, end) in parts(line) {
            let words = &line.text[start..end];
            let count = words.split_whitespace().count();
            let plain = !words.contains(['@', ':']) && !words.contains(|c: char| c.is_ascii_digit());
            let titled = tokens(words).iter().any(|token| is_role_word(&fold(token.text(words))));
            if plain && titled && count <= MOST_WORDS && !words.contains(name) {
                let cited = vec![cite(line, line.start, line.end)];
                claims.push(claim(field, cited, words.to_owned(), Certainty::Stated));
                return;
            }
        }
    }
}

/// `I'm the yard manager at Marlow`, `Je suis responsable …`, `I look after the fleet`: the part somebody says they play.
pub(super) fn claim_introduced(scene: &Scene, field: &Field, name: &str, claims: &mut Vec<Claim>) {
    const OPENERS: [&str; 9] =
        ["i'm ", "i’m ", "i am ", "ich bin ", "je suis ", "soy ", "myself ", "my name is ", "this is "];
    const DOES: [&str; 16] = [
        "i look after ",
        "i run ",
        "i manage ",
        "i head ",
        "i lead ",
        "i'm in charge of ",
        "i am in charge of ",
        "i'm responsible for ",
        "i am responsible for ",
        "ich leite ",
        "ich verantworte ",
        "je gère ",
        "je dirige ",
        "je m'occupe de ",
        "me encargo de ",
        "dirijo ",
    ];
    let own = |line: &&Line| line.kind == SegmentKind::Body && line.counts && !line.asks && is_person(line, name);
    for line in scene.lines.iter().filter(own) {
        let text = line.words();
        let folded = text.to_lowercase();
        if folded.len() != text.len() {
            continue;
        }
        let begins = |opener: &str| {
            let at = folded.find(opener)?;
            (at == 0 || !folded[..at].ends_with(char::is_alphanumeric)).then_some(at + opener.len())
        };
        let found = OPENERS
            .iter()
            .find_map(|opener| introduced(text, begins(opener)?))
            .or_else(|| DOES.iter().find_map(|opener| looked_after(text, begins(opener)?)));
        if let Some((start, end)) = found {
            let words = text[start..end].to_owned();
            claims.push(claim(field, vec![cite_line(line)], words, Certainty::Stated));
            return;
        }
    }
}

/// A run of a few words with a role in it, behind an introduction and the speaker's own name.
fn introduced(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut next = from;
    for part in text.get(from..)?.split_inclusive([',', '.', ';', '!', '\n']).take(2) {
        let start = next;
        next += part.len();
        let words = tokens(part);
        let stop = |word: &str| {
            matches!(
                word,
                "at" | "with"
                    | "for"
                    | "and"
                    | "here"
                    | "from"
                    | "chez"
                    | "bei"
                    | "und"
                    | "et"
                    | "y"
                    | "who"
                    | "so"
                    | "but"
                    | "in"
                    | "since"
            )
        };
        let skip = words
            .iter()
            .take_while(|word| {
                matches!(
                    fold(word.text(part)).as_ref(),
                    "the" | "a" | "an" | "our" | "der" | "die" | "le" | "la" | "el" | "your" | "one"
                )
            })
            .count();
        let end =
            words.iter().skip(skip).position(|word| stop(&fold(word.text(part)))).map_or(words.len(), |at| at + skip);
        let own = words.get(skip..end)?;
        let titled = own.iter().any(|word| is_role_word(&fold(word.text(part))));
        if titled && own.len() <= MOST_WORDS {
            return Some((start + own.first()?.start, start + own.last()?.end));
        }
    }
    None
}

/// What somebody looks after: a few words, and a thing of its own.
fn looked_after(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let part = rest.split([',', '.', ';', '!', '\n']).next()?;
    let words = tokens(part);
    let stop = |word: &str| {
        matches!(
            word,
            "at" | "for" | "and" | "here" | "chez" | "bei" | "und" | "et" | "y" | "so" | "but" | "on" | "with"
        )
    };
    let end = words.iter().position(|word| stop(&fold(word.text(part)))).unwrap_or(words.len());
    let first = fold(words.first()?.text(part)).into_owned();
    let idle = matches!(
        first.as_str(),
        "it" | "this"
            | "that"
            | "them"
            | "into"
            | "out"
            | "to"
            | "everything"
            | "you"
            | "a"
            | "an"
            | "das"
            | "ça"
            | "eso"
            | "late"
            | "around"
    ) || ["project", "projekt", "projet", "proyecto"].iter().any(|word| part.to_lowercase().contains(word));
    (!idle && (1..=5).contains(&end)).then(|| (from + words[0].start, from + words[end - 1].end))
}

/// The parts of a signature line, between its commas and strokes.
fn parts(line: &Line) -> Vec<(usize, usize)> {
    let text = line.words();
    let mut found = Vec::new();
    let mut from = 0;
    let cuts =
        text.char_indices().filter(|(_, c)| matches!(c, ',' | '|' | '·' | '/' | '•' | '\n' | '–' | '—' | '(' | ')'));
    for (at, c) in cuts.chain([(text.len(), ' ')]) {
        let (start, end) = super::phrases::trim(line.text, line.start + from, line.start + at);
        if start < end {
            found.push((start, end));
        }
        from = at + c.len_utf8();
    }
    found
}
