//! Handoffs page by page, newest first. A page begins after a place, and
//! places are never reused, so that a list stays whole while rows are added.

use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::{Handoff, from_row, select_handoffs};
use super::workspace::Workspace;
use crate::handoff::Status;

/// A page of rows, with the machine's reading or `NULL` in its place.
macro_rules! select_page {
    ($base:literal) => {
        select_handoffs!(
            $base,
            "WHERE workspace = $1 AND erased_at IS NULL AND ($2 IS NULL OR status = $2) AND ($3 IS NULL OR route_id = $3) \
             AND ($4 IS NULL OR external_id = $4) AND ($5 IS NULL OR place < $5) ORDER BY place DESC LIMIT $6"
        )
    };
}

/// Which handoffs are listed; `None` means any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub route: Option<String>,
    pub external_id: Option<String>,
}

/// A page's rows, and whether more follow.
#[derive(Debug, Clone)]
pub struct Page {
    pub handoffs: Vec<Handoff>,
    pub has_more: bool,
}

/// The next `limit` handoffs before the place `before`, newest first; without the machine's reading.
pub async fn list(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    filter: &Filter,
    range: (Option<i64>, u32),
) -> Result<Page, Fault> {
    read_page(connection, select_page!("NULL"), (workspace, filter), range).await
}

/// The same with the machine's reading, for those who judge anew.
pub async fn list_whole(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    filter: &Filter,
    range: (Option<i64>, u32),
) -> Result<Page, Fault> {
    read_page(connection, select_page!("base"), (workspace, filter), range).await
}

async fn read_page(
    connection: &mut SqliteConnection,
    question: &'static str,
    (workspace, filter): (&Workspace, &Filter),
    (before, limit): (Option<i64>, u32),
) -> Result<Page, Fault> {
    let rows = sqlx::query(question)
        .bind(workspace.as_str())
        .bind(filter.status.map(Status::name))
        .bind(&filter.route)
        .bind(&filter.external_id)
        .bind(before)
        .bind(i64::from(limit) + 1)
        .fetch_all(connection)
        .await?;
    let has_more = rows.len() > limit as usize;
    let handoffs = rows.iter().take(limit as usize).map(from_row).collect::<Result<_, _>>()?;
    Ok(Page { handoffs, has_more })
}
