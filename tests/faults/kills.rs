//! The process is killed again and again under load, and comes back: what was
//! accepted is there once, what was held is taken over, what was paid for is
//! not paid for again, and the outside hears of everything.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;

use crate::clients::{World, load};
use crate::fake::{Fake, Step};
use crate::ledger::{self, Promises};
use crate::outside::{Outside, PLACES};
use crate::server::{Environment, Server, good_reply, handoff, prepare, was_killed, with_model};
use crate::{chances, pass_time, report, rounds};

/// How a server is killed.
struct Plan<'a> {
    check: &'a str,
    folder: &'a Path,
    key: &'a str,
    environment: &'a Environment,
    kills: usize,
    /// Half of the kills are the process's own, at one of these places.
    places: &'a [&'a str],
}

/// What became of it.
struct Ended {
    world: Arc<World>,
    sent: usize,
    /// Jobs that were held at the kills.
    held: usize,
    /// Kills at the places.
    at_places: usize,
    server: Server,
}

/// Kills a server under load so many times, and leaves one that has read everything.
async fn kill_again_and_again(plan: Plan<'_>) -> Ended {
    let mut chances = chances(plan.check);
    let world = Arc::new(World::default());
    let (stop, stopped) = watch::channel(false);
    let loading = tokio::spawn(load(world.clone(), plan.key.to_owned(), 20, stopped));
    let (mut held, mut at_places) = (0, 0);
    for _ in 0..plan.kills {
        let mut environment = plan.environment.clone();
        if !plan.places.is_empty() && chances.bool() {
            let (place, visit) = (plan.places[chances.usize(..plan.places.len())], chances.u32(1..=4));
            environment.push(("FAILPOINTS_KILL".to_owned(), format!("{place}:{visit}")));
        }
        let lives = Duration::from_millis(chances.u64(100..3000));
        at_places += usize::from(live(plan.folder, &environment, (&world, lives)).await);
        let mut left = ledger::open_copy(plan.folder).await;
        held += usize::try_from(ledger::count(&mut left, "SELECT COUNT(*) FROM jobs WHERE state = 'running'").await)
            .expect("a number");
    }
    let server = Server::start(plan.folder, plan.environment).expect("it starts");
    world.set(Some(server.url.clone()));
    let _ = stop.send(true);
    let sent = loading.await.expect("the load");
    if let Err(stuck) = ledger::settle(plan.folder, Duration::from_secs(120)).await {
        world.odd.lock().expect("answers").push(stuck);
    }
    Ended { world, sent, held, at_places, server }
}

/// Runs a server until it kills itself, else so long; whether it killed itself.
async fn live(folder: &Path, environment: &Environment, (world, lives): (&World, Duration)) -> bool {
    // One that dies before it listens has met what an earlier one left.
    let Ok(mut server) = Server::start(folder, environment) else { return true };
    world.set(Some(server.url.clone()));
    let begun = Instant::now();
    let mut ended = None;
    while ended.is_none() && begun.elapsed() < lives {
        pass_time(Duration::from_millis(10)).await;
        ended = server.ended();
    }
    world.set(None);
    server.kill();
    if let Some(status) = ended.filter(|status| !was_killed(*status)) {
        world.odd.lock().expect("answers").push(format!("it ended with {status}"));
    }
    ended.is_some()
}

