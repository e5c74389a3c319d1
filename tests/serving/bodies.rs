//! Every form of a body, everything that can be wrong with one, and what is
//! tried out without being kept.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, figure, mail, sample};

const GO_LIVE: &str = "We go live on 1 July 2026.";

async fn send_typed(service: &Service, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    let bearer = format!("Bearer {}", service.key);
    service.send_raw("POST", path, Some(body.into()), &[("authorization", &bearer), ("content-type", kind)]).await
}

/// A form of one JSON part and files.
fn form(parts: &[(&str, &str)]) -> String {
    let part = |(head, content): &(&str, &str)| {
        format!("--line\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--line--\r\n"
}

#[tokio::test]
async fn sources_come_in_every_form() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let value = async |answer: Answer| {
        let id = answer.expect(200).id();
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
        (brief["fields"]["go_live_date"]["value"].clone(), id)
    };
    let wanted = json!("2026-07-01");
    let path = "/v1/handoffs?wait=20&route=short&filename=a.eml&title=Start&external_id=raw-";
    let (found, id) = value(send_typed(&service, &format!("{path}1"), "message/rfc822", mail(GO_LIVE)).await).await;
    assert_eq!(found, wanted);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!((&seen["external_id"], &seen["title"]), (&json!("raw-1"), &json!("Start")));

    let call = format!("WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Dana Whitfield>{GO_LIVE}</v>\n");
    let (found, id) = value(send_typed(&service, &format!("{path}2"), "text/vtt; charset=utf-8", call).await).await;
    // Nobody knows which side speaks in a call without addresses.
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
    let state = brief["fields"]["go_live_date"]["state"].as_str().unwrap_or_default().to_owned();
    assert!(found == wanted || state == "unconfirmed", "{brief}");

    let parts = form(&[
        ("name=\"handoff\"", "{\"route\": \"short\", \"known\": {\"contact_email\": \"dana@northwind.example\"}}"),
        ("name=\"file\"; filename=\"a.eml\"", &mail(GO_LIVE)),
    ]);
    let answer = send_typed(&service, "/v1/handoffs?wait=20", "multipart/form-data; boundary=line", parts).await;
    assert_eq!(answer.json()["status"], "ready", "{answer:?}");
    assert_eq!(value(answer).await.0, wanted);

    use base64::Engine;
    let packed = base64::engine::general_purpose::STANDARD.encode(mail(&format!("{GO_LIVE} Yes.")));
    let body = json!({"route": "short", "sources": [{"type": "email", "format": "eml", "content": packed, "encoding": "base64"}]});
    assert_eq!(value(service.post("/v1/handoffs?wait=20", &body).await).await.0, wanted);
    let lone =
        json!({"route": "short", "sources": [{"type": "email", "content": mail(&format!("{GO_LIVE} So it is."))}]});
    let (found, id) = value(service.post("/v1/handoffs?wait=20", &lone).await).await;
    assert_eq!(found, wanted);

    // The same forms add context.
    let path = format!("/v1/handoffs/{id}/sources");
    send_typed(&service, &path, "message/rfc822", mail("Write to kim@northwind.example.")).await.expect(202);
    let parts = form(&[("name=\"note\"; filename=\"b.txt\"", "They like blue.")]);
    send_typed(&service, &path, "multipart/form-data; boundary=line", parts).await.expect(202);
    let seen = service.until(&id, |seen| seen["status"] != "drafting").await;
    assert!(seen["version"].as_i64() >= Some(4), "{seen}");
}

/// Whatever sends a form makes up a boundary of its own each time.
#[tokio::test]
async fn a_form_sent_again_is_the_same_request() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let parts =
        form(&[("name=\"handoff\"", "{\"route\": \"short\"}"), ("name=\"file\"; filename=\"a.eml\"", &mail(GO_LIVE))]);
    let other = parts.replace("--line", "--0123456789");
    let kind = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    let first = send_typed(&service, "/v1/handoffs", &kind("line"), parts.clone()).await.expect(202);
    let again = send_typed(&service, "/v1/handoffs", &kind("0123456789"), other).await.expect(202);
    assert_eq!((again.header("idempotent-replayed"), again.id()), ("true", first.id()));
    // Files alone say in the query what they are for.
    let files = form(&[("name=\"file\"; filename=\"b.eml\"", &mail(GO_LIVE))]);
    send_typed(&service, "/v1/handoffs?route=short", &kind("line"), files.clone()).await.expect(202);
    send_typed(&service, "/v1/handoffs", &kind("line"), files).await.expect(400);
    for (name, status) in [("", 400), ("na\u{ef}ve", 400), ("files[]", 202)] {
        let files = form(&[(&format!("name=\"{name}\"; filename=\"c.eml\""), &mail(GO_LIVE))]);
        let answer = send_typed(&service, "/v1/handoffs?route=short", &kind("line"), files).await.expect(status);
        assert!(status == 202 || answer.text.contains("a part of the form is called"), "{}", answer.text);
    }
    let changed = parts.replace("1 July", "2 July");
    let another = send_typed(&service, "/v1/handoffs", &kind("line"), changed).await.expect(202);
    assert_ne!(another.id(), first.id());
}

