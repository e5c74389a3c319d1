//! What a model may cost, seen by callers: a price makes a limit in money, a
//! new day has new money, and the figures tell what was not asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use baton::config::{ModelSettings, Price, Settings};
use baton::llm::{Call, Failure, Model, Reader, Reply, Tokens};
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Service, figure, mail, settings};

/// A model that says nothing and is paid for it; how often it was asked.
async fn serve(model: ModelSettings) -> (Service, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let answer = move |_: &Call| -> Result<Reply, Failure> {
        counted.fetch_add(1, Ordering::SeqCst);
        let tokens = Tokens { input: 400_000, cached: 0, output: 100_000 };
        Ok(Reply { text: json!({"records": [], "instructions_seen": []}).to_string(), tokens })
    };
    let model = ModelSettings { name: Some("fake".to_owned()), ..model };
    let reader = Reader::new(Model::Generated(Arc::new(answer)), &model).expect("the shipped prompts");
    let service = Service::start_with(Settings { model, ..settings() }, Some(reader)).await;
    service.publish_short(&service.key).await;
    (service, asked)
}

fn body(number: usize) -> serde_json::Value {
    let text = format!("We go live on 1 July 2026. This is matter {}.", "x".repeat(number + 1));
    json!({"route": "short", "sources": [{"type": "email", "content": mail(&text)}]})
}

/// Two euros for a million tokens: half a million costs one.
#[tokio::test]
async fn money_lasts_for_a_day() {
    let price = Some(Price { input: 2.0, cached: None, output: 2.0 });
    let (service, asked) = serve(ModelSettings { price, cost_per_day: Some(1.5), ..ModelSettings::default() }).await;
    let mut reasons = Vec::new();
    for number in 0..4 {
        let begun = service.post("/v1/handoffs?wait=20", &body(number)).await.expect(200).json();
        reasons.push(begun["reason"].as_str().unwrap_or_default().to_owned());
    }
    let (first_day, last) = (asked.load(Ordering::SeqCst), reasons[3].clone());
    let checked = service.post("/v1/checks", &body(9)).await.expect(200).json();
    assert_eq!((&checked["gate"], &checked["brief"]["engine"]["degraded"]), (&json!("blocked"), &json!(true)));
    let unread = checked["brief"]["warnings"].to_string();
    assert!(unread.contains("model.cost_per_day"), "it says what is used up: {unread}");
    let after_check = asked.load(Ordering::SeqCst);
    let shown = service.get("/metrics").await.expect(200).text;
    // The next day asks again, and what was not read is read when somebody wants it.
    service.clock.advance(SignedDuration::from_hours(13));
    let late = service.post("/v1/handoffs?wait=20", &body(4)).await.expect(200);
    let second_day = asked.load(Ordering::SeqCst) - after_check;
    let reason = late.json()["reason"].clone();
    let pass = (1..=2).contains(&first_day) && first_day == after_check && last == "over_budget" && second_day > 0;
    let figures = json!({"calls_on_the_first_day": first_day, "reasons": reasons, "calls_on_the_second": second_day,
        "its_reason": reason});
    if shown.contains("baton_waiting") {
        // One service of a program has the figures; the others' are counted with it.
        assert!(shown.contains("baton_model_calls_over_budget_total{cap=\"cost\"}"), "{shown}");
    }
    figure("R-53 money", pass, figures);
}

#[tokio::test]
async fn without_a_limit_nothing_is_counted() {
    let (service, asked) = serve(ModelSettings::default()).await;
    for number in 0..3 {
        service.post("/v1/handoffs?wait=20", &body(number)).await.expect(200);
    }
    assert!(asked.load(Ordering::SeqCst) >= 3);
    assert_eq!(service.app().spending().tokens, 0);
}
