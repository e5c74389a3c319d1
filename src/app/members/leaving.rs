//! How everything goes that is kept about somebody who logged in, when they
//! leave for good. What they did in handoffs stays with these, and goes with
//! these.

use jiff::Timestamp;
use serde_json::json;

use super::managing::{note, own};
use crate::app::{Asker, Refusal};
use crate::handoff::EventKind;
use crate::store::{self, Store};

/// Lets everything go that is kept about a member who was shut out: account, sessions, links, and the words of the
/// log's entries about the account. What is left is that there was one.
pub async fn erase_member(store: &Store, asker: Asker, id: String, now: Timestamp) -> Result<(), Refusal> {
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let row = own(tx, &asker, &id).await?;
            if row.disabled_at.is_none() {
                return Err(Refusal::invalid("/member", "not_disabled", "they can still sign in; shut them out first"));
            }
            store::erase_member(tx, &row).await?;
            let detail = json!({"actor": asker.actor, "member": row.id});
            note(tx, &row.workspace, (EventKind::MemberErased, detail), now).await?;
            Ok::<_, Refusal>(())
        })
    });
    write.await
}
