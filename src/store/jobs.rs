//! Work that waits: claimed under a lease, counted when it is claimed, ended
//! only by the one who holds the claim. A job that takes the process down with
//! it is set aside after a few claims.

use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Row, Sqlite};

use super::fault::Fault;
use super::handoffs::{number, time};
use super::workspace::Workspace;
use super::writer::Tx;
use crate::handoff::HandoffId;

/// A job that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub workspace: Workspace,
    pub handoff: HandoffId,
    /// Which claim this is since the last orderly end; only its holder may end the job.
    pub attempts: u32,
    /// Orderly ends without a result.
    pub tries: u32,
    pub first_at: Timestamp,
    /// The claim's own name: nobody, and no later claim of the same process, holds the job under it.
    pub worker: String,
}

/// What is claimed.
#[derive(Debug, Clone)]
pub struct Claim<'a> {
    /// Begins with the process's name; another one for every claim.
    pub worker: &'a str,
    /// Jobs at most.
    pub most: i64,
    /// A job that was claimed before without an orderly end may have taken the process down: at most one is held at a time.
    pub with_suspect: bool,
    pub now: Timestamp,
    pub lease_until: Timestamp,
}

/// Puts a job into the queue; the same work twice is one job, which is due at the earlier time.
pub async fn enqueue(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (id, unique_key): (&str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO jobs (id, workspace, handoff, unique_key, state, run_at, first_at, attempts, tries) \
         VALUES ($1, $2, $3, $4, 'ready', $5, $5, 0, 0) ON CONFLICT (workspace, unique_key) DO NOTHING",
    )
    .bind(id)
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(unique_key)
    .bind(now.as_millisecond());
    Ok(())
}

/// Claims due jobs of one workspace, oldest first; then, if asked for, one suspect.
pub async fn claim(tx: &mut Tx<'_>, workspace: &Workspace, claim: &Claim<'_>) -> Result<Vec<Job>, Fault> {
    let mut rows = sqlx::query(
        "UPDATE jobs SET state = 'running', lease_until = $4, attempts = attempts + 1, worker = $3 WHERE workspace = $1 AND id IN \
         (SELECT id FROM jobs WHERE workspace = $1 AND state = 'ready' AND attempts = 0 AND run_at <= $2 \
          ORDER BY run_at LIMIT $5) \
         RETURNING id, workspace, handoff, attempts, tries, first_at, worker",
    )
    .bind(workspace.as_str())
    .bind(claim.now.as_millisecond())
    .bind(claim.worker)
    .bind(claim.lease_until.as_millisecond())
    .bind(claim.most)
    .fetch_all(tx.reading().await?)
    .await?;
    if claim.with_suspect {
        rows.extend(
            sqlx::query(
                "UPDATE jobs SET state = 'running', lease_until = $4, attempts = attempts + 1, worker = $3 \
                 WHERE workspace = $1 AND id IN \
                 (SELECT id FROM jobs WHERE workspace = $1 AND state = 'ready' AND attempts > 0 AND run_at <= $2 \
                  ORDER BY attempts, run_at LIMIT 1) \
                 RETURNING id, workspace, handoff, attempts, tries, first_at, worker",
            )
            .bind(workspace.as_str())
            .bind(claim.now.as_millisecond())
            .bind(claim.worker)
            .bind(claim.lease_until.as_millisecond())
            .fetch_all(tx.reading().await?)
            .await?,
        );
    }
    rows.iter().map(from_row).collect()
}

/// A statement about a job that is held: its first four values name the claim, so that nobody else's is touched.
fn held<'q>(statement: &'static str, job: &'q Job) -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query(statement).bind(job.workspace.as_str()).bind(&job.id).bind(&job.worker).bind(i64::from(job.attempts))
}

