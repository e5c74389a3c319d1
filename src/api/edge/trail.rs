//! What is known of one request while it is under way: its id, and what inner
//! parts found out that the edge needs for the log line and the reply's
//! headers (whose workspace it is, how much of its quota is left).

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::body::BodyFailure;
use crate::api::limits::Standing;
use crate::api::problem::Problem;

/// The header that carries a request's id, both ways.
pub const REQUEST_ID: &str = "x-request-id";

/// A longer id from a caller is replaced by one of ours.
const LONGEST_REQUEST_ID: usize = 64;

/// Names one request in the reply, in the log and in problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// An id of our own.
    pub fn make() -> RequestId {
        RequestId(format!("req_{:032x}", fastrand::u128(..)))
    }

    /// The caller's id if it is short and cannot do harm in a log or a header, else one of our own.
    pub fn of(headers: &HeaderMap) -> RequestId {
        let mut given = headers.get_all(REQUEST_ID).into_iter();
        let is_safe = |id: &&str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            (1..=LONGEST_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_plain)
        };
        match (given.next().and_then(|value| value.to_str().ok()).filter(is_safe), given.next()) {
            (Some(id), None) => RequestId(id.to_owned()),
            _ => RequestId::make(),
        }
    }

    /// The id as it is written everywhere.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How the caller's program reads `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetryAfter {
    /// In seconds, as the standard says.
    #[default]
    Seconds,
    /// In milliseconds, against the standard.
    Milliseconds,
    /// Nobody knows; it is left out, and the caller's own schedule holds.
    Omit,
}

/// A handle on one request; clones are the same request. Handlers and extractors take it as an argument.
#[derive(Debug, Clone)]
pub struct Trail(Arc<Notes>);

#[derive(Debug)]
struct Notes {
    request_id: RequestId,
    workspace: OnceLock<String>,
    standing: OnceLock<Standing>,
    retry_after: OnceLock<RetryAfter>,
    body_failure: OnceLock<BodyFailure>,
}

impl Trail {
    /// Nothing is known yet but the id.
    pub fn new(request_id: RequestId) -> Trail {
        let (workspace, standing) = (OnceLock::new(), OnceLock::new());
        let (retry_after, body_failure) = (OnceLock::new(), OnceLock::new());
        Trail(Arc::new(Notes { request_id, workspace, standing, retry_after, body_failure }))
    }

    /// The request's id.
    pub fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    /// Notes whose request this is, for the log. The first note holds.
    pub fn note_workspace(&self, workspace: impl Into<String>) {
        let _ = self.0.workspace.set(workspace.into());
    }

    /// Whose request this is, once known.
    pub fn workspace(&self) -> Option<&str> {
        self.0.workspace.get().map(String::as_str)
    }

    /// Notes how the caller stands with its quota, for the reply's headers. The first note holds.
    pub fn note_standing(&self, standing: Standing) {
        let _ = self.0.standing.set(standing);
    }

    pub(super) fn standing(&self) -> Option<&Standing> {
        self.0.standing.get()
    }

    /// Notes how the caller reads `Retry-After`, for every reply that has one. The first note holds.
    pub fn note_retry_after(&self, form: RetryAfter) {
        let _ = self.0.retry_after.set(form);
    }

    pub(super) fn retry_after(&self) -> RetryAfter {
        self.0.retry_after.get().copied().unwrap_or_default()
    }

    /// The first failure holds: what follows is its consequence.
    pub(super) fn note_body_failure(&self, failure: BodyFailure) {
        let _ = self.0.body_failure.set(failure);
    }

    /// What went wrong while the body was read, if anything did.
    pub fn body_problem(&self) -> Option<Problem> {
        self.0.body_failure.get().map(BodyFailure::problem)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Trail {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Trail>().cloned().unwrap_or_else(|| Trail::new(RequestId::make())))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_short_safe_ids_are_taken_over() {
        let check = |given: &[&'static str], expected: bool| {
            let mut headers = HeaderMap::new();
            for id in given {
                headers.append(REQUEST_ID, HeaderValue::from_static(id));
            }
            let is_taken = given.first().is_some_and(|id| RequestId::of(&headers).as_str() == *id);
            assert_eq!(is_taken, expected, "{given:?}");
        };
        const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        check(&["a"], true);
        check(&["3f2b-Ab_9.1"], true);
        check(&[&LONG[..64]], true);
        check(&[LONG], false);
        check(&[""], false);
        check(&["a b"], false);
        check(&["<script>"], false);
        check(&["a", "b"], false);
        check(&[], false);
        assert_ne!(RequestId::make(), RequestId::make());
    }
}
