//! Phrases: where a short text value begins and ends beside its cue, what an
//! answer that says nothing looks like, and how a list in a sentence falls
//! into its items.

use crate::claim::Certainty;
use crate::language::{Phrases, fold, is_name_word_stop, tokens};

use crate::value::{Context, Sorts, scan};

use super::{Hit, Line};

/// The most words of a short text value.
pub(super) const MOST_WORDS: usize = 12;

#[rustfmt::skip]
const DEFERRALS: Phrases = Phrases::new(&[
        "not sure", "don't know", "no idea", "let me", "get back", "find out", "have to check", "will check", "i'll check", "need to check",
        "good question", "to be confirmed", "tbd", "tbc", "have to ask", "need to ask", "i'd ask", "will ask", "i'll ask", "unclear", "not yet", "haven't", "depends",
        "no clue", "come back to", "still open", "got to go", "gotta go", "call you back",
    ]);

/// An answer that puts the question off.
#[rustfmt::skip]
pub(super) fn defers(words: &str) -> bool {
    DEFERRALS.stand_in(words)
}

/// The words a cue introduces: after a label, after a form of `be` (at once or past a short aside), as the name beside
/// it, or after a cue that ends in a verb or preposition.
pub(super) fn words_after(line: &Line, hit: &Hit) -> Option<(usize, usize, Certainty)> {
    // `DeckPilot 4 gets turned off the same night`: what is done away with stands before.
    if is_passive(&line.text[hit.start..hit.end]) {
        return beside_name(line, hit);
    }
    let rest = &line.text[hit.end..line.end];
    let bare = rest.trim_start();
    let labelled = bare.starts_with([':', '=', '|']) || rest.starts_with(" - ") || rest.starts_with(" – ");
    if labelled && line.text[line.start..hit.start].split_whitespace().count() <= 4 {
        let (start, end) = trim(line.text, hit.end, line.end);
        return fitting(line, start, end, 3 * MOST_WORDS).map(|(start, end)| (start, end, Certainty::Stated));
    }
    if let Some(begin) = after_being(line, hit) {
        let (end, named) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        let sure = if named { Certainty::Stated } else { Certainty::Guessed };
        return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, sure));
    }
    if let Some(begin) = after_preposition(line, hit) {
        let (end, named) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        let article = line.text[hit.end..begin].split_whitespace().any(|word| {
            matches!(
                word.to_lowercase().as_str(),
                "a" | "an" | "unas" | "unos" | "un" | "une" | "una" | "ein" | "eine" | "einer" | "einem" | "einen"
            )
        });
        let whose = says_whose(&line.text[start..end]);
        let sure = if named || whose || article { Certainty::Stated } else { Certainty::Guessed };
        return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, sure));
    }
    beside_name(line, hit)
}

fn is_passive(cue: &str) -> bool {
    let folded = cue.to_lowercase();
    let first = folded.split_whitespace().next().unwrap_or_default();
    matches!(first, "gets" | "get" | "goes" | "unplugged" | "wird" | "sera" | "se")
        || [
            "turned off",
            "switched off",
            "unplugged",
            "binned",
            "abgeschaltet",
            "plumbed in",
            "connected",
            "angebunden",
            "enganchado",
        ]
        .iter()
        .any(|end| folded.ends_with(end))
            && folded.split_whitespace().count() < 4
}

fn fitting(line: &Line, start: usize, end: usize, most: usize) -> Option<(usize, usize)> {
    let words = line.text.get(start..end)?;
    let count = tokens(words).len();
    // A day or a time names nothing.
    (count > 0 && count <= most && !defers(words) && !is_only_a_day(words)).then_some((start, end))
}

/// `31 May 2026`, `Monday at 10:30`: when, not what.
fn is_only_a_day(words: &str) -> bool {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let first = words.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',']).to_lowercase();
    if crate::language::calendar::MONTHS.contains(&first.as_str()) && words.split_whitespace().count() <= 2 {
        return true;
    }
    let seen = scan(words, Sorts::DATE | Sorts::DATETIME, &context);
    seen.iter().any(|day| (day.end - day.start) * 3 >= words.trim().len() * 2)
}

/// `our ERP`, `their own tool`: somebody's, and nothing more.
fn says_whose(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "our" | "their" | "your" | "his" | "her")
}

