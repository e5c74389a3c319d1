//! Whether two objects of a CRM are one: by their ids, by what they say of
//! themselves, and by what the CRM ties together. What belongs to another deal
//! must never be taken for the record's own.

use serde_json::{Map, Value};

use super::crm::{CrmObject, Sort, text_of};

/// The object that is the record.
pub(super) struct Main {
    sort: Sort,
    label: String,
    id: Option<String>,
    /// What says which thing it is, by the key's letters: `dealname`, `customername`.
    names: Vec<(String, String)>,
}

pub(super) enum Relation {
    /// The same object, or a flat one that nothing tells apart from it.
    Same,
    Beside,
    /// Of another handoff, and why.
    Other(String),
}

/// Keys, without signs and capitals, whose value tells one thing from another.
const IDENTITY_KEYS: [&str; 24] = [
    "account",
    "accountid",
    "accountname",
    "client",
    "clientname",
    "company",
    "companyname",
    "customer",
    "customerid",
    "customername",
    "deal",
    "dealid",
    "dealname",
    "domain",
    "hsobjectid",
    "id",
    "kunde",
    "name",
    "opportunity",
    "opportunityid",
    "opportunityname",
    "project",
    "recordid",
    "website",
];

fn identity_of(properties: &Map<String, Value>) -> Vec<(String, String)> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let named = properties.iter().filter_map(|(key, value)| Some((letters(key), letters(&text_of(value)?))));
    named.filter(|(key, _): &(String, String)| IDENTITY_KEYS.contains(&key.as_str())).collect()
}

impl Main {
    pub(super) fn of(object: &CrmObject) -> Self {
        Main {
            sort: object.sort,
            label: object.label.clone(),
            id: object.id.clone(),
            names: identity_of(&object.properties),
        }
    }

    /// The key by which a flat object says that it is another thing.
    fn differing(&self, object: &CrmObject) -> Option<String> {
        let theirs = identity_of(&object.properties);
        let own = |key: &str| self.names.iter().find(|(known, _)| known == key).map(|(_, value)| value);
        theirs.into_iter().find(|(key, value)| own(key).is_some_and(|own| own != value)).map(|(key, _)| key)
    }

    /// Whether both say the same of what they are, in one way at least.
    fn is_named_alike(&self, object: &CrmObject) -> bool {
        identity_of(&object.properties).iter().any(|name| self.names.contains(name))
    }

    /// What an object is to the record; `is_later` if it came in a later batch, where the record is told anew.
    pub(super) fn relation(&self, object: &CrmObject, linked: &[(Sort, String)], is_later: bool) -> Relation {
        let same_id = match (&self.id, &object.id) {
            (Some(own), Some(other)) => Some(is_same_id(own, other)),
            _ => None,
        };
        if object.sort == self.sort {
            let unclear = self.sort == Sort::Unclear;
            return match (same_id, self.differing(object)) {
                (Some(true), _) | (None, None) if same_id.is_some() || unclear => Relation::Same,
                (None, None) if is_later && self.is_named_alike(object) => Relation::Same,
                (None, Some(key)) if unclear => Relation::Other(format!(
                    "its `{key}` is another than that of the record given before, and which one this handoff is about is not told; the first is the record"
                )),
                _ if matches!(self.sort, Sort::Contact | Sort::Detail) => Relation::Beside,
                _ => Relation::Other(format!(
                    "a second {} was given, and which one this handoff is about is not told; the first is the record",
                    self.label
                )),
            };
        }
        if object.sort == Sort::Unclear {
            // Only a flat object without an identity of its own can speak of the same thing.
            let same = same_id == Some(true) || same_id.is_none() && self.differing(object).is_none();
            return if same { Relation::Same } else { Relation::Beside };
        }
        let mut of_kind = linked.iter().filter(|(sort, _)| *sort == object.sort).peekable();
        if let (Some(id), true) = (&object.id, of_kind.peek().is_some())
            && !of_kind.any(|(_, known)| is_same_id(known, id))
        {
            return Relation::Other(format!("this {} is not tied to the {} in the CRM", object.label, self.label));
        }
        Relation::Beside
    }
}

/// Salesforce writes the same id with 15 characters, or with three more that hold its letters' case.
fn is_same_id(one: &str, other: &str) -> bool {
    let short = |id: &str| id.get(..15).filter(|_| id.len() == 18).map(str::to_owned);
    one == other
        || (one.len() == 15 && short(other).as_deref() == Some(one))
        || (other.len() == 15 && short(one).as_deref() == Some(other))
}
