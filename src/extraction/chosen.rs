//! Whether a choice that is named is the one that is meant: taken by words of
//! preference, said alone, named as what carriage costs, as what works well, or
//! as what once was offered.

use crate::language::{Phrases, fold, tokens};

use super::{Hit, Line};

/// `That was with the freight`, `plus freight`: what carriage costs, not how something travels.
pub(super) fn is_charge(line: &Line, named: &Hit) -> bool {
    let name = line.text[named.start..named.end].to_lowercase();
    if name != "freight" {
        return false;
    }
    let before = &line.text[line.start..named.start];
    let last: Vec<String> =
        tokens(before).iter().rev().take(2).map(|token| fold(token.text(before)).into_owned()).collect();
    let charged = |word: &str| {
        matches!(
            word,
            "with" | "without" | "plus" | "incl" | "including" | "excluding" | "and" | "minus" | "the" | "for"
        )
    };
    let behind = line.text[named.end..line.end].trim_start().to_lowercase();
    last.first().is_some_and(|word| charged(word))
        || ["cost", "charge", "is extra", "bill", "rate", "invoice", "note"].iter().any(|word| behind.starts_with(word))
}

/// Words by which somebody takes one of several.
pub(super) fn prefers(words: &str) -> bool {
    const TAKES: Phrases = Phrases::new(&[
        "suits us",
        "suits me",
        "works for us",
        "works best",
        "works for me",
        "is best",
        "would be best",
        "we prefer",
        "i prefer",
        "we'd prefer",
        "we'd like",
        "please",
        "would be good",
        "is fine",
        "easiest",
        "passt uns",
        "passt am besten",
        "am liebsten",
        "wäre uns",
        "bitte",
        "nous convient",
        "nous arrange",
        "de préférence",
        "nous préférons",
        "nos viene bien",
        "nos va bien",
        "preferimos",
        "mejor",
    ]);
    TAKES.stand_in(words)
}

/// `It's production.`, `Es ist das Produktivsystem.`, `C'est la production.`: nothing but a form of `be` and the choice.
pub(super) fn is_all_said(line: &Line, named: &Hit) -> bool {
    let small = |word: &str| {
        matches!(
            word,
            "it's"
                | "it"
                | "is"
                | "this"
                | "that's"
                | "that"
                | "the"
                | "our"
                | "a"
                | "on"
                | "in"
                | "yes"
                | "only"
                | "just"
                | "es"
                | "ist"
                | "das"
                | "der"
                | "unser"
                | "unsere"
                | "im"
                | "auf"
                | "nur"
                | "c'est"
                | "le"
                | "la"
                | "en"
                | "notre"
                | "sur"
                | "está"
                | "el"
                | "nuestro"
                | "nuestra"
                | "sí"
                | "ja"
                | "oui"
                | "dem"
                | "system"
                | "environment"
                | "server"
                | "one"
                | "système"
                | "sistema"
                | "entorno"
        )
    };
    let outside = [&line.text[line.start..named.start], &line.text[named.end..line.end]];
    let words =
        || outside.iter().flat_map(|part| tokens(part).into_iter().map(|token| fold(token.text(part)).into_owned()));
    let says = words().any(|word| matches!(word.as_str(), "it's" | "is" | "that's" | "ist" | "c'est" | "es" | "está"));
    says && words().count() <= 5 && words().all(|word| small(&word))
}

/// `The test system prints fine`, `staging works`: where it is not.
pub(super) fn is_well(line: &Line, named: &Hit) -> bool {
    let rest = &line.text[named.end..line.end];
    let words: Vec<String> = tokens(rest).iter().take(4).map(|token| fold(token.text(rest)).into_owned()).collect();
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "fine"
                | "ok"
                | "okay"
                | "works"
                | "normal"
                | "normally"
                | "clean"
                | "unaffected"
                | "läuft"
                | "funktioniert"
                | "geht"
                | "fonctionne"
                | "marche"
                | "funciona"
                | "bien"
        )
    }) && !words.iter().any(|word| matches!(word.as_str(), "not" | "never" | "nicht" | "pas" | "no"))
}

/// `premium was offered in summer`, `la basic c'était l'an dernier`: named as what it was, not as what it is.
pub(super) fn was_offered(line: &Line, other: &Hit) -> bool {
    let rest = &line.text[other.end..line.end];
    let first = tokens(rest).iter().take(2).any(|token| {
        matches!(
            fold(token.text(rest)).as_ref(),
            "was" | "were" | "war" | "c'était" | "était" | "era" | "fue" | "wurde"
        )
    });
    let before = line.text[line.start..other.start].trim_end().to_lowercase();
    first && !rest.trim_start().starts_with([',', '.', ';'])
        || ["instead of", "no longer", "not", "statt"].iter().any(|word| before.ends_with(word))
}
