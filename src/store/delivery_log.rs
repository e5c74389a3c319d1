//! Looking at deliveries and their attempts, and having them sent again: one,
//! or all of a time that an endpoint did not get.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::deliveries::{Attempt, Delivery, add_delivery};
use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::EventKind;

const COLUMNS: &str = "d.id, d.place, d.endpoint, d.message, d.state, d.next_at, d.attempts, d.made, d.worker, \
     d.created_at, d.updated_at, o.kind, o.handoff, o.payload";

/// Puts a delivery back to the beginning of its schedule; `false` while it is under way.
pub async fn send_again(tx: &mut Tx<'_>, workspace: &Workspace, id: &str, now: Timestamp) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'waiting', next_at = $3, attempts = 0, updated_at = $3 \
         WHERE workspace = $1 AND id = $2 AND state <> 'sending'",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find_delivery(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<Delivery>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM deliveries d JOIN outbox o ON o.workspace = d.workspace AND o.id = d.message \
         WHERE d.workspace = $1 AND d.id = $2"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The deliveries of an endpoint before a place, newest first.
pub async fn list_deliveries(
    connection: &mut SqliteConnection,
    (workspace, endpoint): (&Workspace, &str),
    state: Option<&str>,
    (before, limit): (Option<i64>, u32),
) -> Result<Vec<Delivery>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM deliveries d JOIN outbox o ON o.workspace = d.workspace AND o.id = d.message \
         WHERE d.workspace = $1 AND d.endpoint = $2 AND ($3 IS NULL OR d.state = $3) AND ($4 IS NULL OR d.place < $4) \
         ORDER BY d.place DESC LIMIT $5"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(endpoint)
        .bind(state)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(from_row).collect()
}

/// The attempts of a delivery, oldest first.
pub async fn list_attempts(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    delivery: &str,
) -> Result<Vec<Attempt>, Fault> {
    let rows = sqlx::query(
        "SELECT at, status, problem, milliseconds, excerpt FROM attempts WHERE workspace = $1 AND delivery = $2 \
         ORDER BY number",
    )
    .bind(workspace.as_str())
    .bind(delivery)
    .fetch_all(connection)
    .await?;
    rows.iter().map(attempt_from).collect()
}

/// The last attempt of each of these deliveries that has one.
pub async fn list_last_attempts(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    deliveries: &[&str],
) -> Result<HashMap<String, Attempt>, Fault> {
    let rows = sqlx::query(
        "SELECT delivery, at, status, problem, milliseconds, excerpt FROM attempts WHERE workspace = $1 \
         AND delivery IN (SELECT value FROM json_each($2)) ORDER BY number",
    )
    .bind(workspace.as_str())
    .bind(serde_json::to_string(deliveries)?)
    .fetch_all(connection)
    .await?;
    let pair = |row: &SqliteRow| Ok((row.try_get("delivery")?, attempt_from(row)?));
    rows.iter().map(pair).collect()
}

/// How many deliveries of an endpoint stand where.
pub async fn count_deliveries(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    endpoint: &str,
) -> Result<Vec<(String, u64)>, Fault> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT state, COUNT(*) FROM deliveries WHERE workspace = $1 AND endpoint = $2 GROUP BY state ORDER BY state",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap_or_default())).collect())
}

fn attempt_from(row: &SqliteRow) -> Result<Attempt, Fault> {
    let status: Option<i64> = row.try_get("status")?;
    Ok(Attempt {
        at: time(row.try_get("at")?),
        status: status.and_then(|status| u16::try_from(status).ok()),
        problem: row.try_get("problem")?,
        milliseconds: row.try_get("milliseconds")?,
        excerpt: row.try_get("excerpt")?,
    })
}

/// Ids and kinds of the messages of a time that an endpoint did not get, oldest first, from a place in the log on.
pub async fn list_missed(
    connection: &mut SqliteConnection,
    (workspace, endpoint): (&Workspace, &str),
    ((from, to), place): ((Timestamp, Timestamp), i64),
) -> Result<Vec<(String, EventKind, Option<String>)>, Fault> {
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "SELECT o.id, o.kind, o.handoff FROM outbox o LEFT JOIN deliveries d ON d.workspace = o.workspace \
         AND d.message = o.id AND d.endpoint = $2 WHERE o.workspace = $1 AND o.created_at >= $3 AND o.created_at <= $4 \
         AND o.sent_at IS NOT NULL AND o.kind <> 'endpoint.tested' AND (o.kind <> 'action.begun' OR d.state IS NOT NULL) AND (d.state IS NULL OR d.state IN ('exhausted', 'cancelled')) \
         AND o.event >= $5 ORDER BY o.created_at, o.event",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .bind(from.as_millisecond())
    .bind(to.as_millisecond())
    .bind(place)
    .fetch_all(connection)
    .await?;
    let known = |(id, kind, handoff): (String, String, Option<String>)| Some((id, EventKind::parse(&kind)?, handoff));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Puts a missed message into an endpoint's queue, whether or not it was there before.
pub async fn send_missed(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (id, endpoint, message): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    add_delivery(tx, workspace, (id, endpoint, message), now).await?;
    sqlx::query(
        "UPDATE deliveries SET state = 'waiting', next_at = $4, attempts = 0, updated_at = $4 WHERE workspace = $1 \
         AND endpoint = $2 AND message = $3 AND state IN ('exhausted', 'cancelled')",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .bind(message)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

fn from_row(row: &SqliteRow) -> Result<Delivery, Fault> {
    let kind: String = row.try_get("kind")?;
    Ok(Delivery {
        id: row.try_get("id")?,
        place: row.try_get("place")?,
        endpoint: row.try_get("endpoint")?,
        message: row.try_get("message")?,
        kind: EventKind::parse(&kind).ok_or_else(|| Fault::Damaged(format!("no such event: {kind}")))?,
        handoff: row.try_get("handoff")?,
        payload: row.try_get("payload")?,
        state: row.try_get("state")?,
        next_at: time(row.try_get("next_at")?),
        attempts: number(row.try_get("attempts")?),
        made: number(row.try_get("made")?),
        worker: row.try_get("worker")?,
        created_at: time(row.try_get("created_at")?),
        updated_at: time(row.try_get("updated_at")?),
    })
}
