//! Replies to what never became a request: bytes the HTTP parser refuses, and
//! connections beyond the limit. They carry the same problem and the same
//! headers as every other reply.

use std::fmt::Write;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::header::CONTENT_LENGTH;
use futures_util::FutureExt;
use http_body_util::BodyExt;

use crate::api::edge;
use crate::api::problem::{Kind, Problem};

/// A whole reply, ready for the wire, after which the connection is closed.
pub fn reply(problem: Problem) -> Bytes {
    let (mut head, body) = edge::answer_outside(problem).into_parts();
    // The document lies in memory: collecting it does not wait.
    let body = body.collect().now_or_never().and_then(Result::ok).map(|body| body.to_bytes()).unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    let reason = head.status.canonical_reason().unwrap_or("Error");
    let mut text = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16());
    for (name, value) in &head.headers {
        // Every value is one of ours and plain.
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let _ = write!(text, "date: {}\r\nconnection: close\r\n\r\n", httpdate::fmt_http_date(SystemTime::now()));
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(&body);
    Bytes::from(bytes)
}

/// The problem behind a reply that the HTTP parser writes on its own, if the bytes begin one.
pub fn problem_of_automatic(bytes: &[u8]) -> Option<Problem> {
    let kind = match bytes.strip_prefix(b"HTTP/1.1 ")?.get(..3)? {
        b"400" => Kind::MalformedRequest,
        b"414" => Kind::UriTooLong,
        b"431" => Kind::HeadersTooLarge,
        _ => return None,
    };
    Some(Problem::new(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_whole() {
        let bytes = reply(Problem::new(Kind::HeadersTooLarge));
        let text = std::str::from_utf8(&bytes).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
        for name in ["x-request-id: req_", "content-type: application/problem+json", "connection: close", "date: "] {
            assert!(head.contains(&format!("\r\n{name}")), "{name} in {head}");
        }
        let document: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(document["code"], "headers-too-large");
    }

    #[test]
    fn only_errors_of_the_parser_are_taken_for_such() {
        let check = |bytes: &[u8], expected: Option<Kind>| {
            assert_eq!(problem_of_automatic(bytes).map(|problem| problem.kind()), expected, "{bytes:?}");
        };
        check(b"HTTP/1.1 400 Bad Request\r\n", Some(Kind::MalformedRequest));
        check(b"HTTP/1.1 414 URI Too Long\r\n", Some(Kind::UriTooLong));
        check(b"HTTP/1.1 431", Some(Kind::HeadersTooLarge));
        check(b"HTTP/1.1 100 Continue\r\n\r\n", None);
        check(b"HTTP/1.1 200 OK\r\n", None);
        check(b"HTTP/1.1 4", None);
        check(b"", None);
    }
}
