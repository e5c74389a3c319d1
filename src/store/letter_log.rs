//! Looking at messages to people: those of one state, how many stand where, and
//! the last ones that did not leave.

use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::letters::{COLUMNS, Letter, from_row};
use super::workspace::Workspace;

/// The next `limit` messages before the place `before`, newest first: those of one state, or all but those that were
/// taken back.
pub async fn list_letters_in(
    connection: &mut SqliteConnection,
    (workspace, state): (&Workspace, Option<&str>),
    (before, limit): (Option<i64>, u32),
) -> Result<Vec<Letter>, Fault> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM letters WHERE workspace = $1 AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR place < $3) \
         AND state <> 'withdrawn' ORDER BY place DESC LIMIT $4"
    )))
    .bind(workspace.as_str())
    .bind(state)
    .bind(before)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, workspace)).collect()
}

/// How many messages stand where; those that were taken back are left out.
pub async fn count_letters(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
) -> Result<Vec<(String, u64)>, Fault> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT state, COUNT(*) FROM letters WHERE workspace = $1 AND state <> 'withdrawn' GROUP BY state ORDER BY state",
    )
    .bind(workspace.as_str())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap_or_default())).collect())
}

/// The newest messages of which an attempt failed, whether or not they are tried again.
pub async fn list_troubled_letters(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: u32,
) -> Result<Vec<Letter>, Fault> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM letters WHERE workspace = $1 AND state IN ('waiting', 'sending', 'failed') \
         AND problem IS NOT NULL ORDER BY place DESC LIMIT $2"
    )))
    .bind(workspace.as_str())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, workspace)).collect()
}
