//! Who somebody is: an address ties them once and only when it is theirs, what
//! the provider knows them by ties them for good, and what it says of them may
//! give them a role.

use baton::config::GivenRole;
use serde_json::json;

use super::fake::Who;
use super::{begun, state};
use crate::harness::figure;
use crate::stage::{DANA, PASSWORD, id_of, member, rows, send};

#[tokio::test]
async fn an_address_that_is_not_theirs_ties_nobody() {
    let stage = begun(|oidc| oidc.domains = vec!["acme.example".to_owned(), "northwind.example".to_owned()]).await;
    let before = state(&stage.service).await;
    let mut wrong = Vec::new();
    let not_theirs = [
        Who::of("eve", DANA.1).with(json!({"email_verified": false})),
        Who::of("eve", DANA.1).with(json!({"email_verified": null})),
        Who::of("eve", DANA.1).with(json!({"email_verified": "no"})),
        Who::of("eve", DANA.1).with(json!({"email": null})),
        Who::of("eve", "dana@acme.example, x@evil.example"),
        Who::of("eve", "dana@evil.example"),
        Who::of("eve", "dana@acme.example.evil.example"),
        Who::of("eve", "dana@mail.acme.example"),
        Who::of("eve", "dana @acme.example"),
        // Nobody knows them, and nobody invited them.
        Who::of("eve", "eve@acme.example"),
        // Said of somebody else by the provider's other page.
        Who::of("eve", DANA.1).with(
            json!({"email": null, "userinfo:email": DANA.1, "userinfo:email_verified": true, "userinfo:sub": "dana"}),
        ),
    ];
    for who in &not_theirs {
        let (mut person, answer) = stage.come(who).await;
        let is_in = person.get("/settings/profile").await.status != 303;
        if ![403, 502].contains(&answer.status) || is_in || state(&stage.service).await != before {
            wrong.push(format!("{who:?} {}", answer.status));
        }
    }
    let tried = not_theirs.len();
    figure("A-46 addresses of others", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
    let refused = stage.last("member.refused").await;
    assert!(refused["actor"]["kind"] == "baton" && !refused.to_string().contains("acme.example"), "{refused}");
    // With a word for it that the settings name, and from the page about the person.
    let (mut dana, _) = stage
        .come(&Who::of("dana", DANA.1).with(
            json!({"email": null, "email_verified": null, "userinfo:email": DANA.1, "userinfo:email_verified": "true"}),
        ))
        .await;
    assert_eq!(dana.get("/settings/members").await.status, 200);
    assert!(stage.fake.asked("userinfo") > 0);
}

#[tokio::test]
async fn another_claim_can_vouch_for_the_address() {
    let stage = begun(|oidc| oidc.verified_claim = "xms_edov".to_owned()).await;
    let who = Who::of("dana", DANA.1);
    let (_, answer) = stage.come(&who).await;
    assert_eq!(answer.status, 403);
    let (_, answer) = stage.come(&who.with(json!({"xms_edov": "1"}))).await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn a_change_of_address_takes_nobodys_account() {
    let mut stage = begun(|_| {}).await;
    stage.invite("eve@acme.example", "viewer").await;
    stage.come(&Who::of("e-1", "eve@acme.example")).await.1.expect(303);
    stage.come(&Who::of("d-1", DANA.1)).await.1.expect(303);
    // Eve takes Dana's address at the provider: she is still herself.
    let (mut eve, _) = stage.come(&Who::of("e-1", DANA.1)).await;
    let page = eve.get("/settings/profile").await.expect(200).text;
    let is_herself = page.contains("eve@acme.example") && eve.get("/settings/members").await.status == 403;
    // Without a word about an address she is too.
    let (mut eve, _) = stage.come(&Who::of("e-1", "x").with(json!({"email": null, "email_verified": false}))).await;
    let is_known = eve.get("/settings/profile").await.status == 200;
    // Somebody new is given Dana's address: the account is not theirs.
    let (_, answer) = stage.come(&Who::of("m-1", DANA.1)).await;
    let is_kept_out = answer.status == 403 && answer.text.contains("belongs to another account");
    let id = id_of(&stage.service, DANA.1).await;
    let is_told = stage.last("member.refused").await["member"] == json!(id);
    // Whoever runs Baton unties it; then it is.
    let folder = stage.service.settings.data_dir.clone();
    let untie = move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_baton"));
        command.args(["members", "untie", DANA.1, "--data-dir"]).arg(folder).output().expect("the program")
    };
    let output = tokio::task::spawn_blocking(untie).await.expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let (mut anew, _) = stage.come(&Who::of("m-1", DANA.1)).await;
    let is_tied = anew.get("/settings/members").await.status == 200;
    let pass = is_herself && is_known && is_kept_out && is_told && is_tied;
    figure(
        "A-46 changed addresses",
        pass,
        json!({"herself": is_herself, "known": is_known, "kept_out": is_kept_out, "told": is_told, "untied": is_tied}),
    );
}

#[tokio::test]
async fn who_was_shut_out_stays_out_and_who_was_erased_is_gone() {
    let mut stage = begun(|_| {}).await;
    stage.invite("eve@acme.example", "viewer").await;
    let eve = Who::of("e-1", "eve@acme.example");
    let (mut person, _) = stage.come(&eve).await;
    let mut marcus = member(&stage.service, &mut stage.dana, ("Marcus Lee", "marcus@acme.example"), "viewer").await;
    for email in ["eve@acme.example", "marcus@acme.example"] {
        let id = id_of(&stage.service, email).await;
        send(&mut stage.dana, &format!("/settings/members/{id}/access"), &[("access", "out")]).await.expect(303);
    }
    person.get("/settings/profile").await.expect(303);
    marcus.get("/settings/profile").await.expect(303);
    // Tied, and by an address that was never tied.
    for who in [&eve, &Who::of("m-1", "marcus@acme.example")] {
        let (person, answer) = stage.come(who).await;
        assert!(answer.status == 403 && answer.text.contains("Your account is shut"), "{answer:?}");
        assert!(!person.cookies.contains_key("baton_member"));
        assert_eq!(stage.last("member.refused").await["what"]["reason"], "disabled");
    }
    let folder = stage.service.settings.data_dir.clone();
    let erase = move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_baton"));
        command.args(["members", "erase", "eve@acme.example", "--data-dir"]).arg(folder).output().expect("the program")
    };
    let output = tokio::task::spawn_blocking(erase).await.expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let left = rows(&stage.service, "SELECT subject, issuer FROM member_identities").await;
    let said = rows(&stage.service, "SELECT kind, COALESCE(detail, '') FROM events").await;
    let named = said.iter().filter(|(_, detail)| detail.contains("eve@acme.example")).count();
    figure("erased people of a provider", left.is_empty() && named == 0, json!({"tied": left, "named": named}));
}

