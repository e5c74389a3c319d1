//! Rules do not change under a running handoff: while its route is published
//! anew, again and again, each handoff is read, answered and moved by the
//! version it came under.

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail, rounds, short_route};

/// Odd versions need a note, even ones do not.
fn version(number: usize) -> Json {
    let mut route = short_route(u32::try_from(number).expect("a small number"));
    route["fields"][2]["required"] = json!(needs_note(number));
    route
}

fn needs_note(number: usize) -> bool {
    number % 2 == 1
}

struct Begun {
    id: String,
    version: usize,
}

/// What is open by the rules of another version than its own.
async fn look(service: &Service, begun: &Begun) -> Option<String> {
    let shown = service.until(&begun.id, |shown| shown["status"] != "drafting").await;
    let brief = service.get(&format!("/v1/handoffs/{}/brief", begun.id)).await.expect(200).json();
    let gaps = shown["gaps"].as_array().cloned().unwrap_or_default();
    let asks = gaps.iter().any(|gap| gap["field"] == "note" && gap["blocking"] == true);
    let is_right = [&shown["route"]["version"], &brief["route"]["version"]].iter().all(|one| **one == begun.version)
        && asks == needs_note(begun.version);
    (!is_right).then(|| format!("it came under {}: {shown}, {}", begun.version, brief["route"]))
}

/// Answers what its own version asks, and moves it; whether exactly that was enough.
async fn finish(service: &Service, begun: &Begun) -> Option<String> {
    service.answer(&begun.id, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let moved = service.transfer(&begun.id).await.status;
    let expected = if needs_note(begun.version) { 409 } else { 200 };
    if moved != expected {
        return Some(format!("{} came under {} and a transfer answers {moved}", begun.id, begun.version));
    }
    if needs_note(begun.version) {
        service.answer(&begun.id, &json!({"note": {"value": "Bring the old invoices along"}})).await.expect(200);
        service.transfer(&begun.id).await.expect(200);
    }
    None
}

#[tokio::test]
async fn a_handoff_is_judged_by_the_version_it_came_under() {
    let service = Service::start().await;
    let bearer = format!("Bearer {}", service.key);
    service.publish_short(&service.key).await;
    let edits = rounds(100, 1_000);
    let (mut handoffs, mut findings) = (Vec::new(), Vec::new());
    for number in 2..edits + 2 {
        let text = format!("We go live on 1 July 2026. This is matter {number}.");
        let body = json!({"route": "short", "sources": [{"type": "email", "content": mail(&text)}]});
        let headers = [("authorization", bearer.as_str())];
        let edit =
            service.send_raw("PUT", "/v1/routes/short", Some(version(number).to_string().into_bytes()), &headers);
        // Both at the same time: either version may be the one it comes under, and then it stays so.
        let (edited, begun) = tokio::join!(edit, service.post("/v1/handoffs", &body));
        edited.expect(201);
        let begun = begun.expect(202);
        let under = begun.json()["route"]["version"].as_u64().expect("a version") as usize;
        if under + 1 < number || under > number {
            findings.push(format!("{number} was being published, and it came under {under}"));
        }
        handoffs.push(Begun { id: begun.id(), version: under });
    }
    for begun in &handoffs {
        findings.extend(look(&service, begun).await);
    }
    // Version 1 asks for no note, so that neither does whoever goes by the first; the newest differs by turns.
    let mut finished = 0;
    for begun in handoffs.iter().step_by(rounds(4, 10)) {
        findings.extend(finish(&service, begun).await);
        finished += 1;
    }
    findings.iter().take(5).for_each(|one| eprintln!("{one}"));
    let of_older = handoffs.iter().filter(|begun| begun.version < edits + 1).count();
    let with_note = handoffs.iter().filter(|begun| needs_note(begun.version)).count();
    let figures = json!({"edits": edits, "handoffs": handoffs.len(), "under_an_older_version": of_older,
        "asked_for_a_note": with_note, "moved": finished, "judged_otherwise": findings.len()});
    figure("R-23", findings.is_empty() && with_note > 0 && with_note < handoffs.len(), figures);
}