/// Ends a job that is held; `false` when somebody else holds it by now, and then nothing of its work may be kept.
pub async fn finish(tx: &mut Tx<'_>, job: &Job) -> Result<bool, Fault> {
    let done = held(
        "DELETE FROM jobs WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'running'",
        job,
    )
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a job back in order, to be tried again later; `false` when somebody else holds it.
pub async fn postpone(tx: &mut Tx<'_>, job: &Job, (until, problem): (Timestamp, &str)) -> Result<bool, Fault> {
    let done = held(
        "UPDATE jobs SET state = 'ready', run_at = $5, attempts = 0, tries = tries + 1, problem = $6, lease_until = NULL, \
         worker = NULL WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'running'",
        job,
    )
    .bind(until.as_millisecond())
    .bind(problem)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a job aside until a person has it retried.
pub async fn quarantine(tx: &mut Tx<'_>, job: &Job, problem: &str) -> Result<bool, Fault> {
    let done = held(
        "UPDATE jobs SET state = 'quarantined', problem = $5, lease_until = NULL WHERE workspace = $1 AND id = $2 AND worker = $3 \
         AND attempts = $4 AND state = 'running'",
        job,
    )
    .bind(problem)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts the jobs of a handoff that were set aside back into the queue, as new; how many.
pub async fn requeue(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    now: Timestamp,
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'ready', run_at = $3, first_at = $3, attempts = 0, tries = 0, problem = NULL, worker = NULL \
         WHERE workspace = $1 AND handoff = $2 AND state = 'quarantined'",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .bind(now.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Holds the claim of a running job for longer; `false` when it is lost.
pub async fn renew(tx: &mut Tx<'_>, job: &Job, until: Timestamp) -> Result<bool, Fault> {
    let done = held(
        "UPDATE jobs SET lease_until = $5 WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'running'",
        job,
    )
    .bind(until.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job back that ended in disorder without ending the process; `false` when somebody else holds it. Its claim
/// counts.
pub async fn drop_claim(tx: &mut Tx<'_>, job: &Job, (until, problem): (Timestamp, &str)) -> Result<bool, Fault> {
    let done = held(
        "UPDATE jobs SET state = 'ready', run_at = $5, problem = $6, lease_until = NULL, worker = NULL \
         WHERE workspace = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'running'",
        job,
    )
    .bind(until.as_millisecond())
    .bind(problem)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives back in order what a process holds that ends: it was not the jobs' fault.
pub async fn give_back(tx: &mut Tx<'_>, workspace: &Workspace, worker: &str) -> Result<u64, Fault> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'ready', attempts = 0, lease_until = NULL, worker = NULL \
         WHERE workspace = $1 AND state = 'running' AND substr(worker, 1, length($2)) = $2",
    )
    .bind(workspace.as_str())
    .bind(worker)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Puts running jobs back whose lease ended before `now`, or all of them when their process is known to be gone
/// (`worker` is then the process that lives); how many.
pub async fn release_all(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (now, worker): (Timestamp, Option<&str>),
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'ready', lease_until = NULL, worker = NULL \
         WHERE workspace = $1 AND state = 'running' AND (lease_until < $2 OR ($3 IS NOT NULL AND substr(worker, 1, length($3)) <> $3))",
    )
    .bind(workspace.as_str())
    .bind(now.as_millisecond())
    .bind(worker)
    .execute(tx.reading().await?)
    .await?;
    Ok(done.rows_affected())
}

/// Jobs that wait or run.
pub async fn count_jobs(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<i64, Fault> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE workspace = $1 AND state <> 'quarantined'")
        .bind(workspace.as_str())
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// Jobs of a handoff that wait or run.
pub(super) async fn count_jobs_of(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<i64, Fault> {
    let count = sqlx::query_scalar(
        "SELECT COUNT(*) FROM jobs WHERE workspace = $1 AND handoff = $2 AND state <> 'quarantined'",
    )
    .bind(workspace.as_str())
    .bind(&handoff.0)
    .fetch_one(connection)
    .await?;
    Ok(count)
}

fn from_row(row: &SqliteRow) -> Result<Job, Fault> {
    Ok(Job {
        id: row.try_get("id")?,
        workspace: Workspace::stored(row.try_get("workspace")?),
        handoff: HandoffId(row.try_get("handoff")?),
        attempts: number(row.try_get("attempts")?),
        tries: number(row.try_get("tries")?),
        first_at: time(row.try_get("first_at")?),
        worker: row.try_get("worker")?,
    })
}
