//! The other side takes a message and cuts the line before it says so, a
//! hundred times on each road: nothing comes twice where it can be looked for,
//! elsewhere once more at most, and the log says that it may.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use baton::config::{MailSettings, Settings, SlackSettings};
use baton::postman::{Roads, go_round};
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{Service, figure, mail, settings, short_route};
use crate::sink::{Seen, Sink, Step, reply};

const CUTS: usize = 100;

/// What the other side took, and by what it knows whether it has cut the line for it.
#[derive(Default)]
struct Taken {
    messages: Vec<Json>,
    known: HashSet<String>,
    /// It never cuts the line.
    is_steady: bool,
}

impl Taken {
    /// Takes a message; whether the line is cut.
    fn take(&mut self, name: String, message: Json) -> bool {
        self.messages.push(message);
        self.known.insert(name) && !self.is_steady
    }
}

type Shared = Arc<Mutex<Taken>>;

/// Slack, as a bot and as an incoming webhook see it.
fn slack(taken: &Shared, seen: &Seen) -> Vec<Step> {
    let (asked, mut taken) = (seen.json(), taken.lock().expect("messages"));
    let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
    let answer = match seen.path.as_str() {
        "/api/conversations.open" => json!({"ok": true, "channel": {"id": format!("D{}", text("users"))}}),
        "/api/conversations.history" => {
            let is_here = |one: &&Json| format!("D{}", one["channel"].as_str().unwrap_or_default()) == text("channel");
            json!({"ok": true, "messages": taken.messages.iter().filter(is_here).collect::<Vec<_>>()})
        }
        _ if taken.take(text("text"), asked.clone()) => return Vec::new(),
        _ => json!({"ok": true, "ts": "1.2"}),
    };
    reply(200, &[("content-type", "application/json")], &answer.to_string())
}

/// A mail server.
async fn start_smtp(listener: TcpListener, taken: Shared) -> String {
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let taken = taken.clone();
            // Whoever goes away in between has nothing more to say.
            tokio::spawn(async move { drop(speak(stream, &taken).await) });
        }
    });
    url
}

/// One talk by SMTP, until a mail is taken for the first time.
async fn speak(stream: TcpStream, taken: &Shared) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.acme.example\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.acme.example\r\n250 8BITMIME\r\n",
            "QUIT" => return write.write_all(b"221 Bye\r\n").await,
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await?;
                let mut whole = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    whole.push_str(&line);
                    whole.push_str("\r\n");
                }
                let mail = MessageParser::default().parse(whole.as_bytes());
                let id = mail.as_ref().and_then(|mail| mail.message_id()).unwrap_or_default().to_owned();
                if taken.lock().expect("mails").take(id.clone(), json!(id)) {
                    return Ok(());
                }
                "250 Taken\r\n"
            }
            _ => "250 Well\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// A hundred handoffs, each with somebody to be asked.
async fn begin(service: &Service) -> Vec<String> {
    let mut route = short_route(1);
    route["limits"] = json!({"fill_gaps": "2400h"});
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let mut ids = Vec::new();
    for part in 0..CUTS / 20 {
        let all = (0..20).map(|number| {
            let number = part * 20 + number;
            let owner = json!({"name": "Marcus Lee", "email": format!("marcus{number}@acme.example"), "slack": format!("U{number:03}")});
            let body = json!({
                "route": "short", "title": format!("Customer {number}"), "external_id": format!("deal:{number}"),
                "from": {"team": "sales", "owner": owner},
                "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning.")}],
            });
            async move { service.post("/v1/handoffs?wait=25", &body).await.expect(200).id() }
        });
        ids.extend(futures_util::future::join_all(all).await);
    }
    ids
}

/// Sends until every message has left.
async fn send_all(service: &Service, roads: Settings) {
    let roads = Arc::new(Roads::open(&roads).expect("roads"));
    let mut sent = 0;
    for round in 0..5_000 {
        go_round(service.app(), &roads).await.expect("a round");
        service.clock.advance(SignedDuration::from_millis(1_200));
        if round % 20 == 19 {
            let page = service.get("/v1/outbox?limit=100").await.expect(200).json();
            sent = page["data"].as_array().expect("messages").iter().filter(|one| one["state"] == "sent").count();
            if sent == CUTS {
                return;
            }
        }
    }
    panic!("{sent} of {CUTS} messages left");
}

