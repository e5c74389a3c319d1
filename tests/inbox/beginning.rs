//! Beginning a handoff by hand: files and pasted text, every mistake at once
//! with nothing lost, one handoff for two clicks, and the page that follows it.

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, mail};
use crate::inbox::{publish, route};
use crate::person::{Person, hidden};
use crate::stage::{begun, rows};

/// A part of the form: name, file's name, content.
type Part<'a> = (&'a str, Option<&'a str>, &'a str);

/// The form as a browser sends it, with the boundary that it makes up.
async fn post(person: &mut Person, parts: &[Part<'_>], boundary: &str) -> Answer {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"));
        let file = file.unwrap_or_default();
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    let kind = format!("multipart/form-data; boundary={boundary}");
    person.send("POST", "/handoffs/new", Some(body), &[("content-type", &kind)]).await
}

async fn stage() -> (Service, Person, String) {
    let (service, mut dana) = begun().await;
    publish(&service, &route("asked", ("sales", "onboarding"))).await;
    let choice = dana.get("/handoffs/new").await.expect(200).text;
    assert!(choice.contains("/handoffs/new?route=asked") && choice.contains("From sales to onboarding"), "{choice}");
    let page = dana.get("/handoffs/new?route=asked").await.expect(200).text;
    assert!(page.contains("value=\"dana@acme.example\""), "she hands over unless she says otherwise: {page}");
    (service, dana, page)
}

fn id_of(answer: &Answer) -> String {
    let place = answer.header("location");
    place.trim_start_matches("/handoffs/").trim_end_matches("/reading").to_owned()
}

#[tokio::test]
async fn files_and_text_become_one_handoff_however_often_it_is_sent() {
    let (service, mut dana, page) = stage().await;
    let (token, once) = (hidden(&page, "token"), hidden(&page, "once"));
    let whole = mail("We go live on 1 July 2026.");
    let parts: Vec<Part> = vec![
        ("token", None, &token),
        ("once", None, &once),
        ("route", None, "asked"),
        ("files", Some("a mail.eml"), &whole),
        ("files", Some("notes.txt"), "The region is Frankfurt.\n"),
        ("files", Some(""), ""),
        ("text", None, "Contact: kim@northwind.example"),
        ("title", None, "Northwind & Söhne"),
        ("external_id", None, "crm:1"),
        ("sender-name", None, "Dana Whitfield"),
        ("sender-email", None, "dana@acme.example"),
        ("receiver-name", None, ""),
        ("receiver-email", None, "ines@acme.example"),
        ("known-customer_name", None, "Northwind"),
        ("known-region", None, ""),
    ];
    let first = post(&mut dana, &parts, "one").await.expect(303);
    let second = post(&mut dana, &parts, "two").await.expect(303);
    let id = id_of(&first);
    assert_eq!(id, id_of(&second), "a second click begins nothing");
    let seen = service.until(&id, |one| one["status"] != "drafting").await;
    assert_eq!((&seen["title"], &seen["external_id"]), (&json!("Northwind & Söhne"), &json!("crm:1")));
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    assert_eq!(brief["fields"]["go_live_date"]["value"], "2026-07-01", "{brief:#}");
    assert_eq!(brief["fields"]["customer_name"]["origin"], "crm", "{brief:#}");
    let sources = rows(&service, "SELECT name, handoff FROM sources ORDER BY place").await;
    let names: Vec<&str> = sources.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a mail.eml", "notes.txt", "pasted.txt"]);
    let told = rows(&service, "SELECT kind, COALESCE(detail, '') FROM events WHERE kind = 'handoff.received'").await;
    let detail: Json = serde_json::from_str(&told[0].1).expect("JSON");
    assert_eq!(detail["actor"]["name"], "Dana Whitfield", "{detail}");
    let page = dana.get(first.header("location")).await.expect(200).text;
    assert!(page.contains("It is read") && page.contains("1 July 2026"), "{page}");
    assert!(page.contains(&format!("href=\"/handoffs/{id}\"")), "{page}");

    // The same form with other contents is another matter, and says so before it begins one.
    let mut others = parts.clone();
    others[7].2 = "Another title";
    let page = post(&mut dana, &others, "three").await.expect(409).text;
    assert!(page.contains("was sent before with other contents") && page.contains("Another title"), "{page}");
    let again = hidden(&page, "once");
    others[1].2 = &again;
    others[8].2 = "crm:2";
    assert_ne!(id_of(&post(&mut dana, &others, "four").await.expect(303)), id);
}

#[tokio::test]
async fn all_mistakes_come_at_once_and_nothing_is_lost() {
    let (service, mut dana, page) = stage().await;
    let (token, once) = (hidden(&page, "token"), hidden(&page, "once"));
    let long = "x".repeat(2_001);
    let parts: Vec<Part> = vec![
        ("token", None, &token),
        ("once", None, &once),
        ("route", None, "asked"),
        ("files", Some("one.txt"), "The region is <b>Frankfurt</b>."),
        ("files", Some("empty.txt"), ""),
        ("text", None, "Pasted </textarea> words"),
        ("title", None, &long),
        ("sender-email", None, "nobody"),
        ("receiver-email", None, "also nobody"),
        ("known-go_live_date", None, "some day"),
        ("known-contact_email", None, "kim@"),
    ];
    let page = post(&mut dana, &parts, "one").await.expect(422).text;
    for wrong in ["files", "title", "sender-email", "receiver-email", "known-go_live_date", "known-contact_email"] {
        assert!(page.contains(&format!("href=\"#{wrong}\"")), "{wrong} is not named: {page}");
        assert!(page.contains(&format!("id=\"{wrong}-error\"")), "{wrong} has no mistake beside it: {page}");
    }
    assert!(page.contains("The file empty.txt is empty") && page.contains("At most 2000 letters"), "{page}");
    assert!(page.contains("Pasted &#60;/textarea&#62; words") && page.contains("value=\"some day\""), "{page}");
    assert!(page.contains("Kept from before") && page.contains("<label for=\"kept-1\">one.txt</label>"), "{page}");
    assert!(page.contains("<details open>"), "what is wrong is not folded away: {page}");
    assert!(rows(&service, "SELECT id, status FROM handoffs").await.is_empty(), "nothing was begun");
    // The file is sent from the page itself the next time.
    let kept = hidden(&page.replace("id=\"kept-1\" name=\"kept\"", "name=\"kept\""), "kept");
    let mended: Vec<Part> =
        vec![("token", None, &token), ("once", None, &once), ("route", None, "asked"), ("kept", None, &kept)];
    let id = id_of(&post(&mut dana, &mended, "two").await.expect(303));
    let stored = rows(&service, "SELECT name, CAST(bytes AS TEXT) FROM sources").await;
    assert_eq!(stored, [("one.txt".to_owned(), "The region is <b>Frankfurt</b>.".to_owned())]);
    service.until(&id, |one| one["status"] != "drafting").await;

    let nothing: Vec<Part> = vec![("token", None, &token), ("route", None, "asked")];
    let page = post(&mut dana, &nothing, "three").await.expect(422).text;
    assert!(page.contains("Give at least one file, some text, or one value of the CRM"), "{page}");
    let unknown: Vec<Part> = vec![("token", None, &token), ("route", None, "none"), ("text", None, "x")];
    assert_eq!(post(&mut dana, &unknown, "four").await.expect(303).header("location"), "/handoffs/new");
    let broken = dana.send("POST", "/handoffs/new", Some("x".to_owned()), &[("content-type", "multipart/form-data")]);
    assert_eq!(broken.await.status, 403);
}

#[tokio::test]
async fn the_stream_tells_when_it_is_read() {
    let (service, mut dana, page) = stage().await;
    let token = hidden(&page, "token");
    let parts: Vec<Part> =
        vec![("token", None, &token), ("route", None, "asked"), ("text", None, "We go live on 1 July 2026.")];
    let id = id_of(&post(&mut dana, &parts, "one").await.expect(303));
    // It ends by itself once there is nothing more to come.
    let news = dana.get(&format!("/handoffs/{id}/progress")).await.expect(200);
    assert!(news.header("content-type").starts_with("text/event-stream"), "{news:?}");
    assert!(news.text.contains("event: read"), "{news:?}");
    service.until(&id, |one| one["status"] != "drafting").await;
    let script = dana.get("/handoffs/reading.js").await.expect(200);
    assert!(script.header("content-type").starts_with("text/javascript") && script.text.contains("EventSource"));
}
