//! The words that mutants are made with: vague answers by type and language,
//! fillers that answer nothing, invented people and companies. All of them are
//! drawn by seed, so that the same case gives the same mutants.

use fastrand::Rng;
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::route::Field;
use crate::value::{Kind, Value};

/// The language somebody writes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    German,
    French,
    Spanish,
}

impl Tongue {
    /// By the small words, of which every text has many; English where they do not tell.
    pub fn of(text: &str) -> Self {
        const SMALL: [(Tongue, [&str; 14]); 3] = [
            (
                Tongue::German,
                ["der", "die", "das", "und", "ist", "nicht", "wir", "ich", "sie", "mit", "für", "auf", "bitte", "ein"],
            ),
            (
                Tongue::French,
                ["le", "les", "des", "et", "est", "pas", "nous", "je", "vous", "avec", "pour", "une", "merci", "dans"],
            ),
            (
                Tongue::Spanish,
                ["el", "los", "las", "y", "es", "no", "que", "con", "para", "una", "por", "gracias", "del", "como"],
            ),
        ];
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        let share = |small: &[&str]| words.iter().filter(|word| small.contains(word)).count() * 8 >= words.len().max(8);
        let english = ["the", "and", "is", "you", "we", "to", "of", "in", "it", "for", "have", "with", "are", "at"];
        let found = SMALL.iter().find(|(_, small)| share(small)).map(|(tongue, _)| *tongue);
        found.filter(|_| !share(&english)).unwrap_or(Tongue::English)
    }
}

/// What somebody says instead of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub words: String,
    /// It says something of the value, if too little; otherwise it only puts the question off.
    pub says_something: bool,
}

/// A vague answer for a field: too loose where the field must be specific, else none at all, because what is loose is
/// good enough for such a field.
pub(super) fn vague(field: &Field, value: Option<&Value>, tongue: Tongue, now: Timestamp, rng: &mut Rng) -> Answer {
    let loose = field.specific.then(|| loose(field, value, tongue, now)).filter(|all| !all.is_empty());
    let contact = matches!(field.kind, Kind::Email | Kind::Phone | Kind::Url | Kind::Person);
    let put_off: &[&str] = match tongue {
        Tongue::English if contact => &["will follow", "I'll look it up", "not at hand right now"],
        Tongue::English => &["not decided yet", "still open on our side", "we'll see", "no idea yet"],
        Tongue::German => &["noch offen", "das sehen wir dann", "noch nicht entschieden"],
        Tongue::French => &["pas encore décidé", "on verra", "à voir"],
        Tongue::Spanish => &["todavía sin decidir", "ya veremos", "por ver"],
    };
    match loose {
        Some(all) => Answer { words: pick(&all, rng), says_something: true },
        None => Answer { words: pick(put_off, rng), says_something: false },
    }
}

