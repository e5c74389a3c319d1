//! The page of a handoff as members meet it: what each role may do, answers
//! that meet others, moves with their reasons, drafts, and how it looks.

mod answering;
mod counted;
mod drafts;
mod hostile;
mod looks;
mod moving;
mod roles;

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, sample};
use crate::person::{Person, hidden};

pub const MARCUS: (&str, &str) = ("Marcus Lee", "marcus@acme.example");
pub const PRIYA: (&str, &str) = ("Priya Raman", "priya@acme.example");

/// A shipped sample, handed over by its two owners.
pub async fn hand_over(service: &Service, case: &str, title: &str) -> String {
    let mut body = sample(case);
    let member = |(name, email): (&str, &str)| json!({"name": name, "email": email, "slack": null});
    body["title"] = json!(title);
    body["from"] = json!({"team": "sales", "owner": member(MARCUS)});
    body["to"] = json!({"team": "onboarding", "owner": member(PRIYA)});
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

/// A handoff of three short fields: the day is known, the address is asked for.
pub async fn short(service: &Service) -> String {
    service.publish_short(&service.key).await;
    service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id()
}

pub fn page_of(id: &str) -> String {
    format!("/handoffs/{id}")
}

/// Sends a form of the page of a handoff, with the token and version that the page holds.
pub async fn send(person: &mut Person, (id, what): (&str, &str), page: &str, inputs: &[(&str, &str)]) -> Answer {
    let (token, version) = (hidden(page, "token"), hidden(page, "version"));
    let mut all = vec![("token", token.as_str()), ("version", version.as_str())];
    all.extend(inputs);
    person.post(&format!("/handoffs/{id}/{what}"), &all).await
}

/// What stood in a field when a page was made.
pub fn stamp(page: &str, key: &str) -> (String, String) {
    let name = format!("seen-f-{key}-");
    let value = hidden(page, &name);
    (name, value)
}

pub async fn field(service: &Service, id: &str, key: &str) -> Json {
    service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json()["fields"][key].clone()
}

pub async fn status(service: &Service, id: &str) -> String {
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.expect(200).json();
    seen["status"].as_str().unwrap_or_default().to_owned()
}
