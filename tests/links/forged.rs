//! Forms that no page of ours sent, and sessions of other handoffs and people.

use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::{Person, hidden, link};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn only_the_sessions_own_page_changes_anything() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let other = service.hand_over_mail("short", "We would like to begin very soon.").await.expect(200).id();
    let (_, path) = link(&service, &id, ("Dana Whitfield", "dana@acme.example"), "answer").await;
    let (_, elsewhere) = link(&service, &other, ("Eve Stone", "eve@acme.example"), "answer").await;
    let (mut dana, mut eve) = (Person::of(&service), Person::of(&service));
    let page = dana.enter(&path).await.text;
    let foreign = eve.enter(&elsewhere).await.text;
    let version = |id: String| {
        let service = &service;
        async move { service.get(&format!("/v1/handoffs/{id}")).await.json()["version"].clone() }
    };
    let before = (version(id.clone()).await, version(other.clone()).await);
    let (token, foreign) = (hidden(&page, "token"), hidden(&foreign, "token"));
    let body = |token: &str| {
        format!("token={token}&version=2&f-go_live_date-day=1&f-go_live_date-month=7&f-go_live_date-year=2026")
    };
    let place = format!("/h/{id}");
    let text = ("content-type", "text/plain");
    let cross = ("sec-fetch-site", "cross-site");
    let origin = ("origin", "https://evil.example");
    let mut refused = Vec::new();
    for (body, headers) in [
        (body(""), vec![FORM]),
        (body(&foreign), vec![FORM]),
        (body(&token), vec![text]),
        (body(&token), vec![FORM, cross]),
        (body(&token), vec![FORM, ("sec-fetch-site", "same-site")]),
        (body(&token), vec![FORM, origin]),
        (json!({"token": token}).to_string(), vec![("content-type", "application/json")]),
    ] {
        refused.push(dana.send("POST", &place, Some(body), &headers).await.status);
    }
    // Another one's session, with the right token of the page; and no session at all.
    refused.push(eve.send("POST", &place, Some(body(&token)), &[FORM]).await.status);
    refused.push(Person::of(&service).send("POST", &place, Some(body(&token)), &[FORM]).await.status);
    refused.push(dana.send("POST", &format!("{place}/leave"), Some("token=x".to_owned()), &[FORM]).await.status);
    refused.push(dana.send("POST", &path, Some(String::new()), &[FORM, cross]).await.status);
    // What changes something by POST does not by GET.
    let by_get = dana.get(&format!("{place}?{}", body(&token))).await.status;
    let after = (version(id.clone()).await, version(other).await);
    dana.get(&place).await.expect(200);
    let pass = refused.iter().all(|status| *status == 403) && before == after && by_get == 200;
    figure("A-41 forged forms", pass, json!({"statuses": refused, "changes": i32::from(before != after)}));
}

