//! A pass ends: when it can be had anew, when not, and what a repeated transfer
//! is told about the pass that it once got.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::gate::{add_mail, begin, begin_ready, show};
use crate::harness::{Answer, Service, figure};

async fn start() -> Service {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    service
}

async fn worth(service: &Service, pass: &Json) -> Json {
    service.post("/v1/passes/verify", &json!({"pass": pass})).await.expect(200).json()
}

fn glass(hours: u32) -> Json {
    json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "The customer's line stands still until we begin",
        "expires_at": format!("2026-03-{:02}T{:02}:00:00Z", 3 + (12 + hours) / 24, (12 + hours) % 24)}})
}

async fn types(service: &Service, id: &str) -> Vec<String> {
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.expect(200).json();
    let kinds = events["data"].as_array().expect("events").iter().filter_map(|event| event["type"].as_str());
    kinds.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_pass_that_ran_out_is_renewed() {
    let service = start().await;
    let id = begin_ready(&service).await;
    let first = service.transfer(&id).await.expect(200).json();
    let early = service.transfer(&id).await.expect(409).json();
    assert_eq!((&early["code"], &early["pass_expires_at"]), (&json!("conflict"), &first["pass_expires_at"]), "{early}");

    service.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(worth(&service, &first["pass"]).await["reason"], "expired");
    let before = show(&service, &id).await;
    let second = service.transfer(&id).await.expect(200).json();
    assert_eq!((&second["status"], &second["reason"]), (&json!("transferred"), &Json::Null));
    assert_ne!(second["pass"], first["pass"]);
    assert!(second["version"].as_i64() > before["version"].as_i64());
    let in_force = worth(&service, &second["pass"]).await;
    assert_eq!((&in_force["valid"], &in_force["handoff"]), (&json!(true), &json!(id)), "{in_force}");
    let happened = types(&service, &id).await;
    let moves = happened.iter().filter(|kind| *kind == "handoff.transferred").count();
    assert_eq!((moves, happened.last().map(String::as_str)), (1, Some("handoff.pass_renewed")), "the work moves once");

    let taken = json!({"by": {"name": "Priya Raman"}});
    service.post(&format!("/v1/handoffs/{id}/accept"), &taken).await.expect(200);
    service.clock.advance(SignedDuration::from_mins(16));
    service.transfer(&id).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_renewals_at_once_one_is_made() {
    let service = start().await;
    let id = begin_ready(&service).await;
    let mut granted = Vec::new();
    const ROUNDS: usize = 10;
    for _ in 0..=ROUNDS {
        let answers = futures_util::future::join_all((0..8).map(|_| service.transfer(&id))).await;
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status)), "{answers:?}");
        let passes: Vec<Json> =
            answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.json()["pass"].clone()).collect();
        assert_eq!(worth(&service, passes.last().expect("one")).await["valid"], true);
        granted.push(passes.len());
        service.clock.advance(SignedDuration::from_mins(16));
    }
    figure("renewals at once", granted.iter().all(|count| *count == 1), json!({"granted": granted}));
}

#[tokio::test]
async fn a_pass_is_not_renewed_for_what_would_not_pass() {
    let service = start().await;
    // What came in since has to be looked at first.
    let changed = begin_ready(&service).await;
    service.transfer(&changed).await.expect(200);
    let now = add_mail(&service, &changed, 5, "Correction: we go live on 15 August 2026 now.").await;
    assert_eq!(now["changed_after_transfer"], json!(["go_live_date"]));
    service.clock.advance(SignedDuration::from_mins(16));
    let refused = service.transfer(&changed).await.expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["changed_after_transfer"]),
        (&json!("conflict"), &json!(["go_live_date"])),
        "{refused}"
    );

    // What nobody touched and that still says the same does not stand in the way.
    service.clock.advance(SignedDuration::from_hours(25));
    let same = begin_ready(&service).await;
    service.transfer(&same).await.expect(200);
    add_mail(&service, &same, 5, "We like the colour blue.").await;
    service.clock.advance(SignedDuration::from_mins(16));
    service.transfer(&same).await.expect(200);

    // Time itself takes completeness away: what was to be known by a day is not.
    service.clock.advance(SignedDuration::from_hours(25));
    let id = begin(&service).await;
    let unknown = json!({"contact_email": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-10"}}});
    service.answer(&id, &unknown).await.expect(200);
    service.transfer(&id).await.expect(200);
    service.clock.advance(SignedDuration::from_hours(8 * 24));
    let before = show(&service, &id).await;
    let refused = service.transfer(&id).await.expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["gaps"][0]["field"]),
        (&json!("incomplete"), &json!("contact_email")),
        "{refused}"
    );
    assert_eq!(show(&service, &id).await, before, "it stays where it was");
}

#[tokio::test]
async fn an_exception_is_renewed_while_it_runs() {
    let service = start().await;
    let id = begin(&service).await;
    let path = format!("/v1/handoffs/{id}/transfer");
    let first = service.post(&path, &glass(24)).await.expect(200).json();
    service.clock.advance(SignedDuration::from_hours(1));
    // Whoever may transfer renews what somebody took the responsibility for.
    let again = service.transfer(&id).await.expect(200).json();
    assert_eq!((&again["reason"], &again["debts"]), (&json!("break_glass"), &first["debts"]), "{again}");
    assert_eq!(worth(&service, &again["pass"]).await["break_glass"], true);
    service.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(service.transfer(&id).await.expect(409).json()["code"], "incomplete", "the exception is over");
    let anew = service.post(&path, &glass(48)).await.expect(200).json();
    assert_eq!(anew["debts"][0]["due"], "2026-03-05T12:00:00Z", "{anew}");
}

#[tokio::test]
async fn a_repeated_transfer_gives_no_pass_that_is_not_in_force() {
    let service = start().await;
    let id = begin_ready(&service).await;
    let path = format!("/v1/handoffs/{id}");
    let move_it = async |key: &str| -> Answer {
        service.send("POST", &format!("{path}/transfer"), Some(&json!({})), &[("idempotency-key", key)]).await
    };
    let first = move_it("move-1").await.expect(200);
    assert_eq!(move_it("move-1").await.expect(200).text, first.text);
    service.clock.advance(SignedDuration::from_mins(16));
    let late = move_it("move-1").await.expect(200);
    assert_eq!(late.header("idempotent-replayed"), "true");
    let late = late.json();
    assert_eq!((&late["pass"], &late["pass_state"]), (&Json::Null, &json!("expired")), "{late}");
    assert_eq!(late["status"], "transferred");
    let second = move_it("move-2").await.expect(200).json();
    let old = move_it("move-1").await.expect(200).json();
    assert_eq!((&old["pass"], &old["pass_state"]), (&Json::Null, &json!("expired")), "{old}");

    let back = json!({"by": {"name": "Priya Raman"}, "type": "wrong", "reason": "She left in May", "fields": ["contact_email"]});
    service.post(&format!("{path}/return"), &back).await.expect(200);
    let gone = move_it("move-2").await.expect(200);
    let tag = gone.header("etag").to_owned();
    let gone = gone.json();
    assert_eq!(
        (&gone["pass"], &gone["pass_state"], &gone["status"]),
        (&Json::Null, &json!("superseded"), &json!("needs_input")),
        "{gone}"
    );
    assert_eq!(tag, service.get(&path).await.header("etag"), "as it stands now");
    assert_eq!(worth(&service, &second["pass"]).await["reason"], "superseded");
}
