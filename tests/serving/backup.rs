//! Copies that are made while the service works hold everything that was
//! answered before they were begun.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use baton::handoff::HandoffId;
use baton::store::{self, Options, Store};
use serde_json::json;

use crate::harness::{Service, figure, folder};

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_all_that_was_answered_before_it() {
    let service = Arc::new(Service::start().await);
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let is_over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..4)
        .map(|_| {
            let (service, acknowledged, is_over) = (service.clone(), acknowledged.clone(), is_over.clone());
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let body = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Northwind"}});
                    let body = json!({"external_id": fastrand::u64(..).to_string(), "route": body["route"], "known": body["known"]});
                    let answer = service.post("/v1/handoffs", &body).await;
                    if answer.status == 202 {
                        acknowledged.lock().expect("ids").push(answer.id());
                    }
                }
            })
        })
        .collect();
    let (mut copies, mut held, mut missing) = (0, 0, 0);
    for _ in 0..20 {
        let before: Vec<String> = acknowledged.lock().expect("ids").clone();
        let (data, to) = (service.settings.data_dir.clone(), folder());
        let copied = to.clone();
        let made = tokio::task::spawn_blocking(move || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
            command.arg("backup").arg(&copied).env("BATON_DATA_DIR", data).output().expect("it runs")
        });
        let made = made.await.expect("it ends");
        assert!(made.status.success(), "{made:?}");
        let said = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(said.contains("keys are not in it"), "{said}");
        let copy = Store::open(&Options { folder: to }).await.expect("a database");
        let mut reader = copy.reader().await.expect("a reader");
        let workspaces = store::list_workspaces(&mut reader).await.expect("workspaces");
        let main = workspaces.into_iter().find(|one| one.as_str() == "main").expect("the workspace");
        for id in &before {
            let id = HandoffId(id.clone());
            let found = store::glance(&mut reader, &main, &id).await.expect("an answer");
            missing += usize::from(found.is_none());
            held += 1;
        }
        assert!(store::verify(&mut reader, &main, None).await.expect("an answer").is_ok(), "the log is whole");
        drop(reader);
        copy.close().await;
        copies += 1;
    }
    is_over.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.await.expect("it ends");
    }
    let counts = json!({"copies": copies, "looked_for": held, "missing": missing});
    figure("backup", copies == 20 && held > 0 && missing == 0, counts);
}

#[tokio::test]
async fn a_copy_is_never_written_over() {
    let service = Service::start().await;
    let to = folder();
    std::fs::create_dir_all(&to).expect("a folder");
    std::fs::write(to.join("baton.db"), "mine").expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    let made = command.arg("backup").arg(&to).env("BATON_DATA_DIR", &service.settings.data_dir).output();
    assert!(!made.expect("it runs").status.success());
    assert_eq!(std::fs::read_to_string(to.join("baton.db")).expect("the file"), "mine");
}
