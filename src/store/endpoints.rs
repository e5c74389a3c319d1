//! Endpoints as rows: the addresses of a workspace that are told what happens,
//! and the sealed secrets with which that is signed.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::{EventKind, HandoffId};

/// Secrets of one endpoint that are kept beside the one in force.
const MOST_OLD_SECRETS: i64 = 10;

const COLUMNS: &str = "id, place, told_from, kind, handoff, url, description, events, state, reason, failing_since, not_before, \
     created_at, updated_at";

/// How an endpoint came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointKind {
    /// Set up by a person.
    Endpoint,
    /// Subscribed by an automation.
    Hook,
    /// Named with a handoff, and told of that one alone.
    Callback,
    /// Named by a route: it is sent what an action says, and told nothing.
    Action,
}

/// Whether an endpoint is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointState {
    Enabled,
    /// What happens is kept for it until it is enabled again.
    Paused,
    /// Nothing is kept for it; a range can be replayed when it is enabled again.
    Disabled,
    Deleted,
}

impl EndpointKind {
    const ALL: [EndpointKind; 4] =
        [EndpointKind::Endpoint, EndpointKind::Hook, EndpointKind::Callback, EndpointKind::Action];

    pub fn name(self) -> &'static str {
        match self {
            EndpointKind::Endpoint => "endpoint",
            EndpointKind::Hook => "hook",
            EndpointKind::Callback => "callback",
            EndpointKind::Action => "action",
        }
    }
}

impl EndpointState {
    const ALL: [EndpointState; 4] =
        [EndpointState::Enabled, EndpointState::Paused, EndpointState::Disabled, EndpointState::Deleted];

    pub fn name(self) -> &'static str {
        match self {
            EndpointState::Enabled => "enabled",
            EndpointState::Paused => "paused",
            EndpointState::Disabled => "disabled",
            EndpointState::Deleted => "deleted",
        }
    }
}

/// One endpoint as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// `end_…`
    pub id: String,
    /// Its place in lists.
    pub place: i64,
    /// The first entry of the log of which it is told: the one behind the newest when it was added, or, of a callback, the
    /// one that brought it. The clock, which may be set back, has no part in it.
    pub told_from: i64,
    pub kind: EndpointKind,
    pub handoff: Option<HandoffId>,
    pub url: String,
    pub description: Option<String>,
    /// What it is told of; empty means everything.
    pub events: Vec<EventKind>,
    pub state: EndpointState,
    pub reason: Option<String>,
    pub failing_since: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What an endpoint begins with.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    pub id: String,
    pub kind: EndpointKind,
    pub url: String,
    pub description: Option<String>,
    pub events: Vec<EventKind>,
    /// Of an action's: its route and its name.
    pub action: Option<String>,
    /// Sealed.
    pub secret: String,
}

/// A secret as it is stored; an old one signs until it is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    pub sealed: String,
    pub dead_at: Option<Timestamp>,
}

/// Adds an endpoint with its first secret.
pub async fn insert_endpoint(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (new, handoff): (NewEndpoint, Option<&HandoffId>),
    now: Timestamp,
) -> Result<Endpoint, Fault> {
    sqlx::query(
        "INSERT INTO endpoints (workspace, id, place, kind, handoff, url, description, events, state, created_at, updated_at, action, told_from) \
         VALUES ($1, $2, (SELECT COALESCE(MAX(place), 0) + 1 FROM endpoints WHERE workspace = $1), \
         $3, $4, $5, $6, $7, 'enabled', $8, $8, $9, (SELECT COALESCE(MAX(place), 0) + $10 FROM events WHERE workspace = $1))",
    )
    .bind(workspace.as_str())
    .bind(&new.id)
    .bind(new.kind.name())
    .bind(handoff.map(|id| &id.0))
    .bind(&new.url)
    .bind(&new.description)
    .bind(serde_json::to_string(&new.events)?)
    .bind(now.as_millisecond())
    .bind(&new.action)
    .bind(i64::from(new.kind != EndpointKind::Callback))
    .execute(tx.reading().await?)
    .await?;
    add_secret(tx, (workspace, &new.id), (&new.secret, SignedDuration::ZERO), now).await?;
    find_endpoint(tx.reading().await?, workspace, &new.id)
        .await?
        .ok_or_else(|| Fault::Damaged("a new endpoint is not there".to_owned()))
}

/// An endpoint that was not deleted.
pub async fn find_endpoint(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &str,
) -> Result<Option<Endpoint>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM endpoints WHERE workspace = $1 AND id = $2 AND state <> 'deleted'");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The endpoint of an action at this address, unless it was deleted.
pub async fn find_action_endpoint(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (action, url): (&str, &str),
) -> Result<Option<Endpoint>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM endpoints WHERE workspace = $1 AND action = $2 AND url = $3 AND state <> 'deleted'"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(action)
        .bind(url)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Endpoints before a place, newest first; callbacks only of the handoff that is named.
pub async fn list_endpoints(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, Option<&HandoffId>),
    (before, limit): (Option<i64>, u32),
) -> Result<Vec<Endpoint>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM endpoints WHERE workspace = $1 AND state <> 'deleted' AND ($2 IS NULL OR place < $2) \
         AND (($3 IS NULL AND handoff IS NULL) OR handoff = $3) ORDER BY place DESC LIMIT $4"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(before)
        .bind(handoff.map(|id| &id.0))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(from_row).collect()
}

