//! Answers by mail, as whoever was asked writes them: by number, under the
//! quoted questions, alone. What is plain is theirs and counts as on the page;
//! what is not stays open and is said.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail};
use crate::life::{outbox, requests, texts};
use crate::person::{Person, link};

pub const MARCUS: &str = "Marcus Lee <marcus@acme.example>";

pub fn route(fields: &Json) -> Json {
    json!({"id": "six", "version": 1, "title": "Six", "from": {"team": "sales"}, "to": {"team": "onboarding"},
           "limits": {"fill_gaps": "8h"}, "owners": {"failure": "revops@acme.example"}, "fields": fields})
}

pub fn six() -> Json {
    json!([
        {"key": "go_live_date", "label": "Go-live date", "question": "By which day must the customer be live?", "type": "date",
         "required": true, "specific": true, "said_by": "theirs", "cues": ["go live"]},
        {"key": "contact_email", "label": "Contact e-mail", "question": "Whom may we write to?", "type": "email", "required": true},
        {"key": "region", "label": "Data region", "question": "Where must the data be stored?", "type": "text", "required": true, "said_by": "theirs"},
        {"key": "users", "label": "Users", "question": "How many people will use it?", "type": "number", "required": true},
        {"key": "price", "label": "Price", "question": "What does the customer pay?", "type": "money", "required": true},
        {"key": "sso", "label": "Single sign-on", "question": "Is single sign-on needed?", "type": "bool", "required": true, "allow": ["not_applicable"]},
    ])
}

