//! `baton outbox` beside a running service: what waits, as text and as JSON,
//! with nothing in it that could do anything to a terminal or a log.

use std::process::Command;

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail};
use crate::life::outbox;
use crate::smtp::Smtp;

fn run(service: &Service, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["outbox", "--data-dir"])
        .arg(&service.settings.data_dir)
        .args(arguments)
        .output()
        .expect("the program");
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).expect("text"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_names_stay_on_their_line() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    assert_eq!(run(&service, &[]), (0, "No messages.\n".to_owned()));
    let attacks = [
        "\u{1b}[2J\u{1b}[31mred",
        "one\ntwo: done",
        "\",\"level\":\"ERROR",
        "\u{9b}31m",
        "\u{202e}txt.exe",
        "a\u{85}b",
    ];
    for (number, attack) in attacks.into_iter().enumerate() {
        let body = json!({
            "route": "short", "title": attack, "external_id": format!("{number}"),
            "from": {"team": "sales", "owner": {"name": attack, "email": format!("marcus{number}@acme.example"), "slack": null}},
            "sources": [{"type": "email", "filename": "mail.eml", "content": mail(&format!("It starts {attack} TBD."))}],
        });
        let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
        outbox(&service, &id, |all| all.len() == 1).await;
    }
    let (status, text) = run(&service, &[]);
    let is_bad = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    let bad = text.chars().filter(|c| is_bad(*c)).count();
    let heads = text.lines().filter(|line| line.starts_with("ltr_")).count();
    let (json_status, printed) = run(&service, &["--format", "json"]);
    let printed: Json = serde_json::from_str(&printed).expect("JSON");
    let listed = printed["data"].as_array().map(Vec::len);
    let one = service.get("/v1/outbox").await.json()["data"][0]["handoff"].as_str().expect("an id").to_owned();
    let (_, of_one) = run(&service, &["--handoff", &one]);
    assert_eq!(of_one.lines().filter(|line| line.starts_with("ltr_")).count(), 1, "{of_one}");
    assert_eq!(run(&service, &["--handoff", "nonsense"]).0, 2);
    let pass = (status, json_status, bad, heads, listed) == (0, 0, 0, attacks.len(), Some(attacks.len()));
    figure("A-36", pass, json!({"attacks": attacks.len(), "control_characters": bad, "messages": heads}));
}

/// `baton doctor` with these settings and nothing else.
fn doctor(variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("doctor-ways-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .current_dir(&folder)
        .arg("doctor")
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the program");
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).expect("text"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_tries_the_ways_to_people_and_sends_nothing() {
    let (status, text) = doctor(&[], &[]);
    assert_eq!(status, 0, "{text}");
    assert!(
        text.contains("ok     mail           not set up") && text.contains("ok     slack          not set up"),
        "{text}"
    );

    let mut server = Smtp::prepare("doctor");
    let url = server.url();
    let mail = [
        ("BATON_MAIL__URL", url.as_str()),
        ("BATON_MAIL__FROM", "Baton <baton@acme.example>"),
        ("BATON_BASE_URL", "https://baton.acme.example"),
    ];
    let (status, text) = doctor(&mail, &[]);
    assert_eq!(status, 1, "nobody listens: {text}");
    assert!(text.contains("FAILED mail") && text.contains("could not be reached") && text.contains("mend:"), "{text}");
    let (status, text) = doctor(&mail, &["--offline"]);
    assert!(status == 0 && text.contains("set up; not tried"), "{text}");
    server.start().await;
    let (status, text) = doctor(&mail, &[]);
    assert!(status == 0 && text.contains("the server takes us"), "{text}");
    assert_eq!(server.mails().len(), 0);
    let (status, text) = doctor(&mail[..2], &[]);
    assert!(status == 1 && text.contains("FAILED links") && text.contains("set base_url"), "{text}");
    let (status, text) = doctor(&[("BATON_OUTBOUND__ALLOW", "[\"http://127.0.0.1:9130\"]")], &[]);
    assert!(status == 1 && text.contains("FAILED webhooks") && text.contains("outbound.allow"), "{text}");

    for (answer, wanted, words) in [
        (json!({"ok": true, "user_id": "U1"}), 0, "Slack knows the token"),
        (json!({"ok": false, "error": "invalid_auth"}), 1, "Slack says invalid_auth"),
    ] {
        let router = axum::Router::new().route(
            "/api/auth.test",
            axum::routing::post(move || {
                let answer = answer.clone();
                async move { axum::Json(answer) }
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let slack = [("BATON_SLACK__TOKEN", "xoxb-a-secret-word"), ("BATON_SLACK__BASE_URL", url.as_str())];
        let (status, text) = doctor(&slack, &[]);
        assert!(status == wanted && text.contains(words) && !text.contains("secret-word"), "{text}");
    }
}
