//! What became of every message to every endpoint: passed on once, claimed
//! under a lease, counted when it is claimed, ended only by the one who holds
//! the claim, and each attempt written down.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::delivery_log::find_delivery;
use super::endpoints::{Endpoint, list_told};
use super::fault::Fault;
use super::outbox::{Waiting, list_waiting};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::{EventKind, HandoffId};

/// Deliveries of one endpoint on their way at the same time: one that hangs keeps no room of the others.
pub const MOST_AT_ONE_ENDPOINT: usize = 2;
/// Of what is due, so many rows are looked at to find those that may go.
const LOOKED_AT: i64 = 256;

/// One message to one endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// `dlv_…`
    pub id: String,
    pub place: i64,
    pub endpoint: String,
    /// The message's id, the same for every endpoint and every attempt.
    pub message: String,
    pub kind: EventKind,
    pub handoff: Option<String>,
    /// The bytes that are sent, the same for every attempt.
    pub payload: String,
    /// `waiting`, `sending`, `delivered`, `exhausted` or `cancelled`.
    pub state: String,
    pub next_at: Timestamp,
    /// Claims since the schedule began.
    pub attempts: u32,
    /// Attempts that ended, ever.
    pub made: u32,
    /// The claim's own name.
    pub worker: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub status: Option<u16>,
    pub problem: Option<String>,
    pub milliseconds: i64,
    pub excerpt: Option<String>,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Delivered,
    Again(Timestamp),
    Exhausted,
    Cancelled,
}

/// Passes messages on to the endpoints that want them, oldest first; how many messages. A message counts as passed on
/// in the same transaction, and is one delivery per endpoint however often that is done.
pub async fn pass_on(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    limit: i64,
    new_id: fn() -> String,
    now: Timestamp,
) -> Result<usize, Fault> {
    let waiting = list_waiting(tx.reading().await?, workspace, limit).await?;
    let handoffs: Vec<&HandoffId> = waiting.iter().filter_map(|(_, message)| message.handoff.as_ref()).collect();
    let told = list_told(tx.reading().await?, workspace, &handoffs).await?;
    for (event, message) in &waiting {
        let of_this = |endpoint: &&Endpoint| endpoint.handoff.is_none() || endpoint.handoff == message.handoff;
        for endpoint in told.iter().filter(of_this) {
            let wants = endpoint.events.is_empty() || endpoint.events.contains(&message.kind);
            // What happened before an endpoint was there is not told to it, nor is that it does not answer.
            if wants && endpoint.told_from <= *event && !is_about(message, &endpoint.id) {
                add_delivery(tx, workspace, (&new_id(), &endpoint.id, &message.id), now).await?;
            }
        }
    }
    let ids: Vec<&str> = waiting.iter().map(|(_, message)| message.id.as_str()).collect();
    mark_passed_on(tx, workspace, &ids, now).await?;
    Ok(waiting.len())
}

fn is_about(message: &Waiting, endpoint: &str) -> bool {
    matches!(message.kind, EventKind::EndpointDisabled | EventKind::DeliveryExhausted)
        && message.payload.pointer("/data/endpoint").is_some_and(|about| about == endpoint)
}

