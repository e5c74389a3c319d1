//! Why words of a reply are no answer: a code for programs, and a sentence for
//! the person who wrote them.

use super::cutting::Doubt;
use crate::route::Field;
use crate::value::Kind;

/// Letters of somebody's words inside a sentence.
const MOST_SAID: usize = 120;

/// Why words are no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Doubt(Doubt),
    /// It says that it is not decided or will follow.
    PutsOff,
    /// It may be the answer, or be about it: only who wrote it can tell.
    Perhaps,
    /// It asks back.
    Asks,
    /// It says no to the value that was asked about, and names none.
    Denies,
    /// “Does not apply” without saying why.
    NoReason,
    /// “Not known” without who finds out and by when.
    NoOwner,
    /// Not a value of the field's type, or not one alone.
    Unread,
    /// A value, but not exact enough to be taken without asking again.
    Loose(String),
    /// Words without the number of their question.
    Unnumbered,
    /// Somebody else answered before it came.
    Meanwhile(String),
    /// The person answered again after they wrote it.
    Outdated,
    /// The product's own reason.
    Refused(String),
}

impl Why {
    /// The reason for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Why::Doubt(Doubt::Twice) => "answered_twice",
            Why::Doubt(Doubt::Order) => "numbers_unclear",
            Why::Doubt(Doubt::Day) => "number_or_day",
            Why::PutsOff => "still_open",
            Why::Perhaps => "to_confirm",
            Why::Asks => "asks_back",
            Why::Denies => "no_value",
            Why::NoReason => "no_reason",
            Why::NoOwner => "no_owner",
            Why::Unread => "unreadable",
            Why::Loose(_) => "not_exact",
            Why::Unnumbered => "no_number",
            Why::Meanwhile(_) => "answered_meanwhile",
            Why::Outdated => "answered_meanwhile",
            Why::Refused(_) => "refused",
        }
    }

    /// For the person, with what they wrote.
    pub fn said(&self, field: &Field, words: &str) -> String {
        let words = shortened(words);
        match self {
            Why::Doubt(Doubt::Twice) => {
                format!("Your reply answered this twice, last with “{words}”: which holds?")
            }
            Why::Doubt(Doubt::Order) => format!(
                "Your reply had “{words}” here, but its numbers do not count up, so it is not certain which question it answers."
            ),
            Why::Doubt(Doubt::Day) => {
                format!("Your reply had “{words}” here, and its number may be part of a date: write it once more.")
            }
            Why::PutsOff => format!("Your answer “{words}” leaves it open."),
            Why::Perhaps => format!("You wrote: “{words}”. Is that the answer itself?"),
            Why::Asks => format!("Your reply asked back: “{words}”. The question is still open."),
            Why::Denies => format!("Your answer “{words}” says that it is not so; what is right instead?"),
            Why::NoReason => format!("Your answer “{words}” needs a reason why it does not apply."),
            Why::NoOwner => {
                format!(
                    "Your answer “{words}” needs who finds it out and by when, as “Tom Becker finds out by Friday”."
                )
            }
            Why::Unread => format!("Your answer “{words}” could not be read as {}.", form_of(field)),
            Why::Loose(reason) => format!("Your answer “{words}” is not exact enough: {reason}."),
            Why::Unnumbered => {
                format!(
                    "Your reply “{words}” could not be told to be the answer: write the number of the question before it."
                )
            }
            Why::Meanwhile(_) => {
                format!("Your answer “{words}” came after somebody else had answered; theirs was left as it is.")
            }
            Why::Outdated => {
                format!("Your answer “{words}” was written before your last one; the last one was left as it is.")
            }
            Why::Refused(reason) => format!("Your answer “{words}” was not taken: {}", lower(reason)),
        }
    }
}

impl Why {
    /// The same for an answer about a source that could not be read.
    pub fn said_of_source(&self, words: &str) -> String {
        let words = shortened(words);
        match self {
            Why::NoReason => format!("Your answer “{words}” needs a reason why it does not matter."),
            Why::Outdated => {
                format!("Your answer “{words}” was written before a later one; the later one was left as it is.")
            }
            _ => format!(
                "Your answer “{words}” does not say plainly whether it matters: send it in another form, or write “does not matter, because …”."
            ),
        }
    }
}

fn shortened(words: &str) -> String {
    crate::asking::letters::short(words, MOST_SAID)
}

fn lower(reason: &str) -> String {
    let mut letters = reason.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What the words should have been.
fn form_of(field: &Field) -> String {
    let one = match &field.kind {
        Kind::Date => "a date",
        Kind::DateTime => "a date with a time of day",
        Kind::Duration => "a length of time",
        Kind::Money => "an amount of money",
        Kind::Number => "a number",
        Kind::Email => "an e-mail address",
        Kind::Phone => "a phone number",
        Kind::Url => "a web address",
        Kind::Person => "a person's full name",
        Kind::Bool => "yes or no",
        Kind::Text | Kind::LongText | Kind::Team => "an answer",
        Kind::Enum(choices) => {
            let ids: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            return format!("one of {}", ids.join(", "));
        }
    };
    if field.list { format!("a list, each {one}") } else { one.to_owned() }
}
