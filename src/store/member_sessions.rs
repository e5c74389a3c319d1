//! Sessions of people who logged in. Of a cookie's secret only the hash is
//! kept; by its id a session is ended from elsewhere, and opened by nobody.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;

/// One session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSession {
    /// Of the cookie's secret.
    pub hash: String,
    /// `ses_…`.
    pub id: String,
    pub workspace: Workspace,
    pub member: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// Where it began.
    pub address: String,
    /// Such as `Firefox on Linux`.
    pub browser: String,
}

const COLUMNS: &str = "hash, id, workspace, member, created_at, seen_at, expires_at, address, browser";

/// Stores a session that begins, and lets those go that have ended by themselves.
pub async fn insert_member_session(tx: &mut Tx<'_>, session: &MemberSession) -> Result<(), Fault> {
    sqlx::query("DELETE FROM member_sessions WHERE expires_at <= $1")
        .bind(session.created_at.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    sqlx::query(
        "INSERT INTO member_sessions (hash, id, workspace, member, created_at, seen_at, expires_at, address, browser) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&session.hash)
    .bind(&session.id)
    .bind(session.workspace.as_str())
    .bind(&session.member)
    .bind(session.created_at.as_millisecond())
    .bind(session.seen_at.as_millisecond())
    .bind(session.expires_at.as_millisecond())
    .bind(&session.address)
    .bind(&session.browser)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The session whose cookie's secret has this hash.
pub async fn find_member_session(
    connection: &mut SqliteConnection,
    hash: &str,
) -> Result<Option<MemberSession>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM member_sessions WHERE hash = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(hash).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// A member's sessions, the one that was used last first.
pub async fn list_member_sessions(
    connection: &mut SqliteConnection,
    (workspace, member): (&Workspace, &str),
) -> Result<Vec<MemberSession>, Fault> {
    let statement =
        format!("SELECT {COLUMNS} FROM member_sessions WHERE workspace = $1 AND member = $2 ORDER BY seen_at DESC, id");
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(workspace.as_str()).bind(member).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// Notes that somebody is still there.
pub async fn touch_member_session(tx: &mut Tx<'_>, hash: &str, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE member_sessions SET seen_at = $2 WHERE hash = $1")
        .bind(hash)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// Ends the session of a cookie's secret; whether there was one.
pub async fn end_member_session(tx: &mut Tx<'_>, hash: &str) -> Result<bool, Fault> {
    let done =
        sqlx::query("DELETE FROM member_sessions WHERE hash = $1").bind(hash).execute(tx.reading().await?).await?;
    Ok(done.rows_affected() > 0)
}

/// Ends one of a member's sessions by its id; whether there was one.
pub async fn end_member_session_by_id(
    tx: &mut Tx<'_>,
    (workspace, member): (&Workspace, &str),
    id: &str,
) -> Result<bool, Fault> {
    let done = sqlx::query("DELETE FROM member_sessions WHERE workspace = $1 AND member = $2 AND id = $3")
        .bind(workspace.as_str())
        .bind(member)
        .bind(id)
        .execute(tx.reading().await?)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all sessions of a member but the one of this hash; how many.
pub async fn end_member_sessions(
    tx: &mut Tx<'_>,
    (workspace, member): (&Workspace, &str),
    but: Option<&str>,
) -> Result<u64, Fault> {
    let done = sqlx::query("DELETE FROM member_sessions WHERE workspace = $1 AND member = $2 AND hash <> $3")
        .bind(workspace.as_str())
        .bind(member)
        .bind(but.unwrap_or_default())
        .execute(tx.reading().await?)
        .await?;
    Ok(done.rows_affected())
}

fn from_row(row: &SqliteRow) -> Result<MemberSession, Fault> {
    Ok(MemberSession {
        hash: row.try_get("hash")?,
        id: row.try_get("id")?,
        workspace: Workspace::stored(row.try_get("workspace")?),
        member: row.try_get("member")?,
        created_at: time(row.try_get("created_at")?),
        seen_at: time(row.try_get("seen_at")?),
        expires_at: time(row.try_get("expires_at")?),
        address: row.try_get("address")?,
        browser: row.try_get("browser")?,
    })
}
