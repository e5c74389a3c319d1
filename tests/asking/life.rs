//! The life of a request as its callers see it: one message a person, one at a
//! time, withdrawn when nobody needs it, escalated when nobody answers.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail, short_route};

/// A route on which two fields are asked of the sender, and one of somebody else.
fn route() -> Json {
    let mut route = short_route(1);
    route["id"] = json!("asked");
    route["owners"] = json!({"next_action": "receiver", "failure": "revops@acme.example"});
    route["limits"] = json!({"fill_gaps": "8h", "accept": "4h"});
    let fields = route["fields"].as_array_mut().expect("fields");
    fields.push(json!({"key": "region", "label": "Data region", "type": "text", "required": true, "ask": "security@acme.example",
                       "question": "Where must the data be stored?"}));
    route
}

/// A handoff of Marcus Lee's with two gaps for him and one for security.
pub async fn begin(service: &Service, title: &str) -> String {
    service.send("PUT", "/v1/routes/asked", Some(&route()), &[]).await;
    let body = json!({
        "route": "asked", "title": title,
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning, we are glad to begin with you.")}],
    });
    let begun = service.post("/v1/handoffs?wait=25", &body).await.expect(200);
    assert_eq!(begun.json()["status"], "needs_input", "{begun:?}");
    begun.id()
}

/// The messages about a handoff, oldest first, as soon as they are as they should be.
pub async fn outbox(service: &Service, id: &str, is_so: impl Fn(&[Json]) -> bool) -> Vec<Json> {
    let mut notices = service.app().listen();
    let mut seen = Vec::new();
    for _ in 0..100 {
        let page = service.get(&format!("/v1/outbox?handoff={id}&limit=100")).await.expect(200).json();
        seen = page["data"].as_array().expect("messages").clone();
        seen.reverse();
        if is_so(&seen) {
            return seen;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), notices.recv()).await;
    }
    panic!("it never got there: {seen:#?}");
}

pub async fn requests(service: &Service, id: &str) -> Vec<Json> {
    let all = service.get(&format!("/v1/handoffs/{id}/requests")).await.expect(200).json();
    all["data"].as_array().expect("requests").clone()
}

pub fn texts<'a>(messages: &'a [Json], key: &str) -> Vec<&'a str> {
    messages.iter().map(|message| message[key].as_str().unwrap_or("null")).collect()
}

#[tokio::test]
async fn every_person_gets_one_message_with_all_their_questions() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    let messages = outbox(&service, &id, |all| all.len() >= 2).await;
    assert_eq!(texts(&messages, "to"), ["marcus@acme.example", "security@acme.example"]);
    let first = messages[0]["text"].as_str().expect("text");
    assert!(first.contains("2 questions about Northwind Logistics"), "{first}");
    assert!(first.contains("1. ") && first.contains("2. ") && !first.contains("3. "), "{first}");
    assert!(!first.contains("{{link}}") && first.contains("/l/lnk_"), "{first}");
    assert_eq!(messages[0]["sent_at"], Json::Null);
    let all = requests(&service, &id).await;
    assert_eq!(texts(&all, "state"), ["waiting", "waiting"]);

    let shown = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!(shown["next_action"]["owner"]["email"], "marcus@acme.example", "{shown}");
    assert_eq!(shown["next_action"]["by"], "2026-03-03T20:00:00Z");
    assert_eq!(shown["failure_owner"]["email"], "revops@acme.example");
    let events = service.get(&format!("/v1/handoffs/{id}/events")).await.json();
    let asked = events["data"].as_array().expect("events").iter().find(|event| event["type"] == "handoff.needs_input");
    assert_eq!(asked.expect("it was read")["detail"]["next_action"], shown["next_action"]);
    figure("asking.one_message", true, json!({"people": 2, "questions": 3, "messages": messages.len()}));
}

#[tokio::test]
async fn a_gap_is_asked_reminded_answered_and_then_it_is_quiet() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    // Half of eight hours, after the minute that the first message waits; it replaces what has not left.
    service.clock.advance(SignedDuration::from_mins(4 * 60 + 2));
    let reminded = outbox(&service, &id, |all| all.iter().filter(|one| one["purpose"] == "remind").count() == 2).await;
    assert_eq!(texts(&reminded, "purpose"), ["remind", "remind"]);
    assert!(reminded[0]["subject"].as_str().expect("a subject").starts_with("Re: Northwind Logistics"));

    let answers = json!({"go_live_date": {"value": "2026-07-01"}, "contact_email": {"value": "dana@northwind.example"},
                         "region": {"value": "Frankfurt"}});
    service.answer(&id, &answers).await.expect(200);
    let left = outbox(&service, &id, <[Json]>::is_empty).await;
    let all = requests(&service, &id).await;
    // Marcus answered his own; what security was asked he answered too.
    assert_eq!(texts(&all, "state"), ["answered", "withdrawn"]);
    for _ in 0..10 {
        service.clock.advance(SignedDuration::from_hours(24));
        service.app().look_at_due().await.expect("it looks");
        assert_eq!(outbox(&service, &id, |_| true).await.len(), 0);
    }
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.json();
    let kinds: Vec<&str> = texts(events["data"].as_array().expect("events"), "type");
    for kind in ["request.made", "request.reminded", "request.answered", "request.withdrawn"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    figure("asking.quiet_when_done", left.is_empty(), json!({"messages_after": left.len(), "days": 10}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_look_at_once_everybody_is_asked_once() {
    let service = Service::start().await;
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(begin(&service, &format!("Customer {number}")).await);
        let looks = (0..8).map(|_| service.app().look_at_due());
        for looked in futures_util::future::join_all(looks).await {
            looked.expect("it looks");
        }
    }
    let (mut asked, mut messages) = (0, 0);
    for id in &ids {
        asked += requests(&service, id).await.len();
        messages += outbox(&service, id, |_| true).await.len();
    }
    figure(
        "asking.once",
        (asked, messages) == (40, 40),
        json!({"handoffs": 20, "requests": asked, "messages": messages}),
    );
}
