//! Questions to the index of words. A workspace's passages lie side by side,
//! and a question runs through that range alone, from the newest backwards, so
//! that it takes as long as there is to find there, whoever else is there.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::passages::{SHELF, StoredPassage, from_row};
use super::workspace::Workspace;
use crate::handoff::{HandoffId, Status};

/// A question: everything but the words. There is none without a workspace.
#[derive(Debug, Clone)]
pub struct PassagesWanted<'w> {
    workspace: &'w Workspace,
    filter: PassageFilter,
    up_to: Option<i64>,
    most: u32,
}

/// Which passages are meant; `None` means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassageFilter {
    /// Any of these; none means all.
    pub handoffs: Vec<HandoffId>,
    pub route: Option<String>,
    pub status: Option<Status>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// A passage with what its handoff is called and how it stands.
#[derive(Debug, Clone)]
pub struct PassageFound {
    pub stored: StoredPassage,
    pub route: String,
    pub status: Status,
    pub title: Option<String>,
    pub external_id: Option<String>,
    pub created_at: Timestamp,
}

impl<'w> PassagesWanted<'w> {
    pub fn within(workspace: &'w Workspace, most: u32) -> PassagesWanted<'w> {
        PassagesWanted { workspace, filter: PassageFilter::default(), up_to: None, most }
    }

    pub fn only(mut self, filter: &PassageFilter) -> Self {
        self.filter = filter.clone();
        self
    }

    /// Only so many passages, the first that the workspace ever had, as counted in [`passages_so_far`].
    pub fn up_to(mut self, number: Option<i64>) -> Self {
        self.up_to = number;
        self
    }
}

/// How many passages the workspace has ever had.
pub async fn passages_so_far(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<i64, Fault> {
    let next: Option<i64> = sqlx::query_scalar("SELECT next FROM shelves WHERE workspace = $1")
        .bind(workspace.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(next.unwrap_or_default())
}

/// `$1` are the words or the places, `$2` the workspace, `$3` the size of a shelf, `$4` how many passages count, the
/// others a filter.
macro_rules! matching {
    ($columns:literal, by words, $rest:literal) => {
        matching!(
            $columns,
            "shelves h CROSS JOIN passage_words w",
            "w.passage_words MATCH $1 AND w.rowid >= h.number * $3 AND w.rowid < h.number * $3 + $4 AND p.place = w.rowid",
            $rest
        )
    };
    ($columns:literal, by places, $rest:literal) => {
        matching!(
            $columns,
            "shelves h CROSS JOIN json_each($1) w",
            "w.value >= h.number * $3 AND w.value < h.number * $3 + $4 AND p.place = w.value",
            $rest
        )
    };
    ($columns:literal, $from:literal, $which:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $from,
            " CROSS JOIN passages p CROSS JOIN standings s WHERE h.workspace = $2 AND ",
            $which,
            " AND p.workspace = $2 AND s.workspace = $2 AND s.handoff = p.handoff ",
            "AND ($5 = '[]' OR p.handoff IN (SELECT value FROM json_each($5))) AND ($6 IS NULL OR p.route = $6) AND ($7 IS NULL OR s.status = $7) ",
            "AND ($8 IS NULL OR p.at >= $8) AND ($9 IS NULL OR p.at <= $9) ",
            $rest
        )
    };
}

/// Passages that fit an expression of [`crate::passages::Words::to_fts`], the newest first.
pub async fn search_passages(
    connection: &mut SqliteConnection,
    wanted: &PassagesWanted<'_>,
    expression: &str,
) -> Result<Vec<PassageFound>, Fault> {
    const FITTING: &str = matching!(
        "p.place, p.handoff, p.kind, p.spot, p.part, p.source, p.author, p.at, p.head, p.body, p.route, s.status, s.title, \
         s.external_id, s.created_at",
        by words,
        "ORDER BY w.rowid DESC LIMIT $10"
    );
    let rows = bound(FITTING, wanted, expression)?.fetch_all(connection).await?;
    rows.iter().map(found).collect()
}

/// Of these places those whose passages are there, in this workspace, and pass the filter.
pub async fn passages_at(
    connection: &mut SqliteConnection,
    wanted: &PassagesWanted<'_>,
    places: &[i64],
) -> Result<Vec<PassageFound>, Fault> {
    const THERE: &str = matching!(
        "p.place, p.handoff, p.kind, p.spot, p.part, p.source, p.author, p.at, p.head, p.body, p.route, s.status, s.title, \
         s.external_id, s.created_at",
        by places,
        "ORDER BY p.place DESC LIMIT $10"
    );
    let places = serde_json::to_string(places)?;
    let rows = bound(THERE, wanted, &places)?.fetch_all(connection).await?;
    rows.iter().map(found).collect()
}

/// Handoffs with passages that fit, each once, those of the newest passages first.
pub async fn search_handoffs(
    connection: &mut SqliteConnection,
    wanted: &PassagesWanted<'_>,
    expression: &str,
) -> Result<Vec<HandoffId>, Fault> {
    const HOLDING: &str = matching!("p.handoff", by words, "GROUP BY p.handoff ORDER BY MAX(w.rowid) DESC LIMIT $10");
    let rows = bound(HOLDING, wanted, expression)?.fetch_all(connection).await?;
    rows.iter().map(|row| Ok(HandoffId(row.try_get(0)?))).collect()
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bound<'q>(question: &'static str, wanted: &'q PassagesWanted<'_>, expression: &'q str) -> Result<Query<'q>, Fault> {
    let PassageFilter { handoffs, route, status, since, until } = &wanted.filter;
    Ok(sqlx::query(question)
        .bind(expression)
        .bind(wanted.workspace.as_str())
        .bind(SHELF)
        .bind(wanted.up_to.unwrap_or(SHELF))
        .bind(serde_json::to_string(handoffs)?)
        .bind(route)
        .bind(status.map(Status::name))
        .bind(since.map(Timestamp::as_millisecond))
        .bind(until.map(Timestamp::as_millisecond))
        .bind(i64::from(wanted.most)))
}

fn found(row: &SqliteRow) -> Result<PassageFound, Fault> {
    let status: String = row.try_get("status")?;
    Ok(PassageFound {
        stored: from_row(row)?,
        route: row.try_get("route")?,
        status: Status::parse(&status).ok_or_else(|| Fault::Damaged(format!("no such status: {status}")))?,
        title: row.try_get("title")?,
        external_id: row.try_get("external_id")?,
        created_at: time(row.try_get("created_at")?),
    })
}
