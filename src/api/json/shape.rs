//! Explains why well-formed JSON does not fit the shape a request must have:
//! which place, and what is wrong there.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Error;

use super::fit::{ANYTHING, Fit};
use super::pointer;
use super::syntax::without_place;
use super::words;
use crate::api::problem::{Kind, Problem};

/// No problem names more keys than this.
const MOST_KEYS: usize = 20;

/// Everything that is wrong with a body that could not be read as what it should be. The reader stops at the first
/// mistake, so that what is named is taken out, what is missing is filled in, and the rest read again, until it fits or
/// nothing more can be done.
pub fn explain_all<T: DeserializeOwned>(document: &Value, first: Error<serde_json::Error>) -> Problem {
    let mut rest = Rest { document: document.clone(), keys: Vec::new(), items: Vec::new(), filled: Vec::new() };
    let mut found: Vec<Problem> = Vec::new();
    let mut next = Some(first);
    while let Some(error) = next.take().filter(|_| found.len() < MOST_KEYS) {
        let problem = explain(&rest.document, &error);
        let places: Vec<String> = problem.errors().iter().map(|error| error.pointer.clone()).collect();
        // What was filled in and does not fit is no mistake of the caller's, and hides what lies behind it.
        if places.iter().any(|place| rest.is_filled(place)) {
            break;
        }
        // What is missing because it was taken out was named already.
        if !places.iter().any(|place| rest.keys.contains(place)) {
            found.push(rest.as_given(problem));
        }
        let is_missing = error.inner().to_string().starts_with("missing field ");
        let mend = |rest: &mut Rest, place: &str| is_missing && rest.fill_in(place) || rest.take_out(place);
        let is_mended = places.iter().filter(|place| mend(&mut rest, place)).count() > 0;
        next = is_mended.then(|| serde_path_to_error::deserialize::<_, T>(Fit(&rest.document)).err()).flatten();
    }
    let mut found = found.into_iter();
    let problem = found.next().unwrap_or_else(|| Problem::new(Kind::InvalidRequest));
    found.fold(problem, |all, one| {
        one.errors().iter().fold(all, |all, error| all.error(&error.pointer, &error.code, &error.detail))
    })
}

/// A body without what was found wrong in it.
struct Rest {
    document: Value,
    /// The keys that were taken out, by their pointers.
    keys: Vec<String>,
    /// The items that were taken out of lists, each by the pointer it had when it was its turn.
    items: Vec<String>,
    /// Where something was filled in that was missing.
    filled: Vec<String>,
}

impl Rest {
    fn is_filled(&self, place: &str) -> bool {
        let is_below = |filled: &String| place.strip_prefix(filled.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.filled.iter().any(|filled| filled == place || is_below(filled))
    }

    /// Puts something where a key is missing; `false` when there is no object for it.
    fn fill_in(&mut self, place: &str) -> bool {
        let Some((around, key)) = place.rsplit_once('/') else { return false };
        let Some(Value::Object(object)) = self.document.pointer_mut(around) else { return false };
        object.insert(key.replace("~1", "/").replace("~0", "~"), Value::String(ANYTHING.to_owned()));
        self.filled.push(place.to_owned());
        true
    }

    /// Takes a place out, or what is around it when it is not there itself; `false` when nothing is left to take out.
    fn take_out(&mut self, place: &str) -> bool {
        // No call is deeper than the pointer has steps, and those are as many as a body may be deep.
        let Some((around, key)) = place.rsplit_once('/') else { return false };
        let key = key.replace("~1", "/").replace("~0", "~");
        match self.document.pointer_mut(around) {
            Some(Value::Object(object)) if object.contains_key(&key) => {
                // The places that are left keep their order.
                object.shift_remove(&key);
                self.keys.push(place.to_owned());
                true
            }
            Some(Value::Array(items)) if key.parse().is_ok_and(|at: usize| at < items.len()) => {
                let at: usize = key.parse().unwrap_or_default();
                items.remove(at);
                // The next item has this place from now on, and all of it is still to be looked at.
                let is_elsewhere = |key: &String| key.strip_prefix(place).is_none_or(|below| !below.starts_with('/'));
                self.keys.retain(is_elsewhere);
                self.filled.retain(is_elsewhere);
                self.items.push(place.to_owned());
                true
            }
            _ => self.take_out(around),
        }
    }

    /// The problem with the places that the caller knows: items in front of a place may have been taken out.
    fn as_given(&self, problem: Problem) -> Problem {
        problem.places(|place| {
            self.items.iter().rev().fold(place.to_owned(), |place, item| shifted(&place, item).unwrap_or(place))
        })
    }
}

/// The place before this item was taken out of its list; `None` when it is not behind it in the same list.
fn shifted(place: &str, item: &str) -> Option<String> {
    let (list, at) = item.rsplit_once('/')?;
    let at: usize = at.parse().ok()?;
    let rest = place.strip_prefix(list)?.strip_prefix('/')?;
    let (number, below) = rest.split_once('/').map_or((rest, None), |(number, below)| (number, Some(below)));
    let number: usize = number.parse().ok().filter(|number| *number >= at)?;
    let below = below.map_or(String::new(), |below| format!("/{below}"));
    Some(format!("{list}/{}{below}", number + 1))
}

/// The problem for a body that could not be read as what it should be.
fn explain(document: &Value, error: &Error<serde_json::Error>) -> Problem {
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
    let message = words::plain(message);
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
