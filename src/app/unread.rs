//! Jobs that end without a brief: put off while the model is away, tried again
//! after an error, or set aside for a person when nothing else helps.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::changing::{Told, write_down};
use super::{App, Ended, News, Refusal};
use crate::handoff::{Actor, EventKind, MODEL_UNAVAILABLE, Status};
use crate::store::{self, Fault, Job};

/// A reading that errs so often, and not because the disk refuses, will not come right by itself.
const MOST_ERRORS: u32 = 5;
/// The first wait for a model that is away; it doubles.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// How long a job waits after so many orderly ends without a result.
pub(super) fn wait_after(tries: u32) -> SignedDuration {
    FIRST_WAIT.saturating_mul(1 << tries.min(10)).min(LONGEST_WAIT)
}

impl App {
    /// A reading ended in an error of ours: in order, so that the job is not taken for one that ends the process. What
    /// errs again and again is set aside for a person.
    pub async fn try_later(self: &Arc<Self>, job: &Job, why: &Refusal) {
        let is_disk = matches!(why, Refusal::Store(Fault::Unavailable(_)));
        if !is_disk
            && job.tries >= MOST_ERRORS
            && self.set_aside(job, "its reading failed again and again").await.is_ok()
        {
            return;
        }
        let (held, until) = (job.clone(), self.now() + wait_after(job.tries));
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::postpone(tx, &held, (until, "a reading failed")).await }));
        if let Err(fault) = write.await {
            // Its lease runs out, and then it is claimed again.
            tracing::warn!(%fault, handoff = %job.handoff, "a job could not be given back");
        }
    }

    /// A reading broke off in disorder, and the process lives: the claim counts, and the job may be claimed again.
    pub async fn drop_claim(self: &Arc<Self>, job: &Job) {
        let (held, until) = (job.clone(), self.now() + FIRST_WAIT);
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move { store::drop_claim(tx, &held, (until, "its reading broke off")).await })
        });
        if let Err(fault) = write.await {
            tracing::warn!(%fault, handoff = %job.handoff, "a job could not be given back");
        }
    }

    /// There may be work that could not be claimed before.
    pub fn look_again(&self) {
        self.work.notify_one();
    }

    pub(super) async fn postpone(self: &Arc<Self>, job: &Job, until: Timestamp) -> Result<Ended, Refusal> {
        let (held, now) = (job.clone(), self.now());
        let is_held = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let owner = (&held.workspace, &held.handoff);
                    let found = store::find(tx.reading().await?, owner.0, owner.1).await?;
                    if let Some(mut row) = found.filter(|row| row.status == Status::Drafting && row.reason.is_none()) {
                        row.reason = Some(MODEL_UNAVAILABLE.to_owned());
                        store::save(tx, owner.0, &mut row, now).await?;
                    }
                    store::postpone(tx, &held, (until, "the model is away")).await
                })
            })
            .await?;
        Ok(if is_held { Ended::Postponed } else { Ended::Lost })
    }

    /// A job that comes to no end by itself: a person is told, and the others go on.
    pub(super) async fn set_aside(self: &Arc<Self>, job: &Job, problem: &'static str) -> Result<Ended, Refusal> {
        let (app, held) = (self.clone(), job.clone());
        let is_held = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let now = app.now();
                    let owner = (&held.workspace, &held.handoff);
                    let found = store::find(tx.reading().await?, owner.0, owner.1).await?;
                    let mut row = found.ok_or(Refusal::NotFound("handoff"))?;
                    if row.status.is_closed() {
                        // Called off meanwhile: nobody waits for it, and it must not come back to life as failed.
                        return Ok(store::finish(tx, &held).await?);
                    }
                    if !store::quarantine(tx, &held, problem).await? {
                        return Ok(false);
                    }
                    if !row.status.has_moved() {
                        row.status = Status::Failed;
                    }
                    row.reason = Some("parse_failed".to_owned());
                    store::save(tx, owner.0, &mut row, now).await?;
                    let told = Told { kind: EventKind::Failed, detail: json!({"problem": problem}) };
                    write_down(tx, (owner.0, &row), (&Actor::Baton, told), now).await?;
                    Ok::<_, Refusal>(true)
                })
            })
            .await?;
        if !is_held {
            return Ok(Ended::Lost);
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.tell(&job.workspace, &job.handoff, News::Changed(EventKind::Failed));
        Ok(Ended::SetAside)
    }
}
