//! Why a field is in its state, and why a brief cannot be judged.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::brief::{FieldBrief, FieldState, Origin, RouteVersion};
use crate::route::Route;

use super::{date, day, join, shorten};

/// Longest stretch of somebody's words inside a reason, in characters.
const WORDS: usize = 80;

/// No value at all.
pub fn reason_empty() -> String {
    "No value was given".to_string()
}

/// Words that only fill the box.
pub fn reason_junk(text: &str) -> String {
    match text.trim() {
        "" => "The value is blank".to_string(),
        text => format!("“{}” is no answer", shorten(text, WORDS)),
    }
}

/// Words about the answer instead of one. `may_wait`: the route lets people say who finds out, and by when.
pub fn reason_leaves_open(text: &str, may_wait: bool) -> String {
    let mend = match may_wait {
        true => "say what it is; or that it is not known yet, who finds out, and by when",
        false => "say what it is, or leave the question open until it is known",
    };
    format!("“{}” names nothing: {mend}", shorten(text.trim(), WORDS))
}

/// A list with a filler beside real items.
pub fn reason_junk_item(text: &str) -> String {
    match text.trim() {
        "" => "The list has a blank item".to_string(),
        text => format!("The list still has “{}” in it", shorten(text, WORDS)),
    }
}

/// `problem` comes from reading the value as its type.
pub fn reason_wrong_type(problem: &str) -> String {
    format!("The value cannot be read: {problem}")
}

/// Whether the field holds a list is the only thing that can be wrong with the shape.
pub fn reason_list_shape(expects_list: bool) -> String {
    match expects_list {
        true => "a list is expected here".to_string(),
        false => "one value is expected here, not a list".to_string(),
    }
}

/// Nobody and nothing stands for the value.
pub fn reason_unsupported(brief: &FieldBrief) -> String {
    match brief.origin {
        None => "Nothing says where the value comes from",
        Some(Origin::Source) if brief.evidence.is_empty() => "No words in the sources show this value",
        Some(Origin::Source) => "The words in the source differ from the quote",
        Some(Origin::Crm) => "No CRM property is named for this value",
        Some(Origin::Person) => "Nobody is named for this answer",
    }
    .to_string()
}

/// `problem` names what is loose: `no day`, `about`.
pub fn reason_vague(problem: &str) -> String {
    format!("It is not exact: {problem}")
}

/// A month, quarter or year where a day is needed; completes `reason_vague`.
/// An amount of nobody knows what.
pub fn reason_no_currency() -> String {
    "no currency".to_string()
}

/// The route asks for a figure.
pub fn reason_no_figure() -> String {
    "no figure".to_string()
}

pub fn reason_no_day() -> String {
    "no day".to_string()
}

/// Half a name; completes `reason_vague`.
pub fn reason_no_last_name() -> String {
    "no last name".to_string()
}

/// Older than the field allows.
pub fn reason_stale(newest: Timestamp, old: SignedDuration, limit: SignedDuration) -> String {
    format!("Last stated on {}, {} ago; it may be {} old", day(newest), length(old), length(limit))
}

/// Whole days, hours below two days.
fn length(length: SignedDuration) -> String {
    let hours = length.as_hours();
    match (hours / 24, hours) {
        (0 | 1, 1) => "1 hour".to_string(),
        (0 | 1, hours) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}

/// Why a value beside “does not apply” or “not known yet” is only a candidate.
pub fn reason_answered_without_value() -> String {
    "A person answered without a value".to_string()
}

/// The route does not take this answer for the field.
pub fn reason_not_allowed(state: FieldState) -> String {
    match state {
        FieldState::UnknownByDesign => "“Not known yet” is no answer to this",
        _ => "“Does not apply” is no answer to this",
    }
    .to_string()
}

/// An answer without a person behind it.
pub fn reason_nobody_named() -> String {
    "Nobody is named for this answer".to_string()
}

/// “Does not apply” without saying why.
pub fn reason_unexplained() -> String {
    "“Does not apply” needs a reason".to_string()
}

/// “Not known yet” without somebody who finds out.
pub fn reason_no_owner() -> String {
    "Nobody is named who will find out".to_string()
}

/// “Not known yet” without a day.
pub fn reason_no_due_date() -> String {
    "No day is named by which it will be known".to_string()
}

/// “Not known yet” after its day.
pub fn reason_past_due(due: Date) -> String {
    format!("It was to be known by {}", date(due))
}

/// A rule that fails instead of saying yes or no; `problem` is the evaluator's.
pub fn reason_rule_error(rule: &str, problem: &str) -> String {
    format!("The rule “{rule}” could not be evaluated: {problem}")
}

/// `labels` are the fields without a value that a rule needs.
pub fn reason_waits(labels: &[String]) -> String {
    format!("It can only be checked once {} is known", join(labels, "and"))
}

/// Question and reason when the brief was made for another route or version.
pub fn route_differs(brief: &RouteVersion, route: &Route) -> (String, String) {
    let question = format!("Please read the context again for version {} of “{}”.", route.version, route.title);
    let why = format!(
        "The brief was made for {} version {}, not {} version {}.",
        brief.id, brief.version, route.id, route.version
    );
    (question, why)
}

/// Question and reason when `coverage` (0 to 1) is not whole.
pub fn not_all_read(coverage: f64) -> (String, String) {
    let share = if coverage.is_finite() { (coverage.clamp(0.0, 1.0) * 100.0).floor() } else { 0.0 };
    let question = "Please have the context read again: part of it was not.".to_string();
    let why = format!("Only {share:.0} % was read; what seems missing may stand in the rest.");
    (question, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_lengths_in_days_or_hours() {
        let check = |hours, expected: &str| assert_eq!(length(SignedDuration::from_hours(hours)), expected);
        check(1, "1 hour");
        check(47, "47 hours");
        check(48, "2 days");
        check(24 * 45 + 3, "45 days");
    }

    #[test]
    fn never_calls_an_unread_rest_whole() {
        let check = |coverage, expected: &str| assert!(not_all_read(coverage).1.contains(expected), "{coverage}");
        check(0.999, "99 %");
        check(f64::NAN, "0 %");
    }
}
