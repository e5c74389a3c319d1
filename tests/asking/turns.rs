//! What happens between a question and its answer: somebody else answers,
//! nobody does, nobody is known, the receiver is asked, a mail answers, a
//! person puts it off or takes it back.

use baton::config::{AskingSettings, Settings};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail, settings, short_route};
use crate::life::{begin, outbox, requests, texts};

/// Until the requests of a handoff are as they should be.
async fn until_requests(service: &Service, id: &str, is_so: impl Fn(&[Json]) -> bool) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
    for _ in 0..300 {
        if is_so(&requests(service, id).await) {
            return;
        }
        ticks.tick().await;
    }
    panic!("it never got there: {:#?}", requests(service, id).await);
}

#[tokio::test]
async fn what_somebody_else_answered_is_not_asked_any_more() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    // One of the two questions of Marcus: his message, which has not left, shrinks to the other one.
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let shrunk = outbox(&service, &id, |all| {
        all.iter().any(|one| {
            one["text"].as_str().is_some_and(|text| text.contains("1 question about"))
                && one["to"] == "marcus@acme.example"
        })
    })
    .await;
    assert_eq!(shrunk.len(), 2, "still one message a person");
    // What changes no question changes nothing.
    let told = async || {
        let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.text;
        events.matches("\"request.").count()
    };
    let before = told().await;
    service.answer(&id, &json!({"note": {"value": "Seen"}})).await.expect(200);
    service.app().look_at_due().await.expect("it looks");
    assert_eq!(told().await, before);
    // The one of security is answered by Marcus: her request is withdrawn, and her message with it.
    service.answer(&id, &json!({"region": {"value": "Frankfurt"}})).await.expect(200);
    let left = outbox(&service, &id, |all| all.len() == 1).await;
    assert_eq!(texts(&left, "to"), ["marcus@acme.example"]);
    let all = requests(&service, &id).await;
    assert_eq!(texts(&all, "state"), ["waiting", "withdrawn"]);
    figure("asking.withdrawn", true, json!({"asked": 2, "withdrawn_before_leaving": 1, "left": left.len()}));
}

#[tokio::test]
async fn who_does_not_answer_is_reminded_twice_then_somebody_is_told() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    // Asked at 12:01 with eight hours: reminded at 16:01, then on Wednesday at nine, told at eleven.
    let steps = [(242, "reminders", json!(1)), (1_018, "reminders", json!(2)), (120, "state", json!("escalated"))];
    for (minutes, key, value) in steps {
        service.clock.advance(SignedDuration::from_mins(minutes));
        service.app().look_at_due().await.expect("it looks");
        until_requests(&service, &id, |all| all.iter().all(|one| one[key] == value)).await;
    }
    let asked = requests(&service, &id).await;
    let at = asked[0]["escalated_at"].as_str().expect("a time").to_owned();
    let all = outbox(&service, &id, |all| all.iter().any(|one| one["purpose"] == "escalate")).await;
    let told: Vec<&Json> = all.iter().filter(|one| one["purpose"] == "escalate").collect();
    assert!(told.iter().all(|one| one["to"] == "revops@acme.example"), "{told:?}");
    assert!(told[0]["subject"].as_str().expect("a subject").contains("no answer from Marcus Lee"), "{told:?}");
    assert_eq!(at, "2026-03-04T11:00:00Z");
    // And then it is quiet.
    let before = all.len();
    for _ in 0..10 {
        service.clock.advance(SignedDuration::from_hours(24 * 3));
        service.app().look_at_due().await.expect("it looks");
    }
    let after = outbox(&service, &id, |all| all.len() >= before).await;
    assert_eq!(after.len(), before);
    figure("asking.escalated", true, json!({"reminders": 2, "escalated_at": at, "messages": after.len()}));
}

