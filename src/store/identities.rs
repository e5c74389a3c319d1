//! By what an identity provider knows the people who log in: its own name for
//! each of them, which stays when their address changes.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;

/// The member whom a provider knows by this name.
pub async fn find_identity(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (issuer, subject): (&str, &str),
) -> Result<Option<String>, Fault> {
    let found = sqlx::query_scalar(
        "SELECT member FROM member_identities WHERE workspace = $1 AND issuer = $2 AND subject = $3",
    )
    .bind(workspace.as_str())
    .bind(issuer)
    .bind(subject)
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Whether a provider knows this member, by whichever name.
pub async fn has_identity(
    connection: &mut SqliteConnection,
    (workspace, member): (&Workspace, &str),
    issuer: &str,
) -> Result<bool, Fault> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM member_identities WHERE workspace = $1 AND member = $2 AND issuer = $3")
            .bind(workspace.as_str())
            .bind(member)
            .bind(issuer)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// Ties a member to what a provider knows them by.
pub async fn insert_identity(
    tx: &mut Tx<'_>,
    (workspace, member): (&Workspace, &str),
    (issuer, subject): (&str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO member_identities (workspace, issuer, subject, member, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(workspace.as_str())
    .bind(issuer)
    .bind(subject)
    .bind(member)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Unties a member from every provider; how many it were.
pub async fn drop_identities(tx: &mut Tx<'_>, (workspace, member): (&Workspace, &str)) -> Result<u64, Fault> {
    let done = sqlx::query("DELETE FROM member_identities WHERE workspace = $1 AND member = $2")
        .bind(workspace.as_str())
        .bind(member)
        .execute(tx.reading().await?)
        .await?;
    Ok(done.rows_affected())
}
