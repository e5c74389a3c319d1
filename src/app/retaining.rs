//! Retention: what is older than its route allows goes by itself, first raw
//! context, later everything. What is on hold stays.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::erasing::Asker;
use super::{App, News, Refusal};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::store::{self, Fault, Happening, Tx, Workspace};

/// Messages to the outside are kept for this long: longer than anybody goes on sending or asks for them again.
const TOLD_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How often it is looked for what is too old.
const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(30);

/// What went by age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aged {
    /// Handoffs whose raw context went.
    pub contexts: usize,
    /// Handoffs that went whole.
    pub handoffs: usize,
    pub messages: u64,
    /// What people typed and never sent.
    pub drafts: u64,
}

/// Messages of a handoff that are looked through.
const MOST_LETTERS: u32 = 10_000;

/// Lets go what people wrote back in vain, with the raw context that it stood in: on their requests, and in the messages
/// that told them so. What was answered stands in the brief, which stays.
async fn forget_replies(tx: &mut Tx<'_>, owner: (&Workspace, &HandoffId)) -> Result<(), Fault> {
    let mut said = Vec::new();
    for mut request in store::list_requests(tx.reading().await?, owner).await? {
        let unclear = std::mem::take(&mut request.unclear);
        if !unclear.is_empty() {
            store::save_request(tx, owner, &request).await?;
        }
        said.extend(unclear.into_iter().map(|one| one.said).filter(|said| !said.is_empty()));
    }
    // Whoever plans a message from what stood here looks again.
    store::watch(tx, owner).await?;
    store::empty_letters(tx, owner).await?;
    for letter in store::list_letters(tx.reading().await?, (owner.0, Some(owner.1)), (None, MOST_LETTERS)).await? {
        let words = letter.words.without(&said);
        if words != letter.words {
            store::reword_letter(tx, &letter, &words).await?;
        }
    }
    Ok(())
}

impl App {
    /// Does what is due of what nobody waits for: erasures that were asked for, and, now and then, what is too old.
    pub async fn do_chores(self: &Arc<Self>) {
        if self.patience.is_over(Instant::now()) {
            // Writing the file anew stops everybody else's writes: not every second, while somebody stands in its way.
            match self.erase_waiting().await {
                Ok(_) => self.patience.reset(),
                Err(fault) => {
                    self.patience.failed(Instant::now());
                    tracing::warn!(%fault, "an erasure is not done yet; it is tried again");
                }
            }
        }
        if self.patience_outside.is_over(Instant::now()) {
            match self.erase_outside().await {
                Ok(_) => self.patience_outside.reset(),
                Err(fault) => {
                    self.patience_outside.failed(Instant::now());
                    tracing::warn!(%fault, "an erasure is done here and not in the copy yet; it is tried again");
                }
            }
        }
        let now = self.now().as_millisecond();
        let last = self.looked_at.load(Ordering::Relaxed);
        // A clock that was set back is as good a reason to look as one that went on.
        if last != 0 && now.abs_diff(last) < LOOK_EVERY.as_millis().unsigned_abs() as u64 {
            return;
        }
        self.looked_at.store(now, Ordering::Relaxed);
        match self.let_age_go().await {
            Ok(aged) if aged != Aged::default() => tracing::info!(?aged, "what was too old is gone"),
            Ok(_) => {}
            Err(refusal) => {
                self.looked_at.store(0, Ordering::Relaxed);
                tracing::warn!(why = refusal.code(), "what is too old could not go; it is tried again");
            }
        }
    }

