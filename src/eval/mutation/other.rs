//! Another plausible value of the same field: what a second person might say
//! who knows it differently. It keeps the route's rules, so that nothing but
//! the contradiction is wrong with it.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

use crate::route::Field;
use crate::route::expression::{Outcome, Scope, evaluate};
use crate::value::{Kind, Length, Money, Number, Person, Value, display};

/// What else a field might hold.
pub(super) struct Other {
    pub value: Value,
    /// As somebody writes it.
    pub words: String,
}

/// Another value than `value`; `fresh` is a person and a domain of the same company that nobody named yet. `None` where
/// a made-up one would not be taken for a value of this field.
pub(super) fn other_value(field: &Field, value: &Value, fresh: (&str, Option<&str>), now: Timestamp) -> Option<Other> {
    let candidates = match value {
        Value::Date(day) => days(*day),
        Value::DateTime(at, offset) => {
            let later = |hours: i64| at.checked_add(hours.hours()).ok().map(|at| Value::DateTime(at, *offset));
            [later(24), later(48), later(-24)].into_iter().flatten().collect()
        }
        Value::Duration(length) => vec![Value::Duration(longer(*length))],
        Value::Money(money) => vec![Value::Money(Money {
            amount: (money.amount * Decimal::new(11, 1)).round() + Decimal::from(150),
            currency: money.currency.clone(),
        })],
        Value::Number(number) => {
            let more = (number.amount * Decimal::new(13, 1)).round() + Decimal::from(2);
            vec![Value::Number(Number { amount: more, unit: number.unit.clone() })]
        }
        Value::Email(_) => {
            let local = fresh.0.to_lowercase().replace(' ', ".");
            vec![Value::Email(format!("{local}@{}", fresh.1?))]
        }
        Value::Phone(phone) => vec![Value::Phone(other_digits(phone)?)],
        Value::Person(_) => vec![Value::Person(Person { name: fresh.0.to_owned(), address: None })],
        Value::Bool(yes) => vec![Value::Bool(!yes)],
        Value::Enum(id) => {
            let Kind::Enum(choices) = &field.kind else { return None };
            choices.iter().filter(|choice| choice.id != *id).map(|choice| Value::Enum(choice.id.clone())).collect()
        }
        Value::Text(text) if matches!(field.kind, Kind::Text | Kind::Team) => {
            vec![Value::Text(other_text(field, text)?)]
        }
        _ => Vec::new(),
    };
    // Of yes and no there is only one other.
    let fits = |value: &Value| matches!(value, Value::Bool(_)) || keeps_rules(field, value, now);
    let value = candidates.into_iter().find(fits)?;
    Some(Other { words: words_for(field, &value), value })
}

/// A value of a field in the words of a mail.
pub(super) fn words_for(field: &Field, value: &Value) -> String {
    match (value, &field.kind) {
        // People write `EU` where the route says `eu`.
        (Value::Enum(id), Kind::Enum(choices)) if id.len() < 4 => {
            let alias = choices.iter().find(|choice| choice.id == *id).and_then(|choice| choice.aliases.first());
            alias.cloned().unwrap_or_else(|| words(value))
        }
        _ => words(value),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::DateTime(at, offset) => {
            let local = offset.to_datetime(*at);
            format!("{} at {:02}:{:02}", local.strftime("%-d %B %Y"), local.hour(), local.minute())
        }
        other => display(other),
    }
}

fn days(day: Date) -> Vec<Value> {
    let moved = [14, 9, 5, -3, -6, -12].into_iter().filter_map(|count: i32| day.checked_add(count.days()).ok());
    moved.map(Value::Date).collect()
}

fn longer(length: Length) -> Length {
    Length {
        months: if length.months > 0 { length.months + 12 } else { 0 },
        days: if length.days > 0 { length.days + 2 } else { 0 },
        seconds: if length.seconds > 0 { length.seconds + 6 * 3600 } else { 0 },
    }
}

/// The last three digits counted up.
fn other_digits(phone: &str) -> Option<String> {
    let at = phone.len().checked_sub(3)?;
    let last: u32 = phone.get(at..)?.parse().ok()?;
    Some(format!("{}{:03}", phone.get(..at)?, (last + 213) % 1000))
}

/// The first number of a code or an address counted up; a name from the list for its kind of thing.
fn other_text(field: &Field, text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit());
    if let Some(start) = start {
        let rest = text.get(start..)?;
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest.get(..length)?;
        let number: u64 = digits.parse().ok()?;
        let next = if length < 3 { number + 1 } else { number + 37 };
        let tail = rest.get(length..)?;
        return Some(format!("{}{next:0length$}{tail}", text.get(..start)?));
    }
    let label = field.label.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| label.contains(word));
    let name = match () {
        () if named(&["country"]) => "Portugal",
        () if named(&["company", "customer"]) && !named(&["contact"]) => "Brannock Holdings Ltd",
        () if named(&["product", "system"]) => "Ledgerline Studio",
        () => return None,
    };
    Some(name.to_owned())
}

fn keeps_rules(field: &Field, value: &Value, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::fixed(Offset::UTC)).date();
    let scope = Scope { value: Some(value), fields: &|_| None, now, today };
    field.rules.iter().all(|rule| evaluate(&rule.assert, &scope) == Outcome::True)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Choice;

    fn field(kind: Kind, label: &str) -> Option<Field> {
        let text = "id: r\nfields:\n  - key: f\n    type: text\n    question: What is it?\n";
        let route = crate::route::load("r.yaml", text).ok()?;
        let first = route.fields.first()?.clone();
        Some(Field { kind, label: label.to_owned(), ..first })
    }

    #[test]
    fn another_value_is_of_the_same_kind() {
        let now: Timestamp = "2026-03-03T12:00:00Z".parse().unwrap();
        let check = |kind: Kind, label: &str, value: Value, expected: Option<&str>| {
            let field = field(kind, label).unwrap();
            let other = other_value(&field, &value, ("Odette Brandvold", Some("nw.example")), now);
            assert_eq!(other.map(|other| other.words).as_deref(), expected, "{value:?}");
        };
        let choices = ["a", "b"].map(|id| Choice { id: id.to_owned(), aliases: vec![format!("{id} too")] }).to_vec();
        check(Kind::Date, "Day", Value::Date(jiff::civil::date(2026, 7, 1)), Some("15 July 2026"));
        check(Kind::Bool, "Yes", Value::Bool(true), Some("no"));
        check(Kind::Enum(choices), "One", Value::Enum("a".to_owned()), Some("b too"));
        check(Kind::Text, "Order", Value::Text("SO-48213".to_owned()), Some("SO-48250"));
        check(Kind::Text, "Hours", Value::Text("Mon-Thu 07:00-14:00".to_owned()), Some("Mon-Thu 08:00-14:00"));
        check(Kind::Text, "Company", Value::Text("Kestrel".to_owned()), Some("Brannock Holdings Ltd"));
        check(Kind::Text, "Mood", Value::Text("good".to_owned()), None);
        check(Kind::LongText, "Need", Value::Text("less waste".to_owned()), None);
        check(Kind::Phone, "Phone", Value::Phone("+447700900461".to_owned()), Some("+447700900674"));
        check(Kind::Email, "Mail", Value::Email("a@nw.example".to_owned()), Some("odette.brandvold@nw.example"));
        let length = Length { months: 36, days: 0, seconds: 0 };
        check(Kind::Duration, "Term", Value::Duration(length), Some("48 months"));
    }
}
