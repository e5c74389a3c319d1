//! Erasure: asked for, written down, and done step by step so that a crash
//! between two steps is finished after the start. A receipt is signed only when
//! the bytes are gone from the file and from the log of writes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;

use super::changing::tell_outside;
use super::{App, News, Refusal, random_id};
use crate::access::receipts::Receipt;
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::store::{self, Erasure, ErasureState, Fault, Happening, Hold, Tx, Workspace};

/// Who wants something of what is kept about people, and where.
#[derive(Debug, Clone)]
pub struct Asker {
    pub workspace: Workspace,
    pub actor: Actor,
}

impl App {
    /// Puts an erasure down, to be done right after: the handoffs are all there and none is on hold, or nothing happens.
    pub async fn request_erasure(
        self: &Arc<Self>,
        asker: Asker,
        handoffs: Vec<HandoffId>,
        cause: &'static str,
    ) -> Result<Erasure, Refusal> {
        let now = self.now();
        let erasure = Erasure {
            id: random_id("ers_"),
            state: ErasureState::Waiting,
            cause: cause.to_owned(),
            handoffs,
            counts: Default::default(),
            receipt: None,
            asked_at: now,
            done_at: None,
        };
        let asked = erasure.clone();
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                for id in &asked.handoffs {
                    let row = store::glance(tx.reading().await?, &asker.workspace, id).await?;
                    let row = row.ok_or(Refusal::NotFound("handoff"))?;
                    if let Some(at) = row.erased_at {
                        return Err(Refusal::Erased { at });
                    }
                    if row.hold.is_some() {
                        return Err(Refusal::OnHold { handoff: id.clone() });
                    }
                }
                store::add_erasure(tx, &asker.workspace, &asked).await?;
                let detail = json!({"actor": asker.actor, "erasure": asked.id, "cause": asked.cause, "handoffs": asked.handoffs});
                let happening = Happening { kind: EventKind::ErasureRequested, handoff: None, version: None, detail };
                store::append(tx, &asker.workspace, &happening, now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await?;
        self.patience.reset();
        self.patience_outside.reset();
        self.chores.notify_one();
        Ok(erasure)
    }

    pub async fn find_erasure(&self, workspace: &Workspace, id: &str) -> Result<Erasure, Refusal> {
        let mut reader = self.store.reader().await?;
        store::find_erasure(&mut reader, workspace, id).await?.ok_or(Refusal::NotFound("erasure"))
    }

    /// Does what is asked for and not done yet, also what an earlier process left; how many are done here.
    pub async fn erase_waiting(self: &Arc<Self>) -> Result<usize, Fault> {
        let mut waiting = Vec::new();
        let mut reader = self.store.background_reader().await?;
        for workspace in store::list_workspaces(&mut reader).await? {
            let erasures = store::list_waiting_erasures(&mut reader, &workspace).await?;
            waiting.extend(erasures.into_iter().map(|erasure| (workspace.clone(), erasure)));
        }
        drop(reader);
        for (workspace, erasure) in &waiting {
            for handoff in &erasure.handoffs {
                self.erase_one(workspace, &erasure.id, handoff).await?;
            }
        }
        if waiting.is_empty() {
            return Ok(0);
        }
        fail::fail_point!("erase.between_stores");
        self.store.write_anew().await?;
        let finished = waiting.len();
        for (workspace, erasure) in waiting {
            self.end_erasure_here(workspace, erasure.id).await?;
        }
        Ok(finished)
    }

    /// One handoff of an erasure; nothing when it is gone already, or was put on hold since.
    pub(super) async fn erase_one(
        self: &Arc<Self>,
        workspace: &Workspace,
        erasure: &str,
        handoff: &HandoffId,
    ) -> Result<(), Fault> {
        let (now, owner, erasure) = (self.now(), (workspace.clone(), handoff.clone()), erasure.to_owned());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let (workspace, handoff) = (&owner.0, &owner.1);
                let row = store::glance(tx.reading().await?, workspace, handoff).await?;
                let Some(mut erasure) = store::find_erasure(tx.reading().await?, workspace, &erasure).await? else {
                    return Ok(None);
                };
                if row.is_some_and(|row| row.hold.is_some()) {
                    return Ok(None);
                }
                let Some(erased) = store::erase(tx, (workspace, handoff), now).await? else { return Ok(None) };
                *erasure.counts.entry("handoffs".to_owned()).or_default() += 1;
                for (table, rows) in erased.counts.iter().filter(|(table, _)| **table != "handoffs") {
                    *erasure.counts.entry((*table).to_owned()).or_default() += rows;
                }
                store::save_erasure(tx, workspace, &erasure).await?;
                tell_erased(tx, (workspace, handoff), &erasure.id, now).await?;
                Ok::<_, Fault>(Some(erased.jobs))
            })
        });
        if let Some(jobs) = write.await? {
            self.waiting.fetch_sub(jobs, Ordering::Relaxed);
            self.addressed.forget(workspace, handoff);
            self.lately.forget(workspace);
            self.tell(workspace, handoff, News::Changed(EventKind::Erased));
        }
        Ok(())
    }

    /// The receipt, and the last entry in the log.
    pub(super) async fn finish_erasure(self: &Arc<Self>, workspace: Workspace, id: String) -> Result<(), Fault> {
        let (app, now) = (self.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let Some(mut erasure) = store::find_erasure(tx.reading().await?, &workspace, &id).await? else {
                    return Ok(());
                };
                if erasure.state == ErasureState::Done {
                    return Ok(());
                }
                let mut gone = Vec::new();
                for handoff in &erasure.handoffs {
                    let row = store::glance(tx.reading().await?, &workspace, handoff).await?;
                    if row.is_some_and(|row| row.erased_at.is_some()) {
                        gone.push(handoff.0.clone());
                    }
                }
                let head = store::chain_head(tx.reading().await?, &workspace).await?;
                let receipt = Receipt {
                    iss: app.settings.base_url.clone().unwrap_or_else(|| "baton".to_owned()),
                    ws: workspace.as_str().to_owned(),
                    jti: erasure.id.clone(),
                    cause: erasure.cause.clone(),
                    handoffs: gone,
                    counts: erasure.counts.clone(),
                    asked_at: erasure.asked_at.as_second(),
                    seq: u64::try_from(head.place).unwrap_or_default(),
                    hash: head.hash,
                    iat: now.as_second(),
                };
                erasure.receipt = Some(app.signing().sign_receipt(&receipt));
                erasure.state = ErasureState::Done;
                erasure.done_at = Some(now);
                store::save_erasure(tx, &workspace, &erasure).await?;
                let detail = json!({"actor": Actor::Baton, "erasure": erasure.id, "counts": erasure.counts});
                let happening = Happening { kind: EventKind::ErasureDone, handoff: None, version: None, detail };
                store::append(tx, &workspace, &happening, now).await?;
                Ok::<_, Fault>(())
            })
        });
        write.await
    }

    /// Puts a handoff on hold, or lifts it: nothing of one on hold goes, neither by age nor when it is asked for.
    pub async fn hold(
        self: &Arc<Self>,
        asker: Asker,
        handoff: HandoffId,
        reason: Option<String>,
    ) -> Result<store::Handoff, Refusal> {
        let now = self.now();
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let owner = (&asker.workspace, &handoff);
                let row =
                    store::glance(tx.reading().await?, owner.0, owner.1).await?.ok_or(Refusal::NotFound("handoff"))?;
                let row = living(row)?;
                let kind = if reason.is_some() { EventKind::Held } else { EventKind::Released };
                if reason.is_none() && row.hold.is_none() {
                    return Ok(row);
                }
                let hold = reason.map(|reason| Hold { reason, since: now });
                store::set_hold(tx, owner, hold.as_ref()).await?;
                let row =
                    store::glance(tx.reading().await?, owner.0, owner.1).await?.ok_or(Refusal::NotFound("handoff"))?;
                let detail = json!({"actor": asker.actor, "what": {"hold": hold}, "status": row.status});
                let happening = Happening { kind, handoff: Some(&handoff), version: Some(row.version), detail };
                store::append(tx, owner.0, &happening, now).await?;
                Ok::<_, Refusal>(row)
            })
        });
        write.await
    }
}

/// The handoff unless it was erased.
pub(super) fn living(row: store::Handoff) -> Result<store::Handoff, Refusal> {
    match row.erased_at {
        Some(at) => Err(Refusal::Erased { at }),
        None => Ok(row),
    }
}

/// The entry in the log and the message to the outside: whoever got something of the handoff can let it go too.
async fn tell_erased(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    erasure: &str,
    now: jiff::Timestamp,
) -> Result<(), Fault> {
    let version = store::glance(tx.reading().await?, workspace, handoff).await?.map(|row| row.version);
    let detail = json!({"actor": Actor::Baton, "what": {"erasure": erasure}});
    let happening = Happening { kind: EventKind::Erased, handoff: Some(handoff), version, detail };
    let event = store::append(tx, workspace, &happening, now).await?;
    let data = json!({"id": handoff, "version": version, "erasure": erasure});
    let message = tell_outside(tx, workspace, (event, EventKind::Erased, Some(handoff), data), now).await?;
    // Those to whom a route sent something of it are told nothing else, but this.
    for endpoint in store::list_acted_endpoints(tx.reading().await?, (workspace, handoff)).await? {
        store::add_delivery(tx, workspace, (&random_id("dlv_"), &endpoint, &message), now).await?;
    }
    Ok(())
}
