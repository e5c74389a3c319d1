//! The gate over HTTP: what may follow what, who may force it, what a return,
//! a later message or the passing of time opens again, and that every value in
//! a brief stands in what was sent.

use baton::access::keys::Mode;
use baton::intake::{self, Input, Options};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Service, figure, mail, sample, short_route};

const GO_LIVE: &str = "We go live on 1 July 2026.";

pub async fn begin(service: &Service) -> String {
    service.hand_over_mail("short", GO_LIVE).await.expect(200).id()
}

pub async fn begin_ready(service: &Service) -> String {
    let id = begin(service).await;
    let answered =
        service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    assert_eq!(answered.json()["status"], "ready");
    id
}

pub async fn show(service: &Service, id: &str) -> Json {
    service.get(&format!("/v1/handoffs/{id}")).await.expect(200).json()
}

/// Adds a mail and waits until nothing of the handoff waits to be read.
pub async fn add_mail(service: &Service, id: &str, day: u32, text: &str) -> Json {
    let mail = mail(text)
        .replace("Tue, 3 Mar 2026 09", &format!("{}, {day} Mar 2026 09", ["Wed", "Thu", "Fri"][day as usize % 3]));
    let body = json!({"sources": [{"type": "email", "content": mail}]});
    let before = service.post(&format!("/v1/handoffs/{id}/sources"), &body).await.expect(202).json();
    // What has moved keeps its status while it is read, but its version counts on.
    service.until(id, |now| now["status"] != "drafting" && now["version"].as_i64() > before["version"].as_i64()).await
}

fn samples() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases");
    let mut cases: Vec<String> = std::fs::read_dir(folder)
        .expect("samples")
        .flatten()
        .filter_map(|case| case.file_name().into_string().ok())
        .collect();
    cases.sort();
    cases
}

/// The texts that were sent, by the ids under which a brief quotes them.
fn texts(body: &Json) -> std::collections::HashMap<String, String> {
    use base64::Engine;
    let input = |source: &Json| Input {
        name: source["filename"].as_str().expect("a name").to_owned(),
        bytes: base64::engine::general_purpose::STANDARD
            .decode(source["content"].as_str().expect("content"))
            .expect("base64"),
        kind: None,
        format: None,
    };
    let batch = body["sources"].as_array().expect("sources").iter().map(input).collect();
    let read = intake::read_batches(vec![batch], &Options::of(&["acme.example".to_owned()]));
    read.messages.iter().map(|message| (message.id.to_string(), message.text.clone())).collect()
}

