//! Every reply that is no success is a problem, from whichever layer it comes,
//! and every reply at all carries the same headers.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton::api::edge::EdgeSettings;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;

use crate::running::{Reply, Running, edge_settings, post_of, server_settings};

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn routers_extractors_and_handlers_answer_problems() {
    let running = Running::start().await;
    running.get("/nothing").await.problem(404, "not-found");
    running.get("/orders/abc").await.problem(404, "not-found");
    let reply = running.ask("DELETE /orders HTTP/1.1\r\nHost: a\r\n\r\n").await;
    reply.problem(405, "method-not-allowed");
    assert_eq!(reply.header("allow"), Some("POST"));
    running.ask("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").await.problem(405, "method-not-allowed");
    running.ask("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n").await.problem(405, "method-not-allowed");
    let document = running.get("/pages?limit=many").await.problem(400, "invalid-query");
    assert_eq!(Reply::errors(&document)[0].pointer, "/query/limit");
    running.get("/panic").await.problem(500, "internal");
    running.get("/broken").await.problem(500, "internal");
    running.get("/bare").await.problem(502, "internal");
    let document = running.get("/refused").await.problem(403, "forbidden");
    assert_eq!(document["scope"], "admin");
    let reply = running.ask(post_of("/upload", "Content-Type: text/plain\r\n", b"x")).await;
    reply.problem(400, "malformed-request");
    assert_eq!(running.get("/").await.status, 200, "the service goes on");
}

