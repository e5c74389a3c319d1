//! What becomes of every table when a handoff is erased, as one list: a test
//! holds it against the database, so that no table and no column is forgotten
//! when one is added. What stays is a row that tells that there was a handoff.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::fault::Fault;
use super::idempotency;
use super::jobs::count_jobs_of;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// What becomes of a table's rows that belong to the handoff.
#[derive(Debug, Clone, Copy)]
pub enum Treatment {
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
    pub treatment: Treatment,
}

const OWN: &str = "workspace = $1 AND handoff = $2";

/// Every table. The handoff's own row comes first: from then on nothing can be added to it.
pub const PARTS: [Part; 46] = [
    Part {
        table: "handoffs",
        whose: "workspace = $1 AND id = $2",
        treatment: Treatment::Stays {
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
    Part { table: "standings", whose: OWN, treatment: Treatment::Goes },
    Part { table: "sources", whose: OWN, treatment: Treatment::Goes },
    // The index of their words lets go of them in the same statement.
    Part { table: "passages", whose: OWN, treatment: Treatment::Goes },
    Part {
        table: "passage_marks",
        whose: OWN,
        // Its turn goes on counting: what was cut before the erasure is not written down after it.
        treatment: Treatment::Stays {
            cleared: &[("due_at", "NULL"), ("turn", "turn + 1"), ("batches", "0"), ("label", "0")],
            kept: &["workspace", "handoff"],
        },
    },
    Part { table: "likenesses", whose: OWN, treatment: Treatment::Goes },
    Part { table: "passage_words", whose: "", treatment: Treatment::Apart },
    Part { table: "passage_words_data", whose: "", treatment: Treatment::Apart },
    Part { table: "passage_words_idx", whose: "", treatment: Treatment::Apart },
    Part { table: "passage_words_docsize", whose: "", treatment: Treatment::Apart },
    Part { table: "passage_words_config", whose: "", treatment: Treatment::Apart },
    Part { table: "shelves", whose: "", treatment: Treatment::Apart },
    // Places alone: the outer index is told to let them go, and an erasure waits until it did.
    Part { table: "passage_orders", whose: "", treatment: Treatment::Apart },
    Part { table: "passage_mirrors", whose: "", treatment: Treatment::Apart },
    Part { table: "answers", whose: OWN, treatment: Treatment::Goes },
    Part { table: "replies", whose: OWN, treatment: Treatment::Goes },
    Part { table: "drafts", whose: OWN, treatment: Treatment::Goes },
    Part { table: "jobs", whose: OWN, treatment: Treatment::Goes },
    Part {
        table: "events",
        whose: OWN,
        treatment: Treatment::Stays {
            cleared: &[("detail", "NULL")],
            // The chain of hashes holds without the words.
            kept: &["workspace", "place", "handoff", "kind", "at", "version", "detail_hash", "previous", "hash"],
        },
    },
    Part {
        table: "outbox",
        whose: OWN,
        treatment: Treatment::Stays {
            cleared: &[(
                "payload",
                "json_object('type', kind, 'timestamp', json_extract(payload, '$.timestamp'), 'data', json_object('id', handoff))",
            )],
            kept: &["workspace", "id", "event", "handoff", "kind", "created_at", "sent_at"],
        },
    },
    Part {
        table: "idempotency",
        whose: "workspace = $1 AND json_extract(outcome, '$.id') = $2",
        treatment: Treatment::ByHand {
            cleared: &["key", "outcome"],
            kept: &["workspace", "fingerprint", "created_at"],
        },
    },
    Part {
        table: "clearances",
        whose: OWN,
        treatment: Treatment::Stays {
            cleared: &[("break_glass", "CASE WHEN break_glass IS NULL THEN NULL ELSE '{}' END")],
            kept: &["workspace", "handoff", "version", "digest", "pass", "created_at", "expires_at"],
        },
    },
    Part {
        table: "spending_by_handoff",
        whose: OWN,
        treatment: Treatment::Stays { cleared: &[], kept: &["workspace", "handoff", "tokens", "cost"] },
    },
    Part {
        table: "attempts",
        whose: "workspace = $1 AND delivery IN (SELECT d.id FROM deliveries d JOIN outbox o ON o.workspace = d.workspace \
                AND o.id = d.message WHERE d.workspace = $1 AND o.handoff = $2)",
        treatment: Treatment::Stays {
            // A receiver may have repeated what it was told.
            cleared: &[("excerpt", "NULL")],
            kept: &["workspace", "delivery", "number", "at", "status", "problem", "milliseconds"],
        },
    },
    Part {
        table: "facts",
        whose: OWN,
        // Counts and times, no words.
        treatment: Treatment::Stays { cleared: &[], kept: &["workspace", "handoff", "record", "refused"] },
    },
    Part {
        table: "watches",
        whose: OWN,
        // Its turn goes on counting: a plan that was made before the erasure is not written down after it.
        treatment: Treatment::Stays {
            cleared: &[("due_at", "NULL"), ("turn", "turn + 1")],
            kept: &["workspace", "handoff"],
        },
    },
    // What actions still have to send is not sent any more.
    Part {
        table: "deliveries",
        whose: "workspace = $1 AND state IN ('waiting', 'sending') \
                AND id IN (SELECT message FROM actions WHERE workspace = $1 AND handoff = $2)",
        treatment: Treatment::Stays {
            cleared: &[("state", "'cancelled'"), ("worker", "NULL"), ("lease_until", "NULL")],
            kept: &[
                "workspace",
                "id",
                "place",
                "endpoint",
                "message",
                "next_at",
                "attempts",
                "made",
                "created_at",
                "updated_at",
            ],
        },
    },
    Part { table: "actions", whose: OWN, treatment: Treatment::Goes },
    Part { table: "letters", whose: OWN, treatment: Treatment::Goes },
    Part { table: "requests", whose: OWN, treatment: Treatment::Goes },
    Part {
        table: "sessions",
        whose: "link IN (SELECT id FROM links WHERE workspace = $1 AND handoff = $2)",
        treatment: Treatment::Goes,
    },
    Part {
        table: "codes",
        whose: "link IN (SELECT id FROM links WHERE workspace = $1 AND handoff = $2)",
        treatment: Treatment::Goes,
    },
    Part { table: "links", whose: OWN, treatment: Treatment::Goes },
    // Notices belong to no handoff, and name none.
    Part { table: "slips", whose: OWN, treatment: Treatment::Goes },
    // Where all messages go is a setting; a callback belongs to its handoff, and goes with it.
    Part {
        table: "endpoints",
        whose: OWN,
        treatment: Treatment::Stays {
            cleared: &[("url", "''"), ("description", "NULL"), ("state", "'deleted'"), ("reason", "NULL")],
            kept: &[
                "workspace",
                "id",
                "place",
                "kind",
                "handoff",
                "action",
                "events",
                "told_from",
                "failing_since",
                "not_before",
                "created_at",
                "updated_at",
            ],
        },
    },
    Part { table: "endpoint_secrets", whose: "", treatment: Treatment::Apart },
    Part { table: "workspaces", whose: "", treatment: Treatment::Apart },
    // People who log in belong to no handoff.
    Part { table: "members", whose: "", treatment: Treatment::Apart },
    Part { table: "member_sessions", whose: "", treatment: Treatment::Apart },
    Part { table: "member_identities", whose: "", treatment: Treatment::Apart },
    Part { table: "invitations", whose: "", treatment: Treatment::Apart },
    Part { table: "keys", whose: "", treatment: Treatment::Apart },
    Part { table: "routes", whose: "", treatment: Treatment::Apart },
    Part { table: "spending_by_day", whose: "", treatment: Treatment::Apart },
    Part { table: "erasures", whose: "", treatment: Treatment::Apart },
    Part { table: "_sqlx_migrations", whose: "", treatment: Treatment::Apart },
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
            .fetch_optional(tx.reading().await?)
            .await?;
    if living.is_none() {
        return Ok(None);
    }
    let jobs = count_jobs_of(tx.reading().await?, (workspace, handoff)).await?;
    let mut erased = Erased { counts: BTreeMap::new(), jobs };
    for part in PARTS {
        let rows = match statement(&part) {
            Some(statement) => {
                // Made of the words of the list above alone.
                let query = sqlx::query(AssertSqlSafe(statement)).bind(workspace.as_str()).bind(&handoff.0);
                query.bind(now.as_millisecond()).execute(tx.reading().await?).await?.rows_affected()
            }
            None if matches!(part.treatment, Treatment::ByHand { .. }) => {
                idempotency::erase(tx, workspace, handoff).await?
            }
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
    let Part { table, whose, treatment } = part;
    match treatment {
        Treatment::Goes => Some(format!("DELETE FROM {table} WHERE {whose} AND $3 IS NOT NULL")),
        Treatment::Stays { cleared, .. } if !cleared.is_empty() => {
            let set: Vec<String> = cleared.iter().map(|(column, value)| format!("{column} = {value}")).collect();
            let set = set.join(", ");
            Some(format!("UPDATE {table} SET {set} WHERE {whose} AND $3 IS NOT NULL"))
        }
        Treatment::Stays { .. } | Treatment::ByHand { .. } | Treatment::Apart => None,
    }
}
