//! Values as people read them: `1 July 2026`, `USD 86,400`, `yes`. The JSON of
//! the brief keeps the machine's form.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::value::Kind;

/// The value in words. `kind` is the field's type when the route is known;
/// what it does not explain is shown as it stands.
pub fn show_value(kind: Option<&Kind>, value: &Json) -> String {
    match value {
        Json::Null => "—".to_owned(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Number(number) => group_digits(&number.to_string()),
        Json::String(text) => show_text(kind, text),
        Json::Array(items) => show_list(kind, items),
        Json::Object(object) => show_object(object).unwrap_or_else(|| value.to_string()),
    }
}

fn show_text(kind: Option<&Kind>, text: &str) -> String {
    match kind {
        Some(Kind::Date) => show_date(text).unwrap_or_else(|| text.to_owned()),
        Some(Kind::DateTime) => show_instant(text).unwrap_or_else(|| text.to_owned()),
        Some(Kind::Duration) => show_duration(text).unwrap_or_else(|| text.to_owned()),
        Some(Kind::Number | Kind::Money) => group_digits(text),
        _ => text.to_owned(),
    }
}

/// Semicolons where an item holds a comma itself.
fn show_list(kind: Option<&Kind>, items: &[Json]) -> String {
    let shown: Vec<String> = items.iter().map(|item| show_value(kind, item)).collect();
    let separator = if shown.iter().any(|item| item.contains(',')) { "; " } else { ", " };
    shown.join(separator)
}

fn show_object(object: &serde_json::Map<String, Json>) -> Option<String> {
    let text = |key: &str| match object.get(key) {
        Some(Json::String(text)) => Some(text.clone()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    if let Some(amount) = text("amount") {
        let amount = group_digits(&amount);
        return Some(match (text("currency"), text("unit")) {
            (Some(currency), _) => format!("{currency} {amount}"),
            (None, Some(unit)) if unit == "%" => format!("{amount}%"),
            (None, Some(unit)) => format!("{amount} {unit}"),
            (None, None) => amount,
        });
    }
    let name = text("name")?;
    Some(match text("address") {
        Some(address) => format!("{name} <{address}>"),
        None => name,
    })
}

/// `2026-07-01`, `2026-07`, `2026-Q3` and `2026` in words; `None` for anything else.
fn show_date(text: &str) -> Option<String> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date.strftime("%-d %B %Y").to_string());
    }
    let (year, rest) = text.split_once('-')?;
    year.parse::<i16>().ok()?;
    if rest.starts_with('Q') {
        return Some(format!("{rest} {year}"));
    }
    let month = format!("{text}-01").parse::<Date>().ok()?;
    Some(month.strftime("%B %Y").to_string())
}

/// `2026-07-01T09:30:00+02:00` in words, in the offset it was stated in; `None` for anything else.
fn show_instant(text: &str) -> Option<String> {
    text.parse::<jiff::Timestamp>().ok()?;
    let (date, time) = text.split_once('T')?;
    let (hours_minutes, rest) = time.split_at_checked(5)?;
    let zone =
        rest.trim_start_matches(|character: char| character == ':' || character == '.' || character.is_ascii_digit());
    let zone = if matches!(zone, "Z" | "+00:00" | "-00:00") { "UTC" } else { rest.get(rest.len().checked_sub(6)?..)? };
    Some(format!("{}, {hours_minutes} {zone}", show_date(date)?))
}

/// An ISO 8601 duration (`P90D`, `P1Y6M`) in words; `None` for anything else.
fn show_duration(text: &str) -> Option<String> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut parts = Vec::new();
    for (half, names) in [
        (days, [('Y', "year"), ('M', "month"), ('W', "week"), ('D', "day")].as_slice()),
        (time, [('H', "hour"), ('M', "minute"), ('S', "second")].as_slice()),
    ] {
        let mut digits = String::new();
        for character in half.chars() {
            if character.is_ascii_digit() || character == '.' {
                digits.push(character);
                continue;
            }
            let (_, name) = names.iter().find(|(letter, _)| *letter == character)?;
            let plural = if digits == "1" { "" } else { "s" };
            parts.push(format!("{} {name}{plural}", std::mem::take(&mut digits)));
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Thousands apart: `86400` is `86,400`. Anything but a plain number stays as it is.
fn group_digits(number: &str) -> String {
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return number.to_owned();
    }
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_read_like_words() {
        let check = |kind: Option<Kind>, value: Json, expected: &str| {
            assert_eq!(show_value(kind.as_ref(), &value), expected, "{value}");
        };
        check(Some(Kind::Date), json!("2026-07-01"), "1 July 2026");
        check(Some(Kind::Date), json!("2026-07"), "July 2026");
        check(Some(Kind::Date), json!("2026-Q3"), "Q3 2026");
        check(Some(Kind::Date), json!("soon"), "soon");
        check(Some(Kind::Text), json!("2026-07-01"), "2026-07-01");
        check(Some(Kind::DateTime), json!("2026-07-01T09:30:00Z"), "1 July 2026, 09:30 UTC");
        check(Some(Kind::DateTime), json!("2026-07-01T09:30:00+02:00"), "1 July 2026, 09:30 +02:00");
        check(Some(Kind::DateTime), json!("Tuesday at nine"), "Tuesday at nine");
        check(Some(Kind::Money), json!({"amount": "86400", "currency": "USD"}), "USD 86,400");
        check(Some(Kind::Money), json!({"amount": "1234567.50", "currency": null}), "1,234,567.50");
        check(Some(Kind::Number), json!({"amount": "250", "unit": "GB"}), "250 GB");
        check(Some(Kind::Number), json!({"amount": "12.5", "unit": "%"}), "12.5%");
        check(Some(Kind::Number), json!("-1500"), "-1,500");
        check(Some(Kind::Number), json!(1500), "1,500");
        check(Some(Kind::Duration), json!("P90D"), "90 days");
        check(Some(Kind::Duration), json!("P1Y6M"), "1 year, 6 months");
        check(Some(Kind::Duration), json!("PT1H30M"), "1 hour, 30 minutes");
        check(Some(Kind::Duration), json!("three"), "three");
        check(
            Some(Kind::Person),
            json!({"name": "Dana Whitfield", "address": "dana@northwind.example"}),
            "Dana Whitfield <dana@northwind.example>",
        );
        check(Some(Kind::Person), json!({"name": "Dana Whitfield", "address": null}), "Dana Whitfield");
        check(None, json!(["SAP TM", "Freightly"]), "SAP TM, Freightly");
        check(None, json!(["a, b", "c"]), "a, b; c");
        check(None, json!(true), "yes");
        check(None, json!(null), "—");
        check(None, json!({"odd": 1}), "{\"odd\":1}");
        check(Some(Kind::Phone), json!("15550100"), "15550100");
    }
}
