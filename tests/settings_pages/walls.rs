//! What only admins may: every page and every form of the settings, by every
//! role and by nobody; and forms that no page of the session sent.

use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::Person;
use crate::stage::{begun, member, rows, token};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

const PAGES: [&str; 5] =
    ["/settings/keys", "/settings/webhooks", "/settings/model", "/settings/notifications", "/settings/retention"];

fn forms(key: &str, endpoint: &str, delivery: &str, handoff: &str) -> Vec<(String, String)> {
    let person = format!("email=dana%40northwind.example&handoffs={handoff}");
    [
        ("/settings/keys".to_owned(), "name=x&scopes=transfer".to_owned()),
        (format!("/settings/keys/{key}/revoke"), String::new()),
        ("/settings/webhooks".to_owned(), "url=http%3A%2F%2F127.0.0.1%3A9%2F".to_owned()),
        (format!("/settings/webhooks/{endpoint}"), "url=http%3A%2F%2F127.0.0.1%3A9%2Fx".to_owned()),
        (format!("/settings/webhooks/{endpoint}/state"), "state=paused".to_owned()),
        (format!("/settings/webhooks/{endpoint}/rotate"), String::new()),
        (format!("/settings/webhooks/{endpoint}/delete"), String::new()),
        (format!("/settings/webhooks/{endpoint}/test"), "event=handoff.ready".to_owned()),
        (format!("/settings/webhooks/{endpoint}/replay"), "from=2026-03-01&to=2026-03-03".to_owned()),
        (format!("/settings/deliveries/{delivery}/resend"), String::new()),
        ("/settings/model".to_owned(), String::new()),
        ("/settings/notifications".to_owned(), "way=mail".to_owned()),
        ("/settings/retention/person".to_owned(), person.clone()),
        ("/settings/retention/person/export".to_owned(), person.clone()),
        ("/settings/retention/person/confirm".to_owned(), person.clone()),
        ("/settings/retention/person/erase".to_owned(), format!("{person}&confirm=dana%40northwind.example")),
    ]
    .into()
}

/// A workspace with one of everything; the pages and the forms about it.
async fn furnished() -> (Service, Person, Vec<String>, Vec<(String, String)>) {
    let service = crate::start(|_| {}).await;
    let dana = crate::stage::first(&service).await;
    let handoff = crate::hand_over(&service).await;
    let sink = crate::sink::Sink::good().await;
    let (endpoint, _) = crate::endpoint(&service, &sink.url("/a"), &[]).await;
    let key = service.make_key("transfer", "main", baton::access::keys::Mode::Live).await;
    let key = key.split('_').nth(2).expect("an id").to_owned();
    let tested = service.post(&format!("/v1/endpoints/{endpoint}/test"), &json!({"event": "handoff.ready"})).await;
    let delivery = tested.expect(202).id();
    crate::quiet(&service).await;
    let mut shown: Vec<String> = PAGES.map(str::to_owned).into();
    shown.extend([
        format!("/settings/keys/{key}/revoke"),
        format!("/settings/webhooks/{endpoint}"),
        format!("/settings/webhooks/{endpoint}/rotate"),
        format!("/settings/webhooks/{endpoint}/delete"),
        format!("/settings/deliveries/{delivery}"),
    ]);
    let forms = forms(&key, &endpoint, &delivery, &handoff);
    (service, dana, shown, forms)
}

/// Everything that the forms could change.
async fn state(service: &Service) -> [Vec<(String, String)>; 2] {
    let log = "SELECT COUNT(*) || '', '' FROM events WHERE kind NOT LIKE 'member.%'";
    let keys = "SELECT id || COALESCE(revoked_at, ''), name FROM keys ORDER BY id";
    [rows(service, log).await, rows(service, keys).await]
}

#[tokio::test]
async fn settings_are_for_admins_alone() {
    let (service, mut dana, shown, forms) = furnished().await;
    let mut people = Vec::new();
    for role in ["sender", "receiver", "viewer"] {
        people.push((role, member(&service, &mut dana, (role, &format!("{role}@acme.example")), role).await));
    }
    let before = state(&service).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for (role, person) in &mut people {
        for path in &shown {
            tried += 1;
            let answer = person.get(path).await;
            if answer.status != 403 || answer.text.contains("end_") {
                wrong.push(format!("{role} GET {path} {}", answer.status));
            }
        }
        let token = token(person).await;
        for (path, inputs) in &forms {
            tried += 1;
            let status = person.send("POST", path, Some(format!("token={token}&{inputs}")), &[FORM]).await.status;
            if status != 403 {
                wrong.push(format!("{role} POST {path} {status}"));
            }
        }
        let page = person.get("/settings/profile").await.expect(200).text;
        assert!(!PAGES.iter().any(|path| page.contains(path)), "no entry for what is shut: {page}");
    }
    let mut nobody = Person::of(&service);
    for path in &shown {
        tried += 1;
        if !nobody.get(path).await.header("location").starts_with("/sign-in?next=") {
            wrong.push(format!("nobody GET {path}"));
        }
    }
    let changed = state(&service).await != before;
    figure(
        "settings by role",
        wrong.is_empty() && !changed,
        json!({"tried": tried, "wrong": wrong, "changed": changed}),
    );
    for path in &shown {
        let page = dana.get(path).await.expect(200).text;
        assert!(page.contains("aria-label=\"Settings\"") && page.contains("aria-current=\"page\""), "{path}");
    }
}

#[tokio::test]
async fn only_the_sessions_own_page_changes_settings() {
    let (service, mut dana, _, forms) = furnished().await;
    let own = token(&mut dana).await;
    let before = state(&service).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, inputs) in &forms {
        for (token, headers) in [
            ("", vec![FORM]),
            (own.as_str(), vec![("content-type", "text/plain")]),
            (own.as_str(), vec![FORM, ("sec-fetch-site", "cross-site")]),
            (own.as_str(), vec![FORM, ("origin", "https://evil.example")]),
        ] {
            tried += 1;
            let status = dana.send("POST", path, Some(format!("token={token}&{inputs}")), &headers).await.status;
            if status != 403 {
                wrong.push(format!("forged POST {path} {status}"));
            }
        }
        tried += 1;
        let by_get = dana.get(&format!("{path}?token={own}&{inputs}")).await.status;
        if ![200, 303].contains(&by_get) {
            wrong.push(format!("GET {path} {by_get}"));
        }
    }
    let changed = state(&service).await != before;
    figure(
        "forged settings",
        wrong.is_empty() && !changed,
        json!({"tried": tried, "wrong": wrong, "changed": changed}),
    );
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let (service, mut dana) = begun().await;
    let hostile = "<svg onload=alert(1)>\"'{{7*7}}";
    let inputs = [("name", hostile), ("scopes", "transfer")];
    crate::stage::send(&mut dana, "/settings/keys", &inputs).await.expect(200);
    let inputs = [("url", "https://hooks.acme.example/<script>"), ("description", hostile)];
    crate::stage::send(&mut dana, "/settings/webhooks", &inputs).await;
    let inputs = [("email", "\"><b>@x.example"), ("names", hostile)];
    crate::stage::send(&mut dana, "/settings/retention/person", &inputs).await.expect(200);
    crate::stage::send(&mut dana, "/settings/notifications", &[("way", "slack"), ("slack", hostile)]).await;
    for path in PAGES {
        dana.get(path).await.expect(200);
    }
    for (path, answer) in &dana.seen {
        for tag in ["<script", "<svg onload", "<b>"] {
            assert!(!answer.text.contains(tag), "{path} {tag}: {}", answer.text);
        }
    }
    assert!(service.settings.mail.url.is_none());
}
