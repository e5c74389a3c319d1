//! Every sentence shown to people, one function each, so that the voice of the
//! product can be read and changed in one place. Short words, no jargon, never
//! more than one question at a time.

mod answers;
mod doubts;
mod inbox;
mod pages;
mod questions;
mod reasons;
mod steps;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::brief::{FieldState, GapKind, Origin, Tier, Verdict};
use crate::route::Field;
use crate::value::{self, Context, ListOf};

pub use answers::*;
pub use doubts::*;
pub use inbox::*;
pub use pages::*;
pub use questions::*;
pub use reasons::*;
pub use steps::*;

/// The verdict in a word or three.
pub fn verdict_label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Complete => "Complete",
        Verdict::Incomplete => "Not complete",
        Verdict::IncompleteRun => "Not everything was read",
    }
}

/// What the verdict means for the transfer; `blocking` counts the gaps that block it.
pub fn verdict_sentence(verdict: Verdict, blocking: usize) -> String {
    match verdict {
        Verdict::Complete => "Everything the receiving team needs is here.".to_string(),
        Verdict::Incomplete if blocking == 1 => "One answer is needed before this can move.".to_string(),
        Verdict::Incomplete => format!("{blocking} answers are needed before this can move."),
        Verdict::IncompleteRun => {
            "Part of the context was not read, so nothing can be called missing or complete.".to_string()
        }
    }
}

/// The state of a field in a word or two.
pub fn state_label(state: FieldState) -> &'static str {
    match state {
        FieldState::Found => "found",
        FieldState::Missing => "missing",
        FieldState::Vague => "not exact enough",
        FieldState::Conflicting => "sources disagree",
        FieldState::Invalid => "breaks a rule",
        FieldState::Stale => "too old",
        FieldState::Unconfirmed => "to be confirmed",
        FieldState::NotApplicable => "does not apply",
        FieldState::UnknownByDesign => "not known yet",
    }
}

/// The kind of a gap in a word or two.
pub fn gap_label(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Missing => state_label(FieldState::Missing),
        GapKind::Vague => state_label(FieldState::Vague),
        GapKind::Conflicting => state_label(FieldState::Conflicting),
        GapKind::Invalid => state_label(FieldState::Invalid),
        GapKind::Stale => state_label(FieldState::Stale),
        GapKind::Unconfirmed => state_label(FieldState::Unconfirmed),
        GapKind::UnreadSource => "could not be read",
    }
}

/// Where a value comes from.
pub fn origin_label(origin: Origin) -> &'static str {
    match origin {
        Origin::Source => "from the sources",
        Origin::Crm => "from the CRM",
        Origin::Person => "answered by a person",
    }
}

/// How a quote was matched, for those ways a reader should know of.
pub fn tier_note(tier: Tier) -> Option<&'static str> {
    match tier {
        Tier::Exact | Tier::Normalised | Tier::Ellipsis | Tier::Disfluency => None,
        Tier::Relocated => Some("found in another message than cited"),
        Tier::Author => Some("the author line"),
        Tier::Near => Some("a letter differs"),
    }
}

/// A field's value as a person would write it; a value that is not of the field's type as it stands.
pub fn value_text(field: &Field, value: &Json) -> String {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    match value {
        Json::Null => String::new(),
        Json::Array(items) => join(&items.iter().map(|item| value_text(field, item)).collect::<Vec<_>>(), "and"),
        item => match value::from_json(&field.kind, ListOf::One, item, &context) {
            Ok(typed) => value::display(&typed),
            Err(_) => item.as_str().map_or_else(|| item.to_string(), str::to_string),
        },
    }
}

/// Why another handoff may be the same as this one.
pub fn why_alike(has_same_messages: bool) -> &'static str {
    if has_same_messages {
        "This may be handed over twice; the same messages are in"
    } else {
        "The same customer is being handed over just now, in"
    }
}

/// How a field was settled elsewhere, and by whose word.
pub fn hint(text: &str, author: Option<&str>) -> String {
    match author {
        Some(author) => format!("“{}” — {author}", shorten(text, 200)),
        None => format!("“{}”", shorten(text, 200)),
    }
}

/// Where a hint comes from, and when it was said.
pub fn hint_whence(is_same_customer: bool, at: Timestamp) -> String {
    let whose = if is_same_customer { "for this customer" } else { "on this route" };
    format!("{whose}, {}", day(at))
}

/// `3 March 2026`, in UTC.
pub fn day(at: Timestamp) -> String {
    date(at.to_zoned(TimeZone::UTC).date())
}

/// `3 March 2026, 09:05 UTC`.
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// `3 March 2026`.
pub fn date(date: jiff::civil::Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `a, b and c`.
pub fn join<T: AsRef<str>>(parts: &[T], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [first @ .., end] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", first.join(", "), end.as_ref())
        }
    }
}

/// One line of at most `limit` characters, cut at a word and marked as cut.
pub fn shorten(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let cut: String = line.chars().take(limit.saturating_sub(1)).collect();
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_like_a_sentence() {
        let check = |parts: &[&str], expected: &str| assert_eq!(join(parts, "and"), expected);
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
    }

    #[test]
    fn shortens_at_a_word() {
        let check = |text: &str, limit, expected: &str| assert_eq!(shorten(text, limit), expected);
        check("as soon  as\npossible", 40, "as soon as possible");
        check("as soon as possible", 12, "as soon as…");
        check("überübermäßig", 5, "über…");
        check("", 5, "");
    }
}
