//! What went wrong with one request: read once, where status, headers and body
//! are at hand, into a failure without any of the body's words, and whether
//! asking again, or asking in another form, may help.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use super::Failure;
use super::openai_form::Part;
use super::retry::asked_wait;

/// An error's body is read so far; what stands later in it is mostly the request again.
const MOST_COMPLAINT_CHARS: usize = 2_000;

/// A request that gave no usable reply. Its text names the failure alone, so that it may pass through any error type.
#[derive(Clone, PartialEq)]
pub(super) struct Fault {
    pub failure: Failure,
    pub again: Again,
    /// The parts of the request that the endpoint complains of, the likeliest first.
    pub disliked: Vec<Part>,
}

/// Whether the same request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Again {
    Never,
    /// The endpoint is well, the model is not: a second try is worth it, a third is not.
    Once,
    /// After a while, and not before the endpoint allows it.
    After(Option<Duration>),
}

/// How an answer that ended early is told: it may have been paid for, unlike one that never began.
pub(super) const BROKE_OFF: &str = "the answer broke off";
/// Which deadline passed when nothing was sent yet.
pub(super) const CONNECTING: &str = "the connection (model.connect_seconds)";

impl Fault {
    pub fn never(failure: Failure) -> Self {
        Fault { failure, again: Again::Never, disliked: Vec::new() }
    }

    pub fn once(failure: Failure) -> Self {
        Fault { again: Again::Once, ..Fault::never(failure) }
    }

    pub fn later(failure: Failure) -> Self {
        Fault { again: Again::After(None), ..Fault::never(failure) }
    }

    /// The connection broke before the answer was whole.
    pub fn broke_off() -> Self {
        Fault::later(Failure::Unreachable(BROKE_OFF.to_owned()))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({})", self.failure.code())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.failure.code())
    }
}

impl Error for Fault {}

/// A request that was not answered at all.
pub(super) fn read_error(error: &reqwest::Error) -> Fault {
    if error.is_builder() {
        // Its words hold the address with all its parameters.
        return Fault::never(Failure::Garbled("the request cannot be built from the settings".to_owned()));
    }
    if error.is_timeout() && error.is_connect() {
        return Fault::later(Failure::TimedOut(CONNECTING.to_owned()));
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(tls) = find_tls(inner) {
            let is_lasting = matches!(tls, rustls::Error::InvalidCertificate(_));
            let failure = Failure::Unreachable(format!("no secure connection: {tls}"));
            return if is_lasting { Fault::never(failure) } else { Fault::later(failure) };
        }
        if inner.to_string().starts_with("dns error") {
            return Fault::later(Failure::Unreachable("the endpoint's name is not known".to_owned()));
        }
        if let Some(words) = inner.downcast_ref::<io::Error>().and_then(name_error) {
            return Fault::later(Failure::Unreachable(words.to_owned()));
        }
        cause = inner.source();
    }
    let words = if error.is_connect() { "no connection" } else { "the connection broke" };
    Fault::later(Failure::Unreachable(words.to_owned()))
}

/// A TLS error, which may hide inside input errors; those do not name what they hold as their source.
fn find_tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut inner = error;
    while let Some(held) = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        inner = held;
    }
    inner.downcast_ref()
}

fn name_error(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("connection refused"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Some("the connection was reset")
        }
        io::ErrorKind::UnexpectedEof => Some("the connection was closed"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some("no way to the endpoint"),
        _ => None,
    }
}

/// An answer with another status than success.
pub(super) fn read_status(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Fault {
    let complaint = Complaint::new(body);
    let wait = asked_wait(headers, now);
    let mut fault = classify(status, &complaint, wait);
    // Some endpoints know better than their status says that asking again is no use.
    if headers.get("x-should-retry").is_some_and(|value| value == "false") {
        fault.again = Again::Never;
    }
    fault
}

/// An answer that calls itself a success but holds an error; none if it holds none.
pub(super) fn read_inner_error(body: &Json) -> Option<Fault> {
    let error = body.get("error").filter(|error| !error.is_null())?;
    let code = error.get("code").or_else(|| error.get("status")).unwrap_or(&Json::Null);
    let number = code.as_u64().or_else(|| code.as_str()?.parse().ok());
    let status = number.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..600).contains(code));
    let complaint = Complaint::new(body.to_string().as_bytes());
    let fault = classify(status.unwrap_or(400), &complaint, None);
    // Words alone tell most refusals apart; what they do not explain is the endpoint's own trouble.
    let is_unexplained = status.is_none() && fault.failure == Failure::Rejected(400) && fault.disliked.is_empty();
    Some(if is_unexplained { Fault::later(Failure::Broken(500)) } else { fault })
}

