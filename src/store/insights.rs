//! What figures are made of, as rows: a record is kept beside each handoff in
//! the write that changes it, and all of a range of days are read in four
//! questions however many they are.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::{Handoff, number};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::brief::RouteVersion;
use crate::handoff::{HandoffId, Status};
use crate::insights::{Fact, Record, Returned, Seen};

/// Which handoffs are looked at.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Milliseconds since 1970: received from the first on and before the second.
    pub received: (i64, i64),
    pub route: Option<String>,
    /// So many at most.
    pub limit: u32,
}

/// One handoff's facts, and the route version that judges it.
#[derive(Debug, Clone)]
pub struct Row {
    pub fact: Fact,
    pub version: RouteVersion,
}

/// Takes note of a handoff that was just saved.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    handoff: &Handoff,
    now: Timestamp,
) -> Result<(), Fault> {
    let kept: Option<String> = sqlx::query_scalar("SELECT record FROM facts WHERE workspace = $1 AND handoff = $2")
        .bind(workspace.as_str())
        .bind(&handoff.id.0)
        .fetch_optional(tx.reading().await?)
        .await?;
    let before: Option<Record> = kept.map(|kept| serde_json::from_str(&kept)).transpose()?;
    let mut record = before.clone().unwrap_or_default();
    let seen = Seen {
        status: handoff.status,
        reason: handoff.reason.as_deref(),
        base: handoff.base.as_ref(),
        brief: handoff.brief.as_ref(),
    };
    record.note(&seen, now);
    if before.as_ref() == Some(&record) {
        return Ok(());
    }
    tx.later(
        "INSERT INTO facts (workspace, handoff, record) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET record = excluded.record",
    )
    .bind(workspace.as_str())
    .bind(&handoff.id.0)
    .bind(serde_json::to_string(&record)?);
    Ok(())
}

/// Counts a transfer that the gate refused.
pub async fn count_refusal(tx: &mut Tx<'_>, workspace: &Workspace, id: &HandoffId) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO facts (workspace, handoff, refused) VALUES ($1, $2, 1) \
         ON CONFLICT (workspace, handoff) DO UPDATE SET refused = facts.refused + 1",
    )
    .bind(workspace.as_str())
    .bind(&id.0)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The facts of a workspace's handoffs.
pub async fn read_facts(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    asked: &Asked,
) -> Result<Vec<Row>, Fault> {
    let mut facts = Facts { rows: Vec::new(), places: HashMap::new() };
    facts.read_handoffs(&mut *connection, workspace, asked).await?;
    if !facts.rows.is_empty() {
        facts.add_returns(&mut *connection, workspace, asked).await?;
        facts.add_overrides(&mut *connection, workspace, asked).await?;
        facts.add_requests(connection, workspace, asked).await?;
    }
    Ok(facts.rows)
}

struct Facts {
    rows: Vec<Row>,
    /// Where in `rows` a handoff stands.
    places: HashMap<String, usize>,
}

impl Facts {
    fn find(&mut self, handoff: &str) -> Option<&mut Fact> {
        self.places.get(handoff).and_then(|place| self.rows.get_mut(*place)).map(|row| &mut row.fact)
    }

