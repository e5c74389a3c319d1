//! Erasures as rows: what is to be erased, how far it is, and the receipt. One
//! that a crash cut short is still there, waiting.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureState {
    /// Something is still here.
    Waiting,
    /// Nothing is here any more, and the outer index has not confirmed yet.
    Outside,
    /// Nothing of it is left to be done.
    Done,
}

impl ErasureState {
    const ALL: [ErasureState; 3] = [ErasureState::Waiting, ErasureState::Outside, ErasureState::Done];

    fn name(self) -> &'static str {
        match self {
            ErasureState::Waiting => "waiting",
            ErasureState::Outside => "outside",
            ErasureState::Done => "done",
        }
    }
}

/// One erasure of one or several handoffs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// `ers_…`
    pub id: String,
    pub state: ErasureState,
    /// `request` or `retention`.
    pub cause: String,
    pub handoffs: Vec<HandoffId>,
    /// What went, by kind.
    pub counts: BTreeMap<String, u64>,
    /// Signed, when it is done.
    pub receipt: Option<String>,
    pub asked_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

/// Puts down what is to be erased.
pub async fn add_erasure(tx: &mut Tx<'_>, workspace: &Workspace, erasure: &Erasure) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO erasures (workspace, id, state, cause, handoffs, counts, asked_at) \
         VALUES ($1, $2, 'waiting', $3, $4, '{}', $5)",
    )
    .bind(workspace.as_str())
    .bind(&erasure.id)
    .bind(&erasure.cause)
    .bind(serde_json::to_string(&erasure.handoffs)?)
    .bind(erasure.asked_at.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Puts down how far it is.
pub async fn save_erasure(tx: &mut Tx<'_>, workspace: &Workspace, erasure: &Erasure) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE erasures SET state = $3, counts = $4, receipt = $5, done_at = $6 WHERE workspace = $1 AND id = $2",
    )
    .bind(workspace.as_str())
    .bind(&erasure.id)
    .bind(erasure.state.name())
    .bind(serde_json::to_string(&erasure.counts)?)
    .bind(&erasure.receipt)
    .bind(erasure.done_at.map(Timestamp::as_millisecond))
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The erasure of that id in this workspace.
pub async fn find_erasure(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<Erasure>, Fault> {
    let row = sqlx::query(
        "SELECT id, state, cause, handoffs, counts, receipt, asked_at, done_at FROM erasures \
         WHERE workspace = $1 AND id = $2",
    )
    .bind(workspace.as_str())
    .bind(id)
    .fetch_optional(connection)
    .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// What is not done here yet, oldest first.
pub async fn list_waiting_erasures(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
) -> Result<Vec<Erasure>, Fault> {
    list_in(
        connection,
        workspace,
        "SELECT id, state, cause, handoffs, counts, receipt, asked_at, done_at FROM erasures \
         WHERE workspace = $1 AND state = 'waiting' ORDER BY asked_at, id LIMIT 100",
    )
    .await
}

/// What is done here and not yet in the outer index, oldest first.
pub async fn list_outside_erasures(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
) -> Result<Vec<Erasure>, Fault> {
    list_in(
        connection,
        workspace,
        "SELECT id, state, cause, handoffs, counts, receipt, asked_at, done_at FROM erasures \
         WHERE workspace = $1 AND state = 'outside' ORDER BY asked_at, id LIMIT 100",
    )
    .await
}

async fn list_in(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    question: &'static str,
) -> Result<Vec<Erasure>, Fault> {
    let rows = sqlx::query(question).bind(workspace.as_str()).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// The newest erasures, done or not.
pub async fn list_erasures(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: u32,
) -> Result<Vec<Erasure>, Fault> {
    let rows = sqlx::query(
        "SELECT id, state, cause, handoffs, counts, receipt, asked_at, done_at FROM erasures \
         WHERE workspace = $1 ORDER BY asked_at DESC, id LIMIT $2",
    )
    .bind(workspace.as_str())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &SqliteRow) -> Result<Erasure, Fault> {
    let state: String = row.try_get("state")?;
    Ok(Erasure {
        id: row.try_get("id")?,
        state: ErasureState::ALL
            .into_iter()
            .find(|one| one.name() == state)
            .ok_or_else(|| Fault::Damaged(format!("no such state of an erasure: {state}")))?,
        cause: row.try_get("cause")?,
        handoffs: serde_json::from_str(row.try_get("handoffs")?)?,
        counts: serde_json::from_str(row.try_get("counts")?)?,
        receipt: row.try_get("receipt")?,
        asked_at: time(row.try_get("asked_at")?),
        done_at: row.try_get::<Option<i64>, _>("done_at")?.map(time),
    })
}
