//! What was answered to a request, so that the same request again gets the
//! same answer and does nothing twice. Written with the change itself.

use jiff::Timestamp;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;

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
        "SELECT fingerprint, outcome FROM idempotency WHERE workspace = $1 AND key = $2 AND created_at >= $3",
    )
    .bind(workspace.as_str())
    .bind(key)
    .bind(after.as_millisecond())
    .fetch_optional(&mut *tx.connection)
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
    sqlx::query(
        "INSERT INTO idempotency (workspace, key, fingerprint, outcome, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace, key) DO UPDATE SET fingerprint = $3, outcome = $4, created_at = $5",
    )
    .bind(workspace.as_str())
    .bind(key)
    .bind(&kept.fingerprint)
    .bind(&kept.outcome)
    .bind(now.as_millisecond())
    .execute(&mut *tx.connection)
    .await?;
    Ok(())
}

/// Removes what is older, a part at a time so that nothing waits long; how many rows went.
pub async fn forget_before(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
    let removed = sqlx::query(
        "DELETE FROM idempotency WHERE workspace = $1 AND key IN \
         (SELECT key FROM idempotency WHERE workspace = $1 AND created_at < $2 LIMIT 1000)",
    )
    .bind(workspace.as_str())
    .bind(before.as_millisecond())
    .execute(&mut *tx.connection)
    .await?;
    Ok(removed.rows_affected())
}
