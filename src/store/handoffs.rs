//! Handoffs as rows. A handoff is read whole, changed, and saved whole, inside
//! one transaction; its version counts the changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::brief::{Brief, Gap, RouteVersion, Verdict};
use crate::handoff::{HandoffId, Matter, Status};

/// A question about rows of handoffs. The machine's reading is the largest part of a row: who does not need it asks with
/// `NULL` in its place.
macro_rules! select_handoffs {
    ($base:literal, $which:literal) => {
        concat!(
            "SELECT id, place, external_id, route_id, route_version, matter, status, reason, version, batches, ",
            "read_batches, ",
            $base,
            " AS base, brief, changed, debts, pass, created_at, updated_at, erased_at, context_gone_at, hold FROM handoffs ",
            $which
        )
    };
}
pub(super) use select_handoffs;

/// One handoff as it is stored.
#[derive(Debug, Clone)]
pub struct Handoff {
    pub id: HandoffId,
    /// Counts up inside the workspace: newest last.
    pub place: i64,
    pub external_id: Option<String>,
    /// The route version it came in under, which judges it whatever is published later.
    pub route: RouteVersion,
    pub matter: Matter,
    pub status: Status,
    pub reason: Option<String>,
    pub version: i64,
    /// Batches of context that were accepted.
    pub batches: u32,
    /// Of these, read into the brief.
    pub read_batches: u32,
    /// The machine's reading, without anybody's answers.
    pub base: Option<Brief>,
    /// The brief in force. After the transfer it stays what was transferred.
    pub brief: Option<Brief>,
    /// Fields in which later context differs from what was transferred.
    pub changed: Vec<String>,
    /// What a break-glass transfer left open, as JSON for the receiver.
    pub debts: Vec<serde_json::Value>,
    /// Id of the pass in force.
    pub pass: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// What was in it is gone.
    pub erased_at: Option<Timestamp>,
    /// Raw context went by age: it cannot be read again.
    pub context_gone_at: Option<Timestamp>,
    /// Nothing of it may go.
    pub hold: Option<Hold>,
}

/// Why nothing of a handoff may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub reason: String,
    pub since: Timestamp,
}

/// What a handoff begins with.
#[derive(Debug, Clone)]
pub struct NewHandoff {
    pub id: HandoffId,
    pub external_id: Option<String>,
    pub route: RouteVersion,
    pub matter: Matter,
}

impl Handoff {
    pub fn verdict(&self) -> Option<Verdict> {
        self.brief.as_ref().map(|brief| brief.verdict)
    }

    /// Whether nothing of it waits to be read. What has moved keeps its status while more is read.
    pub fn is_read(&self) -> bool {
        self.status != Status::Drafting && !(self.status.has_moved() && self.read_batches < self.batches)
    }

    pub fn gaps(&self) -> &[Gap] {
        self.brief.as_ref().map_or(&[], |brief| &brief.gaps)
    }
}

/// The handoff of that id in this workspace.
pub async fn find(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &HandoffId,
) -> Result<Option<Handoff>, Fault> {
    const BY_ID: &str = select_handoffs!("base", "WHERE workspace = $1 AND id = $2");
    let row = sqlx::query(BY_ID).bind(workspace.as_str()).bind(&id.0).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The same without the machine's reading (`base` is empty), for those who only look where it stands.
pub async fn glance(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &HandoffId,
) -> Result<Option<Handoff>, Fault> {
    const BY_ID: &str = select_handoffs!("NULL", "WHERE workspace = $1 AND id = $2");
    let row = sqlx::query(BY_ID).bind(workspace.as_str()).bind(&id.0).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The route version that judges a handoff.
pub async fn find_route_of(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    id: &HandoffId,
) -> Result<Option<RouteVersion>, Fault> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT route_id, route_version FROM handoffs WHERE workspace = $1 AND id = $2")
            .bind(workspace.as_str())
            .bind(&id.0)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(id, version)| RouteVersion { id, version: number(version) }))
}

