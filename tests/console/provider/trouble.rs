//! A provider that does not answer, answers wrongly or changes its keys: people
//! are told in plain words, passwords go on working, and it is not asked more
//! often than it should be.

use std::time::Instant;

use jiff::SignedDuration;
use serde_json::json;

use super::fake::{Mood, Who};
use super::signer::Signer;
use super::{begun, leave, state};
use crate::harness::figure;
use crate::person::Person;
use crate::stage::{DANA, PASSWORD, sign_in};

#[tokio::test]
async fn a_provider_in_trouble_is_told_and_passwords_go_on() {
    let (mut tried, mut wrong, mut slowest) = (0, Vec::new(), 0);
    for place in ["document", "keys", "token", "userinfo"] {
        let stage = begun(|_| {}).await;
        // Without an address the page about the person is asked too.
        let who = Who::of("dana", DANA.1).with(json!({"email": null, "userinfo:email": DANA.1}));
        for mood in [Mood::Silent, Mood::Broken, Mood::Huge, Mood::Odd] {
            stage.fake.mood(place, mood);
            let before = state(&stage.service).await;
            let begun = Instant::now();
            let mut person = Person::of(&stage.service);
            let away = person.get("/sign-in/provider?next=/insights").await;
            let answer = match away.header("location") {
                "" => away,
                address => {
                    let back = stage.fake.authorize(address, &who);
                    person.get(&back).await
                }
            };
            let milliseconds = begun.elapsed().as_millis() as u64;
            slowest = slowest.max(milliseconds);
            tried += 1;
            let words = ["does not answer", "not set up rightly", "could not be believed"];
            let is_told = words.iter().any(|words| answer.text.contains(words)) && answer.text.contains("/sign-in");
            let repeats = answer.text.contains("Oops") || answer.text.contains("hello") || answer.text.contains("xxx");
            let (_, by_password) = sign_in(&stage.service, DANA.1, PASSWORD).await;
            let unchanged = before[..2] == state(&stage.service).await[..2];
            let is_in = person.get("/settings/profile").await.status != 303;
            if answer.status != 502 || !is_told || repeats || by_password.status != 303 || !unchanged || is_in {
                wrong.push(format!("{place} {mood:?} {} {}", answer.status, answer.text));
            }
            // What was heard before is too old by then.
            stage.service.clock.advance(SignedDuration::from_hours(2));
        }
        stage.fake.straighten();
        let (mut dana, answer) = stage.come(&who).await;
        if answer.status != 303 || dana.get("/settings/profile").await.status != 200 {
            wrong.push(format!("{place} after its trouble: {}", answer.status));
        }
    }
    // One second for a question, and a machine that has much to do.
    let pass = wrong.is_empty() && slowest < 10_000;
    figure("a provider in trouble", pass, json!({"tried": tried, "wrong": wrong, "slowest_ms": slowest}));
}

#[tokio::test]
async fn it_is_asked_as_seldom_as_it_can_be() {
    let stage = begun(|_| {}).await;
    let dana = Who::of("dana", DANA.1);
    for _ in 0..5 {
        stage.come(&dana).await.1.expect(303);
    }
    let usual = (stage.fake.asked("document"), stage.fake.asked("keys"));
    // New keys: asked for once, and people come in.
    stage.fake.sign_with(Signer::es256(), "second");
    for _ in 0..3 {
        stage.come(&dana).await.1.expect(303);
    }
    let rotated = stage.fake.asked("keys");
    // Keys that are nowhere: no more than once in a minute.
    stage.fake.bend(|header, _| header["kid"] = json!("nowhere"));
    for _ in 0..5 {
        stage.come(&dana).await.1.expect(403);
    }
    let unknown = stage.fake.asked("keys");
    stage.service.clock.advance(SignedDuration::from_secs(61));
    stage.come(&dana).await.1.expect(403);
    let later = stage.fake.asked("keys");
    // One that does not answer is left alone for a moment, however many come.
    stage.fake.straighten();
    stage.fake.mood("document", Mood::Broken);
    stage.service.clock.advance(SignedDuration::from_hours(1));
    let before = stage.fake.asked("document");
    let many = (0..12).map(|_| {
        let mut one = Person::of(&stage.service);
        async move { one.get("/sign-in/provider").await.status }
    });
    let statuses = futures_util::future::join_all(many).await;
    let broken = stage.fake.asked("document") - before;
    stage.fake.straighten();
    stage.service.clock.advance(SignedDuration::from_secs(5));
    let back = stage.come(&dana).await.1.status;
    let pass = usual == (1, 1)
        && (rotated, unknown, later) == (2, 2, 3)
        && broken == 1
        && statuses.iter().all(|status| *status == 502)
        && back == 303;
    figure(
        "questions to the provider",
        pass,
        json!({"usual": usual, "rotated": rotated, "unknown": unknown, "later": later, "broken": broken, "back": back}),
    );
}

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_not_asked() {
    let stage = begun(|_| {}).await;
    for change in [
        json!({"issuer": "https://evil.example"}),
        json!({"issuer": format!("{}/", stage.fake.url)}),
        json!({"jwks_uri": "http://169.254.169.254/latest/meta-data"}),
        json!({"token_endpoint": "http://10.0.0.1/token"}),
        json!({"token_endpoint": "https://localhost:1/token"}),
    ] {
        stage.fake.describe(change.clone());
        let mut dana = Person::of(&stage.service);
        let away = dana.get("/sign-in/provider").await;
        let answer = match away.header("location") {
            "" => away,
            address => {
                let back = stage.fake.authorize(address, &Who::of("dana", DANA.1));
                dana.get(&back).await
            }
        };
        assert_eq!(answer.status, 502, "{change}");
        assert!(!dana.cookies.contains_key("baton_member"));
        stage.service.clock.advance(SignedDuration::from_hours(2));
    }
}

