//! The faults of endpoints, as data: what each does on the wire, and how a
//! call must end when it lasts and when it passes.

#![allow(dead_code)]

use std::time::{Duration, SystemTime};

use baton::config::ModelSettings;
use serde_json::json;

use super::fake::{
    Fake, Reaction, Seen, Step, answer, closed_base_url, completion, event, refuse, settings, stream_head,
};

/// One way in which an endpoint fails.
#[derive(Clone, Copy)]
pub struct Fault {
    pub name: &'static str,
    pub place: Place,
    /// What it does to a request.
    pub respond: fn(&Seen) -> Reaction,
    /// How a call ends if the fault lasts: a failure's code, or `reply`.
    pub lasting: &'static str,
    /// How a call ends if only the first answer has the fault.
    pub passing: &'static str,
    /// Ends by a deadline: needs short ones.
    pub is_slow: bool,
}

impl Fault {
    /// Settings that lead a call into the fault.
    pub async fn settings(&self, fake: &Fake) -> ModelSettings {
        let base_url = match self.place {
            Place::Here => fake.base_url(),
            Place::Nowhere => closed_base_url().await,
            Place::Secure => fake.base_url().replace("http://", "https://"),
        };
        let mut settings = ModelSettings { retries: 2, ..settings(base_url) };
        if self.is_slow {
            (settings.timeout_seconds, settings.first_byte_seconds, settings.retries) = (4, Some(3), 1);
        }
        settings
    }
}

/// Where the endpoint is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Here,
    /// Nobody listens.
    Nowhere,
    /// It is asked for TLS, of which it knows nothing.
    Secure,
}

const fn fault(
    name: &'static str,
    respond: fn(&Seen) -> Reaction,
    lasting: &'static str,
    passing: &'static str,
) -> Fault {
    Fault { name, place: Place::Here, respond, lasting, passing, is_slow: false }
}

/// What `Retry-After` asks for in the faults that have it.
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A date in a header has whole seconds, so this asks for one to two seconds.
fn soon() -> String {
    httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2))
}

const fn slow(fault: Fault) -> Fault {
    Fault { is_slow: true, ..fault }
}

const fn at(place: Place, fault: Fault) -> Fault {
    Fault { place, ..fault }
}

const PAGE: &str = "<html><body><h1>canary 502 Bad Gateway</h1></body></html>";

pub const FAULTS: [Fault; 28] = [
    fault("400", |_| refuse(400, "canary: bad request"), "rejected", "rejected"),
    fault("400 that is a rate limit", |_| refuse(400, "canary: Rate limit reached"), "rate_limited", "reply"),
    fault("401", |_| refuse(401, "canary: Incorrect API key sk-canary"), "not_allowed", "not_allowed"),
    fault("403", |_| refuse(403, "canary: not your model"), "not_allowed", "not_allowed"),
    fault("404 model", |_| refuse(404, "The model `canary` does not exist"), "not_found", "not_found"),
    fault("408", |_| refuse(408, "canary"), "broken", "reply"),
    fault("409", |_| refuse(409, "canary"), "broken", "reply"),
    fault("413", |_| refuse(413, "canary"), "too_large", "too_large"),
    fault("422", |_| refuse(422, "canary"), "rejected", "rejected"),
    fault("429 with seconds", |_| answer(429, &[("retry-after", "1")], "canary"), "rate_limited", "reply"),
    fault("429 with a date", |_| answer(429, &[("retry-after", &soon())], PAGE), "rate_limited", "reply"),
    fault("429 without a time", |_| answer(429, &[], "{}"), "rate_limited", "reply"),
    fault("429 quota", |_| refuse(429, "canary: insufficient_quota"), "out_of_quota", "out_of_quota"),
    fault("500", |_| refuse(500, "canary: it broke"), "broken", "reply"),
    fault("502 page", |_| answer(502, &[("content-type", "text/html")], PAGE), "broken", "reply"),
    fault("503", |_| answer(503, &[], "canary"), "broken", "reply"),
    fault("529", |_| refuse(529, "canary: overloaded"), "broken", "reply"),
    at(Place::Nowhere, fault("connection refused", |_| Vec::new(), "unreachable", "unreachable")),
    at(Place::Secure, fault("TLS failure", |_| Vec::new(), "unreachable", "unreachable")),
    slow(fault("hang", |_| vec![Step::Hang], "timed_out", "reply")),
    slow(fault("a byte a second", |_| drip(), "timed_out", "reply")),
    fault("cut in a stream", |_| vec![stream_head(), event("{\"canary\"", "")], "unreachable", "reply"),
    fault("no [DONE]", |_| vec![stream_head(), event("{}", ""), event("", "stop")], "reply", "reply"),
    fault("half a JSON text", |_| answer(200, &[], "{\"choices\": [{\"canary"), "garbled", "reply"),
    fault("the limit of length", |_| completion(json!({"content": "{\"canary"}), "length"), "cut_off", "cut_off"),
    fault("filter", |_| completion(json!({"content": "canary"}), "content_filter"), "filtered", "filtered"),
    fault("refusal", |_| completion(json!({"refusal": "canary, no"}), "stop"), "refused", "refused"),
    fault("no choices", |_| answer(200, &[], "{\"choices\": [], \"x\": \"canary\"}"), "empty", "reply"),
];

fn drip() -> Reaction {
    let mut steps = vec![stream_head()];
    for byte in b"data: {\"choices\": [{\"delta\": {\"content\": \"canary\"}}]}\n\n" {
        steps.extend([Step::Send(vec![*byte]), Step::Wait(Duration::from_secs(1))]);
    }
    steps
}
