//! What other handoffs tell: that this one may be there already, and how what
//! is asked here was settled there. It points and blocks nothing, and nobody
//! is shown a handoff that they may not see.

use baton::access::keys::Mode;
use serde_json::{Value as Json, json};

use crate::harness::{Service, mail, short_route};
use crate::person::{Person, link};
use crate::stage;

const MAIL: &str =
    "We go live on 1 July 2026, with the depots in Dayton and Columbus first, and all others after the summer.";

fn route() -> Json {
    let mut route = short_route(1);
    let fields = route["fields"].as_array_mut().expect("fields");
    fields.push(json!({"key": "customer_name", "label": "Customer", "type": "text"}));
    fields.push(json!({"key": "region", "label": "Region", "type": "text", "required": true}));
    route
}

async fn start() -> Service {
    let service = Service::start().await;
    service.send("PUT", "/v1/routes/short", Some(&route()), &[]).await.expect(201);
    service
}

fn given(id: &str, customer: &str, text: &str) -> Json {
    json!({"route": "short", "external_id": id, "title": format!("{customer} ({id})"), "known": {"customer_name": customer},
           "sources": [{"filename": format!("{id}.eml"), "content": mail(text)}]})
}

async fn begin(service: &Service, id: &str, customer: &str, text: &str) -> String {
    service.post("/v1/handoffs?wait=25", &given(id, customer, text)).await.expect(200).id()
}

/// What a handoff may be the same as, as soon as everything can be found.
async fn duplicates(service: &Service, id: &str) -> Vec<(String, String)> {
    while service.get("/v1/search?q=x").await.expect(200).json()["waiting"] != 0 {}
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.expect(200).json();
    let Some(told) = seen["duplicates"].as_array() else {
        assert!(seen["possible_duplicates"].is_null(), "{seen}");
        return Vec::new();
    };
    let text = |value: &Json| value.as_str().expect("text").to_owned();
    let ids: Vec<Json> = told.iter().map(|one| one["handoff"].clone()).collect();
    assert_eq!(seen["possible_duplicates"], json!(ids));
    assert!(told.iter().all(|one| one["links"]["own_page"].as_str().is_some_and(|page| page.ends_with(id))), "{seen}");
    told.iter().map(|one| (text(&one["handoff"]), text(&one["why"]))).collect()
}

fn same(id: &str, why: &str) -> (String, String) {
    (id.to_owned(), why.to_owned())
}

