//! The second step: set up with the first code, each code once, recovery codes
//! once, and guesses that come to nothing.

use baton::access::second_step::CodeSecret;
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::{Person, hidden};
use crate::stage::{DANA, PASSWORD, begun, rows, send, sign_in, told};

const SETUP: &str = "/settings/profile/second-step";

fn code_at(service: &Service, secret: &CodeSecret) -> String {
    secret.code_at(service.clock.now().as_second())
}

/// What stands between two texts.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

/// Sets the second step up; the secret and the recovery codes.
async fn set_up(service: &Service, person: &mut Person) -> (CodeSecret, Vec<String>) {
    let page = person.get(SETUP).await.expect(200).text;
    assert!(page.contains("<svg class=\"qr\"") && page.contains("otpauth://totp/Baton:dana%40acme.example"), "{page}");
    let secret = CodeSecret::read(&between(&page, "class=\"secret\">", "<").replace(' ', "")).expect("a secret");
    let (token, offer, code) = (hidden(&page, "token"), hidden(&page, "offer"), code_at(service, &secret));
    let mut sent = async |code: &str, password: &str| {
        let inputs = [("token", token.as_str()), ("offer", &offer), ("code", code), ("current", password)];
        person.post(SETUP, &inputs).await
    };
    let wrong = sent("000000", PASSWORD).await.expect(422).text;
    assert_eq!(hidden(&wrong, "offer"), offer, "the same picture is shown again");
    sent(&code, "four loud foghorns").await.expect(422);
    assert_eq!(rows(service, "SELECT id, COALESCE(code_secret, '') FROM members").await[0].1, "");
    let shown = sent(&code, PASSWORD).await.expect(200).text;
    let codes: Vec<String> = between(&shown, "<ul class=\"codes\">", "</ul>")
        .split("<li>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes.len(), 10, "{shown}");
    (secret, codes)
}

/// Signs in up to the page for the code.
async fn up_to_code(service: &Service) -> (Person, String) {
    let (mut person, answer) = sign_in(service, DANA.1, PASSWORD).await;
    assert_eq!(answer.expect(303).header("location"), "/sign-in/code?next=%2F");
    assert_eq!(person.get("/settings/profile").await.status, 303, "half a sign-in opens nothing");
    let page = person.get("/sign-in/code?next=%2F").await.expect(200).text;
    (person, hidden(&page, "token"))
}

async fn prove(service: &Service, code: &str) -> (Person, u16) {
    let (mut person, token) = up_to_code(service).await;
    let status = person.post("/sign-in/code", &[("token", &token), ("code", code), ("next", "/")]).await.status;
    (person, status)
}

#[tokio::test]
async fn a_code_is_asked_for_and_taken_once() {
    let (service, mut dana) = begun().await;
    let (secret, _) = set_up(&service, &mut dana).await;
    let used = code_at(&service, &secret);
    assert_eq!(prove(&service, &used).await.1, 422, "the code that set it up was used");
    service.clock.advance(SignedDuration::from_secs(30));
    let code = code_at(&service, &secret);
    let (mut again, status) = prove(&service, &format!("{} {}", &code[..3], &code[3..])).await;
    assert_eq!(status, 303);
    assert_eq!(again.cookies.len(), 1, "the cookie of the way in is gone");
    again.get("/settings/profile").await.expect(200);
    let second = prove(&service, &code).await.1;
    let late = {
        service.clock.advance(SignedDuration::from_secs(90));
        prove(&service, &code).await.1
    };
    let (mut early, _) = up_to_code(&service).await;
    // The window's page of another sign-in, and none.
    early.post("/sign-in/code", &[("token", "x"), ("code", &code_at(&service, &secret))]).await.expect(403);
    let (mut slow, token) = up_to_code(&service).await;
    service.clock.advance(SignedDuration::from_mins(10));
    let expired = slow.post("/sign-in/code", &[("token", &token), ("code", &code_at(&service, &secret))]).await;
    let pass = second == 422 && late == 422 && expired.status == 303 && expired.header("location") == "/sign-in";
    figure("a code once", pass, json!({"second": second, "late": late, "too_late": expired.status}));
    slow.get("/settings/profile").await.expect(303);
}

#[tokio::test]
async fn recovery_codes_work_once_each() {
    let (service, mut dana) = begun().await;
    let (_, codes) = set_up(&service, &mut dana).await;
    assert_eq!(prove(&service, &codes[3].to_uppercase()).await.1, 303);
    assert_eq!(prove(&service, &codes[3]).await.1, 422);
    let page = dana.get("/settings/profile").await.expect(200).text;
    assert!(page.contains("9 recovery codes are left"), "{page}");
    let renew = "/settings/profile/recovery-codes";
    send(&mut dana, renew, &[("codes-current", "wrong")]).await.expect(422);
    send(&mut dana, renew, &[("codes-current", PASSWORD)]).await.expect(200);
    assert_eq!(prove(&service, &codes[4]).await.1, 422, "the others are gone");
    let off = "/settings/profile/second-step/off";
    send(&mut dana, off, &[("off-current", "wrong")]).await.expect(422);
    send(&mut dana, off, &[("off-current", PASSWORD)]).await.expect(303);
    assert_eq!(sign_in(&service, DANA.1, PASSWORD).await.1.header("location"), "/");
    let secured = told(&service).await.into_iter().filter(|kind| kind == "member.secured").count();
    assert_eq!(secured, 3);
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let (service, mut dana) = begun().await;
    let (secret, codes) = set_up(&service, &mut dana).await;
    let (mut eve, token) = up_to_code(&service).await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let guess = format!("{number:06}");
        statuses.push(eve.post("/sign-in/code", &[("token", &token), ("code", &guess)]).await.status);
    }
    service.clock.advance(SignedDuration::from_secs(30));
    for right in [&code_at(&service, &secret), &codes[0]] {
        statuses.push(eve.post("/sign-in/code", &[("token", &token), ("code", right)]).await.status);
    }
    // One password was wrong while it was set up.
    let pass = statuses == [[422; 9].to_vec(), [429; 5].to_vec()].concat();
    figure("A-46 guessed codes", pass, json!({"statuses": statuses}));
    assert!(told(&service).await.contains(&"member.locked".to_owned()));
    // Whoever is signed in goes on.
    dana.get("/settings/profile").await.expect(200);
}
