//! What happens arrives: at those who want it, under one id, signed, with the
//! old secret too for a day; callbacks hear of their handoff alone, hooks speak
//! the form of automation platforms.

use std::collections::BTreeSet;

use baton::access::keys::Mode;
use baton::handoff::EventKind;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{figure, mail};
use crate::sink::{Sink, reply};
use crate::{database, deliveries, delivery, endpoint, hand_over, quiet, start};

#[tokio::test]
async fn what_happens_is_told_to_those_who_want_it() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let before = hand_over(&service).await;
    quiet(&service).await;
    service.clock.advance(SignedDuration::from_secs(1));
    let (all, secret) = endpoint(&service, &sink.url("/all"), &[]).await;
    endpoint(&service, &sink.url("/some"), &["handoff.needs_input", "handoff.transferred"]).await;
    let id = hand_over(&service).await;
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    quiet(&service).await;

    let kinds = |path: &str| -> BTreeSet<String> {
        sink.seen_at(path).iter().map(|seen| seen.json()["type"].as_str().expect("a type").to_owned()).collect()
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(kinds("/some"), words(&["handoff.needs_input", "handoff.transferred"]));
    let expected =
        ["handoff.answered", "handoff.needs_input", "handoff.ready", "handoff.received", "handoff.transferred"];
    assert_eq!(kinds("/all"), words(&expected));
    for seen in sink.seen() {
        let told = seen.json();
        assert_eq!(told["data"]["id"], json!(id), "nothing of {before}, which was before");
        assert_eq!((seen.method.as_str(), seen.header("content-type")), ("POST", "application/json"));
        assert!(seen.header("user-agent").starts_with("baton/"), "{seen:?}");
    }
    for seen in sink.seen_at("/all") {
        assert_eq!(seen.signatures_by(&secret), 1, "{seen:?}");
    }
    let told: Vec<Json> = deliveries(&service, &all).await;
    assert_eq!(told.len(), expected.len());
    let one = delivery(&service, &told[0]["id"]).await;
    assert_eq!((&one["state"], &one["log"][0]["status"]), (&json!("delivered"), &json!(200)), "{one}");

    let mut connection = database(&service.settings).await;
    let written: Vec<String> = sqlx::query_scalar("SELECT id FROM outbox WHERE handoff = $1")
        .bind(&id)
        .fetch_all(&mut connection)
        .await
        .expect("ids");
    let arrived: Vec<String> = sink.seen_at("/all").iter().map(|seen| seen.header("webhook-id").to_owned()).collect();
    let same = written.iter().collect::<BTreeSet<_>>() == arrived.iter().collect::<BTreeSet<_>>();
    figure(
        "R-30 in order",
        same && written.len() == arrived.len(),
        json!({"outbox": written.len(), "arrived": arrived.len()}),
    );
    // No secret lies open in the data folder.
    let raw = std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database");
    let wal = std::fs::read(service.settings.data_dir.join("baton.db-wal")).unwrap_or_default();
    let hidden = secret.trim_start_matches("whsec_").as_bytes();
    let found = [raw, wal].iter().any(|bytes| bytes.windows(hidden.len()).any(|window| window == hidden));
    assert!(!found, "the secret lies in the database");
}

/// Before and after an endpoint is by the log: a clock that is set back loses nothing and tells nothing old.
#[tokio::test]
async fn a_clock_that_is_set_back_hides_nothing_from_an_endpoint() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let early = service.clock.now();
    service.clock.advance(SignedDuration::from_hours(2));
    let before = hand_over(&service).await;
    quiet(&service).await;
    service.clock.advance(SignedDuration::from_hours(-1));
    let (id, _) = endpoint(&service, &sink.url("/"), &["handoff.received"]).await;
    service.clock.advance(SignedDuration::from_mins(-30));
    let callback = json!({"route": "short", "sources": [{"content": mail("We go live on 1 May 2026.")}],
                          "callback_url": sink.url("/callback")});
    let after = service.post("/v1/handoffs?wait=20", &callback).await.expect(200).id();
    quiet(&service).await;
    let ids =
        |path: &str| -> Vec<Json> { sink.seen_at(path).iter().map(|seen| seen.json()["data"]["id"].clone()).collect() };
    let told = (ids("/"), ids("/callback"));
    // What is sent again of that time is what the endpoint missed, and nothing from before it.
    let replay = json!({"from": early, "to": "2026-03-10"});
    service.post(&format!("/v1/endpoints/{id}/replay"), &replay).await.expect(202);
    quiet(&service).await;
    let pass = told == (vec![json!(after)], vec![json!(after), json!(after)]) && ids("/").len() == 1;
    figure("R-30 clock set back", pass, json!({"before": before, "after": after, "told": told, "in_all": ids("/")}));
}

