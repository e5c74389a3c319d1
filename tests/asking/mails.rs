//! Mails as a real server receives them and a browser shows them: one thread a
//! handoff, no header from outside, text and page with the same questions.

use baton::config::AskingSettings;
use baton::config::{MailSettings, Settings};
use baton::store::Ways;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::json;

use crate::chromium::Chromium;
use crate::harness::{Service, figure, folder, mail, settings, short_route};
use crate::life::{begin, outbox};
use crate::smtp::Smtp;

async fn start(smtp: &Smtp) -> Service {
    let mail = MailSettings {
        url: Some(smtp.url().into()),
        from: "Baton <baton@acme.example>".to_owned(),
        reply_to: Some("handoffs@acme.example".to_owned()),
        ..MailSettings::default()
    };
    Service::start_with(Settings { mail, ..settings() }, None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_receives_one_thread_and_pictures_show_it() {
    let mut smtp = Smtp::prepare("thread");
    smtp.start().await;
    let service = start(&smtp).await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    assert_eq!(smtp.mails().len(), 0, "it waits a minute for more");
    service.clock.advance(SignedDuration::from_secs(61));
    smtp.until(2, || ()).await;
    outbox(&service, &id, |all| all.iter().all(|one| one["state"] == "sent")).await;
    // The reminder comes in the same thread.
    service.clock.advance(SignedDuration::from_mins(4 * 60 + 5));
    let mails = smtp.until(4, || ()).await;
    let parsed: Vec<_> = mails.iter().map(|mail| MessageParser::default().parse(mail).expect("a mail")).collect();
    let to_marcus: Vec<_> = parsed
        .iter()
        .filter(|one| {
            one.to().and_then(|to| to.first()?.address().map(str::to_owned)).as_deref() == Some("marcus@acme.example")
        })
        .collect();
    assert_eq!(to_marcus.len(), 2);
    let references: Vec<_> =
        parsed.iter().map(|one| one.references().as_text().unwrap_or_default().to_owned()).collect();
    assert!(references.iter().all(|one| *one == format!("{id}@acme.example")), "{references:?}");
    let ids: std::collections::HashSet<_> = parsed.iter().filter_map(|one| one.message_id()).collect();
    assert_eq!(ids.len(), 4);
    for one in &parsed {
        assert_eq!(one.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(one.reply_to().and_then(|to| to.first()?.address()), Some("handoffs@acme.example"));
        let (text, html) = (one.body_text(0).expect("text"), one.body_html(0).expect("a page"));
        assert!(text.contains("/l/lnk_") && html.contains("/l/lnk_"));
        assert!(!html.contains("<img") && !html.contains("{{link}}") && !html.contains("<script"));
    }
    let html = to_marcus[0].body_html(0).expect("a page").into_owned();
    let text = to_marcus[0].body_text(0).expect("text").into_owned();
    let wide = tokio::task::spawn_blocking(move || look("", (&html, &text))).await.expect("pictures");
    figure("asking.smtp", true, json!({"mails": mails.len(), "threads": 1, "widest_at_390": wide}));
}

/// It takes the line and says nothing, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_ends_the_attempt() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", silent.local_addr().expect("an address"));
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((line, _)) = silent.accept().await {
            held.push(line);
        }
    });
    let mail = MailSettings { url: Some(url.into()), timeout_seconds: 1, ..MailSettings::default() };
    let service = Service::start_with(Settings { mail, ..settings() }, None).await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    let tried = outbox(&service, &id, |all| all.iter().all(|one| one["problem"].is_string())).await;
    let says =
        |one: &serde_json::Value| one["problem"].as_str().is_some_and(|words| words.contains("did not answer in time"));
    assert!(tried.iter().all(says), "{tried:#?}");
    assert!(tried.iter().all(|one| one["state"] == "waiting" && one["attempts"] == 1), "{tried:#?}");
}

