//! The headers of every reply: those that keep browsers from guessing, storing
//! and framing, the request's id, and how the caller stands with its quota.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use super::trail::{REQUEST_ID, RetryAfter, Trail};

/// On every reply; a handler that needs another value (a page with styles, a cacheable asset) sets its own.
const DEFAULTS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// One year, in seconds.
const STRICT_TRANSPORT: &str = "max-age=31536000; includeSubDomains";

/// Completes a reply's headers.
pub fn complete(headers: &mut HeaderMap, trail: &Trail) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // What event streams get by themselves still lets copies be kept.
    if headers.get(CACHE_CONTROL).is_some_and(|value| value == "no-cache") {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(trail.request_id().as_str()) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    if let Some(standing) = trail.standing() {
        standing.write_to(headers);
    }
    adapt_retry_after(headers, trail.retry_after());
}

/// Tells browsers to come back over TLS alone; only true where the service is reached that way.
pub fn demand_tls(headers: &mut HeaderMap) {
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
}

/// Writes the wait in the form the caller's program reads.
fn adapt_retry_after(headers: &mut HeaderMap, form: RetryAfter) {
    let Some(seconds) = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u64>().ok()) else {
        return;
    };
    match form {
        RetryAfter::Seconds => (),
        RetryAfter::Milliseconds => {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.saturating_mul(1000)));
        }
        RetryAfter::Omit => {
            headers.remove(RETRY_AFTER);
        }
    }
}
