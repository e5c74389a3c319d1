//! Search over briefs and sources of a workspace. What came in a moment ago is
//! waited for, a moment at most; how much is not there yet is told with what
//! was found.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::mirroring::count_degraded;
use super::{App, Refusal};
use crate::handoff::HandoffId;
use crate::passages::Words;
use crate::retrieval::{Found, Wanted};
use crate::store::{self, Fault, Workspace};

/// How long a search waits for what came in just before it.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// Behind more than these nobody waits: a moment would not be enough.
const MOST_WAITED_FOR: i64 = 100;
/// Handoffs that a list is narrowed to by words.
const MOST_LISTED: usize = 1_000;

/// What was found.
#[derive(Debug, Clone)]
pub struct Search {
    pub found: Found,
    /// Handoffs of the workspace whose last change cannot be found yet.
    pub waiting: i64,
}

impl App {
    pub async fn search(&self, wanted: &Wanted<'_>) -> Result<Search, Refusal> {
        let waiting = self.wait_for_shelves(wanted.workspace()).await?;
        let found = self.find_by_words(wanted).await?;
        Ok(Search { found, waiting })
    }

    /// Handoffs that hold all words anywhere.
    pub(super) async fn handoffs_with(&self, workspace: &Workspace, words: &Words) -> Result<Vec<HandoffId>, Refusal> {
        Ok(self.index.find_handoffs(&Wanted::within(workspace, words, MOST_LISTED)).await?)
    }

    /// What can be found by now, without waiting for more.
    pub(super) async fn find_by_words(&self, wanted: &Wanted<'_>) -> Result<Found, Fault> {
        let found = self.index.find(wanted).await?;
        if let Some(why) = found.degraded {
            count_degraded(why);
        }
        let was = self.is_degraded.swap(found.degraded.is_some(), Ordering::Relaxed);
        match found.degraded {
            Some(why) if !was => tracing::warn!(%why, "the Qdrant server is of no use; search runs in the database"),
            None if was => tracing::info!("search runs with the Qdrant server again"),
            _ => {}
        }
        Ok(found)
    }

    /// Until nothing waits, or as long as a search may wait; how much still waits.
    async fn wait_for_shelves(&self, workspace: &Workspace) -> Result<i64, Fault> {
        let ends = tokio::time::Instant::now() + LONGEST_WAIT;
        loop {
            // Listened to before looking, so that no news falls between.
            let news = self.shelved.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            let mut reader = self.store.reader().await?;
            let (due, waiting) = store::count_passage_marks(&mut reader, workspace, self.now()).await?;
            drop(reader);
            let is_worth_it = (1..=MOST_WAITED_FOR).contains(&due) && !self.is_stopping();
            if !is_worth_it || tokio::time::timeout_at(ends, news).await.is_err() {
                return Ok(waiting);
            }
        }
    }
}
