//! The life of a handoff: refused while something is open, answered, let
//! through with a pass, taken or given back, and judged by its route's version.

use serde_json::json;

use crate::harness::Service;

#[tokio::test]
async fn nothing_incomplete_moves_until_a_person_answers() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let begun = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200);
    let id = begun.id();
    assert_eq!(begun.json()["status"], "needs_input");

    let refused = service.transfer(&id).await.expect(409).json();
    assert_eq!(refused["code"], "incomplete");
    assert_eq!(refused["gaps"][0]["field"], "contact_email");
    let still = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!(still["status"], "needs_input");

    let answered =
        service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    assert_eq!(answered.json()["status"], "ready");

    let moved = service.transfer(&id).await.expect(200).json();
    assert_eq!(moved["status"], "transferred");
    let pass = json!({"pass": moved["pass"]});
    let verified = service.post("/v1/passes/verify", &pass).await.expect(200).json();
    assert_eq!((verified["valid"].as_bool(), verified["handoff"].as_str()), (Some(true), Some(id.as_str())));

    service.clock.advance(jiff::SignedDuration::from_mins(16));
    let expired = service.post("/v1/passes/verify", &pass).await.expect(200).json();
    assert_eq!(expired, json!({"valid": false, "reason": "expired"}));
}

#[tokio::test]
async fn a_return_asks_again_and_ends_the_pass() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let text = "We go live on 1 July 2026. Write to dana@northwind.example.";
    let id = service.hand_over_mail("short", text).await.expect(200).id();
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let pass = service.transfer(&id).await.expect(200).json()["pass"].clone();
    let back = json!({"by": {"name": "Priya Raman"}, "type": "wrong", "reason": "She left in May", "fields": ["contact_email"]});
    let returned = service.post(&format!("/v1/handoffs/{id}/return"), &back).await.expect(200).json();
    assert_eq!(returned["status"], "needs_input");
    assert_eq!(returned["gaps"][0]["field"], "contact_email");
    let verified = service.post("/v1/passes/verify", &json!({"pass": pass})).await.json();
    assert_eq!(verified, json!({"valid": false, "reason": "superseded"}));
    service.transfer(&id).await.expect(409);
    service.answer(&id, &json!({"contact_email": {"value": "kim@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    let taken = json!({"by": {"name": "Priya Raman"}, "read_back": "Live on 1 July, Kim is our contact"});
    let accepted = service.post(&format!("/v1/handoffs/{id}/accept"), &taken).await.expect(200).json();
    assert_eq!(accepted["status"], "accepted");
    let refused =
        service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({"reason": "Too late"})).await.expect(409).json();
    assert_eq!((&refused["status"], &refused["handoff_status"]), (&json!(409), &json!("accepted")), "{refused}");
}

#[tokio::test]
async fn the_same_request_is_one_handoff_and_a_restart_keeps_it() {
    let service = Service::start().await;
    let body = crate::harness::sample("northwind-01");
    let key = [("idempotency-key", "deal-1")];
    let first = service.send("POST", "/v1/handoffs", Some(&body), &key).await.expect(202);
    let again = service.send("POST", "/v1/handoffs", Some(&body), &key).await.expect(202);
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &first.text));
    let other = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Other"}});
    service.send("POST", "/v1/handoffs", Some(&other), &key).await.expect(422);

    let service = service.restart().await;
    let after = service.send("POST", "/v1/handoffs", Some(&body), &key).await.expect(202);
    assert_eq!(after.text, first.text);
    let listed = service.get("/v1/handoffs").await.json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
}
