//! One connection: HTTP/1 over a guarded socket, each request handed to the
//! router with the caller's address, until it closes or the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HOST, HeaderValue, TRANSFER_ENCODING};
use axum::http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tower::ServiceExt;

use super::exchange::{Exchange, ReplyBody};
use super::socket::Socket;
use super::{Phase, ServerSettings};
use crate::api::edge::Refused;
use crate::api::problem::{Kind, Problem};

/// More header lines are refused; the parser's own default.
const MOST_HEADERS: usize = 100;
/// When the server ends, a caller who was let in a moment ago gets so long to say what it wants.
const FIRST_WORDS: Duration = Duration::from_millis(250);

/// What every connection of a server shares.
#[derive(Clone)]
pub struct Shared {
    /// Answers requests.
    pub router: Router,
    /// The deadlines.
    pub settings: ServerSettings,
    /// How far the server is on its way to its end.
    pub phase: watch::Receiver<Phase>,
}

/// Serves a connection to its end. Errors of one connection are its caller's business and go no further.
pub async fn drive(stream: TcpStream, peer: SocketAddr, shared: Shared) {
    let settings = shared.settings;
    let exchange = Arc::new(Exchange::default());
    // Small replies must not wait for the caller to acknowledge the last one.
    let _ = stream.set_nodelay(true);
    let socket = TokioIo::new(Socket::new(stream, exchange.clone(), settings));
    let mut phase = shared.phase.clone();
    let seen = exchange.clone();
    let service = service_fn(move |request| answer(request, peer, shared.clone(), exchange.clone()));
    let mut builder = http1::Builder::new();
    // The socket keeps the deadlines; the parser's is a second line behind them.
    builder.timer(TokioTimer::new()).header_read_timeout(settings.keep_alive_idle + settings.head_deadline);
    builder.max_headers(MOST_HEADERS).max_header_size(settings.head_bytes);
    // A head that never ends must not fill memory before its end can be seen.
    builder.max_buf_size(settings.head_bytes.max(8192) + 1024);
    let mut connection = pin!(builder.serve_connection(socket, service));
    let ended = tokio::select! {
        // What has arrived is read before the connection is told to end.
        biased;
        ended = connection.as_mut() => Some(ended),
        _ = phase.wait_for(|phase| *phase == Phase::Closing) => None,
    };
    let ended = match ended {
        None if seen.begun() == 0 => timeout(FIRST_WORDS, connection.as_mut()).await.ok(),
        ended => ended,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    shared: Shared,
    exchange: Arc<Exchange>,
) -> Result<Response<ReplyBody>, Infallible> {
    let busy = exchange.begin();
    let refusal = refusal(&request, &exchange);
    // Of two ends of a body, we may have taken another than the proxy before us; nothing may follow it. Later heads
    // are not scanned, so no request may follow a body in chunks at all.
    let is_last =
        refusal.is_some() || request.headers().contains_key(TRANSFER_ENCODING) || *shared.phase.borrow() != Phase::Open;
    request.extensions_mut().insert(ConnectInfo(peer));
    if let Some(problem) = refusal {
        request.extensions_mut().insert(Refused(problem));
    }
    let mut response = match shared.router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if is_last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| ReplyBody::new(body, busy)))
}

/// Why a well-formed head is not taken.
fn refusal(request: &Request<Incoming>, exchange: &Exchange) -> Option<Problem> {
    let problem = Problem::new(Kind::MalformedRequest);
    if exchange.begun() == 1 && exchange.is_ambiguous() {
        return Some(problem.detail("The length of the body is given in more than one way"));
    }
    let hosts = request.headers().get_all(HOST).iter().count();
    match request.version() {
        Version::HTTP_11 if hosts == 0 => Some(problem.detail("The header Host is missing")),
        _ if hosts > 1 => Some(problem.detail("The header Host stands twice")),
        _ => None,
    }
}
