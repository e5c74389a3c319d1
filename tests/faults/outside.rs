//! The outside of a server that is killed: a receiver of webhooks and a real
//! mail server, which take everything, and what they must hold in the end, no
//! less and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use serde_json::{Value as Json, json};

use crate::ledger::open;
use crate::pass_time;
use crate::server::{Environment, Server};
use crate::sink::{Sink, Step, reply};
use crate::smtp::Smtp;

/// Places on the ways out at which the process kills itself.
pub const PLACES: [&str; 4] =
    ["outbox.after_claim", "outbox.after_2xx_before_mark", "letter.before_send", "letter.after_send"];
/// Webhooks on their way to one endpoint at the same time, and mails.
const WEBHOOKS_AT_ONCE: usize = 2;
const MAILS_AT_ONCE: usize = 16;

pub struct Outside {
    sink: Sink,
    smtp: Smtp,
}

/// A message as it is written: its id, state, subject, receiver, and what it is: its request and its purpose.
type Letter = (String, String, String, String, String);

/// A mail as it arrived, without what differs with the attempt: its date and the borders of its parts.
#[derive(Debug, PartialEq, Eq)]
struct Arrived {
    to: String,
    subject: String,
    text: String,
    html: String,
}

impl Outside {
    pub async fn start(name: &str) -> Outside {
        // Each answer takes a while, so that kills come in the middle of some.
        let sink = Sink::start(|_| [vec![Step::Wait(Duration::from_millis(5))], reply(200, &[], "")].concat()).await;
        let mut smtp = Smtp::prepare(name);
        smtp.start().await;
        Outside { sink, smtp }
    }

    /// What a server needs to know of it. Links are the same whatever port the server has.
    pub fn environment(&self) -> Environment {
        let smtp = self.smtp.url();
        let pairs = [
            ("OUTBOUND__ALLOW", "127.0.0.1"),
            ("MAIL__URL", &smtp),
            ("MAIL__FROM", "Baton <baton@acme.example>"),
            ("ASKING__WAIT_SECONDS", "0"),
            ("BASE_URL", "https://baton.acme.example"),
        ];
        pairs.iter().map(|(name, value)| (format!("BATON_{name}"), (*value).to_owned())).collect()
    }

    /// Sets up the endpoint that is told of everything.
    pub async fn subscribe(&self, folder: &Path, key: &str) {
        let server = Server::start(folder, &self.environment()).expect("it starts");
        let body = json!({"url": self.sink.url("/")});
        let made = server.send(key, ("POST", "/v1/endpoints"), Some(&body), &[]).await.expect("an answer");
        assert_eq!(made.status, 201, "{made:?}");
        assert!(server.end().await.success());
    }

