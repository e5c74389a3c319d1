//! Messages to people: written with the request they belong to, claimed under
//! a lease when they are due, counted when they are claimed, and ended only by
//! the one who holds the claim. One to a receiver at a time.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::asking::{Person, Point, Purpose, Unsent, Words, word_of};
use crate::handoff::HandoffId;

/// A message as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// `ltr_…`, the same however often it is tried.
    pub id: String,
    pub workspace: Workspace,
    /// Counts up inside the workspace.
    pub place: i64,
    pub handoff: HandoffId,
    /// The request it belongs to; none where nobody is asked anything.
    pub request: Option<String>,
    pub purpose: Purpose,
    /// None when nobody is known.
    pub person: Option<Person>,
    pub words: Words,
    /// `waiting`, `sending`, `sent`, `failed` or `withdrawn`.
    pub state: String,
    pub channel: Option<String>,
    pub next_at: Timestamp,
    pub attempts: u32,
    /// An earlier attempt may have arrived.
    pub is_unclear: bool,
    /// The claim's own name.
    pub worker: Option<String>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub problem: Option<String>,
}

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct NewLetter {
    pub id: String,
    pub request: Option<String>,
    pub purpose: Purpose,
    pub person: Option<Person>,
    pub words: Words,
    /// What it asks; none where it asks nothing.
    pub asks: Option<Vec<Point>>,
    pub next_at: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    Sent { channel: &'static str, problem: Option<String> },
    Again { at: Timestamp, problem: String, is_unclear: bool },
    Failed { problem: String },
}

pub(super) const COLUMNS: &str = "id, place, handoff, request, purpose, person, subject, text, html, blocks, state, channel, next_at, attempts, \
                       is_unclear, worker, created_at, sent_at, problem";

/// Stores a message that waits.
pub async fn add_letter(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    new: &NewLetter,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO letters (workspace, id, place, handoff, request, purpose, person, receiver, by_mail, by_slack, subject, text, html, blocks, \
         state, next_at, attempts, is_unclear, created_at, asks) \
         SELECT $1, $2, COALESCE(MAX(place), 0) + 1, $3, $4, $5, $6, $7, $14, $15, $8, $9, $10, $11, 'waiting', $12, 0, 0, $13, $16 \
         FROM letters WHERE workspace = $1",
    )
    .bind(workspace.as_str())
    .bind(&new.id)
    .bind(&handoff.0)
    .bind(&new.request)
    .bind(word_of(new.purpose))
    .bind(new.person.as_ref().map(serde_json::to_string).transpose()?)
    .bind(new.person.as_ref().map(Person::key).unwrap_or_default())
    .bind(&new.words.subject)
    .bind(&new.words.text)
    .bind(&new.words.html)
    .bind(new.words.blocks.to_string())
    .bind(new.next_at.as_millisecond())
    .bind(now.as_millisecond())
    .bind(i64::from(new.words.has_mail() && new.person.as_ref().is_some_and(|person| person.email.is_some())))
    .bind(i64::from(new.words.has_slack() && new.person.as_ref().is_some_and(|person| person.slack.is_some())))
    .bind(new.asks.as_ref().map(serde_json::to_string).transpose()?);
    Ok(())
}

/// A message need not leave any more. One that is on its way is let go.
pub async fn withdraw_letter(tx: &mut Tx<'_>, workspace: &Workspace, id: &str) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE letters SET state = 'withdrawn' WHERE workspace = $1 AND id = $2 AND state IN ('waiting', 'failed')",
    )
    .bind(workspace.as_str())
    .bind(id)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Messages that are due and have not left, of one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    pub by_mail: bool,
    pub by_slack: bool,
    pub count: u64,
    /// Since when the oldest of them ought to have left.
    pub since: Timestamp,
}

