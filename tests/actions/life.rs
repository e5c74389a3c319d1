//! A transfer and what follows from it: in order, with the right words, one
//! message to the receiver and no second one, and once for each clearance.

use baton::config::MailSettings;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure};
use crate::sink::{Sink, reply};
use crate::smtp::Smtp;
use crate::stage::{actions, four, kinds, matter, moved, outbox, publish, ready, start, states};
use crate::steps::quiet;

/// The endpoints that belong to actions, oldest first.
async fn endpoints(service: &Service) -> Vec<Json> {
    let page = service.get("/v1/endpoints?limit=100").await.expect(200).json();
    let mut all = page["data"].as_array().expect("endpoints").clone();
    all.retain(|one| one["kind"] == "action");
    all.reverse();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_sets_off_everything_that_its_route_says() {
    let service = start(|_| ()).await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    // The secret can be had before anything is sent.
    let made = endpoints(&service).await;
    assert_eq!(made.len(), 2, "{made:?}");
    let rotated =
        service.post(&format!("/v1/endpoints/{}/rotate", made[0]["id"].as_str().expect("an id")), &json!({})).await;
    let secret = rotated.expect(200).json()["secret"].as_str().expect("a secret").to_owned();

    let id = moved(&service, "Northwind").await;
    let seen = actions(&service, &id, |all| all.iter().filter(|one| one["state"] == "done").count() == 2).await;
    assert_eq!(states(&seen), [("whole", "done"), ("board", "done"), ("mail", "waiting"), ("room", "waiting")]);
    assert_eq!((&seen[0]["attempts"], &seen[0]["problem"], &seen[2]["attempts"]), (&json!(1), &Json::Null, &json!(0)));

    let whole = &sink.seen_at("/whole")[0];
    let body = whole.json();
    assert_eq!(body["type"], "action.begun");
    assert_eq!(body["action"], "whole");
    assert_eq!(body["data"]["id"], json!(id));
    assert_eq!(body["data"]["fields"], json!({"customer_name": "Northwind", "go_live_date": "2026-07-01"}));
    assert_eq!(body["data"]["to"]["owner"]["email"], "priya@acme.example");
    assert!(body["data"]["pass"].as_str().is_some_and(|pass| pass.starts_with("pass_")), "{body}");
    assert_eq!(whole.signatures_by(&secret), 1, "{whole:?}");
    let board = sink.seen_at("/board")[0].json();
    let expected = json!({"text": "Northwind goes live on 1 July 2026", "live": "1 July 2026", "note": null});
    assert_eq!(board, expected);

    // The mail is the receiver's only message: nobody is told the same twice.
    service.clock.advance(SignedDuration::from_secs(120));
    service.app().look_at_due().await.expect("it looks");
    let messages = outbox(&service, &id, |all| all.len() == 2).await;
    assert_eq!((&messages[0]["to"], &messages[0]["purpose"]), (&json!("priya@acme.example"), &json!("action")));
    assert_eq!(messages[0]["subject"], "Yours: Northwind");
    let text = messages[0]["text"].as_str().expect("text");
    for part in ["Hello Priya Raman,", "live on 1 July 2026.", "Customer: Northwind", "/l/lnk_", "It is needed by"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!((&messages[1]["to"], &messages[1]["channel"]), (&json!("C024BE91L"), &json!("slack")));
    let requests = service.get(&format!("/v1/handoffs/{id}/requests")).await.json();
    assert_eq!(requests["data"].as_array().map(Vec::len), Some(1), "{requests}");
    assert_eq!((&requests["data"][0]["about"], &requests["data"][0]["state"]), (&json!("accept"), &json!("waiting")));

    let happened = kinds(&service, &id).await;
    let at = |kind: &str| happened.iter().position(|one| one == kind).unwrap_or_else(|| panic!("{kind}: {happened:?}"));
    assert!(at("handoff.transferred") < at("action.begun") && at("action.begun") < at("action.done"), "{happened:?}");
    assert_eq!(happened.iter().filter(|kind| *kind == "action.begun").count(), 4);
    figure(
        "actions.on_transfer",
        true,
        json!({"actions": 4, "webhooks": sink.seen().len(), "messages": messages.len()}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_clearance_acts_once_and_a_new_pass_does_not() {
    let service = start(|_| ()).await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    let id = moved(&service, "Northwind").await;
    quiet(&service).await;
    // The pass runs out and is had anew: the work does not move twice.
    service.clock.advance(SignedDuration::from_mins(20));
    assert_eq!(service.transfer(&id).await.expect(200).json()["status"], "transferred");
    quiet(&service).await;
    let after_pass = (sink.seen().len(), actions(&service, &id, |_| true).await.len());
    assert_eq!(after_pass, (2, 4));
    // Given back and handed over again it acts again.
    let by = json!({"name": "Priya Raman", "email": "priya@acme.example"});
    let back = json!({"by": by, "type": "wrong", "reason": "The day is wrong", "fields": ["go_live_date"]});
    service.post(&format!("/v1/handoffs/{id}/return"), &back).await.expect(200);
    service.answer(&id, &json!({"go_live_date": {"value": "2026-08-01"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    quiet(&service).await;
    let all = actions(&service, &id, |all| all.len() == 8).await;
    let versions: std::collections::BTreeSet<i64> = all.iter().filter_map(|one| one["version"].as_i64()).collect();
    let texts: Vec<Json> = sink.seen_at("/board").iter().map(|seen| seen.json()["live"].clone()).collect();
    assert_eq!(texts, [json!("1 July 2026"), json!("1 August 2026")]);
    let ids: std::collections::BTreeSet<String> =
        sink.seen().iter().map(|one| one.header("webhook-id").to_owned()).collect();
    let pass = versions.len() == 2 && sink.seen().len() == 4 && ids.len() == 4;
    figure(
        "actions.once_a_clearance",
        pass,
        json!({"clearances": versions.len(), "posts": sink.seen().len(), "ids": ids.len()}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forced_transfer_acts_too_and_says_so() {
    let service = start(|_| ()).await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    let mut body = matter("Northwind");
    body["known"] = json!({"customer_name": "Northwind"});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    assert_eq!(service.transfer(&id).await.status, 409);
    assert_eq!(actions(&service, &id, |_| true).await.len(), 0, "nothing without a transfer");
    let glass = json!({"break_glass": {"approver": {"name": "Ada Jones"}, "reason": "The line stands still until then",
                       "expires_at": "2026-03-05T12:00:00Z"}});
    service.post(&format!("/v1/handoffs/{id}/transfer"), &glass).await.expect(200);
    quiet(&service).await;
    let whole = sink.seen_at("/whole")[0].json();
    assert_eq!(whole["data"]["break_glass"], true);
    assert_eq!(sink.seen_at("/board")[0].json()["text"], "Northwind goes live on missing");
    assert_eq!(sink.seen_at("/board")[0].json()["live"], Json::Null);
    // Who takes the work learns from the mail what is not there, who owes it until when, and who let it pass and why.
    let is_handed = |one: &Json| one["to"] == "priya@acme.example" && one["purpose"] == "action";
    let messages = outbox(&service, &id, |all| all.iter().any(is_handed)).await;
    let text = messages.iter().find(|one| is_handed(one)).and_then(|one| one["text"].as_str()).expect("a mail");
    for part in [
        "Ada Jones answers for that and said why: “The line stands still until then”",
        "Still open: Go-live date",
        "Owed by Marcus Lee, due on 5 March 2026",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let debt = service.get(&format!("/v1/handoffs/{id}")).await.expect(200).json()["debts"][0].clone();
    assert_eq!((&debt["field"], &debt["approver"]), (&json!("go_live_date"), &json!("Ada Jones")), "{debt}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_mail_server_receives_the_brief() {
    let mut smtp = Smtp::prepare("actions");
    smtp.start().await;
    let service = start(|settings| {
        settings.mail = MailSettings {
            url: Some(smtp.url().into()),
            from: "Baton <baton@acme.example>".to_owned(),
            ..MailSettings::default()
        };
    })
    .await;
    let sink = Sink::start(|_| reply(200, &[], "")).await;
    let mut list = four(&sink);
    let list = list.as_array_mut().expect("actions");
    list.push(json!({"name": "copy", "email": {"to": "archive@acme.example"}}));
    publish(&service, json!(list)).await;
    // What people call a handoff stays words: no header, no tag.
    let id = ready(&service, &matter("North<b>wind\r\nBcc: evil@evil.example")).await;
    service.transfer(&id).await.expect(200);
    let mails = smtp.until(2, || ()).await;
    let done = |all: &[Json]| all.iter().filter(|one| one["state"] == "done").count() == 4;
    let seen = actions(&service, &id, done).await;
    assert_eq!(states(&seen)[3], ("room", "waiting"), "Slack is not set up");
    let parsed: Vec<_> = mails.iter().map(|mail| MessageParser::default().parse(mail).expect("a mail")).collect();
    let to = |address: &str| {
        let is_to = |one: &&mail_parser::Message| one.to().and_then(|to| to.first()?.address()) == Some(address);
        parsed.iter().find(is_to).unwrap_or_else(|| panic!("no mail to {address}"))
    };
    let (own, copy) = (to("priya@acme.example"), to("archive@acme.example"));
    assert!(
        parsed
            .iter()
            .all(|one| one.bcc().is_none() && one.references().as_text() == Some(&format!("{id}@acme.example")))
    );
    let (text, html) = (own.body_text(0).expect("text"), own.body_html(0).expect("a page"));
    assert!(text.contains("/l/lnk_") && html.contains("/l/lnk_"));
    assert!(html.contains("1 July 2026") && !html.contains("<b>wind"), "{html}");
    let (text, html) = (copy.body_text(0).expect("text"), copy.body_html(0).expect("a page"));
    // Whoever else is told gets the brief, and no way to take the work in the receiver's name.
    assert!(!text.contains("/l/") && !html.contains("href=") && html.contains("1 July 2026"), "{text}");
    assert!(text.contains("Priya Raman is asked to take it."), "{text}");
    let requests = service.get(&format!("/v1/handoffs/{id}/requests")).await.json();
    assert_eq!(requests["data"][0]["state"], "sent", "the mail is the request's message");
    figure("actions.mail", true, json!({"mails": mails.len()}));
}
