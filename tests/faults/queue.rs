//! The queue: a state and its job are one write, the same job is there once, a
//! holder who lost a job keeps nothing of it, and a long queue of one workspace
//! does not keep the others waiting.

use baton::app::{Ended, NewRequest};
use baton::brief::RouteVersion;
use baton::handoff::{EventKind, HandoffId, Matter};
use baton::store::{self, Fault, Happening, NewHandoff, Options, Store, Workspace};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::Row;
use std::sync::Arc;
use tokio::task::JoinSet;

use crate::bench::{Bench, asked, request, workspace};
use crate::server::route;
use crate::{chances, report, rounds};

async fn bench() -> Bench {
    let bench = Bench::open().await;
    bench.publish(&bench.workspace, &route()).await;
    bench
}

fn mail(title: &str) -> NewRequest {
    request("short", title, "We go live on 1 July 2026.")
}

/// The store of a bench that was closed; whose data is meant.
async fn store_of(bench: &Bench) -> (Store, Workspace) {
    bench.app().close().await;
    let store = Store::open(&Options { folder: bench.settings.data_dir.clone() }).await.expect("it opens");
    let all = store::list_workspaces(&mut store.reader().await.expect("a reader")).await.expect("workspaces");
    (store, all.into_iter().find(|one| one.as_str() == "main").expect("the first workspace"))
}

