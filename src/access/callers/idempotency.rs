//! The key under which a request and its repetitions count as one. Each kind
//! of key is marked, so that a key that someone chose can never meet a
//! fingerprint.

use http::HeaderMap;
use serde_json::Value as Json;

use super::Request;
use crate::access::primitives::{hex, sha256};
use crate::access::webhooks;

const HEADER: &str = "idempotency-key";
const PARAMETER: &str = "idempotency_key";
const MOST_LETTERS: usize = 255;

/// Where a key came from, and its text. Unique within a workspace only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IdempotencyKey {
    /// From the header or the query.
    Given(String),
    /// From a place in the body.
    Body(String),
    /// The id of a signed message.
    Message(String),
    /// SHA-256 over route and raw body, in hex.
    Fingerprint(String),
}

impl IdempotencyKey {
    /// The form that is stored.
    pub fn stored(&self) -> String {
        match self {
            IdempotencyKey::Given(text) => format!("key:{text}"),
            IdempotencyKey::Body(text) => format!("body:{text}"),
            IdempotencyKey::Message(text) => format!("message:{text}"),
            IdempotencyKey::Fingerprint(text) => format!("print:{text}"),
        }
    }
}

/// A key that a caller chose and that cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongKey {
    #[error("the idempotency key is empty")]
    Empty,
    #[error("the idempotency key is longer than 255 letters")]
    TooLong,
    #[error("the idempotency key holds more than visible ASCII letters")]
    WrongLetters,
    #[error("the idempotency key is given twice, and differs")]
    Differs,
}

/// The key that the caller put into the header or the query.
pub(super) fn given(request: &Request) -> Result<Option<IdempotencyKey>, WrongKey> {
    let mut found: Option<String> = None;
    for value in request.headers.get_all(HEADER) {
        let text = value.to_str().map_err(|_| WrongKey::WrongLetters)?;
        keep(&mut found, unquote(text.trim_matches([' ', '\t']))?)?;
    }
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name == PARAMETER {
            keep(&mut found, value.into_owned())?;
        }
    }
    Ok(found.map(IdempotencyKey::Given))
}

fn keep(found: &mut Option<String>, key: String) -> Result<(), WrongKey> {
    if key.is_empty() {
        return Err(WrongKey::Empty);
    }
    if key.len() > MOST_LETTERS {
        return Err(WrongKey::TooLong);
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(WrongKey::WrongLetters);
    }
    match found {
        Some(other) if *other != key => Err(WrongKey::Differs),
        _ => {
            *found = Some(key);
            Ok(())
        }
    }
}

/// The draft standard wants a quoted string (RFC 8941, 3.3.3); most callers send the bare text. Both are the same key.
fn unquote(text: &str) -> Result<String, WrongKey> {
    let Some(rest) = text.strip_prefix('"') else {
        return if text.contains('"') { Err(WrongKey::WrongLetters) } else { Ok(text.to_owned()) };
    };
    let inner = rest.strip_suffix('"').ok_or(WrongKey::WrongLetters)?;
    let mut key = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        key.push(match letter {
            '"' => return Err(WrongKey::WrongLetters),
            '\\' => letters.next().filter(|next| matches!(next, '"' | '\\')).ok_or(WrongKey::WrongLetters)?,
            other => other,
        });
    }
    Ok(key)
}

