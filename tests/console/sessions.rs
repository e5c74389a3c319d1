//! Sessions: new at every sign-in, listed with where they began, and dead the
//! moment they are ended, from here or from elsewhere.

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::Person;
use crate::stage::{DANA, PASSWORD, begun, id_of, member, send, sign_in};

const PAGE: &str = "/settings/sessions";

/// Whether a browser's session opens anything.
async fn lives(person: &mut Person) -> bool {
    person.get("/settings/profile").await.status == 200
}

/// Somebody else with the same cookie.
fn copy(service: &Service, person: &Person) -> Person {
    let mut copy = Person::of(service);
    copy.cookies.clone_from(&person.cookies);
    copy
}

#[tokio::test]
async fn every_sign_in_has_a_secret_of_its_own() {
    let (service, mut dana) = begun().await;
    let mut before = copy(&service, &dana);
    let secret = dana.cookies.values().next().cloned().expect("a secret");
    assert!(secret.len() >= 43 && lives(&mut before).await);
    // A secret that somebody planted does not become a session.
    let mut planted = Person::of(&service);
    planted.cookies.insert("baton_member".to_owned(), "A".repeat(43));
    planted.post("/sign-in", &[("email", DANA.1), ("password", PASSWORD)]).await.expect(303);
    let fixed = planted.cookies["baton_member"] == "A".repeat(43);
    dana.post("/sign-in", &[("email", DANA.1), ("password", PASSWORD)]).await.expect(303);
    let renewed = dana.cookies["baton_member"] != secret && lives(&mut dana).await && !lives(&mut before).await;
    let mut after = copy(&service, &dana);
    send(&mut dana, "/sign-out", &[]).await.expect(200);
    let dead = !lives(&mut after).await && dana.cookies.is_empty();
    figure(
        "A-42 renewed",
        !fixed && renewed && dead,
        json!({"fixed": fixed, "renewed": renewed, "dead_after_sign_out": dead}),
    );
    assert!(lives(&mut planted).await, "other browsers go on");
}

#[tokio::test]
async fn sessions_end_when_they_should() {
    let (service, mut dana) = begun().await;
    let (mut phone, _) = sign_in(&service, DANA.1, PASSWORD).await;
    let (mut tablet, _) = sign_in(&service, DANA.1, PASSWORD).await;
    let mut checks = Vec::new();
    // Ended one by one, and all others.
    let page = dana.get(PAGE).await.expect(200).text;
    let ids: Vec<&str> = page.split("/settings/sessions/").skip(1).filter_map(|rest| rest.split('/').next()).collect();
    assert!(ids.len() == 2 && page.contains("This browser") && page.contains("From 127.0.0.1"), "{page}");
    send(&mut dana, &format!("{PAGE}/{}/end", ids[0]), &[]).await.expect(303);
    checks.push(("one", lives(&mut phone).await != lives(&mut tablet).await && lives(&mut dana).await));
    send(&mut dana, &format!("{PAGE}/{}/end", ids[0]), &[]).await.expect(404);
    send(&mut dana, PAGE, &[]).await.expect(303);
    checks.push(("others", !lives(&mut phone).await && !lives(&mut tablet).await && lives(&mut dana).await));
    // Nobody ends somebody else's.
    let mut eve = member(&service, &mut dana, ("Eve Stone", "eve@acme.example"), "admin").await;
    let visitor = service.app().visitor(&dana.cookies["baton_member"]).await.expect("a look").expect("somebody");
    send(&mut eve, &format!("{PAGE}/{}/end", visitor.session), &[]).await.expect(404);
    checks.push(("not another's", lives(&mut dana).await));
    // Another password ends all but the one that changed it, which goes on under another secret.
    let (mut phone, mut thief) = (sign_in(&service, DANA.1, PASSWORD).await.0, copy(&service, &dana));
    let change = "/settings/profile/password";
    let new = "four loud foghorns";
    send(&mut dana, change, &[("current", "wrong"), ("password", new)]).await.expect(422);
    send(&mut dana, change, &[("current", PASSWORD), ("password", "short")]).await.expect(422);
    checks.push(("refused", lives(&mut phone).await));
    send(&mut dana, change, &[("current", PASSWORD), ("password", new)]).await.expect(303);
    checks.push(("password", lives(&mut dana).await && !lives(&mut phone).await && !lives(&mut thief).await));
    checks.push(("old password", sign_in(&service, DANA.1, PASSWORD).await.1.status == 422));
    // Whoever is shut out is out at once.
    let out = format!("/settings/members/{}/access", id_of(&service, "eve@acme.example").await);
    send(&mut dana, &out, &[("access", "out")]).await.expect(303);
    checks.push(("shut out", !lives(&mut eve).await));
    send(&mut dana, &out, &[("access", "in")]).await.expect(303);
    checks.push(("stays out until signed in", !lives(&mut eve).await));
    // Twelve hours without use, seven days in any case.
    service.clock.advance(SignedDuration::from_mins(12 * 60 - 1));
    checks.push(("nearly idle", lives(&mut dana).await));
    service.clock.advance(SignedDuration::from_hours(12));
    checks.push(("idle", !lives(&mut dana).await));
    let (mut dana, _) = sign_in(&service, DANA.1, new).await;
    for _ in 0..15 {
        service.clock.advance(SignedDuration::from_hours(11));
        assert!(lives(&mut dana).await);
    }
    service.clock.advance(SignedDuration::from_hours(3));
    checks.push(("a week", !lives(&mut dana).await));
    let wrong: Vec<_> = checks.iter().filter(|(_, is_so)| !is_so).map(|(what, _)| what).collect();
    figure("A-42 ended", wrong.is_empty(), json!({"checks": checks.len(), "wrong": wrong}));
}

#[tokio::test]
async fn a_visitor_acts_under_their_own_name_and_passes_the_gate() {
    let (service, dana) = begun().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let handoff = baton::handoff::HandoffId::parse(&id).expect("an id");
    let visitor = service.app().visitor(&dana.cookies["baton_member"]).await.expect("a look").expect("somebody");
    let refused = service.app().transfer(visitor.asked(None, None, |_, _| json!(null)), handoff.clone(), None).await;
    assert!(matches!(refused, Err(baton::app::Refusal::Incomplete(_))), "{refused:?}");
    service.app().hold(visitor.asker(), handoff, Some("A lawsuit".to_owned())).await.expect("it is held");
    let held = crate::stage::rows(&service, "SELECT kind, detail FROM events WHERE kind = 'handoff.held'").await;
    let actor = &serde_json::from_str::<serde_json::Value>(&held[0].1).expect("JSON")["actor"];
    assert_eq!((actor["name"].as_str(), actor["email"].as_str()), (Some(DANA.0), Some(DANA.1)), "{actor}");
    assert_eq!(actor["key"], visitor.member.id);
}
