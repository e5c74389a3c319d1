//! The one writer. Changes that wait at the same time share one transaction
//! and one sync of the disk; each runs in a savepoint of its own, so that one
//! that fails leaves the others alone, and each is answered only after the
//! sync. That is what makes hundreds of durable changes a second possible on a
//! disk that takes milliseconds for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Executor, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::events::Chain;
use super::fault::Fault;
use super::later::{Later, Left};
use super::workspace::Workspace;

/// Changes in one transaction at most.
const MOST_IN_ONE: usize = 128;
/// How often the log of writes is tried to be folded while readers stand in the way.
const MOST_FOLDS: usize = 8;
/// Changes that may wait; the next caller waits for room.
const MOST_WAITING: usize = 1024;

/// An open transaction: what is written here is promised only after the writer has synced it.
#[derive(Debug)]
pub struct Tx<'c> {
    connection: &'c mut SqliteConnection,
    later: &'c mut Later,
    /// Where the logs end, as far as this transaction has looked; nobody else writes meanwhile.
    pub(super) heads: &'c mut Vec<(Workspace, Chain)>,
}

impl Tx<'_> {
    /// For statements whose outcome the change needs: what it left for later is run before.
    pub async fn reading(&mut self) -> Result<&mut SqliteConnection, Fault> {
        self.later.run(self.connection).await?;
        Ok(self.connection)
    }

    /// For a statement that only writes: it is run before the next one that is asked, or at the end of the change, which
    /// fails if it fails.
    pub(super) fn later(&mut self, statement: &'static str) -> Left<'_> {
        self.later.leave(statement)
    }
}

/// One change: runs inside the transaction, and gives what tells its caller how it ended. It gets the fault instead
/// when there is no transaction to run in.
type Change = Box<dyn for<'c> FnOnce(Result<Tx<'c>, Fault>) -> BoxFuture<'c, Ended> + Send>;
/// Called with whether the transaction is on the disk.
type Answer = Box<dyn FnOnce(Result<(), Fault>) + Send>;

struct Ended {
    is_kept: bool,
    answer: Answer,
}

/// The way to the writer; clones share it.
#[derive(Debug, Clone)]
pub struct Writer {
    changes: mpsc::Sender<Request>,
    is_healthy: Arc<AtomicBool>,
}

enum Request {
    Change(Change),
    /// Folds the log of writes into the file, which is written anew before if so wanted.
    Fold(bool, oneshot::Sender<Result<(), Fault>>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    pub(super) fn start(pool: SqlitePool) -> Writer {
        let (changes, waiting) = mpsc::channel(MOST_WAITING);
        let is_healthy = Arc::new(AtomicBool::new(true));
        tokio::spawn(run(pool, waiting, is_healthy.clone()));
        Writer { changes, is_healthy }
    }

    pub fn is_healthy(&self) -> bool {
        self.is_healthy.load(Ordering::Relaxed)
    }

    /// Runs a change; when this answers with a value, the change is on the disk. An error of the change undoes what
    /// it wrote, and nothing else.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        let (told, result) = oneshot::channel();
        let change: Change = Box::new(move |tx| {
            Box::pin(async move {
                let done = match tx {
                    Ok(mut tx) => change(&mut tx).await,
                    Err(fault) => Err(E::from(fault)),
                };
                let is_kept = done.is_ok();
                let answer: Answer = Box::new(move |synced| {
                    let _ = told.send(done.and_then(|value| synced.map(|()| value).map_err(E::from)));
                });
                Ended { is_kept, answer }
            })
        });
        let gone = || E::from(Fault::Unavailable("the writer has stopped".to_owned()));
        self.changes.send(Request::Change(change)).await.map_err(|_| gone())?;
        result.await.unwrap_or_else(|_| Err(gone()))
    }

    /// After everything that was given before; whether it was done.
    pub(super) async fn fold(&self, anew: bool) -> Result<(), Fault> {
        let gone = || Fault::Unavailable("the writer has stopped".to_owned());
        let (told, folded) = oneshot::channel();
        self.changes.send(Request::Fold(anew, told)).await.map_err(|_| gone())?;
        folded.await.unwrap_or_else(|_| Err(gone()))
    }

