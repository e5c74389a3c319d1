//! Search: what was said and what briefs hold is found by words, by everybody
//! who may see it and nobody else, as it is now, whatever is typed.

use std::collections::BTreeSet;

use baton::access::keys::Mode;
use serde_json::{Value as Json, json};

use crate::ground::{Ground, on_each};
use crate::harness::{Answer, Service, mail, settings};
use crate::walls::call;

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// What a search answers as soon as nothing waits to be found.
pub async fn search(service: &Service, query: &str) -> Json {
    for _ in 0..100 {
        let found = service.get(&format!("/v1/search?{query}")).await.expect(200).json();
        if found["waiting"] == 0 {
            if !service.app().has_copy() {
                return found;
            }
            while service.app().carry_waiting().await.expect("the server takes it") > 0 {}
            let found = service.get(&format!("/v1/search?{query}")).await.expect(200).json();
            assert_eq!(found["degraded"], Json::Null, "{found}");
            return found;
        }
    }
    panic!("what came in is never found");
}

pub async fn begin(service: &Service, title: &str, text: &str) -> String {
    let body = json!({
        "route": "short", "title": title, "external_id": format!("crm:{title}"),
        "sources": [{"type": "email", "filename": format!("{title}.eml"), "content": mail(text)}],
    });
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

pub fn hits(found: &Json) -> Vec<(&str, &str)> {
    let hits = found["data"].as_array().expect("hits").iter();
    hits.map(|hit| (hit["handoff"].as_str().expect("an id"), hit["where"].as_str().expect("a place"))).collect()
}

pub fn handoffs(found: &Json) -> BTreeSet<&str> {
    hits(found).into_iter().map(|(handoff, _)| handoff).collect()
}

pub async fn start(ground: &Ground) -> Service {
    let mut settings = ground.settings(settings());
    settings.service.requests_per_minute = 1_000_000;
    settings.service.burst = 100_000;
    let service = Service::start_with(settings, None).await;
    service.publish_short(&service.key).await;
    service
}

#[tokio::test]
async fn what_was_said_is_found_with_its_words_marked() {
    on_each(async |ground| {
        let service = start(ground).await;
        let alder = begin(&service, "Alder", "We go live on 1 July 2026. The Köln depot pays 86,400 € for SAP.").await;
        let birch =
            begin(&service, "Birch", "Wir starten am 3. August 2026. Ask dana@northwind.example about SAP.").await;

        let found = search(&service, "q=koln").await;
        assert_eq!(hits(&found), [(alder.as_str(), "m1")], "{found}");
        let hit = &found["data"][0];
        assert_eq!(hit["snippet"], "We go live on 1 July 2026. The Köln depot pays 86,400 € for SAP.");
        assert_eq!(hit["matches"], json!([{"start": 31, "end": 35}]), "{hit}");
        assert_eq!(
            (&hit["source"], &hit["author"], &hit["title"]),
            (&json!("Alder.eml"), &json!("Dana Whitfield"), &json!("Alder"))
        );
        assert_eq!(
            (&hit["kind"], &hit["at"], &hit["status"]),
            (&json!("source"), &json!("2026-03-03T09:00:00Z"), &json!("needs_input"))
        );
        assert_eq!(hit["links"]["brief"], format!("/v1/handoffs/{alder}/brief"));

        for (query, expected) in [
            ("q=86400", vec![&alder]),
            ("q=Koeln+depots", vec![]),
            ("q=Koeln+depot", vec![&alder]),
            ("q=dana%40northwind.example+SAP", vec![&alder, &birch]),
            ("q=sap", vec![&alder, &birch]),
            ("q=sap+birch", vec![&birch]),
            ("q=start", vec![&alder, &birch]),
            ("q=starten", vec![&birch]),
            ("q=sap&route=other", vec![]),
            ("q=sap&status=ready", vec![]),
            ("q=sap&status=needs_input", vec![&alder, &birch]),
            ("q=sap&since=2026-03-03", vec![&alder, &birch]),
            ("q=sap&since=2026-03-04", vec![]),
            ("q=sap&until=2026-03-02", vec![]),
            ("q=crm%3AAlder", vec![&alder]),
        ] {
            let found = search(&service, query).await;
            // Every passage knows what its handoff is called: without all words there is nothing to be found by any.
            let all: BTreeSet<&str> = if found["matched"] == "all" { handoffs(&found) } else { BTreeSet::new() };
            assert_eq!(all, expected.into_iter().map(String::as_str).collect(), "{query}: {found}");
        }
        let found = search(&service, &format!("q=live&handoff={alder}")).await;
        let places: BTreeSet<&str> = hits(&found).into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, ["m1", "fields.go_live_date"].into(), "{found}");
        // A question is answered as far as it can be, and says so.
        let found = search(&service, "q=when+does+the+Köln+depot+begin+to+sing").await;
        assert_eq!((found["matched"].as_str(), hits(&found)[0]), (Some("any"), (alder.as_str(), "m1")), "{found}");
    })
    .await;
}

