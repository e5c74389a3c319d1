//! Questions that ask for a value by its kind (`how many`, `since when`), and
//! the one value of that kind in the first words of the answer.

use crate::language::{Phrases, tokens};
use crate::route::Field;
use crate::value::{Kind, Spotted};

use super::context::counts_else;
use super::typed::suits;
use super::{Hit, Line, Scene};

#[rustfmt::skip]
const DAYS: Phrases = Phrases::new(&["when ", "when's", "which day", "what day", "what date", "which date", "by what", "since when", "how soon", "wann", "seit wann", "bis wann", "welcher tag", "welchen tag", "quand", "quel jour", "quelle date", "cuándo", "qué día", "qué fecha"]);

#[rustfmt::skip]
const COUNTS: Phrases = Phrases::new(&["how many", "how big", "what number", "wie viele", "wieviele", "combien", "cuánt"]);

#[rustfmt::skip]
const SUMS: Phrases = Phrases::new(&["how much", "what budget", "what's the value", "what value", "what is the value", "what figure", "what does it cost", "wie viel", "wieviel", "welcher betrag", "combien", "quel budget", "quel montant", "cuánto", "qué presupuesto", "qué valor"]);

#[rustfmt::skip]
const LENGTHS: Phrases = Phrases::new(&["how long", "within what", "what term", "wie lange", "combien de temps", "quelle durée", "cuánto tiempo", "qué plazo"]);

#[rustfmt::skip]
const NUMBERS: Phrases = Phrases::new(&["number", "mobile", "cell", "phone", "nummer", "telefon", "numéro", "portable", "número", "teléfono", "móvil"]);

#[rustfmt::skip]
const ADDRESSES: Phrases = Phrases::new(&["e-mail", "email", "mail address", "your mail", "courriel", "adresse mail", "correo"]);

#[rustfmt::skip]
const AWAY: Phrases = Phrases::new(&["holiday", "vacation", "on leave", "i'm away", "i am away", "out of office", "travelling", "back on", "back in", "urlaub", "vacances", "vacaciones"]);

/// Whether a question asks for a value of the kind which stands alone in the first words of its answer, and whether it
/// speaks of another field with such values.
pub(super) fn asks_directly(
    scene: &Scene,
    (at, field): (usize, usize),
    spotted: &Spotted,
    asked: &Line,
) -> (bool, bool) {
    let kind = &scene.route.fields[field].kind;
    let line = &scene.lines[at];
    let direct = asks_for(asked.words(), kind)
        && first_of_answer(scene, at)
        && is_sole(line, spotted, kind)
        && !counts_else(scene, line, spotted, field);
    let rival = |other: &Hit| {
        other.field != field && other.tells() && suits(&scene.route.fields[other.field].kind, spotted.sort)
    };
    (direct, direct && asked.hits.iter().any(rival))
}

/// Whether the words of a question ask for a value of the kind.
pub(super) fn asks_for(question: &str, kind: &Kind) -> bool {
    match kind {
        Kind::Date | Kind::DateTime => DAYS.stand_in(question),
        Kind::Number => COUNTS.stand_in(question),
        Kind::Money => SUMS.stand_in(question),
        Kind::Duration => LENGTHS.stand_in(question),
        Kind::Phone => NUMBERS.stand_in(question),
        Kind::Email => ADDRESSES.stand_in(question),
        _ => false,
    }
}

/// Whether the route has no other field of this kind.
pub(super) fn is_only_one(scene: &Scene, field: usize) -> bool {
    let kind = &scene.route.fields[field].kind;
    scene.route.fields.iter().filter(|other| other.kind == *kind).count() == 1
}

/// `How many people …`, `how many of you …`, `how many are …`; or a question for the only number or address there is.
pub(super) fn counts_people(question: &str, kind: &Kind) -> bool {
    if *kind != Kind::Number {
        return matches!(kind, Kind::Phone | Kind::Email);
    }
    let folded = question.to_lowercase();
    let counted = ["how many ", "wie viele ", "combien de ", "combien d'", "cuántas ", "cuántos "];
    #[rustfmt::skip]
    let people = |word: &str| matches!(word, "people" | "of" | "users" | "user" | "are" | "colleagues" | "would" | "do" | "will" | "staff" | "employees" | "persons" | "can" | "can't" | "have" | "leute" | "personen" | "sind" | "personnes" | "personas" | "sois" | "son" | "usuarios" | "utilisateurs" | "is" | "then" | "heads" | "hands" | "kollegen");
    counted.iter().any(|words| {
        folded.find(words).is_some_and(|at| {
            let next = folded[at + words.len()..]
                .split(|c: char| !c.is_alphabetic() && c != '\'')
                .find(|word| !word.is_empty());
            next.is_none_or(people)
        })
    })
}

/// Whether nothing but a few words stands before the line in its answer.
fn first_of_answer(scene: &Scene, at: usize) -> bool {
    let message = scene.lines[at].message;
    let kind = scene.lines[at].kind;
    let before =
        (0..at).rev().map(|place| &scene.lines[place]).take_while(|line| line.message == message && line.kind == kind);
    before.map(|line| tokens(line.words()).len()).sum::<usize>() <= 6
}

/// Whether a line holds no other value of the kind, and tells of nobody's absence.
fn is_sole(line: &Line, spotted: &Spotted, kind: &Kind) -> bool {
    let others = line
        .values
        .iter()
        .filter(|other| suits(kind, other.sort) && (other.end <= spotted.start || spotted.end <= other.start));
    others.count() == 0 && !AWAY.stand_in(line.words())
}

/// Whether the field counts people.
pub(super) fn asks_for_people(field: &Field) -> bool {
    let names = format!("{} {}", field.label, field.question).to_lowercase();
    ["people", "users", "person", "employees", "staff"].iter().any(|word| names.contains(word))
}

/// `dispatchers`, `inspectors`, `accountants`, `colleagues`: people by what they do.
#[rustfmt::skip]
pub(super) fn is_trade(noun: &str) -> bool {
    let thing = matches!(
        noun,
        "orders" | "numbers" | "others" | "offers" | "computers" | "trailers" | "containers" | "servers" | "customers" | "suppliers" | "papers" | "letters" | "folders" | "monitors" | "errors" | "doors" | "scanners" | "printers" | "trackers"
    );
    let person = matches!(noun, "people" | "persons" | "colleagues" | "hands" | "folks" | "staff" | "clerks" | "nurses" | "guys" | "girls" | "lads");
    let trade = ["ers", "ors", "ists", "ants", "ees", "ians", "men", "women"];
    person || !thing && trade.iter().any(|end| noun.ends_with(end))
}
