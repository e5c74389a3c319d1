//! Structured personal data does not reach a model whose route withholds it,
//! and stands in the brief as it was said. A thousand documents are made from a
//! seed; `cargo test --test redaction -- --nocapture` prints the counts.

mod documents;
mod leaving;
mod measured;
mod values;

use serde_json::{Value as Json, json};

/// How many times something is done: more in the long form.
fn rounds(short: u64, long: u64) -> u64 {
    if std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}

/// Prints one figure as a line of JSON, and holds it.
fn figure(check: &str, pass: bool, counts: Json) {
    let mut line = json!({"check": check, "pass": pass});
    if let (Some(line), Json::Object(counts)) = (line.as_object_mut(), counts) {
        line.extend(counts);
    }
    println!("{line}");
    assert!(pass, "{line}");
}
