//! The moves of a handoff besides the transfer: taken by the receiving team or
//! given back, called off, tried again.

use std::sync::Arc;

use serde_json::json;

use super::changing::{Step, Told, immediate, stand};
use super::saying::refused;
use super::{Answered, App, Asked, Refusal, random_id};
use crate::answers::{self, Person, Return};
use crate::handoff::{EventKind, HandoffId, Move, ReturnKind, Status};
use crate::store;

/// Why the receiving team gives a handoff back.
#[derive(Debug, Clone)]
pub struct GivenBack {
    pub by: Person,
    pub kind: ReturnKind,
    pub reason: String,
    pub fields: Vec<String>,
}

impl App {
    /// The receiving team takes it, and says in its own words what it takes.
    pub async fn receive(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        (by, read_back): (Person, Option<String>),
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Accepted;
            desk.row.reason = None;
            Ok(Told { kind: EventKind::Accepted, detail: json!({"by": by, "read_back": read_back}) })
        });
        self.change(asked, id, Some(Move::Accept), step).await
    }

    /// The receiving team gives it back; the fields it names are asked again. Without fields the whole waits until
    /// something happens: `Said::given_back`.
    pub async fn give_back(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        given: GivenBack,
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Returned;
            desk.row.reason = Some(returned_for(given.kind));
            desk.row.pass = None;
            desk.row.changed.clear();
            if let Some(brief) = &desk.row.brief {
                let returned = answers::returned(&given.fields, &given.reason, brief, &given.by, desk.now);
                let (kind, batches) = (Some(given.kind), desk.row.batches);
                desk.adds.returns.push(Return { kind, batches, ..returned.map_err(refused)? });
            }
            desk.judge_again();
            if !given.fields.is_empty() {
                let reason = desk.row.reason.take();
                stand(&mut desk.row);
                desk.row.reason = reason;
            }
            let detail = json!({"by": given.by, "kind": given.kind, "why": given.reason, "fields": given.fields});
            Ok(Told { kind: EventKind::Returned, detail })
        });
        self.change(asked, id, Some(Move::Return), step).await
    }

    /// Calls it off before it moved.
    pub async fn cancel(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        why: Option<String>,
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Cancelled;
            desk.row.reason.clone_from(&why);
            Ok(Told { kind: EventKind::Cancelled, detail: json!({"why": why}) })
        });
        self.change(asked, id, Some(Move::Cancel), step).await
    }

    /// Reads everything once more: after a failure, or when the model is back.
    pub async fn retry(self: &Arc<Self>, asked: Asked, id: HandoffId) -> Result<Answered, Refusal> {
        let workspace = asked.workspace.clone();
        let handoff = id.clone();
        let app = self.clone();
        let step: Step = Box::new(move |desk, tx| {
            Box::pin(async move {
                let owner = (&workspace, &handoff);
                if let Some(since) = desk.row.context_gone_at {
                    return Err(Refusal::ContextGone { since });
                }
                store::forget_failures(tx, owner).await?;
                // Work is due by the clock. The desk's time is later where people spoke before the clock was set back.
                let now = app.now();
                let again = store::requeue(tx, owner, now).await?;
                if again == 0 {
                    // A read batch is read again under a key of its own.
                    let unique = format!("read:{handoff}:{}:{}", desk.row.batches, desk.row.version);
                    store::enqueue(tx, owner, (&random_id("job_"), &unique), now).await?;
                }
                desk.row.read_batches = 0;
                desk.row.status = Status::Drafting;
                desk.row.reason = None;
                Ok(Told { kind: EventKind::Retried, detail: json!({}) })
            })
        });
        let answered = self.change(asked, id, Some(Move::Retry), step).await?;
        self.accepted(&answered);
        Ok(answered)
    }
}

/// The reason of a handoff that was given back.
pub(super) fn returned_for(kind: ReturnKind) -> String {
    format!("returned: {}", kind.name())
}