fn promises(world: &World, with_model: bool) -> Promises {
    let accepted = world.accepted.lock().expect("promises").clone();
    Promises { accepted, moved: world.moved.lock().expect("promises").clone(), with_model }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_survives_kills_under_load() {
    let (folder, key) = prepare("kills").await;
    let outside = Outside::start("kills").await;
    outside.subscribe(&folder, &key).await;
    let (kills, environment) = (rounds(12, 100), outside.environment());
    let plan = Plan { check: "R-01", folder: &folder, key: &key, environment: &environment, kills, places: &PLACES };
    let Ended { world, sent, held, at_places, server } = kill_again_and_again(plan).await;
    let told = outside.settle(&folder, Duration::from_secs(300)).await;
    assert!(server.end().await.success());
    let promises = promises(&world, false);
    let (mut figures, mut findings) = ledger::check(&folder, &promises).await;
    let (arrived, found) = outside.check(&folder, kills).await;
    findings.extend(told.err().into_iter().chain(found));
    findings.extend(world.odd.lock().expect("answers").clone());
    if promises.accepted.len() != sent {
        findings.push(format!("{sent} were sent and {} accepted", promises.accepted.len()));
    }
    figures["kills"] = json!(kills);
    figures["kills_on_the_ways_out"] = json!(at_places);
    figures["held_at_kills"] = json!(held);
    figures["cut_requests"] = json!(world.cut.load(Ordering::Relaxed));
    figures["outside"] = arrived;
    report("R-01", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_for_is_not_asked_again() {
    let (folder, key) = prepare("paid").await;
    let fake = Fake::start(|seen, _| [vec![Step::Wait(Duration::from_millis(30))], good_reply(seen)].concat()).await;
    let (kills, environment) = (rounds(6, 50), with_model(&fake.base_url()));
    let plan = Plan { check: "R-22", folder: &folder, key: &key, environment: &environment, kills, places: &[] };
    let Ended { world, held, server, .. } = kill_again_and_again(plan).await;
    assert!(server.end().await.success());
    let (mut figures, mut findings) = ledger::check(&folder, &promises(&world, true)).await;
    findings.extend(world.odd.lock().expect("answers").clone());
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for seen in fake.seen() {
        *calls.entry(seen.user().to_owned()).or_default() += 1;
    }
    let repeated: usize = calls.values().map(|times| times - 1).sum();
    if repeated > held {
        findings.push(format!("{repeated} calls were paid again, and {held} jobs were held at the kills"));
    }
    if calls.is_empty() {
        findings.push("no model was asked".to_owned());
    }
    figures["calls"] = json!(calls.values().sum::<usize>());
    figures["repeated"] = json!(repeated);
    figures["held_at_kills"] = json!(held);
    report("R-22", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_held_is_taken_over() {
    const JOBS: i64 = 50;
    let (folder, key) = prepare("leases").await;
    let answers = Arc::new(AtomicBool::new(false));
    let may = answers.clone();
    let fake =
        Fake::start(move |seen, _| if may.load(Ordering::SeqCst) { good_reply(seen) } else { vec![Step::Hang] }).await;
    let mut environment = with_model(&fake.base_url());
    environment.push(("BATON_MODEL__CONCURRENCY".to_owned(), "64".to_owned()));
    let server = Server::start(&folder, &environment).expect("it starts");
    for number in 0..JOBS {
        let answer = server.send(&key, ("POST", "/v1/handoffs"), Some(&handoff(&format!("held-{number}"))), &[]).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }
    let mut connection = ledger::open(&folder).await;
    let begun = Instant::now();
    while ledger::count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state = 'running'").await < JOBS {
        assert!(begun.elapsed() < Duration::from_secs(60), "the jobs are not claimed");
        pass_time(Duration::from_millis(20)).await;
    }
    let dead: String = sqlx::query_scalar("SELECT substr(worker, 1, 36) FROM jobs LIMIT 1")
        .fetch_one(&mut connection)
        .await
        .expect("a name");
    drop(connection);
    server.kill();
    answers.store(true, Ordering::SeqCst);
    let server = Server::start(&folder, &environment).expect("it starts");
    let begun = Instant::now();
    let mut connection = ledger::open(&folder).await;
    let mut findings = Vec::new();
    loop {
        let still: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE substr(worker, 1, 36) = $1")
            .bind(&dead)
            .fetch_one(&mut connection)
            .await
            .expect("a number");
        if still == 0 {
            break;
        }
        if begun.elapsed() > Duration::from_secs(2) {
            findings.push(format!("{still} are still held by the dead after two seconds"));
            break;
        }
    }
    let taken_over = begun.elapsed();
    drop(connection);
    // One at a time, since each may have been the one that ended the process; but one right after the other.
    let finished = ledger::settle(&folder, Duration::from_secs(120)).await;
    findings.extend(finished.as_ref().err().cloned());
    let (mut figures, found) = ledger::check(&folder, &Promises { with_model: true, ..Promises::default() }).await;
    findings.extend(found);
    assert!(server.end().await.success());
    figures["jobs"] = json!(JOBS);
    figures["taken_over_ms"] = json!(taken_over.as_millis() as u64);
    figures["finished_ms"] = json!(finished.map(|time| time.as_millis() as u64).ok());
    report("R-11", figures, &findings);
}
