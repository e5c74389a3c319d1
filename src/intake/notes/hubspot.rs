//! HubSpot's objects as its CRM API gives them: one object, a list or a batch
//! (`{id, properties, createdAt, updatedAt, archived, associations}`), owners, and
//! engagements. The shapes are those of "CRM API: Objects", "Engagements" and
//! "Owners" in HubSpot's developer documentation.

use serde_json::{Map, Value};

use super::crm::{CrmObject, Export, Said, Sort, read_time, text_of};
use crate::conversation::Author;
use crate::intake::names;

/// Keys of which an object of the API has at least one beside `id` and `properties`; a workflow or a person may leave
/// them out, and then nothing else stands beside these two, or the properties tell.
const ENVELOPE: [&str; 5] = ["createdAt", "updatedAt", "archived", "associations", "propertiesWithHistory"];

/// The bodies of engagements and the titles that stand beside them.
const ENGAGEMENTS: [(&str, &str); 8] = [
    ("hs_note_body", ""),
    ("hs_call_body", "hs_call_title"),
    ("hs_email_text", "hs_email_subject"),
    ("hs_email_html", "hs_email_subject"),
    ("hs_meeting_body", "hs_meeting_title"),
    ("hs_internal_meeting_notes", "hs_meeting_title"),
    ("hs_task_body", "hs_task_subject"),
    ("hs_communication_body", ""),
];

/// The export, or the value as it was when it is none of HubSpot's.
pub(super) fn recognise(value: Value) -> Result<Export, Value> {
    let mut export = Export::new("hubspot");
    match value {
        Value::Object(object) if is_object(&object) || is_owner(&object) => take(object, &mut export),
        Value::Object(mut page) if page.get("results").is_some_and(is_list) => {
            if let Some(Value::Array(items)) = page.get_mut("results") {
                take_all(std::mem::take(items), &mut export);
            }
            if page.get("paging").is_some_and(|paging| paging.get("next").is_some_and(Value::is_object)) {
                export.missing.push("it is one page of a list, and further pages follow".to_owned());
            }
            let errors = page.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
            if errors > 0 {
                export.missing.push(format!("{errors} of the objects asked for could not be had"));
            }
        }
        Value::Array(items) if all_ours(&items) => take_all(items, &mut export),
        other => return Err(other),
    }
    Ok(export)
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|items| all_ours(items))
}

fn all_ours(items: &[Value]) -> bool {
    let ours = |item: &Value| item.as_object().is_some_and(|object| is_object(object) || is_owner(object));
    !items.is_empty() && items.iter().all(ours)
}

fn is_object(object: &Map<String, Value>) -> bool {
    let Some(Value::Object(properties)) = object.get("properties") else { return false };
    let is_bare = || object.len() == 2 || sort_of(properties).0 != Sort::Unclear;
    object.get("id").and_then(text_of).is_some() && (ENVELOPE.iter().any(|key| object.contains_key(*key)) || is_bare())
}

fn is_owner(object: &Map<String, Value>) -> bool {
    ["id", "email", "firstName", "lastName", "userId"].iter().all(|key| object.contains_key(*key))
}

fn take_all(mut items: Vec<Value>, export: &mut Export) {
    Export::cut(&mut items, &mut export.missing);
    for item in items {
        if let Value::Object(object) = item {
            take(object, export);
        }
    }
}

fn take(mut object: Map<String, Value>, export: &mut Export) {
    let id = object.get("id").and_then(text_of);
    if is_owner(&object) {
        let text = |key: &str| object.get(key).and_then(text_of);
        let name = joined(text("firstName"), text("lastName"));
        export.owners.push((id.unwrap_or_default(), Author { name, address: text("email"), ..Author::default() }));
        return;
    }
    let Some(Value::Object(given)) = object.get_mut("properties") else { return };
    // Older answers give each value as an object with its history.
    let mut properties: Map<String, Value> = Map::new();
    for (key, value) in std::mem::take(given) {
        let value = match value {
            Value::Object(mut versions) if versions.contains_key("value") => {
                versions.get_mut("value").map(Value::take).unwrap_or_default()
            }
            other => other,
        };
        properties.insert(key, value);
    }
    add_history(&object, &mut properties, export);
    if object.get("archived") == Some(&Value::Bool(true)) {
        export.told.push(format!("object {} is archived in the CRM", id.as_deref().unwrap_or_default()));
    }
    if let Some(said) = engagement(&properties, id.as_deref()) {
        export.said.push(said);
        return;
    }
    if let Some(at) = object.get("updatedAt").filter(|at| at.is_string()) {
        properties.entry("hs_lastmodifieddate").or_insert_with(|| at.clone());
    }
    let kind = object.get("url").and_then(Value::as_str).and_then(sort_of_link);
    let (sort, label) = kind.unwrap_or_else(|| sort_of(&properties));
    export.objects.push(CrmObject { sort, label: label.to_owned(), id, properties, linked: links(&object) });
}

