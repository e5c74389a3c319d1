//! Keys of the programs that call: whose they are, what they may do and until
//! when. Only the hash of a key's own text is kept; what its holder signs with
//! is kept sealed.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;

/// A question about rows of keys, whole.
macro_rules! select_keys {
    ($which:literal) => {
        concat!(
            "SELECT id, workspace, name, mode, hash, scopes, preset, key_pointer, secret, created_at, expires_at, revoked_at, ",
            "used_at FROM keys WHERE ",
            $which
        )
    };
}
const SELECT_BY_ID: &str = select_keys!("id = $1");
const SELECT_ALL: &str = select_keys!("workspace = $1 ORDER BY created_at, id");

/// One key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: String,
    pub workspace: Workspace,
    /// What a person calls it.
    pub name: String,
    /// `live` or `test`.
    pub mode: String,
    pub hash: String,
    /// With commas between.
    pub scopes: String,
    /// Which program calls with it: `hubspot`, `plain`, ….
    pub preset: String,
    pub key_pointer: Option<String>,
    /// What the caller signs its requests with, sealed; without one it does not sign.
    pub secret: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// When it was good for a request last, to the minute.
    pub used_at: Option<Timestamp>,
}

pub async fn insert_key(tx: &mut Tx<'_>, key: &KeyRow) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO keys (id, workspace, name, mode, hash, scopes, preset, key_pointer, created_at, expires_at, secret) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&key.id)
    .bind(key.workspace.as_str())
    .bind(&key.name)
    .bind(&key.mode)
    .bind(&key.hash)
    .bind(&key.scopes)
    .bind(&key.preset)
    .bind(&key.key_pointer)
    .bind(key.created_at.as_millisecond())
    .bind(key.expires_at.map(Timestamp::as_millisecond))
    .bind(&key.secret)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The key of that id: here a workspace is found, not given.
pub async fn find_key(connection: &mut SqliteConnection, id: &str) -> Result<Option<KeyRow>, Fault> {
    let row = sqlx::query(SELECT_BY_ID).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

pub async fn list_keys(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<Vec<KeyRow>, Fault> {
    let rows = sqlx::query(SELECT_ALL).bind(workspace.as_str()).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// Revokes a key for good; `false` when there is none, or it is revoked already.
pub async fn revoke_key(tx: &mut Tx<'_>, workspace: &Workspace, id: &str, now: Timestamp) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE keys SET revoked_at = $3 WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL")
        .bind(workspace.as_str())
        .bind(id)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down when a key was good for a request; never an earlier moment.
pub fn note_key_used(tx: &mut Tx<'_>, id: &str, at: Timestamp) {
    tx.later("UPDATE keys SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)")
        .bind(id.to_owned())
        .bind(at.as_millisecond());
}

fn from_row(row: &SqliteRow) -> Result<KeyRow, Fault> {
    Ok(KeyRow {
        id: row.try_get("id")?,
        workspace: Workspace::stored(row.try_get("workspace")?),
        name: row.try_get("name")?,
        mode: row.try_get("mode")?,
        hash: row.try_get("hash")?,
        scopes: row.try_get("scopes")?,
        preset: row.try_get("preset")?,
        key_pointer: row.try_get("key_pointer")?,
        secret: row.try_get("secret")?,
        created_at: time(row.try_get("created_at")?),
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(time),
        revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(time),
        used_at: row.try_get::<Option<i64>, _>("used_at")?.map(time),
    })
}
