//! The log of every change: only added to, one chain of hashes a workspace,
//! written in the transaction of the change it tells of. Whoever changes,
//! swaps or removes an entry breaks the chain at that place.

use jiff::Timestamp;
use serde_json::Value as Json;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::{EventKind, HandoffId};

/// The hash before the first entry.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What happened, to be put into the log.
#[derive(Debug, Clone)]
pub struct Happening<'a> {
    pub kind: EventKind,
    pub handoff: Option<&'a HandoffId>,
    /// The handoff's version after the change.
    pub version: Option<i64>,
    /// Who, why and what, as JSON; may hold names.
    pub detail: Json,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// From 1 without a hole.
    pub place: i64,
    pub kind: EventKind,
    pub handoff: Option<HandoffId>,
    pub version: Option<i64>,
    pub at: Timestamp,
    /// Null after an erasure; the hash of what stood there stays.
    pub detail: Option<Json>,
    pub previous: String,
    pub hash: String,
}

/// The end of a workspace's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    pub place: i64,
    pub hash: String,
}

/// The last entry's place and hash; place 0 before the first.
pub async fn chain_head(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<Chain, Fault> {
    let row: Option<(i64, String)> =
        sqlx::query_as("SELECT place, hash FROM events WHERE workspace = $1 ORDER BY place DESC LIMIT 1")
            .bind(workspace.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(row.map_or(Chain { place: 0, hash: BEGINNING.to_owned() }, |(place, hash)| Chain { place, hash }))
}

/// Adds an entry; its place.
pub async fn append(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    happening: &Happening<'_>,
    now: Timestamp,
) -> Result<i64, Fault> {
    fail::fail_point!("audit.append");
    let known = tx.heads.iter().position(|(one, _)| one == workspace);
    let Chain { place, hash: previous } = match known {
        Some(known) => tx.heads.swap_remove(known).1,
        None => chain_head(tx.reading().await?, workspace).await?,
    };
    let place = place + 1;
    let detail = happening.detail.to_string();
    let link = Link {
        workspace: workspace.as_str(),
        place,
        handoff: happening.handoff.map(|id| id.0.as_str()),
        kind: happening.kind.name(),
        at: now.as_millisecond(),
        version: happening.version,
        detail_hash: &hash_of(detail.as_bytes()),
        previous: &previous,
    };
    let hash = link.hash();
    tx.later(
        "INSERT INTO events (workspace, place, handoff, kind, at, version, detail, detail_hash, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(link.workspace)
    .bind(link.place)
    .bind(link.handoff)
    .bind(link.kind)
    .bind(link.at)
    .bind(link.version)
    .bind(&detail)
    .bind(link.detail_hash)
    .bind(link.previous)
    .bind(&hash);
    tx.heads.push((workspace.clone(), Chain { place, hash }));
    Ok(place)
}

/// Entries after a place, oldest first, of one handoff or of all.
pub async fn list_events(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, Option<&HandoffId>),
    (after, limit): (i64, i64),
) -> Result<Vec<Entry>, Fault> {
    let rows = sqlx::query(
        "SELECT place, handoff, kind, at, version, detail, previous, hash FROM events \
         WHERE workspace = $1 AND ($2 IS NULL OR handoff = $2) AND place > $3 ORDER BY place LIMIT $4",
    )
    .bind(workspace.as_str())
    .bind(handoff.map(|id| &id.0))
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &SqliteRow) -> Result<Entry, Fault> {
    let kind: String = row.try_get("kind")?;
    let detail: Option<String> = row.try_get("detail")?;
    Ok(Entry {
        place: row.try_get("place")?,
        kind: EventKind::parse(&kind).ok_or_else(|| Fault::Damaged(format!("no such event: {kind}")))?,
        handoff: row.try_get::<Option<String>, _>("handoff")?.map(HandoffId),
        version: row.try_get("version")?,
        at: time(row.try_get("at")?),
        detail: detail.map(|detail| serde_json::from_str(&detail)).transpose()?,
        previous: row.try_get("previous")?,
        hash: row.try_get("hash")?,
    })
}

/// What an entry's hash covers.
struct Link<'a> {
    workspace: &'a str,
    place: i64,
    handoff: Option<&'a str>,
    kind: &'a str,
    at: i64,
    version: Option<i64>,
    detail_hash: &'a str,
    previous: &'a str,
}

impl Link<'_> {
    /// SHA-256 over a JSON array, which no two different links share.
    fn hash(&self) -> String {
        let link = serde_json::json!([
            self.workspace,
            self.place,
            self.handoff,
            self.kind,
            self.at,
            self.version,
            self.detail_hash,
            self.previous
        ]);
        hash_of(link.to_string().as_bytes())
    }
}

/// Reads the whole chain of a workspace: how many entries it has, or the first place that is not as it was written and
/// why. `head` is an end of the chain that was kept elsewhere: a shorter chain, or another hash there, is told too.
pub async fn verify(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    head: Option<&Chain>,
) -> Result<Result<Chain, (i64, String)>, Fault> {
    use futures_util::TryStreamExt;
    let mut rows = sqlx::query(
        "SELECT place, handoff, kind, at, version, detail, detail_hash, previous, hash FROM events \
         WHERE workspace = $1 ORDER BY place",
    )
    .bind(workspace.as_str())
    .fetch(&mut *connection);
    let mut last = Chain { place: 0, hash: BEGINNING.to_owned() };
    while let Some(row) = rows.try_next().await? {
        let expected = last.place + 1;
        match check(&row, workspace, &last) {
            Ok(next) => last = next,
            Err(problem) => return Ok(Err((expected, problem))),
        }
        if let Some(head) = head.filter(|head| head.place == last.place && head.hash != last.hash) {
            return Ok(Err((head.place, "its hash is not the one that was kept elsewhere".to_owned())));
        }
    }
    match head.filter(|head| head.place > last.place) {
        Some(head) => Ok(Err((last.place + 1, format!("entries up to {} were there once and are gone", head.place)))),
        None => Ok(Ok(last)),
    }
}

/// The link that the row is, if it is as it was written.
fn check(row: &SqliteRow, workspace: &Workspace, last: &Chain) -> Result<Chain, String> {
    let text = |column: &str| row.try_get::<Option<String>, _>(column).map_err(|_| format!("{column} cannot be read"));
    let must = |column: &str| text(column)?.ok_or_else(|| format!("{column} is empty"));
    let number = |column: &str| row.try_get::<Option<i64>, _>(column).map_err(|_| format!("{column} is no number"));
    let place = number("place")?.unwrap_or_default();
    if place != last.place + 1 {
        return Err(format!("the entry is missing; the next one is {place}"));
    }
    let (kind, previous, hash, detail_hash) = (must("kind")?, must("previous")?, must("hash")?, must("detail_hash")?);
    if previous != last.hash {
        return Err("it does not follow the entry before it".to_owned());
    }
    if let Some(detail) = text("detail")?
        && hash_of(detail.as_bytes()) != detail_hash
    {
        return Err("its detail is not what was written".to_owned());
    }
    let handoff = text("handoff")?;
    let link = Link {
        workspace: workspace.as_str(),
        place,
        handoff: handoff.as_deref(),
        kind: &kind,
        at: number("at")?.unwrap_or_default(),
        version: number("version")?,
        detail_hash: &detail_hash,
        previous: &previous,
    };
    if link.hash() != hash {
        return Err("its hash does not fit what it says".to_owned());
    }
    Ok(Chain { place, hash })
}

fn hash_of(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
