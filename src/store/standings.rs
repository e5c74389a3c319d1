//! Handoffs as lines of a list: small rows beside the large ones, written in
//! the same change, so that lists are sorted, searched and counted without
//! opening a single brief.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::{Handoff, from_row, number, select_handoffs, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::asking::standing;
use crate::handoff::{HandoffId, Status};

/// Which lines are meant. `$1` is the workspace, `$2` an address, `$3` a team with `$4` and `$5` the routes that come from
/// it and lead to it, `$6` a route, `$7` words and `$8` the
/// handoffs that hold these elsewhere; each may be null.
macro_rules! select_lines {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM standings s WHERE workspace = $1 AND ($2 IS NULL OR turn = $2 OR handoff IN (SELECT r.handoff ",
            "FROM requests r WHERE r.workspace = $1 AND LOWER(json_extract(r.body, '$.person.email')) = $2 ",
            "AND r.state IN ('waiting', 'sent', 'undeliverable', 'escalated'))) ",
            "AND ($3 IS NULL OR from_team = $3 OR to_team = $3 ",
            "OR (from_team IS NULL AND route IN (SELECT value FROM json_each($4))) ",
            "OR (to_team IS NULL AND route IN (SELECT value FROM json_each($5)))) ",
            "AND ($6 IS NULL OR route = $6) ",
            "AND ($7 IS NULL OR NOT EXISTS (SELECT 1 FROM json_each($7) WHERE instr(words, value) = 0) ",
            "OR handoff IN (SELECT value FROM json_each($8))) ",
            $rest
        )
    };
}
const PAGE: &str = select_lines!(
    "handoff, place, status, route, external_id, title, from_team, to_team, turn, turn_name, step, open, grade, sorted_at, \
     due_at, created_at",
    "AND ($9 IS NULL OR status = $9) AND ($10 IS NULL OR (grade, sorted_at, place) > ($10, $11, $12)) \
     ORDER BY grade, sorted_at, place LIMIT $13"
);
const COUNTS: &str = select_lines!("status, COUNT(*)", "GROUP BY status");

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub handoff: HandoffId,
    pub status: Status,
    pub route: String,
    pub external_id: Option<String>,
    pub title: Option<String>,
    /// None where the route's count.
    pub from_team: Option<String>,
    pub to_team: Option<String>,
    /// The address of who has the next step, in small letters, and what they are called.
    pub turn: Option<String>,
    pub turn_name: Option<String>,
    pub step: Option<String>,
    pub open: u32,
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub key: LineKey,
}

/// Where a line stands in the list: the next page begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineKey {
    pub grade: i64,
    pub at: i64,
    pub place: i64,
}

/// Which lines are looked for; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lookup {
    /// In small letters: whose turn it is, or who is asked something.
    pub person: Option<String>,
    pub team: Option<TeamLookup>,
    pub route: Option<String>,
    /// In small letters; all of them have to be there.
    pub words: Vec<String>,
    /// Handoffs that hold the words in their sources or briefs.
    pub holding: Vec<HandoffId>,
}

/// A team, and the routes that come from it and lead to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamLookup {
    pub name: String,
    pub from_routes: Vec<String>,
    pub to_routes: Vec<String>,
}

