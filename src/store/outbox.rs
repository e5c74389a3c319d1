//! What has to be told to the outside, written in the transaction of the
//! change it tells of: nothing is told that did not happen, and nothing that
//! happened stays untold.

use jiff::Timestamp;
use serde_json::Value as Json;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::{EventKind, HandoffId};

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// `msg_…`, the same however often it is sent.
    pub id: String,
    pub kind: EventKind,
    pub handoff: Option<HandoffId>,
    pub payload: Json,
    pub created_at: Timestamp,
}

/// Adds a message about the event at `event`.
pub async fn add(tx: &mut Tx<'_>, workspace: &Workspace, (event, message): (i64, &Waiting)) -> Result<(), Fault> {
    // What no endpoint can ask for is sent to one alone: an example, or what an action says.
    debug_assert!(message.kind.is_told() || matches!(message.kind, EventKind::EndpointTested | EventKind::ActionBegun));
    tx.later(
        "INSERT INTO outbox (workspace, id, event, handoff, kind, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.as_str())
    .bind(&message.id)
    .bind(event)
    .bind(message.handoff.as_ref().map(|id| &id.0))
    .bind(message.kind.name())
    .bind(message.payload.to_string())
    .bind(message.created_at.as_millisecond());
    Ok(())
}

/// The last messages of one kind, newest first.
pub async fn list_told_lately(
    connection: &mut SqliteConnection,
    (workspace, kind): (&Workspace, EventKind),
    limit: i64,
) -> Result<Vec<Waiting>, Fault> {
    let rows = sqlx::query(
        "SELECT id, handoff, kind, payload, created_at FROM outbox WHERE workspace = $1 AND kind = $2 \
         ORDER BY created_at DESC, event DESC LIMIT $3",
    )
    .bind(workspace.as_str())
    .bind(kind.name())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_row).collect()
}

/// The oldest messages that wait, each with the place in the log of what it tells.
pub async fn list_waiting(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: i64,
) -> Result<Vec<(i64, Waiting)>, Fault> {
    let rows = sqlx::query(
        "SELECT event, id, handoff, kind, payload, created_at FROM outbox \
         WHERE workspace = $1 AND sent_at IS NULL ORDER BY created_at, event LIMIT $2",
    )
    .bind(workspace.as_str())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("event")?, from_row(row)?))).collect()
}

fn from_row(row: &SqliteRow) -> Result<Waiting, Fault> {
    let kind: String = row.try_get("kind")?;
    Ok(Waiting {
        id: row.try_get("id")?,
        kind: EventKind::parse(&kind).ok_or_else(|| Fault::Damaged(format!("no such event: {kind}")))?,
        handoff: row.try_get::<Option<String>, _>("handoff")?.map(HandoffId),
        payload: serde_json::from_str(row.try_get("payload")?)?,
        created_at: time(row.try_get("created_at")?),
    })
}
