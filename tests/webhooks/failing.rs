//! Receivers that fail for long: they take no room from the others, are told
//! nothing more in the end, everybody else hears of that, and what they missed
//! can be sent to them when they are back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{figure, rounds};
use crate::sink::{Sink, Step, reply};
use crate::{deliveries, endpoint, hand_over, pass_time, quiet, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_hangs_does_not_slow_the_others() {
    const HEALTHY: usize = 99;
    const ROUNDS: usize = 4;
    let mut service = start(|settings| settings.service.drain_seconds = 1).await;
    let (good, hanging) = (Sink::good().await, Sink::start(|_| vec![Step::Hang]).await);
    let (hung, _) = endpoint(&service, &hanging.url("/"), &["handoff.received"]).await;
    for number in 0..HEALTHY {
        endpoint(&service, &good.url(&format!("/{number}")), &["handoff.received"]).await;
    }
    let mut waits: Vec<Duration> = Vec::new();
    for round in 0..ROUNDS {
        let begun = Instant::now();
        hand_over(&service).await;
        good.wait_for((round + 1) * HEALTHY).await;
        waits.extend(good.seen()[round * HEALTHY..].iter().map(|seen| seen.at.duration_since(begun)));
        // So that the rounds do not stand in each other's way.
        pass_time(Duration::from_millis(500)).await;
    }
    waits.sort();
    let p99 = waits[waits.len() * 99 / 100];
    let waiting = deliveries(&service, &hung).await.iter().filter(|one| one["state"] == "waiting").count();
    // One that waited behind the hanging would come after its ten seconds and more.
    let most = Duration::from_secs(if rounds(0, 1) == 1 { 2 } else { 8 });
    let pass = p99 <= most && hanging.most_open() <= 2 && waiting == ROUNDS - 2;
    let figures = json!({"healthy": HEALTHY, "deliveries": waits.len(), "p50_ms": waits[waits.len() / 2].as_millis(),
        "p99_ms": p99.as_millis(), "slots_of_the_hanging": hanging.most_open(), "waiting_behind_it": waiting});
    service.end().await;
    figure("R-34 hanging", pass, figures);
}

#[tokio::test]
async fn a_dead_one_is_cut_told_and_caught_up() {
    let service = start(|_| {}).await;
    let is_well = Arc::new(AtomicBool::new(false));
    let well = is_well.clone();
    let sick = Sink::start(move |_| reply(if well.load(Ordering::SeqCst) { 200 } else { 500 }, &[], "")).await;
    let other = Sink::good().await;
    let (dead, _) = endpoint(&service, &sick.url("/"), &[]).await;
    let (witness, _) = endpoint(&service, &other.url("/"), &["endpoint.disabled", "delivery.exhausted"]).await;
    let from = service.clock.now();
    let mut missed = vec![hand_over(&service).await];
    quiet(&service).await;
    for _ in 0..2 {
        service.clock.advance(SignedDuration::from_hours(60));
        missed.push(hand_over(&service).await);
        quiet(&service).await;
    }
    let at = format!("/v1/endpoints/{dead}");
    let shown = service.get(&at).await.expect(200).json();
    assert_eq!((shown["state"].as_str(), shown["reason"].as_str()), (Some("disabled"), Some("failing")), "{shown}");
    let told: Vec<Json> = other.seen().iter().map(|seen| seen.json()).collect();
    let disabled: Vec<&Json> = told.iter().filter(|one| one["type"] == "endpoint.disabled").collect();
    assert_eq!((disabled.len(), &disabled[0]["data"]["endpoint"]), (1, &json!(dead)));
    let attempts = sick.seen().len();
    // While it is disabled it is told nothing and nothing is kept for it.
    missed.push(hand_over(&service).await);
    service.clock.advance(SignedDuration::from_hours(30));
    quiet(&service).await;
    assert_eq!(sick.seen().len(), attempts, "no request after the end");
    let all = deliveries(&service, &dead).await;
    assert!(all.iter().all(|one| one["state"] == "cancelled" || one["state"] == "exhausted"), "{all:?}");

    is_well.store(true, Ordering::SeqCst);
    let replay = json!({"from": from, "to": service.clock.now()});
    service.post(&format!("{at}/replay"), &replay).await.expect(409);
    service.send("PATCH", &at, Some(&json!({"state": "enabled"})), &[]).await.expect(200);
    let counted = service.post(&format!("{at}/replay"), &replay).await.expect(202).json();
    quiet(&service).await;
    let caught: Vec<String> = sick.seen()[attempts..].iter().map(|seen| seen.header("webhook-id").to_owned()).collect();
    let mut connection = crate::database(&service.settings).await;
    let wanted: Vec<String> =
        sqlx::query_scalar("SELECT id FROM outbox WHERE handoff IS NOT NULL AND kind LIKE 'handoff.%'")
            .fetch_all(&mut connection)
            .await
            .expect("ids");
    let lost = wanted.iter().filter(|id| !caught.contains(id)).count();
    // A second replay has nothing left to send.
    let again = service.post(&format!("{at}/replay"), &replay).await.expect(202).json();
    quiet(&service).await;
    let loops = deliveries(&service, &witness).await.len();
    let pass = lost == 0 && caught.len() == wanted.len() && again["messages"] == 0 && missed.len() == 4 && loops <= 8;
    figure(
        "R-34 catching up",
        pass,
        json!({"missed": wanted.len(), "replayed": counted["messages"], "arrived": caught.len(), "lost": lost,
            "second_replay": again["messages"], "told_of_it": told.len()}),
    );
}

#[tokio::test]
async fn that_nobody_could_be_told_is_not_told_for_ever() {
    let service = start(|_| {}).await;
    let sick = Sink::start(|_| reply(500, &[], "")).await;
    for number in 0..3 {
        endpoint(&service, &sick.url(&format!("/{number}")), &[]).await;
    }
    hand_over(&service).await;
    for _ in 0..60 {
        quiet(&service).await;
        service.clock.advance(SignedDuration::from_hours(5));
    }
    quiet(&service).await;
    let mut connection = crate::database(&service.settings).await;
    let news: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE kind IN ('endpoint.disabled', 'delivery.exhausted')")
            .fetch_one(&mut connection)
            .await
            .expect("a number");
    // Two events to three endpoints, and three endpoints that end.
    let pass = (1..=9).contains(&news);
    figure("R-34 no loops", pass, json!({"news": news, "requests": sick.seen().len()}));
}
