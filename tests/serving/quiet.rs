//! What the log says and what it never says: the real program at its most
//! talkative, fed with words that must not come out again.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value as Json, json};

use crate::harness::{figure, folder, mail, short_route};

/// Every text that is sent holds it.
const CANARY: &str = "Kwisatz";

/// `baton serve` as its users start it.
struct Program {
    child: Child,
    url: String,
    key: String,
    log: PathBuf,
    client: reqwest::Client,
}

impl Program {
    fn start(environment: &[(&str, &str)]) -> Program {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = folder();
        std::fs::create_dir_all(&data).expect("a folder");
        let log = data.join("log.jsonl");
        let command = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
            command.args(arguments).arg("--data-dir").arg(data.join("data")).current_dir(&data);
            command.env_remove("FAILPOINTS").env_remove("RUST_LOG");
            command
        };
        let made = command(&["keys", "create", "--scopes", "all"]).output().expect("it runs");
        let made = String::from_utf8(made.stdout).expect("text");
        let key = made.lines().last().expect("a key").to_owned();
        let mut child = command(&["serve", "--listen", "127.0.0.1:0"])
            .envs(environment.iter().copied())
            .stderr(std::fs::File::create(&log).expect("a file"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("its words")).read_line(&mut first).expect("a line");
        let url = first.trim().rsplit(' ').next().expect("an address").to_owned();
        Program { child, url, key, log, client: reqwest::Client::new() }
    }

    async fn send(&self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> (u16, String) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.url)).body(body.to_vec());
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }

    async fn post(&self, path: &str, body: &Json) -> Json {
        let (_, text) = self.send("POST", path, body.to_string().as_bytes(), &[]).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Ends it in order; its whole log, line by line.
    fn end(mut self) -> Vec<String> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
        assert!(self.child.wait().expect("it ends").success());
        let log = std::fs::read_to_string(&self.log).expect("the log is text");
        log.lines().map(str::to_owned).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _ = self.child.kill();
    }
}

