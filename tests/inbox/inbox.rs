//! The list of handoffs: whose they are, in which order they come, how they are
//! found, page by page, and the reminders of several at once.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, mail, short_route};
use crate::person::{Person, hidden};
use crate::stage::{DANA, begun, member, send};

/// A route with limits, on which one field is asked of the sender and one of somebody else.
pub fn route(id: &str, (from, to): (&str, &str)) -> Json {
    let mut route = short_route(1);
    route["id"] = json!(id);
    route["title"] = json!(format!("From {from} to {to}"));
    route["from"] = json!({"team": from});
    route["to"] = json!({"team": to});
    route["limits"] = json!({"fill_gaps": "8h", "accept": "4h"});
    let fields = route["fields"].as_array_mut().expect("fields");
    fields.push(json!({"key": "customer_name", "label": "Customer", "type": "text"}));
    fields
        .push(json!({"key": "region", "label": "Region", "type": "text", "required": true, "ask": "eve@acme.example"}));
    route
}

/// Begins a handoff of somebody's and waits until it was read.
pub async fn begin(service: &Service, (title, owner): (&str, &str), more: Json) -> String {
    let mut body = json!({"route": "asked", "title": title, "from": {"owner": {"name": owner, "email": owner}},
                          "sources": [{"filename": "mail.eml", "content": mail(&format!("Good morning from {title}."))}]});
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    let id = service.post("/v1/handoffs", &body).await.expect(202).id();
    service.until(&id, |one| one["status"] != "drafting").await;
    id
}

pub async fn publish(service: &Service, route: &Json) {
    let path = format!("/v1/routes/{}", route["id"].as_str().expect("an id"));
    service.send("PUT", &path, Some(route), &[]).await.expect(201);
}

/// The titles of a list, in its order.
pub fn titles(page: &str) -> Vec<String> {
    let parts = page.split("<div class=\"what\"><h2><a href=\"/handoffs/").skip(1);
    parts.map(|part| part.split(['>', '<']).nth(1).unwrap_or_default().to_owned()).collect()
}

async fn list(person: &mut Person, query: &str) -> Vec<String> {
    titles(&person.get(&format!("/handoffs?{query}")).await.expect(200).text)
}

/// Until everybody who is asked has a request.
async fn until_asked(service: &Service, id: &str, count: usize) -> Vec<Json> {
    let mut notices = service.app().listen();
    for _ in 0..100 {
        let all = service.get(&format!("/v1/handoffs/{id}/requests")).await.expect(200).json();
        let all = all["data"].as_array().expect("requests").clone();
        if all.len() >= count {
            return all;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), notices.recv()).await;
    }
    panic!("nobody is asked");
}

#[tokio::test]
async fn lists_are_by_whose_turn_it_is_and_by_limit() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    publish(&service, &route("other", ("success", "support"))).await;
    let mut eve = member(&service, &mut dana, ("Eve Stone", "eve@acme.example"), "sender").await;
    let page = dana.get("/handoffs").await.expect(200).text;
    assert!(page.contains("Nothing waits for you") && page.contains("New handoff"), "{page}");
    assert!(dana.get("/handoffs?whose=all").await.expect(200).text.contains("There are no handoffs yet"));

    let first = begin(&service, ("Alder", "dana@acme.example"), json!({})).await;
    until_asked(&service, &first, 2).await;
    service.clock.advance(SignedDuration::from_hours(9));
    let known = json!({"known": {"customer_name": "Northwind & Söhne"}, "external_id": "crm:7"});
    begin(&service, ("Birch", "marcus@acme.example"), known).await;
    let done = json!({"known": {"region": "EU", "contact_email": "a@b.example"}, "route": "other"});
    let ready = begin(&service, ("Cedar", "Dana@ACME.example"), done).await;
    service.answer(&ready, &json!({"go_live_date": {"value": "2026-07-01"}})).await.expect(200);
    let id = begin(&service, ("Elm", "marcus@acme.example"), json!({})).await;
    service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({})).await.expect(200);

    // Overdue first, then by what is due, then what has no limit, then what is over.
    let page = dana.get("/handoffs?whose=all").await.expect(200).text;
    assert_eq!(titles(&page), ["Alder", "Birch", "Cedar", "Elm"]);
    assert!(page.contains("1 hour over its limit") && page.contains("8 hours left"), "{page}");
    assert!(page.contains("Needs answers <span class=\"count\">2</span>"), "{page}");
    assert!(page.contains("Any status <span class=\"count\">4</span>"), "{page}");
    assert_eq!(list(&mut dana, "whose=mine").await, ["Alder", "Cedar"], "her turn, in whichever letters");
    until_asked(&service, &first, 2).await;
    let page = eve.get("/handoffs").await.expect(200).text;
    assert!(titles(&page).contains(&"Alder".to_owned()), "she is asked, although it is not her turn: {page}");
    assert!(!titles(&page).contains(&"Cedar".to_owned()), "{page}");

    for (query, expected) in [
        ("whose=all&status=ready", vec!["Cedar"]),
        ("whose=all&route=other", vec!["Cedar"]),
        ("whose=all&q=alder", vec!["Alder"]),
        ("whose=all&q=S%C3%96HNE+northwind", vec!["Birch"]),
        ("whose=all&q=crm%3A7", vec!["Birch"]),
        ("whose=all&q=alder+birch", vec![]),
        ("whose=all&q=%25", vec![]),
        ("whose=all&status=nonsense", vec!["Alder", "Birch", "Cedar", "Elm"]),
    ] {
        assert_eq!(list(&mut dana, query).await, expected, "{query}");
    }
    let page = dana.get("/handoffs?whose=all&q=nothing").await.expect(200).text;
    assert!(page.contains("Nothing fits") && page.contains("Take the filters away"), "{page}");
    assert!(page.contains("value=\"nothing\""), "the search stands there still");
}

