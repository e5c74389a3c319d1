//! Field values as CEL sees them, so that conditions and rules compare like
//! with like.
//!
//! | type | in CEL |
//! |---|---|
//! | text, long_text, email, phone, url, person, team, enum | string (a person's name, an enum's id) |
//! | number | double, without its unit |
//! | money | map with `amount` (double) and `currency` (string, empty when none was named) |
//! | date | timestamp at midnight UTC; of a month, quarter or year its last day |
//! | datetime | timestamp |
//! | duration | duration; a month counts 30 days, twelve months 365 |
//! | bool | bool |
//! | a list | list of these |

use std::collections::HashMap;
use std::sync::Arc;

use cel::Context;
use cel::objects::Key;
use chrono::{DateTime, FixedOffset};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::value::{Length, PartialDate, Value};

/// CEL knows lengths of time up to ten thousand years.
const LONGEST_SECONDS: i64 = 315_576_000_000;

/// Puts a value under a name; an error when CEL cannot hold it.
pub(super) fn bind(context: &mut Context<'_, '_>, name: &str, value: &Value) -> Result<(), String> {
    let value = convert(value).ok_or_else(|| format!("{name} is out of range"))?;
    context.add_variable_from_value(name, value);
    Ok(())
}

/// Puts the moment of judging under `now` and `today`.
pub(super) fn bind_clock(context: &mut Context<'_, '_>, now: Timestamp, today: civil::Date) {
    for (name, value) in [("now", instant(now)), ("today", midnight(today))] {
        if let Some(value) = value {
            context.add_variable_from_value(name, value);
        }
    }
}

fn convert(value: &Value) -> Option<cel::Value> {
    Some(match value {
        Value::Text(text) | Value::Email(text) | Value::Phone(text) | Value::Url(text) | Value::Enum(text) => {
            text.as_str().into()
        }
        Value::Person(person) => person.name.as_str().into(),
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => cel::Value::Float(float(number.amount)?),
        Value::Money(money) => amount(float(money.amount)?, money.currency.as_deref().unwrap_or("")),
        Value::Date(date) => midnight(*date)?,
        Value::PartialDate(partial) => midnight(last_day(*partial)?)?,
        Value::DateTime(at, _) => instant(*at)?,
        Value::Duration(length) => duration(*length)?,
        // Lists hold no lists: a list is a property of the field, not a type of its own.
        Value::List(items) => {
            let items: Option<Vec<cel::Value>> =
                items.iter().filter(|item| !matches!(item, Value::List(_))).map(convert).collect();
            cel::Value::List(Arc::new(items?))
        }
    })
}

pub(super) fn amount(amount: f64, currency: &str) -> cel::Value {
    let entries: HashMap<Key, cel::Value> =
        HashMap::from([("amount".into(), cel::Value::Float(amount)), ("currency".into(), currency.into())]);
    entries.into()
}

fn float(decimal: Decimal) -> Option<f64> {
    decimal.to_f64()
}

fn instant(at: Timestamp) -> Option<cel::Value> {
    let at = DateTime::from_timestamp(at.as_second(), u32::try_from(at.subsec_nanosecond()).unwrap_or(0))?;
    Some(cel::Value::Timestamp(DateTime::<FixedOffset>::from(at)))
}

fn midnight(date: civil::Date) -> Option<cel::Value> {
    instant(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn last_day(partial: PartialDate) -> Option<civil::Date> {
    let (year, month) = match partial {
        PartialDate::Year(year) => (year, 12),
        PartialDate::Quarter(year, quarter) => (year, quarter.checked_mul(3)?),
        PartialDate::Month(year, month) => (year, month),
    };
    Some(civil::Date::new(year, month, 1).ok()?.last_of_month())
}

fn duration(length: Length) -> Option<cel::Value> {
    let days =
        (length.months / 12).checked_mul(365)?.checked_add((length.months % 12) * 30)?.checked_add(length.days)?;
    let seconds = days.checked_mul(86_400)?.checked_add(length.seconds)?;
    let bounded = (-LONGEST_SECONDS..=LONGEST_SECONDS).contains(&seconds).then_some(seconds)?;
    Some(cel::Value::Duration(chrono::TimeDelta::try_seconds(bounded)?))
}
