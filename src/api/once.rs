//! What makes a request the same as another one: the key that the caller's
//! kind of program puts somewhere, else the body itself.

use std::borrow::Cow;

use axum::http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Uri};
use sha2::Digest;

use super::caller::Permit;
use super::handoffs::render;
use super::problem::{Kind, Problem};
use crate::access::callers::{IdempotencyKey, Request};
use crate::app::{Asked, Once};

/// Who asks for a change, with the key of the request and the version it was made for.
pub fn asked<N>(
    permit: &Permit<N>,
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
    body: &[u8],
) -> Result<Asked, Problem> {
    let target = uri.path_and_query().map_or(uri.path(), |target| target.as_str());
    let body = &*without_boundary(headers, body);
    let request = Request { method: method.as_str(), target, headers, body };
    let place = place(method, uri);
    let key = permit.caller.habits.idempotency_key(&place, &request).map_err(|wrong| {
        Problem::new(Kind::InvalidHeader).error("/header/idempotency-key", "invalid", wrong.to_string())
    })?;
    let fingerprint = fingerprint(&place, body);
    let mark = permit.signed.clone();
    Ok(Asked {
        signed: mark.map(|key| Once { key, fingerprint: fingerprint.clone(), is_derived: false }),
        workspace: permit.workspace().clone(),
        actor: permit.actor(),
        once: Some(Once { is_derived: matches!(key, IdempotencyKey::Fingerprint(_)), key: key.stored(), fingerprint }),
        if_version: if_match(headers)?,
        render,
    })
}

/// The same without a key of the caller's own: for moves, which nobody repeats by sending the same bytes on purpose.
pub fn asked_by_key_alone<N>(
    permit: &Permit<N>,
    request: (&Method, &Uri, &HeaderMap),
    body: &[u8],
) -> Result<Asked, Problem> {
    let mut asked = asked(permit, request, body)?;
    asked.once = asked.once.filter(|once| !once.is_derived);
    Ok(asked)
}

/// What is asked for, without what only says how: the same mail for another route is another request.
fn place(method: &Method, uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let mut asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    asked.retain(|(name, _)| matches!(name.as_str(), "route" | "external_id" | "title" | "filename"));
    asked.sort();
    format!("{method} {} {asked:?}", uri.path())
}

/// A form sent twice has two boundaries, made up by whatever sends it; what lies between them is what counts.
fn without_boundary<'a>(headers: &HeaderMap, body: &'a [u8]) -> Cow<'a, [u8]> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = given.trim_start().to_ascii_lowercase().starts_with("multipart/");
    let named = given.split(';').filter_map(|part| part.split_once('='));
    let boundary = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("boundary")).map(|(_, value)| value);
    let Some(boundary) =
        boundary.map(|value| value.trim().trim_matches('"')).find(|value| is_form && !value.is_empty())
    else {
        return Cow::Borrowed(body);
    };
    let line = format!("--{boundary}");
    let finder = memchr::memmem::Finder::new(&line);
    let mut rest = body;
    let mut kept = Vec::with_capacity(body.len());
    while let Some(place) = finder.find(rest) {
        kept.extend_from_slice(&rest[..place]);
        rest = &rest[place + line.len()..];
    }
    kept.extend_from_slice(rest);
    Cow::Owned(kept)
}

fn fingerprint(place: &str, body: &[u8]) -> String {
    let mut digest = sha2::Sha256::new();
    digest.update(place.as_bytes());
    digest.update([0]);
    digest.update(body);
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version in `If-Match`; `*` is any. Packing proxies mark tags as weak and some callers cannot write quotes; the
/// number says which version is meant all the same.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(given) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = given.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    version_of(text).map(Some).ok_or_else(|| {
        let detail = "write the ETag of the handoff as it was answered, such as \"4\"";
        Problem::new(Kind::InvalidHeader).error("/header/if-match", "invalid", detail)
    })
}

/// The version in an ETag. What packs replies on their way marks it weak; it still names one version.
fn version_of(tag: &str) -> Option<i64> {
    let strong = tag.trim().strip_prefix("W/").unwrap_or(tag.trim());
    let number = strong.strip_prefix('"').map_or(Some(strong), |rest| rest.strip_suffix('"'))?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

/// Whether the caller holds this version already.
pub fn is_known(headers: &HeaderMap, version: i64) -> bool {
    let given = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || version_of(tag) == Some(version))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn versions_are_read_however_they_are_written() {
        let check = |given: &str, expected: Option<Option<i64>>| {
            let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_str(given).expect("a header"))]);
            assert_eq!(if_match(&headers).ok(), expected, "{given}");
        };
        check("\"4\"", Some(Some(4)));
        check("W/\"4\"", Some(Some(4)));
        check(" 4 ", Some(Some(4)));
        check("*", Some(None));
        for wrong in ["", "\"4", "4\"", "\"\"", "-4", "+4", "\"4\", \"5\"", "\"99999999999999999999\"", "four"] {
            check(wrong, None);
        }
        assert_eq!(if_match(&HeaderMap::new()).ok(), Some(None));
    }
}
