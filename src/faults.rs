//! Faults that tests order: named places in the code at which the process
//! dies, errs or dawdles. A release holds none of them.

use std::sync::atomic::{AtomicU32, Ordering};

/// Arms what the environment orders: `FAILPOINTS` as the `fail` crate reads it, and `FAILPOINTS_KILL=place:n`, which
/// kills the process the n-th time it comes there. Does nothing in a program without such places.
pub fn arm() {
    if !fail::has_failpoints() {
        return;
    }
    // The scenario lasts as long as the process.
    std::mem::forget(fail::FailScenario::setup());
    let Ok(order) = std::env::var("FAILPOINTS_KILL") else { return };
    let (place, count) = order.split_once(':').unwrap_or((&order, "1"));
    let left = AtomicU32::new(count.parse().unwrap_or(1));
    let kill = move || {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            kill_now();
        }
    };
    if let Err(problem) = fail::cfg_callback(place, kill) {
        tracing::error!(problem, "a fault could not be armed");
    }
}

/// As the kernel ends a process: nothing is flushed, nobody is told.
fn kill_now() {
    let pid = std::process::id().to_string();
    let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
    std::process::abort();
}
