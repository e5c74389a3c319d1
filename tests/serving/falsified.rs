//! A model that falsifies its quotes: letters, days, places, order, speakers,
//! words of ours and words of nobody. Whatever it claims, a value in a brief is
//! one that the text says, with words that stand there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use baton::llm::{Call, Failure, Reply, Tokens};
use serde_json::{Value as Json, json};

use crate::gate::quotes;
use crate::harness::{Service, figure, mail, rounds};

const GO_LIVE: &str = "We go live on 1 July 2026.";
/// What the rest of the mail says; none of it is the day that is asked for.
const REST: [&str; 4] = [
    "The contract was signed on 12 February 2026.",
    "Marcus asked whether 15 August 2026 would do, and it will not.",
    "If the audit slips we would have to look at 3 October 2026 again.",
    "Our old system is switched off on 30 November 2026.",
];
/// Fields of the route, each asked for in other words.
const FIELDS: usize = 25;
/// Records for each field in one reply.
const TRIES: usize = 4;

fn route() -> Json {
    let field = |number: usize| json!({"key": format!("day_{number}"), "label": format!("Go-live of site {number}"), "type": "date", "said_by": "theirs"});
    let mut fields: Vec<Json> = (0..FIELDS).map(field).collect();
    fields.push(json!({"key": "owner", "label": "Owner", "type": "email", "required": true}));
    json!({"id": "falsified", "version": 1, "title": "Falsified", "from": {"team": "sales"},
           "to": {"team": "onboarding"}, "fields": fields})
}

/// A quote that stands nowhere in the text, the place it claims, and the value it claims.
fn falsified(random: &mut fastrand::Rng, text: &str) -> (String, &'static str, String) {
    loop {
        let mut letters: Vec<char> = GO_LIVE.chars().collect();
        let place = random.usize(1..letters.len() - 1);
        let mut value = "1 July 2026".to_owned();
        let other = format!("{} {} 2026", random.u8(2..29), ["June", "July", "August", "May"][random.usize(..4)]);
        let day = |words: &str| -> Vec<char> { words.replace("1 July 2026", &other).chars().collect() };
        match random.u8(0..14) {
            0 => drop(letters.remove(place)),
            1 => letters.insert(place, random.alphabetic()),
            2 => letters[place] = random.alphanumeric(),
            3 => letters.swap(place, place - 1),
            4 => letters.reverse(),
            5 => letters = format!("{GO_LIVE} Dana confirmed it.").chars().collect(),
            6 => letters = "We do not go live on 1 July 2026.".chars().collect(),
            7 => letters = format!("We go live … {}", &REST[random.usize(..4)][4..]).chars().collect(),
            8 => letters = GO_LIVE.to_uppercase().replace('J', "\u{408}").chars().collect(),
            9 => letters.insert(place, ['\u{200b}', '\u{ad}', '\u{202e}', '\n'][random.usize(..4)]),
            10 => letters = vec![' '; random.usize(..3)],
            _ => {
                letters = day(GO_LIVE);
                value.clone_from(&other);
            }
        }
        let quote: String = letters.into_iter().collect();
        let message = ["m1", "m1", "m1", "m2", "m0", "m99", "1", ""][random.usize(..8)];
        if !text.contains(quote.as_str()) || quote.trim().is_empty() {
            return (quote, message, if random.bool() { value } else { other });
        }
    }
}

/// A reply full of them; how many there were is counted.
fn lie(call: &Call, random: &mut fastrand::Rng, told: &mut usize) -> Reply {
    let mut records = Vec::new();
    for number in 0..FIELDS * TRIES {
        let (quote, message, value) = falsified(random, &call.user);
        records.push(json!({"key": format!("day_{}", number % FIELDS), "evidence": [{"msg": message, "quote": quote}],
            "raw_value": value, "value": value, "status": "found", "note": "verified"}));
    }
    *told += records.len();
    let text = json!({"records": records, "instructions_seen": []}).to_string();
    Reply { text, tokens: Tokens { input: 100, cached: 0, output: 20 } }
}

#[tokio::test]
async fn falsified_quotes_prove_nothing() {
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(11);
    let state = Arc::new(Mutex::new((fastrand::Rng::with_seed(seed), 0_usize)));
    let shared = state.clone();
    let service = Service::start_with_model(move |call| -> Result<Reply, Failure> {
        let (random, told) = &mut *shared.lock().expect("the lies");
        Ok(lie(call, random, told))
    });
    let service = service.await;
    let bearer = format!("Bearer {}", service.key);
    let body = route().to_string().into_bytes();
    service.send_raw("PUT", "/v1/routes/falsified", Some(body), &[("authorization", &bearer)]).await.expect(201);
    let handoffs = rounds(2_000, 100_000) / (FIELDS * TRIES);
    let (mut found, mut values, mut wrong) = ((0, 0), 0, Vec::new());
    for number in 0..handoffs {
        let text = format!("This is matter {number}. {GO_LIVE} {}", REST.join(" "));
        let body = json!({"route": "falsified", "sources": [{"type": "email", "content": mail(&text)}]});
        let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.expect(200).json();
        let texts: HashMap<_, _> = [("m1".to_owned(), text)].into();
        quotes(&brief, &texts, &mut found);
        for (key, field) in brief["fields"].as_object().expect("fields") {
            if field["value"].is_null() {
                continue;
            }
            values += 1;
            let quoted = field["evidence"][0]["quote"].as_str().unwrap_or_default();
            // The words may be found again where they stand, and then they are the text's own.
            if key == "owner" || field["value"] != "2026-07-01" || !quoted.contains("1 July 2026") {
                wrong.push(format!("{key} of {id}: {field}"));
            }
        }
    }
    let told = state.lock().expect("the lies").1;
    wrong.iter().take(5).for_each(|one| eprintln!("{one}"));
    let pass = wrong.is_empty() && found.1 == 0 && told >= rounds(2_000, 100_000);
    let figures = json!({"seed": seed, "handoffs": handoffs, "falsified": told, "accepted_as_written": found.1,
        "wrong_values": wrong.len(), "quotes_in_briefs": found.0, "right_values_with_true_words": values});
    figure("R-21 falsified", pass, figures);
}
