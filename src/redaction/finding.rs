//! Finds structured personal data in a text, by form and check digits alone.
//! Time is linear in the text: every look from one place is bounded.

use super::letters::Letters;
use super::{accounts, addresses, cards, phones, secrets};
use crate::route::Withheld;

/// Something that has the form of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Withheld,
    /// Byte offset into the text.
    pub start: usize,
    /// Byte offset one past the end.
    pub end: usize,
    /// The value without its spelling: equal for two spellings of one number or address.
    pub value: String,
}

/// A stretch of letters and the value it spells.
pub(super) type Stretch = (usize, usize, String);

/// Finds one kind.
type Finder = fn(&Letters) -> Vec<Stretch>;

/// Everything of these kinds, in the order of the text. Nothing overlaps.
pub fn find(text: &str, kinds: &[Withheld]) -> Vec<Finding> {
    if kinds.is_empty() || text.trim().is_empty() {
        return Vec::new();
    }
    let mut letters = Letters::new(text);
    let mut found = Vec::new();
    // What has the stricter form comes first, also of kinds that are not asked for: part of an account's number is no
    // telephone number.
    let finders: [(Withheld, Finder); 5] = [
        (Withheld::Key, secrets::find),
        (Withheld::Email, addresses::find),
        (Withheld::Iban, accounts::find),
        (Withheld::Card, cards::find),
        (Withheld::Phone, phones::find),
    ];
    for (kind, finder) in finders {
        for (from, to, value) in finder(&letters) {
            if kinds.contains(&kind) {
                let (start, end) = letters.span(from, to);
                found.push(Finding { kind, start, end, value });
            }
            letters.take(from, to);
        }
    }
    found.sort_by_key(|finding| finding.start);
    found
}