#[tokio::test]
async fn when_nobody_is_known_the_owner_of_failures_is_asked_who() {
    let service = Service::start().await;
    let mut route = short_route(1);
    route["id"] = json!("owned");
    route["owners"] = json!({"failure": "revops@acme.example"});
    service.send("PUT", "/v1/routes/owned", Some(&route), &[]).await.expect(201);
    service.publish_short(&service.key).await;
    // The only one who writes is the customer: no mail goes to somebody because a mail says so.
    let only_customer =
        "From: Dana <dana@northwind.example>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\n\r\nGood morning.\r\n";
    let hand_over = |route: &'static str| {
        let body =
            json!({"route": route, "sources": [{"type": "email", "filename": "mail.eml", "content": only_customer}]});
        let service = &service;
        async move { service.post("/v1/handoffs?wait=25", &body).await.expect(200).id() }
    };
    let owned = hand_over("owned").await;
    let messages = outbox(&service, &owned, |all| all.len() == 1).await;
    assert_eq!(messages[0]["to"], "revops@acme.example");
    assert!(messages[0]["subject"].as_str().expect("a subject").contains("who can answer?"));
    // Nobody at all: it waits where people look.
    let nobody = hand_over("short").await;
    let messages = outbox(&service, &nobody, |all| all.len() == 1).await;
    assert_eq!(messages[0]["to"], Json::Null);
    let events = service.get(&format!("/v1/handoffs/{nobody}/events")).await.text;
    assert!(events.contains("request.made"), "{events}");
    figure("asking.nobody_known", true, json!({"customer_was_written_to": 0, "waits_visibly": 1}));
}

#[tokio::test]
async fn the_receiver_is_told_with_the_brief_and_reminded() {
    let service = Service::start().await;
    let mut route = short_route(1);
    route["owners"] = json!({"next_action": "receiver", "failure": "revops@acme.example"});
    route["limits"] = json!({"accept": "4h"});
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let body = json!({
        "route": "short", "title": "Northwind Logistics",
        "to": {"team": "onboarding", "owner": {"name": "Priya Raman", "email": "priya@acme.example", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("We go live on 1 July 2026.")}],
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    let messages = outbox(&service, &id, |all| all.len() == 1 && all[0]["to"] == "priya@acme.example").await;
    assert_eq!(
        (messages[0]["to"].as_str(), messages[0]["purpose"].as_str()),
        (Some("priya@acme.example"), Some("ask"))
    );
    let text = messages[0]["text"].as_str().expect("text");
    assert!(text.contains("1 July 2026") && text.contains("go live"), "the brief is in it: {text}");
    let shown = service.get(&format!("/v1/handoffs/{id}")).await.json();
    let next = &shown["next_action"];
    assert_eq!((&next["owner"]["email"], &next["what"]), (&json!("priya@acme.example"), &json!("accept")));
    assert!(next["by"].as_str().expect("a time").starts_with("2026-03-03T16:00:00"), "{next}");
    service.clock.advance(SignedDuration::from_mins(122));
    outbox(&service, &id, |all| all.iter().any(|one| one["purpose"] == "remind")).await;
    service.post(&format!("/v1/handoffs/{id}/accept"), &json!({"by": {"name": "Priya Raman"}})).await.expect(200);
    outbox(&service, &id, <[Json]>::is_empty).await;
    let all = requests(&service, &id).await;
    assert_eq!(texts(&all, "state").last(), Some(&"answered"));
    figure("asking.accept_limit", true, json!({"reminded": 1, "after_accept": 0}));
}

#[tokio::test]
async fn a_mail_that_answers_closes_what_it_answers() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    let reply = "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
                 Date: Tue, 3 Mar 2026 12:30:00 +0000\r\nSubject: Re: Northwind Logistics: questions\r\n\r\n\
                 We go live on 1 July 2026.\r\n";
    let path = format!("/v1/handoffs/{id}/sources?filename=reply.eml");
    let bearer = format!("Bearer {}", service.key);
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    service.send_raw("POST", &path, Some(reply.as_bytes().to_vec()), &headers).await.expect(202);
    service.until(&id, |shown| shown["status"] == "needs_input").await;
    let left = outbox(&service, &id, |all| {
        all.iter().any(|one| {
            one["to"] == "marcus@acme.example"
                && one["text"].as_str().is_some_and(|text| text.contains("1 question about"))
        })
    })
    .await;
    let shown = service.get(&format!("/v1/handoffs/{id}")).await.json();
    let open: Vec<&str> = texts(shown["gaps"].as_array().expect("gaps"), "field");
    assert!(!open.contains(&"go_live_date"), "{open:?}");
    figure("asking.reply_by_mail", left.len() == 2, json!({"open_before": 3, "open_after": open.len()}));
}

#[tokio::test]
async fn a_person_may_be_left_in_peace_reminded_or_let_off() {
    let service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    let all = requests(&service, &id).await;
    let (marcus, security) = (all[0]["id"].as_str().expect("an id"), all[1]["id"].as_str().expect("an id"));

    let until = "2026-03-06T10:00:00Z";
    let snoozed =
        service.post(&format!("/v1/requests/{marcus}/snooze"), &json!({"until": until})).await.expect(200).json();
    assert_eq!(snoozed["snoozed_until"], until);
    service.post(&format!("/v1/requests/{marcus}/snooze"), &json!({"until": "2020-01-01T00:00:00Z"})).await.expect(422);
    // Whoever is left in peace for longer than a quarter is not asked at all.
    let late = json!({"until": "2026-06-02T12:00:00Z"});
    let late = service.post(&format!("/v1/requests/{marcus}/snooze"), &late).await.expect(422).json();
    assert!(late["errors"][0]["detail"].as_str().is_some_and(|detail| detail.contains("2026-06-01")), "{late}");
    service.post(&format!("/v1/requests/{security}/withdraw"), &json!({})).await.expect(200);
    service.post(&format!("/v1/requests/{security}/withdraw"), &json!({})).await.expect(409);
    service.post("/v1/requests/req_00000000000000000000000000000000/remind", &json!({})).await.expect(404);
    outbox(&service, &id, |all| all.len() == 1).await;
    service.clock.advance(SignedDuration::from_hours(48));
    // A change makes everything be looked at anew; what was taken back stays so, and the sleeper sleeps.
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let left = outbox(&service, &id, |all| {
        all.iter().any(|one| one["text"].as_str().is_some_and(|text| text.contains("1 question about")))
    })
    .await;
    assert_eq!((texts(&left, "to"), texts(&left, "purpose")), (vec!["marcus@acme.example"], vec!["ask"]));

    service.post(&format!("/v1/requests/{marcus}/remind"), &json!({})).await.expect(200);
    outbox(&service, &id, |all| all.len() == 1 && all[0]["purpose"] == "remind").await;
    service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({})).await.expect(200);
    outbox(&service, &id, <[Json]>::is_empty).await;
    figure("asking.by_hand", true, json!({"snoozed": 1, "withdrawn": 1, "reminded": 1}));
}

