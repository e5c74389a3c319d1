//! Handoffs whose reading ends the process, or panics, every time: set aside
//! after a few attempts, without keeping the others waiting, and read again
//! when a person asks for it.

use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::ledger::{self, Promises};
use crate::server::{Environment, Server, handoff, prepare};
use crate::{pass_time, report, rounds};

fn armed(order: &str) -> Environment {
    vec![("FAILPOINTS".to_owned(), order.to_owned())]
}

async fn hand_over(server: &Server, key: &str, name: &str) -> String {
    let answer = server.send(key, ("POST", "/v1/handoffs"), Some(&handoff(name)), &[]).await.expect("an answer");
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.body["id"].as_str().expect("an id").to_owned()
}

async fn show(server: &Server, key: &str, id: &str) -> Json {
    let path = format!("/v1/handoffs/{id}?wait=20");
    server.send(key, ("GET", &path), None, &[]).await.expect("an answer").body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_the_process_is_set_aside() {
    let (folder, key) = prepare("poison").await;
    // All of them wait when the first process that reads starts.
    let patient = Server::start(&folder, &armed("worker.idle=return")).expect("it starts");
    let others = rounds(20, 100);
    for number in 0..others / 2 {
        hand_over(&patient, &key, &format!("before-{number}")).await;
    }
    let poison = hand_over(&patient, &key, "poison").await;
    for number in 0..others / 2 {
        hand_over(&patient, &key, &format!("after-{number}")).await;
    }
    assert!(patient.end().await.success());

    let (mut deaths, mut findings) = (0, Vec::new());
    let begun = Instant::now();
    let server = loop {
        let mut server = match Server::start(&folder, &armed("job.poison=return")) {
            Ok(server) => server,
            Err(status) => {
                assert_eq!(status.signal(), Some(6), "it dies of the poison alone");
                deaths += 1;
                assert!(deaths < 20, "nothing is set aside, and it dies again and again");
                continue;
            }
        };
        let mut connection = ledger::open(&folder).await;
        let lived = loop {
            if server.ended().is_some() {
                break false;
            }
            if ledger::count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state <> 'quarantined'").await == 0 {
                break true;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "the poison is never set aside");
            pass_time(Duration::from_millis(20)).await;
        };
        if lived {
            break server;
        }
        deaths += 1;
    };
    let took = begun.elapsed();
    if deaths != 3 {
        findings.push(format!("it took {deaths} deaths to set the poison aside"));
    }
    let shown = show(&server, &key, &poison).await;
    if (&shown["status"], &shown["reason"]) != (&json!("failed"), &json!("parse_failed")) {
        findings.push(format!("the poison is shown as {shown}"));
    }
    let mut connection = ledger::open(&folder).await;
    let read = ledger::count(&mut connection, "SELECT COUNT(*) FROM handoffs WHERE status = 'needs_input'").await;
    if read != (others / 2 * 2) as i64 {
        findings.push(format!("{read} of the others were read"));
    }
    drop(connection);
    assert!(server.end().await.success());

    // Mended, and asked for by hand.
    let server = Server::start(&folder, &Vec::new()).expect("it starts");
    let again = server
        .send(&key, ("POST", &format!("/v1/handoffs/{poison}/retry")), Some(&json!({})), &[])
        .await
        .expect("an answer");
    let shown = show(&server, &key, &poison).await;
    if again.status >= 300 || shown["status"] != "needs_input" {
        findings.push(format!("read again it is {again:?} {shown}"));
    }
    assert!(server.end().await.success());
    let (mut figures, found) = ledger::check(&folder, &Promises::default()).await;
    findings.extend(found);
    figures["deaths"] = json!(deaths);
    figures["took_ms"] = json!(took.as_millis() as u64);
    report("R-13", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_panics_is_set_aside_and_the_process_lives() {
    let (folder, key) = prepare("panics").await;
    let server = Server::start(&folder, &armed("job.panic=panic")).expect("it starts");
    let first = hand_over(&server, &key, "panic").await;
    let mut findings = Vec::new();
    let begun = Instant::now();
    for number in 0..10 {
        let id = hand_over(&server, &key, &format!("beside-{number}")).await;
        let shown = show(&server, &key, &id).await;
        if shown["status"] != "needs_input" {
            findings.push(format!("beside a panic there is {shown}"));
        }
    }
    findings.extend(ledger::settle(&folder, Duration::from_secs(60)).await.err());
    let took = begun.elapsed();
    let shown = show(&server, &key, &first).await;
    if shown["status"] != "failed" {
        findings.push(format!("what panics is shown as {shown}"));
    }
    assert!(server.end().await.success(), "the process lived");
    let (mut figures, found) = ledger::check(&folder, &Promises::default()).await;
    findings.extend(found);
    figures["took_ms"] = json!(took.as_millis() as u64);
    report("R-13/panic", figures, &findings);
}
