//! Keys open what they say and no more; those that do not live open nothing,
//! whoever guesses is shut out, and each has its quota.

use std::collections::BTreeSet;

use baton::access::callers::Preset;
use baton::access::keys::Mode;
use baton::app::KeyRequest;
use baton::store::{Options, Store};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, settings, short_route};
use crate::walls::{NEVER, call, on_endpoint, on_handoff, on_route, words};

#[tokio::test]
async fn every_operation_needs_its_scope() {
    const SCOPES: [&str; 12] = [
        "handoffs:read",
        "handoffs:write",
        "transfer",
        "break_glass",
        "routes:read",
        "routes:write",
        "audit:read",
        "metrics:read",
        "endpoints:read",
        "endpoints:write",
        "erase",
        "keys:manage",
    ];
    let service = Service::start().await;
    let known = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Northwind"}});
    let mut operations: Vec<(&str, String, Option<Json>, &str)> = vec![
        ("POST", "/v1/handoffs".into(), Some(known.clone()), "handoffs:write"),
        ("GET", "/v1/handoffs".into(), None, "handoffs:read"),
        ("POST", "/v1/checks".into(), Some(known), "handoffs:write"),
        ("GET", "/v1/routes".into(), None, "routes:read"),
        ("PUT", "/v1/routes/short".into(), Some(short_route(1)), "routes:write"),
        ("POST", "/v1/reconcile".into(), Some(json!({"records": []})), "handoffs:read"),
        ("POST", "/v1/passes/verify".into(), Some(json!({"pass": "x"})), "handoffs:read"),
        ("GET", "/v1/audit".into(), None, "audit:read"),
        ("GET", "/v1/insights".into(), None, "audit:read"),
        ("GET", "/metrics".into(), None, "metrics:read"),
        ("POST", "/v1/erasures".into(), Some(json!({"handoff": NEVER})), "erase"),
        ("GET", "/v1/erasures/ers_0".into(), None, "erase"),
        ("PUT", format!("/v1/handoffs/{NEVER}/hold"), Some(json!({"reason": "A dispute"})), "erase"),
        ("DELETE", format!("/v1/handoffs/{NEVER}/hold"), None, "erase"),
        ("POST", "/v1/persons".into(), Some(json!({"person": {"names": ["Dana"]}})), "erase"),
        ("POST", "/v1/exports".into(), Some(json!({"person": {"names": ["Dana"]}})), "erase"),
    ];
    for (method, path, body) in on_endpoint("end_00000000000000000000000000000000") {
        let scope = if method == "GET" { "endpoints:read" } else { "endpoints:write" };
        operations.push((method, path, body, scope));
    }
    for (method, path, body) in on_handoff(NEVER) {
        let scope = match method {
            "GET" => "handoffs:read",
            _ if path.ends_with("/transfer") => "transfer",
            _ => "handoffs:write",
        };
        operations.push((method, path, body, scope));
    }
    for (method, path, body) in on_route("sales-to-onboarding") {
        let scope = if path.ends_with("/test") { "routes:write" } else { "routes:read" };
        operations.push((method, path, body, scope));
    }
    let (mut tried, mut wrong) = (0, Vec::new());
    for scope in SCOPES {
        let key = service.make_key(scope, "main", Mode::Live).await;
        for (method, path, body, needed) in &operations {
            let answer = call(&service, &key, (method, path, body.as_ref())).await;
            tried += 1;
            if (answer.status == 403) != (scope != *needed) || answer.status == 401 || answer.status >= 500 {
                wrong.push(format!("{method} {path} with {scope}: {} {}", answer.status, answer.text));
            }
        }
    }
    figure("A-31 scopes", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

/// Two keys that were good: one that was revoked and one that is over.
async fn dead_keys(service: &Service) -> (String, String) {
    let expiring = KeyRequest {
        name: "soon".to_owned(),
        workspace: "main".to_owned(),
        mode: Mode::Live,
        scopes: "all".parse().expect("scopes"),
        preset: Preset::Plain,
        key_pointer: None,
        expires_at: Some(service.clock.now() + SignedDuration::from_mins(1)),
        signing_secret: None,
    };
    let (_, expiring) = service.app().add_key(expiring).await.expect("a key");
    let expiring = expiring.expose_secret().to_owned();
    call(service, &expiring, ("GET", "/v1/handoffs", None)).await.expect(200);
    let revoked = service.make_key("all", "main", Mode::Live).await;
    call(service, &revoked, ("GET", "/v1/handoffs", None)).await.expect(200);
    let beside = Store::open_beside(&Options { folder: service.settings.data_dir.clone() }).await.expect("the store");
    let rows = baton::app::keys(&beside).await.expect("keys");
    let row = rows.iter().find(|row| revoked.contains(&row.id)).expect("the key's row");
    assert!(baton::app::cut_key(&beside, row.id.clone(), service.clock.now()).await.expect("a write"));
    beside.close().await;
    service.clock.advance(SignedDuration::from_mins(2));
    (revoked, expiring)
}

/// Twelve guesses from addresses that are made up, and what each got.
async fn guess(service: &Service) -> Vec<u16> {
    let mut statuses = Vec::new();
    for guess in 0..12 {
        let (from, bearer) = (format!("10.0.0.{guess}"), format!("Bearer baton_live_{guess}"));
        let headers = [
            ("authorization", bearer.as_str()),
            ("x-forwarded-for", &from),
            ("forwarded", &from),
            ("x-real-ip", &from),
        ];
        let answer = service.send_raw("GET", "/v1/handoffs", None, &headers).await;
        assert_eq!(answer.status == 429, !answer.header("retry-after").is_empty());
        statuses.push(answer.status);
    }
    statuses
}

#[tokio::test]
async fn keys_that_do_not_live_open_nothing() {
    let service = Service::start().await;
    let (revoked, expiring) = dead_keys(&service).await;
    let good = service.key.clone();
    let last = if good.ends_with('a') { "b" } else { "a" };
    let near = format!("{}{last}", &good[..good.len() - 1]);
    let bearers = [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(format!("Basic {good}")),
        Some(good.clone()),
        Some("Bearer baton_live_".to_owned()),
        Some(format!("Bearer {near}")),
        Some(format!("Bearer {good}x")),
        Some(format!("Bearer {}", good.replacen("_live_", "_test_", 1))),
        Some(format!("Bearer {}", good.to_uppercase())),
        Some(format!("Bearer {revoked}")),
        Some(format!("Bearer {expiring}")),
        Some("Bearer ' OR 1=1 --".to_owned()),
        Some(format!("Bearer {}", "k".repeat(8_000))),
    ];
    let mut texts = BTreeSet::new();
    for bearer in &bearers {
        let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
        let path = format!("/v1/handoffs?key={good}&access_token={good}");
        let answer = service.send_raw("GET", &path, None, &headers).await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        texts.insert(words(&answer, NEVER));
        service.clock.advance(SignedDuration::from_mins(2));
    }
    let twice = [("authorization", format!("Bearer {good}")), ("authorization", format!("Bearer {good}"))];
    let twice: Vec<(&str, &str)> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    texts.insert(words(&service.send_raw("GET", "/v1/handoffs", None, &twice).await.expect(401), NEVER));
    service.clock.advance(SignedDuration::from_mins(2));

    // Ten guesses shut the address out, whatever it says of itself; a good key is still let in.
    let statuses = guess(&service).await;
    let expected: Vec<u16> = (0..12).map(|guess| if guess < 10 { 401 } else { 429 }).collect();
    let good_still = service.get("/v1/handoffs").await.status;
    service.clock.advance(SignedDuration::from_secs(61));
    let later = service.send_raw("GET", "/v1/handoffs", None, &[]).await.status;

    let kept = count_in_files(&service, &[&good, &revoked, &expiring]);
    let pass = (texts.len(), &statuses, good_still, later, kept) == (1, &expected, 200, 401, 0);
    figure(
        "A-31",
        pass,
        json!({
            "bad_keys": bearers.len() + 1, "different_answers": texts.len(), "guesses": statuses, "good_key_while_locked": good_still,
            "after_a_minute": later, "keys_in_files": kept,
        }),
    );
}

/// How often the secret part of a key stands in a file of the data folder.
fn count_in_files(service: &Service, keys: &[&str]) -> usize {
    let mut folders = vec![service.settings.data_dir.clone()];
    let mut found = 0;
    let mut bytes_seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = std::fs::read(entry.path()).expect("a file");
            bytes_seen += bytes.len();
            for key in keys {
                let secret = key.splitn(4, '_').nth(3).expect("a secret");
                assert!(secret.len() >= 20, "{secret}");
                found += memchr::memmem::find_iter(&bytes, secret.as_bytes()).count();
            }
        }
    }
    assert!(bytes_seen > 10_000, "the files were looked at");
    found
}

