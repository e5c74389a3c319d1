//! Messages that come back, wait for long, or whose link came out: what leaves
//! asks what is open by then, leads somewhere, and is no reminder of what
//! never arrived; whoever cannot be reached is told of.

use std::sync::{Arc, Mutex};

use baton::config::{MailSettings, Settings};
use baton::postman::{Roads, go_round};
use baton::store::{Attempted, Ways};
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{Service, figure, mail, settings, short_route};
use crate::life::{begin, outbox, requests, texts};

const MARCUS: &str = "marcus@acme.example";

/// What a mail server took, and whom it refuses.
#[derive(Default)]
struct Post {
    mails: Vec<Mail>,
    refused: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Mail {
    to: String,
    subject: String,
    text: String,
}

impl Mail {
    /// The token of the personal link in it.
    fn token(&self) -> String {
        let rest = self.text.split_once("/l/").unwrap_or_else(|| panic!("no link: {self:?}")).1;
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

type Shared = Arc<Mutex<Post>>;

/// The ways to people, by a mail server of the test's own.
async fn roads(post: &Shared) -> Arc<Roads> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let shared = post.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let shared = shared.clone();
            tokio::spawn(async move { drop(speak(stream, &shared).await) });
        }
    });
    let from = "Baton <baton@acme.example>".to_owned();
    let mail = MailSettings { url: Some(url.into()), from, ..MailSettings::default() };
    Arc::new(Roads::open(&Settings { mail, ..settings() }).expect("roads"))
}

async fn speak(stream: TcpStream, post: &Shared) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.acme.example\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let is_refused = |who: &&str| line.starts_with("RCPT") && line.contains(who);
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250-mail.acme.example\r\n250 8BITMIME\r\n",
            "QUIT" => return write.write_all(b"221 Bye\r\n").await,
            "RCPT" if post.lock().expect("mails").refused.as_ref().is_some_and(is_refused) => {
                "550 Nobody of that name\r\n"
            }
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await?;
                let mut whole = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    whole.push_str(line.strip_prefix('.').unwrap_or(&line));
                    whole.push_str("\r\n");
                }
                post.lock().expect("mails").mails.push(read_mail(&whole));
                "250 Taken\r\n"
            }
            _ => "250 Well\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

fn read_mail(whole: &str) -> Mail {
    let mail = MessageParser::default().parse(whole.as_bytes()).expect("a mail");
    let to = mail.to().and_then(|to| to.first()?.address().map(str::to_owned)).unwrap_or_default();
    let text = mail.body_text(0).unwrap_or_default().into_owned();
    Mail { to, subject: mail.subject().unwrap_or_default().to_owned(), text }
}

/// Goes round until nothing is left to do; the mails to somebody so far.
async fn mails_to(service: &Service, roads: &Arc<Roads>, post: &Shared, to: &str) -> Vec<Mail> {
    for _ in 0..20 {
        if go_round(service.app(), roads).await.expect("a round") == 0 {
            break;
        }
    }
    let post = post.lock().expect("mails");
    post.mails.iter().filter(|mail| mail.to == to).cloned().collect()
}

