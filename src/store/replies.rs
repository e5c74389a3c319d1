//! A model's replies, kept before they are used: a reading that is cut short
//! goes on with what was paid for, and a later reading asks only what is new.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// Keeps one reply under the hash of its call; a second one for the same call changes nothing.
pub async fn keep_reply(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (hash, reply): (&str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO replies (workspace, handoff, hash, reply, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace, handoff, hash) DO NOTHING",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(hash)
    .bind(reply)
    .bind(now.as_millisecond());
    Ok(())
}

/// All replies of a handoff by the hash of their call, as JSON.
pub async fn find_replies(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<HashMap<String, String>, Fault> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT hash, reply FROM replies WHERE workspace = $1 AND handoff = $2")
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Forgets what a model failed to answer, so that it is asked again; what it did answer stays.
pub async fn forget_failures(tx: &mut Tx<'_>, (workspace, handoff): (&Workspace, &HandoffId)) -> Result<(), Fault> {
    sqlx::query("DELETE FROM replies WHERE workspace = $1 AND handoff = $2 AND json_extract(reply, '$.reply') IS NULL")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}