    /// The columns that stand before the large ones of a row, so that no brief is read.
    async fn read_handoffs(
        &mut self,
        connection: &mut SqliteConnection,
        workspace: &Workspace,
        asked: &Asked,
    ) -> Result<(), Fault> {
        let rows = sqlx::query(
            "SELECT h.id, h.route_id, h.route_version, h.status, h.created_at, h.erased_at, \
             json_extract(h.matter, '$.from.team') AS team, \
             COALESCE(json_extract(h.matter, '$.from.owner.email'), json_extract(h.matter, '$.from.owner.name')) AS sender, \
             COALESCE(f.record, '{}') AS record, COALESCE(f.refused, 0) AS refused \
             FROM handoffs h LEFT JOIN facts f ON f.workspace = h.workspace AND f.handoff = h.id \
             WHERE h.workspace = $1 AND h.created_at >= $2 AND h.created_at < $3 AND ($4 IS NULL OR h.route_id = $4) LIMIT $5",
        )
        .bind(workspace.as_str())
        .bind(asked.received.0)
        .bind(asked.received.1)
        .bind(&asked.route)
        .bind(i64::from(asked.limit))
        .fetch_all(connection)
        .await?;
        for row in rows {
            let status: &str = row.try_get("status")?;
            let mut status =
                Status::parse(status).ok_or_else(|| Fault::Damaged(format!("no such status: {status}")))?;
            let mut record: Record = serde_json::from_str(row.try_get("record")?)?;
            if let Some(erased_at) = row.try_get::<Option<i64>, _>("erased_at")? {
                // What it came to still counts; what was open ended when it went.
                match record.status.filter(|status| status.has_moved()) {
                    Some(moved) => status = moved,
                    None => _ = record.ended_at.get_or_insert(erased_at),
                }
            }
            let version = RouteVersion { id: row.try_get("route_id")?, version: number(row.try_get("route_version")?) };
            let said = |column: &str| -> Result<Option<String>, Fault> {
                let text: Option<&str> = row.try_get(column)?;
                Ok(text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned))
            };
            let fact = Fact {
                route: version.id.clone(),
                team: said("team")?,
                sender: said("sender")?.map(|sender| sender.to_lowercase()),
                status,
                received_at: row.try_get("created_at")?,
                record,
                returns: Vec::new(),
                forced: 0,
                debts: Vec::new(),
                refused: number(row.try_get("refused")?),
                reminders: 0,
                escalations: 0,
            };
            self.places.insert(row.try_get("id")?, self.rows.len());
            self.rows.push(Row { fact, version });
        }
        Ok(())
    }

    async fn add_returns(
        &mut self,
        connection: &mut SqliteConnection,
        workspace: &Workspace,
        asked: &Asked,
    ) -> Result<(), Fault> {
        let returns: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT handoff, json_extract(detail, '$.what.kind'), json_extract(detail, '$.what.fields') FROM events \
             WHERE workspace = $1 AND kind = 'handoff.returned' AND handoff IS NOT NULL AND handoff IN \
             (SELECT id FROM handoffs WHERE workspace = $1 AND created_at >= $2 AND created_at < $3)",
        )
        .bind(workspace.as_str())
        .bind(asked.received.0)
        .bind(asked.received.1)
        .fetch_all(connection)
        .await?;
        for (handoff, kind, fields) in returns {
            let fields = fields.map(|fields| serde_json::from_str(&fields)).transpose()?.unwrap_or_default();
            if let Some(fact) = self.find(&handoff) {
                fact.returns.push(Returned { kind, fields });
            }
        }
        Ok(())
    }

    /// Forced moves and what they still owe. A pass that was renewed has a clearance of its own, but moved nothing.
    async fn add_overrides(
        &mut self,
        connection: &mut SqliteConnection,
        workspace: &Workspace,
        asked: &Asked,
    ) -> Result<(), Fault> {
        let forced: Vec<(String, i64, String)> = sqlx::query_as(
            "SELECT c.handoff, COUNT(*), MAX(h.debts) FROM clearances c \
             JOIN handoffs h ON h.workspace = c.workspace AND h.id = c.handoff \
             JOIN events e ON e.workspace = c.workspace AND e.handoff = c.handoff AND e.version = c.version + 1 \
             AND e.kind = 'handoff.transferred' \
             WHERE c.workspace = $1 AND c.break_glass IS NOT NULL AND c.handoff IN \
             (SELECT id FROM handoffs WHERE workspace = $1 AND created_at >= $2 AND created_at < $3) GROUP BY c.handoff",
        )
        .bind(workspace.as_str())
        .bind(asked.received.0)
        .bind(asked.received.1)
        .fetch_all(connection)
        .await?;
        for (handoff, count, debts) in forced {
            let debts: Vec<serde_json::Value> = serde_json::from_str(&debts)?;
            if let Some(fact) = self.find(&handoff) {
                fact.forced = number(count);
                fact.debts = debts.iter().map(|debt| debt["field"].as_str().unwrap_or_default().to_owned()).collect();
            }
        }
        Ok(())
    }

    async fn add_requests(
        &mut self,
        connection: &mut SqliteConnection,
        workspace: &Workspace,
        asked: &Asked,
    ) -> Result<(), Fault> {
        let requests: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT handoff, kind, COUNT(*) FROM events WHERE workspace = $1 AND handoff IS NOT NULL AND kind IN \
             ('request.reminded', 'request.escalated', 'asking.reminded', 'asking.escalated') AND handoff IN \
             (SELECT id FROM handoffs WHERE workspace = $1 AND created_at >= $2 AND created_at < $3) \
             GROUP BY handoff, kind",
        )
        .bind(workspace.as_str())
        .bind(asked.received.0)
        .bind(asked.received.1)
        .fetch_all(connection)
        .await?;
        for (handoff, kind, count) in requests {
            let Some(fact) = self.find(&handoff) else { continue };
            let counted = if kind.ends_with("reminded") { &mut fact.reminders } else { &mut fact.escalations };
            *counted += number(count);
        }
        Ok(())
    }
}