/// The living endpoints that are told of every handoff, and those told of one of these alone.
pub(super) async fn list_told(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    handoffs: &[&HandoffId],
) -> Result<Vec<Endpoint>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM endpoints WHERE workspace = $1 AND state IN ('enabled', 'paused') AND kind <> 'action' \
         AND (handoff IS NULL OR handoff IN (SELECT value FROM json_each($2))) ORDER BY place"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(serde_json::to_string(handoffs)?)
        .fetch_all(connection)
        .await?;
    rows.iter().map(from_row).collect()
}

/// Writes what can change of an endpoint. What waits for one that hears nothing any more is cancelled.
pub async fn save_endpoint(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE endpoints SET url = $3, description = $4, events = $5, state = $6, reason = $7, failing_since = $8, \
         not_before = $9, updated_at = $10 WHERE workspace = $1 AND id = $2",
    )
    .bind(workspace.as_str())
    .bind(&endpoint.id)
    .bind(&endpoint.url)
    .bind(&endpoint.description)
    .bind(serde_json::to_string(&endpoint.events)?)
    .bind(endpoint.state.name())
    .bind(&endpoint.reason)
    .bind(endpoint.failing_since.map(Timestamp::as_millisecond))
    .bind(endpoint.not_before.map(Timestamp::as_millisecond))
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    if matches!(endpoint.state, EndpointState::Disabled | EndpointState::Deleted) {
        sqlx::query(
            "UPDATE deliveries SET state = 'cancelled', updated_at = $3, lease_until = NULL, worker = NULL \
             WHERE workspace = $1 AND endpoint = $2 AND state IN ('waiting', 'sending')",
        )
        .bind(workspace.as_str())
        .bind(&endpoint.id)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    }
    if endpoint.state == EndpointState::Deleted {
        sqlx::query("DELETE FROM endpoint_secrets WHERE workspace = $1 AND endpoint = $2")
            .bind(workspace.as_str())
            .bind(&endpoint.id)
            .execute(tx.reading().await?)
            .await?;
    }
    Ok(())
}

/// Puts a secret in force; the one so far signs for `overlap` longer.
pub async fn add_secret(
    tx: &mut Tx<'_>,
    (workspace, endpoint): (&Workspace, &str),
    (sealed, overlap): (&str, SignedDuration),
    now: Timestamp,
) -> Result<(), Fault> {
    let dead_at = now.saturating_add(overlap).unwrap_or(now);
    sqlx::query("UPDATE endpoint_secrets SET dead_at = $3 WHERE workspace = $1 AND endpoint = $2 AND dead_at IS NULL")
        .bind(workspace.as_str())
        .bind(endpoint)
        .bind(dead_at.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    sqlx::query(
        "INSERT INTO endpoint_secrets (workspace, endpoint, place, sealed, created_at) VALUES ($1, $2, \
         (SELECT COALESCE(MAX(place), 0) + 1 FROM endpoint_secrets WHERE workspace = $1 AND endpoint = $2), $3, $4)",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .bind(sealed)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    sqlx::query(
        "DELETE FROM endpoint_secrets WHERE workspace = $1 AND endpoint = $2 AND (dead_at <= $3 OR place < \
         (SELECT MAX(place) FROM endpoint_secrets WHERE workspace = $1 AND endpoint = $2) - $4)",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .bind(now.as_millisecond())
    .bind(MOST_OLD_SECRETS)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The secrets of an endpoint, newest first.
pub async fn list_secrets(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    endpoint: &str,
) -> Result<Vec<SealedSecret>, Fault> {
    let rows: Vec<(String, Option<i64>)> = sqlx::query_as(
        "SELECT sealed, dead_at FROM endpoint_secrets WHERE workspace = $1 AND endpoint = $2 ORDER BY place DESC",
    )
    .bind(workspace.as_str())
    .bind(endpoint)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(sealed, dead)| SealedSecret { sealed, dead_at: dead.map(time) }).collect())
}

fn from_row(row: &SqliteRow) -> Result<Endpoint, Fault> {
    let (kind, state): (String, String) = (row.try_get("kind")?, row.try_get("state")?);
    let damaged = |what: &str| Fault::Damaged(format!("no such {what} of an endpoint"));
    Ok(Endpoint {
        id: row.try_get("id")?,
        place: row.try_get("place")?,
        told_from: row.try_get("told_from")?,
        kind: EndpointKind::ALL.into_iter().find(|one| one.name() == kind).ok_or_else(|| damaged("kind"))?,
        handoff: row.try_get::<Option<String>, _>("handoff")?.map(HandoffId),
        url: row.try_get("url")?,
        description: row.try_get("description")?,
        events: serde_json::from_str(row.try_get("events")?)?,
        state: EndpointState::ALL.into_iter().find(|one| one.name() == state).ok_or_else(|| damaged("state"))?,
        reason: row.try_get("reason")?,
        failing_since: row.try_get::<Option<i64>, _>("failing_since")?.map(time),
        not_before: row.try_get::<Option<i64>, _>("not_before")?.map(time),
        created_at: time(row.try_get("created_at")?),
        updated_at: time(row.try_get("updated_at")?),
    })
}
