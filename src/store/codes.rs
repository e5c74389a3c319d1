//! Codes that are asked for before a link opens: when they were made, for
//! which link and which browser, and how often they were typed wrong. The
//! digits are not here.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::writer::Tx;
use crate::handoff::LinkId;

/// One code as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// `cod_…`.
    pub id: String,
    pub link: LinkId,
    /// Hash of the secret in the cookie of the browser that asked for it.
    pub browser: String,
    /// How often something else was typed.
    pub tries: u32,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was used, or followed by a newer one.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, link, browser, tries, created_at, expires_at, ended_at";

/// Stores a code in place of the one that the link has; whatever was asked for before `old` is forgotten.
pub async fn insert_code(tx: &mut Tx<'_>, code: &CodeRow, old: Timestamp) -> Result<(), Fault> {
    let now = code.created_at.as_millisecond();
    sqlx::query("DELETE FROM codes WHERE created_at <= $1")
        .bind(old.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    sqlx::query("UPDATE codes SET ended_at = $2 WHERE link = $1 AND ended_at IS NULL")
        .bind(&code.link.0)
        .bind(now)
        .execute(tx.reading().await?)
        .await?;
    sqlx::query("INSERT INTO codes (id, link, browser, tries, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&code.id)
        .bind(&code.link.0)
        .bind(&code.browser)
        .bind(i64::from(code.tries))
        .bind(now)
        .bind(code.expires_at.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// The code of that id.
pub async fn find_code(connection: &mut SqliteConnection, id: &str) -> Result<Option<CodeRow>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM codes WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The newest code that a browser asked for: the one in force, where there is one.
pub async fn find_code_of(connection: &mut SqliteConnection, browser: &str) -> Result<Option<CodeRow>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM codes WHERE browser = $1 \
         ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, created_at DESC LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(browser).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// When the codes of a link were made since a moment, the newest first.
pub async fn list_codes_since(
    connection: &mut SqliteConnection,
    link: &LinkId,
    since: Timestamp,
) -> Result<Vec<Timestamp>, Fault> {
    let made: Vec<i64> =
        sqlx::query_scalar("SELECT created_at FROM codes WHERE link = $1 AND created_at > $2 ORDER BY created_at DESC")
            .bind(&link.0)
            .bind(since.as_millisecond())
            .fetch_all(connection)
            .await?;
    Ok(made.into_iter().map(time).collect())
}

/// Counts a wrong try.
pub async fn count_try(tx: &mut Tx<'_>, id: &str) -> Result<(), Fault> {
    sqlx::query("UPDATE codes SET tries = tries + 1 WHERE id = $1").bind(id).execute(tx.reading().await?).await?;
    Ok(())
}

/// Ends a code that was used; `false` when it had ended.
pub async fn end_code(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE codes SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(done.rows_affected() == 1)
}

fn from_row(row: &SqliteRow) -> Result<CodeRow, Fault> {
    Ok(CodeRow {
        id: row.try_get("id")?,
        link: LinkId(row.try_get("link")?),
        browser: row.try_get("browser")?,
        tries: number(row.try_get("tries")?),
        created_at: time(row.try_get("created_at")?),
        expires_at: time(row.try_get("expires_at")?),
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(time),
    })
}