    /// After everything that was given before.
    pub(super) async fn close(&self) {
        let (told, closed) = oneshot::channel();
        if self.changes.send(Request::Close(told)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

async fn run(pool: SqlitePool, mut waiting: mpsc::Receiver<Request>, is_healthy: Arc<AtomicBool>) {
    let mut closing = None;
    while closing.is_none()
        && let Some(first) = waiting.recv().await
    {
        let mut changes = Vec::new();
        let mut folds = Vec::new();
        let mut next = Some(first);
        while let Some(request) = next {
            match request {
                Request::Change(change) => changes.push(change),
                Request::Fold(anew, told) => folds.push((anew, told)),
                Request::Close(told) => closing = Some(told),
            }
            next = if changes.len() < MOST_IN_ONE && closing.is_none() { waiting.try_recv().ok() } else { None };
        }
        // What changes nothing needs no disk: it does not tell that a disk which refused is well again.
        let before = if is_healthy.load(Ordering::Relaxed) { None } else { Some(count_changes(&pool).await) };
        let (answers, synced) = commit(&pool, changes).await;
        let is_told = match before {
            None => true,
            Some(before) => synced.is_err() || count_changes(&pool).await > before,
        };
        if is_told {
            is_healthy.store(synced.is_ok(), Ordering::Relaxed);
        }
        for answer in answers {
            answer(match &synced {
                Ok(()) => Ok(()),
                Err(fault) => Err(unavailable(fault)),
            });
        }
        for (anew, told) in folds {
            let _ = told.send(fold(&pool, anew).await);
        }
    }
    waiting.close();
    pool.close().await;
    if let Some(told) = closing {
        let _ = told.send(());
    }
}

/// Rows changed over the one connection since it was opened.
async fn count_changes(pool: &SqlitePool) -> i64 {
    sqlx::query_scalar("SELECT total_changes()").fetch_one(pool).await.unwrap_or_default()
}

/// Everybody's writes wait meanwhile, so it does not wait long for readers.
async fn fold(pool: &SqlitePool, anew: bool) -> Result<(), Fault> {
    let mut connection = pool.acquire().await?;
    if anew {
        // The copy is made of what is still there alone; it may be too large for the memory.
        connection.execute("PRAGMA temp_store = FILE").await?;
        let written = match order_words(&mut connection).await {
            Ok(()) => connection.execute("VACUUM").await,
            Err(error) => Err(error),
        };
        connection.execute("PRAGMA temp_store = MEMORY").await?;
        written?;
    }
    connection.execute("PRAGMA busy_timeout = 250").await?;
    let mut is_folded = Ok(false);
    for _ in 0..MOST_FOLDS {
        let told: Result<(i64, i64, i64), _> =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        is_folded = told.map(|(is_busy, _, _)| is_busy == 0);
        if !matches!(is_folded, Ok(false)) {
            break;
        }
    }
    connection.execute("PRAGMA busy_timeout = 5000").await?;
    match is_folded? {
        true => Ok(()),
        false => Err(Fault::Unavailable("somebody reads in the log of writes".to_owned())),
    }
}

/// The index of words holds no beginning of a word that is gone.
async fn order_words(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection.execute("BEGIN IMMEDIATE").await?;
    let mut ordered = Ok(());
    for statement in super::passages::FORGET_WORDS {
        if ordered.is_ok() {
            ordered = connection.execute(statement).await.map(drop);
        }
    }
    let end = if ordered.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = connection.execute(end).await.map(drop);
    ordered.and(ended)
}

/// Runs the changes in one transaction; their answers, and whether all is on the disk.
async fn commit(pool: &SqlitePool, changes: Vec<Change>) -> (Vec<Answer>, Result<(), Fault>) {
    let mut answers: Vec<Answer> = Vec::with_capacity(changes.len());
    if changes.is_empty() {
        return (answers, Ok(()));
    }
    let mut connection = match pool.acquire().await {
        Ok(connection) => connection,
        Err(error) => return refuse(changes, error.into()).await,
    };
    // Each statement is a way to another thread and back, so that a savepoint begins where the one before it ends.
    let begun = connection.execute("BEGIN IMMEDIATE; SAVEPOINT change").await;
    let (mut broken, mut heads) = (begun.err().map(Fault::from), Vec::new());
    let mut waiting = changes.into_iter();
    while let Some(change) = waiting.next() {
        // A transaction that broke may be gone: a savepoint would begin a new one and its release would commit it,
        // while its caller is told that nothing was written.
        if let Some(fault) = &broken {
            answers.push(change(Err(unavailable(fault))).await.answer);
            continue;
        }
        let next = if waiting.len() > 0 { "RELEASE change; SAVEPOINT change" } else { "" };
        match run_one(&mut connection, (next, &mut heads), change).await {
            Ok(answer) => answers.push(answer),
            Err((answer, fault)) => {
                answers.push(answer);
                broken = Some(fault);
            }
        }
    }
    fail::fail_point!("store.before_commit");
    let synced = match broken {
        None => connection.execute("COMMIT").await.map(drop).map_err(Fault::from),
        Some(fault) => Err(fault),
    };
    if synced.is_err() {
        // The connection may be in any state after a failed sync: a new one starts from what is on the disk.
        let _ = connection.execute("ROLLBACK").await;
        let _ = connection.close().await;
    }
    fail::fail_point!("store.after_commit");
    (answers, synced)
}

/// Runs a change in the savepoint that is open, and begins the next one. When it fails the savepoint is as it began, and
/// the next change has it.
async fn run_one(
    connection: &mut SqliteConnection,
    (next, heads): (&'static str, &mut Vec<(Workspace, Chain)>),
    change: Change,
) -> Result<Answer, (Answer, Fault)> {
    let mut later = Later::default();
    let tx = Tx { connection: &mut *connection, later: &mut later, heads: &mut *heads };
    let Ended { is_kept, mut answer } = change(Ok(tx)).await;
    if is_kept {
        later.leave_plain(next);
        let Err(fault) = later.run(connection).await else { return Ok(answer) };
        let asked = answer;
        answer = Box::new(move |_| asked(Err(fault)));
    }
    heads.clear();
    match connection.execute("ROLLBACK TO change").await {
        Ok(_) => Ok(answer),
        // A full disk ends the whole transaction: what it held is refused with it.
        Err(error) => Err((answer, error.into())),
    }
}

/// Changes that could not even begin still tell their callers why.
async fn refuse(changes: Vec<Change>, fault: Fault) -> (Vec<Answer>, Result<(), Fault>) {
    let mut answers = Vec::with_capacity(changes.len());
    for change in changes {
        answers.push(change(Err(unavailable(&fault))).await.answer);
    }
    (answers, Err(fault))
}

/// The fault of the transaction as each of its callers is told it: nothing was promised, and it may work later.
fn unavailable(fault: &Fault) -> Fault {
    match fault {
        Fault::Unavailable(why) => Fault::Unavailable(why.clone()),
        other => Fault::Unavailable(other.to_string()),
    }
}
