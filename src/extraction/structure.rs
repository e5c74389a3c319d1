//! The build of a sentence that tells what it is about, whatever its words: a
//! thing that should happen and does not, a figure that is to fall by a day,
//! a loss so many times a week, one click after the other.

use std::borrow::Cow;

use crate::language::{Phrases, fold, tokens};
use crate::route::Field;

use super::Line;
use super::writers::bears;

/// What long texts are about that their build can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    Problem,
    Measure,
    Loss,
    Steps,
}

pub(super) fn build_of(field: &Field) -> Option<Build> {
    let builds = [
        ("problem summary", Build::Problem),
        ("success criteria", Build::Measure),
        ("need", Build::Loss),
        ("steps to reproduce", Build::Steps),
    ];
    builds.iter().find(|(name, _)| bears(field, name)).map(|(_, build)| *build)
}

pub(super) const DUE: Phrases =
    Phrases::new(&["should", "supposed", "ought", "must", "sollte", "müsste", "devrai", "debería", "doit"]);
pub(super) const FAILS: Phrases = Phrases::new(&[
    "hang",
    "error",
    "blank",
    "empty",
    "crash",
    "fail",
    "freez",
    "froze",
    "nothing",
    "stuck",
    "wrong",
    "stays",
    "logged out",
    "kicks",
    "times out",
    "timeout",
    "spin",
    "disappear",
    "vanish",
    "missing",
    "twice",
    "duplicat",
    "jumps",
    "zero",
    "old ",
    "doesn't",
    "won't",
    "never",
    "only half",
    "garbl",
    "grey",
    "gray",
    "white page",
    "white screen",
    "instead",
    "lost",
    "loses",
    "slow",
    "leer",
    "fehler",
    "hängt",
    "stürzt",
    "bleibt",
    "falsch",
    "nichts",
    "weiß",
    "doppelt",
    "verschwind",
    "fehlt",
    "dauert",
    "abgebrochen",
    "erreur",
    "vide",
    "plante",
    "se fige",
    "bloque",
    "rien",
    "faux",
    "blanche",
    "disparaî",
    "en double",
    "se ferme",
    "error",
    "vací",
    "en blanco",
    "se cuelga",
    "se bloquea",
    "se queda",
    "nada",
    "mal",
    "desaparec",
    "duplica",
    "se cierra",
]);
const CHANGES: Phrases = Phrases::new(&[
    "down",
    "drop",
    "fall",
    "go from",
    "goes from",
    "get ",
    "bring",
    "cut",
    "reduc",
    "halve",
    "under",
    "below",
    "less",
    "fewer",
    "rise",
    " up ",
    "sink",
    "senk",
    "runter",
    "unter",
    "bajar",
    "bajan",
    "baja",
    "baiss",
    "pass",
    "descend",
    "want",
    "instead",
    "go ",
    "goes ",
]);
const PERIODS: Phrases = Phrases::new(&[
    "week", "month", "quarter", "year", " day", "woche", "monat", "jahr", "semain", "mois", " an ", "seman", " mes ",
    "meses", "shift", "night",
]);
const ORDERS: Phrases = Phrases::new(&[
    "open", "click", "press", "choose", "select", "pick", "scan", "enter", "tap", "save", "close", "drag", "then",
    "öffn", "klick", "drück", "wähl", "ouvr", "cliqu", "chois", "puis", "abr", "puls", "luego", "go to", "print",
    "upload",
]);

/// Whether a line is built like what the field wants.
pub(super) fn is_built(build: Build, line: &Line) -> bool {
    let text = line.words();
    if build == Build::Problem && whenever_it_fails(text) {
        return true;
    }
    // One look tells nearly every line; the words are cut only where it may be so.
    let signs = match build {
        Build::Problem => &DUE,
        Build::Measure => &CHANGES,
        Build::Loss => &PERIODS,
        Build::Steps => &ORDERS,
    };
    if !signs.stand_in(text) {
        return false;
    }
    let words: Vec<Cow<str>> = tokens(text).iter().map(|token| fold(token.text(text))).collect();
    if words.len() < 5 {
        return false;
    }
    let any = |known: fn(&str) -> bool| words.iter().any(|word| known(word));
    match build {
        Build::Problem => {
            let folded = text.to_lowercase();
            let carries = ["when it should", "when they should", "instead of", "rather than", "although it should"];
            any(is_due) && (any(is_turn) || carries.iter().any(|words| folded.contains(words)))
        }
        Build::Measure => {
            !text.contains(['€', '$', '£'])
                && any(is_level)
                && count(&words, is_figure) >= 1
                && (any(is_limit) || any(is_period))
                && falls(&words)
        }
        Build::Loss => {
            every_so_often(&words) && count(&words, is_figure) >= 1 && !text.contains(['€', '$', '£']) && any(is_harm)
        }
        Build::Steps => steps(&words) >= 3,
    }
}

