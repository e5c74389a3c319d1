//! Workspaces never meet, and what a request claims about itself is not
//! believed.

use baton::access::keys::Mode;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, figure, mail, short_route};

/// Stands in everything that the other workspace holds.
const CANARY: &str = "Zephyrine";
/// Has the form of an id and was never given.
pub const NEVER: &str = "hnd_00000000000000000000000000000000";

pub async fn call(service: &Service, bearer: &str, (method, path, body): (&str, &str, Option<&Json>)) -> Answer {
    let bearer = format!("Bearer {bearer}");
    let headers = [("authorization", bearer.as_str()), ("if-match", "\"1\"")];
    service.send_raw(method, path, body.map(|body| body.to_string().into_bytes()), &headers).await
}

/// Every operation on one handoff, with a body that would be taken.
pub fn on_handoff(id: &str) -> Vec<(&'static str, String, Option<Json>)> {
    let at = |rest: &str| format!("/v1/handoffs/{id}{rest}");
    let by = json!({"name": "Priya Raman"});
    vec![
        ("GET", at(""), None),
        ("GET", at("?wait=1"), None),
        ("GET", at("/brief"), None),
        ("GET", at("/brief?format=html"), None),
        ("GET", at("/brief?format=markdown&reading=latest"), None),
        ("GET", at("/events"), None),
        ("GET", at("/requests"), None),
        ("GET", at("/actions"), None),
        ("POST", at("/actions/tell-receiver/retry"), None),
        ("PATCH", at("/fields"), Some(json!({"by": by, "fields": {"note": {"value": "seen"}}}))),
        ("POST", at("/sources"), Some(json!({"sources": [{"content": mail("We go live on 2 July 2026.")}]}))),
        ("POST", at("/transfer"), Some(json!({}))),
        ("POST", at("/accept"), Some(json!({"by": by}))),
        ("POST", at("/return"), Some(json!({"by": by, "type": "wrong", "reason": "It is not ours"}))),
        ("POST", at("/cancel"), Some(json!({}))),
        ("POST", at("/retry"), None),
    ]
}

/// Every operation on one route.
pub fn on_route(id: &str) -> Vec<(&'static str, String, Option<Json>)> {
    let mut route = short_route(1);
    route["id"] = json!(id);
    vec![
        ("GET", format!("/v1/routes/{id}"), None),
        ("GET", format!("/v1/routes/{id}?version=1"), None),
        ("GET", format!("/v1/routes/{id}/versions"), None),
        ("POST", format!("/v1/routes/{id}/dry-run"), Some(json!({"route": route}))),
        ("POST", format!("/v1/routes/{id}/actions/dry-run"), Some(json!({}))),
        ("POST", format!("/v1/routes/{id}/actions/tell-receiver/test"), Some(json!({}))),
    ]
}

