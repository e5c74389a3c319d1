//! A route that keeps addresses from a model: over HTTP, from publishing it to
//! the brief, and after a restart.

use std::sync::{Arc, Mutex};

use baton::llm::{Call, Reply, Tokens};
use serde_json::{Value as Json, json};

use crate::harness::{Service, mail, short_route};

/// Copies the line with the address out of the sources, as it stands there.
fn copying(call: &Call) -> String {
    let line = call
        .user
        .lines()
        .find_map(|line| line.split_once("Write to ").map(|(_, rest)| rest.trim_end_matches(" please.")));
    let records: Vec<Json> = line
        .map(|value| {
            let quote = format!("Write to {value} please.");
            json!({"key": "contact_email", "evidence": [{"msg": "m1", "quote": quote}], "raw_value": value, "value": value,
                   "status": "found", "note": ""})
        })
        .into_iter()
        .collect();
    json!({"records": records, "instructions_seen": []}).to_string()
}

#[tokio::test]
async fn what_a_route_withholds_stands_in_the_brief_and_in_no_call() {
    let calls: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&calls);
    let service = Service::start_with_model(move |call: &Call| {
        heard.lock().expect("the calls").push(format!("{}{}", call.system, call.user));
        Ok(Reply { text: copying(call), tokens: Tokens::default() })
    })
    .await;
    let mut route = short_route(1);
    route["id"] = json!("quiet");
    route["redact"] = json!(["email", "phone"]);
    service.send("PUT", "/v1/routes/quiet", Some(&route), &[]).await.expect(201);
    let shown = service.get("/v1/routes/quiet").await.expect(200).json();
    assert_eq!(shown["redact"], json!(["email", "phone"]), "{shown}");
    route["redact"] = json!(["e-mail"]);
    let refused = service.send("PUT", "/v1/routes/quiet", Some(&route), &[]).await.expect(422);
    assert!(refused.text.contains("redact") && refused.text.contains("email"), "{refused:?}");

    let text = "We go live on 1 July 2026. My number is +49 30 1234567.\r\n\r\nWrite to kim@northwind.example please.";
    let body = json!({"route": "quiet", "sources": [{"type": "email", "content": mail(text)}]});
    let id = service.post("/v1/handoffs", &body).await.expect(202).id();
    service.until(&id, |seen| seen["status"] != "drafting").await;
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    let field = &brief["fields"]["contact_email"];
    assert_eq!((&field["state"], &field["value"]), (&json!("found"), &json!("kim@northwind.example")), "{field}");
    assert!(
        field["evidence"][0]["quote"].as_str().is_some_and(|quote| quote.contains("kim@northwind.example")),
        "{field}"
    );
    assert_eq!(brief["engine"]["kind"], "llm", "{brief}");
    let calls = calls.lock().expect("the calls").clone();
    assert!(!calls.is_empty());
    for call in &calls {
        assert!(
            !call.contains("@northwind.example") && !call.contains("1234567") && call.contains("[EMAIL-"),
            "{call}"
        );
    }
}
