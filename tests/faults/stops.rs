//! Ended in order, under load: in time, with an answer to whatever was begun,
//! nothing held any more and nothing lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;

use crate::clients::{World, load};
use crate::fake::{Fake, Step};
use crate::ledger::{self, Promises};
use crate::server::{Server, handoff, prepare, with_model};
use crate::{pass_time, report, rounds};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_orderly_end_loses_nothing() {
    let (folder, key) = prepare("stops").await;
    let world = Arc::new(World::default());
    let (stop, stopped) = watch::channel(false);
    let loading = tokio::spawn(load(world.clone(), key.clone(), 20, stopped));
    let (mut longest, mut findings) = (Duration::ZERO, Vec::new());
    let stops = rounds(5, 50);
    for round in 0..stops {
        let server = Server::start(&folder, &Vec::new()).expect("it starts");
        world.set(Some(server.url.clone()));
        pass_time(Duration::from_millis(400 + 200 * (round as u64 % 5))).await;
        let begun = Instant::now();
        let status = server.end().await;
        world.set(None);
        longest = longest.max(begun.elapsed());
        if !status.success() {
            findings.push(format!("it ended with {status}"));
        }
        let held =
            ledger::count(&mut ledger::open(&folder).await, "SELECT COUNT(*) FROM jobs WHERE state = 'running'").await;
        if held > 0 {
            findings.push(format!("{held} jobs are still held"));
        }
    }
    let server = Server::start(&folder, &Vec::new()).expect("it starts");
    world.set(Some(server.url.clone()));
    let _ = stop.send(true);
    let sent = loading.await.expect("the load");
    findings.extend(ledger::settle(&folder, Duration::from_secs(120)).await.err());
    assert!(server.end().await.success());
    let accepted = world.accepted.lock().expect("promises").clone();
    let moved = world.moved.lock().expect("promises").clone();
    let (mut figures, found) = ledger::check(&folder, &Promises { accepted, moved, with_model: false }).await;
    findings.extend(found);
    findings.extend(world.odd.lock().expect("answers").clone());
    if longest > Duration::from_secs(25) {
        findings.push(format!("an end took {longest:?}"));
    }
    figures["stops"] = json!(stops);
    figures["sent"] = json!(sent);
    figures["longest_ms"] = json!(longest.as_millis() as u64);
    let cut = world.cut.load(Ordering::Relaxed);
    if cut > 0 {
        findings.push(format!("{cut} requests were begun and got no answer"));
    }
    figures["cut_requests"] = json!(cut);
    report("R-15", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_in_time_while_every_reading_waits_for_the_model() {
    let (folder, key) = prepare("hanging").await;
    let fake = Fake::start(|_, _| vec![Step::Hang]).await;
    let mut environment = with_model(&fake.base_url());
    environment.push(("BATON_SERVICE__READERS".to_owned(), "2".to_owned()));
    environment.push(("BATON_SERVICE__DRAIN_SECONDS".to_owned(), "1".to_owned()));
    let server = Server::start(&folder, &environment).expect("it starts");
    for number in 0..4 {
        let answer = server.send(&key, ("POST", "/v1/handoffs"), Some(&handoff(&format!("hangs-{number}"))), &[]).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }
    let mut connection = ledger::open(&folder).await;
    let begun = Instant::now();
    while ledger::count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state = 'running'").await < 2 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the jobs are not claimed");
        pass_time(Duration::from_millis(20)).await;
    }
    let begun = Instant::now();
    let status = server.end().await;
    let took = begun.elapsed();
    let held =
        ledger::count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state = 'running' OR attempts > 0").await;
    let mut findings = Vec::new();
    if !status.success() || took > Duration::from_secs(15) || held > 0 {
        findings.push(format!("it ended with {status} after {took:?}, and {held} jobs are held or suspected"));
    }
    report("R-15/model", json!({"took_ms": took.as_millis() as u64, "held": held}), &findings);
}
