//! The types of fields by the names a route file gives them, and the question
//! that asks for a value of each when the route writes none.

use crate::value::{Choice, Kind};

/// Every type a field may have, as written in a route file.
pub(super) const TYPE_NAMES: [&str; 14] = [
    "text",
    "long_text",
    "date",
    "datetime",
    "duration",
    "money",
    "number",
    "email",
    "phone",
    "url",
    "person",
    "team",
    "enum",
    "bool",
];

/// The type with this name; an enum gets its choices from `choices`.
pub(super) fn kind_named(name: &str, choices: Vec<Choice>) -> Option<Kind> {
    Some(match name {
        "text" => Kind::Text,
        "long_text" => Kind::LongText,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "duration" => Kind::Duration,
        "money" => Kind::Money,
        "number" => Kind::Number,
        "email" => Kind::Email,
        "phone" => Kind::Phone,
        "url" => Kind::Url,
        "person" => Kind::Person,
        "team" => Kind::Team,
        "enum" => Kind::Enum(choices),
        "bool" => Kind::Bool,
        _ => return None,
    })
}

/// The name of a type as a route file writes it.
pub fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::LongText => "long_text",
        Kind::Date => "date",
        Kind::DateTime => "datetime",
        Kind::Duration => "duration",
        Kind::Money => "money",
        Kind::Number => "number",
        Kind::Email => "email",
        Kind::Phone => "phone",
        Kind::Url => "url",
        Kind::Person => "person",
        Kind::Team => "team",
        Kind::Enum(_) => "enum",
        Kind::Bool => "bool",
    }
}

/// `go_live_date` → `Go live date`, `sales-to-onboarding` → `Sales to onboarding`.
pub(super) fn spell_out(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The question for a field that has none of its own.
pub(super) fn default_question(label: &str, kind: &Kind, list: bool) -> String {
    let name = inside_sentence(label);
    match (kind, list) {
        (Kind::Person, false) => format!("Who is the {name}?"),
        (Kind::Person, true) => format!("Who are the {name}?"),
        (Kind::Bool, _) => format!("{label}: yes or no?"),
        (Kind::Enum(choices), _) if !choices.is_empty() => format!("{label}: {}?", either(choices)),
        (_, true) => format!("What are the {name}?"),
        (Kind::Duration, _) => format!("How long is the {name}?"),
        (Kind::Money, _) => format!("What is the {name}, and in which currency?"),
        _ => format!("What is the {name}?"),
    }
}

/// The label with a small first letter, unless it is an abbreviation.
fn inside_sentence(label: &str) -> String {
    let mut letters = label.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match first {
        Some(first) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => label.to_string(),
    }
}

fn either(choices: &[Choice]) -> String {
    let words: Vec<String> = choices.iter().map(|choice| choice.id.replace(['_', '-'], " ")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_type_and_back() {
        for name in TYPE_NAMES {
            assert_eq!(kind_named(name, Vec::new()).map(|kind| type_name(&kind)), Some(name));
        }
    }

    #[test]
    fn questions_follow_the_type() {
        let choice = |id: &str| Choice { id: id.to_string(), aliases: Vec::new() };
        let check = |label: &str, kind: Kind, list: bool, expected: &str| {
            assert_eq!(default_question(label, &kind, list), expected);
        };
        check("Go live date", Kind::Date, false, "What is the go live date?");
        check("CRM id", Kind::Text, false, "What is the CRM id?");
        check("Sponsor", Kind::Person, false, "Who is the sponsor?");
        check("Approvers", Kind::Person, true, "Who are the approvers?");
        check("Contract term", Kind::Duration, false, "How long is the contract term?");
        check("Contract value", Kind::Money, false, "What is the contract value, and in which currency?");
        check("Single sign-on", Kind::Bool, false, "Single sign-on: yes or no?");
        check("Integrations", Kind::Text, true, "What are the integrations?");
        let cycle = Kind::Enum(vec![choice("monthly"), choice("per_quarter"), choice("yearly")]);
        check("Billing cycle", cycle, false, "Billing cycle: monthly, per quarter or yearly?");
    }
}