/// The handoff of that matter which takes its context: the open one, else the newest that has moved. What was called off
/// takes nothing more, nor what has moved and cannot be read again.
pub async fn find_open(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    (route, external_id): (&str, &str),
) -> Result<Option<Handoff>, Fault> {
    let row = sqlx::query(
        "SELECT id, place, external_id, route_id, route_version, matter, status, reason, version, batches, read_batches, \
         base, brief, changed, debts, pass, created_at, updated_at, erased_at, context_gone_at, hold FROM handoffs \
         WHERE workspace = $1 AND route_id = $2 AND external_id = $3 AND status <> 'cancelled' \
         AND (context_gone_at IS NULL OR status NOT IN ('transferred', 'accepted')) \
         ORDER BY CASE WHEN status IN ('transferred', 'accepted') THEN 1 ELSE 0 END, place DESC LIMIT 1",
    )
    .bind(workspace.as_str())
    .bind(route)
    .bind(external_id)
    .fetch_optional(connection)
    .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// Stores a new handoff in status drafting, with its first batch to come.
pub async fn insert(tx: &mut Tx<'_>, workspace: &Workspace, new: NewHandoff, now: Timestamp) -> Result<Handoff, Fault> {
    let matter = serde_json::to_string(&new.matter)?;
    let place: i64 = sqlx::query_scalar(
        "INSERT INTO handoffs (workspace, id, place, external_id, route_id, route_version, matter, status, version, batches, \
         read_batches, created_at, updated_at) \
         SELECT $1, $2, COALESCE(MAX(place), 0) + 1, $3, $4, $5, $6, 'drafting', 1, 1, 0, $7, $7 FROM handoffs WHERE workspace = $1 \
         RETURNING place",
    )
    .bind(workspace.as_str())
    .bind(&new.id.0)
    .bind(&new.external_id)
    .bind(&new.route.id)
    .bind(i64::from(new.route.version))
    .bind(matter)
    .bind(now.as_millisecond())
    .fetch_one(tx.reading().await?)
    .await?;
    let handoff = Handoff {
        id: new.id,
        place,
        external_id: new.external_id,
        route: new.route,
        matter: new.matter,
        status: Status::Drafting,
        reason: None,
        version: 1,
        batches: 1,
        read_batches: 0,
        base: None,
        brief: None,
        changed: Vec::new(),
        debts: Vec::new(),
        pass: None,
        created_at: now,
        updated_at: now,
        erased_at: None,
        context_gone_at: None,
        hold: None,
    };
    super::standings::note(tx, workspace, &handoff).await?;
    Ok(handoff)
}

/// Saves a changed handoff as its next version. `handoff.version` is the one that was read; if another change came
/// between, nothing is saved and `false` is given. A move without a clearance is refused by the database itself.
pub async fn save(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    handoff: &mut Handoff,
    now: Timestamp,
) -> Result<bool, Fault> {
    let brief = handoff.brief.as_ref();
    let digest = brief.map(Brief::digest);
    let verdict = brief.map(|brief| serde_json::to_value(brief.verdict)).transpose()?;
    let result = sqlx::query(
        "UPDATE handoffs SET matter = $4, status = $5, reason = $6, version = version + 1, batches = $7, read_batches = $8, \
         base = $9, brief = $10, verdict = $11, gaps = $12, digest = $13, changed = $14, debts = $15, pass = $16, \
         updated_at = $17 WHERE workspace = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace.as_str())
    .bind(&handoff.id.0)
    .bind(handoff.version)
    .bind(serde_json::to_string(&handoff.matter)?)
    .bind(handoff.status.name())
    .bind(&handoff.reason)
    .bind(i64::from(handoff.batches))
    .bind(i64::from(handoff.read_batches))
    .bind(handoff.base.as_ref().map(serde_json::to_string).transpose()?)
    .bind(brief.map(serde_json::to_string).transpose()?)
    .bind(verdict.as_ref().and_then(serde_json::Value::as_str))
    .bind(serde_json::to_string(handoff.gaps())?)
    .bind(digest)
    .bind(serde_json::to_string(&handoff.changed)?)
    .bind(serde_json::to_string(&handoff.debts)?)
    .bind(&handoff.pass)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    let is_saved = result.rows_affected() == 1;
    if is_saved {
        handoff.version += 1;
        handoff.updated_at = now;
        super::insights::note(tx, workspace, handoff, now).await?;
        super::standings::note(tx, workspace, handoff).await?;
        super::passages::mark(tx, (workspace, &handoff.id));
    }
    Ok(is_saved)
}

pub(super) fn from_row(row: &SqliteRow) -> Result<Handoff, Fault> {
    let json = |column: &str| -> Result<Option<Brief>, Fault> {
        row.try_get::<Option<String>, _>(column)?.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
    };
    let status: String = row.try_get("status")?;
    Ok(Handoff {
        id: HandoffId(row.try_get("id")?),
        place: row.try_get("place")?,
        external_id: row.try_get("external_id")?,
        route: RouteVersion { id: row.try_get("route_id")?, version: number(row.try_get("route_version")?) },
        matter: serde_json::from_str(row.try_get("matter")?)?,
        status: Status::parse(&status).ok_or_else(|| Fault::Damaged(format!("no such status: {status}")))?,
        reason: row.try_get("reason")?,
        version: row.try_get("version")?,
        batches: number(row.try_get("batches")?),
        read_batches: number(row.try_get("read_batches")?),
        base: json("base")?,
        brief: json("brief")?,
        changed: serde_json::from_str(row.try_get("changed")?)?,
        debts: serde_json::from_str(row.try_get("debts")?)?,
        pass: row.try_get("pass")?,
        created_at: time(row.try_get("created_at")?),
        updated_at: time(row.try_get("updated_at")?),
        erased_at: row.try_get::<Option<i64>, _>("erased_at")?.map(time),
        context_gone_at: row.try_get::<Option<i64>, _>("context_gone_at")?.map(time),
        hold: row.try_get::<Option<String>, _>("hold")?.map(|hold| serde_json::from_str(&hold)).transpose()?,
    })
}

pub(super) fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// A stored time; times are written by this program alone and lie within what a timestamp holds.
pub(super) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
