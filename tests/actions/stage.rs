//! What these tests have in common: a route with actions, a handoff that is
//! ready to move by it, and waiting until its actions stand as they should.

use baton::config::Settings;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, settings};
use crate::sink::Sink;

/// A service that may write to this machine.
pub async fn start(change: impl FnOnce(&mut Settings)) -> Service {
    let mut settings = settings();
    settings.outbound.allow = vec!["127.0.0.1".to_owned()];
    change(&mut settings);
    Service::start_with(settings, None).await
}

/// The actions of most tests: two webhooks, a mail to the receiver, a line in a channel.
pub fn four(sink: &Sink) -> Json {
    json!([
        {"name": "whole", "webhook": {"url": sink.url("/whole")}},
        {"name": "board", "webhook": {"url": sink.url("/board"), "body": {
            "text": "{{title}} goes live on {{fields.go_live_date}}", "live": "{{fields.go_live_date}}", "note": "{{fields.note}}"}}},
        {"name": "mail", "email": {"to": "receiver", "subject": "Yours: {{title}}", "text": "Hello {{to_owner}},\nlive on {{fields.go_live_date}}."}},
        {"name": "room", "slack": {"channel": "C024BE91L"}},
    ])
}

pub fn route(actions: Json) -> Json {
    json!({
        "id": "acts", "version": 1, "title": "Acts", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "owners": {"next_action": "receiver", "failure": "revops@acme.example"}, "limits": {"accept": "8h"},
        "on_transfer": actions,
        "fields": [
            {"key": "customer_name", "label": "Customer", "type": "text", "required": true},
            {"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true},
            {"key": "note", "label": "Note", "type": "text"},
        ],
    })
}

pub async fn publish(service: &Service, actions: Json) -> Answer {
    service.send("PUT", "/v1/routes/acts", Some(&route(actions)), &[]).await.expect(201)
}

/// A body that is complete by itself, with somebody who takes it.
pub fn matter(title: &str) -> Json {
    json!({
        "route": "acts", "title": title, "external_id": format!("crm:{title}"),
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": null}},
        "to": {"team": "onboarding", "owner": {"name": "Priya Raman", "email": "priya@acme.example", "slack": null}},
        "known": {"customer_name": title, "go_live_date": "2026-07-01"},
    })
}

/// A handoff that may move.
pub async fn ready(service: &Service, body: &Json) -> String {
    let begun = service.post("/v1/handoffs?wait=25", body).await.expect(200);
    assert_eq!(begun.json()["status"], "ready", "{begun:?}");
    begun.id()
}

/// A handoff that has moved.
pub async fn moved(service: &Service, title: &str) -> String {
    let id = ready(service, &matter(title)).await;
    service.transfer(&id).await.expect(200);
    id
}

/// The actions of a handoff as soon as they are as they should be.
pub async fn actions(service: &Service, id: &str, is_so: impl Fn(&[Json]) -> bool) -> Vec<Json> {
    let mut notices = service.app().listen();
    let mut seen = Vec::new();
    for _ in 0..150 {
        let all = service.get(&format!("/v1/handoffs/{id}/actions")).await.expect(200).json();
        seen = all["data"].as_array().expect("actions").clone();
        if is_so(&seen) {
            return seen;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    panic!("it never got there: {seen:#?}");
}

/// Names and states, in order.
pub fn states(actions: &[Json]) -> Vec<(&str, &str)> {
    actions.iter().map(|one| (one["name"].as_str().unwrap_or("?"), one["state"].as_str().unwrap_or("?"))).collect()
}

/// The messages about a handoff, oldest first, as soon as they are as they should be.
pub async fn outbox(service: &Service, id: &str, is_so: impl Fn(&[Json]) -> bool) -> Vec<Json> {
    let mut notices = service.app().listen();
    let mut seen = Vec::new();
    for _ in 0..150 {
        let page = service.get(&format!("/v1/outbox?handoff={id}&limit=100")).await.expect(200).json();
        seen = page["data"].as_array().expect("messages").clone();
        seen.reverse();
        if is_so(&seen) {
            return seen;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    panic!("it never got there: {seen:#?}");
}

/// Kinds of what happened to a handoff, in order.
pub async fn kinds(service: &Service, id: &str) -> Vec<String> {
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.expect(200).json();
    let events = events["data"].as_array().expect("events").clone();
    events.iter().map(|event| event["type"].as_str().unwrap_or("?").to_owned()).collect()
}