/// Every place in a brief that claims to quote, and whether its words stand there.
pub fn quotes(value: &Json, texts: &std::collections::HashMap<String, String>, found: &mut (usize, usize)) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| quotes(item, texts, found)),
        Json::Object(members) => {
            if let (Some(quote), Some(start), Some(end)) = (
                members.get("quote").and_then(Json::as_str),
                members.get("start").and_then(Json::as_u64),
                members.get("end").and_then(Json::as_u64),
            ) {
                let text = members["message"].as_str().and_then(|id| texts.get(id));
                let stands = text.and_then(|text| text.get(start as usize..end as usize)) == Some(quote);
                found.0 += 1;
                found.1 += usize::from(!stands || quote.is_empty());
            }
            members.values().for_each(|member| quotes(member, texts, found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_value_of_every_sample_stands_in_what_was_sent_and_nothing_incomplete_moves() {
    let service = Service::start().await;
    let (mut found, mut unproved, mut fields, mut moved, mut refused, mut wrong) = ((0, 0), 0, 0, 0, 0, Vec::new());
    for case in samples() {
        let (body, begun) = (sample(&case), service.hand_over(&case).await.expect(200).json());
        let id = begun["id"].as_str().expect("an id").to_owned();
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
        quotes(&brief, &texts(&body), &mut found);
        for (key, field) in brief["fields"].as_object().expect("fields") {
            let is_found = field["state"] == "found";
            fields += usize::from(is_found);
            let has_evidence = field["evidence"].as_array().is_some_and(|all| !all.is_empty());
            let is_empty = field["value"].is_null();
            if is_found == is_empty || (is_found && field["origin"] == "source" && !has_evidence) {
                unproved += 1;
                eprintln!("{case} {key}: {field}");
            }
        }
        let is_open = brief["gaps"].as_array().expect("gaps").iter().any(|gap| gap["blocking"] == true);
        let transfer = service.transfer(&id).await;
        let after = show(&service, &id).await;
        match transfer.status {
            200 if !is_open && after["status"] == "transferred" && brief["verdict"] == "complete" => moved += 1,
            409 if is_open && after["status"] == begun["status"] && transfer.json()["code"] == "incomplete" => {
                refused += 1
            }
            _ => wrong.push(format!("{case}: {}", transfer.text)),
        }
    }
    let pass = found.1 == 0 && unproved == 0 && found.0 > 100 && fields > 100;
    figure(
        "R-21",
        pass,
        json!({"found_fields": fields, "quotes": found.0, "not_in_text": found.1, "unproved": unproved}),
    );
    figure(
        "R-20 samples",
        wrong.is_empty() && refused > 0,
        json!({"moved": moved, "refused": refused, "wrong": wrong}),
    );
}

#[tokio::test]
async fn a_handoff_is_judged_by_the_route_it_came_in_under() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let mut before = Vec::new();
    for _ in 0..20 {
        service.clock.advance(SignedDuration::from_hours(25));
        before.push(begin(&service).await);
    }
    let mut changed = short_route(2);
    changed["fields"].as_array_mut().expect("fields").push(json!({"key": "budget", "type": "money", "required": true}));
    let dry = service.post("/v1/routes/short/dry-run", &json!({"route": changed})).await.expect(200).json();
    assert_eq!((dry["judged"].as_u64(), dry["would_block"].as_u64()), (Some(20), Some(20)), "{dry}");
    service.send("PUT", "/v1/routes/short", Some(&changed), &[]).await.expect(201);
    let (mut by_old, mut by_new) = (0, 0);
    for (number, id) in before.iter().enumerate() {
        if number % 2 == 0 {
            add_mail(&service, id, 4, "We also like the colour blue.").await;
        }
        service.answer(id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
        let moved = service.transfer(id).await.expect(200).json();
        by_old += usize::from(moved["route"]["version"] == 1);
        // The same under the new version.
        service.clock.advance(SignedDuration::from_hours(25));
        let new = begin(&service).await;
        service.answer(&new, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
        let refused = service.transfer(&new).await.expect(409).json();
        by_new += usize::from(refused["gaps"][0]["field"] == "budget");
    }
    // A version that judged something cannot be changed.
    service.send("PUT", "/v1/routes/short", Some(&short_route(2)), &[]).await.expect(422);
    service.send("PUT", "/v1/routes/short", Some(&short_route(1)), &[]).await.expect(422);
    figure("R-23", (by_old, by_new) == (20, 20), json!({"by_their_own_version": by_old, "new_by_the_new_one": by_new}));
}

#[tokio::test]
async fn breaking_the_glass_takes_a_scope_a_name_a_reason_and_a_day() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = begin(&service).await;
    let glass = |approver: &str, reason: &str, day: &str| json!({"break_glass": {"approver": {"name": approver}, "reason": reason, "expires_at": format!("2026-03-{day}T12:00:00Z")}});
    let good = glass("Priya Raman", "The customer's line stands still until we begin", "05");
    let path = format!("/v1/handoffs/{id}/transfer");
    let key = service.make_key("transfer", "main", Mode::Live).await;
    let bearer = format!("Bearer {key}");
    let lacking =
        service.send_raw("POST", &path, Some(good.to_string().into_bytes()), &[("authorization", &bearer)]).await;
    let mut refused = vec![lacking.expect(403).status];
    for wrong in [
        glass(" ", "The customer's line stands still until we begin", "05"),
        glass("Priya Raman", "urgent", "05"),
        glass("Priya Raman", "The customer's line stands still until we begin", "02"),
        json!({"break_glass": {"reason": "The customer's line stands still until we begin", "expires_at": "2026-03-05T12:00:00Z"}}),
        json!({"break_glass": {"approver": {"name": "Priya Raman"}, "reason": "The customer's line stands still", "expires_at": "soon"}}),
    ] {
        let answer = service.post(&path, &wrong).await.expect(422);
        assert!(
            answer.json()["errors"][0]["pointer"].as_str().is_some_and(|place| place.starts_with("/break_glass")),
            "{answer:?}"
        );
        refused.push(answer.status);
    }
    // All that is wrong with it is told at once.
    let approver = json!({"name": " ", "email": "priya at acme"});
    let all = json!({"break_glass": {"approver": approver, "reason": "urgent", "expires_at": "soon"}});
    let errors = service.post(&path, &all).await.expect(422).json()["errors"].clone();
    let places: Vec<&str> =
        errors.as_array().expect("errors").iter().filter_map(|one| one["pointer"].as_str()).collect();
    let wrong = ["approver/name", "approver/email", "reason", "expires_at"].map(|part| format!("/break_glass/{part}"));
    assert!(places.len() == 4 && wrong.iter().all(|place| places.contains(&place.as_str())), "{errors:#}");
    let far = json!({"break_glass": {"approver": {"name": "Priya Raman", "email": "priya"}, "reason": "The customer's line stands still", "expires_at": "9999-12-31"}});
    let errors = service.post(&path, &far).await.expect(422).json()["errors"].to_string();
    assert!(errors.contains("too far off") && errors.contains("/break_glass/approver/email"), "{errors}");
    // What has the wrong form hides nothing of what is wrong otherwise.
    let mixed = json!({"break_glass": {"approver": {"name": 7, "email": "priya"}, "expires_at": "2026-03-01"}});
    let problem = service.post(&path, &mixed).await.expect(422).json();
    let of = |part: &str| {
        let errors = problem["errors"].as_array().expect("errors").iter();
        let mut found = errors.filter(|one| one["pointer"] == json!(format!("/break_glass/{part}")));
        found.next().map(|one| one["code"].as_str().unwrap_or_default().to_owned())
    };
    let codes = ["approver/name", "approver/email", "reason", "expires_at"].map(|part| of(part).unwrap_or_default());
    assert_eq!(codes, ["wrong-type", "invalid", "missing", "in-the-past"], "{problem}");
    assert_eq!(problem["detail"], "4 places are wrong; `errors` names each", "{problem}");
    assert_eq!(show(&service, &id).await["status"], "needs_input");
    let moved = service.post(&path, &good).await.expect(200).json();
    assert_eq!((&moved["status"], &moved["reason"]), (&json!("transferred"), &json!("break_glass")));
    let debts = moved["debts"].as_array().expect("debts").clone();
    assert_eq!(
        (debts.len(), &debts[0]["field"], &debts[0]["due"]),
        (1, &json!("contact_email"), &json!("2026-03-05T12:00:00Z")),
        "{debts:?}"
    );
    assert!(!debts[0]["owner"].is_null());
    let verified = service.post("/v1/passes/verify", &json!({"pass": moved["pass"]})).await.expect(200).json();
    assert_eq!((&verified["valid"], &verified["break_glass"]), (&json!(true), &json!(true)));
    let events = service.get(&format!("/v1/handoffs/{id}/events")).await.expect(200).json();
    let moves = events["data"].as_array().expect("events").iter().rfind(|event| event["type"] == "handoff.transferred");
    let last = moves.expect("it moved").clone();
    assert_eq!(last["detail"]["what"]["break_glass"]["approver"], "Priya Raman", "{last}");
    // What is complete needs no exception, and gets none.
    service.clock.advance(SignedDuration::from_hours(25));
    let whole = begin_ready(&service).await;
    let later = glass("Priya Raman", "The customer's line stands still until we begin", "09");
    let plain = service.post(&format!("/v1/handoffs/{whole}/transfer"), &later).await.expect(200).json();
    assert_eq!((&plain["reason"], &plain["debts"]), (&Json::Null, &Json::Null), "{plain}");
    figure("R-20 break glass", true, json!({"refused": refused, "debts": debts.len()}));
}

/// What may follow what. The order of the moves: answer, transfer, accept, return, cancel, retry.
#[tokio::test]
async fn moves_are_taken_only_where_they_make_sense() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let by = json!({"name": "Priya Raman"});
    let whole_return = json!({"by": by, "type": "not_ours", "reason": "This belongs to another team"});
    let post = |id: &str, rest: &str, body: &Json| {
        let (path, body, service) = (format!("/v1/handoffs/{id}/{rest}"), body.clone(), &service);
        async move { service.post(&path, &body).await }
    };
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (state, expected) in [
        ("needs_input", [200, 409, 409, 409, 200, 202]),
        ("ready", [200, 200, 409, 409, 200, 202]),
        ("transferred", [409, 409, 200, 200, 409, 409]),
        ("accepted", [409, 409, 409, 200, 409, 409]),
        // Given back whole: something has to happen before it moves again.
        ("returned", [200, 409, 409, 409, 200, 202]),
        ("cancelled", [409, 409, 409, 409, 409, 409]),
    ] {
        for (place, wanted) in expected.into_iter().enumerate() {
            service.clock.advance(SignedDuration::from_hours(25));
            let id = begin(&service).await;
            if state != "needs_input" {
                service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
            }
            if ["transferred", "accepted", "returned"].contains(&state) {
                post(&id, "transfer", &json!({})).await.expect(200);
            }
            match state {
                "accepted" => drop(post(&id, "accept", &json!({"by": by})).await.expect(200)),
                "returned" => drop(post(&id, "return", &whole_return).await.expect(200)),
                "cancelled" => drop(post(&id, "cancel", &json!({"reason": "The deal fell through"})).await.expect(200)),
                _ => {}
            }
            let before = show(&service, &id).await;
            assert_eq!(before["status"], state);
            let answer = match place {
                0 => service.answer(&id, &json!({"note": {"value": "They like blue"}})).await,
                1 => post(&id, "transfer", &json!({})).await,
                2 => post(&id, "accept", &json!({"by": by, "read_back": "Live on 1 July"})).await,
                3 => post(&id, "return", &whole_return).await,
                4 => post(&id, "cancel", &json!({})).await,
                _ => post(&id, "retry", &json!({})).await,
            };
            tried += 1;
            let after = show(&service, &id).await;
            let changed = after["version"] != before["version"];
            if answer.status != wanted || changed != (wanted < 300) {
                wrong.push(format!("{state}, move {place}: {} {}", answer.status, answer.text));
            }
        }
    }
    figure("moves", wrong.is_empty(), json!({"tried": tried, "wrong": wrong}));
}

#[tokio::test]
async fn later_context_opens_only_what_it_touches() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = begin_ready(&service).await;
    let brief = |answer: Answer| answer.json();
    let read = async || brief(service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200));

    let now = add_mail(&service, &id, 4, "We like the colour blue.").await;
    assert_eq!(now["status"], "ready", "nothing was touched: {now}");
    let after = read().await;
    assert_eq!(after["fields"]["contact_email"]["value"], "dana@northwind.example");
    assert_eq!(after["fields"]["contact_email"]["origin"], "person");

    add_mail(&service, &id, 5, "Correction: we go live on 15 August 2026 now.").await;
    let after = read().await;
    assert_eq!(after["fields"]["go_live_date"]["value"], "2026-08-15", "{after}");
    assert_eq!(after["fields"]["contact_email"]["value"], "dana@northwind.example", "an answer survives a re-read");

    let now = add_mail(&service, &id, 6, "Please write to kim@northwind.example about everything.").await;
    let after = read().await;
    assert_eq!(after["fields"]["go_live_date"]["state"], "found");
    let opened = (&now["status"], &now["gaps"][0]["field"]) == (&json!("needs_input"), &json!("contact_email"));
    figure(
        "answers and later context",
        opened,
        json!({"after": after["fields"]["contact_email"], "status": now["status"]}),
    );
}

