//! Names of companies: what stands in the addresses of the other side's people
//! is their company's name, wherever it is said. It answers the field that asks
//! for the company and no other one.

use crate::conversation::Side;
use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::{Kind, Value};

use super::support::{Grounded, Grounder};

/// Shorter parts of an address tell nothing.
const SHORTEST: usize = 4;
/// More words than this are a sentence that holds the name, not the name.
const MOST_WORDS: usize = 5;

impl Grounder<'_> {
    /// Whether words that are the other side's company name answer this field; `None` when they are no such name, or
    /// no field of the route asks for one.
    pub(super) fn names_company(&self, field: &Field, words: &str) -> Option<bool> {
        let asked = self.scene.route.fields.iter().any(asks_company);
        if !asked || !self.is_company(words) {
            return None;
        }
        if asks_company(field) {
            return Some(true);
        }
        // A place, product or title may well begin with the company's name; the bare name is none of them.
        let bare = self.is_bare_name(words);
        bare.then_some(false)
    }

    /// Whether a value is the company's name in the field that asks for it: no other field has a claim on it.
    pub(super) fn is_own_company(&self, one: &Grounded) -> bool {
        let field = &self.scene.route.fields[one.field];
        matches!(&one.value, Value::Text(name) if self.names_company(field, name) == Some(true))
    }

    fn is_company(&self, words: &str) -> bool {
        let all: Vec<&str> = words.split_whitespace().collect();
        let named = all.iter().all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || !c.is_alphanumeric())
                || matches!(*word, "and" | "of" | "the" | "de" | "und" | "et" | "y")
        });
        named && all.len() <= MOST_WORDS && !words.contains(|c: char| c.is_ascii_digit()) && self.shares_label(words)
    }

    fn is_bare_name(&self, words: &str) -> bool {
        tokens(words).len() <= 3
    }

    /// Whether the first word of the name begins an address of the other side, as `brindlewick` in `@brindlewick.example`.
    fn shares_label(&self, words: &str) -> bool {
        let Some(first) =
            tokens(words).iter().map(|token| fold(token.text(words)).into_owned()).find(|word| word != "the")
        else {
            return false;
        };
        let plain: String = first.chars().filter(|c| c.is_alphanumeric()).collect();
        plain.chars().count() >= SHORTEST
            && self.scene.participants.iter().filter(|participant| participant.side == Side::Theirs).any(
                |participant| {
                    let host = participant.address.as_deref().and_then(|address| address.rsplit_once('@'));
                    let label = host.and_then(|(_, host)| host.rsplit('.').nth(1)).unwrap_or_default();
                    label.split('-').any(|part| part == plain) || label.replace('-', "").starts_with(&plain)
                },
            )
    }
}

/// Whether a field asks which company it is.
fn asks_company(field: &Field) -> bool {
    let key: Vec<&str> = field.key.split('_').collect();
    field.kind == Kind::Text
        && !field.list
        && key.iter().any(|word| {
            matches!(*word, "company" | "customer" | "account" | "client" | "organisation" | "organization")
        })
        && (key.len() == 1 || key.contains(&"name"))
}