/// A handoff of Marcus Lee's on this route, and the message that asks him.
pub async fn asked(service: &Service, fields: &Json) -> (String, Json) {
    service.send("PUT", "/v1/routes/six", Some(&route(fields)), &[]).await.expect(201);
    let body = json!({
        "route": "six", "title": "Northwind Logistics",
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning, we are glad to begin with you.")}],
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let messages = outbox(service, &id, |all| all.iter().any(|one| one["to"] == "marcus@acme.example")).await;
    let message = messages.into_iter().find(|one| one["to"] == "marcus@acme.example").expect("a message");
    (id, message)
}

/// A mail that answers the message with this id, or none.
pub fn reply(from: &str, answers: Option<&str>, body: &str) -> String {
    let head = answers.map_or_else(String::new, |id| format!("In-Reply-To: <{id}@acme.example>\r\n"));
    format!(
        "From: {from}\r\nTo: Baton <baton@acme.example>\r\nDate: Tue, 3 Mar 2026 11:30:00 +0000\r\n\
         Message-ID: <{}-{}@mail.example>\r\nSubject: Re: Northwind Logistics: questions\r\n{head}\r\n{}\r\n",
        from.len(),
        body.len(),
        body.replace('\n', "\r\n")
    )
}

pub async fn post(service: &Service, id: &str, reply: &str) -> Json {
    let bearer = format!("Bearer {}", service.key);
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    let path = format!("/v1/handoffs/{id}/sources?filename=reply{}.eml", reply.len());
    service.send_raw("POST", &path, Some(reply.as_bytes().to_vec()), &headers).await.expect(202);
    service.until(id, |seen| seen["status"] != "drafting").await
}

pub async fn fields(service: &Service, id: &str) -> Json {
    service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json()["fields"].clone()
}

pub async fn events(service: &Service, id: &str, kind: &str) -> Vec<Json> {
    let all = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.expect(200).json();
    all["data"].as_array().expect("events").iter().filter(|one| one["type"] == kind).cloned().collect()
}

pub fn id_of(message: &Json) -> &str {
    message["id"].as_str().expect("an id")
}

#[tokio::test]
async fn a_numbered_reply_answers_every_question() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let text = message["text"].as_str().expect("text");
    assert!(text.contains("6. Single sign-on") && text.contains(&format!("Reference: {}", id_of(&message))), "{text}");
    let body = "Hi,\n\n1. 1 July 2026\n2. dana@northwind.example\n3. Frankfurt\n4. 40 users\n5. 86,400 USD\n\
                6. Not applicable, because they have no directory.\n\nBest regards\nMarcus Lee";
    let shown = post(&service, &id, &reply(MARCUS, Some(id_of(&message)), body)).await;
    assert_eq!((&shown["status"], &shown["gaps"]), (&json!("ready"), &json!([])), "{shown:#}");
    let fields = fields(&service, &id).await;
    for (key, value) in [
        ("go_live_date", json!("2026-07-01")),
        ("contact_email", json!("dana@northwind.example")),
        ("region", json!("Frankfurt")),
        ("price", json!({"amount": "86400", "currency": "USD"})),
    ] {
        let field = &fields[key];
        assert_eq!((&field["value"], &field["by"]), (&value, &json!(MARCUS)), "{key}: {field:#}");
        let quote = field["evidence"][0]["quote"].as_str().expect("a quote");
        assert!(body.contains(quote) && field["evidence"][0]["author"] == "Marcus Lee", "{field:#}");
    }
    assert_eq!(fields["sso"]["state"], "not_applicable", "{:#}", fields["sso"]);
    let answered = events(&service, &id, "handoff.answered").await;
    assert_eq!(answered.len(), 1, "{answered:#?}");
    assert_eq!(answered[0]["detail"]["actor"]["email"], "marcus@acme.example");
    assert_eq!(answered[0]["detail"]["what"]["fields"].as_array().map(Vec::len), Some(6), "{answered:#?}");
    outbox(&service, &id, |all| all.is_empty()).await;
    assert_eq!(texts(&requests(&service, &id).await, "state"), ["answered"]);
    // Read again, nothing counts twice.
    service.post(&format!("/v1/handoffs/{id}/retry"), &json!({})).await.expect(202);
    service.until(&id, |seen| seen["status"] == "ready").await;
    assert_eq!(events(&service, &id, "handoff.answered").await.len(), 1);
    figure("asking.reply_numbered", true, json!({"asked": 6, "settled": 6}));
}

#[tokio::test]
async fn what_is_not_plain_stays_open_and_is_said() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let body = "1. as soon as possible\n2. ask Dana\n3. Frankfurt\n4. about 40\n5. 86,400 USD\n6. what is that?";
    let shown = post(&service, &id, &reply(MARCUS, Some(id_of(&message)), body)).await;
    let open = texts(shown["gaps"].as_array().expect("gaps"), "field");
    assert_eq!(open, ["go_live_date", "contact_email", "users", "sso"], "{shown:#}");
    let request = &requests(&service, &id).await[0];
    let unclear = request["unclear"].as_array().expect("what could not be taken");
    assert_eq!(texts(unclear, "key"), open);
    assert_eq!(texts(unclear, "code"), ["unreadable", "unreadable", "not_exact", "asks_back"]);
    let told = events(&service, &id, "request.unclear").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    let (_, path) = link(&service, &id, ("Marcus Lee", "marcus@acme.example"), "answer").await;
    let page = Person::of(&service).enter(&path).await.text;
    assert!(page.contains("Your answer “as soon as possible” could not be read as a date."), "{page}");
    // The next message says so too, beside its question.
    service.clock.advance(SignedDuration::from_mins(4 * 60 + 5));
    service.app().look_at_due().await.expect("it looks");
    let says = |one: &Json| {
        one["text"].as_str().is_some_and(|text| text.contains("“ask Dana” could not be read as an e-mail"))
    };
    outbox(&service, &id, |all| all.iter().any(says)).await;
    // What was said is no longer said once it is settled.
    let again = reply(MARCUS, Some(id_of(&message)), "1. 1 July 2026\n2. dana@northwind.example\n4. 40\n6. yes\n");
    let shown = post(&service, &id, &again).await;
    assert_eq!(shown["status"], "ready", "{shown:#}");
    assert_eq!(requests(&service, &id).await[0]["unclear"], Json::Null);
    figure(
        "asking.reply_unclear",
        true,
        json!({"asked": 6, "settled_first": 2, "said_to_be_open": 4, "settled_then": 4}),
    );
}

#[tokio::test]
async fn answers_under_the_quoted_questions_count_and_the_reference_is_enough() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let quoted: String = message["text"].as_str().expect("text").lines().map(|line| format!("> {line}\n")).collect();
    let mut body =
        String::from("See my answers below.\n\nOn Tue, 3 Mar 2026 at 11:00, Baton <baton@acme.example> wrote:\n");
    for line in quoted.lines() {
        body.push_str(&format!("{line}\n"));
        let answer = [("> 1. ", "1 July 2026"), ("> 3. ", "Frankfurt"), ("> 5. ", "86,400 USD")];
        for (_, answer) in answer.iter().filter(|(start, _)| line.starts_with(start)) {
            body.push_str(&format!("\n{answer}\n\n"));
        }
    }
    // As JSON, and without a header that names our message: the quoted reference does.
    let source =
        json!({"sources": [{"type": "email", "filename": "reply.eml", "content": reply(MARCUS, None, &body)}]});
    service.post(&format!("/v1/handoffs/{id}/sources"), &source).await.expect(202);
    let shown = service.until(&id, |seen| seen["status"] != "drafting").await;
    let open = texts(shown["gaps"].as_array().expect("gaps"), "field");
    assert_eq!(open, ["contact_email", "users", "sso"], "{shown:#}");
    let fields = fields(&service, &id).await;
    assert_eq!((&fields["go_live_date"]["value"], &fields["region"]["by"]), (&json!("2026-07-01"), &json!(MARCUS)));
    assert!(events(&service, &id, "request.unclear").await.is_empty());
}

