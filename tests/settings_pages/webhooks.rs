//! Webhooks on the pages: the same checks and the same road as over the API;
//! the log tells of every attempt, and what is asked once more changes nothing
//! by being looked at.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::Person;
use crate::sink::{Sink, reply};
use crate::stage::{DANA, first, send};
use crate::{deliveries, hand_over, quiet, shown, start, told};

const WEBHOOKS: &str = "/settings/webhooks";

/// Sets an endpoint up on the page; its page and its secret.
async fn set_up(person: &mut Person, url: &str, more: &[(&str, &str)]) -> (String, String) {
    let mut inputs = vec![("url", url)];
    inputs.extend(more);
    let page = send(person, WEBHOOKS, &inputs).await.expect(200).text;
    let path = page.split("href=\"").find(|part| part.starts_with("/settings/webhooks/end_")).expect("its page");
    (path.split('"').next().unwrap_or_default().to_owned(), shown(&page, "secret"))
}

async fn admin() -> (Service, Person) {
    let service = start(|_| {}).await;
    let dana = first(&service).await;
    (service, dana)
}

#[tokio::test]
async fn addresses_are_refused_in_the_words_of_the_api() {
    let (service, mut dana) = admin().await;
    let mut same = 0;
    let addresses = [
        "http://10.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://me:secret@hooks.acme.example/",
        "ftp://hooks.acme.example/",
        "https://hooks.acme.example:5432/",
        "https://localhost/",
        "no address",
    ];
    for url in addresses {
        let over_http = service.post("/v1/endpoints", &json!({"url": url})).await.expect(422).json();
        let words = over_http["errors"][0]["detail"].as_str().expect("why").to_owned();
        let page = send(&mut dana, WEBHOOKS, &[("url", url)]).await.expect(422).text;
        let page = page.replace("&#38;", "&").replace("&#39;", "'");
        let sentence: String =
            words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect();
        assert!(page.contains(&sentence), "{url}: {sentence} in {page}");
        same += 1;
    }
    let listed = service.get("/v1/endpoints").await.expect(200).json();
    let none = listed["data"].as_array().is_some_and(Vec::is_empty);
    figure("addresses refused on the page", none && same == addresses.len(), json!({"tried": same}));
    assert!(dana.get(WEBHOOKS).await.expect(200).text.contains("Nobody is told anything"));
}

#[tokio::test]
async fn an_endpoint_is_set_up_tried_changed_and_taken_away() {
    let (service, mut dana) = admin().await;
    let sink = Sink::good().await;
    let events = [("events", "handoff.ready"), ("events", "handoff.needs_input"), ("description", "The order desk")];
    let (path, secret) = set_up(&mut dana, &sink.url("/a"), &events).await;
    let done = send(&mut dana, &format!("{path}/test"), &[("event", "handoff.ready")]).await.expect(303);
    assert_eq!(done.header("location"), format!("{path}?done=test#log"));
    sink.wait_for(1).await;
    quiet(&service).await;
    let arrived = &sink.seen()[0];
    assert_eq!(arrived.signatures_by(&secret), 1);
    assert_eq!(arrived.json()["example"], true);
    let page = dana.get(&path).await.expect(200).text;
    assert!(page.contains("delivered") && page.contains("answered 200 after") && page.contains("1 attempt"), "{page}");
    assert!(
        page.contains("told of handoff.needs_input and handoff.ready") && page.contains("The order desk"),
        "{page}"
    );
    assert!(!page.contains(&secret), "the secret is shown once");
    let list = dana.get(WEBHOOKS).await.expect(200).text;
    assert!(list.contains("last message just now: delivered") && list.contains(">Enabled<"), "{list}");

    // A rotation is asked for first; then both sign.
    dana.get(&format!("{path}/rotate")).await.expect(200);
    let newer = shown(&send(&mut dana, &format!("{path}/rotate"), &[]).await.expect(200).text, "secret");
    send(&mut dana, &format!("{path}/test"), &[("event", "handoff.ready")]).await.expect(303);
    sink.wait_for(2).await;
    let seen = sink.seen();
    assert_eq!((seen[1].signatures_by(&secret), seen[1].signatures_by(&newer)), (1, 1));
    assert_ne!(secret, newer);

    // Another address and everything; one inside is refused with what was typed.
    let inputs = [("url", "http://10.0.0.1/x"), ("description", "Elsewhere")];
    let page = send(&mut dana, &path, &inputs).await.expect(422).text;
    assert!(page.contains("http://10.0.0.1/x") && page.contains("not on the public internet"), "{page}");
    let other = sink.url("/b");
    let done = send(&mut dana, &path, &[("url", &other), ("description", "")]).await.expect(303);
    assert!(done.header("location").ends_with("?done=changed"));
    hand_over(&service).await;
    quiet(&service).await;
    assert!(sink.seen_at("/b").len() >= 2 && dana.get(&path).await.text.contains("told of everything"));

    // Paused it keeps what happens.
    send(&mut dana, &format!("{path}/state"), &[("state", "paused")]).await.expect(303);
    let before = sink.seen().len();
    hand_over(&service).await;
    quiet(&service).await;
    let refused = send(&mut dana, &format!("{path}/test"), &[("event", "handoff.ready")]).await.expect(409).text;
    assert!(sink.seen().len() == before && refused.contains("takes nothing at the moment"), "{refused}");
    send(&mut dana, &format!("{path}/state"), &[("state", "enabled")]).await.expect(303);
    quiet(&service).await;
    assert!(sink.seen().len() > before);

    dana.get(&format!("{path}/delete")).await.expect(200);
    dana.get(&path).await.expect(200);
    send(&mut dana, &format!("{path}/delete"), &[]).await.expect(303);
    dana.get(&path).await.expect(404);
    for (kind, count) in
        [("endpoint.created", 1), ("endpoint.changed", 4), ("endpoint.tested", 2), ("endpoint.deleted", 1)]
    {
        let entries = told(&service, kind).await;
        assert_eq!(entries.len(), count, "{kind}");
        assert!(entries.iter().all(|entry| entry["actor"]["email"] == DANA.1), "{kind}: {entries:?}");
    }
}

