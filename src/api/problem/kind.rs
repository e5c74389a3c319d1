//! Every kind of problem the service answers, with its code, its status and
//! its title. The list is closed, so that a caller can rely on the codes, and
//! no other file decides which status an error has.

use axum::http::StatusCode;

/// What went wrong, in the caller's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each kind's code and title stand in one table below")]
pub enum Kind {
    MalformedRequest,
    MalformedBody,
    MalformedJson,
    DuplicateKey,
    InvalidQuery,
    InvalidHeader,
    Unauthorized,
    SignatureRefused,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    BodyTimeout,
    Conflict,
    Incomplete,
    Reading,
    Erased,
    VersionMismatch,
    BodyTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    UnsupportedEncoding,
    InvalidRequest,
    IdempotencyMismatch,
    VersionRequired,
    QuotaExceeded,
    TooManyFailures,
    HeadersTooLarge,
    Internal,
    Unavailable,
    Overloaded,
    TimedOut,
}

impl Kind {
    /// Every kind, in the order of their statuses.
    pub const ALL: [Kind; 32] = [
        Kind::MalformedRequest,
        Kind::MalformedBody,
        Kind::MalformedJson,
        Kind::DuplicateKey,
        Kind::InvalidQuery,
        Kind::InvalidHeader,
        Kind::Unauthorized,
        Kind::SignatureRefused,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::MethodNotAllowed,
        Kind::NotAcceptable,
        Kind::BodyTimeout,
        Kind::Conflict,
        Kind::Incomplete,
        Kind::Reading,
        Kind::Erased,
        Kind::VersionMismatch,
        Kind::BodyTooLarge,
        Kind::UriTooLong,
        Kind::UnsupportedMediaType,
        Kind::UnsupportedEncoding,
        Kind::InvalidRequest,
        Kind::IdempotencyMismatch,
        Kind::VersionRequired,
        Kind::QuotaExceeded,
        Kind::TooManyFailures,
        Kind::HeadersTooLarge,
        Kind::Internal,
        Kind::Unavailable,
        Kind::Overloaded,
        Kind::TimedOut,
    ];

    fn entry(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Kind::MalformedRequest => ("malformed-request", S::BAD_REQUEST, "The request is not valid HTTP"),
            Kind::MalformedBody => ("malformed-body", S::BAD_REQUEST, "The body could not be read"),
            Kind::MalformedJson => ("malformed-json", S::BAD_REQUEST, "The body is not valid JSON"),
            Kind::DuplicateKey => ("duplicate-key", S::BAD_REQUEST, "A key stands twice in one object"),
            Kind::InvalidQuery => ("invalid-query", S::BAD_REQUEST, "A query parameter is not valid"),
            Kind::InvalidHeader => ("invalid-header", S::BAD_REQUEST, "A header is not valid"),
            Kind::Unauthorized => ("unauthorized", S::UNAUTHORIZED, "A valid key is needed"),
            Kind::SignatureRefused => ("signature-refused", S::UNAUTHORIZED, "The request is not signed as it must be"),
            Kind::Forbidden => ("forbidden", S::FORBIDDEN, "The key does not allow this"),
            Kind::NotFound => ("not-found", S::NOT_FOUND, "There is nothing here"),
            Kind::MethodNotAllowed => ("method-not-allowed", S::METHOD_NOT_ALLOWED, "The method is not known here"),
            Kind::NotAcceptable => ("not-acceptable", S::NOT_ACCEPTABLE, "None of the accepted formats can be given"),
            Kind::BodyTimeout => ("body-timeout", S::REQUEST_TIMEOUT, "The body did not arrive in time"),
            Kind::Conflict => ("conflict", S::CONFLICT, "The handoff's state does not allow this"),
            Kind::Incomplete => ("incomplete", S::CONFLICT, "The handoff is not complete"),
            Kind::Reading => ("reading", S::CONFLICT, "Context still waits to be read"),
            Kind::Erased => ("erased", S::GONE, "The handoff was erased"),
            Kind::VersionMismatch => ("version-mismatch", S::PRECONDITION_FAILED, "The handoff has changed since"),
            Kind::BodyTooLarge => ("body-too-large", S::PAYLOAD_TOO_LARGE, "The body is too large"),
            Kind::UriTooLong => ("uri-too-long", S::URI_TOO_LONG, "The address is too long"),
            Kind::UnsupportedMediaType => {
                ("unsupported-media-type", S::UNSUPPORTED_MEDIA_TYPE, "The body's type is not taken here")
            }
            Kind::UnsupportedEncoding => {
                ("unsupported-encoding", S::UNSUPPORTED_MEDIA_TYPE, "The body's encoding is not taken here")
            }
            Kind::InvalidRequest => ("invalid-request", S::UNPROCESSABLE_ENTITY, "The request is not valid"),
            Kind::IdempotencyMismatch => {
                ("idempotency-mismatch", S::UNPROCESSABLE_ENTITY, "The key was used for another request")
            }
            Kind::VersionRequired => ("version-required", S::PRECONDITION_REQUIRED, "If-Match is needed here"),
            Kind::QuotaExceeded => ("quota-exceeded", S::TOO_MANY_REQUESTS, "Too many requests"),
            Kind::TooManyFailures => ("too-many-failures", S::TOO_MANY_REQUESTS, "Too many failed attempts"),
            Kind::HeadersTooLarge => {
                ("headers-too-large", S::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large")
            }
            Kind::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
            Kind::Unavailable => ("unavailable", S::SERVICE_UNAVAILABLE, "The service cannot answer now"),
            Kind::Overloaded => ("overloaded", S::SERVICE_UNAVAILABLE, "The service has too much to do"),
            Kind::TimedOut => ("timed-out", S::SERVICE_UNAVAILABLE, "The answer took too long"),
        }
    }

    /// The stable name of the kind, as in `"code"` and at the end of `"type"`.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// The status the kind is answered with.
    pub fn status(self) -> StatusCode {
        self.entry().1
    }

    /// One short sentence, the same for every problem of the kind.
    pub fn title(self) -> &'static str {
        self.entry().2
    }

    /// The kind with this code.
    pub fn of_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The most general kind for a status that came without a problem.
    pub fn of_status(status: StatusCode) -> Kind {
        let first = Kind::ALL.into_iter().find(|kind| kind.status() == status);
        match first {
            // Of the kinds that share a status, these say the least.
            Some(_) if status == StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable,
            Some(kind) => kind,
            None if status.is_server_error() => Kind::Internal,
            None => Kind::MalformedRequest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_fit_into_an_address() {
        for (position, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(Kind::of_code(kind.code()), Some(kind), "{kind:?} shares its code");
            assert!(kind.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{kind:?}");
            assert!(kind.status().is_client_error() || kind.status().is_server_error(), "{kind:?}");
            let before = position.checked_sub(1).map_or(0, |before| Kind::ALL[before].status().as_u16());
            assert!(before <= kind.status().as_u16(), "{kind:?} stands out of order");
        }
    }

    #[test]
    fn bare_statuses_get_their_most_general_kind() {
        let check = |status: u16, expected| {
            assert_eq!(Kind::of_status(StatusCode::from_u16(status).expect("a status")), expected, "{status}");
        };
        check(400, Kind::MalformedRequest);
        check(404, Kind::NotFound);
        check(409, Kind::Conflict);
        check(415, Kind::UnsupportedMediaType);
        check(418, Kind::MalformedRequest);
        check(422, Kind::InvalidRequest);
        check(500, Kind::Internal);
        check(502, Kind::Internal);
        check(503, Kind::Unavailable);
    }
}