#[tokio::test]
async fn only_the_one_who_was_asked_answers_and_no_program_does() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let letter = Some(id_of(&message));
    let numbered = "3. Frankfurt\n5. 86,400 USD";
    let absent = reply(MARCUS, letter, "1. 1 August 2026\n3. I am away")
        .replace("Subject:", "Auto-Submitted: auto-replied\r\nSubject:");
    for mail in [
        reply("Eve Stone <eve@acme.example>", letter, numbered),
        reply(MARCUS, None, numbered),
        reply(MARCUS, Some("ltr_00000000000000000000000000000000"), numbered),
        absent,
        // Whoever checked where it comes from may have looked at the other sender.
        reply(MARCUS, letter, numbered).replacen("From:", "From: Eve Stone <eve@evil.example>\r\nFrom:", 1),
    ] {
        post(&service, &id, &mail).await;
    }
    assert!(events(&service, &id, "handoff.answered").await.is_empty());
    assert!(events(&service, &id, "request.unclear").await.is_empty());
    // A letter about another handoff answers nothing here.
    let (other, _) = asked_again(&service).await;
    post(&service, &other, &reply(MARCUS, letter, numbered)).await;
    assert!(events(&service, &other, "handoff.answered").await.is_empty());
}

/// A second handoff on the same route.
async fn asked_again(service: &Service) -> (String, Json) {
    let body = json!({"route": "six", "external_id": "other", "title": "Southwind",
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": null}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning to all of you.")}]});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let messages = outbox(service, &id, |all| all.len() == 1).await;
    (id, messages[0].clone())
}

#[tokio::test]
async fn one_question_needs_no_number() {
    let service = Service::start().await;
    let only = json!([{"key": "region", "label": "Data region", "question": "Where must the data be stored?", "type": "text",
                       "required": true, "said_by": "theirs"}]);
    let (id, message) = asked(&service, &only).await;
    let vague = reply(MARCUS, Some(id_of(&message)), "Thanks, I will look at it tomorrow.");
    let shown = post(&service, &id, &vague).await;
    assert_eq!(shown["status"], "needs_input", "{shown:#}");
    let plain = reply(MARCUS, Some(id_of(&message)), "Hi Baton,\n\nFrankfurt\n\nThanks\nMarcus Lee");
    let shown = post(&service, &id, &plain).await;
    assert_eq!(shown["status"], "ready", "{shown:#}");
    assert_eq!(fields(&service, &id).await["region"]["value"], "Frankfurt");
}

/// In plain sentences too: the word of the one who was asked is no less than a customer's.
#[tokio::test]
async fn what_the_asked_one_writes_in_sentences_is_not_doubted_for_their_side() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let body = "Hi,\n\nThey go live on 1 July 2026.\n\nMarcus";
    post(&service, &id, &reply("Eve Stone <eve@acme.example>", Some(id_of(&message)), body)).await;
    assert_eq!(fields(&service, &id).await["go_live_date"]["state"], "unconfirmed");
    let (id, message) = asked_again(&service).await;
    post(&service, &id, &reply(MARCUS, Some(id_of(&message)), body)).await;
    let found = fields(&service, &id).await;
    let day = &found["go_live_date"];
    assert_eq!((&day["value"], &day["by"]), (&json!("2026-07-01"), &json!(MARCUS)), "{day:#}");
    assert!(events(&service, &id, "request.unclear").await.is_empty());
}

/// What somebody else settled meanwhile is not overwritten by a mail that did not know of it.
#[tokio::test]
async fn a_late_reply_changes_nothing_that_others_answered() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let by = json!({"by": {"name": "Priya Raman", "email": "priya@acme.example"}, "fields": {"region": {"value": "Dublin"}}});
    let seen = service.get(&format!("/v1/handoffs/{id}")).await;
    service
        .send("PATCH", &format!("/v1/handoffs/{id}/fields"), Some(&by), &[("if-match", seen.header("etag"))])
        .await
        .expect(200);
    post(&service, &id, &reply(MARCUS, Some(id_of(&message)), "3. Frankfurt\n4. 40")).await;
    let fields = fields(&service, &id).await;
    assert_eq!((&fields["region"]["value"], &fields["users"]["value"]), (&json!("Dublin"), &json!(40)), "{fields:#}");
    let told = events(&service, &id, "request.unclear").await;
    assert_eq!(told[0]["detail"]["what"]["unclear"][0]["code"], "answered_meanwhile", "{told:#?}");
}

