//! Servers that call themselves compatible and refuse parts of the request:
//! each quirk is found once, by one call, and remembered for all others.

use baton::config::ModelSettings;
use baton::llm::{Endpoint, Failure};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::fake::{Fake, Reaction, Seen, refuse, say, settings};
use super::{allowance, call};

const MANY: usize = 12;

/// What a server refuses, and the words for it; none when it takes the request.
type Dislike = fn(&Json) -> Option<(u16, &'static str)>;

/// Asks one server many times at once; answers the form it ends with and how many requests were refused.
async fn settle(dislike: Dislike) -> (String, usize) {
    let fake = Fake::start(move |seen: &Seen, _| respond(dislike, seen)).await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    let mut calls = JoinSet::new();
    for number in 0..MANY {
        let endpoint = endpoint.clone();
        calls.spawn(async move { endpoint.ask(&call(&format!("call {number}")), &allowance(0)).await });
    }
    for outcome in calls.join_all().await {
        assert_eq!(outcome.map(|reply| reply.text), Ok("{\"a\": 1}".to_owned()));
    }
    let refused = fake.seen().len() - MANY;
    (endpoint.form().expect("a form that was taken").to_string(), refused)
}

fn respond(dislike: Dislike, seen: &Seen) -> Reaction {
    match dislike(&seen.body) {
        Some((status, words)) => refuse(status, words),
        None => say(seen, "{\"a\": 1}"),
    }
}

fn shape(body: &Json) -> &str {
    body["response_format"]["type"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quirks_are_found_once_and_remembered() {
    let check = async |dislike: Dislike, form: &str, refused: usize| {
        assert_eq!(settle(dislike).await, (form.to_owned(), refused));
    };
    let all = "json_schema, max_tokens, temperature, seed, stream, usage in streams";
    check(|_| None, all, 0).await;
    check(
        |body| (shape(body) == "json_schema").then_some((400, "response_format json_schema is not supported")),
        &all.replace("json_schema", "json_object"),
        1,
    )
    .await;
    check(
        |body| (!shape(body).is_empty()).then_some((422, "unknown field `response_format`")),
        &all.replace("json_schema", "plain text"),
        2,
    )
    .await;
    check(
        |body| (!body["stream_options"].is_null()).then_some((400, "stream_options: extra fields not permitted")),
        &all.replace(", usage in streams", ""),
        1,
    )
    .await;
    check(
        |body| (!body["stream"].is_null()).then_some((400, "streaming is not available")),
        "json_schema, max_tokens, temperature, seed",
        1,
    )
    .await;
    check(
        |body| match (body["max_tokens"].is_null(), body["temperature"].is_null()) {
            (false, _) => Some((400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")),
            (_, false) => Some((400, "'temperature' does not support 0 with this model.")),
            _ => None,
        },
        "json_schema, max_completion_tokens, seed, stream, usage in streams",
        2,
    )
    .await;
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_not_asked_forever() {
    let words = "seed, temperature, max_tokens, stream_options, response_format, stream: all wrong";
    let fake = Fake::start(move |_, _| refuse(400, words)).await;
    let endpoint = Endpoint::new(&settings(fake.base_url())).expect("an endpoint");
    let allowance = allowance(3);
    assert_eq!(endpoint.ask(&call("x"), &allowance).await, Err(Failure::Rejected(400)));
    assert_eq!((fake.seen().len(), allowance.used(), endpoint.form()), (6, 6, None));
}

#[tokio::test]
async fn only_what_is_configured_leaves() {
    let fake = Fake::start(|seen: &Seen, _| say(seen, "{}")).await;
    let mut settings = ModelSettings { stream: false, ..settings(fake.base_url() + "/chat/completions/") };
    (settings.timeout_seconds, settings.connect_seconds, settings.concurrency) = (u64::MAX, u64::MAX, usize::MAX);
    settings.headers.insert("Api-Key".into(), "another".to_owned().into());
    settings.query.insert("api-version".into(), "2026-01-01 & more".into());
    Endpoint::new(&settings).expect("an endpoint").ask(&call("x"), &allowance(0)).await.expect("a reply");
    let seen = fake.seen().remove(0);
    assert_eq!(seen.line, "POST /v1/chat/completions?api-version=2026-01-01+%26+more HTTP/1.1");
    let names: Vec<&str> = seen.headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["accept", "api-key", "authorization", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!((&*seen.headers["authorization"], &*seen.headers["api-key"]), ("Bearer sk-canary-key", "another"));
    let keys: Vec<&String> = seen.body.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["model", "messages", "response_format", "temperature", "seed", "max_tokens"]);
}

#[test]
fn settings_that_cannot_be_used_are_named_without_their_values() {
    let check = |change: fn(&mut ModelSettings), expected: &str| {
        let mut settings = settings("http://127.0.0.1:9/v1".into());
        change(&mut settings);
        let error = Endpoint::new(&settings).expect_err("unusable settings").to_string();
        assert!(error.starts_with(expected) && !error.contains("canary"), "{error}");
    };
    check(|settings| settings.name = None, "model.name");
    check(|settings| settings.name = Some(" ".into()), "model.name");
    check(|settings| settings.key = Some("canary\nx".to_owned().into()), "model.key");
    check(|settings| settings.base_url = "canary".into(), "model.base_url");
    check(|settings| drop(settings.headers.insert("a b".into(), "canary".to_owned().into())), "model.headers.a b");
    check(|settings| drop(settings.headers.insert("a".into(), "canary\0".to_owned().into())), "model.headers.a");
    let endpoint = Endpoint::new(&settings("http://user:canary@127.0.0.1:9/v1".into())).expect("an endpoint");
    assert_eq!(format!("{endpoint:?}"), "Endpoint { model: \"fake-model\", .. }");
}
