//! What follows a transfer: a return that names no field, later words of
//! anybody, the same matter once more, and what a forced transfer owes.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::gate::{add_mail, begin, begin_ready, show};
use crate::harness::{Service, figure};

async fn start() -> Service {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    service
}

/// Adds a note that nobody signed, and waits until it was read.
async fn add_note(service: &Service, id: &str, text: &str) -> Json {
    let body = json!({"sources": [{"type": "note", "filename": format!("{}.txt", text.len()), "content": text}]});
    let before = service.post(&format!("/v1/handoffs/{id}/sources"), &body).await.expect(202).json();
    service.until(id, |now| now["status"] != "drafting" && now["version"].as_i64() > before["version"].as_i64()).await
}

async fn give_back(service: &Service, id: &str, fields: &[&str]) -> Json {
    let body = json!({"by": {"name": "Priya Raman"}, "type": "not_ours", "reason": "This belongs to the desk in Oslo",
        "fields": fields});
    service.post(&format!("/v1/handoffs/{id}/return"), &body).await.expect(200).json()
}

async fn returned(service: &Service) -> String {
    service.clock.advance(SignedDuration::from_hours(25));
    let id = begin_ready(service).await;
    service.transfer(&id).await.expect(200);
    let back = give_back(service, &id, &[]).await;
    assert_eq!((&back["status"], &back["reason"]), (&json!("returned"), &json!("returned: not_ours")));
    id
}

#[tokio::test]
async fn what_was_given_back_whole_waits_until_something_happens() {
    let service = start().await;
    let id = returned(&service).await;
    let refused = service.transfer(&id).await.expect(409).json();
    assert_eq!((&refused["code"], &refused["status"]), (&json!("conflict"), &json!(409)), "{refused}");
    let why = &refused["returned"];
    assert_eq!(
        (&why["by"], &why["type"], &why["reason"]),
        (&json!("Priya Raman"), &json!("not_ours"), &json!("This belongs to the desk in Oslo")),
        "{refused}"
    );
    // Nor does force, which passes over gaps, pass over what somebody said.
    let glass = json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "Their line stands still until then",
        "expires_at": "2126-03-05T12:00:00Z"}});
    service.post(&format!("/v1/handoffs/{id}/transfer"), &glass).await.expect(409);
    // Reading the same again says nothing new.
    service.post(&format!("/v1/handoffs/{id}/retry"), &json!({})).await.expect(202);
    let read = service.until(&id, |now| now["status"] != "drafting").await;
    assert_eq!((&read["status"], &read["reason"]), (&json!("returned"), &json!("returned: not_ours")), "{read}");
    service.transfer(&id).await.expect(409);
    // A person's answer goes on, also one that confirms what stood.
    let answered =
        service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    assert_eq!(answered.json()["status"], "ready");
    service.transfer(&id).await.expect(200);

    let id = returned(&service).await;
    let now = add_mail(&service, &id, 5, "We like the colour blue.").await;
    assert_eq!(now["status"], "ready", "context is something new: {now}");
    service.transfer(&id).await.expect(200);
}

#[tokio::test]
async fn whoever_writes_after_the_transfer_is_heard() {
    let service = start().await;
    let mut wrong = Vec::new();
    let cases: [(&str, &[&str]); 7] = [
        ("We go live on 15 August 2026.", &["go_live_date"]),
        ("Correction: we go live on 15 August 2026 now.", &["go_live_date"]),
        ("The go-live date is 15 August 2026.", &["go_live_date"]),
        ("Contact e-mail: kim@northwind.example", &["contact_email"]),
        ("We go live on 1 July 2026.", &[]),
        ("Write to dana@northwind.example.", &[]),
        ("They like the colour blue.", &[]),
    ];
    for (text, expected) in cases {
        service.clock.advance(SignedDuration::from_hours(25));
        let id = begin_ready(&service).await;
        let pass = service.transfer(&id).await.expect(200).json()["pass"].clone();
        let now = add_note(&service, &id, text).await;
        let changed =
            if now["changed_after_transfer"].is_null() { json!([]) } else { now["changed_after_transfer"].clone() };
        let verified = service.post("/v1/passes/verify", &json!({"pass": pass})).await.expect(200).json();
        if changed != json!(expected) || verified["valid"] != json!(expected.is_empty()) {
            let latest = service.get(&format!("/v1/handoffs/{id}/brief?reading=latest")).await.expect(200).json();
            wrong.push(format!("{text}: {changed}, {verified}, {}", latest["fields"]));
        }
    }
    figure("unsigned words after the transfer", wrong.is_empty(), json!({"cases": cases.len(), "wrong": wrong}));
}

