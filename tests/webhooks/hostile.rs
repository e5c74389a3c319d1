//! Receivers that mean harm: endless, slow, packed and garbled answers hold
//! nothing up and fill nothing; what our own network answers is shown to
//! nobody; and nothing that is given becomes a header or a second message.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;

use crate::harness::figure;
use crate::sink::{Sink, Step, reply};
use crate::{deliveries, delivery, endpoint, hand_over, quiet, start};

/// Bytes of this process in memory.
fn memory() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("figures of the process");
    text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).expect("pages") * 4_096
}

/// What a hostile receiver does, by its path.
fn attack(path: &str) -> Vec<Step> {
    let now = Duration::ZERO;
    let head = |more: &str| Step::Send(format!("HTTP/1.1 200 OK\r\n{more}\r\n").into_bytes());
    match path.trim_start_matches('/').split('-').next().unwrap_or_default() {
        "headers" => {
            vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Forever(b"x-a: bbbbbbbbbbbbbbbb\r\n".to_vec(), now)]
        }
        "header" => vec![Step::Send(b"HTTP/1.1 200 OK\r\nx-a: ".to_vec()), Step::Forever(vec![b'a'; 1_024], now)],
        "body" => vec![
            head("transfer-encoding: chunked\r\n"),
            Step::Forever([b"1000\r\n".as_slice(), &[b'x'; 4_096], b"\r\n"].concat(), now),
        ],
        "drip" => vec![head("content-length: 100000\r\n"), Step::Forever(b"x".to_vec(), Duration::from_secs(1))],
        "dripping" => vec![Step::Forever(b"H".to_vec(), Duration::from_secs(1))],
        "packed" => {
            // Ten million zeros behind a header that says so; nobody unpacks them.
            vec![
                head("content-encoding: gzip\r\ncontent-length: 10\r\n"),
                Step::Send(b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec()),
            ]
        }
        "hints" => vec![Step::Send(b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000)), head("content-length: 0\r\n")],
        "short" => vec![head("content-length: 50\r\n"), Step::Send(b"short".to_vec())],
        "hang" => vec![Step::Hang],
        _ => vec![Step::Send(vec![0; 512])],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_answers_hold_nothing_up() {
    const KINDS: [&str; 10] =
        ["headers", "header", "body", "drip", "dripping", "packed", "hints", "short", "hang", "zeros"];
    let service = start(|settings| settings.outbound.timeout_seconds = 4).await;
    let sink = Sink::start(|seen| attack(&seen.path)).await;
    // A receiver that takes the connection and never says its part of the TLS greeting.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let secure = format!("https://127.0.0.1:{}/", silent.local_addr().expect("an address").port());
    let held = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            all.push(stream);
        }
    });
    let (warm, _) = endpoint(&service, &sink.url("/packed-warm"), &["handoff.received"]).await;
    hand_over(&service).await;
    quiet(&service).await;
    service.send("DELETE", &format!("/v1/endpoints/{warm}"), None, &[]).await.expect(204);
    let mut ids = Vec::new();
    for number in 0..50 {
        let kind = KINDS[number % KINDS.len()];
        let url = if number % 10 == 9 && number > 20 { secure.clone() } else { sink.url(&format!("/{kind}-{number}")) };
        ids.push((kind, endpoint(&service, &url, &["handoff.received"]).await.0));
    }
    service.clock.advance(jiff::SignedDuration::from_secs(1));
    let before = memory();
    let watch = tokio::spawn(async {
        let mut most = 0;
        let mut beats = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..400 {
            beats.tick().await;
            most = memory().max(most);
        }
        most
    });
    hand_over(&service).await;
    quiet(&service).await;
    let grown = watch.await.expect("figures") - before;
    held.abort();
    let (mut longest, mut wrong) = (0, Vec::new());
    for (kind, id) in &ids {
        let shown = delivery(&service, &deliveries(&service, id).await[0]["id"]).await;
        let took = shown["log"][0]["milliseconds"].as_i64().unwrap_or(i64::MAX);
        longest = longest.max(took);
        let is_good = ["body", "packed", "hints"].contains(kind);
        if (shown["state"] == "delivered") != is_good {
            wrong.push(format!("{kind}: {shown}"));
        }
    }
    let grown_mib = grown as f64 / 1_048_576.0;
    let pass = wrong.is_empty() && longest <= 6_000 && grown_mib <= 16.0;
    figure(
        "A-14",
        pass,
        json!({"receivers": ids.len(), "deadline_ms": 4_000, "longest_ms": longest, "grown_mib": grown_mib, "wrong": wrong}),
    );
}