#[tokio::test]
async fn bodies_that_are_no_orders_are_refused_by_place() {
    let running = Running::start().await;
    for (headers, body, status, code, place) in [
        (JSON, &b"{\"route\": }"[..], 400, "malformed-json", None),
        (JSON, b"", 400, "malformed-json", None),
        (JSON, b"\"\xff\"", 400, "malformed-json", None),
        (JSON, b"{\"route\": \"a\", \"route\": \"b\"}", 400, "duplicate-key", Some("/route")),
        (JSON, b"{\"route\": 1}", 422, "invalid-request", Some("/route")),
        (JSON, b"{\"route\": \"a\", \"lines\": [1, \"2\"]}", 422, "invalid-request", Some("/lines/1")),
        (JSON, b"{\"route\": \"a\", \"id\": 1}", 422, "invalid-request", Some("/id")),
        ("", b"{\"route\": \"a\"}", 415, "unsupported-media-type", None),
        ("Content-Type: text/plain\r\n", b"{\"route\": \"a\"}", 415, "unsupported-media-type", None),
        ("Content-Encoding: br\r\n", b"{\"route\": \"a\"}", 415, "unsupported-encoding", None),
    ] {
        let document = running.ask(post_of("/orders", headers, body)).await.problem(status, code);
        let errors = Reply::errors(&document);
        assert_eq!(errors.first().map(|error| error.pointer.as_str()), place, "{document}");
    }
    let reply = running.ask(post_of("/orders", JSON, b"{\"route\": \"a\"}")).await;
    assert_eq!((reply.status, reply.text()), (202, r#"{"route":"a","lines":[]}"#.to_owned()));
}

#[tokio::test]
async fn every_reply_carries_an_id_and_the_safe_headers() {
    let running = Running::start().await;
    for path in ["/", "/large", "/events", "/problems", "/problems/not-found"] {
        let reply = running.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.is_dressed();
    }
    running.get("/problems/no-such-kind").await.problem(404, "not-found");
    let ask = |id: &str| format!("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n\r\n");
    assert_eq!(running.ask(ask("crm-17.a")).await.header("x-request-id"), Some("crm-17.a"));
    let made = running.ask(ask("a b\"<")).await;
    assert!(made.header("x-request-id").is_some_and(|id| id.starts_with("req_")), "{made:?}");
    assert_eq!(running.get("/peer").await.text().split(':').next(), Some("127.0.0.1"));
}

#[tokio::test]
async fn large_replies_are_packed_for_those_who_ask() {
    let running = Running::start().await;
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    let (packed, plain) = (running.ask(ask("/large")).await, running.get("/large").await);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(plain.header("content-encoding"), None);
    assert!(packed.body.len() * 20 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    assert_eq!(running.ask(ask("/")).await.header("content-encoding"), None);
    assert_eq!(running.ask(ask("/events")).await.header("content-encoding"), None);
}

#[tokio::test]
async fn handlers_that_take_too_long_are_answered_for() {
    let settings = EdgeSettings { answer_deadline: Duration::from_millis(50), ..edge_settings() };
    let running = Running::start_with(settings, server_settings()).await;
    let reply = running.get("/held").await;
    reply.problem(503, "timed-out");
    assert_eq!(reply.header("retry-after"), Some("5"));
}

#[tokio::test]
async fn quotas_are_told_on_every_reply() {
    let running = Running::start().await;
    let first = running.get("/limited").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("ratelimit-policy"), Some("\"default\";q=2;w=120"));
    assert_eq!(first.header("ratelimit"), Some("\"default\";r=1;t=60"));
    assert_eq!(first.header("x-ratelimit-reset"), Some("1060"));
    assert_eq!(running.get("/limited").await.header("x-ratelimit-remaining"), Some("0"));
    let refused = running.get("/limited").await;
    refused.problem(429, "quota-exceeded");
    let wait: u64 = refused.header("retry-after").and_then(|wait| wait.parse().ok()).expect("a wait");
    assert!((50..=60).contains(&wait), "{wait}");
    assert_eq!(refused.header("ratelimit"), Some(format!("\"default\";r=0;t={wait}").as_str()));
    let refused = running.get("/limited/crm").await;
    refused.problem(429, "quota-exceeded");
    assert_eq!(refused.header("retry-after"), None, "left out for callers that read it wrong");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn log_and_figures_say_what_happened_and_nothing_of_the_content() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    let _log = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _figures = metrics::set_default_local_recorder(&recorder);
    let running = Running::start().await;
    // Where another test of this process came by first, its want of a log may be remembered.
    running.get("/first").await;
    tracing::callsite::rebuild_interest_cache();
    lines.0.lock().expect("lines").clear();
    running.ask("GET /orders/canary?canary=1 HTTP/1.1\r\nHost: canary\r\nX-Canary: canary\r\n\r\n").await;
    running.ask(post_of("/orders", JSON, b"{\"route\": {\"canary\": \"canary\"}, \"canary\": 1}")).await;
    running.ask("CANARY /canary HTTP/1.1\r\nHost: a\r\n\r\n").await;
    running.get("/panic").await;
    running.get("/limited").await;
    let text = String::from_utf8(lines.0.lock().expect("lines").clone()).expect("text");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ours = lines.iter().filter(|line| line["target"].as_str().is_some_and(|target| target.starts_with("baton")));
    let ours: Vec<&Value> = ours.collect();
    let seen: Vec<_> =
        ours.iter().map(|line| &line["fields"]).filter(|fields| fields["message"] == "request").collect();
    let expected = [
        ("GET", "/orders/{number}", 404, None),
        ("POST", "/orders", 422, None),
        ("OTHER", "unmatched", 404, None),
        ("GET", "/panic", 500, None),
        ("GET", "/limited", 200, Some("ws_1")),
    ];
    for (fields, (method, path, status, workspace)) in seen.iter().zip(expected) {
        assert_eq!(
            (&fields["method"], &fields["path"], &fields["status"]),
            (&method.into(), &path.into(), &status.into())
        );
        assert_eq!(fields["workspace"].as_str(), workspace, "{fields}");
        assert!(fields["request_id"].is_string() && fields["ms"].is_number(), "{fields}");
        let figure = format!("baton_http_requests_total{{method=\"{method}\",path=\"{path}\",status=\"{status}\"}} 1");
        assert!(figures.render().contains(&figure), "{figure} in {}", figures.render());
    }
    assert_eq!(seen.len(), expected.len(), "{text}");
    assert!(ours.iter().all(|line| !line.to_string().to_lowercase().contains("canary")), "{text}");
    assert!(!figures.render().to_lowercase().contains("canary"));
}