fn to_marcus(all: &[Json]) -> Vec<&Json> {
    all.iter().filter(|one| one["to"] == MARCUS).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_back_asks_what_is_open_by_then() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    let app = service.app();
    let due = app.due_letters(10, Ways { mail: true, slack: false }).await.expect("letters");
    let is_his = |letter: &baton::store::Letter| {
        letter.person.as_ref().is_some_and(|person| person.email.as_deref() == Some(MARCUS))
    };
    let his = due.into_iter().filter(is_his).collect();
    let claimed = app.claim_letters(his).await.expect("a claim").remove(0);
    // While it is on its way, somebody answers one of its two questions.
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    app.look_at_due().await.expect("it looks");
    let again = Attempted::Again {
        at: app.now() + SignedDuration::from_secs(30),
        problem: "451 Later".to_owned(),
        is_unclear: false,
    };
    app.end_attempt(claimed, again).await.expect("it ends");
    let is_one = |one: &Json| one["text"].as_str().is_some_and(|text| text.contains("1 question about"));
    let left = outbox(&service, &id, |all| to_marcus(all).len() == 1 && is_one(to_marcus(all)[0])).await;
    let text = to_marcus(&left)[0]["text"].as_str().expect("text");
    assert!(!text.to_lowercase().contains("e-mail"), "{text}");
    // The other one is answered too: nothing is left to say.
    service.answer(&id, &json!({"go_live_date": {"value": "2026-07-01"}})).await.expect(200);
    outbox(&service, &id, |all| to_marcus(all).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_long_it_waited_its_link_opens() {
    let service = Service::start().await;
    let mut route = short_route(1);
    route["limits"] = json!({"fill_gaps": "2400h"});
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let body = json!({
        "route": "short", "title": "Northwind Logistics",
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": MARCUS, "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning.")}],
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    outbox(&service, &id, |all| all.len() == 1).await;
    service.clock.advance(SignedDuration::from_hours(15 * 24));
    let post = Shared::default();
    let roads = roads(&post).await;
    let mails = mails_to(&service, &roads, &post, MARCUS).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let opened = service.app().open_link(&mails[0].token()).await.expect("it is looked for");
    figure(
        "A-43 late link",
        opened.is_some_and(|link| link.handoff.0 == id),
        json!({"days": 15, "mails": mails.len()}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_reached_is_told_of_and_reminded_of_nothing() {
    let mut settings = settings();
    settings.outbound.notify = vec!["ops@acme.example".to_owned()];
    let service = Service::start_with(settings, None).await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    let post = Shared::default();
    post.lock().expect("mails").refused = Some(MARCUS);
    let roads = roads(&post).await;
    assert!(mails_to(&service, &roads, &post, MARCUS).await.is_empty());
    let all = requests(&service, &id).await;
    assert_eq!(texts(&all, "state"), ["undeliverable", "sent"]);
    assert_eq!(all[0]["sent_at"], Json::Null);
    let told = mails_to(&service, &roads, &post, "revops@acme.example").await;
    assert_eq!(told.len(), 1, "{told:?}");
    let noticed = mails_to(&service, &roads, &post, "ops@acme.example").await;
    assert_eq!(noticed.len(), 1, "{noticed:?}");
    let (subject, text) = (&noticed[0].subject, &noticed[0].text);
    assert_eq!(subject, "1 message to people could not be delivered");
    assert!(!text.contains("Marcus") && !text.contains(MARCUS) && !text.contains("Northwind"), "{text}");
    let shown = service.get("/metrics").await.expect(200).text;
    // The figures are those of the first service in this program.
    if shown.contains("baton_waiting") {
        assert!(shown.contains("baton_messages_undeliverable_total"), "{shown}");
    }

    // His mailbox is there again when the time of reminders comes: for him it is the first message.
    post.lock().expect("mails").refused = None;
    service.clock.advance(SignedDuration::from_mins(4 * 60 + 5));
    let his = mails_to(&service, &roads, &post, MARCUS).await;
    assert_eq!(his.len(), 1, "{his:?}");
    assert!(!his[0].subject.starts_with("Re:") && !his[0].text.contains("reminder"), "{his:?}");
    assert!(his[0].text.contains("2 questions about Northwind Logistics"), "{his:?}");
    let hers = mails_to(&service, &roads, &post, "security@acme.example").await;
    assert!(hers.len() == 2 && hers[1].text.contains("A reminder"), "{hers:?}");
    let all = requests(&service, &id).await;
    assert_eq!(texts(&all, "state"), ["sent", "sent"]);
    figure("asking.undeliverable", true, json!({"refused": 1, "owner_told": told.len(), "notices": noticed.len()}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_came_out_ends_and_its_person_gets_another() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    let post = Shared::default();
    let roads = roads(&post).await;
    let first = mails_to(&service, &roads, &post, MARCUS).await.remove(0).token();
    // Spelled so that it cannot be written over without being unpacked.
    let spelled = first.replacen('l', "&#108;", 1);
    let reply = format!(
        "From: Marcus Lee <marcus@acme.example>\r\nTo: Baton <baton@acme.example>\r\nSubject: Re: Northwind Logistics\r\n\
         Date: Tue, 3 Mar 2026 12:30:00 +0000\r\nContent-Type: text/html\r\n\r\n\
         <p>I will ask.</p><blockquote>https://baton.acme.example/l/{spelled}</blockquote>\r\n"
    );
    let bearer = format!("Bearer {}", service.key);
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    let path = format!("/v1/handoffs/{id}/sources?filename=reply.eml");
    service.send_raw("POST", &path, Some(reply.into_bytes()), &headers).await.expect(202);
    service.until(&id, |shown| shown["status"] == "needs_input").await;
    let app = service.app();
    assert!(
        app.open_link(&first).await.expect("it is looked for").is_none(),
        "whoever reads the reply gets in nowhere"
    );
    let mails = mails_to(&service, &roads, &post, MARCUS).await;
    let second = mails.last().expect("a mail").token();
    let opened = app.open_link(&second).await.expect("it is looked for");
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.text;
    assert!(events.contains("seen_in_source"), "{events}");
    figure("A-44 link in a source", mails.len() == 2 && opened.is_some(), json!({"ended": 1, "mails": mails.len()}));
}
