//! What makes two handoffs alike: the same messages, in whatever form they were
//! sent, and the same customer, however the name is written. Only hashes leave
//! here, so that what is kept of it says nothing by itself.

use sha2::Digest;

use super::pieces::pieces;
use crate::brief::{Brief, FieldState};
use crate::conversation::Conversation;
use crate::handoff::Matter;

/// A shorter message, such as a thank-you, is in many handoffs.
const LEAST_PIECES: usize = 12;
/// Fields that hold whom it is all about.
const CUSTOMER: [&str; 9] = [
    "customer",
    "customer_name",
    "company",
    "company_name",
    "client",
    "client_name",
    "account",
    "account_name",
    "organisation",
];
/// What follows a company's name and is left out as often as not.
const LEGAL_FORMS: [&str; 20] = [
    "gmbh",
    "ag",
    "kg",
    "se",
    "ug",
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "corp",
    "co",
    "company",
    "corporation",
    "limited",
    "sa",
    "sarl",
    "sas",
    "bv",
    "nv",
];

/// One thing that another handoff may have too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness {
    pub kind: LikenessKind,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LikenessKind {
    Message,
    Customer,
}

impl LikenessKind {
    pub fn name(self) -> &'static str {
        match self {
            LikenessKind::Message => "message",
            LikenessKind::Customer => "customer",
        }
    }
}

/// One for each message that says enough to be told from others.
pub fn of_messages(conversation: &Conversation) -> Vec<Likeness> {
    let said = conversation.messages.iter().filter_map(|message| {
        let own = message.segments.iter().filter(|segment| segment.same_as.is_none());
        let texts = own.filter_map(|segment| message.text.get(segment.start..segment.end));
        let words: Vec<String> = texts.flat_map(|text| pieces(text).into_iter().map(|piece| piece.folded)).collect();
        (words.len() >= LEAST_PIECES).then(|| hash(&words))
    });
    distinct(LikenessKind::Message, said)
}

/// One for each name of the customer, as the brief says or the caller did.
pub fn of_customers(matter: &Matter, brief: Option<&Brief>) -> Vec<Likeness> {
    let found = brief.into_iter().flat_map(|brief| brief.fields.iter());
    let found = found.filter(|(_, field)| field.state == FieldState::Found).map(|(key, field)| (key, &field.value));
    let known = matter.known.iter().map(|(key, value)| (key.as_str(), value));
    let names = found.chain(known).filter(|(key, _)| CUSTOMER.contains(key)).filter_map(|(_, value)| value.as_str());
    let plain = names.filter_map(|name| {
        let words: Vec<String> = pieces(name).into_iter().map(|piece| piece.folded).collect();
        let told: Vec<String> = words.iter().filter(|word| !LEGAL_FORMS.contains(&word.as_str())).cloned().collect();
        let told = if told.is_empty() { words } else { told };
        (!told.is_empty()).then(|| hash(&told))
    });
    distinct(LikenessKind::Customer, plain)
}

fn distinct(kind: LikenessKind, values: impl Iterator<Item = String>) -> Vec<Likeness> {
    let mut all: Vec<Likeness> = values.map(|value| Likeness { kind, value }).collect();
    all.sort();
    all.dedup();
    all
}

fn hash(words: &[String]) -> String {
    let digest = sha2::Sha256::digest(words.join(" ").as_bytes());
    digest[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(name: &str) -> Vec<Likeness> {
        let known = [("customer_name".to_owned(), serde_json::json!(name))].into_iter().collect();
        of_customers(&Matter { known, ..Matter::default() }, None)
    }

    #[test]
    fn a_customer_is_the_same_however_the_name_is_written() {
        let one = customers("Northwind Logistics GmbH");
        assert_eq!(one.len(), 1);
        for same in ["northwind  logistics", "Northwind-Logistics, Inc.", "NORTHWIND LOGISTICS Co."] {
            assert_eq!(customers(same), one, "{same}");
        }
        for other in ["Northwind", "Northwind Logistics Iberia"] {
            assert_ne!(customers(other), one, "{other}");
        }
        assert_eq!((customers("AG").len(), customers(" - ").len()), (1, 0));
    }
}