/// A handoff with its job and its entry, given up after so many steps.
async fn accept(store: &Store, workspace: &Workspace, number: usize, gives_up_after: usize) -> Result<(), Fault> {
    let workspace = workspace.clone();
    let change = store.writer().write(move |tx| {
        Box::pin(async move {
            let now = jiff::Timestamp::UNIX_EPOCH;
            let id = HandoffId(format!("hnd_{number:032x}"));
            let given_up = || Err(Fault::Refused("given up".to_owned()));
            let route = RouteVersion { id: "short".to_owned(), version: 1 };
            let new = NewHandoff { id: id.clone(), external_id: None, route, matter: Matter::default() };
            store::insert(tx, &workspace, new, now).await?;
            if gives_up_after == 1 {
                return given_up();
            }
            store::enqueue(tx, (&workspace, &id), (&format!("job_{number}"), &format!("read:{number}")), now).await?;
            if gives_up_after == 2 {
                return given_up();
            }
            let happening =
                Happening { kind: EventKind::Received, handoff: Some(&id), version: Some(1), detail: json!({}) };
            store::append(tx, &workspace, &happening, now).await?;
            if gives_up_after == 3 { given_up() } else { Ok(()) }
        })
    });
    change.await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_and_its_job_are_one_write() {
    let bench = bench().await;
    let (store, workspace) = store_of(&bench).await;
    let mut chances = chances("R-10");
    let total = rounds(2_000, 10_000);
    let (mut kept, mut findings) = (0_i64, Vec::new());
    let mut number = 0;
    while number < total {
        let mut together = JoinSet::new();
        for _ in 0..50 {
            number += 1;
            let (store, workspace, number, gives_up_after) =
                (store.clone(), workspace.clone(), number, chances.usize(1..8));
            together.spawn(async move {
                (accept(&store, &workspace, number, gives_up_after).await.is_ok(), gives_up_after > 3)
            });
        }
        while let Some(ended) = together.join_next().await {
            let (is_kept, should) = ended.expect("a change");
            kept += i64::from(is_kept);
            if is_kept != should {
                findings.push("a change did not end as it was written".to_owned());
            }
        }
    }
    let mut reader = store.reader().await.expect("a reader");
    for (what, question) in [
        ("handoffs", "SELECT COUNT(*) FROM handoffs"),
        ("jobs", "SELECT COUNT(*) FROM jobs j JOIN handoffs h ON h.id = j.handoff"),
        ("entries", "SELECT COUNT(*) FROM events e JOIN handoffs h ON h.id = e.handoff"),
    ] {
        let found: i64 = sqlx::query_scalar(question).fetch_one(&mut *reader).await.expect("a number");
        if found != kept {
            findings.push(format!("{kept} changes were kept, and there are {found} {what}"));
        }
    }
    drop(reader);
    store.close().await;
    report("R-10", json!({"changes": total, "kept": kept}), &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_who_lost_a_job_keeps_nothing() {
    let bench = bench().await;
    let app = bench.app();
    let total = rounds(200, 1_000);
    let mut findings = Vec::new();
    for round in 0..total {
        app.accept(bench.asked(None), mail(&format!("zombie-{round}"))).await.expect("accepted");
        let first = app.claim(1, true).await.expect("a claim").remove(0);
        // The lease runs out while its holder sleeps, and the job goes to another one.
        bench.clock.advance(SignedDuration::from_secs(31));
        app.release_expired().await.expect("released");
        let second = app.claim(1, true).await.expect("a claim").remove(0);
        let mut holder = second.clone();
        if round % 2 == 0 {
            // An orderly end begins the count of claims anew: the first holder must not pass for the third.
            app.try_later(&second, &baton::app::Refusal::Reading).await;
            bench.clock.advance(SignedDuration::from_secs(2));
            holder = app.claim(1, true).await.expect("a claim").remove(0);
        }
        let renewed = app.renew(&first).await.expect("an answer");
        let lost = app.work(&first).await.expect("an end");
        let read = app.work(&holder).await.expect("an end");
        if (renewed, lost, read) != (false, Ended::Lost, Ended::Read) {
            findings.push(format!("round {round}: renewed {renewed}, the first {lost:?}, the holder {read:?}"));
        }
    }
    report("R-12", json!({"rounds": total}), &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_job_and_the_same_request_are_there_once() {
    let bench = bench().await;
    let mut findings = Vec::new();
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let (app, asked) = (bench.app().clone(), bench.asked(Some("the same key")));
        callers.spawn(async move { app.accept(asked, mail("the same")).await.expect("accepted").id });
    }
    let ids = callers.join_all().await;
    if ids.iter().any(|id| *id != ids[0]) {
        findings.push("one key made several handoffs".to_owned());
    }
    let (store, workspace) = store_of(&bench).await;
    let mut inserting = JoinSet::new();
    for thread in 0..64 {
        let (store, workspace, handoff) = (store.clone(), workspace.clone(), ids[0].clone());
        inserting.spawn(async move {
            for number in 0..100 {
                let (workspace, handoff) = (workspace.clone(), handoff.clone());
                let write = store.writer().write(move |tx| {
                    Box::pin(async move {
                        let names = (format!("job_{thread}_{number}"), format!("unique:{number}"));
                        store::enqueue(tx, (&workspace, &handoff), (&names.0, &names.1), jiff::Timestamp::UNIX_EPOCH)
                            .await
                    })
                });
                let done: Result<(), Fault> = write.await;
                done.expect("it is written");
            }
        });
    }
    inserting.join_all().await;
    let mut reader = store.reader().await.expect("a reader");
    let jobs: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE unique_key LIKE 'unique:%'")
        .fetch_one(&mut *reader)
        .await
        .expect("a number");
    let handoffs: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM handoffs").fetch_one(&mut *reader).await.expect("a number");
    drop(reader);
    store.close().await;
    if (jobs, handoffs) != (100, 1) {
        findings.push(format!("{jobs} jobs and {handoffs} handoffs"));
    }
    report("R-14", json!({"jobs": jobs, "handoffs": handoffs, "same_key_callers": ids.len()}), &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_queue_keeps_nobody_else_waiting() {
    let bench = bench().await;
    let (large, small) = (workspace(bench.app(), "large").await, workspace(bench.app(), "small").await);
    let mut findings = Vec::new();
    let crowd = rounds(2_000, 10_000);
    for workspace in [&large, &small] {
        bench.publish(workspace, &route()).await;
    }
    for group in 0..crowd / 100 {
        let mut together = JoinSet::new();
        for number in 0..100 {
            let (app, asked) = (bench.app().clone(), asked(&large, None));
            together.spawn(async move {
                drop(app.accept(asked, mail(&format!("large-{group}-{number}"))).await.expect("accepted"))
            });
        }
        together.join_all().await;
    }
    for number in 0..20 {
        bench.app().accept(asked(&small, None), mail(&format!("small-{number}"))).await.expect("accepted");
    }
    let own = bench.app().accept(asked(&small, None), mail("own")).await.expect("accepted").id;
    if bench.app().find(&large, &own).await.is_ok() || bench.app().find(&small, &own).await.is_err() {
        findings.push("a handoff is found in another workspace than its own".to_owned());
    }
    // In which order they are claimed, four at a time.
    let (mut claimed, mut of_small, mut last) = (0, 0, 0);
    while of_small < 21 && claimed < crowd {
        for job in bench.app().claim(4, true).await.expect("a claim") {
            claimed += 1;
            if job.workspace == small {
                of_small += 1;
                last = claimed;
            }
        }
    }
    if of_small < 21 || last > 21 * 8 {
        findings.push(format!("{of_small} of the small one's 21 were claimed, the last as number {last}"));
    }
    report("R-17/order", json!({"queued": crowd, "last_claimed_as": last}), &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_connection_is_kept_as_the_promises_need_it() {
    let bench = bench().await;
    let (store, _) = store_of(&bench).await;
    let mut findings = Vec::new();
    let mut readers = Vec::new();
    for _ in 0..4 {
        readers.push(store.reader().await.expect("a reader"));
    }
    let mut settings = Vec::new();
    for reader in &mut readers {
        settings.push(settings_of(reader).await);
    }
    drop(readers);
    // A second writer's connection replaces the first one after a fault; both are opened alike.
    let of_writer =
        store.writer().write(|tx| Box::pin(async move { Ok::<_, Fault>(settings_of(tx.reading().await?).await) }));
    settings.push(of_writer.await.expect("the writer"));
    let wanted = ["2", "wal", "1", "1", "5000"].map(str::to_owned);
    findings.extend(settings.iter().filter(|found| **found != wanted).map(|found| format!("{found:?}")));
    let count = settings.len();
    store.close().await;
    report("R-40", json!({"connections": count}), &findings);
}

async fn settings_of(connection: &mut sqlx::sqlite::SqliteConnection) -> [String; 5] {
    let mut found = Vec::new();
    for question in [
        "PRAGMA synchronous",
        "PRAGMA journal_mode",
        "PRAGMA foreign_keys",
        "PRAGMA secure_delete",
        "PRAGMA busy_timeout",
    ] {
        let row = sqlx::query(question).fetch_one(&mut *connection).await.expect("a row");
        found.push(
            row.try_get_unchecked::<String, _>(0)
                .or_else(|_| row.try_get_unchecked::<i64, _>(0).map(|number| number.to_string()))
                .expect("a word"),
        );
    }
    found.try_into().expect("five settings")
}

/// A fault of one change is told to its caller alone, in its own words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_that_share_a_write_do_not_share_their_faults() {
    let bench = bench().await;
    let (store, workspace) = store_of(&bench).await;
    let store = Arc::new(store);
    let mut together = JoinSet::new();
    for number in 0..60 {
        let (store, workspace) = (store.clone(), workspace.clone());
        together.spawn(async move {
            let gives_up_after = if number % 3 == 0 { 2 } else { 9 };
            (gives_up_after, accept(&store, &workspace, number, gives_up_after).await)
        });
    }
    for (gives_up_after, done) in together.join_all().await {
        match done {
            Ok(()) => assert_eq!(gives_up_after, 9),
            Err(fault) => assert_eq!((gives_up_after, fault.to_string().contains("given up")), (2, true), "{fault}"),
        }
    }
    // A store that cannot be written says so, and not that it has stopped.
    sqlx::query("SELECT 1").execute(&mut *store.reader().await.expect("a reader")).await.expect("it reads");
    let mut beside = crate::ledger::open_file(&bench.database()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut beside).await.expect("a lock");
    let fault = accept(&store, &workspace, 99, 9).await.expect_err("somebody else writes");
    assert!(matches!(&fault, Fault::Unavailable(why) if why.contains("locked")), "{fault}");
    assert!(!store.is_healthy());
    sqlx::query("ROLLBACK").execute(&mut beside).await.expect("the lock ends");
    store.probe().await.expect("it writes again");
    assert!(store.is_healthy());
    store.close().await;
}
