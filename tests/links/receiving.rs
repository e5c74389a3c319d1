//! The receiving team's link: what is handed over, accepted with a read-back
//! or returned with a reason.

use serde_json::json;

use crate::harness::Service;
use crate::person::{Person, link};

const PRIYA: (&str, &str) = ("Priya Raman", "priya@acme.example");

#[tokio::test]
async fn the_receiver_accepts_or_returns() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let (_, path) = link(&service, &id, PRIYA, "receive").await;
    let mut priya = Person::of(&service);
    let early = priya.enter(&path).await;
    assert!(early.text.contains("nothing to accept now") && !early.text.contains("name=\"move\""), "{}", early.text);
    service.transfer(&id).await.expect(200);
    let page = priya.get(&format!("/h/{id}")).await.expect(200);
    assert!(page.text.contains("1 July 2026") && page.text.contains("dana@northwind.example"), "{}", page.text);
    let silent = priya.fill(&id, &page.text, &[("move", "accept"), ("read_back", " ")]).await.expect(422);
    assert!(silent.text.contains("href=\"#read_back\""), "{}", silent.text);
    let read_back = [("move", "accept"), ("read_back", "Live on 1 July, I write to Dana")];
    priya.fill(&id, &page.text, &read_back).await.expect(303);
    assert_eq!(service.get(&format!("/v1/handoffs/{id}")).await.json()["status"], "accepted");
    let page = priya.get(&format!("/h/{id}")).await.expect(200);
    let wrong = priya.fill(&id, &page.text, &[("move", "return"), ("fields", "contact_email")]).await.expect(422);
    assert!(wrong.text.contains("href=\"#kind\"") && wrong.text.contains("href=\"#reason\""), "{}", wrong.text);
    let back = [("move", "return"), ("kind", "wrong"), ("reason", "She left in May"), ("fields", "contact_email")];
    priya.fill(&id, &wrong.text, &back).await.expect(303);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!((&seen["status"], &seen["gaps"][0]["field"]), (&json!("needs_input"), &json!("contact_email")));
    // A link for the receiving team answers nothing.
    let page = priya.get(&format!("/h/{id}")).await.expect(200);
    assert!(!page.text.contains("f-contact_email"), "{}", page.text);
}
