//! Handoffs that may be the same, and how fields were answered in handoffs of
//! the same customer and on the same route. It only ever points: nothing here
//! decides anything.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;
use crate::passages::{Likeness, LikenessKind, field_spot};

/// Duplicates told of one handoff.
const MOST_DUPLICATES: i64 = 10;

/// A handoff that may be the same as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub handoff: HandoffId,
    pub why: Why,
    pub title: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// At least half of the messages of one are messages of the other.
    SameMessages,
    /// The same customer is being handed over on the same route.
    SameCustomer,
}

/// How a field was settled elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedent {
    pub handoff: HandoffId,
    pub title: Option<String>,
    /// The field's label and value, as words.
    pub text: String,
    /// Who said it, where a person or a source is named.
    pub author: Option<String>,
    pub at: Timestamp,
    /// In a handoff of the same customer; else on the same route.
    pub is_same_customer: bool,
}

/// Two handoffs, the title of the other, what they share, the messages of the smaller one, and whether the other is under way.
type Pair = (String, String, Option<String>, i64, i64, i64, i64);
/// A handoff with its title, and what stands there, by whom and when.
type Settled = (String, Option<String>, String, Option<String>, i64);

/// Writes down anew by what a handoff is told to be like others: all of one kind.
pub async fn keep_likenesses(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (kind, likenesses): (LikenessKind, &[Likeness]),
) -> Result<(), Fault> {
    let values: Vec<&str> = likenesses.iter().map(|likeness| likeness.value.as_str()).collect();
    let values = serde_json::to_string(&values)?;
    tx.later("DELETE FROM likenesses WHERE workspace = $1 AND handoff = $2 AND kind = $3 AND value NOT IN (SELECT value FROM json_each($4))")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .bind(kind.name())
        .bind(values.clone());
    tx.later(
        "INSERT INTO likenesses (workspace, handoff, route, kind, value) SELECT $1, $2, h.route_id, $3, v.value \
         FROM handoffs h, json_each($4) v WHERE h.workspace = $1 AND h.id = $2 AND h.erased_at IS NULL \
         ON CONFLICT (workspace, handoff, kind, value) DO NOTHING",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(kind.name())
    .bind(values);
    Ok(())
}

/// Handoffs of the same route that may be the same as each of these, those that share the most first.
pub async fn list_duplicates(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    handoffs: &[HandoffId],
) -> Result<HashMap<HandoffId, Vec<Duplicate>>, Fault> {
    let ids: Vec<&str> = handoffs.iter().map(|id| id.0.as_str()).collect();
    let rows: Vec<Pair> = sqlx::query_as(
        "SELECT own.handoff, other.handoff, s.title, SUM(own.kind = 'message'), SUM(own.kind = 'customer'), \
         MIN((SELECT COUNT(*) FROM likenesses a WHERE a.workspace = $1 AND a.handoff = own.handoff AND a.kind = 'message'), \
             (SELECT COUNT(*) FROM likenesses b WHERE b.workspace = $1 AND b.handoff = other.handoff AND b.kind = 'message')), \
         s.status IN ('drafting', 'needs_input', 'ready', 'returned', 'failed', 'transferred') \
         FROM likenesses own \
         JOIN likenesses other ON other.workspace = $1 AND other.kind = own.kind AND other.value = own.value \
           AND other.handoff <> own.handoff AND other.route = own.route \
         JOIN standings s ON s.workspace = $1 AND s.handoff = other.handoff AND s.status <> 'cancelled' \
         JOIN standings o ON o.workspace = $1 AND o.handoff = own.handoff AND o.status <> 'cancelled' \
         WHERE own.workspace = $1 AND own.handoff IN (SELECT value FROM json_each($2)) \
           AND (s.external_id IS NULL OR o.external_id IS NULL OR s.external_id <> o.external_id) \
         GROUP BY own.handoff, other.handoff ORDER BY 4 DESC, s.place DESC",
    )
    .bind(workspace.as_str())
    .bind(serde_json::to_string(&ids)?)
    .fetch_all(connection)
    .await?;
    let mut all: HashMap<HandoffId, Vec<Duplicate>> = HashMap::new();
    for (own, other, title, messages, customers, smaller, is_under_way) in rows {
        let why = match () {
            () if messages > 0 && messages * 2 >= smaller => Why::SameMessages,
            () if customers > 0 && is_under_way == 1 => Why::SameCustomer,
            () => continue,
        };
        let told = all.entry(HandoffId(own)).or_default();
        if told.len() < MOST_DUPLICATES as usize {
            told.push(Duplicate { handoff: HandoffId(other), why, title });
        }
    }
    Ok(all)
}

/// How a field was settled before: in handoffs of the same customer, and by people on the same route; the newest first.
pub async fn list_precedents(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    (route, key, most): (&str, &str, i64),
) -> Result<Vec<Precedent>, Fault> {
    const OF_CUSTOMER: &str = "SELECT p.handoff, s.title, p.body, p.author, p.at FROM likenesses own \
         JOIN likenesses other ON other.workspace = $1 AND other.kind = own.kind AND other.value = own.value AND other.handoff <> own.handoff \
         JOIN passages p ON p.workspace = $1 AND p.handoff = other.handoff AND p.spot = $3 AND p.part = 0 AND p.kind = 'brief' \
         JOIN standings s ON s.workspace = $1 AND s.handoff = p.handoff AND s.status <> 'cancelled' \
         WHERE own.workspace = $1 AND own.handoff = $2 AND own.kind = 'customer' AND $4 IS NOT NULL \
         GROUP BY p.handoff ORDER BY p.at DESC LIMIT $5";
    // What a person answered stands without a source.
    const ON_ROUTE: &str = "SELECT p.handoff, s.title, p.body, p.author, p.at FROM passages p \
         JOIN standings s ON s.workspace = $1 AND s.handoff = p.handoff AND s.status <> 'cancelled' \
         WHERE p.workspace = $1 AND p.spot = $3 AND p.route = $4 AND p.kind = 'brief' AND p.part = 0 AND p.handoff <> $2 \
         AND p.source IS NULL AND p.author IS NOT NULL ORDER BY p.at DESC LIMIT $5";
    let mut all: Vec<Precedent> = Vec::new();
    for (question, is_same_customer) in [(OF_CUSTOMER, true), (ON_ROUTE, false)] {
        let rows: Vec<Settled> = sqlx::query_as(question)
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .bind(field_spot(key))
            .bind(route)
            .bind(most)
            .fetch_all(&mut *connection)
            .await?;
        for (other, title, text, author, at) in rows {
            if !all.iter().any(|one| one.handoff.0 == other) {
                all.push(Precedent { handoff: HandoffId(other), title, text, author, at: time(at), is_same_customer });
            }
        }
    }
    all.truncate(usize::try_from(most).unwrap_or_default());
    Ok(all)
}
