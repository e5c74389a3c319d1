//! Mails that belong to no question: codes for links, invitations, and notices
//! to whoever looks after Baton. They hold no words, only what they are about; claimed
//! under a lease when they are due, ended by the one who holds the claim.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// What a slip tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SlipAbout {
    /// The code of this id.
    Code { code: String },
    /// The invitation of this id.
    Invitation { invitation: String },
    /// An endpoint is told nothing more.
    EndpointDisabled { endpoint: String, host: Option<String>, reason: Option<String> },
    /// Messages to an endpoint were given up, so many since the last notice.
    DeliveryExhausted { endpoint: String, host: Option<String>, count: u32 },
    /// Messages to people were given up, so many since the last notice.
    MessageUndeliverable { count: u32 },
}

/// A slip as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// `slp_…`, the same however often it is tried.
    pub id: String,
    pub workspace: Workspace,
    pub handoff: Option<HandoffId>,
    pub about: SlipAbout,
    pub email: String,
    pub name: Option<String>,
    pub attempts: u32,
    /// The claim's own name.
    pub worker: Option<String>,
    pub created_at: Timestamp,
}

/// A slip to be stored.
#[derive(Debug, Clone)]
pub struct NewSlip {
    pub id: String,
    pub handoff: Option<HandoffId>,
    pub about: SlipAbout,
    /// What it is about, in one word: the receiver does not get two of one topic at the same time.
    pub topic: String,
    pub email: String,
    pub name: Option<String>,
    pub next_at: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipEnd {
    Sent,
    Again { at: Timestamp, problem: String },
    Failed { problem: String },
}

const COLUMNS: &str = "id, handoff, about, email, name, attempts, worker, created_at";

/// Stores a slip that waits.
pub async fn add_slip(tx: &mut Tx<'_>, workspace: &Workspace, new: &NewSlip, now: Timestamp) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO slips (workspace, id, handoff, about, topic, email, name, state, next_at, attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, 0, $9)",
    )
    .bind(workspace.as_str())
    .bind(&new.id)
    .bind(new.handoff.as_ref().map(|id| &id.0))
    .bind(serde_json::to_string(&new.about)?)
    .bind(&new.topic)
    .bind(&new.email)
    .bind(&new.name)
    .bind(new.next_at.as_millisecond())
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Slips that wait and need not leave any more, of one topic.
pub async fn drop_slips(tx: &mut Tx<'_>, workspace: &Workspace, topic: &str) -> Result<(), Fault> {
    sqlx::query("DELETE FROM slips WHERE workspace = $1 AND topic = $2 AND state = 'waiting'")
        .bind(workspace.as_str())
        .bind(topic)
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// The newest slip of a topic to a receiver: its id, when it was due first or last, and whether it still waits.
pub async fn find_slip(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (topic, email): (&str, &str),
) -> Result<Option<(Slip, Timestamp, bool)>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS}, next_at, state FROM slips WHERE workspace = $1 AND topic = $2 AND email = $3 \
         ORDER BY next_at DESC, id LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(topic)
        .bind(email)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let state: String = row.try_get("state")?;
    Ok(Some((from_row(&row, workspace)?, time(row.try_get("next_at")?), state == "waiting")))
}

/// Changes what a slip tells that has not left.
pub async fn save_about(tx: &mut Tx<'_>, workspace: &Workspace, slip: &Slip) -> Result<(), Fault> {
    sqlx::query("UPDATE slips SET about = $3 WHERE workspace = $1 AND id = $2 AND state = 'waiting'")
        .bind(workspace.as_str())
        .bind(&slip.id)
        .bind(serde_json::to_string(&slip.about)?)
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// Slips that are due, also those whose holder is gone.
pub async fn due_slips(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (now, most): (Timestamp, i64),
) -> Result<Vec<Slip>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM slips WHERE workspace = $1 AND next_at <= $2 \
         AND (state = 'waiting' OR (state = 'sending' AND lease_until < $2)) ORDER BY next_at, id LIMIT $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(now.as_millisecond())
        .bind(most)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| from_row(row, workspace)).collect()
}

