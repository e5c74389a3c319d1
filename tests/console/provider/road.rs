//! The right road: away to the provider and back, whatever kind of key it signs
//! with, for people who are invited, known and known again; and what is told of
//! it afterwards.

use baton::config::Settings;
use serde_json::json;

use super::fake::{Fake, Who};
use super::signer::Signer;
use super::{begun, empty, leave, point_at};
use crate::harness::{Service, figure, settings};
use crate::person::Person;
use crate::stage::{DANA, PASSWORD, first_path, rows, send, sign_in, told};

#[tokio::test]
async fn people_come_in_whatever_the_provider_signs_with() {
    let mut stage = begun(|_| {}).await;
    let mut came = Vec::new();
    for (place, signer) in [Signer::rs256(), Signer::ps256(), Signer::es256(), Signer::eddsa()].into_iter().enumerate()
    {
        let email = format!("eve{place}@acme.example");
        stage.invite(&email, "sender").await;
        let name = signer.name();
        stage.fake.sign_with(signer, &format!("key-{place}"));
        // For keys that are not known it is asked once in a minute.
        stage.service.clock.advance(jiff::SignedDuration::from_secs(61));
        let who = Who::of(&format!("subject {place}"), &email);
        let (mut eve, answer) = stage.come(&who).await;
        let page = eve.get("/settings/profile").await;
        let is_in = answer.status == 303
            && answer.header("location") == "/settings/profile"
            && page.status == 200
            && page.text.contains(&email)
            && page.text.contains("you sign in with your company account")
            && stage.role_of(&email).await == "sender";
        // A second time, in another browser: the same account.
        let (mut again, _) = stage.come(&who).await;
        came.push(json!({"signed": name, "in": is_in, "again": again.get("/settings/profile").await.status}));
    }
    let tied = rows(&stage.service, "SELECT subject, member FROM member_identities").await.len();
    let pass = tied == 4 && came.iter().all(|one| one["in"] == true && one["again"] == 200);
    figure("A-46 signing in by provider", pass, json!({"tied": tied, "came": came}));
}

#[tokio::test]
async fn what_is_kept_and_told_holds_no_token() {
    let mut stage = begun(|_| {}).await;
    stage.invite("eve@acme.example", "receiver").await;
    let mut eve = Person::of(&stage.service);
    let away = leave(&mut eve, "/handoffs?team=sales").await;
    let sealed = eve.cookies["baton_provider"].clone();
    let given = eve.seen.last().expect("an answer").1.header("set-cookie").to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(given.contains(flag), "{given}");
    }
    // What proves that the browser is the same stands in no address, and cannot be read in the cookie.
    let asked = url::Url::parse(&away).expect("an address");
    let state = asked.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    assert!(!sealed.contains(&state) && !away.contains("code_verifier"), "{away}");
    let back = stage.fake.authorize(&away, &Who::of("eve", "Eve@Acme.example"));
    let answer = eve.get(&back).await.expect(303);
    assert_eq!(answer.header("location"), "/handoffs?team=sales");
    assert!(!eve.cookies.contains_key("baton_provider") && eve.cookies.contains_key("baton_member"));
    let kinds = told(&stage.service).await;
    assert_eq!(kinds[kinds.len() - 3..], ["member.joined", "member.linked", "member.signed_in"], "{kinds:?}");
    let begun = stage.last("member.signed_in").await;
    assert_eq!((&begun["what"]["how"], &begun["actor"]["email"]), (&json!("provider"), &json!("Eve@Acme.example")));
    assert_eq!(stage.last("member.joined").await["what"], json!({"how": "invitation", "role": "receiver"}));
    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code").to_owned();
    let entries = std::fs::read_dir(&stage.service.settings.data_dir).expect("a folder").flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
    let stored: Vec<u8> = files.flat_map(|path| std::fs::read(path).expect("a file")).collect();
    let hits = |needle: &str| memchr::memmem::find_iter(&stored, needle.as_bytes()).count();
    let secrets = [code.as_str(), &state, &sealed, "access-", "eyJ"];
    let found: usize = secrets.iter().map(|secret| hits(secret)).sum();
    figure("secrets of signing in by provider", found == 0 && hits("member.linked") > 0, json!({"found": found}));
    // Ending the session here offers the way out there; who came with a password is offered none.
    let out = send(&mut eve, "/sign-out", &[]).await.expect(200).text;
    assert!(out.contains(&format!("{}/logout?client_id=baton-at-acme", stage.fake.url)), "{out}");
    let out = send(&mut stage.dana, "/sign-out", &[]).await.expect(200).text;
    assert!(!out.contains("/logout"), "{out}");
}

