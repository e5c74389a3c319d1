//! Forms that no page of the session sent: refused, and nothing is changed.

use serde_json::json;

use crate::harness::figure;
use crate::stage::{MEMBERS, PASSWORD, begun, id_of, member, rows, token};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn only_the_sessions_own_page_changes_anything() {
    let (service, mut dana) = begun().await;
    let mut eve = member(&service, &mut dana, ("Eve Stone", "eve@acme.example"), "admin").await;
    let id = id_of(&service, "eve@acme.example").await;
    let (own, other) = (token(&mut dana).await, token(&mut eve).await);
    let state = async || {
        let members = "SELECT id || role || name || password || COALESCE(disabled_at, '') || COALESCE(code_secret, ''), email FROM members ORDER BY id";
        let sessions = rows(&service, "SELECT hash, member FROM member_sessions ORDER BY hash").await;
        (rows(&service, members).await, sessions, rows(&service, "SELECT id, email FROM invitations").await)
    };
    let before = state().await;
    let forms = [
        (MEMBERS.to_owned(), "email=x%40acme.example&role=admin".to_owned()),
        (format!("/settings/members/{id}/role"), "role=viewer".to_owned()),
        (format!("/settings/members/{id}/access"), "access=out".to_owned()),
        (format!("/settings/members/{id}/reset"), String::new()),
        ("/settings/profile".to_owned(), "name=Mallory".to_owned()),
        ("/settings/profile/password".to_owned(), format!("current={PASSWORD}&password=four+loud+foghorns")),
        ("/settings/profile/second-step/off".to_owned(), format!("off-current={PASSWORD}")),
        ("/settings/profile/recovery-codes".to_owned(), format!("codes-current={PASSWORD}")),
        ("/settings/profile/second-step".to_owned(), "offer=x&code=000000".to_owned()),
        ("/settings/sessions".to_owned(), String::new()),
        ("/settings/sessions/x/end".to_owned(), String::new()),
        ("/sign-out".to_owned(), String::new()),
    ];
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, inputs) in &forms {
        for (token, headers) in [
            ("", vec![FORM]),
            (other.as_str(), vec![FORM]),
            (own.as_str(), vec![("content-type", "text/plain")]),
            (own.as_str(), vec![("content-type", "multipart/form-data; boundary=x")]),
            (own.as_str(), vec![FORM, ("sec-fetch-site", "cross-site")]),
            (own.as_str(), vec![FORM, ("sec-fetch-site", "same-site")]),
            (own.as_str(), vec![FORM, ("origin", "https://evil.example")]),
        ] {
            let status = dana.send("POST", path, Some(format!("token={token}&{inputs}")), &headers).await.status;
            tried += 1;
            if status != 403 {
                wrong.push(format!("{path} {headers:?} {status}"));
            }
        }
        // By GET every page shows itself, or leads to one; whatever stands in its query.
        let by_get = dana.get(&format!("{path}?token={own}&{inputs}")).await.status;
        tried += 1;
        if ![200, 303, 405].contains(&by_get) {
            wrong.push(format!("GET {path} {by_get}"));
        }
    }
    // Signing somebody in from elsewhere is refused too.
    let email = format!("email=eve%40acme.example&password={PASSWORD}");
    for headers in [
        vec![FORM, ("sec-fetch-site", "cross-site")],
        vec![FORM, ("origin", "https://evil.example")],
        vec![("content-type", "text/plain")],
    ] {
        tried += 1;
        if dana.send("POST", "/sign-in", Some(email.clone()), &headers).await.status != 403 {
            wrong.push(format!("/sign-in {headers:?}"));
        }
    }
    let changed = state().await != before;
    figure(
        "A-41 forged forms of members",
        wrong.is_empty() && !changed,
        json!({"tried": tried, "wrong": wrong, "changed": changed}),
    );
    let large = format!("token={own}&name={}", "x".repeat(70_000));
    dana.send("POST", "/settings/profile", Some(large), &[FORM]).await.expect(413);
    dana.get("/settings/profile").await.expect(200);
}

#[tokio::test]
async fn hostile_names_stay_words() {
    let (service, mut dana) = begun().await;
    let name = "Eve \"><svg onload=alert(1)>{{7*7}}";
    let mut eve = member(&service, &mut dana, (name, "eve@acme.example"), "admin").await;
    let page = eve.get(MEMBERS).await.expect(200).text;
    eve.get("/settings/sessions").await.expect(200);
    let refused =
        crate::stage::send(&mut eve, "/settings/profile", &[("name", "<script>\u{7}")]).await.expect(422).text;
    crate::stage::send(&mut eve, MEMBERS, &[("email", "\"><b>@x"), ("role", "")]).await.expect(422);
    for (path, answer) in &eve.seen {
        for tag in ["<script", "<svg onload", "<b>"] {
            assert!(!answer.text.contains(tag), "{path} {tag}: {}", answer.text);
        }
    }
    assert!(page.contains("{{7*7}}") && refused.contains("on one line"), "{page}");
}
