//! What answers have in common: their headers, and one problem response for
//! each status, with the kinds of problems that have it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::schemas::Schemas;
use crate::api::problem::{Kind, MEDIA_TYPE, Problem, ProblemBody};

/// On every answer.
pub const EVERY: [&str; 1] = ["X-Request-Id"];
/// On every answer to a request with a good key.
pub const STANDING: [&str; 5] =
    ["RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

/// Each header: whether it is always there, what it says.
const HEADERS: [(&str, bool, &str); 13] = [
    ("X-Request-Id", true, "Names this request in problems and in the service's log; the caller's own if it sent one."),
    ("ETag", true, "The handoff's version in quotes, for `If-Match` and `If-None-Match`."),
    ("Location", true, "Where the thing is that this answer is about."),
    ("Retry-After", false, "When to come again, in seconds. Left out for callers that misread it."),
    ("Idempotent-Replayed", false, "`true` when the same request was carried out before and this is its answer."),
    ("Content-Type", true, "The form of the body."),
    ("Allow", true, "The methods that are known here."),
    ("WWW-Authenticate", true, "How to send a key."),
    ("RateLimit", true, "What remains of the quota, and the seconds until it is full or one request is allowed."),
    ("RateLimit-Policy", true, "The quota, and the seconds in which it fills."),
    ("X-RateLimit-Limit", true, "How many requests may come at once."),
    ("X-RateLimit-Remaining", true, "How many more may come now."),
    ("X-RateLimit-Reset", true, "The moment of the reset, in seconds since 1970."),
];

/// `components.headers`
pub fn headers() -> Json {
    let header = |(name, is_always, says): (&str, bool, &str)| {
        (name.to_owned(), json!({"required": is_always, "description": says, "schema": {"type": "string"}}))
    };
    HEADERS.into_iter().map(header).collect::<Map<_, _>>().into()
}

/// The headers of one answer, as references.
pub fn header_references<'a>(names: impl IntoIterator<Item = &'a str>) -> Json {
    let reference = |name: &str| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    names.into_iter().map(reference).collect::<Map<_, _>>().into()
}

/// The name under which the problems of a status stand.
pub fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

/// `components.responses`
pub fn problems(schemas: &mut Schemas) -> Json {
    let schema = schemas.told::<ProblemBody>();
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in Kind::ALL {
        by_status.entry(kind.status().as_u16()).or_default().push(kind);
    }
    let response = |(status, kinds): (u16, Vec<Kind>)| {
        let says: Vec<String> = kinds.iter().map(|kind| format!("`{}`: {}.", kind.code(), kind.title())).collect();
        let example = |kind: &Kind| (kind.code().to_owned(), json!({"value": Problem::new(*kind).body()}));
        let examples: Map<String, Json> = kinds.iter().map(example).collect();
        let own: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            405 => &["Allow"],
            429 | 503 => &["Retry-After"],
            _ => &[],
        };
        let response = json!({
            "description": says.join(" "),
            "headers": header_references(EVERY.iter().chain(own).copied()),
            "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
        });
        (problem_name(status), response)
    };
    by_status.into_iter().map(response).collect::<Map<_, _>>().into()
}
