//! The CRM's record: one map of properties out of all objects that were given,
//! so that nothing of one deal is taken for another's.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::crm::{CrmObject, Export, Said, Sort, text_of};
use super::hubspot;
use super::identity::{Main, Relation};
use crate::conversation::{Author, DocumentKind, RecordState, Warning};
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

/// Everything of CRMs that waits until all files of a batch are read: which object is the record depends on the others.
#[derive(Debug, Default)]
pub(in crate::intake) struct Pending {
    /// Each with the number of the batch it came in; the first is 0.
    objects: Vec<(Origin, CrmObject, u32)>,
    owners: FxHashMap<String, Author>,
    /// Messages whose author is known by the id of an owner: their draft, their place there, the id.
    owned: Vec<(usize, usize, String)>,
    /// Objects whose people are known.
    met: usize,
    /// The number of the batch that is read now.
    pub batch: u32,
}

/// The record as far as it is known, and what a person should know of it.
#[derive(Debug, Default)]
pub(in crate::intake) struct Settled {
    pub state: RecordState,
    pub warnings: Vec<Warning>,
    /// Objects of other handoffs, and why.
    pub others: Vec<(Origin, String)>,
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
    let batch = collected.records.batch;
    collected.records.objects.extend(export.objects.into_iter().map(|object| (origin.clone(), object, batch)));
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

/// Names the authors that a batch knows by the ids of owners, and makes its people known.
pub(in crate::intake) fn name_owners(collected: &mut Collected) {
    let records = std::mem::take(&mut collected.records);
    for (draft, message, owner) in &records.owned {
        let found = collected.drafts.get_mut(*draft).and_then(|draft| draft.messages.get_mut(*message));
        if let (Some(message), Some(author)) = (found, records.owners.get(owner)) {
            message.author = author.clone();
        }
    }
    for author in records.owners.values() {
        collected.acquaint(author);
    }
    for (_, object, _) in records.objects.iter().skip(records.met) {
        acquaint(object, collected);
    }
    collected.records = Pending { owned: Vec::new(), met: records.objects.len(), ..records };
}

impl Pending {
    /// Decides which object is the record: the one deal, else ticket, lead, … Other kinds keep their properties under
    /// their kind's name (`company.domain`); a second deal is named and not mixed in. What a later batch says of a
    /// property is what holds now.
    pub(in crate::intake) fn settle(&self) -> Settled {
        let mut settled = Settled::default();
        let speaking = self.objects.iter().map(|(_, object, _)| object.sort).min();
        let Some(speaker) = self.objects.iter().map(|(_, object, _)| object).find(|one| Some(one.sort) == speaking)
        else {
            return settled;
        };
        let main = Main::of(speaker);
        let mut beside: Vec<(Giver, &CrmObject)> = Vec::new();
        let mut others: Vec<(&Origin, String, usize)> = Vec::new();
        for (origin, object, batch) in &self.objects {
            let giver = Giver { source: &origin.source, batch: *batch };
            // Without an id nothing ties an object even to itself.
            let relation = match std::ptr::eq(object, speaker) {
                true => Relation::Same,
                false => main.relation(object, &speaker.linked, *batch > 0),
            };
            match relation {
                Relation::Same => settled.merge(giver, "", &object.properties),
                Relation::Beside => beside.push((giver, object)),
                Relation::Other(reason) => match others.last_mut() {
                    Some((last, known, count)) if last.source == origin.source && *known == reason => *count += 1,
                    _ => others.push((origin, reason, 1)),
                },
            }
        }
        for (origin, reason, count) in others {
            let count = if count > 1 { format!("{count} times: ") } else { String::new() };
            settled.others.push((origin.clone(), format!("{count}{reason}")));
        }
        merge_beside(&beside, &mut settled);
        self.add_owner(&mut settled);
        settled
    }

    fn add_owner(&self, settled: &mut Settled) {
        let owner = settled.state.properties.get("hubspot_owner_id").and_then(text_of);
        let Some(author) = owner.and_then(|id| self.owners.get(&id)) else { return };
        for (key, value) in [("owner.name", &author.name), ("owner.email", &author.address)] {
            if let Some(value) = value {
                settled.state.properties.entry(key).or_insert_with(|| Value::String(value.clone()));
            }
        }
    }
}

/// Objects beside the record, under their kind's name; several of a kind are numbered, for none of them is the one.
fn merge_beside(objects: &[(Giver, &CrmObject)], settled: &mut Settled) {
    let mut known: FxHashMap<&str, Vec<Option<&str>>> = FxHashMap::default();
    let mut places = Vec::with_capacity(objects.len());
    for (_, object) in objects {
        let ids = known.entry(&object.label).or_default();
        let id = object.id.as_deref();
        let place = ids.iter().position(|known| known.is_some() && *known == id).unwrap_or(ids.len());
        if place == ids.len() {
            ids.push(id);
        }
        places.push(place);
    }
    for ((giver, object), place) in objects.iter().zip(places) {
        let several = known.get(object.label.as_str()).is_some_and(|ids| ids.len() > 1);
        let prefix = if several { format!("{}_{}.", object.label, place + 1) } else { format!("{}.", object.label) };
        settled.merge(*giver, &prefix, &object.properties);
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

/// Who gave properties: a document, and the number of its batch.
#[derive(Clone, Copy)]
struct Giver<'a> {
    source: &'a str,
    batch: u32,
}

impl Settled {
    /// Takes properties in. What another record of the same batch said otherwise stays as first given; a later batch
    /// tells what holds now, also that a property is empty.
    fn merge(&mut self, giver: Giver, prefix: &str, properties: &Map<String, Value>) {
        let mut left_out = Vec::new();
        for (name, value) in properties {
            if !is_flat(value) {
                if !TYPE_KEYS.contains(&name.as_str()) {
                    left_out.push(name.as_str());
                }
                continue;
            }
            let key = format!("{prefix}{name}");
            let is_later = giver.batch > self.state.batches.get(&key).copied().unwrap_or_default();
            match self.state.properties.get(&key) {
                None | Some(Value::Null) => self.put(giver, key, value),
                Some(known) if is_later => {
                    if is_empty(value) && !is_empty(known) {
                        let message = format!("`{key}` had a value in a record given before and is empty now");
                        self.warn(giver.source, key.clone(), message);
                    }
                    self.put(giver, key, value);
                }
                Some(known) if known == value || value.is_null() => {}
                Some(_) => {
                    let message = format!("`{key}` has another value in a record given before, which is kept");
                    self.warn(giver.source, key, message);
                }
            }
        }
        if !left_out.is_empty() {
            let message = format!("nested properties were not read: {}", left_out.join(", "));
            self.warn(giver.source, String::new(), message);
        }
    }

    fn put(&mut self, giver: Giver, key: String, value: &Value) {
        let RecordState { properties, sources, batches } = &mut self.state;
        sources.insert(key.clone(), giver.source.to_owned());
        if giver.batch > 0 {
            batches.insert(key.clone(), giver.batch);
        }
        properties.insert(key, value.clone());
    }

    fn warn(&mut self, source: &str, place: String, message: String) {
        self.warnings.push(Warning { source: source.to_owned(), place, message });
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
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
