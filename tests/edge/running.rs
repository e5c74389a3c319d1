//! A small service behind the edge on a free port, and raw connections to it:
//! what a client library would put right must reach the server as it is.

#![allow(dead_code, reason = "each suite uses its part")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Multipart, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::routing::{get, post};
use baton::api::edge::{self, EdgeSettings, RetryAfter, Trail};
use baton::api::json::Json;
use baton::api::limits::{LimitSettings, Limits};
use baton::api::parameters::{Path, Query};
use baton::api::problem::{FieldError, Kind, Problem, pages};
use baton::api::server::{self, Ended, ServerSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinHandle;

/// Long enough for every reply that comes at all.
pub const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub struct Inside {
    /// Requests that reached a handler.
    pub seen: Arc<AtomicUsize>,
    /// `/held` answers when a permit comes.
    pub gate: Arc<Semaphore>,
    limits: Arc<Limits>,
}

pub struct Running {
    pub address: SocketAddr,
    pub inside: Inside,
    pub ready: watch::Receiver<bool>,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<Ended>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Order {
    route: String,
    #[serde(default)]
    lines: Vec<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
}

pub fn router(inside: Inside) -> Router {
    let routes = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/peer", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() }))
        .route("/orders", post(|Json(order): Json<Order>| async move { (StatusCode::ACCEPTED, Json(order)) }))
        .route("/orders/{number}", get(|Path(number): Path<u32>| async move { number.to_string() }))
        .route("/pages", get(|Query(page): Query<Page>| async move { page.limit.unwrap_or(25).to_string() }))
        .route("/bytes", post(|bytes: Bytes| async move { bytes.len().to_string() }))
        .route("/upload", post(upload))
        .route("/large", get(|| async { "a reply that repeats itself. ".repeat(10_000) }))
        .route("/endless", get(|| async { Body::from_stream(endless()) }))
        .route("/panic", get(panics))
        .route("/broken", get(|| async { Err::<(), _>(Problem::internal("canary: the table is locked")) }))
        .route("/bare", get(|| async { (StatusCode::BAD_GATEWAY, "canary: plain text") }))
        .route("/held", get(held))
        .route("/limited", get(limited))
        .route("/limited/crm", get(limited_crm))
        .route("/refused", get(|| async { Err::<(), _>(Problem::new(Kind::Forbidden).member("scope", "admin")) }))
        .route("/seen", get(count))
        .layer(axum::middleware::from_fn_with_state(inside.clone(), counted))
        .with_state(inside);
    routes.merge(pages::routes())
}

async fn counted(
    State(inside): State<Inside>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    inside.seen.fetch_add(1, Ordering::SeqCst);
    next.run(request).await
}

async fn count(State(inside): State<Inside>) -> String {
    inside.seen.load(Ordering::SeqCst).to_string()
}

async fn upload(mut form: Multipart) -> Result<String, axum::extract::multipart::MultipartError> {
    let mut length = 0;
    while let Some(field) = form.next_field().await? {
        length += field.bytes().await?.len();
    }
    Ok(length.to_string())
}

async fn panics() -> StatusCode {
    panic!("canary: {}", PATIENCE.as_secs())
}

async fn held(State(inside): State<Inside>) -> Result<&'static str, Problem> {
    let permit = inside.gate.acquire().await.map_err(Problem::internal)?;
    permit.forget();
    Ok("held")
}

async fn limited(State(inside): State<Inside>, trail: Trail) -> Result<&'static str, Problem> {
    trail.note_workspace("ws_1");
    let standing = inside.limits.check("key", 1_000);
    trail.note_standing(standing);
    if standing.is_within { Ok("ok") } else { Err(standing.problem()) }
}

async fn limited_crm(inside: State<Inside>, trail: Trail) -> Result<&'static str, Problem> {
    trail.note_retry_after(RetryAfter::Omit);
    limited(inside, trail).await
}

fn endless() -> impl futures_util::Stream<Item = Result<Bytes, std::convert::Infallible>> {
    futures_util::stream::repeat_with(|| Ok(Bytes::from(vec![b'x'; 64 * 1024])))
}

/// Kept here so that event streams are known to compile and pass the edge.
pub fn events() -> Router {
    let stream = || futures_util::stream::iter([Ok::<_, std::convert::Infallible>(Event::default().data("one"))]);
    Router::new().route("/events", get(move || async move { Sse::new(stream()) }))
}

pub fn inside() -> Inside {
    let limits = Limits::new(LimitSettings { per_minute: 1, burst: 2 });
    Inside { seen: Arc::default(), gate: Arc::new(Semaphore::new(0)), limits: Arc::new(limits) }
}

pub fn edge_settings() -> EdgeSettings {
    EdgeSettings { body_deadline: Duration::from_secs(30), ..EdgeSettings::default() }
}

pub fn server_settings() -> ServerSettings {
    ServerSettings {
        notice: Duration::from_millis(50),
        linger: Duration::from_millis(300),
        ..ServerSettings::default()
    }
}

impl Running {
    pub async fn start() -> Running {
        Running::start_with(edge_settings(), server_settings()).await
    }

