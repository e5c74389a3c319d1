//! The reader of what waits: takes jobs as long as there is room, runs each to
//! its end, keeps its claim alive while it runs, and stops in order. Tests take
//! one job at a time with [`do_one`].

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::app::{App, Ended, Refusal};
use crate::store::Job;

/// Without news the queue is looked at this often: for work that was put off, and leases that ran out.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Jobs claimed in one go.
const MOST_AT_ONCE: usize = 32;

/// Takes one job that is due and runs it; `None` when nothing is.
pub async fn do_one(app: &Arc<App>) -> Result<Option<Ended>, Refusal> {
    // A suspect is claimed beside the others; here only when there are none.
    for with_suspect in [false, true] {
        if let Some(job) = app.claim(1, with_suspect).await?.first() {
            return Ok(Some(app.work(job).await?));
        }
    }
    Ok(None)
}

/// Works until the service stops; then finishes what was begun, as long as there is time for it.
pub async fn run(app: Arc<App>) {
    fail::fail_point!("worker.idle", |_| ());
    let mut running: JoinSet<()> = JoinSet::new();
    // At most one job at a time that may end the process.
    let suspects = Arc::new(AtomicUsize::new(0));
    let mut next_look = tokio::time::Instant::now();
    while !app.is_stopping() {
        while running.try_join_next().is_some() {}
        let most = app.most_readings();
        let room = most.saturating_sub(running.len());
        // A claim is a write: not one for each reading that ends, as long as most readers are busy.
        if room <= most / 8 {
            // Not for the readings alone: the service may be told to stop while all of them wait for a model.
            tokio::select! {
                Some(_) = running.join_next() => {}
                () = app.work_arrives(LOOK_EVERY) => {}
            }
            continue;
        }
        if tokio::time::Instant::now() >= next_look {
            next_look = tokio::time::Instant::now() + LOOK_EVERY;
            if let Err(fault) = app.release_expired().await {
                tracing::warn!(%fault, "leases could not be looked at");
            }
        }
        let with_suspect = suspects.load(Ordering::SeqCst) == 0;
        let jobs = match app.claim(room.min(MOST_AT_ONCE), with_suspect).await {
            Ok(jobs) => jobs,
            Err(fault) => {
                tracing::warn!(%fault, "no work could be claimed");
                Vec::new()
            }
        };
        if jobs.is_empty() {
            app.work_arrives(LOOK_EVERY).await;
            continue;
        }
        for job in jobs {
            let suspect = (job.attempts > 1).then(|| Suspect::begin(&app, &suspects));
            let app = app.clone();
            running.spawn(async move {
                run_one(&app, &job).await;
                drop(suspect);
            });
        }
    }
    fail::fail_point!("shutdown.drain");
    let drain = Duration::from_secs(app.settings.service.drain_seconds);
    let _ = tokio::time::timeout(drain, async { while running.join_next().await.is_some() {} }).await;
    // What is left is put back by the next process, which sees that this one is gone.
    running.shutdown().await;
}

/// A job under way that may end the process. However it ends, the next one may then be claimed, and at once.
struct Suspect {
    app: Arc<App>,
    count: Arc<AtomicUsize>,
}

impl Suspect {
    fn begin(app: &Arc<App>, count: &Arc<AtomicUsize>) -> Suspect {
        count.fetch_add(1, Ordering::SeqCst);
        Suspect { app: app.clone(), count: count.clone() }
    }
}

impl Drop for Suspect {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::SeqCst);
        self.app.look_again();
    }
}

/// Runs a job beside a heartbeat; ends the work when the claim is lost.
async fn run_one(app: &Arc<App>, job: &Job) {
    let beat = Duration::try_from(app.lease()).unwrap_or(Duration::from_secs(30)) / 3;
    let heart = async {
        let mut beats = tokio::time::interval(beat);
        // The first beat comes at once, and the claim is new.
        beats.tick().await;
        // A job that was ended a moment ago is not held any more either: its work gets a beat to come back.
        let mut losses = 0;
        while losses < 2 {
            beats.tick().await;
            match app.renew(job).await {
                Ok(true) => losses = 0,
                Ok(false) => losses += 1,
                Err(fault) => tracing::warn!(%fault, handoff = %job.handoff, "a claim could not be renewed"),
            }
        }
    };
    tokio::select! {
        ended = AssertUnwindSafe(app.work(job)).catch_unwind() => match ended {
            Ok(Ok(ended)) => tracing::info!(handoff = %job.handoff, workspace = job.workspace.as_str(), ?ended, "a reading ended"),
            Ok(Err(refusal)) => {
                tracing::warn!(handoff = %job.handoff, why = refusal.code(), "a reading failed");
                app.try_later(job, &refusal).await;
            }
            Err(_) => {
                tracing::error!(handoff = %job.handoff, "a reading broke off");
                app.drop_claim(job).await;
            }
        },
        () = heart => tracing::warn!(handoff = %job.handoff, "a reading was stopped: somebody else holds it"),
    }
}
