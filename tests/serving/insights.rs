//! Figures of handoffs: those of a story whose every step is known, as JSON,
//! as CSV and on the command line, and never those of a neighbour.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton::access::keys::Mode;
use baton::llm::{Failure, Reply, Tokens};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail};
use crate::walls::call;

const WHOLE: &str = "We go live on 1 July 2026.";

/// Hands over to `short`, from this team and sender; the contact's address is known or asked for.
async fn begin(service: &Service, (team, sender): (&str, &str), is_whole: bool) -> String {
    let known = if is_whole { json!({"contact_email": "dana@northwind.example"}) } else { json!({}) };
    let body = json!({"route": "short", "known": known, "external_id": fastrand::u64(..).to_string(),
                      "from": {"team": team, "owner": {"email": sender}}, "sources": [{"content": mail(WHOLE)}]});
    service.post("/v1/handoffs?wait=20", &body).await.expect(200).id()
}

/// One is accepted after a return; one is asked, refused twice, answered after two hours; one is forced and owes an
/// answer; one waits.
async fn tell(service: &Service) {
    let by = json!({"name": "Priya Raman"});
    let whole = begin(service, ("sales", "ann@acme.example"), true).await;
    service.transfer(&whole).await.expect(200);
    let back = json!({"by": by, "type": "wrong", "reason": "The date is not theirs", "fields": ["go_live_date"]});
    service.post(&format!("/v1/handoffs/{whole}/return"), &back).await.expect(200);
    service.answer(&whole, &json!({"go_live_date": {"value": "2026-07-02"}})).await.expect(200);
    service.clock.advance(SignedDuration::from_hours(1));
    service.transfer(&whole).await.expect(200);
    service.clock.advance(SignedDuration::from_hours(3));
    service.post(&format!("/v1/handoffs/{whole}/accept"), &json!({"by": by})).await.expect(200);

    let asked = begin(service, ("=cmd()", "bob@acme.example"), false).await;
    service.transfer(&asked).await.expect(409);
    service.transfer(&asked).await.expect(409);
    service.clock.advance(SignedDuration::from_hours(2));
    service.answer(&asked, &json!({"contact_email": {"value": "kim@northwind.example"}})).await.expect(200);

    let forced = begin(service, ("sales", "cid@acme.example"), false).await;
    let glass = json!({"break_glass": {"approver": by, "reason": "The customer's line stands still until we begin",
                       "expires_at": "2026-03-09T12:00:00Z"}});
    service.post(&format!("/v1/handoffs/{forced}/transfer"), &glass).await.expect(200);
    begin(service, ("sales", "ann@acme.example"), false).await;
}

#[tokio::test]
async fn figures_tell_the_story() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    tell(&service).await;
    let report = service.get("/v1/insights").await.expect(200).json();
    let total = &report["total"];
    let expected = [
        ("/handoffs/received", json!(4)),
        ("/handoffs/ready", json!(3)),
        ("/handoffs/transferred", json!(2)),
        ("/handoffs/accepted", json!(1)),
        ("/handoffs/returned", json!(1)),
        ("/waiting/sending/under_a_day", json!(2)),
        ("/waiting/receiving/under_a_day", json!(1)),
        ("/time_to_ready/n", json!(3)),
        ("/time_to_ready/open", json!(1)),
        ("/time_to_accept/median_seconds", json!(10_800.0)),
        ("/time_to_accept/open", json!(1)),
        // The contact of three, and the date that was given back.
        ("/questions", json!({"count": 4, "n": 4, "share": 1.0})),
        ("/corrections/count", json!(1)),
        ("/answers/person/count", json!(2)),
        ("/returns/by_kind", json!({"wrong": 1})),
        ("/returns/by_field", json!({"go_live_date": 1})),
        ("/overrides/count", json!(1)),
        ("/overrides/open_debts_by_field", json!({"contact_email": 1})),
        ("/refused_transfers/count", json!(2)),
        ("/refused_transfers/handoffs/count", json!(1)),
    ];
    let wrong: Vec<_> = expected.iter().filter(|(at, value)| total.pointer(at) != Some(value)).collect();
    assert!(wrong.is_empty(), "{wrong:#?} {total:#}");
    let gap = &report["recurring_gaps"][0];
    let found = json!([gap["field"], gap["team"], gap["handoffs"]["count"], gap["senders"], gap["points_to"]]);
    assert_eq!(found, json!(["contact_email", "sales", 2, 2, "too_few"]), "{report:#}");
    let teams = service.get("/v1/insights?by=team&route=short&from=2026-03-03&to=2026-03-03").await.expect(200).json();
    let keys: Vec<_> = teams["groups"].as_array().expect("groups").iter().map(|group| group["key"].clone()).collect();
    assert_eq!(keys, [json!("=cmd()"), json!("sales")]);
    let before = service.get("/v1/insights?to=2026-03-02").await.expect(200).json();
    assert_eq!(before["total"]["handoffs"]["received"], 0);
    figure("insights_story", true, json!({"figures": expected.len()}));
}