#[tokio::test]
async fn what_the_provider_says_gives_the_role() {
    let mut stage = begun(|oidc| {
        oidc.roles_claim = Some("groups".to_owned());
        oidc.roles = [("baton-admins", GivenRole::Admin), ("sales", GivenRole::Sender), ("all", GivenRole::Viewer)]
            .map(|(word, role)| (word.to_owned(), role))
            .into();
    })
    .await;
    let mut seen = Vec::new();
    for groups in [
        json!(["all", "sales"]),
        json!("all"),
        json!(["other"]),
        json!([]),
        json!(null),
        json!(["all"]),
        json!(["x", "baton-admins"]),
    ] {
        let (_, answer) = stage.come(&Who::of("e-1", "eve@acme.example").with(json!({"groups": groups}))).await;
        seen.push((answer.status, stage.role_of("eve@acme.example").await));
    }
    let expected = [
        (303, "sender"),
        (303, "viewer"),
        (403, "viewer"),
        (403, "viewer"),
        (403, "viewer"),
        (303, "viewer"),
        (303, "admin"),
    ];
    let is_so = seen.iter().zip(expected).all(|((status, role), wanted)| (*status, role.as_str()) == wanted);
    // The groups that stand only on the page about the person count too.
    let (_, answer) = stage.come(&Who::of("k-1", "kim@acme.example").with(json!({"userinfo:groups": ["sales"]}))).await;
    let is_asked = answer.status == 303 && stage.role_of("kim@acme.example").await == "sender";
    // Whom the provider gives no role any more is not left in either.
    let who = |groups: &[&str]| Who::of("k-1", "kim@acme.example").with(json!({"groups": groups}));
    let (mut kim, _) = stage.come(&who(&["sales"])).await;
    kim.get("/settings/profile").await.expect(200);
    stage.come(&who(&["other"])).await.1.expect(403);
    kim.get("/settings/profile").await.expect(303);
    // The last admin stays one, whatever is said.
    let id = id_of(&stage.service, "eve@acme.example").await;
    send(&mut stage.dana, &format!("/settings/members/{id}/access"), &[("access", "out")]).await.expect(303);
    stage.come(&Who::of("d-1", DANA.1).with(json!({"groups": ["all"]}))).await.1.expect(303);
    let is_admin = stage.role_of(DANA.1).await == "admin";
    figure(
        "roles by provider",
        is_so && is_asked && is_admin,
        json!({"seen": seen, "asked": is_asked, "last_admin": is_admin}),
    );
}