#[tokio::test]
async fn whoever_has_a_password_is_tied_by_their_address_once() {
    let stage = begun(|_| {}).await;
    let who = Who::of("d-1", DANA.1);
    let (mut dana, _) = stage.come(&who).await;
    assert_eq!(dana.get("/settings/members").await.status, 200);
    let (mut again, _) = stage.come(&who).await;
    assert_eq!(again.get("/settings/members").await.status, 200);
    let links = told(&stage.service).await.into_iter().filter(|kind| kind == "member.linked").count();
    let people = rows(&stage.service, "SELECT id, email FROM members").await.len();
    assert_eq!((links, people), (1, 1));
    // The password goes on working, and the page offers both.
    let page = Person::of(&stage.service).get("/sign-in?next=/insights").await.expect(200).text;
    assert!(page.contains("href=\"/sign-in/provider?next=%2Finsights\"") && page.contains("id=\"password\""), "{page}");
    let (_, by_password) = sign_in(&stage.service, DANA.1, PASSWORD).await;
    assert_eq!(by_password.status, 303);
}

#[tokio::test]
async fn a_session_is_renewed_and_the_old_one_ends() {
    let stage = begun(|_| {}).await;
    let (mut dana, _) = sign_in(&stage.service, DANA.1, PASSWORD).await;
    let before = dana.cookies["baton_member"].clone();
    let away = leave(&mut dana, "/insights").await;
    assert_eq!(away, "/insights", "who is signed in is not sent away");
    // With the old cookie in hand, as a browser whose page was left open.
    let mut other = Person::of(&stage.service);
    let away = leave(&mut other, "/").await;
    other.cookies.insert("baton_member".to_owned(), before.clone());
    let back = stage.fake.authorize(&away, &Who::of("d-1", DANA.1));
    other.get(&back).await.expect(303);
    assert_ne!(other.cookies["baton_member"], before);
    other.get("/settings/profile").await.expect(200);
    dana.get("/settings/profile").await.expect(303);
}

#[tokio::test]
async fn without_passwords_there_is_the_provider_and_the_command_line() {
    let fake = Fake::start().await;
    let mut settings: Settings = settings();
    point_at(&mut settings, &fake);
    settings.sign_in.passwords = false;
    let service = Service::start_with(settings, None).await;
    fake.serve_for(&service);
    // The very first one comes by the link that is printed, without a password.
    let path = first_path(&service).await;
    let mut dana = Person::of(&service);
    let page = dana.get(&path).await.expect(200).text;
    assert!(!page.contains("type=\"password\""), "{page}");
    dana.post(&path, &[("name", DANA.0), ("email", DANA.1)]).await.expect(303);
    let page = Person::of(&service).get("/sign-in").await.expect(200).text;
    assert!(page.contains("id=\"provider\"") && !page.contains("type=\"password\""), "{page}");
    let (none, refused) = sign_in(&service, DANA.1, PASSWORD).await;
    assert!(refused.status == 403 && none.cookies.is_empty(), "{refused:?}");
    // Whoever is invited has the provider's button alone, and a form that was made up changes nothing.
    let invited = crate::stage::invite(&mut dana, "eve@acme.example", "viewer").await;
    let mut eve = Person::of(&service);
    let page = eve.get(&invited).await.expect(200).text;
    assert!(page.contains("id=\"provider\"") && !page.contains("<form"), "{page}");
    eve.post(&invited, &[("name", "Eve"), ("password", PASSWORD)]).await.expect(404);
    let away = leave(&mut eve, "/").await;
    eve.get(&fake.authorize(&away, &Who::of("eve", "eve@acme.example"))).await.expect(303);
    assert_eq!(eve.get("/settings/profile").await.status, 200);
    // No admin makes a way in for others; the command line does.
    let id = crate::stage::id_of(&service, "eve@acme.example").await;
    send(&mut dana, &format!("/settings/members/{id}/reset"), &[]).await.expect(422);
    let folder = service.settings.data_dir.clone();
    let reset = move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_baton"));
        command.args(["members", "reset", "eve@acme.example", "--data-dir"]).arg(folder).output().expect("the program")
    };
    let output = tokio::task::spawn_blocking(reset).await.expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let path = text.find("/setup/").map(|at| text[at..].trim().to_owned()).expect("a link");
    let mut eve = Person::of(&service);
    eve.post(&path, &[]).await.expect(303);
    assert_eq!(eve.get("/settings/profile").await.status, 200);
}

#[tokio::test]
async fn the_first_account_is_an_admins() {
    let (service, fake) = empty(|oidc| {
        oidc.domains = vec!["acme.example".to_owned()];
        oidc.new_role = Some(baton::config::GivenRole::Viewer);
    })
    .await;
    let mut eve = Person::of(&service);
    let away = leave(&mut eve, "/").await;
    let page = eve.get(&fake.authorize(&away, &Who::of("eve", "eve@acme.example"))).await.expect(403).text;
    assert!(page.contains("The first account has to be an admin"), "{page}");
    assert!(service.app().first_link().await.expect("a look").is_some(), "the first link opens still");
}
