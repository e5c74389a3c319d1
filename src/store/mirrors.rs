//! The copy of the index at an outer server, as rows: whose it is, and the
//! places it is still to be told of. A place is noted in the change that made
//! its passage come or go, and stays noted until the server has confirmed.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::passages::{StoredPassage, from_row};
use super::workspace::Workspace;
use super::writer::Tx;

/// Whose the copy is.
#[derive(Clone, PartialEq, Eq)]
pub struct Mirror {
    /// What our passages are known by there.
    pub owner: String,
    /// Words are numbers there, made with this.
    pub secret: String,
    /// Server and collection.
    pub address: String,
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror").field("owner", &self.owner).field("address", &self.address).finish_non_exhaustive()
    }
}

/// A place that the server is still to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageOrder {
    pub place: i64,
    /// Counts the reasons to tell.
    pub turn: i64,
}

/// The copy that there is.
pub async fn find_mirror(connection: &mut SqliteConnection) -> Result<Option<Mirror>, Fault> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("SELECT owner, secret, address FROM passage_mirrors").fetch_optional(connection).await?;
    Ok(row.map(|(owner, secret, address)| Mirror { owner, secret, address }))
}

/// Notes that from now on there is a copy, and that everything is to be put into it; one that is there keeps its owner
/// and secret, and gets everything anew when it is somewhere else now.
pub async fn begin_mirror(tx: &mut Tx<'_>, wanted: &Mirror, now: Timestamp) -> Result<Mirror, Fault> {
    let known = find_mirror(tx.reading().await?).await?;
    if let Some(known) = known.as_ref().filter(|known| known.address == wanted.address) {
        return Ok(known.clone());
    }
    sqlx::query(
        "INSERT INTO passage_mirrors (id, owner, secret, address, since) VALUES (1, $1, $2, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET address = $3, since = $4",
    )
    .bind(&wanted.owner)
    .bind(&wanted.secret)
    .bind(&wanted.address)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    order_all(tx, None).await?;
    Ok(known.map_or_else(|| wanted.clone(), |known| Mirror { address: wanted.address.clone(), ..known }))
}

/// There is no copy any more, and nothing is to be told; erasures that waited for it are waiting no longer.
pub async fn end_mirror(tx: &mut Tx<'_>) -> Result<(), Fault> {
    tx.later("DELETE FROM passage_mirrors WHERE id = $1").bind(1_i64);
    tx.later("DELETE FROM passage_orders WHERE place >= $1").bind(0_i64);
    Ok(())
}

/// Has everything of a workspace, or of all, put in anew.
pub async fn order_all(tx: &mut Tx<'_>, workspace: Option<&Workspace>) -> Result<u64, Fault> {
    let done = sqlx::query(
        "INSERT INTO passage_orders (place, workspace, turn) SELECT place, workspace, 1 FROM passages \
         WHERE $1 IS NULL OR workspace = $1 ON CONFLICT (place) DO UPDATE SET turn = passage_orders.turn + 1",
    )
    .bind(workspace.map(Workspace::as_str))
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Some of the places that the server is still to be told of.
pub async fn list_orders(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    most: usize,
) -> Result<Vec<PassageOrder>, Fault> {
    let rows: Vec<(i64, i64)> =
        sqlx::query_as("SELECT place, turn FROM passage_orders WHERE workspace = $1 ORDER BY place LIMIT $2")
            .bind(workspace.as_str())
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(place, turn)| PassageOrder { place, turn }).collect())
}

/// The server was told of these; those with a new reason since stay.
pub async fn settle_orders(tx: &mut Tx<'_>, orders: &[PassageOrder]) -> Result<(), Fault> {
    let orders: Vec<(i64, i64)> = orders.iter().map(|one| (one.place, one.turn)).collect();
    sqlx::query(
        "DELETE FROM passage_orders WHERE EXISTS (SELECT 1 FROM json_each($1) o \
         WHERE json_extract(o.value, '$[0]') = passage_orders.place AND json_extract(o.value, '$[1]') = turn) \
         AND place IN (SELECT json_extract(value, '$[0]') FROM json_each($1))",
    )
    .bind(serde_json::to_string(&orders)?)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// How many passages a workspace has, and of how many places the server is still to be told, at one moment.
pub async fn count_mirrored(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<(u64, u64), Fault> {
    let (passages, orders): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM passages WHERE workspace = $1), \
         (SELECT COUNT(*) FROM passage_orders WHERE workspace = $1)",
    )
    .bind(workspace.as_str())
    .fetch_one(connection)
    .await?;
    Ok((u64::try_from(passages).unwrap_or_default(), u64::try_from(orders).unwrap_or_default()))
}

/// Passages at places, with their routes.
pub async fn list_placed(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    places: &[i64],
) -> Result<Vec<(StoredPassage, String)>, Fault> {
    use sqlx::Row;
    let rows = sqlx::query(
        "SELECT place, handoff, kind, spot, part, source, author, at, head, body, route FROM passages \
         WHERE workspace = $1 AND place IN (SELECT value FROM json_each($2))",
    )
    .bind(workspace.as_str())
    .bind(serde_json::to_string(places)?)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((from_row(row)?, row.try_get("route")?))).collect()
}
