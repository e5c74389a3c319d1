//! Our signatures, read by somebody else's program: ten thousand messages of
//! random words, verified by the Standard Webhooks project's own library for
//! Python, and none of them with one bit changed.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton::access::webhooks::{Secret, Secrets, sign};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};

const MESSAGES: usize = 10_000;
/// What scripts/venv makes.
const PYTHON: &str = "target/venvs/standardwebhooks/bin/python";

#[derive(Clone)]
struct Message {
    secret: String,
    id: String,
    timestamp: String,
    signature: String,
    body: String,
}

impl Message {
    fn line(&self, is_changed: bool) -> String {
        json!({"secret": self.secret, "id": self.id, "timestamp": self.timestamp, "signature": self.signature,
            "body": self.body, "is_changed": is_changed})
        .to_string()
    }

    /// The same with one bit of it another one.
    fn changed(&self, random: &mut fastrand::Rng) -> Message {
        let mut changed = self.clone();
        match random.u8(0..10) {
            0 => flip_letter(&mut changed.id, random),
            1 => flip_letter(&mut changed.timestamp, random),
            2..5 => {
                // Every signature that stands there: each alone would be enough.
                let tags = self.signature.split(' ').map(|one| format!("v1,{}", flip_base64(&one[3..], random)));
                changed.signature = tags.collect::<Vec<_>>().join(" ");
            }
            5 => changed.secret = format!("whsec_{}", flip_base64(&self.secret[6..], random)),
            _ => flip_letter(&mut changed.body, random),
        }
        changed
    }
}

/// Flips one of the low bits of one ASCII letter, so that it stays one.
fn flip_letter(text: &mut String, random: &mut fastrand::Rng) {
    let mut bytes = std::mem::take(text).into_bytes();
    let places: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place].is_ascii()).collect();
    bytes[places[random.usize(..places.len())]] ^= 1 << random.u8(0..7);
    *text = String::from_utf8(bytes).expect("ASCII stays ASCII");
}

fn flip_base64(text: &str, random: &mut fastrand::Rng) -> String {
    let mut bytes = STANDARD.decode(text).expect("base64");
    let place = random.usize(..bytes.len());
    bytes[place] ^= 1 << random.u8(0..8);
    STANDARD.encode(bytes)
}

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
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(PYTHON);
    assert!(python.is_file(), "run `scripts/venv standardwebhooks==1.1.0`, as scripts/test does");
    let mut random = fastrand::Rng::with_seed(31);
    let now = Timestamp::now();
    let mut lines = String::new();
    for number in 0..MESSAGES {
        let message = message(number, &mut random, now);
        let _ = writeln!(lines, "{}", message.line(false));
        let _ = writeln!(lines, "{}", message.changed(&mut random).line(true));
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("signed-{}.jsonl", std::process::id()));
    std::fs::write(&file, lines).expect("a file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/access/second_reader.py");
    let output = Command::new(python).arg(script).arg(&file).output().expect("Python");
    std::fs::remove_file(&file).expect("the file");
    let text = String::from_utf8_lossy(&output.stdout);
    let counts: Json = serde_json::from_str(text.trim())
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    let expected = json!({"messages": MESSAGES, "verified": MESSAGES, "same_signature": MESSAGES, "changed": MESSAGES,
        "changed_verified": 0});
    let pass = counts == expected;
    println!("{}", json!({"check": "R-31/python", "pass": pass, "counts": counts}));
    assert!(pass, "{counts}");
}