#[tokio::test]
async fn a_list_is_searched_by_what_was_said() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    let source = |text: &str| json!({"sources": [{"filename": "a.eml", "content": mail(text)}]});
    begin(&service, ("Alder", "marcus@acme.example"), source("They bring a zeppelin & <b>two</b> gangways.")).await;
    begin(&service, ("Birch", "marcus@acme.example"), source("They bring nothing.")).await;
    while service.get("/v1/search?q=zeppelin").await.expect(200).json()["waiting"] != 0 {}
    let page = dana.get("/handoffs?whose=all&q=ZEPPELIN+alder").await.expect(200).text;
    assert_eq!(titles(&page), ["Alder"]);
    assert!(page.contains("They bring a <mark>zeppelin</mark> &#38; &#60;b&#62;two&#60;/b&#62; gangways."), "{page}");
    assert_eq!(list(&mut dana, "whose=all&q=bring").await, ["Alder", "Birch"]);
    assert_eq!(list(&mut dana, "whose=mine&q=bring").await, Vec::<String>::new());
    assert_eq!(list(&mut dana, "whose=all&q=zeppelin+nothing").await, Vec::<String>::new());
    assert_eq!(list(&mut dana, "whose=all&q=%22%2A+zeppelin%22").await, ["Alder"]);
}

#[tokio::test]
async fn a_team_sees_what_it_hands_over_and_what_it_gets() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    publish(&service, &route("other", ("success", "support"))).await;
    begin(&service, ("Alder", "marcus@acme.example"), json!({})).await;
    begin(&service, ("Birch", "marcus@acme.example"), json!({"route": "other"})).await;
    begin(&service, ("Cedar", "marcus@acme.example"), json!({"route": "other", "to": {"team": "onboarding"}})).await;
    begin(&service, ("Elm", "marcus@acme.example"), json!({"to": {"team": "support"}})).await;
    let page = dana.get("/handoffs?whose=team").await.expect(200).text;
    assert!(page.contains("Which team do you work in?") && page.contains(">onboarding</option>"), "{page}");
    assert!(titles(&page).is_empty());
    let kept = send(&mut dana, "/handoffs/team", &[("team", "onboarding")]).await.expect(303);
    assert_eq!(kept.header("location"), "/handoffs?whose=team&done=team");
    let mut found = list(&mut dana, "whose=team").await;
    found.sort();
    assert_eq!(found, ["Alder", "Cedar"], "one by its route, one by its own word");
    send(&mut dana, "/handoffs/team", &[("team", "nobody's")]).await.expect(303);
    assert!(dana.get("/handoffs?whose=team").await.text.contains("You work in onboarding"));
    send(&mut dana, "/handoffs/team", &[("team", "support")]).await.expect(303);
    let mut found = list(&mut dana, "whose=team").await;
    found.sort();
    assert_eq!(found, ["Birch", "Elm"]);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    let make = async |number: usize| {
        begin(&service, (&format!("Tree {number:03}"), "dana@acme.example"), json!({})).await;
    };
    for number in 0..60 {
        make(number).await;
        service.clock.advance(SignedDuration::from_mins(1));
    }
    let page = dana.get("/handoffs?whose=all").await.expect(200).text;
    let mut all = titles(&page);
    assert_eq!(all.len(), 50);
    let next = page.split("href=\"").find(|part| part.contains("after=")).expect("a next page");
    let next = next.split('"').next().expect("its address").replace("&#38;", "&").replace("&amp;", "&");
    // One more comes in between: it belongs after all of them.
    make(60).await;
    let page = dana.get(&next).await.expect(200).text;
    all.extend(titles(&page));
    let expected: Vec<String> = (0..61).map(|number| format!("Tree {number:03}")).collect();
    assert_eq!(all, expected);
    assert!(page.contains("First page") && !page.contains("Next page"), "{page}");
}

