//! What the gate let through. A row is written from a [`Clearance`] or an
//! [`Exception`] alone, and a handoff moves only beside such a row: the
//! database itself refuses anything else.

use jiff::Timestamp;
use serde::Deserialize;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::{Handoff, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::gate::{Approval, Clearance, Exception};
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
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// What a pass was issued on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub expires_at: Timestamp,
    /// Who took the responsibility, where it was forced.
    pub approval: Option<Approval>,
}

/// What a pass of this workspace was issued on.
pub async fn find_clearance(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    pass: &str,
) -> Result<Option<Issued>, Fault> {
    #[derive(Deserialize)]
    struct Forced {
        #[serde(default)]
        approval: Option<Approval>,
    }
    let found: Option<(i64, Option<String>)> =
        sqlx::query_as("SELECT expires_at, break_glass FROM clearances WHERE workspace = $1 AND pass = $2")
            .bind(workspace.as_str())
            .bind(pass)
            .fetch_optional(connection)
            .await?;
    let Some((expires_at, forced)) = found else { return Ok(None) };
    let approval =
        forced.map(|text| serde_json::from_str::<Forced>(&text)).transpose()?.and_then(|forced| forced.approval);
    Ok(Some(Issued { expires_at: time(expires_at), approval }))
}

/// The handoff that a pass was issued for, if this workspace issued it.
pub async fn find_pass(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    pass: &str,
) -> Result<Option<HandoffId>, Fault> {
    let handoff: Option<String> =
        sqlx::query_scalar("SELECT handoff FROM clearances WHERE workspace = $1 AND pass = $2")
            .bind(workspace.as_str())
            .bind(pass)
            .fetch_optional(connection)
            .await?;
    Ok(handoff.map(HandoffId))
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
