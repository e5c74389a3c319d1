//! Whoever is kept anywhere is found, shown and erased: also a person whom no
//! source names, but a personal link, a question or a message does.

use std::collections::{BTreeMap, BTreeSet};

use baton::app::Entry;
use baton::config::Settings;
use baton::store::{HOLDINGS, PARTS};
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, settings, short_route};

const ZELDA: &str = "zelda@quux.example";

fn kinds(export: &Json) -> BTreeSet<(bool, String)> {
    let records = export["records"].as_array().expect("records");
    records.iter().map(|one| (one["handoff"].is_string(), one["kind"].as_str().expect("a kind").to_owned())).collect()
}

async fn columns(service: &Service) -> Vec<(String, String, String)> {
    let file = format!("sqlite://{}?mode=ro", service.settings.data_dir.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    let question =
        "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let rows = sqlx::query_as(question).fetch_all(&pool).await.expect("rows");
    pool.close().await;
    rows
}

/// A link for Zelda, opened as far as the settings let it; what is kept of her by it.
async fn known_by_a_link(settings: Settings, expected: &[&str]) {
    let service = Service::start_with(settings, None).await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    service.hand_over_mail("short", "We go live on 2 July 2026.").await.expect(200);
    let body = json!({"person": {"name": "Zelda Quux", "email": ZELDA}, "purpose": "answer"});
    let made = service.post(&format!("/v1/handoffs/{id}/links"), &body).await.expect(201).json();
    let token = made["url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a token").to_owned();
    let entered = service.app().enter(&token, None).await.expect("it is looked for");
    assert!(matches!(entered, Some(Entry::In(_) | Entry::Code(_))), "{entered:?}");

    for person in [json!({"email": ZELDA}), json!({"names": ["zelda quux"]})] {
        let found = service.post("/v1/persons", &json!({"person": person})).await.expect(200).json();
        assert_eq!(found["handoffs"], json!([id]), "{person}");
        let export = service.post("/v1/exports", &json!({"person": person})).await.expect(200).json();
        let expected: BTreeSet<_> = expected.iter().map(|kind| (true, (*kind).to_owned())).collect();
        assert_eq!(kinds(&export), expected, "{export}");
        let text = export.to_string();
        assert!(!text.contains(&token) && !text.contains("hash"), "nothing that opens anything: {text}");
    }
    let body = json!({"person": {"email": ZELDA}, "handoffs": [id]});
    let begun = service.post("/v1/erasures", &body).await.expect(202).id();
    let mut notices = service.app().listen();
    for _ in 0..600 {
        if service.get(&format!("/v1/erasures/{begun}")).await.json()["state"] == "done" {
            break;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    let found = service.post("/v1/exports", &json!({"person": {"email": ZELDA, "names": ["Zelda Quux"]}})).await;
    let found = found.expect(200).json();
    assert_eq!((&found["handoffs"], &found["records"]), (&json!([]), &json!([])));
    let bytes = std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database");
    let left = memchr::memmem::find_iter(&bytes.to_ascii_lowercase(), "zelda").count();
    figure("R-46 known by a link", left == 0, json!({"kinds": expected, "bytes_left": left}));
}

#[tokio::test]
async fn a_person_known_by_a_link_alone_is_found_shown_and_erased() {
    known_by_a_link(settings(), &["links", "sessions"]).await;
}

#[tokio::test]
async fn a_person_who_asked_for_a_code_is_found_shown_and_erased() {
    let mut settings = settings();
    settings.links.mailed_code = true;
    // Nobody listens there: the code waits.
    settings.mail.url = Some("smtp://127.0.0.1:9".into());
    known_by_a_link(settings, &["links", "codes", "slips"]).await;
}

#[tokio::test]
async fn a_person_who_was_asked_is_shown_with_what_they_were_asked() {
    let service = Service::start().await;
    let mut route = short_route(1);
    route["fields"][1]["ask"] = json!(ZELDA);
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    let id = service.hand_over_mail("short", "We go live on 1 July 2026.").await.expect(200).id();
    service.app().look_at_due().await.expect("it looks");
    let body = json!({"reason": "Zelda Quux has asked for it"});
    service.send("PUT", &format!("/v1/handoffs/{id}/hold"), Some(&body), &[]).await.expect(200);
    let person = json!({"person": {"email": ZELDA, "names": ["Zelda Quux"]}});
    let export = service.post("/v1/exports", &person).await.expect(200).json();
    let kinds = kinds(&export);
    for kind in [(true, "requests"), (true, "letters"), (true, "links"), (true, "handoffs"), (false, "routes")] {
        assert!(kinds.contains(&(kind.0, kind.1.to_owned())), "{kind:?}: {kinds:?}");
    }
    let records = export["records"].as_array().expect("records");
    let letter = records.iter().find(|one| one["kind"] == "letters").expect("a letter");
    assert_eq!(letter["content"]["person"]["email"], ZELDA);
    assert!(letter["content"]["created_at"].as_str().is_some_and(|at| at.starts_with("2026-03-03T")), "{letter}");
    let asked = records.iter().find(|one| one["kind"] == "requests").expect("a request");
    assert_eq!(asked["content"]["body"]["questions"][0]["key"], "contact_email");
    let nobody = service.post("/v1/exports", &json!({"person": {"names": ["Zelda Quuxley"]}})).await.json();
    assert_eq!(nobody["records"], json!([]));
}

#[tokio::test]
async fn no_table_and_no_column_with_words_is_left_out() {
    let service = Service::start().await;
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut all: BTreeSet<(String, String)> = BTreeSet::new();
    for (table, column, kind) in columns(&service).await {
        let of_table = words.entry(table.clone()).or_default();
        if kind != "BIGINT" && kind != "BOOLEAN" && kind != "TIMESTAMP" {
            of_table.insert(column.clone());
        }
        all.insert((table, column));
    }
    let listed: BTreeSet<&str> = HOLDINGS.iter().map(|holding| holding.table).collect();
    let tables: BTreeSet<&str> = words.keys().map(String::as_str).collect();
    assert_eq!(tables, listed, "src/store/persons.rs says of every table what of it may name a person");
    for holding in HOLDINGS {
        let told: BTreeSet<&str> =
            holding.read.iter().chain(holding.searched).chain(holding.nameless).copied().collect();
        let there: BTreeSet<&str> = words[holding.table].iter().map(String::as_str).collect();
        assert_eq!(there, told, "the columns of {} that hold words", holding.table);
        for column in holding.shown {
            assert!(all.contains(&(holding.table.to_owned(), (*column).to_owned())), "{}.{column}", holding.table);
        }
        let both = holding.nameless.iter().any(|one| holding.read.contains(one) || holding.searched.contains(one));
        assert!(!both, "{}: a column holds words or does not", holding.table);
        // Whatever is looked through has rows of a handoff, or rows of none.
        let is_searched = !holding.searched.is_empty() || !holding.through.is_empty();
        let whose = PARTS.iter().find(|part| part.table == holding.table).map_or("", |part| part.whose);
        assert!(!is_searched || !whose.is_empty() || holding.loose.is_some(), "{}: whose rows?", holding.table);
    }
}
