//! What becomes of every table when a handoff is erased, as one list: a test
//! holds it against the database, so that no table and no column is forgotten
//! when one is added. What stays is a row that tells that there was a handoff.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::fault::Fault;
use super::idempotency;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// What becomes of a table's rows that belong to the handoff.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// They go.
    Goes,
    /// They stay, with these columns written over (each with what stands there then) and these left alone.
    Stays { cleared: &'static [(&'static str, &'static str)], kept: &'static [&'static str] },
    /// A function of its own writes these columns over.
    ByHand { cleared: &'static [&'static str], kept: &'static [&'static str] },
    /// It holds nothing of what came in with a handoff.
    Apart,
}

/// One table of the database. `$1` is the workspace, `$2` the handoff, `$3` the moment.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub table: &'static str,
    /// Which rows are the handoff's.
    pub whose: &'static str,
    pub fate: Fate,
}

const OWN: &str = "handoff = $2";

/// Every table. The handoff's own row comes first: from then on nothing can be added to it.
pub const PARTS: [Part; 16] = [
    Part {
        table: "handoffs",
        whose: "id = $2",
        fate: Fate::Stays {
            cleared: &[
                ("external_id", "NULL"),
                ("matter", "'{}'"),
                // Nothing moves it and nothing waits for it any more.
                ("status", "'cancelled'"),
                ("reason", "NULL"),
                ("version", "version + 1"),
                ("base", "NULL"),
                ("brief", "NULL"),
                ("verdict", "NULL"),
                ("gaps", "'[]'"),
                ("digest", "NULL"),
                ("changed", "'[]'"),
                ("debts", "'[]'"),
                ("pass", "NULL"),
                ("hold", "NULL"),
                ("updated_at", "$3"),
                ("erased_at", "$3"),
            ],
            kept: &[
                "workspace",
                "id",
                "place",
                "route_id",
                "route_version",
                "batches",
                "read_batches",
                "created_at",
                "context_gone_at",
            ],
        },
    },
    Part { table: "sources", whose: OWN, fate: Fate::Goes },
    Part { table: "answers", whose: OWN, fate: Fate::Goes },
    Part { table: "replies", whose: OWN, fate: Fate::Goes },
    Part { table: "jobs", whose: OWN, fate: Fate::Goes },
    Part {
        table: "events",
        whose: OWN,
        fate: Fate::Stays {
            cleared: &[("detail", "NULL")],
            // The chain of hashes holds without the words.
            kept: &["workspace", "place", "handoff", "kind", "at", "version", "detail_hash", "previous", "hash"],
        },
    },
    Part {
        table: "outbox",
        whose: OWN,
        fate: Fate::Stays {
            cleared: &[(
                "payload",
                "json_object('type', kind, 'timestamp', json_extract(payload, '$.timestamp'), 'data', json_object('id', handoff))",
            )],
            kept: &["workspace", "id", "event", "handoff", "kind", "created_at", "sent_at"],
        },
    },
    Part {
        table: "idempotency",
        whose: "json_extract(outcome, '$.id') = $2",
        fate: Fate::ByHand { cleared: &["key", "outcome"], kept: &["workspace", "fingerprint", "created_at"] },
    },
    Part {
        table: "clearances",
        whose: OWN,
        fate: Fate::Stays {
            cleared: &[("break_glass", "CASE WHEN break_glass IS NULL THEN NULL ELSE '{}' END")],
            kept: &["workspace", "handoff", "version", "digest", "pass", "created_at", "expires_at"],
        },
    },
    Part {
        table: "spending_by_handoff",
        whose: OWN,
        fate: Fate::Stays { cleared: &[], kept: &["workspace", "handoff", "tokens", "cost"] },
    },
    Part { table: "workspaces", whose: "", fate: Fate::Apart },
    Part { table: "keys", whose: "", fate: Fate::Apart },
    Part { table: "routes", whose: "", fate: Fate::Apart },
    Part { table: "spending_by_day", whose: "", fate: Fate::Apart },
    Part { table: "erasures", whose: "", fate: Fate::Apart },
    Part { table: "_sqlx_migrations", whose: "", fate: Fate::Apart },
];

/// What went with a handoff: rows by table, and how many of its jobs were still waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    pub counts: BTreeMap<&'static str, u64>,
    pub jobs: i64,
}

/// Erases a handoff; `None` when it is not there or was erased before. The bytes lie in the log of writes until that is
/// folded into the file.
pub async fn erase(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    now: Timestamp,
) -> Result<Option<Erased>, Fault> {
    let living: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM handoffs WHERE workspace = $1 AND id = $2 AND erased_at IS NULL")
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .fetch_optional(&mut *tx.connection)
            .await?;
    if living.is_none() {
        return Ok(None);
    }
    let jobs = sqlx::query_scalar(
        "SELECT COUNT(*) FROM jobs WHERE workspace = $1 AND handoff = $2 AND state <> 'quarantined'",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_one(&mut *tx.connection)
    .await?;
    let mut erased = Erased { counts: BTreeMap::new(), jobs };
    for part in PARTS {
        let rows = match statement(&part) {
            Some(statement) => {
                // Made of the words of the list above alone.
                let query = sqlx::query(AssertSqlSafe(statement)).bind(workspace.as_str()).bind(&handoff.0);
                query.bind(now.as_millisecond()).execute(&mut *tx.connection).await?.rows_affected()
            }
            None if matches!(part.fate, Fate::ByHand { .. }) => idempotency::erase(tx, workspace, handoff).await?,
            None => 0,
        };
        if rows > 0 {
            erased.counts.insert(part.table, rows);
        }
    }
    Ok(Some(erased))
}

/// What is done to a table. Names all three values, so that each statement takes the same ones.
fn statement(part: &Part) -> Option<String> {
    let Part { table, whose, fate } = part;
    match fate {
        Fate::Goes => Some(format!("DELETE FROM {table} WHERE workspace = $1 AND {whose} AND $3 IS NOT NULL")),
        Fate::Stays { cleared, .. } if !cleared.is_empty() => {
            let set: Vec<String> = cleared.iter().map(|(column, value)| format!("{column} = {value}")).collect();
            let set = set.join(", ");
            Some(format!("UPDATE {table} SET {set} WHERE workspace = $1 AND {whose} AND $3 IS NOT NULL"))
        }
        Fate::Stays { .. } | Fate::ByHand { .. } | Fate::Apart => None,
    }
}