#[tokio::test]
async fn what_comes_after_the_transfer_is_shown_to_the_receiver() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = begin_ready(&service).await;
    let pass = json!({"pass": service.transfer(&id).await.expect(200).json()["pass"]});
    let verify = async || service.post("/v1/passes/verify", &pass).await.expect(200).json();
    assert_eq!(verify().await["valid"], true);
    let now = add_mail(&service, &id, 5, "Correction: we go live on 15 August 2026 now.").await;
    assert_eq!(
        (&now["status"], &now["changed_after_transfer"]),
        (&json!("transferred"), &json!(["go_live_date"])),
        "{now}"
    );
    assert_eq!(verify().await, json!({"valid": false, "reason": "superseded"}));
    let path = format!("/v1/handoffs/{id}/brief");
    let handed = service.get(&path).await.expect(200).json();
    let latest = service.get(&format!("{path}?reading=latest")).await.expect(200).json();
    let dates = (&handed["fields"]["go_live_date"]["value"], &latest["fields"]["go_live_date"]["value"]);
    assert_eq!(dates, (&json!("2026-07-01"), &json!("2026-08-15")));
    let accepted = service.post(&format!("/v1/handoffs/{id}/accept"), &json!({"by": {"name": "Priya Raman"}})).await;
    assert_eq!(accepted.expect(200).json()["changed_after_transfer"], json!(["go_live_date"]));
    // The same matter once more goes to the handoff that moved, not into a second one.
    figure("changed after transfer", true, json!({"superseded": 1}));
}

