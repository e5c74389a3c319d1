//! The body as JSON: read within the edge's limit, checked for its form, then
//! for its shape. A form that is wrong is a 400 with line and column; a shape
//! that is wrong is a 422 that names the place by its JSON pointer.

mod fit;
mod pointer;
mod shape;
mod syntax;
mod words;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::edge::Trail;
use super::problem::{Kind, Problem};
use fit::Fit;
use syntax::Fault;
pub(super) use words::plain;

/// The limit for a body that did not come through the edge, in bytes.
const LIMIT_WITHOUT_EDGE: usize = 10 * 1024 * 1024;

/// A request's body as a typed value, or an answer's.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        check_type(request.headers())?;
        parse(&read_body(request).await?).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

/// The whole body of a request, as the edge lets it through. For bodies of other types, too.
pub async fn read_body(request: Request) -> Result<Bytes, Problem> {
    let trail = request.extensions().get::<Trail>().cloned();
    let limit = if trail.is_some() { usize::MAX } else { LIMIT_WITHOUT_EDGE };
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(_) => Err(match trail {
            Some(trail) => trail.body_problem().unwrap_or_else(|| Problem::new(Kind::MalformedBody)),
            None => Problem::new(Kind::BodyTooLarge),
        }),
    }
}

/// A typed value out of a body's bytes.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Some programs of the mail and CRM world cannot write JSON without it.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value = syntax::read(bytes).map_err(|fault| of_fault(bytes, fault))?;
    serde_path_to_error::deserialize(Fit(&value)).map_err(|error| shape::explain_all::<T>(&value, error))
}

fn of_fault(bytes: &[u8], fault: Fault) -> Problem {
    match fault {
        Fault::Utf8 { offset } => Problem::new(Kind::MalformedJson)
            .detail(format!("The body is not UTF-8 at byte {offset}"))
            .member("offset", offset),
        Fault::Syntax { .. } if bytes.trim_ascii().is_empty() => {
            Problem::new(Kind::MalformedJson).detail("The body is empty")
        }
        Fault::Syntax { line, column, message } => Problem::new(Kind::MalformedJson)
            .detail(format!("Line {line}, column {column}: {message}"))
            .member("line", line)
            .member("column", column),
        Fault::DuplicateKey { pointer, line, column } => Problem::new(Kind::DuplicateKey)
            .detail(format!("Line {line}, column {column}: the key stands twice"))
            .error(pointer, "duplicate-key", "the key stands twice in its object")
            .member("line", line)
            .member("column", column),
    }
}

