//! How much the service takes: handoffs accepted a second with everything
//! synced, beside a bare axum server that stores the same bytes in the same
//! kind of database; handoffs finished a second when the model answers at
//! once; memory with a thousand in flight at a slow model. A load program: it
//! prints figures and asserts nothing. Run with `cargo bench --bench load`, and
//! for the handoffs finished a second alone with `-- finish` behind it.

mod generator;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use base64::Engine;
use baton::store::{Fault, Options, Store};
use baton::{intake, pipeline, route};
use serde_json::{Value as Json, json};

/// Callers at the same time.
const CALLERS: usize = 32;
const SECONDS: u64 = 20;

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    match only.as_deref() {
        Some("finish") => return runtime.block_on(finish()),
        Some("hold") => return runtime.block_on(hold()),
        _ => {}
    }
    let large = request(2_700, "large");
    println!("a request of {:.1} KB", large.len() as f64 / 1000.0);
    runtime.block_on(accept_bare(large.clone()));
    runtime.block_on(accept(large));
    runtime.block_on(finish());
    runtime.block_on(hold());
}

/// Requests accepted a second while the readers work beside it on what was accepted.
async fn accept(body: String) {
    let model = model(Duration::ZERO, NOTHING.to_owned()).await;
    let server = Server::start(&model, 64).await;
    let (count, times) = press(&server.handoffs(), &server.key, body, Duration::from_secs(SECONDS)).await;
    tell("baton, synced, reading beside it", count, SECONDS as f64, times);
    println!("  waiting to be read at the end: {}", server.waiting().await);
}

/// The same bytes into one table by the least code, in the same group commits.
async fn accept_bare(body: String) {
    let folder = folder("bare");
    let store = Store::open(&Options { folder }).await.expect("a database");
    store
        .writer()
        .write(|tx| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE bodies (bytes BLOB NOT NULL)").execute(tx.reading().await?).await?;
                Ok::<_, Fault>(())
            })
        })
        .await
        .expect("a table");
    let router = axum::Router::new().route("/", post(keep)).with_state(store);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (count, times) = press(&url, "", body, Duration::from_secs(SECONDS)).await;
    tell("bare axum, the same bytes, synced", count, SECONDS as f64, times);
}

async fn keep(State(store): State<Store>, body: axum::body::Bytes) -> axum::http::StatusCode {
    let kept = store
        .writer()
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO bodies (bytes) VALUES ($1)")
                    .bind(body.to_vec())
                    .execute(tx.reading().await?)
                    .await?;
                Ok::<_, Fault>(())
            })
        })
        .await;
    if kept.is_ok() { axum::http::StatusCode::ACCEPTED } else { axum::http::StatusCode::SERVICE_UNAVAILABLE }
}

/// Handoffs of 2,000 tokens from acceptance to their brief, the model answering at once: one that quotes what is stated,
/// as a model does, and one that finds nothing, so that every handoff is looked at again.
async fn finish() {
    finish_with("quotes what is stated", what_is_stated(2_000)).await;
    finish_with("finds nothing", NOTHING.to_owned()).await;
}

async fn finish_with(what: &str, answer: String) {
    const COUNT: usize = 2_000;
    let model = model(Duration::ZERO, answer).await;
    let server = Server::start(&model, 64).await;
    let body = request(2_000, "small");
    let started = Instant::now();
    press_count(&server.handoffs(), &server.key, body, COUNT).await;
    let accepted = started.elapsed();
    server.drained().await;
    let whole = started.elapsed().as_secs_f64();
    println!(
        "{COUNT} handoffs of 2,000 tokens, a model that {what}: accepted in {:.1} s, finished in {whole:.1} s: {:.0} a second, {:.1} calls each",
        accepted.as_secs_f64(),
        COUNT as f64 / whole,
        model.calls.load(Ordering::Relaxed) as f64 / COUNT as f64
    );
}