#[tokio::test]
async fn each_key_has_its_quota_and_is_told_how_it_stands() {
    let mut settings = settings();
    settings.service.requests_per_minute = 1;
    settings.service.burst = 5;
    let service = Service::start_with(settings, None).await;
    let hubspot = service.make_key_for("all", "main", Mode::Live, Preset::Hubspot, None).await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = service.get("/v1/handoffs").await;
        let told = ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
        assert!(told.iter().all(|name| !answer.header(name).is_empty()), "{answer:?}");
        if answer.status == 429 {
            assert_eq!(answer.json()["code"], "quota-exceeded");
            assert!(matches!(answer.header("retry-after").parse(), Ok(1..=60_u64)), "{answer:?}");
        }
        statuses.push(answer.status);
    }
    let other: Vec<u16> = futures_util::future::join_all((0..7).map(|_| async {
        let answer = call(&service, &hubspot, ("GET", "/v1/handoffs", None)).await;
        assert_eq!(answer.header("retry-after"), "", "its unit is in doubt");
        answer.status
    }))
    .await;
    let refused = |statuses: &[u16]| statuses.iter().filter(|status| **status == 429).count();
    let pass = (refused(&statuses), refused(&other)) == (2, 2);
    figure(
        "quotas",
        pass,
        json!({"burst": 5, "sent": 7, "refused": refused(&statuses), "other_key_refused": refused(&other)}),
    );
}
