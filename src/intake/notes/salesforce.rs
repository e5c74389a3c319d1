//! Salesforce's records as its REST API gives them: one record with
//! `attributes.type`, query results (`totalSize`, `done`, `records`), composite
//! answers, related records nested inside. The shapes are those of "Query",
//! "sObject Rows" and "Composite" in the REST API Developer Guide.

use serde_json::{Map, Value};

use super::crm::{CrmObject, Export, Said, Sort, read_time, text_of};
use crate::conversation::Author;

/// Records related to records are read this deep; Salesforce itself nests five relations.
const MAX_DEPTH: usize = 6;

/// Types of records that are somebody's words: type, fields of the text, of the subject, of the time.
const WORDS: [(&str, &[&str], &str, &[&str]); 8] = [
    ("Task", &["Description"], "Subject", &["CompletedDateTime", "CreatedDate"]),
    ("Event", &["Description"], "Subject", &["CreatedDate"]),
    ("Note", &["Body"], "Title", &["CreatedDate"]),
    ("ContentNote", &["TextPreview"], "Title", &["CreatedDate"]),
    ("FeedItem", &["Body"], "Title", &["CreatedDate"]),
    ("FeedComment", &["CommentBody"], "", &["CreatedDate"]),
    ("CaseComment", &["CommentBody"], "", &["CreatedDate"]),
    ("EmailMessage", &["TextBody", "HtmlBody"], "Subject", &["MessageDate", "CreatedDate"]),
];

/// The export, or the value as it was when it is none of Salesforce's.
pub(super) fn recognise(value: Value) -> Result<Export, Value> {
    let mut export = Export::new("salesforce");
    match value {
        Value::Object(object) if type_of(&object).is_some() => take(object, &mut export),
        Value::Object(object) if is_result(&object) => take_result(object, &mut export),
        Value::Object(object) if is_composite(&object) => take_composite(object, &mut export),
        Value::Array(items) if is_list(&items) => take_all(items, &mut export),
        other => return Err(other),
    }
    if export.is_empty() && export.missing.is_empty() {
        export.missing.push("it is an answer of Salesforce without a record".to_owned());
    }
    Ok(export)
}

fn type_of(object: &Map<String, Value>) -> Option<&str> {
    object.get("attributes")?.get("type")?.as_str()
}

fn is_result(object: &Map<String, Value>) -> bool {
    object.get("totalSize").is_some_and(Value::is_number)
        && object.get("done").is_some_and(Value::is_boolean)
        && object.get("records").is_some_and(Value::is_array)
}

fn is_composite(object: &Map<String, Value>) -> bool {
    let holds = |key: &str, inner: &str| {
        let items = object.get(key).and_then(Value::as_array);
        items.is_some_and(|items| !items.is_empty() && items.iter().all(|item| item.get(inner).is_some()))
    };
    holds("compositeResponse", "httpStatusCode") || object.contains_key("hasErrors") && holds("results", "statusCode")
}

fn is_list(items: &[Value]) -> bool {
    let ours = |item: &Value| item.is_null() || item.as_object().is_some_and(|object| type_of(object).is_some());
    items.iter().all(ours) && items.iter().any(Value::is_object)
}

fn take_all(mut items: Vec<Value>, export: &mut Export) {
    Export::cut(&mut items, &mut export.missing);
    for item in items {
        if let Value::Object(object) = item {
            take(object, export);
        }
    }
}

fn take_result(mut result: Map<String, Value>, export: &mut Export) {
    let Some(Value::Array(records)) = result.get_mut("records").map(Value::take) else { return };
    let total = result.get("totalSize").and_then(Value::as_u64).unwrap_or_default();
    if result.get("done") == Some(&Value::Bool(false)) {
        export.missing.push(format!("only {} of {total} records are in it", records.len()));
    }
    take_all(records, export);
}

fn take_composite(object: Map<String, Value>, export: &mut Export) {
    for key in ["compositeResponse", "results"] {
        let answers = object.get(key).and_then(Value::as_array).into_iter().flatten();
        for (index, answer) in answers.enumerate() {
            let status = answer.get("httpStatusCode").or_else(|| answer.get("statusCode")).and_then(Value::as_u64);
            let body = answer.get("body").or_else(|| answer.get("result")).cloned().unwrap_or_default();
            if status.is_some_and(|status| status >= 400) {
                export.missing.push(format!("its answer {} is an error and holds no record", index + 1));
                continue;
            }
            match body {
                Value::Object(record) if type_of(&record).is_some() => take(record, export),
                Value::Object(result) if is_result(&result) => take_result(result, export),
                // A record asked for by its address comes without its type.
                Value::Object(record) if record.contains_key("Id") => take(record, export),
                _ => export.missing.push(format!("its answer {} is of an unknown form", index + 1)),
            }
        }
    }
}

