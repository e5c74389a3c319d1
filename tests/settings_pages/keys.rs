//! Keys on the page: made with what was ticked and no more, shown once, seen to
//! be used, revoked after a question; and the log names the person.

use baton::access::keys::Mode;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::Person;
use crate::stage::{DANA, begun, rows, send};
use crate::{shown, told};

const KEYS: &str = "/settings/keys";

async fn with(service: &Service, key: &str, method: &str, path: &str) -> u16 {
    let bearer = format!("Bearer {key}");
    let body = (method == "POST").then(|| b"{}".to_vec());
    service.send_raw(method, path, body, &[("authorization", &bearer)]).await.status
}

async fn make(person: &mut Person, name: &str, more: &[(&str, &str)]) -> String {
    let mut inputs = vec![("name", name)];
    inputs.extend(more);
    shown(&send(person, KEYS, &inputs).await.expect(200).text, "secret")
}

/// The card of a key on the list.
async fn card(person: &mut Person, name: &str) -> String {
    let page = person.get(KEYS).await.expect(200).text;
    let found = page.split("<li>").find(|part| part.contains(&format!(">{name}<")));
    let card = found.and_then(|part| part.split("</li>").next());
    card.unwrap_or_else(|| panic!("no {name} in {page}")).to_owned()
}

#[tokio::test]
async fn a_key_made_here_does_what_was_ticked_until_it_is_revoked() {
    let (service, mut dana) = begun().await;
    let key = make(&mut dana, "Zapier & Co", &[("scopes", "handoffs:read"), ("preset", "zapier")]).await;
    assert!(key.starts_with("baton_live_"), "{key}");
    let listed = card(&mut dana, "Zapier &#38; Co").await;
    assert!(listed.contains("<code>handoffs:read</code>") && !listed.contains("handoffs:write"), "{listed}");
    assert!(listed.contains("never used") && listed.contains(">Zapier<") && listed.contains("no end"), "{listed}");

    assert_eq!(with(&service, &key, "GET", "/v1/handoffs").await, 200);
    assert_eq!(with(&service, &key, "POST", "/v1/handoffs").await, 403);
    assert!(card(&mut dana, "Zapier &#38; Co").await.contains("last used just now"));
    service.clock.advance(jiff::SignedDuration::from_mins(50));
    assert!(card(&mut dana, "Zapier &#38; Co").await.contains("last used 50 minutes ago"));

    let id = key.split('_').nth(2).expect("an id").to_owned();
    let question = dana.get(&format!("{KEYS}/{id}/revoke")).await.expect(200).text;
    assert!(question.contains("Revoke the key Zapier") && question.contains("last 50 minutes ago"), "{question}");
    assert_eq!(with(&service, &key, "GET", "/v1/handoffs").await, 200, "a question changes nothing");
    let done = send(&mut dana, &format!("{KEYS}/{id}/revoke"), &[]).await.expect(303);
    assert_eq!(done.header("location"), "/settings/keys?done=revoked");
    assert_eq!(with(&service, &key, "GET", "/v1/handoffs").await, 401);
    assert!(card(&mut dana, "Zapier &#38; Co").await.contains("revoked 3 March 2026, 12:50 UTC"));
    send(&mut dana, &format!("{KEYS}/{id}/revoke"), &[]).await.expect(404);

    // Shown once, kept nowhere, and the log says who.
    assert_eq!(dana.seen.iter().filter(|(_, answer)| answer.text.contains(&key)).count(), 1, "it is shown this once");
    for (made, of) in [("key.created", 1), ("key.revoked", 0)] {
        let entries = told(&service, made).await;
        let entry = entries.get(of).expect("an entry");
        assert_eq!((&entry["actor"]["email"], &entry["key"]), (&json!(DANA.1), &json!(id)), "{made}");
    }
    let secret = key.rsplit('_').next().expect("letters");
    let stored = std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database");
    let held = stored.windows(secret.len()).any(|part| part == secret.as_bytes());
    figure("a key made on the page", !held, json!({"stored": held}));
}

