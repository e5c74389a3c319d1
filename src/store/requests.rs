//! What people were asked, as rows: written whole, in the transaction that
//! writes their messages and their entries in the log.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::asking::{Request, word_of};
use crate::handoff::HandoffId;

/// Stores a new request, or a changed one in place of what stood there.
pub async fn save_request(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    request: &Request,
) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO requests (workspace, id, handoff, place, state, body, created_at) \
         SELECT $1, $2, $3, COALESCE(MAX(place), 0) + 1, $4, $5, $6 FROM requests WHERE workspace = $1 AND handoff = $3 \
         ON CONFLICT (workspace, id) DO UPDATE SET state = $4, body = $5",
    )
    .bind(workspace.as_str())
    .bind(&request.id)
    .bind(&handoff.0)
    .bind(word_of(request.state))
    .bind(serde_json::to_string(request)?)
    .bind(request.created_at.as_millisecond());
    Ok(())
}

/// All requests of a handoff, oldest first.
pub async fn list_requests(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Vec<Request>, Fault> {
    let rows = sqlx::query("SELECT body FROM requests WHERE workspace = $1 AND handoff = $2 ORDER BY place")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .fetch_all(connection)
        .await?;
    rows.iter().map(body).collect()
}

/// A request by its id, with its handoff.
pub async fn find_request(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<(HandoffId, Request)>, Fault> {
    let row = sqlx::query("SELECT handoff, body FROM requests WHERE workspace = $1 AND id = $2")
        .bind(workspace.as_str())
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((HandoffId(row.try_get("handoff")?), body(&row)?))).transpose()
}

fn body(row: &SqliteRow) -> Result<Request, Fault> {
    Ok(serde_json::from_str(row.try_get("body")?)?)
}
