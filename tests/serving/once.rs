//! The same request is one handoff, however often it comes and wherever its
//! caller can put a key; another request is never taken for a repeat.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use baton::access::callers::Preset;
use baton::access::keys::Mode;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::harness::{Answer, Service, figure, mail, rounds};

/// A small handoff with nothing but what a CRM knows.
fn known(name: &str) -> Json {
    json!({"route": "sales-to-onboarding", "known": {"customer_name": name}})
}

async fn count(service: &Service) -> usize {
    let page = service.get("/v1/handoffs?limit=100").await.expect(200).json();
    page["data"].as_array().map_or(0, Vec::len)
}

/// The body with a key of the request in the header, sent with a key of a workspace.
async fn send_as(service: &Service, bearer: &str, body: &Json, key: &str) -> Answer {
    let bearer = format!("Bearer {bearer}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
    service.send_raw("POST", "/v1/handoffs", Some(body.to_string().into_bytes()), &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_handoff() {
    let service = Service::start().await;
    let (body, key) = (known("Northwind Logistics"), service.key.clone());
    let answers = join_all((0..200).map(|_| send_as(&service, &key, &body, "deal-1"))).await;
    let wrong = answers.iter().filter(|answer| answer.status != 202).count();
    let ids: BTreeSet<String> = answers.iter().filter(|answer| answer.status == 202).map(Answer::id).collect();
    let replays = answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
    let rows = count(&service).await;

    let others: Vec<Json> = (0..100).map(|number| known(&format!("Other {number}"))).collect();
    let refused = join_all(others.iter().map(|other| send_as(&service, &key, other, "deal-1"))).await;
    let mismatches =
        refused.iter().filter(|answer| answer.status == 422 && answer.json()["code"] == "idempotency-mismatch");
    let mismatches = mismatches.count();

    let service = service.restart().await;
    let after = send_as(&service, &key, &body, "deal-1").await;
    service.clock.advance(SignedDuration::from_hours(6 * 24 + 23));
    let late = send_as(&service, &key, &body, "deal-1").await;
    service.clock.advance(SignedDuration::from_hours(2));
    let new = send_as(&service, &key, &body, "deal-1").await.expect(202);
    let same = [&after, &late].iter().filter(|answer| ids.contains(&answer.id())).count();
    let is_new = !ids.contains(&new.id());
    let pass = (wrong, ids.len(), replays, rows, mismatches, same, is_new) == (0, 1, 199, 1, 100, 2, true);
    figure(
        "R-04",
        pass,
        json!({
            "sent": 200, "not_accepted": wrong, "handoffs": ids.len(), "replays": replays, "rows": rows,
            "other_body_refused": mismatches, "same_after_restart_and_six_days": same, "new_after_seven_days": is_new,
        }),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_one_workspace_mean_nothing_in_another() {
    let service = Service::start().await;
    let other = service.make_key("all", "other", Mode::Live).await;
    let test = service.make_key("all", "main", Mode::Test).await;
    let mut ids = BTreeSet::new();
    for number in 0..100 {
        let (body, key) = (known("Northwind"), format!("key-{number}"));
        for bearer in [&service.key, &other, &test] {
            let answer = send_as(&service, bearer, &body, &key).await.expect(202);
            assert_eq!(answer.header("idempotent-replayed"), "");
            ids.insert(answer.id());
        }
    }
    figure("R-04 across workspaces", ids.len() == 300, json!({"sent": 300, "handoffs": ids.len()}));
}

/// What a CRM's workflow sends when a deal is won: it cannot set a header of its own for each delivery.
fn delivery(number: usize) -> Vec<u8> {
    let body = json!({
        "route": "sales-to-onboarding",
        "trigger": {"event": format!("enrollment-{number}"), "at": "2026-03-03T09:00:00Z"},
        "known": {"customer_name": format!("Customer {}", number / 2)},
    });
    body.to_string().into_bytes()
}

async fn deliver_thrice(service: &Service, bearer: &str) -> (usize, usize) {
    let bearer = format!("Bearer {bearer}");
    let mut ids = BTreeSet::new();
    let mut refused = 0;
    for _ in 0..3 {
        for number in 0..50 {
            let headers = [("authorization", bearer.as_str())];
            let answer = service.send_raw("POST", "/v1/handoffs", Some(delivery(number)), &headers).await;
            refused += usize::from(answer.status != 202);
            assert_eq!(answer.header("retry-after"), "", "its unit is in doubt");
            ids.insert(answer.id());
        }
        // Some time passes until a workflow tries again.
        service.clock.advance(SignedDuration::from_hours(8));
    }
    (ids.len(), refused)
}

#[tokio::test]
async fn callers_without_headers_are_told_apart_by_their_bodies() {
    let service = Service::start().await;
    let by_print = service.make_key_for("all", "prints", Mode::Live, Preset::Hubspot, None).await;
    let by_place = service.make_key_for("all", "places", Mode::Live, Preset::Hubspot, Some("/trigger/event")).await;
    let (prints, places) = (deliver_thrice(&service, &by_print).await, deliver_thrice(&service, &by_place).await);
    figure(
        "R-05",
        (prints, places) == ((50, 0), (50, 0)),
        json!({
            "deliveries": 50, "times": 3, "rows_by_fingerprint": prints.0, "rows_by_place": places.0,
            "refused": prints.1 + places.1,
        }),
    );
    // After a day the same bytes are taken for another event; a key at its place holds for a week.
    service.clock.advance(SignedDuration::from_hours(25));
    let again = |bearer: String| {
        let service = &service;
        async move {
            let bearer = format!("Bearer {bearer}");
            let answer =
                service.send_raw("POST", "/v1/handoffs", Some(delivery(0)), &[("authorization", &bearer)]).await;
            answer.expect(202).header("idempotent-replayed").to_owned()
        }
    };
    assert_eq!((again(by_print).await, again(by_place).await), (String::new(), "true".to_owned()));
}

/// One mail can be about two matters, and the query says which.
#[tokio::test]
async fn a_mail_for_another_matter_is_another_handoff() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let post = |query: &'static str| {
        let service = &service;
        async move {
            let bearer = format!("Bearer {}", service.key);
            let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
            let path = format!("/v1/handoffs?route=short&{query}");
            service.send_raw("POST", &path, Some(mail("We go live on 1 July 2026.").into_bytes()), &headers).await
        }
    };
    let first = post("external_id=deal-1").await.expect(202).id();
    let other = post("external_id=deal-2").await.expect(202).id();
    let again = post("external_id=deal-1&wait=10").await.expect(200).id();
    assert_ne!(first, other);
    assert_eq!(first, again);
    assert_eq!(count(&service).await, 2);
}

#[tokio::test]
async fn keys_that_cannot_be_one_are_refused() {
    let service = Service::start().await;
    let long = |letters: usize| "k".repeat(letters);
    let checks: Vec<(String, &[u16])> = vec![
        (String::new(), &[400]),
        (long(255), &[202]),
        (long(256), &[400]),
        (long(10 * 1024), &[400, 431]),
        ("two words".to_owned(), &[400]),
        ("\"not closed".to_owned(), &[400]),
        ("';DROP/**/TABLE/**/handoffs;--".to_owned(), &[202]),
    ];
    let mut wrong = 0;
    for (key, expected) in &checks {
        let answer = send_as(&service, &service.key, &known(&format!("For {}", key.len())), key).await;
        wrong += usize::from(!expected.contains(&answer.status));
        if answer.status == 400 {
            assert_eq!(answer.json()["code"], "invalid-header", "{key}");
        }
    }
    for (query, expected) in [
        ("idempotency_key=", 400),
        ("idempotency_key=a%0d%0aSet-Cookie:%20b", 400),
        ("idempotency_key=a%00b", 400),
        ("idempotency_key=%F0%9F%94%91", 400),
        ("idempotency_key=one&idempotency_key=two", 400),
        ("idempotency_key=one", 202),
    ] {
        let answer = service.post(&format!("/v1/handoffs?{query}"), &known(query)).await;
        wrong += usize::from(answer.status != expected);
        assert!(answer.headers.get("set-cookie").is_none());
    }
    let rows = count(&service).await;
    figure("A-33", (wrong, rows) == (0, 3), json!({"keys": checks.len() + 6, "wrong": wrong, "rows": rows}));
}

/// Answers are kept as long as anybody repeats a request, and no longer.
#[tokio::test]
async fn old_answers_are_let_go() {
    let service = Service::start().await;
    for number in 0..20 {
        send_as(&service, &service.key, &known("Northwind"), &format!("key-{number}")).await.expect(202);
    }
    assert_eq!(service.app().forget_old().await, 0);
    service.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    assert_eq!(service.app().forget_old().await, 20);
    assert_eq!(service.app().forget_old().await, 0);
}

/// However many keys were used: each is found at once, means nothing elsewhere, and goes after a week.
#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_keys_are_let_go() {
    let service = Service::start().await;
    let other = service.make_key("all", "other", Mode::Live).await;
    let many = rounds(50_000, 1_000_000);
    let body = known("Northwind");
    let first = send_as(&service, &service.key, &body, "deal").await.expect(202).id();
    let file = service.settings.data_dir.join("baton.db");
    let options = SqliteConnectOptions::new().filename(&file).busy_timeout(Duration::from_secs(60));
    let mut connection = options.connect().await.expect("the database");
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) INSERT INTO idempotency \
         SELECT workspace, key || '-' || i, fingerprint, outcome, created_at FROM n, (SELECT * FROM idempotency LIMIT 1)",
    )
    .bind(many as i64)
    .execute(&mut connection)
    .await
    .expect("keys");
    let bytes: i64 =
        sqlx::query_scalar("SELECT SUM(length(key) + length(fingerprint) + length(outcome)) FROM idempotency")
            .fetch_one(&mut connection)
            .await
            .expect("a number");
    let begun = Instant::now();
    let again = send_as(&service, &service.key, &body, &format!("deal-{many}")).await.expect(202);
    let new = send_as(&service, &service.key, &known("Southwind"), "another").await.expect(202);
    let elsewhere = send_as(&service, &other, &body, &format!("deal-{many}")).await.expect(202);
    let took = begun.elapsed();
    let ids: BTreeSet<String> = [again.id(), new.id(), elsewhere.id(), first.clone()].into();
    service.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    let begun = Instant::now();
    let gone = service.app().forget_old().await;
    let forgetting = begun.elapsed();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM idempotency").fetch_one(&mut connection).await.expect("a number");
    let pass = again.id() == first && ids.len() == 3 && took < Duration::from_secs(3) && left == 0;
    figure(
        "A-33 many keys",
        pass,
        json!({"keys": many, "bytes_of_one": bytes / (many as i64 + 1), "three_requests_ms": took.as_millis(), "gone": gone,
               "left": left, "forgetting_ms": forgetting.as_millis()}),
    );
}

