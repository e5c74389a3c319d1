//! Signing in: right and wrong, guessed, with an address that nobody has, and
//! back to where one wanted to go.

use std::time::Instant;

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::figure;
use crate::person::Person;
use crate::stage::{DANA, PASSWORD, begun, first, member, send, sign_in, told};

const WRONG: &str = "three quiet lighthouse";

#[tokio::test]
async fn a_wrong_address_and_a_wrong_password_are_the_same() {
    let (service, mut dana) = begun().await;
    let mut eve = member(&service, &mut dana, ("Eve Stone", "eve@acme.example"), "viewer").await;
    let id = crate::stage::id_of(&service, "eve@acme.example").await;
    send(&mut dana, &format!("/settings/members/{id}/access"), &[("access", "out")]).await.expect(303);
    eve.get("/settings/profile").await.expect(303);
    let mut pages = Vec::new();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..4 {
        for (place, email) in [DANA.1, "none@acme.example"].into_iter().enumerate() {
            let begun = Instant::now();
            let (person, answer) = sign_in(&service, email, WRONG).await;
            times[place].push(begun.elapsed().as_micros() as u64);
            assert!(person.cookies.is_empty());
            if round == 0 {
                pages.push((answer.status, answer.text.replace(email, "")));
            }
        }
    }
    // Who was shut out is told no more than anybody, also with the right password.
    let (_, out) = sign_in(&service, "eve@acme.example", PASSWORD).await;
    pages.push((out.status, out.text.replace("eve@acme.example", "")));
    let same = pages.iter().all(|page| *page == pages[0]) && pages[0].0 == 422;
    times.iter_mut().for_each(|times| times.sort_unstable());
    let [known, unknown] = [times[0][1], times[1][1]];
    // A password is hashed for both: without that the unknown one were some ten times as quick.
    let pass = same && unknown * 3 > known && known * 3 > unknown;
    figure("A-46 known and unknown", pass, json!({"pages": pages.len(), "known_us": known, "unknown_us": unknown}));
    assert!(pages[0].1.contains("do not belong together") && !pages[0].1.contains("lighthouse"), "{}", pages[0].1);
    let (_, empty) = sign_in(&service, "", "").await;
    assert!(
        empty.status == 422
            && empty.text.contains("Enter your e-mail address")
            && empty.text.contains("Enter your password")
    );
}

