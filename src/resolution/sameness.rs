//! When two values say the same: equal by type, a day inside the month that was
//! named, a short text that holds the other's words; and which of the two says
//! more.

use crate::brief::FieldBrief;
use crate::route::Field;
use crate::value::{Context, Kind, ListOf, PartialDate, Value, from_json, same, to_json};

/// Equality by type; short texts are also the same when one holds the other's words.
pub(crate) fn means_same(field: &Field, left: &Value, right: &Value) -> bool {
    if same(left, right) || is_within(left, right) || is_within(right, left) {
        return true;
    }
    let (Value::Text(left), Value::Text(right)) = (left, right) else { return false };
    !field.list
        && matches!(field.kind, Kind::Text | Kind::Team)
        && (holds_words(left, right) || holds_words(right, left))
}

/// A day inside the month, quarter or year that was named says the same with more.
fn is_within(day: &Value, stretch: &Value) -> bool {
    match (day, stretch) {
        (Value::Date(day), Value::PartialDate(PartialDate::Year(year))) => day.year() == *year,
        (Value::Date(day), Value::PartialDate(PartialDate::Quarter(year, quarter))) => {
            day.year() == *year && (day.month() - 1) / 3 + 1 == *quarter
        }
        (Value::Date(day), Value::PartialDate(PartialDate::Month(year, month))) => {
            day.year() == *year && day.month() == *month
        }
        _ => false,
    }
}

fn holds_words(text: &str, part: &str) -> bool {
    let (text, part) = (words_of(text), words_of(part));
    // `Oslo or Bergen` is not Oslo.
    if text.iter().any(|word| matches!(word.as_str(), "or" | "and" | "not" | "but" | "without") && !part.contains(word))
    {
        return false;
    }
    holds_run(&text, &part)
}

/// The words of a text in small letters, without marks.
pub(super) fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether the words of a part, if it has any, stand in a text one after the other.
pub(super) fn holds_run(text: &[String], part: &[String]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

/// Whether `left` says the same with more: a currency, a full name.
pub(super) fn fuller(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Money(left), Value::Money(right)) => left.currency.is_some() && right.currency.is_none(),
        (Value::Text(left), Value::Text(right)) => {
            let (left, right) = (left.split_whitespace().count(), right.split_whitespace().count());
            left > right && left <= right + 3
        }
        (Value::Date(_), Value::PartialDate(_)) => true,
        (Value::Person(left), Value::Person(right)) => {
            left.name.len() > right.name.len() && left.name.contains(' ') && !right.name.contains(' ')
        }
        _ => false,
    }
}

/// Whether a brief's value, or one that it replaced, tells this one.
pub(super) fn is_told(field: &Field, brief: &FieldBrief, value: &Value) -> bool {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let list = if field.list { ListOf::Many } else { ListOf::One };
    let tells = |told: &serde_json::Value| match from_json(&field.kind, list, told, &context) {
        Ok(Value::List(items)) => items.iter().any(|item| means_same(field, item, value)),
        Ok(told) => means_same(field, &told, value),
        Err(_) => *told == to_json(value),
    };
    tells(&brief.value) || brief.superseded.iter().any(|old| tells(&old.value))
}