/// A delivery that is due at once; the one that is there already stays as it is.
pub async fn add_delivery(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (id, endpoint, message): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO deliveries (workspace, id, place, endpoint, message, state, next_at, attempts, made, created_at, updated_at) \
         VALUES ($1, $2, (SELECT COALESCE(MAX(place), 0) + 1 FROM deliveries WHERE workspace = $1), $3, $4, 'waiting', $5, \
         0, 0, $5, $5) ON CONFLICT (workspace, endpoint, message) DO NOTHING",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(endpoint)
    .bind(message)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

pub async fn mark_passed_on(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    messages: &[&str],
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE outbox SET sent_at = $3 WHERE workspace = $1 AND id IN (SELECT value FROM json_each($2)) AND sent_at IS NULL",
    )
    .bind(workspace.as_str())
    .bind(serde_json::to_string(messages)?)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Whether anything waits to be passed on.
pub async fn has_unpassed(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<bool, Fault> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM outbox WHERE workspace = $1 AND sent_at IS NULL LIMIT 1")
            .bind(workspace.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// Ids of deliveries that may go now, oldest first.
pub async fn list_due(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (on_their_way, most): (&HashMap<String, usize>, usize),
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let full: Vec<&String> =
        on_their_way.iter().filter(|(_, count)| **count >= MOST_AT_ONE_ENDPOINT).map(|(id, _)| id).collect();
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT d.id, d.endpoint FROM deliveries d JOIN endpoints e ON e.workspace = d.workspace AND e.id = d.endpoint \
         WHERE d.workspace = $1 AND d.state = 'waiting' AND d.next_at <= $2 AND e.state = 'enabled' \
         AND (e.not_before IS NULL OR e.not_before <= $2) \
         AND d.endpoint NOT IN (SELECT value FROM json_each($3)) ORDER BY d.next_at LIMIT $4",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(serde_json::to_string(&full)?)
    .bind(LOOKED_AT)
    .fetch_all(connection)
    .await?;
    let mut counts = on_their_way.clone();
    let may_go = |(_, endpoint): &(String, String)| {
        let count = counts.entry(endpoint.clone()).or_default();
        *count += 1;
        *count <= MOST_AT_ONE_ENDPOINT
    };
    Ok(rows.into_iter().filter(may_go).map(|(id, _)| id).take(most).collect())
}

/// Claims a delivery, if it still waits: it is counted, and held by `worker` (another name for every claim, which begins
/// with the process's own) until the lease ends.
pub async fn claim_delivery(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    id: &str,
    (worker, lease_until): (&str, Timestamp),
) -> Result<Option<Delivery>, Fault> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, worker = $3, lease_until = $4 \
         WHERE workspace = $1 AND id = $2 AND state = 'waiting'",
    )
    .bind(workspace.as_str())
    .bind(id)
    .bind(worker)
    .bind(lease_until.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    match done.rows_affected() {
        0 => Ok(None),
        _ => find_delivery(tx.reading().await?, workspace, id).await,
    }
}

/// Writes an attempt down and what follows from it; `false` when somebody else holds the delivery by now, and then
/// nothing is changed.
pub async fn settle(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (delivery, attempt, fate): (&Delivery, &Attempt, Fate),
    now: Timestamp,
) -> Result<bool, Fault> {
    let (state, next_at) = match fate {
        Fate::Delivered => ("delivered", delivery.next_at),
        Fate::Again(next_at) => ("waiting", next_at),
        Fate::Exhausted => ("exhausted", delivery.next_at),
        Fate::Cancelled => ("cancelled", delivery.next_at),
    };
    let done = sqlx::query(
        "UPDATE deliveries SET state = $5, next_at = $6, made = made + 1, updated_at = $7, lease_until = NULL, worker = NULL \
         WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'sending'",
    )
    .bind(workspace.as_str())
    .bind(&delivery.id)
    .bind(&delivery.worker)
    .bind(i64::from(delivery.attempts))
    .bind(state)
    .bind(next_at.as_millisecond())
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO attempts (workspace, delivery, number, at, status, problem, milliseconds, excerpt) \
         VALUES ($1, $2, (SELECT made FROM deliveries WHERE workspace = $1 AND id = $2), $3, $4, $5, $6, $7)",
    )
    .bind(workspace.as_str())
    .bind(&delivery.id)
    .bind(attempt.at.as_millisecond())
    .bind(attempt.status.map(i64::from))
    .bind(&attempt.problem)
    .bind(attempt.milliseconds)
    .bind(&attempt.excerpt)
    .execute(tx.reading().await?)
    .await?;
    Ok(true)
}

/// Puts back what is held by a process that is gone (`living` is the one that is not), or whose lease ended and that is
/// not among those still on their way; how many. The claim counts.
pub async fn release_deliveries(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (living, still): (&str, &[String]),
    now: Timestamp,
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'waiting', next_at = $2, lease_until = NULL, worker = NULL \
         WHERE workspace = $1 AND state = 'sending' AND (substr(worker, 1, length($3)) <> $3 \
         OR (lease_until < $2 AND id NOT IN (SELECT value FROM json_each($4))))",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(living)
    .bind(serde_json::to_string(still)?)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Whether a lease has ended.
pub async fn has_expired(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<bool, Fault> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM deliveries WHERE workspace = $1 AND state = 'sending' AND lease_until < $2 LIMIT 1",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}