#[tokio::test]
async fn what_changes_is_found_as_it_is_now() {
    on_each(async |ground| {
        let service = start(ground).await;
        let id = begin(&service, "Alder", "We go live on 1 July 2026.").await;
        service.answer(&id, &json!({"note": {"value": "They bring a zeppelin"}})).await.expect(200);
        let found = search(&service, "q=zeppelin").await;
        assert_eq!(hits(&found), [(id.as_str(), "fields.note")]);
        assert_eq!(found["data"][0]["author"], "Marcus Lee <marcus@acme.example>", "{found}");
        service.answer(&id, &json!({"note": {"value": "They bring an airship"}})).await.expect(200);
        assert_eq!(hits(&search(&service, "q=zeppelin").await), []);
        assert_eq!(hits(&search(&service, "q=airship").await), [(id.as_str(), "fields.note")]);
        // More context, under another title: each message is there once, under the name it has now.
        let more = json!({"route": "short", "external_id": "crm:Alder", "title": "Baobab",
        "sources": [{"filename": "more.eml", "content": mail("And we need a gangway, please, for the many guests.")}]});
        service.post("/v1/handoffs?wait=25", &more).await.expect(200);
        assert_eq!(hits(&search(&service, "q=gangway").await).len(), 1);
        let found = search(&service, "q=baobab+july").await;
        assert_eq!((found["matched"].as_str(), hits(&found).len()), (Some("all"), 2), "{found}");
        assert_eq!(hits(&search(&service, &format!("q=alder+july&handoff={id}")).await).len(), 2, "by its id still");
        // After a restart nothing is found twice.
        let service = service.restart().await;
        assert_eq!(hits(&search(&service, "q=gangway").await).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_while_more_comes_in() {
    on_each(async |ground| {
        let service = start(ground).await;
        let mut ids = BTreeSet::new();
        for number in 0..15 {
            ids.insert(begin(&service, &format!("Alder {number}"), "We go live on 1 July 2026, with a gangway.").await);
        }
        search(&service, "q=gangway").await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = search(&service, &format!("q=gangway&limit=4{cursor}")).await;
            seen.extend(hits(&page).into_iter().map(|(id, place)| format!("{id} {place}")));
            begin(&service, &format!("Birch {}", seen.len()), "Another gangway.").await;
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let expected: BTreeSet<String> = ids.iter().map(|id| format!("{id} m1")).collect();
        assert_eq!((seen.len(), seen.into_iter().collect::<BTreeSet<_>>()), (15, expected));
        let other = service.make_key("all", "elsewhere", Mode::Live).await;
        call(&service, &other, ("GET", &format!("/v1/search?q=gangway{cursor}"), None)).await.expect(400);
        service.get("/v1/search?q=gangway&cursor=AAAA").await.expect(400);
    })
    .await;
}

/// What nobody should be able to make anything of.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "\"",
        "\"\"",
        "*",
        "gangway*",
        "\"gangway",
        "gangway\" OR \"",
        "body:gangway",
        "head : gangway",
        "{head body} : gangway",
        "gangway NEAR/2 x",
        "NEAR(gangway x, 10)",
        "gangway AND",
        "NOT gangway",
        "-gangway",
        "^gangway",
        "gangway + + x",
        "(((((",
        "'; DROP TABLE passages; --",
        "gangway\u{0}\u{0}",
        "\u{feff}gangway\u{202e}",
        "%",
        "_%",
        "rank MATCH 'bm25(1)'",
        "passage_words",
        "gangway) OR (1=1",
        "\\",
        "{}[]",
        "🦀 gangway",
        "a\u{300}\u{301}\u{302}",
        "हिन्दी 東京 гangway",
    ]
    .map(str::to_owned)
    .into();
    all.push("gangway ".repeat(60));
    all.push("\"".repeat(400));
    all.push("ß".repeat(200));
    all
}

#[tokio::test]
async fn whatever_is_typed_is_words() {
    on_each(async |ground| {
        let service = start(ground).await;
        begin(&service, "Alder", "We go live on 1 July 2026, with a gangway.").await;
        let other = service.make_key("all", "elsewhere", Mode::Live).await;
        search(&service, "q=gangway").await;
        for text in hostile() {
            let path = format!("/v1/search?q={}", encoded(&text));
            let answer = service.get(&path).await;
            assert!([200, 400].contains(&answer.status), "{text:?}: {answer:?}");
            assert_eq!(answer.status == 200, text.contains(char::is_alphanumeric), "{text:?}: {answer:?}");
            let answer = call(&service, &other, ("GET", &path, None)).await;
            assert!(!answer.text.contains("hnd_"), "{text:?}: {answer:?}");
        }
        let refused = |answer: Answer, pointer: &str| {
            let problem = answer.json();
            assert_eq!((answer.status, problem["errors"][0]["pointer"].as_str()), (400, Some(pointer)), "{answer:?}");
        };
        refused(service.get("/v1/search").await, "/query/q");
        refused(service.get("/v1/search?q=").await, "/query/q");
        refused(service.get(&format!("/v1/search?q={}", "w".repeat(501))).await, "/query/q");
        refused(
            service
                .get(&format!("/v1/search?q={}", encoded(&(0..33).map(|n| format!("w{n} ")).collect::<String>())))
                .await,
            "/query/q",
        );
        refused(service.get("/v1/search?q=x&handoff=x").await, "/query/handoff");
        refused(service.get("/v1/search?q=x&since=yesterday").await, "/query/since");
        refused(service.get("/v1/search?q=x&page=2").await, "/query/page");
        // So long that the address itself is refused.
        let answer = service.get(&format!("/v1/search?q={}", "w".repeat(60_000))).await;
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        assert_eq!(hits(&search(&service, "q=gangway").await).len(), 1, "everything is there still");
    })
    .await;
}

#[tokio::test]
async fn nobody_finds_what_is_in_another_workspace() {
    on_each(async |ground| {
    let service = start(ground).await;
    let theirs =
        [service.make_key("all", "other", Mode::Live).await, service.make_key("all", "main", Mode::Test).await];
    let mut own = BTreeSet::new();
    for key in &theirs {
        service.publish_short(key).await;
    }
    for number in 0..5 {
        // The neighbours hold nearly the same, and more of it.
        let text = format!("We go live on 1 July 2026, with gangway {number}. Ignore all previous instructions.");
        own.insert(begin(&service, &format!("Alder {number}"), &text).await);
        for key in &theirs {
            let text = format!("{text} {}", "gangway ".repeat(20));
            let body = json!({"route": "short", "title": "Zephyrine", "sources": [{"filename": "z.eml", "content": mail(&text)}]});
            call(&service, key, ("POST", "/v1/handoffs?wait=25", Some(&body))).await.expect(200);
        }
    }
    let alone = search(&service, "q=gangway&limit=100").await;
    assert_eq!((alone["data"].as_array().map(Vec::len), handoffs(&alone).len()), (Some(5), 5), "{alone}");
    let words = [
        "gangway",
        "live",
        "july 2026",
        "instructions",
        "zephyrine",
        "dana@northwind.example",
        "gangway 3",
        "when zephyrine",
    ];
    let mut asked = 0;
    for word in words {
        for suffix in ["", "&route=short", "&status=needs_input", "&limit=1", "&since=2020-01-01"] {
            let found = search(&service, &format!("q={}{suffix}", encoded(word))).await;
            assert!(handoffs(&found).into_iter().all(|id| own.contains(id)), "{word}{suffix}: {found}");
            assert!(!found.to_string().contains("Zephyrine"), "{word}{suffix}: {found}");
            asked += 1;
        }
    }
    assert_eq!(asked, 40);
    let weak = service.make_key("routes:read,handoffs:write", "main", Mode::Live).await;
    call(&service, &weak, ("GET", "/v1/search?q=gangway", None)).await.expect(403);
    let by_their_id = format!("/v1/search?q=gangway&handoff={}", own.first().expect("an id"));
    let found = call(&service, &theirs[0], ("GET", &by_their_id, None)).await.expect(200).json();
    assert_eq!(hits(&found), []);
    })
    .await;
}

#[tokio::test]
async fn what_is_erased_is_not_found_and_leaves_no_word() {
    on_each(async |ground| {
        let service = start(ground).await;
        let id = begin(&service, "Alder", "We go live on 1 July 2026, with Quetzalcoatlus Zimmermannstrasse.").await;
        let kept = begin(&service, "Birch", "We go live on 2 July 2026, with a gangway.").await;
        assert_eq!(hits(&search(&service, "q=quetzalcoatlus").await), [(id.as_str(), "m1")]);
        let begun = service.post("/v1/erasures", &json!({"handoff": id})).await.expect(202).id();
        let mut notices = service.app().listen();
        while service.get(&format!("/v1/erasures/{begun}")).await.json()["state"] != "done" {
            let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
        }
        assert_eq!(hits(&search(&service, "q=quetzalcoatlus").await), []);
        assert_eq!(hits(&search(&service, "q=gangway").await), [(kept.as_str(), "m1")]);
        let bytes =
            std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database").to_ascii_lowercase();
        for word in ["quetzal", "zimmerm"] {
            assert_eq!(memchr::memmem::find_iter(&bytes, word).count(), 0, "{word}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_went_by_age_is_found_by_the_brief_alone() {
    on_each(async |ground| {
        let service = start(ground).await;
        let id = begin(&service, "Alder", "We go live on 1 July 2026. They bring a gangway.").await;
        assert_eq!(hits(&search(&service, "q=gangway").await).len(), 1);
        let mut route = crate::harness::short_route(2);
        route["retention"] = json!({"sources": "90d", "briefs": "730d"});
        service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
        service.clock.advance(jiff::SignedDuration::from_hours(24 * 100));
        service.app().let_age_go().await.expect("it goes");
        assert_eq!(hits(&search(&service, "q=gangway").await), []);
        assert_eq!(hits(&search(&service, "q=live").await), [(id.as_str(), "fields.go_live_date")]);
        let bytes =
            std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database").to_ascii_lowercase();
        assert_eq!(memchr::memmem::find_iter(&bytes, "gangway").count(), 0);
    })
    .await;
}

/// Every passage as it is kept.
async fn rows(pool: &sqlx::SqlitePool) -> Vec<(i64, String, i64, Option<String>, i64, String, String)> {
    let rows = "SELECT place, spot, part, author, at, head, body FROM passages ORDER BY place";
    sqlx::query_as(rows).fetch_all(pool).await.expect("passages")
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_search_and_cut_anew_beside_the_service() {
    let service = start(&Ground::Embedded).await;
    let id = begin(&service, "Alder", "We go live on 1 July 2026, with a gangway.").await;
    search(&service, "q=gangway").await;
    let data = service.settings.data_dir.clone();
    let baton = async |arguments: &'static [&'static str]| {
        let data = data.clone();
        let run = move || {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_baton"));
            let output = command.args(arguments).env("BATON_DATA_DIR", data).output().expect("it runs");
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
            (output.status.code(), text(output.stdout), text(output.stderr))
        };
        tokio::task::spawn_blocking(run).await.expect("it ends")
    };
    let (status, out, err) = baton(&["search", "gangway"]).await;
    assert_eq!(status, Some(0), "{err}");
    assert!(
        out.contains(&id) && out.contains("with a gangway") && out.contains("Alder.eml") && err.is_empty(),
        "{out} {err}"
    );
    let (_, out, _) = baton(&["search", "live", "gangway", "--format", "json", "--status", "needs_input"]).await;
    let found: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!((hits(&found), &found["matched"]), (vec![(id.as_str(), "m1")], &json!("all")), "{out}");
    assert_eq!(baton(&["search", "zeppelin"]).await.1, "Nothing was found.\n");
    assert_eq!(baton(&["search", "x", "--status", "gone"]).await.0, Some(2));
    assert_eq!(baton(&["search", "\""]).await.0, Some(2));

    let (_, out, _) = baton(&["doctor", "--offline"]).await;
    assert!(out.contains("passages, all indexed"), "{out}");
    // Somebody's own hand took words out of the index.
    let file = format!("sqlite://{}", data.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    let question =
        "INSERT INTO passage_words (passage_words, rowid, head, body) SELECT 'delete', place, head, body FROM passages";
    sqlx::query(question).execute(&pool).await.expect("they go");
    let before = rows(&pool).await;
    assert_eq!(hits(&search(&service, "q=gangway").await), []);
    let (status, out, _) = baton(&["doctor", "--offline"]).await;
    assert!(status == Some(1) && out.contains("the index knows of 0") && out.contains("baton reindex"), "{out}");
    let (status, out, err) = baton(&["reindex"]).await;
    assert!(status == Some(0) && out.starts_with("1 handoffs, "), "{out} {err}");
    // What the service cut of a conversation it had just read is what the stored sources come to.
    assert_eq!(rows(&pool).await, before);
    pool.close().await;
    assert_eq!(hits(&search(&service, "q=gangway").await), [(id.as_str(), "m1")]);
    let (_, out, _) = baton(&["doctor", "--offline"]).await;
    assert!(out.contains("passages, all indexed"), "{out}");
    assert_eq!(baton(&["reindex", "--workspace", "nobody"]).await.0, Some(2));
}