fn classify(status: u16, complaint: &Complaint, wait: Option<Duration>) -> Fault {
    let after = |failure| Fault { again: Again::After(wait), ..Fault::never(failure) };
    match status {
        401 | 403 if !complaint.is_rate_limit() => Fault::never(Failure::NotAllowed(status)),
        402 => Fault::never(Failure::OutOfQuota),
        413 => Fault::never(Failure::TooLarge),
        408 | 409 => after(Failure::Broken(status)),
        429 if complaint.is_quota(wait) => Fault::never(Failure::OutOfQuota),
        // A single request above what a whole minute allows: no wait makes it smaller.
        429 if complaint.has("request too large") => Fault::never(Failure::TooLarge),
        429 => after(Failure::RateLimited { wait }),
        500 | 501 if complaint.has_any(&["json_schema", "response_format", "grammar"]) => {
            Fault { disliked: vec![Part::Shape], ..after(Failure::Broken(status)) }
        }
        500.. => after(Failure::Broken(status)),
        _ if complaint.is_filter() => Fault::never(Failure::Filtered),
        _ if complaint.is_rate_limit() => after(Failure::RateLimited { wait }),
        _ if complaint.is_too_large() => Fault::never(Failure::TooLarge),
        400 | 404 | 422 if !complaint.disliked().is_empty() => {
            Fault { disliked: complaint.disliked(), ..Fault::never(Failure::Rejected(status)) }
        }
        404 => Fault::never(Failure::NotFound),
        _ if complaint.is_unknown_model() => Fault::never(Failure::NotFound),
        _ => Fault::never(Failure::Rejected(status)),
    }
}

/// What an endpoint says is wrong, in small letters. Looked at here and nowhere else: it may quote the request.
struct Complaint(String);

impl Complaint {
    fn new(body: &[u8]) -> Self {
        let text = match serde_json::from_slice::<Json>(body) {
            Ok(json) => Self::spoken(&json),
            Err(_) => String::from_utf8_lossy(&body[..body.len().min(4 * MOST_COMPLAINT_CHARS)]).into_owned(),
        };
        Complaint(text.chars().take(MOST_COMPLAINT_CHARS).collect::<String>().to_lowercase())
    }

    /// The parts of an error that speak of the request, without those that repeat it.
    fn spoken(json: &Json) -> String {
        let error = json.get("error").filter(|error| !error.is_null()).unwrap_or(json);
        let mut said = Vec::new();
        for part in ["message", "code", "type", "param", "status", "detail"] {
            match error.get(part) {
                Some(Json::String(text)) => said.push(text.clone()),
                Some(Json::Array(all)) => {
                    let places = all.iter().flat_map(|one| [one.get("loc"), one.get("msg")]).flatten();
                    said.extend(places.map(Json::to_string));
                }
                _ => {}
            }
        }
        said.extend(error.as_str().map(str::to_owned));
        if said.is_empty() { error.to_string() } else { said.join(" ") }
    }

    fn has(&self, words: &str) -> bool {
        self.0.contains(words)
    }

    fn has_any(&self, all: &[&str]) -> bool {
        all.iter().any(|words| self.has(words))
    }

