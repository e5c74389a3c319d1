//! One line in the log and one count in the figures per request. Neither says
//! what was asked: no query, no header, no body, and of the path only the
//! route it matched.

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use tokio::time::Instant;

use super::trail::Trail;

/// Counts requests by `method`, `path` (the route) and `status`.
pub const REQUESTS: &str = "baton_http_requests_total";
/// The time from a request's head to its reply's head, in seconds, by `method`, `path` and `status`.
pub const SECONDS: &str = "baton_http_request_seconds";

/// The status in log and figures of a request whose caller went away before the reply.
const GONE: u16 = 499;

/// Tells a recorder what the figures mean. Once, after it was installed.
pub fn describe() {
    describe_counter!(REQUESTS, Unit::Count, "Requests by method, route and status");
    describe_histogram!(SECONDS, Unit::Seconds, "From a request's head to its reply's head");
}

/// A request under way. Dropped without an end, it is recorded as left by its caller.
pub struct Record {
    method: &'static str,
    path: String,
    started: Instant,
    trail: Trail,
    is_open: bool,
}

impl Record {
    /// Starts the clock.
    pub fn start(request: &Request, trail: &Trail) -> Record {
        let matched = request.extensions().get::<MatchedPath>();
        // An address nobody serves would make one figure each.
        let path = matched.map_or("unmatched", MatchedPath::as_str).to_owned();
        let method = name_method(request.method());
        Record { method, path, started: Instant::now(), trail: trail.clone(), is_open: true }
    }

    /// The reply's head is ready. `cause` is what we must know of a failure and the caller must not.
    pub fn end(mut self, status: StatusCode, cause: Option<&str>) {
        self.write(status.as_u16(), cause);
    }

    fn write(&mut self, status: u16, cause: Option<&str>) {
        self.is_open = false;
        let (method, path) = (self.method, self.path.as_str());
        let (took, request_id) = (self.started.elapsed(), self.trail.request_id().as_str());
        let (workspace, milliseconds) = (self.trail.workspace(), took.as_secs_f64() * 1000.0);
        if status >= 500 {
            tracing::warn!(method, path, status, ms = milliseconds, request_id, workspace, cause, "request");
        } else {
            tracing::info!(method, path, status, ms = milliseconds, request_id, workspace, "request");
        }
        let labels = [("method", method.to_owned()), ("path", path.to_owned()), ("status", status.to_string())];
        counter!(REQUESTS, &labels).increment(1);
        histogram!(SECONDS, &labels).record(took.as_secs_f64());
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.is_open {
            self.write(GONE, None);
        }
    }
}

/// A caller may invent methods; the figures have a fixed number.
fn name_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
