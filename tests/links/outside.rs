//! Somebody who is not of our side sees the questions asked of them and what
//! they wrote or received themselves: nothing that others said, no value that
//! is known, and no field that was not asked of them is taken.

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail};
use crate::person::{Person, hidden, link};

const DANA: (&str, &str) = ("Dana Whitfield", "dana@northwind.example");
const MARCUS: (&str, &str) = ("Marcus Lee", "marcus@acme.example");

fn route() -> Json {
    json!({
        "id": "outside", "version": 1, "title": "Outside", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "question": "By which day must you be live?", "type": "date", "required": true,
             "specific": true, "ask": DANA.1, "cues": ["go live"]},
            {"key": "region", "label": "Data region", "question": "Where must the data be stored?", "type": "text", "required": true, "ask": "owner"},
            {"key": "price", "label": "Price", "type": "money", "required": true, "cues": ["price"]}
        ]
    })
}

/// A handoff in which we wrote among ourselves what Dana is not to see.
async fn begun(service: &Service) -> String {
    service.send("PUT", "/v1/routes/outside", Some(&route()), &[]).await.expect(201);
    let inside = "From: Marcus Lee <marcus@acme.example>\r\nTo: Priya Raman <priya@acme.example>\r\n\
                  Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <inside@acme.example>\r\nSubject: Between us\r\n\r\n\
                  They may go live as late as autumn for all I care. The price is 50,000 USD.\r\n";
    let hers = mail("We hope to go live around summer.");
    let source = |name: &str, content: &str| json!({"type": "email", "filename": name, "content": content});
    let body = json!({
        "route": "outside", "title": "Northwind Logistics", "sources": [source("1.eml", inside), source("2.eml", &hers)],
        "from": {"team": "sales", "owner": {"name": MARCUS.0, "email": MARCUS.1, "slack": null}},
    });
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

#[tokio::test]
async fn somebody_from_outside_sees_and_answers_their_own_questions_alone() {
    let service = Service::start().await;
    let id = begun(&service).await;
    let (_, path) = link(&service, &id, DANA, "answer").await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await.text;
    assert!(page.contains("By which day must you be live?") && page.contains("1 question for you"), "{page}");
    let inside =
        ["Where must the data", "autumn", "50,000", "50000", "Price", "1.eml", "What is known", "asked of others"];
    let shown: Vec<&str> = inside.into_iter().filter(|words| page.contains(words)).collect();
    assert!(shown.is_empty(), "{shown:?}: {page}");
    // Beside it stands what she wrote herself, and no digest of what she may not see.
    assert!(page.contains("<div class=\"text\">") && page.contains("We hope to go live around summer."), "{page}");
    assert!(page.contains("2.eml") && !page.contains("seen-f-") && !page.contains("our side"), "{page}");
    // Neither does the message that asks her.
    let message = crate::asked::message_to(&service, &id, DANA.1).await;
    let letter = format!("{}{}{}", message["subject"], message["text"], message["html"]);
    assert!(letter.contains("By which day must you be live?"), "{letter}");
    let told: Vec<&str> = inside.into_iter().filter(|words| letter.contains(words)).collect();
    assert!(told.is_empty(), "{told:?}: {letter}");

    // What was not asked of her is refused, alone or beside her own answer.
    let own = [("f-go_live_date-day", "1"), ("f-go_live_date-month", "7"), ("f-go_live_date-year", "2026")];
    // Nor does she learn which fields and sources there are.
    for foreign in [
        ("f-region-value", "Dublin"),
        ("f-price-amount", "1"),
        ("f-price-how", "na"),
        ("f-nosuch-value", "x"),
        ("s-3-reason", "old"),
    ] {
        let all: Vec<(&str, &str)> = own.into_iter().chain([foreign]).collect();
        let refused = dana.fill(&id, &page, &all).await.expect(403);
        assert!(refused.text.contains("not asked of you"), "{}", refused.text);
    }
    for source in ["1.eml", "nosuch.pdf"] {
        dana.fill(&id, &page, &[("s-0-name", source), ("s-0-reason", "old")]).await.expect(403);
        dana.fill(&id, &page, &[("s-1-name", source), ("s-1-reason", "old")]).await.expect(403);
    }
    dana.fill(&id, &page, &[("f-nosuch-value", "x")]).await.expect(403);
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.json();
    assert_eq!(seen["version"], 2, "nothing was taken: {seen}");

    // Somebody else changes what she does not see: she is told so, and no more.
    service.answer(&id, &json!({"region": {"value": "Dublin"}})).await.expect(200);
    let stale = dana.fill(&id, &page, &own).await.expect(409);
    assert!(stale.text.contains("worked on meanwhile") && !stale.text.contains("Dublin"), "{}", stale.text);
    dana.fill(&id, &stale.text, &own).await.expect(303);
    let thanks = dana.get(&format!("/h/{id}/thanks")).await.expect(200).text;
    // How many questions others have is not hers to know.
    let others = ["Dublin", "still open", "cannot move", "can move"];
    assert!(others.iter().all(|words| !thanks.contains(words)) && thanks.contains("Nothing more is asked"), "{thanks}");
    let after = dana.get(&format!("/h/{id}")).await.expect(200).text;
    assert!(after.contains("Nothing is asked of you") && !after.contains("1 July 2026"), "{after}");
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
    // Though her link may have been made for the message, which knows her address alone.
    assert_eq!(brief["fields"]["go_live_date"]["by"], "Dana Whitfield <dana@northwind.example>");
    figure("links.outside", true, json!({"secrets": inside.len(), "shown": 0, "foreign_forms": 10, "taken": 0}));
}

/// What somebody else settled is not changed any more by who was asked first; what they answered themselves is.
#[tokio::test]
async fn what_others_settled_stays() {
    let service = Service::start().await;
    let id = begun(&service).await;
    let (_, path) = link(&service, &id, DANA, "answer").await;
    crate::asked::message_to(&service, &id, DANA.1).await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await.text;
    let day = |day| [("f-go_live_date-day", day), ("f-go_live_date-month", "7"), ("f-go_live_date-year", "2026")];
    let value = async || {
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
        brief["fields"]["go_live_date"]["value"].clone()
    };
    let version = async || service.get(&format!("/v1/handoffs/{id}")).await.json()["version"].to_string();
    let send = async |dana: &mut Person, (page, version): (&str, &str), inputs: &[(&str, &str)]| {
        let token = hidden(page, "token");
        let own = [("token", token.as_str()), ("version", version)];
        dana.post(&format!("/h/{id}"), &[&own, inputs].concat()).await
    };
    // Her own answer, sent twice and then corrected.
    for (given, expected) in [("1", "2026-07-01"), ("1", "2026-07-01"), ("2", "2026-07-02")] {
        let now = if given == "1" { hidden(&page, "version") } else { version().await };
        let sent = send(&mut dana, (&page, &now), &day(given)).await;
        assert_eq!((sent.status, value().await), (303, json!(expected)), "{}", sent.text);
    }
    // What is open is asked of the `owner`, whom nobody knows: whose it is then is the same here as on the page.
    let next = service.get(&format!("/v1/handoffs/{id}")).await.json()["next_action"].clone();
    assert_eq!((&next["what"], &next["owner"]["email"]), (&json!("answer"), &json!(MARCUS.1)), "{next}");
    service.answer(&id, &json!({"go_live_date": {"value": "2026-08-01"}})).await.expect(200);
    for _ in 0..2 {
        let late = send(&mut dana, (&page, &version().await), &day("3")).await.expect(409).text;
        assert!(late.contains("Answered meanwhile") && !late.contains("August") && late.contains("2026"), "{late}");
    }
    assert_eq!(value().await, "2026-08-01", "the other's word stands");
}

#[tokio::test]
async fn one_of_us_sees_everything_and_the_questions_that_the_mail_asks() {
    let service = Service::start().await;
    let id = begun(&service).await;
    let (_, path) = link(&service, &id, MARCUS, "answer").await;
    let page = Person::of(&service).enter(&path).await.text;
    // The route asks the `owner`, whom nobody knows; the mail asks the sender, and so does his page.
    assert!(page.contains("1 question for you") && page.contains("What is known already"), "{page}");
    assert!(page.contains("1 question asked of others") && page.contains("Asked of dana@northwind.example"), "{page}");
    let own = page.find("Where must the data").zip(page.find("asked of others"));
    assert!(own.is_some_and(|(question, others)| question < others), "{page}");
    let message = crate::asked::message_to(&service, &id, MARCUS.1).await;
    assert!(message["text"].as_str().is_some_and(|text| text.contains("Where must the data")), "{message}");
}

/// A link that somebody made for a person from outside who was asked nothing opens nothing to them.
#[tokio::test]
async fn who_was_asked_nothing_sees_nothing() {
    let service = Service::start().await;
    let id = begun(&service).await;
    let (_, path) = link(&service, &id, ("Eve Stone", "eve@northwind.example"), "answer").await;
    let page = Person::of(&service).enter(&path).await.text;
    assert!(page.contains("You have not been asked anything here."), "{page}");
    for words in ["By which day", "Where must", "50,000", "What is known"] {
        assert!(!page.contains(words), "{words}: {page}");
    }
}
