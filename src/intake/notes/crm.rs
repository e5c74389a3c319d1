//! Objects as CRMs export them: which kind each is, what they hold, and what
//! was written beside them. Which of them is the record of the handoff is
//! decided in `record`, when all files are read.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{hubspot, record, salesforce};
use crate::conversation::Author;
use crate::intake::dates;

/// The longest list of objects of one export; more is named as not read.
pub(super) const MOST_OBJECTS: usize = 1_000;

/// What an object stands for, from the one that speaks for a handoff down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Deal,
    /// A ticket, case or order.
    Matter,
    Lead,
    /// A flat object whose kind nothing tells.
    Unclear,
    Contact,
    Company,
    /// A line item, a role: beside the others, never the record itself.
    Detail,
}

/// One object of a CRM.
#[derive(Debug, Clone)]
pub(in crate::intake) struct CrmObject {
    pub(super) sort: Sort,
    /// What its properties are called by when another object is the record: `company`, `Account`.
    pub(super) label: String,
    pub(super) id: Option<String>,
    pub(super) properties: Map<String, Value>,
    /// The sorts and ids of objects that the CRM ties to this one.
    pub(super) linked: Vec<(Sort, String)>,
}

/// A note, mail, call or task that a CRM keeps beside its objects.
#[derive(Debug, Default)]
pub(in crate::intake) struct Said {
    pub(super) author: Author,
    /// Who wrote it, by the id of a list of owners.
    pub(super) owner: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) subject: Option<String>,
    /// Text or HTML.
    pub(super) body: String,
    pub(super) key: Option<String>,
}

/// What one file of a CRM holds.
#[derive(Debug)]
pub(in crate::intake) struct Export {
    pub(in crate::intake) format: &'static str,
    pub(super) objects: Vec<CrmObject>,
    pub(super) said: Vec<Said>,
    /// Users of the CRM by id.
    pub(super) owners: Vec<(String, Author)>,
    /// What is missing from it, for people and for the verdict.
    pub(super) missing: Vec<String>,
    /// What a person should know of it.
    pub(super) told: Vec<String>,
}

impl Export {
    pub(super) fn new(format: &'static str) -> Self {
        Export {
            format,
            objects: Vec::new(),
            said: Vec::new(),
            owners: Vec::new(),
            missing: Vec::new(),
            told: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.said.is_empty() && self.owners.is_empty()
    }

    /// Keeps the first objects, and says how many there were.
    pub(super) fn cut(items: &mut Vec<Value>, missing: &mut Vec<String>) {
        if items.len() > MOST_OBJECTS {
            missing.push(format!("only the first {MOST_OBJECTS} of its {} objects are read", items.len()));
            items.truncate(MOST_OBJECTS);
        }
    }
}

/// The objects of a CRM in JSON, or why there are none.
pub(in crate::intake) fn recognise(value: Value) -> Result<Export, String> {
    let value = match hubspot::recognise(value) {
        Ok(export) => return Ok(export),
        Err(value) => value,
    };
    let value = match salesforce::recognise(value) {
        Ok(export) => return Ok(export),
        Err(value) => value,
    };
    let object = match value {
        Value::Object(object) => object,
        Value::Array(mut items) if items.len() == 1 && items[0].is_object() => match items.swap_remove(0) {
            Value::Object(object) => object,
            _ => Map::new(),
        },
        Value::Array(items) if items.len() > 1 && items.iter().all(Value::is_object) => {
            return Err(format!("it is a list of {} records; give the one of this handoff", items.len()));
        }
        _ => return Err("it is JSON of an unknown form".to_owned()),
    };
    let mut export = Export::new("json");
    export.objects.push(flat_object(record::properties_of(object)?));
    Ok(export)
}

/// A flat object, of the kind that its properties tell.
pub(super) fn flat_object(properties: Map<String, Value>) -> CrmObject {
    let text = |name: &str| properties.get(name).and_then(text_of);
    let salesforce_id = text("Id").filter(|id| matches!(id.len(), 15 | 18));
    let (sort, label) = match &salesforce_id {
        Some(id) => salesforce::sort_of_id(id),
        None => hubspot::sort_of(&properties),
    };
    let id = salesforce_id.or_else(|| text("hs_object_id")).or_else(|| text("id")).or_else(|| text("ID"));
    CrmObject { sort, label: label.to_owned(), id, properties, linked: Vec::new() }
}

/// A string or number as text; nothing for an empty one.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A moment as CRMs write it: ISO 8601 or milliseconds since 1970.
pub(super) fn read_time(text: &str) -> Option<Timestamp> {
    if (12..=13).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Timestamp::from_millisecond(text.parse().ok()?).ok();
    }
    text.parse().ok().or_else(|| dates::read_moment(text, None).map(|moment| moment.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_kinds_of_flat_objects() {
        let check = |json: &str, sort: Sort, id: Option<&str>| {
            let Ok(Value::Object(object)) = serde_json::from_str(json) else { panic!("{json}") };
            let got = flat_object(object);
            assert_eq!((got.sort, got.id.as_deref()), (sort, id), "{json}");
        };
        check(r#"{"hs_object_id":"1","dealname":"x","dealstage":"y"}"#, Sort::Deal, Some("1"));
        check(r#"{"hs_object_id":"1","email":"a@b.example","jobtitle":"x"}"#, Sort::Contact, Some("1"));
        check(r#"{"Id":"006Qy00000KsTrLIAX","Name":"x"}"#, Sort::Deal, Some("006Qy00000KsTrLIAX"));
        check(r#"{"Id":"00QQy00000BrchLMAB","Name":"x"}"#, Sort::Lead, Some("00QQy00000BrchLMAB"));
        check(r#"{"name":"x","domain":"b.example"}"#, Sort::Company, None);
        check(r#"{"budget":"40k","id":7}"#, Sort::Unclear, Some("7"));
    }

    #[test]
    fn reads_times() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(read_time(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        };
        check("2026-02-24T16:00:00Z", Some("2026-02-24T16:00:00Z"));
        check("2026-02-24T16:00:00.000+0000", Some("2026-02-24T16:00:00Z"));
        check("1771948800000", Some("2026-02-24T16:00:00Z"));
        check("soon", None);
    }
}
