//! Why a value that was seen does not stand by itself, in words for the person
//! who may pick it.

use crate::brief::RecordProperty;
use crate::conversation::Side;
use crate::language::Doubt;
use crate::route::SaidBy;
use crate::value::{Value, display};

pub fn doubt_reason(doubt: Doubt) -> String {
    match doubt {
        Doubt::Negated => "the sentence denies it",
        Doubt::Conditional => "the sentence makes it depend on something",
        Doubt::Question => "it was asked, not stated",
        Doubt::Attributed => "the sentence reports what somebody else says",
        Doubt::Hedged => "the sentence keeps it open",
        Doubt::Over => "the sentence speaks of the past or calls it off",
        Doubt::Compared => "the sentence compares with it rather than stating it",
    }
    .to_owned()
}

pub fn unsupported_reason() -> String {
    "the quote is there, but it does not say this".to_owned()
}

/// Whether the reason for a candidate tells that its quotes do not say its value.
pub fn says_no_value(reason: &str) -> bool {
    reason == unsupported_reason() || reason == not_a_value_reason()
}

pub fn near_reason() -> String {
    "the quote differs from the source by a letter".to_owned()
}

pub fn ellipsis_reason() -> String {
    "the quote leaves out words, and the value stands after them".to_owned()
}

pub fn rescued_reason() -> String {
    "the quote was not found; the value stands elsewhere".to_owned()
}

pub fn not_a_value_reason() -> String {
    "the words say something, but do not name the value".to_owned()
}

pub fn shared_reason() -> String {
    "the same words may also answer another field".to_owned()
}

pub fn guessed_reason() -> String {
    "it stands near words about this field, but is not clearly said of it".to_owned()
}

pub fn left_out_reason() -> String {
    "only one of two readers saw it; please confirm".to_owned()
}

pub fn readers_disagree_reason() -> String {
    "two readers understood different values; please confirm the right one".to_owned()
}

pub fn instructions_reason() -> String {
    "it stands in a message that gives orders to a machine; please confirm".to_owned()
}

pub fn taken_back_reason(who: Option<&str>) -> String {
    format!("{} took it back later", who.unwrap_or("somebody"))
}

pub fn signature_reason() -> String {
    "it stands in a signature".to_owned()
}

pub fn one_of_two_reason() -> String {
    "the sentence names another choice beside it".to_owned()
}

pub fn stated_reason() -> String {
    "stated, but not everywhere the same".to_owned()
}

pub fn recorded_reason(property: &RecordProperty) -> String {
    match property.source.as_str() {
        "known" => "given with the request".to_owned(),
        _ => format!("the CRM record says so ({})", property.property),
    }
}

pub fn ambiguous_reason(readings: &[Value]) -> String {
    let shown: Vec<String> = readings.iter().map(display).collect();
    format!("the words can mean {}", super::join(&shown, "or"))
}

pub fn wrong_side_reason(wanted: SaidBy, side: Side) -> String {
    match (wanted, side) {
        (SaidBy::Theirs, Side::Ours) => "only our side said it; the customer has not",
        (SaidBy::Ours, Side::Theirs) => "only the customer said it; our side has not",
        (_, _) => "it is not known which side said it",
    }
    .to_owned()
}
