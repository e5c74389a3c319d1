//! A stop in order: readiness goes first, started requests finish, and
//! nobody who was let in stays without a reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use baton::api::server::ServerSettings;
use tokio::net::TcpStream;

use crate::running::{Running, edge_settings, post_of, server_settings};

#[tokio::test]
async fn readiness_goes_before_the_listener_and_started_requests_finish() {
    let settings = ServerSettings { notice: Duration::from_millis(300), ..server_settings() };
    let mut running = Running::start_with(edge_settings(), settings).await;
    let mut started = running.connect().await;
    started.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n").await;
    while running.inside.seen.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    running.stop();
    let mut ready = running.ready.clone();
    ready.wait_for(|ready| !ready).await.expect("a server");
    // Not ready any more, but whoever comes is still served, for the last time on this connection.
    let reply = running.get("/").await;
    assert_eq!((reply.status, reply.header("connection")), (200, Some("close")));
    let address = running.address;
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    running.inside.gate.add_permits(1);
    assert_eq!(started.reply().await.expect("a reply").text(), "held");
    assert!(started.reply().await.is_none());
    assert_eq!(running.ended().await.cut, 0);
}

#[tokio::test]
async fn requests_that_never_finish_are_cut_in_the_end() {
    let settings = ServerSettings { drain: Duration::from_millis(200), ..server_settings() };
    let mut running = Running::start_with(edge_settings(), settings).await;
    let mut started = running.connect().await;
    started.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n").await;
    while running.inside.seen.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let before = Instant::now();
    running.stop();
    assert_eq!(running.ended().await.cut, 1);
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    assert!(started.reply().await.is_none());
}

/// Asks again and again on kept connections until the server lets nobody in. How many requests were sent in full on
/// a connection that had been taken, and how many of them got no reply.
async fn load(running: &Running, [sent, lost, never]: [Arc<AtomicUsize>; 3]) -> tokio::task::JoinSet<()> {
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (address, sent, lost, never) = (running.address, sent.clone(), lost.clone(), never.clone());
        callers.spawn(async move {
            let request = post_of("/bytes", "", &[b'a'; 20_000]);
            while let Ok(stream) = TcpStream::connect(address).await {
                let mut raw = crate::running::Raw::new(stream);
                loop {
                    let is_first = raw.is_fresh();
                    raw.send(&request).await;
                    match raw.reply().await {
                        Some(reply) => {
                            sent.fetch_add(1, Ordering::SeqCst);
                            assert_eq!(reply.text(), "20000");
                            if reply.header("connection") == Some("close") {
                                break;
                            }
                        }
                        // Connected in the system's queue, never taken by the server: nothing has started.
                        None if is_first => {
                            never.fetch_add(1, Ordering::SeqCst);
                            break;
                        }
                        None => {
                            lost.fetch_add(1, Ordering::SeqCst);
                            break;
                        }
                    }
                }
            }
        });
    }
    callers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_stops_under_load_lose_nothing() {
    let counts: [Arc<AtomicUsize>; 3] = Default::default();
    let [sent, lost, never] = counts.clone();
    let mut longest = Duration::ZERO;
    for _ in 0..50 {
        let mut running = Running::start().await;
        let goal = sent.load(Ordering::SeqCst) + 50;
        let mut callers = load(&running, counts.clone()).await;
        while sent.load(Ordering::SeqCst) < goal {
            tokio::task::yield_now().await;
        }
        let before = Instant::now();
        running.stop();
        assert_eq!(running.ended().await.cut, 0);
        longest = longest.max(before.elapsed());
        while let Some(caller) = callers.join_next().await {
            caller.expect("a caller");
        }
    }
    let [sent, lost, never] = [sent, lost, never].map(|count| count.load(Ordering::SeqCst));
    println!(
        "R-15: 50 stops under load, {sent} requests answered, {lost} without a reply, {never} not let in; \
         longest stop {longest:?}"
    );
    assert_eq!(lost, 0);
    assert!(longest <= Duration::from_secs(25), "{longest:?}");
}
