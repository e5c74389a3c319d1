//! Strange contents: huge, deep, garbled, in parts, in the other shape than
//! was asked for. Each gives a reply or a reason, and none panics.

use baton::config::ModelSettings;
use baton::llm::{Endpoint, Tokens};
use serde_json::{Value as Json, json};

use super::fake::{
    CANARY, Fake, Reaction, Step, answer, completion, event, farewell, logged, say, settings, stream_head,
};
use super::{allowance, call, name};

/// Asks once, and answers the reply's text or the failure's code, and the number of requests.
async fn ask(reaction: Reaction, stream: bool) -> (String, usize) {
    let fake = Fake::start(move |_, _| reaction.clone()).await;
    let settings = ModelSettings { stream, ..settings(fake.base_url()) };
    let outcome = Endpoint::new(&settings).expect("an endpoint").ask(&call("canary"), &allowance(1)).await;
    let name = name(&outcome).to_owned();
    (outcome.map_or(name, |reply| reply.text), fake.seen().len())
}

async fn check(reaction: Reaction, expected: &str, requests: usize) {
    let (got, sent) = ask(reaction, true).await;
    let start: String = got.chars().take(100).collect();
    assert!(got == expected && sent == requests, "{start} after {sent}, not {expected:.100} after {requests}");
}

fn said(text: &str) -> Reaction {
    completion(json!({"role": "assistant", "content": text}), "stop")
}

#[tokio::test]
async fn huge_and_deep() {
    let long: String = (0..700_000).map(|number| format!("{number:07} ")).collect();
    assert!(long.len() > 5_000_000);
    check(said(&long), &long, 1).await;
    check(vec![stream_head(), event(&long, ""), event("", "stop"), farewell()], &long, 1).await;
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    check(said(&deep), &deep, 1).await;
    check(answer(200, &[], &deep), "garbled", 1).await;
    check(answer(200, &[], "{\"choices\": ".to_owned() + &deep + "}"), "garbled", 1).await;
    let endless = vec![stream_head(), Step::Send(vec![b'x'; 17 * 1024 * 1024])];
    check(endless, "garbled", 1).await;
    check(answer(500, &[], vec![b'x'; 1024 * 1024]), "broken", 2).await;
}

#[tokio::test]
async fn letters_that_are_none() {
    check(answer(200, &[], b"{\"choices\":[{\"message\":{\"content\":\"a\xff\xfeb\"}}]}"), "a\u{fffd}\u{fffd}b", 1)
        .await;
    check(answer(200, &[], b"\xff\xfe\x00\x01"), "garbled", 1).await;
    check(answer(400, &[], b"\xff\xfe canary"), "rejected", 1).await;
    check(answer(200, &[("content-encoding", "gzip")], b"\x1f\x8b\x08canary"), "garbled", 1).await;
}

#[tokio::test]
async fn other_shapes_than_asked_for() {
    check(said("{\"a\": 1}"), "{\"a\": 1}", 1).await;
    let parts = json!({"content": [{"type": "text", "text": "{\"a\":"}, {"type": "text", "text": " 1}"}]});
    check(completion(parts, "end_turn"), "{\"a\": 1}", 1).await;
    let streamed = vec![stream_head(), event("{}", "stop"), farewell()];
    assert_eq!(ask(streamed, false).await, ("{}".to_owned(), 1));
    let tool = json!({"content": null, "tool_calls": [{"function": {"name": "canary", "arguments": "{}"}}]});
    check(completion(tool, "tool_calls"), "garbled", 1).await;
    check(answer(200, &[], "{\"object\": \"list\", \"data\": [\"canary\"]}"), "garbled", 1).await;
    check(answer(200, &[], "<html>canary</html>"), "garbled", 1).await;
    check(answer(200, &[], "Ollama is running"), "garbled", 1).await;
    check(answer(204, &[], ""), "unreachable", 2).await;
    check(answer(307, &[("location", "http://127.0.0.1:9/canary")], ""), "rejected", 1).await;
    check(answer(200, &[], "{\"error\": {\"message\": \"canary: too many requests\"}}"), "rate_limited", 2).await;
    assert!(!logged().contains(CANARY));
}

#[tokio::test]
async fn what_the_model_wrote_is_given_as_it_is() {
    for text in ["Here it is:\n```json\n{}\n```", "{\"a\": 1, \"a\": 2}", "{\"a\": NaN}", "nein", "{\"a\": \"é😀\"}"]
    {
        check(said(text), text, 1).await;
        check(vec![stream_head(), event(text, ""), event("", "eos")], text, 1).await;
    }
}

#[tokio::test]
async fn runaways_are_cut_while_they_run() {
    // Far more than would ever be read: whoever reads on would take all of it.
    let mut spaces = vec![stream_head(), event("{\"canary\": ", "")];
    spaces.extend((0..2_000).map(|_| event(&"\n".repeat(64), "")));
    spaces.push(Step::Hang);
    check(spaces, "runaway", 2).await;
    let mut words = vec![stream_head()];
    words.extend((0..2_000).map(|_| event("canary ", "")));
    words.push(Step::Hang);
    check(words, "runaway", 2).await;
}

#[tokio::test]
async fn tokens_are_counted_in_both_shapes() {
    let fake = Fake::start(|seen, _| say(seen, "{}")).await;
    for stream in [true, false] {
        let settings = ModelSettings { stream, ..settings(fake.base_url()) };
        let reply = Endpoint::new(&settings).expect("an endpoint").ask(&call("x"), &allowance(0)).await;
        assert_eq!(reply.expect("a reply").tokens, Tokens { input: 20, cached: 16, output: 5 });
    }
    let asked: Vec<Json> = fake.seen().iter().map(|seen| seen.body["stream_options"].clone()).collect();
    assert_eq!(asked, [json!({"include_usage": true}), Json::Null]);
}
