//! What people typed and have not sent yet, kept so that a page that is loaded
//! again, on another device too, still holds it. Nobody but its author sees it,
//! and it is no answer.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{App, Refusal};
use crate::handoff::HandoffId;
use crate::store::{self, Fault, Workspace};

/// What nobody touched for so long is not sent any more.
const DRAFT_LIVES: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest draft, in bytes: as much as a form of a page holds.
const MOST_DRAFT: usize = 256 * 1024;

/// Inputs by name, as they were typed.
pub type Inputs = BTreeMap<String, Vec<String>>;

/// What somebody typed, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typing {
    pub inputs: Inputs,
    pub at: Timestamp,
}

impl App {
    /// Keeps what a person typed into the form of a handoff; nothing typed is no draft.
    pub async fn keep_draft(
        &self,
        (workspace, handoff): (&Workspace, &HandoffId),
        person: &str,
        inputs: Inputs,
    ) -> Result<(), Refusal> {
        let body = serde_json::to_string(&inputs).map_err(Fault::from)?;
        if body.len() > MOST_DRAFT {
            return Err(Refusal::invalid("", "too_long", "This is more than can be kept for later."));
        }
        let (owner, person, now) = ((workspace.clone(), handoff.clone()), person.to_owned(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                match inputs.is_empty() {
                    true => store::drop_draft(tx, (&owner.0, &owner.1), &person).await,
                    false => store::keep_draft(tx, (&owner.0, &owner.1), (&person, &body), now).await,
                }
            })
        });
        Ok(write.await?)
    }

    /// Lets go what a person typed: it was sent, or they threw it away.
    pub async fn drop_draft(&self, whose: (&Workspace, &HandoffId), person: &str) -> Result<(), Refusal> {
        // Most forms are sent before anything was kept, and a write is dear.
        if self.find_draft(whose, person).await?.is_none() {
            return Ok(());
        }
        self.keep_draft(whose, person, Inputs::new()).await
    }

    /// What a person typed and has not sent.
    pub async fn find_draft(
        &self,
        (workspace, handoff): (&Workspace, &HandoffId),
        person: &str,
    ) -> Result<Option<Typing>, Refusal> {
        let mut reader = self.store.reader().await?;
        let found = store::find_draft(&mut reader, (workspace, handoff), person).await?;
        let found = found.filter(|(_, at)| *at + DRAFT_LIVES > self.now());
        found.map(|(body, at)| Ok(Typing { inputs: serde_json::from_str(&body).map_err(Fault::from)?, at })).transpose()
    }

    /// Lets drafts go that nobody will send any more.
    pub(super) async fn forget_drafts(&self, workspace: &Workspace, now: Timestamp) -> Result<u64, Fault> {
        let (workspace, before) = (workspace.clone(), now - DRAFT_LIVES);
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::forget_drafts(tx, &workspace, before).await }));
        write.await
    }
}
