//! People are asked: from a gap to a message, its reminders, its answer, and
//! quiet; by mail through a real server, by Slack within its limits.

#[allow(dead_code, reason = "tests of pages use more of it")]
#[path = "../browser/chromium.rs"]
mod chromium;
mod command;
#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/conformance.rs"]
mod conformance;
#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/harness.rs"]
mod harness;
mod life;
mod mails;
mod slack;
mod smtp;
mod turns;
