//! People who log in, as they meet the pages: the first account, signing in,
//! roles, sessions, the second step, handoffs, and whoever tries to get around them.

mod admins;
mod first;
mod forged;
mod handoffs;
mod log;
mod provider;
mod roles;
mod second_step;
mod sessions;
mod signing_in;
mod stage;
mod walk;
mod walks;

#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/axe.rs"]
mod axe;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/chromium.rs"]
mod chromium;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../serving/conformance.rs"]
mod conformance;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/hands.rs"]
mod hands;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../serving/harness.rs"]
mod harness;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../links/person.rs"]
mod person;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../asking/smtp.rs"]
mod smtp;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../links/vectors.rs"]
mod vectors;
