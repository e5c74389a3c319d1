//! Actions of a transfer as rows: written in the transaction of the move, one
//! a clearance and a name. What is sent is a delivery or a letter; of that an
//! action knows only the id, and shows what became of it.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionState {
    Waiting,
    Done,
    Failed,
}

impl ActionState {
    const ALL: [ActionState; 3] = [ActionState::Waiting, ActionState::Done, ActionState::Failed];

    pub fn name(self) -> &'static str {
        match self {
            ActionState::Waiting => "waiting",
            ActionState::Done => "done",
            ActionState::Failed => "failed",
        }
    }
}

/// An action to be stored.
#[derive(Debug, Clone)]
pub struct NewAction<'a> {
    /// Of the handoff that was cleared.
    pub version: i64,
    pub place: i64,
    pub name: &'a str,
    pub kind: &'static str,
    /// Id of the delivery or letter; none when it could not be made, and then it has failed.
    pub message: Option<&'a str>,
    pub problem: Option<&'a str>,
}

/// An action with what became of its message.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionRow {
    pub version: i64,
    pub name: String,
    pub kind: String,
    pub state: ActionState,
    pub message: Option<String>,
    /// Attempts to send it.
    pub attempts: u32,
    /// What was wrong with the last one, or why there was none.
    pub problem: Option<String>,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The end of an action's message, as it is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedMessage {
    pub message: String,
    pub is_done: bool,
    pub problem: Option<String>,
}

/// What has just ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedAction {
    pub handoff: HandoffId,
    pub name: String,
    pub kind: String,
}

pub async fn add_action(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    new: &NewAction<'_>,
    now: Timestamp,
) -> Result<(), Fault> {
    let state = if new.message.is_some() { ActionState::Waiting } else { ActionState::Failed };
    sqlx::query(
        "INSERT INTO actions (workspace, handoff, version, name, place, kind, state, message, problem, created_at, ended_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $7 = 'failed' THEN $10 END)",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(new.version)
    .bind(new.name)
    .bind(new.place)
    .bind(new.kind)
    .bind(state.name())
    .bind(new.message)
    .bind(new.problem)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The actions of a handoff: those of the last transfer first, in the order of the route.
pub async fn list_actions(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Vec<ActionRow>, Fault> {
    let rows = sqlx::query(
        "SELECT a.version, a.name, a.kind, a.state, a.message, a.created_at, a.ended_at, \
         COALESCE(l.attempts, d.made, 0) AS attempts, \
         CASE WHEN l.state = 'waiting' THEN l.next_at WHEN d.state = 'waiting' THEN d.next_at END AS next_at, \
         COALESCE(a.problem, l.problem, (SELECT COALESCE(t.problem, CASE WHEN t.status NOT BETWEEN 200 AND 299 \
           THEN 'answered ' || t.status END) FROM attempts t WHERE t.workspace = d.workspace AND t.delivery = d.id \
           ORDER BY t.number DESC LIMIT 1)) AS problem \
         FROM actions a LEFT JOIN letters l ON l.workspace = a.workspace AND l.id = a.message \
         LEFT JOIN deliveries d ON d.workspace = a.workspace AND d.id = a.message \
         WHERE a.workspace = $1 AND a.handoff = $2 ORDER BY a.version DESC, a.place",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(from_row).collect()
}

/// Writes down that an action's message came to its end; nothing when it is no action's, or that is known.
pub async fn end_action(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    ended: &EndedMessage,
    now: Timestamp,
) -> Result<Option<EndedAction>, Fault> {
    let state = if ended.is_done { ActionState::Done } else { ActionState::Failed };
    let row: Option<(String, String, String)> = sqlx::query_as(
        "UPDATE actions SET state = $3, problem = $4, ended_at = $5 WHERE workspace = $1 AND message = $2 AND state <> $3 \
         AND state <> 'done' RETURNING handoff, name, kind",
    )
    .bind(workspace.as_str())
    .bind(&ended.message)
    .bind(state.name())
    .bind(ended.problem.as_ref().filter(|_| !ended.is_done))
    .bind(now.as_millisecond())
    .fetch_optional(tx.reading().await?)
    .await?;
    Ok(row.map(|(handoff, name, kind)| EndedAction { handoff: HandoffId(handoff), name, kind }))
}

/// Deliveries to an endpoint that came to their end while their action still says otherwise.
pub async fn list_ended_deliveries(
    connection: &mut SqliteConnection,
    (workspace, endpoint): (&Workspace, &str),
) -> Result<Vec<EndedMessage>, Fault> {
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "SELECT d.id, d.state, (SELECT COALESCE(t.problem, 'answered ' || t.status) FROM attempts t \
           WHERE t.workspace = d.workspace AND t.delivery = d.id ORDER BY t.number DESC LIMIT 1) \
         FROM deliveries d JOIN actions a ON a.workspace = d.workspace AND a.message = d.id \
         WHERE d.workspace = $1 AND d.endpoint = $2 AND ((a.state = 'waiting' AND d.state IN ('delivered', 'exhausted', 'cancelled')) \
         OR (a.state = 'failed' AND d.state = 'delivered'))",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .fetch_all(connection)
    .await?;
    let ended = |(message, state, problem): (String, String, Option<String>)| EndedMessage {
        message,
        is_done: state == "delivered",
        problem: match (state.as_str(), problem) {
            ("cancelled", Some(problem)) => Some(format!("{problem}; the endpoint takes nothing any more")),
            ("cancelled", None) => Some("the endpoint takes nothing any more".to_owned()),
            (_, problem) => problem,
        },
    };
    Ok(rows.into_iter().map(ended).collect())
}

/// An action that failed waits again, for this message.
pub async fn reopen_action(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (version, name): (i64, &str),
    message: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE actions SET state = 'waiting', message = $5, problem = NULL, ended_at = NULL \
         WHERE workspace = $1 AND handoff = $2 AND version = $3 AND name = $4 AND state = 'failed'",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(version)
    .bind(name)
    .bind(message)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The endpoints to which something of a handoff was sent, or is to be, by actions.
pub async fn list_acted_endpoints(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query_scalar(
        "SELECT DISTINCT d.endpoint FROM outbox o JOIN deliveries d ON d.workspace = o.workspace AND d.message = o.id \
         JOIN endpoints e ON e.workspace = d.workspace AND e.id = d.endpoint \
         WHERE o.workspace = $1 AND o.handoff = $2 AND o.kind = 'action.begun' AND e.state IN ('enabled', 'paused')",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

fn from_row(row: &SqliteRow) -> Result<ActionRow, Fault> {
    let state: String = row.try_get("state")?;
    let state = ActionState::ALL.into_iter().find(|one| one.name() == state);
    let state = state.ok_or_else(|| Fault::Damaged("no such state of an action".to_owned()))?;
    Ok(ActionRow {
        version: row.try_get("version")?,
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        message: row.try_get("message")?,
        attempts: number(row.try_get("attempts")?),
        // What went wrong before it arrived is in the log of its message.
        problem: row.try_get::<Option<String>, _>("problem")?.filter(|_| state != ActionState::Done),
        next_at: row.try_get::<Option<i64>, _>("next_at")?.map(time).filter(|_| state == ActionState::Waiting),
        created_at: time(row.try_get("created_at")?),
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(time),
        state,
    })
}
