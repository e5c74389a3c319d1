//! Who looks after Baton is told by mail of endpoints that fail: the only
//! endpoint cannot be told of its own end.

use std::collections::BTreeMap;
use std::time::Duration;

use baton::config::{MailSettings, OutboundSettings};
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::json;

use crate::harness::figure;
use crate::sink::{Sink, reply};
use crate::smtp::Smtp;
use crate::{endpoint, hand_over, quiet, start};

const REVOPS: &str = "revops@acme.example";

/// Subjects of the mails to that address, each with how often it came, and one text.
fn notices(smtp: &Smtp) -> (BTreeMap<String, usize>, String) {
    let (mut subjects, mut text) = (BTreeMap::new(), String::new());
    for raw in smtp.mails() {
        let mail = MessageParser::default().parse(&raw).expect("a mail");
        if mail.to().and_then(|to| to.first()?.address()) == Some(REVOPS) {
            *subjects.entry(mail.subject().unwrap_or_default().to_owned()).or_insert(0) += 1;
            text += &mail.body_text(0).unwrap_or_default();
        }
    }
    (subjects, text)
}

/// Waits until nothing more is to be mailed to whoever looks after it.
async fn mailed(service: &crate::harness::Service) {
    let mut connection = crate::database(&service.settings).await;
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    for _ in 0..400 {
        let open: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM slips WHERE state = 'sending' OR (state = 'waiting' AND next_at <= $1)",
        )
        .bind(service.clock.now().as_millisecond())
        .fetch_one(&mut connection)
        .await
        .expect("a number");
        if open == 0 {
            return;
        }
        ticks.tick().await;
    }
    panic!("notices do not get away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_only_endpoint_is_told_by_mail() {
    let mut smtp = Smtp::prepare("notices");
    smtp.start().await;
    let url = smtp.url();
    let service = start(|settings| {
        settings.mail = MailSettings {
            url: Some(url.into()),
            from: "Baton <baton@acme.example>".to_owned(),
            ..MailSettings::default()
        };
        let outbound = std::mem::take(&mut settings.outbound);
        settings.outbound = OutboundSettings { notify: vec![REVOPS.to_owned()], ..outbound };
    })
    .await;
    let sick = Sink::start(|_| reply(500, &[], "")).await;
    let (dead, _) = endpoint(&service, &sick.url("/secret-path"), &[]).await;
    // Several messages at once, all of which are given up at about the same time.
    for _ in 0..3 {
        hand_over(&service).await;
    }
    let mut hours = 0;
    for _ in 0..30 {
        quiet(&service).await;
        mailed(&service).await;
        service.clock.advance(SignedDuration::from_hours(5));
        hours += 5;
        let shown = service.get(&format!("/v1/endpoints/{dead}")).await.json();
        if shown["state"] == "disabled" {
            break;
        }
        if hours % 50 == 0 {
            hand_over(&service).await;
        }
    }
    quiet(&service).await;
    service.clock.advance(SignedDuration::from_hours(2));
    mailed(&service).await;
    let (subjects, text) = notices(&smtp);
    let ended = subjects.get("Webhooks to 127.0.0.1 are switched off").copied().unwrap_or_default();
    let given_up: usize =
        subjects.iter().filter(|(subject, _)| subject.contains("could not be delivered")).map(|(_, count)| count).sum();
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM deliveries WHERE state = 'exhausted'")
        .fetch_one(&mut crate::database(&service.settings).await)
        .await
        .expect("a number");
    let pass = ended == 1
        && given_up >= 1
        && i64::try_from(given_up).is_ok_and(|mails| mails < rows)
        && text.contains(&dead)
        && !text.contains("secret-path");
    figure(
        "R-34 told by mail",
        pass,
        json!({"subjects": subjects, "given_up": rows, "mails_of_it": given_up, "mails_of_the_end": ended}),
    );
}
