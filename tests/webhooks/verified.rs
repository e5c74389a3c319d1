//! Ten thousand deliveries as a receiver has them, headers and bytes, read by
//! somebody else's program: it takes all of them, and none with one bit changed.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use jiff::Timestamp;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::signed::{Message, verify_elsewhere};
use crate::sink::{Seen, Sink};
use crate::{endpoint, hand_over, quiet, start};

const ENDPOINTS: usize = 100;
/// Of each, two events are told.
const HANDOFFS: usize = 50;
const DELIVERIES: usize = ENDPOINTS * HANDOFFS * 2;

/// Sets endpoints up; the secret that each receiver knows, by its path. Those of every third were rotated, and half of
/// these receivers still know the old one alone.
async fn subscribe(service: &Service, sink: &Sink) -> HashMap<String, String> {
    let mut secrets = HashMap::new();
    for number in 0..ENDPOINTS {
        let path = format!("/{number}");
        let (id, mut secret) = endpoint(service, &sink.url(&path), &[]).await;
        if number % 3 == 0 {
            let rotated = service.post(&format!("/v1/endpoints/{id}/rotate"), &json!({})).await.expect(200).json();
            if number % 2 == 0 {
                secret = rotated["secret"].as_str().expect("a secret").to_owned();
            }
        }
        secrets.insert(path, secret);
    }
    secrets
}

fn message(seen: &Seen, secrets: &HashMap<String, String>) -> Message {
    let header = |name: &str| seen.header(name).to_owned();
    Message {
        secret: secrets[&seen.path].clone(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: String::from_utf8(seen.body.clone()).expect("JSON is text"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_program_verifies_what_arrives() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    // The other program goes by the machine's clock, and refuses what is older than five minutes.
    let keep_time = || service.clock.advance(Timestamp::now().duration_since(service.clock.now()));
    keep_time();
    let secrets = subscribe(&service, &sink).await;
    for round in 0..HANDOFFS {
        keep_time();
        hand_over(&service).await;
        if round % 5 == 4 {
            quiet(&service).await;
        }
    }
    let seen = sink.seen();
    let distinct: BTreeSet<(&str, &str)> =
        seen.iter().map(|one| (one.path.as_str(), one.header("webhook-id"))).collect();
    let mut random = fastrand::Rng::with_seed(31);
    let mut lines = String::new();
    for one in &seen {
        let message = message(one, &secrets);
        let _ = writeln!(lines, "{}", message.line(false));
        let _ = writeln!(lines, "{}", message.changed(&mut random).line(true));
    }
    let counts = tokio::task::spawn_blocking(move || verify_elsewhere(&lines, "delivered")).await.expect("counts");
    let pass = (seen.len(), distinct.len()) == (DELIVERIES, DELIVERIES)
        && counts["messages"] == DELIVERIES
        && counts["verified"] == DELIVERIES
        && counts["changed"] == DELIVERIES
        && counts["changed_verified"] == 0;
    figure(
        "R-31 deliveries",
        pass,
        json!({"endpoints": ENDPOINTS, "arrived": seen.len(), "distinct": distinct.len(), "read_elsewhere": counts}),
    );
}