#[tokio::test]
async fn what_cannot_be_a_key_is_told_at_its_input() {
    let (service, mut dana) = begun().await;
    let count = async || rows(&service, "SELECT id, name FROM keys").await.len();
    let before = count().await;
    let good = [("name", "A program"), ("scopes", "transfer")];
    for (changed, expected) in [
        (("name", ""), "Say what it is for"),
        (("name", "two\nlines"), "Write it on one line"),
        (("scopes", "everything"), "Choose what it may do"),
        (("expires", "2026-03-02"), "This is in the past"),
        (("expires", "soon"), "day"),
        (("key_pointer", "event/id"), "Begin with `/`"),
        (("signing_secret", "whsec_short"), "secret"),
    ] {
        let mut inputs: Vec<(&str, &str)> = good.iter().copied().filter(|(name, _)| *name != changed.0).collect();
        inputs.push(changed);
        let page = send(&mut dana, KEYS, &inputs).await.expect(422).text;
        let at_input = page.split("class=\"error\"").nth(1).unwrap_or_default();
        assert!(at_input.contains(expected), "{changed:?}: {at_input}");
        assert!(page.contains("No key was made") && !page.contains("whsec_short"), "{page}");
        assert!(page.contains(&format!("href=\"#{}\"", changed.0)), "{changed:?}");
    }
    assert_eq!(count().await, before);
    let key = make(&mut dana, "A program", &[("scopes", "transfer"), ("expires", "2026-03-03")]).await;
    assert_eq!(with(&service, &key, "POST", "/v1/handoffs").await, 403, "it opens, and may not do this");
    service.clock.advance(jiff::SignedDuration::from_hours(12));
    assert_eq!(with(&service, &key, "POST", "/v1/handoffs").await, 401, "it ended with its day");
    let (mut dana, _) = crate::stage::sign_in(&service, DANA.1, crate::stage::PASSWORD).await;
    assert!(dana.get(KEYS).await.expect(200).text.contains("ended 3 March 2026, 23:59 UTC"));
}

#[tokio::test]
async fn keys_of_other_workspaces_are_neither_seen_nor_revoked() {
    let (service, mut dana) = begun().await;
    let foreign = service.make_key("all", "other", Mode::Live).await;
    let trying = make(&mut dana, "For trying", &[("scopes", "handoffs:read"), ("mode", "test")]).await;
    assert!(trying.starts_with("baton_test_"), "{trying}");
    assert!(card(&mut dana, "For trying").await.contains("workspace main.test"));
    let id = foreign.split('_').nth(2).expect("an id").to_owned();
    assert!(!dana.get(KEYS).await.expect(200).text.contains(&id));
    dana.get(&format!("{KEYS}/{id}/revoke")).await.expect(404);
    send(&mut dana, &format!("{KEYS}/{id}/revoke"), &[]).await.expect(404);
    assert_eq!(with(&service, &foreign, "GET", "/v1/handoffs").await, 200);
}

#[tokio::test]
async fn when_a_key_was_used_last_is_known_after_a_start() {
    let (service, mut dana) = begun().await;
    let key = make(&mut dana, "Nightly", &[("scopes", "handoffs:read")]).await;
    make(&mut dana, "Idle", &[("scopes", "handoffs:read")]).await;
    with(&service, &key, "GET", "/v1/handoffs").await;
    let mut service = service.restart().await;
    service.clock.advance(jiff::SignedDuration::from_hours(3));
    let (mut dana, _) = crate::stage::sign_in(&service, DANA.1, crate::stage::PASSWORD).await;
    assert!(card(&mut dana, "Nightly").await.contains("last used 3 hours ago"));
    assert!(card(&mut dana, "Idle").await.contains("never used"));
    service.end().await;
}