#[tokio::test]
async fn a_rotated_secret_signs_for_a_day_more() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let (id, first) = endpoint(&service, &sink.url("/"), &["handoff.received"]).await;
    let mut figures = Vec::new();
    let mut check = async |second: Option<&str>, expected: (usize, usize, usize)| {
        let before = sink.seen().len();
        hand_over(&service).await;
        quiet(&service).await;
        let seen = &sink.seen()[before];
        let count = seen.header("webhook-signature").split(' ').count();
        let got = (count, seen.signatures_by(&first), second.map_or(0, |second| seen.signatures_by(second)));
        figures.push(got == expected);
    };
    check(None, (1, 1, 0)).await;
    let rotated = service.post(&format!("/v1/endpoints/{id}/rotate"), &json!({})).await.expect(200).json();
    let second = rotated["secret"].as_str().expect("a secret").to_owned();
    check(Some(&second), (2, 1, 1)).await;
    service.clock.advance(SignedDuration::from_secs(24 * 3_600 - 1));
    check(Some(&second), (2, 1, 1)).await;
    service.clock.advance(SignedDuration::from_secs(1));
    check(Some(&second), (1, 0, 1)).await;
    let shown = service.get(&format!("/v1/endpoints/{id}")).await.expect(200);
    assert!(shown.json().get("secret").is_none(), "{shown:?}");
    for _ in 0..12 {
        service.post(&format!("/v1/endpoints/{id}/rotate"), &json!({})).await.expect(200);
    }
    let before = sink.seen().len();
    hand_over(&service).await;
    quiet(&service).await;
    let most = sink.seen()[before].header("webhook-signature").split(' ').count();
    let pass = figures.iter().all(|right| *right) && most == 11;
    figure("R-31 rotation", pass, json!({"steps": figures, "signatures_after_13_rotations": most}));
}

#[tokio::test]
async fn a_callback_hears_of_its_handoff_alone() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let source = json!([{"content": mail("We go live on 1 July 2026.")}]);
    let with = |url: &str| json!({"route": "short", "external_id": "deal:1", "sources": source, "callback_url": url});
    for (url, refused) in [("http://10.0.0.1/x", true), ("https://169.254.169.254/", true), (&*sink.url("/cb"), false)]
    {
        let answer = service.post("/v1/handoffs?wait=20", &with(url)).await;
        assert_eq!(answer.status, if refused { 422 } else { 200 }, "{url}: {answer:?}");
        assert!(!refused || answer.json()["errors"][0]["pointer"] == "/callback_url", "{answer:?}");
    }
    let listed = service.get("/v1/handoffs").await.json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "what was refused began nothing");
    hand_over(&service).await;
    quiet(&service).await;
    let id = &listed["data"][0]["id"];
    let told: Vec<Json> = sink.seen().iter().map(|seen| seen.json()["data"]["id"].clone()).collect();
    assert_eq!(told, [id.clone(), id.clone()]);
    let path = format!("/v1/endpoints?handoff={}", id.as_str().expect("an id"));
    let callbacks = service.get(&path).await.expect(200).json();
    assert_eq!((&callbacks["data"][0]["kind"], &callbacks["data"][0]["handoff"]), (&json!("callback"), id));
    assert_eq!(service.get("/v1/endpoints").await.expect(200).json()["data"], json!([]));
}

#[tokio::test]
async fn hooks_are_subscribed_sampled_and_dropped() {
    let service = start(|_| {}).await;
    let sink = Sink::start(|seen| reply(if seen.path == "/gone" { 410 } else { 200 }, &[], "")).await;
    let hook = json!({"target_url": sink.url("/hook"), "event": "handoff.needs_input"});
    let subscribed = service.post("/v1/hooks", &hook).await.expect(201).json();
    assert_eq!(subscribed.as_object().map(|body| body.len()), Some(1));
    let gone = json!({"target_url": sink.url("/gone"), "event": "handoff.needs_input"});
    let gone = service.post("/v1/hooks", &gone).await.expect(201).id();
    let sample = service.get("/v1/hooks/sample?event=handoff.transferred").await.expect(200).json();
    assert_eq!((sample[0]["type"].as_str(), sample[0]["example"].as_bool()), (Some("handoff.transferred"), Some(true)));
    for _ in 0..2 {
        hand_over(&service).await;
        quiet(&service).await;
    }
    assert_eq!((sink.seen_at("/hook").len(), sink.seen_at("/gone").len()), (2, 1), "410 is the end");
    let state = service.get(&format!("/v1/endpoints/{gone}")).await.expect(200).json();
    assert_eq!((state["state"].as_str(), state["reason"].as_str()), (Some("disabled"), Some("gone")));
    let sample = service.get("/v1/hooks/sample?event=handoff.needs_input").await.expect(200).json();
    let ids: BTreeSet<&str> = sample.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    let arrived: Vec<String> = sink.seen_at("/hook").iter().map(|seen| seen.header("webhook-id").to_owned()).collect();
    assert_eq!(ids, arrived.iter().map(String::as_str).collect());
    let path = format!("/v1/hooks/{}", subscribed["id"].as_str().expect("an id"));
    service.send("DELETE", &path, None, &[]).await.expect(204);
    service.send("DELETE", &path, None, &[]).await.expect(404);
    hand_over(&service).await;
    quiet(&service).await;
    assert_eq!(sink.seen_at("/hook").len(), 2);
    let own = json!({"target_url": sink.url("/own"), "event": "key.created"});
    service.post("/v1/hooks", &own).await.expect(422);
}