/// How many messages are due and have not left, by the ways on which they could.
pub async fn list_stuck(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<Vec<Stuck>, Fault> {
    let rows = sqlx::query(
        "SELECT by_mail, by_slack, COUNT(*) AS count, MIN(CASE WHEN attempts = 0 THEN next_at ELSE created_at END) AS since \
         FROM letters WHERE workspace = $1 AND state IN ('waiting', 'sending') AND (attempts > 0 OR next_at <= $2) \
         GROUP BY by_mail, by_slack",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .fetch_all(connection)
    .await?;
    let stuck = |row: &SqliteRow| {
        Ok(Stuck {
            by_mail: row.try_get::<i64, _>("by_mail")? != 0,
            by_slack: row.try_get::<i64, _>("by_slack")? != 0,
            count: u64::try_from(row.try_get::<i64, _>("count")?).unwrap_or_default(),
            since: time(row.try_get("since")?),
        })
    };
    rows.iter().map(stuck).collect()
}

/// Lets the words of a handoff's messages go that will not leave any more: they repeat what people wrote.
pub async fn empty_letters(tx: &mut Tx<'_>, (workspace, handoff): (&Workspace, &HandoffId)) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE letters SET text = '', html = '', blocks = 'null' WHERE workspace = $1 AND handoff = $2 \
         AND state IN ('sent', 'failed', 'withdrawn')",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Gives a message that waits other words.
pub async fn reword_letter(tx: &mut Tx<'_>, letter: &Letter, words: &Words) -> Result<(), Fault> {
    sqlx::query("UPDATE letters SET text = $3, html = $4, blocks = $5 WHERE workspace = $1 AND id = $2")
        .bind(letter.workspace.as_str())
        .bind(&letter.id)
        .bind(&words.text)
        .bind(&words.html)
        .bind(words.blocks.to_string())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// Messages of a handoff's requests that have not left. What a transfer sets off is no matter of them.
pub async fn list_unsent(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Vec<Unsent>, Fault> {
    let rows = sqlx::query(
        "SELECT id, request, purpose, next_at, attempts, asks FROM letters WHERE workspace = $1 AND handoff = $2 AND state = 'waiting' \
         AND request IS NOT NULL AND purpose <> 'action' ORDER BY place",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_all(connection)
    .await?;
    let unsent = |row: &SqliteRow| {
        Ok(Unsent {
            id: row.try_get("id")?,
            request: row.try_get("request")?,
            purpose: purpose(row)?,
            next_at: time(row.try_get("next_at")?),
            attempts: number(row.try_get("attempts")?),
            asks: row.try_get::<Option<String>, _>("asks")?.map(|asks| serde_json::from_str(&asks)).transpose()?,
        })
    };
    rows.iter().map(unsent).collect()
}

/// The next `limit` messages before the place `before`, newest first; those that were taken back are left out.
pub async fn list_letters(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, Option<&HandoffId>),
    (before, limit): (Option<i64>, u32),
) -> Result<Vec<Letter>, Fault> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM letters WHERE workspace = $1 AND ($2 IS NULL OR handoff = $2) AND ($3 IS NULL OR place < $3) \
         AND state <> 'withdrawn' ORDER BY place DESC LIMIT $4"
    )))
    .bind(workspace.as_str())
    .bind(handoff.map(|id| &id.0))
    .bind(before)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, workspace)).collect()
}

/// A message by its id.
pub async fn find_letter(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<Letter>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM letters WHERE workspace = $1 AND id = $2");
    let row =
        sqlx::query(sqlx::AssertSqlSafe(query)).bind(workspace.as_str()).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row, workspace)).transpose()
}

/// By which ways messages can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub mail: bool,
    pub slack: bool,
}

/// Messages that are due and can leave, the oldest of each receiver.
pub async fn due_letters(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (now, most): (Timestamp, i64),
    ways: Ways,
) -> Result<Vec<Letter>, Fault> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM letters WHERE workspace = $1 AND place IN \
         (SELECT MIN(place) FROM letters WHERE workspace = $1 AND state = 'waiting' AND next_at <= $2 \
          AND ((by_mail = 1 AND $4 = 1) OR (by_slack = 1 AND $5 = 1)) GROUP BY receiver) \
         ORDER BY next_at, place LIMIT $3"
    )))
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(most)
    .bind(i64::from(ways.mail))
    .bind(i64::from(ways.slack))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, workspace)).collect()
}