/// Every operation on one endpoint, and on deliveries and hooks by the same id.
pub fn on_endpoint(id: &str) -> Vec<(&'static str, String, Option<Json>)> {
    let at = |rest: &str| format!("/v1/endpoints/{id}{rest}");
    vec![
        ("GET", at(""), None),
        ("GET", at("/deliveries"), None),
        ("GET", format!("/v1/deliveries/{id}"), None),
        ("GET", "/v1/endpoints".to_owned(), None),
        ("GET", "/v1/hooks/sample".to_owned(), None),
        ("PATCH", at(""), Some(json!({"state": "paused"}))),
        ("POST", at("/rotate"), None),
        ("POST", at("/test"), Some(json!({"event": "handoff.ready"}))),
        ("POST", at("/replay"), Some(json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-08T00:00:00Z"}))),
        ("POST", format!("/v1/deliveries/{id}/resend"), None),
        ("DELETE", at(""), None),
        ("DELETE", format!("/v1/hooks/{id}"), None),
    ]
}

/// What an answer says, but for the request's own id and the thing that was asked for.
pub fn words(answer: &Answer, asked: &str) -> String {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("instance");
    }
    body.to_string().replace(asked, "IT")
}

/// A workspace with a handoff that has moved, one that has not, a route and a pass.
struct Neighbour {
    key: String,
    moved: String,
    open: String,
    pass: String,
    cursor: String,
}

async fn settle_in(service: &Service, workspace: &str, mode: Mode) -> Neighbour {
    let key = service.make_key("all", workspace, mode).await;
    let route = format!("{}-route", CANARY.to_lowercase());
    let mut file = short_route(1);
    file["id"] = json!(route);
    file["title"] = json!(format!("{CANARY} route"));
    call(service, &key, ("PUT", &format!("/v1/routes/{route}"), Some(&file))).await.expect(201);
    let mut ids = Vec::new();
    for (number, known) in [(1, json!({"contact_email": "dana@zephyrine.example"})), (2, json!({}))] {
        let body = json!({
            "route": route, "external_id": format!("{CANARY}:{number}"), "title": format!("{CANARY} Ltd"), "known": known,
            "sources": [{"filename": format!("{CANARY}.eml"), "content": mail(&format!("{CANARY} goes live on 1 July 2026. We go live on 1 July 2026."))}],
        });
        ids.push(call(service, &key, ("POST", "/v1/handoffs?wait=20", Some(&body))).await.expect(200).id());
    }
    let transfer = format!("/v1/handoffs/{}/transfer", ids[0]);
    let moved = call(service, &key, ("POST", &transfer, None)).await;
    let moved = if moved.status == 412 {
        service.send_raw("POST", &transfer, None, &[("authorization", &format!("Bearer {key}"))]).await
    } else {
        moved
    };
    let pass = moved.expect(200).json()["pass"].as_str().expect("a pass").to_owned();
    let page = call(service, &key, ("GET", "/v1/handoffs?limit=1", None)).await.expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor").to_owned();
    Neighbour { key, moved: ids[0].clone(), open: ids[1].clone(), pass, cursor }
}

async fn versions(service: &Service, neighbour: &Neighbour) -> Vec<i64> {
    let mut all = Vec::new();
    for id in [&neighbour.moved, &neighbour.open] {
        let seen = call(service, &neighbour.key, ("GET", &format!("/v1/handoffs/{id}"), None)).await.expect(200).json();
        all.push(seen["version"].as_i64().expect("a version"));
    }
    all
}

#[tokio::test]
async fn another_workspace_is_as_if_it_were_not_there() {
    let service = Service::start().await;
    let neighbours = [settle_in(&service, "other", Mode::Live).await, settle_in(&service, "main", Mode::Test).await];
    let strangers = [
        service.key.clone(),
        service.make_key("all", "third", Mode::Live).await,
        service.make_key("all", "other", Mode::Test).await,
    ];
    let (mut tried, mut not_404, mut different, mut canaries) = (0, 0, 0, 0);
    let mut judge = |answer: &Answer, never: &Answer, asked: (&str, &str), expected: u16| {
        tried += 1;
        not_404 += usize::from(answer.status != expected || never.status != expected);
        different += usize::from(words(answer, asked.0) != words(never, asked.1));
        canaries += usize::from(answer.text.contains(CANARY) || format!("{:?}", answer.headers).contains(CANARY));
    };
    let route = format!("{}-route", CANARY.to_lowercase());
    for neighbour in &neighbours {
        let before = versions(&service, neighbour).await;
        for stranger in &strangers {
            for id in [&neighbour.moved, &neighbour.open] {
                for ((method, path, body), (_, other, _)) in on_handoff(id).into_iter().zip(on_handoff(NEVER)) {
                    let answer = call(&service, stranger, (method, &path, body.as_ref())).await;
                    let never = call(&service, stranger, (method, &other, body.as_ref())).await;
                    judge(&answer, &never, (id, NEVER), 404);
                }
            }
            for ((method, path, body), (_, other, never_body)) in
                on_route(&route).into_iter().zip(on_route("never-route"))
            {
                let answer = call(&service, stranger, (method, &path, body.as_ref())).await;
                let never = call(&service, stranger, (method, &other, never_body.as_ref())).await;
                judge(&answer, &never, (&route, "never-route"), 404);
            }
            // Ids inside bodies and queries.
            let begun = |route: &str| json!({"route": route, "known": {"customer_name": "Northwind"}});
            let answer = call(&service, stranger, ("POST", "/v1/handoffs", Some(&begun(&route)))).await;
            let never = call(&service, stranger, ("POST", "/v1/handoffs", Some(&begun("never-route")))).await;
            judge(&answer, &never, (&route, "never-route"), 422);
            let records = |id: &str| json!({"records": [{"external_id": id}]});
            let (theirs, nobodys) = (format!("{CANARY}:1"), "Nobody:1");
            let answer = call(&service, stranger, ("POST", "/v1/reconcile", Some(&records(&theirs)))).await;
            let never = call(&service, stranger, ("POST", "/v1/reconcile", Some(&records(nobodys)))).await;
            assert_eq!(answer.text.replace(&theirs, "IT"), never.text.replace(nobodys, "IT"));
            let pass = json!({"pass": neighbour.pass});
            let verified = call(&service, stranger, ("POST", "/v1/passes/verify", Some(&pass))).await.expect(200);
            assert_eq!(verified.json(), json!({"valid": false, "reason": "unknown"}));
            let paged = format!("/v1/handoffs?cursor={}", neighbour.cursor);
            call(&service, stranger, ("GET", &paged, None)).await.expect(400);
            for path in [
                "/v1/handoffs?limit=100",
                "/v1/routes",
                "/v1/audit?limit=100",
                "/v1/insights?by=team",
                "/v1/insights?by=gap&format=json",
                "/metrics",
                "/v1/outbox?limit=100",
                &format!("/v1/outbox?handoff={}", neighbour.open),
                &format!("/v1/handoffs?external_id={CANARY}:1"),
                &format!("/v1/handoffs?route={route}"),
                &format!("/v1/search?q={CANARY}+live"),
            ] {
                let answer = call(&service, stranger, ("GET", path, None)).await.expect(200);
                assert!(
                    !answer.text.contains(CANARY) && !answer.text.contains(&neighbour.open),
                    "{path}: {}",
                    answer.text
                );
            }
        }
        assert_eq!(versions(&service, neighbour).await, before, "nothing was changed");
    }
    let pass = (not_404, different, canaries) == (0, 0, 0);
    figure("R-49", pass, json!({"tried": tried, "not_404": not_404, "different": different, "canaries": canaries}));
}

#[tokio::test]
async fn what_a_caller_may_not_set_is_named() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    let by = json!({"name": "Priya Raman"});
    let bodies = [
        ("POST", "/v1/handoffs".to_owned(), json!({"route": "short", "known": {"note": "a"}})),
        ("POST", "/v1/checks".to_owned(), json!({"route": "short", "known": {"note": "a"}})),
        ("PATCH", format!("/v1/handoffs/{id}/fields"), json!({"by": by, "fields": {"note": {"value": "seen"}}})),
        ("POST", format!("/v1/handoffs/{id}/sources"), json!({"known": {"note": "a"}})),
        ("POST", format!("/v1/handoffs/{id}/transfer"), json!({})),
        ("POST", format!("/v1/handoffs/{id}/accept"), json!({"by": by})),
        ("POST", format!("/v1/handoffs/{id}/return"), json!({"by": by, "type": "wrong", "reason": "It is wrong"})),
        ("POST", format!("/v1/handoffs/{id}/cancel"), json!({})),
        ("POST", "/v1/passes/verify".to_owned(), json!({"pass": "x"})),
        ("POST", "/v1/reconcile".to_owned(), json!({"records": []})),
        ("POST", "/v1/routes/short/dry-run".to_owned(), json!({"route": short_route(2)})),
        ("PUT", "/v1/routes/short".to_owned(), short_route(2)),
    ];
    let (mut tried, mut wrong) = (0, Vec::new());
    for (method, path, body) in &bodies {
        for key in ["workspace", "tenant_id", "status", "id", "created_at", "gate", "version", "verdict", "pass"] {
            if body.get(key).is_some() {
                continue;
            }
            let mut body = body.clone();
            body[key] = json!("other");
            let seen = service.get(&format!("/v1/handoffs/{id}")).await;
            let tag = seen.header("etag").to_owned();
            let answer = service.send(method, path, Some(&body), &[("if-match", &tag)]).await;
            tried += 1;
            let named = answer.status == 422 && answer.json()["errors"].to_string().contains(key);
            if !named {
                wrong.push(format!("{method} {path} {key}: {} {}", answer.status, answer.text));
            }
        }
    }
    assert_eq!(service.get(&format!("/v1/handoffs/{id}")).await.json()["status"], "needs_input");
    figure("A-30", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

#[tokio::test]
async fn what_a_request_says_of_its_way_is_not_believed() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-for", "10.66.66.66"),
        ("forwarded", "for=10.66.66.66;host=evil.example"),
        ("origin", "https://evil.example"),
        ("x-original-url", "/v1/audit"),
        ("x-http-method-override", "DELETE"),
    ];
    let body = json!({"route": "short", "sources": [{"content": mail("We go live on 1 July 2026.")}], "known": {"contact_email": "dana@northwind.example"}});
    let begun = service.send("POST", "/v1/handoffs?wait=20", Some(&body), &headers).await.expect(200);
    let id = begun.id();
    let mut answers = vec![begun];
    for path in [
        format!("/v1/handoffs/{id}"),
        format!("/v1/handoffs/{id}/brief?format=html"),
        format!("/v1/handoffs/{id}/events"),
        "/v1/handoffs".to_owned(),
        "/nowhere".to_owned(),
        "/healthz".to_owned(),
    ] {
        answers.push(service.send("GET", &path, None, &headers).await);
    }
    answers.push(service.send("POST", &format!("/v1/handoffs/{id}/transfer"), None, &headers).await.expect(200));
    let found = answers.iter().filter(|answer| {
        let all = format!("{:?}{}", answer.headers, answer.text);
        ["evil.example", "10.66.66.66", "gopher"].iter().any(|word| all.contains(word))
    });
    let found = found.count();
    let links = answers[0].json()["links"].clone();
    let relative = links["self"] == format!("/v1/handoffs/{id}") && answers[0].header("location").starts_with("/v1/");
    figure(
        "A-35",
        found == 0 && relative,
        json!({"answers": answers.len(), "forged_words": found, "relative_links": relative}),
    );
}