/// Memory of the server with a thousand handoffs at a model of two seconds.
async fn hold() {
    hold_with("quotes what is stated", what_is_stated(2_000)).await;
    hold_with("finds nothing", NOTHING.to_owned()).await;
}

async fn hold_with(what: &str, answer: String) {
    const COUNT: usize = 1_000;
    let model = model(Duration::from_secs(2), answer).await;
    let server = Server::start(&model, COUNT).await;
    let before = server.memory();
    let started = Instant::now();
    press_count(&server.handoffs(), &server.key, request(2_000, "held"), COUNT).await;
    server.drained().await;
    println!(
        "{COUNT} handoffs at a model of 2 s that {what}: finished in {:.1} s; memory {before:.0} MB before, {:.0} MB at most; {} asked at once at most",
        started.elapsed().as_secs_f64(),
        server.most_memory(),
        model.most.load(Ordering::Relaxed)
    );
}

/// A running program of ours.
struct Server {
    child: Child,
    url: String,
    key: String,
}

impl Server {
    async fn start(model: &FakeModel, readers: usize) -> Server {
        let folder = folder("server");
        let made = Command::new(env!("CARGO_BIN_EXE_baton"))
            .args(["keys", "create", "--scopes", "all", "--data-dir"])
            .arg(&folder)
            .output()
            .expect("a key");
        let key = String::from_utf8_lossy(&made.stdout).trim().lines().last().unwrap_or_default().to_owned();
        let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&folder)
            .env("BATON_OUR_DOMAINS", "acme.example")
            .env("BATON_MODEL__NAME", "fake")
            .env("BATON_MODEL__BASE_URL", &model.url)
            .env("BATON_MODEL__STREAM", "false")
            .env("BATON_MODEL__CONCURRENCY", readers.to_string())
            .env("BATON_SERVICE__READERS", readers.to_string())
            .env("BATON_SERVICE__REQUESTS_PER_MINUTE", "1000000")
            .env("BATON_SERVICE__BURST", "100000")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let said = first_line(child.stdout.take().expect("its words"));
        let url = said.rsplit(' ').next().unwrap_or_default().trim().to_owned();
        Server { child, url, key }
    }

    fn handoffs(&self) -> String {
        format!("{}/v1/handoffs", self.url)
    }

    async fn waiting(&self) -> i64 {
        let text =
            reqwest::get(format!("{}/healthz", self.url)).await.expect("an answer").text().await.expect("a body");
        let health: Json = serde_json::from_str(&text).expect("JSON");
        health["waiting"].as_i64().expect("a count")
    }

    /// Until nothing waits to be read.
    async fn drained(&self) {
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        while self.waiting().await > 0 {
            looks.tick().await;
        }
    }

    /// Resident memory now, in MB.
    fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    fn most_memory(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its figures");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("the figure");
        line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1000.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_line(output: std::process::ChildStdout) -> String {
    use std::io::{BufRead, BufReader};
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    line.trim().to_owned()
}

/// The answer of a model that finds nothing.
const NOTHING: &str = r#"{"records": [], "instructions_seen": []}"#;

fn body_of(answer: &str) -> String {
    json!({"id": "1", "object": "chat.completion", "model": "fake",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}],
        "usage": {"prompt_tokens": 2000, "completion_tokens": 10, "total_tokens": 2010}})
    .to_string()
}

/// The answer that quotes what rules find in a generated handoff of about so many tokens.
fn what_is_stated(tokens: usize) -> String {
    let (name, text) = route::shipped().iter().find(|(_, text)| text.contains("sales-to-onboarding")).expect("a route");
    let route = route::load(name, text).expect("a route");
    let conversation = intake::read(generator::handoff(tokens), &intake::Options::of(&["acme.example".to_owned()]));
    let request = pipeline::Request { route: &route, conversation, known: &[], as_of: jiff::Timestamp::now() };
    let brief = serde_json::to_value(pipeline::run(request).brief).expect("JSON");
    let records = brief["fields"].as_object().expect("fields").iter().filter_map(|(key, field)| {
        let evidence = field["evidence"].get(0).filter(|one| one["message"].is_string())?;
        let value = field["value"].as_str().map_or_else(|| field["value"].to_string(), str::to_owned);
        Some(json!({"key": key, "evidence": [{"msg": evidence["message"], "quote": evidence["quote"]}],
            "raw_value": evidence["quote"], "value": value, "status": "found", "note": ""}))
    });
    json!({"records": records.collect::<Vec<_>>(), "instructions_seen": []}).to_string()
}

