//! Bodies that nobody would write: made from good ones by changing whatever
//! can be changed. None of them ends in a failure of the service's own.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::harness::{Service, figure, mail, short_route};

const PER_OPERATION: usize = 150;

/// Something that does not belong where it is put.
fn odd(random: &mut fastrand::Rng) -> Json {
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{202e}abc",
        "null",
        "9999999999999999999999",
        "-0",
        "2026-02-30",
        "../../etc",
        "a\nb",
        "𝔘𝔫𝔦",
        "'; DROP TABLE x;--",
        "c_000000000000",
    ];
    match random.u8(0..10) {
        0 => Json::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.f64() * 1e300),
        4 => json!([]),
        5 => json!({}),
        6 => json!(vec![json!({"a": [1, null]}); 50]),
        7 => json!("x".repeat(random.usize(0..40_000))),
        _ => json!(texts[random.usize(..texts.len())]),
    }
}

/// Changes one place: replaces it, drops it, doubles it, or adds beside it.
fn change(value: &mut Json, random: &mut fastrand::Rng) {
    match value {
        Json::Object(members) if !members.is_empty() && random.u8(0..5) > 0 => {
            let keys: Vec<String> = members.keys().cloned().collect();
            let key = &keys[random.usize(..keys.len())];
            match random.u8(0..8) {
                0 => drop(members.remove(key)),
                1 => drop(members.insert(format!("{key}_"), odd(random))),
                2 => {
                    let moved = members.remove(key).unwrap_or_default();
                    members.insert(keys[random.usize(..keys.len())].to_uppercase(), moved);
                }
                _ => change(members.entry(key.clone()).or_insert(Json::Null), random),
            }
        }
        Json::Array(items) if !items.is_empty() && random.u8(0..5) > 0 => {
            let place = random.usize(..items.len());
            match random.u8(0..6) {
                0 => drop(items.remove(place)),
                1 => items.push(items[place].clone()),
                _ => change(&mut items[place], random),
            }
        }
        other => *other = odd(random),
    }
}

fn operations(id: &str) -> Vec<(&'static str, String, Json)> {
    let by = json!({"name": "Priya Raman", "email": "priya@acme.example"});
    let handoff = json!({
        "route": "short", "external_id": "deal-1", "title": "Northwind", "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": "U0"}},
        "to": {"team": "onboarding", "owner": null}, "trigger": {"event": "deal.closed_won", "at": "2026-03-03T09:00:00Z"},
        "known": {"contact_email": "dana@northwind.example", "go_live_date": "2026-07-01"}, "callback_url": null,
        "sources": [{"type": "email", "format": "eml", "filename": "01.eml", "content": mail("We go live on 1 July 2026."), "encoding": "utf-8"},
                    {"type": "chat", "format": "slack", "content": {"messages": [{"user": "U1", "text": "Hello", "ts": "1772528400.000100"}]}}],
    });
    let fields = json!({"go_live_date": {"value": "2026-07-01"}, "contact_email": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-10"}},
                        "note": {"value": "They like blue"}});
    let glass =
        json!({"approver": by, "reason": "Their line stands still until then", "expires_at": "2026-03-05T12:00:00Z"});
    let mut sources = Map::new();
    sources.insert("sources".to_owned(), handoff["sources"].clone());
    sources.insert("known".to_owned(), handoff["known"].clone());
    let at = |rest: &str| format!("/v1/handoffs/{id}/{rest}");
    vec![
        ("POST", "/v1/handoffs".to_owned(), handoff.clone()),
        ("POST", "/v1/checks".to_owned(), handoff),
        ("PATCH", at("fields"), json!({"by": by, "fields": fields, "sources": {}})),
        ("POST", at("sources"), Json::Object(sources)),
        ("POST", at("transfer"), json!({"break_glass": glass})),
        ("POST", at("accept"), json!({"by": by, "read_back": "Live on 1 July"})),
        ("POST", at("return"), json!({"by": by, "type": "wrong", "reason": "It is not enough", "fields": ["note"]})),
        ("POST", at("cancel"), json!({"reason": "The deal fell through"})),
        ("POST", "/v1/passes/verify".to_owned(), json!({"pass": "a.b.c"})),
        ("POST", "/v1/reconcile".to_owned(), json!({"records": [{"external_id": "deal-1", "route": "short"}]})),
        ("POST", "/v1/routes/short/dry-run".to_owned(), json!({"route": short_route(2), "last": 3})),
        ("PUT", "/v1/routes/short".to_owned(), short_route(2)),
    ]
}

#[tokio::test]
async fn no_body_makes_the_service_fail() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let mut random = fastrand::Rng::with_seed(7);
    let (mut statuses, mut failed) = (BTreeMap::<u16, usize>::new(), Vec::new());
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    for (method, path, body) in operations(&id) {
        for _ in 0..PER_OPERATION {
            let mut body = body.clone();
            for _ in 0..random.u8(1..4) {
                change(&mut body, &mut random);
            }
            let tag = service.get(&format!("/v1/handoffs/{id}")).await.header("etag").to_owned();
            let answer = service.send(method, &path, Some(&body), &[("if-match", &tag)]).await;
            *statuses.entry(answer.status).or_default() += 1;
            let is_problem = answer.status < 400 || answer.header("content-type") == "application/problem+json";
            if answer.status >= 500 || !is_problem {
                failed.push(format!("{method} {path} {body}: {answer:?}").chars().take(2_000).collect::<String>());
            }
        }
    }
    // What was taken can be read to its end.
    for handoff in service.get("/v1/handoffs?limit=100").await.expect(200).json()["data"].as_array().expect("rows") {
        let id = handoff["id"].as_str().expect("an id");
        service.until(id, |seen| seen["status"] != "drafting").await;
        service.get(&format!("/v1/handoffs/{id}/brief?format=html")).await.expect(200);
    }
    figure(
        "odd bodies",
        failed.is_empty(),
        json!({"sent": statuses.values().sum::<usize>(), "statuses": statuses, "failed": failed}),
    );
}