#[tokio::test]
async fn several_are_reminded_at_once_and_nobody_twice() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    let one = begin(&service, ("Alder", "marcus@acme.example"), json!({})).await;
    let two = begin(&service, ("Birch", "marcus@acme.example"), json!({})).await;
    let asked = until_asked(&service, &one, 2).await;
    until_asked(&service, &two, 2).await;
    let whole = json!({"known": {"region": "EU", "contact_email": "a@b.example", "go_live_date": "2026-07-01"}});
    let silent = begin(&service, ("Cedar", "marcus@acme.example"), whole).await;
    let of_eve = asked.iter().find(|one| one["person"]["email"] == "eve@acme.example").expect("Eve is asked");
    let snooze = format!("/v1/requests/{}/snooze", of_eve["id"].as_str().expect("an id"));
    service.post(&snooze, &json!({})).await.expect(200);
    service.clock.advance(SignedDuration::from_hours(2));

    let all = [("handoff", one.as_str()), ("handoff", two.as_str()), ("handoff", silent.as_str())];
    let back = ("back", "/handoffs?whose=all&q=x");
    let page = send(&mut dana, "/handoffs/remind", &[all[0], all[1], all[2], back]).await.expect(200).text;
    assert!(page.contains("Remind 2 people?") && page.contains("left in peace until"), "{page}");
    assert!(page.contains("Nobody is asked") && page.contains("Cedar"), "{page}");
    assert!(page.contains("/handoffs?whose=all&#38;q=x"), "{page}");
    assert_eq!(reminders(&service).await, 0, "looking sends nothing");
    let done = confirm(&mut dana, &page).await.expect(200).text;
    assert!(done.contains("2 people are reminded"), "{done}");
    service.app().look_at_due().await.expect("it looks");
    assert_eq!(reminders(&service).await, 3);
    // The same page sent again reminds nobody.
    let again = confirm(&mut dana, &page).await.expect(200).text;
    assert!(again.contains("Nobody was reminded") && again.contains("just now"), "{again}");
    service.app().look_at_due().await.expect("it looks");
    assert_eq!(reminders(&service).await, 3);
    let none = send(&mut dana, "/handoffs/remind", &[back]).await.expect(200).text;
    assert!(none.contains("No handoff was chosen"), "{none}");
    let elsewhere = send(&mut dana, "/handoffs/remind", &[("back", "//evil.example")]).await.expect(200).text;
    assert!(!elsewhere.contains("evil.example"), "{elsewhere}");
}

/// Sends the form of the page that asks.
async fn confirm(person: &mut Person, page: &str) -> Answer {
    let token = hidden(page, "token");
    let mut inputs = vec![("token".to_owned(), token)];
    for name in ["handoff", "request"] {
        let start = format!("name=\"{name}\" value=\"");
        let values = page.split(&start).skip(1);
        inputs.extend(values.map(|rest| (name.to_owned(), rest.split('"').next().unwrap_or_default().to_owned())));
    }
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.post("/handoffs/remind/send", &inputs).await
}

async fn reminders(service: &Service) -> usize {
    let page = service.get("/v1/outbox?limit=100").await.expect(200).json();
    page["data"].as_array().expect("messages").iter().filter(|one| one["purpose"] == "remind").count()
}

#[tokio::test]
async fn handoffs_from_before_are_in_the_list_after_a_start() {
    let (service, _) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    begin(&service, ("Alder", "dana@acme.example"), json!({})).await;
    let erased = begin(&service, ("Birch", "dana@acme.example"), json!({})).await;
    service.post("/v1/erasures", &json!({"handoffs": [erased]})).await;
    // As an older program left it.
    let file = format!("sqlite://{}", service.settings.data_dir.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    sqlx::query("DELETE FROM standings").execute(&pool).await.expect("it is written");
    pool.close().await;
    let service = service.restart().await;
    let (mut dana, _) = crate::stage::sign_in(&service, DANA.1, crate::stage::PASSWORD).await;
    assert_eq!(list(&mut dana, "whose=mine").await, ["Alder"]);
}
