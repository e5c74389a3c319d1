//! Passages as rows, and the index of their words beside them: a row and its
//! words come and go in one change. Which handoffs' passages are not as they
//! should be is marked by every change of a handoff, in that change.

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;
use crate::passages::{Passage, PassageKind};

/// Places of a workspace.
pub(super) const SHELF: i64 = 1 << 40;
/// Passages written by one statement: the values of a statement are numbered, and the numbers are few.
const MOST_AT_ONCE: usize = 80;

/// A handoff whose passages are to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageMark {
    pub workspace: Workspace,
    pub handoff: HandoffId,
    /// Counts the reasons to look and the looks.
    pub turn: i64,
    /// Batches of context whose messages are there.
    pub batches: u32,
    /// What the handoff was called when they were cut, as a number.
    pub label: i64,
}

/// A passage that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPassage {
    pub place: i64,
    pub handoff: HandoffId,
    pub passage: Passage,
}

/// How many passages there are, how many the index knows of, and how many handoffs wait to be looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassageCounts {
    pub passages: i64,
    pub indexed: i64,
    pub waiting: i64,
}

/// Has the passages of a handoff looked at.
pub(super) fn mark(tx: &mut Tx<'_>, (workspace, handoff): (&Workspace, &HandoffId)) {
    tx.later(
        "INSERT INTO passage_marks (workspace, handoff, due_at, turn, batches, label) VALUES ($1, $2, 0, 1, 0, 0) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET due_at = 0, turn = passage_marks.turn + 1",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0);
}

/// Handoffs whose passages are to be looked at, the longest first.
pub async fn list_passage_marks(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (now, most): (Timestamp, i64),
) -> Result<Vec<PassageMark>, Fault> {
    let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT handoff, turn, batches, label FROM passage_marks \
         WHERE workspace = $1 AND due_at IS NOT NULL AND due_at <= $2 ORDER BY due_at LIMIT $3",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(most)
    .fetch_all(connection)
    .await?;
    let mark = |(handoff, turn, batches, label)| PassageMark {
        workspace: workspace.clone(),
        handoff: HandoffId(handoff),
        turn,
        batches: number(batches),
        label,
    };
    Ok(rows.into_iter().map(mark).collect())
}

/// Whether a mark still holds: nothing else happened to the handoff, and nobody else has looked.
pub async fn is_marked(tx: &mut Tx<'_>, mark: &PassageMark) -> Result<bool, Fault> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM passage_marks WHERE workspace = $1 AND handoff = $2 AND turn = $3")
            .bind(mark.workspace.as_str())
            .bind(&mark.handoff.0)
            .bind(mark.turn)
            .fetch_optional(tx.reading().await?)
            .await?;
    Ok(found.is_some())
}

/// The passages are as they should be: those of so many batches, cut under that label.
pub async fn unmark(tx: &mut Tx<'_>, mark: &PassageMark, (batches, label): (u32, i64)) -> Result<(), Fault> {
    tx.later(
        "UPDATE passage_marks SET due_at = NULL, turn = turn + 1, batches = $4, label = $5 \
         WHERE workspace = $1 AND handoff = $2 AND turn = $3",
    )
    .bind(mark.workspace.as_str())
    .bind(&mark.handoff.0)
    .bind(mark.turn)
    .bind(i64::from(batches))
    .bind(label);
    Ok(())
}

/// Has them looked at later: something went wrong.
pub async fn put_off_mark(tx: &mut Tx<'_>, mark: &PassageMark, until: Timestamp) -> Result<(), Fault> {
    tx.later("UPDATE passage_marks SET due_at = $4 WHERE workspace = $1 AND handoff = $2 AND turn = $3")
        .bind(mark.workspace.as_str())
        .bind(&mark.handoff.0)
        .bind(mark.turn)
        .bind(until.as_millisecond());
    Ok(())
}

/// Has the passages of all handoffs that are there cut anew; how many handoffs.
pub async fn mark_all(tx: &mut Tx<'_>, workspace: &Workspace) -> Result<u64, Fault> {
    let done = sqlx::query(
        "INSERT INTO passage_marks (workspace, handoff, due_at, turn, batches, label) \
         SELECT workspace, id, 0, 1, 0, 0 FROM handoffs WHERE workspace = $1 AND erased_at IS NULL \
         ON CONFLICT (workspace, handoff) DO UPDATE SET due_at = 0, turn = passage_marks.turn + 1, batches = 0, label = 0",
    )
    .bind(workspace.as_str())
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Adds passages of a handoff that is there.
pub async fn add_passages(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    passages: &[Passage],
) -> Result<(), Fault> {
    let known: Option<(String, i64)> = sqlx::query_as(
        "SELECT route_id, created_at FROM handoffs WHERE workspace = $1 AND id = $2 AND erased_at IS NULL",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_optional(tx.reading().await?)
    .await?;
    let Some((route, came_in)) = known.filter(|_| !passages.is_empty()) else { return Ok(()) };
    let first = take_places(tx, workspace, passages.len()).await?;
    let placed: Vec<(i64, &Passage)> = (first..).zip(passages).collect();
    for some in placed.chunks(MOST_AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO passages (place, workspace, handoff, route, kind, spot, part, source, author, at, head, body) ",
        );
        query.push_values(some, |mut row, (place, passage)| {
            row.push_bind(*place)
                .push_bind(workspace.as_str())
                .push_bind(&handoff.0)
                .push_bind(&route)
                .push_bind(passage.kind.name())
                .push_bind(&passage.spot)
                .push_bind(i64::from(passage.part))
                .push_bind(&passage.source)
                .push_bind(&passage.author)
                .push_bind(passage.at.map_or(came_in, Timestamp::as_millisecond))
                .push_bind(&passage.head)
                .push_bind(&passage.body);
        });
        query.build().execute(tx.reading().await?).await?;
    }
    Ok(())
}

/// The first of so many places that nobody ever had.
async fn take_places(tx: &mut Tx<'_>, workspace: &Workspace, count: usize) -> Result<i64, Fault> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let taken: (i64, i64) = sqlx::query_as(
        "INSERT INTO shelves (workspace, number, next) SELECT $1, COALESCE(MAX(number), 0) + 1, $2 FROM shelves WHERE true \
         ON CONFLICT (workspace) DO UPDATE SET next = shelves.next + $2 RETURNING number, next",
    )
    .bind(workspace.as_str())
    .bind(count)
    .fetch_one(tx.reading().await?)
    .await?;
    Ok(taken.0 * SHELF + taken.1 - count)
}

