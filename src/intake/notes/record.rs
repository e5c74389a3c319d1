//! The CRM's record: one map of properties out of all objects that were given,
//! so that nothing of one deal is taken for another's.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::crm::{CrmObject, Export, Said, Sort, text_of};
use super::hubspot;
use crate::conversation::{Author, DocumentKind};
use crate::intake::draft::{Acquainted, Collected, Draft, DraftMessage, Origin};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::{markup, text};

/// Keys beside `properties` that say nothing about the deal.
const ENVELOPE_KEYS: [&str; 9] = [
    "id",
    "createdAt",
    "updatedAt",
    "archived",
    "archivedAt",
    "url",
    "objectTypeId",
    "propertiesWithHistory",
    "associations",
];

/// Keys of nested objects that describe the record's type alone.
const TYPE_KEYS: [&str; 1] = ["attributes"];

/// The properties of a record, or why the object is none. What had to be left out stays under
/// its key as an object, for [`read`] to report.
pub(super) fn properties_of(mut object: Map<String, Value>) -> Result<Map<String, Value>, String> {
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        let mut properties = std::mem::take(properties);
        for (key, value) in
            object.into_iter().filter(|(key, _)| key != "properties" && !ENVELOPE_KEYS.contains(&key.as_str()))
        {
            properties.entry(key).or_insert(value);
        }
        return Ok(properties);
    }
    let flat = object.values().filter(|value| is_flat(value)).count();
    if flat == 0 || flat * 2 < object.len() {
        return Err("it is JSON of an unknown form".to_owned());
    }
    Ok(object)
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| !item.is_array() && !item.is_object()),
        _ => true,
    }
}

/// Everything of CRMs that waits until all files are read: which object is the record depends on the others.
#[derive(Debug, Default)]
pub(in crate::intake) struct Pending {
    objects: Vec<(Origin, CrmObject)>,
    owners: FxHashMap<String, Author>,
    /// Messages whose author is known by the id of an owner: their draft, their place there, the id.
    owned: Vec<(usize, usize, String)>,
}

/// Takes an export in; its objects wait for [`settle`].
pub(in crate::intake) fn read(origin: &Origin, export: Export, collected: &mut Collected) {
    for message in &export.told {
        collected.warn(&origin.source, "", message.clone());
    }
    for reason in &export.missing {
        collected.leave_unread(origin, reason.clone());
    }
    collected.records.owners.extend(export.owners);
    if !export.objects.is_empty() || export.said.is_empty() {
        collected.add(origin, draft(origin, DocumentKind::Record, export.format, Vec::new()));
    }
    if !export.said.is_empty() {
        let messages = said_messages(origin, export.said, collected);
        collected.add(origin, draft(origin, DocumentKind::Note, export.format, messages));
    }
    collected.records.objects.extend(export.objects.into_iter().map(|object| (origin.clone(), object)));
}

fn draft(origin: &Origin, kind: DocumentKind, format: &'static str, mut messages: Vec<DraftMessage>) -> Draft {
    if messages.iter().all(|message| message.at.is_some()) {
        messages.sort_by_key(|message| message.at);
    }
    Draft { source: origin.source.clone(), kind, format, title: None, messages }
}

fn said_messages(origin: &Origin, mut said: Vec<Said>, collected: &mut Collected) -> Vec<DraftMessage> {
    if said.iter().all(|one| one.at.is_some()) {
        said.sort_by_key(|one| one.at);
    }
    let at_draft = collected.drafts.len();
    let mut messages = Vec::with_capacity(said.len());
    for one in said {
        let is_page = one.body.contains("</") || one.body.contains("<br") || one.body.contains("<p>");
        let tidied = match is_page {
            true => markup::html_to_text(&one.body, &collected.limits),
            false => text::tidy(&one.body, &collected.limits),
        };
        collected.warn_of_cuts(&origin.source, one.key.as_deref().unwrap_or_default(), &tidied);
        if let Some(key) = &one.key
            && collected.meet(key, &tidied.text) == Acquainted::SameWords
        {
            collected.warn(&origin.source, "", format!("{key} was given before: counted once"));
            continue;
        }
        if let Some(owner) = one.owner {
            collected.records.owned.push((at_draft, messages.len(), owner));
        }
        collected.acquaint(&one.author);
        let setting = Setting { zone: None, subject: one.subject.as_deref(), body_until: 0 };
        messages.push(DraftMessage {
            author: one.author,
            at: one.at,
            pieces: quoted::split(&tidied.text, &setting),
            subject: one.subject,
            text: tidied.text,
            key: one.key,
            ..DraftMessage::default()
        });
    }
    messages
}