#[tokio::test]
async fn the_same_matter_again_belongs_to_the_handoff_that_has_it() {
    let service = start().await;
    let mut number = 0;
    let mut hand_over = async |text: &str| {
        number += 1;
        let body = json!({"route": "short", "external_id": "deal-1", "sources": [
            {"type": "email", "filename": format!("{number}.eml"), "content": crate::harness::mail(text).replace("09:00", &format!("09:0{number}"))}]});
        let answer = service.post("/v1/handoffs", &body).await.expect(202);
        let (id, version) = (answer.id(), answer.json()["version"].as_i64());
        service.until(&id, |now| now["status"] != "drafting" && now["version"].as_i64() > version).await
    };
    let begun = hand_over("We go live on 1 July 2026.").await;
    let id = begun["id"].as_str().expect("an id").to_owned();
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    let after_transfer = hand_over("Correction: we go live on 15 August 2026 now.").await;
    assert_eq!(
        (&after_transfer["id"], &after_transfer["changed_after_transfer"]),
        (&json!(id), &json!(["go_live_date"])),
        "{after_transfer}"
    );
    service.post(&format!("/v1/handoffs/{id}/accept"), &json!({"by": {"name": "Priya Raman"}})).await.expect(200);
    let after_accept = hand_over("Correction: we go live on 20 August 2026 now.").await;
    assert_eq!((&after_accept["id"], &after_accept["status"]), (&json!(id), &json!("accepted")), "{after_accept}");
    give_back(&service, &id, &[]).await;
    let after_return = hand_over("Correction: we go live on 21 August 2026 now.").await;
    assert_eq!(
        (&after_return["id"], &after_return["status"]),
        (&json!(id), &json!("ready")),
        "it is open again: {after_return}"
    );
    service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({})).await.expect(200);
    let after_cancel = hand_over("Correction: we go live on 22 August 2026 now.").await;
    assert_ne!(after_cancel["id"], json!(id), "what was called off takes nothing more");
}

#[tokio::test]
async fn what_is_owed_stays_until_it_is_paid() {
    let service = start().await;
    let id = begin(&service).await;
    let path = format!("/v1/handoffs/{id}");
    let glass = json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "Their line stands still until then",
        "expires_at": "2026-03-05T12:00:00Z"}});
    let moved = service.post(&format!("{path}/transfer"), &glass).await.expect(200).json();
    let debts = moved["debts"].clone();
    assert_eq!(debts[0]["field"], "contact_email");
    let owed = async || show(&service, &id).await["debts"].clone();
    let told = async |query: &str| {
        let brief = service.get(&format!("{path}/brief{query}")).await.expect(200).json();
        let warnings = brief["warnings"].as_array().expect("warnings").clone();
        warnings.iter().any(|warning| {
            let text = warning["message"].as_str().unwrap_or_default();
            text.contains("Contact e-mail") && text.contains("5 March 2026")
        })
    };
    assert!(told("").await, "the brief says what is owed");
    service.post(&format!("{path}/accept"), &json!({"by": {"name": "Priya Raman"}})).await.expect(200);
    assert_eq!(owed().await, debts);
    give_back(&service, &id, &["go_live_date"]).await;
    assert_eq!(owed().await, debts, "giving it back pays nothing");
    service.answer(&id, &json!({"go_live_date": {"value": "2026-07-02"}})).await.expect(200);
    assert_eq!(owed().await, debts);
    assert!(told("").await);
    service.clock.advance(SignedDuration::from_hours(72));
    assert_eq!(owed().await, debts, "nor does its day");
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    assert_eq!(owed().await, Json::Null, "now it is paid");
    assert!(!told("").await);

    // What comes in after the transfer pays too.
    service.clock.advance(SignedDuration::from_hours(25));
    let id = begin(&service).await;
    let later = json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "Their line stands still until then",
        "expires_at": "2026-03-25T12:00:00Z"}});
    service.post(&format!("/v1/handoffs/{id}/transfer"), &later).await.expect(200);
    let now = add_mail(&service, &id, 5, "My contact e-mail is dana@northwind.example").await;
    let latest = service.get(&format!("/v1/handoffs/{id}/brief?reading=latest")).await.expect(200).json();
    let is_found = latest["fields"]["contact_email"]["state"] == "found";
    assert_eq!(now["debts"].is_null(), is_found, "{now} {}", latest["fields"]["contact_email"]);
    assert!(is_found, "{}", latest["fields"]["contact_email"]);
}

/// Without a key the same bytes are a repeat, but not of something that was called off meanwhile.
#[tokio::test]
async fn what_was_called_off_can_be_begun_anew_with_the_same_bytes() {
    let service = start().await;
    let body = json!({"route": "short", "sources": [{"filename": "a.txt", "content": "We go live on 1 July 2026."}]});
    let first = service.post("/v1/handoffs", &body).await.expect(202).id();
    assert_eq!(service.post("/v1/handoffs", &body).await.expect(202).id(), first);
    service.post(&format!("/v1/handoffs/{first}/cancel"), &json!({})).await.expect(200);
    let anew = service.post("/v1/handoffs", &body).await.expect(202);
    assert_eq!(anew.header("idempotent-replayed"), "");
    assert_ne!(anew.id(), first);
    let again = service.post("/v1/handoffs", &body).await.expect(202);
    assert_eq!((again.id(), again.header("idempotent-replayed")), (anew.id(), "true"));
    // A key of the caller's own names the event, whatever became of it.
    let key = [("idempotency-key", "won-1")];
    let keyed = service.send("POST", "/v1/handoffs", Some(&body), &key).await.expect(202).id();
    service.post(&format!("/v1/handoffs/{keyed}/cancel"), &json!({})).await.expect(200);
    assert_eq!(service.send("POST", "/v1/handoffs", Some(&body), &key).await.expect(202).id(), keyed);
}
