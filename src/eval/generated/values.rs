//! How a reader would give a value: the words of the quote that mean it, and
//! its short text.

use serde_json::Value as Json;

use crate::conversation::Message;
use crate::extraction::Scene;
use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::{Choices, Context, Kind, ListOf, Sorts, Value, from_json, read, same, scan};

/// The most words a date, an amount or a name is written with.
const LONGEST_TOKENS: usize = 8;

/// A value as a reader gives it.
pub(super) struct Told {
    /// The words of the quote that mean the value; `None` when they are not there.
    pub raw: Option<String>,
    pub value: String,
}

pub(super) fn context<'a>(scene: &Scene<'a>, message: &Message) -> Context<'a> {
    Context { said_at: message.at, zone: message.zone, around: scene.around, participants: scene.participants }
}

/// The first of the accepted values that the quote holds, else the first of all.
pub(super) fn told(field: &Field, accepted: &[Json], quote: &str, context: &Context) -> Told {
    let held = accepted.iter().find_map(|value| Some((words_for(field, value, quote, context)?, value)));
    match held {
        Some((raw, value)) => Told { raw: Some(raw), value: short(value) },
        None => Told { raw: None, value: accepted.first().map(short).unwrap_or_default() },
    }
}

fn words_for(field: &Field, value: &Json, quote: &str, context: &Context) -> Option<String> {
    match &field.kind {
        Kind::Text | Kind::Team | Kind::Person => spelled(quote, &short(value)),
        Kind::LongText => {
            let words = short(value);
            spelled(quote, &words).or_else(|| spelled(&words, quote).map(|_| quote.to_owned()))
        }
        Kind::Enum(choices) => {
            let wanted = short(value);
            let choices = Choices::new(choices);
            let (start, end, _) = choices.find(quote).into_iter().find(|(_, _, id)| *id == wanted)?;
            quote.get(start..end).map(str::to_owned)
        }
        Kind::Bool => None,
        kind => {
            let wanted = from_json(
                kind,
                ListOf::One,
                value,
                &Context { said_at: None, zone: None, around: None, participants: &[] },
            )
            .ok()?;
            let found = tokens(quote);
            let windows = (1..=LONGEST_TOKENS).flat_map(|length| found.windows(length));
            let mut texts = windows.filter_map(|window| {
                let (start, end) = (window.first()?.start, window.last()?.end);
                Some((start, end, quote.get(start..end)?))
            });
            texts
                .find(|(start, end, text)| {
                    read(kind, text, context).is_ok_and(|reading| {
                        is_like(&reading.value, &wanted)
                            && same(&reading.value, &wanted)
                            && !is_other_money(&wanted, quote, (*start, *end), context)
                    })
                })
                .map(|(.., text)| text.to_owned())
        }
    }
}

/// Whether the figure is a part of an amount in another currency than the wanted one: `74,500` of `C$74,500`.
fn is_other_money(wanted: &Value, quote: &str, (start, end): (usize, usize), context: &Context) -> bool {
    let Value::Money(wanted) = wanted else { return false };
    let spotted = scan(quote, Sorts::of(&Kind::Money), context);
    spotted.iter().filter(|one| one.start < end && start < one.end).any(|one| {
        matches!(&one.reading.value, Value::Money(money)
            if money.currency.is_some() && wanted.currency.is_some() && money.currency != wanted.currency)
    })
}

/// `words` as they are spelled in the quote.
fn spelled(quote: &str, words: &str) -> Option<String> {
    let wanted: Vec<String> = tokens(words).iter().map(|token| fold(token.text(words)).into_owned()).collect();
    let found = tokens(quote);
    if wanted.is_empty() {
        return None;
    }
    let window = found
        .windows(wanted.len())
        .find(|window| window.iter().zip(&wanted).all(|(token, word)| fold(token.text(quote)) == *word))?;
    quote.get(window.first()?.start..window.last()?.end).map(str::to_owned)
}

/// A gold value as the short text a reader would give.
pub(super) fn short(value: &Json) -> String {
    let part = |key: &str| value.get(key).map(short);
    match value {
        Json::String(text) => text.clone(),
        Json::Object(_) => match (part("amount"), part("currency").or_else(|| part("unit")), part("name")) {
            (Some(amount), Some(unit), _) => format!("{amount} {unit}"),
            (Some(amount), None, _) => amount,
            (None, _, Some(name)) => name,
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// A day is not yet a time on that day.
fn is_like(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}