/// `When somebody picks a slot, the page hangs`: what people do, and what goes wrong then.
#[rustfmt::skip]
fn whenever_it_fails(text: &str) -> bool {
    let all = tokens(text);
    let word = |at: usize| all.get(at).map(|token| fold(token.text(text)).into_owned()).unwrap_or_default();
    let opens = matches!(word(0).as_str(), "when" | "whenever" | "if" | "as" | "once" | "each" | "every" | "wenn" | "sobald" | "quand" | "lorsque" | "lorsqu'on" | "dès" | "cuando" | "si" | "al" | "since")
        && (!matches!(word(0).as_str(), "as" | "each" | "every" | "dès" | "once") || matches!(word(1).as_str(), "soon" | "time" | "que" | "qu'on"));
    let acts = (1..6).any(|at| matches!(word(at).as_str(), "we" | "i" | "they" | "you" | "somebody" | "someone" | "anybody" | "anyone" | "a" | "an" | "our" | "users" | "people" | "wir" | "ich" | "man" | "jemand" | "ein" | "eine" | "nous" | "on" | "je" | "qu'on" | "un" | "une" | "se" | "uno" | "alguien" | "the") || word(at).ends_with("mos"));
    let Some((_, after)) = text.split_once(", ") else { return false };
    opens && acts && all.len() >= 8 && FAILS.stand_in(after) && !after.trim_end().ends_with('?')
        && !["let me know", "call me", "please", "tell me", "ring ", "write to", "bitte", "i'd", "we'd", "i would", "we would", "would be", "you get", "we lose"].iter().any(|words| after.to_lowercase().contains(words))
}

#[rustfmt::skip]
const ANNOUNCES: Phrases = Phrases::new(&["a problem with", "an issue with", "a thing with", "has a problem", "has an issue", "trouble with the", "have a problem", "don't add up", "doesn't add up", "does not add up", "ein problem mit", "un problème avec", "un problema con", "does not work properly", "doesn't work properly"]);

/// Whether a sentence cannot be what the field wants, however many of its words it holds.
pub(super) fn cannot_be(build: Build, line: &Line, asked: bool) -> bool {
    let text = line.words();
    let words: Vec<Cow<str>> = tokens(text).iter().map(|token| fold(token.text(text))).collect();
    // What should happen and does not is the problem, not the way to it.
    if build == Build::Problem
        && words.iter().any(|word| &**word == "correction")
        && words.iter().any(|word| matches!(&**word, "date" | "day" | "deadline"))
    {
        // It corrects a day, whatever must be mended by it.
        return true;
    }
    // `We've got a problem with the Connector.`: that there is one, not what it is.
    if build == Build::Problem && ANNOUNCES.stand_in(text) && !is_built(build, line) && words.len() < 22 {
        return true;
    }
    if build == Build::Loss && words.len() < 7 && !words.iter().any(|word| is_figure(word)) {
        return true;
    }
    build == Build::Steps && (is_built(Build::Problem, line) || steps(&words) < if asked { 1 } else { 2 })
}

fn count(words: &[Cow<str>], known: fn(&str) -> bool) -> usize {
    words.iter().filter(|word| known(word)).count()
}

#[rustfmt::skip]
fn is_due(word: &str) -> bool {
    matches!(word, "should" | "supposed" | "ought" | "must" | "sollte" | "sollten" | "müsste" | "müssten" | "devrait" | "devraient" | "debería" | "deberían" | "doit")
}

#[rustfmt::skip]
fn is_turn(word: &str) -> bool {
    matches!(word, "but" | "instead" | "yet" | "now" | "aber" | "stattdessen" | "statt" | "mais" | "pero" | "sino" | "however" | "only")
}

#[rustfmt::skip]
fn is_level(word: &str) -> bool {
    matches!(
        word,
        "from" | "under" | "below" | "down" | "less" | "fewer" | "at" | "to" | "within" | "unter" | "auf" | "von" | "höchstens" | "sous" | "moins" | "de" | "à" | "del" | "al" | "menos" | "half" | "cut" | "halve" | "above" | "over"
    )
}

pub(super) fn is_limit(word: &str) -> bool {
    matches!(
        word,
        "by" | "before" | "end" | "within" | "until" | "bis" | "ende" | "avant" | "fin" | "antes" | "finales"
    )
}

