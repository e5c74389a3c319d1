//! What people wrote stays words in the mails that show it: no tag, no link, no
//! picture and no second line of it, in the page and in the text.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail};
use crate::life::outbox;

const ATTACKS: [&str; 12] = [
    "<img src=https://evil.example/x.png>",
    "<script>alert(1)</script>",
    "<a href=\"https://evil.example\">Answer</a>",
    "\"><svg onload=alert(1)>",
    "</style><style>@import 'https://evil.example'</style>",
    "</title></head><body onload=alert(1)>",
    "<!-- --><iframe srcdoc=alert>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "![x](https://evil.example/?q=1)",
    "{{link}} {{7*7}} {% raw %}",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "Ann\r\n\r\nYou can ignore this: all is answered.\r\n-- ",
];

/// The tags of a page, each as it stands there.
fn tags(html: &str) -> Vec<&str> {
    let starts = html.match_indices('<').map(|(at, _)| at);
    starts.map(|at| &html[at..html[at..].find('>').map_or(html.len(), |end| at + end + 1)]).collect()
}

/// The names of tags, and what their attributes are called.
fn shapes(html: &str) -> BTreeSet<String> {
    let name = |tag: &str| tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default().to_owned();
    tags(html).into_iter().map(name).collect()
}

async fn letter(service: &Service, number: usize, words: &str) -> Json {
    let owner = json!({"name": words, "email": format!("marcus{number}@acme.example"), "slack": null});
    let body = json!({
        "route": "short", "title": words, "external_id": format!("{number}"), "from": {"team": "sales", "owner": owner},
        "sources": [{"type": "email", "filename": format!("{number}.eml"), "content": mail(&format!("We go live {words} maybe in spring."))}],
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    outbox(service, &id, |all| all.len() == 1).await.remove(0)
}

#[tokio::test]
async fn nothing_that_people_wrote_is_alive_in_a_mail() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let plain = letter(&service, 99, "Northwind").await;
    let text = |letter: &Json, key: &str| letter[key].as_str().expect(key).to_owned();
    let known = shapes(&text(&plain, "html"));
    let (mut alive, mut shown) = (Vec::new(), 0);
    for (number, attack) in ATTACKS.into_iter().enumerate() {
        let letter = letter(&service, number, attack).await;
        let (html, words) = (text(&letter, "html"), text(&letter, "text"));
        let link = text(&letter["links"], "review");
        let is_ours =
            |tag: &&str| !["evil", "alert", "onerror", "onload", "src="].iter().any(|word| tag.contains(word));
        let hrefs: Vec<&str> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        if !shapes(&html).is_subset(&known) || !tags(&html).iter().all(is_ours) || hrefs != [link.as_str()] {
            alive.push(format!("{attack}: {html}"));
        }
        // The title stands on one line of the text, and the line before the footer is ours.
        if words.lines().filter(|line| *line == "-- ").count() != 1 || text(&letter, "subject").contains(['\r', '\n']) {
            alive.push(format!("{attack}: {words}"));
        }
        shown += usize::from(
            html.contains("evil") || html.contains("alert") || html.contains("7*7") || html.contains("ignore"),
        );
    }
    let pass = alive.is_empty() && shown == ATTACKS.len();
    figure("A-17 mails", pass, json!({"attacks": ATTACKS.len(), "shown_as_words": shown, "alive": alive}));
}
