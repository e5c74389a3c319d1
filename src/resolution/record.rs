//! The CRM record and the values handed over with a request, typed by the
//! route. A property belongs to a field by the route's `map`, by the field's
//! key or by its label.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::brief::{FieldBrief, FieldState, Origin, RecordProperty, Superseded};
use crate::conversation::Batch;
use crate::route::{Field, Route};
use crate::value::{Context, Kind, ListOf, Precision, Reading, Value, from_json, is_junk_value, read, to_json};

/// What the CRM record says of a field.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub property: RecordProperty,
    pub content: Content,
    /// When the record was last changed, where it says so: no value in it is younger.
    pub at: Option<jiff::Timestamp>,
}

/// What a property holds.
#[derive(Debug, Clone)]
pub enum Content {
    Value(Reading),
    /// `TBD`, `n/a`, an echo of the label: somebody filled the form, not the field.
    Junk,
    /// Cannot be read as the field's type; why, in plain words.
    Unreadable(String),
}

/// Where properties come from.
#[derive(Debug, Clone, Copy)]
pub struct Properties<'a> {
    /// Values handed over with the request, by field key; they are what the CRM knows now.
    pub known: &'a [(String, String)],
    pub record: &'a Map<String, Json>,
    /// The record's document name.
    pub source: &'a str,
    /// The documents of properties that come from others.
    pub sources: &'a BTreeMap<String, String>,
    /// The batch of properties that came later, and the records before each later batch.
    pub batches: &'a BTreeMap<String, u32>,
    pub before: &'a [Batch],
}

/// What is recorded of a field; `None` where nothing is.
pub fn find_recorded(route: &Route, field: &Field, properties: &Properties, context: &Context) -> Option<Recorded> {
    if let Some((key, text)) = properties.known.iter().find(|(key, text)| *key == field.key && !text.trim().is_empty())
    {
        return recorded(field, (key, &Json::String(text.clone())), "known", properties, context);
    }
    let names = field.map.iter().map(|(_, name)| name.as_str()).chain([field.key.as_str(), field.label.as_str()]);
    let by_name = names.filter_map(|name| {
        properties
            .record
            .get_key_value(name)
            .or_else(|| properties.record.iter().find(|(key, _)| folded(key).eq(folded(name))))
    });
    by_name.filter(|(name, _)| !belongs_elsewhere(route, field, name)).find_map(|(name, json)| {
        let source = properties.sources.get(name).map_or(properties.source, String::as_str);
        recorded(field, (name, json), source, properties, context)
    })
}

/// Whether another field maps this very property, and this one only sounds like it.
fn belongs_elsewhere(route: &Route, field: &Field, name: &str) -> bool {
    let maps = |other: &Field| other.map.iter().any(|(_, property)| property == name);
    !maps(field) && route.fields.iter().any(|other| other.key != field.key && maps(other))
}

