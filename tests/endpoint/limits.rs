//! What holds over many calls: calls at one time, an endpoint's wish for
//! quiet, the breaker, the allowance, recordings, and silence in the logs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton::config::ModelSettings;
use baton::llm::{Allowance, Endpoint, Failure, Model};
use tokio::task::JoinSet;

use super::fake::{CANARY, Fake, Step, answer, closed_base_url, event, logged, refuse, say, settings, stream_head};
use super::faults::RETRY_AFTER;
use super::{allowance, call, name};

/// Asks so many times at once and counts the outcomes by name.
async fn ask_together(endpoint: &Endpoint, calls: usize, allowance: &Allowance) -> Vec<&'static str> {
    let mut running = JoinSet::new();
    for number in 0..calls {
        let (endpoint, allowance) = (endpoint.clone(), allowance.clone());
        running.spawn(async move { name(&endpoint.ask(&call(&format!("call {number}")), &allowance).await) });
    }
    running.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_calls_at_one_time_than_set() {
    let fake = Fake::start(|seen, _| {
        let mut steps = vec![Step::Wait(Duration::from_millis(40))];
        steps.extend(say(seen, "{}"));
        steps
    })
    .await;
    let settings = ModelSettings { concurrency: 3, ..settings(fake.base_url()) };
    let endpoint = Endpoint::new(&settings).expect("an endpoint");
    let outcomes = ask_together(&endpoint, 13, &Allowance::new(99, 0, Duration::from_secs(300))).await;
    assert!(outcomes.iter().all(|outcome| *outcome == "reply"), "{outcomes:?}");
    assert_eq!(fake.most_at_once(), 3, "the first goes alone, the others three by three");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_one_call_is_asked_to_wait_all_wait() {
    let is_first = AtomicBool::new(true);
    let fake = Fake::start(move |seen, _| match is_first.swap(false, Ordering::SeqCst) {
        true => answer(429, &[("retry-after", "1")], "canary"),
        false => say(seen, "{}"),
    })
    .await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    let outcomes = ask_together(&endpoint, 9, &Allowance::new(14, 3, Duration::from_secs(300))).await;
    assert!(outcomes.iter().all(|outcome| *outcome == "reply"), "{outcomes:?}");
    // While nobody knows the endpoint's form, calls go one by one, so none was under way beside the first.
    let seen = fake.seen();
    for later in &seen[1..] {
        assert!(later.at - seen[0].at >= RETRY_AFTER, "{} came {:?} after", later.user(), later.at - seen[0].at);
    }
    assert_eq!(seen.len(), 10);
}

#[tokio::test]
async fn reasons_name_the_trouble() {
    let fake = Fake::start(|_, _| vec![stream_head(), event("canary", "")]).await;
    let check = async |base_url: String, expected: &str| {
        let endpoint = Endpoint::new(&settings(base_url)).expect("an endpoint");
        let outcome = endpoint.ask(&call("x"), &allowance(0)).await;
        let Err(Failure::Unreachable(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.starts_with(expected), "{words}");
    };
    check(closed_base_url().await, "connection refused").await;
    check(fake.base_url().replace("http:", "https:"), "no secure connection: received corrupt message").await;
    check(fake.base_url(), "the answer broke off").await;
}

#[tokio::test]
async fn a_wait_longer_than_the_handoff_ends_it_at_once() {
    let fake = Fake::start(|_, _| answer(429, &[("retry-after", "3600")], "canary")).await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    let outcome = endpoint.ask(&call("x"), &allowance(3)).await;
    assert_eq!(outcome, Err(Failure::RateLimited { wait: Some(Duration::from_secs(3600)) }));
    let next = endpoint.ask(&call("y"), &allowance(3)).await;
    assert!(matches!(next, Err(Failure::RateLimited { wait: Some(_) })), "{next:?}");
    assert_eq!(fake.seen().len(), 1, "the second is not even sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_keeps_failing_is_left_alone() {
    let fake = Fake::start(|_, _| refuse(503, "canary")).await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    for number in 0..20 {
        let outcome = endpoint.ask(&call(&format!("call {number}")), &allowance(0)).await;
        assert_eq!(name(&outcome), if number < 5 { "broken" } else { "unreachable" }, "call {number}");
    }
    assert_eq!(fake.seen().len(), 5);
}

#[tokio::test]
async fn the_end_of_the_handoff_ends_the_call() {
    let fake = Fake::start(|_, _| vec![Step::Hang]).await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    let short = Allowance::new(6, 3, Duration::from_millis(300));
    let outcomes = ask_together(&endpoint, 12, &short).await;
    assert_eq!(outcomes, ["spent_allowance"; 12]);
    assert_eq!(short.used(), 1, "one waits for the answer, eleven for their turn");
}

#[tokio::test]
async fn the_deadline_that_passed_is_named() {
    let check = async |reaction: Vec<Step>, stream: bool, expected: &str| {
        let fake = Fake::start(move |_, _| reaction.clone()).await;
        let mut settings = ModelSettings { stream, ..settings(fake.base_url()) };
        (settings.first_byte_seconds, settings.idle_seconds, settings.timeout_seconds) = (Some(1), Some(1), 2);
        let outcome = Endpoint::new(&settings).expect("an endpoint").ask(&call("x"), &allowance(0)).await;
        let Err(Failure::TimedOut(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.contains(expected), "{words}, not {expected}");
    };
    check(vec![Step::Hang], true, "model.first_byte_seconds").await;
    check(vec![stream_head(), Step::Hang], true, "model.first_byte_seconds").await;
    check(vec![stream_head(), event("canary", ""), Step::Hang], true, "model.idle_seconds").await;
    let drip = (0..40).flat_map(|_| [event("canary ", ""), Step::Wait(Duration::from_millis(100))]);
    check([stream_head()].into_iter().chain(drip).collect(), true, "model.timeout_seconds").await;
    // What is not streamed comes late, and all at once.
    check(vec![Step::Hang], false, "model.timeout_seconds").await;
}

#[tokio::test]
async fn what_is_recorded_is_replayed_without_the_endpoint() {
    let folder = std::env::temp_dir().join(format!("baton-replies-{}", std::process::id()));
    let fake = Fake::start(|seen, _| say(seen, "{\"records\": []}")).await;
    let live = ModelSettings { record: Some(folder.clone()), ..settings(fake.base_url()) };
    let model = Model::open(&live).expect("usable settings").expect("a model");
    let first = model.ask(&call("x"), &allowance(0)).await.expect("a reply");
    let replay = ModelSettings { replay: Some(folder.clone()), ..settings("http://127.0.0.1:9".into()) };
    let model = Model::open(&replay).expect("usable settings").expect("a model");
    assert_eq!(model.ask(&call("x"), &allowance(0)).await, Ok(first));
    let missing = call("y").hash("fake-model");
    assert_eq!(model.ask(&call("y"), &allowance(0)).await, Err(Failure::NotRecorded(missing)));
    assert_eq!(fake.seen().len(), 1);
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(Model::open(&replay).is_err(), "a folder that is not there");
    let unnamed = ModelSettings { name: None, ..replay };
    assert!(Model::open(&unnamed).expect("usable settings").is_none());
}

#[tokio::test]
async fn made_replies_cost_calls_too() {
    let model = Model::Generated(Arc::new(|_| Err(Failure::Refused)));
    let one = Allowance::new(1, 0, Duration::from_secs(9));
    assert_eq!(model.ask(&call("x"), &one).await, Err(Failure::Refused));
    assert_eq!(model.ask(&call("x"), &one).await, Err(Failure::SpentAllowance));
}

#[tokio::test]
async fn logs_tell_what_happened_and_never_what_was_said() {
    let fake = Fake::start(|seen, nth| match nth {
        0 => refuse(503, "canary"),
        1 => answer(200, &[], "{\"choices\": [{\"canary"),
        _ => say(seen, "canary"),
    })
    .await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    assert!(endpoint.ask(&call("canary: logs"), &allowance(3)).await.is_ok());
    let logged = logged();
    // What proves that the tape runs: our own events, and those that other crates write in the older way.
    for expected in ["no reply from the model", "outcome=broken", "outcome=garbled", "the model answered", "output=5"] {
        assert!(logged.contains(expected), "`{expected}` is not in the log");
    }
    assert!(logged.contains("reqwest"), "the HTTP client's own records are not in the log");
    assert!(!logged.contains(CANARY), "a canary in the log");
}