/// Removes passages by their places.
pub async fn remove_passages(tx: &mut Tx<'_>, workspace: &Workspace, places: &[i64]) -> Result<(), Fault> {
    for some in places.chunks(MOST_AT_ONCE) {
        sqlx::query("DELETE FROM passages WHERE workspace = $1 AND place IN (SELECT value FROM json_each($2))")
            .bind(workspace.as_str())
            .bind(serde_json::to_string(some)?)
            .execute(tx.reading().await?)
            .await?;
    }
    Ok(())
}

/// Everything of a handoff that is there, or its brief alone.
pub async fn list_passages(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    kind: Option<PassageKind>,
) -> Result<Vec<StoredPassage>, Fault> {
    let rows = sqlx::query(
        "SELECT place, handoff, kind, spot, part, source, author, at, head, body FROM passages \
         WHERE workspace = $1 AND handoff = $2 AND ($3 IS NULL OR kind = $3) ORDER BY spot, part",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(kind.map(PassageKind::name))
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_row).collect()
}

/// How much there is in a workspace.
pub async fn count_passages(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<PassageCounts, Fault> {
    let (passages, indexed, waiting): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM passages WHERE workspace = $1), \
         (SELECT COUNT(*) FROM passage_words_docsize d, shelves s WHERE s.workspace = $1 \
          AND d.id >= s.number * $2 AND d.id < (s.number + 1) * $2), \
         (SELECT COUNT(*) FROM passage_marks WHERE workspace = $1 AND due_at IS NOT NULL)",
    )
    .bind(workspace.as_str())
    .bind(SHELF)
    .fetch_one(connection)
    .await?;
    Ok(PassageCounts { passages, indexed, waiting })
}

/// How many handoffs wait to be looked at: those that are due now, and all.
pub async fn count_passage_marks(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<(i64, i64), Fault> {
    let waiting = sqlx::query_as(
        "SELECT COALESCE(SUM(due_at <= $2), 0), COUNT(*) FROM passage_marks WHERE workspace = $1 AND due_at IS NOT NULL",
    );
    Ok(waiting.bind(workspace.as_str()).bind(now.as_millisecond()).fetch_one(connection).await?)
}

/// Has the index made anew of the passages that are there.
pub async fn rebuild_words(tx: &mut Tx<'_>) -> Result<(), Fault> {
    sqlx::query("INSERT INTO passage_words (passage_words) VALUES ('rebuild')").execute(tx.reading().await?).await?;
    Ok(())
}

/// Puts the index in order anew. What was deleted is gone from it at once, but the beginning of a word may stand on as
/// what divides two of its pages. One more part has to be there, or an index of one part is left as it is.
pub(super) const FORGET_WORDS: [&str; 3] = [
    "INSERT INTO passage_words (rowid, head, body) VALUES (0, '0', '')",
    "INSERT INTO passage_words (passage_words) VALUES ('optimize')",
    "INSERT INTO passage_words (passage_words, rowid, head, body) VALUES ('delete', 0, '0', '')",
];

pub(super) async fn forget_words(tx: &mut Tx<'_>) -> Result<(), Fault> {
    for statement in FORGET_WORDS {
        sqlx::query(statement).execute(tx.reading().await?).await?;
    }
    Ok(())
}

pub(super) fn from_row(row: &SqliteRow) -> Result<StoredPassage, Fault> {
    let kind: String = row.try_get("kind")?;
    Ok(StoredPassage {
        place: row.try_get("place")?,
        handoff: HandoffId(row.try_get("handoff")?),
        passage: Passage {
            kind: PassageKind::parse(&kind).ok_or_else(|| Fault::Damaged(format!("no such passage: {kind}")))?,
            spot: row.try_get("spot")?,
            part: number(row.try_get("part")?),
            source: row.try_get("source")?,
            author: row.try_get("author")?,
            at: Some(time(row.try_get("at")?)),
            head: row.try_get("head")?,
            body: row.try_get("body")?,
        },
    })
}
