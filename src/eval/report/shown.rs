//! Figures and values as words of the report: shares with what they are of,
//! none and all with what they may still be, values without JSON around them.

use serde_json::Value as Json;

use crate::brief::Verdict;
use crate::eval::metrics::{self, Definition, Figure};
use crate::eval::result::{Metric, Metrics};
use crate::eval::score::Outcome;
use crate::eval::table::{percent, plain};
use crate::route::Ordered;

/// A value without its JSON: `USD 86400`, `a; b`, `yes`.
pub(super) fn value(json: &Json) -> String {
    match json {
        Json::Null => "nothing".to_owned(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Array(items) => items.iter().map(value).collect::<Vec<_>>().join("; "),
        Json::Object(entries) => match (entries.get("amount"), entries.get("currency")) {
            (Some(amount), Some(currency)) if entries.len() == 2 => format!("{} {}", value(currency), value(amount)),
            _ => entries.iter().map(|(key, one)| format!("{key} {}", value(one))).collect::<Vec<_>>().join(", "),
        },
    }
}

/// A metric of a name.
pub(super) fn named(metrics: &Metrics, name: &str) -> String {
    let Some(definition) = metrics::find(name) else { return String::new() };
    figure(definition, &metrics.find(name).copied().unwrap_or_default())
}

/// A figure with all that it takes to believe it: `5 of 12, 41.7 % (16.7 … 66.7 %)`, `0 of 16 (< 18.8 %)`.
pub(super) fn figure(definition: &Definition, metric: &Metric) -> String {
    let Some(value) = metric.value else { return "n/a".to_owned() };
    if definition.figure != Figure::Share {
        let interval = match (metric.low, metric.high) {
            (Some(low), Some(high)) => format!(" ({} … {})", plain(definition, low), plain(definition, high)),
            _ => String::new(),
        };
        return format!("{}{interval}, n {}", plain(definition, value), metric.n);
    }
    let part = part(metric);
    match (metric.low, metric.high) {
        (_, Some(high)) if part == 0 => format!("0 of {} (< {})", metric.n, percent(high)),
        (Some(low), _) if part == metric.n => format!("{part} of {part} (> {})", percent(low)),
        (Some(low), Some(high)) => {
            let low = percent(low);
            let low = low.trim_end_matches(" %");
            format!("{part} of {}, {} ({low} … {})", metric.n, percent(value), percent(high))
        }
        _ => format!("{part} of {}", metric.n),
    }
}

/// The figure alone, and the interval is left to a chart beside it.
pub(super) fn short(definition: &Definition, metric: &Metric) -> String {
    match (metric.value, definition.figure) {
        (None, _) => "n/a".to_owned(),
        (Some(_), Figure::Share) => format!("{} of {}", part(metric), metric.n),
        (Some(value), _) => plain(definition, value),
    }
}

/// How many of `n` a share is.
pub(super) fn part(metric: &Metric) -> usize {
    (metric.value.unwrap_or_default() * metric.n as f64).round() as usize
}

/// A metric that may not be there.
pub(super) fn find<'a>(groups: &'a Ordered<Metrics>, group: &str, name: &str) -> Option<&'a Metric> {
    groups.find(group)?.find(name)
}

/// What a handoff is, in a word.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Complete => "complete",
        Verdict::Incomplete => "not complete",
        Verdict::IncompleteRun => "not all read",
    }
}

/// What became of a field, as people say it.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Right => "right",
        Outcome::Missed => "missed",
        Outcome::Wrong => "wrong value",
        Outcome::LeftEmpty => "rightly empty",
        Outcome::Filled => "filled, though nobody said it",
        Outcome::StateRight => "right state",
        Outcome::StateWrong => "wrong state",
        Outcome::StateFilled => "filled, though it is not settled",
    }
}

/// Whole numbers with their thousands apart: `12 345`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_words() {
        let check = |json: Json, expected: &str| assert_eq!(value(&json), expected, "{json}");
        check(json!("2026-07-01"), "2026-07-01");
        check(json!({"amount": "86400", "currency": "USD"}), "USD 86400");
        check(json!(["a", 2, true]), "a; 2; yes");
        check(json!({"amount": "1"}), "amount 1");
        check(Json::Null, "nothing");
    }

    #[test]
    fn figures_tell_what_they_are_of() {
        let check = |name: &str, value: Option<f64>, low: Option<f64>, high: Option<f64>, n: usize, expected: &str| {
            let definition = metrics::find(name).unwrap();
            assert_eq!(figure(definition, &Metric { value, low, high, n }), expected);
        };
        check("false_pass_rate", Some(0.0), Some(0.0), Some(0.1875), 16, "0 of 16 (< 18.8 %)");
        check("field_recall", Some(1.0), Some(0.97), Some(1.0), 100, "100 of 100 (> 97.0 %)");
        check("field_recall", Some(5.0 / 12.0), Some(0.1667), Some(0.6667), 12, "5 of 12, 41.7 % (16.7 … 66.7 %)");
        check("field_recall", None, None, None, 0, "n/a");
        check("field_f1", Some(0.5), Some(0.4), Some(0.6), 9, "50.0 % (40.0 % … 60.0 %), n 9");
        check("milliseconds_p50", Some(12.34), None, None, 3, "12.3, n 3");
    }

    #[test]
    fn thousands_are_apart() {
        let check = |number: usize, expected: &str| assert_eq!(thousands(number).replace('\u{202f}', " "), expected);
        check(0, "0");
        check(999, "999");
        check(1000, "1 000");
        check(1_234_567, "1 234 567");
    }
}
