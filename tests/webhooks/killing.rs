//! The process is killed again and again while it tells the outside: every
//! message arrives, none that was not written, and what comes twice is the same
//! to the byte. A proxy in its environment is not used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::harness::figure;
use crate::pass_time;
use crate::server::{Server, handoff, prepare, was_killed};
use crate::sink::{Canary, Sink, Step, reply};

/// Waits until nothing is to be read, told or sent; every message by its id. What was being read at three kills is set
/// aside by then, which is told as well.
async fn until_delivered(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let options = SqliteConnectOptions::new().filename(folder.join("data/baton.db"));
    let mut connection = options.busy_timeout(Duration::from_secs(10)).connect().await.expect("the database");
    let begun = Instant::now();
    loop {
        let open: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM jobs WHERE state <> 'quarantined') + (SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL) \
             + (SELECT COUNT(*) FROM deliveries WHERE state <> 'delivered')",
        )
        .fetch_one(&mut connection)
        .await
        .expect("a number");
        if open == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{open} messages are stuck");
        pass_time(Duration::from_millis(50)).await;
    }
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, payload FROM outbox").fetch_all(&mut connection).await.expect("messages");
    rows.into_iter().map(|(id, payload)| (id, payload.into_bytes())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing_and_make_nothing_up() {
    const ENDPOINTS: usize = 3;
    let kills = if std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long") { 100 } else { 8 };
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut chances = fastrand::Rng::with_seed(seed);
    let (folder, key) = prepare("webhooks").await;
    let proxy = Canary::start().await;
    let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
    let mut environment = vec![("BATON_OUTBOUND__ALLOW".to_owned(), "127.0.0.1".to_owned())];
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        environment.push((name.to_owned(), proxy_url.clone()));
    }
    // Each answer takes a while, so that kills come in the middle of some.
    let sink = Sink::start(|_| [vec![Step::Wait(Duration::from_millis(15))], reply(200, &[], "")].concat()).await;
    let server = Server::start(&folder, &environment).expect("it starts");
    for number in 0..ENDPOINTS {
        let body = json!({"url": sink.url(&format!("/{number}"))});
        let made = server.send(&key, ("POST", "/v1/endpoints"), Some(&body), &[]).await.expect("an answer");
        assert_eq!(made.status, 201, "{made:?}");
    }
    server.kill();
    let mut accepted = 0;
    for round in 0..kills {
        let server = Server::start(&folder, &environment).expect("it starts");
        let ends = Instant::now() + Duration::from_millis(chances.u64(150..900));
        let mut number = 0;
        while Instant::now() < ends {
            let body = handoff(&format!("told-{round}-{number}"));
            let sent = server.send(&key, ("POST", "/v1/handoffs"), Some(&body), &[]).await;
            accepted += usize::from(sent.is_ok_and(|answer| answer.status == 202));
            number += 1;
            pass_time(Duration::from_millis(20)).await;
        }
        server.kill();
    }
    let server = Server::start(&folder, &environment).expect("it starts");
    let written = until_delivered(&folder).await;
    assert!(server.end().await.success());
    let (mut missing, mut unknown, mut different, mut repeats, mut unfresh) = (0, 0, 0, 0, 0);
    for number in 0..ENDPOINTS {
        let mut arrived = BTreeSet::new();
        for seen in sink.seen_at(&format!("/{number}")) {
            let id = seen.header("webhook-id").to_owned();
            match written.get(&id) {
                None => unknown += 1,
                Some(body) => different += usize::from(*body != seen.body),
            }
            unfresh += usize::from(seen.header("webhook-timestamp").is_empty());
            repeats += usize::from(!arrived.insert(id));
        }
        missing += written.keys().filter(|id| !arrived.contains(*id)).count();
    }
    let most_repeats = (kills + 1) * ENDPOINTS * 2;
    let pass = (missing, unknown, different, unfresh) == (0, 0, 0, 0) && repeats <= most_repeats && accepted > kills;
    figure(
        "R-30",
        pass,
        json!({"kills": kills, "seed": seed, "accepted": accepted, "messages": written.len(), "arrived": sink.seen().len(),
            "missing": missing, "unknown": unknown, "different": different, "repeats": repeats, "most_repeats": most_repeats}),
    );
    figure("A-13 proxy", proxy.connections() == 0, json!({"connections": proxy.connections()}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_at_each_border_repeats_the_same_bytes() {
    let (mut died, mut findings, mut repeats) = (0, Vec::new(), 0);
    for (place, visit, least_repeats) in [
        ("outbox.after_claim", 1, 0),
        ("outbox.after_claim", 2, 0),
        ("outbox.after_2xx_before_mark", 1, 1),
        ("outbox.after_2xx_before_mark", 2, 1),
    ] {
        let (folder, key) = prepare("webhook-points").await;
        let environment = vec![("BATON_OUTBOUND__ALLOW".to_owned(), "127.0.0.1".to_owned())];
        let sink = Sink::start(|_| reply(200, &[], "")).await;
        let server = Server::start(&folder, &environment).expect("it starts");
        let body = json!({"url": sink.url("/")});
        let made = server.send(&key, ("POST", "/v1/endpoints"), Some(&body), &[]).await.expect("an answer");
        assert_eq!(made.status, 201, "{made:?}");
        assert!(server.end().await.success());
        let mut armed = environment.clone();
        armed.push(("FAILPOINTS_KILL".to_owned(), format!("{place}:{visit}")));
        let server = Server::start(&folder, &armed).expect("it starts");
        let _ = server.send(&key, ("POST", "/v1/handoffs"), Some(&handoff("border")), &[]).await;
        died += usize::from(was_killed(server.wait(Duration::from_secs(60)).await));
        let server = Server::start(&folder, &environment).expect("it starts");
        let written = until_delivered(&folder).await;
        assert!(server.end().await.success());
        let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
        for seen in sink.seen() {
            let id = seen.header("webhook-id").to_owned();
            if written.get(&id) != Some(&seen.body) {
                findings.push(format!("{place} {visit}: {id} is not as it was written"));
            }
            *arrived.entry(id).or_default() += 1;
        }
        let again: usize = arrived.values().map(|count| count - 1).sum();
        repeats += again;
        if arrived.len() != written.len() || again < least_repeats || again > 2 {
            findings.push(format!("{place} {visit}: {arrived:?} of {}", written.len()));
        }
    }
    let pass = findings.is_empty() && died == 4;
    figure("R-30 borders", pass, json!({"died": died, "repeats": repeats, "findings": findings}));
}
