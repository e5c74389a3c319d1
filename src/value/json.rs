//! Values as JSON, both ways. What Baton writes it reads again; a CRM's or a
//! person's plain strings and numbers are read by the field's type.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::{Context, Kind, Length, Money, Number, PartialDate, Person, Precision, Unreadable, Value, display, read};

/// Whether a field holds one value or a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOf {
    One,
    Many,
}

/// The value as it stands in a brief.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Email(text) | Value::Phone(text) | Value::Url(text) | Value::Enum(text) => {
            json!(text)
        }
        Value::Date(date) => json!(date.to_string()),
        Value::PartialDate(PartialDate::Year(year)) => json!(format!("{year:04}")),
        Value::PartialDate(PartialDate::Quarter(year, quarter)) => json!(format!("{year:04}-Q{quarter}")),
        Value::PartialDate(PartialDate::Month(year, month)) => json!(format!("{year:04}-{month:02}")),
        Value::DateTime(at, offset) => {
            let minutes = offset.seconds() / 60;
            let zone = match minutes {
                0 => "Z".to_owned(),
                _ => {
                    let sign = if minutes < 0 { '-' } else { '+' };
                    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                }
            };
            json!(format!("{}{zone}", offset.to_datetime(*at)))
        }
        Value::Duration(length) => json!(iso_length(length)),
        Value::Money(money) => json!({"amount": plain(money.amount), "currency": money.currency}),
        Value::Number(Number { amount, unit: None }) => json_number(*amount),
        Value::Number(Number { amount, unit: Some(unit) }) => json!({"number": plain(*amount), "unit": unit}),
        Value::Person(person) => json!(person.name),
        Value::Bool(yes) => json!(yes),
        Value::List(values) => Json::Array(values.iter().map(to_json).collect()),
    }
}

fn plain(amount: Decimal) -> String {
    amount.normalize().to_string()
}

/// A JSON number where it keeps every digit, else the digits as a string.
fn json_number(amount: Decimal) -> Json {
    let text = plain(amount);
    if let Ok(whole) = text.parse::<i64>() {
        return json!(whole);
    }
    match text.parse::<f64>() {
        Ok(float) if text.len() < 17 => json!(float),
        _ => json!(text),
    }
}

fn iso_length(length: &Length) -> String {
    let mut text = String::from("P");
    let parts = |text: &mut String, count: i64, letter: char| {
        if count != 0 {
            text.push_str(&count.to_string());
            text.push(letter);
        }
    };
    parts(&mut text, length.months, 'M');
    parts(&mut text, length.days, 'D');
    if length.seconds != 0 {
        text.push('T');
        parts(&mut text, length.seconds / 3600, 'H');
        parts(&mut text, length.seconds / 60 % 60, 'M');
        parts(&mut text, length.seconds % 60, 'S');
    }
    if text.len() == 1 {
        text.push_str("0D");
    }
    text
}

/// A value of `kind` out of JSON; strings are read like anyone's words. A
/// string with several meanings is refused, for JSON has no place to say so.
pub fn from_json(kind: &Kind, list: ListOf, json: &Json, context: &Context) -> Result<Value, Unreadable> {
    match (list, json) {
        (ListOf::Many, Json::Array(items)) => {
            items.iter().map(|item| one(kind, item, context)).collect::<Result<Vec<_>, _>>().map(Value::List)
        }
        (ListOf::Many, Json::String(text)) => list_in_words(kind, text, context),
        (ListOf::Many, single) => Ok(Value::List(vec![one(kind, single, context)?])),
        (ListOf::One, Json::Array(items)) => match items.as_slice() {
            [single] => one(kind, single, context),
            [] => Err(Unreadable::because("an empty list")),
            _ => Err(Unreadable::because("a list where one value is expected")),
        },
        (ListOf::One, single) => one(kind, single, context),
    }
}

/// `HubSpot, Slack; Jira`: split where the type's own values have no such sign.
fn list_in_words(kind: &Kind, text: &str, context: &Context) -> Result<Value, Unreadable> {
    let commas = matches!(
        kind,
        Kind::Text
            | Kind::LongText
            | Kind::Team
            | Kind::Enum(_)
            | Kind::Email
            | Kind::Url
            | Kind::Phone
            | Kind::Person
            | Kind::Bool
    );
    let parts = text.split(|letter| matches!(letter, ';' | '\n') || (commas && letter == ','));
    let values: Result<Vec<Value>, Unreadable> = parts
        .map(|part| part.trim().trim_start_matches(['-', '*', '•']).trim())
        .filter(|part| !part.is_empty())
        .map(|part| one(kind, &json!(part), context))
        .collect();
    let values = values?;
    if values.is_empty() { Err(Unreadable::because("no words")) } else { Ok(Value::List(values)) }
}

