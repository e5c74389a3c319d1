//! The one form in which everything that goes wrong is answered: a problem
//! document (RFC 9457) that tells a caller what to change and tells nothing of
//! what is inside. What we need to know of the cause goes to the log instead.

mod kind;
pub mod pages;

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

pub use kind::Kind;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The longest text taken over from a caller's own input, in characters.
const LONGEST_DETAIL: usize = 500;

/// One place in a request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// The JSON pointer of the place in the body; `/query/NAME`, `/path/NAME` and `/header/NAME` for places outside it.
    pub pointer: String,
    /// What is wrong, as a stable name: `missing`, `unknown-key`, `wrong-type`, `not-allowed`, `invalid` …
    pub code: String,
    /// The same in words.
    pub detail: String,
}

/// The document as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// `/problems/CODE`: the same for every problem of the kind.
    #[serde(rename = "type")]
    pub type_path: String,
    /// The kind in one sentence.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's id, as in `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The kind's stable name.
    pub code: String,
    /// The places that are wrong, if the request's content is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What the kind has to say beyond that, such as `gaps`.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// Something went wrong, and this is what the caller is told.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    status: StatusCode,
    detail: Option<String>,
    instance: Option<String>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: HeaderMap,
    cause: Option<String>,
}

impl Problem {
    /// A problem of this kind, with nothing particular to say.
    pub fn new(kind: Kind) -> Problem {
        let mut headers = HeaderMap::new();
        if kind.status() == StatusCode::UNAUTHORIZED {
            // A 401 must say how to do better.
            headers.insert(axum::http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let (status, members) = (kind.status(), Map::new());
        let (detail, instance, cause) = (None, None, None);
        Problem(Box::new(Parts { kind, status, detail, instance, errors: Vec::new(), members, headers, cause }))
    }

    /// A failure of ours. The cause is logged once with the request's id; the caller sees nothing of it.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        let mut problem = Problem::new(Kind::Internal);
        problem.0.cause = Some(cause.to_string());
        problem
    }

    /// The most general problem with this status, which may be one that no kind has.
    pub fn of_status(status: StatusCode) -> Problem {
        let mut problem = Problem::new(Kind::of_status(status));
        problem.0.status = status;
        problem
    }

    /// Says what happened this time. Texts that quote the caller's input are cut to a bearable length.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.0.detail = Some(shortened(detail.into()));
        self
    }

    /// Names one place that is wrong.
    #[must_use]
    pub fn error(mut self, pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Problem {
        let (pointer, detail) = (pointer.into(), shortened(detail.into()));
        self.0.errors.push(FieldError { pointer, code: code.to_owned(), detail });
        self
    }

    /// Adds a member to the document. Members every problem has are not replaced.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Problem {
        const OWN: [&str; 7] = ["type", "title", "status", "detail", "instance", "code", "errors"];
        if !OWN.contains(&name) {
            self.0.members.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Adds a header to the reply.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.0.headers.insert(name, value);
        self
    }

    /// Says when another attempt is worth it, in whole seconds rounded up, at least one.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Problem {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let value = HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX));
        self.header(RETRY_AFTER, value)
    }

    /// Sets the id of the request that met the problem.
    #[must_use]
    pub fn instance(mut self, request_id: &str) -> Problem {
        self.0.instance = Some(request_id.to_owned());
        self
    }

    /// Which kind of problem this is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The places that are wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The same with its places named otherwise.
    #[must_use]
    pub fn places(mut self, name: impl Fn(&str) -> String) -> Problem {
        for error in &mut self.0.errors {
            error.pointer = name(&error.pointer);
        }
        self
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What caused it, for the log alone.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The document to be sent.
    pub fn body(&self) -> ProblemBody {
        let parts = &*self.0;
        ProblemBody {
            type_path: format!("/problems/{}", parts.kind.code()),
            title: parts.kind.title().to_owned(),
            status: parts.status.as_u16(),
            detail: parts.detail.clone().or_else(|| of_places(&parts.errors)),
            instance: parts.instance.clone(),
            code: parts.kind.code().to_owned(),
            errors: parts.errors.clone(),
            members: parts.members.clone(),
        }
    }
}

/// What happened, where nothing else was said of it than which places are wrong.
fn of_places(errors: &[FieldError]) -> Option<String> {
    match errors {
        [] => None,
        [one] if one.pointer.is_empty() => Some(one.detail.clone()),
        [one] => Some(shortened(format!("{}: {}", one.pointer, one.detail))),
        more => Some(format!("{} places are wrong; `errors` names each", more.len())),
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_DETAIL) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Every part is a string, a number or JSON already; it always serialises.
        let document = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = Response::new(Body::from(document));
        *response.status_mut() = self.0.status;
        response.headers_mut().extend(self.0.headers.clone());
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        // The edge finds it here to add what only it knows.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(problem: Problem, expected: Value) {
        assert_eq!(serde_json::to_value(problem.body()).expect("JSON"), expected);
    }

    #[test]
    fn documents_say_what_they_must_and_nothing_more() {
        check(
            Problem::new(Kind::NotFound),
            json!({"type": "/problems/not-found", "title": "There is nothing here", "status": 404, "code": "not-found"}),
        );
        let problem = Problem::new(Kind::InvalidRequest).detail("One key is wrong").instance("r-1");
        check(
            problem.error("/to/team", "wrong-type", "a string is expected"),
            json!({
                "type": "/problems/invalid-request", "title": "The request is not valid", "status": 422,
                "detail": "One key is wrong", "instance": "r-1", "code": "invalid-request",
                "errors": [{"pointer": "/to/team", "code": "wrong-type", "detail": "a string is expected"}],
            }),
        );
        check(
            Problem::new(Kind::Incomplete).member("gaps", json!([1])).member("status", 200).member("errors", 1),
            json!({
                "type": "/problems/incomplete", "title": "The handoff is not complete", "status": 409,
                "code": "incomplete", "gaps": [1],
            }),
        );
        check(
            Problem::internal("the table `secrets` is locked"),
            json!({
                "type": "/problems/internal", "title": "Something went wrong on our side", "status": 500,
                "code": "internal",
            }),
        );
        check(
            Problem::of_status(StatusCode::IM_A_TEAPOT),
            json!({
                "type": "/problems/malformed-request", "title": "The request is not valid HTTP", "status": 418,
                "code": "malformed-request",
            }),
        );
    }

    #[test]
    fn waits_are_rounded_up() {
        let check = |milliseconds, expected: &str| {
            let problem = Problem::new(Kind::Overloaded).retry_after(Duration::from_millis(milliseconds));
            assert_eq!(problem.into_response().headers()[RETRY_AFTER], expected, "{milliseconds}");
        };
        check(0, "1");
        check(1000, "1");
        check(1001, "2");
    }

    #[test]
    fn long_details_are_cut_between_characters() {
        let problem = Problem::new(Kind::InvalidRequest).detail("ä".repeat(LONGEST_DETAIL + 1));
        assert_eq!(problem.body().detail.map(|detail| detail.chars().count()), Some(LONGEST_DETAIL + 1));
        let problem = Problem::new(Kind::InvalidRequest).detail("ä".repeat(LONGEST_DETAIL));
        assert_eq!(problem.body().detail, Some("ä".repeat(LONGEST_DETAIL)));
    }
}
