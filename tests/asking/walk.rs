//! One handoff on its whole way, with everything around it real but the clock:
//! gap, mail, link, answer, the reminder that is not needed any more, transfer,
//! webhook, acceptance. Every step asserts what a person or a program sees.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use baton::config::{MailSettings, Settings};
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail, settings, short_route};
use crate::life::{outbox, requests, texts};
use crate::pass_time;
use crate::person::{Person, hidden};
use crate::sink::{Seen, Sink};
use crate::smtp::Smtp;

const MARCUS: &str = "marcus@acme.example";
const PRIYA: &str = "priya@acme.example";
const KIM: &str = "kim@acme.example";
const READ_BACK: &str = "Live on 1 July, and I write to Dana";

/// A service between a mail server and a receiver of webhooks, and a handoff on its way.
struct Walk {
    service: Service,
    smtp: Smtp,
    sink: Sink,
    /// The endpoint, and the secret its receiver knows.
    endpoint: (String, String),
    id: String,
    /// The handoff that nobody answers.
    other: String,
}

/// A mail as its reader has it.
struct Letter {
    to: String,
    subject: String,
    text: String,
}

impl Letter {
    fn read(raw: &[u8]) -> Letter {
        let mail = MessageParser::default().parse(raw).expect("a mail");
        let to = mail.to().and_then(|to| to.first()?.address()).unwrap_or_default().to_owned();
        let subject = mail.subject().unwrap_or_default().to_owned();
        Letter { to, subject, text: mail.body_text(0).unwrap_or_default().into_owned() }
    }

    /// Where its one link leads.
    fn link(&self) -> String {
        assert_eq!(self.text.matches("/l/lnk_").count(), 1, "{}", self.text);
        let link = self.text.split_whitespace().find(|word| word.contains("/l/lnk_")).expect("a link");
        link[link.find("/l/").expect("its path")..].to_owned()
    }
}

fn route() -> Json {
    let mut route = short_route(1);
    route["owners"] = json!({"next_action": "receiver", "failure": "revops@acme.example"});
    route["limits"] = json!({"fill_gaps": "8h", "accept": "4h"});
    route
}

