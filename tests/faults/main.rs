//! What holds when things break: the process is killed, the disk refuses, a
//! reading takes the process down, work is held by somebody who is gone. Every
//! check prints one line of JSON with its figures. The short forms run with
//! all tests; `BATON_FAULTS=long` runs the long ones.

mod audit;
mod bench;
mod clients;
mod disk;
mod erasures;
mod fairness;
mod full_disk;
mod kills;
mod ledger;
mod money;
mod outside;
mod points;
mod poison;
mod queue;
mod release;
mod server;
mod slow;
mod stops;

#[path = "../endpoint/fake.rs"]
mod fake;
#[allow(dead_code, reason = "tests of webhooks use more of it")]
#[path = "../webhooks/sink.rs"]
mod sink;
#[allow(dead_code, reason = "tests of asking use more of it")]
#[path = "../asking/smtp.rs"]
mod smtp;

use std::time::Duration;

use serde_json::{Value as Json, json};

/// How many times something is done: fewer in the short form.
pub fn rounds(short: usize, long: usize) -> usize {
    if std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}

/// Prints a check's figures as one line; fails the test when there are findings.
pub fn report(check: &str, mut figures: Json, findings: &[String]) {
    figures["check"] = json!(check);
    figures["pass"] = json!(findings.is_empty());
    println!("{figures}");
    let first: Vec<String> = findings.iter().take(8).map(|finding| finding.chars().take(600).collect()).collect();
    assert!(findings.is_empty(), "{check}: {} findings, the first are {first:#?}", findings.len());
}

/// The chances of a run; a failing one is run again with its seed.
pub fn chances(check: &str) -> fastrand::Rng {
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    println!("{}", json!({"check": check, "seed": seed}));
    fastrand::Rng::with_seed(seed)
}

/// Lets time pass: for faults that need some, never to wait for a result.
pub async fn pass_time(time: Duration) {
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}
