//! Systems by name, several at a time: `Oak and Pine, those two have to be
//! connected`, `that is Larch Pay, the hours have to go across`, and the answer
//! to which ones. A list is worth little with half of its names, so the names
//! beside a name are read with it.

use crate::claim::{Certainty, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{Doubt, Phrases, Reach, Token, doubts, fold, is_name_word_stop, is_role_word, tokens};
use crate::route::Field;
use crate::value::Sort;

use super::{Hit, Line, Scene, Sign, cite_line, claim};

/// How many lines of a reply may name systems.
const LINES_OF_ANSWER: usize = 3;

/// What is put off is not for the start.
#[rustfmt::skip]
const LATER: Phrases = Phrases::new(&[
    "later", "next year", "phase two", "phase 2", "second phase", "eventually", "nice to have", "would be nice", "can wait", "one day", "some day", "maybe", "perhaps", "not needed", "don't need", "leave out", "no need", "replac", "switched off", "turned off",
    "next spring", "next summer", "next autumn", "next month", "do not", "don't let", "after that", "out of scope", "goes away", "going away", "instead of", "last year", "used to", "we had", "später", "irgendwann", "vielleicht", "nicht", "abgeschaltet", "ersetz", "plus tard", "peut-être", "pas besoin", "on verra", "más adelante", "quizá", "no hace falta",
]);

/// Claims the names of systems that the other readings of short text have not found.
pub(super) fn claim_systems(scene: &Scene, index: usize, field: &Field, claims: &mut Vec<Claim>) {
    let body = |line: &Line| line.counts && line.kind == SegmentKind::Body && !line.asks && !line.foreign;
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| body(line)) {
        let own: Vec<&Hit> = line.hits_of(index).filter(|hit| hit.sign == Sign::Cue && hit.tells()).collect();
        let asked = answers(scene, at, index);
        let wished = at.checked_sub(1).is_some_and(|before| {
            let before = &scene.lines[before];
            before.asks && before.message == line.message && before.hits_of(index).any(Hit::tells)
        });
        if own.is_empty() && asked.is_none() && !wished || LATER.stand_in(line.words()) {
            continue;
        }
        let taken = claims.iter().any(|claim| {
            claim.field == field.key
                && claim.certainty == Certainty::Stated
                && claim.cited.first().is_some_and(|cited| cited.message == line.id && cited.at == Some(line.start))
        });
        let before_cue = own.first().map_or(line.end, |hit| hit.start);
        let spans = match (own.is_empty(), asked) {
            (false, _) => listed(scene, line, before_cue),
            // Further on in a reply only what looks like a product's name by itself is one.
            (true, Some(_)) if line.speaker.side != Side::Ours => {
                let sharp = |(from, to): &(usize, usize)| {
                    let name = &line.text[*from..*to];
                    name.contains(|c: char| c.is_ascii_digit()) || name.chars().skip(1).any(char::is_uppercase)
                };
                let before = scene.lines[..at].iter().rev().take(4).take_while(|before| before.message == line.message);
                let opens = before.map(|line| tokens(line.words()).len()).sum::<usize>() <= 4;
                let mut found = names(scene, line, (line.start, line.end));
                // What opens a sentence has a capital anyway: `Epicor Kinetic` is found as `Kinetic` alone.
                if let Some(span) = opening_name(scene, line).filter(|_| opens) {
                    found.retain(|(from, _)| *from >= span.1);
                    found.insert(0, span);
                }
                found.retain(|span| opens || sharp(span));
                found
            }
            (true, None) if points_back(line) => {
                claim_named_before(scene, at, (index, field), claims);
                continue;
            }
            _ => Vec::new(),
        };
        if taken && spans.len() < 2 {
            continue;
        }
        if spans.is_empty() && !own.is_empty() && points_back(line) {
            claim_named_before(scene, at, (index, field), claims);
            continue;
        }
        for span in spans {
            let denied = doubts(line.text, (line.start, line.end), span, Reach::Outside);
            if !denied.iter().any(|doubt| matches!(doubt, Doubt::Negated | Doubt::Hedged | Doubt::Conditional)) {
                let mut cited = vec![cite_line(line)];
                cited.extend(asked.filter(|_| own.is_empty()).map(|question| cite_line(&scene.lines[question])));
                claims.push(claim(field, cited, line.text[span.0..span.1].to_owned(), Certainty::Stated));
            }
        }
    }
}

