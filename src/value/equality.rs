//! When two values mean the same, by type. Two spellings of one fact must not
//! look like a conflict, and two facts must never look like one.

use rustc_hash::FxHashSet;

use super::{Length, Money, Number, Person, Value, fold};

/// Whether `a` and `b` mean the same.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => covers(a, b) && covers(b, a),
        (Value::List(list), one) | (one, Value::List(list)) => matches!(list.as_slice(), [only] if same(only, one)),
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::PartialDate(a), Value::PartialDate(b)) => a == b,
        (Value::DateTime(a, _), Value::DateTime(b, _)) => a == b,
        (Value::Date(day), Value::DateTime(at, offset)) | (Value::DateTime(at, offset), Value::Date(day)) => {
            offset.to_datetime(*at).date() == *day
        }
        (Value::Duration(a), Value::Duration(b)) => same_length(a, b),
        (Value::Money(a), Value::Money(b)) => same_money(a, b),
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Email(a), Value::Email(b)) => a.eq_ignore_ascii_case(b),
        (Value::Phone(a), Value::Phone(b)) => same_phone(a, b),
        (Value::Url(a), Value::Url(b)) => plain_url(a) == plain_url(b),
        (Value::Person(a), Value::Person(b)) => same_person(a, b),
        (Value::Enum(a), Value::Enum(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => same_text(a, b),
        (Value::Text(text), Value::Person(person)) | (Value::Person(person), Value::Text(text)) => {
            name_words(text) == name_words(&person.name)
        }
        (Value::Text(text), Value::Enum(id)) | (Value::Enum(id), Value::Text(text)) => same_text(text, id),
        _ => false,
    }
}

fn covers(all: &[Value], some: &[Value]) -> bool {
    let texts: Option<FxHashSet<Vec<String>>> = all.iter().map(text_key).collect();
    match texts {
        // Long lists of text are compared through a set, so that their product never matters.
        Some(keys) if all.len() > 8 => some.iter().all(|one| text_key(one).is_some_and(|key| keys.contains(&key))),
        _ => some.iter().all(|one| all.iter().any(|other| same(one, other))),
    }
}

fn text_key(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Text(text) => Some(fold::without_article(text)),
        _ => None,
    }
}

/// Weeks, days and hours compare by time; months and years by months.
fn same_length(a: &Length, b: &Length) -> bool {
    let seconds = |length: &Length| i128::from(length.days) * 86_400 + i128::from(length.seconds);
    a.months == b.months && seconds(a) == seconds(b)
}

fn same_money(a: &Money, b: &Money) -> bool {
    let currency = match (&a.currency, &b.currency) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => true,
    };
    currency && a.amount == b.amount
}

fn same_number(a: &Number, b: &Number) -> bool {
    let unit = match (&a.unit, &b.unit) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => true,
    };
    unit && a.amount == b.amount
}

/// With and without a country code: the shorter ends the longer, in at least eight digits.
fn same_phone(a: &str, b: &str) -> bool {
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let (a, b) = (digits(a), digits(b));
    if a == b {
        return !a.is_empty();
    }
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 8 && long.ends_with(short) && long.len() - short.len() <= 3
}

fn plain_url(url: &str) -> String {
    let rest = url.trim().split_once("://").map_or(url.trim(), |(_, rest)| rest);
    let (host, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}{}", path.trim_end_matches('/'))
}

fn same_person(a: &Person, b: &Person) -> bool {
    if let (Some(a), Some(b)) = (&a.address, &b.address)
        && a.eq_ignore_ascii_case(b)
    {
        return true;
    }
    let (one, other) = (name_words(&a.name), name_words(&b.name));
    if one.is_empty() { a.name == b.name } else { one == other }
}

/// A name's words in order of reading, without titles: `Whitfield, Dana` is `dana whitfield`.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = match name.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() => {
            let mut words = fold::words(first);
            words.extend(fold::words(last));
            words
        }
        _ => fold::words(name),
    };
    let title = ["mr", "mrs", "ms", "dr", "prof", "herr", "frau"];
    while words.len() > 1 && words.first().is_some_and(|first| title.contains(&first.as_str())) {
        words.remove(0);
    }
    words
}

fn same_text(a: &str, b: &str) -> bool {
    let (one, other) = (fold::without_article(a), fold::without_article(b));
    if one.is_empty() || other.is_empty() {
        return a.trim() == b.trim();
    }
    one == other
}
