//! Senders that sign, written apart from the code under test, and ten thousand
//! messages of random bodies: each is verified, none with a bit changed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton::access::webhooks::{self, Secret, Secrets};
use http::HeaderMap;
use secrecy::SecretString;

use crate::folders::NOW;

/// Headers and body as they leave a sender.
pub struct Sent {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

fn hmac(secret: &[u8], text: &[u8]) -> String {
    STANDARD.encode(ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret), text))
}

/// A `POST` as HubSpot documents it.
pub fn hubspot(secret: &str, address: &str, body: &[u8], seconds: i64) -> Sent {
    let milliseconds = format!("{seconds}000");
    let text = [b"POST", address.as_bytes(), body, milliseconds.as_bytes()].concat();
    let mut headers = HeaderMap::new();
    headers.insert("x-hubspot-signature-v3", hmac(secret.as_bytes(), &text).parse().expect("a value"));
    headers.insert("x-hubspot-request-timestamp", milliseconds.parse().expect("a value"));
    Sent { headers, body: body.to_vec() }
}

/// A message as Standard Webhooks documents it.
pub fn standard(secret: &str, body: &[u8], seconds: i64) -> Sent {
    let bytes = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    let text = [format!("msg_1.{seconds}.").as_bytes(), body].concat();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_1".parse().expect("a value"));
    headers.insert("webhook-timestamp", seconds.to_string().parse().expect("a value"));
    headers.insert("webhook-signature", format!("v1,{}", hmac(&bytes, &text)).parse().expect("a value"));
    Sent { headers, body: body.to_vec() }
}

#[test]
fn ten_thousand_messages_are_verified_and_none_that_was_changed() {
    let mut random = fastrand::Rng::with_seed(31);
    let (secret, text) = Secret::create().expect("a secret");
    let ours = Secrets::new(secret);
    let theirs =
        Secrets::new(Secret::parse(&SecretString::from(secrecy::ExposeSecret::expose_secret(&text))).expect("it"));
    let (mut verified, mut believed) = (0, 0);
    for number in 0..10_000 {
        let mut body: Vec<u8> = (0..random.usize(1..400)).map(|_| random.u8(..)).collect();
        let signed = webhooks::sign(&format!("msg_{number}"), &body, &ours, NOW).expect("an id");
        assert!(!signed.id.contains('.'));
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", signed.id.parse().expect("a value"));
        headers.insert("webhook-timestamp", signed.timestamp.parse().expect("a value"));
        headers.insert("webhook-signature", signed.signature.parse().expect("a value"));
        verified += usize::from(webhooks::verify(&headers, &body, &theirs, NOW).is_ok());
        let at = random.usize(..body.len());
        body[at] ^= 1 << random.u8(..8);
        believed += usize::from(webhooks::verify(&headers, &body, &theirs, NOW).is_ok());
    }
    println!("webhooks: 10000 messages, {verified} verified; 10000 changed, {believed} believed");
    assert_eq!((verified, believed), (10_000, 0));
}
