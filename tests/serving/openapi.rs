//! The description of the service against the service: every example is sent
//! and carried out, every described route is there, and none besides.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::conformance::{DOCUMENT, resolve, validator};
use crate::harness::{Answer, Service};

/// Every operation as method, path and description.
fn operations() -> Vec<(String, &'static str, &'static Json)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&'static String, &'static Json)| {
        let all = item.as_object().expect("operations").iter();
        all.map(|(method, operation)| (method.to_uppercase(), path.as_str(), operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Sends examples and remembers which.
struct Story {
    service: Service,
    sent: BTreeSet<(String, String)>,
}

impl Story {
    /// The example of an operation in one form, as bytes and as the description has it.
    async fn send(&mut self, id: &str, media: &str, (target, version): (&str, Option<&str>)) -> Answer {
        let (method, _, operation) =
            operations().into_iter().find(|(_, _, operation)| operation["operationId"] == id).expect(id);
        let form = &operation["requestBody"]["content"][media];
        let example = &form["example"];
        if media.ends_with("json") {
            let validator = validator(&form["schema"]);
            let wrong: Vec<String> = validator.iter_errors(example).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{id}: {wrong:?}");
        }
        let body = example.as_str().map_or_else(|| example.to_string(), str::to_owned).into_bytes();
        let key = format!("Bearer {}", self.service.key);
        let mut headers = vec![("authorization", key.as_str()), ("content-type", media)];
        headers.extend(version.map(|version| ("if-match", version)));
        self.sent.insert((id.to_owned(), media.to_owned()));
        let answer = self.service.send_raw(&method, target, Some(body), &headers).await;
        assert!((200..300).contains(&answer.status), "{id} {media}: {answer:?}");
        answer
    }

    async fn json(&mut self, id: &str, target: &str) -> Answer {
        self.send(id, "application/json", (target, None)).await
    }
}

#[tokio::test]
async fn every_example_is_carried_out() {
    let mut story = Story { service: Service::start().await, sent: BTreeSet::new() };
    let begun = story.json("createHandoff", "/v1/handoffs?wait=25").await;
    let at = format!("/v1/handoffs/{}", begun.id());
    assert_eq!(begun.json()["status"], "needs_input");
    story.service.app().look_at_due().await.expect("it looks");
    let asked = story.service.get(&format!("{at}/requests")).await.json();
    let request = asked["data"][0]["id"].as_str().expect("somebody is asked").to_owned();
    story.json("makeLink", &format!("{at}/links")).await;
    story.json("snoozeRequest", &format!("/v1/requests/{request}/snooze")).await;
    let version = begun.header("etag").to_owned();
    let fields = format!("{at}/fields");
    let answered = story.send("answerFields", "application/json", (&fields, Some(&version))).await;
    assert_eq!(answered.json()["status"], "ready", "{answered:?}");
    let moved = story.json("transferHandoff", &format!("{at}/transfer")).await.json();
    assert_eq!(moved["status"], "transferred");
    story.json("reconcile", "/v1/reconcile").await;
    story.json("acceptHandoff", &format!("{at}/accept")).await;
    let returned = story.json("returnHandoff", &format!("{at}/return")).await.json();
    assert_eq!(returned["gaps"][0]["field"], "primary_contact");
    story.json("addSources", &format!("{at}/sources")).await;
    story.json("cancelHandoff", &format!("{at}/cancel")).await;
    assert_eq!(story.json("verifyPass", "/v1/passes/verify").await.json()["valid"], false);

    story.json("checkHandoff", "/v1/checks").await;
    for media in ["message/rfc822", "text/vtt"] {
        let query = "route=sales-to-onboarding&wait=25";
        let id = story.send("createHandoff", media, (&format!("/v1/handoffs?{query}"), None)).await.id();
        story.send("checkHandoff", media, (&format!("/v1/checks?{query}"), None)).await;
        story.send("addSources", media, (&format!("/v1/handoffs/{id}/sources"), None)).await;
    }
    story.json("publishRoute", "/v1/routes/sales-to-partner").await;
    let endpoint = story.json("createEndpoint", "/v1/endpoints").await.id();
    let at = format!("/v1/endpoints/{endpoint}");
    story.json("changeEndpoint", &at).await;
    story.json("testEndpoint", &format!("{at}/test")).await;
    story.json("replayMessages", &format!("{at}/replay")).await;
    story.json("subscribeHook", "/v1/hooks").await;
    story.json("dryRunRoute", "/v1/routes/sales-to-partner/dry-run").await;
    story.json("dryRunActions", "/v1/routes/sales-to-partner/actions/dry-run").await;
    story.json("testAction", "/v1/routes/sales-to-partner/actions/tell-receiver/test").await;

    let kept = story.json("createHandoff", "/v1/handoffs?wait=25").await.id();
    story.json("holdHandoff", &format!("/v1/handoffs/{kept}/hold")).await;
    let found = story.json("findPerson", "/v1/persons").await.json();
    assert!(found["handoffs"].as_array().is_some_and(|all| all.contains(&json!(kept))), "{found}");
    assert!(
        !story.json("exportPerson", "/v1/exports").await.json()["messages"].as_array().expect("messages").is_empty()
    );
    // The id in this example names nothing: what is erased is told by a test of its own.
    story.service.post("/v1/erasures", &json!({"handoff": "hnd_0123456789abcdef0123456789abcdef"})).await.expect(404);
    story.sent.insert(("requestErasure".to_owned(), "application/json".to_owned()));

    let mut described = BTreeSet::new();
    for (_, _, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        for (media, form) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            if form.get("example").is_some() {
                described.insert((id.to_owned(), media.clone()));
            }
        }
    }
    assert_eq!(story.sent, described, "every example is sent");
    let bodies = operations().iter().filter(|(_, _, operation)| operation.get("requestBody").is_some()).count();
    assert_eq!(described.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len(), bodies, "every body has an example");
}

#[tokio::test]
async fn whatever_can_be_looked_at_has_the_form_described() {
    let service = Service::start().await;
    let id = service.hand_over("northwind-01").await.expect(200).id();
    service.get("/docs").await.expect(200);
    let made = json!({"url": "https://hooks.northwind.example/baton"});
    let endpoint = service.post("/v1/endpoints", &made).await.expect(201).id();
    let test = json!({"event": "handoff.ready"});
    let delivery = service.post(&format!("/v1/endpoints/{endpoint}/test"), &test).await.expect(202).id();
    let mut other = crate::harness::sample("northwind-01");
    other["external_id"] = json!("another");
    let other = service.post("/v1/handoffs?wait=25", &other).await.expect(200).id();
    let erasure = service.post("/v1/erasures", &json!({"handoff": other})).await.expect(202).id();
    let mut looked_at = 0;
    for (method, path, _) in operations().into_iter().filter(|(method, _, _)| method == "GET") {
        let variable = if path.starts_with("/v1/routes") { "sales-to-onboarding" } else { &id };
        let variable = if path.starts_with("/v1/endpoints") { &endpoint } else { variable };
        let variable = if path.starts_with("/v1/deliveries") { &delivery } else { variable };
        let variable = if path.starts_with("/problems") { "incomplete" } else { variable };
        let variable = if path.starts_with("/v1/erasures") { &erasure } else { variable };
        let mut target = path.replace("{id}", variable).replace("{code}", variable);
        if path == "/v1/search" {
            target.push_str("?q=live");
        }
        // Whether an answer is as described is looked at wherever a test gets one.
        service.send(&method, &target, None, &[]).await.expect(200);
        looked_at += 1;
    }
    assert!(looked_at > 12, "{looked_at}");
    for (format, media) in [("json", "application/json"), ("markdown", "text/markdown"), ("html", "text/html")] {
        let brief = service.get(&format!("/v1/handoffs/{id}/brief?format={format}")).await.expect(200);
        assert!(brief.header("content-type").starts_with(media), "{brief:?}");
    }
    let seen = service.get(&format!("/v1/handoffs/{id}")).await;
    service
        .send("GET", &format!("/v1/handoffs/{id}"), None, &[("if-none-match", seen.header("etag"))])
        .await
        .expect(304);
}

#[tokio::test]
async fn the_routes_are_those_described() {
    let service = Service::start().await;
    let all = operations();
    for path in all.iter().map(|(_, path, _)| *path).collect::<BTreeSet<_>>() {
        let target = path.replace("{id}", "none").replace("{code}", "none");
        let mut described: BTreeSet<&str> =
            all.iter().filter(|(_, other, _)| *other == path).map(|(method, _, _)| method.as_str()).collect();
        // Whatever can be read can be asked for without its body.
        if described.contains("GET") {
            described.insert("HEAD");
        }
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let answer = service.send_raw(method, &target, None, &[]).await;
            if described.contains(method) {
                // Without a key nothing further is said; what is open may be about something that is not there.
                let is_open =
                    all.iter().any(|(_, other, operation)| *other == path && operation["security"] == json!([]));
                assert!(
                    [401, 429].contains(&answer.status) || is_open && [200, 404, 503].contains(&answer.status),
                    "{method} {path}: {answer:?}"
                );
            } else {
                assert_eq!(answer.status, 405, "{method} {path}");
                let allowed: BTreeSet<&str> = answer.header("allow").split(',').map(str::trim).collect();
                assert_eq!(allowed, described, "{method} {path}");
            }
        }
    }
    let changed = json!({"route": {"id": "none", "fields": [{"key": "note", "type": "text"}]}});
    service.post("/v1/routes/none/dry-run", &changed).await.expect(404);
    for path in
        ["/nowhere", "/v1", "/v1/handoffs/", "/v1/handoffs/a/b", "/openapi.yaml", "/v2/handoffs", "/problems/none"]
    {
        assert_eq!(service.get(path).await.expect(404).json()["code"], "not-found");
    }
}

/// A route that is added past the description would be a secret.
#[test]
fn no_route_is_added_past_the_description() {
    let text = include_str!("../../src/api/mod.rs");
    let plain: Vec<&str> = text.lines().filter(|line| line.contains(".route(") || line.contains(".nest(")).collect();
    assert!(plain.is_empty(), "{plain:?}");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let service = Service::start().await;
    let page = service.get("/docs/").await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"), "{policy}");
    let mut loaded = 0;
    for piece in
        page.text.split(['"', '\'']).filter(|piece| [".js", ".css", ".png"].iter().any(|end| piece.ends_with(end)))
    {
        assert!(!piece.contains("//"), "{piece}");
        service.get(&format!("/docs/{}", piece.trim_start_matches("./"))).await.expect(200);
        loaded += 1;
    }
    assert!(loaded >= 5, "{loaded}");
    let start = service.get("/docs/swagger-initializer.js").await.expect(200);
    assert!(
        start.text.contains("\"/openapi.json\"") && start.text.contains("\"validatorUrl\": \"none\""),
        "{}",
        start.text
    );
    service.get("/docs/nothing.js").await.expect(404);
}

#[test]
fn problems_are_described_by_their_kinds() {
    for (status, code) in [("409", "incomplete"), ("412", "version-mismatch"), ("428", "version-required")] {
        let operation = if status == "428" { "/v1/handoffs/{id}/fields" } else { "/v1/handoffs/{id}/transfer" };
        let method = if status == "428" { "patch" } else { "post" };
        let answer = resolve(&DOCUMENT["paths"][operation][method]["responses"][status]);
        let example = &answer["content"]["application/problem+json"]["examples"][code]["value"];
        assert_eq!(example["code"], code, "{answer}");
    }
}
