//! A receiver that writes down every byte and answers as it is told to: well,
//! badly, slowly, endlessly or not at all. A canary counts who connects.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::pass_time;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Instant,
    pub method: String,
    pub path: String,
    /// Names in small letters; one that came twice has both values.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// How many of the signatures this secret makes, computed here and not by the product.
    pub fn signatures_by(&self, secret: &str) -> usize {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
        let (id, time) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let signed = [id.as_bytes(), b".", time.as_bytes(), b".", &self.body].concat();
        let expected = format!("v1,{}", STANDARD.encode(ring::hmac::sign(&key, &signed)));
        self.header("webhook-signature").split(' ').filter(|one| *one == expected).count()
    }
}

/// What the receiver does with a request, in order; then it closes the connection.
#[derive(Debug, Clone)]
pub enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// These bytes again and again, with that time between, as long as somebody reads.
    Forever(Vec<u8>, Duration),
    /// Nothing more, until the other side goes away.
    Hang,
}

type Respond = dyn Fn(&Seen) -> Vec<Step> + Send + Sync;

#[derive(Default)]
struct State {
    seen: Mutex<Vec<Seen>>,
    arrived: Notify,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

/// A running receiver; it ends with the test's runtime.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    state: Arc<State>,
}

impl Sink {
    pub async fn start(respond: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let (shared, respond): (_, Arc<Respond>) = (state.clone(), Arc::new(respond));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, respond) = (shared.clone(), respond.clone());
                tokio::spawn(async move {
                    let open = state.open.fetch_add(1, Ordering::SeqCst) + 1;
                    state.most_open.fetch_max(open, Ordering::SeqCst);
                    // A sender that goes away in the middle is part of the game.
                    drop(serve(stream, &state, &*respond).await);
                    state.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Sink { port, state }
    }

    /// One that says 200 to everything.
    pub async fn good() -> Sink {
        Sink::start(|_| reply(200, &[], "ok")).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Every request so far, in order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("requests").clone()
    }

    pub fn seen_at(&self, path: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.path == path).collect()
    }

    /// Connections at the same time, at most.
    pub fn most_open(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }

    /// Waits until so many requests came.
    pub async fn wait_for(&self, count: usize) {
        let begun = Instant::now();
        while self.seen().len() < count {
            assert!(begun.elapsed() < Duration::from_secs(60), "{} of {count} came", self.seen().len());
            let _ = tokio::time::timeout(Duration::from_millis(100), self.state.arrived.notified()).await;
        }
    }
}

/// An answer with these headers and its length.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<Step> {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
    vec![Step::Send(format!("{head}\r\n{body}").into_bytes())]
}

async fn serve(mut stream: TcpStream, state: &State, respond: &Respond) -> io::Result<()> {
    let Some(seen) = read_request(&mut stream).await? else { return Ok(()) };
    state.seen.lock().expect("requests").push(seen.clone());
    state.arrived.notify_waiters();
    for step in respond(&seen) {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Wait(time) => pass_time(time).await,
            Step::Forever(bytes, pause) => loop {
                stream.write_all(&bytes).await?;
                pass_time(pause).await;
            },
            Step::Hang => {
                let mut rest = [0; 64];
                while stream.read(&mut rest).await? > 0 {}
            }
        }
    }
    stream.shutdown().await
}

/// One request; none when the connection ends before. A TLS greeting gets no answer.
async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Seen>> {
    let mut held = Vec::new();
    let mut piece = vec![0; 16_384];
    loop {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return Ok(None);
        }
        held.extend_from_slice(&piece[..read]);
        let Some(end) = held.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&held[..end]).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let mut headers = BTreeMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            let both = headers.entry(name.to_lowercase()).or_insert_with(String::new);
            *both = if both.is_empty() { value.to_owned() } else { format!("{both}, {value}") };
        }
        let length: usize = headers.get("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        if held.len() < end + 4 + length {
            continue;
        }
        // Whatever comes beyond the length is a second message that nobody meant to send.
        let body = held.split_off(end + 4);
        let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        return Ok(Some(Seen { at: Instant::now(), method, path, headers, body }));
    }
}

/// Listens at every address of this machine, and counts who connects.
pub struct Canary {
    pub port: u16,
    connections: Arc<AtomicUsize>,
}

impl Canary {
    pub async fn start() -> Canary {
        let first = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
        let port = first.local_addr().expect("an address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let mut listeners = vec![first];
        // A machine without IPv6 has nothing to listen at there.
        listeners.extend(TcpListener::bind(format!("[::1]:{port}")).await.ok());
        for listener in listeners {
            let count = connections.clone();
            tokio::spawn(async move {
                while listener.accept().await.is_ok() {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Canary { port, connections }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
