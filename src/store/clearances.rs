//! What the gate let through. A row is written from a [`Clearance`] or an
//! [`Exception`] alone, and a handoff moves only beside such a row: the
//! database itself refuses anything else.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::{Handoff, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::gate::{Clearance, Exception};
use crate::handoff::HandoffId;

/// Why a handoff may move.
#[derive(Debug)]
pub enum Cleared {
    /// It is complete.
    Complete(Clearance),
    /// Somebody with the right to do so took the responsibility.
    Exception(Exception),
}

impl Cleared {
    /// The digest of the brief that was judged.
    pub fn digest(&self) -> &str {
        match self {
            Cleared::Complete(clearance) => clearance.digest(),
            Cleared::Exception(exception) => exception.digest(),
        }
    }
}

/// A pass as it was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPass {
    pub id: String,
    pub handoff: HandoffId,
    pub digest: String,
    pub expires_at: Timestamp,
}

/// Writes down that this version of the handoff was cleared. The handoff that is saved next may move.
pub async fn add_clearance(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &Handoff),
    cleared: &Cleared,
    (pass, expires_at): (&str, Timestamp),
    now: Timestamp,
) -> Result<(), Fault> {
    let break_glass = match cleared {
        Cleared::Complete(_) => None,
        Cleared::Exception(exception) => Some(serde_json::to_string(exception)?),
    };
    sqlx::query(
        "INSERT INTO clearances (workspace, handoff, version, digest, pass, break_glass, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(workspace.as_str())
    .bind(&handoff.id.0)
    .bind(handoff.version)
    .bind(cleared.digest())
    .bind(pass)
    .bind(break_glass)
    .bind(now.as_millisecond())
    .bind(expires_at.as_millisecond())
    .execute(&mut *tx.connection)
    .await?;
    Ok(())
}

/// The pass of that id, if this workspace issued it.
pub async fn find_pass(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    pass: &str,
) -> Result<Option<IssuedPass>, Fault> {
    let row =
        sqlx::query("SELECT pass, handoff, digest, expires_at FROM clearances WHERE workspace = $1 AND pass = $2")
            .bind(workspace.as_str())
            .bind(pass)
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(IssuedPass {
        id: row.try_get("pass")?,
        handoff: HandoffId(row.try_get("handoff")?),
        digest: row.try_get("digest")?,
        expires_at: time(row.try_get("expires_at")?),
    }))
}

/// Whether a handoff of that matter ever passed the gate.
pub async fn has_pass(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (external_id, route): (&str, Option<&str>),
) -> Result<bool, Fault> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM handoffs h JOIN clearances c ON c.workspace = h.workspace AND c.handoff = h.id \
         WHERE h.workspace = $1 AND h.external_id = $2 AND ($3 IS NULL OR h.route_id = $3) LIMIT 1",
    )
    .bind(workspace.as_str())
    .bind(external_id)
    .bind(route)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}
