//! An action that fails: tried for as long as any message is, then given up
//! with a word in the log, to the systems that listen and to the one person
//! who answers for failures; done at last when it is tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure};
use crate::sink::{Sink, reply};
use crate::stage::{actions, kinds, matter, moved, outbox, publish, ready, start, states};
use crate::steps::{endpoint, quiet};

/// One that answers what it is told to.
async fn moody(status: &Arc<AtomicU16>) -> Sink {
    let status = status.clone();
    Sink::start(move |_| reply(status.load(Ordering::SeqCst), &[], "")).await
}

async fn retry(service: &Service, id: &str, name: &str) -> crate::harness::Answer {
    service.post(&format!("/v1/handoffs/{id}/actions/{name}/retry"), &json!({})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_never_arrives_is_told_and_can_be_tried_again() {
    let service = start(|_| ()).await;
    let status = Arc::new(AtomicU16::new(500));
    let (sink, witness) = (moody(&status).await, Sink::good().await);
    endpoint(&service, &witness.url("/"), &["action.failed"]).await;
    publish(&service, json!([{"name": "board", "webhook": {"url": sink.url("/board")}}])).await;
    let id = moved(&service, "Northwind").await;
    assert_eq!(retry(&service, &id, "board").await.expect(409).json()["state"], "waiting");
    retry(&service, &id, "other").await.expect(404);
    // Each wait of the schedule, and what it may be longer.
    for minutes in [1, 7, 37, 150, 370, 730, 1_020, 1_450, 1_740] {
        quiet(&service).await;
        service.clock.advance(SignedDuration::from_mins(minutes));
    }
    let given_up = actions(&service, &id, |all| all[0]["state"] == "failed").await;
    assert_eq!((&given_up[0]["attempts"], &given_up[0]["problem"]), (&json!(10), &json!("answered 500")));
    assert!(given_up[0]["ended_at"].is_string());
    // The failure owner gets one message, with what failed and why.
    let told = outbox(&service, &id, |all| all.iter().any(|one| one["to"] == "revops@acme.example")).await;
    let told: Vec<&Json> =
        told.iter().filter(|one| one["text"].as_str().is_some_and(|text| text.contains("`board`"))).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0]["text"].as_str().is_some_and(|text| text.contains("answered 500")), "{told:?}");
    quiet(&service).await;
    assert_eq!(witness.seen().len(), 1, "the systems that listen are told once");
    assert_eq!(witness.seen()[0].json()["data"]["action"], "board");

    status.store(200, Ordering::SeqCst);
    let again = retry(&service, &id, "board").await.expect(202).json();
    assert_eq!((&again["state"], &again["ended_at"]), (&json!("waiting"), &Json::Null));
    actions(&service, &id, |all| all[0]["state"] == "done").await;
    let ids: std::collections::BTreeSet<String> =
        sink.seen().iter().map(|one| one.header("webhook-id").to_owned()).collect();
    let bodies: std::collections::BTreeSet<Vec<u8>> = sink.seen().iter().map(|one| one.body.clone()).collect();
    assert_eq!((ids.len(), bodies.len()), (1, 1), "the same message under the same id at every attempt");
    // Nobody has to look after it any more.
    let quiet_again = |all: &[Json]| {
        !all.iter()
            .any(|one| one["text"].as_str().is_some_and(|text| text.contains("`board`")) && one["state"] == "waiting")
    };
    outbox(&service, &id, quiet_again).await;
    let happened = kinds(&service, &id).await;
    for kind in ["action.begun", "action.failed", "action.retried", "action.done"] {
        assert_eq!(happened.iter().filter(|one| *one == kind).count(), 1, "{kind}: {happened:?}");
    }
    retry(&service, &id, "board").await.expect(409);
    figure("actions.given_up", true, json!({"attempts": sink.seen().len(), "ids": ids.len(), "told": told.len()}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_gone_fails_at_once_and_stays_so_until_it_is_enabled() {
    let service = start(|_| ()).await;
    let status = Arc::new(AtomicU16::new(410));
    let sink = moody(&status).await;
    publish(&service, json!([{"name": "board", "webhook": {"url": sink.url("/board")}}])).await;
    let first = moved(&service, "Northwind").await;
    actions(&service, &first, |all| all[0]["state"] == "failed").await;
    // From now on nothing is even tried, and that is told as well.
    let second = moved(&service, "Fabrikam").await;
    let failed = actions(&service, &second, |all| all[0]["state"] == "failed").await;
    assert!(failed[0]["problem"].as_str().is_some_and(|problem| problem.contains("disabled")), "{failed:?}");
    assert_eq!(sink.seen().len(), 1);
    retry(&service, &first, "board").await.expect(409);
    let page = service.get("/v1/endpoints").await.json();
    let place = format!("/v1/endpoints/{}", page["data"][0]["id"].as_str().expect("an id"));
    // Where it goes is the route's to say.
    service.send("PATCH", &place, Some(&json!({"url": sink.url("/other")})), &[]).await.expect(422);
    status.store(200, Ordering::SeqCst);
    service.send("PATCH", &place, Some(&json!({"state": "enabled"})), &[]).await.expect(200);
    for id in [&first, &second] {
        retry(&service, id, "board").await.expect(202);
        actions(&service, id, |all| all[0]["state"] == "done").await;
    }
    // Taken away, the endpoint is made anew by the next transfer.
    service.send("DELETE", &place, None, &[]).await.expect(204);
    let third = moved(&service, "Contoso").await;
    actions(&service, &third, |all| all[0]["state"] == "done").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_whom_nobody_knows_is_asked_for() {
    let service = start(|_| ()).await;
    publish(&service, json!([{"name": "mail", "email": {}}, {"name": "chat", "slack": {"person": "receiver"}}])).await;
    let mut body = matter("Northwind");
    body["to"] = json!({"team": "onboarding", "owner": null});
    let id = ready(&service, &body).await;
    service.transfer(&id).await.expect(200);
    let seen = actions(&service, &id, |all| all.len() == 2).await;
    assert_eq!(states(&seen), [("mail", "failed"), ("chat", "failed")]);
    assert_eq!(seen[0]["problem"], "of the receiver no address for mail is known");
    let both = |one: &Json| one["text"].as_str().is_some_and(|text| text.contains("`mail`") && text.contains("`chat`"));
    let told = outbox(&service, &id, |all| all.iter().any(both)).await;
    assert!(told.iter().filter(|one| both(one)).all(|one| one["to"] == "revops@acme.example"), "{told:?}");
    let refused = retry(&service, &id, "mail").await.expect(409).json();
    assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("no address")), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_hangs_keeps_neither_the_transfer_nor_the_others() {
    let service = start(|_| ()).await;
    let hanging = Sink::start(|_| vec![crate::sink::Step::Hang]).await;
    let good = Sink::good().await;
    let list = json!([{"name": "slow", "webhook": {"url": hanging.url("/")}}, {"name": "quick", "webhook": {"url": good.url("/")}}]);
    publish(&service, list).await;
    let begun = std::time::Instant::now();
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(moved(&service, &format!("Customer {number}")).await);
    }
    for id in &ids {
        actions(&service, id, |all| all[1]["state"] == "done" && all[0]["state"] == "waiting").await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    figure(
        "actions.one_hangs",
        good.seen().len() == 10 && seconds < 15.0,
        json!({"transfers": 10, "seconds": seconds}),
    );
}
