//! A fake endpoint on a free port. It speaks through a bare socket, so that it
//! can cut, drip, hang and answer rubbish, and it writes down every request.
//! Everything that the program logs meanwhile, at every level, is kept too.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use baton::config::ModelSettings;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// No log and no error may hold this word; it stands in keys, prompts, replies and bodies.
pub const CANARY: &str = "canary";

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Instant,
    pub at_wall: SystemTime,
    /// Method, path and version.
    pub line: String,
    /// Names in small letters.
    pub headers: BTreeMap<String, String>,
    pub body: Json,
}

impl Seen {
    /// What the user's message says: tells calls apart.
    pub fn user(&self) -> &str {
        self.body["messages"][1]["content"].as_str().unwrap_or_default()
    }
}

/// What the endpoint does on a connection, in order. At the end it closes the connection.
#[derive(Debug, Clone)]
pub enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Nothing more, until the other side goes away.
    Hang,
}

pub type Reaction = Vec<Step>;

/// Decides by the request, and by how often this very message came before.
type Respond = dyn Fn(&Seen, usize) -> Reaction + Send + Sync;

/// A running endpoint; it ends with the test's runtime.
pub struct Fake {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    seen: Mutex<Vec<Seen>>,
    open: Mutex<(usize, usize)>,
    connections: Mutex<usize>,
}

impl Fake {
    pub async fn start(respond: impl Fn(&Seen, usize) -> Reaction + Send + Sync + 'static) -> Fake {
        capture();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let (shared, respond): (_, Arc<Respond>) = (state.clone(), Arc::new(respond));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *shared.connections.lock().expect("connections") += 1;
                let (state, respond) = (shared.clone(), respond.clone());
                // A client that goes away in the middle is part of the game.
                tokio::spawn(async move { drop(serve(stream, &state, &*respond).await) });
            }
        });
        Fake { port, state }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// Every request so far, in order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("requests").clone()
    }

    /// The requests with this user's message.
    pub fn seen_of(&self, user: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.user() == user).collect()
    }

    /// The most requests that were being answered at one time.
    pub fn most_at_once(&self) -> usize {
        self.state.open.lock().expect("counts").1
    }

    pub fn connections(&self) -> usize {
        *self.state.connections.lock().expect("connections")
    }
}

/// An address at which nobody listens.
pub async fn closed_base_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    format!("http://{}/v1", listener.local_addr().expect("an address"))
}

async fn serve(mut stream: TcpStream, state: &State, respond: &Respond) -> io::Result<()> {
    while let Some(seen) = read_request(&mut stream).await? {
        let nth = {
            let mut all = state.seen.lock().expect("requests");
            all.push(seen.clone());
            all.iter().filter(|other| other.user() == seen.user()).count() - 1
        };
        {
            let mut open = state.open.lock().expect("counts");
            open.0 += 1;
            open.1 = open.1.max(open.0);
        }
        let mut steps = respond(&seen, nth);
        let last = steps.pop();
        let played = play(&mut stream, steps).await;
        // Before the last step: once the client has it, its next request may be faster than this count.
        state.open.lock().expect("counts").0 -= 1;
        let is_framed = played? | play(&mut stream, last.into_iter().collect()).await?;
        if !is_framed {
            break;
        }
    }
    stream.shutdown().await
}

/// Plays the steps; true when they said how long the answer is, so that the connection stays open.
async fn play(stream: &mut TcpStream, steps: Reaction) -> io::Result<bool> {
    let mut is_framed = false;
    for step in steps {
        match step {
            Step::Send(bytes) => {
                is_framed |= bytes.windows(15).any(|window| window.eq_ignore_ascii_case(b"content-length:"));
                stream.write_all(&bytes).await?;
            }
            Step::Wait(time) => drop(tokio::time::timeout(time, std::future::pending::<()>()).await),
            Step::Hang => {
                let mut rest = [0; 64];
                while stream.read(&mut rest).await? > 0 {}
            }
        }
    }
    Ok(is_framed)
}