/// Past `is`, `are`, `will be` after the cue, with at most a short aside (`for launch`, `at the pumping station`, `we need`) between.
fn after_being(line: &Line, hit: &Hit) -> Option<usize> {
    let rest = &line.text[hit.end..line.end];
    let words = tokens(rest);
    let folded = |at: usize| words.get(at).map(|word| fold(word.text(rest)).into_owned()).unwrap_or_default();
    let being = (0..words.len().min(7)).find(|at| {
        matches!(
            folded(*at).as_str(),
            "is" | "are"
                | "was"
                | "were"
                | "will"
                | "include"
                | "includes"
                | "ist"
                | "sind"
                | "wird"
                | "est"
                | "sont"
                | "es"
                | "son"
                | "será"
        )
    })?;
    let aside = &rest[..words[being].start];
    let opens = being == 0
        || being <= 2 && !cue_is_verb(&line.text[hit.start..hit.end])
        || matches!(
            folded(0).as_str(),
            "for" | "at" | "in" | "on" | "of" | "from" | "we" | "they" | "you" | "i" | "to"
        );
    if !opens || aside.contains([',', ';', ':', '.', '?', '!']) {
        return None;
    }
    let first = (being + 1..words.len()).find(|at| !opens_predicate(folded(*at).as_str()))?;
    Some(hit.end + words[first].start)
}

/// A cue that ends in a verb has its object behind it, not a form of `be`.
fn cue_is_verb(cue: &str) -> bool {
    let last = cue.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "use" | "using" | "run" | "uses" | "replaces" | "replacing" | "we" | "to" | "with")
}

/// Past the preposition after the cue, or at once after a cue that ends in a preposition or verb.
fn after_preposition(line: &Line, hit: &Hit) -> Option<usize> {
    let rest = &line.text[hit.end..line.end];
    let words = tokens(rest);
    let folded = |at: usize| words.get(at).map(|word| fold(word.text(rest)).into_owned()).unwrap_or_default();
    let cue = line.text[hit.start..hit.end].to_ascii_lowercase();
    let last = cue.split_whitespace().next_back().unwrap_or_default();
    let verb = ends_in_verb(last);
    let skip = usize::from(leads_object(&folded(0)));
    if skip == 0 && !leads_object(last) && !verb || rest.trim_start().starts_with([',', '.', ';']) {
        return None;
    }
    let first = (skip..words.len()).find(|at| !opens_object(folded(*at).as_str()))?;
    Some(hit.end + words[first].start)
}

/// `sales order SO-52233`, `the Statement Export module`: a name or number that touches the cue.
fn beside_name(line: &Line, hit: &Hit) -> Option<(usize, usize, Certainty)> {
    let rest = &line.text[hit.end..line.end];
    let lead = rest.len() - rest.trim_start_matches([' ', '#', '"', '“', '(', '\n']).len();
    let chunk = rest[lead..]
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ',', ';', ':', ')', '"', '”', '!', '?']);
    if chunk.contains(|c: char| c.is_ascii_digit()) && chunk.len() > 2 && !chunk.contains(':') {
        return Some((hit.end + lead, hit.end + lead + chunk.len(), Certainty::Stated));
    }
    // `take deliveries Mon-Fri 08:00-16:00`: a named stretch with figures.
    if chunk.starts_with(char::is_uppercase) {
        let begin = hit.end + lead;
        let (end, _) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        if line.text[start..end].contains(|c: char| c.is_ascii_digit()) {
            return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, Certainty::Stated));
        }
    }
    let before = &line.text[line.start..hit.start];
    let all = tokens(before);
    // `Oak and Pine, those two have to be connected`: what only links the names to the cue is passed over.
    let linking = all.iter().rev().take_while(|word| links_to_verb(&fold(word.text(before)))).count();
    let words = &all[..all.len() - linking];
    let before = &before[..words.last().map_or(0, |word| word.end)];
    let named = words
        .iter()
        .rev()
        .take_while(|word| {
            let text = word.text(before);
            text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && !is_name_word_stop(&fold(text))
        })
        .count();
    let first = words.get(words.len().checked_sub(named)?)?;
    let gap = &before[words.last()?.end..];
    // The first word of a sentence has a capital for no reason.
    let opens = named == 1 && words.len() == 1;
    // In `the API returns the wrong one` the cue is a verb, and the name its subject.
    let follower = tokens(rest).first().map(|next| fold(next.text(rest)).into_owned()).unwrap_or_default();
    let acts = matches!(
        follower.as_str(),
        "the" | "a" | "an" | "our" | "us" | "it" | "them" | "that" | "this" | "no" | "every" | "all" | "on" | "up"
    );
    // `A und der B müssen angebunden sein`: the last of several is not all of them.
    let lead: Vec<String> =
        words[..words.len() - named].iter().rev().take(2).map(|word| fold(word.text(before)).into_owned()).collect();
    let last_of_several = lead.iter().any(|word| matches!(word.as_str(), "and" | "und" | "et" | "y" | "or" | "oder"));
    let sure = if last_of_several { Certainty::Guessed } else { Certainty::Stated };
    (named > 0 && named <= 4 && gap.trim().is_empty() && !opens && !acts)
        .then(|| (line.start + first.start, line.start + words[words.len() - 1].end, sure))
}

