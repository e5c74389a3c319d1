//! Trying actions out: rendered without anything leaving, sent as a marked
//! test to whoever tries, and kept from people where a key is one for trying.

use baton::access::keys::Mode;
use baton::config::MailSettings;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure};
use crate::sink::Sink;
use crate::smtp::Smtp;
use crate::stage::{actions, four, matter, outbox, publish, ready, route, start};
use crate::steps::quiet;

async fn count_rows(service: &Service, table: &str) -> i64 {
    let mut connection = crate::steps::database(&service.settings).await;
    let statement = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(&mut connection).await.expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_shows_everything_and_sends_nothing() {
    let service = start(|_| ()).await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    let made_up = service.post("/v1/routes/acts/actions/dry-run", &json!({})).await.expect(200).json();
    assert_eq!(made_up["data"].as_array().map(Vec::len), Some(4), "{made_up}");
    assert_eq!(made_up["data"][1]["body"]["live"], "1 July 2026", "{made_up}");
    assert_eq!(made_up["data"][2]["to"], "priya@acme.example");
    assert_eq!(made_up["data"][3]["to"], "C024BE91L");
    let id = ready(&service, &matter("Northwind")).await;
    let own = service.post("/v1/routes/acts/actions/dry-run", &json!({"handoff": id})).await.expect(200).json();
    assert_eq!(own["data"][0]["body"]["data"]["title"], "Northwind");
    assert_eq!(own["data"][2]["subject"], "Yours: Northwind");
    // A personal link opens a handoff; it is nobody's to look at.
    assert!(!own.to_string().contains("/l/lnk_") && !own.to_string().contains("{{link}}"), "{own}");
    quiet(&service).await;
    let rows = (
        count_rows(&service, "letters").await,
        count_rows(&service, "actions").await,
        count_rows(&service, "deliveries").await,
    );
    figure(
        "actions.dry_run",
        rows == (0, 0, 0) && sink.seen().is_empty(),
        json!({"rows": rows, "posts": sink.seen().len()}),
    );

    let nobody = format!("hnd_{}", "0".repeat(32));
    service.post("/v1/routes/acts/actions/dry-run", &json!({"handoff": nobody})).await.expect(404);
    service.post("/v1/routes/none/actions/dry-run", &json!({})).await.expect(404);
    service.post("/v1/routes/success-to-support/actions/dry-run", &json!({"handoff": id})).await.expect(422);
    let reader = service.make_key("routes:read", "main", Mode::Live).await;
    let bearer = format!("Bearer {reader}");
    let body = json!({"handoff": id}).to_string().into_bytes();
    let headers = [("authorization", bearer.as_str())];
    service.send_raw("POST", "/v1/routes/acts/actions/dry-run", Some(body), &headers).await.expect(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_is_marked_and_never_reaches_the_receiver() {
    let mut smtp = Smtp::prepare("tests");
    smtp.start().await;
    let service = start(|settings| {
        settings.mail = MailSettings { url: Some(smtp.url().into()), ..MailSettings::default() };
    })
    .await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    let test = |name: &str| format!("/v1/routes/acts/actions/{name}/test");
    for (name, to, status) in [
        ("whole", json!(null), 202),
        ("board", json!(null), 202),
        ("board", json!("me@acme.example"), 422),
        ("mail", json!("me@acme.example"), 202),
        ("mail", json!(null), 422),
        ("mail", json!("me"), 422),
        ("room", json!("U024BE7LH"), 202),
        ("room", json!("me@acme.example"), 422),
        ("none", json!(null), 404),
    ] {
        service.post(&test(name), &json!({"to": to})).await.expect(status);
    }
    quiet(&service).await;
    assert_eq!(sink.seen().len(), 2);
    assert!(sink.seen().iter().all(|seen| seen.json()["test"] == true), "{:?}", sink.seen());
    let mails = smtp.until(1, || ()).await;
    let mail = MessageParser::default().parse(&mails[0]).expect("a mail");
    assert_eq!(mail.to().and_then(|to| to.first()?.address()), Some("me@acme.example"));
    assert!(mail.subject().is_some_and(|subject| subject.starts_with("[Test] ")), "{:?}", mail.subject());
    assert!(mail.body_text(0).is_some_and(|text| text.contains("This is a test")));
    let all = service.get("/v1/outbox").await.json();
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2), "{all}");
    assert!(all["data"].as_array().is_some_and(|all| all.iter().all(|one| one["purpose"] == "test")));
    assert_eq!(count_rows(&service, "actions").await, 0);
    figure("actions.test", mails.len() == 1, json!({"posts": sink.seen().len(), "mails": mails.len()}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_for_trying_bothers_nobody() {
    let mut smtp = Smtp::prepare("trying");
    smtp.start().await;
    let mut service = start(|settings| {
        settings.mail = MailSettings { url: Some(smtp.url().into()), ..MailSettings::default() };
    })
    .await;
    service.key = service.make_key("all", "main", Mode::Test).await;
    let sink = Sink::good().await;
    publish(&service, four(&sink)).await;
    let id = ready(&service, &matter("Northwind")).await;
    service.transfer(&id).await.expect(200);
    quiet(&service).await;
    // Systems named with a test key get what happens there, marked.
    assert_eq!(sink.seen_at("/board")[0].json()["test"], true);
    service.clock.advance(SignedDuration::from_hours(1));
    let seen = actions(&service, &id, |all| all.iter().filter(|one| one["state"] == "done").count() == 2).await;
    assert_eq!((&seen[2]["state"], &seen[2]["attempts"]), (&json!("waiting"), &json!(0)));
    let waits = outbox(&service, &id, |all| !all.is_empty()).await;
    assert!(waits[0]["subject"].as_str().is_some_and(|subject| subject.starts_with("[Test] ")), "{waits:?}");
    assert_eq!(smtp.mails().len(), 0);
}

#[tokio::test]
async fn a_route_is_refused_for_what_its_actions_cannot_do() {
    let service = start(|_| ()).await;
    let check = async |actions: Json, part: &str| {
        let answer = service.send("PUT", "/v1/routes/acts", Some(&route(actions)), &[]).await.expect(422);
        assert!(answer.text.contains(part), "{part}: {answer:?}");
    };
    let hook = |url: &str| json!([{"name": "a", "webhook": {"url": url}}]);
    check(hook("https://169.254.169.254/latest"), "/on_transfer/0/webhook/url").await;
    check(hook("https://10.0.0.1/x"), "not on the public internet").await;
    check(hook("http://hooks.acme.example/x"), "only https").await;
    check(hook("ftp://hooks.acme.example/x"), "on_transfer[0].webhook.url").await;
    check(json!([{"name": "a", "email": {"text": "{{fields.nope}}"}}]), "stands for nothing").await;
    let newest = service.get("/v1/routes/acts").await;
    assert_eq!(newest.status, 404, "nothing of it was published");
}