    /// Waits until everything was told and every message has left.
    pub async fn settle(&self, folder: &Path, at_most: Duration) -> Result<(), String> {
        let mut connection = open(folder).await;
        let begun = Instant::now();
        loop {
            let (unpassed, undelivered, unsent, unseen): (i64, i64, i64, i64) = sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL), \
                 (SELECT COUNT(*) FROM deliveries WHERE state <> 'delivered'), \
                 (SELECT COUNT(*) FROM letters WHERE by_mail = 1 AND state IN ('waiting', 'sending')), \
                 (SELECT COUNT(*) FROM watches WHERE due_at <= $1)",
            )
            .bind(jiff::Timestamp::now().as_millisecond())
            .fetch_one(&mut connection)
            .await
            .expect("numbers");
            if unpassed + undelivered + unsent + unseen == 0 {
                return Ok(());
            }
            if begun.elapsed() > at_most {
                return Err(format!(
                    "{unpassed} events not passed on, {undelivered} not delivered, {unsent} messages not sent, {unseen} \
                     handoffs not looked at after {at_most:?}"
                ));
            }
            pass_time(Duration::from_millis(50)).await;
        }
    }

    /// What arrived, against what is written in the folder.
    pub async fn check(&self, folder: &Path, kills: usize) -> (Json, Vec<String>) {
        let (webhooks, mut findings) = self.check_webhooks(folder, kills).await;
        let (mails, found) = self.check_mails(folder, kills).await;
        findings.extend(found);
        (json!({"webhooks": webhooks, "mails": mails}), findings)
    }

    async fn check_webhooks(&self, folder: &Path, kills: usize) -> (Json, Vec<String>) {
        let rows: Vec<(String, String, i64)> = sqlx::query_as("SELECT id, payload, event FROM outbox")
            .fetch_all(&mut open(folder).await)
            .await
            .expect("rows");
        let events: BTreeSet<i64> = rows.iter().map(|(_, _, event)| *event).collect();
        let written: BTreeMap<String, Vec<u8>> =
            rows.iter().map(|(id, payload, _)| (id.clone(), payload.clone().into_bytes())).collect();
        let (mut unknown, mut different, mut repeats) = (0, 0, 0);
        let mut arrived = BTreeSet::new();
        for seen in self.sink.seen() {
            let id = seen.header("webhook-id").to_owned();
            match written.get(&id) {
                None => unknown += 1,
                Some(body) => different += usize::from(*body != seen.body),
            }
            repeats += usize::from(!arrived.insert(id));
        }
        let missing = written.keys().filter(|id| !arrived.contains(*id)).count();
        // An event under two ids would be two rows of one event.
        let under_two_ids = rows.len() - events.len();
        let most_repeats = (kills + 1) * WEBHOOKS_AT_ONCE;
        let mut findings = Vec::new();
        if (missing, unknown, different, under_two_ids) != (0, 0, 0, 0) || repeats > most_repeats {
            findings.push(format!(
                "webhooks: {missing} missing, {unknown} unknown, {different} different, {under_two_ids} under two ids, \
                 {repeats} repeats of {most_repeats} at most"
            ));
        }
        let figures = json!({"written": written.len(), "missing": missing, "unknown": unknown, "different": different,
            "under_two_ids": under_two_ids, "repeats": repeats, "most_repeats": most_repeats});
        (figures, findings)
    }

    async fn check_mails(&self, folder: &Path, kills: usize) -> (Json, Vec<String>) {
        let rows: Vec<Letter> =
            sqlx::query_as("SELECT id, state, subject, receiver, request || purpose FROM letters WHERE by_mail = 1")
                .fetch_all(&mut open(folder).await)
                .await
                .expect("rows");
        let written: BTreeMap<&str, &Letter> = rows.iter().map(|row| (row.0.as_str(), row)).collect();
        let (mut unknown, mut different, mut repeats) = (0, 0, 0);
        let mut arrived: BTreeMap<String, Arrived> = BTreeMap::new();
        for raw in self.smtp.mails() {
            let (id, mail) = read(&raw);
            let is_as_written =
                written.get(id.as_str()).is_some_and(|row| (&row.2, &row.3) == (&mail.subject, &mail.to));
            unknown += usize::from(!written.contains_key(id.as_str()));
            match arrived.get(&id) {
                Some(first) => {
                    repeats += 1;
                    different += usize::from(*first != mail || !is_as_written);
                }
                None => {
                    different += usize::from(!is_as_written);
                    arrived.insert(id, mail);
                }
            }
        }
        let missing = rows.iter().filter(|row| row.1 == "sent" && !arrived.contains_key(&row.0)).count();
        let failed = rows.iter().filter(|row| row.1 == "failed").count();
        let whats: Vec<&str> = arrived.keys().filter_map(|id| Some(written.get(id.as_str())?.4.as_str())).collect();
        let under_two_ids = whats.len() - whats.iter().collect::<BTreeSet<_>>().len();
        let most_repeats = kills * MAILS_AT_ONCE;
        let mut findings = Vec::new();
        if (missing, failed, unknown, different, under_two_ids) != (0, 0, 0, 0, 0) || repeats > most_repeats {
            findings.push(format!(
                "mails: {missing} missing, {failed} failed, {unknown} unknown, {different} different, {under_two_ids} under \
                 two ids, {repeats} repeats of {most_repeats} at most"
            ));
        }
        if arrived.is_empty() {
            findings.push("no mail arrived".to_owned());
        }
        let figures = json!({"written": rows.len(), "arrived": arrived.len(), "missing": missing, "failed": failed,
            "unknown": unknown, "different": different, "under_two_ids": under_two_ids, "repeats": repeats,
            "most_repeats": most_repeats});
        (figures, findings)
    }
}

/// A mail by its message's id.
fn read(raw: &[u8]) -> (String, Arrived) {
    let mail = MessageParser::default().parse(raw).expect("a mail");
    let id = mail.message_id().and_then(|id| id.split('@').next()).unwrap_or_default().to_owned();
    let to = mail.to().and_then(|to| to.first()?.address()).unwrap_or_default().to_owned();
    let text = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap_or_default().into_owned();
    let subject = mail.subject().unwrap_or_default().to_owned();
    (id, Arrived { to, subject, text: text(mail.body_text(0)), html: text(mail.body_html(0)) })
}