/// While the model is away nobody is asked, so that nothing was a question.
#[tokio::test]
async fn gaps_of_readings_without_the_model_are_no_questions() {
    let is_away = Arc::new(AtomicBool::new(true));
    let away = is_away.clone();
    let service = Service::start_with_model(move |_| match away.load(Ordering::SeqCst) {
        true => Err(Failure::Unreachable("nobody answers".to_owned())),
        false => Ok(Reply {
            text: json!({"records": [], "instructions_seen": []}).to_string(),
            tokens: Tokens { input: 100, cached: 0, output: 20 },
        }),
    })
    .await;
    service.publish_short(&service.key).await;
    let mut ids = Vec::new();
    for number in 0..2 {
        let text = format!("Good morning, this is plan {number}.");
        let body = json!({"route": "short", "sources": [{"type": "email", "content": mail(&text)}],
                          "external_id": number.to_string(), "from": {"team": "sales"}});
        ids.push(service.post("/v1/handoffs", &body).await.expect(202).id());
    }
    for id in &ids {
        service.until(id, |seen| seen["reason"] == "model_unavailable").await;
    }
    service.clock.advance(SignedDuration::from_mins(16));
    for id in &ids {
        service.until(id, |seen| seen["status"] == "needs_input").await;
    }
    let told = async || {
        let report = service.get("/v1/insights").await.expect(200).json();
        let gaps = report["recurring_gaps"].as_array().expect("gaps").iter();
        let gap = gaps.filter(|gap| gap["field"] == "contact_email");
        let gap: Vec<Json> =
            gap.map(|gap| json!([gap["handoffs"]["count"], gap["without_model"], gap["points_to"]])).collect();
        (report["total"]["questions"].clone(), gap)
    };
    let before = told().await;
    assert_eq!(before, (json!({"count": 0, "n": 0, "share": null}), vec![json!([0, 2, "too_few"])]));
    is_away.store(false, Ordering::SeqCst);
    service.clock.advance(SignedDuration::from_mins(2));
    service.post(&format!("/v1/handoffs/{}/retry", ids[0]), &json!({})).await.expect(202);
    service.until(&ids[0], |seen| seen["reason"] == "gaps").await;
    let (questions, gap) = told().await;
    assert_eq!((&questions["n"], gap), (&json!(1), vec![json!([1, 1, "too_few"])]));
    figure("insights_asked", questions["count"] == 2, json!({"questions": questions}));
}

#[tokio::test]
async fn tables_carry_no_formula() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    begin(&service, ("=HYPERLINK(\"https://evil.example\")", "ann@acme.example"), false).await;
    let by_format = service.get("/v1/insights?by=team&format=csv").await.expect(200);
    let by_header = service.send("GET", "/v1/insights?by=team", None, &[("accept", "text/csv")]).await.expect(200);
    assert_eq!(by_format.text, by_header.text);
    assert!(by_format.header("content-type").starts_with("text/csv; charset=utf-8"), "{by_format:?}");
    let lines: Vec<&str> = by_format.text.split("\r\n").collect();
    assert!(lines[0].starts_with("key,handoffs.received,"), "{lines:?}");
    assert!(lines[1].starts_with("\"'=HYPERLINK(\"\"https://evil.example\"\")\",1,"), "{lines:?}");
    assert_eq!(lines.len(), 3, "{lines:?}");
    let json =
        service.send("GET", "/v1/insights?format=json", None, &[("accept", "text/csv")]).await.expect(200).json();
    assert_eq!(json["total"]["handoffs"]["received"], 1);
    let attacks = ["+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=2", " =3", "\"=1\"", "a\r\n=1", ";=1", "\u{ff1d}1"];
    for attack in attacks {
        begin(&service, (attack, "bob@acme.example"), false).await;
    }
    let table = service.get("/v1/insights?by=team&format=csv").await.expect(200).text;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let first: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}']);
    let alive: Vec<&String> = first.iter().filter(|cell| is_formula(cell)).collect();
    let pass = alive.is_empty() && first.len() == attacks.len() + 1;
    figure("A-17 tables", pass, json!({"attacks": attacks.len() + 1, "rows": first.len(), "alive": alive}));
}

