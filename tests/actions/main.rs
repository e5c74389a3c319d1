//! What a transfer sets off: every action of the route, once a clearance, with
//! its own words; told when it fails, tried again by hand, tried out without
//! anybody being bothered, and there after any crash.

#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/conformance.rs"]
mod conformance;
mod erasing;
mod failing;
#[path = "../endpoint/fake.rs"]
mod fake;
#[allow(dead_code, reason = "tests of the whole service use more of it")]
#[path = "../serving/harness.rs"]
mod harness;
mod killing;
mod life;
#[allow(dead_code, reason = "the server's tests use more of it")]
#[path = "../faults/server.rs"]
mod server;
#[allow(dead_code, reason = "tests of webhooks use more of it")]
#[path = "../webhooks/sink.rs"]
mod sink;
#[path = "../asking/smtp.rs"]
mod smtp;
mod stage;
#[allow(dead_code, reason = "tests of webhooks use more of it")]
#[path = "../webhooks/steps.rs"]
mod steps;
mod trying;

pub use steps::pass_time;
