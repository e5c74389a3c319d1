//! The log cannot be changed unseen: whatever byte of an entry is altered,
//! whichever entries are swapped or removed, reading the chain finds it.

use std::path::Path;
use std::time::Instant;

use baton::handoff::{EventKind, HandoffId};
use baton::store::{self, Chain, Fault, Happening, Options, Store, Workspace};
use serde_json::json;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row};

use crate::bench::Bench;
use crate::ledger::open_file;
use crate::{chances, report, rounds};

/// A log of so many entries; where it ends.
async fn write_log(store: &Store, workspace: &Workspace, entries: usize) -> Chain {
    for first in (0..entries).step_by(500) {
        let (workspace, last) = (workspace.clone(), entries.min(first + 500));
        let write = store.writer().write(move |tx| {
            Box::pin(async move {
                for number in first..last {
                    let handoff = HandoffId(format!("hnd_{number:032x}"));
                    let detail = json!({"actor": {"kind": "baton"}, "what": {"number": number, "words": "a detail of some length"}});
                    let happening = Happening { kind: EventKind::Answered, handoff: Some(&handoff), version: Some(1), detail };
                    store::append(tx, &workspace, &happening, jiff::Timestamp::UNIX_EPOCH).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        write.await.expect("it is written");
    }
    store::chain_head(&mut store.reader().await.expect("a reader"), workspace).await.expect("an end")
}

async fn is_whole(connection: &mut SqliteConnection, workspace: &Workspace, head: Option<&Chain>) -> bool {
    store::verify(connection, workspace, head).await.is_ok_and(|read| read.is_ok())
}

/// A copy without the triggers, which somebody who owns the file can remove.
async fn unguarded(from: &Path, name: &str) -> SqliteConnection {
    let to = from.with_file_name(name);
    std::fs::copy(from, &to).expect("a copy");
    let mut connection = open_file(&to).await;
    for change in ["DROP TRIGGER events_stay", "DROP TRIGGER events_are_kept", "PRAGMA foreign_keys = OFF"] {
        sqlx::query(change).execute(&mut connection).await.expect("it is unguarded");
    }
    connection
}

/// Alters one byte of one value of one entry, looks, and puts it back.
async fn flip(
    connection: &mut SqliteConnection,
    whose: (&Workspace, &Chain),
    chances: &mut fastrand::Rng,
) -> Result<(), String> {
    const COLUMNS: [&str; 9] =
        ["place", "handoff", "kind", "at", "version", "detail", "detail_hash", "previous", "hash"];
    let (workspace, head) = whose;
    let column = COLUMNS[chances.usize(0..COLUMNS.len())];
    let place = chances.i64(1..=head.place);
    let question = AssertSqlSafe(format!(
        "SELECT CAST({column} AS TEXT) AS was FROM events WHERE place = $1 AND workspace = 'main'"
    ));
    let was: Option<String> =
        sqlx::query(question).bind(place).fetch_one(&mut *connection).await.expect("a row").get("was");
    // What is empty cannot lose a byte; it can gain one.
    let mut bytes = was.clone().unwrap_or_else(|| "0".to_owned()).into_bytes();
    let at = chances.usize(0..bytes.len());
    let is_number = ["place", "at", "version"].contains(&column);
    bytes[at] =
        if is_number && was.is_some() { b'0' + (bytes[at] + 1) % 10 } else { bytes[at] ^ (1 << chances.u8(0..5)) };
    let now = String::from_utf8(bytes).expect("one-byte letters");
    let set = |value: Option<&str>| {
        let value = value.map_or("NULL".to_owned(), |value| {
            if is_number { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) }
        });
        AssertSqlSafe(format!(
            "UPDATE events SET {column} = {value} WHERE rowid = (SELECT rowid FROM events WHERE workspace = 'main' ORDER BY rowid LIMIT 1 OFFSET {})",
            place - 1
        ))
    };
    if sqlx::query(set(Some(&now))).execute(&mut *connection).await.is_err() {
        return Ok(());
    }
    let is_seen = !is_whole(connection, workspace, Some(head)).await;
    sqlx::query(set(was.as_deref())).execute(&mut *connection).await.expect("it is put back");
    if is_seen { Ok(()) } else { Err(format!("{column} of entry {place} from {was:?} to {now}")) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_the_log_goes_unseen() {
    let bench = Bench::open().await;
    let workspace = bench.workspace.clone();
    bench.app().close().await;
    let store = Store::open(&Options { folder: bench.settings.data_dir.clone() }).await.expect("it opens");
    let small = write_log(&store, &workspace, 40).await;
    store.close().await;
    let mut chances = chances("R-43");
    let mut connection = unguarded(&bench.database(), "flipped.db").await;
    assert!(is_whole(&mut connection, &workspace, Some(&small)).await, "untouched, it is whole");
    let (flips, mut findings) = (rounds(1_000, 10_000), Vec::new());
    for _ in 0..flips {
        findings.extend(flip(&mut connection, (&workspace, &small), &mut chances).await.err());
    }
    assert!(is_whole(&mut connection, &workspace, Some(&small)).await, "put back, it is whole");
    drop(connection);

    let store = Store::open(&Options { folder: bench.settings.data_dir.clone() }).await.expect("it opens");
    let head = write_log(&store, &workspace, 10_000).await;
    let begun = Instant::now();
    assert!(is_whole(&mut store.reader().await.expect("a reader"), &workspace, Some(&head)).await);
    let speed = head.place as f64 / begun.elapsed().as_secs_f64();
    store.close().await;
    let swap = "UPDATE events SET place = CASE place WHEN 500 THEN -1 WHEN 900 THEN 500 ELSE place END WHERE workspace = 'main' AND place IN (500, 900)";
    for (name, changes, with_head) in [
        ("swapped.db", vec![swap, "UPDATE events SET place = 900 WHERE workspace = 'main' AND place = -1"], false),
        ("holed.db", vec!["DELETE FROM events WHERE workspace = 'main' AND place = 5000"], false),
        (
            "holed-and-closed.db",
            vec![
                "DELETE FROM events WHERE workspace = 'main' AND place = 5000",
                "UPDATE events SET place = place - 1 WHERE workspace = 'main' AND place = 5001",
            ],
            false,
        ),
        ("cut.db", vec!["DELETE FROM events WHERE workspace = 'main' AND place > 9000"], true),
        ("emptied.db", vec!["DELETE FROM events WHERE workspace = 'main'"], true),
        (
            "moved.db",
            vec![
                "UPDATE events SET workspace = 'main.test', place = 1000000 WHERE workspace = 'main' AND place = 7000",
            ],
            false,
        ),
    ] {
        let mut connection = unguarded(&bench.database(), name).await;
        for change in changes {
            sqlx::query(change).execute(&mut connection).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        if is_whole(&mut connection, &workspace, with_head.then_some(&head)).await {
            findings.push(format!("{name} passes for whole"));
        }
    }
    report("R-43", json!({"flips": flips, "entries": head.place, "entries_per_second": speed.round()}), &findings);
}
