//! Death at every boundary: the process kills itself at a named place, the
//! first and the second time it comes there, is started again, and the caller
//! sends the same request again. Each place must have been reached.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::clients::World;
use crate::fake::Fake;
use crate::ledger::{self, Promises};
use crate::server::{Environment, Server, good_reply, prepare, was_killed, with_model};
use crate::{pass_time, report};

/// Places, and the visits at which the process dies there. A start alone passes the store's places a few times.
const PLACES: [(&str, &[u32]); 14] = [
    ("intake.before_tx", &[1, 2]),
    ("intake.before_commit", &[1, 2]),
    ("intake.after_commit_before_ack", &[1, 2]),
    ("audit.append", &[1, 2, 4]),
    ("store.before_commit", &[1, 2, 6, 9]),
    ("store.after_commit", &[1, 2, 6, 9]),
    ("job.after_claim", &[1, 2]),
    ("llm.before_call", &[1, 2]),
    ("llm.after_reply_before_store", &[1, 2]),
    ("brief.before_commit", &[1, 2]),
    ("form.before_commit", &[1, 2]),
    ("gate.before_commit", &[1, 2]),
    ("gate.after_commit", &[1, 2]),
    ("shutdown.drain", &[1]),
];

/// Plays the life of two handoffs while the process dies once. Whether it died, and what is wrong after all.
async fn play(place: &str, visit: u32, environment: &Environment) -> (bool, Vec<String>) {
    let (folder, key) = prepare("points").await;
    let mut armed = environment.clone();
    armed.push(("FAILPOINTS_KILL".to_owned(), format!("{place}:{visit}")));
    let world = Arc::new(World::default());
    let callers = {
        let (world, key) = (world.clone(), key.clone());
        tokio::spawn(async move {
            for name in ["first", "second"] {
                let id = world.hand_over(&key, name).await;
                world.move_on(&key, name, &id).await;
            }
        })
    };
    let (has_died, server) = live_through(&folder, &armed, environment, &world, &callers).await;
    callers.await.expect("the callers");
    let mut findings: Vec<String> = ledger::settle(&folder, Duration::from_secs(60)).await.err().into_iter().collect();
    let status = server.end().await;
    if !status.success() {
        findings.push(format!("at last it ended with {status}"));
    }
    let promises = Promises {
        accepted: world.accepted.lock().expect("promises").clone(),
        moved: world.moved.lock().expect("promises").clone(),
        with_model: true,
    };
    findings.extend(ledger::check(&folder, &promises).await.1);
    findings.extend(world.odd.lock().expect("answers").clone());
    if (promises.accepted.len(), promises.moved.len()) != (2, 2) {
        findings.push("not everything was answered".to_owned());
    }
    (has_died, findings.into_iter().map(|finding| format!("{place}:{visit}: {finding}")).collect())
}

/// Runs the armed server until it dies, then one that is not armed. Who never died is ended, which may be what kills it.
async fn live_through(
    folder: &Path,
    armed: &Environment,
    environment: &Environment,
    world: &World,
    callers: &tokio::task::JoinHandle<()>,
) -> (bool, Server) {
    let status = match Server::start(folder, armed) {
        Err(status) => status,
        Ok(mut server) => {
            world.set(Some(server.url.clone()));
            loop {
                if let Some(status) = server.ended() {
                    break status;
                }
                if callers.is_finished() {
                    break server.end().await;
                }
                pass_time(Duration::from_millis(5)).await;
            }
        }
    };
    world.set(None);
    let server = Server::start(folder, environment).expect("it starts again");
    world.set(Some(server.url.clone()));
    (was_killed(status), server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_at_every_boundary_loses_and_repeats_nothing() {
    let fake = Fake::start(|seen, _| good_reply(seen)).await;
    let environment = with_model(&fake.base_url());
    let mut cases: Vec<(&str, u32)> =
        PLACES.iter().flat_map(|(place, visits)| visits.iter().map(move |visit| (*place, *visit))).collect();
    let total = cases.len();
    let (mut fired, mut findings) = (0, Vec::new());
    let mut running = JoinSet::new();
    while !cases.is_empty() || !running.is_empty() {
        // Two at a time: each waits for the disk most of the time.
        if running.len() < 2
            && let Some((place, visit)) = cases.pop()
        {
            let environment = environment.clone();
            running.spawn(async move { (place, visit, play(place, visit, &environment).await) });
            continue;
        }
        let Some(ended) = running.join_next().await else { continue };
        let (place, visit, (has_died, found)) = ended.expect("a case");
        findings.extend(found);
        fired += usize::from(has_died);
        if !has_died {
            findings.push(format!("{place}:{visit} was never reached"));
        }
    }
    report("F2", json!({"cases": total, "fired": fired}), &findings);
}