/// A mail whose head somebody else may have written answers nothing, however it came inside theirs.
#[tokio::test]
async fn a_mail_inside_another_one_answers_nothing() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let inner = reply(MARCUS, Some(id_of(&message)), "3. Frankfurt\n4. 40");
    let outer = |kind: &str, place: &str| {
        format!(
            "From: Tom Becker <tom@northwind.example>\r\nTo: Baton <baton@acme.example>\r\n\
             Date: Tue, 3 Mar 2026 11:40:00 +0000\r\nMessage-ID: <outer-{}@mail.example>\r\nSubject: Fwd\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             As Marcus wrote.\r\n--b\r\nContent-Type: {kind}\r\n{place}\r\n{inner}\r\n--b--\r\n",
            place.len()
        )
    };
    for (kind, place) in [
        ("message/rfc822", ""),
        ("message/rfc822", "Content-Disposition: attachment; filename=\"marcus.eml\"\r\n"),
        ("application/octet-stream; name=\"m.eml\"", "Content-Disposition: attachment; filename=\"m.eml\"\r\n"),
    ] {
        post(&service, &id, &outer(kind, place)).await;
    }
    assert!(events(&service, &id, "handoff.answered").await.is_empty());
    assert!(events(&service, &id, "request.unclear").await.is_empty());
    // From themselves it counts.
    post(&service, &id, &inner.replace("Message-ID: <", "Message-ID: <own-")).await;
    assert_eq!(events(&service, &id, "handoff.answered").await.len(), 1);
}

/// The newest word of a person holds, whenever their mails come in.
#[tokio::test]
async fn an_older_mail_does_not_change_a_newer_answer() {
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    let at = |day: &str, body: &str| {
        reply(MARCUS, Some(id_of(&message)), body)
            .replace("Date: Tue, 3 Mar 2026 11:30", &format!("Date: {day}"))
            .replace("Message-ID: <", &format!("Message-ID: <{}", day.len()))
    };
    let region = async || fields(&service, &id).await["region"]["value"].clone();
    post(&service, &id, &at("Mon, 2 Feb 2026 11:00", "3. Frankfurt\n6. Not applicable, because they have none")).await;
    post(&service, &id, &at("Mon, 2 Feb 2026 10:00", "3. Dublin\n6. yes, it is")).await;
    assert_eq!(
        (region().await, &fields(&service, &id).await["sso"]["state"]),
        (json!("Frankfurt"), &json!("not_applicable"))
    );
    // The request forgets it with its question, which is settled; the log keeps it.
    let told = events(&service, &id, "request.unclear").await;
    let is_region = |one: &Json| one["question"] == "region" && one["code"] == "answered_meanwhile";
    let of = |event: &Json| event["detail"]["what"]["unclear"].as_array().is_some_and(|all| all.iter().any(is_region));
    assert!(told.iter().any(of), "{told:#?}");
    // What was written later counts, though it was taken after all of it was written.
    post(&service, &id, &at("Mon, 2 Feb 2026 12:00", "3. Bergen\n4. 40")).await;
    assert_eq!(region().await, "Bergen");
    // The same mail in another form is the same mail.
    post(&service, &id, &at("Mon, 2 Feb 2026 12:00", "3. Krakow\n4. 40")).await;
    assert_eq!(region().await, "Bergen");
    // A correction on the page is newer than a mail that was still on its way.
    let by =
        json!({"by": {"name": "Marcus Lee", "email": "marcus@acme.example"}, "fields": {"region": {"value": "Oslo"}}});
    let seen = service.get(&format!("/v1/handoffs/{id}")).await;
    let headers = [("if-match", seen.header("etag"))];
    service.send("PATCH", &format!("/v1/handoffs/{id}/fields"), Some(&by), &headers).await.expect(200);
    post(&service, &id, &at("Mon, 2 Feb 2026 13:00", "3. Dublin again")).await;
    assert_eq!(region().await, "Oslo");
}

/// A mail known by its thread alone answers a message that its author can have read.
#[tokio::test]
async fn a_mail_of_the_thread_answers_what_was_asked_before_it() {
    let service = Service::start().await;
    let (id, _) = asked(&service, &six()).await;
    let in_thread = |day: &str, body: &str| {
        reply(MARCUS, None, body)
            .replace("Date: Tue, 3 Mar 2026 11:30", &format!("Date: {day}"))
            .replace("Subject:", &format!("References: <{id}@acme.example>\r\nSubject:"))
    };
    post(&service, &id, &in_thread("Mon, 5 Jan 2026 11:00", "3. Frankfurt")).await;
    assert!(events(&service, &id, "handoff.answered").await.is_empty());
    post(&service, &id, &in_thread("Tue, 3 Mar 2037 11:00", "3. Frankfurt\n4. 40")).await;
    assert_eq!(events(&service, &id, "handoff.answered").await.len(), 1);
}