    fn has_word(&self, word: &str) -> bool {
        self.0.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == word)
    }

    fn is_rate_limit(&self) -> bool {
        let signs = ["rate limit", "rate_limit", "ratelimit", "rate-limit", "too many requests", "throttl"];
        self.has_any(&signs) || self.has_any(&["tokens per min", "requests per min"])
    }

    /// Whether it is money that is short. Some endpoints use the same words for what the next minute gives back.
    fn is_quota(&self, wait: Option<Duration>) -> bool {
        let signs = ["insufficient_quota", "insufficient balance", "insufficient_balance", "billing_hard_limit"];
        let comes_back = wait.is_some() || self.has_any(&["retry in", "try again in"]);
        self.has_any(&signs) || (self.has("exceeded your current quota") && !comes_back)
    }

    fn is_filter(&self) -> bool {
        self.has_any(&["content_filter", "content management policy", "responsibleai", "content policy"])
    }

    fn is_too_large(&self) -> bool {
        let context = ["context_length", "context length", "context window", "context size", "maximum context"];
        let request = ["too many tokens", "prompt is too long", "input is too long", "reduce the length"];
        self.has_any(&context) || self.has_any(&request) || self.has("request too large")
    }

    fn is_unknown_model(&self) -> bool {
        self.has("model") && self.has_any(&["not found", "not exist", "unknown model", "model_not_found"])
    }

    fn disliked(&self) -> Vec<Part> {
        let shape = ["response_format", "json_schema", "schema", "grammar", "structured", "guided", "json_object"];
        let signs = [
            (Part::StreamUsage, self.has_any(&["stream_options", "include_usage"])),
            (Part::Limit, self.has_any(&["max_tokens", "max_completion_tokens"])),
            (Part::Temperature, self.has("temperature")),
            (Part::Seed, self.has_word("seed")),
            (Part::Shape, self.has_any(&shape) || self.has_any(&["json mode", "requested parameters"])),
            (Part::Stream, self.has_word("stream") || self.has_word("streaming")),
        ];
        signs.into_iter().filter(|(_, is_meant)| *is_meant).map(|(part, _)| part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, failure: Failure, again: Again, disliked: &[Part]) {
        let fault = classify(status, &Complaint::new(body.as_bytes()), None);
        assert_eq!((fault.failure, fault.again, fault.disliked.as_slice()), (failure, again, disliked), "{body}");
    }

    const AFTER: Again = Again::After(None);

    #[test]
    fn statuses() {
        for (status, failure) in [
            (401, Failure::NotAllowed(401)),
            (403, Failure::NotAllowed(403)),
            (402, Failure::OutOfQuota),
            (404, Failure::NotFound),
            (413, Failure::TooLarge),
            (400, Failure::Rejected(400)),
            (418, Failure::Rejected(418)),
            (307, Failure::Rejected(307)),
        ] {
            check(status, "", failure, Again::Never, &[]);
        }
        for status in [408, 409, 500, 502, 503, 504, 529] {
            check(status, "<html>a page</html>", Failure::Broken(status), AFTER, &[]);
        }
    }

    #[test]
    fn rate_limits_in_odd_dress() {
        let limited = Failure::RateLimited { wait: None };
        check(429, "<h1>slow down</h1>", limited.clone(), AFTER, &[]);
        check(429, "", limited.clone(), AFTER, &[]);
        check(400, r#"{"error": "Too Many Requests"}"#, limited.clone(), AFTER, &[]);
        check(403, r#"{"error": {"message": "Rate limit reached"}}"#, limited.clone(), AFTER, &[]);
        let gives_back = r#"{"error": {"message": "You exceeded your current quota. Please retry in 32s."}}"#;
        check(429, gives_back, limited, AFTER, &[]);
        let spent = r#"{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}"#;
        check(429, spent, Failure::OutOfQuota, Again::Never, &[]);
        let huge = r#"{"error": {"message": "Request too large for gpt on tokens per min (TPM): Limit 30000"}}"#;
        check(429, huge, Failure::TooLarge, Again::Never, &[]);
    }

    #[test]
    fn refused_parts() {
        let refused = |body: &str, parts: &[Part]| check(400, body, Failure::Rejected(400), Again::Never, parts);
        refused(r#"{"error": {"message": "Invalid parameter", "param": "response_format"}}"#, &[Part::Shape]);
        refused(r#"{"error": {"message": "'temperature' does not support 0", "param": null}}"#, &[Part::Temperature]);
        refused("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", &[Part::Limit]);
        refused(r#"{"detail": [{"loc": ["body", "seed"], "msg": "extra", "input": "schema"}]}"#, &[Part::Seed]);
        refused(r#"{"message": "stream_options is not known"}"#, &[Part::StreamUsage]);
        refused(r#"{"message": "streaming is off; the seed is not"}"#, &[Part::Seed, Part::Stream]);
        refused(r#"{"error": {"message": "quota exceeded, proceed"}}"#, &[]);
        check(500, r#"{"error": "failed to parse grammar"}"#, Failure::Broken(500), AFTER, &[Part::Shape]);
    }

    #[test]
    fn other_refusals() {
        let check = |body: &str, failure: Failure| check(400, body, failure, Again::Never, &[]);
        check("This model's maximum context length is 8192, max_tokens is 900", Failure::TooLarge);
        check(r#"{"error": {"code": "content_filter", "message": "filtered"}}"#, Failure::Filtered);
        check(r#"{"error": "model 'x' not found"}"#, Failure::NotFound);
    }

    #[test]
    fn errors_that_call_themselves_success() {
        let check = |body: &str, expected: Option<Failure>| {
            let body = serde_json::from_str(body).expect("a body");
            assert_eq!(read_inner_error(&body).map(|fault| fault.failure), expected, "{body}");
        };
        check(r#"{"choices": [], "error": null}"#, None);
        check(r#"{"error": {"code": 429, "message": "x"}}"#, Some(Failure::RateLimited { wait: None }));
        check(r#"{"error": {"code": "502"}}"#, Some(Failure::Broken(502)));
        check(r#"{"error": "x"}"#, Some(Failure::Broken(500)));
        check(
            r#"{"error": {"message": "Rate limit reached", "code": null}}"#,
            Some(Failure::RateLimited { wait: None }),
        );
        check(r#"{"error": {"message": "maximum context length is 8192"}}"#, Some(Failure::TooLarge));
    }

    #[test]
    fn faults_do_not_repeat_the_body() {
        let fault = read_status(400, &HeaderMap::new(), b"the canary sings", SystemTime::UNIX_EPOCH);
        assert_eq!(format!("{fault:?} {fault}"), "Fault(rejected) rejected");
    }
}