fn one(kind: &Kind, json: &Json, context: &Context) -> Result<Value, Unreadable> {
    match json {
        Json::Null => Err(Unreadable::because("no value")),
        Json::Bool(yes) => match kind {
            Kind::Bool => Ok(Value::Bool(*yes)),
            _ => Err(Unreadable::because("yes or no, where another type is expected")),
        },
        Json::Number(number) => words(kind, &number.to_string(), context),
        Json::String(text) => words(kind, text, context),
        Json::Object(object) => from_object(kind, object, context),
        Json::Array(_) => Err(Unreadable::because("a list inside a list")),
    }
}

fn words(kind: &Kind, text: &str, context: &Context) -> Result<Value, Unreadable> {
    let plain_number = matches!(kind, Kind::Money | Kind::Number).then(|| exact_decimal(text)).flatten();
    if let Some(amount) = plain_number {
        return Ok(match kind {
            Kind::Money => Value::Money(Money { amount, currency: None }),
            _ => Value::Number(Number { amount, unit: None }),
        });
    }
    let reading = read(kind, text, context)?;
    match (&reading.precision, kind) {
        // Which of two people is meant is for the caller to see; the name as written is still a name.
        (Precision::Ambiguous(_), Kind::Person) => {
            Ok(Value::Person(Person { name: text.trim().to_owned(), address: None }))
        }
        (Precision::Ambiguous(values), _) => {
            let meanings: Vec<String> = values.iter().map(display).collect();
            Err(Unreadable::because(&format!("has several meanings: {}", meanings.join(" or "))))
        }
        _ => Ok(reading.value),
    }
}

/// A machine's decimal (`86400.5`, `1e3`), whose point is never a mark of thousands.
fn exact_decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let machine = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'e' | b'E' | b'+'));
    if !machine || !text.bytes().any(|byte| byte.is_ascii_digit()) || text.starts_with('+') {
        return None;
    }
    text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text)).ok().map(|amount| amount.normalize())
}

fn from_object(kind: &Kind, object: &Map<String, Json>, context: &Context) -> Result<Value, Unreadable> {
    let text = |keys: &[&str]| {
        keys.iter().find_map(|key| match object.get(*key) {
            Some(Json::String(text)) => Some(text.clone()),
            Some(Json::Number(number)) => Some(number.to_string()),
            _ => None,
        })
    };
    match kind {
        Kind::Money => {
            let amount = text(&["amount", "value"]).ok_or_else(|| Unreadable::because("no amount"))?;
            let currency = text(&["currency", "currency_code"])
                .map(|code| code.trim().to_uppercase())
                .filter(|code| !code.is_empty());
            if currency
                .as_ref()
                .is_some_and(|code| code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_alphabetic()))
            {
                return Err(Unreadable::because("the currency is no code of three letters"));
            }
            match words(kind, &amount, context)? {
                Value::Money(money) => {
                    Ok(Value::Money(Money { amount: money.amount, currency: currency.or(money.currency) }))
                }
                other => Ok(other),
            }
        }
        Kind::Number => {
            let amount = text(&["number", "amount", "value"]).ok_or_else(|| Unreadable::because("no number"))?;
            let unit = text(&["unit"]).filter(|unit| !unit.is_empty());
            match words(kind, &amount, context)? {
                Value::Number(number) => {
                    Ok(Value::Number(Number { amount: number.amount, unit: unit.or(number.unit) }))
                }
                other => Ok(other),
            }
        }
        Kind::Person => {
            let name = text(&["name"])
                .or_else(|| text(&["email", "address"]))
                .ok_or_else(|| Unreadable::because("no name"))?;
            match words(kind, &name, context)? {
                Value::Person(person) => {
                    Ok(Value::Person(Person { address: text(&["address", "email"]).or(person.address), ..person }))
                }
                other => Ok(other),
            }
        }
        _ => text(&["value", "id"])
            .ok_or_else(|| Unreadable::because("an object where a plain value is expected"))
            .and_then(|text| words(kind, &text, context)),
    }
}
