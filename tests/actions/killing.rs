//! The process dies at each border of a transfer and its actions: afterwards
//! every action is there, none twice, and nothing was sent of a transfer that
//! did not happen.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnection;

use crate::harness::figure;
use crate::pass_time;
use crate::server::{Environment, Server, prepare, was_killed};
use crate::sink::{Sink, reply};
use crate::smtp::Smtp;
use crate::stage::{four, matter, route};

const PLACES: [(&str, u32); 10] = [
    ("action.after_row", 1),
    ("action.after_row", 3),
    ("gate.before_commit", 1),
    ("gate.after_commit", 1),
    ("outbox.after_claim", 1),
    ("outbox.after_2xx_before_mark", 1),
    ("outbox.after_2xx_before_mark", 2),
    ("action.after_end", 1),
    ("letter.before_send", 1),
    ("letter.after_send", 1),
];

async fn database(folder: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("data/baton.db"));
    options.busy_timeout(Duration::from_secs(10)).connect().await.expect("the database")
}

/// Waits until all actions but the one for Slack, which is not set up, are done.
async fn until_done(folder: &Path) {
    let mut connection = database(folder).await;
    let begun = Instant::now();
    loop {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT name, state FROM actions").fetch_all(&mut connection).await.expect("actions");
        let is_done = |(name, state): &(String, String)| state == "done" || name == "room";
        if rows.len() == 4 && rows.iter().all(is_done) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(90), "{rows:?}");
        pass_time(Duration::from_millis(50)).await;
    }
}

/// Everything that is wrong after one death, and whether it died.
async fn play(place: &str, visit: u32) -> (bool, Vec<String>) {
    let (folder, key) = prepare("actions").await;
    let mut smtp = Smtp::prepare(&format!("kill-{place}-{visit}"));
    smtp.start().await;
    let sink = Sink::start(|_| reply(200, &[], "")).await;
    let environment: Environment = vec![
        ("BATON_OUTBOUND__ALLOW".to_owned(), "127.0.0.1".to_owned()),
        ("BATON_MAIL__URL".to_owned(), smtp.url()),
        ("BATON_MAIL__FROM".to_owned(), "Baton <baton@acme.example>".to_owned()),
    ];
    let server = Server::start(&folder, &environment).expect("it starts");
    let send = async |server: &Server, method: &str, path: &str, body: &Json| {
        server.send(&key, (method, path), Some(body), &[]).await
    };
    let published = send(&server, "PUT", "/v1/routes/acts", &route(four(&sink))).await.expect("an answer");
    assert_eq!(published.status, 201, "{published:?}");
    let mut body = matter("Northwind");
    // The server has the machine's clock.
    body["known"]["go_live_date"] = json!("2036-07-01");
    let begun = send(&server, "POST", "/v1/handoffs?wait=25", &body).await.expect("an answer");
    assert_eq!(begun.body["status"], "ready", "{begun:?}");
    let transfer = format!("/v1/handoffs/{}/transfer", begun.body["id"].as_str().expect("an id"));
    assert!(server.end().await.success());
    let mut armed = environment.clone();
    armed.push(("FAILPOINTS_KILL".to_owned(), format!("{place}:{visit}")));
    let server = Server::start(&folder, &armed).expect("it starts");
    let _ = send(&server, "POST", &transfer, &json!({})).await;
    let has_died = was_killed(server.wait(Duration::from_secs(60)).await);
    // What was sent while nothing was committed is a lie.
    let moved: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM handoffs WHERE status = 'transferred'")
        .fetch_one(&mut database(&folder).await)
        .await
        .expect("a number");
    let mut findings = Vec::new();
    let early = sink.seen().len() + smtp.mails().len();
    if moved == 0 && early > 0 {
        findings.push(format!("{early} messages of a transfer that did not happen"));
    }
    let server = Server::start(&folder, &environment).expect("it starts");
    let again = send(&server, "POST", &transfer, &json!({})).await.expect("an answer");
    let expected = if moved == 0 { 200 } else { 409 };
    if again.status != expected {
        findings.push(format!("the same transfer again is a {}: {}", again.status, again.body));
    }
    until_done(&folder).await;
    assert!(server.end().await.success());
    findings.extend(look(&folder, &sink, &smtp).await);
    (has_died, findings.into_iter().map(|finding| format!("{place}:{visit}: {finding}")).collect())
}

/// What arrived against what was written.
async fn look(folder: &Path, sink: &Sink, smtp: &Smtp) -> Vec<String> {
    let mut findings = Vec::new();
    let mut connection = database(folder).await;
    let written: Vec<(String, String)> = sqlx::query_as("SELECT id, payload FROM outbox WHERE kind = 'action.begun'")
        .fetch_all(&mut connection)
        .await
        .expect("messages");
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for seen in sink.seen() {
        let id = seen.header("webhook-id").to_owned();
        if !written.iter().any(|(own, payload)| *own == id && payload.as_bytes() == seen.body) {
            findings.push(format!("{id} is not as it was written"));
        }
        *arrived.entry(id).or_default() += 1;
    }
    if (written.len(), arrived.len()) != (2, 2) || arrived.values().any(|count| *count > 2) {
        findings.push(format!("{} webhooks were written, {arrived:?} arrived", written.len()));
    }
    let mut mails: BTreeMap<String, usize> = BTreeMap::new();
    for raw in smtp.mails() {
        let id =
            mail_parser::MessageParser::default().parse(&raw).and_then(|mail| mail.message_id().map(str::to_owned));
        *mails.entry(id.unwrap_or_default()).or_default() += 1;
    }
    if mails.len() != 1 || mails.values().any(|count| *count > 2) {
        findings.push(format!("mails by their ids: {mails:?}"));
    }
    let begun: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE kind = 'action.begun'")
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    let done: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE kind = 'action.done'")
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    if (begun, done) != (4, 3) {
        findings.push(format!("the log tells of {begun} begun and {done} done"));
    }
    findings
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_at_each_border_loses_no_action_and_makes_none_up() {
    let (mut died, mut findings) = (0, Vec::new());
    for (place, visit) in PLACES {
        let (has_died, found) = play(place, visit).await;
        died += usize::from(has_died);
        if !has_died {
            findings.push(format!("{place}:{visit}: it was never reached"));
        }
        findings.extend(found);
    }
    figure("actions.borders", findings.is_empty(), json!({"places": PLACES.len(), "died": died, "findings": findings}));
}