/// A whole life of a handoff in which every word that can be chosen is the canary, with line breaks and colours.
async fn talk(program: &Program) -> Vec<String> {
    let odd = format!("{CANARY}\n{{\"level\":\"ERROR\",\"forged\":true}}\u{1b}[31m\r\nred");
    let mut route = short_route(1);
    route["title"] = json!(odd);
    program.send("PUT", "/v1/routes/short", route.to_string().as_bytes(), &[]).await;
    let owner = json!({"name": odd, "email": format!("{CANARY}@acme.example"), "slack": odd});
    let body = json!({
        "route": "short", "external_id": odd, "title": odd, "from": {"team": odd, "owner": owner}, "to": {"team": odd, "owner": owner},
        "trigger": {"event": odd}, "known": {"contact_email": format!("{CANARY}@northwind.example"), "note": odd},
        "sources": [
            {"filename": odd, "type": "email", "content": mail(&format!("{odd} We go live on 1 July 2026."))},
            {"filename": format!("{CANARY}.pdf"), "content": odd}, {"filename": format!("{CANARY}.json"), "content": {CANARY: odd}},
        ],
        "callback_url": format!("https://{CANARY}.example/hook?token={CANARY}"),
    });
    let headers = [
        ("x-canary", CANARY),
        ("user-agent", CANARY),
        ("cookie", CANARY),
        ("referer", CANARY),
        ("idempotency-key", CANARY),
        ("x-request-id", "Kwisatz Kwisatz"),
        ("traceparent", CANARY),
    ];
    let path = format!("/v1/handoffs?wait=20&note={CANARY}");
    let (status, begun) = program.send("POST", &path, body.to_string().as_bytes(), &headers).await;
    assert!(status == 200, "{begun}");
    let id = serde_json::from_str::<Json>(&begun).expect("JSON")["id"].as_str().expect("an id").to_owned();
    let by = json!({"name": odd, "email": format!("{CANARY}@acme.example")});
    let patch = json!({"by": by, "fields": {"note": {"value": odd}}});
    let fields = format!("/v1/handoffs/{id}/fields");
    for tag in ["*", "\"1\"", CANARY] {
        program.send("PATCH", &fields, patch.to_string().as_bytes(), &[("if-match", tag)]).await;
    }
    let (_, seen) = program.send("GET", &format!("/v1/handoffs/{id}"), b"", &[]).await;
    let version = serde_json::from_str::<Json>(&seen).expect("JSON")["version"].to_string();
    program.send("PATCH", &fields, patch.to_string().as_bytes(), &[("if-match", &format!("\"{version}\""))]).await;
    let glass = json!({"break_glass": {"approver": by, "reason": odd, "expires_at": "2126-01-01T00:00:00Z"}});
    let moved = program.post(&format!("/v1/handoffs/{id}/transfer"), &glass).await;
    let pass = moved["pass"].as_str().expect("a pass").to_owned();
    program.post("/v1/passes/verify", &json!({"pass": pass})).await;
    program.post("/v1/passes/verify", &json!({"pass": odd})).await;
    let back = json!({"by": by, "type": "wrong", "reason": odd, "fields": ["note"]});
    for (rest, body) in [
        ("accept", json!({"by": by, "read_back": odd})),
        ("return", back),
        ("sources", body.clone()),
        ("retry", json!({})),
        ("cancel", json!({"reason": odd})),
    ] {
        program.post(&format!("/v1/handoffs/{id}/{rest}"), &body).await;
    }
    program.post("/v1/checks", &body).await;
    program.post("/v1/reconcile", &json!({"records": [{"external_id": odd}]})).await;
    let guess = format!("Bearer baton_live_{CANARY}_{CANARY}");
    for (method, path, body, headers) in [
        ("GET", format!("/v1/{CANARY}"), "", vec![]),
        ("GET", format!("/v1/handoffs/{CANARY}?{CANARY}={CANARY}"), "", vec![]),
        ("GET", format!("/v1/handoffs?cursor={CANARY}&external_id={CANARY}"), "", vec![]),
        ("GET", format!("/v1/routes/{CANARY}"), "", vec![]),
        ("GET", format!("/v1/handoffs?key={CANARY}"), "", vec![("authorization", guess.as_str())]),
        ("KWISATZ", "/v1/handoffs".to_owned(), "", vec![]),
        ("POST", "/v1/handoffs".to_owned(), "{\"Kwisatz", vec![]),
        ("POST", "/v1/handoffs".to_owned(), "{\"route\": \"Kwisatz\", \"Kwisatz\": 1}", vec![]),
        ("POST", "/v1/handoffs".to_owned(), "Kwisatz", vec![("content-type", "text/Kwisatz")]),
        ("POST", "/v1/handoffs".to_owned(), "Kwisatz", vec![("content-encoding", "gzip")]),
    ] {
        program.send(method, &path, body.as_bytes(), &headers).await;
    }
    vec![pass, program.key.clone(), program.key.splitn(4, '_').nth(3).expect("a secret").to_owned()]
}

fn is_line(line: &str) -> bool {
    serde_json::from_str::<Json>(line).is_ok_and(|line| line["level"].is_string() && line.get("forged").is_none())
}

#[tokio::test]
async fn the_log_holds_nothing_that_anybody_wrote() {
    let program = Program::start(&[("RUST_LOG", "trace")]);
    let secrets = talk(&program).await;
    let log = program.end();
    let with =
        |word: &str| log.iter().filter(|line| line.to_lowercase().contains(&word.to_lowercase())).collect::<Vec<_>>();
    let canaries = with(CANARY);
    let secret: usize = secrets.iter().map(|secret| with(secret).len()).sum();
    let broken = log.iter().filter(|line| !is_line(line)).count();
    if let Some(line) = canaries.first() {
        eprintln!("{line}");
    }
    let counts = json!({"lines": log.len(), "with_content": canaries.len(), "with_secrets": secret});
    figure("R-48", canaries.is_empty() && secret == 0 && log.len() > 100, counts);
    figure("A-36", broken == 0, json!({"lines": log.len(), "not_one_event": broken}));
}