/// Writes down how a handoff stands that was just stored or saved.
pub(super) async fn note(tx: &mut Tx<'_>, workspace: &Workspace, handoff: &Handoff) -> Result<(), Fault> {
    let matter = &handoff.matter;
    let times = (handoff.created_at, handoff.updated_at);
    let stands = standing((handoff.status, matter, handoff.external_id.as_deref()), handoff.brief.as_ref(), times);
    let turn = stands.turn.as_ref();
    sqlx::query(
        "INSERT INTO standings (workspace, handoff, place, status, route, external_id, title, from_team, to_team, turn, \
         turn_name, step, open, grade, sorted_at, due_at, created_at, words) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET status = excluded.status, title = excluded.title, \
         from_team = excluded.from_team, to_team = excluded.to_team, turn = excluded.turn, \
         turn_name = excluded.turn_name, step = excluded.step, open = excluded.open, grade = excluded.grade, \
         sorted_at = excluded.sorted_at, due_at = excluded.due_at, words = excluded.words",
    )
    .bind(workspace.as_str())
    .bind(&handoff.id.0)
    .bind(handoff.place)
    .bind(handoff.status.name())
    .bind(&handoff.route.id)
    .bind(&handoff.external_id)
    .bind(&matter.title)
    .bind(&matter.from.team)
    .bind(&matter.to.team)
    .bind(turn.and_then(|person| person.email.as_deref()).map(str::to_lowercase))
    .bind(turn.map(|person| person.label().to_owned()))
    .bind(&stands.step)
    .bind(i64::try_from(stands.open).unwrap_or(i64::MAX))
    .bind(stands.rank.grade)
    .bind(stands.rank.at)
    .bind(stands.due_at.map(Timestamp::as_millisecond))
    .bind(handoff.created_at.as_millisecond())
    .bind(&stands.words)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Handoffs from before lines were written, some of them.
pub async fn list_unnoted(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    limit: u32,
) -> Result<Vec<Handoff>, Fault> {
    const UNNOTED: &str = select_handoffs!(
        "NULL",
        "WHERE workspace = $1 AND erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM standings s \
         WHERE s.workspace = handoffs.workspace AND s.handoff = handoffs.id) ORDER BY place LIMIT $2"
    );
    let rows = sqlx::query(UNNOTED).bind(workspace.as_str()).bind(i64::from(limit)).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// Writes their lines.
pub async fn note_again(tx: &mut Tx<'_>, workspace: &Workspace, handoffs: &[Handoff]) -> Result<(), Fault> {
    for handoff in handoffs {
        note(tx, workspace, handoff).await?;
    }
    Ok(())
}

/// The next lines after one, and whether more follow.
pub async fn list_lines(
    connection: &mut SqliteConnection,
    (workspace, lookup, status): (&Workspace, &Lookup, Option<Status>),
    (after, limit): (Option<LineKey>, u32),
) -> Result<(Vec<Line>, bool), Fault> {
    let rows = bound(PAGE, workspace, lookup)?
        .bind(status.map(Status::name))
        .bind(after.map(|key| key.grade))
        .bind(after.map(|key| key.at))
        .bind(after.map(|key| key.place))
        .bind(i64::from(limit) + 1)
        .fetch_all(connection)
        .await?;
    let has_more = rows.len() > limit as usize;
    let lines = rows.iter().take(limit as usize).map(line).collect::<Result<_, _>>()?;
    Ok((lines, has_more))
}

/// How many lines there are of each status.
pub async fn count_lines(
    connection: &mut SqliteConnection,
    (workspace, lookup): (&Workspace, &Lookup),
) -> Result<Vec<(Status, u32)>, Fault> {
    let rows = bound(COUNTS, workspace, lookup)?.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((status(row.try_get(0)?)?, number(row.try_get(1)?)))).collect()
}

/// Every team that a handoff names.
pub async fn list_teams(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<Vec<String>, Fault> {
    let teams = sqlx::query_scalar(
        "SELECT from_team FROM standings WHERE workspace = $1 AND from_team IS NOT NULL \
         UNION SELECT to_team FROM standings WHERE workspace = $1 AND to_team IS NOT NULL ORDER BY 1",
    );
    Ok(teams.bind(workspace.as_str()).fetch_all(connection).await?)
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bound<'q>(question: &'static str, workspace: &'q Workspace, lookup: &'q Lookup) -> Result<Query<'q>, Fault> {
    let list = |all: &[String]| serde_json::to_string(all);
    let team = lookup.team.as_ref();
    let words = if lookup.words.is_empty() { None } else { Some(list(&lookup.words)?) };
    Ok(sqlx::query(question)
        .bind(workspace.as_str())
        .bind(&lookup.person)
        .bind(team.map(|team| &team.name))
        .bind(team.map(|team| list(&team.from_routes)).transpose()?)
        .bind(team.map(|team| list(&team.to_routes)).transpose()?)
        .bind(&lookup.route)
        .bind(words)
        .bind(serde_json::to_string(&lookup.holding)?))
}

fn status(name: &str) -> Result<Status, Fault> {
    Status::parse(name).ok_or_else(|| Fault::Damaged(format!("no such status: {name}")))
}

fn line(row: &SqliteRow) -> Result<Line, Fault> {
    Ok(Line {
        handoff: HandoffId(row.try_get("handoff")?),
        status: status(row.try_get("status")?)?,
        route: row.try_get("route")?,
        external_id: row.try_get("external_id")?,
        title: row.try_get("title")?,
        from_team: row.try_get("from_team")?,
        to_team: row.try_get("to_team")?,
        turn: row.try_get("turn")?,
        turn_name: row.try_get("turn_name")?,
        step: row.try_get("step")?,
        open: number(row.try_get("open")?),
        due_at: row.try_get::<Option<i64>, _>("due_at")?.map(time),
        created_at: time(row.try_get("created_at")?),
        key: LineKey { grade: row.try_get("grade")?, at: row.try_get("sorted_at")?, place: row.try_get("place")? },
    })
}