#[tokio::test]
async fn the_same_handoff_under_another_id_is_told_and_blocks_nothing() {
    let service = start().await;
    let first = begin(&service, "crm:1", "Northwind", MAIL).await;
    let again = begin(&service, "crm:2", "North Wind Ltd.", MAIL).await;
    let other = begin(
        &service,
        "crm:3",
        "Acorn",
        "Something else altogether is said in this mail, which nobody else has ever had.",
    )
    .await;
    assert_eq!(duplicates(&service, &first).await, [same(&again, "same_messages")]);
    assert_eq!(duplicates(&service, &again).await, [same(&first, "same_messages")]);
    assert_eq!(duplicates(&service, &other).await, []);
    let listed = service.get("/v1/handoffs").await.expect(200).json();
    let told: Vec<usize> = listed["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["duplicates"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(told, [0, 1, 1]);
    let mut dana = stage::first(&service).await;
    let page = dana.get(&format!("/handoffs/{again}")).await.expect(200).text;
    assert!(
        page.contains("This may be handed over twice") && page.contains(&format!("href=\"/handoffs/{first}\"")),
        "{page}"
    );
    let answers = json!({"contact_email": {"value": "dana@northwind.example"}, "region": {"value": "EU"}});
    service.answer(&again, &answers).await.expect(200);
    service.transfer(&again).await.expect(200);
    // What is called off is no duplicate, nor what is erased.
    service.post(&format!("/v1/handoffs/{first}/cancel"), &json!({})).await.expect(200);
    assert_eq!(duplicates(&service, &again).await, []);
}

#[tokio::test]
async fn the_same_customer_is_told_while_the_work_is_under_way() {
    let service = start().await;
    let first = begin(&service, "crm:1", "Northwind Logistics GmbH", "We go live on 1 July 2026.").await;
    let again = begin(&service, "crm:2", "NORTHWIND-LOGISTICS", "We go live on 2 July 2026.").await;
    let sister = begin(&service, "crm:3", "Northwind Logistics Iberia", "We go live on 3 July 2026.").await;
    assert_eq!(duplicates(&service, &again).await, [same(&first, "same_customer")]);
    assert_eq!(duplicates(&service, &sister).await, []);
    let answers = json!({"contact_email": {"value": "dana@northwind.example"}, "region": {"value": "EU"}});
    service.answer(&first, &answers).await.expect(200);
    service.transfer(&first).await.expect(200);
    assert_eq!(duplicates(&service, &again).await, [same(&first, "same_customer")]);
    service.post(&format!("/v1/handoffs/{first}/accept"), &json!({"by": {"name": "Priya Raman"}})).await.expect(200);
    assert_eq!(duplicates(&service, &again).await, [], "what is over is history");
    // Another workspace has the same customer, and nobody is told.
    let key = service.make_key("all", "other", Mode::Live).await;
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    service.send_raw("PUT", "/v1/routes/short", Some(route().to_string().into_bytes()), &headers).await.expect(201);
    let body = given("crm:9", "Northwind Logistics", MAIL).to_string().into_bytes();
    service.send_raw("POST", "/v1/handoffs?wait=25", Some(body), &headers).await.expect(200);
    while service.send_raw("GET", "/v1/search?q=x", None, &headers).await.json()["waiting"] != 0 {}
    assert_eq!(duplicates(&service, &again).await, []);
}

#[tokio::test]
async fn whoever_is_asked_sees_how_it_was_settled_before() {
    let service = start().await;
    let first = begin(&service, "crm:1", "Northwind", "We go live on 1 July 2026.").await;
    let elsewhere = begin(&service, "crm:2", "Acorn", "We go live on 2 July 2026.").await;
    service.answer(&first, &json!({"region": {"value": "EU, Frankfurt alone"}})).await.expect(200);
    service.answer(&elsewhere, &json!({"region": {"value": "Canada <b>only</b>"}})).await.expect(200);
    let open = begin(&service, "crm:3", "Northwind GmbH", "We go live on 3 July 2026.").await;
    duplicates(&service, &open).await;
    let mut dana = stage::first(&service).await;
    let page = dana.get(&format!("/handoffs/{open}")).await.expect(200).text;
    let hints =
        page.split("Hints from other handoffs, not answers").nth(1).unwrap_or_else(|| panic!("no hint: {page}"));
    let hints = hints.split("</div>").next().expect("hints");
    assert!(
        hints.contains("Region: EU, Frankfurt alone") && hints.contains("for this customer, 3 March 2026"),
        "{hints}"
    );
    assert!(hints.contains(&format!("href=\"/handoffs/{first}\"")) && hints.contains("Marcus Lee"), "{hints}");
    assert!(hints.contains("Canada &#60;b&#62;only&#60;/b&#62;") && hints.contains("on this route"), "{hints}");
    let at = |text: &str| hints.find(text).expect("a hint");
    assert!(at("Frankfurt") < at("Canada"), "the customer's own comes first");
    // It is no value: the field is as open as before, and the form is empty.
    let brief = service.get(&format!("/v1/handoffs/{open}/brief")).await.expect(200);
    assert!(!brief.text.contains("Frankfurt"), "{brief:?}");
    assert_eq!(brief.json()["fields"]["region"]["state"], "missing");

    // By a personal link nobody is shown anything of another handoff.
    for who in [("Dana Whitfield", "dana@northwind.example"), ("Marcus Lee", "marcus@acme.example")] {
        let (_, path) = link(&service, &open, who, "answer").await;
        let page = Person::of(&service).enter(&path).await.text;
        assert!(page.contains("Our start") || page.contains("<h1"), "{page}");
        assert!(!page.contains("Frankfurt") && !page.contains("Canada") && !page.contains(&first), "{page}");
    }

    // What is erased hints no more.
    let begun = service.post("/v1/erasures", &json!({"handoff": first})).await.expect(202).id();
    let mut notices = service.app().listen();
    while service.get(&format!("/v1/erasures/{begun}")).await.json()["state"] != "done" {
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    let page = dana.get(&format!("/handoffs/{open}")).await.expect(200).text;
    assert!(!page.contains("Frankfurt") && page.contains("Canada"), "{page}");
}