#[tokio::test]
async fn not_known_yet_holds_until_its_day_is_over() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = begin(&service).await;
    let unknown = json!({"contact_email": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-10"}}});
    let answered = service.answer(&id, &unknown).await.expect(200).json();
    assert_eq!(answered["status"], "ready", "{answered}");
    let past = json!({"contact_email": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-01"}}});
    service.answer(&id, &past).await.expect(422);
    let not_allowed = json!({"go_live_date": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-10"}}});
    service.answer(&id, &not_allowed).await.expect(422);
    let kinds = async || {
        let events = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.json();
        let kinds = events["data"]
            .as_array()
            .expect("events")
            .iter()
            .map(|one| one["type"].as_str().unwrap_or_default().to_owned());
        kinds.filter(|kind| kind.starts_with("handoff.")).collect::<Vec<_>>()
    };
    // Whoever waits for it to be ready hears so, although a person's word and no reading made it that.
    assert_eq!(kinds().await.last().map(String::as_str), Some("handoff.ready"));
    service.clock.advance(SignedDuration::from_hours(8 * 24));
    // Nobody asks for it: what falls due is seen within a day.
    let seen = service.until(&id, |now| now["status"] == "needs_input").await;
    assert_eq!(seen["gaps"][0]["field"], "contact_email", "{seen}");
    assert_eq!(kinds().await.last().map(String::as_str), Some("handoff.needs_input"));
    let refused = service.transfer(&id).await.expect(409).json();
    assert_eq!(refused["gaps"][0]["field"], "contact_email", "{refused}");
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
    assert_eq!(brief["verdict"], "incomplete");
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&id).await.expect(200);
}

#[tokio::test]
async fn a_source_that_cannot_be_read_blocks_until_somebody_says_it_does_not_matter() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let body = json!({"route": "short", "known": {"contact_email": "dana@northwind.example"}, "sources": [
        {"filename": "mail.eml", "content": mail(GO_LIVE)},
        {"filename": "contract.pdf", "content": "JVBERi0xLjcKJcOkw7zDtsOfCg==", "encoding": "base64"},
    ]});
    let begun = service.post("/v1/handoffs?wait=20", &body).await.expect(200);
    let id = begun.id();
    assert_eq!(begun.json()["gaps"][0]["kind"], "unread_source", "{begun:?}");
    service.transfer(&id).await.expect(409);
    let path = format!("/v1/handoffs/{id}/fields");
    let dismiss =
        |source: &str, reason: &str| json!({"by": {"name": "Marcus Lee"}, "sources": {source: {"dismissed": reason}}});
    let tag = begun.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    service.send("PATCH", &path, Some(&dismiss("contract.pdf", " ")), &headers).await.expect(422);
    service.send("PATCH", &path, Some(&dismiss("other.pdf", "It repeats the mail")), &headers).await.expect(422);
    let nobody = json!({"sources": {"contract.pdf": {"dismissed": "It repeats the mail"}}});
    service.send("PATCH", &path, Some(&nobody), &headers).await.expect(422);
    let done =
        service.send("PATCH", &path, Some(&dismiss("contract.pdf", "It repeats the mail")), &headers).await.expect(200);
    assert_eq!(done.json()["status"], "ready");
    service.transfer(&id).await.expect(200);
}