#[tokio::test]
async fn every_attempt_is_told_and_what_failed_is_sent_again() {
    let (service, mut dana) = admin().await;
    let sink = Sink::start(|seen| match seen.path.as_str() {
        "/bad" => reply(503, &[], "later, please"),
        _ => reply(200, &[], "ok"),
    })
    .await;
    let (path, _) = set_up(&mut dana, &sink.url("/bad"), &[]).await;
    let handoff = hand_over(&service).await;
    quiet(&service).await;
    service.clock.advance(jiff::SignedDuration::from_secs(20));
    service.app().look_for_post();
    quiet(&service).await;
    let page = dana.get(&path).await.expect(200).text;
    assert!(page.contains(">Failing<") && page.contains("Nothing has arrived there since"), "{page}");
    assert!(page.contains("answered 503 after") && page.contains("tried again in"), "{page}");
    let id =
        page.split("/settings/deliveries/").nth(1).and_then(|rest| rest.split('"').next()).expect("one").to_owned();
    let one = dana.get(&format!("/settings/deliveries/{id}")).await.expect(200).text;
    assert!(one.matches("answered 503 after").count() >= 2 && one.contains(&handoff), "{one}");
    assert!(
        one.contains("&#34;type&#34;") && !one.contains("later, please"),
        "what a host inside said is not kept: {one}"
    );

    let good = sink.url("/good");
    send(&mut dana, &path, &[("url", &good)]).await.expect(303);
    let done = send(&mut dana, &format!("/settings/deliveries/{id}/resend"), &[]).await.expect(303);
    assert!(done.header("location").ends_with("?done=resent#log"));
    quiet(&service).await;
    let endpoint = path.rsplit('/').next().expect("an id").to_owned();
    let states = deliveries(&service, &endpoint).await;
    assert!(states.iter().any(|one| one["id"] == json!(id) && one["state"] == "delivered"), "{states:?}");
    // The rest by its days; those that arrived are left out.
    let wrong =
        send(&mut dana, &format!("{path}/replay"), &[("from", "x"), ("to", "2026-03-03")]).await.expect(422).text;
    assert!(wrong.contains("href=\"#from\""), "{wrong}");
    send(&mut dana, &format!("{path}/replay"), &[("from", "2026-03-04"), ("to", "2026-03-03")]).await.expect(422);
    let done =
        send(&mut dana, &format!("{path}/replay"), &[("from", "2026-03-01"), ("to", "2026-03-03")]).await.expect(303);
    assert!(done.header("location").contains("done=replayed&messages=0"), "they wait still: {done:?}");
}

#[tokio::test]
async fn the_log_has_pages_and_filters() {
    let (service, mut dana) = admin().await;
    let sink = Sink::start(|seen| reply(if seen.path == "/a" { 200 } else { 404 }, &[], "")).await;
    let (path, _) = set_up(&mut dana, &sink.url("/a"), &[]).await;
    for _ in 0..30 {
        send(&mut dana, &format!("{path}/test"), &[("event", "handoff.ready")]).await.expect(303);
    }
    quiet(&service).await;
    let page = dana.get(&path).await.expect(200).text;
    assert!(page.contains("Delivered <span class=\"count\">30</span>"), "{page}");
    assert_eq!(page.matches("/settings/deliveries/").count(), 25);
    let next = page.split("href=\"").find(|part| part.contains("before=")).expect("a next page");
    let next = next.split('"').next().unwrap_or_default().replace("&#38;", "&");
    let page = dana.get(&next).await.expect(200).text;
    assert!(page.matches("/settings/deliveries/").count() == 5 && page.contains("First page"), "{page}");
    let page = dana.get(&format!("{path}?state=exhausted")).await.expect(200).text;
    assert!(
        page.contains("No message stands so") && page.contains("Given up <span class=\"count\">0</span>"),
        "{page}"
    );
    // One that a key of another workspace set up is not there.
    let key = service.make_key("all", "other", baton::access::keys::Mode::Live).await;
    let bearer = format!("Bearer {key}");
    let body = json!({"url": sink.url("/c")}).to_string().into_bytes();
    let foreign = service.send_raw("POST", "/v1/endpoints", Some(body), &[("authorization", &bearer)]).await;
    let foreign = format!("{WEBHOOKS}/{}", foreign.expect(201).id());
    dana.get(&foreign).await.expect(404);
    for verb in ["state", "rotate", "delete", "test", "replay"] {
        let inputs = [("state", "paused"), ("event", "handoff.ready"), ("from", "2026-03-01"), ("to", "2026-03-03")];
        send(&mut dana, &format!("{foreign}/{verb}"), &inputs).await.expect(404);
    }
    // Its own secret is taken, and never shown again where something else is wrong.
    let own = format!("whsec_{}", STANDARD.encode([7; 32]));
    let page = send(&mut dana, WEBHOOKS, &[("url", "no address"), ("secret", &own)]).await.expect(422).text;
    assert!(!page.contains(&own));
    let (_, secret) = set_up(&mut dana, &sink.url("/d"), &[("secret", &own)]).await;
    assert_eq!(secret, own);
}
