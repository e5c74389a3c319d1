//! When a message is sent again, and when not: the schedule by the clock, and
//! what each kind of answer leads to.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::harness::figure;
use crate::sink::{Sink, Step, reply};
use crate::{deliveries, delivery, endpoint, hand_over, quiet, start};

/// The waits before the second attempt and those after it, in seconds.
const WAITS: [f64; 9] = [5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0];

#[tokio::test]
async fn attempts_keep_to_the_schedule() {
    let service = start(|_| {}).await;
    let sink = Sink::start(|_| reply(500, &[], "")).await;
    let (id, _) = endpoint(&service, &sink.url("/"), &["handoff.received"]).await;
    hand_over(&service).await;
    quiet(&service).await;
    let listed = deliveries(&service, &id).await;
    let (mut shares, mut early) = (Vec::new(), 0);
    for (number, wait) in WAITS.into_iter().enumerate() {
        assert_eq!(sink.seen().len(), number + 1);
        let shown = delivery(&service, &listed[0]["id"]).await;
        let next: Timestamp = shown["next_at"].as_str().expect("a time").parse().expect("a time");
        let gap = next.duration_since(service.clock.now());
        shares.push((gap.as_secs_f64() / wait * 100.0).round() / 100.0);
        service.clock.advance(gap - SignedDuration::from_millis(1));
        quiet(&service).await;
        early += usize::from(sink.seen().len() != number + 1);
        service.clock.advance(SignedDuration::from_millis(1));
        quiet(&service).await;
    }
    let last = delivery(&service, &listed[0]["id"]).await;
    let attempts = sink.seen().len();
    let kept = shares.iter().all(|share| (0.75..=1.25).contains(share));
    let ids: std::collections::BTreeSet<String> =
        sink.seen().iter().map(|seen| seen.header("webhook-id").to_owned()).collect();
    let stamps: std::collections::BTreeSet<String> =
        sink.seen().iter().map(|seen| seen.header("webhook-timestamp").to_owned()).collect();
    service.clock.advance(SignedDuration::from_hours(40));
    quiet(&service).await;
    let pass = kept
        && attempts == 10
        && early == 0
        && last["state"] == "exhausted"
        && sink.seen().len() == 10
        && (ids.len(), stamps.len()) == (1, 10);
    let figures = json!({"attempts": attempts, "shares_of_the_step": shares, "early": early, "state": last["state"],
        "ids": ids.len(), "timestamps": stamps.len()});
    figure("R-32", pass, figures);
}

/// An answer by its path, and what becomes of the delivery: delivered, waiting or cancelled.
const REPLIES: [(&str, u16, &str); 30] = [
    ("200", 200, "delivered"),
    ("201", 201, "delivered"),
    ("202", 202, "delivered"),
    ("204", 204, "delivered"),
    ("299", 299, "delivered"),
    ("300", 300, "waiting"),
    ("301", 301, "waiting"),
    ("302", 302, "waiting"),
    ("303", 303, "waiting"),
    ("307", 307, "waiting"),
    ("308", 308, "waiting"),
    ("400", 400, "waiting"),
    ("401", 401, "waiting"),
    ("404", 404, "waiting"),
    ("408", 408, "waiting"),
    ("409", 409, "waiting"),
    ("410", 410, "cancelled"),
    ("413", 413, "waiting"),
    ("422", 422, "waiting"),
    ("425", 425, "waiting"),
    ("429", 429, "waiting"),
    ("429-seconds", 429, "waiting"),
    ("503-date", 503, "waiting"),
    ("503-days", 503, "waiting"),
    ("500", 500, "waiting"),
    ("502", 502, "waiting"),
    ("503", 503, "waiting"),
    ("504", 504, "waiting"),
    ("reset", 0, "waiting"),
    ("garbage", 0, "waiting"),
];

