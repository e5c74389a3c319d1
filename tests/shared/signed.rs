//! Signed messages as they reach a receiver, falsified bit by bit, and read by
//! somebody else's program: the Standard Webhooks project's own library.

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

/// What scripts/venv makes.
const PYTHON: &str = "target/venvs/standardwebhooks/bin/python";

/// One message and the secret that its receiver knows.
#[derive(Clone)]
pub struct Message {
    pub secret: String,
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: String,
}

impl Message {
    pub fn line(&self, is_changed: bool) -> String {
        json!({"secret": self.secret, "id": self.id, "timestamp": self.timestamp, "signature": self.signature,
            "body": self.body, "is_changed": is_changed})
        .to_string()
    }

    /// The same with one bit of it another one.
    pub fn changed(&self, random: &mut fastrand::Rng) -> Message {
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

/// Has lines of messages verified; how many there were and how many were taken for good.
pub fn verify_elsewhere(lines: &str, name: &str) -> Json {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(PYTHON);
    assert!(python.is_file(), "run `scripts/venv standardwebhooks==1.1.0`, as scripts/test does");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.jsonl", std::process::id()));
    std::fs::write(&file, lines).expect("a file");
    let script = root.join("tests/access/second_reader.py");
    let output = Command::new(python).arg(script).arg(&file).output().expect("Python");
    std::fs::remove_file(&file).expect("the file");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim())
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)))
}
