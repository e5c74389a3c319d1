//! Holds every answer that a test of the service gets against the published
//! description: the status is named there, the headers it promises are there,
//! the body has the form it says.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value as Json, json};

use crate::harness::Answer;

pub static DOCUMENT: LazyLock<Json> = LazyLock::new(baton::api::openapi::document);

/// Schemas ready for use, by their text.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails the test if the answer is not one that the description names.
#[track_caller]
pub fn check(method: &str, target: &str, answer: &Answer) {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(item) = find_path(path) else { return };
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let Some(operation) = item.get(&method) else {
        assert!([404, 405].contains(&answer.status), "{method} {target} is not described: {answer:?}");
        return;
    };
    let described = operation["responses"].get(answer.status.to_string());
    let described =
        described.unwrap_or_else(|| panic!("{method} {target}: {} is not described: {answer:?}", answer.status));
    let described = resolve(described);
    for (name, header) in described["headers"].as_object().into_iter().flatten() {
        let is_always = resolve(header)["required"] == true;
        // A key that was not good has no quota.
        let has_key = !["400", "401", "403"].contains(&answer.status.to_string().as_str());
        if is_always && (has_key || !name.to_lowercase().contains("ratelimit")) {
            assert!(answer.headers.contains_key(name), "{method} {target}: {name} is missing: {answer:?}");
        }
    }
    if answer.text.is_empty() {
        return;
    }
    let media = answer.header("content-type").split(';').next().unwrap_or_default().trim();
    let form = described["content"].get(media).unwrap_or_else(|| panic!("{method} {target}: {media} is not described"));
    if media.ends_with("json") {
        let validator = validator(&form["schema"]);
        let body = answer.json();
        let wrong: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{method} {target} {}: {wrong:#?}", answer.status);
    }
}

/// The operations of the path that this one is an instance of; a path without variable parts is nearer.
fn find_path(path: &str) -> Option<&'static Json> {
    let paths = DOCUMENT["paths"].as_object()?;
    let fits = |template: &str| {
        let (mut wanted, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() || wanted == given => {}
                _ => return false,
            }
        }
    };
    paths.get(path).or_else(|| paths.iter().find(|(template, _)| fits(template)).map(|(_, item)| item))
}

/// What a reference leads to.
pub fn resolve(value: &Json) -> &Json {
    let pointer = value.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| DOCUMENT.pointer(pointer).expect("what is referred to"))
}

/// A schema of the document, with what it refers to.
pub fn validator(schema: &Json) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().expect("validators");
    let made = known.entry(schema.to_string()).or_insert_with(|| {
        let whole = json!({"allOf": [schema], "components": {"schemas": DOCUMENT["components"]["schemas"]}});
        Arc::new(jsonschema::validator_for(&whole).expect("a schema"))
    });
    made.clone()
}