/// Decides which object is the record: the one deal, else ticket, lead, … Other kinds keep their properties under
/// their kind's name (`company.domain`); a second deal is named and not mixed in.
pub(in crate::intake) fn settle(collected: &mut Collected) {
    let Pending { objects, owners, owned } = std::mem::take(&mut collected.records);
    for (draft, message, owner) in owned {
        let found = collected.drafts.get_mut(draft).and_then(|draft| draft.messages.get_mut(message));
        if let (Some(message), Some(author)) = (found, owners.get(&owner)) {
            message.author = author.clone();
        }
    }
    for author in owners.values() {
        collected.acquaint(author);
    }
    for (_, object) in &objects {
        acquaint(object, collected);
    }
    let speaking = objects.iter().map(|(_, object)| object.sort).min();
    let Some(first) = objects.iter().position(|(_, object)| Some(object.sort) == speaking) else { return };
    let linked = objects[first].1.linked.clone();
    let speaker = &objects[first].1;
    let main = Main {
        sort: speaker.sort,
        label: speaker.label.clone(),
        id: speaker.id.clone(),
        names: identity_of(&speaker.properties),
    };
    let mut beside: Vec<(Origin, CrmObject)> = Vec::new();
    let mut others: Vec<(Origin, String, usize)> = Vec::new();
    for (origin, object) in objects {
        match main.relation(&object, &linked) {
            Relation::Same => merge(&origin, "", object.properties, collected),
            Relation::Beside => beside.push((origin, object)),
            Relation::Other(reason) => match others.last_mut() {
                Some((last, known, count)) if last.source == origin.source && *known == reason => *count += 1,
                _ => others.push((origin, reason, 1)),
            },
        }
    }
    for (origin, reason, count) in others {
        let count = if count > 1 { format!("{count} times: ") } else { String::new() };
        collected.leave_unread(&origin, format!("{count}{reason}"));
    }
    merge_beside(beside, collected);
    let owner = collected.record.get("hubspot_owner_id").and_then(text_of);
    if let Some(author) = owner.and_then(|id| owners.get(&id)) {
        for (key, value) in [("owner.name", &author.name), ("owner.email", &author.address)] {
            if let Some(value) = value {
                collected.record.entry(key).or_insert_with(|| Value::String(value.clone()));
            }
        }
    }
}

/// The object that is the record.
struct Main {
    sort: Sort,
    label: String,
    id: Option<String>,
    /// What says which thing it is, by the key's letters: `dealname`, `customername`.
    names: Vec<(String, String)>,
}

enum Relation {
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
    /// The key by which a flat object says that it is another thing.
    fn differing(&self, object: &CrmObject) -> Option<String> {
        let theirs = identity_of(&object.properties);
        let own = |key: &str| self.names.iter().find(|(known, _)| known == key).map(|(_, value)| value);
        theirs.into_iter().find(|(key, value)| own(key).is_some_and(|own| own != value)).map(|(key, _)| key)
    }

    fn relation(&self, object: &CrmObject, linked: &[(Sort, String)]) -> Relation {
        let same_id = match (&self.id, &object.id) {
            (Some(own), Some(other)) => Some(is_same_id(own, other)),
            _ => None,
        };
        if object.sort == self.sort {
            let unclear = self.sort == Sort::Unclear;
            return match (same_id, self.differing(object)) {
                (Some(true), _) | (None, None) if same_id.is_some() || unclear => Relation::Same,
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

/// Objects beside the record, under their kind's name; several of a kind are numbered, for none of them is the one.
fn merge_beside(objects: Vec<(Origin, CrmObject)>, collected: &mut Collected) {
    let mut known: FxHashMap<String, Vec<Option<String>>> = FxHashMap::default();
    let mut places = Vec::with_capacity(objects.len());
    for (_, object) in &objects {
        let ids = known.entry(object.label.clone()).or_default();
        let place = ids.iter().position(|id| id.is_some() && *id == object.id).unwrap_or(ids.len());
        if place == ids.len() {
            ids.push(object.id.clone());
        }
        places.push(place);
    }
    for ((origin, object), place) in objects.into_iter().zip(places) {
        let several = known.get(&object.label).is_some_and(|ids| ids.len() > 1);
        let prefix = if several { format!("{}_{}.", object.label, place + 1) } else { format!("{}.", object.label) };
        merge(&origin, &prefix, object.properties, collected);
    }
}

fn acquaint(object: &CrmObject, collected: &mut Collected) {
    let text = |key: &str| object.properties.get(key).and_then(text_of);
    let person = |name: Option<String>, address: Option<String>| Author { name, address, ..Author::default() };
    if matches!(object.sort, Sort::Contact | Sort::Lead) {
        let first = text("firstname").or_else(|| text("FirstName"));
        let last = text("lastname").or_else(|| text("LastName"));
        let name = if last.is_some() { hubspot::joined(first, last) } else { text("Name") };
        collected.acquaint(&person(name, text("email").or_else(|| text("Email"))));
    }
    for key in object.properties.keys().filter(|key| key.ends_with(".Email")) {
        let name = text(&format!("{}Name", key.strip_suffix("Email").unwrap_or_default()));
        collected.acquaint(&person(name, text(key)));
    }
}

/// Takes properties in; what another record said otherwise stays as first given.
fn merge(origin: &Origin, prefix: &str, properties: Map<String, Value>, collected: &mut Collected) {
    let mut left_out = Vec::new();
    for (key, value) in properties {
        if !is_flat(&value) {
            if !TYPE_KEYS.contains(&key.as_str()) {
                left_out.push(key);
            }
            continue;
        }
        let key = format!("{prefix}{key}");
        match collected.record.get(&key) {
            None | Some(Value::Null) => {
                collected.record_sources.insert(key.clone(), origin.source.clone());
                collected.record.insert(key, value);
            }
            Some(known) if *known == value || value.is_null() => {}
            Some(_) => {
                let message = format!("`{key}` has another value in a record given before, which is kept");
                collected.warn(&origin.source, key, message);
            }
        }
    }
    if !left_out.is_empty() {
        collected.warn(&origin.source, "", format!("nested properties were not read: {}", left_out.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        let Ok(Value::Object(object)) = serde_json::from_str(json) else { panic!("{json}") };
        let got = properties_of(object).ok().map(|properties| Value::Object(properties).to_string());
        assert_eq!(got.as_deref(), expected, "{json}");
    }

    #[test]
    fn finds_properties() {
        check(r#"{"amount":"86400","seats":40}"#, Some(r#"{"amount":"86400","seats":40}"#));
        check(r#"{"id":"7","properties":{"amount":"1"},"archived":false}"#, Some(r#"{"amount":"1"}"#));
        check(r#"{"a":{"b":1},"c":[{"d":2}]}"#, None);
        check("{}", None);
    }
}