#[rustfmt::skip]
fn links_to_verb(word: &str) -> bool {
    matches!(
        word,
        "have" | "has" | "to" | "be" | "must" | "need" | "needs" | "should" | "will" | "those" | "these" | "two" | "both" | "three" | "all" | "they" | "which" | "is" | "are" | "then"
            | "müssen" | "muss" | "sollen" | "zum" | "start" | "doivent" | "doit" | "être" | "tienen" | "tiene" | "que" | "estar"
    )
}

/// Where the phrase that begins at `begin` ends, and whether it starts like a name or a number.
fn phrase_end(line: &Line, begin: usize) -> (usize, bool) {
    let text = &line.text[begin..line.end];
    let words = tokens(text);
    let capital =
        words.first().is_some_and(|word| word.text(text).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let mut end = text.len();
    for (at, word) in words.iter().enumerate().skip(1) {
        let gap = &text[words[at - 1].end..word.start];
        let folded = fold(word.text(text));
        let upper = word.text(text).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let pause = gap.contains(['.', ';', '!', '?', '—', '–', '\n', '(']) || gap.contains(" - ") || gap.contains(':');
        let upper_at = |at: usize| words.get(at).is_some_and(|next| next.text(text).starts_with(char::is_uppercase));
        let small = |at: usize| {
            words.get(at).is_some_and(|next| {
                matches!(
                    fold(next.text(text)).as_ref(),
                    "to" | "the" | "with" | "mit" | "an" | "à" | "con" | "a" | "into"
                )
            })
        };
        let joins = |word: &str| matches!(word, "and" | "or" | "&" | "plus" | "und" | "et" | "y" | "sowie");
        let list_goes_on = gap.contains(',') && upper
            || joins(&folded) && (upper_at(at + 1) || small(at + 1) && upper_at(at + 2))
            || small(at) && joins(&fold(words[at - 1].text(text))) && upper_at(at + 1);
        let turns = gap.contains(',') || ends_phrase(&folded);
        if pause || turns && !list_goes_on {
            end = words[at - 1].end;
            break;
        }
    }
    (begin + end, capital)
}

/// Words between a verb or preposition and what it is about.
#[rustfmt::skip]
fn opens_object(word: &str) -> bool {
    matches!(
        word,
        "the" | "a" | "an" | "um" | "uh" | "both" | "use" | "run" | "have" | "are" | "on" | "un" | "une" | "una"
            | "ein" | "eine" | "einer" | "einem" | "einen" | "unas" | "unos" | "des" | "übrigens" | "auch" | "also" | "still" | "mainly" | "mostly"
            | "just" | "currently" | "der" | "die" | "das" | "dem" | "den" | "le" | "la" | "les" | "el" | "los"
    )
}

/// Words between a form of `be` and what is said.
#[rustfmt::skip]
fn opens_predicate(word: &str) -> bool {
    matches!(
        word,
        "be" | "the" | "a" | "an" | "now" | "still" | "currently" | "um" | "uh" | "only" | "just" | "both" | "called" | "named"
    )
}

/// Prepositions behind a cue.
#[rustfmt::skip]
fn leads_object(word: &str) -> bool {
    matches!(
        word,
        "to" | "with" | "from" | "in" | "on" | "into" | "off" | "via" | "by" | "through" | "as" | "mit" | "über" | "durch"
            | "an" | "par" | "avec" | "sur" | "à" | "con" | "por" | "en" | "a"
    )
}

/// Words with which something else begins.
#[rustfmt::skip]
fn ends_phrase(word: &str) -> bool {
    matches!(
        word,
        "but" | "because" | "so" | "which" | "that" | "who" | "if" | "when" | "while" | "until" | "before" | "after" | "since" | "then"
            | "as" | "for" | "by" | "from" | "with" | "via" | "and" | "is" | "are" | "we" | "i" | "they" | "you" | "will"
            | "has" | "today" | "these" | "chez" | "bei" | "und" | "et" | "mit" | "avec" | "con" | "y" | "que" | "qui" | "ist"
            | "est" | "es" | "too" | "to" | "right" | "dès" | "ab" | "desde" | "zum" | "depuis" | "pour" | "para" | "für" | "at" | "on" | "go" | "goes"
    )
}

/// Last words of a cue that have an object behind them.
#[rustfmt::skip]
fn ends_in_verb(word: &str) -> bool {
    matches!(
        word,
        "use" | "using" | "is" | "are" | "at" | "of" | "for" | "replacing" | "replaces" | "uses" | "retire" | "run" | "lead" | "head"
            | "we"
    )
}

/// Without the marks and spaces around a value.
pub(super) fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let words = &text[start..end];
    let head = words.len()
        - words
            .trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '*' | '"' | '“' | ',' | '|' | '=' | '•' | '>')
            })
            .len();
    let kept = words[head..].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '"' | '”' | '*' | '|' | '-' | '–' | '—' | '…')
    });
    (start + head, start + head + kept.len())
}