#[tokio::test]
async fn wrong_questions_are_named() {
    let service = Service::start().await;
    for (query, status, pointer) in [
        ("from=yesterday", 400, "/query/from"),
        ("from=2026-03-04&to=2026-03-03", 422, "/query/from"),
        ("by=colour", 400, "/query/by"),
        ("route=nowhere", 422, "/query/route"),
        ("format=pdf", 400, "/query/format"),
        ("till=2026-03-03", 400, "/query/till"),
    ] {
        let problem = service.get(&format!("/v1/insights?{query}")).await.expect(status).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    for (query, status, pointers) in [
        ("from=yesterday&by=colour&till=x", 400, vec!["/query/from", "/query/by", "/query/till"]),
        ("from=2026-03-04&to=2026-03-03&route=nowhere", 422, vec!["/query/from", "/query/route"]),
    ] {
        let problem = service.get(&format!("/v1/insights?{query}")).await.expect(status).json();
        let named: Vec<&str> =
            problem["errors"].as_array().expect("errors").iter().filter_map(|one| one["pointer"].as_str()).collect();
        assert!(named.len() == pointers.len() && pointers.iter().all(|one| named.contains(one)), "{query}: {problem}");
    }
    let key = service.make_key("handoffs:read", "main", Mode::Live).await;
    call(&service, &key, ("GET", "/v1/insights", None)).await.expect(403);
}

#[tokio::test]
async fn a_neighbour_counts_for_nothing() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    tell(&service).await;
    let mut leaks = 0;
    for (workspace, mode) in [("other", Mode::Live), ("main", Mode::Test)] {
        let key = service.make_key("all", workspace, mode).await;
        service.publish_short(&key).await;
        let report = call(&service, &key, ("GET", "/v1/insights?by=route", None)).await.expect(200).json();
        let is_empty = report["groups"] == json!([]) && report["recurring_gaps"] == json!([]);
        let counts = report["total"]["handoffs"].as_object().expect("counts").values().all(|count| count == 0);
        let total = &report["total"];
        let rest = ["/returns/count", "/overrides/count", "/refused_transfers/count", "/questions/count"];
        leaks += usize::from(!(is_empty && counts && rest.iter().all(|at| total.pointer(at) == Some(&Json::from(0)))));
    }
    figure("insights_walls", leaks == 0, json!({"strangers": 2, "leaks": leaks}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_tells_the_same_beside_the_server() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    begin(&service, ("sales", "ann@acme.example"), false).await;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        let command = command.arg("insights").args(["--from", "2026-03-01", "--to", "2026-03-09"]).args(arguments);
        let output = command.env("BATON_DATA_DIR", &service.settings.data_dir).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let (status, table) = run(&[]);
    assert_eq!(status, Some(0));
    assert!(table.contains("received                1\n"), "{table}");
    let (_, json) = run(&["--format", "json"]);
    let json: Json = serde_json::from_str(&json).expect("JSON");
    let told = service.get("/v1/insights?from=2026-03-01&to=2026-03-09").await.expect(200).json();
    assert_eq!(json["total"]["questions"], told["total"]["questions"]);
    let (_, csv) = run(&["--by", "route", "--format", "csv"]);
    assert!(csv.contains("\r\nshort,1,"), "{csv}");
    assert_eq!(run(&["--route", "nowhere"]).0, Some(2));
    assert_eq!(run(&["--workspace", "nowhere"]).0, Some(2));
}
