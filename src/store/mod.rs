//! Everything that has to outlive the process: one SQLite file in the data
//! folder, every change written through one writer and answered only after it
//! is on the disk. The SQL keeps to what PostgreSQL reads too.

mod actions;
mod answers;
mod backup;
mod clearances;
mod codes;
mod deliveries;
mod delivery_log;
mod drafts;
mod endpoints;
mod erasing;
mod erasures;
mod events;
mod fault;
mod handoffs;
mod idempotency;
mod identities;
mod insights;
mod invitations;
mod jobs;
mod keys;
mod later;
mod letter_log;
mod letters;
mod likenesses;
mod links;
mod listing;
mod member_sessions;
mod members;
mod mirrors;
mod outbox;
mod passage_search;
mod passages;
mod persons;
mod replies;
mod requests;
mod retention;
mod routes;
mod slips;
mod sources;
mod spending;
mod standings;
mod watches;
mod workspace;
mod writer;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use actions::{
    ActionRow, ActionState, EndedAction, EndedMessage, NewAction, add_action, end_action, list_acted_endpoints,
    list_actions, list_ended_deliveries, reopen_action,
};
pub use answers::{Said, add_said, list_bodies, list_said};
pub use backup::back_up;
pub use clearances::{Cleared, Issued, add_clearance, find_clearance, find_pass, has_pass};
pub use codes::{CodeRow, count_try, end_code, find_code, find_code_of, insert_code, list_codes_since};
pub use deliveries::{
    Attempt, Delivery, Fate, MOST_AT_ONE_ENDPOINT, add_delivery, claim_delivery, has_expired, has_unpassed, list_due,
    mark_passed_on, pass_on, release_deliveries, settle,
};
pub use delivery_log::{
    count_deliveries, find_delivery, list_attempts, list_deliveries, list_last_attempts, list_missed, send_again,
    send_missed,
};
pub use drafts::{drop_draft, find_draft, forget_drafts, keep_draft};
pub use endpoints::{
    Endpoint, EndpointKind, EndpointState, NewEndpoint, SealedSecret, add_secret, find_action_endpoint, find_endpoint,
    insert_endpoint, list_endpoints, list_secrets, save_endpoint,
};
pub use erasing::{Erased, PARTS, Part, Treatment, erase};
pub use erasures::{
    Erasure, ErasureState, add_erasure, find_erasure, list_erasures, list_outside_erasures, list_waiting_erasures,
    save_erasure,
};
pub use events::{Chain, Entry, Happening, append, chain_head, list_events, verify};
pub use fault::Fault;
pub use handoffs::{Handoff, Hold, NewHandoff, find, find_open, find_route_of, glance, insert, save};
pub use idempotency::{Kept, forget_before, keep, recall};
pub use identities::{drop_identities, find_identity, has_identity, insert_identity};
pub use insights::{Asked, Row, count_refusal, read_facts};
pub use invitations::{
    InvitationRow, end_invitation, end_resets, find_invitation, find_open_invitation, insert_invitation,
    list_invitations,
};
pub use jobs::{
    Claim, Job, claim, count_jobs, drop_claim, enqueue, finish, give_back, postpone, quarantine, release_all, renew,
    requeue,
};
pub use keys::{KeyRow, find_key, insert_key, list_keys, note_key_used, revoke_key};
pub use letter_log::{count_letters, list_letters_in, list_troubled_letters};
pub use letters::{
    Attempted, Letter, NewLetter, Stuck, Ways, add_letter, claim_letter, due_letters, empty_letters, end_attempt,
    find_letter, list_letters, list_stuck, list_unsent, release_letters, reword_letter, send_letter_again,
    withdraw_letter,
};
pub use likenesses::{Duplicate, Precedent, Why, keep_likenesses, list_duplicates, list_precedents};
pub use links::{
    LinkRow, SessionRow, end_session, find_link, find_links, find_living_link, find_nearest_link, find_session,
    forget_sessions, insert_link, insert_session, name_link, note_opened, revoke_link, touch_session,
};
pub use listing::{Filter, Page, list, list_whole};
pub use member_sessions::{
    MemberSession, end_member_session, end_member_session_by_id, end_member_sessions, find_member_session,
    insert_member_session, list_member_sessions, touch_member_session,
};
pub use members::{
    MemberRow, erase_member, find_member, find_member_by_email, has_members, insert_member, list_members, same_email,
    save_member,
};
pub use mirrors::{
    Mirror, PassageOrder, begin_mirror, count_mirrored, end_mirror, find_mirror, list_orders, list_placed, order_all,
    settle_orders,
};
pub use outbox::{Waiting, add as add_to_outbox, list_told_lately, list_waiting};
pub use passage_search::{
    PassageFilter, PassageFound, PassagesWanted, passages_at, passages_so_far, search_handoffs, search_passages,
};
pub use passages::{
    PassageCounts, PassageMark, StoredPassage, add_passages, count_passage_marks, count_passages, is_marked,
    list_passage_marks, list_passages, mark_all, put_off_mark, rebuild_words, remove_passages, unmark,
};
pub use persons::{HOLDINGS, Held, Holding, list_held};
pub use replies::{find_replies, forget_failures, keep_reply};
pub use requests::{find_request, list_requests, save_request};
pub use retention::{
    HeldHandoff, Oldest, drop_context, find_old_context, find_unchanged, forget_told, list_on_hold, oldest_context,
    oldest_handoff, set_hold,
};
pub use routes::{find_route, list_routes, newest_version, publish};
pub use slips::{
    NewSlip, Slip, SlipAbout, SlipEnd, SlipSeen, add_slip, claim_slip, drop_slips, due_slips, end_slip, find_slip,
    forget_slips, list_slips, save_about,
};
pub use sources::{Batch, StoredSource, add_batch, find_batches};
pub use spending::{Spent, spend, spent_on_day, spent_on_handoff};
pub use standings::{Line, LineKey, Lookup, TeamLookup, count_lines, list_lines, list_teams, list_unnoted, note_again};
pub use watches::{Watch, list_watches, looked, watch};
pub use workspace::{Workspace, list_workspaces, open_workspace};
pub use writer::{Tx, Writer};

