//! Keeps the copy of the index at an outer server as the database is: what came
//! or went is told behind everybody who waits, what is erased is seen to be
//! gone there before a receipt says so, and now and then it is compared how
//! much is there. The server may be away for as long as it likes: what it is
//! to be told is noted in the database.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use crate::handoff::HandoffId;
use crate::retrieval::{NotCarried, Why};
use crate::store::{self, ErasureState, Fault, Workspace};

const DEGRADED: &str = "baton_search_degraded_total";

/// Lets the counters stand among the figures before anything was counted.
pub fn describe_search() {
    metrics::describe_counter!(
        DEGRADED,
        metrics::Unit::Count,
        "Searches that the Qdrant server was of no use to, by why"
    );
    for why in Why::ALL {
        metrics::counter!(DEGRADED, "why" => why.name()).increment(0);
    }
}

pub(super) fn count_degraded(why: Why) {
    metrics::counter!(DEGRADED, "why" => why.name()).increment(1);
}

impl App {
    /// Whether there is a copy to be kept.
    pub fn has_copy(&self) -> bool {
        self.index.outside().is_some()
    }

    /// Tells the server of some of what came or went; how many passages.
    pub async fn carry_waiting(&self) -> Result<usize, NotCarried> {
        let Some(qdrant) = self.index.outside() else { return Ok(0) };
        let workspaces = store::list_workspaces(&mut *self.store.background_reader().await?).await?;
        let mut carried = 0;
        for workspace in &workspaces {
            carried += qdrant.carry_some(&self.store, workspace).await?;
        }
        Ok(carried)
    }

    /// Compares how much the server holds with how much there is; in how many workspaces it has to be filled anew.
    pub async fn compare_copy(&self) -> Result<usize, NotCarried> {
        let Some(qdrant) = self.index.outside() else { return Ok(0) };
        let workspaces = store::list_workspaces(&mut *self.store.background_reader().await?).await?;
        let mut differing = 0;
        for workspace in &workspaces {
            if qdrant.compare(&self.store, workspace).await? {
                tracing::warn!(workspace = workspace.as_str(), "the Qdrant server lost passages; it gets them anew");
                differing += 1;
            }
        }
        Ok(differing)
    }

    /// Passages that the server is still to be told of; none without one.
    pub async fn count_uncarried(&self) -> Result<Option<u64>, Fault> {
        if !self.has_copy() {
            return Ok(None);
        }
        let mut reader = self.store.background_reader().await?;
        let mut all = 0;
        for workspace in store::list_workspaces(&mut reader).await? {
            all += store::count_mirrored(&mut reader, &workspace).await?.1;
        }
        Ok(Some(all))
    }

    /// Waits until there may be something to tell.
    pub async fn carrying_arrives(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.carry.notified()).await;
    }

    /// Lets the server alone for a while, whatever comes in meanwhile.
    pub async fn leave_copy_alone(&self, wait: Duration) {
        let ends = tokio::time::Instant::now() + wait;
        while !self.is_stopping() && tokio::time::timeout_at(ends, self.carry.notified()).await.is_ok() {}
    }

    /// Finishes erasures that are done here: their receipts say that nothing is left, so nothing is left at the server
    /// either. One that was left without its server waits for it, or until the copy is given up.
    pub async fn erase_outside(self: &Arc<Self>) -> Result<usize, NotCarried> {
        let mut waiting = Vec::new();
        let mut reader = self.store.background_reader().await?;
        let is_copied = store::find_mirror(&mut reader).await?.is_some();
        for workspace in store::list_workspaces(&mut reader).await? {
            let erasures = store::list_outside_erasures(&mut reader, &workspace).await?;
            waiting.extend(erasures.into_iter().map(|erasure| (workspace.clone(), erasure)));
        }
        drop(reader);
        let finished = waiting.len();
        for (workspace, erasure) in waiting {
            if is_copied {
                let gone = self.erased_of(&workspace, &erasure.handoffs).await?;
                let qdrant = self.index.outside().ok_or(NotCarried::Server(Why::Missing))?;
                qdrant.erase(&workspace, &gone).await?;
            }
            fail::fail_point!("erase.before_receipt");
            self.finish_erasure(workspace, erasure.id).await?;
        }
        Ok(finished)
    }

    /// An erasure is done as far as this database goes: it is finished, or waits for the copy.
    pub(super) async fn end_erasure_here(self: &Arc<Self>, workspace: Workspace, id: String) -> Result<(), Fault> {
        if store::find_mirror(&mut *self.store.background_reader().await?).await?.is_none() {
            return self.finish_erasure(workspace, id).await;
        }
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found = store::find_erasure(tx.reading().await?, &workspace, &id).await?;
                let Some(mut erasure) = found.filter(|erasure| erasure.state == ErasureState::Waiting) else {
                    return Ok(());
                };
                erasure.state = ErasureState::Outside;
                store::save_erasure(tx, &workspace, &erasure).await
            })
        });
        write.await
    }

    /// Those that are gone; one that was put on hold in time is not.
    async fn erased_of(&self, workspace: &Workspace, handoffs: &[HandoffId]) -> Result<Vec<HandoffId>, Fault> {
        let mut reader = self.store.background_reader().await?;
        let mut gone = Vec::new();
        for handoff in handoffs {
            let row = store::glance(&mut reader, workspace, handoff).await?;
            if row.is_some_and(|row| row.erased_at.is_some()) {
                gone.push(handoff.clone());
            }
        }
        Ok(gone)
    }
}