/// How many rows each table of the service's database holds.
async fn rows(service: &Service) -> BTreeMap<String, i64> {
    let file = format!("sqlite://{}?mode=ro", service.settings.data_dir.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&pool).await.expect("tables");
    let mut all = BTreeMap::new();
    for (table,) in tables {
        let mut count = sqlx::QueryBuilder::<sqlx::Sqlite>::new("SELECT COUNT(*) FROM ");
        count.push(&table);
        let count: i64 = count.build_query_scalar().fetch_one(&pool).await.expect("a count");
        all.insert(table, count);
    }
    all
}

#[tokio::test]
async fn what_is_tried_out_is_not_kept() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over("northwind-01").await.expect(200).id();
    // Whom to ask is written down by itself, once.
    service.app().look_at_due().await.expect("it looks");
    crate::search::search(&service, "q=live").await;
    let before = rows(&service).await;
    assert!(before.len() > 8 && before.values().sum::<i64>() > 5, "{before:?}");
    let mut blocked = 0;
    for number in 0..20 {
        let mut body = sample("northwind-01");
        body["external_id"] = json!(format!("deal-{number}"));
        let key = format!("key-{number}");
        let checked =
            service.send("POST", "/v1/checks", Some(&body), &[("idempotency-key", &key)]).await.expect(200).json();
        blocked += usize::from(checked["gate"] == "blocked" && checked["missing"] != json!([]));
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
        assert_eq!(checked["brief"]["fields"], brief["fields"], "what it would come to is what it comes to");
    }
    let open = json!({"route": "short", "known": {"contact_email": "dana@northwind.example"}, "sources": [{"content": mail(GO_LIVE)}]});
    let checked = service.post("/v1/checks", &open).await.expect(200).json();
    assert_eq!((&checked["gate"], &checked["missing"]), (&json!("open"), &json!([])));
    let mut route = crate::harness::short_route(2);
    route["fields"][2]["required"] = json!(true);
    service.post("/v1/routes/short/dry-run", &json!({"route": route, "last": 10})).await.expect(200);
    service.post("/v1/reconcile", &json!({"records": [{"external_id": "x"}]})).await.expect(200);
    service.post("/v1/handoffs", &json!({"route": "auto", "known": {"customer_name": "Northwind"}})).await.expect(422);
    service.transfer(&id).await.expect(409);
    let after = rows(&service).await;
    figure(
        "checks store nothing",
        after == before && blocked == 20,
        json!({"checks": 21, "blocked": blocked, "tables": before.len()}),
    );
}

#[tokio::test]
async fn records_that_moved_without_a_pass_are_found() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    for deal in ["deal-1", "deal-2"] {
        let body = json!({"route": "short", "external_id": deal, "known": {"contact_email": "dana@northwind.example"},
                          "sources": [{"content": mail(GO_LIVE)}]});
        let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
        if deal == "deal-1" {
            service.transfer(&id).await.expect(200);
        }
    }
    let records: Vec<Json> = ["deal-1", "deal-2", "deal-3"].iter().map(|deal| json!({"external_id": deal})).collect();
    let mut other_route = records.clone();
    other_route[0]["route"] = json!("sales-to-onboarding");
    let found = async |records: &[Json]| {
        let body = service.post("/v1/reconcile", &json!({"records": records})).await.expect(200).json();
        assert_eq!(body["checked"], 3);
        body["without_pass"].as_array().expect("records").len()
    };
    assert_eq!((found(&records).await, found(&other_route).await), (2, 3));
    let many: Vec<Json> = (0..1_001).map(|deal| json!({"external_id": deal.to_string()})).collect();
    service.post("/v1/reconcile", &json!({"records": many})).await.expect(422);
}