/// Opens the mail as a mail program would, wide and narrow, and keeps pictures beside the test program's files.
fn look(kind: &str, (html, text): (&str, &str)) -> u64 {
    let place = folder();
    std::fs::create_dir_all(&place).expect("a folder");
    let page = place.join("mail.html");
    std::fs::write(&page, html).expect("a page");
    let plain = place.join("mail.txt");
    std::fs::write(&plain, text).expect("a text");
    let mut browser = Chromium::start(&place.join("profile"));
    let mut widest = 0;
    for (name, file, width) in [("wide", &page, 800), ("narrow", &page, 390), ("text", &plain, 640)] {
        browser.open(&format!("file://{}", file.display()), width, 1_300);
        let picture = browser.call("Page.captureScreenshot", json!({"format": "png"}));
        let picture = picture["data"].as_str().expect("a picture");
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture).expect("base64");
        let pictures = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mail-pictures");
        std::fs::create_dir_all(&pictures).expect("a folder");
        std::fs::write(pictures.join(format!("{kind}{name}.png")), bytes).expect("a picture");
        let loaded = browser.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent").count();
        assert!(loaded <= 1, "{name}: it loads something: {:?}", browser.events);
        if name == "narrow" {
            widest = browser.ask("document.documentElement.scrollWidth").as_u64().expect("a width");
            assert!(widest <= 390, "it is {widest} wide");
        }
        if name == "wide" {
            let card = browser.ask("document.querySelector('.card').getBoundingClientRect().width");
            assert!(card.as_f64().expect("a width") <= 600.0, "{card}");
            let links = browser.ask("document.querySelectorAll('a').length");
            assert_eq!(links, 1, "one thing to do");
            assert_eq!(browser.ask("document.querySelectorAll('h1').length"), 1);
        }
    }
    widest
}

