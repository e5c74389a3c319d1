//! What must be true of a data folder, whatever was done to the server before:
//! asked in plain SQL and judged here, with nothing of the product's own code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use sha2::Digest;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

use crate::clients::Acceptance;
use crate::pass_time;

/// Settled: nothing more is asked about such a field.
const SETTLED: [&str; 3] = ["found", "not_applicable", "unknown_by_design"];

/// Opens the folder's database beside whoever owns it.
pub async fn open(folder: &Path) -> SqliteConnection {
    open_file(&folder.join("data/baton.db")).await
}

pub async fn open_file(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(10));
    options.connect().await.expect("the database")
}

/// Opens a copy of the database as it lies there, so that looking changes nothing of what a dead process left.
pub async fn open_copy(folder: &Path) -> SqliteConnection {
    let copy = folder.join("copy/data");
    std::fs::create_dir_all(&copy).expect("a folder");
    for ending in ["", "-wal", "-shm"] {
        let name = format!("baton.db{ending}");
        let _ = std::fs::remove_file(copy.join(&name));
        if ending != "-shm" {
            let _ = std::fs::copy(folder.join("data").join(&name), copy.join(&name));
        }
    }
    open(&folder.join("copy")).await
}

pub async fn count(connection: &mut SqliteConnection, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(connection).await.expect("a number")
}

/// Waits until nothing waits to be read; how long that took, or what is stuck.
pub async fn settle(folder: &Path, at_most: Duration) -> Result<Duration, String> {
    let mut connection = open(folder).await;
    let begun = Instant::now();
    loop {
        let jobs = count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state <> 'quarantined'").await;
        let drafting = count(&mut connection, "SELECT COUNT(*) FROM handoffs WHERE status = 'drafting'").await;
        if jobs + drafting == 0 {
            return Ok(begun.elapsed());
        }
        if begun.elapsed() > at_most {
            return Err(format!("{jobs} jobs and {drafting} drafts are stuck after {at_most:?}"));
        }
        pass_time(Duration::from_millis(50)).await;
    }
}

/// What callers were told, and how the folder was used.
#[derive(Default)]
pub struct Promises {
    pub accepted: Vec<Acceptance>,
    pub moved: Vec<Acceptance>,
    /// A model that was away is noted on the handoff without an entry in the log.
    pub with_model: bool,
}

/// Everything that is not as it must be.
pub async fn check(folder: &Path, promises: &Promises) -> (Json, Vec<String>) {
    let mut connection = open(folder).await;
    let mut findings = structure(&mut connection).await;
    findings.extend(handoffs(&mut connection, promises).await);
    findings.extend(chain(&mut connection, promises.with_model).await);
    findings.extend(by_the_program(folder));
    let figures = json!({
        "accepted": promises.accepted.len(), "moved": promises.moved.len(),
        "handoffs": count(&mut connection, "SELECT COUNT(*) FROM handoffs").await,
        "events": count(&mut connection, "SELECT COUNT(*) FROM events").await,
        "set_aside": count(&mut connection, "SELECT COUNT(*) FROM jobs WHERE state = 'quarantined'").await,
        "findings": findings.len(),
    });
    (figures, findings)
}

