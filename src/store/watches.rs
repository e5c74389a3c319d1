//! Which handoffs somebody has to look at: every change marks one, and whoever
//! has looked says when to look again. What changed meanwhile is looked at anew.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// A handoff that is due to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub workspace: Workspace,
    pub handoff: HandoffId,
    /// Counts the reasons to look and the looks.
    pub turn: i64,
}

/// Has a handoff looked at, at once: whatever the time of the change, which may be ahead of the clock.
pub async fn watch(tx: &mut Tx<'_>, (workspace, handoff): (&Workspace, &HandoffId)) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO watches (workspace, handoff, due_at, turn) VALUES ($1, $2, 0, 1) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET due_at = 0, turn = watches.turn + 1",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0);
    Ok(())
}

/// Handoffs that are due, the longest first.
pub async fn list_watches(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (now, most): (Timestamp, i64),
) -> Result<Vec<Watch>, Fault> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT handoff, turn FROM watches WHERE workspace = $1 AND due_at IS NOT NULL AND due_at <= $2 ORDER BY due_at LIMIT $3",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(most)
    .fetch_all(connection)
    .await?;
    let watch = |(handoff, turn)| Watch { workspace: workspace.clone(), handoff: HandoffId(handoff), turn };
    Ok(rows.into_iter().map(watch).collect())
}

/// Somebody has looked; `false` when somebody else has, or when there is a newer reason to look: then nothing of it may
/// be kept.
pub async fn looked(tx: &mut Tx<'_>, watch: &Watch, next_at: Option<Timestamp>) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE watches SET due_at = $4, turn = turn + 1 WHERE workspace = $1 AND handoff = $2 AND turn = $3",
    )
    .bind(watch.workspace.as_str())
    .bind(&watch.handoff.0)
    .bind(watch.turn)
    .bind(next_at.map(Timestamp::as_millisecond))
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}
