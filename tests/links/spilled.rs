//! A reply that quotes the message with the link brings the token along: by
//! whatever road and in whatever form it comes in, nobody gets in with it who
//! reads the source, and the log says so.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, figure};
use crate::person::{Person, link};

/// A reply whose body is in one form.
fn reply(encoding: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Zelda Quux <zelda@northwind.example>\r\nTo: Baton <baton@acme.example>\r\nSubject: Re: questions\r\n\
         Date: Tue, 3 Mar 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// Long lines as quoted-printable has them.
fn quoted_printable(text: &str) -> String {
    let coded = text.replace('=', "=3D");
    let lines: Vec<String> = coded
        .lines()
        .map(|line| {
            let parts: Vec<&str> =
                line.as_bytes().chunks(72).map(|part| std::str::from_utf8(part).expect("text")).collect();
            parts.join("=\r\n")
        })
        .collect();
    lines.join("\r\n")
}

fn folded(text: &str) -> String {
    let packed = STANDARD.encode(text);
    let lines: Vec<&str> = packed.as_bytes().chunks(76).map(|part| std::str::from_utf8(part).expect("text")).collect();
    lines.join("\r\n")
}

/// The source as a request: its body, and its type.
fn request(road: &str, text: &str) -> (Vec<u8>, &'static str) {
    let mail = reply("8bit", text);
    let inline = |source: Json| (json!({"sources": [source]}).to_string().into_bytes(), "application/json");
    match road {
        "inline" => inline(json!({"filename": "reply.eml", "content": String::from_utf8(mail).expect("text")})),
        "base64" => inline(json!({"filename": "reply.eml", "content": STANDARD.encode(mail), "encoding": "base64"})),
        "note" => inline(json!({"type": "note", "filename": "note.txt", "content": text})),
        "multipart" => {
            let head = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"reply.eml\"\r\n\r\n";
            ([head.as_bytes(), &mail, b"\r\n--cut--\r\n"].concat(), "multipart/form-data; boundary=cut")
        }
        "rfc822" => (mail, "message/rfc822"),
        "rfc822, quoted-printable" => (reply("quoted-printable", &quoted_printable(text)), "message/rfc822"),
        "rfc822, base64" => (reply("base64", &folded(text)), "message/rfc822"),
        _ => {
            let line = text.lines().collect::<Vec<_>>().join(" ");
            (format!("WEBVTT\n\n00:01.000 --> 00:09.000\n<v Zelda Quux>{line}</v>\n").into_bytes(), "text/vtt")
        }
    }
}

async fn post(service: &Service, id: &str, (body, media): (Vec<u8>, &str)) -> Answer {
    let bearer = format!("Bearer {}", service.key);
    let headers = [("authorization", bearer.as_str()), ("content-type", media)];
    service.send_raw("POST", &format!("/v1/handoffs/{id}/sources?wait=25"), Some(body), &headers).await
}

/// Whoever knows a link's id, or makes one up, ends no link with it; its own token, unpacked, does.
#[tokio::test]
async fn a_link_ends_by_its_own_token_alone() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (_, path) = link(&service, &id, ("Zelda Quux", "zelda@northwind.example"), "answer").await;
    let token = path.trim_start_matches("/l/").to_owned();
    let (name, signature) = token.rsplit_once('.').expect("a signature");
    let forged = format!("{name}.{}", signature.chars().rev().collect::<String>());
    // Spelled so that it cannot be written over without being unpacked.
    let page = |tokens: &[&str]| {
        let spelled: Vec<String> = tokens.iter().map(|token| token.replacen('l', "&#108;", 1)).collect();
        let html = format!("<p>Soon. https://baton.acme.example/l/{}</p>", spelled.join(" "));
        let mail = String::from_utf8(reply("8bit", &html)).expect("text");
        (mail.replace("text/plain", "text/html").into_bytes(), "message/rfc822")
    };
    let invented = format!("lnk_{}.{}", "0".repeat(32), token.split_once('.').expect("a key").1);
    post(&service, &id, page(&[&forged, &invented])).await.expect(200);
    let lives = Person::of(&service).get(&path).await.status == 200;
    post(&service, &id, page(&[&forged, &invented, &token])).await.expect(200);
    let ended = Person::of(&service).get(&path).await.status == 404;
    figure("links.forged_in_source", lives && ended, json!({"lives": lives, "ended": ended}));
}

const ROADS: [&str; 8] =
    ["inline", "base64", "note", "multipart", "rfc822", "rfc822, quoted-printable", "rfc822, base64", "vtt"];

#[tokio::test]
async fn no_token_comes_in_by_any_road() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let (mut shown, mut dead, mut untold) = (Vec::new(), Vec::new(), Vec::new());
    for road in ROADS {
        let id =
            service.hand_over_mail("short", &format!("We would like to begin soon, {road}.")).await.expect(200).id();
        let (_, path) = link(&service, &id, ("Zelda Quux", "zelda@northwind.example"), "answer").await;
        let text = format!(
            "The data stays in Europe.\r\n\r\nOn Tuesday Baton wrote:\r\n> Answer:\r\n> https://baton.acme.example{path}\r\n> Thanks\r\n"
        );
        post(&service, &id, request(road, &text)).await.expect(200);
        let found = json!({"person": {"names": ["Baton"]}});
        let export = service.post("/v1/exports", &found).await.expect(200).json();
        let said: Vec<&Json> = export["messages"]
            .as_array()
            .expect("messages")
            .iter()
            .filter(|one| one["handoff"] == id.as_str())
            .collect();
        assert!(
            said.iter().any(|one| one["text"].as_str().is_some_and(|text| text.contains("in Europe"))),
            "{road}: {said:?}"
        );
        let signature = path.rsplit('.').next().expect("a signature");
        let flat: String = export.to_string().split(['\\', '>', ' ']).collect();
        if flat.contains(signature) {
            shown.push(road);
        }
        // The person's own message still leads in.
        if Person::of(&service).get(&path).await.status != 200 {
            dead.push(road);
        }
        let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.text;
        if !events.contains("\"masked_links\":1") {
            untold.push(road);
        }
    }
    let pass = shown.is_empty() && dead.is_empty() && untold.is_empty();
    figure(
        "A-44 tokens in sources",
        pass,
        json!({"roads": ROADS.len(), "shown": shown, "dead": dead, "untold": untold}),
    );
}
