//! Workspaces: the walls between customers of one Baton. Every question to the
//! database takes one, so that none can be asked across them.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::writer::Tx;

/// Whose rows are meant. Made from a stored row alone, never from what a caller sends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Workspace(String);

impl Workspace {
    /// From a column of a row.
    pub(super) fn stored(id: String) -> Self {
        Workspace(id)
    }

    #[cfg(test)]
    pub(crate) fn of_test(id: &str) -> Self {
        Workspace(id.to_owned())
    }

    /// For the column of a row, and for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The workspace of that id, made when it is not there.
pub async fn open_workspace(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<Workspace, Fault> {
    sqlx::query("INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING")
        .bind(id)
        .bind(id)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(Workspace(id.to_owned()))
}

pub async fn list_workspaces(connection: &mut SqliteConnection) -> Result<Vec<Workspace>, Fault> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM workspaces ORDER BY id").fetch_all(connection).await?;
    Ok(ids.into_iter().map(Workspace).collect())
}

/// A change that leaves nothing behind, but is written to the disk: a row that is written over with what stands there
/// already is not.
pub(super) async fn touch(tx: &mut Tx<'_>) -> Result<(), Fault> {
    const NOBODY: &str = " nobody ";
    for change in [
        "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $1, 0) ON CONFLICT (id) DO NOTHING",
        "DELETE FROM workspaces WHERE id = $1",
    ] {
        sqlx::query(change).bind(NOBODY).execute(tx.reading().await?).await?;
    }
    Ok(())
}
