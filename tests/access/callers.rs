//! Callers that sign, by both schemes: fourteen cases each, what a replay is
//! worth, and which key makes two requests one.

use baton::access::callers::{Caller, IdempotencyKey, Preset, Request};
use baton::access::{SignatureFault, Signed};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;

use crate::folders::{NOW, after};
use crate::senders::{Sent, hubspot, standard};

const BASE: &str = "https://baton.acme.example";
const TARGET: &str = "/v1/handoffs?wait=5";
const BODY: &str = r#"{ "route": "sales-to-onboarding", "known": {"customer_name": "Größe & Söhne"} }"#;

const HUBSPOT_SECRET: &str = "5f3c2a10-91d2-4c5e-8d0b-2f6a7c9e1b34";
const HUBSPOT_OTHER: &str = "0b7e6d55-3a41-4f0e-9c22-7d1f8e5a6c90";
const STANDARD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const STANDARD_OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// One scheme, as the fourteen cases need it.
struct Scheme {
    name: &'static str,
    preset: Preset,
    secret: &'static str,
    other: &'static str,
    signature: &'static str,
    timestamp: &'static str,
    sign: fn(secret: &str, body: &[u8], seconds: i64) -> Sent,
}

fn schemes() -> [Scheme; 2] {
    let address = |secret: &str, body: &[u8], seconds| hubspot(secret, &format!("{BASE}{TARGET}"), body, seconds);
    [
        Scheme {
            name: "hubspot v3",
            preset: Preset::Hubspot,
            secret: HUBSPOT_SECRET,
            other: HUBSPOT_OTHER,
            signature: "x-hubspot-signature-v3",
            timestamp: "x-hubspot-request-timestamp",
            sign: address,
        },
        Scheme {
            name: "standard webhooks",
            preset: Preset::Plain,
            secret: STANDARD_SECRET,
            other: STANDARD_OTHER,
            signature: "webhook-signature",
            timestamp: "webhook-timestamp",
            sign: standard,
        },
    ]
}

fn caller(preset: Preset, secrets: &[&str]) -> Caller {
    let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
    Caller::new(preset).with_secrets(&secrets).expect("secrets")
}

impl Scheme {
    fn verify(&self, sent: &Sent) -> Result<Signed, SignatureFault> {
        let request = Request { method: "POST", target: TARGET, headers: &sent.headers, body: &sent.body };
        caller(self.preset, &[self.secret]).verify(BASE, &request, NOW)
    }

    fn signed(&self, seconds_ahead: i64) -> Sent {
        (self.sign)(self.secret, BODY.as_bytes(), NOW.as_second() + seconds_ahead)
    }

    /// The good request, with one thing changed.
    fn with(&self, change: impl Fn(&Scheme, &mut Sent)) -> Sent {
        let mut sent = self.signed(0);
        change(self, &mut sent);
        sent
    }

    fn set(&self, name: &'static str, value: &str) -> Sent {
        self.with(|_, sent| {
            sent.headers.insert(name, value.parse().expect("a value"));
        })
    }

    fn text(&self, sent: &Sent, name: &str) -> String {
        sent.headers[name].to_str().expect("a text").to_owned()
    }
}

/// The lowest bit of the letter at this place is flipped.
fn flip(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= 1;
    String::from_utf8(bytes).expect("a text")
}

