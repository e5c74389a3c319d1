//! Whether a value is the gold one, by the type of its field. Typed values are
//! equal or not; of two texts one may hold the other's words, within bounds,
//! since where a phrase begins and ends is a matter of taste.

use serde_json::Value as Json;

use crate::route::Field;
use crate::value::{Context, Kind, ListOf, Value, from_json, same};

/// A text may say this many times the words of the gold, and so many more.
const MOST_TIMES: usize = 3;
const MOST_MORE: usize = 6;
/// A long text may be a whole sentence or two around the gold's words.
const LONGEST_TEXT_WORDS: usize = 60;

/// Nothing is known of when the values were said: gold is written out.
const PLAIN: Context = Context { said_at: None, zone: None, around: None, participants: &[] };

/// Whether a value is the gold one.
pub fn means(field: &Field, gold: &Json, got: &Json) -> bool {
    let many = if field.list { ListOf::Many } else { ListOf::One };
    // A list's gold may be one item in words that hold a comma.
    let single = (field.list && !gold.is_array()).then(|| Json::Array(vec![gold.clone()]));
    let gold = single.as_ref().unwrap_or(gold);
    let read = |json| from_json(&field.kind, many, json, &PLAIN);
    let (Ok(gold), Ok(got)) = (read(gold), read(got)) else { return false };
    same(&gold, &got) || text_means(&field.kind, &gold, &got)
}

fn text_means(kind: &Kind, gold: &Value, got: &Value) -> bool {
    match (kind, gold, got) {
        (Kind::Text | Kind::LongText, Value::Text(gold), Value::Text(got)) => says(kind, gold, got),
        // Items pair up whatever their order.
        (Kind::Text | Kind::LongText, Value::List(gold), Value::List(got)) => {
            let alike = |one: &Value, other: &Value| same(one, other) || text_means(kind, one, other);
            gold.len() == got.len()
                && gold.iter().all(|one| got.iter().any(|other| alike(one, other)))
                && got.iter().all(|other| gold.iter().any(|one| alike(one, other)))
        }
        _ => false,
    }
}

fn says(kind: &Kind, gold: &str, got: &str) -> bool {
    let (gold, got) = (words(gold), words(got));
    if gold.is_empty() || got.is_empty() {
        return false;
    }
    let longest = match kind {
        Kind::LongText => LONGEST_TEXT_WORDS.max(gold.len() * MOST_TIMES),
        _ => gold.len() * MOST_TIMES + MOST_MORE,
    };
    let more = holds(&got, &gold) && got.len() <= longest;
    // A part of the gold must be the better part of it: `the` is no answer.
    let less = holds(&gold, &got) && got.len() * 2 >= gold.len();
    more || less
}

fn holds(all: &[String], some: &[String]) -> bool {
    all.windows(some.len()).any(|window| window == some)
}

/// The words of a text in small letters, without signs.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(kind: &str, gold: Json, got: Json, expected: bool) {
        let list = if kind.ends_with("[]") { "list: true" } else { "list: false" };
        let kind = kind.trim_end_matches("[]");
        let values = if kind == "enum" { ", values: [{id: yearly, aliases: [per year]}, {id: monthly}]" } else { "" };
        let text = format!("id: a-to-b\nfields:\n  - {{key: x, type: {kind}, {list}{values}}}\n");
        let route = crate::route::load("route.yaml", &text).unwrap();
        assert_eq!(means(&route.fields[0], &gold, &got), expected, "{kind}: {gold} and {got}");
    }

    #[test]
    fn typed_values_are_equal_or_not() {
        check("date", json!("2026-07-01"), json!("2026-07-01"), true);
        check("date", json!("2026-07-01"), json!("2026-07-10"), false);
        check("date", json!("2026-07-01"), json!("2026-07"), false);
        check(
            "money",
            json!({"amount": 86400, "currency": "USD"}),
            json!({"amount": "86400", "currency": "USD"}),
            true,
        );
        check(
            "money",
            json!({"amount": 86400, "currency": "USD"}),
            json!({"amount": "86400", "currency": "EUR"}),
            false,
        );
        check("money", json!({"amount": 86400}), json!({"amount": "8640", "currency": "EUR"}), false);
        check("number", json!(45), json!(45), true);
        check("number", json!(45), json!(450), false);
        check("duration", json!("24 months"), json!("P24M"), true);
        check("duration", json!("24 months"), json!("P24D"), false);
        check("enum", json!("yearly"), json!("yearly"), true);
        check("enum", json!("yearly"), json!("monthly"), false);
        check("bool", json!(true), json!(false), false);
        check("person", json!("Dana Whitfield"), json!("Whitfield, Dana"), true);
        check("person", json!("Dana Whitfield"), json!("Dana"), false);
        check("email", json!("dana@northwind.example"), json!("dana@NORTHWIND.example"), true);
        check("phone", json!("+1 555 0100 22"), json!("+1555010022"), true);
        check("phone", json!("+1 555 0100 22"), json!("+1555010023"), false);
        check("team", json!("Care"), json!("Care Team West"), false);
        check("date", json!("2026-07-01"), Json::Null, false);
    }

    #[test]
    fn of_two_texts_one_may_hold_the_other() {
        check("text", json!("Freightly"), json!("our Freightly 4 licence"), true);
        check("text", json!("Freightly"), json!("one two three four five six seven eight nine Freightly"), false);
        check("text", json!("migrate the rate tables"), json!("rate tables"), true);
        check("text", json!("migrate the rate tables free of charge"), json!("the"), false);
        check("text", json!("SAP TM"), json!("SAP"), true);
        check("text", json!("SAP TM"), json!("SAPTM"), false);
        check("text", json!("Freightly"), json!(""), false);
        check("long_text", json!("the list stays empty"), json!("When I open it, the list stays empty!"), true);
        check("long_text", json!("the list stays empty"), json!("the list stays full"), false);
    }

    #[test]
    fn lists_hold_the_same_items() {
        check("text[]", json!(["SAP TM", "Slack"]), json!(["Slack", "SAP TM"]), true);
        check("text[]", json!(["SAP TM", "Slack"]), json!(["Slack"]), false);
        check("text[]", json!(["SAP TM"]), json!(["the SAP TM system"]), true);
        check("text[]", json!("loading, unloading and storage"), json!(["loading, unloading and storage"]), true);
        check("number[]", json!([1, 2]), json!([2, 1]), true);
        check("number[]", json!([1, 2]), json!([2, 3]), false);
    }
}