/// An endpoint that gives one answer, after a while.
struct FakeModel {
    url: String,
    calls: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Answering {
    wait: Duration,
    body: axum::body::Bytes,
    calls: Arc<AtomicUsize>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

async fn model(wait: Duration, words: String) -> FakeModel {
    let most = Arc::new(AtomicUsize::new(0));
    let calls = Arc::new(AtomicUsize::new(0));
    let state =
        Answering { wait, body: body_of(&words).into(), calls: calls.clone(), now: Arc::default(), most: most.clone() };
    let router = axum::Router::new().route("/v1/chat/completions", post(answer)).with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    FakeModel { url, calls, most }
}

async fn answer(State(state): State<Answering>) -> axum::response::Response {
    use axum::response::IntoResponse;
    state.calls.fetch_add(1, Ordering::Relaxed);
    let now = state.now.fetch_add(1, Ordering::SeqCst) + 1;
    state.most.fetch_max(now, Ordering::SeqCst);
    pause(state.wait).await;
    state.now.fetch_sub(1, Ordering::SeqCst);
    ([("content-type", "application/json")], state.body).into_response()
}

/// A model takes its time.
async fn pause(time: Duration) {
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}

/// Closed loop: every caller sends its next request when the last one is answered.
async fn press(url: &str, key: &str, body: String, time: Duration) -> (usize, Vec<Duration>) {
    let ends = Instant::now() + time;
    let callers = (0..CALLERS).map(|_| tokio::spawn(call_until(url.to_owned(), key.to_owned(), body.clone(), ends)));
    let mut all = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        all.extend(caller.await.expect("a caller"));
    }
    all.sort();
    (all.len(), all)
}

async fn call_until(url: String, key: String, body: String, ends: Instant) -> Vec<Duration> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    while Instant::now() < ends {
        let started = Instant::now();
        send(&client, &url, &key, &body).await;
        times.push(started.elapsed());
    }
    times
}

async fn press_count(url: &str, key: &str, body: String, count: usize) {
    let left = Arc::new(AtomicUsize::new(count));
    let callers = (0..CALLERS).map(|_| {
        let (left, url, key, body) = (left.clone(), url.to_owned(), key.to_owned(), body.clone());
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                send(&client, &url, &key, &body).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.expect("a caller");
    }
}

/// Each request is a handoff of its own.
async fn send(client: &reqwest::Client, url: &str, key: &str, body: &str) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    let request = client.post(url).header("authorization", format!("Bearer {key}")).header("idempotency-key", number);
    let sent =
        request.header("content-type", "application/json").body(body.to_owned()).send().await.expect("an answer");
    assert_eq!(sent.status(), 202, "{:?}", sent.text().await);
}

/// A request with a generated handoff of about so many tokens.
fn request(tokens: usize, name: &str) -> String {
    let source = |input: baton::intake::Input| json!({"filename": input.name, "encoding": "base64", "content": base64::engine::general_purpose::STANDARD.encode(input.bytes)});
    let sources: Vec<Json> = generator::handoff(tokens).into_iter().map(source).collect();
    json!({"route": "sales-to-onboarding", "title": name, "sources": sources}).to_string()
}

fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{}-{name}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn tell(what: &str, count: usize, seconds: f64, times: Vec<Duration>) {
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{what}: {:.0} a second; p50 {:.0} ms, p99 {:.0} ms, max {:.0} ms",
        count as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