#[test]
fn only_the_true_sender_is_believed() {
    use SignatureFault::{Missing, Repeated, TooNew, TooOld, Unreadable, Wrong};
    let mut cases = 0;
    for scheme in schemes() {
        let (signature, timestamp) = (scheme.signature, scheme.timestamp);
        let mut check = |case: &str, sent: &Sent, expected: Result<(), SignatureFault>| {
            assert_eq!(scheme.verify(sent).map(|_| ()), expected, "{}: {case}", scheme.name);
            cases += 1;
        };
        let good = scheme.signed(0);
        let (tag, time) = (scheme.text(&good, signature), scheme.text(&good, timestamp));
        check("good", &good, Ok(()));
        check("a bit of the body", &scheme.with(|_, sent| sent.body[7] ^= 1), Err(Wrong));
        check("a bit of the time", &scheme.set(timestamp, &flip(&time, time.len() - 1)), Err(Wrong));
        check("a bit of the signature", &scheme.set(signature, &flip(&tag, 9)), Err(Wrong));
        for name in [signature, timestamp] {
            let without = scheme.with(|_, sent| {
                sent.headers.remove(name);
            });
            check("missing", &without, Err(Missing(name)));
            check("empty", &scheme.set(name, ""), Err(Missing(name)));
        }
        check("old", &scheme.signed(-301), Err(TooOld));
        check("five minutes old", &scheme.signed(-300), Ok(()));
        check("of the future", &scheme.signed(301), Err(TooNew));
        check("five minutes ahead", &scheme.signed(300), Ok(()));
        let wrong = (scheme.sign)("whsec_GBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIB", BODY.as_bytes(), NOW.as_second());
        check("wrong secret", &wrong, Err(Wrong));
        check("another workspace's secret", &(scheme.sign)(scheme.other, BODY.as_bytes(), NOW.as_second()), Err(Wrong));
        let two = format!("{} {tag}", scheme.text(&wrong, signature));
        // HubSpot sends one signature; a list is no base64.
        let expected = if scheme.preset == Preset::Hubspot { Err(Unreadable(signature)) } else { Ok(()) };
        check("two signatures, one good", &scheme.set(signature, &two), expected);
        let again = serde_json::from_str::<serde_json::Value>(BODY).expect("JSON").to_string();
        check("written again", &scheme.with(|_, sent| sent.body = again.clone().into_bytes()), Err(Wrong));
        let chunks = BODY.as_bytes().chunks(5).map(<[u8]>::to_vec).collect::<Vec<_>>().concat();
        check("in chunks", &scheme.with(|_, sent| sent.body = chunks.clone()), Ok(()));
        for name in [signature, timestamp] {
            let repeated = scheme.with(|scheme, sent| {
                let value = scheme.text(sent, name).parse().expect("a value");
                sent.headers.append(HeaderName::from_static(name), value);
            });
            check("a header repeated", &repeated, Err(Repeated(name)));
            let odd = scheme.with(|_, sent| {
                sent.headers.insert(name, HeaderValue::from_bytes("ä".as_bytes()).expect("a value"));
            });
            check("non-ASCII", &odd, Err(Unreadable(name)));
        }
        for odd in ["-1", "+5", "1e9", " 1", "0x5", "99999999999999999999", "abc"] {
            check("no time", &scheme.set(timestamp, odd), Err(Unreadable(timestamp)));
        }
        let expected = if scheme.preset == Preset::Hubspot { Unreadable(signature) } else { Wrong };
        check("a stray letter", &scheme.set(signature, &format!("{tag}A")), Err(expected));
    }
    println!("signatures: {cases} cases, all as expected");
}

#[test]
fn a_replay_is_the_same_request() {
    for scheme in schemes() {
        let caller = caller(scheme.preset, &[scheme.secret]);
        let sent = scheme.signed(0);
        let request = Request { method: "POST", target: TARGET, headers: &sent.headers, body: &sent.body };
        let first = caller.idempotency_key("sales-to-onboarding", &request).expect("a key");
        assert_eq!(caller.verify(BASE, &request, after(200)), Ok(Signed::Valid));
        assert_eq!(caller.idempotency_key("sales-to-onboarding", &request), Ok(first.clone()));
        // A second attempt is signed anew and is still the same request.
        let retry = scheme.signed(200);
        let request = Request { headers: &retry.headers, ..request };
        assert_eq!(caller.idempotency_key("sales-to-onboarding", &request), Ok(first), "{}", scheme.name);
    }
}

