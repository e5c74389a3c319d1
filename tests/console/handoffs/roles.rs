//! What each role sees and may send: every form of the page, by everybody.

use serde_json::json;

use super::{page_of, send, short};
use crate::harness::figure;
use crate::person::{Person, hidden};
use crate::stage::{begun, member, token};

#[tokio::test]
async fn each_role_gets_what_is_its_own() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let mut wrong = Vec::new();
    let mut tried = 0;
    // Forms, with whether senders, receivers and viewers may send them.
    let forms = [
        ("answers", "confirm=go_live_date", [true, false, false]),
        ("draft", "f-note-value=x", [true, false, false]),
        ("transfer", "force=yes", [false, false, false]),
        ("cancel", "why=", [true, false, false]),
        ("retry", "", [true, false, false]),
        ("receive", "move=accept", [false, true, false]),
    ];
    for (place, role) in ["sender", "receiver", "viewer"].into_iter().enumerate() {
        let mut person = member(&service, &mut dana, (role, &format!("{role}@acme.example")), role).await;
        assert_eq!(person.get("/").await.expect(303).header("location"), "/handoffs");
        let list = person.get("/handoffs?whose=all").await.expect(200).text;
        assert!(list.contains(&page_of(&id)) && list.contains("Needs answers"), "{list}");
        let page = person.get(&page_of(&id)).await.expect(200).text;
        assert!(page.contains("1 July 2026") && page.contains("we go live") | page.contains("We go live"), "{page}");
        assert_eq!(page.contains("name=\"f-contact_email-value\""), role == "sender", "{role}: {page}");
        assert_eq!(page.contains("Confirm<span"), role == "sender", "{role}");
        assert_eq!(page.contains("Call it off"), role == "sender", "{role}");
        assert!(!page.contains("name=\"force\""), "{role}: only an admin may force it");
        assert!(page.contains(" disabled"), "nobody can hand over what is open");
        let token = token(&mut person).await;
        for (what, inputs, may) in forms {
            // With a version that was never there, so that what is let through changes nothing.
            let body = format!("token={token}&version=999&{inputs}");
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let status = person.send("POST", &format!("/handoffs/{id}/{what}"), Some(body), &form).await.status;
            tried += 1;
            if (status == 403) == may[place] {
                wrong.push(format!("{role} POST {what} {status}"));
            }
        }
    }
    // Without a session nothing is taken, and what was typed is given back.
    let mut nobody = Person::of(&service);
    let lost = nobody.post(&format!("/handoffs/{id}/answers"), &[("f-note-value", "my own words")]).await.expect(403);
    assert!(lost.text.contains("my own words") && lost.text.contains("/sign-in?next="), "{}", lost.text);
    assert!(nobody.get(&page_of(&id)).await.header("location").starts_with("/sign-in?next="));
    // A form from elsewhere changes nothing.
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    let forged = [("token", "x"), ("version", &hidden(&page, "version")), ("confirm", "go_live_date")];
    dana.post(&format!("/handoffs/{id}/answers"), &forged).await.expect(403);
    figure("roles of the handoff page", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

#[tokio::test]
async fn an_admin_may_all_of_it_and_others_are_not_there() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    for words in ["name=\"force\"", "Call it off", "Read again", "f-contact_email-value"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for path in ["/handoffs/x", "/handoffs/hnd_00000000000000000000000000000000"] {
        dana.get(path).await.expect(404);
    }
    assert_eq!(dana.get(&format!("/handoffs/{id}/answers")).await.expect(303).header("location"), page_of(&id));
    // A handoff of another workspace is not there either.
    let other = service.make_key("all", "other", baton::access::keys::Mode::Live).await;
    service.publish_short(&other).await;
    let bearer = format!("Bearer {other}");
    let body = json!({"route": "short", "sources": [{"type": "note", "filename": "n.txt", "content": "Hello."}]});
    let headers = [("authorization", bearer.as_str())];
    let sent = service.send_raw("POST", "/v1/handoffs?wait=25", Some(body.to_string().into_bytes()), &headers).await;
    let foreign = sent.json()["id"].as_str().expect("an id").to_owned();
    dana.get(&page_of(&foreign)).await.expect(404);
    send(&mut dana, (&foreign, "cancel"), &page, &[("why", "mine")]).await.expect(404);
}
