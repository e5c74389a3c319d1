//! Money: what models may cost is never exceeded, by handoffs read at the same
//! time, by processes that end in the middle of a call, or by asking again; and
//! whatever the model may not read any more is still a brief, behind a closed
//! gate.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::fake::{self, Fake, Reaction, Seen, Step};
use crate::ledger;
use crate::server::{Environment, Server, handoff, prepare, with_model};
use crate::{pass_time, report, rounds};

/// What every call costs in truth, as the endpoint says.
const COST: u64 = 1_500;
const CAP: u64 = 15_000;

/// A slow good answer that costs what it costs.
fn costly(_: &Seen) -> Reaction {
    let record = json!({"key": "go_live_date", "evidence": [{"msg": "m1", "quote": "We go live on 1 July 2026."}],
        "raw_value": "1 July 2026", "value": "1 July 2026", "status": "found", "note": ""});
    let text = json!({"records": [record], "instructions_seen": []}).to_string();
    let usage = json!({"prompt_tokens": COST - 100, "completion_tokens": 100});
    let choice = json!({"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"});
    let body = json!({"choices": [choice], "usage": usage}).to_string();
    let answer = fake::answer(200, &[("content-type", "application/json")], body);
    [vec![Step::Wait(Duration::from_millis(120))], answer].concat()
}

fn limited(base_url: &str, key: &str, cap: u64) -> Environment {
    let mut environment = with_model(base_url);
    for (name, value) in [(key, cap.to_string()), ("STREAM", "false".to_owned()), ("CONCURRENCY", "64".to_owned())] {
        environment.push((format!("BATON_MODEL__{name}"), value));
    }
    environment
}

async fn hand_over(server: &Server, key: &str, numbers: std::ops::Range<usize>) -> Vec<String> {
    let sends = numbers.map(async |number| {
        let body = handoff(&format!("money-{number}"));
        let answer = server.send(key, ("POST", "/v1/handoffs"), Some(&body), &[]).await.expect("an answer");
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.body["id"].as_str().expect("an id").to_owned()
    });
    futures_util::future::join_all(sends).await
}

async fn get(server: &Server, key: &str, path: &str) -> Json {
    server.send(key, ("GET", path), None, &[]).await.expect("an answer").body
}

/// What is wrong with handoffs that were read or not, as the limit allowed; how many the model did not read.
async fn look(server: &Server, key: &str, ids: &[String]) -> (usize, Vec<String>) {
    let (mut over, mut findings) = (0, Vec::new());
    for id in ids {
        let shown = get(server, key, &format!("/v1/handoffs/{id}")).await;
        let brief = get(server, key, &format!("/v1/handoffs/{id}/brief")).await;
        let is_over = shown["reason"] == "over_budget";
        over += usize::from(is_over);
        let wanted = if is_over { (true, "extractive", "over_budget") } else { (false, "llm", "gaps") };
        let (degraded, kind) = (&brief["engine"]["degraded"], &brief["engine"]["kind"]);
        if (degraded, kind, &shown["reason"]) != (&json!(wanted.0), &json!(wanted.1), &json!(wanted.2))
            || shown["status"] != "needs_input"
            || brief["fields"]["go_live_date"]["evidence"][0]["quote"].is_null()
        {
            findings.push(format!("{shown} with {}", brief["engine"]));
        }
        let path = format!("/v1/handoffs/{id}/transfer");
        let moved = server.send(key, ("POST", &path), Some(&json!({})), &[]).await.expect("an answer");
        if moved.status != 409 {
            findings.push(format!("a transfer of it: {moved:?}"));
        }
    }
    (over, findings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_workspace_may_spend_on_a_day_is_never_exceeded() {
    let (folder, key) = prepare("money").await;
    let fake = Fake::start(|seen, _| costly(seen)).await;
    let environment = limited(&fake.base_url(), "TOKENS_PER_DAY", CAP);
    // The first process ends in the middle of its calls; what they may have cost stays spent.
    let server = Server::start(&folder, &environment).expect("it starts");
    let mut ids = hand_over(&server, &key, 0..10).await;
    while fake.seen().is_empty() {
        pass_time(Duration::from_millis(5)).await;
    }
    server.kill();
    let at_kill = fake.seen().len();
    let server = Server::start(&folder, &environment).expect("it starts");
    ids.extend(hand_over(&server, &key, 10..rounds(100, 400)).await);
    let mut findings: Vec<String> = ledger::settle(&folder, Duration::from_secs(120)).await.err().into_iter().collect();
    let calls = fake.seen().len();
    let (over, found) = look(&server, &key, &ids).await;
    findings.extend(found);
    // Asked again, and by something tried out: still nothing is sent.
    for id in ids.iter().take(5) {
        let path = format!("/v1/handoffs/{id}/retry");
        server.send(&key, ("POST", &path), Some(&json!({})), &[]).await.expect("an answer");
    }
    findings.extend(ledger::settle(&folder, Duration::from_secs(60)).await.err());
    let checked = server.send(&key, ("POST", "/v1/checks"), Some(&handoff("tried")), &[]).await.expect("an answer");
    if checked.status != 200 || checked.body["gate"] != "blocked" {
        findings.push(format!("a check at the cap: {checked:?}"));
    }
    let calls_after = fake.seen().len();
    let mut database = ledger::open(&folder).await;
    let booked = ledger::count(&mut database, "SELECT SUM(tokens) FROM spending_by_day").await;
    let of_handoffs = ledger::count(&mut database, "SELECT SUM(tokens) FROM spending_by_handoff").await;
    drop(database);
    assert!(server.end().await.success());
    if calls == 0 || calls as u64 * COST > CAP || booked > CAP as i64 || booked < (calls as u64 * COST) as i64 {
        findings.push(format!("{calls} calls of {COST} tokens, {booked} written down, {CAP} allowed"));
    }
    if calls_after as u64 * COST > CAP || over + calls < ids.len() || over == 0 {
        findings.push(format!("{calls_after} calls in the end; {over} of {} were not read", ids.len()));
    }
    let above = (calls_after as u64).saturating_sub(CAP / COST);
    let figures = json!({"handoffs": ids.len(), "calls": calls_after, "calls_above_the_cap": above, "over_budget": over,
        "in_flight_at_the_kill": at_kill, "tokens_written_down": booked, "of_handoffs": of_handoffs, "cap": CAP});
    report("R-53", figures, &findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_handoff_may_spend_is_never_exceeded() {
    let (folder, key) = prepare("money-each").await;
    let fake = Fake::start(|seen, _| costly(seen)).await;
    let server = Server::start(&folder, &limited(&fake.base_url(), "TOKENS_PER_HANDOFF", 50)).expect("it starts");
    let ids = hand_over(&server, &key, 0..20).await;
    let mut findings: Vec<String> = ledger::settle(&folder, Duration::from_secs(60)).await.err().into_iter().collect();
    let (over, found) = look(&server, &key, &ids).await;
    findings.extend(found);
    assert!(server.end().await.success());
    let calls = fake.seen().len();
    if (calls, over) != (0, ids.len()) {
        findings.push(format!("{calls} calls, {over} over their budget"));
    }
    report("R-53/handoff", json!({"handoffs": ids.len(), "calls": calls, "over_budget": over}), &findings);
}