/// Only JSON is taken, and only in UTF-8, which JSON is by its definition.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    let is_json = media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"));
    let is_utf8 = |part: &str| {
        part.strip_prefix("charset=").is_none_or(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"))
    };
    if is_json && parts.all(|part| is_utf8(&part)) {
        return Ok(());
    }
    let accept = HeaderValue::from_static("application/json");
    Err(Problem::new(Kind::UnsupportedMediaType)
        .detail("The body must be application/json in UTF-8")
        .header(header::ACCEPT, accept))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Order {
        route: String,
        #[serde(default)]
        lines: Vec<Line>,
        kind: Option<Color>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Line {
        count: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Pair {
        left: Line,
        right: Line,
        sort: Color,
        when: jiff::Timestamp,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Color {
        Red,
        Green,
    }

    /// Status and, of the places, pointer and code.
    #[track_caller]
    fn check(text: &str, status: u16, places: &[(&str, &str)]) {
        let problem = parse::<Order>(text.as_bytes()).expect_err(text).body();
        let found: Vec<_> = problem.errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
        assert_eq!((problem.status, found.as_slice()), (status, places), "{text}: {problem:?}");
    }

    #[test]
    fn shapes_that_are_wrong_are_named_by_their_place() {
        check("[]", 422, &[("", "wrong-type")]);
        check(r#"["a", [], null]"#, 422, &[("", "wrong-type")]);
        check(r#"{"route": "a", "lines": [[1]]}"#, 422, &[("/lines/0", "wrong-type")]);
        check("{}", 422, &[("/route", "missing")]);
        check(r#"{"route": 7}"#, 422, &[("/route", "wrong-type")]);
        check(r#"{"route": "a", "lines": [{"count": 1}, {"count": -1}]}"#, 422, &[("/lines/1/count", "not-allowed")]);
        check(r#"{"route": "a", "lines": [{}]}"#, 422, &[("/lines/0/count", "missing")]);
        check(r#"{"route": "a", "kind": "blue"}"#, 422, &[("/kind", "not-allowed")]);
        check(r#"{"route": "a", "status": "ready"}"#, 422, &[("/status", "unknown-key")]);
        check(r#"{"id": 1, "route": "a", "a/b": 2}"#, 422, &[("/id", "unknown-key"), ("/a~1b", "unknown-key")]);
        let nested = r#"{"route": "a", "lines": [{"count": 1, "x": 0, "y": 0}]}"#;
        check(nested, 422, &[("/lines/0/x", "unknown-key"), ("/lines/0/y", "unknown-key")]);
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let both = r#"{"route": 7, "x": 1, "lines": [{"count": "a"}, {"count": 1}, {"count": -1, "y": 0}, 5], "kind": "blue"}"#;
        let mut found = parse::<Order>(both.as_bytes()).expect_err(both).body().errors;
        found.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        let places: Vec<_> = found.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
        let expected = [
            ("/kind", "not-allowed"),
            ("/lines/0/count", "wrong-type"),
            ("/lines/2/count", "not-allowed"),
            ("/lines/2/y", "unknown-key"),
            ("/lines/3", "wrong-type"),
            ("/route", "wrong-type"),
            ("/x", "unknown-key"),
        ];
        assert_eq!(places, expected, "{found:?}");
        assert_eq!(found[5].detail, "here stands the number 7; write a text");
        // Missing keys do not hide one another, nor what else is wrong beside them and behind them.
        let check = |text: &str, expected: &[&str]| {
            let found = parse::<Pair>(text.as_bytes()).expect_err(text).body().errors;
            assert_eq!(
                found.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(),
                expected,
                "{text}: {found:?}"
            );
        };
        check("{}", &["/left", "/right", "/sort", "/when"]);
        check(r#"{"left": {}, "right": {"count": "x"}, "sort": "red"}"#, &["/left/count", "/right/count", "/when"]);
        check(r#"{"left": {"count": 1}, "right": 7, "sort": "blue", "when": 3}"#, &["/right", "/sort", "/when"]);
        check(r#"{"left": {"x": 1}}"#, &["/left/x", "/left/count", "/right", "/sort", "/when"]);
        check(r#"[{}]"#, &[""]);
        // Many mistakes are named up to a number, and cost no more than that.
        let many = format!(r#"{{"route": "a", "lines": [{}]}}"#, vec!["0"; 10_000].join(","));
        assert_eq!(parse::<Order>(many.as_bytes()).expect_err("zeros").body().errors.len(), 20);
    }

    #[test]
    fn forms_that_are_wrong_come_before_shapes() {
        check("", 400, &[]);
        check("{", 400, &[]);
        check(r#"{"x": 1, "x": 2}"#, 400, &[("/x", "duplicate-key")]);
        let problem = parse::<Value>(b"{\n\"a\": }").expect_err("not JSON").body();
        assert_eq!(problem.members.get("line"), Some(&json!(2)));
        assert_eq!(parse::<Value>(b"\xef\xbb\xbf{}").expect("a mark at the start"), json!({}));
    }

    #[test]
    fn only_json_is_taken() {
        let check = |given: &str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(given).expect("a header"));
            assert_eq!(check_type(&headers).is_ok(), expected, "{given}");
        };
        check("application/json", true);
        check("Application/JSON; charset=UTF-8", true);
        check("application/json; charset=\"utf-8\"", true);
        check("application/vnd.crm+json", true);
        check("application/json; charset=iso-8859-1", false);
        check("text/plain", false);
        check("application/jsonp", false);
        assert!(check_type(&HeaderMap::new()).is_err());
    }
}
