//! The habits of the programs that call: where each can put its idempotency
//! key, how it signs, and whether it understands `Retry-After`. A caller that
//! knows none of that, `plain`, gets what the standards say.

mod hubspot;
mod idempotency;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::signatures::{SignatureFault, Signed};
use super::webhooks::{self, Secrets};

pub use idempotency::{IdempotencyKey, WrongKey};

/// A kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Preset {
    /// Workflow webhooks. They come again for up to three days, but never after a 4xx other than 429.
    Hubspot,
    Zapier,
    Make,
    Salesforce,
    N8n,
    #[default]
    Plain,
}

impl Preset {
    pub const ALL: [Preset; 6] =
        [Preset::Hubspot, Preset::Zapier, Preset::Make, Preset::Salesforce, Preset::N8n, Preset::Plain];

    /// The word in settings and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Preset::Hubspot => "hubspot",
            Preset::Zapier => "zapier",
            Preset::Make => "make",
            Preset::Salesforce => "salesforce",
            Preset::N8n => "n8n",
            Preset::Plain => "plain",
        }
    }

    /// The value of `Retry-After` for a wait, in full seconds; `None` where the header is better left out.
    ///
    /// HubSpot is said to read milliseconds. No number is safe in both units: a minute in one is
    /// most of a day in the other. Without the header, its own schedule comes back after a minute.
    pub fn retry_after(self, wait: Duration) -> Option<String> {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        (self != Preset::Hubspot).then(|| seconds.to_string())
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// What is set for a caller cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallerFault {
    #[error("`{word}` is no kind of caller; there are {}", Preset::ALL.map(Preset::word).join(", "))]
    UnknownPreset { word: String },
    #[error("`{0}` is no JSON pointer; it begins with `/`, as in `/event/id`")]
    NoPointer(String),
    #[error("the signing secret is empty")]
    EmptySecret,
    #[error(transparent)]
    NoSecret(#[from] webhooks::NoSecret),
}

impl FromStr for Preset {
    type Err = CallerFault;

    fn from_str(text: &str) -> Result<Preset, CallerFault> {
        let found = Preset::ALL.into_iter().find(|preset| preset.word() == text);
        found.ok_or_else(|| CallerFault::UnknownPreset { word: text.to_owned() })
    }
}

/// A request as it came in, before anything of it is believed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `POST`, …
    pub method: &'a str,
    /// Path and query exactly as they stood in the request line.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    /// The raw bytes: parsed and written again, they would be others.
    pub body: &'a [u8],
}

#[derive(Debug, Clone)]
enum Signing {
    None,
    /// The client secrets of the app; more than one while they are exchanged.
    Hubspot(Vec<SecretString>),
    Standard(Secrets),
}

/// One caller: its kind, and what is set for it.
#[derive(Debug, Clone)]
pub struct Caller {
    preset: Preset,
    key_pointer: Option<String>,
    signing: Signing,
}

impl Caller {
    /// A caller of this kind that does not sign.
    pub fn new(preset: Preset) -> Caller {
        Caller { preset, key_pointer: None, signing: Signing::None }
    }

    pub fn preset(&self) -> Preset {
        self.preset
    }

    /// Takes the idempotency key from this place in the JSON body (RFC 6901), for callers that cannot
    /// set a header. It must name the event, not the record: a deal that is won twice is two handoffs.
    pub fn with_key_pointer(mut self, pointer: &str) -> Result<Caller, CallerFault> {
        if !pointer.starts_with('/') {
            return Err(CallerFault::NoPointer(pointer.to_owned()));
        }
        self.key_pointer = Some(pointer.to_owned());
        Ok(self)
    }

    /// From now on refuses every request that is not signed: HubSpot's by its version 3 with the app's
    /// client secret, others by Standard Webhooks. With several secrets, the newest first, any is good.
    pub fn with_secrets(mut self, secrets: &[SecretString]) -> Result<Caller, CallerFault> {
        if secrets.is_empty() || secrets.iter().any(|secret| secret.expose_secret().trim().is_empty()) {
            return Err(CallerFault::EmptySecret);
        }
        if self.preset == Preset::Hubspot {
            self.signing = Signing::Hubspot(secrets.to_vec());
            return Ok(self);
        }
        let parsed: Vec<_> = secrets.iter().map(webhooks::Secret::parse).collect::<Result<_, _>>()?;
        let mut parsed = parsed.into_iter();
        let newest = parsed.next().ok_or(CallerFault::EmptySecret)?;
        let all = parsed.fold(Secrets::new(newest), |all, old| all.with_old(old, Timestamp::MAX));
        self.signing = Signing::Standard(all);
        Ok(self)
    }

