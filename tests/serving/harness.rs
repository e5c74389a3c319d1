//! A whole service in one line: a data folder of its own, a free port, a clock
//! that stands still until it is moved, rules or a fake model as the reader.
//! Tests speak to it over HTTP in the product's words.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use baton::access::callers::Preset;
use baton::access::keys::Mode;
use baton::app::{App, Clock, KeyRequest};
use baton::config::{ModelSettings, Settings};
use baton::llm::{Call, Failure, Model, Reader, Reply};
use baton::serving::Running;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

/// The moment at which services begin: the sample handoffs are judged complete or not as of about then.
pub const NOW: &str = "2026-03-03T12:00:00Z";

/// A service that runs, and a key that may do everything.
pub struct Service {
    pub url: String,
    pub key: String,
    pub clock: Clock,
    pub settings: Settings,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    ended: Option<tokio::task::JoinHandle<()>>,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON; fails the test with the whole answer when it is none.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Fails the test with the whole answer unless it has this status.
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    pub fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }
}

impl Service {
    /// Rules alone read.
    pub async fn start() -> Service {
        Service::start_with(settings(), None).await
    }

    /// A fake model reads: a function from the call to its reply.
    pub async fn start_with_model(answer: impl Fn(&Call) -> Result<Reply, Failure> + Send + Sync + 'static) -> Service {
        let model = ModelSettings { name: Some("fake".to_owned()), ..ModelSettings::default() };
        let reader = Reader::new(Model::Generated(Arc::new(answer)), &model).expect("the shipped prompts");
        Service::start_with(settings(), Some(reader)).await
    }

    pub async fn start_with(settings: Settings, reader: Option<Reader>) -> Service {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::set_to(NOW.parse().expect("a time"));
        let running = Running::start(settings.clone(), reader, clock.clone()).await.expect("it starts");
        let (url, app) = (format!("http://{}", running.address), running.app().clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(running.end_after(async move {
            let _ = stopped.await;
        }));
        let mut service = Service {
            url,
            key: String::new(),
            clock,
            settings,
            app,
            stop: Some(stop),
            ended: Some(ended),
            client: reqwest::Client::builder().pool_max_idle_per_host(64).build().expect("a client"),
        };
        service.key = service.make_key("all", "main", Mode::Live).await;
        service
    }

    /// Ends the service in order and starts it again on the same folder.
    pub async fn restart(mut self) -> Service {
        let settings = self.settings.clone();
        self.end().await;
        let mut again = Service::start_with(settings, None).await;
        again.key.clone_from(&self.key);
        again
    }

    /// Ends it in order.
    pub async fn end(&mut self) {
        if let (Some(stop), Some(ended)) = (self.stop.take(), self.ended.take()) {
            let _ = stop.send(());
            ended.await.expect("it ends");
        }
    }

    /// What the service does, without the network between.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Publishes a route of three short fields, `short`, in the workspace of `key`.
    pub async fn publish_short(&self, key: &str) {
        let bearer = format!("Bearer {key}");
        let body = short_route(1).to_string().into_bytes();
        self.send_raw("PUT", "/v1/routes/short", Some(body), &[("authorization", &bearer)]).await.expect(201);
    }

    pub async fn make_key(&self, scopes: &str, workspace: &str, mode: Mode) -> String {
        self.make_key_for(scopes, workspace, mode, Preset::Plain, None).await
    }

    pub async fn make_key_for(
        &self,
        scopes: &str,
        workspace: &str,
        mode: Mode,
        preset: Preset,
        key_pointer: Option<&str>,
    ) -> String {
        let request = KeyRequest {
            name: "a test".to_owned(),
            workspace: workspace.to_owned(),
            mode,
            scopes: scopes.parse().expect("scopes"),
            preset,
            key_pointer: key_pointer.map(str::to_owned),
            expires_at: None,
            signing_secret: None,
        };
        let (_, text) = self.app.add_key(request).await.expect("a key");
        text.expose_secret().to_owned()
    }

    /// One request with the service's own key and these headers.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Json>, headers: &[(&str, &str)]) -> Answer {
        let key = format!("Bearer {}", self.key);
        let mut all = vec![("authorization", key.as_str())];
        all.extend(headers);
        self.send_raw(method, path, body.map(|body| body.to_string().into_bytes()), &all).await
    }

