//! Two people at one handoff: nobody writes over what the other said, and
//! whoever looked too long ago is told so.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure};

const HANDOFFS: usize = 50;
const ROUNDS: usize = 20;

/// Races on one handoff: how many rounds ended in exactly one success and one refusal, and how many answers were lost.
async fn race(service: &Service, number: usize) -> (usize, usize) {
    let text = format!("We go live on 1 July 2026. This is matter {}.", "x".repeat(number + 1));
    let id = service.hand_over_mail("short", &text).await.expect(200).id();
    let path = format!("/v1/handoffs/{id}/fields");
    let (mut exact, mut lost) = (0, 0);
    for round in 0..ROUNDS {
        let tag = service.get(&format!("/v1/handoffs/{id}")).await.header("etag").to_owned();
        let answer = |who: &'static str| {
            let body = json!({"by": {"name": who}, "fields": {"note": {"value": format!("{who} in round {round}")}}});
            let (path, tag) = (&path, &tag);
            async move { service.send("PATCH", path, Some(&body), &[("if-match", tag)]).await }
        };
        let (one, other) = tokio::join!(answer("Marcus Lee"), answer("Priya Raman"));
        let winner = if one.status == 200 { "Marcus Lee" } else { "Priya Raman" };
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        exact += usize::from(statuses == [200, 412]);
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
        lost += usize::from(brief["fields"]["note"]["value"] != format!("{winner} in round {round}"));
    }
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.json();
    let answered =
        events["data"].as_array().expect("events").iter().filter(|event| event["type"] == "handoff.answered").count();
    (exact, lost + ROUNDS.abs_diff(answered))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_answers_to_one_version_exactly_one_is_taken() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let races = join_all((0..HANDOFFS).map(|number| race(&service, number))).await;
    let (exact, lost) = races.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let pass = (exact, lost) == (HANDOFFS * ROUNDS, 0);
    figure("R-24", pass, json!({"races": HANDOFFS * ROUNDS, "one_200_and_one_412": exact, "lost": lost}));
}

#[tokio::test]
async fn the_version_seen_must_be_named_and_be_the_newest() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let begun = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200);
    let id = begun.id();
    let path = format!("/v1/handoffs/{id}");
    let note = |text: &str| json!({"by": {"name": "Marcus Lee"}, "fields": {"note": {"value": text}}});
    let fields = format!("{path}/fields");
    let patch = async |tag: &str, body: &Json| service.send("PATCH", &fields, Some(body), &[("if-match", tag)]).await;

    let without = service.send("PATCH", &fields, Some(&note("one")), &[]).await.expect(428);
    assert_eq!(without.json()["code"], "version-required");
    for wrong in ["\"x\"", "\"\"", "\"1\", \"2\"", "W/x"] {
        patch(wrong, &note("one")).await.expect(400);
    }
    let tag = begun.header("etag").to_owned();
    let answered = patch(&tag, &note("one")).await.expect(200);
    let stale = patch(&tag, &note("two")).await.expect(412).json();
    assert_eq!(stale["version"].as_i64(), answered.header("etag").trim_matches('"').parse().ok());
    // What packs replies on the way marks tags as weak.
    patch(&format!("W/{}", answered.header("etag")), &note("three")).await.expect(200);

    let tag = service.get(&path).await.header("etag").to_owned();
    for (seen, expected) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"0\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"0\"".to_owned(), 200),
        ("x".to_owned(), 200),
    ] {
        let answer = service.send("GET", &path, None, &[("if-none-match", &seen)]).await.expect(expected);
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.text.is_empty(), expected == 304);
    }
    // Moves may name the version too.
    for rest in ["transfer", "cancel", "retry", "sources"] {
        let body = json!({"known": {"note": "a"}});
        let body = (rest == "sources").then_some(&body);
        service.send("POST", &format!("{path}/{rest}"), body, &[("if-match", "\"1\"")]).await.expect(412);
    }
}

