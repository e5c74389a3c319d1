//! The live model against a fake endpoint: every fault, every form of request,
//! strange contents, limits, and that no word of a customer reaches a log.

mod contents;
mod fake;
mod faults;
mod forms;
mod limits;
mod matrix;

use std::time::Duration;

use baton::llm::{Allowance, Call, Failure, Reply};

/// A call that is told apart by its user's message.
fn call(user: &str) -> Call {
    Call {
        system: "canary: the rules".into(),
        user: user.into(),
        schema: serde_json::json!({"type": "object", "properties": {}, "additionalProperties": false}).into(),
        max_output_tokens: 500,
    }
}

/// What a handoff of one window may spend.
fn allowance(retries: u32) -> Allowance {
    Allowance::new(1 + 5, retries, Duration::from_secs(300))
}

/// `reply`, or the failure's code.
fn name(outcome: &Result<Reply, Failure>) -> &'static str {
    outcome.as_ref().map_or_else(Failure::code, |_| "reply")
}
