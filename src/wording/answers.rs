//! What people read about answers: why one is refused and what would be taken,
//! and why an answered field is open again.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::route::Field;
use crate::value::{Kind, Value, display};

use super::{date, day, join, shorten};

/// Longest stretch of somebody's words inside a sentence, in characters.
const WORDS: usize = 160;

/// Why a person's own answer is offered beside another value.
pub fn answered_reason(by: &str, at: Timestamp) -> String {
    format!("{by} answered this on {}", day(at))
}

/// Why an answered field is open again.
pub fn reopened_reason(by: &str, at: Timestamp) -> String {
    format!("{by} answered on {}; what came in since says otherwise", day(at))
}

/// Why a field that was said not to apply is open again.
pub fn applies_after_all_reason(by: &str, at: Timestamp) -> String {
    format!("{by} said on {} that it does not apply; what came in since names a value", day(at))
}

/// Why the receiving team's return opens a field again.
pub fn returned_reason(by: &str, at: Timestamp, reason: &str) -> String {
    format!("{by} sent it back on {}: “{}”", day(at), shorten(reason, WORDS))
}

/// Stands with the warnings for a source that nobody read and somebody called unimportant.
pub fn dismissed_source(by: &str, at: Timestamp, reason: &str) -> String {
    format!("It was not read; {by} said on {} that it does not matter: “{}”", day(at), shorten(reason, WORDS))
}

/// Stands with the warnings for what a forced transfer left open and nobody has settled since.
pub fn owed(what: &str, who: Option<&str>, due: Option<Timestamp>) -> String {
    let who = who.map_or_else(String::new, |who| format!(", by {who}"));
    let due = due.map_or_else(String::new, |due| format!(", due on {}", day(due)));
    format!("It was transferred by break-glass without this; still owed: {what}{who}{due}")
}

/// Stands beside what is owed.
pub fn owed_by(who: Option<&str>, due: Option<Timestamp>) -> String {
    let who = who.map_or_else(String::new, |who| format!(" by {who}"));
    let due = due.map_or_else(String::new, |due| format!(", due on {}", day(due)));
    format!("Owed{who}{due}")
}

pub fn refused_no_object() -> String {
    "A JSON object is expected here.".to_owned()
}

pub fn refused_no_text() -> String {
    "A text is expected here.".to_owned()
}

pub fn refused_bare_answer() -> String {
    "Say what kind of answer it is: {\"value\": …}, {\"candidate\": \"c_…\"}, {\"not_applicable\": \"why\"} or \
     {\"unknown\": {\"owner\": …, \"due\": …}}."
        .to_owned()
}

pub fn refused_key(key: &str, known: &[&str]) -> String {
    format!("“{}” is not known here; what may stand here is {}.", shorten(key, WORDS), join(known, "and"))
}

pub fn refused_one_answer(kinds: &[&str]) -> String {
    format!("Give exactly one of {}.", join(kinds, "and"))
}

pub fn refused_nothing() -> String {
    "Nothing is answered: name at least one field or source.".to_owned()
}

pub fn refused_nobody() -> String {
    "An answer counts only with the name of the person who gives it.".to_owned()
}

/// `keys` are the route's fields.
pub fn refused_field(key: &str, keys: &[&str]) -> String {
    format!("There is no field “{}”; the fields are {}.", shorten(key, WORDS), join(keys, "and"))
}

/// A value that cannot be taken: what is wrong, the question again, and what a good answer looks like.
pub fn refused_value(field: &Field, problem: &str, now: Timestamp) -> String {
    let example = good_answer(field, now).map_or_else(String::new, |example| format!(" A good answer is {example}."));
    format!("{}. {}{example}", problem.trim_end_matches('.'), field.question)
}

/// The meanings that the words can have.
pub fn problem_ambiguous(meanings: &[Value]) -> String {
    let meanings: Vec<String> = meanings.iter().map(display).collect();
    format!("It can mean {}", join(&meanings, "or"))
}

/// Completes `reason_wrong_type`.
pub fn problem_key(key: &str) -> String {
    format!("“{}” is no part of such a value", shorten(key, WORDS))
}

pub fn refused_candidate(shown: usize) -> String {
    match shown {
        0 => "No value is offered for this field; answer with “value”.".to_owned(),
        _ => "No value with this id is offered for this field; take one of the brief's candidates, or answer with “value”."
            .to_owned(),
    }
}

/// The field takes no such answer; `taken` are the kinds it takes instead of a value.
pub fn refused_kind(field: &Field, problem: &str) -> String {
    let instead = match (field.allow.not_applicable, field.allow.unknown) {
        (true, _) => " Instead of a value it may be called not applicable, with a reason.",
        (_, true) => " Instead of a value it may be called unknown, with an owner and a day.",
        _ => " It needs a value.",
    };
    format!("{problem}.{instead}")
}

pub fn refused_reason() -> String {
    "Say in a few words why; “n/a” or a blank is no reason.".to_owned()
}

pub fn refused_owner() -> String {
    "Name who finds out, by name or address.".to_owned()
}

pub fn refused_due() -> String {
    "Name the day by which it will be known, as 2026-03-10.".to_owned()
}

pub fn refused_past(due: Date, today: Date) -> String {
    format!("{} has passed; name a day from {} on.", date(due), date(today))
}

/// `open` are the names of the unread sources.
pub fn refused_source(open: &[&str]) -> String {
    match open {
        [] => "No source waits to be dismissed.".to_owned(),
        _ => format!("No unread source has this name; unread are {}.", join(open, "and")),
    }
}

/// What a good answer to the field looks like; `None` where its question says all there is to say. A day that is shown
/// lies ahead of `now`: one that has passed would be refused by many a route.
pub fn good_answer(field: &Field, now: Timestamp) -> Option<String> {
    let year = now.to_zoned(TimeZone::UTC).year().saturating_add(1);
    let quoted = |texts: &[&str]| -> String {
        let quoted: Vec<String> = texts.iter().map(|text| format!("“{text}”")).collect();
        join(&quoted, "or")
    };
    let one = match &field.kind {
        Kind::Text | Kind::LongText | Kind::Team => return None,
        Kind::Date => quoted(&[&format!("{year}-07-01"), &format!("1 July {year}")]),
        Kind::DateTime => quoted(&[&format!("{year}-07-01T14:00:00Z")]),
        Kind::Duration => quoted(&["24 months", "30 days"]),
        Kind::Money => quoted(&["86,400 USD"]),
        Kind::Number => quoted(&["45"]),
        Kind::Email => quoted(&["dana@customer.example"]),
        Kind::Phone => quoted(&["+44 20 7946 0123"]),
        Kind::Url => quoted(&["https://customer.example/portal"]),
        Kind::Person => format!("a first and a last name, like {}", quoted(&["Dana Whitfield"])),
        Kind::Enum(choices) => quoted(&choices.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>()),
        Kind::Bool => quoted(&["yes", "no"]),
    };
    Some(if field.list { format!("a list, each like {one}") } else { one })
}
