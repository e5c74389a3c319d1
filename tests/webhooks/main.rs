//! What is told to the outside: that it arrives, once per id, signed, at those
//! who want it, in their time; and that no address leads inside. Every check
//! prints one line of JSON with its figures.

mod addresses;
mod arriving;
mod failing;
mod hostile;
mod killing;
mod limits;
mod notices;
mod retrying;
mod sink;
mod steps;
mod verified;

#[allow(dead_code)]
#[path = "../serving/conformance.rs"]
mod conformance;
#[path = "../endpoint/fake.rs"]
mod fake;
#[allow(dead_code)]
#[path = "../serving/harness.rs"]
mod harness;
#[allow(dead_code)]
#[path = "../faults/server.rs"]
mod server;
#[path = "../shared/signed.rs"]
mod signed;
#[allow(dead_code)]
#[path = "../asking/smtp.rs"]
mod smtp;

pub use steps::*;