    /// Waits until there may be something to do.
    pub async fn chores_arrive(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.chores.notified()).await;
    }

    /// Lets everything go that is older than its route allows, by the route's newest version.
    pub async fn let_age_go(self: &Arc<Self>) -> Result<Aged, Refusal> {
        let now = self.now();
        let workspaces = store::list_workspaces(&mut *self.store.background_reader().await?).await?;
        let mut aged = Aged::default();
        let mut failed = None;
        for workspace in workspaces {
            // What stands in the way in one workspace keeps nothing in another.
            if let Err(refusal) = self.let_age_go_in(&workspace, now, &mut aged).await {
                tracing::warn!(
                    workspace = workspace.as_str(),
                    why = refusal.code(),
                    "what is too old could not go here"
                );
                failed = Some(refusal);
            }
        }
        if aged.handoffs > 0 {
            self.erase_waiting().await?;
        }
        if aged.contexts > 0 {
            // The bytes go too; when a reader stands in the way now, the next look folds them.
            self.store.forget_words().await?;
            self.store.fold().await?;
        }
        failed.map_or(Ok(aged), Err)
    }

    async fn let_age_go_in(
        self: &Arc<Self>,
        workspace: &Workspace,
        now: Timestamp,
        aged: &mut Aged,
    ) -> Result<(), Refusal> {
        for route in self.newest_routes(workspace).await? {
            let before = |age: Option<SignedDuration>| age.and_then(|age| now.checked_sub(age).ok());
            if let Some(before) = before(route.retention.briefs) {
                aged.handoffs += self.let_handoffs_go(workspace, &route.id, before).await?;
            }
            if let Some(before) = before(route.retention.sources) {
                aged.contexts += self.let_contexts_go(workspace, &route.id, before).await?;
            }
        }
        while let part @ 1.. = self.forget_told(workspace, now - TOLD_KEPT).await? {
            aged.messages += part;
        }
        aged.drafts += self.forget_drafts(workspace, now).await?;
        Ok(())
    }

    async fn let_handoffs_go(
        self: &Arc<Self>,
        workspace: &Workspace,
        route: &str,
        before: Timestamp,
    ) -> Result<usize, Refusal> {
        let mut gone = 0;
        loop {
            let mut reader = self.store.background_reader().await?;
            let old = store::find_unchanged(&mut reader, (workspace, route), before).await?;
            drop(reader);
            if old.is_empty() {
                return Ok(gone);
            }
            gone += old.len();
            let asker = Asker { workspace: workspace.clone(), actor: Actor::Baton };
            let erasure = match self.request_erasure(asker, old, "retention").await {
                // Somebody erased one or put it on hold meanwhile: looked at anew.
                Err(Refusal::Erased { .. } | Refusal::OnHold { .. }) => continue,
                other => other?,
            };
            // The rows go now and the file is written anew once, at the end.
            for handoff in &erasure.handoffs {
                self.erase_one(workspace, &erasure.id, handoff).await?;
            }
        }
    }

    async fn let_contexts_go(
        self: &Arc<Self>,
        workspace: &Workspace,
        route: &str,
        before: Timestamp,
    ) -> Result<usize, Refusal> {
        let mut gone = 0;
        loop {
            let mut reader = self.store.background_reader().await?;
            let old = store::find_old_context(&mut reader, (workspace, route), before).await?;
            drop(reader);
            if old.is_empty() {
                return Ok(gone);
            }
            for handoff in old {
                gone += usize::from(self.let_context_go(workspace, handoff).await?);
            }
        }
    }

    async fn let_context_go(self: &Arc<Self>, workspace: &Workspace, handoff: HandoffId) -> Result<bool, Fault> {
        let (now, owner) = (self.now(), (workspace.clone(), handoff.clone()));
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let (workspace, handoff) = (&owner.0, &owner.1);
                let Some(gone) = store::drop_context(tx, (workspace, handoff), now).await? else {
                    return Ok(None);
                };
                forget_replies(tx, (workspace, handoff)).await?;
                let version = store::glance(tx.reading().await?, workspace, handoff).await?.map(|row| row.version);
                let detail = json!({"actor": Actor::Baton, "what": {"sources": gone}});
                let happening = Happening { kind: EventKind::ContextExpired, handoff: Some(handoff), version, detail };
                store::append(tx, workspace, &happening, now).await?;
                Ok::<_, Fault>(Some(gone))
            })
        });
        if write.await?.is_none() {
            return Ok(false);
        }
        self.addressed.forget(workspace, &handoff);
        self.tell(workspace, &handoff, News::Changed(EventKind::ContextExpired));
        Ok(true)
    }

    async fn forget_told(&self, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
        let workspace = workspace.clone();
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::forget_told(tx, &workspace, before).await }));
        write.await
    }
}
