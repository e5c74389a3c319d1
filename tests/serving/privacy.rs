//! What is kept about people goes when it is asked for, down to the bytes, goes
//! by itself when it is old, stays when it must be kept, and is shown whole.

use std::collections::BTreeSet;
use std::path::Path;

use baton::store::{self, PARTS, Treatment};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use crate::harness::{Answer, Service, figure, mail, rounds, settings, short_route};

/// Requests under way at once.
const ABREAST: usize = 8;

async fn start() -> std::sync::Arc<Service> {
    let mut settings = settings();
    settings.service.requests_per_minute = 1_000_000;
    settings.service.burst = 100_000;
    let service = Service::start_with(settings, None).await;
    service.publish_short(&service.key).await;
    std::sync::Arc::new(service)
}

/// The erasure as soon as it is done.
async fn until_done(service: &Service, id: &str) -> Json {
    let mut notices = service.app().listen();
    for _ in 0..600 {
        let seen = service.get(&format!("/v1/erasures/{id}")).await.expect(200).json();
        if seen["state"] == "done" {
            return seen;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    panic!("the erasure {id} is never done");
}

async fn erase(service: &Service, handoffs: &[String]) -> Json {
    let begun = service.post("/v1/erasures", &json!({"handoffs": handoffs})).await.expect(202);
    assert_eq!(begun.header("location"), format!("/v1/erasures/{}", begun.id()));
    until_done(service, &begun.id()).await
}

/// A handoff that has its word wherever a caller can put one.
async fn hand_over_marked(service: &Service, word: &str) -> Answer {
    let owner = json!({"name": format!("Marcus {word}"), "email": format!("{word}@acme.example"), "slack": word});
    let body = json!({
        "route": "short", "external_id": word, "title": word, "from": {"team": word, "owner": owner}, "trigger": {"event": word},
        "known": {"note": word}, "callback_url": format!("https://{word}.example/"),
        "sources": [
            {"type": "email", "filename": format!("{word}.eml"), "content": mail(&format!("{word}: we go live on 1 July 2026. {}", word.repeat(200)))},
            {"filename": format!("{word}.bin"), "content": "AAECAwQ=", "encoding": "base64"},
        ],
    });
    let key = format!("key-{word}");
    service.send("POST", "/v1/handoffs?wait=25", Some(&body), &[("idempotency-key", &key)]).await
}

/// Answered by a person and forced through the gate, all with the word.
async fn live_on(service: &Service, id: &str, word: &str) {
    let seen = service.get(&format!("/v1/handoffs/{id}")).await.expect(200);
    let by = json!({"name": format!("Priya {word}"), "email": format!("{word}@acme.example")});
    let body = json!({"by": by, "fields": {"note": {"value": format!("{word} said so")}}});
    let path = format!("/v1/handoffs/{id}");
    let headers = [("if-match", seen.header("etag"))];
    service.send("PATCH", &format!("{path}/fields"), Some(&body), &headers).await.expect(200);
    let until = service.app().now() + SignedDuration::from_hours(48);
    let forced = json!({"break_glass": {"approver": by, "reason": format!("{word} cannot wait"), "expires_at": until}});
    service.post(&format!("{path}/transfer"), &forced).await.expect(200);
}

/// How often a word stands in any file of a folder, in capital or small letters.
fn count_bytes(folder: &Path, word: &str) -> usize {
    let mut open = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(place).expect("a folder").flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).expect("a file").to_ascii_lowercase();
                count += memchr::memmem::find_iter(&bytes, word).count();
            }
        }
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_leaves_no_byte() {
    let service = start().await;
    let (all, gone) = (rounds(100, 1000), rounds(10, 100));
    // Beginning and end of the words: a part of one would be found too.
    let word = move |number: usize| match number < gone {
        true => format!("wipeme{number:05}endwipe"),
        false => format!("keepme{number:05}endkeep"),
    };
    let mut running = JoinSet::new();
    let mut ids = vec![String::new(); all];
    for number in 0..all {
        if running.len() >= ABREAST
            && let Some(done) = running.join_next().await
        {
            let (number, id): (usize, String) = done.expect("it was handed over");
            ids[number] = id;
        }
        let service = service.clone();
        running.spawn(async move {
            // In an order that spreads both kinds over all pages.
            let number = (number * 37) % all;
            let id = hand_over_marked(&service, &word(number)).await.expect(200).id();
            live_on(&service, &id, &word(number)).await;
            (number, id)
        });
    }
    while let Some(done) = running.join_next().await {
        let (number, id) = done.expect("it was handed over");
        ids[number] = id;
    }
    let folder = service.settings.data_dir.clone();
    let (before, kept_before) = (count_bytes(&folder, "wipeme"), count_bytes(&folder, "endkeep"));
    let begun = std::time::Instant::now();
    let erasure = erase(&service, &ids[..gone]).await;
    let seconds = begun.elapsed().as_secs_f64();
    let left = [count_bytes(&folder, "wipeme"), count_bytes(&folder, "endwipe")];
    let kept = count_bytes(&folder, "endkeep");

    let receipt = service.app().signing().verify_receipt(erasure["receipt"].as_str().expect("a receipt"));
    let receipt = receipt.expect("it is ours");
    let erased: BTreeSet<&String> = receipt.handoffs.iter().collect();
    let chain = verify_chain(&service).await;
    let told = told_erased(&service).await;
    for id in &ids[gone..] {
        service.get(&format!("/v1/handoffs/{id}/brief?format=html")).await.expect(200);
    }
    let pass = left == [0, 0]
        && before > gone * 10
        && kept > 0
        && erased == ids[..gone].iter().collect()
        && receipt.counts["handoffs"] == gone as u64
        && receipt.counts["sources"] == 2 * gone as u64
        && chain.is_ok()
        && told == gone;
    figure(
        "R-44",
        pass && seconds < 60.0,
        json!({"handoffs": all, "erased": gone, "marks_before": before, "marks_left": left, "others_before": kept_before,
               "others_left": kept, "seconds": seconds, "chain": format!("{chain:?}"), "told": told, "counts": receipt.counts}),
    );
}