#[test]
fn hubspot_signs_the_whole_address_and_the_method() {
    let (address, time) = (format!("{BASE}{TARGET}"), NOW.as_second());
    let caller = caller(Preset::Hubspot, &[HUBSPOT_SECRET]);
    let check = |sent: &Sent, method: &str, target: &str, base: &str, expected: bool| {
        let request = Request { method, target, headers: &sent.headers, body: &sent.body };
        assert_eq!(caller.verify(base, &request, NOW).is_ok(), expected, "{method} {base}{target}");
    };
    let sent = hubspot(HUBSPOT_SECRET, &address, BODY.as_bytes(), time);
    check(&sent, "POST", TARGET, BASE, true);
    check(&sent, "PUT", TARGET, BASE, false);
    check(&sent, "POST", "/v1/handoffs", BASE, false);
    check(&sent, "POST", TARGET, "http://baton.acme.example", false);
    check(&sent, "POST", TARGET, "https://evil.example", false);
    // Whether HubSpot signs an escape or what it stands for.
    let escaped = "/v1/handoffs?idempotency_key=hubspot%3Adeal%2F7";
    for address in [format!("{BASE}{escaped}"), format!("{BASE}/v1/handoffs?idempotency_key=hubspot:deal/7")] {
        check(&hubspot(HUBSPOT_SECRET, &address, BODY.as_bytes(), time), "POST", escaped, BASE, true);
    }
}

#[test]
fn secrets_can_be_exchanged() {
    for scheme in schemes() {
        let both = caller(scheme.preset, &[scheme.other, scheme.secret]);
        for (secret, expected) in
            [(scheme.secret, true), (scheme.other, true), ("whsec_GBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIB", false)]
        {
            let sent = (scheme.sign)(secret, BODY.as_bytes(), NOW.as_second());
            let request = Request { method: "POST", target: TARGET, headers: &sent.headers, body: &sent.body };
            assert_eq!(both.verify(BASE, &request, NOW).is_ok(), expected, "{}", scheme.name);
        }
    }
    let headers = HeaderMap::new();
    let request = Request { method: "POST", target: TARGET, headers: &headers, body: b"" };
    assert_eq!(Caller::new(Preset::Hubspot).verify(BASE, &request, NOW), Ok(Signed::Unchecked));
}

#[test]
fn the_key_is_taken_from_the_nearest_place() {
    let route = "sales-to-onboarding";
    let body = br#"{"event": {"id": 77}}"#;
    let signing = caller(Preset::Plain, &[STANDARD_SECRET]);
    let check = |caller: &Caller, header: Option<&str>, target: &str, expected: &str| {
        let mut headers = standard(STANDARD_SECRET, body, NOW.as_second()).headers;
        if let Some(key) = header {
            headers.insert("idempotency-key", key.parse().expect("a value"));
        }
        let request = Request { method: "POST", target, headers: &headers, body };
        let key = caller.idempotency_key(route, &request).expect("a key");
        assert!(key.stored().starts_with(expected), "{key:?} instead of {expected}");
    };
    let pointing = signing.clone().with_key_pointer("/event/id").expect("a pointer");
    check(&pointing, Some("abc"), "/v1/handoffs?idempotency_key=abc", "key:abc");
    check(&pointing, None, "/v1/handoffs?idempotency_key=abc", "key:abc");
    check(&pointing, None, "/v1/handoffs", "body:77");
    check(&signing, None, "/v1/handoffs", "message:msg_1");
    // Who does not sign cannot choose a key by a header that nobody vouches for.
    check(&Caller::new(Preset::Plain), None, "/v1/handoffs", "print:");
    let elsewhere = Caller::new(Preset::Zapier).with_key_pointer("/nothing/here").expect("a pointer");
    check(&elsewhere, None, "/v1/handoffs", "print:");
    let chosen = IdempotencyKey::Given("print:abc".into()).stored();
    assert_ne!(chosen, IdempotencyKey::Fingerprint("abc".into()).stored());
}
