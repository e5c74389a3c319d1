//! What a caller is told: where a handoff stands, once waited for; everything
//! that is wrong with a request at once; times that are the same whoever asks.

use std::collections::BTreeSet;

use baton::app::{App, Clock};
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, figure, mail, settings};

const GO_LIVE: &str = "We go live on 1 July 2026.";

fn begun() -> Json {
    json!({"route": "short", "known": {"contact_email": "dana@northwind.example"}, "sources": [{"content": mail(GO_LIVE)}]})
}

/// The places that a problem names.
fn places(answer: &Answer) -> BTreeSet<String> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| error["pointer"].as_str().map(str::to_owned)).collect()
}

/// A repeat is answered as the first request was; with `wait` both are told how it stands now.
#[tokio::test]
async fn a_repeat_that_waits_is_told_how_it_stands() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let send = async |query: &str| {
        let headers = [("idempotency-key", "deal-1")];
        service.send("POST", &format!("/v1/handoffs{query}"), Some(&begun()), &headers).await
    };
    let first = send("").await.expect(202);
    assert_eq!((first.json()["status"].as_str(), first.header("retry-after")), (Some("drafting"), "5"));
    let waited = send("?wait=20").await.expect(200);
    assert_eq!((waited.header("idempotent-replayed"), waited.header("retry-after")), ("true", ""));
    assert_eq!((&waited.json()["status"], waited.header("etag")), (&json!("ready"), "\"2\""));
    let again = send("").await.expect(202);
    assert_eq!(again.text, first.text, "as the first was");
    service.transfer(&first.id()).await.expect(200);
    assert_eq!(send("?wait=1").await.expect(200).json()["status"], "transferred");
}

#[tokio::test]
async fn context_is_waited_for_as_a_handoff_is() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", GO_LIVE).await.expect(200).id();
    let path = format!("/v1/handoffs/{id}/sources");
    let more = json!({"sources": [{"content": mail("Write to kim@northwind.example, please.")}]});
    let read = service.post(&format!("{path}?wait=20"), &more).await.expect(200);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await;
    assert_eq!((read.json(), read.header("etag")), (seen.json(), seen.header("etag")));
    assert_eq!(read.json()["status"], "ready");
    // What has moved keeps its status while more is read, and is waited for all the same.
    service.transfer(&id).await.expect(200);
    let late = json!({"sources": [{"content": mail("We go live on 9 August 2026 instead.")}]});
    let late = service.post(&format!("{path}?wait=20"), &late).await.expect(200).json();
    assert_eq!((&late["status"], &late["changed_after_transfer"]), (&json!("transferred"), &json!(["go_live_date"])));
    for path in [format!("{path}?wait=26"), "/v1/handoffs?wait=99".to_owned(), "/v1/checks?wait=26".to_owned()] {
        let refused = service.post(&path, &begun()).await.expect(400);
        assert_eq!(places(&refused), BTreeSet::from(["/query/wait".to_owned()]), "{path}");
    }
    service.get(&format!("/v1/handoffs/{id}?wait=26")).await.expect(400);
    service.get(&format!("/v1/handoffs/{id}?wait=25")).await.expect(200);
}

/// Whoever mends a request mends it once.
#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", GO_LIVE).await.expect(200).id();
    let shape = json!({"route": "short", "titel": "x", "title": 7, "known": [], "callback": 1, "sources": [
        {"content": "a", "encoding": "utf-16"}, {"content": "b"}, {"text": "c"}, "d"]});
    let content = json!({"route": "short", "known": {"none": 1, "other": 2, "go_live_date": "soonish"},
                         "sources": [{"content": null}, {"content": "%%", "encoding": "base64"}, {"content": "fine"}]});
    let shape_places =
        ["/titel", "/title", "/known", "/callback", "/sources/0/encoding", "/sources/2/text", "/sources/3"];
    let content_places =
        ["/known/none", "/known/other", "/known/go_live_date", "/sources/0/content", "/sources/1/content"];
    let mut wrong = Vec::new();
    for (path, body, expected) in [
        ("/v1/handoffs", &shape, &shape_places[..]),
        ("/v1/checks", &shape, &shape_places[..]),
        ("/v1/handoffs", &content, &content_places[..]),
        ("/v1/checks", &content, &content_places[..]),
    ] {
        let answer = service.post(path, body).await.expect(422);
        let expected: BTreeSet<String> = expected.iter().map(|place| (*place).to_owned()).collect();
        if !expected.is_subset(&places(&answer)) || answer.text.contains("expected a") {
            wrong.push(format!("{path}: {}", answer.text));
        }
    }
    // Keys that are missing do not hide one another, nor what else is wrong.
    let glass = json!({"break_glass": {"approver": {"email": 7}, "expires_at": "soon"}});
    for (path, body, expected) in [
        ("return", json!({"fields": 7}), &["/by", "/type", "/reason", "/fields"][..]),
        ("accept", json!({"read_back": []}), &["/by", "/read_back"]),
        ("transfer", glass, &["approver/name", "approver/email", "reason", "expires_at"]),
        ("links", json!({}), &["/person", "/purpose"]),
    ] {
        let answer = service.post(&format!("/v1/handoffs/{id}/{path}"), &body).await.expect(422);
        let named = |place: &&str| places(&answer).iter().any(|known| known.ends_with(*place));
        if !expected.iter().all(named) || places(&answer).len() != expected.len() {
            wrong.push(format!("{path}: {}", answer.text));
        }
    }
    let mut more = content.clone();
    more.as_object_mut().expect("an object").remove("route");
    let answer = service.post(&format!("/v1/handoffs/{id}/sources"), &more).await.expect(422);
    if places(&answer).len() != content_places.len() {
        wrong.push(answer.text);
    }
    let answers = service
        .answer(
            &id,
            &json!({"none": {"value": 1}, "other": {"value": "x"},
        "go_live_date": {"value": "soonish"}, "contact_email": {"value": "x"}}),
        )
        .await
        .expect(422);
    let named: BTreeSet<String> =
        places(&answers).iter().filter_map(|place| place.split('/').nth(2).map(str::to_owned)).collect();
    if named.len() != 4 {
        wrong.push(answers.text);
    }
    figure("mistakes at once", wrong.is_empty(), json!({"requests": 10, "wrong": wrong}));
}