#[tokio::test]
async fn whoever_guesses_is_locked_out() {
    let (service, _) = begun().await;
    let mut statuses = [Vec::new(), Vec::new()];
    for _ in 0..12 {
        for (place, email) in [DANA.1, "none@acme.example"].into_iter().enumerate() {
            statuses[place].push(sign_in(&service, email, WRONG).await.1.status);
        }
    }
    let expected = [[422; 10].to_vec(), [429; 2].to_vec()].concat();
    let (_, right) = sign_in(&service, DANA.1, PASSWORD).await;
    let wait: u32 = right.header("retry-after").parse().expect("seconds");
    service.clock.advance(SignedDuration::from_mins(15));
    let (_, after) = sign_in(&service, DANA.1, PASSWORD).await;
    let locks = told(&service).await.into_iter().filter(|kind| kind == "member.locked").count();
    let pass = statuses == [expected.clone(), expected]
        && right.status == 429
        && wait == 900
        && after.status == 303
        && locks == 1;
    figure(
        "A-46 guesses",
        pass,
        json!({"statuses": statuses, "right_while_locked": right.status, "wait": wait, "logged": locks}),
    );
    // Many accounts from one address: thirty in a minute.
    let mut last = Vec::new();
    for number in 0..32 {
        last.push(sign_in(&service, &format!("none{number}@acme.example"), WRONG).await.1.status);
    }
    assert_eq!(last, [[422; 30].to_vec(), [429; 2].to_vec()].concat());
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_no_more_than_one_after_the_other() {
    let (service, _) = begun().await;
    let guesses = (0..40).map(|_| sign_in(&service, DANA.1, WRONG));
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers.iter().filter(|(_, answer)| answer.status == 422).count();
    let refused = answers.iter().filter(|(_, answer)| answer.status == 429).count();
    // Those that are being hashed when the lock falls.
    assert!((10..=13).contains(&tried) && tried + refused == 40, "{tried} tried, {refused} refused");
}

#[tokio::test]
async fn one_is_led_back_to_pages_of_our_own_alone() {
    let (service, _) = begun().await;
    let asked = Person::of(&service).get("/settings/members?done=role").await.expect(303);
    assert_eq!(asked.header("location"), "/sign-in?next=%2Fsettings%2Fmembers%3Fdone%3Drole");
    let mut places = Vec::new();
    for (next, expected) in [
        ("/settings/members?done=role", "/settings/members?done=role"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("@evil.example", "/"),
    ] {
        let mut dana = Person::of(&service);
        let inputs = [("email", DANA.1), ("password", PASSWORD), ("next", next)];
        let answer = dana.post("/sign-in", &inputs).await.expect(303);
        places.push((answer.header("location").to_owned(), expected));
        // Somebody who is signed in already is led on by the address itself.
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let led = dana.get(&format!("/sign-in?{query}")).await.expect(303);
        places.push((led.header("location").to_owned(), expected));
    }
    let wrong: Vec<_> = places.iter().filter(|(found, expected)| found != expected).collect();
    figure("A-46 led back", wrong.is_empty(), json!({"tried": places.len(), "wrong": wrong}));
    let page =
        Person::of(&service).get("/sign-in?next=//evil.example&email=x@y.example&password=z").await.expect(200).text;
    assert!(!page.contains("evil.example") && !page.contains("x@y.example"), "{page}");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_this_host() {
    use crate::harness::{Service, settings};
    let base_url = Some("https://baton.acme.example".to_owned());
    let settings = baton::config::Settings { base_url, ..settings() };
    let service = Service::start_with(settings, None).await;
    let link = service.app().first_link().await.expect("a look").expect("a link");
    let path = link.strip_prefix("https://baton.acme.example").expect("its address").to_owned();
    let mut dana = Person::of(&service);
    let made = dana.post(&path, &[("name", DANA.0), ("email", DANA.1), ("password", PASSWORD)]).await.expect(303);
    let cookie = made.header("set-cookie").to_owned();
    let is_safe = cookie.starts_with("__Host-baton_member=")
        && ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|flag| cookie.contains(flag));
    assert!(is_safe && !cookie.contains("Domain"), "{cookie}");
    dana.get("/settings/profile").await.expect(200);
    let wanted = [
        ("content-security-policy", "default-src 'none'"),
        ("content-security-policy", "form-action 'self'"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age="),
    ];
    dana.get("/sign-in/code").await.expect(303);
    dana.post("/sign-out", &[]).await.expect(403);
    dana.get("/setup/x").await.expect(404);
    for (path, answer) in &dana.seen {
        let lacks: Vec<_> = wanted.iter().filter(|(name, value)| !answer.header(name).contains(value)).collect();
        // A redirect has no page for which a policy says where its forms go.
        let is_page = answer.header("content-type").starts_with("text/html");
        let lacks: Vec<_> = lacks.into_iter().filter(|(_, value)| is_page || *value != "form-action 'self'").collect();
        assert!(lacks.is_empty(), "{path}: {lacks:?}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert!(
            !answer.text.contains("<script") && !answer.text.contains(" style=") && !answer.text.contains("<style"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn other_workspaces_have_their_own_door() {
    let service = crate::harness::Service::start().await;
    let _ = first(&service).await;
    service.make_key("all", "other", baton::access::keys::Mode::Live).await;
    let mut dana = Person::of(&service);
    let inputs = [("email", DANA.1), ("password", PASSWORD), ("workspace", "other")];
    dana.post("/sign-in", &inputs).await.expect(422);
    let page = dana.get("/sign-in?workspace=other").await.expect(200).text;
    assert!(page.contains("name=\"workspace\" value=\"other\""), "{page}");
    dana.post("/sign-in", &[("email", DANA.1), ("password", PASSWORD), ("workspace", "main")]).await.expect(303);
}