/// `Oak for the money, and …`, `Oak, yes, that has to be there`, `Oak. It is …`: the name that opens an answer.
fn opening_name(scene: &Scene, line: &Line) -> Option<(usize, usize)> {
    let text = line.words();
    let all = tokens(text);
    let first = all.first()?;
    let word = first.text(text);
    let folded = fold(word).into_owned();
    let mut end = 1;
    while end < all.len() && end < 4 && goes_on(text, &all, end) {
        end += 1;
    }
    let behind = &text[all[end - 1].end..];
    let next = tokens(behind).first().map(|token| fold(token.text(behind)).into_owned()).unwrap_or_default();
    let refused = matches!(next.as_str(), "no" | "not" | "never" | "nein" | "nicht" | "non" | "pas");
    let follows = behind.trim().is_empty()
        || behind.starts_with([',', '.', ';']) && !refused
        || matches!(next.as_str(), "for" | "and" | "is" | "und" | "für" | "et" | "pour" | "y" | "para" | "plus");
    #[rustfmt::skip]
    let common = matches!(folded.as_str(), "yes" | "cheers" | "thanks" | "hello" | "right" | "good" | "great" | "perfect" | "nothing" | "none" | "everything" | "lovely" | "exactly" | "correct" | "agreed" | "sorry" | "honestly" | "maybe" | "later" | "monday" | "danke" | "merci" | "gracias" | "morning" | "understood" | "noted" | "fine" | "sounds" | "happy" | "brilliant" | "ok" | "okay" | "same" | "depends" | "juste" | "just" | "only" | "nur" | "seulement" | "solo" | "bitte");
    let somebody = scene.participants.iter().any(|one| one.name.split_whitespace().any(|part| part == word))
        || scene.companies.iter().any(|company| folded == company.as_str());
    let name = word.starts_with(char::is_uppercase)
        && word.len() > 2
        && !is_idle(&folded)
        && !common
        && !somebody
        && !is_name_word_stop(&folded)
        && !is_role_word(&folded)
        && !line.values.iter().any(|value| value.start == line.start);
    (name && follows).then(|| (line.start + first.start, line.start + all[end - 1].end))
}

/// The question about the field that a line answers, near the beginning of the reply.
fn answers(scene: &Scene, at: usize, index: usize) -> Option<usize> {
    let question = *scene.replies.questions_of(at).first()?;
    let about = scene.lines[question].hits_of(index).any(Hit::tells);
    let message = scene.lines[at].message;
    let lead = scene.lines[..at].iter().rev().take_while(|line| line.message == message).count();
    let numbered = scene.replies.questions_of(at).len() == 1;
    let words = scene.lines[question].words();
    let who = tokens(words).iter().any(|token| {
        matches!(
            fold(token.text(words)).as_ref(),
            "who" | "whom" | "wer" | "wen" | "qui" | "quién" | "when" | "wann" | "quand" | "cuándo"
        )
    });
    let about = about && !who;
    (about && (lead < LINES_OF_ANSWER || numbered)).then_some(question)
}

/// Names that stand one beside the other before the cue, or right behind `that is`.
fn listed(scene: &Scene, line: &Line, before: usize) -> Vec<(usize, usize)> {
    let found = names(scene, line, (line.start, before));
    let Some(last) = found.last().copied() else { return found };
    let lead = line.text[line.start..last.0].to_lowercase();
    let said = ["that is", "that's", "it is", "it's", "c'est", "das ist", "es "]
        .iter()
        .any(|words| lead.trim_start().starts_with(words));
    if found.len() == 1 {
        return if said { found } else { Vec::new() };
    }
    let joined = found.windows(2).all(|pair| {
        let between = line.text[pair[0].1..pair[1].0].trim().to_lowercase();
        matches!(
            between.as_str(),
            "," | "and"
                | "und"
                | "et"
                | "y"
                | "&"
                | "and the"
                | "und das"
                | ", and"
                | "plus"
                | "and our"
                | "+"
                | "/"
                | "as well as"
        )
    });
    if joined { found } else { Vec::new() }
}

/// `We need that connected from the start`: what was named right before.
#[rustfmt::skip]
fn points_back(line: &Line) -> bool {
    let words = line.words();
    let back = tokens(words).iter().any(|token| matches!(fold(token.text(words)).as_ref(), "that" | "it" | "those" | "them" | "both" | "these" | "das" | "die" | "ça" | "eso" | "ambos"));
    let needs = tokens(words).iter().any(|token| matches!(fold(token.text(words)).as_ref(), "need" | "must" | "want" | "brauchen" | "muss" | "müssen" | "faut" | "necesitamos" | "has" | "have" | "needs"));
    back && needs
}

fn claim_named_before(scene: &Scene, at: usize, (index, field): (usize, &Field), claims: &mut Vec<Claim>) {
    let line = &scene.lines[at];
    let Some(before) = at.checked_sub(1).map(|at| &scene.lines[at]) else { return };
    let Some(cue) = before.hits_of(index).filter(|hit| hit.tells()).last() else { return };
    if before.message != line.message || LATER.stand_in(before.words()) {
        return;
    }
    for (from, to) in names(scene, before, (cue.end, before.end)) {
        // The need stands first; the name is in the line before it.
        let mut named =
            claim(field, vec![cite_line(before), cite_line(line)], before.text[from..to].to_owned(), Certainty::Stated);
        named.raw_value = Some(before.text[from..to].to_owned());
        claims.push(named);
    }
}