    pub async fn start_with(edge_settings: EdgeSettings, settings: ServerSettings) -> Running {
        let inside = inside();
        let router = edge::wrap(router(inside.clone()).merge(events()), edge_settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let (sender, mut ready) = watch::channel(false);
        let shutdown = async move { drop(stopped.await) };
        let ended = tokio::spawn(server::serve(listener, router, settings, sender, shutdown));
        ready.wait_for(|ready| *ready).await.expect("a server");
        Running { address, inside, ready, stop: Some(stop), ended }
    }

    /// Asks the server to end.
    pub fn stop(&mut self) {
        self.stop.take().expect("stopped once").send(()).expect("a running server");
    }

    pub async fn ended(self) -> Ended {
        self.ended.await.expect("a server that ends")
    }

    pub async fn connect(&self) -> Raw {
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        Raw::new(stream)
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, request: impl AsRef<[u8]>) -> Reply {
        let mut raw = self.connect().await;
        raw.send(request).await;
        raw.reply().await.expect("a reply")
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: baton.example\r\n\r\n")).await
    }
}

/// A connection without any client library.
pub struct Raw {
    pub stream: TcpStream,
    buffer: Vec<u8>,
    replies: usize,
    pub opened: Instant,
}

impl Raw {
    pub fn new(stream: TcpStream) -> Raw {
        Raw { stream, buffer: Vec::new(), replies: 0, opened: Instant::now() }
    }

    /// Whether no reply has come yet.
    pub fn is_fresh(&self) -> bool {
        self.replies == 0
    }

    /// What the other side does not take any more is lost, as on a real line.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// The next reply, or none when the connection was closed.
    pub async fn reply(&mut self) -> Option<Reply> {
        tokio::time::timeout(PATIENCE, self.read_reply()).await.expect("a reply or the connection's end in time")
    }

    async fn read_reply(&mut self) -> Option<Reply> {
        loop {
            if let Some((reply, length)) = Reply::parse(&self.buffer) {
                self.buffer.drain(..length);
                if reply.status != 100 {
                    self.replies += 1;
                    return Some(reply);
                }
                continue;
            }
            let mut piece = vec![0; 64 * 1024];
            match self.stream.read(&mut piece).await {
                Ok(0) | Err(_) => {
                    assert!(self.buffer.is_empty(), "half a reply: {}", String::from_utf8_lossy(&self.buffer));
                    return None;
                }
                Ok(length) => self.buffer.extend_from_slice(&piece[..length]),
            }
        }
    }

    /// The time from the connection's start until the server closed it.
    pub async fn closed_after(mut self) -> Duration {
        let mut scratch = [0; 1024];
        let read = async { while !matches!(self.stream.read(&mut scratch).await, Ok(0) | Err(_)) {} };
        tokio::time::timeout(PATIENCE, read).await.expect("the connection's end in time");
        self.opened.elapsed()
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Option<(Reply, usize)> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let head = String::from_utf8(bytes[..end].to_vec()).expect("a head in text");
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let pair =
            |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        let headers: Vec<_> = lines.filter_map(pair).collect();
        let mut reply = Reply { status, headers, body: Vec::new() };
        let rest = &bytes[end..];
        let length = if reply.header("transfer-encoding").is_some() {
            let (body, length) = unchunk(rest)?;
            reply.body = body;
            length
        } else {
            let length = reply.header("content-length").map_or(0, |length| length.parse().expect("a length"));
            reply.body = rest.get(..length)?.to_vec();
            length
        };
        Some((reply, end + length))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The reply is a problem of this kind, complete in all that problems have. Its document.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{self:?} {}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let document: Value = serde_json::from_slice(&self.body).expect("a document");
        assert_eq!(document["code"], code, "{document}");
        assert_eq!(document["status"], status, "{document}");
        assert_eq!(document["type"], format!("/problems/{code}"), "{document}");
        assert!(document["title"].as_str().is_some_and(|title| !title.is_empty()), "{document}");
        assert_eq!(document["instance"].as_str(), self.header("x-request-id"), "{document}");
        assert!(!self.text().contains("canary"), "{document}");
        self.is_dressed();
        document
    }

    /// Every reply has these.
    #[track_caller]
    pub fn is_dressed(&self) {
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(self.header(name), Some(expected), "{name} in {self:?}");
        }
        assert!(self.header("content-security-policy").is_some_and(|csp| csp.contains("frame-ancestors 'none'")));
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()), "{self:?}");
    }

    pub fn errors(document: &Value) -> Vec<FieldError> {
        let errors = document["errors"].as_array().cloned().unwrap_or_default();
        let field = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let read = |error: &Value| FieldError {
            pointer: field(error, "pointer"),
            code: field(error, "code"),
            detail: field(error, "detail"),
        };
        errors.iter().map(read).collect()
    }
}

/// The whole body and its length on the wire, once all of it is there.
fn unchunk(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let line = bytes.get(at..)?.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line]).ok()?, 16).ok()?;
        at += line + 2;
        body.extend_from_slice(bytes.get(at..at + size)?);
        at += size + 2;
        bytes.get(..at)?;
        if size == 0 {
            return Some((body, at));
        }
    }
}

/// A request with a body of a known length.
pub fn post_of(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: baton.example\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Packed by the command that packs for everybody.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut packer =
        Command::new("gzip").arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    let mut input = packer.stdin.take().expect("an input");
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes).expect("all is taken"));
    let output = packer.wait_with_output().expect("an output");
    writer.join().expect("all is written");
    output.stdout
}

/// Resident memory of this process at its height since `start`.
pub struct Memory {
    before: f64,
}

impl Memory {
    pub fn start() -> Memory {
        // Forgets the height so far.
        std::fs::write("/proc/self/clear_refs", "5").expect("the height is forgotten");
        Memory { before: Memory::read("VmRSS:") }
    }

    /// How many MiB it grew at most.
    pub fn grown_mebibytes(&self) -> f64 {
        Memory::read("VmHWM:") - self.before
    }

    fn read(name: &str) -> f64 {
        let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a size");
        line.split_whitespace().nth(1).and_then(|kibibytes| kibibytes.parse::<f64>().ok()).expect("a number") / 1024.0
    }
}

/// Open files of this process.
pub fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("the process's files").count()
}