#[tokio::test]
async fn nobody_is_reminded_at_the_weekend_whatever_the_clocks_do() {
    let asking = AskingSettings { zone: "Europe/Berlin".to_owned(), ..AskingSettings::default() };
    let service = Service::start_with(Settings { asking, ..settings() }, None).await;
    // Friday the 27th, 16:00 in Berlin; on Sunday the clocks go forward.
    let friday = SignedDuration::from_hours(24 * 24 + 3);
    service.clock.advance(friday);
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    let mut too_early = 0;
    // Friday night, Saturday, Sunday, and Monday a minute before nine.
    for (hours, minutes) in [(8, 0), (16, 0), (24, 0), (15, 59)] {
        service.clock.advance(SignedDuration::from_mins(hours * 60 + minutes));
        service.app().look_at_due().await.expect("it looks");
        too_early += requests(&service, &id).await.iter().filter(|one| one["reminders"] != 0).count();
    }
    assert_eq!(service.app().now().to_string(), "2026-03-30T06:59:00Z");
    service.clock.advance(SignedDuration::from_mins(1));
    service.app().look_at_due().await.expect("it looks");
    until_requests(&service, &id, |all| all.iter().all(|one| one["reminders"] == 1)).await;
    figure(
        "asking.working_hours",
        too_early == 0,
        json!({"too_early": too_early, "reminded_at": "2026-03-30T07:00:00Z"}),
    );
}
