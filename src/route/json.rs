//! A route as JSON: the keys of the file with the defaults filled in, so that
//! the answer can be stored as a route file again.

use serde_json::{Map, Value, json};

use super::kinds::type_name;
use super::reader::spell_duration;
use super::{Asked, Field, Requirement, Route, SaidBy};
use crate::value::Kind;

/// The route file as JSON. What has no default and is not set is left out.
pub fn to_json(route: &Route) -> Value {
    let mut file = Map::new();
    file.insert("id".to_string(), json!(route.id));
    file.insert("version".to_string(), json!(route.version));
    file.insert("title".to_string(), json!(route.title));
    file.insert("from".to_string(), json!({"team": route.from_team}));
    file.insert("to".to_string(), json!({"team": route.to_team}));
    let trigger = [("event", &route.trigger.event), ("description", &route.trigger.description)];
    insert_set(&mut file, "trigger", trigger.map(|(key, text)| (key, text.as_ref().map(|text| json!(text)))));
    let owners = &route.owners;
    let failure = owners.failure.as_ref().map(asked);
    insert_set(&mut file, "owners", [("next_action", Some(asked(&owners.next_action))), ("failure", failure)]);
    let limits =
        [("fill_gaps", route.limits.fill_gaps), ("accept", route.limits.accept), ("model", route.limits.model)];
    insert_set(&mut file, "limits", limits.map(|(key, limit)| (key, limit.map(|limit| json!(spell_duration(limit))))));
    let retention = [("sources", route.retention.sources), ("briefs", route.retention.briefs)];
    insert_set(&mut file, "retention", retention.map(|(key, age)| (key, age.map(|age| json!(spell_duration(age))))));
    if !route.redact.is_empty() {
        file.insert("redact".to_string(), route.redact.iter().map(|kind| json!(kind.name())).collect());
    }
    if !route.on_transfer.is_empty() {
        let actions = route.on_transfer.iter().map(super::actions::to_json).collect();
        file.insert("on_transfer".to_string(), Value::Array(actions));
    }
    file.insert("fields".to_string(), Value::Array(route.fields.iter().map(field_to_json).collect()));
    Value::Object(file)
}

/// A mapping of what is set; nothing at all if nothing is.
fn insert_set<const N: usize>(file: &mut Map<String, Value>, key: &str, entries: [(&str, Option<Value>); N]) {
    let set: Map<String, Value> =
        entries.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?))).collect();
    if !set.is_empty() {
        file.insert(key.to_string(), Value::Object(set));
    }
}

pub(super) fn asked(asked: &Asked) -> Value {
    match asked {
        Asked::Sender => json!("sender"),
        Asked::Receiver => json!("receiver"),
        Asked::Owner => json!("owner"),
        Asked::Address(address) => json!(address),
    }
}

fn field_to_json(field: &Field) -> Value {
    let mut file = Map::new();
    let mut put = |key: &str, value: Value| {
        file.insert(key.to_string(), value);
    };
    put("key", json!(field.key));
    put("label", json!(field.label));
    if !field.description.is_empty() {
        put("description", json!(field.description));
    }
    put("question", json!(field.question));
    put("type", json!(type_name(&field.kind)));
    if let Kind::Enum(choices) = &field.kind {
        put("values", json!(choices));
    }
    put("list", json!(field.list));
    match &field.required {
        Requirement::Optional => put("required", json!(false)),
        Requirement::Always => put("required", json!(true)),
        Requirement::When(condition) => put("required_when", json!(condition.text)),
    }
    let rules = field.rules.iter().map(|rule| json!({"assert": rule.assert.text, "message": rule.message}));
    put("rules", Value::Array(rules.collect()));
    put("specific", json!(field.specific));
    let said_by = match field.said_by {
        SaidBy::Any => "any",
        SaidBy::Theirs => "theirs",
        SaidBy::Ours => "ours",
    };
    put("said_by", json!(said_by));
    if let Some(after) = field.stale_after {
        put("stale_after", json!(spell_duration(after)));
    }
    let allowed = [("not_applicable", field.allow.not_applicable), ("unknown", field.allow.unknown)];
    put("allow", allowed.into_iter().filter(|(_, is_allowed)| *is_allowed).map(|(word, _)| json!(word)).collect());
    put("ask", asked(&field.ask));
    put("cues", json!(field.cues));
    put("map", Value::Object(field.map.iter().map(|(system, property)| (system.clone(), json!(property))).collect()));
    Value::Object(file)
}
