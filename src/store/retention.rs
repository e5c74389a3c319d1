//! What is too old to be kept, and what may not go: rows past the age that
//! their route allows, and handoffs on hold.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::{Hold, time};
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
    .execute(tx.reading().await?)
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
         WHERE s.workspace = $1 AND h.route_id = $2 AND s.created_at < $3 AND h.hold IS NULL \
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.workspace = h.workspace AND j.handoff = h.id \
         AND j.state <> 'quarantined') LIMIT $4",
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

/// How much of something there is, and the oldest of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oldest {
    pub all: u64,
    pub at: Option<Timestamp>,
    /// How many are from before the moment that was asked for.
    pub before: u64,
}

/// Handoffs of a route, not on hold, that hold raw context, by the oldest of it.
pub async fn oldest_context(
    connection: &mut SqliteConnection,
    (workspace, route): (&Workspace, &str),
    before: Option<Timestamp>,
) -> Result<Oldest, Fault> {
    const QUESTION: &str = "SELECT COUNT(*), MIN(at), COALESCE(SUM(at < $3), 0) FROM (SELECT MIN(s.created_at) AS at FROM sources s \
         JOIN handoffs h ON h.workspace = s.workspace AND h.id = s.handoff WHERE s.workspace = $1 AND h.route_id = $2 \
         AND h.hold IS NULL GROUP BY s.handoff)";
    oldest(connection, QUESTION, ((workspace, route), before)).await
}

/// Handoffs of a route, not on hold, by their last change.
pub async fn oldest_handoff(
    connection: &mut SqliteConnection,
    (workspace, route): (&Workspace, &str),
    before: Option<Timestamp>,
) -> Result<Oldest, Fault> {
    const QUESTION: &str = "SELECT COUNT(*), MIN(updated_at), COALESCE(SUM(updated_at < $3), 0) FROM handoffs \
         WHERE workspace = $1 AND route_id = $2 AND erased_at IS NULL AND hold IS NULL";
    oldest(connection, QUESTION, ((workspace, route), before)).await
}

async fn oldest(
    connection: &mut SqliteConnection,
    question: &'static str,
    ((workspace, route), before): ((&Workspace, &str), Option<Timestamp>),
) -> Result<Oldest, Fault> {
    let (all, at, before): (i64, Option<i64>, i64) = sqlx::query_as(question)
        .bind(workspace.as_str())
        .bind(route)
        .bind(before.map(Timestamp::as_millisecond))
        .fetch_one(connection)
        .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Oldest { all: count(all), at: at.map(time), before: count(before) })
}

/// A handoff of which nothing may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldHandoff {
    pub id: HandoffId,
    pub title: Option<String>,
    pub hold: Hold,
}

/// Handoffs on hold, those that were held last first.
pub async fn list_on_hold(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: u32,
) -> Result<Vec<HeldHandoff>, Fault> {
    let rows: Vec<(String, Option<String>, String)> = sqlx::query_as(
        "SELECT id, json_extract(matter, '$.title'), hold FROM handoffs WHERE workspace = $1 AND hold IS NOT NULL \
         AND erased_at IS NULL ORDER BY updated_at DESC, id LIMIT $2",
    )
    .bind(workspace.as_str())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    let held = |(id, title, hold): (String, Option<String>, String)| {
        Ok(HeldHandoff { id: HandoffId(id), title, hold: serde_json::from_str(&hold)? })
    };
    rows.into_iter().map(held).collect()
}

/// Lets all raw context go, with what a model made of it; how many sources. `None` when the handoff was put on hold
/// meanwhile, or waits to be read: then it goes after that.
pub async fn drop_context(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    now: Timestamp,
) -> Result<Option<u64>, Fault> {
    let marked = sqlx::query(
        "UPDATE handoffs SET context_gone_at = COALESCE(context_gone_at, $3), version = version + 1 \
         WHERE workspace = $1 AND id = $2 AND hold IS NULL AND erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM jobs j \
         WHERE j.workspace = handoffs.workspace AND j.handoff = handoffs.id AND j.state <> 'quarantined')",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    if marked.rows_affected() == 0 {
        return Ok(None);
    }
    // All of it, since nothing of it can be read again: what came later would stand under the numbers of what went.
    let sources = sqlx::query("DELETE FROM sources WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(tx.reading().await?)
        .await?
        .rows_affected();
    // Their words are found no more either. Whoever is cutting them just now looks again.
    sqlx::query("DELETE FROM passages WHERE workspace = $1 AND handoff = $2 AND kind = 'source'")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(tx.reading().await?)
        .await?;
    tx.later("DELETE FROM likenesses WHERE workspace = $1 AND handoff = $2 AND kind = 'message'")
        .bind(workspace.as_str())
        .bind(&handoff.0);
    super::passages::mark(tx, (workspace, handoff));
    sqlx::query("DELETE FROM replies WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(tx.reading().await?)
        .await?;
    sqlx::query("DELETE FROM jobs WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .execute(tx.reading().await?)
        .await?;
    Ok(Some(sources))
}

/// Lets messages to the outside go that are older and that nobody will send any more, a part at a time; how many went.
/// Those of handoffs on hold stay, and those that wait for an endpoint.
pub async fn forget_told(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<u64, Fault> {
    // What became of a message goes with it.
    let removed = sqlx::query(
        "DELETE FROM outbox WHERE workspace = $1 AND id IN (SELECT o.id FROM outbox o \
         LEFT JOIN handoffs h ON h.workspace = o.workspace AND h.id = o.handoff \
         WHERE o.workspace = $1 AND o.created_at < $2 AND h.hold IS NULL AND o.sent_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.workspace = o.workspace AND d.message = o.id \
         AND d.state IN ('waiting', 'sending')) ORDER BY o.created_at, o.id LIMIT 1000)",
    )
    .bind(workspace.as_str())
    .bind(before.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(removed.rows_affected())
}
