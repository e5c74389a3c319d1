//! What is kept about the people who log in, for whoever asks, and how all of
//! it goes when somebody leaves for good. What they did in handoffs stays with
//! these, and goes with these.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::managing::{note, own};
use crate::app::{App, Asker, Refusal};
use crate::handoff::EventKind;
use crate::store::{self, Fault, Store, Workspace};

/// What is kept about somebody who logs in, or was invited to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MemberFound {
    /// `mbr_…`; none for somebody who was only invited.
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: String,
    pub role: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub since: Timestamp,
    /// Where they are signed in.
    pub sessions: Vec<SessionFound>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SessionFound {
    pub address: String,
    pub browser: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub began_at: Timestamp,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub used_at: Timestamp,
}

impl App {
    /// Members and open invitations whose name or address is meant.
    pub(in crate::app) async fn members_named(
        &self,
        workspace: &Workspace,
        is_named: impl Fn(&str) -> bool,
    ) -> Result<Vec<MemberFound>, Fault> {
        let mut reader = self.store.background_reader().await?;
        let mut found = Vec::new();
        for row in store::list_members(&mut reader, workspace).await? {
            if !is_named(&row.email) && !is_named(&row.name) {
                continue;
            }
            let sessions = store::list_member_sessions(&mut reader, (workspace, &row.id)).await?;
            let sessions = sessions.into_iter().map(|session| SessionFound {
                address: session.address,
                browser: session.browser,
                began_at: session.created_at,
                used_at: session.seen_at,
            });
            found.push(MemberFound {
                id: Some(row.id),
                name: Some(row.name),
                email: row.email,
                role: row.role,
                since: row.created_at,
                sessions: sessions.collect(),
            });
        }
        for row in store::list_invitations(&mut reader, workspace, self.now()).await? {
            if row.member.is_none() && (is_named(&row.email) || row.name.as_deref().is_some_and(&is_named)) {
                let (email, role, since) = (row.email, row.role, row.created_at);
                found.push(MemberFound { id: None, name: row.name, email, role, since, sessions: Vec::new() });
            }
        }
        Ok(found)
    }
}

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