/// The log of the service's workspace, read from the file by itself.
async fn verify_chain(service: &Service) -> Result<i64, String> {
    let options = store::Options { folder: service.settings.data_dir.clone() };
    let store = store::Store::open_beside(&options).await.expect("it opens");
    let mut reader = store.reader().await.expect("a reader");
    let workspaces = store::list_workspaces(&mut reader).await.expect("workspaces");
    let main = workspaces.iter().find(|workspace| workspace.as_str() == "main").expect("the workspace");
    let verified = store::verify(&mut reader, main, None).await.expect("it is read");
    drop(reader);
    store.close().await;
    verified.map(|chain| chain.place).map_err(|(place, why)| format!("{place}: {why}"))
}

async fn rows(service: &Service, question: &'static str) -> Vec<(String, String)> {
    let file = format!("sqlite://{}?mode=ro", service.settings.data_dir.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    let rows = sqlx::query_as(question).fetch_all(&pool).await.expect("rows");
    pool.close().await;
    rows
}

async fn told_erased(service: &Service) -> usize {
    rows(service, "SELECT handoff, payload FROM outbox WHERE kind = 'handoff.erased'").await.len()
}

#[tokio::test]
async fn an_erased_handoff_is_gone_and_says_so() {
    let service = start().await;
    let id = hand_over_marked(&service, "wipeme").await.expect(200).id();
    live_on(&service, &id, "wipeme").await;
    let path = format!("/v1/handoffs/{id}");
    let pass = rows(&service, "SELECT handoff, pass FROM clearances").await;
    assert_eq!(pass.len(), 1);
    erase(&service, std::slice::from_ref(&id)).await;
    for target in [path.clone(), format!("{path}/brief"), format!("{path}/brief?format=html"), format!("{path}/events")]
    {
        let gone = service.get(&target).await.expect(410).json();
        assert_eq!((gone["code"].as_str(), gone["erased_at"].is_string()), (Some("erased"), true), "{target}");
    }
    let by = json!({"by": {"name": "Priya Raman"}});
    service.post(&format!("{path}/accept"), &by).await.expect(410);
    service.post(&format!("{path}/cancel"), &json!({})).await.expect(410);
    service.post(&format!("{path}/retry"), &json!({})).await.expect(410);
    service.post(&format!("{path}/transfer"), &json!({})).await.expect(410);
    let more = json!({"sources": [{"filename": "b.eml", "content": mail("More")}]});
    service.post(&format!("{path}/sources"), &more).await.expect(410);
    service.send("PUT", &format!("{path}/hold"), Some(&json!({"reason": "Late"})), &[]).await.expect(410);
    service.post("/v1/erasures", &json!({"handoff": id})).await.expect(410);
    assert_eq!(service.get("/v1/handoffs").await.expect(200).json()["data"], json!([]));
    // A late repeat of the request does not bring it back; the matter itself can be handed over anew.
    hand_over_marked(&service, "wipeme").await.expect(410);
    let log = service.get("/v1/audit?limit=100").await.expect(200).json();
    assert!(!log.to_string().contains("wipeme"), "{log}");
    let kinds: Vec<&str> =
        log["data"].as_array().expect("events").iter().filter_map(|one| one["type"].as_str()).collect();
    // Who is asked what is seen to beside it.
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| !kind.starts_with("request.")).collect();
    assert!(kinds.ends_with(&["erasure.requested", "handoff.erased", "erasure.done"]), "{kinds:?}");
}

