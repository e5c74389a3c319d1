//! What each role opens: every page and every form, by everybody.

use serde_json::json;

use crate::harness::figure;
use crate::person::Person;
use crate::stage::{MEMBERS, begun, id_of, invite, member, rows, send, token};

/// Pages, and whether only admins see them.
const PAGES: [(&str, bool); 4] = [
    ("/settings/profile", false),
    ("/settings/profile/second-step", false),
    ("/settings/sessions", false),
    (MEMBERS, true),
];

#[tokio::test]
async fn every_path_is_open_to_whom_it_should_be() {
    let (service, mut dana) = begun().await;
    let waiting = invite(&mut dana, "new@acme.example", "viewer").await;
    let invitation = waiting.trim_start_matches("/setup/").split('.').next().expect("an id").to_owned();
    let mut people = Vec::new();
    for role in ["sender", "receiver", "viewer"] {
        people.push((role, member(&service, &mut dana, (role, &format!("{role}@acme.example")), role).await));
    }
    let id = id_of(&service, "viewer@acme.example").await;
    let forms = [
        (MEMBERS.to_owned(), "email=x%40acme.example&role=admin"),
        (format!("/settings/members/{id}/role"), "role=admin"),
        (format!("/settings/members/{id}/access"), "access=out"),
        (format!("/settings/members/{id}/reset"), ""),
        (format!("/settings/invitations/{invitation}/withdraw"), ""),
    ];
    let before = rows(&service, "SELECT id || role || COALESCE(disabled_at, ''), email FROM members ORDER BY id").await;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (role, person) in &mut people {
        for (path, is_admins) in PAGES {
            let status = person.get(path).await.status;
            tried += 1;
            if status != if is_admins { 403 } else { 200 } {
                wrong.push(format!("{role} GET {path} {status}"));
            }
        }
        let token = token(person).await;
        for (path, inputs) in &forms {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let status = person.send("POST", path, Some(format!("token={token}&{inputs}")), &form).await.status;
            tried += 1;
            if status != 403 {
                wrong.push(format!("{role} POST {path} {status}"));
            }
        }
        let page = person.get("/settings/profile").await.expect(200).text;
        assert!(!page.contains("href=\"/settings/members\""), "no entry for what is shut: {page}");
        assert_eq!(person.get("/").await.expect(303).header("location"), "/handoffs");
    }
    // Nobody at all is led to the sign-in page, by whichever way.
    let mut nobody = Person::of(&service);
    for (path, _) in PAGES {
        tried += 1;
        if !nobody.get(path).await.header("location").starts_with("/sign-in?next=") {
            wrong.push(format!("nobody GET {path}"));
        }
    }
    for (path, inputs) in &forms {
        tried += 1;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        if nobody.send("POST", path, Some((*inputs).to_owned()), &form).await.header("location") != "/sign-in" {
            wrong.push(format!("nobody POST {path}"));
        }
    }
    let after = rows(&service, "SELECT id || role || COALESCE(disabled_at, ''), email FROM members ORDER BY id").await;
    figure(
        "roles",
        wrong.is_empty() && before == after,
        json!({"tried": tried, "wrong": wrong, "changed": before != after}),
    );
    for (path, _) in PAGES {
        dana.get(path).await.expect(200);
    }
    // The same forms of an admin do what they say.
    for ((path, inputs), expected) in forms.iter().zip([200, 303, 303, 422, 303]) {
        let inputs: Vec<(String, String)> = url::form_urlencoded::parse(inputs.as_bytes()).into_owned().collect();
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(send(&mut dana, path, &inputs).await.status, expected, "{path}");
    }
}

#[tokio::test]
async fn another_role_counts_at_once() {
    let (service, mut dana) = begun().await;
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "viewer").await;
    marcus.get(MEMBERS).await.expect(403);
    let path = format!("/settings/members/{}/role", id_of(&service, "marcus@acme.example").await);
    send(&mut dana, &path, &[("role", "admin")]).await.expect(303);
    marcus.get(MEMBERS).await.expect(200);
    send(&mut dana, &path, &[("role", "boss")]).await.expect(404);
    send(&mut dana, &path, &[("role", "sender")]).await.expect(303);
    marcus.get(MEMBERS).await.expect(403);
    let page = marcus.get(MEMBERS).await.text;
    assert!(page.contains("Your role does not include this") && page.contains("Marcus Lee"), "{page}");
}