/// Messages to people and programs that cannot be sent, and a personal link: what is secret of each.
async fn talk_outside(program: &Program) -> Vec<String> {
    program.send("PUT", "/v1/routes/short", short_route(1).to_string().as_bytes(), &[]).await;
    let url = format!("http://127.0.0.1:1/{CANARY}?token={CANARY}");
    let made = program.post("/v1/endpoints", &json!({"url": url, "description": CANARY})).await;
    let mut secrets = vec![made["secret"].as_str().expect("a secret").trim_start_matches("whsec_").to_owned()];
    for (number, slack) in [(1, json!(null)), (2, json!("UKWISATZ"))] {
        let owner = json!({"name": CANARY, "email": format!("{CANARY}{number}@acme.example"), "slack": slack});
        let body = json!({
            "route": "short", "external_id": format!("{CANARY}{number}"), "title": CANARY, "from": {"team": "sales", "owner": owner},
            "sources": [{"type": "email", "filename": "mail.eml", "content": mail(CANARY)}],
        });
        let begun = program.post("/v1/handoffs?wait=20", &body).await;
        let id = begun["id"].as_str().expect("an id").to_owned();
        let person =
            json!({"person": {"name": CANARY, "email": format!("{CANARY}@acme.example")}, "purpose": "answer"});
        let link = program.post(&format!("/v1/handoffs/{id}/links"), &person).await;
        let link = link["url"].as_str().expect("an address").to_owned();
        let path = link[link.find("/l/").expect("its path")..].to_owned();
        for method in ["GET", "POST", "DELETE"] {
            program.send(method, &path, b"", &[("content-type", "application/x-www-form-urlencoded")]).await;
        }
        secrets.push(path.rsplit('.').next().expect("a signature").to_owned());
    }
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
    for _ in 0..300 {
        let (_, page) = program.send("GET", "/v1/outbox", b"", &[]).await;
        let page: Json = serde_json::from_str(&page).expect("JSON");
        let tried = page["data"].as_array().expect("messages").iter().filter(|one| one["problem"].is_string()).count();
        if tried == 2 {
            return secrets;
        }
        ticks.tick().await;
    }
    panic!("nobody tried to send the messages");
}

#[tokio::test]
async fn the_ways_out_say_nothing_of_what_they_carry() {
    let program = Program::start(&[
        ("RUST_LOG", "trace"),
        ("BATON_OUR_DOMAINS", "acme.example"),
        ("BATON_ASKING__WAIT_SECONDS", "0"),
        ("BATON_OUTBOUND__ALLOW", "127.0.0.1"),
        ("BATON_MAIL__URL", "smtp://Kwisatz:Kwisatz-word@127.0.0.1:1"),
        ("BATON_MAIL__FROM", "Kwisatz <baton@acme.example>"),
        ("BATON_SLACK__TOKEN", "xoxb-Kwisatz"),
        ("BATON_SLACK__BASE_URL", "http://127.0.0.1:1"),
    ]);
    let secrets = talk_outside(&program).await;
    let log = program.end();
    let with = |word: &str| log.iter().filter(|line| line.to_lowercase().contains(&word.to_lowercase())).count();
    let (canaries, secret) = (with(CANARY), secrets.iter().map(|secret| with(secret)).sum::<usize>());
    let broken = log.iter().filter(|line| !is_line(line)).count();
    let counts = json!({"lines": log.len(), "with_content": canaries, "with_secrets": secret, "not_one_event": broken});
    figure("R-48 ways out", (canaries, secret, broken) == (0, 0, 0) && log.len() > 20, counts);
}

#[tokio::test]
async fn a_panic_tells_its_place_alone() {
    let order = format!("job.after_claim=1*panic({CANARY})");
    let program = Program::start(&[("FAILPOINTS", &order)]);
    let body = json!({"route": "sales-to-onboarding", "known": {"customer_name": CANARY}});
    program.post("/v1/handoffs?wait=1", &body).await;
    let log = program.end();
    let told = log.iter().filter(|line| line.contains("broken off") && line.contains(".rs:")).count();
    let canaries = log.iter().filter(|line| line.contains(CANARY)).count();
    let broken = log.iter().filter(|line| !is_line(line)).count();
    figure(
        "R-48 panics",
        (told, canaries, broken) == (1, 0, 0),
        json!({"told": told, "with_content": canaries, "not_one_event": broken}),
    );
}

#[tokio::test]
async fn figures_count_and_name_nobody() {
    let program = Program::start(&[]);
    talk(&program).await;
    let (status, figures) = program.send("GET", "/metrics", b"", &[]).await;
    let ready = program.send("GET", "/readyz", b"", &[]).await;
    let lives = program.send("GET", "/healthz", b"", &[]).await;
    assert_eq!((status, ready.0, lives.0), (200, 200, 200));
    for name in ["baton_http_requests_total", "baton_http_request_seconds", "baton_waiting"] {
        assert!(figures.contains(name), "{name}: {figures}");
    }
    assert!(!figures.to_lowercase().contains(&CANARY.to_lowercase()) && !figures.contains("hnd_"), "{figures}");
    assert!(figures.contains("method=\"OTHER\"") && figures.contains("path=\"unmatched\""), "{figures}");
    program.end();
}
