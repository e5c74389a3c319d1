//! The forms of a request that an endpoint takes. Servers that call themselves
//! compatible differ in what they refuse; what this one refuses is found once,
//! one quirk at a time, and remembered for all later calls.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value as Json;
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::Call;

/// How freely words are chosen when an answer went wrong.
const REPEAT_TEMPERATURE: f64 = 0.4;

/// Equal seeds, so that equal requests are answered as equally as the endpoint can.
const SEED: u64 = 7;

/// What the requests to an endpoint carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    shape: Shape,
    limit: Limit,
    /// The other name of the limit was refused already.
    limit_turned: bool,
    temperature: bool,
    seed: bool,
    stream: bool,
    /// A stream ends with the count of its tokens.
    stream_usage: bool,
}

/// How strictly the endpoint holds the model to the answer's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Schema,
    Object,
    /// The prompt alone says what is asked.
    Text,
}

/// The name under which the limit of an answer's length goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    MaxTokens,
    MaxCompletionTokens,
    None,
}

/// A part of the request that an endpoint's refusal speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    StreamUsage,
    Limit,
    Temperature,
    Seed,
    Shape,
    Stream,
}

impl Form {
    pub(super) fn first(base_url: &str, stream: bool) -> Form {
        let host = url::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let is_new = host == "api.openai.com" || host.ends_with(".azure.com");
        Form {
            shape: Shape::Schema,
            limit: if is_new { Limit::MaxCompletionTokens } else { Limit::MaxTokens },
            limit_turned: false,
            temperature: true,
            seed: true,
            stream,
            stream_usage: stream,
        }
    }

    pub(super) fn is_streamed(self) -> bool {
        self.stream
    }

    /// The form without the first of these parts that it still carries.
    fn without(self, disliked: &[Part]) -> Option<Form> {
        disliked.iter().find_map(|part| match part {
            Part::StreamUsage if self.stream_usage => Some(Form { stream_usage: false, ..self }),
            Part::Limit => self.turn_limit(),
            Part::Temperature if self.temperature => Some(Form { temperature: false, ..self }),
            Part::Seed if self.seed => Some(Form { seed: false, ..self }),
            Part::Shape => match self.shape {
                Shape::Schema => Some(Form { shape: Shape::Object, ..self }),
                Shape::Object => Some(Form { shape: Shape::Text, ..self }),
                Shape::Text => None,
            },
            Part::Stream if self.stream => Some(Form { stream: false, stream_usage: false, ..self }),
            _ => None,
        })
    }

    fn turn_limit(self) -> Option<Form> {
        let limit = match (self.limit, self.limit_turned) {
            (Limit::None, _) => return None,
            (_, true) => Limit::None,
            (Limit::MaxTokens, false) => Limit::MaxCompletionTokens,
            (Limit::MaxCompletionTokens, false) => Limit::MaxTokens,
        };
        Some(Form { limit, limit_turned: true, ..self })
    }

