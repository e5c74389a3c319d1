//! Values as people read them: `1 July 2026`, `USD 86,400`, `24 months`.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Length, PartialDate, Value};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The value in plain words.
pub fn display(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Email(text) | Value::Phone(text) | Value::Url(text) => text.clone(),
        Value::Enum(id) => id.replace('_', " "),
        Value::Date(date) => day(*date),
        Value::PartialDate(PartialDate::Year(year)) => year.to_string(),
        Value::PartialDate(PartialDate::Quarter(year, quarter)) => format!("Q{quarter} {year}"),
        Value::PartialDate(PartialDate::Month(year, month)) => format!("{} {year}", month_name(*month)),
        Value::DateTime(at, offset) => {
            let local = offset.to_datetime(*at);
            let minutes = offset.seconds() / 60;
            let zone = match minutes {
                0 => "UTC".to_owned(),
                _ => {
                    let sign = if minutes < 0 { '-' } else { '+' };
                    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                }
            };
            format!("{}, {:02}:{:02} {zone}", day(local.date()), local.hour(), local.minute())
        }
        Value::Duration(length) => length_in_words(length),
        Value::Money(money) => match &money.currency {
            Some(currency) => format!("{currency} {}", grouped(money.amount)),
            None => grouped(money.amount),
        },
        Value::Number(number) => match number.unit.as_deref() {
            Some("%") => format!("{}%", grouped(number.amount)),
            Some(unit) => format!("{} {unit}", grouped(number.amount)),
            None => grouped(number.amount),
        },
        Value::Person(person) => person.name.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::List(values) => values.iter().map(display).collect::<Vec<_>>().join(", "),
    }
}

fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"?")
}

fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

fn length_in_words(length: &Length) -> String {
    let (hours, minutes, seconds) = (length.seconds / 3600, length.seconds / 60 % 60, length.seconds % 60);
    let parts =
        [(length.months, "month"), (length.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, unit)| format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if words.is_empty() { "0 days".to_owned() } else { words.join(" ") }
}

/// The number with commas between thousands.
fn grouped(amount: Decimal) -> String {
    let text = amount.normalize().to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