/// The database file inside the data folder.
pub const FILE: &str = "baton.db";
/// Connections that read for callers at the same time, and for work behind them: nobody who waits for an answer stands
/// behind work that has time.
const READERS: u32 = 4;
const BACKGROUND_READERS: u32 = 2;

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    pub folder: PathBuf,
}

/// The database: one writer, several readers.
#[derive(Debug, Clone)]
pub struct Store {
    writer: Writer,
    readers: SqlitePool,
    background: SqlitePool,
    /// Held until it is closed, so that two never own one folder; none beside a running owner.
    lock: Arc<Mutex<Option<std::fs::File>>>,
}

impl Store {
    /// Opens the folder's database as its only owner, makes or renews its tables, and checks how it is kept.
    pub async fn open(options: &Options) -> Result<Store, Fault> {
        let lock = lock(&options.folder)?;
        Self::connect(options, Some(lock)).await
    }

    /// Opens it beside a running owner, for commands that add a key or read the log.
    pub async fn open_beside(options: &Options) -> Result<Store, Fault> {
        Self::connect(options, None).await
    }

    async fn connect(options: &Options, lock: Option<std::fs::File>) -> Result<Store, Fault> {
        let folder = &options.folder;
        create_private(folder).map_err(|error| Fault::Unusable(format!("{}: {error}", folder.display())))?;
        refuse_network_disk(folder)?;
        let connect = connection_options(&options.folder.join(FILE))?;
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(connect.clone()).await?;
        sqlx::migrate!("src/store/migrations/sqlite")
            .run(&writer)
            .await
            .map_err(|error| Fault::Unusable(format!("the tables could not be brought up to date: {error}")))?;
        check_settings(&mut *writer.acquire().await?).await?;
        let connect = connect.read_only(true);
        let readers = open_readers(READERS, connect.clone()).await?;
        let background = open_readers(BACKGROUND_READERS, connect).await?;
        Ok(Store { writer: Writer::start(writer), readers, background, lock: Arc::new(Mutex::new(lock)) })
    }

