//! The HTTP edge under callers that mean harm, with figures of the whole
//! process: memory, open files, the time of good traffic.
//! What is measured must be alone in its process, so these stand apart.

mod bombs;
#[path = "../edge/running.rs"]
mod running;
mod slow;

/// Held by the test that runs.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
