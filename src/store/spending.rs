//! What models cost, by workspace and day and by handoff: set aside before a
//! call is sent and corrected after it, so that it counts whatever happens in
//! between.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// An amount that was spent or set aside; below nothing where something is given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub tokens: i64,
    /// Millionths of the price's currency.
    pub cost: i64,
}

/// What a workspace has spent on one day, counted in days since 1970.
pub async fn spent_on_day(connection: &mut SqliteConnection, workspace: &Workspace, day: i64) -> Result<Spent, Fault> {
    let row = sqlx::query("SELECT tokens, cost FROM spending_by_day WHERE workspace = $1 AND day = $2")
        .bind(workspace.as_str())
        .bind(day)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map_or(Ok(Spent::default()), from_row)
}

/// What a handoff has cost so far.
pub async fn spent_on_handoff(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Spent, Fault> {
    let row = sqlx::query("SELECT tokens, cost FROM spending_by_handoff WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map_or(Ok(Spent::default()), from_row)
}

/// Adds an amount to a day of a workspace, and to a handoff where it is for one.
pub async fn spend(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, Option<&HandoffId>),
    day: i64,
    amount: Spent,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO spending_by_day (workspace, day, tokens, cost) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, day) \
         DO UPDATE SET tokens = spending_by_day.tokens + excluded.tokens, cost = spending_by_day.cost + excluded.cost",
    )
    .bind(workspace.as_str())
    .bind(day)
    .bind(amount.tokens)
    .bind(amount.cost)
    .execute(tx.reading().await?)
    .await?;
    let Some(handoff) = handoff else { return Ok(()) };
    sqlx::query(
        "INSERT INTO spending_by_handoff (workspace, handoff, tokens, cost) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET tokens = spending_by_handoff.tokens + excluded.tokens, \
         cost = spending_by_handoff.cost + excluded.cost",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(amount.tokens)
    .bind(amount.cost)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

fn from_row(row: &SqliteRow) -> Result<Spent, Fault> {
    Ok(Spent { tokens: row.try_get("tokens")?, cost: row.try_get("cost")? })
}
