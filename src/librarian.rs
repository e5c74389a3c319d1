//! The librarian puts what came in on the shelf where it is found by words:
//! handoffs that changed are looked at one after the other, behind everybody
//! who waits for an answer. Where a server holds a copy of the shelves, it is
//! told beside that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::app::App;

/// Without news it is looked this often whether something is due: for what was put off, or marked beside the service.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often it is compared how much the copy holds.
const COMPARE_EVERY: Duration = Duration::from_secs(30);
/// The copy's server is left alone for so long after it failed, and for twice as long each time, up to the second.
const SHORTEST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);
/// After so many fillings in a row something else is wrong than what filling mends: it is compared more and more seldom.
const MOST_DOUBLINGS: u32 = 7;

/// Works until the service stops. What is not done then stays marked.
pub async fn run(app: Arc<App>) {
    fail::fail_point!("librarian.idle", |_| ());
    while !app.is_stopping() {
        match app.shelve_marked().await {
            Ok(0) => app.shelving_arrives(LOOK_EVERY).await,
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "nothing new could be made to be found by words");
                app.shelving_arrives(LOOK_EVERY).await;
            }
        }
    }
}

/// Tells the copy's server what came and went, until the service stops. What is not told then stays noted.
pub async fn carry(app: Arc<App>) {
    if !app.has_copy() {
        return;
    }
    let (mut rest, mut compared_at, mut fillings) = (SHORTEST_REST, None::<Instant>, 0_u32);
    while !app.is_stopping() {
        let every = COMPARE_EVERY * 2_u32.pow(fillings.min(MOST_DOUBLINGS));
        let done = match app.carry_waiting().await {
            Ok(0) if compared_at.is_none_or(|at| at.elapsed() >= every) => {
                compared_at = Some(Instant::now());
                let compared = app.compare_copy().await;
                if let Ok(differing) = compared {
                    fillings = if differing > 0 { fillings + 1 } else { 0 };
                }
                compared
            }
            carried => carried,
        };
        match done {
            Ok(0) => {
                rest = SHORTEST_REST;
                app.carrying_arrives(LOOK_EVERY).await;
            }
            Ok(_) => rest = SHORTEST_REST,
            Err(fault) => {
                tracing::warn!(%fault, "the copy of the index is not as it should be yet; search runs on");
                app.leave_copy_alone(rest).await;
                rest = (rest * 2).min(LONGEST_REST);
            }
        }
    }
}
