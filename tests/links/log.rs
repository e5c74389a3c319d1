//! What the log holds of links: that one was made, opened and taken back, and
//! nobody's name.

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure};
use crate::person::{Person, link};

#[tokio::test]
async fn links_stand_in_the_log_without_names() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (link_id, path) = link(&service, &id, ("Canary Zephyrine", "zephyrine@acme.example"), "answer").await;
    // The same one again is no new one.
    link(&service, &id, ("Canary Zephyrine", "zephyrine@acme.example"), "answer").await;
    let mut person = Person::of(&service);
    person.get(&path).await.expect(200);
    person.enter(&path).await;
    person.enter(&path).await;
    for _ in 0..2 {
        service.send("DELETE", &format!("/v1/links/{link_id}"), None, &[]).await.expect(204);
    }
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.json();
    let own: Vec<&Json> = events["data"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["detail"]["what"]["link"] == json!(link_id))
        .collect();
    let kinds: Vec<&str> = own.iter().filter_map(|event| event["type"].as_str()).collect();
    let is_plain = own.iter().all(|event| !event.to_string().to_lowercase().contains("zephyrine"));
    let by: Vec<&Json> = own.iter().map(|event| &event["detail"]["actor"]["kind"]).collect();
    let pass = kinds == ["link.made", "link.opened", "link.opened", "link.revoked"]
        && is_plain
        && by == ["key", "baton", "baton", "key"];
    figure("links in the log", pass, json!({"events": kinds, "by": by}));
    let refused = json!({"url": "https://hooks.northwind.example/", "events": ["link.made"]});
    service.post("/v1/endpoints", &refused).await.expect(422);
}