/// Moves can be repeated under a key, and a key belongs to one request alone.
#[tokio::test]
async fn moves_are_made_once() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    let path = format!("/v1/handoffs/{id}");
    let send = async |method: &str, rest: &str, body: &Json, key: &str, tag: &str| {
        let headers = [("idempotency-key", key), ("if-match", tag)];
        service.send(method, &format!("{path}/{rest}"), Some(body), &headers).await
    };
    let tag = service.get(&path).await.header("etag").to_owned();
    let patch = json!({"by": {"name": "Marcus Lee"}, "fields": {"contact_email": {"value": "dana@northwind.example"}}});
    let first = send("PATCH", "fields", &patch, "answer-1", &tag).await.expect(200);
    let again = send("PATCH", "fields", &patch, "answer-1", &tag).await.expect(200);
    assert_eq!((&again.text, again.header("idempotent-replayed")), (&first.text, "true"), "not stale, but done");
    assert_eq!(again.header("etag"), first.header("etag"));
    send("POST", "transfer", &json!({}), "answer-1", "*").await.expect(422);
    let moved = send("POST", "transfer", &json!({}), "move-1", "*").await.expect(200);
    let again = send("POST", "transfer", &json!({}), "move-1", "*").await.expect(200);
    assert_eq!(again.json()["pass"], moved.json()["pass"]);
    service.transfer(&id).await.expect(409);
    // A refusal is not kept: the same request may be good later.
    let back = json!({"by": {"name": "Priya Raman"}, "type": "wrong", "reason": "She left in May", "fields": ["contact_email"]});
    send("POST", "return", &back, "back-1", "*").await.expect(200);
    send("POST", "transfer", &json!({}), "move-2", "*").await.expect(409);
    service.answer(&id, &json!({"contact_email": {"value": "kim@northwind.example"}})).await.expect(200);
    send("POST", "transfer", &json!({}), "move-2", "*").await.expect(200);
    let events = service.get(&format!("{path}/events")).await.json();
    let moves = events["data"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["type"] == "handoff.transferred")
        .count();
    assert_eq!(moves, 2);
}
