//! What is too old to be kept, and what may not go: rows past the age that
//! their route allows, and handoffs on hold.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::Hold;
use super::jobs::count_jobs_of;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// Handoffs taken in one go.
const MOST: i64 = 100;

/// Puts a handoff on hold or lifts it, as its next version; `false` when it is not there.
pub async fn set_hold(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    hold: Option<&Hold>,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE handoffs SET hold = $3, version = version + 1 WHERE workspace = $1 AND id = $2 AND erased_at IS NULL",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(hold.map(serde_json::to_string).transpose()?)
    .execute(&mut *tx.connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Handoffs of a route, not on hold, that hold raw context from before; some of them.
pub async fn find_old_context(
    connection: &mut SqliteConnection,
    (workspace, route): (&Workspace, &str),
    before: Timestamp,
) -> Result<Vec<HandoffId>, Fault> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT h.id FROM sources s JOIN handoffs h ON h.workspace = s.workspace AND h.id = s.handoff \
         WHERE s.workspace = $1 AND h.route_id = $2 AND s.created_at < $3 AND h.hold IS NULL LIMIT $4",
    )
    .bind(workspace.as_str())
    .bind(route)
    .bind(before.as_millisecond())
    .bind(MOST)
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(HandoffId).collect())
}

/// Handoffs of a route, not on hold, that nothing has changed since; some of them.
pub async fn find_unchanged(
    connection: &mut SqliteConnection,
    (workspace, route): (&Workspace, &str),
    since: Timestamp,
) -> Result<Vec<HandoffId>, Fault> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM handoffs WHERE workspace = $1 AND route_id = $2 AND updated_at < $3 AND erased_at IS NULL \
         AND hold IS NULL ORDER BY updated_at LIMIT $4",
    )
    .bind(workspace.as_str())
    .bind(route)
    .bind(since.as_millisecond())
    .bind(MOST)
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(HandoffId).collect())
}

/// What went when context went by age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ContextGone {
    pub sources: u64,
    /// Readings that will never be: their context is gone.
    pub jobs: i64,
}

/// Lets raw context from before go, with what a model made of it and with what waits to read it. `None` when the handoff
/// was put on hold meanwhile.
pub async fn drop_context(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (before, now): (Timestamp, Timestamp),
) -> Result<Option<ContextGone>, Fault> {
    let marked = sqlx::query(
        "UPDATE handoffs SET context_gone_at = COALESCE(context_gone_at, $3), version = version + 1, \
         status = CASE status WHEN 'drafting' THEN 'failed' ELSE status END, \
         reason = CASE status WHEN 'drafting' THEN 'context_gone' ELSE reason END \
         WHERE workspace = $1 AND id = $2 AND hold IS NULL AND erased_at IS NULL",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(now.as_millisecond())
    .execute(&mut *tx.connection)
    .await?;
    if marked.rows_affected() == 0 {
        return Ok(None);
    }
    let sources = sqlx::query("DELETE FROM sources WHERE workspace = $1 AND handoff = $2 AND created_at < $3")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .bind(before.as_millisecond())
        .execute(&mut *tx.connection)
        .await?
        .rows_affected();
    sqlx::query("DELETE FROM replies WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(&mut *tx.connection)
        .await?;
    let jobs = count_jobs_of(tx.connection, (workspace, handoff)).await?;
    sqlx::query("DELETE FROM jobs WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(&mut *tx.connection)
        .await?;
    Ok(Some(ContextGone { sources, jobs }))
}

/// Lets messages to the outside go that are older and that nobody will send any more, a part at a time; how many went.
/// Those of handoffs on hold stay.
pub async fn forget_told(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
    // What became of a message goes with it.
    let removed = sqlx::query(
        "DELETE FROM outbox WHERE workspace = $1 AND id IN (SELECT o.id FROM outbox o \
         LEFT JOIN handoffs h ON h.workspace = o.workspace AND h.id = o.handoff \
         WHERE o.workspace = $1 AND o.created_at < $2 AND h.hold IS NULL ORDER BY o.created_at, o.id LIMIT 1000)",
    )
    .bind(workspace.as_str())
    .bind(before.as_millisecond())
    .execute(&mut *tx.connection)
    .await?;
    Ok(removed.rows_affected())
}