/// Whoever waits for what is never told waits for ever.
#[tokio::test]
async fn what_is_never_told_cannot_be_asked_for() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let (id, _) = endpoint(&service, &sink.url("/"), &[]).await;
    let mut wrong = Vec::new();
    for kind in EventKind::ALL {
        let (name, url) = (kind.name(), sink.url("/some"));
        let made = service.post("/v1/endpoints", &json!({"url": url, "events": ["handoff.ready", name]})).await;
        if made.status != if kind.is_told() { 201 } else { 422 } {
            wrong.push(format!("{name}: {made:?}"));
        }
    }
    let lists_all = |problem: &Json| {
        let detail = problem["errors"][0]["detail"].as_str().unwrap_or_default();
        EventKind::TOLD.iter().all(|kind| detail.contains(kind.name()))
    };
    for name in ["message.sent", "request.made", "link.opened", "handoff.redy"] {
        let filter = json!({"events": ["handoff.ready", name]});
        let changed = service.send("PATCH", &format!("/v1/endpoints/{id}"), Some(&filter), &[]).await;
        let hook = json!({"target_url": sink.url("/"), "event": name});
        let tested = service.post(&format!("/v1/endpoints/{id}/test"), &json!({"event": name})).await;
        for (answer, pointer) in
            [(changed, "/events/1"), (service.post("/v1/hooks", &hook).await, "/event"), (tested, "/event")]
        {
            let problem = answer.expect(422).json();
            if problem["errors"][0]["pointer"] != pointer || !lists_all(&problem) {
                wrong.push(format!("{name}: {problem}"));
            }
        }
        let sample = service.get(&format!("/v1/hooks/sample?event={name}")).await.expect(400).json();
        if sample["errors"][0]["pointer"] != "/query/event" || !lists_all(&sample) {
            wrong.push(format!("{name}: {sample}"));
        }
    }
    figure("events refused", wrong.is_empty(), json!({"events": EventKind::ALL.len(), "wrong": wrong}));
}

#[tokio::test]
async fn pausing_keeps_testing_tries_and_resending_repeats() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let (id, secret) = endpoint(&service, &sink.url("/"), &["handoff.received"]).await;
    let at = format!("/v1/endpoints/{id}");
    let test = service.post(&format!("{at}/test"), &json!({"event": "handoff.accepted"})).await.expect(202).json();
    quiet(&service).await;
    let example = &sink.seen()[0];
    assert_eq!((example.json()["example"].as_bool(), example.signatures_by(&secret)), (Some(true), 1));
    assert_eq!(example.header("webhook-id"), test["message"].as_str().expect("an id"));

    service.send("PATCH", &at, Some(&json!({"state": "paused"})), &[]).await.expect(200);
    service.post(&format!("{at}/test"), &json!({"event": "handoff.accepted"})).await.expect(409);
    hand_over(&service).await;
    quiet(&service).await;
    assert_eq!(sink.seen().len(), 1, "nothing is sent while it is paused");
    service.send("PATCH", &at, Some(&json!({"state": "enabled"})), &[]).await.expect(200);
    quiet(&service).await;
    let (first, all) = (sink.seen()[1].clone(), deliveries(&service, &id).await);
    assert_eq!(all.len(), 2, "the example and the event");
    let path = format!("/v1/deliveries/{}/resend", all[0]["id"].as_str().expect("an id"));
    service.post(&path, &json!({})).await.expect(202);
    quiet(&service).await;
    let again = sink.seen()[2].clone();
    assert_eq!((first.header("webhook-id"), &first.body), (again.header("webhook-id"), &again.body));
    assert_eq!(delivery(&service, &all[0]["id"]).await["log"].as_array().map(Vec::len), Some(2));

    let stranger = service.make_key("all", "third", Mode::Live).await;
    let bearer = format!("Bearer {stranger}");
    for (method, path) in [("GET", at.clone()), ("DELETE", at), ("POST", path)] {
        service.send_raw(method, &path, None, &[("authorization", &bearer)]).await.expect(404);
    }
}
