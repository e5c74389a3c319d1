//! A disk that is really full: a small one in memory, seen by the server
//! alone, filled to its last byte and emptied again. What was acknowledged is
//! there, what could not be written was said so.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::Acceptance;
use crate::disk::{fault_of, hand_over, is_ready, without_readers};
use crate::ledger::{self, Promises};
use crate::server::{Server, prepare};
use crate::{pass_time, report, rounds};

/// Puts a disk of 32 MiB under the data folder, with what it held, and becomes the server.
const ON_SMALL_DISK: &str =
    "cp -a data kept && mount -t tmpfs -o size=32m tmpfs data && cp -a kept/. data/ && exec \"$@\"";

/// How a program gets mounts of its own: as root, or as root of a space of users of its own.
fn own_mounts() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "--mount"], vec!["unshare", "--user", "--map-root-user", "--mount"]];
    let works = |way: &Vec<&str>| {
        let tried = Command::new(way[0]).args(&way[1..]).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    ways.into_iter().find(works)
}

/// Writes until not one byte more goes in; how many did.
fn fill(file: &Path) -> usize {
    let mut open = std::fs::File::create(file).expect("a file");
    let mut written = 0;
    for size in [1 << 20, 4096, 1] {
        while open.write_all(&vec![b'x'; size]).is_ok() {
            written += size;
        }
    }
    written
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_a_byte_left_is_never_acknowledged() {
    let Some(mut before) = own_mounts() else {
        let is_long = rounds(0, 1) == 1;
        println!("{}", json!({"check": "R-03/full", "pass": false, "could_not": "mount a disk of its own"}));
        assert!(!is_long, "the long form needs root, or users that may have mounts of their own");
        return;
    };
    before.extend(["sh", "-c", ON_SMALL_DISK, "sh"]);
    let (folder, key) = prepare("small-disk").await;
    let server = Server::start_under(&before, &folder, &without_readers()).expect("it starts on a small disk");
    let inside = PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.display()));
    let (mut accepted, mut findings, mut refused, mut slowest) = (Vec::new(), Vec::new(), 0, Duration::ZERO);
    let (mut unready, fillings) = (0, rounds(2, 10));
    for round in 0..fillings {
        let filled = fill(&inside.join("data/filler"));
        let mut refusals = 0;
        // What was written before may be written over once more, until that is used up too.
        for number in 0..5_000 {
            let name = format!("small-{round}-{number}");
            let answer = hand_over(&server, &key, &name).await;
            if answer.status == 202 {
                accepted.push(Acceptance { name, id: answer.body["id"].as_str().unwrap_or_default().to_owned() });
                continue;
            }
            findings.extend(fault_of(&answer));
            unready += usize::from(!is_ready(&server).await);
            refusals += 1;
            if refusals == 10 {
                break;
            }
        }
        if refusals < 10 || filled == 0 {
            findings.push(format!("{filled} bytes filled the disk, and {refusals} requests were refused"));
        }
        refused += refusals;
        std::fs::remove_file(inside.join("data/filler")).expect("the file");
        let begun = Instant::now();
        while !is_ready(&server).await && begun.elapsed() < Duration::from_secs(20) {
            pass_time(Duration::from_millis(20)).await;
        }
        slowest = slowest.max(begun.elapsed());
        let name = format!("small-{round}-again");
        let answer = hand_over(&server, &key, &name).await;
        if answer.status != 202 {
            findings.push(format!("there is room again, and the answer is {answer:?}"));
        }
        accepted.push(Acceptance { name, id: answer.body["id"].as_str().unwrap_or_default().to_owned() });
    }
    if slowest > Duration::from_secs(5) || unready == 0 {
        findings.push(format!("ready again after {slowest:?}; after {unready} refusals it was not ready"));
    }
    // The disk goes with its server: what lies on it is copied as a power cut would leave it.
    server.signal("STOP");
    let after = folder.join("after");
    std::fs::create_dir_all(&after).expect("a folder");
    assert!(Command::new("cp").arg("-a").arg(inside.join("data")).arg(&after).status().expect("cp").success());
    server.kill();
    let count = accepted.len();
    let (mut figures, found) = ledger::check(&after, &Promises { accepted, ..Promises::default() }).await;
    findings.extend(found);
    figures["fillings"] = json!(fillings);
    figures["acknowledged"] = json!(count);
    figures["refused"] = json!(refused);
    figures["not_ready_after_refusals"] = json!(unready);
    figures["ready_again_ms"] = json!(slowest.as_millis() as u64);
    report("R-03/full", figures, &findings);
}
