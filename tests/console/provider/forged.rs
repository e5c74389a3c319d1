//! Whoever tries to come in with what is not theirs: other browsers, other
//! answers, other tokens. Nobody gets in, nothing is changed, and each gets a
//! page that repeats nothing of what they brought.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::fake::Who;
use super::signer::{Signer, hmac_with};
use super::{Stage, begun, leave, state};
use crate::harness::{Answer, figure};
use crate::person::Person;
use crate::stage::DANA;

type Bend = fn(&mut Json, &mut Json);

/// Every way in which a token can lie, and what the log says of it.
const LIES: [(&str, Bend); 24] = [
    ("another nonce", |_, claims| claims["nonce"] = json!("n-0S6_WzA2Mj")),
    ("no nonce", |_, claims| claims["nonce"] = Json::Null),
    ("for another application", |_, claims| claims["aud"] = json!("payroll")),
    ("for nobody", |_, claims| claims["aud"] = json!([])),
    ("for several, given to none", |_, claims| claims["aud"] = json!(["baton-at-acme", "payroll"])),
    ("given to another application", |_, claims| {
        claims["aud"] = json!(["baton-at-acme", "payroll"]);
        claims["azp"] = json!("payroll");
    }),
    ("from another provider", |_, claims| claims["iss"] = json!("https://evil.example")),
    ("from one that looks the same", |_, claims| {
        claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap_or_default()))
    }),
    ("expired", |_, claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap_or_default() - 61)),
    ("without an end", |_, claims| claims["exp"] = Json::Null),
    ("from tomorrow", |_, claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap_or_default() + 86_400)),
    ("not yet good", |_, claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap_or_default() + 86_400)),
    ("of nobody", |_, claims| claims["sub"] = json!("")),
    ("of a number", |_, claims| claims["sub"] = json!(7)),
    ("with another access token", |_, claims| claims["at_hash"] = json!("77QmUPtjPfzWtF2AnpK9RQ")),
    ("of no algorithm", |header, _| header["alg"] = json!("none")),
    ("of no algorithm, loudly", |header, _| header["alg"] = json!("nOnE")),
    ("of an empty algorithm", |header, _| header["alg"] = json!("")),
    ("of a shared secret", |header, _| header["alg"] = json!("HS256")),
    ("of another kind of key", |header, _| header["alg"] = json!("RS256")),
    ("of a larger curve", |header, _| header["alg"] = json!("ES384")),
    ("of a key that is nowhere", |header, _| header["kid"] = json!("mine")),
    ("with what must be understood", |header, _| header["crit"] = json!(["exp"])),
    ("with its own key", |header, _| {
        header["jwk"] = Signer::es256().published("mine");
        header["kid"] = json!("mine");
    }),
];

/// Who came in this way, if anybody: a session, or a change.
async fn got_in(stage: &Stage, person: &mut Person, before: &[Vec<(String, String)>]) -> bool {
    person.get("/settings/profile").await.status != 303 || state(&stage.service).await != before
}

#[tokio::test]
async fn no_token_is_believed_that_lies() {
    let stage = begun(|_| {}).await;
    let dana = Who::of("dana", DANA.1);
    let before = state(&stage.service).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    let mut look = async |name: &str| {
        // Each as if it were the first: the lock of addresses is tried elsewhere.
        stage.service.clock.advance(SignedDuration::from_secs(61));
        let (mut person, answer) = stage.come(&dana).await;
        tried += 1;
        if answer.status != 403 || got_in(&stage, &mut person, &before).await {
            wrong.push(format!("{name}: {}", answer.status));
        }
    };
    for (name, bend) in LIES {
        stage.fake.bend(bend);
        look(name).await;
        // The same without a signature.
        if name.contains("algorithm") {
            stage.fake.forge(|_| Vec::new());
            look(&format!("{name}, not signed")).await;
            stage.fake.straighten();
        }
    }
    stage.fake.straighten();
    let public = stage.fake.public_key();
    stage.fake.bend(|header, _| header["alg"] = json!("HS256"));
    stage.fake.forge(move |text| hmac_with(&public, text));
    look("a shared secret out of the public key").await;
    stage.fake.straighten();
    let other = Signer::es256();
    stage.fake.forge(move |text| other.sign(text));
    look("the signature of another key").await;
    stage.fake.forge(|_| vec![0; 64]);
    look("a signature of zeros").await;
    stage.fake.forge(|_| Vec::new());
    look("no signature").await;
    stage.fake.straighten();
    // The very same person, truthfully.
    stage.service.clock.advance(SignedDuration::from_secs(61));
    let (mut person, answer) = stage.come(&dana).await;
    let is_in = answer.status == 303 && person.get("/settings/profile").await.status == 200;
    let refused = stage.last("member.refused").await;
    let pass = wrong.is_empty() && is_in && refused["what"]["reason"] == "not_believed";
    figure("A-46 tokens that lie", pass, json!({"tried": tried, "wrong": wrong, "truth": is_in}));
}

