//! Whole handoffs while the endpoint fails in every way it can: each ends with
//! a brief, says what was not read, invents nothing, and keeps the gate shut
//! until everything was read.

#[path = "../endpoint/fake.rs"]
mod fake;
#[path = "../endpoint/faults.rs"]
mod faults;

use baton::brief::{Brief, EngineKind, FieldState, Verdict};
use baton::config::{AnswerForm, ModelSettings};
use baton::conversation::Conversation;
use baton::intake::{self, Input, Options};
use baton::llm::{Endpoint, Model, Reader};
use baton::pipeline::{self, Request, Rules};
use baton::route::{self, Route};
use serde_json::json;
use tokio::task::JoinSet;

use fake::{Fake, Reaction, Seen, say};
use faults::{FAULTS, Fault, RETRY_AFTER};

const RUNS: usize = 20;
/// One call for the sources, and what the contract allows on top.
const MOST_CALLS: u64 = 6;

const ROUTE: &str = "
id: sales-to-onboarding
version: 1
fields:
  - {key: go_live_date, type: date, required: true, cues: [go live]}
  - {key: customer_phone, type: phone, cues: [phone]}
";

fn route() -> Route {
    route::load("route.yaml", ROUTE).expect("a route")
}

fn conversation(number: usize) -> Conversation {
    let mail = format!(
        "From: Dana Whitfield <dana@northwind.example>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\nSubject: Plan {number}\r\n\r\n\
         Hello, this is plan {number}. We go live on July 15, 2026. See you soon.\r\n"
    );
    let input = Input { name: "plan.eml".into(), bytes: mail.into_bytes(), kind: None, format: None };
    intake::read(vec![input], &Options::of(&["acme.example".to_owned()]))
}

/// What a good model answers; it also names a phone number that nobody gave.
fn good(seen: &Seen) -> Reaction {
    let record = |key: &str, quote: &str, value: &str| json!({"key": key, "evidence": [{"msg": "m1", "quote": quote}], "raw_value": value, "value": value, "status": "found", "note": ""});
    let records = [
        record("go_live_date", "We go live on July 15, 2026.", "July 15, 2026"),
        record("customer_phone", "call me on +1 555 0100", "+1 555 0100"),
    ];
    say(seen, &json!({"records": records, "instructions_seen": []}).to_string())
}

async fn read(settings: ModelSettings, number: usize) -> Brief {
    let model = Model::Live(Endpoint::new(&settings).expect("an endpoint"));
    let settings = ModelSettings { answer_form: Some(AnswerForm::Records), ..settings };
    let reader = Reader::new(model, &settings).expect("prompts");
    let route = route();
    let as_of = "2026-03-10T12:00:00Z".parse().expect("a time");
    let request = Request { route: &route, conversation: conversation(number), known: &[], as_of };
    pipeline::read_with(request, &reader, Rules::Beside).await.expect("a brief").brief
}

/// Plays a fault for the first `times` answers to each call, to twenty handoffs at once.
async fn play(fault: Fault, times: usize) -> (Fake, Vec<Brief>) {
    // Requests to write an answer anew are alike for all handoffs, so they cannot be counted by their words.
    let is_again = move |seen: &Seen| times == 1 && seen.user().ends_with("nothing else.");
    let answer =
        move |seen: &Seen, nth| if nth < times && !is_again(seen) { (fault.respond)(seen) } else { good(seen) };
    let fake = Fake::start(answer).await;
    let settings = fault.settings(&fake).await;
    let mut runs = JoinSet::new();
    for number in 0..RUNS {
        runs.spawn(read(settings.clone(), number));
    }
    (fake, runs.join_all().await)
}

/// What holds of every brief, whatever the endpoint did.
fn check(fault: Fault, briefs: &[Brief]) {
    let title = fault.name;
    assert_eq!(briefs.len(), RUNS, "{title}: lost handoffs");
    for brief in briefs {
        let (date, phone) = (brief.fields.find("go_live_date"), brief.fields.find("customer_phone"));
        let (date, phone) = (date.expect("a field"), phone.expect("a field"));
        assert_eq!((date.state, &date.value), (FieldState::Found, &json!("2026-07-15")), "{title}: {brief:?}");
        assert_ne!(phone.state, FieldState::Found, "{title}: a number nobody gave");
        assert!(brief.usage.calls.is_some_and(|calls| calls <= MOST_CALLS), "{title}: {:?}", brief.usage);
        let read = brief.coverage >= 1.0;
        assert_eq!(brief.verdict == Verdict::Complete, read, "{title}: {:?}", brief.verdict);
        if read {
            assert_eq!((brief.engine.kind, brief.engine.degraded), (EngineKind::Llm, false), "{title}");
        } else {
            assert_eq!(brief.verdict, Verdict::IncompleteRun, "{title}");
            assert_eq!((brief.engine.kind, brief.engine.degraded), (EngineKind::Extractive, true), "{title}");
            let told = |warning: &baton::conversation::Warning| {
                warning.place == "m1" && warning.message.contains("did not read")
            };
            assert!(brief.warnings.iter().any(told), "{title}: nothing says what was not read: {:?}", brief.warnings);
            assert!(
                baton::gate::judge(brief, &route(), "2026-03-10T12:00:00Z".parse().expect("a time")).is_err(),
                "{title}: the gate is open"
            );
        }
    }
}

async fn check_all(times: usize, is_read: fn(&Fault) -> bool) {
    for is_slow in [false, true] {
        let mut running = JoinSet::new();
        for fault in FAULTS.into_iter().filter(|fault| fault.is_slow == is_slow) {
            running.spawn(async move {
                let (fake, briefs) = play(fault, times).await;
                check(fault, &briefs);
                let read = briefs.iter().filter(|brief| brief.coverage >= 1.0).count();
                let expected = if is_read(&fault) { RUNS } else { 0 };
                assert_eq!(read, expected, "{}: read", fault.name);
                if fault.name == "429 with seconds" {
                    for first in fake.seen() {
                        let later = fake.seen_of(first.user());
                        assert!(later.windows(2).all(|pair| pair[1].at - pair[0].at >= RETRY_AFTER), "asked too early");
                    }
                }
            });
        }
        running.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handoffs_survive_an_endpoint_that_keeps_failing() {
    // Without an end mark the answer is whole, but an empty object is no answer to these fields.
    check_all(usize::MAX, |fault| fault.lasting == "reply" && fault.name != "no [DONE]").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handoffs_are_read_when_the_fault_passes() {
    // An answer that needed more room is asked for with more room.
    check_all(1, |fault| fault.passing == "reply" || fault.passing == "cut_off").await;
}
