//! Explains why well-formed JSON does not fit the shape a request must have:
//! which place, and what is wrong there.

use serde_json::Value;
use serde_path_to_error::Error;

use super::pointer;
use super::syntax::without_place;
use crate::api::problem::{Kind, Problem};

/// No problem names more keys than this.
const MOST_KEYS: usize = 20;

/// The problem for a body that could not be read as what it should be.
pub fn explain(document: &Value, error: &Error<serde_json::Error>) -> Problem {
    let place = pointer::of_path(error.path());
    explain_message(document, place, &without_place(&error.inner().to_string()))
}

fn explain_message(document: &Value, place: String, message: &str) -> Problem {
    let problem = Problem::new(Kind::InvalidRequest);
    if let Some(key) = quoted_after(message, "unknown field ") {
        return name_unknown_keys(problem, document, &place, (key, message));
    }
    if let Some(key) = quoted_after(message, "missing field ") {
        let detail = format!("`{key}` is needed");
        return problem.detail(detail.clone()).error(place + &pointer::step(key), "missing", detail);
    }
    let code = match message {
        _ if message.starts_with("invalid type") => "wrong-type",
        _ if message.starts_with("unknown variant") => "not-allowed",
        _ if message.starts_with("invalid value") => "not-allowed",
        _ if message.starts_with("invalid length") => "wrong-length",
        _ => "invalid",
    };
    // The names of our types say nothing to a caller.
    let message = message
        .split_once("expected struct ")
        .map_or(message.to_owned(), |(start, _)| format!("{start}expected an object"));
    problem.detail(message.clone()).error(place, code, message)
}

/// The reader stops at the first unknown key; the caller is told all of that object at once.
fn name_unknown_keys(problem: Problem, document: &Value, place: &str, (first, message): (&str, &str)) -> Problem {
    // The path may or may not end with the key itself.
    let place = place.strip_suffix(pointer::step(first).as_str()).unwrap_or(place);
    let known: Vec<&str> = message.rsplit_once("`, expected ").map_or(Vec::new(), |(_, list)| quoted(list));
    let object = document.pointer(place).and_then(Value::as_object);
    let mut unknown: Vec<&str> = object
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
        .filter(|key| *key == first || !known.is_empty() && !known.contains(key))
        .take(MOST_KEYS)
        .collect();
    if unknown.is_empty() {
        unknown.push(first);
    }
    let names: Vec<String> = unknown.iter().map(|key| format!("`{key}`")).collect();
    let problem = problem.detail(format!("Not known here: {}", names.join(", ")));
    let expected = match known.as_slice() {
        [] => "the key is not known here".to_owned(),
        known => format!("the key is not known here; known are {}", known.join(", ")),
    };
    unknown.into_iter().fold(problem, |problem, key| {
        problem.error(format!("{place}{}", pointer::step(key)), "unknown-key", &*expected)
    })
}

/// The name in backticks right behind `start`; names may hold backticks themselves.
fn quoted_after<'m>(message: &'m str, start: &str) -> Option<&'m str> {
    let rest = message.strip_prefix(start)?.strip_prefix('`')?;
    let end =
        rest.rfind("`, expected ").or_else(|| rest.rfind("`, there are no fields")).or_else(|| rest.rfind('`'))?;
    rest.get(..end)
}

/// All names in backticks.
fn quoted(list: &str) -> Vec<&str> {
    list.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_messages() {
        let check = |message: &str, start: &str, expected: Option<&str>| {
            assert_eq!(quoted_after(message, start), expected, "{message}");
        };
        check("unknown field `a`, expected `b`", "unknown field ", Some("a"));
        check("unknown field `a`b`, expected one of `b`, `c`", "unknown field ", Some("a`b"));
        check("unknown field ``, there are no fields", "unknown field ", Some(""));
        check("missing field `a`", "missing field ", Some("a"));
        check("invalid type: null", "missing field ", None);
        check("unknown field a", "unknown field ", None);
        assert_eq!(quoted("one of `b`, `c`"), ["b", "c"]);
        assert_eq!(quoted("`b` or `c`"), ["b", "c"]);
    }
}
