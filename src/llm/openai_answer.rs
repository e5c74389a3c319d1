//! What a chat endpoint answered, read with tolerance: unknown keys, missing
//! counts, texts in parts and foreign reasons for the end are all taken; what
//! is no usable reply is told apart by why.

use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::transport_fault::Fault;
use super::{Failure, Reply, Tokens};

/// Longer white space stands in no answer.
const MOST_SPACE_BYTES: usize = 512;
/// An end of this length that repeats one short piece is no text any more.
const LOOP_BYTES: usize = 2_048;
const LONGEST_PIECE_BYTES: usize = 400;

/// The reply in an ordinary `chat.completion`, or why there is none.
pub(super) fn read_reply(body: &Json) -> Result<Reply, Fault> {
    let Some(choices) = body.get("choices").and_then(Json::as_array) else {
        return Err(Fault::never(Failure::Garbled("the answer is no chat completion".to_owned())));
    };
    let Some(choice) = choices.first() else { return Err(Fault::once(Failure::Empty)) };
    let message = choice.get("message").unwrap_or(&Json::Null);
    let finish = choice.get("finish_reason").and_then(Json::as_str).unwrap_or_default();
    if finish == "content_filter" {
        return Err(Fault::never(Failure::Filtered));
    }
    if is_refused(message) {
        return Err(Fault::never(Failure::Refused));
    }
    let text = text_of(message.get("content").unwrap_or(&Json::Null));
    let is_cut = matches!(finish, "length" | "max_tokens" | "model_length");
    match ending_of(&text) {
        Ending::Runaway => Err(Fault::once(Failure::Runaway)),
        Ending::Whole(length) => Ok(Reply { text: text[..length].to_owned(), tokens: count_tokens(body) }),
        Ending::Usual if is_cut => Err(Fault::never(Failure::CutOff)),
        Ending::Usual if !text.trim().is_empty() => Ok(Reply { text, tokens: count_tokens(body) }),
        Ending::Usual if calls_tools(message) => {
            Err(Fault::never(Failure::Garbled("the model called a tool instead of answering".to_owned())))
        }
        Ending::Usual => Err(Fault::once(Failure::Empty)),
    }
}

/// How a text ends, whether or not more is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Usual,
    /// White space without end, but what stands before it is a whole answer of so many bytes.
    Whole(usize),
    /// White space, or one short piece, over and over.
    Runaway,
}

/// Looks at the end alone, except to see whether what stands before endless space is whole.
pub(super) fn ending_of(text: &str) -> Ending {
    let written = text.trim_end();
    if text.len() - written.len() > MOST_SPACE_BYTES {
        let is_whole = written.starts_with('{') && serde_json::from_str::<IgnoredAny>(written).is_ok();
        return if is_whole { Ending::Whole(written.len()) } else { Ending::Runaway };
    }
    let Some(end) = text.len().checked_sub(LOOP_BYTES).map(|start| &text.as_bytes()[start..]) else {
        return Ending::Usual;
    };
    let is_loop = (1..=LONGEST_PIECE_BYTES).any(|piece| end[piece..] == end[..end.len() - piece]);
    if is_loop { Ending::Runaway } else { Ending::Usual }
}

/// A string, or the texts of a list of parts; nothing for anything else.
pub(super) fn text_of(content: &Json) -> String {
    match content {
        Json::String(text) => text.clone(),
        Json::Array(parts) => parts
            .iter()
            .filter_map(|part| part.as_str().or_else(|| part.get("text").and_then(Json::as_str)))
            .collect::<Vec<_>>()
            .concat(),
        _ => String::new(),
    }
}

fn is_refused(message: &Json) -> bool {
    let refusal = |value: Option<&Json>| value.and_then(Json::as_str).is_some_and(|text| !text.trim().is_empty());
    let parts = message.get("content").and_then(Json::as_array);
    refusal(message.get("refusal")) || parts.into_iter().flatten().any(|part| refusal(part.get("refusal")))
}

/// Whether a message, or a piece of one, asks for a tool.
pub(super) fn calls_tools(message: &Json) -> bool {
    let has_calls = message.get("tool_calls").and_then(Json::as_array).is_some_and(|calls| !calls.is_empty());
    has_calls || message.get("function_call").is_some_and(Json::is_object)
}

