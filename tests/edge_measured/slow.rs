//! Callers that hold on to connections: a thousand of each kind
//! at deadlines a fiftieth of the real ones, beside good traffic that must not
//! notice.

use std::time::{Duration, Instant};

use baton::api::edge::EdgeSettings;
use baton::api::server::ServerSettings;
use tokio::task::JoinSet;

use crate::running::{Memory, Raw, Running, edge_settings, open_files, server_settings};

const CALLERS: usize = 1_000;
const HEAD: Duration = Duration::from_millis(300);
const BODY: Duration = Duration::from_millis(1_200);
/// How long a used connection may wait: far from the others, so that a busy machine does not blur them.
const KEPT: Duration = Duration::from_secs(3);

async fn start() -> Running {
    let edge = EdgeSettings { body_deadline: BODY, ..edge_settings() };
    let settings =
        ServerSettings { head_deadline: HEAD, keep_alive_idle: KEPT, write_stall: HEAD, ..server_settings() };
    Running::start_with(edge, settings).await
}

/// Sends a byte at a time until the server has closed. The time that took.
async fn drip(mut raw: Raw) -> Duration {
    use tokio::io::AsyncReadExt;
    let mut tick = tokio::time::interval(HEAD / 6);
    let mut scratch = [0; 4096];
    loop {
        tokio::select! {
            _ = tick.tick() => drop(raw.send("a").await),
            read = raw.stream.read(&mut scratch) => if matches!(read, Ok(0) | Err(_)) { return raw.opened.elapsed() },
        }
        assert!(raw.opened.elapsed() < crate::running::PATIENCE, "the connection is still open");
    }
}

#[derive(Debug, Clone, Copy)]
enum Slow {
    PartialHead,
    DrippedHead,
    Idle,
    DrippedBody,
}

async fn hold(raw: Raw, kind: Slow) -> Duration {
    let mut raw = raw;
    match kind {
        Slow::Idle => raw.closed_after().await,
        Slow::PartialHead => {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nX: ").await;
            raw.closed_after().await
        }
        Slow::DrippedHead => {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nX: ").await;
            drip(raw).await
        }
        Slow::DrippedBody => {
            raw.send("POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n").await;
            drip(raw).await
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_callers_of_each_kind_are_cut_and_good_ones_do_not_notice() {
    let _alone = crate::ALONE.lock().await;
    let is_long = std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long");
    let running = start().await;
    let files_before = open_files();
    for (kind, deadline) in
        [(Slow::PartialHead, HEAD), (Slow::DrippedHead, HEAD), (Slow::Idle, HEAD), (Slow::DrippedBody, BODY)]
    {
        let memory = Memory::start();
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            callers.spawn(hold(running.connect().await, kind));
        }
        let (mut good, mut slow) = (Vec::new(), Vec::new());
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while !callers.is_empty() {
            tokio::select! {
                Some(held) = callers.join_next() => slow.push(held.expect("a caller")),
                _ = tick.tick() => {
                    let started = Instant::now();
                    assert_eq!(running.get("/").await.status, 200);
                    good.push(started.elapsed());
                }
            }
        }
        good.sort();
        slow.sort();
        let p99 = good[good.len() * 99 / 100];
        let (first, last) = (slow[0], slow[CALLERS - 1]);
        let grown = memory.grown_mebibytes();
        println!(
            "A-08 {kind:?}: {CALLERS} held {first:?} to {last:?} (deadline {deadline:?}); \
             good p99 {p99:?} of {}; {grown:.1} MiB more memory",
            good.len()
        );
        // The caller's clock starts when it is told of its connection, which may be later than the server's.
        assert!(first >= deadline / 2, "{kind:?} was cut after {first:?}");
        // How fast on a quiet machine is asked at length alone.
        let most = Duration::from_millis(if is_long { 500 } else { 5_000 });
        // The linger after a reply, and what two cores need for a thousand at once.
        let grace = Duration::from_millis(if deadline == BODY { 2_000 } else { 500 }) * if is_long { 1 } else { 10 };
        assert!(last <= deadline + grace, "{kind:?} was cut after {last:?}");
        assert!(p99 <= most, "{kind:?}: good traffic took {p99:?}");
        assert!(grown <= 64.0, "{kind:?}: {grown} MiB");
    }
    let mut idle = running;
    idle.stop();
    idle.ended().await;
    let files = open_files();
    println!("R-08: {files_before} open files before, {files} after");
    assert!(files <= files_before + 5, "{files} open files");
}

#[tokio::test]
async fn a_used_connection_waits_longer_than_a_head_may_take() {
    let _alone = crate::ALONE.lock().await;
    let running = start().await;
    let mut raw = running.connect().await;
    raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(raw.reply().await.expect("a reply").status, 200);
    let idle = raw.closed_after().await;
    assert!(idle >= KEPT - Duration::from_millis(20), "closed after {idle:?}");
    // Once the next head has begun, it has a head's time.
    let mut raw = running.connect().await;
    raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    raw.reply().await.expect("a reply");
    let begun = Instant::now();
    raw.send("GET / HT").await;
    drip(raw).await;
    let took = begun.elapsed();
    assert!(took >= HEAD - Duration::from_millis(20) && took < KEPT, "closed after {took:?}");
}

#[tokio::test]
async fn a_caller_that_does_not_read_is_cut() {
    let _alone = crate::ALONE.lock().await;
    let running = start().await;
    let mut raw = running.connect().await;
    raw.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await;
    // Nothing is read here until the server has given up; then what is on the line ends.
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    let started = Instant::now();
    while raw.send("x").await {
        tick.tick().await;
        assert!(started.elapsed() < Duration::from_secs(10), "the connection is still open");
    }
    println!("A-08 a caller that does not read: cut after {:?}", started.elapsed());
}

#[tokio::test]
async fn beyond_the_limit_callers_are_told_to_come_back() {
    let _alone = crate::ALONE.lock().await;
    let settings = ServerSettings { connections: 2, ..server_settings() };
    let running = Running::start_with(edge_settings(), settings).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut raw = running.connect().await;
        raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert_eq!(raw.reply().await.expect("a reply").status, 200);
        held.push(raw);
    }
    let mut raw = running.connect().await;
    raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let reply = raw.reply().await.expect("a reply");
    reply.problem(503, "overloaded");
    assert_eq!((reply.header("retry-after"), reply.header("connection")), (Some("5"), Some("close")));
    assert!(raw.reply().await.is_none());
    drop(held);
    // The places are free again as soon as the server has seen the others go.
    let started = Instant::now();
    while running.get("/").await.status != 200 {
        assert!(started.elapsed() < Duration::from_secs(5), "no place became free");
    }
}