/// What a route sends to the receiver when work moves, wide, narrow and as text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mail_of_a_transfer_looks_like_the_others() {
    let service = Service::start().await;
    let mut route = short_route(1);
    route["owners"] = json!({"next_action": "receiver", "failure": "revops@acme.example"});
    let text = "Hello {{to_owner}},\n{{title}} is yours now. They want to be live on {{fields.go_live_date}}.";
    let subject = "Yours: {{title}}";
    route["on_transfer"] = json!([{"name": "mail", "email": {"to": "receiver", "subject": subject, "text": text}}]);
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let body = json!({
        "route": "short", "title": "Northwind Logistics", "sources": [{"content": mail("We go live on 1 July 2026.")}],
        "known": {"contact_email": "a.very.long.name.of.somebody.in.a.department@logistics.northwind.example"},
        "to": {"owner": {"name": "Priya Raman", "email": "priya@acme.example", "slack": null}},
    });
    let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
    service.transfer(&id).await.expect(200);
    let mails = outbox(&service, &id, |all| all.iter().any(|one| one["purpose"] == "action")).await;
    let sent = mails.iter().find(|one| one["purpose"] == "action").expect("it was found");
    let words = |form: &str| sent[form].as_str().expect("words").to_owned();
    let (html, text) = (words("html"), words("text"));
    for form in [&html, &text] {
        assert!(form.contains("They want to be live on 1 July 2026") && form.contains("/l/lnk_"), "{form}");
    }
    let wide = tokio::task::spawn_blocking(move || look("action-", (&html, &text))).await.expect("pictures");
    figure("actions.mail", sent["subject"] == "Yours: Northwind Logistics", json!({"widest_at_390": wide}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_from_outside_becomes_a_header_or_a_second_mail() {
    let mut smtp = Smtp::prepare("injection");
    smtp.start().await;
    let service = start(&smtp).await;
    service.publish_short(&service.key).await;
    let names = [
        ("Northwind\r\nBcc: evil@evil.example", "Marcus\r\nX-Evil: 1"),
        ("A\nSubject: other", "Lee <evil@evil.example>, \"x"),
        ("B\u{0}C", "D\u{0}E"),
        ("=?utf-8?q?=0D=0ABcc:_evil=40evil.example?=", "=?utf-8?q?x?="),
        ("ends\r\n.\r\nQUIT\r\n", "\r\n.\r\n"),
    ];
    for (number, (title, name)) in names.into_iter().enumerate() {
        let body = json!({
            "route": "short", "title": title, "external_id": format!("{number}"),
            "from": {"team": "sales", "owner": {"name": name, "email": format!("marcus{number}@acme.example"), "slack": null}},
            "sources": [{"type": "email", "filename": "mail.eml",
                         "content": mail("They want to go live on\r\n.\r\nsome day\r\nMAIL FROM:<evil@evil.example>\r\nTBD.")}],
        });
        service.post("/v1/handoffs?wait=25", &body).await.expect(200);
        let wanted = number + 1;
        // Everything is due a minute after it was written.
        smtp.until(wanted, || service.clock.advance(SignedDuration::from_secs(61))).await;
    }
    // An address that is none is never written to.
    let body = json!({
        "route": "short", "title": "C", "external_id": "wrong",
        "from": {"team": "sales", "owner": {"name": "Marcus", "email": "marcus@acme.example\r\nRCPT TO:<evil@evil.example>", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning.")}],
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let waits = outbox(&service, &id, |all| !all.is_empty()).await;
    assert_eq!(waits[0]["to"], serde_json::Value::Null, "nobody is known: {waits:?}");

    let mails = smtp.mails();
    let mut wrong = 0;
    for raw in &mails {
        let one = MessageParser::default().parse(raw).expect("a mail");
        let head = String::from_utf8_lossy(raw);
        let head = head.split("\n\n").next().unwrap_or_default().split("\r\n\r\n").next().unwrap_or_default();
        // What the server was told, as it wrote it down.
        let told_to = head.lines().find(|line| line.starts_with("X-RcptTo:")).unwrap_or_default();
        let is_bad = one.bcc().is_some()
            || one.header_raw("X-Evil").is_some()
            || told_to.contains("evil")
            || one.to().is_none_or(|to| to.iter().count() != 1)
            || head.lines().filter(|line| line.starts_with("Subject:")).count() != 1;
        wrong += usize::from(is_bad);
    }
    figure(
        "A-16",
        wrong == 0 && mails.len() == names.len(),
        json!({"attacks": names.len() + 1, "mails": mails.len(), "wrong": wrong}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_loses_nothing() {
    let mut smtp = Smtp::prepare("away");
    let service = {
        let mail = MailSettings { url: Some(smtp.url().into()), timeout_seconds: 5, ..MailSettings::default() };
        let asking = AskingSettings { most_attempts: 4, ..AskingSettings::default() };
        Service::start_with(Settings { mail, asking, ..settings() }, None).await
    };
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    let tried =
        outbox(&service, &id, |all| all.iter().all(|one| one["attempts"] == 1 && one["state"] == "waiting")).await;
    assert!(tried[0]["problem"].as_str().is_some_and(|problem| problem.contains("could not be reached")), "{tried:?}");
    smtp.start().await;
    smtp.until(2, || service.clock.advance(SignedDuration::from_secs(31))).await;
    let sent = outbox(&service, &id, |all| all.iter().all(|one| one["state"] == "sent")).await;
    assert!(sent.iter().all(|one| one["channel"] == "email" && one["sent_at"].is_string()), "{sent:?}");
    figure(
        "asking.server_away",
        smtp.mails().len() == 2,
        json!({"mails": smtp.mails().len(), "attempts": sent[0]["attempts"]}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_held_leaves_all_the_same() {
    let mut smtp = Smtp::prepare("held");
    smtp.start().await;
    let mut service = Service::start().await;
    let id = begin(&service, "Northwind Logistics").await;
    outbox(&service, &id, |all| all.len() == 2).await;
    service.clock.advance(SignedDuration::from_secs(61));
    // Claimed and never ended, as by a process that was killed.
    let due = service.app().due_letters(10, Ways { mail: true, slack: false }).await.expect("letters");
    let held = service.app().claim_letters(due).await.expect("claims").len();
    service.end().await;
    let mail = MailSettings { url: Some(smtp.url().into()), ..MailSettings::default() };
    let again = Service::start_with(Settings { mail, ..service.settings.clone() }, None).await;
    let mails = smtp.until(2, || again.clock.advance(SignedDuration::from_secs(61))).await;
    outbox(&again, &id, |all| all.len() == 2 && all.iter().all(|one| one["state"] == "sent" && one["attempts"] == 2))
        .await;
    figure("asking.killed", held == 2 && mails.len() == 2, json!({"held": held, "mails": mails.len()}));
}
