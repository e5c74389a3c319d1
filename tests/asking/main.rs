//! People are asked: from a gap to a message, its reminders, its answer, and
//! quiet; by mail through a real server, by Slack within its limits.

use std::time::Duration;

#[allow(dead_code, reason = "tests of pages use more of it")]
#[path = "../browser/chromium.rs"]
mod chromium;
mod command;
#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/conformance.rs"]
mod conformance;
mod doubles;
mod echoes;
#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/harness.rs"]
mod harness;
mod inert;
mod life;
mod mails;
mod offers;
#[allow(dead_code, reason = "tests of links use more of it")]
#[path = "../links/person.rs"]
mod person;
mod replies;
mod returned;
#[allow(dead_code, reason = "tests of webhooks use more of it")]
#[path = "../webhooks/sink.rs"]
mod sink;
mod slack;
mod smtp;
mod turns;
mod unsent;
mod walk;

/// Lets time pass: for faults that need some, never to wait for a result.
pub async fn pass_time(time: Duration) {
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}
