//! Reminding many people by hand: seen first whom it would reach and whom it
//! spares, then done, each held to the same rule as one alone.

use std::sync::Arc;

use super::asking::name_of;
use super::members::Visitor;
use super::{App, Refusal};
use crate::asking::{Request, Spared, may_remind};
use crate::handoff::HandoffId;
use crate::store::{self, Workspace};

/// A handoff whose people are to be reminded.
#[derive(Debug)]
pub struct Chosen {
    pub handoff: HandoffId,
    /// What it is called in messages.
    pub name: String,
    /// Who is asked, and why they are not reminded if they are not; empty where nobody is.
    pub asked: Vec<(Request, Result<(), Spared>)>,
}

impl App {
    /// Whom a reminder about these handoffs would reach; what is not there is left out.
    pub async fn remindable(&self, workspace: &Workspace, ids: &[HandoffId]) -> Result<Vec<Chosen>, Refusal> {
        let now = self.now();
        let mut reader = self.store.reader().await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let found = store::glance(&mut reader, workspace, id).await?;
            let Some(row) = found.filter(|row| row.erased_at.is_none()) else { continue };
            let requests = store::list_requests(&mut reader, (workspace, id)).await?;
            let open = requests.into_iter().filter(|request| request.state.is_open());
            let asked = open.map(|request| {
                let may = may_remind(&request, now);
                (request, may)
            });
            all.push(Chosen { handoff: id.clone(), name: name_of(&row), asked: asked.collect() });
        }
        Ok(all)
    }

    /// Reminds those of these requests who may be reminded; what became of each.
    pub async fn remind_many(
        self: &Arc<Self>,
        visitor: &Visitor,
        (ids, requests): (&[HandoffId], &[&str]),
    ) -> Result<Vec<Chosen>, Refusal> {
        let workspace = &visitor.member.workspace;
        let mut all = self.remindable(workspace, ids).await?;
        for chosen in &mut all {
            chosen.asked.retain(|(request, _)| requests.contains(&request.id.as_str()));
            for (request, may) in chosen.asked.iter_mut().filter(|(_, may)| may.is_ok()) {
                match self.remind((workspace.clone(), visitor.actor()), request.id.clone()).await {
                    Ok(_) => {}
                    // Answered between the look and the reminder.
                    Err(Refusal::RequestClosed { .. } | Refusal::NotFound(_)) => *may = Err(Spared::Closed),
                    Err(refusal) => return Err(refusal),
                }
            }
        }
        Ok(all)
    }
}