    /// The one road to a change.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// A connection that only reads.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Sqlite>, Fault> {
        Ok(self.readers.acquire().await?)
    }

    /// A reader that sees everything as of its first statement, for what must agree with itself.
    pub async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>, Fault> {
        Ok(self.readers.begin().await?)
    }

    /// The same for work that nobody waits for.
    pub async fn background_reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Sqlite>, Fault> {
        Ok(self.background.acquire().await?)
    }

    /// Whether the last change could be written.
    pub fn is_healthy(&self) -> bool {
        self.writer.is_healthy()
    }

    /// Writes nothing and syncs, to see whether writing works again.
    pub async fn probe(&self) -> Result<(), Fault> {
        self.writer.write(|tx| Box::pin(async move { workspace::touch(tx).await })).await
    }

    /// Folds the log of writes into the file and empties it: what was deleted is then on no page of either. An error when a
    /// reader stands in the way at the moment.
    pub async fn fold(&self) -> Result<(), Fault> {
        self.writer.fold(false).await
    }

    /// The same after the whole file was written anew from what is still there. Deleted rows are written over at once, but
    /// a page that was put in order before may hold an older copy of one in its free part; here it goes too. Takes as long
    /// as a copy of the file, and nobody writes meanwhile.
    pub async fn write_anew(&self) -> Result<(), Fault> {
        self.writer.fold(true).await
    }

    /// Puts the index of words in order anew: what divides its pages is then made of words that are still there.
    pub async fn forget_words(&self) -> Result<(), Fault> {
        self.writer.write(|tx| Box::pin(async move { passages::forget_words(tx).await })).await
    }

    /// Lets the writer finish what it was given and closes the file.
    pub async fn close(&self) {
        // The writer last: whoever closes last folds the log of writes into the file, and readers may not.
        self.readers.close().await;
        self.background.close().await;
        self.writer.close().await;
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// All connections at once, so that their threads are those of the one who opens, not of whoever comes first.
async fn open_readers(count: u32, options: SqliteConnectOptions) -> Result<SqlitePool, Fault> {
    let pool = SqlitePoolOptions::new().max_connections(count).min_connections(count).connect_with(options).await?;
    check_settings(&mut *pool.acquire().await?).await?;
    Ok(pool)
}

fn connection_options(file: &Path) -> Result<SqliteConnectOptions, Fault> {
    let address = format!("sqlite://{}", file.display());
    let options = SqliteConnectOptions::from_str(&address)
        .map_err(|error| Fault::Unusable(format!("{}: {error}", file.display())))?;
    Ok(options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        // What is sorted or set aside for a moment lies in no file that would outlive it.
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "16777216")
        .statement_cache_capacity(200))
}

/// One process owns a folder: a second one would claim the same work.
fn lock(folder: &Path) -> Result<std::fs::File, Fault> {
    let unusable = |error: std::io::Error| Fault::Unusable(format!("{}: {error}", folder.display()));
    create_private(folder).map_err(unusable)?;
    let path = folder.join("lock");
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(unusable)?;
    file.try_lock().map_err(|_| {
        Fault::Unusable(format!(
            "{}: another Baton runs on this folder; stop it, or name another data_dir",
            folder.display()
        ))
    })?;
    Ok(file)
}

/// Customers' words lie here: nobody but the owner may look.
fn create_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// SQLite's write-ahead log does not work over a network file system (its manual, wal.html).
fn refuse_network_disk(folder: &Path) -> Result<(), Fault> {
    const NETWORK: [&str; 9] = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs"];
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let nearest = mounted.filter(|(place, _)| folder.starts_with(place)).max_by_key(|(place, _)| place.len());
    match nearest {
        Some((place, kind)) if NETWORK.contains(&kind) => Err(Fault::Unusable(format!(
            "{}: lies on a network disk ({kind} at {place}), where the database is not safe; name a local data_dir",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// A question about a connection, whether the answer is right, and what it should have been.
type Setting = (&'static str, fn(&str) -> bool, &'static str);

/// Every connection is kept as the promises need it, or the program does not start.
async fn check_settings(connection: &mut SqliteConnection) -> Result<(), Fault> {
    let wanted: [Setting; 5] = [
        ("PRAGMA synchronous", |found| found == "2", "synchronous=2"),
        ("PRAGMA journal_mode", |found| found == "wal", "journal_mode=wal"),
        ("PRAGMA foreign_keys", |found| found == "1", "foreign_keys=1"),
        ("PRAGMA secure_delete", |found| found == "1", "secure_delete=1"),
        ("PRAGMA busy_timeout", |found| found.parse().is_ok_and(|wait: u64| wait >= 5000), "busy_timeout>=5000"),
    ];
    for (question, is_right, name) in wanted {
        let found = pragma(connection, question).await?;
        if !is_right(&found) {
            return Err(Fault::Unusable(format!("the database does not keep {name}, it says {found}")));
        }
    }
    Ok(())
}

async fn pragma(connection: &mut SqliteConnection, question: &'static str) -> Result<String, Fault> {
    use sqlx::Row;
    let row = sqlx::query(question).fetch_one(connection).await?;
    let text =
        row.try_get_unchecked::<String, _>(0).or_else(|_| row.try_get_unchecked::<i64, _>(0).map(|n| n.to_string()))?;
    Ok(text)
}
