//! How people are reached, on its page: set up or not, what waits and what
//! failed, and a message to oneself by the real road.

use baton::config::{MailSettings, Settings, SlackSettings};
use secrecy::SecretString;
use serde_json::json;

use crate::harness::{Service, settings};
use crate::smtp::Smtp;
use crate::stage::{DANA, begun, first, rows, send};
use crate::told;

const PATH: &str = "/settings/notifications";

fn mail(url: &str) -> MailSettings {
    MailSettings {
        url: Some(SecretString::from(url.to_owned())),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    }
}

/// The page as soon as it says something.
async fn until(service: &Service, person: &mut crate::person::Person, words: &str) -> String {
    let mut notices = service.app().listen();
    let mut page = String::new();
    for _ in 0..300 {
        page = person.get(PATH).await.expect(200).text;
        if page.contains(words) {
            return page;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    panic!("no {words} in {page}");
}

#[tokio::test]
async fn without_a_way_nothing_leaves_and_the_page_says_so() {
    let (service, mut dana) = begun().await;
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains("BATON_MAIL__URL") && page.contains("No messages yet"), "{page}");
    assert_eq!(page.matches(">Not set up<").count(), 2);
    for inputs in [vec![("way", "mail")], vec![("way", "slack"), ("slack", "U024BE7LH")]] {
        let page = send(&mut dana, PATH, &inputs).await.expect(422).text;
        assert!(page.contains("set up, so it would not leave"), "{page}");
    }
    assert_eq!(rows(&service, "SELECT id, state FROM letters").await.len(), 0);
}

#[tokio::test]
async fn a_test_message_takes_the_real_road() {
    let mut smtp = Smtp::prepare("settings");
    smtp.start().await;
    let service = Service::start_with(Settings { mail: mail(&smtp.url()), ..settings() }, None).await;
    let mut dana = first(&service).await;
    let done = send(&mut dana, PATH, &[("way", "mail")]).await.expect(303);
    assert_eq!(done.header("location"), "/settings/notifications?done=test#outbox");
    let mails = smtp.until(1, || {}).await;
    let parsed = mail_parser::MessageParser::default().parse(&mails[0]).expect("a mail");
    assert_eq!(parsed.to().and_then(|to| to.first()?.address()), Some(DANA.1));
    assert!(parsed.body_text(0).is_some_and(|text| text.contains("Dana Whitfield asked for it")));
    let page = until(&service, &mut dana, "sent just now").await;
    assert!(page.contains("A test message from Baton") && page.contains(DANA.1), "{page}");
    assert!(page.contains("Nothing waits for it.") && page.contains(">Set up<"), "{page}");
    assert!(!page.contains("href=\"/handoffs/hnd_000"), "it is about no handoff: {page}");
    let entries = told(&service, "message.tested").await;
    assert_eq!((entries.len(), &entries[0]["actor"]["email"]), (1, &json!(DANA.1)));
    assert_eq!(dana.get(&format!("{PATH}?state=failed")).await.text.matches("A test message").count(), 0);
}

#[tokio::test]
async fn a_server_that_is_away_is_seen_and_its_password_is_not() {
    let smtp = Smtp::prepare("away");
    let url = format!("smtp://baton:s3cret-word@127.0.0.1:{}", smtp.port);
    let slack = SlackSettings { token: Some(SecretString::from("xoxb-s3cret-word")), ..SlackSettings::default() };
    let service = Service::start_with(Settings { mail: mail(&url), slack, ..settings() }, None).await;
    let mut dana = first(&service).await;
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains(&format!("Through 127.0.0.1:{}", smtp.port)) && page.contains("by the bot"), "{page}");
    send(&mut dana, PATH, &[("way", "mail")]).await.expect(303);
    let page = until(&service, &mut dana, "the mail server could not be reached").await;
    assert!(page.contains("1 message waits") && page.contains("tried again"), "{page}");
    let page = send(&mut dana, PATH, &[("way", "slack"), ("slack", "dana")]).await.expect(422).text;
    assert!(page.contains("href=\"#slack\"") && page.contains("U024BE7LH"), "{page}");
    for (_, answer) in &dana.seen {
        assert!(!answer.text.contains("s3cret-word"), "{}", answer.text);
    }
}
