//! The CRM's record: a flat JSON object, or one whose `properties` are.

use serde_json::{Map, Value};

use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Draft, Origin};

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
pub(in crate::intake) fn properties_of(mut object: Map<String, Value>) -> Result<Map<String, Value>, String> {
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

/// Takes the properties in; what another record said otherwise stays as first given.
pub(in crate::intake) fn read(origin: &Origin, properties: Map<String, Value>, collected: &mut Collected) {
    let mut left_out = Vec::new();
    for (key, value) in properties {
        if !is_flat(&value) {
            if !TYPE_KEYS.contains(&key.as_str()) {
                left_out.push(key);
            }
            continue;
        }
        match collected.record.get(&key) {
            None | Some(Value::Null) => {
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
    let source = origin.source.clone();
    collected
        .add(origin, Draft { source, kind: DocumentKind::Record, format: "json", title: None, messages: Vec::new() });
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
