//! The description of the service, OpenAPI 3.1, made from the code: paths,
//! methods and summaries stand at the handlers, bodies are the schemas of the
//! types that are really read and written, and the statuses follow from what
//! stands before a handler and inside it.

mod acting;
mod answers;
mod asking;
mod examples;
mod operation;
mod operations;
mod schemas;
mod telling;

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};

use schemas::Schemas;

const INTRODUCTION: &str = "Raw context goes in; a brief whose every value carries its quote comes out, checked by rule \
against what the receiving team requires. Work moves only with a pass.\n\n\
Send a key as `Authorization: Bearer baton_live_…`. Whatever goes wrong is answered as `application/problem+json`, each \
kind explained under `/problems`. A write that comes again with the same `Idempotency-Key` is answered as it was. \
Query parameters that a `GET` does not know are refused, because a filter that is misspelt would answer the wrong \
thing; those of other methods are ignored, because webhook senders add their own. Objects may get further keys and \
enumerations further values; keys that a request does not know are refused.";

/// The document as it is sent.
static TEXT: LazyLock<Bytes> = LazyLock::new(|| serde_json::to_vec(&document()).unwrap_or_default().into());

/// Shows this description, OpenAPI 3.1
#[utoipa::path(get, path = "/openapi.json", operation_id = "describeService", tag = "Looking after it")]
pub async fn show() -> Response {
    ([(CONTENT_TYPE, "application/json")], TEXT.clone()).into_response()
}

/// The whole description.
pub fn document() -> Json {
    let routed = serde_json::to_value(super::routes_described().into_openapi()).unwrap_or_default();
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for (path, item) in routed.get("paths").and_then(Json::as_object).into_iter().flatten() {
        let mut described = Map::new();
        for (method, named) in item.as_object().into_iter().flatten() {
            described.insert(method.clone(), describe(path, named, &mut schemas));
        }
        paths.insert(path.clone(), described.into());
    }
    operations::link(&mut paths);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Baton",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "Handing over", "description": "A handoff from its first context to the receiving team."},
            {"name": "Asking people", "description": "Who was asked what, and the messages to them."},
            {"name": "Routes", "description": "What each receiving team requires."},
            {"name": "Telling others", "description": "Webhooks: who is told what happens, and what became of each message."},
            {"name": "Privacy", "description": "What is kept about people: erased, held, found, exported."},
            {"name": "Looking after it", "description": "Passes, the log, and how the service is."},
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "`baton keys create` makes a key. Its scopes say what it may do."}
            },
            "headers": answers::headers(),
            "responses": answers::problems(&mut schemas),
        },
    });
    schemas.write_to(&mut document);
    document
}

/// One operation: its name and summary from the handler, everything else from the table.
fn describe(path: &str, named: &Json, schemas: &mut Schemas) -> Json {
    let mut whole = Map::new();
    for key in ["tags", "summary", "description", "operationId"] {
        if let Some(value) = named.get(key) {
            whole.insert(key.to_owned(), value.clone());
        }
    }
    let id = named.get("operationId").and_then(Json::as_str).unwrap_or_default();
    if let Some(operation) = operations::find(id, schemas) {
        operation.write_to(path, &mut whole);
    }
    whole.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn operations(document: &Json) -> Vec<(String, String, Json)> {
        let paths = document["paths"].as_object().expect("paths");
        let all = paths.iter().flat_map(|(path, item)| {
            item.as_object()
                .expect("operations")
                .iter()
                .map(|(method, operation)| (method.clone(), path.clone(), operation.clone()))
        });
        all.collect()
    }

    #[test]
    fn every_operation_is_described_to_its_end() {
        let document = document();
        let operations = operations(&document);
        assert!(operations.len() >= 25, "{}", operations.len());
        let ids: BTreeSet<_> =
            operations.iter().map(|(_, _, operation)| operation["operationId"].to_string()).collect();
        assert_eq!(ids.len(), operations.len(), "ids are unique");
        for (method, path, operation) in &operations {
            let responses = operation["responses"].as_object();
            assert!(responses.is_some_and(|all| all.keys().any(|status| status.starts_with('2'))), "{method} {path}");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(
                !summary.is_empty() && !summary.ends_with('.') && !summary.contains("`/"),
                "{method} {path}: {summary}"
            );
            let in_path = path.matches('{').count();
            let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
            assert_eq!(parameters.iter().filter(|one| one["in"] == "path").count(), in_path, "{method} {path}");
            for parameter in parameters {
                let says = parameter["description"].as_str().unwrap_or_default();
                assert!(!says.is_empty(), "{method} {path}: {parameter}");
            }
            let is_open = operation.get("security").is_none_or(|security| security == &json!([]));
            assert_eq!(is_open, !path.starts_with("/v1/") && path != "/metrics", "{method} {path}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut open = vec![&document];
        let mut seen = 0;
        while let Some(value) = open.pop() {
            match value {
                Json::Object(object) => {
                    if let Some(reference) = object.get("$ref").and_then(Json::as_str) {
                        let pointer = reference.strip_prefix('#').unwrap_or_default();
                        assert!(document.pointer(pointer).is_some_and(|_| !pointer.is_empty()), "{reference}");
                        seen += 1;
                    }
                    open.extend(object.values());
                }
                Json::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn every_schema_is_one() {
        let document = document();
        for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
            let schema = json!({"$ref": format!("#/components/schemas/{name}"), "components": document["components"]});
            if let Err(error) = jsonschema::validator_for(&schema) {
                panic!("{name}: {error}");
            }
        }
    }
}