#[tokio::test]
async fn what_our_own_network_answers_is_shown_to_nobody() {
    const CANARY: &str = "Zephyrine-inside";
    let service = start(|_| {}).await;
    let sink =
        Sink::start(|seen| reply(if seen.path == "/bad" { 500 } else { 200 }, &[("x-inside", CANARY)], CANARY)).await;
    let mut found = 0;
    for path in ["/good", "/bad"] {
        let (id, _) = endpoint(&service, &sink.url(path), &["handoff.received"]).await;
        hand_over(&service).await;
        quiet(&service).await;
        let all = service.get(&format!("/v1/endpoints/{id}/deliveries")).await.expect(200);
        let one = deliveries(&service, &id).await[0]["id"].as_str().expect("an id").to_owned();
        let one = service.get(&format!("/v1/deliveries/{one}")).await.expect(200);
        assert!(one.json()["log"][0]["excerpt"].is_null(), "{one:?}");
        let audit = service.get("/v1/audit?limit=100").await.expect(200);
        found += [all.text, one.text, audit.text].iter().filter(|text| text.contains(CANARY)).count();
    }
    let mut lying = 0;
    for file in ["baton.db", "baton.db-wal"] {
        let bytes = std::fs::read(service.settings.data_dir.join(file)).unwrap_or_default();
        lying += bytes.windows(CANARY.len()).filter(|window| *window == CANARY.as_bytes()).count();
    }
    figure("A-15", (found, lying) == (0, 0), json!({"shown": found, "stored": lying}));
}

#[tokio::test]
async fn nothing_given_becomes_a_header_or_a_second_message() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let base = sink.url("/");
    let mut accepted = Vec::new();
    let evil = [
        "\r\nX-Evil: 1",
        "\nX-Evil: 1",
        "\r",
        "\0",
        "\u{85}",
        "\u{2028}x",
        "\t",
        " HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "\u{1b}[31m",
    ];
    for evil in evil {
        for body in [
            json!({"url": format!("{base}{evil}")}),
            json!({"url": format!("http://127.0.0.1{evil}:{}/", sink.port)}),
            json!({"url": base, "description": format!("a{evil}").replace('\u{2028}', "\u{7}").replace(" HTTP", "\u{b}")}),
            json!({"url": base, "secret": format!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw{evil}").replace('\t', "\u{b}")}),
        ] {
            let answer = service.post("/v1/endpoints", &body).await;
            // Blanks around a secret mean nothing.
            let is_blank = body.get("secret").and_then(|one| one.as_str()).is_some_and(|one| one.trim().len() == 38);
            if answer.status != 422 && !is_blank {
                accepted.push(body);
            }
        }
    }
    for name in ["Host", "Content-Length", "webhook-id", "webhook-signature", "Transfer-Encoding", "Authorization"] {
        let body = json!({"url": base, "headers": {name: "x\r\ny: z"}});
        service.post("/v1/endpoints", &body).await.expect(422);
    }
    let (_, _) = endpoint(&service, &sink.url("/one"), &["handoff.received"]).await;
    let title = "a\r\n\r\nPOST /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let body =
        json!({"route": "short", "title": title, "external_id": "x\r\nwebhook-id: evil", "known": {"note": "a\nb"}});
    service.post("/v1/handoffs", &body).await;
    hand_over(&service).await;
    quiet(&service).await;
    let seen = sink.seen_at("/one");
    let whole = seen.iter().all(|one| one.body.len().to_string() == one.header("content-length"));
    let evil = sink.seen().iter().filter(|one| one.path.contains("evil") || one.headers.contains_key("x-evil")).count();
    let names: std::collections::BTreeSet<&str> = seen[0].headers.keys().map(String::as_str).collect();
    let known = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ];
    let only_ours = names.iter().all(|name| known.contains(name));
    let pass = accepted.is_empty() && whole && evil == 0 && only_ours && (1..=2).contains(&seen.len());
    figure(
        "A-16",
        pass,
        json!({"accepted": accepted, "messages": seen.len(), "whole": whole, "evil": evil, "headers": names}),
    );
}
