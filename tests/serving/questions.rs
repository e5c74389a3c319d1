//! The questions that people are asked, and what becomes of their answers:
//! nobody is asked for a yes that is refused, and no quote is put under an
//! answer that it does not speak of.

use baton::llm::{Reply, Tokens};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::Service;

fn route(field: &Json) -> Json {
    json!({"id": "small", "version": 1, "title": "Small", "from": {"team": "sales"}, "to": {"team": "onboarding"},
           "fields": [field]})
}

async fn begin(service: &Service, field: &Json, text: &str) -> String {
    service.send("PUT", "/v1/routes/small", Some(&route(field)), &[]).await.expect(201);
    service.hand_over_mail("small", text).await.expect(200).id()
}

#[tokio::test]
async fn a_day_that_is_old_and_over_is_asked_for_anew() {
    let service = Service::start().await;
    let field = json!({"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true,
        "question": "By which day must you be live?", "cues": ["go live"], "stale_after": "20d",
        "rules": [{"assert": "value >= today", "message": "The go-live date is in the past"}]});
    let id = begin(&service, &field, "We go live on 10 April 2026.").await;
    let asked = async || service.transfer(&id).await.expect(409).json()["gaps"][0].clone();

    service.clock.advance(SignedDuration::from_hours(24 * 25));
    let old = asked().await;
    assert_eq!(old["kind"], "stale");
    assert!(old["question"].as_str().is_some_and(|words| words.contains("still “10 April 2026”?")), "{old}");
    let yes = json!({"go_live_date": {"candidate": old["candidates"][0]["id"]}});

    service.clock.advance(SignedDuration::from_hours(24 * 25));
    let over = asked().await;
    assert_eq!((&over["kind"], &over["candidates"]), (&json!("stale"), &json!([])), "{over}");
    let question = over["question"].as_str().expect("a question");
    assert!(!question.contains("still") && question.ends_with("By which day must you be live?"), "{question}");
    service.answer(&id, &yes).await.expect(422);
    service.answer(&id, &json!({"go_live_date": {"value": "2026-06-01"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
}

#[tokio::test]
async fn a_picked_value_has_no_quote_that_does_not_say_it() {
    const WORDS: &str = "We like the colour blue.";
    let service = Service::start_with_model(|_| {
        let record = json!({"key": "plan", "evidence": [{"msg": "m1", "quote": WORDS}], "raw_value": "enterprise",
                            "value": "enterprise", "status": "found", "note": ""});
        let text = json!({"records": [record], "instructions_seen": []}).to_string();
        Ok(Reply { text, tokens: Tokens { input: 100, cached: 0, output: 20 } })
    })
    .await;
    let field = json!({"key": "plan", "label": "Plan", "type": "enum", "required": true,
                       "values": [{"id": "standard"}, {"id": "enterprise"}]});
    let id = begin(&service, &field, WORDS).await;
    let gap = service.get(&format!("/v1/handoffs/{id}")).await.expect(200).json()["gaps"][0].clone();
    let offered = &gap["candidates"][0];
    assert_eq!((&offered["value"], &offered["evidence"][0]["quote"]), (&json!("enterprise"), &json!(WORDS)), "{gap}");
    let answered = service.answer(&id, &json!({"plan": {"candidate": offered["id"]}})).await.expect(200).json();
    assert_eq!(answered["status"], "ready");
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    let plan = &brief["fields"]["plan"];
    assert_eq!(
        (&plan["value"], &plan["origin"], &plan["evidence"]),
        (&json!("enterprise"), &json!("person"), &json!([]))
    );
    assert_eq!(plan["by"], "Marcus Lee <marcus@acme.example>");
}
