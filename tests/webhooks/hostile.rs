//! Receivers and callers that mean harm: what our own network answers is shown
//! to nobody, and nothing that is given becomes a header or a second message.

use serde_json::json;

use crate::harness::figure;
use crate::sink::{Sink, reply};
use crate::{deliveries, endpoint, hand_over, quiet, start};

#[tokio::test]
async fn what_our_own_network_answers_is_shown_to_nobody() {
    const CANARY: &str = "Zephyrine-inside";
    let service = start(|_| {}).await;
    let sink =
        Sink::start(|seen| reply(if seen.path == "/bad" { 500 } else { 200 }, &[("x-inside", CANARY)], CANARY)).await;
    let mut found = 0;
    for path in ["/good", "/bad"] {
        let (id, _) = endpoint(&service, &sink.url(path), &["handoff.received"]).await;
        hand_over(&service).await;
        quiet(&service).await;
        let all = service.get(&format!("/v1/endpoints/{id}/deliveries")).await.expect(200);
        let one = deliveries(&service, &id).await[0]["id"].as_str().expect("an id").to_owned();
        let one = service.get(&format!("/v1/deliveries/{one}")).await.expect(200);
        assert!(one.json()["log"][0]["excerpt"].is_null(), "{one:?}");
        let audit = service.get("/v1/audit?limit=100").await.expect(200);
        found += [all.text, one.text, audit.text].iter().filter(|text| text.contains(CANARY)).count();
    }
    let mut lying = 0;
    for file in ["baton.db", "baton.db-wal"] {
        let bytes = std::fs::read(service.settings.data_dir.join(file)).unwrap_or_default();
        lying += bytes.windows(CANARY.len()).filter(|window| *window == CANARY.as_bytes()).count();
    }
    figure("A-15", (found, lying) == (0, 0), json!({"shown": found, "stored": lying}));
}

#[tokio::test]
async fn nothing_given_becomes_a_header_or_a_second_message() {
    let (service, sink) = (start(|_| {}).await, Sink::good().await);
    let base = sink.url("/");
    let mut accepted = Vec::new();
    let evil = [
        "\r\nX-Evil: 1",
        "\nX-Evil: 1",
        "\r",
        "\0",
        "\u{85}",
        "\u{2028}x",
        "\t",
        " HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "\u{1b}[31m",
    ];
    for evil in evil {
        for body in [
            json!({"url": format!("{base}{evil}")}),
            json!({"url": format!("http://127.0.0.1{evil}:{}/", sink.port)}),
            json!({"url": base, "description": format!("a{evil}").replace('\u{2028}', "\u{7}").replace(" HTTP", "\u{b}")}),
            json!({"url": base, "secret": format!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw{evil}").replace('\t', "\u{b}")}),
        ] {
            let answer = service.post("/v1/endpoints", &body).await;
            // Blanks around a secret mean nothing.
            let is_blank = body.get("secret").and_then(|one| one.as_str()).is_some_and(|one| one.trim().len() == 38);
            if answer.status != 422 && !is_blank {
                accepted.push(body);
            }
        }
    }
    for name in ["Host", "Content-Length", "webhook-id", "webhook-signature", "Transfer-Encoding", "Authorization"] {
        let body = json!({"url": base, "headers": {name: "x\r\ny: z"}});
        service.post("/v1/endpoints", &body).await.expect(422);
    }
    let (_, _) = endpoint(&service, &sink.url("/one"), &["handoff.received"]).await;
    let title = "a\r\n\r\nPOST /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let body =
        json!({"route": "short", "title": title, "external_id": "x\r\nwebhook-id: evil", "known": {"note": "a\nb"}});
    service.post("/v1/handoffs", &body).await;
    hand_over(&service).await;
    quiet(&service).await;
    let seen = sink.seen_at("/one");
    let whole = seen.iter().all(|one| one.body.len().to_string() == one.header("content-length"));
    let evil = sink.seen().iter().filter(|one| one.path.contains("evil") || one.headers.contains_key("x-evil")).count();
    let names: std::collections::BTreeSet<&str> = seen[0].headers.keys().map(String::as_str).collect();
    let known = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ];
    let only_ours = names.iter().all(|name| known.contains(name));
    let pass = accepted.is_empty() && whole && evil == 0 && only_ours && (1..=2).contains(&seen.len());
    figure(
        "A-16",
        pass,
        json!({"accepted": accepted, "messages": seen.len(), "whole": whole, "evil": evil, "headers": names}),
    );
}