    /// One request as it is: no key, no type but what `headers` say; JSON unless they name another.
    pub async fn send_raw(&self, method: &str, path: &str, body: Option<Vec<u8>>, headers: &[(&str, &str)]) -> Answer {
        let method_name = method.to_owned();
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) && body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let answer = Answer { status, headers, text };
        crate::conformance::check(&method_name, path, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Json) -> Answer {
        self.send("POST", path, Some(body), &[]).await
    }

    /// Hands a sample over and waits until it was read.
    pub async fn hand_over(&self, case: &str) -> Answer {
        self.post("/v1/handoffs?wait=25", &sample(case)).await
    }

    /// Hands over what a few lines of mail say, and waits until it was read.
    pub async fn hand_over_mail(&self, route: &str, text: &str) -> Answer {
        let body =
            json!({"route": route, "sources": [{"type": "email", "filename": "mail.eml", "content": mail(text)}]});
        self.post("/v1/handoffs?wait=25", &body).await
    }

    /// A person answers fields of a handoff as it stands now.
    pub async fn answer(&self, id: &str, fields: &Json) -> Answer {
        let seen = self.get(&format!("/v1/handoffs/{id}")).await;
        let body = json!({"by": {"name": "Marcus Lee", "email": "marcus@acme.example"}, "fields": fields});
        let path = format!("/v1/handoffs/{id}/fields");
        self.send("PATCH", &path, Some(&body), &[("if-match", seen.header("etag"))]).await
    }

    /// The handoff as soon as it is as it should be; fails the test when it does not get there.
    pub async fn until(&self, id: &str, is_so: impl Fn(&Json) -> bool) -> Json {
        let mut notices = self.app.listen();
        let path = format!("/v1/handoffs/{id}");
        let mut seen = Json::Null;
        for _ in 0..200 {
            seen = self.get(&path).await.expect(200).json();
            if is_so(&seen) {
                return seen;
            }
            // Most changes are told; looking again now and then finds the others.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), notices.recv()).await;
        }
        panic!("it never got there: {seen}");
    }

    pub async fn transfer(&self, id: &str) -> Answer {
        self.post(&format!("/v1/handoffs/{id}/transfer"), &json!({})).await
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that ended early leaves nothing behind; the folder goes with the test program's own.
        let _ = self.stop.take().map(|stop| stop.send(()));
    }
}

/// Prints what a check came to as one line of JSON, and fails the test unless it passed.
#[track_caller]
pub fn figure(check: &str, pass: bool, counts: Json) {
    let mut line = json!({"check": check, "pass": pass});
    if let (Some(line), Json::Object(counts)) = (line.as_object_mut(), counts) {
        line.extend(counts);
    }
    println!("{line}");
    assert!(pass, "{line}");
}

/// How many times something is done: more when the long form of the tests of faults runs.
pub fn rounds(short: usize, long: usize) -> usize {
    if std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}

/// A route of three short fields, of which two are needed.
pub fn short_route(version: u32) -> Json {
    json!({
        "id": "short", "version": version, "title": "Short", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true, "said_by": "theirs",
             "cues": ["go live", "live by"]},
            {"key": "contact_email", "label": "Contact e-mail", "type": "email", "required": true, "allow": ["unknown"]},
            {"key": "note", "label": "Note", "type": "text"}
        ]
    })
}

/// Settings with a folder of their own and any free port.
pub fn settings() -> Settings {
    Settings {
        data_dir: folder(),
        listen: "127.0.0.1:0".to_owned(),
        our_domains: vec!["acme.example".to_owned()],
        ..Settings::default()
    }
}

/// A new empty folder of this test's own; cargo gives test programs one place for their files.
pub fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("service-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// A sample of `evals/cases` as the body of a request.
pub fn sample(case: &str) -> Json {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases").join(case);
    let route = std::fs::read_to_string(folder.join("case.yaml")).expect("a case");
    let route = route.lines().find_map(|line| line.strip_prefix("route: ")).expect("a route").trim().to_owned();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("context")).expect("files").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let source = |file: &PathBuf| {
        let bytes = std::fs::read(file).expect("a file");
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        json!({"filename": file.file_name().and_then(|name| name.to_str()), "content": content, "encoding": "base64"})
    };
    json!({"route": route, "external_id": format!("sample:{case}"), "sources": files.iter().map(source).collect::<Vec<_>>()})
}

/// A mail of the customer's.
pub fn mail(text: &str) -> String {
    format!(
        "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
         Date: Tue, 3 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{}@northwind.example>\r\nSubject: Our start\r\n\r\n{text}\r\n",
        text.len()
    )
}
