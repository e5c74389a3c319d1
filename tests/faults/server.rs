//! The real program as a process of its own: started on a folder, killed,
//! ended in order, and asked over HTTP by a client that opens a connection for
//! each request, so that a request was either begun or not.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::pass_time;

/// What is set around the program, by name.
pub type Environment = Vec<(String, String)>;

/// A server process.
pub struct Server {
    child: Child,
    pub url: String,
}

/// An answer as it was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub tag: String,
    pub body: Json,
}

impl Server {
    /// Starts on a folder; an error when the process ended before it listened.
    pub fn start(folder: &Path, environment: &Environment) -> Result<Server, ExitStatus> {
        Self::start_under(&[], folder, environment)
    }

    /// The same under another program, such as a tracer.
    pub fn start_under(before: &[&str], folder: &Path, environment: &Environment) -> Result<Server, ExitStatus> {
        let mut words: Vec<&str> = before.to_vec();
        words.push(env!("CARGO_BIN_EXE_baton"));
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
        let mut child = command(words[0])
            .args(&words[1..])
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.join("data"))
            .current_dir(folder)
            .envs(environment.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let _ = output.read_line(&mut line);
        match line.trim().strip_prefix("Baton listens on ") {
            Some(url) => Ok(Server { child, url: url.to_owned() }),
            None => Err(child.wait().expect("its end")),
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a power switch does it.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("its state")
    }

    /// Tells it to end and waits for it.
    pub async fn end(self) -> ExitStatus {
        self.signal("TERM");
        self.wait(Duration::from_secs(60)).await
    }

    /// Waits until it has ended.
    pub async fn wait(mut self, at_most: Duration) -> ExitStatus {
        let begun = std::time::Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(begun.elapsed() < at_most, "the server does not end");
            pass_time(Duration::from_millis(10)).await;
        }
    }

    /// One request; an error when no whole answer came.
    pub async fn send(
        &self,
        key: &str,
        (method, path): (&str, &str),
        body: Option<&Json>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, reqwest::Error> {
        send(&self.url, key, (method, path), body, headers).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn signal(process: u32, name: &str) {
    let done = Command::new("kill").args(["-s", name, &process.to_string()]).status().expect("kill");
    assert!(done.success());
}

/// Whether it was killed, by itself or by somebody else.
pub fn was_killed(status: ExitStatus) -> bool {
    status.signal() == Some(9)
}

pub async fn send(
    url: &str,
    key: &str,
    (method, path): (&str, &str),
    body: Option<&Json>,
    headers: &[(&str, &str)],
) -> Result<Answer, reqwest::Error> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).no_proxy().build()?;
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client.request(method, format!("{url}{path}")).header("authorization", format!("Bearer {key}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = request.send().await?;
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (status, kind, tag) = (answer.status().as_u16(), header("content-type"), header("etag"));
    let text = answer.text().await?;
    Ok(Answer { status, kind, tag, body: serde_json::from_str(&text).unwrap_or(Json::Null) })
}

/// A new folder for one server, with a key that may do everything and the short route published.
pub async fn prepare(name: &str) -> (PathBuf, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{name}-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("baton.toml"), "our_domains = [\"acme.example\"]\n").expect("settings");
    let key = make_key(&folder, "main");
    let server = Server::start(&folder, &Vec::new()).expect("it starts");
    let published = server.send(&key, ("PUT", "/v1/routes/short"), Some(&route()), &[]).await.expect("an answer");
    assert_eq!(published.status, 201, "{published:?}");
    assert!(server.end().await.success());
    (folder, key)
}

/// A program without what is set for the tests alone: to the product, what it does not know is a mistake.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_remove("BATON_FAULTS").env_remove("BATON_SEED");
    command
}

pub fn make_key(folder: &Path, workspace: &str) -> String {
    let mut child = command(env!("CARGO_BIN_EXE_baton"))
        .args(["keys", "create", "--scopes", "all", "--workspace", workspace, "--data-dir"])
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut text = String::new();
    child.stdout.take().expect("its output").read_to_string(&mut text).expect("text");
    assert!(child.wait().expect("its end").success());
    text.lines().last().expect("a key").trim().to_owned()
}

/// A route with one field that the mail settles and one that a person has to.
pub fn route() -> Json {
    json!({
        "id": "short", "version": 1, "title": "Short", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "limits": {"model": "2m"},
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true, "said_by": "theirs",
             "cues": ["go live", "live by"]},
            {"key": "contact_email", "label": "Contact e-mail", "type": "email", "required": true, "allow": ["unknown"]}
        ]
    })
}

/// A handoff by its name, which is its title and stands in its mail.
pub fn handoff(name: &str) -> Json {
    let mail = format!(
        "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
         Date: Tue, 3 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{name}@northwind.example>\r\nSubject: Plan {name}\r\n\r\n\
         This is plan {name}. We go live on 1 July 2026.\r\n"
    );
    // Each with a sender of its own, since one person gets one message at a time.
    let owner = json!({"name": "Marcus Lee", "email": format!("{name}@acme.example"), "slack": null});
    json!({"route": "short", "title": name, "from": {"team": "sales", "owner": owner},
           "sources": [{"type": "email", "filename": "mail.eml", "content": mail}]})
}

/// Settings for a model at that address.
pub fn with_model(base_url: &str) -> Environment {
    let pairs = [("NAME", "fake-model"), ("BASE_URL", base_url), ("KEY", "sk-test"), ("ANSWER_FORM", "records")];
    pairs.iter().map(|(name, value)| (format!("BATON_MODEL__{name}"), (*value).to_owned())).collect()
}

/// What a good model answers to any of these handoffs.
pub fn good_reply(seen: &crate::fake::Seen) -> crate::fake::Reaction {
    let record = json!({"key": "go_live_date", "evidence": [{"msg": "m1", "quote": "We go live on 1 July 2026."}],
        "raw_value": "1 July 2026", "value": "1 July 2026", "status": "found", "note": ""});
    crate::fake::say(seen, &json!({"records": [record], "instructions_seen": []}).to_string())
}
