//! Fair between workspaces: a few handoffs of one are read about as fast while
//! thousands of another's wait as they are alone. Both are measured in turn on
//! two servers, of which one stands still, so that whatever else the machine
//! does slows both.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::fake::{Fake, Step};
use crate::ledger;
use crate::server::{Environment, Server, good_reply, handoff, make_key, prepare, route, with_model};
use crate::{report, rounds};

/// How often both are measured; the middle ratio counts.
const ROUNDS: usize = 11;
/// Handoffs of the small one at once.
const FEW: usize = 20;

/// How long 19 of 20 handoffs take from the request to the brief.
async fn slowest_of_few(server: &Server, key: &str, name: &str) -> Duration {
    let sends = (0..FEW).map(async |number| {
        let begun = Instant::now();
        let body = handoff(&format!("{name}-{number}"));
        let answer = server.send(key, ("POST", "/v1/handoffs?wait=25"), Some(&body), &[]).await.expect("an answer");
        assert_eq!(answer.status, 200, "{answer:?}");
        begun.elapsed()
    });
    let mut times = futures_util::future::join_all(sends).await;
    times.sort();
    times[FEW * 95 / 100 - 1]
}

/// A server on which so many handoffs of another workspace wait; the key of the small one.
async fn beside_a_crowd(name: &str, crowd: usize, environment: &Environment) -> (std::path::PathBuf, Server, String) {
    let (folder, small) = prepare(name).await;
    let large = make_key(&folder, "large");
    let patient =
        Server::start(&folder, &vec![("FAILPOINTS".to_owned(), "worker.idle=return".to_owned())]).expect("it starts");
    let published = patient.send(&large, ("PUT", "/v1/routes/short"), Some(&route()), &[]).await.expect("an answer");
    assert_eq!(published.status, 201, "{published:?}");
    for group in 0..crowd / 50 {
        let sends = (0..50).map(async |number| {
            let body = handoff(&format!("crowd-{group}-{number}"));
            let sent = patient.send(&large, ("POST", "/v1/handoffs"), Some(&body), &[]).await.expect("an answer");
            assert_eq!(sent.status, 202, "{sent:?}");
        });
        futures_util::future::join_all(sends).await;
    }
    assert!(patient.end().await.success());
    let server = Server::start(&folder, environment).expect("it starts");
    (folder, server, small)
}

/// The middle ratio of beside to alone, with all figures.
async fn compare(name: &str, crowd: usize, environment: &Environment) -> (f64, Json) {
    let (folder, key) = prepare(name).await;
    let quiet = Server::start(&folder, environment).expect("it starts");
    let (busy_folder, busy, small) = beside_a_crowd(name, crowd, environment).await;
    let (mut alone, mut beside, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        busy.signal("STOP");
        alone.push(slowest_of_few(&quiet, &key, &format!("alone-{round}")).await.as_secs_f64());
        busy.signal("CONT");
        beside.push(slowest_of_few(&busy, &small, &format!("beside-{round}")).await.as_secs_f64());
        ratios.push(beside[round] / alone[round]);
    }
    let mut database = ledger::open(&busy_folder).await;
    let waiting = ledger::count(&mut database, "SELECT COUNT(*) FROM jobs WHERE workspace = 'large'").await;
    drop(database);
    busy.kill();
    quiet.kill();
    let middle = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (lowest, highest) = ratios.iter().fold((f64::MAX, 0.0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
    let ratio = middle(ratios);
    let rounded = |number: f64| (number * 100.0).round() / 100.0;
    let figures = json!({"queued": crowd, "still_waiting": waiting, "p95_alone_ms": (middle(alone) * 1000.0).round(),
        "p95_beside_ms": (middle(beside) * 1000.0).round(), "ratio": rounded(ratio),
        "ratios": [rounded(lowest), rounded(highest)]});
    (ratio, figures)
}

fn findings(ratio: f64, figures: &Json) -> Vec<String> {
    let mut findings = Vec::new();
    // First come, first served would be tens of times as long; what a busy machine adds is told apart at length alone.
    if ratio > if rounds(0, 1) == 1 { 2.0 } else { 6.0 } {
        findings.push(format!("{ratio:.2} times as long as alone"));
    }
    if figures["still_waiting"] == 0 {
        findings.push("the crowd was gone before the end".to_owned());
    }
    findings
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_handoffs_do_not_wait_behind_thousands() {
    let (ratio, figures) = compare("fair", rounds(2_000, 10_000), &Vec::new()).await;
    let found = findings(ratio, &figures);
    report("R-17", figures, &found);
}

/// The same where the model is what everybody waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_handoffs_do_not_wait_for_the_model_behind_thousands() {
    let fake = Fake::start(|seen, _| [vec![Step::Wait(Duration::from_millis(150))], good_reply(seen)].concat()).await;
    let (ratio, figures) = compare("fair-model", rounds(500, 2_000), &with_model(&fake.base_url())).await;
    let found = findings(ratio, &figures);
    report("R-17/model", figures, &found);
}