fn answer(path: &str) -> Vec<Step> {
    let name = path.trim_start_matches('/');
    let found = REPLIES.iter().find(|(known, ..)| *known == name);
    let status = found.map_or(200, |(_, status, _)| *status);
    match name {
        "reset" => Vec::new(),
        "garbage" => vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())],
        "429-seconds" => reply(status, &[("retry-after", "3600")], ""),
        "503-date" => reply(status, &[("retry-after", "Tue, 03 Mar 2026 13:00:00 GMT")], ""),
        "503-days" => reply(status, &[("retry-after", "864000")], ""),
        _ if (300..400).contains(&status) => {
            reply(status, &[("location", "/target"), ("refresh", "0; url=/target")], "")
        }
        _ => reply(status, &[], ""),
    }
}

#[tokio::test]
async fn every_answer_has_its_consequence() {
    let service = start(|_| {}).await;
    let sink = Sink::start(|seen| answer(&seen.path)).await;
    let mut endpoints = Vec::new();
    for (name, _, _) in REPLIES {
        endpoints.push(endpoint(&service, &sink.url(&format!("/{name}")), &["handoff.received"]).await.0);
    }
    hand_over(&service).await;
    quiet(&service).await;
    let mut wrong = Vec::new();
    let count = |name: &str| sink.seen_at(&format!("/{name}")).len();
    for ((name, status, expected), id) in REPLIES.iter().zip(&endpoints) {
        let all = deliveries(&service, id).await;
        let shown = delivery(&service, &all[0]["id"]).await;
        let logged = shown["log"][0]["status"].as_u64().unwrap_or(0);
        if shown["state"] != *expected || logged != u64::from(*status) || count(name) != 1 {
            wrong.push(format!("{name}: {shown}"));
        }
    }
    // Each is tried again after five seconds, but for those that asked for more time.
    let later = ["429-seconds", "503-date", "503-days"];
    let mut early = 0;
    for (seconds, is_hour) in [(10, false), (3_500, false), (120, true), (80_000, true)] {
        service.clock.advance(SignedDuration::from_secs(seconds));
        quiet(&service).await;
        early += later.iter().filter(|name| count(name) > 1 && (!is_hour || **name == "503-days")).count();
    }
    service.clock.advance(SignedDuration::from_secs(3_600));
    quiet(&service).await;
    for name in later {
        if count(name) < 2 {
            wrong.push(format!("{name} was never tried again"));
        }
    }
    let again = REPLIES.iter().filter(|(name, _, expected)| *expected == "waiting" && count(name) < 2).count();
    let repeated = REPLIES.iter().filter(|(name, _, expected)| *expected != "waiting" && count(name) != 1).count();
    let targets = sink.seen_at("/target").len();
    let pass = wrong.is_empty() && (early, again, repeated, targets) == (0, 0, 0, 0);
    figure(
        "R-33",
        pass,
        json!({"replies": REPLIES.len(), "wrong": wrong, "before_retry_after": early, "not_tried_again": again,
            "after_success_or_410": repeated, "at_redirect_targets": targets}),
    );
}

#[tokio::test]
async fn the_deadline_counts_the_whole_answer() {
    let service = start(|settings| settings.outbound.timeout_seconds = 2).await;
    let sink = Sink::start(|_| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_vec();
        vec![Step::Send(head), Step::Forever(b"x".to_vec(), Duration::from_millis(300))]
    })
    .await;
    let (id, _) = endpoint(&service, &sink.url("/"), &["handoff.received"]).await;
    hand_over(&service).await;
    quiet(&service).await;
    let shown = delivery(&service, &deliveries(&service, &id).await[0]["id"]).await;
    let attempt = &shown["log"][0];
    let took = attempt["milliseconds"].as_i64().expect("a time");
    let pass = attempt["problem"] == "timed_out" && (1_900..6_000).contains(&took) && shown["state"] == "waiting";
    figure("R-32 deadline", pass, json!({"deadline_ms": 2_000, "took_ms": took, "problem": attempt["problem"]}));
}