/// The file, and rows that belong together: no state without its job, no job without its state, no entry untold.
async fn structure(connection: &mut SqliteConnection) -> Vec<String> {
    let mut findings = Vec::new();
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut *connection).await.expect("a word");
    if whole != "ok" {
        findings.push(format!("integrity_check says {whole}"));
    }
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *connection).await.expect("rows").len();
    if broken > 0 {
        findings.push(format!("{broken} rows point nowhere"));
    }
    for (what, question) in [
        (
            "drafts without a job",
            "SELECT COUNT(*) FROM handoffs h WHERE h.status = 'drafting' AND NOT EXISTS \
          (SELECT 1 FROM jobs j WHERE j.workspace = h.workspace AND j.handoff = h.id AND j.state <> 'quarantined')",
        ),
        (
            "jobs without a handoff",
            "SELECT COUNT(*) FROM jobs j WHERE NOT EXISTS \
          (SELECT 1 FROM handoffs h WHERE h.workspace = j.workspace AND h.id = j.handoff)",
        ),
        (
            "handoffs without their first entry",
            "SELECT COUNT(*) FROM handoffs h WHERE NOT EXISTS \
          (SELECT 1 FROM events e WHERE e.workspace = h.workspace AND e.handoff = h.id AND e.kind = 'handoff.received')",
        ),
        (
            "entries of handoffs without a message",
            "SELECT COUNT(*) FROM events e WHERE e.handoff IS NOT NULL \
          AND e.kind NOT LIKE 'request.%' AND e.kind NOT LIKE 'message.%' AND e.kind NOT LIKE 'link.%' AND \
          (SELECT COUNT(*) FROM outbox o WHERE o.workspace = e.workspace AND o.event = e.place AND o.kind = e.kind) <> 1",
        ),
        (
            "messages without an entry",
            "SELECT COUNT(*) FROM outbox o WHERE NOT EXISTS \
          (SELECT 1 FROM events e WHERE e.workspace = o.workspace AND e.place = o.event AND e.kind = o.kind)",
        ),
        (
            "gaps that nobody is asked about, and nobody will look at",
            "SELECT COUNT(*) FROM handoffs h WHERE h.status = 'needs_input' AND h.reason = 'gaps' \
          AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.workspace = h.workspace AND r.handoff = h.id AND r.state IN ('waiting', 'sent', 'undeliverable', 'escalated')) \
          AND NOT EXISTS (SELECT 1 FROM watches w WHERE w.workspace = h.workspace AND w.handoff = h.id AND w.due_at IS NOT NULL)",
        ),
        (
            "people who are asked the same twice",
            "SELECT COUNT(*) FROM (SELECT 1 FROM requests WHERE state IN ('waiting', 'sent', 'undeliverable', 'escalated') \
          GROUP BY workspace, handoff, json_extract(body, '$.about'), json_extract(body, '$.person') HAVING COUNT(*) > 1)",
        ),
        (
            "requests without a message",
            "SELECT COUNT(*) FROM requests r WHERE NOT EXISTS \
          (SELECT 1 FROM letters l WHERE l.workspace = r.workspace AND l.request = r.id)",
        ),
        (
            "moved without a clearance",
            "SELECT COUNT(*) FROM handoffs h WHERE h.status IN ('transferred', 'accepted') AND NOT EXISTS \
          (SELECT 1 FROM clearances c WHERE c.workspace = h.workspace AND c.handoff = h.id AND c.pass = h.pass)",
        ),
        (
            "read twice",
            "SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE kind IN ('handoff.ready', 'handoff.needs_input') \
          AND json_extract(detail, '$.what.because') IS NULL \
          GROUP BY workspace, handoff HAVING COUNT(*) > 1 + SUM(kind = 'handoff.retried'))",
        ),
        (
            "handoffs of one name twice",
            "SELECT COUNT(*) FROM (SELECT 1 FROM handoffs \
          GROUP BY workspace, json_extract(matter, '$.title') HAVING COUNT(*) > 1)",
        ),
    ] {
        let found = count(connection, question).await;
        if found > 0 {
            findings.push(format!("{found} {what}"));
        }
    }
    findings
}