/// Names of products in a stretch of a line.
fn names(scene: &Scene, line: &Line, (from, to): (usize, usize)) -> Vec<(usize, usize)> {
    let Some(text) = line.text.get(from..to) else { return Vec::new() };
    let all = tokens(text);
    let german = tokens(line.words()).iter().any(|token| {
        matches!(fold(token.text(line.words())).as_ref(), "und" | "der" | "die" | "das" | "wir" | "ist" | "mit" | "auf")
    });
    let mut found = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let led = at > 0 && matches!(fold(all[at - 1].text(text)).as_ref(), "von" | "mit");
        let opens = from + all[at].start == line.start;
        if !begins_name(scene, text, &all[at], (german && !led, opens && !followed_by_list(text, &all, at))) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < all.len() && end - at < 4 && goes_on(text, &all, end) {
            end += 1;
        }
        let span = (from + all[at].start, from + all[end - 1].end);
        let person =
            line.values.iter().any(|value| value.sort == Sort::Person && value.start < span.1 && span.0 < value.end);
        let choice =
            line.hits.iter().any(|hit| matches!(hit.sign, Sign::Choice(_)) && hit.start < span.1 && span.0 < hit.end);
        if !person && !choice {
            found.push(span);
        }
        at = end;
    }
    found
}

fn begins_name(scene: &Scene, text: &str, token: &Token, (german, opens): (bool, bool)) -> bool {
    let word = token.text(text);
    let folded = fold(word);
    let inner = word.chars().skip(1).any(char::is_uppercase) && !word.contains(['\'', '’']);
    let capital = word.starts_with(char::is_uppercase) && word.chars().count() > 2 && !german && !opens;
    let generic = crate::value::vagueness(&crate::value::Kind::Text, word).is_some();
    let somebody = scene.participants.iter().any(|one| one.name.split_whitespace().any(|part| part == word))
        || scene.companies.iter().any(|company| folded == company.as_str());
    (inner || capital)
        && !is_idle(&folded)
        && !generic
        && !somebody
        && !is_name_word_stop(&folded)
        && !is_role_word(&folded)
        && !crate::language::calendar::WEEKDAYS.contains(&folded.as_ref())
        && !crate::language::calendar::MONTHS.contains(&folded.as_ref())
}

#[rustfmt::skip]
pub(super) fn is_idle(word: &str) -> bool {
    matches!(
        word,
        "cheers" | "ta" | "hello" | "morning" | "danke" | "merci" | "gracias" | "things" | "thing" | "systems" | "system" | "ones" | "them" | "of" | "five" | "tools" | "programs" | "one" | "two" | "three" | "four" | "both" | "only" | "yes" | "yeah" | "yep" | "no" | "well" | "okay" | "right" | "sure" | "mainly" | "mostly" | "just" | "first" | "second" | "third" | "also" | "then" | "there" | "that" | "those" | "these" | "please" | "thanks" | "it" | "its"
            | "zwei" | "drei" | "beide" | "nur" | "ja" | "nein" | "deux" | "trois" | "oui" | "non" | "dos" | "tres" | "ambos" | "sí" | "erp" | "crm" | "sso" | "api" | "csv" | "pdf" | "it's" | "eta" | "faq" | "vat" | "usd" | "eur" | "gbp"
    )
}

/// `Oak and Pine, those two …`: a first word that is the first of several names.
fn followed_by_list(text: &str, all: &[Token], at: usize) -> bool {
    let upper = |at: usize| all.get(at).is_some_and(|token| token.text(text).starts_with(char::is_uppercase));
    let next = all.get(at + 1).map(|token| fold(token.text(text)).into_owned()).unwrap_or_default();
    let joins = matches!(next.as_str(), "and" | "und" | "et" | "y" | "&" | "plus");
    let comma = all.get(at + 1).is_some_and(|token| text[all[at].end..token.start].starts_with(','));
    let speaker = all
        .get(at + 2)
        .is_some_and(|token| matches!(fold(token.text(text)).split(['\'', '’']).next(), Some("i" | "we")));
    joins && upper(at + 2) && !speaker || comma && upper(at + 1)
}

/// A further word of the same name: `Sage 50 Payroll`, `SAP TM`.
fn goes_on(text: &str, all: &[Token], at: usize) -> bool {
    let gap = &text[all[at - 1].end..all[at].start];
    let word = all[at].text(text);
    gap == " "
        && (word.starts_with(char::is_uppercase) && !is_name_word_stop(&fold(word))
            || word.chars().all(|c| c.is_ascii_digit() || c == '.') && word.len() < 5)
}