/// Values that stand in the history alone; earlier ones are named.
fn add_history(object: &Map<String, Value>, properties: &mut Map<String, Value>, export: &mut Export) {
    let Some(Value::Object(histories)) = object.get("propertiesWithHistory") else { return };
    let mut earlier = Vec::new();
    for (key, versions) in histories {
        let Some(versions) = versions.as_array() else { continue };
        // The newest version stands first.
        if let Some(newest) = versions.first().and_then(|version| version.get("value")) {
            properties.entry(key.clone()).or_insert_with(|| newest.clone());
        }
        if versions.len() > 1 {
            earlier.push(key.as_str());
        }
    }
    if !earlier.is_empty() {
        export.told.push(format!("earlier values of {} were not read, only the last ones", earlier.join(", ")));
    }
}

fn links(object: &Map<String, Value>) -> Vec<(Sort, String)> {
    let Some(Value::Object(associations)) = object.get("associations") else { return Vec::new() };
    let mut links = Vec::new();
    for (name, list) in associations {
        let sort = match name.as_str() {
            "companies" => Sort::Company,
            "contacts" => Sort::Contact,
            "deals" => Sort::Deal,
            "tickets" => Sort::Matter,
            _ => continue,
        };
        let ids = list.get("results").and_then(Value::as_array).into_iter().flatten();
        links.extend(ids.filter_map(|item| Some((sort, item.get("id").and_then(text_of)?))));
    }
    links
}

/// The kind that the address of an object names: `…/record/0-3/…`.
fn sort_of_link(link: &str) -> Option<(Sort, &'static str)> {
    let code = link.split("/record/").nth(1)?.split('/').next()?;
    Some(match code {
        "0-1" => (Sort::Contact, "contact"),
        "0-2" => (Sort::Company, "company"),
        "0-3" => (Sort::Deal, "deal"),
        "0-5" => (Sort::Matter, "ticket"),
        "0-8" => (Sort::Detail, "line_item"),
        _ => return None,
    })
}

/// The kind that HubSpot's own property names tell.
pub(super) fn sort_of(properties: &Map<String, Value>) -> (Sort, &'static str) {
    let has = |name: &str| properties.contains_key(name);
    if has("dealname") || has("dealstage") {
        (Sort::Deal, "deal")
    } else if has("hs_ticket_priority") || has("hs_pipeline_stage") && has("subject") {
        (Sort::Matter, "ticket")
    } else if has("hs_line_item_currency_code") || has("quantity") && has("price") {
        (Sort::Detail, "line_item")
    } else if has("firstname") || has("lastname") || has("email") && (has("jobtitle") || has("lifecyclestage")) {
        (Sort::Contact, "contact")
    } else if has("domain") && has("name") {
        (Sort::Company, "company")
    } else {
        (Sort::Unclear, "object")
    }
}

fn engagement(properties: &Map<String, Value>, id: Option<&str>) -> Option<Said> {
    let text = |key: &str| properties.get(key).and_then(text_of);
    let (body, title) = ENGAGEMENTS.iter().find(|(body, _)| text(body).is_some())?;
    let is_mail = body.starts_with("hs_email");
    let author = if is_mail { sender(properties) } else { Author::default() };
    // Who owns a mail in the CRM wrote it only if it went out from there.
    let by_owner = !is_mail || text("hs_email_direction").is_some_and(|direction| direction == "EMAIL");
    let mut words = text(body)?;
    if *body == "hs_meeting_body"
        && let Some(notes) = text("hs_internal_meeting_notes").filter(|notes| *notes != words)
    {
        let parting = if words.contains("</") || notes.contains("</") { "<br><br>" } else { "\n\n" };
        words = [words, notes].join(parting);
    }
    let time = ["hs_timestamp", "hs_createdate", "hs_lastmodifieddate"].iter().find_map(|key| text(key));
    Some(Said {
        owner: text("hubspot_owner_id").filter(|_| by_owner && author.label().is_none()),
        author,
        at: time.as_deref().and_then(read_time),
        subject: text(title),
        body: words,
        key: id.map(|id| format!("hubspot engagement {id}")),
    })
}

/// Who sent a mail: its own properties say so, or its headers, which are JSON in a string.
fn sender(properties: &Map<String, Value>) -> Author {
    let text = |key: &str| properties.get(key).and_then(text_of);
    let author = |name: Option<String>, address: Option<String>| Author {
        name,
        address: address.filter(|address| names::is_address(address)),
        ..Author::default()
    };
    let own =
        author(joined(text("hs_email_from_firstname"), text("hs_email_from_lastname")), text("hs_email_from_email"));
    if own.label().is_some() {
        return own;
    }
    let headers = text("hs_email_headers").and_then(|headers| serde_json::from_str::<Value>(&headers).ok());
    let Some(from) = headers.as_ref().and_then(|headers| headers.get("from")) else { return own };
    let part = |key: &str| from.get(key).and_then(text_of);
    author(joined(part("firstName"), part("lastName")), part("email"))
}

/// First and last name as one.
pub(super) fn joined(first: Option<String>, last: Option<String>) -> Option<String> {
    let name = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}