#[tokio::test]
async fn whoever_tries_again_and_again_has_to_wait() {
    let stage = begun(|_| {}).await;
    // Any page can send a browser back with nothing that was asked for: that keeps nobody else out.
    for _ in 0..40 {
        Person::of(&stage.service).get("/sign-in/provider/back?state=x&code=y").await.expect(400);
    }
    stage.come(&Who::of("dana", DANA.1)).await.1.expect(303);
    let mut statuses = Vec::new();
    for _ in 0..30 {
        let mut eve = Person::of(&stage.service);
        let away = leave(&mut eve, "/").await;
        let back = stage.fake.authorize(&away, &Who::of("dana", DANA.1));
        let guessed = back.replace("code=code-", "code=guess-");
        assert_ne!(guessed, back);
        statuses.push(eve.get(&guessed).await.status);
    }
    let mut dana = Person::of(&stage.service);
    let waiting = dana.get("/sign-in/provider").await;
    let wait: u32 = waiting.header("retry-after").parse().unwrap_or_default();
    stage.service.clock.advance(SignedDuration::from_secs(61));
    let away = leave(&mut dana, "/").await;
    let after = dana.get(&stage.fake.authorize(&away, &Who::of("dana", DANA.1))).await.status;
    let pass = statuses == vec![400; 30] && waiting.status == 429 && (1..=60).contains(&wait) && after == 303;
    figure("A-46 guesses by provider", pass, json!({"statuses": statuses, "wait": wait, "after": after}));
}

#[tokio::test]
async fn an_account_that_others_locked_is_open_by_provider() {
    let stage = begun(|_| {}).await;
    for _ in 0..10 {
        sign_in(&stage.service, DANA.1, "three quiet lighthouse").await.1.expect(422);
    }
    sign_in(&stage.service, DANA.1, PASSWORD).await.1.expect(429);
    stage.come(&Who::of("dana", DANA.1)).await.1.expect(303);
}

#[tokio::test]
async fn the_doctor_asks_the_provider() {
    let stage = begun(|_| {}).await;
    let doctor = |issuer: String, arguments: &[&str]| {
        let folder = crate::harness::folder();
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_baton"));
        command.args(["doctor"]).args(arguments).current_dir(folder).env("BATON_SIGN_IN__OIDC__ISSUER", issuer);
        command.env("BATON_SIGN_IN__OIDC__CLIENT_ID", "baton").env("BATON_SIGN_IN__OIDC__CLIENT_SECRET", "hush-hush");
        command
    };
    let mut said = Vec::new();
    for (issuer, arguments) in [
        (stage.fake.url.clone(), vec![]),
        (stage.fake.url.clone(), vec!["--offline"]),
        (format!("{}/", stage.fake.url), vec![]),
        ("http://127.0.0.1:9".to_owned(), vec![]),
        ("http://login.acme.example".to_owned(), vec![]),
    ] {
        let mut command = doctor(issuer, &arguments);
        let output =
            tokio::task::spawn_blocking(move || command.output().expect("the program")).await.expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("hush-hush"), "{text}");
        said.push((output.status.code(), text));
    }
    let has = |place: usize, status: i32, words: &str| {
        let (found, text) = &said[place];
        assert!(*found == Some(status) && text.contains(words), "{words}: {found:?} {text}");
    };
    has(0, 0, "publishes 1 keys; enter http://127.0.0.1:8787/sign-in/provider/back there");
    has(1, 0, "not tried");
    has(2, 1, "letter by letter");
    has(3, 1, "cannot be reached");
    has(4, 2, "sign_in.oidc.issuer: write the address");
}