/// Claims a message that waits, and counts the attempt; the claim when it is still there to be had.
pub async fn claim_letter(
    tx: &mut Tx<'_>,
    letter: &Letter,
    (worker, until): (&str, Timestamp),
) -> Result<Option<Letter>, Fault> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, worker = $3, lease_until = $4 \
         WHERE workspace = $1 AND id = $2 AND state = 'waiting' RETURNING {COLUMNS}"
    )))
    .bind(letter.workspace.as_str())
    .bind(&letter.id)
    .bind(worker)
    .bind(until.as_millisecond())
    .fetch_optional(tx.reading().await?)
    .await?;
    row.map(|row| from_row(&row, &letter.workspace)).transpose()
}

/// A message that could not be sent waits once more, from its beginning; `false` when it did not fail.
pub async fn send_letter_again(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    id: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE letters SET state = 'waiting', attempts = 0, next_at = $3, problem = NULL \
         WHERE workspace = $1 AND id = $2 AND state = 'failed'",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an attempt; `false` when somebody else holds the message by now.
pub async fn end_attempt(tx: &mut Tx<'_>, letter: &Letter, ended: &Attempted, now: Timestamp) -> Result<bool, Fault> {
    let (state, channel, next_at, is_unclear, problem) = match ended {
        Attempted::Sent { channel, problem } => ("sent", Some(*channel), letter.next_at, false, problem.as_deref()),
        Attempted::Again { at, problem, is_unclear } => {
            ("waiting", None, *at, *is_unclear || letter.is_unclear, Some(problem.as_str()))
        }
        Attempted::Failed { problem } => ("failed", None, letter.next_at, letter.is_unclear, Some(problem.as_str())),
    };
    let sent_at = matches!(ended, Attempted::Sent { .. }).then(|| now.as_millisecond());
    let done = sqlx::query(
        "UPDATE letters SET state = $5, channel = $6, next_at = $7, is_unclear = $8, problem = $9, sent_at = $10, worker = NULL, \
         lease_until = NULL WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'sending'",
    )
    .bind(letter.workspace.as_str())
    .bind(&letter.id)
    .bind(&letter.worker)
    .bind(i64::from(letter.attempts))
    .bind(state)
    .bind(channel)
    .bind(next_at.as_millisecond())
    .bind(i64::from(is_unclear))
    .bind(problem)
    .bind(sent_at)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts messages back whose holder is gone: they may have left. `worker` is the process that lives; none looks at the
/// leases alone.
pub async fn release_letters(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (now, worker): (Timestamp, Option<&str>),
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "UPDATE letters SET state = 'waiting', is_unclear = 1, worker = NULL, lease_until = NULL WHERE workspace = $1 \
         AND state = 'sending' AND (lease_until < $2 OR ($3 IS NOT NULL AND substr(worker, 1, length($3)) <> $3))",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(worker)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

fn purpose(row: &SqliteRow) -> Result<Purpose, Fault> {
    let word: String = row.try_get("purpose")?;
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

pub(super) fn from_row(row: &SqliteRow, workspace: &Workspace) -> Result<Letter, Fault> {
    let person: Option<String> = row.try_get("person")?;
    Ok(Letter {
        id: row.try_get("id")?,
        workspace: workspace.clone(),
        place: row.try_get("place")?,
        handoff: HandoffId(row.try_get("handoff")?),
        request: row.try_get("request")?,
        purpose: purpose(row)?,
        person: person.map(|person| serde_json::from_str(&person)).transpose()?,
        words: Words {
            subject: row.try_get("subject")?,
            text: row.try_get("text")?,
            html: row.try_get("html")?,
            blocks: serde_json::from_str(row.try_get("blocks")?)?,
        },
        state: row.try_get("state")?,
        channel: row.try_get("channel")?,
        next_at: time(row.try_get("next_at")?),
        attempts: number(row.try_get("attempts")?),
        is_unclear: row.try_get::<i64, _>("is_unclear")? != 0,
        worker: row.try_get("worker")?,
        created_at: time(row.try_get("created_at")?),
        sent_at: row.try_get::<Option<i64>, _>("sent_at")?.map(time),
        problem: row.try_get("problem")?,
    })
}
