//! Lists of handoffs: they stay whole while they grow, can be narrowed, and
//! take no cursor but their own.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};
use serde_json::json;

use crate::harness::{Service, figure, mail};

const GO_LIVE: &str = "We go live on 1 July 2026.";

async fn put_in(service: &Service, numbers: std::ops::Range<usize>) -> Vec<String> {
    let send = |number: usize| async move {
        let body = json!({"route": "sales-to-onboarding", "known": {"customer_name": format!("Customer {number}")}});
        service.post("/v1/handoffs", &body).await.expect(202).id()
    };
    stream::iter(numbers).map(send).buffered(50).collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_stays_whole_while_it_grows() {
    let service = Service::start().await;
    let before: Vec<String> = put_in(&service, 0..2_000).await;
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None::<String>, 0);
    let mut added = Vec::new();
    loop {
        let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = service.get(&format!("/v1/handoffs?limit=100{next}")).await.expect(200).json();
        let rows = page["data"].as_array().expect("rows");
        assert!(rows.len() <= 100);
        seen.extend(rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned));
        pages += 1;
        if added.len() < 200 {
            added.extend(put_in(&service, 2_000 + added.len()..2_010 + added.len()).await);
        }
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        assert_eq!(cursor.is_some(), page["has_more"] == true);
        if cursor.is_none() {
            break;
        }
    }
    let distinct: BTreeSet<&String> = seen.iter().collect();
    let missed = before.iter().filter(|id| !distinct.contains(id)).count();
    let twice = seen.len() - distinct.len();
    let pass = (missed, twice) == (0, 0) && added.len() == 200;
    let counts =
        json!({"rows": before.len(), "added_meanwhile": added.len(), "pages": pages, "missed": missed, "twice": twice});
    figure("pages", pass, counts);
}

#[tokio::test]
async fn lists_can_be_narrowed() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let ready = json!({"route": "short", "external_id": "deal-1", "known": {"contact_email": "dana@northwind.example"},
                       "sources": [{"content": mail(GO_LIVE)}]});
    let ready = service.post("/v1/handoffs?wait=20", &ready).await.expect(200).id();
    let open = service.hand_over("northwind-01").await.expect(200).id();
    let check = async |query: &str, expected: &[&String]| {
        let page = service.get(&format!("/v1/handoffs?{query}")).await.expect(200).json();
        let ids: Vec<String> = page["data"]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row["id"].as_str())
            .map(str::to_owned)
            .collect();
        assert_eq!(ids.iter().collect::<Vec<_>>(), expected, "{query}");
    };
    check("status=ready", &[&ready]).await;
    check("status=needs_input", &[&open]).await;
    check("status=transferred", &[]).await;
    check("route=short", &[&ready]).await;
    check("external_id=deal-1", &[&ready]).await;
    check("external_id=deal-1&status=needs_input", &[]).await;
    check("external_id=deal-2", &[]).await;
    check("", &[&open, &ready]).await;
}

#[tokio::test]
async fn cursors_and_limits_are_checked() {
    let service = Service::start().await;
    for number in 0..4 {
        let known = json!({"route": "sales-to-onboarding", "known": {"customer_name": format!("Customer {number}")}});
        service.post("/v1/handoffs", &known).await.expect(202);
    }
    let page = service.get("/v1/handoffs?limit=2").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor").to_owned();
    service.get(&format!("/v1/handoffs?cursor={cursor}")).await.expect(200);
    let mut wrong = Vec::new();
    let mut flips = 0;
    for place in 0..cursor.len() {
        for bit in 0..7 {
            let mut bytes = cursor.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            let flipped: String = url::form_urlencoded::byte_serialize(flipped.as_bytes()).collect();
            let answer = service.get(&format!("/v1/handoffs?cursor={flipped}")).await;
            flips += 1;
            if answer.status != 400 {
                wrong.push(flipped);
            }
        }
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=1000000000",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1e3",
        "limit=99999999999999999999",
        "cursor=",
        "cursor=null",
        "cursor=AAAA",
        "cursor=%00",
        "page=2",
        "status=gone",
        "limit=1&limit=2",
    ] {
        for path in ["/v1/handoffs", "/v1/audit"] {
            let answer = service.get(&format!("{path}?{query}")).await;
            if answer.status != 400 || answer.json()["errors"][0]["pointer"].as_str().is_none() {
                wrong.push(format!("{path}?{query}: {}", answer.text));
            }
        }
    }
    for query in ["after=-1", "after=x", "limit=0", "limit=101"] {
        service.get(&format!("/v1/audit?{query}")).await.expect(400);
    }
    figure("A-34", wrong.is_empty(), json!({"flips": flips, "wrong": wrong}));
}