/// Every way in which a body can be wrong, at every operation that takes one.
#[tokio::test]
async fn what_is_wrong_is_answered_as_a_problem() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", GO_LIVE).await.expect(200).id();
    let mut operations = vec![
        "/v1/handoffs".to_owned(),
        "/v1/checks".into(),
        "/v1/passes/verify".into(),
        "/v1/reconcile".into(),
        "/v1/routes/short/dry-run".into(),
    ];
    operations
        .extend(["sources", "transfer", "accept", "return", "cancel"].map(|rest| format!("/v1/handoffs/{id}/{rest}")));
    let deep = "[".repeat(100_000);
    let bodies: Vec<(&[u8], &str)> = vec![
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"1", "application/json"),
        (b"\"x\"", "application/json"),
        (b"null", "application/json"),
        (b"{\"a\":1,\"a\":2}", "application/json"),
        (b"{\"route\":1}", "application/json"),
        (b"{\"route\":\"\xff\"}", "application/json"),
        (b"{\"route\":\"\\ud800\"}", "application/json"),
        (b"{\"route\":1e999}", "application/json"),
        (deep.as_bytes(), "application/json"),
        (b"{\"unknown\":1}", "application/json"),
        (b"{\"by\":{\"name\":\"\"},\"type\":\"x\",\"reason\":\"\"}", "application/json"),
        (b"{\"sources\":[{\"content\":null}],\"route\":\"short\"}", "application/json"),
        (b"{\"sources\":[{\"content\":\"%%\",\"encoding\":\"base64\"}],\"route\":\"short\"}", "application/json"),
        (b"{\"sources\":[],\"route\":\"short\"}", "application/json"),
        (b"{\"route\":\"none\",\"known\":{\"a\":1}}", "application/json"),
        (b"{\"route\":\"short\",\"known\":{\"none\":1}}", "application/json"),
        (b"{\"route\":\"short\",\"known\":{\"go_live_date\":\"soonish\"}}", "application/json"),
        (b"hello", "text/plain"),
        (b"hello", "application/xml"),
        (b"--x", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=y"),
    ];
    let (mut tried, mut wrong) = (0, Vec::new());
    for path in &operations {
        for (body, kind) in &bodies {
            // What needs no body does not mind another's type.
            let answer = send_typed(&service, path, kind, *body).await;
            tried += 1;
            let is_problem = answer.header("content-type") == "application/problem+json" && {
                let body = answer.json();
                let all = ["type", "title", "status", "code", "instance"].iter().all(|key| !body[key].is_null());
                all && body["status"] == answer.status && body["instance"] == answer.header("x-request-id")
            };
            if !(400..500).contains(&answer.status) || !is_problem {
                let body = String::from_utf8_lossy(body);
                wrong.push(format!(
                    "{path} {kind} {}: {} {}",
                    body.chars().take(40).collect::<String>(),
                    answer.status,
                    answer.text.chars().take(200).collect::<String>()
                ));
            }
        }
    }
    assert_eq!(service.get(&format!("/v1/handoffs/{id}")).await.json()["status"], "needs_input");
    figure("problems", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

#[tokio::test]
async fn what_is_not_there_is_answered_as_a_problem() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", GO_LIVE).await.expect(200).id();
    let mut wrong = Vec::new();
    let long =
        json!({"route": "short", "external_id": "x".repeat(2_001), "title": "y".repeat(2_001), "known": {"note": "a"}});
    let errors = service.post("/v1/handoffs", &long).await.expect(422).json()["errors"].as_array().map(Vec::len);
    assert_eq!(errors, Some(2));
    for (method, path, expected) in [
        ("DELETE", "/v1/handoffs".to_owned(), 405),
        ("PUT", format!("/v1/handoffs/{id}"), 405),
        ("GET", "/v1".into(), 404),
        ("GET", "/nowhere".into(), 404),
        ("GET", "/v1/handoffs/x/y/z".into(), 404),
        ("TRACE", "/v1/handoffs".into(), 405),
        ("GET", "/v1/handoffs/%ff".into(), 404),
        ("GET", "/v1/routes/%00".into(), 404),
    ] {
        let answer = service.send(method, &path, None, &[]).await;
        if answer.status != expected
            || answer.header("content-type") != "application/problem+json"
            || (expected == 405) == answer.header("allow").is_empty()
        {
            wrong.push(format!("{method} {path}: {answer:?}"));
        }
    }
    figure("nowhere", wrong.is_empty(), json!({"wrong": wrong}));
}