/// Tokens under the names that endpoints use; zero where none is there.
fn count_tokens(body: &Json) -> Tokens {
    let usage = body.get("usage").unwrap_or(&Json::Null);
    let number = |value: Option<&Json>| {
        let value = value?;
        value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
    };
    let first = |names: &[&str]| names.iter().find_map(|name| number(usage.get(name))).unwrap_or_default();
    let details = |name: &str| number(usage.get(name).and_then(|details| details.get("cached_tokens")));
    let cached = details("prompt_tokens_details").or_else(|| details("input_tokens_details"));
    Tokens {
        input: first(&["prompt_tokens", "input_tokens"]),
        cached: cached.unwrap_or_else(|| first(&["prompt_cache_hit_tokens", "cached_tokens"])),
        output: first(&["completion_tokens", "output_tokens"]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: Json, expected: Result<&str, Failure>) {
        let read = read_reply(&body).map(|reply| reply.text).map_err(|fault| fault.failure);
        assert_eq!(read, expected.map(str::to_owned), "{}", body.to_string().chars().take(300).collect::<String>());
    }

    fn said(message: Json, finish: Json) -> Json {
        json!({"choices": [{"message": message, "finish_reason": finish}]})
    }

    #[test]
    fn contents_of_every_kind() {
        check(said(json!({"content": "{}"}), json!("stop")), Ok("{}"));
        check(said(json!({"content": "{}", "refusal": null, "tool_calls": []}), json!("eos")), Ok("{}"));
        check(said(json!({"content": "{}", "refusal": "", "more": [1]}), json!(null)), Ok("{}"));
        check(said(json!({"content": [{"type": "text", "text": "{\"a\""}, ":1}"]}), json!(3)), Ok("{\"a\":1}"));
        check(said(json!({"content": "{}", "tool_calls": [{"id": 1}]}), json!("tool_calls")), Ok("{}"));
        check(json!({"choices": [{"message": {"content": "x"}}]}), Ok("x"));
    }

    #[test]
    fn what_is_no_reply() {
        check(json!({"choices": []}), Err(Failure::Empty));
        check(json!({"choices": [{}]}), Err(Failure::Empty));
        check(said(json!({"content": null}), json!("stop")), Err(Failure::Empty));
        check(said(json!({"content": " \n"}), json!("stop")), Err(Failure::Empty));
        check(said(json!({"content": null, "refusal": "I cannot"}), json!("stop")), Err(Failure::Refused));
        let part = json!({"content": [{"type": "refusal", "refusal": "I cannot"}]});
        check(said(part, json!("stop")), Err(Failure::Refused));
        check(said(json!({"content": "{\"a\""}), json!("content_filter")), Err(Failure::Filtered));
        check(said(json!({"content": "{\"a\""}), json!("length")), Err(Failure::CutOff));
        check(said(json!({"content": null}), json!("length")), Err(Failure::CutOff));
        check(json!({"choices": {}}), Err(Failure::Garbled("the answer is no chat completion".into())));
        check(json!([1]), Err(Failure::Garbled("the answer is no chat completion".into())));
        let tool = json!({"content": null, "tool_calls": [{"function": {"name": "x"}}]});
        let failure = Failure::Garbled("the model called a tool instead of answering".into());
        check(said(tool, json!("tool_calls")), Err(failure));
    }

    #[test]
    fn runaways() {
        let check = |text: String, expected| assert_eq!(ending_of(&text), expected, "{:.80}", text);
        check("{\"a\": 1}".to_owned() + &"\n".repeat(512), Ending::Usual);
        check("{\"a\": 1}".to_owned() + &" \n".repeat(300), Ending::Whole(8));
        check("{\"a\": ".to_owned() + &"\t".repeat(600), Ending::Runaway);
        check("\n".repeat(600), Ending::Runaway);
        check("{\"a\": \"".to_owned() + &"ha ".repeat(800), Ending::Runaway);
        check("{\"a\": \"".to_owned() + &"é".repeat(1_500), Ending::Runaway);
        let item = r#"{"key":"_risk","quote":"It may be late again.","value":"It may be late again."},"#;
        check(item.repeat(30), Ending::Runaway);
        check((0..40).map(|n| item.replace("again", &n.to_string())).collect(), Ending::Usual);
        check("{\"a\": \"".to_owned() + &"-".repeat(1_900), Ending::Usual);
        check((0..2_000).map(|n| n.to_string()).collect(), Ending::Usual);
    }

    #[test]
    fn a_whole_answer_before_endless_space_counts() {
        let text = "{\"records\": []}".to_owned() + &"\n".repeat(2_000);
        check(said(json!({"content": text}), json!("length")), Ok("{\"records\": []}"));
    }

    #[test]
    fn counts_under_many_names() {
        let check = |usage: Json, expected: [u64; 3]| {
            let Tokens { input, cached, output } = count_tokens(&json!({"usage": usage}));
            assert_eq!([input, cached, output], expected, "{usage}");
        };
        check(json!(null), [0, 0, 0]);
        let details = json!({"cached_tokens": 64});
        check(json!({"prompt_tokens": 100, "completion_tokens": 9, "prompt_tokens_details": details}), [100, 64, 9]);
        check(json!({"prompt_tokens": 100.0, "completion_tokens": -1, "prompt_tokens_details": null}), [100, 0, 0]);
        check(json!({"prompt_tokens": 5, "prompt_cache_hit_tokens": 3, "completion_tokens": "7"}), [5, 3, 0]);
        check(json!({"input_tokens": 5, "output_tokens": 2}), [5, 0, 2]);
    }
}
