//! Listening to a handoff: streams that tell what happens and go on where they
//! stopped, waits that end when there is news, and whether the service lives.

use std::sync::Mutex;
use std::time::Duration;

use baton::llm::{Reply, Tokens};
use serde_json::json;

use crate::harness::{Service, figure, mail};

const GO_LIVE: &str = "We go live on 1 July 2026.";

/// What a stream tells, event by event: id, name, data.
struct Told {
    response: reqwest::Response,
    text: String,
}

impl Told {
    async fn listen(service: &Service, id: &str, last: Option<&str>) -> Told {
        let mut request = reqwest::Client::new()
            .get(format!("{}/v1/handoffs/{id}/events", service.url))
            .header("authorization", format!("Bearer {}", service.key))
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().expect("a value"))
        );
        Told { response, text: String::new() }
    }

    /// Everything up to the first event of this name.
    async fn until(&mut self, name: &str) -> Vec<(String, String)> {
        let read = async {
            while !self.text.contains(&format!("event: {name}\n")) || !self.text.ends_with("\n\n") {
                let chunk = self.response.chunk().await.expect("a stream").expect("it goes on");
                self.text += std::str::from_utf8(&chunk).expect("text");
            }
        };
        tokio::time::timeout(Duration::from_secs(30), read)
            .await
            .unwrap_or_else(|_| panic!("no {name}: {}", self.text));
        let field = |event: &str, name: &str| {
            event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
        };
        let events = self.text.split("\n\n").filter(|event| event.contains("event:"));
        events.map(|event| (field(event, "id:"), field(event, "event:"))).collect()
    }
}

fn names(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(_, name)| name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_what_happens_and_goes_on_where_it_stopped() {
    // The model answers only after the other end is gone.
    let (held, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let service = Service::start_with_model(move |_| {
        let _ = waits.lock().map(|waits| waits.recv());
        Ok(Reply { text: json!({"records": [], "instructions_seen": []}).to_string(), tokens: Tokens::default() })
    });
    let mut service = service.await;
    service.publish_short(&service.key).await;
    let body = json!({"route": "short", "sources": [{"content": mail(GO_LIVE)}]});
    let id = service.post("/v1/handoffs", &body).await.expect(202).id();
    let path = format!("/v1/handoffs/{id}");
    let waited = service.get(&format!("{path}?wait=1")).await.expect(200).json();
    assert_eq!(waited["status"], "drafting");
    let mut told = Told::listen(&service, &id, None).await;
    assert_eq!(names(&told.until("handoff.received").await), ["handoff.received"]);
    drop(held);
    let waited = service.get(&format!("{path}?wait=20")).await.expect(200).json();
    assert_eq!(waited["status"], "needs_input", "it answers as soon as it was read");
    let all = told.until("handoff.needs_input").await;
    let progress = all.iter().filter(|(id, name)| name == "progress" && id.is_empty()).count();
    let first = all[0].0.clone();
    // Live: what a person answers is told at once.
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let all = told.until("handoff.answered").await;
    // From the first event on, in one go.
    let mut again = Told::listen(&service, &id, Some(&first)).await;
    let mut rest = again.until("handoff.answered").await;
    // Whom somebody asks meanwhile is told too, whenever it comes.
    rest.retain(|(_, name)| name.starts_with("handoff."));
    assert_eq!(names(&rest), ["handoff.needs_input", "handoff.answered"]);
    let stored: Vec<&(String, String)> = all.iter().filter(|(_, name)| name.starts_with("handoff.")).collect();
    assert_eq!(stored[1..], rest.iter().collect::<Vec<_>>());
    let listed = service.get(&format!("{path}/events?after={first}")).await.expect(200).json();
    let listed = listed["data"].as_array().expect("events").iter().filter_map(|event| event["type"].as_str());
    assert_eq!(listed.filter(|kind| kind.starts_with("handoff.")).count(), 2);
    // Streams do not keep a service from ending.
    service.end().await;
    while let Ok(Some(_)) = told.response.chunk().await {}
    figure(
        "streams",
        progress > 0,
        json!({"events": stored.len(), "progress": progress, "after_reconnect": rest.len()}),
    );
}

#[tokio::test]
async fn its_health_is_told_to_anybody() {
    let service = Service::start().await;
    for path in ["/healthz", "/readyz", "/.well-known/jwks.json"] {
        let answer = service.send_raw("GET", path, None, &[]).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(
            answer.header("cache-control").contains("no-store") && answer.header("x-content-type-options") == "nosniff"
        );
    }
    service.send_raw("GET", "/metrics", None, &[]).await.expect(401);
    service.app().stop();
    service.send_raw("GET", "/readyz", None, &[]).await.expect(503);
    let known = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Northwind"}});
    let refused = service.post("/v1/handoffs", &known).await.expect(503);
    assert!(!refused.header("retry-after").is_empty());
    service.send_raw("GET", "/healthz", None, &[]).await.expect(200);
}
