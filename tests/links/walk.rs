//! The whole way: link, button, session, form, answer; mistakes and other
//! people's answers lose nothing that was typed.

use serde_json::json;

use crate::harness::Service;
use crate::person::{Person, hidden, link};

const DANA: (&str, &str) = ("Dana Whitfield", "dana@acme.example");

async fn begun() -> (Service, String, String) {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (_, path) = link(&service, &id, DANA, "answer").await;
    (service, id, path)
}

#[tokio::test]
async fn a_link_leads_to_the_form_and_an_answer_to_the_gate() {
    let (service, id, path) = begun().await;
    let mut dana = Person::of(&service);
    let first = dana.get(&path).await.expect(200);
    assert!(first.text.contains("Continue") && first.text.contains("Short"), "{}", first.text);
    assert!(first.header("set-cookie").is_empty(), "opening begins nothing");
    let page = dana.enter(&path).await;
    assert!(page.text.contains("Sign out") && page.text.contains("f-go_live_date-day"), "{}", page.text);
    let answers = [
        ("f-go_live_date-day", "1"),
        ("f-go_live_date-month", "7"),
        ("f-go_live_date-year", "2026"),
        ("f-contact_email-how", "value"),
        ("f-contact_email-value", "dana@northwind.example"),
    ];
    let sent = dana.fill(&id, &page.text, &answers).await.expect(303);
    assert_eq!(sent.header("location"), format!("/h/{id}/thanks"));
    let again = dana.fill(&id, &page.text, &answers).await.expect(303);
    assert_eq!(again.header("location"), format!("/h/{id}/thanks"), "a second click changes nothing");
    let thanks = dana.get(&format!("/h/{id}/thanks")).await.expect(200);
    assert!(thanks.text.contains("can move to Onboarding now"), "{}", thanks.text);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!((&seen["status"], &seen["version"]), (&json!("ready"), &json!(3)));
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
    assert_eq!(brief["fields"]["go_live_date"]["by"], "Dana Whitfield <dana@acme.example>");
    let events = service.get(&format!("/v1/handoffs/{id}/events")).await.json();
    let answered =
        events["data"].as_array().and_then(|all| all.iter().find(|one| one["type"] == "handoff.answered")).cloned();
    assert!(answered.is_some_and(|event| event.to_string().contains("\"kind\":\"person\"")), "{events}");
    service.transfer(&id).await.expect(200);
}

#[tokio::test]
async fn mistakes_are_named_and_nothing_typed_is_lost() {
    let (service, id, path) = begun().await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await;
    let typed = [
        ("f-go_live_date-day", "31"),
        ("f-go_live_date-month", "2"),
        ("f-go_live_date-year", "2026"),
        ("f-contact_email-how", "value"),
        ("f-contact_email-value", "dana at <northwind>"),
    ];
    let wrong = dana.fill(&id, &page.text, &typed).await.expect(422);
    assert!(wrong.text.contains("There is a problem") && wrong.text.contains("<title>Error: "), "{}", wrong.text);
    assert!(
        wrong.text.contains("href=\"#f-go_live_date-day\"") && wrong.text.contains("no such day"),
        "{}",
        wrong.text
    );
    assert!(
        wrong.text.contains("value=\"31\"") && wrong.text.contains("dana at &#60;northwind&#62;"),
        "{}",
        wrong.text
    );
    // The product's own mistakes, too.
    let typed = [("f-contact_email-how", "value"), ("f-contact_email-value", "call me")];
    let wrong = dana.fill(&id, &wrong.text, &typed).await.expect(422);
    assert!(
        wrong.text.contains("href=\"#f-contact_email-value\"") && wrong.text.contains("value=\"call me\""),
        "{}",
        wrong.text
    );
    let typed = [("f-contact_email-how", "un"), ("f-contact_email-owner", "Marcus Lee")];
    let wrong = dana.fill(&id, &wrong.text, &typed).await.expect(422);
    assert!(wrong.text.contains("href=\"#f-contact_email-due_day\""), "{}", wrong.text);
    let nothing = dana.fill(&id, &wrong.text, &[]).await.expect(422);
    assert!(nothing.text.contains("Answer at least one question"), "{}", nothing.text);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!(seen["version"], 2, "nothing was taken");
}

