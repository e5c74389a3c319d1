//! The librarian puts what came in on the shelf where it is found by words:
//! handoffs that changed are looked at one after the other, behind everybody
//! who waits for an answer.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;

/// Without news it is looked this often whether something is due: for what was put off, or marked beside the service.
const LOOK_EVERY: Duration = Duration::from_secs(2);

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