/// In how many of the handoffs' logs the end of the message has such a note.
async fn count_notes(service: &Service, ids: &[String], note: &str) -> usize {
    let mut count = 0;
    for id in ids {
        let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.expect(200).json();
        let sent =
            events["data"].as_array().and_then(|all| all.iter().find(|one| one["type"] == "message.sent")).cloned();
        let sent = sent.unwrap_or_default();
        count += usize::from(sent["detail"]["what"]["problem"].as_str().is_some_and(|problem| problem.contains(note)));
    }
    count
}

/// Has a hundred messages cut off on a road; how often messages came in all, how many they are, and how many are noted.
async fn play(roads: Settings, taken: &Shared, note: &str) -> (usize, usize, usize) {
    let service = Service::start().await;
    let ids = begin(&service).await;
    send_all(&service, roads).await;
    let noted = count_notes(&service, &ids, note).await;
    let taken = taken.lock().expect("messages");
    (taken.messages.len(), taken.known.len(), noted)
}

async fn start_slack(taken: &Shared) -> Sink {
    let shared = taken.clone();
    Sink::start(move |seen| slack(&shared, seen)).await
}

fn counts((came, distinct, noted): (usize, usize, usize)) -> Json {
    json!({"cuts": CUTS, "came": came, "messages": distinct, "doubles": came - distinct, "noted": noted})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_looked_for_never_comes_twice() {
    let taken = Shared::default();
    let sink = start_slack(&taken).await;
    let slack = SlackSettings { token: Some("xoxb-test".into()), base_url: sink.url(""), ..SlackSettings::default() };
    let ended = play(Settings { slack, ..settings() }, &taken, "an earlier attempt had arrived").await;
    figure("R-36 Slack, looked for", ended == (CUTS, CUTS, CUTS), counts(ended));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_looked_for_may_come_once_more_and_says_so() {
    let taken = Shared::default();
    let sink = start_slack(&taken).await;
    let slack = SlackSettings { webhook: Some(sink.url("/hook").into()), ..SlackSettings::default() };
    let ended = play(Settings { slack, ..settings() }, &taken, "may be there twice").await;
    figure(
        "R-36 Slack webhook",
        (CUTS..=2 * CUTS).contains(&ended.0) && (ended.1, ended.2) == (CUTS, CUTS),
        counts(ended),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_may_have_come_has_the_same_id_and_says_so() {
    let taken = Shared::default();
    let url = start_smtp(TcpListener::bind("127.0.0.1:0").await.expect("a port"), taken.clone()).await;
    let mail = MailSettings {
        url: Some(url.into()),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    };
    let ended = play(Settings { mail, ..settings() }, &taken, "may be there twice").await;
    figure("R-36 mail", (CUTS..=2 * CUTS).contains(&ended.0) && (ended.1, ended.2) == (CUTS, CUTS), counts(ended));
}

/// A server that is not there took nothing: what leaves when it is back is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_connection_is_no_reason_to_speak_of_two() {
    let service = Service::start().await;
    let body = json!({"route": "short", "title": "Northwind",
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning.")}]});
    service.send("PUT", "/v1/routes/short", Some(&short_route(1)), &[]).await.expect(201);
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let mail = MailSettings {
        url: Some(format!("smtp://{port}").into()),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    };
    let roads = Arc::new(Roads::open(&Settings { mail, ..settings() }).expect("roads"));
    let outbox = async || service.get(&format!("/v1/outbox?handoff={id}")).await.expect(200).json()["data"][0].clone();
    for _ in 0..200 {
        go_round(service.app(), &roads).await.expect("a round");
        service.clock.advance(SignedDuration::from_secs(2));
        if outbox().await["attempts"].as_u64() >= Some(1) {
            break;
        }
    }
    let waiting = outbox().await;
    assert_eq!(
        (&waiting["state"], &waiting["problem"]),
        (&json!("waiting"), &json!("the mail server could not be reached"))
    );
    let taken = Arc::new(Mutex::new(Taken { is_steady: true, ..Taken::default() }));
    start_smtp(TcpListener::bind(port).await.expect("the same port"), taken.clone()).await;
    service.clock.advance(SignedDuration::from_mins(10));
    go_round(service.app(), &roads).await.expect("a round");
    assert_eq!(outbox().await["state"], "sent");
    let noted = count_notes(&service, std::slice::from_ref(&id), "twice").await;
    let came = taken.lock().expect("mails").messages.len();
    figure("R-36 mail, refused first", (came, noted) == (1, 0), json!({"came": came, "noted": noted}));
}