#[tokio::test]
async fn what_others_did_meanwhile_is_shown_beside_what_was_typed() {
    let (service, id, path) = begun().await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await;
    service.answer(&id, &json!({"go_live_date": {"value": "2026-08-01"}})).await.expect(200);
    let typed = [("f-go_live_date-day", "1"), ("f-go_live_date-month", "7"), ("f-go_live_date-year", "2026")];
    let stale = dana.fill(&id, &page.text, &typed).await.expect(409);
    assert!(stale.text.contains("Marcus Lee answered “Go-live date”: 1 August 2026"), "{}", stale.text);
    assert!(stale.text.contains("name=\"f-go_live_date-month\" value=\"7\""), "{}", stale.text);
    let sent = dana.fill(&id, &stale.text, &typed).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
    assert_eq!(brief["fields"]["go_live_date"]["value"], "2026-07-01");
}

#[tokio::test]
async fn sessions_end_and_nothing_typed_is_lost() {
    let (service, id, path) = begun().await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await;
    service.clock.advance(jiff::SignedDuration::from_mins(29));
    dana.get(&format!("/h/{id}")).await.expect(200);
    service.clock.advance(jiff::SignedDuration::from_mins(29));
    dana.get(&format!("/h/{id}")).await.expect(200);
    service.clock.advance(jiff::SignedDuration::from_mins(31));
    let late = dana.fill(&id, &page.text, &[("f-contact_email-value", "my <own> words")]).await.expect(403);
    assert!(
        late.text.contains("open your link again") && late.text.contains("my &#60;own&#62; words"),
        "{}",
        late.text
    );
    let first = dana.cookies.clone();
    let page = dana.enter(&path).await;
    assert_ne!(dana.cookies, first, "each session has a new secret");
    for _ in 0..25 {
        service.clock.advance(jiff::SignedDuration::from_mins(29));
        dana.get(&format!("/h/{id}")).await;
    }
    assert_eq!(dana.get(&format!("/h/{id}")).await.status, 403, "after twelve hours in any case");
    let page2 = dana.enter(&path).await;
    let left = dana.post(&format!("/h/{id}/leave"), &[("token", &hidden(&page2.text, "token"))]).await.expect(200);
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    dana.cookies.extend(first);
    dana.get(&format!("/h/{id}")).await.expect(403);
    drop(page);
    service.clock.advance(jiff::SignedDuration::from_hours(14 * 24));
    dana.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_earlier_window_loses_nothing() {
    let (service, id, path) = begun().await;
    let mut dana = Person::of(&service);
    let first = dana.enter(&path).await.text;
    dana.enter(&path).await;
    let body =
        format!("token={}&version=2&f-contact_email-how=value&f-contact_email-value=dana", hidden(&first, "token"));
    let form = ("content-type", "application/x-www-form-urlencoded");
    let own = ("sec-fetch-site", "same-origin");
    let place = format!("/h/{id}");
    let again = dana.send("POST", &place, Some(body.clone()), &[form, own]).await.expect(403);
    assert!(again.text.contains("value=\"dana\"") && again.text.contains("opened your link again"), "{}", again.text);
    let unsure = dana.send("POST", &place, Some(body), &[form]).await.expect(403);
    assert!(!unsure.text.contains("value=\"dana\""), "shown only when the browser vouches for it: {}", unsure.text);
    let sent = [("f-contact_email-how", "value"), ("f-contact_email-value", "dana@northwind.example")];
    dana.fill(&id, &again.text, &sent).await.expect(303);
}