#[tokio::test]
async fn unknown_people_of_a_domain_come_in_where_that_is_set() {
    let stage = begun(|oidc| {
        oidc.domains = vec!["acme.example".to_owned()];
        oidc.new_role = Some(GivenRole::Receiver);
    })
    .await;
    let hostile = Who::of("e-1", "eve@acme.example").with(json!({"name": "Eve\n<script>alert(1)</script>"}));
    let (mut eve, answer) = stage.come(&hostile).await;
    assert_eq!(answer.status, 303);
    let page = eve.get("/settings/profile").await.expect(200).text;
    assert!(
        page.contains("value=\"eve\"") && !page.contains("<script"),
        "a name on one line, else the address: {page}"
    );
    assert_eq!(stage.role_of("eve@acme.example").await, "receiver");
    stage.come(&Who::of("m-1", "mallory@evil.example")).await.1.expect(403);
}

#[tokio::test]
async fn a_second_step_of_ones_own_is_asked_for_where_that_is_set() {
    for is_asked in [false, true] {
        let mut stage = begun(|oidc| oidc.second_step = is_asked).await;
        let page = stage.dana.get("/settings/profile/second-step").await.expect(200).text;
        let text = page.split_once("class=\"secret\">").and_then(|(_, rest)| rest.split_once('<')).expect("a secret").0;
        let secret = baton::access::second_step::CodeSecret::read(&text.replace(' ', "")).expect("a secret");
        let code = secret.code_at(stage.service.clock.now().as_second());
        let offer = crate::person::hidden(&page, "offer");
        let inputs = [("offer", offer.as_str()), ("code", &code), ("current", PASSWORD)];
        send(&mut stage.dana, "/settings/profile/second-step", &inputs).await.expect(200);
        let (mut person, answer) = stage.come(&Who::of("d-1", DANA.1)).await;
        if !is_asked {
            assert_eq!(answer.header("location"), "/settings/profile");
            continue;
        }
        assert_eq!(answer.header("location"), "/sign-in/code?next=%2Fsettings%2Fprofile");
        person.get("/settings/profile").await.expect(303);
        let tied = "SELECT subject, member FROM member_identities";
        assert_eq!(rows(&stage.service, tied).await, [], "half a sign-in ties nobody");
        stage.service.clock.advance(jiff::SignedDuration::from_secs(30));
        let page = person.get("/sign-in/code?next=%2Fsettings%2Fprofile").await.expect(200).text;
        let (token, code) =
            (crate::person::hidden(&page, "token"), secret.code_at(stage.service.clock.now().as_second()));
        let inputs = [("token", token.as_str()), ("code", &code), ("next", "/settings/profile")];
        person.post("/sign-in/code", &inputs).await.expect(303);
        person.get("/settings/profile").await.expect(200);
        assert_eq!(rows(&stage.service, tied).await.len(), 1);
    }
}
