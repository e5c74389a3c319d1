//! Who sees and does what: viewers see and change nothing, nobody sees another
//! workspace's handoffs, and forms come from our own pages alone.

use baton::access::keys::Mode;
use serde_json::json;

use crate::harness::Service;
use crate::inbox::{begin, publish, route};
use crate::person::Person;
use crate::stage::{begun, member, rows, token};

/// Pages, and who sees them: all members, those who begin handoffs, admins.
const PAGES: [(&str, &str); 8] = [
    ("/handoffs", "all"),
    ("/handoffs?whose=team", "all"),
    ("/insights", "all"),
    ("/insights/table.csv?by=gap", "all"),
    ("/routes", "all"),
    ("/routes/asked", "all"),
    ("/handoffs/new", "begin"),
    ("/routes/asked/edit", "admin"),
];
const FORMS: [(&str, &str, &str); 4] = [
    ("/handoffs/remind", "", "answer"),
    ("/handoffs/remind/send", "", "answer"),
    ("/routes/asked/edit", "do=check&text=x", "admin"),
    ("/handoffs/team", "team=sales", "all"),
];

fn may(role: &str, need: &str) -> bool {
    match need {
        "all" => true,
        "begin" | "answer" => role == "sender" || role == "admin",
        _ => role == "admin",
    }
}

async fn form(person: &mut Person, path: &str, body: String) -> u16 {
    person.send("POST", path, Some(body), &[("content-type", "application/x-www-form-urlencoded")]).await.status
}

#[tokio::test]
async fn every_role_opens_what_it_should() {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    let id = begin(&service, ("Alder", "marcus@acme.example"), json!({})).await;
    let before = count(&service).await;
    let mut wrong = Vec::new();
    for role in ["sender", "receiver", "viewer"] {
        let mut person = member(&service, &mut dana, (role, &format!("{role}@acme.example")), role).await;
        let own = token(&mut person).await;
        for (path, need) in PAGES {
            let (status, expected) = (person.get(path).await.status, if may(role, need) { 200 } else { 403 });
            if status != expected {
                wrong.push(format!("{role} GET {path} {status}"));
            }
        }
        for (path, inputs, need) in FORMS {
            let status = form(&mut person, path, format!("token={own}&{inputs}&handoff={id}")).await;
            if (status == 403) == may(role, need) {
                wrong.push(format!("{role} POST {path} {status}"));
            }
            let status = form(&mut person, path, format!("token=wrong&{inputs}")).await;
            if status != 403 {
                wrong.push(format!("{role} forged POST {path} {status}"));
            }
        }
        let status = multipart(&mut person, &own, &[("route", "asked"), ("text", "Hello")]).await;
        if (status == 303) != may(role, "begin") {
            wrong.push(format!("{role} begins {status}"));
        }
        let status = multipart(&mut person, "wrong", &[("route", "asked"), ("text", "Hello")]).await;
        if status != 403 {
            wrong.push(format!("{role} begins by a forged form {status}"));
        }
        let page = person.get("/handoffs?whose=all").await.expect(200).text;
        assert_eq!(page.contains("type=\"checkbox\""), may(role, "answer"), "{role}");
        assert_eq!(page.contains("/handoffs/new"), may(role, "begin"), "{role}");
        assert_eq!(person.get("/routes/asked").await.text.contains("/edit"), may(role, "admin"), "{role}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count(&service).await, before + 1, "the sender alone has begun one");
    let mut nobody = Person::of(&service);
    for (path, _) in PAGES {
        assert!(nobody.get(path).await.header("location").starts_with("/sign-in?next="), "{path}");
    }
    for (path, inputs, _) in FORMS {
        assert_eq!(form(&mut nobody, path, inputs.to_owned()).await, 303, "{path}");
    }
}

async fn count(service: &Service) -> usize {
    rows(service, "SELECT id, status FROM handoffs").await.len()
}

/// Sends the form with files, without a file.
async fn multipart(person: &mut Person, token: &str, inputs: &[(&str, &str)]) -> u16 {
    let mut body = String::new();
    for (name, value) in [("token", token)].iter().chain(inputs) {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--edge--\r\n");
    person
        .send("POST", "/handoffs/new", Some(body), &[("content-type", "multipart/form-data; boundary=edge")])
        .await
        .status
}

#[tokio::test]
async fn nobody_sees_another_workspace() {
    let (service, mut dana) = begun().await;
    let key = service.make_key("all", "neighbour", Mode::Live).await;
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    let route = route("secret", ("spies", "others")).to_string().into_bytes();
    service.send_raw("PUT", "/v1/routes/secret", Some(route), &headers).await.expect(201);
    let body = json!({"route": "secret", "title": "Foreign matter", "from": {"owner": {"email": "dana@acme.example"}},
                      "known": {"region": "EU"}});
    let made = service.send_raw("POST", "/v1/handoffs?wait=20", Some(body.to_string().into_bytes()), &headers).await;
    let id = made.expect(200).id();
    for path in ["/handoffs?whose=all", "/handoffs?whose=mine", "/handoffs?whose=team", "/routes", "/insights"] {
        let page = dana.get(path).await.expect(200).text;
        assert!(!page.contains("Foreign") && !page.contains("secret") && !page.contains("spies"), "{path}: {page}");
    }
    for path in [
        format!("/handoffs/{id}/reading"),
        format!("/handoffs/{id}/progress"),
        "/routes/secret".to_owned(),
        "/routes/secret/versions/1".to_owned(),
        "/routes/secret/edit".to_owned(),
        "/handoffs/hnd_nonsense/reading".to_owned(),
        "/routes/asked/versions/x".to_owned(),
    ] {
        assert_eq!(dana.get(&path).await.status, 404, "{path}");
    }
    let own = token(&mut dana).await;
    let answer = dana.send(
        "POST",
        "/handoffs/remind",
        Some(format!("token={own}&handoff={id}")),
        &[("content-type", "application/x-www-form-urlencoded")],
    );
    let page = answer.await.expect(200).text;
    assert!(page.contains("No handoff was chosen") && !page.contains("Foreign"), "{page}");
}
