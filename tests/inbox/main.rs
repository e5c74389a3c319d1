//! The list of handoffs, beginning one, figures and routes, as people who log in
//! meet them: over HTTP with every role, and in a real browser.

mod alike;
mod beginning;
mod figures;
mod inbox;
mod pictures;
mod routes;
mod walls;

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
#[path = "../console/stage.rs"]
mod stage;