/// Claims a slip that is due, and counts the attempt; none when somebody else has it.
pub async fn claim_slip(
    tx: &mut Tx<'_>,
    slip: &Slip,
    (worker, until): (&str, Timestamp),
    now: Timestamp,
) -> Result<Option<Slip>, Fault> {
    let statement = format!(
        "UPDATE slips SET state = 'sending', attempts = attempts + 1, worker = $3, lease_until = $4 WHERE workspace = $1 \
         AND id = $2 AND (state = 'waiting' OR (state = 'sending' AND lease_until < $5)) RETURNING {COLUMNS}"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(slip.workspace.as_str())
        .bind(&slip.id)
        .bind(worker)
        .bind(until.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_optional(tx.reading().await?)
        .await?;
    row.map(|row| from_row(&row, &slip.workspace)).transpose()
}

/// Ends an attempt, unless somebody else holds the slip by now.
pub async fn end_slip(tx: &mut Tx<'_>, slip: &Slip, end: &SlipEnd, now: Timestamp) -> Result<(), Fault> {
    let (state, next_at, problem) = match end {
        SlipEnd::Sent => ("sent", None, None),
        SlipEnd::Again { at, problem } => ("waiting", Some(at.as_millisecond()), Some(problem)),
        SlipEnd::Failed { problem } => ("failed", None, Some(problem)),
    };
    sqlx::query(
        "UPDATE slips SET state = $5, next_at = COALESCE($6, next_at), problem = $7, ended_at = $8, worker = NULL, \
         lease_until = NULL WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'sending'",
    )
    .bind(slip.workspace.as_str())
    .bind(&slip.id)
    .bind(&slip.worker)
    .bind(i64::from(slip.attempts))
    .bind(state)
    .bind(next_at)
    .bind(problem)
    .bind(next_at.is_none().then(|| now.as_millisecond()))
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// How a slip stands, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipSeen {
    pub about: SlipAbout,
    pub email: String,
    /// `waiting`, `sending`, `sent` or `failed`.
    pub state: String,
    pub problem: Option<String>,
    pub created_at: Timestamp,
}

/// The newest slips of a workspace.
pub async fn list_slips(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: u32,
) -> Result<Vec<SlipSeen>, Fault> {
    let rows = sqlx::query(
        "SELECT about, email, state, problem, created_at FROM slips WHERE workspace = $1 ORDER BY created_at DESC, id \
         LIMIT $2",
    )
    .bind(workspace.as_str())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    let seen = |row: &SqliteRow| {
        Ok(SlipSeen {
            about: serde_json::from_str(row.try_get("about")?)?,
            email: row.try_get("email")?,
            state: row.try_get("state")?,
            problem: row.try_get("problem")?,
            created_at: time(row.try_get("created_at")?),
        })
    };
    rows.iter().map(seen).collect()
}

/// Lets slips go that ended before a moment.
pub async fn forget_slips(tx: &mut Tx<'_>, workspace: &Workspace, before: Timestamp) -> Result<(), Fault> {
    sqlx::query("DELETE FROM slips WHERE workspace = $1 AND ended_at < $2")
        .bind(workspace.as_str())
        .bind(before.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

fn from_row(row: &SqliteRow, workspace: &Workspace) -> Result<Slip, Fault> {
    Ok(Slip {
        id: row.try_get("id")?,
        workspace: workspace.clone(),
        handoff: row.try_get::<Option<String>, _>("handoff")?.map(HandoffId),
        about: serde_json::from_str(row.try_get("about")?)?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        attempts: number(row.try_get("attempts")?),
        worker: row.try_get("worker")?,
        created_at: time(row.try_get("created_at")?),
    })
}
