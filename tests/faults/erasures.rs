//! Death in the middle of an erasure: the rows are gone and their bytes still
//! lie in the log of writes. The next process finishes it, receipt and all.

use std::time::Duration;

use serde_json::json;

use crate::server::{Environment, Server, handoff, prepare, was_killed};
use crate::{ledger, pass_time, report};

const WORD: &str = "wipeme7endwipe";

/// How often the word stands in the files of a folder.
fn count_bytes(folder: &std::path::Path) -> usize {
    let files = std::fs::read_dir(folder).expect("a folder").flatten();
    let count = |path: std::path::PathBuf| match path.is_dir() {
        true => count_bytes(&path),
        false => memchr::memmem::find_iter(&std::fs::read(path).expect("a file"), WORD).count(),
    };
    files.map(|entry| count(entry.path())).sum()
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_is_finished() {
    let (folder, key) = prepare("erasures").await;
    let armed: Environment = vec![("FAILPOINTS_KILL".to_owned(), "erase.between_stores:1".to_owned())];
    let server = Server::start(&folder, &armed).expect("it starts");
    let begun =
        server.send(&key, ("POST", "/v1/handoffs?wait=25"), Some(&handoff(WORD)), &[]).await.expect("an answer");
    assert_eq!(begun.status, 200, "{begun:?}");
    let before = count_bytes(&folder);
    let wanted = json!({"handoff": begun.body["id"]});
    let asked = server.send(&key, ("POST", "/v1/erasures"), Some(&wanted), &[]).await.expect("an answer");
    assert_eq!(asked.status, 202, "{asked:?}");
    let mut findings = Vec::new();
    if !was_killed(server.wait(Duration::from_secs(60)).await) {
        findings.push("the process did not come to the place".to_owned());
    }
    let between = count_bytes(&folder);

    let server = Server::start(&folder, &Vec::new()).expect("it starts again");
    let path = format!("/v1/erasures/{}", asked.body["id"].as_str().expect("an id"));
    let mut state = json!(null);
    for _ in 0..300 {
        state = server.send(&key, ("GET", &path), None, &[]).await.expect("an answer").body;
        if state["state"] == "done" {
            break;
        }
        pass_time(Duration::from_millis(100)).await;
    }
    let left = count_bytes(&folder);
    if state["state"] != "done" || !state["receipt"].is_string() || state["counts"]["sources"] != 1 {
        findings.push(format!("it was not finished: {state}"));
    }
    if left > 0 || between == 0 {
        findings.push(format!("{between} marks between, {left} left"));
    }
    findings.extend(ledger::by_the_program(&folder));
    assert!(server.end().await.success());
    report("erase.between_stores", json!({"before": before, "between": between, "left": left}), &findings);
}