/// One request; none at the end of the connection. A TLS greeting is answered with rubbish.
async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Seen>> {
    let mut held = Vec::new();
    let mut piece = vec![0; 65_536];
    loop {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return Ok(None);
        }
        held.extend_from_slice(&piece[..read]);
        if held.first() == Some(&0x16) {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\nthis is no canary TLS").await?;
            return Ok(None);
        }
        let Some(end) = held.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&held[..end]).into_owned();
        let mut lines = head.lines();
        let line = lines.next().unwrap_or_default().to_owned();
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers: BTreeMap<String, String> =
            pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let length: usize = headers.get("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        if held.len() < end + 4 + length {
            continue;
        }
        let body = serde_json::from_slice(&held[end + 4..end + 4 + length]).unwrap_or(Json::Null);
        return Ok(Some(Seen { at: Instant::now(), at_wall: SystemTime::now(), line, headers, body }));
    }
}

/// An answer with these headers and its length.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reaction {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
    vec![Step::Send([head.as_bytes(), b"\r\n", body].concat())]
}

/// An error as OpenAI words it.
pub fn refuse(status: u16, message: &str) -> Reaction {
    let error = json!({"error": {"message": message, "type": "x", "param": null, "code": null}});
    answer(status, &[("content-type", "application/json")], error.to_string())
}

/// One whole completion with this message and reason for its end.
pub fn completion(message: Json, finish: &str) -> Reaction {
    let usage = json!({"prompt_tokens": 20, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 16}});
    let choice = json!({"index": 0, "message": message, "finish_reason": finish});
    answer(200, &[("content-type", "application/json")], json!({"choices": [choice], "usage": usage}).to_string())
}

/// The head of a stream whose end is the connection's.
pub fn stream_head() -> Step {
    Step::Send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_vec())
}

/// One event of a stream; an empty `finish` is none.
pub fn event(content: &str, finish: &str) -> Step {
    let finish = if finish.is_empty() { Json::Null } else { json!(finish) };
    let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": finish});
    Step::Send(format!("data: {}\n\n", json!({"choices": [choice]})).into_bytes())
}

/// The last events of a stream.
pub fn farewell() -> Step {
    let usage = json!({"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 16}}});
    Step::Send(format!("data: {usage}\n\ndata: [DONE]\n\n").into_bytes())
}

/// A good answer with this text, streamed if the request asks for it.
pub fn say(seen: &Seen, text: &str) -> Reaction {
    if seen.body["stream"] != json!(true) {
        return completion(json!({"role": "assistant", "content": text}), "stop");
    }
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (start, rest) = text.split_at(middle);
    vec![stream_head(), event(start, ""), event(rest, ""), event("", "stop"), farewell()]
}

/// Settings for a model at this address, with deadlines that a busy machine keeps.
pub fn settings(base_url: String) -> ModelSettings {
    ModelSettings {
        name: Some("fake-model".into()),
        base_url,
        key: Some(format!("sk-{CANARY}-key").into()),
        timeout_seconds: 60,
        connect_seconds: 20,
        first_byte_seconds: Some(30),
        idle_seconds: Some(30),
        ..Default::default()
    }
}

fn captured() -> &'static Mutex<Vec<u8>> {
    static CAPTURED: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    CAPTURED.get_or_init(Mutex::default)
}

struct Tape;

impl io::Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        captured().lock().expect("the tape").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what any crate logs from now on, at every level.
pub fn capture() {
    let tape = tracing_subscriber::fmt().with_max_level(tracing::level_filters::LevelFilter::TRACE);
    drop(tape.with_ansi(false).with_writer(|| Tape).try_init());
}

/// All that was logged so far, in small letters.
pub fn logged() -> String {
    String::from_utf8_lossy(&captured().lock().expect("the tape")).to_lowercase()
}