/// What fills a box that is empty passes, and is asked for; what is no value of the field is the caller's mistake.
#[tokio::test]
async fn a_known_address_is_one_or_none() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let mut wrong = Vec::new();
    for (words, expected) in [
        ("x", 422),
        ("asdf", 422),
        ("dana at northwind", 422),
        ("n/a", 200),
        ("-", 200),
        ("TBD", 200),
        ("dana@northwind.example", 200),
    ] {
        let body =
            json!({"route": "short", "known": {"contact_email": words}, "sources": [{"content": mail(GO_LIVE)}]});
        let answer = service.post("/v1/checks", &body).await;
        let is_named = expected == 200 || places(&answer) == BTreeSet::from(["/known/contact_email".to_owned()]);
        if answer.status != expected || !is_named {
            wrong.push(format!("{words}: {answer:?}"));
        }
    }
    figure("known addresses", wrong.is_empty(), json!({"words": 7, "wrong": wrong}));
}

/// Whoever writes a time wrong learns which, what is wrong with it, and how it is written.
#[tokio::test]
async fn times_that_cannot_be_read_are_told_with_an_example() {
    let service = Service::start().await;
    let glass = |at: Json| json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "They start on Monday", "expires_at": at}});
    let (request, handoff) = (format!("req_{}", "0".repeat(32)), format!("hnd_{}", "0".repeat(32)));
    let (snooze, transfer) = (format!("/v1/requests/{request}/snooze"), format!("/v1/handoffs/{handoff}/transfer"));
    let replay = "/v1/endpoints/end_0/replay".to_owned();
    let whole = "2026-03-09T12:00:00Z";
    let mut wrong = Vec::new();
    for given in
        [json!("soon"), json!("2026-02-30"), json!("2026-03-09T12:00:00"), json!("03/09/2026"), json!(1772539200)]
    {
        for (path, body, pointer) in [
            (&snooze, json!({"until": given}), "/until"),
            (&transfer, glass(given.clone()), "/break_glass/expires_at"),
            (&replay, json!({"from": given, "to": whole}), "/from"),
            (&replay, json!({"from": whole, "to": given}), "/to"),
        ] {
            let problem = service.post(path, &body).await.expect(422).json();
            let (place, detail) =
                (&problem["errors"][0]["pointer"], problem["errors"][0]["detail"].as_str().unwrap_or_default());
            let words = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            if *place != pointer
                || !detail.contains(&words)
                || !detail.contains("write ")
                || !detail.contains("2026-03-0")
            {
                wrong.push(format!("{path} {given}: {problem}"));
            }
        }
    }
    for (query, name) in [("from=soon", "from"), ("to=2026-02-30", "to"), ("from=2026-03-01T00:00:00Z", "from")] {
        let problem = service.get(&format!("/v1/insights?{query}")).await.expect(400).json();
        let detail = problem["errors"][0]["detail"].as_str().unwrap_or_default();
        if problem["errors"][0]["pointer"] != format!("/query/{name}") || !detail.contains("a day such as 2026-03-03") {
            wrong.push(format!("{query}: {problem}"));
        }
    }
    // What is written right comes as far as to what is not there.
    for (path, body) in [
        (&snooze, json!({"until": "2026-03-09"})),
        (&transfer, glass(json!("2026-03-09"))),
        (&replay, json!({"from": "2026-03-01", "to": "2026-03-02"})),
    ] {
        service.post(path, &body).await.expect(404);
    }
    figure("times", wrong.is_empty(), json!({"given": 23, "wrong": wrong}));
}

/// A record as a person copies it out of the API, without the envelope around it.
#[tokio::test]
async fn a_bare_object_of_hubspot_is_the_record() {
    let service = Service::start().await;
    let record = json!({"id": "18844520013", "properties": {
        "dealname": "Northwind Logistics", "dealstage": "closedwon", "amount": "86400", "deal_currency_code": "USD"}});
    for content in [record.clone(), json!({"id": 7, "properties": record["properties"].clone(), "type": "DEAL"})] {
        let body = json!({"route": "sales-to-onboarding", "sources": [
            {"type": "record", "content": content}, {"type": "email", "content": mail(GO_LIVE)}]});
        let found = service.post("/v1/checks", &body).await.expect(200).json();
        let value = &found["brief"]["fields"]["contract_value"];
        assert_eq!((&value["value"]["amount"], &value["origin"]), (&json!("86400"), &json!("crm")), "{found}");
        assert!(!found.to_string().contains("second deal"), "{found}");
    }
}

/// A change is answered with the time that is read of it later.
#[tokio::test]
async fn times_have_one_precision() {
    let app = App::open(settings(), None, Clock::Machine).await.expect("it opens");
    let finer = (0..100).filter(|_| app.now().subsec_nanosecond() % 1_000_000 != 0).count();
    assert_eq!(finer, 0, "finer than they are stored");
    app.close().await;
}