/// The letters in which names are compared. Every property is compared with every field, so nothing is copied.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.trim_end_matches("__c").chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn recorded(
    field: &Field,
    (name, json): (&str, &Json),
    source: &str,
    properties: &Properties,
    context: &Context,
) -> Option<Recorded> {
    let raw = match json {
        Json::Null => return None,
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    if raw.is_empty() {
        return None;
    }
    let property = RecordProperty { source: source.to_owned(), property: name.to_owned(), raw: raw.clone() };
    if !json.is_array() && is_junk_value(&field.kind, &raw, &[&field.label, &field.question]) || is_blank_choice(&raw) {
        return Some(Recorded { property, content: Content::Junk, at: None });
    }
    let content = match read_property(field, json, &raw, context) {
        Ok(mut reading) => {
            add_currency(&mut reading.value, properties.record);
            Content::Value(reading)
        }
        Err(problem) => Content::Unreadable(problem),
    };
    let at = (source != "known").then(|| last_change(name, properties)).flatten();
    Some(Recorded { property, content, at })
}

/// What earlier records said of a field that is found now, and no longer hold.
pub fn add_replaced(route: &Route, field: &Field, properties: &Properties, context: &Context, brief: &mut FieldBrief) {
    if brief.state != FieldState::Found {
        return;
    }
    // Of each state of the record only the record speaks: what was handed over as known is of now.
    for state in properties.before.iter().filter_map(|batch| batch.record_before.as_ref()).rev() {
        let then = Properties {
            known: &[],
            record: &state.properties,
            source: properties.source,
            sources: &state.sources,
            batches: &state.batches,
            before: &[],
        };
        let Some(Content::Value(reading)) = find_recorded(route, field, &then, context).map(|found| found.content)
        else {
            continue;
        };
        let value = to_json(&reading.value);
        if value != brief.value && !brief.superseded.iter().any(|old| old.value == value) {
            brief.superseded.push(Superseded { value, origin: Origin::Crm, evidence: Vec::new() });
        }
    }
}

/// When HubSpot or Salesforce last saw the record change that gave a property; another batch's says nothing of it.
fn last_change(property: &str, properties: &Properties) -> Option<jiff::Timestamp> {
    let batch = properties.batches.get(property).copied().unwrap_or_default();
    // The record as that batch left it: a later one may have changed more since.
    let later = properties.before.iter().skip(batch as usize).find_map(|batch| batch.record_before.as_ref());
    let (record, batches) =
        later.map_or((properties.record, properties.batches), |state| (&state.properties, &state.batches));
    let names = [
        "hs_lastmodifieddate",
        "lastmodifieddate",
        "LastModifiedDate",
        "SystemModstamp",
        "updated_at",
        "last_modified",
    ];
    let text = names
        .iter()
        .filter(|name| batches.get(**name).copied().unwrap_or_default() == batch)
        .find_map(|name| record.get(*name))
        .map(|json| json.as_str().map_or_else(|| json.to_string(), str::to_owned))?;
    let milliseconds = || jiff::Timestamp::from_millisecond(text.parse().ok()?).ok();
    text.parse().ok().or_else(milliseconds)
}

/// What forms send for "nothing chosen".
fn is_blank_choice(raw: &str) -> bool {
    let bare = raw.trim_matches(['-', ' ', '_', '(', ')', '[', ']']).to_lowercase();
    matches!(bare.as_str(), "" | "none" | "select" | "please select" | "choose" | "not set" | "not specified" | "null")
}

fn read_property(field: &Field, json: &Json, raw: &str, context: &Context) -> Result<Reading, String> {
    let exact = |value: Value| Reading { value, precision: Precision::Exact };
    if field.list {
        let items = match json {
            Json::Array(items) => items.clone(),
            _ => raw
                .split(';')
                .flat_map(|part| part.split(','))
                .map(|part| Json::String(part.trim().to_owned()))
                .filter(|part| part.as_str() != Some(""))
                .collect(),
        };
        let list = from_json(&field.kind, ListOf::Many, &Json::Array(items), context)
            .map_err(|unreadable| unreadable.reason)?;
        return Ok(exact(list));
    }
    if let Some(value) = epoch_day(&field.kind, raw) {
        return Ok(exact(value));
    }
    match json {
        Json::String(_) => read(&field.kind, raw, context).map_err(|unreadable| unreadable.reason),
        other => from_json(&field.kind, ListOf::One, other, context).map(exact).map_err(|unreadable| unreadable.reason),
    }
}

/// HubSpot gives date properties as milliseconds since 1970.
fn epoch_day(kind: &Kind, raw: &str) -> Option<Value> {
    let plausible = (12..=13).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
    if !plausible {
        return None;
    }
    let at = jiff::Timestamp::from_millisecond(raw.parse().ok()?).ok()?;
    match kind {
        Kind::Date => Some(Value::Date(jiff::tz::Offset::UTC.to_datetime(at).date())),
        Kind::DateTime => Some(Value::DateTime(at, jiff::tz::Offset::UTC)),
        _ => None,
    }
}

/// HubSpot and Salesforce keep the currency of all amounts in one property.
fn add_currency(value: &mut Value, record: &Map<String, Json>) {
    let Value::Money(money) = value else { return };
    if money.currency.is_some() {
        return;
    }
    let named =
        ["deal_currency_code", "CurrencyIsoCode", "currency", "Currency", "currency_code", "hs_deal_currency_code"]
            .iter()
            .find_map(|name| record.get(*name)?.as_str());
    money.currency = named
        .map(|code| code.trim().to_uppercase())
        .filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()));
}
