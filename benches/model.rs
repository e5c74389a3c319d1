//! What reading with a model costs besides the model: our own work around one
//! call for a handoff of 10,000 tokens, and how close a context of 200,000
//! tokens, read in windows, comes to the time that a fake endpoint needs for
//! them, 500 ms an answer, eight at once. A load program: it prints figures
//! and ratios, and asserts nothing. Run with `cargo bench --bench model`.

#[path = "../tests/endpoint/fake.rs"]
mod fake;
mod generator;

use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::config::{AnswerForm, ModelSettings};
use baton::conversation::Conversation;
use baton::intake::{self, Options};
use baton::llm::budget::Counter;
use baton::llm::{Endpoint, Model, Reader, Reply, Tokens};
use baton::route::{self, Route};

use fake::{Fake, Step, say};

const RUNS: usize = 30;
const ANSWER_TIME: Duration = Duration::from_millis(500);
const AT_ONCE: usize = 8;

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let started = Instant::now();
    Counter::new("gpt-4o").count("warm");
    println!("tokenizer load                 {:>8.1} ms, once a process", milliseconds(started.elapsed()));
    for form in AnswerForm::ALL {
        let own = runtime.block_on(own_work(form));
        println!("own work, 10,000 tokens, {form:<8}{own:>6.2} ms a call, median of {RUNS}");
    }
    runtime.block_on(windows());
}

/// Everything around one call but the judging: layout, budget, prompt, schema, reading of the answer.
async fn own_work(form: AnswerForm) -> f64 {
    let route = sales_route();
    let conversation = conversation(10_000);
    let text = answer(&route);
    let model = Model::Generated(Arc::new(move |_| Ok(Reply { text: text.clone(), tokens: Tokens::default() })));
    let settings = ModelSettings {
        name: Some("gpt-4o".to_owned()),
        answer_form: Some(form),
        context_tokens: 128_000,
        ..ModelSettings::default()
    };
    let reader = Reader::new(model, &settings).expect("prompts");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        reader.read(&route, &conversation).await.expect("a reading");
        times.push(milliseconds(started.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

async fn windows() {
    let route = sales_route();
    let text = answer(&route);
    let fake = Fake::start(move |seen, _| {
        let mut steps = vec![Step::Wait(ANSWER_TIME)];
        steps.extend(say(seen, &text));
        steps
    })
    .await;
    let settings = ModelSettings {
        name: Some("gpt-4o".to_owned()),
        base_url: fake.base_url(),
        answer_form: Some(AnswerForm::Records),
        concurrency: AT_ONCE,
        ..ModelSettings::default()
    };
    let model = Model::Live(Endpoint::new(&settings).expect("an endpoint"));
    let reader = Reader::new(model, &settings).expect("prompts");
    // The endpoint's form is learned with the first call of a process.
    reader.read(&route, &conversation(1_000)).await.expect("a reading");
    let long = conversation(200_000);
    let before = fake.seen().len();
    let started = Instant::now();
    let (reading, _) = reader.read(&route, &long).await.expect("a reading");
    let took = started.elapsed();
    let calls = fake.seen().len() - before;
    let ideal = ANSWER_TIME * u32::try_from(calls.div_ceil(AT_ONCE)).expect("a count");
    println!(
        "{} tokens in {calls} calls       {:>8.1} ms, ideal {:.0} ms, ratio {:.2}, coverage {}",
        reading.context_tokens,
        milliseconds(took),
        milliseconds(ideal),
        took.as_secs_f64() / ideal.as_secs_f64(),
        reading.coverage
    );
}

/// An answer with a record for every field.
fn answer(route: &Route) -> String {
    let record = |key: &str| {
        serde_json::json!({"key": key, "evidence": [{"msg": "m1", "quote": "We go live on July 1, 2026, as discussed."}],
            "raw_value": "July 1, 2026", "value": "2026-07-01", "status": "found", "note": ""})
    };
    let records: Vec<_> = route.fields.iter().map(|field| record(&field.key)).collect();
    serde_json::json!({"records": records, "instructions_seen": []}).to_string()
}

fn conversation(tokens: usize) -> Conversation {
    intake::read(generator::handoff(tokens), &Options::of(&["acme.example".to_owned()]))
}

fn sales_route() -> Route {
    let (name, text) = route::shipped()[0];
    let found = route::shipped().iter().find(|(name, _)| name.contains("sales-to-onboarding")).copied();
    let (name, text) = found.unwrap_or((name, text));
    route::load(name, text).expect("a shipped route loads")
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
