//! The raw context of a handoff, batch by batch as it came in. Nothing is ever
//! written over: a later reading sees the same bytes.

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::fault::Fault;
use super::handoffs::number;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::conversation::DocumentKind;
use crate::handoff::HandoffId;

/// Sources written by one statement: the values of a statement are numbered, and the numbers are few.
const MOST_AT_ONCE: usize = 100;

/// One file or payload as a caller gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSource {
    pub name: String,
    pub kind: Option<DocumentKind>,
    pub format: Option<String>,
    pub bytes: Vec<u8>,
}

/// What came in with one request.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub number: u32,
    pub sources: Vec<StoredSource>,
}

pub async fn add_batch(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    batch: &Batch,
    now: Timestamp,
) -> Result<(), Fault> {
    let places: Vec<(i64, &StoredSource)> = (0..).zip(&batch.sources).collect();
    for some in places.chunks(MOST_AT_ONCE) {
        let kinds = some.iter().map(|(_, source)| source.kind.map(serde_json::to_value).transpose());
        let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO sources (workspace, handoff, batch, place, name, kind, format, bytes, created_at) ",
        );
        query.push_values(some.iter().zip(&kinds), |mut row, ((place, source), kind)| {
            row.push_bind(workspace.as_str())
                .push_bind(&handoff.0)
                .push_bind(i64::from(batch.number))
                .push_bind(*place)
                .push_bind(&source.name)
                .push_bind(kind.as_ref().and_then(serde_json::Value::as_str))
                .push_bind(&source.format)
                .push_bind(&source.bytes)
                .push_bind(now.as_millisecond());
        });
        query.build().execute(tx.reading().await?).await?;
    }
    Ok(())
}

/// All batches in order up to the `last`; one without sources (values alone) is simply not there.
pub async fn find_batches(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    last: u32,
) -> Result<Vec<Batch>, Fault> {
    let rows = sqlx::query(
        "SELECT batch, name, kind, format, bytes FROM sources \
         WHERE workspace = $1 AND handoff = $2 AND batch <= $3 ORDER BY batch, place",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(i64::from(last))
    .fetch_all(connection)
    .await?;
    let mut batches: Vec<Batch> = Vec::new();
    for row in rows {
        let batch = number(row.try_get("batch")?);
        let kind: Option<String> = row.try_get("kind")?;
        let source = StoredSource {
            name: row.try_get("name")?,
            kind: kind.map(|kind| serde_json::from_value(kind.into())).transpose()?,
            format: row.try_get("format")?,
            bytes: row.try_get("bytes")?,
        };
        match batches.last_mut().filter(|last| last.number == batch) {
            Some(last) => last.sources.push(source),
            None => batches.push(Batch { number: batch, sources: vec![source] }),
        }
    }
    Ok(batches)
}
