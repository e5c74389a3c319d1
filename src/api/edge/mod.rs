//! What no request gets around, whichever router stands inside: an id, bounds
//! for the body and the answer's time, panics caught, every error in the form
//! of a problem, the headers of every reply, one log line, one figure.

mod body;
mod headers;
mod record;
mod room;
mod trail;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tokio::time::timeout;
use tower::{ServiceExt, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::decompression::{DecompressionBody, RequestDecompression};

use super::problem::{Kind, Problem};
use body::{Guarded, Packing};
use record::Record;
use room::Room;

pub use body::BodyFailure;
pub use record::{REQUESTS, SECONDS, describe};
pub use trail::{REQUEST_ID, RequestId, RetryAfter, Trail};

/// The bounds of every request.
#[derive(Debug, Clone, Copy)]
pub struct EdgeSettings {
    /// The most bytes of a body, as sent and as unpacked.
    pub body_limit_bytes: usize,
    /// The most bytes of all bodies together.
    pub bodies_bytes: usize,
    /// The time a body has from the request's head to its end.
    pub body_deadline: Duration,
    /// The time a handler has until its reply's head; more than the body's, and than the longest wait it may be asked.
    pub answer_deadline: Duration,
    /// Replies below are sent as they are, in bytes.
    pub pack_from_bytes: u64,
    /// How the service is reached.
    pub reached_over: Transport,
}

/// How callers reach the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Plain HTTP, as on one's own machine.
    Plain,
    /// TLS, ended by whatever stands before the service.
    Tls,
}

impl Default for EdgeSettings {
    fn default() -> EdgeSettings {
        EdgeSettings {
            body_limit_bytes: 10 * 1024 * 1024,
            bodies_bytes: 128 * 1024 * 1024,
            body_deadline: Duration::from_secs(60),
            answer_deadline: Duration::from_secs(100),
            pack_from_bytes: 1024,
            reached_over: Transport::Plain,
        }
    }
}

/// Put into a request's extensions by what stands before the edge: it is answered so, and no handler sees it.
#[derive(Debug, Clone)]
pub struct Refused(pub Problem);

/// Puts the edge around a finished router. Routes added afterwards are outside.
pub fn wrap(router: Router, settings: EdgeSettings) -> Router {
    let is_worth_it = SizeAbove::new(settings.pack_from_bytes).and(DefaultPredicate::new());
    router
        // Bodies are bounded here once, for every way of reading them.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(
            Edge { settings, room: Room::new(settings.bodies_bytes, settings.body_limit_bytes) },
            pass,
        ))
        .layer(CompressionLayer::new().gzip(true).compress_when(is_worth_it))
}

/// What the edge needs for every request.
#[derive(Clone)]
struct Edge {
    settings: EdgeSettings,
    room: Room,
}

async fn pass(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let trail = Trail::new(RequestId::of(request.headers()));
    let record = Record::start(&request, &trail);
    request.extensions_mut().insert(trail.clone());
    let settings = edge.settings;
    let answer = AssertUnwindSafe(answer(request, next, &edge, &trail));
    let response = match timeout(settings.answer_deadline, answer.catch_unwind()).await {
        Ok(Ok(response)) => response,
        // The panic's message may hold anything; where it happened, the panic hook has told.
        Ok(Err(_)) => Problem::internal("a handler panicked").into_response(),
        Err(_) => Problem::new(Kind::TimedOut).retry_after(Duration::from_secs(5)).into_response(),
    };
    let (mut response, cause) = unify(response, &trail);
    headers::complete(response.headers_mut(), &trail);
    if settings.reached_over == Transport::Tls {
        headers::demand_tls(response.headers_mut());
    }
    record.end(response.status(), cause.as_deref());
    response
}

async fn answer(mut request: Request, next: Next, edge: &Edge, trail: &Trail) -> Response {
    let settings = edge.settings;
    if let Some(Refused(problem)) = request.extensions_mut().remove::<Refused>() {
        return problem.into_response();
    }
    let packing = match body::check_head(request.headers(), settings.body_limit_bytes) {
        Ok(packing) => packing,
        Err(problem) => return problem.into_response(),
    };
    // Held until the handler has answered.
    let _room = match edge.room.take(request.headers()).await {
        Ok(room) => room,
        Err(problem) => return problem.into_response(),
    };
    let request = request.map(|body| Guarded::sent(body, settings, trail));
    match packing {
        Packing::Plain => next.run(request).await,
        Packing::Gzip => unpack(request, next, settings, trail).await,
    }
}

/// Hands the request on with its body unpacked, never beyond the limit.
async fn unpack(mut request: Request, next: Next, settings: EdgeSettings, trail: &Trail) -> Response {
    // The unpacking service knows one spelling.
    request.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let inner = service_fn(|request: Request<DecompressionBody<Body>>| {
        let request = request.map(|body| Guarded::unpacked(Body::new(body), settings, trail));
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request).await) }
    });
    match RequestDecompression::new(inner).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// Turns every error into a problem that knows its request, whoever made it. Also tells what to log of it.
fn unify(mut response: Response, trail: &Trail) -> (Response, Option<String>) {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return (response, None);
    }
    let own = response.extensions_mut().remove::<Problem>();
    // Pages tell people in their own words what is wrong.
    if own.is_none() && trail.body_problem().is_none() && is_page(&response) {
        return (response, None);
    }
    // A reader of the body may call its failure what it likes.
    let problem = trail.body_problem().or(own).unwrap_or_else(|| Problem::of_status(status));
    let problem = problem.instance(trail.request_id().as_str());
    let cause = problem.cause().map(str::to_owned);
    let mut unified = problem.into_response();
    keep_headers(response.headers(), unified.headers_mut());
    (unified, cause)
}

fn is_page(response: &Response) -> bool {
    let given = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    given.is_some_and(|given| given.starts_with("text/html"))
}

/// What a reply said beside its body (`Allow`, `Retry-After`) stays.
fn keep_headers(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if ![CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING].contains(name) && !to.contains_key(name) {
            to.append(name, value.clone());
        }
    }
}

/// The reply to something that never became a request, as status, headers and body.
pub(super) fn answer_outside(problem: Problem) -> Response {
    let trail = Trail::new(RequestId::make());
    let mut response = problem.instance(trail.request_id().as_str()).into_response();
    headers::complete(response.headers_mut(), &trail);
    response
}