fn loose(field: &Field, value: Option<&Value>, tongue: Tongue, now: Timestamp) -> Vec<&'static str> {
    let today = Offset::UTC.to_datetime(now).date();
    let past = matches!(value, Some(Value::Date(day)) if *day < today);
    let all: &[&'static str] = match (&field.kind, tongue) {
        (Kind::Date | Kind::DateTime, Tongue::English) if past => {
            &["some time last month", "a while ago", "at some point last week"]
        }
        (Kind::Date | Kind::DateTime, Tongue::English) => {
            &["sometime in the summer", "in the next few weeks", "as soon as we can", "towards the end of the quarter"]
        }
        (Kind::Date | Kind::DateTime, Tongue::German) => {
            &["irgendwann im Sommer", "in den nächsten Wochen", "so bald wie möglich"]
        }
        (Kind::Date | Kind::DateTime, Tongue::French) => &["dans le courant de l'été", "dès que possible"],
        (Kind::Date | Kind::DateTime, Tongue::Spanish) => &["en algún momento del verano", "lo antes posible"],
        (Kind::Money, Tongue::English) => {
            &["something in the five figures", "roughly what we paid last year", "not too much"]
        }
        (Kind::Money, Tongue::German) => &["ungefähr so viel wie letztes Jahr", "nicht zu viel"],
        (Kind::Money, Tongue::French) => &["à peu près comme l'an dernier", "pas trop cher"],
        (Kind::Money, Tongue::Spanish) => &["más o menos como el año pasado", "no demasiado"],
        (Kind::Number, Tongue::English) => &["a few", "quite a few", "several"],
        (Kind::Number, Tongue::German) => &["ein paar", "einige", "mehrere"],
        (Kind::Number, Tongue::French) => &["quelques", "plusieurs"],
        (Kind::Number, Tongue::Spanish) => &["algunos", "varios"],
        (Kind::Duration, Tongue::English) => &["a while", "some time"],
        (Kind::Duration, Tongue::German) => &["eine Weile"],
        (Kind::Duration, Tongue::French) => &["un certain temps"],
        (Kind::Duration, Tongue::Spanish) => &["un tiempo"],
        (Kind::Person, Tongue::English) => {
            &["someone from finance", "someone from the team", "somebody from the office"]
        }
        (Kind::Person, Tongue::German) => &["jemand aus der Buchhaltung", "jemand aus dem Team"],
        (Kind::Person, Tongue::French) => &["quelqu'un de la compta", "quelqu'un de l'équipe"],
        (Kind::Person, Tongue::Spanish) => &["alguien de finanzas", "alguien del equipo"],
        (Kind::Phone, Tongue::English) => &["the usual number", "the number you have"],
        (Kind::Email, Tongue::English) => &["the usual address", "the address you have"],
        (Kind::LongText, Tongue::English) => &[
            "it should just work better than now",
            "hard to say, things in general",
            "nothing special, the usual problems",
        ],
        (Kind::Text | Kind::Team, Tongue::English) => &["the usual", "same as last time", "the one you know"],
        (Kind::Text | Kind::LongText | Kind::Team | Kind::Phone | Kind::Email, Tongue::German) => {
            &["wie immer", "das Übliche"]
        }
        (Kind::Text | Kind::LongText | Kind::Team | Kind::Phone | Kind::Email, Tongue::French) => &["comme d'habitude"],
        (Kind::Text | Kind::LongText | Kind::Team | Kind::Phone | Kind::Email, Tongue::Spanish) => &["lo de siempre"],
        (Kind::Url | Kind::Enum(_) | Kind::Bool, _) => &[],
    };
    all.to_vec()
}

/// What a message says that lost all its words: nothing that answers anything.
pub(super) fn filler(tongue: Tongue, mail: bool) -> &'static str {
    match (tongue, mail) {
        (Tongue::English, true) => "Thanks for your mail.",
        (Tongue::English, false) => "Sorry, one second.",
        (Tongue::German, true) => "Danke für die Mail.",
        (Tongue::German, false) => "Moment bitte.",
        (Tongue::French, true) => "Merci pour votre message.",
        (Tongue::French, false) => "Un instant.",
        (Tongue::Spanish, true) => "Gracias por el mensaje.",
        (Tongue::Spanish, false) => "Un momento.",
    }
}

/// Companies that are no part of any handoff.
pub(super) const STRANGERS: [(&str, &str); 4] = [
    ("Fernhill Foods", "fernhill.example"),
    ("Brackley Optics", "brackley.example"),
    ("Oskarson Timber", "oskarson.example"),
    ("Tidmarsh Laundry", "tidmarsh.example"),
];

/// People who are no part of any handoff.
pub(super) const NEWCOMERS: [&str; 8] = [
    "Odette Brandvold",
    "Casimir Thornbury",
    "Ingrid Solheimer",
    "Leopold Vargason",
    "Philippa Ostrander",
    "Matthis Quillfeldt",
    "Rosamund Eckersley",
    "Thaddeus Wyndlesham",
];

pub(super) fn pick(all: &[&str], rng: &mut Rng) -> String {
    let at = rng.usize(..all.len().max(1));
    all.get(at).copied().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_words_tell_the_language() {
        let check = |text: &str, expected: Tongue| assert_eq!(Tongue::of(text), expected, "{text}");
        check("We need to be live by 15 June, and the visit is on 22 June.", Tongue::English);
        check("Wir müssen bis 15. Juni live sein, das ist für uns sehr wichtig und nicht zu ändern.", Tongue::German);
        check("Nous avons besoin de la facture pour le 15 juin, merci de nous répondre.", Tongue::French);
        check("Necesitamos el envío para el 15 de junio, gracias por la ayuda con los palés.", Tongue::Spanish);
        check("ok 7", Tongue::English);
        check("", Tongue::English);
    }
}
