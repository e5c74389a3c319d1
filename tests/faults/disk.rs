//! The disk: a handoff is acknowledged after it was synced and not before; a
//! disk that is full or fails a sync is never acknowledged, is told to callers
//! and to the load balancer, and is forgotten when it is well again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::Acceptance;
use crate::ledger::{self, Promises};
use crate::server::{Answer, Environment, Server, handoff, prepare};
use crate::{pass_time, report, rounds};

/// Nobody reads what comes in, passes it on or asks about it, so that every write is that of a request.
pub fn without_readers() -> Environment {
    vec![("FAILPOINTS".to_owned(), "worker.idle=return;courier.idle=return;postman.idle=return".to_owned())]
}

pub async fn hand_over(server: &Server, key: &str, name: &str) -> Answer {
    let headers = [("idempotency-key", name)];
    server.send(key, ("POST", "/v1/handoffs"), Some(&handoff(name)), &headers).await.expect("an answer")
}

/// What a traced call did, in the order of the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Written,
    Synced,
    Acknowledged,
}

/// A sync counts when it returns; a write and an answer when they begin.
fn read_trace(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut syncing: Vec<&str> = Vec::new();
    for line in text.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let is_log = line.contains("baton.db-wal>");
        let is_sync = line.contains(" fdatasync(") || line.contains(" fsync(");
        if is_log && is_sync {
            if line.contains("<unfinished") {
                syncing.push(thread)
            } else if line.ends_with("= 0") {
                calls.push(Call::Synced)
            }
        } else if line.contains("sync resumed>") && syncing.contains(&thread) {
            syncing.retain(|other| *other != thread);
            if line.ends_with("= 0") {
                calls.push(Call::Synced);
            }
        } else if is_log && line.contains("write") {
            calls.push(Call::Written);
        } else if line.contains("\"HTTP/1.1 202 ") {
            calls.push(Call::Acknowledged);
        }
    }
    calls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepted_means_synced() {
    let (folder, key) = prepare("synced").await;
    let trace = folder.join("trace");
    let trace_path = trace.to_str().expect("a path").to_owned();
    let calls = "trace=write,writev,pwrite64,sendto,sendmsg,fsync,fdatasync";
    let strace = ["strace", "-D", "-f", "-y", "-s", "32", "-e", calls, "-e", "signal=none", "-o", &trace_path];
    let server = Server::start_under(&strace, &folder, &without_readers()).expect("it starts under strace");
    let requests = rounds(60, 500);
    for number in 0..requests {
        assert_eq!(hand_over(&server, &key, &format!("traced-{number}")).await.status, 202);
    }
    server.signal("TERM");
    server.wait(Duration::from_secs(60)).await;
    let calls = read_trace(&std::fs::read_to_string(&trace).expect("the trace"));
    let mut findings = Vec::new();
    // Since the last answer: was something written, and was a sync the last thing that happened to it?
    let (mut written, mut synced, mut answers) = (0, false, 0);
    for call in calls {
        match call {
            Call::Written => (written, synced) = (written + 1, false),
            Call::Synced => synced = true,
            Call::Acknowledged => {
                if written == 0 || !synced {
                    findings.push(format!("answer {answers} went out after {written} writes, synced: {synced}"));
                }
                (written, synced, answers) = (0, false, answers + 1);
            }
        }
    }
    if answers != requests {
        findings.push(format!("{requests} requests, and {answers} answers in the trace"));
    }
    report("R-02", json!({"requests": requests, "answers": answers}), &findings);
}

/// The library that stands between the program and the disk, compiled once a run.
fn refusing_disk(folder: &Path) -> PathBuf {
    let library = folder.join("refusing_disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/refusing_disk.c");
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(built.expect("a C compiler").success());
    library
}

fn on_refusing_disk(folder: &Path) -> Environment {
    let mut environment = without_readers();
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    environment.push(("LD_PRELOAD".to_owned(), text(&refusing_disk(folder))));
    environment.push(("REFUSING_DISK".to_owned(), text(folder)));
    environment
}

