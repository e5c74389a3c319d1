//! What is typed is kept until it is sent: by the button without script, there
//! again on another device, nobody else's, and gone with what it belongs to.

use serde_json::json;

use super::{page_of, send, short, stamp};
use crate::harness::figure;
use crate::person::{Person, hidden, link};
use crate::stage::{PASSWORD, begun, id_of, member, rows, sign_in};

const TYPED: [(&str, &str); 2] = [("f-contact_email-how", "value"), ("f-contact_email-value", "half an addr")];

#[tokio::test]
async fn what_was_typed_is_there_again_and_goes_when_it_is_sent() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    let kept = send(&mut dana, (&id, "draft"), &page, &TYPED).await.expect(303);
    let page = dana.get(kept.header("location")).await.expect(200).text;
    assert!(page.contains("Saved for later.") && page.contains("value=\"half an addr\""), "{page}");
    // In another browser too; nobody else sees it.
    let (mut elsewhere, _) = sign_in(&service, "dana@acme.example", PASSWORD).await;
    assert!(elsewhere.get(&page_of(&id)).await.text.contains("half an addr"));
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "admin").await;
    assert!(!marcus.get(&page_of(&id)).await.text.contains("half an addr"));
    let (_, path) = link(&service, &id, ("Dana Whitfield", "dana@acme.example"), "answer").await;
    assert!(
        !Person::of(&service).enter(&path).await.text.contains("half an addr"),
        "a link proves less than a password"
    );
    // Somebody else changes another field, which is confirmed: the draft stays.
    let (name, value) = stamp(&page, "go_live_date");
    let confirm = [("confirm", "go_live_date"), (name.as_str(), value.as_str())];
    send(&mut dana, (&id, "answers"), &page, &confirm).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("half an addr"), "{page}");
    // Somebody else answers the same field: both are shown.
    service.answer(&id, &json!({"contact_email": {"value": "rosa@northwind.example"}})).await.expect(200);
    let both =
        [("f-contact_email-how", "value"), ("f-contact_email-value", "dana@northwind.example"), ("whole", "yes")];
    let (name, value) = stamp(&page, "contact_email");
    let both: Vec<(&str, &str)> = both.into_iter().chain([(name.as_str(), value.as_str())]).collect();
    let refused = send(&mut dana, (&id, "answers"), &page, &both).await.expect(409).text;
    assert!(
        refused.contains("rosa@northwind.example") && refused.contains("value=\"dana@northwind.example\""),
        "{refused}"
    );
    let (name, value) = stamp(&refused, "contact_email");
    let last: Vec<(&str, &str)> = both[..3].iter().copied().chain([(name.as_str(), value.as_str())]).collect();
    send(&mut dana, (&id, "answers"), &refused, &last).await.expect(303);
    assert!(rows(&service, "SELECT person, body FROM drafts").await.is_empty(), "it was sent");
}

#[tokio::test]
async fn a_link_keeps_what_was_typed_too() {
    let (service, _) = begun().await;
    let id = short(&service).await;
    let (_, path) = link(&service, &id, ("Marcus Lee", "marcus@acme.example"), "answer").await;
    let mut marcus = Person::of(&service);
    let page = marcus.enter(&path).await.text;
    let token = hidden(&page, "token");
    let draft = format!("/h/{id}/draft");
    let typed: Vec<(&str, &str)> = [("token", token.as_str())].into_iter().chain(TYPED).collect();
    let kept = marcus.post(&draft, &typed).await.expect(303);
    let page = marcus.get(kept.header("location")).await.expect(200).text;
    assert!(page.contains("Saved for later.") && page.contains("value=\"half an addr\""), "{page}");
    // Another device, another link to the same person.
    let (_, again) = link(&service, &id, ("Marcus Lee", "marcus@acme.example"), "answer").await;
    let page = Person::of(&service).enter(&again).await.text;
    assert!(page.contains("value=\"half an addr\"") && page.contains("was not sent yet"), "{page}");
    // Without the page's token nothing is kept, and it can be thrown away.
    marcus.post(&draft, &TYPED).await.expect(403);
    marcus.post(&draft, &[("token", &token), ("forget", "yes")]).await.expect(303);
    let page = marcus.get(&format!("/h/{id}")).await.expect(200).text;
    assert!(!page.contains("half an addr"), "{page}");
    assert!(rows(&service, "SELECT person, body FROM drafts").await.is_empty());
    let version = marcus.get(&format!("/h/{id}/version")).await.expect(200).text;
    assert_eq!(version, hidden(&page, "version"));
}

#[tokio::test]
async fn drafts_go_with_what_they_belong_to() {
    let (mut service, mut dana) = begun().await;
    let id = short(&service).await;
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "sender").await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    send(&mut dana, (&id, "draft"), &page, &TYPED).await.expect(303);
    let page = marcus.get(&page_of(&id)).await.expect(200).text;
    send(&mut marcus, (&id, "draft"), &page, &TYPED).await.expect(303);
    assert_eq!(rows(&service, "SELECT person, body FROM drafts").await.len(), 2);
    // A person's drafts are among what is held of them.
    let person = json!({"email": "marcus@acme.example"});
    let found = service.post("/v1/exports", &json!({"person": person})).await.expect(200).text;
    assert!(found.contains("\"kind\":\"drafts\"") && found.contains("half an addr"), "{found}");
    // With the member who typed it.
    let member = id_of(&service, "marcus@acme.example").await;
    let path = format!("/settings/members/{member}/access");
    crate::stage::send(&mut dana, &path, &[("access", "out")]).await.expect(303);
    service.end().await;
    let erased = std::process::Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["members", "erase", "marcus@acme.example", "--data-dir"])
        .arg(&service.settings.data_dir)
        .output()
        .expect("it runs");
    assert!(erased.status.success(), "{erased:?}");
    let after_member = rows(&service, "SELECT person, body FROM drafts").await.len();
    // After thirty days, by itself; and with the handoff.
    let service = service.restart().await;
    service.clock.advance(jiff::SignedDuration::from_hours(30 * 24 + 1));
    service.app().let_age_go().await.expect("a look");
    let after_month = rows(&service, "SELECT person, body FROM drafts").await.len();
    figure(
        "drafts",
        (after_member, after_month) == (1, 0),
        json!({"with_member": after_member, "after_a_month": after_month}),
    );
}