#[tokio::test]
async fn a_pass_of_an_erased_handoff_is_worth_nothing() {
    let service = start().await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    service.answer(&id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let pass = json!({"pass": service.transfer(&id).await.expect(200).json()["pass"]});
    assert_eq!(service.post("/v1/passes/verify", &pass).await.json()["valid"], true);
    erase(&service, &[id]).await;
    let worth = service.post("/v1/passes/verify", &pass).await.expect(200).json();
    assert_eq!(worth, json!({"valid": false, "reason": "superseded"}));
}

#[tokio::test]
async fn erasing_needs_its_scope_and_its_workspace() {
    let service = start().await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    let body = json!({"handoff": id}).to_string().into_bytes();
    let scopes = "handoffs:read,handoffs:write,transfer,break_glass,routes:read,routes:write,audit:read,keys:manage";
    let weak = service.make_key(scopes, "main", baton::access::keys::Mode::Live).await;
    let other = service.make_key("all", "elsewhere", baton::access::keys::Mode::Live).await;
    for (key, status) in [(weak, 403), (other, 404)] {
        let bearer = format!("Bearer {key}");
        service
            .send_raw("POST", "/v1/erasures", Some(body.clone()), &[("authorization", &bearer)])
            .await
            .expect(status);
    }
    for wrong in [json!({}), json!({"handoffs": []}), json!({"person": {}}), json!({"person": {"names": ["Al"]}})] {
        service.post("/v1/erasures", &wrong).await.expect(422);
    }
    service.get(&format!("/v1/handoffs/{id}")).await.expect(200);
}

#[tokio::test]
async fn a_hold_keeps_a_handoff_until_it_is_lifted() {
    let service = start().await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    let path = format!("/v1/handoffs/{id}/hold");
    service.send("PUT", &path, Some(&json!({"reason": " "})), &[]).await.expect(422);
    let held = service.send("PUT", &path, Some(&json!({"reason": "A dispute"})), &[]).await.expect(200).json();
    assert_eq!(held["hold"]["reason"], "A dispute");
    let refused = service.post("/v1/erasures", &json!({"handoff": id})).await.expect(409).json();
    assert_eq!(refused["on_hold"], json!(id));
    let free = service.send("DELETE", &path, None, &[]).await.expect(200).json();
    assert!(free.get("hold").is_none(), "{free}");
    service.send("DELETE", &path, None, &[]).await.expect(200);
    erase(&service, &[id]).await;
}

#[tokio::test]
async fn what_is_old_goes_by_itself_and_what_is_held_stays() {
    let service = start().await;
    let mut route = short_route(1);
    route["id"] = json!("aging");
    route["retention"] = json!({"sources": "90d", "briefs": "730d"});
    service.send("PUT", "/v1/routes/aging", Some(&route), &[]).await.expect(201);
    let text = "We go live on 1 July 2026.";
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(service.hand_over_mail("aging", &format!("{text} Note {number}")).await.expect(200).id());
    }
    let forever = service.hand_over_mail("short", text).await.expect(200).id();
    for id in &ids[..3] {
        let path = format!("/v1/handoffs/{id}/hold");
        service.send("PUT", &path, Some(&json!({"reason": "A dispute"})), &[]).await.expect(200);
    }
    service.clock.advance(SignedDuration::from_hours(90 * 24 - 1));
    let aged = service.app().let_age_go().await.expect("it goes");
    assert_eq!((aged.contexts, aged.handoffs), (0, 0));
    assert_eq!(rows(&service, "SELECT handoff, name FROM sources").await.len(), 11);
    service.clock.advance(SignedDuration::from_hours(2));
    // Nobody asks for it: the service looks by itself.
    for id in &ids[3..] {
        let aged = service.until(id, |now| now["context_gone_at"].is_string()).await;
        assert_eq!(
            (aged["status"].as_str(), aged["gaps"][0]["field"].as_str()),
            (Some("needs_input"), Some("contact_email"))
        );
    }
    let sources = rows(&service, "SELECT handoff, name FROM sources").await;
    let left: BTreeSet<&String> = sources.iter().map(|(handoff, _)| handoff).collect();
    assert_eq!(left, ids[..3].iter().chain([&forever]).collect());
    let old = &ids[5];
    let brief = service.get(&format!("/v1/handoffs/{old}/brief")).await.expect(200).json();
    assert!(
        brief["fields"]["go_live_date"]["evidence"][0]["quote"].as_str().is_some_and(|quote| quote.contains("1 July"))
    );
    for format in ["html", "markdown"] {
        service.get(&format!("/v1/handoffs/{old}/brief?format={format}")).await.expect(200);
    }
    let more = json!({"sources": [{"filename": "b.eml", "content": mail("More")}]});
    let refused = service.post(&format!("/v1/handoffs/{old}/sources"), &more).await.expect(409).json();
    assert_eq!(refused["reason"], "context_gone");
    service.post(&format!("/v1/handoffs/{old}/retry"), &json!({})).await.expect(409);
    // What is left can still be finished.
    service.answer(old, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(old).await.expect(200);

    service.clock.advance(SignedDuration::from_hours(640 * 24));
    service.app().let_age_go().await.expect("it goes");
    let living = rows(&service, "SELECT id, status FROM handoffs WHERE erased_at IS NULL").await;
    let living: BTreeSet<&String> = living.iter().map(|(id, _)| id).collect();
    let kept: BTreeSet<&String> = ids[..3].iter().chain([old, &forever]).collect();
    let sources = rows(&service, "SELECT handoff, name FROM sources").await.len();
    service.get(&format!("/v1/handoffs/{}", ids[9])).await.expect(410);
    figure(
        "R-45",
        living == kept && sources == 4,
        json!({"handoffs": 11, "too_old": 6, "gone": 11 - living.len(), "held": 3, "held_left": ids[..3].iter().filter(|id| living.contains(id)).count()}),
    );
    assert!(verify_chain(&service).await.is_ok());
}

/// A handoff of two mails, the second of which may be a person's or name them.
async fn hand_over_two(service: &Service, number: usize) -> (String, Vec<&'static str>) {
    let (from, text) = match number % 4 {
        0 => ("Zelda Quux <zelda@quux.example>", "See you soon."),
        1 => ("Kim Park <kim@northwind.example>", "Ask zelda@quux.example about it."),
        2 => ("Kim Park <kim@northwind.example>", "ZELDA  QUUX knows."),
        // Near misses.
        _ => ("Zelda Quuxley <grizelda@quux.example>", "Zelda asked for zelda@quux.example.org"),
    };
    let second = format!(
        "From: {from}\r\nTo: Marcus Lee <marcus@acme.example>\r\nDate: Wed, 4 Mar 2026 09:00:00 +0000\r\n\
         Message-ID: <second-{number}@quux.example>\r\nSubject: Also\r\n\r\n{text} Number {number}.\r\n"
    );
    let body = json!({"route": "short", "sources": [
        {"type": "email", "filename": "first.eml", "content": mail(&format!("We go live on 1 July 2026. Number {number}."))},
        {"type": "email", "filename": "second.eml", "content": second},
    ]});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    if number % 4 == 1 {
        let seen = service.get(&format!("/v1/handoffs/{id}")).await;
        let by = json!({"name": "Zelda Quux", "email": "zelda@quux.example"});
        let body = json!({"by": by, "fields": {"note": {"value": "It is agreed"}}});
        let path = format!("/v1/handoffs/{id}/fields");
        service.send("PATCH", &path, Some(&body), &[("if-match", seen.header("etag"))]).await.expect(200);
        return (id, vec!["message", "source", "answer", "event", "field"]);
    }
    let kinds: [&[&str]; 4] = [&["message", "source", "people"], &[], &["message", "source"], &[]];
    (id, kinds[number % 4].to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_whole_and_holds_nobody_else() {
    let service = start().await;
    let count = 200;
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    let mut running = JoinSet::new();
    for number in 0..count {
        if running.len() >= ABREAST
            && let Some(done) = running.join_next().await
        {
            let (id, kinds): (String, Vec<&str>) = done.expect("it was handed over");
            expected.extend(kinds.iter().map(|kind| (id.clone(), (*kind).to_owned())));
        }
        let service = service.clone();
        running.spawn(async move { hand_over_two(&service, number).await });
    }
    while let Some(done) = running.join_next().await {
        let (id, kinds) = done.expect("it was handed over");
        expected.extend(kinds.iter().map(|kind| (id.clone(), (*kind).to_owned())));
    }
    let person = json!({"person": {"email": "Zelda@quux.example", "names": ["Zelda Quux"]}});
    let begun = std::time::Instant::now();
    let export = service.post("/v1/exports", &person).await.expect(200).json();
    let seconds = begun.elapsed().as_secs_f64();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    let mut items = 0;
    let lists = [
        ("messages", "message"),
        ("sources", "source"),
        ("answers", "answer"),
        ("events", "event"),
        ("brief", "field"),
    ];
    for (list, kind) in lists {
        for item in export[list].as_array().expect(list) {
            items += 1;
            let part = item["part"].as_str().unwrap_or_default();
            let kind = if part.starts_with("summary.people.") { "people" } else { kind };
            found.insert((item["handoff"].as_str().expect("an id").to_owned(), kind.to_owned()));
            assert!(["", "fields.note"].contains(&part) || kind == "people", "{item}");
            assert!(!item.to_string().contains("Dana") && item["name"] != "first.eml", "{item}");
        }
    }
    let missing: Vec<_> = expected.difference(&found).take(5).collect();
    let wrong: Vec<_> = found.difference(&expected).take(5).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "missing {missing:#?}, wrong {wrong:#?}");
    figure(
        "R-46",
        items == expected.len() && export["matters"] == json!([]) && seconds < 60.0,
        json!({"handoffs": count, "expected": expected.len(), "items": items, "recall": 1.0, "precision": 1.0, "seconds": seconds}),
    );
    let holding = service.post("/v1/persons", &person).await.expect(200).json();
    assert_eq!(holding["handoffs"], export["handoffs"]);
    // Whom it was about is not written down.
    let log = rows(&service, "SELECT kind, detail FROM events WHERE kind LIKE 'person.%'").await;
    assert_eq!(log.len(), 2);
    assert!(log.iter().all(|(_, detail)| !detail.to_lowercase().contains("zelda")), "{log:?}");
}

#[tokio::test]
async fn whoever_erases_a_person_names_the_handoffs() {
    let service = start().await;
    let with = service.hand_over_mail("short", "Ask Zelda Quux. We go live on 1 July 2026.").await.expect(200).id();
    let without = service.hand_over_mail("short", "We go live on 2 July 2026.").await.expect(200).id();
    let person = json!({"names": ["Zelda Quux"]});
    let choose = service.post("/v1/erasures", &json!({"person": person})).await.expect(422).json();
    assert_eq!(choose["handoffs"], json!([with]));
    service.post("/v1/erasures", &json!({"person": person, "handoffs": [with, without]})).await.expect(422);
    let begun = service.post("/v1/erasures", &json!({"person": person, "handoffs": [with]})).await.expect(202);
    until_done(&service, &begun.id()).await;
    service.get(&format!("/v1/handoffs/{without}")).await.expect(200);
    let found = service.post("/v1/persons", &json!({"person": person})).await.expect(200).json();
    assert_eq!(found["handoffs"], json!([]));
}

#[tokio::test]
async fn no_table_and_no_column_is_forgotten() {
    let service = start().await;
    let columns = rows(
        &service,
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
    )
    .await;
    let tables: BTreeSet<&str> = columns.iter().map(|(table, _)| table.as_str()).collect();
    let listed: BTreeSet<&str> = PARTS.iter().map(|part| part.table).collect();
    assert_eq!(tables, listed, "src/store/erasing.rs says of every table what an erasure does to it");
    for part in PARTS {
        let there: BTreeSet<&str> =
            columns.iter().filter(|(table, _)| table == part.table).map(|(_, column)| column.as_str()).collect();
        let told: BTreeSet<&str> = match part.treatment {
            Treatment::Goes => continue,
            Treatment::Apart => {
                assert!(!there.contains("handoff"), "{} holds rows of handoffs", part.table);
                continue;
            }
            Treatment::Stays { cleared, kept } => {
                cleared.iter().map(|(column, _)| *column).chain(kept.iter().copied()).collect()
            }
            Treatment::ByHand { cleared, kept } => cleared.iter().chain(kept).copied().collect(),
        };
        assert_eq!(there, told, "the columns of {}", part.table);
    }
}