pub async fn is_ready(server: &Server) -> bool {
    server.send("", ("GET", "/readyz"), None, &[]).await.is_ok_and(|answer| answer.status == 200)
}

/// What is wrong with the answer to a request that could not be written.
pub fn fault_of(answer: &Answer) -> Option<String> {
    let is_right =
        answer.status == 503 && answer.kind == "application/problem+json" && answer.body["title"].is_string();
    (!is_right).then(|| format!("a refusing disk was answered with {answer:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_never_acknowledged() {
    let (folder, key) = prepare("full").await;
    let server = Server::start(&folder, &on_refusing_disk(&folder)).expect("it starts");
    let mut accepted = Vec::new();
    let (mut findings, mut slowest) = (Vec::new(), Duration::ZERO);
    let fillings = rounds(3, 20);
    for round in 0..fillings {
        let name = |number: usize| format!("full-{round}-{number}");
        for number in 0..5 {
            let answer = hand_over(&server, &key, &name(number)).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            accepted
                .push(Acceptance { name: name(number), id: answer.body["id"].as_str().unwrap_or_default().to_owned() });
        }
        std::fs::write(folder.join("full"), "").expect("a file");
        for number in 5..15 {
            findings.extend(fault_of(&hand_over(&server, &key, &name(number)).await));
            if is_ready(&server).await {
                findings.push("it says it is ready while the disk is full".to_owned());
            }
        }
        // It keeps saying so while it tries by itself.
        pass_time(Duration::from_millis(2_500)).await;
        if is_ready(&server).await {
            findings.push("it says it is ready after a while, and the disk is full".to_owned());
        }
        std::fs::remove_file(folder.join("full")).expect("the file");
        let begun = Instant::now();
        while !is_ready(&server).await && begun.elapsed() < Duration::from_secs(20) {
            pass_time(Duration::from_millis(20)).await;
        }
        slowest = slowest.max(begun.elapsed());
        for number in 5..15 {
            let answer = hand_over(&server, &key, &name(number)).await;
            accepted
                .push(Acceptance { name: name(number), id: answer.body["id"].as_str().unwrap_or_default().to_owned() });
        }
    }
    if slowest > Duration::from_secs(5) {
        findings.push(format!("it took {slowest:?} to be ready again"));
    }
    server.kill();
    let count = accepted.len();
    let (mut figures, found) = ledger::check(&folder, &Promises { accepted, ..Promises::default() }).await;
    findings.extend(found);
    figures["fillings"] = json!(fillings);
    figures["ready_again_ms"] = json!(slowest.as_millis() as u64);
    figures["requests"] = json!(count);
    report("R-03", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_fails_is_never_acknowledged() {
    let (folder, key) = prepare("broken").await;
    let server = Server::start(&folder, &on_refusing_disk(&folder)).expect("it starts");
    let mut accepted = Vec::new();
    let mut findings = Vec::new();
    let faults = rounds(25, 50);
    for number in 0..faults {
        let name = format!("broken-{number}");
        // Its own attempt to write, after the last fault, must not meet this one in the request's stead.
        pass_time(Duration::from_millis(100)).await;
        std::fs::write(folder.join("broken"), "").expect("a file");
        findings.extend(fault_of(&hand_over(&server, &key, &name).await));
        if folder.join("broken").exists() {
            findings.push("nothing was synced".to_owned());
        }
        let answer = hand_over(&server, &key, &name).await;
        if answer.status != 202 {
            findings.push(format!("the disk is well again, and the answer is {answer:?}"));
        }
        accepted.push(Acceptance { name, id: answer.body["id"].as_str().unwrap_or_default().to_owned() });
    }
    server.kill();
    let (mut figures, found) = ledger::check(&folder, &Promises { accepted, ..Promises::default() }).await;
    findings.extend(found);
    figures["faults"] = json!(faults);
    report("R-03/sync", figures, &findings);
}
