//! What was answered to a request, so that the same request again gets the
//! same answer and does nothing twice. Written with the change itself.

use jiff::Timestamp;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// What is kept of an earlier request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of the request: another body under the same key is another request.
    pub fingerprint: String,
    /// What was answered, as JSON.
    pub outcome: String,
}

/// What is kept under the key since `after`.
pub async fn recall(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    key: &str,
    after: Timestamp,
) -> Result<Option<Kept>, Fault> {
    let row: Option<(String, String)> = sqlx::query_as(
        "SELECT fingerprint, outcome FROM idempotency WHERE workspace = $1 AND key IN ($2, $4) AND created_at >= $3",
    )
    .bind(workspace.as_str())
    .bind(key)
    .bind(after.as_millisecond())
    .bind(unread(key))
    .fetch_optional(tx.reading().await?)
    .await?;
    Ok(row.map(|(fingerprint, outcome)| Kept { fingerprint, outcome }))
}

/// Keeps what was answered; what was there under the key is too old by now and goes.
pub async fn keep(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (key, kept): (&str, &Kept),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO idempotency (workspace, key, fingerprint, outcome, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace, key) DO UPDATE SET fingerprint = $3, outcome = $4, created_at = $5",
    )
    .bind(workspace.as_str())
    .bind(key)
    .bind(&kept.fingerprint)
    .bind(&kept.outcome)
    .bind(now.as_millisecond());
    Ok(())
}

/// Of the answers about a handoff that is erased only this is kept: that the same request was carried out, so that a late
/// repeat does not bring everything back. How many rows it were.
pub(super) async fn erase(tx: &mut Tx<'_>, workspace: &Workspace, handoff: &HandoffId) -> Result<u64, Fault> {
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT key FROM idempotency WHERE workspace = $1 AND json_extract(outcome, '$.id') = $2")
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .fetch_all(tx.reading().await?)
            .await?;
    for key in &keys {
        sqlx::query("UPDATE idempotency SET key = $3, outcome = $4 WHERE workspace = $1 AND key = $2")
            .bind(workspace.as_str())
            .bind(key)
            .bind(unread(key))
            .bind(serde_json::json!({"id": handoff, "version": 0, "body": null}).to_string())
            .execute(tx.reading().await?)
            .await?;
    }
    Ok(keys.len() as u64)
}

/// A key that nobody can read any more, and that the same key still leads to.
fn unread(key: &str) -> String {
    use sha2::Digest;
    let hash = sha2::Sha256::digest(key.as_bytes());
    hash.iter().fold("erased:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Removes what is older, a part at a time so that nothing waits long; how many rows went.
pub async fn forget_before(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
    let removed = sqlx::query(
        "DELETE FROM idempotency WHERE workspace = $1 AND key IN \
         (SELECT key FROM idempotency WHERE workspace = $1 AND created_at < $2 LIMIT 1000)",
    )
    .bind(workspace.as_str())
    .bind(before.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(removed.rows_affected())
}
