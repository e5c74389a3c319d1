//! An erasure takes along what a transfer set off: nothing waits to be sent
//! any more, no word of it is left, and those who got something are told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;

use crate::harness::figure;
use crate::sink::{Sink, reply};
use crate::stage::{actions, moved, publish, start};
use crate::steps::{database, quiet};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_takes_actions_along_and_tells_their_receivers() {
    let service = start(|_| ()).await;
    let status = Arc::new(AtomicU16::new(500));
    let (good, bad) = (Sink::good().await, {
        let status = status.clone();
        Sink::start(move |_| reply(status.load(Ordering::SeqCst), &[], "")).await
    });
    let list = json!([
        {"name": "good", "webhook": {"url": good.url("/"), "body": {"text": "{{title}}"}}},
        {"name": "bad", "webhook": {"url": bad.url("/"), "body": {"text": "{{title}}"}}},
        {"name": "mail", "email": {}},
    ]);
    publish(&service, list).await;
    let id = moved(&service, "Wipemeaway").await;
    actions(&service, &id, |all| all[0]["state"] == "done" && all[1]["attempts"] == 1).await;
    let begun = service.post("/v1/erasures", &json!({"handoff": id})).await.expect(202).id();
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
    while service.get(&format!("/v1/erasures/{begun}")).await.expect(200).json()["state"] != "done" {
        ticks.tick().await;
    }
    status.store(200, Ordering::SeqCst);
    service.clock.advance(jiff::SignedDuration::from_hours(1));
    quiet(&service).await;
    assert_eq!(service.get(&format!("/v1/handoffs/{id}/actions")).await.status, 410);
    let mut connection = database(&service.settings).await;
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM actions) + (SELECT COUNT(*) FROM letters) + (SELECT COUNT(*) FROM outbox WHERE payload LIKE '%Wipeme%') \
         + (SELECT COUNT(*) FROM deliveries WHERE state IN ('waiting', 'sending'))",
    )
    .fetch_one(&mut connection)
    .await
    .expect("a number");
    // Under one id, however often it is tried.
    let told = |sink: &Sink| {
        let told = sink.seen().into_iter().filter(|seen| seen.json()["type"] == "handoff.erased");
        told.map(|seen| seen.header("webhook-id").to_owned()).collect::<BTreeSet<_>>().len()
    };
    let begun_after = bad.seen().iter().filter(|seen| seen.json()["type"] == "action.begun").count();
    let pass = left == 0 && told(&good) == 1 && told(&bad) == 1 && begun_after == 0;
    figure("actions.erased", pass, json!({"left": left, "told": [told(&good), told(&bad)], "sent_after": begun_after}));
}
