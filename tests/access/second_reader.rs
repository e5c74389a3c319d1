//! Our signatures, read by somebody else's program: ten thousand messages of
//! random words, verified by the Standard Webhooks project's own library for
//! Python, and none of them with one bit changed.

use std::fmt::Write;

use baton::access::webhooks::{Secret, Secrets, sign};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::signed::{Message, verify_elsewhere};

const MESSAGES: usize = 10_000;

/// A message with the secrets of its sender, one of which its receiver knows.
fn message(number: usize, random: &mut fastrand::Rng, now: Timestamp) -> Message {
    let length = random.usize(1..400);
    let mut body: String = (0..length).map(|_| random.char(..)).collect();
    let _ = write!(body, " {{\"number\": {number}}}");
    let (current, known) = Secret::create().expect("randomness");
    let (old, known_before) = Secret::create().expect("randomness");
    let mut secrets = Secrets::new(current);
    let is_rotated = number.is_multiple_of(3);
    if is_rotated {
        secrets = secrets.with_old(old, now + SignedDuration::from_hours(1));
    }
    let known: SecretString = if is_rotated && random.bool() { known_before } else { known };
    let headers = sign(&format!("msg_{:032x}", random.u128(..)), body.as_bytes(), &secrets, now).expect("an id");
    Message {
        secret: known.expose_secret().to_owned(),
        id: headers.id,
        timestamp: headers.timestamp,
        signature: headers.signature,
        body,
    }
}

#[test]
fn somebody_elses_program_verifies_what_we_sign() {
    let mut random = fastrand::Rng::with_seed(31);
    let now = Timestamp::now();
    let mut lines = String::new();
    for number in 0..MESSAGES {
        let message = message(number, &mut random, now);
        let _ = writeln!(lines, "{}", message.line(false));
        let _ = writeln!(lines, "{}", message.changed(&mut random).line(true));
    }
    let counts = verify_elsewhere(&lines, "signed");
    let expected = json!({"messages": MESSAGES, "verified": MESSAGES, "same_signature": MESSAGES, "changed": MESSAGES,
        "changed_verified": 0});
    let pass = counts == expected;
    println!("{}", json!({"check": "R-31/python", "pass": pass, "counts": counts}));
    assert!(pass, "{counts}");
}