fn take(object: Map<String, Value>, export: &mut Export) {
    let kind = type_of(&object).unwrap_or_default().to_owned();
    if let Some(said) = words(&kind, &object) {
        export.said.push(said);
        return;
    }
    let id = object.get("Id").and_then(text_of);
    let (sort, label) = match kind.as_str() {
        "" => id.as_deref().map_or((Sort::Unclear, "object"), sort_of_id),
        kind => (sort_of_type(kind), kind),
    };
    if kind == "User" {
        let text = |key: &str| object.get(key).and_then(text_of);
        let author = Author { name: text("Name"), address: text("Email"), ..Author::default() };
        export.owners.push((id.unwrap_or_default(), author));
        return;
    }
    let label = label.to_owned();
    let account = object.get("AccountId").and_then(text_of);
    let mut properties = Map::new();
    flatten("", object, 0, &mut properties, export);
    let linked = account.into_iter().map(|id| (Sort::Company, id)).collect();
    export.objects.push(CrmObject { sort, label, id, properties, linked });
}

fn sort_of_type(kind: &str) -> Sort {
    match kind {
        "Opportunity" => Sort::Deal,
        "Case" | "Order" | "Contract" | "WorkOrder" => Sort::Matter,
        "Lead" => Sort::Lead,
        "Contact" => Sort::Contact,
        "Account" => Sort::Company,
        "OpportunityLineItem" | "OpportunityContactRole" | "OrderItem" | "Quote" | "Product2" => Sort::Detail,
        _ => Sort::Unclear,
    }
}

/// The first three characters of an id name the type of its record.
pub(super) fn sort_of_id(id: &str) -> (Sort, &'static str) {
    match id.get(..3) {
        Some("006") => (Sort::Deal, "Opportunity"),
        Some("500") => (Sort::Matter, "Case"),
        Some("801") => (Sort::Matter, "Order"),
        Some("800") => (Sort::Matter, "Contract"),
        Some("00Q") => (Sort::Lead, "Lead"),
        Some("003") => (Sort::Contact, "Contact"),
        Some("001") => (Sort::Company, "Account"),
        _ => (Sort::Unclear, "object"),
    }
}

/// Puts related records under the name of their relation: `Owner.Name`.
fn flatten(
    prefix: &str,
    object: Map<String, Value>,
    depth: usize,
    properties: &mut Map<String, Value>,
    export: &mut Export,
) {
    for (key, value) in object {
        let name = format!("{prefix}{key}");
        match value {
            Value::Object(_) if key == "attributes" => {}
            Value::Object(_) if depth >= MAX_DEPTH => {
                export.told.push(format!("`{name}` lies too deep and was not read"))
            }
            Value::Object(inner) if is_result(&inner) => take_related(&name, inner, depth, properties, export),
            Value::Object(inner) => {
                if let Some(address) = postal_address(&inner) {
                    properties.insert(name.clone(), Value::String(address));
                }
                flatten(&format!("{name}."), inner, depth + 1, properties, export);
            }
            other => {
                properties.insert(name, other);
            }
        }
    }
}

fn take_related(
    name: &str,
    mut result: Map<String, Value>,
    depth: usize,
    properties: &mut Map<String, Value>,
    export: &mut Export,
) {
    let Some(Value::Array(mut records)) = result.get_mut("records").map(Value::take) else { return };
    if result.get("done") == Some(&Value::Bool(false)) {
        export.missing.push(format!("only {} of the records under {name} are in it", records.len()));
    }
    Export::cut(&mut records, &mut export.missing);
    let mut number = 0;
    for record in records {
        let Value::Object(record) = record else { continue };
        let kind = type_of(&record).unwrap_or_default().to_owned();
        match words(&kind, &record) {
            Some(said) => export.said.push(said),
            None => {
                number += 1;
                flatten(&format!("{name}_{number}."), record, depth + 1, properties, export);
            }
        }
    }
}

/// The lines of an address field as one text.
fn postal_address(object: &Map<String, Value>) -> Option<String> {
    if !(object.contains_key("city") && object.contains_key("street")) {
        return None;
    }
    let parts = ["street", "postalCode", "city", "state", "country"];
    let parts: Vec<String> = parts.iter().filter_map(|part| object.get(*part).and_then(text_of)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn words(kind: &str, object: &Map<String, Value>) -> Option<Said> {
    let (_, bodies, subject, times) = WORDS.iter().find(|(known, ..)| *known == kind)?;
    let text = |key: &str| object.get(key).and_then(text_of);
    let related = |key: &str, field: &str| object.get(key).and_then(|one| one.get(field)).and_then(text_of);
    let subject = text(subject);
    let author = if kind == "EmailMessage" {
        Author { name: text("FromName"), address: text("FromAddress"), ..Author::default() }
    } else {
        let of = |key: &str| Author { name: related(key, "Name"), address: related(key, "Email"), ..Author::default() };
        let created = of("CreatedBy");
        if created.label().is_some() { created } else { of("Owner") }
    };
    let owner = text("CreatedById").or_else(|| text("OwnerId")).filter(|_| author.label().is_none());
    Some(Said {
        owner,
        author,
        at: times.iter().find_map(|key| text(key)).as_deref().and_then(read_time),
        body: bodies.iter().find_map(|key| text(key)).or_else(|| subject.clone()).unwrap_or_default(),
        subject,
        key: text("Id").map(|id| format!("salesforce record {id}")),
    })
}