    /// Verifies the sender. `base_url` is the public address of this Baton as callers see it, which
    /// HubSpot signs; what the request itself says of its host could be forged.
    pub fn verify(&self, base_url: &str, request: &Request, now: Timestamp) -> Result<Signed, SignatureFault> {
        match &self.signing {
            Signing::None => return Ok(Signed::Unchecked),
            Signing::Hubspot(secrets) => hubspot::verify(base_url, request, secrets, now)?,
            Signing::Standard(secrets) => webhooks::verify(request.headers, request.body, secrets, now)?,
        }
        Ok(Signed::Valid)
    }

    /// Whether requests of this caller have to be signed.
    pub fn signs(&self) -> bool {
        !matches!(self.signing, Signing::None)
    }

    /// What makes a signed request and every copy of it the same, whatever stands in the headers that nobody signed:
    /// the signature itself, or the id of the signed message. For requests that were verified.
    pub fn signed_mark(&self, request: &Request) -> Option<String> {
        match &self.signing {
            Signing::None => None,
            Signing::Hubspot(_) => hubspot::mark(request),
            Signing::Standard(_) => idempotency::message(request.headers).map(|id| id.stored()),
        }
    }

    /// The key under which this request and its repetitions are one: the header `Idempotency-Key`, the
    /// query's `idempotency_key`, the place in the body, the id of a signed message, else a fingerprint
    /// of route and raw body.
    pub fn idempotency_key(&self, route: &str, request: &Request) -> Result<IdempotencyKey, WrongKey> {
        let is_message = matches!(self.signing, Signing::Standard(_));
        if let Some(given) = idempotency::given(request)? {
            return Ok(given);
        }
        let pointer = self.key_pointer.as_deref();
        let in_body = pointer.and_then(|pointer| idempotency::in_body(pointer, request.body));
        let message = || idempotency::message(request.headers).filter(|_| is_message);
        Ok(in_body.or_else(message).unwrap_or_else(|| idempotency::fingerprint(route, request.body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_have_words() {
        for preset in Preset::ALL {
            assert_eq!(preset.to_string().parse(), Ok(preset));
        }
        let error = "Hubspot".parse::<Preset>().expect_err("capital letters").to_string();
        assert!(error.contains("hubspot, zapier, make, salesforce, n8n, plain"), "{error}");
    }

    #[test]
    fn waits_are_told_in_whole_seconds_or_not_at_all() {
        for (preset, milliseconds, expected) in [
            (Preset::Plain, 0, Some("0")),
            (Preset::Plain, 1, Some("1")),
            (Preset::Zapier, 1000, Some("1")),
            (Preset::Make, 1001, Some("2")),
            (Preset::Salesforce, 60_000, Some("60")),
            (Preset::N8n, 60_000, Some("60")),
            (Preset::Hubspot, 60_000, None),
        ] {
            let told = preset.retry_after(Duration::from_millis(milliseconds));
            assert_eq!(told.as_deref(), expected, "{preset} {milliseconds}");
        }
    }

    #[test]
    fn what_is_set_must_be_usable() {
        let check = |preset: Preset, secrets: &[&str], expected: Result<(), CallerFault>| {
            let secrets: Vec<SecretString> = secrets.iter().map(|text| SecretString::from(*text)).collect();
            assert_eq!(Caller::new(preset).with_secrets(&secrets).map(|_| ()), expected, "{preset}");
        };
        check(Preset::Hubspot, &["any text that HubSpot shows"], Ok(()));
        check(Preset::Hubspot, &[""], Err(CallerFault::EmptySecret));
        check(Preset::Hubspot, &["a", " "], Err(CallerFault::EmptySecret));
        check(Preset::Plain, &[], Err(CallerFault::EmptySecret));
        check(Preset::Plain, &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], Ok(()));
        check(Preset::Zapier, &["short"], Err(CallerFault::NoSecret(webhooks::NoSecret)));
        assert!(Caller::new(Preset::Make).with_key_pointer("/event/id").is_ok());
        assert!(Caller::new(Preset::Make).with_key_pointer("event").is_err());
    }
}
