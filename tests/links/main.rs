//! Personal links and the pages behind them, as people and programs that scan
//! mail meet them: over HTTP and in a real browser, by keyboard alone.

mod asked;
mod codes;
mod forged;
mod guesses;
mod keyboard;
mod leaks;
mod log;
mod outside;
mod person;
mod receiving;
mod scanners;
mod scripts;
mod spilled;
mod vectors;
mod walk;

#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/chromium.rs"]
mod chromium;
#[path = "../serving/conformance.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod conformance;
#[path = "../browser/hands.rs"]
mod hands;
#[path = "../serving/harness.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod harness;
#[path = "../asking/smtp.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod smtp;
