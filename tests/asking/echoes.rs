//! What Baton asked comes back with the reply that quotes it. It is nobody's
//! word: neither evidence nor the nearest words of a gap.

use serde_json::{Value as Json, json};

use crate::harness::Service;
use crate::life::outbox;
use crate::replies::{MARCUS, asked, fields, id_of, post, reply, six};

/// The gaps whose nearest words, or those of a value seen, say what our message said.
async fn echoed(service: &Service, id: &str, text: &str) -> Vec<String> {
    // What it quoted is somebody's word.
    let own: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('>')).collect();
    let own = own.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    let is_ours = |quote: &Json| {
        let words = quote["quote"].as_str().unwrap_or_default().replace('>', " ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        quote["author"] == "Baton" || !words.is_empty() && own.contains(&words)
    };
    let gaps = brief["gaps"].as_array().expect("gaps").iter();
    let seen = |gap: &Json| {
        let candidates = gap["candidates"].as_array().expect("candidates").iter();
        is_ours(&gap["nearest"])
            || candidates.flat_map(|one| one["evidence"].as_array().expect("evidence")).any(is_ours)
    };
    gaps.filter(|gap| seen(gap)).map(|gap| gap["field"].to_string()).collect()
}

#[tokio::test]
async fn a_reply_that_quotes_our_mail_makes_no_words_of_it() {
    let quote_of = |text: &str, lines: usize| {
        let quoted: String = text.lines().take(lines).map(|line| format!("> {line}\n")).collect();
        format!("3. Frankfurt\n\nOn Tue, 3 Mar 2026 at 11:00, Baton <baton@acme.example> wrote:\n{quoted}")
    };
    // The whole of it, its beginning alone, and without any marks.
    for shape in ["whole", "beginning", "bare"] {
        let service = Service::start().await;
        let (id, message) = asked(&service, &six()).await;
        let text = message["text"].as_str().expect("text");
        let body = match shape {
            "whole" => quote_of(text, usize::MAX),
            "beginning" => quote_of(text, 9),
            _ => format!("3. Frankfurt\n\n{text}"),
        };
        post(&service, &id, &reply(MARCUS, Some(id_of(&message)), &body)).await;
        assert_eq!(fields(&service, &id).await["region"]["value"], json!("Frankfurt"), "{shape}");
        assert_eq!(echoed(&service, &id, text).await, Vec::<String>::new(), "{shape}");
    }
}

/// What a customer wrote is theirs, though our message quoted it too.
#[tokio::test]
async fn what_our_mail_quoted_stays_its_authors_word() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let theirs = "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
                  Date: Tue, 3 Mar 2026 10:00:00 +0000\r\nMessage-ID: <d1@northwind.example>\r\nSubject: Go-live\r\n\r\n\
                  We go live on 1 July 2026.\r\n";
    post(&service, &id, theirs).await;
    let text = message["text"].as_str().expect("text");
    let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
    post(&service, &id, &reply(MARCUS, Some(id_of(&message)), &format!("3. Frankfurt\n\n{quoted}"))).await;
    let day = fields(&service, &id).await["go_live_date"].clone();
    assert_eq!(
        (&day["value"], &day["evidence"][0]["author"]),
        (&json!("2026-07-01"), &json!("Dana Whitfield")),
        "{day:#}"
    );
}

/// Our own mail saved and given as a source, by whoever was asked.
#[tokio::test]
async fn our_own_mail_as_a_source_says_nothing() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let text = message["text"].as_str().expect("text");
    let own = reply("Baton <baton@acme.example>", None, text)
        .replace("Subject:", "Auto-Submitted: auto-generated\r\nSubject:");
    post(&service, &id, &own).await;
    assert_eq!(echoed(&service, &id, text).await, Vec::<String>::new());
}

/// What a later mail says of a source that could not be read holds, in whichever order the mails come in.
#[tokio::test]
async fn an_older_reason_does_not_replace_a_newer_one() {
    let service = Service::start().await;
    let (id, _) = asked(&service, &six()).await;
    let source = json!({"sources": [{"filename": "plan.pdf", "content": "%PDF-1.4 a plan"}]});
    service.post(&format!("/v1/handoffs/{id}/sources?wait=25"), &source).await.expect(200);
    service.clock.advance(jiff::SignedDuration::from_mins(2));
    service.app().look_at_due().await.expect("it looks");
    let asks = |one: &Json| one["text"].as_str().is_some_and(|text| text.contains("plan.pdf"));
    let all = outbox(&service, &id, |all| all.iter().any(asks)).await;
    let message = all.iter().find(|one| asks(one)).expect("a message about the plan");
    let text = message["text"].as_str().expect("text");
    let number = text.lines().find(|line| line.contains(". plan.pdf:")).and_then(|line| line.split('.').next());
    let number = number.unwrap_or_else(|| panic!("no number in {text}"));
    let said = |hour: &str, why: &str| {
        let body = format!("{number}. does not matter, because {why}");
        let mail = reply(MARCUS, Some(id_of(message)), &body).replace("11:30:00", hour);
        json!({"type": "email", "filename": format!("{}.eml", why.len()), "content": mail})
    };
    // The newer one first, both read together.
    let both = json!({"sources": [said("11:45:00", "the newer reason holds"), said("11:15:00", "an older one")]});
    service.post(&format!("/v1/handoffs/{id}/sources?wait=25"), &both).await.expect(200);
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    let warnings = brief["warnings"].to_string();
    assert!(warnings.contains("the newer reason holds") && !warnings.contains("an older one"), "{warnings}");
}
