//! The kinds of structured personal data that a route may keep from a model:
//! what has a form of its own, so that code finds it and can put it back.

use super::reader::{Reader, Section};

/// A kind of value that is taken out of the text before a model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Withheld {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A bank account's number, whose check digits are right.
    Iban,
    /// A payment card's number, whose check digit is right.
    Card,
    /// A secret that opens something: an API key, a token, a private key.
    Key,
}

impl Withheld {
    pub const ALL: [Withheld; 5] = [Withheld::Email, Withheld::Phone, Withheld::Iban, Withheld::Card, Withheld::Key];

    /// As a route file names it.
    pub fn name(self) -> &'static str {
        match self {
            Withheld::Email => "email",
            Withheld::Phone => "phone",
            Withheld::Iban => "iban",
            Withheld::Card => "card",
            Withheld::Key => "key",
        }
    }

    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The list under `redact`, in the order of [`Withheld::ALL`].
pub(super) fn read_withheld(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<Withheld> {
    let names = Withheld::ALL.map(Withheld::name);
    let mut kinds = Vec::new();
    for (text, place) in reader.texts_at(section, "redact") {
        match Withheld::find(&text) {
            Some(kind) => kinds.push(kind),
            None => {
                let mend = reader.suggest(&text, names, &format!("known: {}", names.join(", ")));
                reader.error(place, format!("redact: '{text}' is nothing that can be taken out"), mend);
            }
        }
    }
    kinds.sort_unstable();
    kinds
}