#[tokio::test]
async fn an_answer_belongs_to_one_browser_once_and_soon() {
    let stage = begun(|_| {}).await;
    let dana = Who::of("dana", DANA.1);
    let before = state(&stage.service).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    let mut judge = async |name: &str, (person, answer): (&mut Person, Answer), expected: u16| {
        tried += 1;
        let is_said = answer.text.contains("code-") || answer.text.contains("<script") || answer.text.contains("evil");
        if answer.status != expected || is_said || got_in(&stage, person, &before).await {
            wrong.push(format!("{name}: {} {}", answer.status, answer.text));
        }
        stage.service.clock.advance(SignedDuration::from_secs(61));
    };
    // Somebody else's link: the browser that opens it asked nothing, or something else.
    let mut eve = Person::of(&stage.service);
    let away = leave(&mut eve, "/").await;
    let evil = stage.fake.authorize(&away, &dana);
    let mut victim = Person::of(&stage.service);
    let answer = victim.get(&evil).await;
    judge("a browser that asked nothing", (&mut victim, answer), 400).await;
    leave(&mut victim, "/").await;
    let answer = victim.get(&evil).await;
    judge("a browser that asked something else", (&mut victim, answer), 400).await;
    // The code of one question under the state of another: the proof does not fit.
    let mut victim = Person::of(&stage.service);
    let own = stage.fake.authorize(&leave(&mut victim, "/").await, &dana);
    let part = |path: &str, name: &str| {
        path.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned()
    };
    let mixed = format!("/sign-in/provider/back?code={}&state={}", part(&evil, "code"), part(&own, "state"));
    let answer = victim.get(&mixed).await;
    judge("a code of somebody else's", (&mut victim, answer), 400).await;
    for (name, more, expected) in [
        ("another provider's name", "&iss=https://evil.example", 403),
        ("no code", "", 400),
        ("an empty code", "&code=", 400),
        ("a made-up code", "&code=code-0-0", 400),
        ("said no", "&error=access_denied&error_description=<script>alert(1)</script>", 403),
        ("said no with evil words", "&error=evil<script>", 403),
        ("set up wrongly", "&error=unauthorized_client", 502),
    ] {
        let mut person = Person::of(&stage.service);
        let back = stage.fake.authorize(&leave(&mut person, "/").await, &dana);
        let kept = if more.starts_with("&iss") { format!("&code={}", part(&back, "code")) } else { String::new() };
        let answer = person.get(&format!("/sign-in/provider/back?state={}{kept}{more}", part(&back, "state"))).await;
        judge(name, (&mut person, answer), expected).await;
    }
    // Where the provider says that it names itself, it has to.
    let mut person = Person::of(&stage.service);
    for (name, minutes, bend) in [("too late", 11, false), ("a cookie that was bent", 0, true)] {
        let back = stage.fake.authorize(&leave(&mut person, "/").await, &dana);
        stage.service.clock.advance(SignedDuration::from_mins(minutes));
        if bend {
            person.cookies.entry("baton_provider".to_owned()).and_modify(|sealed| sealed.insert(20, 'A'));
        }
        let answer = person.get(&back).await;
        judge(name, (&mut person, answer), 400).await;
    }
    figure("A-46 answers that belong to others", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

#[tokio::test]
async fn an_answer_is_good_once() {
    let stage = begun(|_| {}).await;
    let mut dana = Person::of(&stage.service);
    let back = stage.fake.authorize(&leave(&mut dana, "/").await, &Who::of("dana", DANA.1));
    let sealed = dana.cookies["baton_provider"].clone();
    let asked = stage.fake.asked("token");
    dana.get(&back).await.expect(303);
    // Whoever has both the address and the cookie comes too late; the provider is not even asked.
    for _ in 0..2 {
        let mut eve = Person::of(&stage.service);
        eve.cookies.insert("baton_provider".to_owned(), sealed.clone());
        eve.get(&back).await.expect(400);
        assert!(!eve.cookies.contains_key("baton_member"));
    }
    let asked = stage.fake.asked("token") - asked;
    // The same at once: one of them gets in.
    let mut person = Person::of(&stage.service);
    let back = stage.fake.authorize(&leave(&mut person, "/").await, &Who::of("dana", DANA.1));
    let sealed = person.cookies["baton_provider"].clone();
    let many = (0..8).map(|_| {
        let mut one = Person::of(&stage.service);
        one.cookies.insert("baton_provider".to_owned(), sealed.clone());
        let back = back.clone();
        async move { one.get(&back).await.status }
    });
    let statuses = futures_util::future::join_all(many).await;
    let came = statuses.iter().filter(|status| **status == 303).count();
    figure("A-46 answers used twice", asked == 1 && came == 1, json!({"asked": asked, "statuses": statuses}));
}

#[tokio::test]
async fn a_provider_that_says_it_names_itself_has_to() {
    let stage = begun(|_| {}).await;
    stage.fake.describe(json!({"authorization_response_iss_parameter_supported": true}));
    let mut dana = Person::of(&stage.service);
    let back = stage.fake.authorize(&leave(&mut dana, "/").await, &Who::of("dana", DANA.1));
    dana.get(&back).await.expect(403);
    let back = stage.fake.authorize(&leave(&mut dana, "/").await, &Who::of("dana", DANA.1));
    let named: String = url::form_urlencoded::byte_serialize(stage.fake.url.as_bytes()).collect();
    dana.get(&format!("{back}&iss={named}")).await.expect(303);
}

#[tokio::test]
async fn one_is_led_to_our_own_pages_alone() {
    let stage = begun(|_| {}).await;
    let dana = Who::of("dana", DANA.1);
    let mut places = Vec::new();
    for (next, expected) in [
        ("/insights?x=1", "/insights?x=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("@evil.example", "/"),
    ] {
        let mut person = Person::of(&stage.service);
        let away = leave(&mut person, next).await;
        let answer = person.get(&stage.fake.authorize(&away, &dana)).await.expect(303);
        places.push((answer.header("location").to_owned(), expected));
        // What is added to the way back counts for nothing.
        let mut person = Person::of(&stage.service);
        let back = stage.fake.authorize(&leave(&mut person, "/routes").await, &dana);
        let answer = person.get(&format!("{back}&next=https://evil.example")).await.expect(303);
        places.push((answer.header("location").to_owned(), "/routes"));
    }
    let wrong: Vec<_> = places.iter().filter(|(found, expected)| found != expected).collect();
    figure("A-46 led back by provider", wrong.is_empty(), json!({"tried": places.len(), "wrong": wrong}));
}