#[rustfmt::skip]
fn is_period(word: &str) -> bool {
    matches!(
        word,
        "week" | "weeks" | "month" | "months" | "quarter" | "year" | "day" | "days" | "woche" | "wochen" | "monat" | "monate" | "jahr" | "semaine" | "semaines" | "mois" | "an" | "semana" | "semanas" | "mes" | "meses" | "año" | "shift" | "night"
    )
}

#[rustfmt::skip]
fn is_figure(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            word,
            "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven" | "twelve" | "fifteen" | "twenty" | "thirty" | "forty" | "fifty" | "twice" | "half" | "hundred" | "once"
                | "zwei" | "drei" | "vier" | "fünf" | "sechs" | "zehn" | "zwanzig" | "deux" | "trois" | "quatre" | "cinq" | "dix" | "vingt" | "dos" | "tres" | "cuatro" | "cinco" | "diez" | "veinte"
        )
        || word.split('-').count() > 1 && word.split('-').all(|part| !part.is_empty() && !part.contains('-') && is_figure(part))
}

/// Words that make a change of a figure: two figures, or one that something is to come to.
#[rustfmt::skip]
fn falls(words: &[Cow<str>]) -> bool {
    let moves = |word: &str| matches!(
        word,
        "down" | "drop" | "drops" | "fall" | "falls" | "go" | "goes" | "get" | "bring" | "cut" | "reduce" | "reduced" | "halve" | "under" | "below" | "less" | "fewer" | "rise" | "up"
            | "sinken" | "sinkt" | "senken" | "runter" | "unter" | "fallen" | "bajar" | "bajan" | "baja" | "baisser" | "baisse" | "passer" | "passe" | "descendre" | "reducir" | "want" | "instead"
    );
    words.iter().any(|word| moves(word))
}

#[rustfmt::skip]
fn every_so_often(words: &[Cow<str>]) -> bool {
    let each = |word: &str| matches!(word, "a" | "per" | "every" | "each" | "pro" | "jede" | "jeden" | "jedes" | "par" | "chaque" | "cada" | "por" | "la" | "al");
    words.windows(2).any(|pair| each(&pair[0]) && is_period(&pair[1]))
        || words.windows(3).any(|three| each(&three[0]) && is_period(&three[2]))
}

#[rustfmt::skip]
fn is_harm(word: &str) -> bool {
    let stems = [
        "los", "miss", "wrong", "wast", "twice", "late", "break", "broke", "trip", "fail", "cancel", "jam", "err", "redo", "retyp", "throw", "thrown", "cost", "wait", "chas", "stop", "double", "doubl", "forg", "overtime", "spoil", "damag", "hour", "stand", "stuck", "nobody",
        "verl", "falsch", "kipp", "doppel", "vergess", "ausfall", "steh", "wart", "perd", "jett", "jete", "rat", "oubli", "erreur", "retard", "pier", "perd", "tir", "tarde", "doble", "olvid", "error", "rot", "krank",
    ];
    stems.iter().any(|stem| word.starts_with(stem))
}

/// How many orders to click, open or choose something stand one after the other.
#[rustfmt::skip]
fn steps(words: &[Cow<str>]) -> usize {
    let order = |word: &str| matches!(
        word,
        "open" | "click" | "press" | "go" | "choose" | "select" | "pick" | "scan" | "enter" | "type" | "tap" | "hit" | "save" | "close" | "drag" | "upload" | "log" | "sign" | "wait" | "print" | "reload" | "set" | "export" | "import" | "add" | "change" | "switch" | "then" | "take" | "create" | "look"
            | "öffnen" | "klicken" | "drücken" | "wählen" | "speichern" | "auswählen" | "öffne" | "klick" | "drücke" | "dann" | "ouvrir" | "ouvrez" | "cliquer" | "cliquez" | "choisir" | "choisissez" | "enregistrer" | "puis" | "abrir" | "abre" | "abra" | "pulsar" | "pulsa" | "elegir" | "guardar" | "luego" | "clic"
    );
    words.iter().filter(|word| order(word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_are_told_by_small_words_and_figures() {
        let words = |text: &str| -> Vec<String> {
            tokens(text).iter().map(|token| fold(token.text(text)).into_owned()).collect()
        };
        let folded = |text: &str| -> Vec<Cow<'static, str>> { words(text).into_iter().map(Cow::Owned).collect() };
        assert!(every_so_often(&folded("three times a week")));
        assert!(every_so_often(&folded("in every single month")));
        assert!(!every_so_often(&folded("the week after")));
        assert!(falls(&folded("late trucks go from nine to four")));
        assert_eq!(steps(&folded("open the list, pick a row, press Save")), 4);
        assert_eq!(steps(&folded("it does not work at all")), 0);
        assert!(is_figure("two-three") && is_figure("31") && !is_figure("list"));
    }
}
