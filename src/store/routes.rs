//! Published routes, every version kept: a handoff is judged by the version it
//! came in under, whatever is published later.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::number;
use super::workspace::Workspace;
use super::writer::Tx;

/// Stores one version of a route as the text it was written in. `false` when that version is there with another text.
pub async fn publish(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (id, version, text): (&str, u32, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    sqlx::query(
        "INSERT INTO routes (workspace, id, version, text, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace, id, version) DO NOTHING",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(i64::from(version))
    .bind(text)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    let stored = find_route(tx.reading().await?, workspace, (id, Some(version))).await?;
    Ok(stored.is_some_and(|(_, stored)| stored == text))
}

/// One version of a route, or its newest; the version and the text.
pub async fn find_route(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (id, version): (&str, Option<u32>),
) -> Result<Option<(u32, String)>, Fault> {
    let row: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, text FROM routes WHERE workspace = $1 AND id = $2 AND ($3 IS NULL OR version = $3) \
         ORDER BY version DESC LIMIT 1",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(version.map(i64::from))
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(version, text)| (number(version), text)))
}

/// The number of a route's newest version.
pub async fn newest_version(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<u32>, Fault> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM routes WHERE workspace = $1 AND id = $2")
        .bind(workspace.as_str())
        .bind(id)
        .fetch_one(connection)
        .await?;
    Ok(newest.map(number))
}

/// Every version of every route: id, version, when it was published.
pub async fn list_routes(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
) -> Result<Vec<(String, u32, Timestamp)>, Fault> {
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as("SELECT id, version, created_at FROM routes WHERE workspace = $1 ORDER BY id, version")
            .bind(workspace.as_str())
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(id, version, at)| (id, number(version), super::handoffs::time(at))).collect())
}
