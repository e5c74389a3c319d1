//! Why an answer is not taken: the place in the request, a code for programs,
//! and a sentence that tells the person how to mend it.

use schemars::JsonSchema;
use serde::Serialize;

/// One reason why a request is refused. A refused request changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// A JSON pointer into the request, `/fields/go_live_date/value`.
    pub pointer: String,
    pub code: Code,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// What is wrong, for programs. Codes may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Another JSON type is expected here.
    WrongShape,
    UnknownKey,
    /// A field takes exactly one of value, candidate, not_applicable and unknown.
    OneAnswer,
    /// The request answers nothing at all.
    NothingAnswered,
    /// No person is named for the answers.
    NobodyNamed,
    /// The route has no such field.
    UnknownField,
    EmptyValue,
    /// The words are no value of the field's type.
    UnreadableValue,
    /// The words can be read in two ways.
    AmbiguousValue,
    /// A value, but not exact enough for this field.
    VagueValue,
    /// Words that only fill the box.
    JunkValue,
    /// A rule of the route does not hold for the value.
    BreaksRule,
    UnknownCandidate,
    /// The route does not take this kind of answer for the field.
    NotAllowed,
    EmptyReason,
    /// “Not known yet” without somebody who finds out.
    EmptyOwner,
    PastDueDate,
    /// No unread source of this name is open.
    UnknownSource,
}

impl Refusal {
    pub(super) fn new(path: &[&str], code: Code, detail: String) -> Self {
        Refusal { pointer: pointer(path), code, detail }
    }
}

impl Code {
    /// The code as it is written everywhere.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A JSON pointer (RFC 6901) to the parts of a path.
fn pointer(path: &[&str]) -> String {
    path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_what_separates() {
        let check = |path: &[&str], expected: &str| assert_eq!(pointer(path), expected);
        check(&[], "");
        check(&["fields", "go_live_date", "value"], "/fields/go_live_date/value");
        check(&["sources", "a/b~c.pdf"], "/sources/a~1b~0c.pdf");
        check(&["fields", ""], "/fields/");
    }

    #[test]
    fn codes_are_snake_case() {
        let check = |code: Code, expected: &str| {
            assert_eq!(serde_json::to_value(code).expect("serialises"), expected);
        };
        check(Code::UnknownField, "unknown_field");
        check(Code::PastDueDate, "past_due_date");
    }
}