    /// The body of the request. Repeats have other seeds and some chance in them: a reply that went wrong would only be
    /// given again.
    pub(super) fn request<'a>(self, model: &'a str, call: &'a Call, repeat: u32) -> Request<'a> {
        let limit = |name| (self.limit == name).then_some(call.max_output_tokens);
        Request {
            model,
            messages: [
                Message { role: "system", content: &call.system },
                Message { role: "user", content: &call.user },
            ],
            response_format: match self.shape {
                Shape::Schema => Some(ResponseFormat::JsonSchema {
                    json_schema: Named { name: "answer", strict: true, schema: &call.schema },
                }),
                Shape::Object => Some(ResponseFormat::JsonObject),
                Shape::Text => None,
            },
            temperature: self.temperature.then_some(if repeat == 0 { 0.0 } else { REPEAT_TEMPERATURE }),
            seed: self.seed.then_some(SEED + u64::from(repeat)),
            max_tokens: limit(Limit::MaxTokens),
            max_completion_tokens: limit(Limit::MaxCompletionTokens),
            stream: self.stream.then_some(true),
            stream_options: self.stream_usage.then_some(StreamOptions { include_usage: true }),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.shape {
            Shape::Schema => "json_schema",
            Shape::Object => "json_object",
            Shape::Text => "plain text",
        })?;
        let limit = match self.limit {
            Limit::MaxTokens => Some("max_tokens"),
            Limit::MaxCompletionTokens => Some("max_completion_tokens"),
            Limit::None => None,
        };
        let others = [
            limit,
            self.temperature.then_some("temperature"),
            self.seed.then_some("seed"),
            self.stream.then_some("stream"),
            self.stream_usage.then_some("usage in streams"),
        ];
        others.into_iter().flatten().try_for_each(|part| write!(f, ", {part}"))
    }
}

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat<'a> {
    JsonSchema { json_schema: Named<'a> },
    JsonObject,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a Json,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

/// What one endpoint takes, as far as it is known.
#[derive(Debug)]
pub(super) struct Forms {
    current: Mutex<Form>,
    known: watch::Sender<bool>,
    first: Semaphore,
}

impl Forms {
    pub fn new(form: Form) -> Self {
        Forms { current: Mutex::new(form), known: watch::Sender::new(false), first: Semaphore::new(1) }
    }

    pub fn current(&self) -> Form {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The form, once an endpoint has taken it.
    pub fn known(&self) -> Option<Form> {
        self.known.borrow().then(|| self.current())
    }

    /// Waits for one's turn: while nobody knows what the endpoint takes, one call at a time finds it out, so that
    /// not every one of many first calls is spent on a refusal.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let mut known = self.known.subscribe();
        tokio::select! {
            biased;
            _ = known.wait_for(|known| *known) => None,
            turn = self.first.acquire() => turn.ok(),
        }
    }

    /// The endpoint took the current form, or will not say before all others have waited too long.
    pub fn settle(&self) {
        self.known.send_replace(true);
    }

    /// Drops one of the parts that the endpoint refused; false when nothing is left to drop. Where another call has
    /// found it out meanwhile, the form that stands now is good enough.
    pub fn step_down(&self, sent: Form, disliked: &[Part]) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if disliked.is_empty() || *current != sent {
            return !disliked.is_empty();
        }
        let Some(next) = sent.without(disliked) else { return false };
        *current = next;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            system: "rules".into(),
            user: "sources".into(),
            schema: serde_json::json!({"type": "object"}).into(),
            max_output_tokens: 900,
        }
    }

    #[track_caller]
    fn check(form: Form, expected: &str) {
        let request = serde_json::to_string(&form.request("m", &call(), 0)).expect("a request");
        let head =
            r#"{"model":"m","messages":[{"role":"system","content":"rules"},{"role":"user","content":"sources"}]"#;
        assert_eq!(request, format!("{head}{expected}}}"));
    }

    #[test]
    fn requests_carry_what_the_form_says() {
        let schema = r#","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}"#;
        let streamed = r#","stream":true,"stream_options":{"include_usage":true}"#;
        let local = Form::first("http://127.0.0.1:8080/v1", true);
        check(local, &format!(r#"{schema},"temperature":0.0,"seed":7,"max_tokens":900{streamed}"#));
        let openai = Form::first("https://api.openai.com/v1", false);
        check(openai, &format!(r#"{schema},"temperature":0.0,"seed":7,"max_completion_tokens":900"#));
        let azure = Form::first("https://acme.openai.azure.com/openai/v1", false);
        assert_eq!(azure, openai);
        let plain = [Part::Shape, Part::Shape, Part::Temperature, Part::Seed, Part::Limit, Part::Limit, Part::Stream];
        let plain = plain.iter().fold(local, |form, part| form.without(&[*part]).expect("a part to drop"));
        check(plain, "");
        let object = local.without(&[Part::Shape]).and_then(|form| form.without(&[Part::StreamUsage]));
        check(
            object.expect("a form"),
            r#","response_format":{"type":"json_object"},"temperature":0.0,"seed":7,"max_tokens":900,"stream":true"#,
        );
    }

    #[test]
    fn one_quirk_goes_at_a_time_and_the_last_one_ends_it() {
        let forms = Forms::new(Form::first("http://llm.example/v1", true));
        let all = [Part::StreamUsage, Part::Limit, Part::Temperature, Part::Seed, Part::Shape, Part::Stream];
        let mut steps = 0;
        while forms.step_down(forms.current(), &all) {
            steps += 1;
        }
        assert_eq!((steps, forms.current().to_string().as_str()), (8, "plain text"));
        assert!(!forms.step_down(forms.current(), &[]));
    }

    #[test]
    fn a_quirk_found_by_two_calls_is_dropped_once() {
        let forms = Forms::new(Form::first("http://llm.example/v1", false));
        let sent = forms.current();
        assert!(forms.step_down(sent, &[Part::Shape]) && forms.step_down(sent, &[Part::Shape]));
        assert_eq!(forms.current().to_string(), "json_object, max_tokens, temperature, seed");
    }

    #[tokio::test]
    async fn one_call_at_a_time_until_the_form_is_known() {
        let forms = Forms::new(Form::first("http://llm.example/v1", false));
        let first = forms.turn().await;
        assert!(first.is_some() && forms.known().is_none());
        let mut second = Box::pin(forms.turn());
        assert!(futures_util::poll!(&mut second).is_pending());
        forms.settle();
        assert!(second.await.is_none() && forms.turn().await.is_none());
        assert_eq!(forms.known(), Some(forms.current()));
    }
}
