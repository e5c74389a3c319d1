//! What people typed into the form of a handoff and have not sent: one draft a
//! person and handoff, the newest alone.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// Keeps what somebody typed, in place of what they typed before. Nothing is kept of a handoff that was erased.
pub async fn keep_draft(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (person, body): (&str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO drafts (workspace, handoff, person, body, updated_at) \
         SELECT workspace, id, $3, $4, $5 FROM handoffs WHERE workspace = $1 AND id = $2 AND erased_at IS NULL \
         ON CONFLICT (workspace, handoff, person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(person)
    .bind(body)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Lets a draft go.
pub async fn drop_draft(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    person: &str,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM drafts WHERE workspace = $1 AND handoff = $2 AND person = $3")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .bind(person)
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// What somebody typed, and when.
pub async fn find_draft(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    person: &str,
) -> Result<Option<(String, Timestamp)>, Fault> {
    let found: Option<(String, i64)> =
        sqlx::query_as("SELECT body, updated_at FROM drafts WHERE workspace = $1 AND handoff = $2 AND person = $3")
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .bind(person)
            .fetch_optional(connection)
            .await?;
    Ok(found.map(|(body, at)| (body, time(at))))
}

/// Lets drafts go that nobody touched since.
pub async fn forget_drafts(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
    // What is on hold stays.
    let gone = sqlx::query(
        "DELETE FROM drafts WHERE workspace = $1 AND updated_at < $2 AND NOT EXISTS (SELECT 1 FROM handoffs h \
         WHERE h.workspace = drafts.workspace AND h.id = drafts.handoff AND h.hold IS NOT NULL)",
    )
    .bind(workspace.as_str())
    .bind(before.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(gone.rows_affected())
}