/// The text or number at a place in the body. The caller's tool fills it in, so that a value which cannot
/// be a key as it stands is hashed rather than refused: some callers never come back after a refusal.
pub(super) fn in_body(pointer: &str, body: &[u8]) -> Option<IdempotencyKey> {
    let body: Json = serde_json::from_slice(body).ok()?;
    let text = match body.pointer(pointer)? {
        Json::String(text) if !text.trim().is_empty() => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_plain = text.len() <= MOST_LETTERS && text.bytes().all(|byte| byte.is_ascii_graphic());
    let hashed = || format!("sha256-{}", hex(&sha256(&[text.as_bytes()])));
    Some(IdempotencyKey::Body(if is_plain { text.clone() } else { hashed() }))
}

/// The id of a message by Standard Webhooks, which is the same for all its attempts.
pub(super) fn message(headers: &HeaderMap) -> Option<IdempotencyKey> {
    let id = headers.get(webhooks::ID)?.to_str().ok()?;
    let is_plain = (1..=MOST_LETTERS).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then(|| IdempotencyKey::Message(id.to_owned()))
}

/// The route's length stands before it, so that no letter can move from the route into the body.
pub(super) fn fingerprint(route: &str, body: &[u8]) -> IdempotencyKey {
    let length = (route.len() as u64).to_be_bytes();
    IdempotencyKey::Fingerprint(hex(&sha256(&[&length, route.as_bytes(), body])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of a request with these headers and this target.
    fn check(headers: &[&str], target: &str, expected: Result<Option<&str>, WrongKey>) {
        let name = http::HeaderName::from_static(HEADER);
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(&name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        let request = Request { method: "POST", target, headers: &map, body: b"" };
        let expected = expected.map(|key| key.map(|key| IdempotencyKey::Given(key.to_owned())));
        assert_eq!(given(&request), expected, "{headers:?} {target}");
    }

    #[test]
    fn keys_are_given_in_header_or_query() {
        let target = "/v1/handoffs";
        check(&[], target, Ok(None));
        check(&["a-1"], target, Ok(Some("a-1")));
        check(&["\"a-1\""], target, Ok(Some("a-1")));
        check(&[" a-1\t"], target, Ok(Some("a-1")));
        check(&[r#""a\"b\\c""#], target, Ok(Some(r#"a"b\c"#)));
        check(&["'; DROP--"], target, Err(WrongKey::WrongLetters));
        check(&["';DROP--"], target, Ok(Some("';DROP--")));
        for wrong in ["a\"", "\"a", "\"", "\"a\"b\"", r#""a\b""#, r#""a\""#, "\"a\";x=1", "a b", "\"a b\"", "ä"] {
            check(&[wrong], target, Err(WrongKey::WrongLetters));
        }
        check(&[""], target, Err(WrongKey::Empty));
        check(&["\"\""], target, Err(WrongKey::Empty));
        check(&[&"k".repeat(255)], target, Ok(Some(&"k".repeat(255))));
        check(&[&"k".repeat(256)], target, Err(WrongKey::TooLong));
        check(&[&"k".repeat(10_000)], target, Err(WrongKey::TooLong));
        check(&["a", "a"], target, Ok(Some("a")));
        check(&["a", "b"], target, Err(WrongKey::Differs));
        check(&[], "/v1/handoffs?idempotency_key=deal-7", Ok(Some("deal-7")));
        check(&[], "/v1/handoffs?wait=5&idempotency_key=deal%3A7&x", Ok(Some("deal:7")));
        check(&["deal-7"], "/v1/handoffs?idempotency_key=deal-7", Ok(Some("deal-7")));
        check(&["deal-8"], "/v1/handoffs?idempotency_key=deal-7", Err(WrongKey::Differs));
        check(&[], "/v1/handoffs?idempotency_key=", Err(WrongKey::Empty));
        check(&[], "/v1/handoffs?idempotency_key=a%0D%0Ab", Err(WrongKey::WrongLetters));
        check(&[], "/v1/handoffs?idempotency_key=a&idempotency_key=b", Err(WrongKey::Differs));
    }

    #[test]
    fn keys_are_found_in_bodies() {
        let check = |body: &str, expected: Option<&str>| {
            let found = in_body("/event/id", body.as_bytes());
            assert_eq!(found, expected.map(|key| IdempotencyKey::Body(key.to_owned())), "{body}");
        };
        check(r#"{"event": {"id": "e-1"}}"#, Some("e-1"));
        check(r#"{"event": {"id": 12345}}"#, Some("12345"));
        for none in ["null", "true", "\" \"", "\"\"", "{}", "[1]"] {
            check(&format!(r#"{{"event": {{"id": {none}}}}}"#), None);
        }
        check("{}", None);
        check("no JSON", None);
        check("", None);
        let odd = in_body("/a", r#"{"a": "Größe 1"}"#.as_bytes()).expect("a key").stored();
        assert!(odd.starts_with("body:sha256-") && odd.len() == 12 + 64, "{odd}");
        assert_ne!(Some(odd), in_body("/a", r#"{"a": "Größe 2"}"#.as_bytes()).map(|key| key.stored()));
    }

    #[test]
    fn fingerprints_tell_route_and_body_apart() {
        assert_eq!(fingerprint("a", b"b"), fingerprint("a", b"b"));
        for (route, body) in [("a", &b"c"[..]), ("b", b"b"), ("ab", b""), ("", b"ab")] {
            assert_ne!(fingerprint(route, body), fingerprint("a", b"b"), "{route}");
        }
    }
}