#[tokio::test]
async fn a_decision_of_the_receiving_team_is_not_forged() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    let (_, early) = link(&service, &id, ("Eve Stone", "eve@acme.example"), "answer").await;
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
    let (_, path) = link(&service, &id, ("Priya Raman", "priya@acme.example"), "receive").await;
    let (mut priya, mut eve) = (Person::of(&service), Person::of(&service));
    let page = priya.enter(&path).await.text;
    let foreign = hidden(&eve.enter(&early).await.text, "token");
    let (token, version, place) = (hidden(&page, "token"), hidden(&page, "version"), format!("/h/{id}"));
    let moves =
        ["move=accept&read_back=I+take+it".to_owned(), "move=return&kind=wrong&reason=It+is+not+true".to_owned()];
    let count =
        async || service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.text.matches("\"hash\"").count();
    let before = count().await;
    let (mut refused, mut shown) = (Vec::new(), Vec::new());
    for wanted in &moves {
        let body = |token: &str| format!("token={token}&version={version}&{wanted}");
        for (body, headers) in [
            (body(""), vec![FORM]),
            (body(&foreign), vec![FORM]),
            (body(&token), vec![("content-type", "text/plain")]),
            (body(&token), vec![("content-type", "multipart/form-data; boundary=x")]),
            (body(&token), vec![FORM, ("sec-fetch-site", "cross-site")]),
            (body(&token), vec![FORM, ("sec-fetch-site", "same-site")]),
            (body(&token), vec![FORM, ("origin", "https://evil.example")]),
        ] {
            refused.push(priya.send("POST", &place, Some(body), &headers).await.status);
        }
        refused.push(eve.send("POST", &place, Some(body(&token)), &[FORM]).await.status);
        refused.push(Person::of(&service).send("POST", &place, Some(body(&token)), &[FORM]).await.status);
        // By GET every page shows itself, or is none; whatever stands in its query.
        for page in [&place, &path, &format!("{place}/thanks")] {
            shown.push(priya.get(&format!("{page}?{}", body(&token))).await.status);
        }
        shown.push(priya.get(&format!("{place}/leave?{}", body(&token))).await.status);
    }
    let after = count().await;
    let status = service.get(&format!("/v1/handoffs/{id}")).await.json()["status"].clone();
    let pass = refused.iter().all(|status| *status == 403)
        && shown == [200, 200, 200, 405, 200, 200, 200, 405]
        && before == after
        && status == "transferred";
    figure("A-41 forged decisions", pass, json!({"statuses": refused, "by_get": shown, "changes": after - before}));
    priya.get(&place).await.expect(200);
}

#[tokio::test]
async fn who_asks_does_not_say_where_links_lead() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let body = json!({"person": {"name": "Dana Whitfield", "email": "dana@acme.example"}, "purpose": "answer"});
    let hosts = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
    let made = service.send("POST", &format!("/v1/handoffs/{id}/links"), Some(&body), &hosts).await.expect(201).json();
    let url = made["url"].as_str().expect("an address").to_owned();
    let mut dana = Person::of(&service);
    let path = url.trim_start_matches(service.url.as_str()).to_owned();
    let page = dana.send("GET", &path, None, &hosts).await.expect(200);
    let entered = dana.send("POST", &path, Some(String::new()), &[FORM, hosts[0], hosts[1]]).await.expect(303);
    let pass = url.starts_with(&format!("{}/l/", service.url))
        && !page.text.contains("evil.example")
        && entered.header("location") == format!("/h/{id}");
    figure("A-44 fixed host", pass, json!({"redirect": entered.header("location").starts_with("/h/")}));
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let mail = "We go live <script>alert(1)</script> by 1 July 2026 or by 1 August 2026.";
    let body = json!({"route": "short", "title": "<img src=x onerror=alert(1)>{{7*7}}",
        "sources": [{"type": "email", "filename": "a\"><b>.eml", "content": crate::harness::mail(mail)}]});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let name = "Dana \"><svg onload=alert(1)>";
    let (_, path) = link(&service, &id, (name, "dana@acme.example"), "answer").await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await.text;
    let typed = [("f-contact_email-how", "value"), ("f-contact_email-value", "\"><script>alert(2)</script>")];
    let again = dana.fill(&id, &page, &typed).await.expect(422).text;
    for (_, answer) in &dana.seen {
        for tag in ["<script", "<img", "<svg", "<b>"] {
            let theirs = answer.text.replace("<script src=\"/l/live.js\"></script>", "");
            assert!(!theirs.contains(tag), "{tag}: {}", answer.text);
        }
    }
    assert!(again.contains("{{7*7}}") && again.contains("alert(2)"), "{again}");
    for wrong in ["Dana\r\nBcc: x@y.example", "", "Dana\u{0}"] {
        let body = json!({"person": {"name": wrong}, "purpose": "answer"});
        service.post(&format!("/v1/handoffs/{id}/links"), &body).await.expect(422);
    }
    let nobody = format!("/v1/links/lnk_{:032x}", 1);
    service.send("DELETE", &nobody, None, &[]).await.expect(404);
}