fn body(title: &str, (name, email): (&str, &str)) -> Json {
    json!({
        "route": "short", "title": title, "external_id": title,
        "from": {"team": "sales", "owner": {"name": name, "email": email, "slack": null}},
        "to": {"team": "onboarding", "owner": {"name": "Priya Raman", "email": PRIYA, "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail(&format!("We are glad to begin, {title}."))}],
    })
}

impl Walk {
    async fn begin() -> Walk {
        let mut smtp = Smtp::prepare("walk");
        smtp.start().await;
        let mail = MailSettings {
            url: Some(smtp.url().into()),
            from: "Baton <baton@acme.example>".to_owned(),
            ..MailSettings::default()
        };
        let mut settings = Settings { mail, ..settings() };
        settings.outbound.allow = vec!["127.0.0.1".to_owned()];
        let service = Service::start_with(settings, None).await;
        service.send("PUT", "/v1/routes/short", Some(&route()), &[]).await.expect(201);
        let sink = Sink::good().await;
        let made = service.post("/v1/endpoints", &json!({"url": sink.url("/")})).await.expect(201).json();
        let text = |key: &str| made[key].as_str().expect(key).to_owned();
        Walk { endpoint: (text("id"), text("secret")), service, smtp, sink, id: String::new(), other: String::new() }
    }

    /// The letters to somebody.
    fn letters(&self, to: &str) -> Vec<Letter> {
        self.smtp.mails().iter().map(|raw| Letter::read(raw)).filter(|letter| letter.to == to).collect()
    }

    /// The time goes on; whatever is due by then is looked at.
    async fn pass(&self, minutes: i64) {
        self.service.clock.advance(SignedDuration::from_mins(minutes));
        self.service.app().look_at_due().await.expect("it looks");
        self.service.app().look_for_post();
    }

    /// The one webhook of this kind about the handoff, as soon as it is there: signed, fresh, and about this version.
    async fn told(&self, kind: &str, status: &str) -> Seen {
        let of_kind = |seen: &Seen| seen.json()["type"] == kind && seen.json()["data"]["id"] == json!(self.id);
        for _ in 0..600 {
            let found: Vec<Seen> = self.sink.seen().into_iter().filter(of_kind).collect();
            if let [seen] = &found[..] {
                assert_eq!(seen.signatures_by(&self.endpoint.1), 1, "{seen:?}");
                let at: i64 = seen.header("webhook-timestamp").parse().expect("seconds");
                assert!((self.service.clock.now().as_second() - at).abs() <= 300, "{seen:?}");
                assert_eq!(seen.json()["data"]["status"], status, "{}", seen.json());
                return seen.clone();
            }
            assert!(found.is_empty(), "{kind} came {} times", found.len());
            pass_time(Duration::from_millis(50)).await;
        }
        panic!("nobody was told of {kind}");
    }

    async fn shown(&self) -> Json {
        self.service.get(&format!("/v1/handoffs/{}", self.id)).await.expect(200).json()
    }

    /// Until the last request of the handoff stands so.
    async fn until_request(&self, state: &str) {
        self.until_request_of(&self.id, state).await;
    }

    async fn until_request_of(&self, id: &str, state: &str) {
        for _ in 0..600 {
            let all = requests(&self.service, id).await;
            if texts(&all, "state").last() == Some(&state) {
                return;
            }
            pass_time(Duration::from_millis(50)).await;
        }
        panic!("{:#?}", requests(&self.service, id).await);
    }

    /// Context comes in, twice: the second handoff is one that nobody answers.
    async fn hand_over(&mut self) {
        let begun = self.service.post("/v1/handoffs", &body("Northwind Logistics", ("Marcus Lee", MARCUS))).await;
        let begun = begun.expect(202);
        assert_eq!(begun.json()["status"], "drafting", "{begun:?}");
        self.id = begun.id();
        let seen = self.service.until(&self.id, |seen| seen["status"] == "needs_input").await;
        assert_eq!(texts(seen["gaps"].as_array().expect("gaps"), "field"), ["go_live_date", "contact_email"]);
        assert_eq!(seen["next_action"]["owner"]["email"], MARCUS, "{seen}");
        self.told("handoff.received", "drafting").await;
        self.told("handoff.needs_input", "needs_input").await;
        self.service.transfer(&self.id).await.expect(409);
        let other = self.service.post("/v1/handoffs?wait=25", &body("Southwind", ("Kim Park", KIM))).await;
        self.other = other.expect(200).id();
        for id in [&self.id, &self.other] {
            outbox(&self.service, id, |all| all.len() == 1).await;
        }
        assert_eq!(self.smtp.mails().len(), 0, "a message waits a minute for more");
    }

    /// The gap is asked, and the link out of that mail leads to a form; opening it does nothing.
    async fn ask(&self) -> (Person, String) {
        self.pass(1).await;
        self.service.clock.advance(SignedDuration::from_secs(1));
        self.smtp.until(2, || ()).await;
        let letter = self.letters(MARCUS).pop().expect("a mail");
        assert_eq!(letter.subject, "Northwind Logistics: questions before the handoff to onboarding");
        assert!(letter.text.contains("2 questions about Northwind Logistics"), "{}", letter.text);
        self.until_request("sent").await;
        // A message whose attempt is still under way when the time goes on would be sent again.
        self.until_request_of(&self.other, "sent").await;
        let (link, before) = (letter.link(), self.shown().await);
        let mut marcus = Person::of(&self.service);
        for method in ["GET", "HEAD", "GET"] {
            let opened = marcus.send(method, &link, None, &[]).await.expect(200);
            assert!(
                method == "HEAD" || opened.text.contains("<button type=\"submit\">Continue</button>"),
                "{opened:?}"
            );
        }
        assert!(marcus.cookies.is_empty() && self.shown().await == before, "opening a link does nothing");
        let entered = marcus.post(&link, &[]).await.expect(303);
        assert_eq!((entered.header("location"), marcus.cookies.len()), (&*format!("/h/{}", self.id), 1));
        let page = marcus.get(&format!("/h/{}", self.id)).await.expect(200).text;
        assert!(page.contains("2 questions for you"), "{page}");
        (marcus, page)
    }

    /// The form is answered, first with a forged token, then with its own.
    async fn answer(&self, (marcus, page): (&mut Person, &str)) {
        let answers = [
            ("f-go_live_date-day", "1"),
            ("f-go_live_date-month", "7"),
            ("f-go_live_date-year", "2026"),
            ("f-contact_email-how", "value"),
            ("f-contact_email-value", "dana@northwind.example"),
        ];
        let token = hidden(page, "token");
        let forged = page.replace(&token, &token.chars().rev().collect::<String>());
        marcus.fill(&self.id, &forged, &answers).await.expect(403);
        let sent = marcus.fill(&self.id, page, &answers).await.expect(303);
        let thanks = marcus.get(sent.header("location")).await.expect(200);
        assert!(thanks.text.contains("can move to Onboarding now"), "{}", thanks.text);
        assert_eq!((&self.shown().await["status"], &self.shown().await["gaps"]), (&json!("ready"), &json!([])));
        let brief = self.service.get(&format!("/v1/handoffs/{}/brief", self.id)).await.expect(200).json();
        assert_eq!(brief["fields"]["go_live_date"]["by"], format!("Marcus Lee <{MARCUS}>"));
        self.told("handoff.answered", "ready").await;
        self.until_request("answered").await;
    }

    /// The time of reminders comes: who has not answered gets one, who has gets none.
    async fn outlast_the_reminder(&self) {
        self.pass(242).await;
        self.smtp.until(3, || ()).await;
        outbox(&self.service, &self.other, |all| texts(all, "state") == ["sent", "sent"]).await;
        let kim = self.letters(KIM);
        assert!(kim.len() == 2 && kim[1].subject.starts_with("Re: Southwind"), "{:?}", kim[1].subject);
        assert_eq!(self.letters(MARCUS).len(), 1, "the reminder was cancelled");
        assert_eq!(outbox(&self.service, &self.id, |_| true).await.len(), 1, "nothing waits for him either");
    }

    /// It moves: the pass is good, the receiver's link leads to the brief, and they say what they take over.
    async fn move_and_accept(&self) {
        let moved = self.service.transfer(&self.id).await.expect(200).json();
        let pass = json!({"pass": moved["pass"]});
        assert_eq!(self.service.post("/v1/passes/verify", &pass).await.expect(200).json()["valid"], true);
        self.told("handoff.transferred", "transferred").await;
        outbox(&self.service, &self.id, |all| texts(all, "to").contains(&PRIYA)).await;
        self.pass(2).await;
        self.smtp.until(4, || ()).await;
        let letter = self.letters(PRIYA).pop().expect("a mail");
        assert_eq!(letter.subject, "Northwind Logistics: handed over to onboarding");
        assert!(
            letter.text.contains("1 July 2026") && letter.text.contains("dana@northwind.example"),
            "{}",
            letter.text
        );
        self.until_request("sent").await;
        let mut priya = Person::of(&self.service);
        let page = priya.enter(&letter.link()).await;
        assert!(page.text.contains("1 July 2026") && page.text.contains("Accept it"), "{}", page.text);
        let accept = [("move", "accept"), ("read_back", READ_BACK)];
        priya.fill(&self.id, &page.text, &accept).await.expect(303);
        assert_eq!(self.shown().await["status"], "accepted");
        self.told("handoff.accepted", "accepted").await;
        self.until_request("answered").await;
        // Neither is anybody reminded of what is done.
        self.pass(3 * 24 * 60).await;
        assert_eq!((self.letters(PRIYA).len(), self.letters(MARCUS).len()), (1, 1));
    }

    /// What happened, in its order, all of it told and none of it altered.
    async fn look_back(mut self) -> Json {
        let page = self.service.get(&format!("/v1/handoffs/{}/events?limit=100", self.id)).await.expect(200).json();
        let events = page["data"].as_array().expect("events").clone();
        let expected = [
            "handoff.received",
            "handoff.needs_input",
            "link.made",
            "request.made",
            "message.sent",
            "link.opened",
            "handoff.answered",
            "handoff.ready",
            "request.answered",
            "handoff.transferred",
            "link.made",
            "request.made",
            "message.sent",
            "link.opened",
            "handoff.accepted",
            "request.answered",
        ];
        assert_eq!(texts(&events, "type"), expected);
        let times: Vec<Timestamp> = texts(&events, "at").iter().map(|at| at.parse().expect("a time")).collect();
        assert!(times.is_sorted(), "{times:?}");
        let accepted = events.iter().find(|one| one["type"] == "handoff.accepted").expect("an entry");
        assert_eq!(accepted["detail"]["what"]["read_back"], READ_BACK, "{accepted}");
        let told: BTreeSet<&str> = expected.into_iter().filter(|kind| kind.starts_with("handoff.")).collect();
        let seen: Vec<Json> =
            self.sink.seen().iter().map(Seen::json).filter(|one| one["data"]["id"] == json!(self.id)).collect();
        assert_eq!((seen.len(), texts(&seen, "type").into_iter().collect::<BTreeSet<_>>()), (told.len(), told));
        let deliveries = format!("/v1/endpoints/{}/deliveries?limit=100", self.endpoint.0);
        let deliveries = self.service.get(&deliveries).await.expect(200).json();
        let deliveries = deliveries["data"].as_array().expect("deliveries").clone();
        assert!(deliveries.iter().all(|one| one["state"] == "delivered"), "{deliveries:?}");
        let mails = self.letters(MARCUS).len() + self.letters(PRIYA).len();
        self.service.end().await;
        let verified = Command::new(env!("CARGO_BIN_EXE_baton"))
            .args(["audit", "verify", "--data-dir"])
            .arg(&self.service.settings.data_dir)
            .output()
            .expect("the program");
        assert!(verified.status.success(), "{verified:?}");
        json!({"events": events.len(), "webhooks": seen.len(), "mails": mails, "reminders_cancelled": 1,
               "log": String::from_utf8_lossy(&verified.stdout).trim()})
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_is_asked_answered_and_the_work_moves_and_is_taken() {
    let mut walk = Walk::begin().await;
    walk.hand_over().await;
    let (mut marcus, page) = walk.ask().await;
    walk.answer((&mut marcus, &page)).await;
    walk.outlast_the_reminder().await;
    walk.move_and_accept().await;
    let counts = walk.look_back().await;
    figure("walk", true, counts);
}
