//! Receivers that answer endlessly, slowly, packed or garbled hold nothing up
//! and fill nothing. In a program of its own, since its memory is measured.

#[allow(dead_code)]
#[path = "../serving/conformance.rs"]
mod conformance;
#[allow(dead_code)]
#[path = "../serving/harness.rs"]
mod harness;
#[allow(dead_code)]
#[path = "../webhooks/sink.rs"]
mod sink;
#[allow(dead_code)]
#[path = "../webhooks/steps.rs"]
mod steps;

use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;

use harness::figure;
use sink::{Sink, Step};
use steps::{deliveries, delivery, endpoint, hand_over, pass_time, quiet, start};

/// Bytes of this process in memory.
fn memory() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("figures of the process");
    text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).expect("pages") * 4_096
}

static BOMB: OnceLock<Vec<u8>> = OnceLock::new();

/// A hundred million zeros, packed; nobody unpacks them.
fn bomb() -> Vec<u8> {
    let packed = Command::new("sh").args(["-c", "head -c 100000000 /dev/zero | gzip -9"]).output().expect("gzip");
    assert!(packed.status.success() && (50_000..200_000).contains(&packed.stdout.len()), "{}", packed.stdout.len());
    packed.stdout
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
            let bomb = BOMB.get_or_init(bomb);
            let length = format!("content-encoding: gzip\r\ncontent-length: {}\r\n", bomb.len());
            vec![head(&length), Step::Send(bomb.clone())]
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
