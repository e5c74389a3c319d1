//! A workspace with much in it: handoffs in every state, people, keys, webhooks
//! that work and that do not, messages that do not leave, holds and erasures.

use baton::access::keys::Mode;
use baton::config::{MailSettings, Settings, SlackSettings};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::{Value as Json, json};

use crate::harness::{Service, sample, settings, short_route};
use crate::person::Person;
use crate::sink::{Sink, reply};
use crate::smtp::Smtp;
use crate::stage::{first, invite, member, send};

/// What of it pages are looked at by.
pub struct Filled {
    pub open: String,
    pub moved: String,
    pub key: String,
    pub good: String,
    pub failing: String,
    pub delivery: String,
    pub erasure: String,
    /// The path of an invitation that waits.
    pub invitation: String,
}

fn owner(name: &str, email: &str) -> Json {
    json!({"name": name, "email": email, "slack": null})
}

async fn hand_over(service: &Service, case: &str, title: &str) -> String {
    let mut body = sample(case);
    body["title"] = json!(title);
    body["from"] = json!({"team": "sales", "owner": owner("Marcus Lee", "marcus@acme.example")});
    body["to"] = json!({"team": "onboarding", "owner": owner("Priya Raman", "priya@acme.example")});
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

async fn short(service: &Service, title: &str, day: u32) -> String {
    let content = crate::harness::mail(&format!("We go live on {day} July 2026."));
    let body = json!({"route": "short", "title": title, "sources": [{"type": "email", "content": content}],
                      "from": {"owner": owner("Marcus Lee", "marcus@acme.example")}});
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

/// A service whose mail server and Slack are away.
async fn begin() -> Service {
    let mail = MailSettings {
        url: Some(SecretString::from(Smtp::prepare("filling").url())),
        from: "Baton <baton@acme.example>".to_owned(),
        reply_to: Some("handoffs@acme.example".to_owned()),
        ..MailSettings::default()
    };
    let slack = SlackSettings {
        token: Some(SecretString::from("xoxb-none")),
        base_url: "http://127.0.0.1:9".to_owned(),
        ..SlackSettings::default()
    };
    let mut settings = Settings { mail, slack, ..settings() };
    settings.outbound.allow = vec!["127.0.0.1".to_owned()];
    settings.outbound.notify = vec!["revops@acme.example".to_owned()];
    Service::start_with(settings, None).await
}

async fn keys(service: &Service, dana: &mut Person) -> String {
    for (name, more) in [
        ("HubSpot workflow", vec![("preset", "hubspot"), ("scopes", "handoffs:write")]),
        (
            "Nightly reconciliation of everything that moved in the CRM",
            vec![("scopes", "handoffs:read"), ("scopes", "audit:read")],
        ),
        ("For a week", vec![("scopes", "transfer"), ("expires", "2026-03-10")]),
        ("For today", vec![("scopes", "transfer"), ("expires", "2026-03-03")]),
        ("Zapier, test", vec![("preset", "zapier"), ("scopes", "handoffs:write"), ("mode", "test")]),
    ] {
        let mut inputs = vec![("name", name)];
        inputs.extend(more);
        send(dana, "/settings/keys", &inputs).await.expect(200);
    }
    let old = service.make_key("all", "main", Mode::Live).await;
    let id = |key: &str| key.split('_').nth(2).expect("an id").to_owned();
    send(dana, &format!("/settings/keys/{}/revoke", id(&old)), &[]).await.expect(303);
    id(&service.key)
}

/// Four endpoints: one that works, one that fails, one that is paused, one that is gone.
async fn endpoints(service: &Service) -> (String, String) {
    let sink = Sink::start(|seen| match seen.path.as_str() {
        "/orders/baton" => reply(200, &[], "ok"),
        "/gone" => reply(410, &[], "gone"),
        _ => reply(503, &[], "later"),
    })
    .await;
    let mut made = Vec::new();
    for (path, description, events) in [
        ("/orders/baton", "The order desk", json!([])),
        (
            "/crm",
            "Writes the state back to the CRM",
            json!(["handoff.ready", "handoff.transferred", "handoff.returned"]),
        ),
        ("/quiet", "The warehouse, while it moves", json!([])),
        ("/gone", "", json!(["handoff.received"])),
    ] {
        let body = json!({"url": sink.url(path), "description": description, "events": events});
        made.push(service.post("/v1/endpoints", &body).await.expect(201).id());
    }
    let paused = json!({"state": "paused"});
    service.send("PATCH", &format!("/v1/endpoints/{}", made[2]), Some(&paused), &[]).await.expect(200);
    (made[0].clone(), made[1].clone())
}

async fn routes(service: &Service) {
    let mut route = short_route(1);
    route["retention"] = json!({"sources": "90d", "briefs": "730d"});
    route["redact"] = json!(["email", "phone"]);
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let mut newer = route.clone();
    newer["version"] = json!(2);
    newer["title"] = json!("Short, and a little longer");
    newer["fields"][2]["required"] = json!(true);
    service.send("PUT", "/v1/routes/short", Some(&newer), &[]).await.expect(201);
}

async fn erased(service: &Service, id: &str) -> String {
    let begun = service.post("/v1/erasures", &json!({"handoff": id})).await.expect(202).id();
    let mut notices = service.app().listen();
    for _ in 0..300 {
        if service.get(&format!("/v1/erasures/{begun}")).await.json()["state"] == "done" {
            return begun;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    panic!("it is not erased");
}

/// Everything at once.
pub async fn fill() -> (Service, Filled) {
    let service = begin().await;
    let mut dana = first(&service).await;
    routes(&service).await;
    let (good, failing) = endpoints(&service).await;
    let key = keys(&service, &mut dana).await;
    member(
        &service,
        &mut dana,
        ("Bartholomew Featherstonehaugh-Whitfield", "bartholomew@a-very-long-domain-name.acme.example"),
        "receiver",
    )
    .await;
    let invitation =
        invite(&mut dana, "somebody.with.a.long.address@a-very-long-domain-name.acme.example", "sender").await;
    let open = hand_over(&service, "northwind-01", "Northwind Logistics").await;
    service.clock.advance(SignedDuration::from_mins(47));
    hand_over(&service, "kestrel-01", "Kestrel Foods").await;
    hand_over(&service, "juniper-01", "Juniper Clinics").await;
    let long = "Bartholomew Featherstonehaugh-Whitfield and Sons, Logistics and Warehousing of the Northern Provinces";
    short(&service, long, 1).await;
    let moved = short(&service, "Halden Marine", 2).await;
    let answers = json!({"contact_email": {"value": "dana@northwind.example"}, "note": {"value": "They like blue"}});
    service.answer(&moved, &answers).await.expect(200);
    service.transfer(&moved).await.expect(200);
    let held = short(&service, "Otterbach", 3).await;
    let body = json!({"reason": "A dispute about the price; legal asks to keep everything"});
    service.send("PUT", &format!("/v1/handoffs/{held}/hold"), Some(&body), &[]).await.expect(200);
    let gone = short(&service, "Gone", 4).await;
    let erasure = erased(&service, &gone).await;
    send(&mut dana, "/settings/notifications", &[("way", "mail")]).await.expect(303);
    // What is asked falls due, and the mail server is still away.
    service.clock.advance(SignedDuration::from_mins(20));
    service.app().look_at_due().await.expect("it looks");
    crate::quiet(&service).await;
    service.clock.advance(SignedDuration::from_hours(2));
    crate::quiet(&service).await;
    let delivery = crate::deliveries(&service, &failing).await[0]["id"].as_str().expect("an id").to_owned();
    (service, Filled { open, moved, key, good, failing, delivery, erasure, invitation })
}