/// A transfer, its twin, an answer and a further mail at the same moment: one pass at most, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_once_happens_one_after_the_other() {
    const ROUNDS: usize = 40;
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let (mut twice, mut unread, mut unseen, mut moved) = (0, 0, 0, 0);
    for round in 0..ROUNDS {
        let text = format!("We go live on 1 July 2026. This is matter {}.", "x".repeat(round + 1));
        let id = service.hand_over_mail("short", &text).await.expect(200).id();
        service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
        let later =
            crate::harness::mail("Correction: we go live on 15 August 2026 now.").replace("2026 09:00", "2026 10:00");
        let body = json!({"sources": [{"type": "email", "content": later}]});
        let path = format!("/v1/handoffs/{id}/sources");
        let note = json!({"note": {"value": "They like blue"}});
        let (one, other, added, answered) = tokio::join!(
            service.transfer(&id),
            service.transfer(&id),
            service.post(&path, &body),
            service.answer(&id, &note),
        );
        added.expect(202);
        assert!([200, 409, 412].contains(&answered.status), "{answered:?}");
        let granted = [&one, &other].iter().filter(|answer| answer.status == 200).count();
        assert!([&one, &other].iter().all(|answer| [200, 409].contains(&answer.status)), "{one:?} {other:?}");
        twice += usize::from(granted > 1);
        // As soon as nothing of it waits to be read.
        let seen = service.get(&format!("/v1/handoffs/{id}?wait=25")).await.expect(200).json();
        let handed = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
        // The mail came before the transfer and stands in what was handed over, or after it and the receiver is told.
        let is_told = seen["changed_after_transfer"] == json!(["go_live_date"])
            || handed["fields"]["go_live_date"]["value"] == "2026-08-15";
        let is_right =
            if granted == 1 { seen["status"] == "transferred" && is_told } else { seen["status"] == "ready" };
        unread += usize::from(!is_right);
        moved += granted;
        let latest = service.get(&format!("/v1/handoffs/{id}/brief?reading=latest")).await.expect(200).json();
        unseen += usize::from(latest["fields"]["go_live_date"]["value"] != "2026-08-15");
    }
    let counts =
        json!({"rounds": ROUNDS, "moved": moved, "two_passes": twice, "wrong_end": unread, "mail_lost": unseen});
    figure("moves at once", (twice, unread, unseen) == (0, 0, 0), counts);
}

/// Many messages about one matter at once are one handoff that holds them all.
#[tokio::test(flavor = "multi_thread")]
async fn one_matter_is_one_open_handoff() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let bodies: Vec<Json> = (0..50)
        .map(|number| json!({"route": "short", "external_id": "deal-1", "sources": [{"filename": format!("{number}.txt"), "content": format!("Remark {number}")}]}))
        .collect();
    let answers = join_all(bodies.iter().map(|body| service.post("/v1/handoffs", body))).await;
    let ids: std::collections::BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(202).id()).collect();
    let id = ids.first().expect("one").clone();
    service.until(&id, |seen| seen["status"] == "needs_input").await;
    let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.json();
    let added = events["data"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["type"] == "handoff.context_added")
        .count();
    // What moved still takes what comes; what was called off does not.
    service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({})).await.expect(200);
    service.post(&format!("/v1/handoffs/{id}/sources"), &bodies[0]["sources"][0]).await.expect(422);
    let more = json!({"sources": [{"content": "More"}]});
    service.post(&format!("/v1/handoffs/{id}/sources"), &more).await.expect(409);
    let new = json!({"route": "short", "external_id": "deal-1", "sources": [{"content": "A new start"}]});
    let new = service.post("/v1/handoffs", &new).await.expect(202).id();
    figure(
        "one matter",
        (ids.len(), added) == (1, 49) && new != id,
        json!({"sent": 50, "handoffs": ids.len(), "added": added}),
    );
}