/// Every promise is kept, and nothing has moved that may not.
async fn handoffs(connection: &mut SqliteConnection, promises: &Promises) -> Vec<String> {
    let rows = sqlx::query("SELECT id, status, matter, brief, read_batches, batches FROM handoffs")
        .fetch_all(connection)
        .await
        .expect("rows");
    let mut by_id = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let (id, status): (String, String) = (row.get("id"), row.get("status"));
        let matter: Json = serde_json::from_str(row.get("matter")).expect("JSON");
        let brief: Option<String> = row.get("brief");
        let brief: Json = brief.map_or(Json::Null, |text| serde_json::from_str(&text).expect("JSON"));
        if status == "transferred" {
            findings
                .extend(unproved(&brief).into_iter().map(|field| format!("{id} has moved and {field} is not settled")));
        }
        if status != "drafting"
            && status != "failed"
            && (brief.is_null() || row.get::<i64, _>("batches") != row.get::<i64, _>("read_batches"))
        {
            findings.push(format!("{id} is {status} and was not read"));
        }
        by_id.insert(id, (matter["title"].as_str().unwrap_or_default().to_owned(), status));
    }
    let mut seen = BTreeSet::new();
    for promise in &promises.accepted {
        match by_id.get(&promise.id) {
            Some((name, _)) if *name == promise.name && seen.insert(promise.id.clone()) => {}
            other => findings.push(format!("{promise:?} was accepted, and there is {other:?}")),
        }
    }
    for promise in &promises.moved {
        if by_id.get(&promise.id).is_none_or(|(name, status)| *name != promise.name || status != "transferred") {
            findings.push(format!("{promise:?} was let through, and there is {:?}", by_id.get(&promise.id)));
        }
    }
    findings
}

fn unproved(brief: &Json) -> Vec<String> {
    let required = ["go_live_date", "contact_email"];
    let is_open = |key: &str| {
        let field = &brief["fields"][key];
        let is_settled = SETTLED.iter().any(|state| field["state"] == *state);
        let is_proved = field["evidence"].as_array().is_some_and(|all| !all.is_empty()) || field["by"].is_string();
        !is_settled || !is_proved
    };
    required.into_iter().filter(|key| is_open(key)).map(str::to_owned).collect()
}

/// The log, hashed here once more; and one entry for each version of a handoff.
async fn chain(connection: &mut SqliteConnection, with_model: bool) -> Vec<String> {
    let rows = sqlx::query(
        "SELECT workspace, place, handoff, kind, at, version, detail, detail_hash, previous, hash FROM events ORDER BY workspace, place",
    )
    .fetch_all(connection)
    .await
    .expect("rows");
    let hash =
        |text: &str| sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut ends: BTreeMap<String, (i64, String)> = BTreeMap::new();
    let mut versions: BTreeMap<String, i64> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let (workspace, place): (String, i64) = (row.get("workspace"), row.get("place"));
        let (detail, written): (String, String) = (row.get("detail"), row.get("detail_hash"));
        let (handoff, version): (Option<String>, Option<i64>) = (row.get("handoff"), row.get("version"));
        let (previous, found): (String, String) = (row.get("previous"), row.get("hash"));
        let link = json!([
            workspace,
            place,
            handoff,
            row.get::<String, _>("kind"),
            row.get::<i64, _>("at"),
            version,
            written,
            previous
        ]);
        let end = ends.entry(workspace.clone()).or_insert((0, "0".repeat(64)));
        if place != end.0 + 1 || previous != end.1 || hash(&detail) != written || hash(&link.to_string()) != found {
            findings.push(format!("the log of {workspace} breaks at {place}"));
        }
        *end = (place, found);
        if let (Some(handoff), Some(version)) = (handoff, version) {
            let last = versions.entry(handoff.clone()).or_default();
            // That an answer made it ready is told beside the answer, of the same version.
            let is_beside = version == *last && row.get::<String, _>("kind") == "handoff.ready";
            if version != *last + 1 && !is_beside && !(with_model && version > *last) {
                findings.push(format!("{handoff} goes from version {last} to {version} in the log"));
            }
            *last = version;
        }
    }
    findings
}

/// The program's own check of the log agrees.
pub fn by_the_program(folder: &Path) -> Option<String> {
    let data: PathBuf = folder.join("data");
    let output = crate::server::command(env!("CARGO_BIN_EXE_baton"))
        .args(["audit", "verify", "--data-dir"])
        .arg(&data)
        .current_dir(folder)
        .output()
        .expect("the program");
    (!output.status.success()).then(|| format!("baton audit verify: {}", String::from_utf8_lossy(&output.stderr)))
}
