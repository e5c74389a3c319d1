//! The courier tells the outside: passes on what happened, sends what is due,
//! a few messages at a time to each receiver, so that one that hangs does not
//! keep the others waiting, and stops in order.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::app::App;

/// Without news the queue is looked at this often: for what was put off, and for leases that ran out.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A round asks the database a dozen questions, so what happens within this time shares one.
const ROUND_EVERY: Duration = Duration::from_millis(10);

/// What is on its way: the delivery, and how many go to each endpoint.
#[derive(Default)]
struct OnTheWay {
    running: JoinSet<(String, String)>,
    deliveries: Vec<String>,
    by_endpoint: HashMap<String, usize>,
}

impl OnTheWay {
    /// Takes note of one that has ended.
    fn ended(&mut self, (delivery, endpoint): (String, String)) {
        self.deliveries.retain(|one| *one != delivery);
        if let Some(count) = self.by_endpoint.get_mut(&endpoint) {
            *count -= 1;
            if *count == 0 {
                self.by_endpoint.remove(&endpoint);
            }
        }
    }

    fn reap(&mut self) {
        while let Some(Ok(ended)) = self.running.try_join_next() {
            self.ended(ended);
        }
    }

    /// Claims what is due and sends it; how many.
    async fn send_due(&mut self, app: &Arc<App>) -> usize {
        let room = app.settings.outbound.in_flight.saturating_sub(self.running.len());
        if room == 0 {
            return 0;
        }
        let claimed = match app.claim_deliveries(room, &self.by_endpoint).await {
            Ok(claimed) => claimed,
            Err(fault) => {
                tracing::warn!(%fault, "no messages could be claimed");
                return 0;
            }
        };
        let count = claimed.len();
        for (workspace, delivery) in claimed {
            self.deliveries.push(delivery.id.clone());
            *self.by_endpoint.entry(delivery.endpoint.clone()).or_default() += 1;
            let app = app.clone();
            self.running.spawn(async move {
                match AssertUnwindSafe(app.deliver(&workspace, &delivery)).catch_unwind().await {
                    Ok(Ok(())) => {}
                    // The lease ends some time, and then it is sent again.
                    Ok(Err(fault)) => {
                        tracing::warn!(%fault, delivery = delivery.id, "what became of a message is not stored");
                    }
                    Err(_) => tracing::error!(delivery = delivery.id, "a message broke off"),
                }
                (delivery.id, delivery.endpoint)
            });
        }
        count
    }
}

/// Sends until the service stops; then lets what is on its way arrive, as long as there is time for it.
pub async fn run(app: Arc<App>) {
    fail::fail_point!("courier.idle", |_| ());
    let mut way = OnTheWay::default();
    let mut next_look = tokio::time::Instant::now();
    let mut rounds = tokio::time::interval(ROUND_EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !app.is_stopping() {
        rounds.tick().await;
        way.reap();
        if tokio::time::Instant::now() >= next_look {
            next_look = tokio::time::Instant::now() + LOOK_EVERY;
            if let Err(fault) = app.release_deliveries(&way.deliveries, false).await {
                tracing::warn!(%fault, "messages that were lost on their way could not be looked at");
            }
        }
        let has_more = app.pass_on().await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "nothing could be passed on");
            false
        });
        let sent = way.send_due(&app).await;
        if has_more || sent > 0 {
            continue;
        }
        tokio::select! {
            Some(ended) = way.running.join_next() => {
                if let Ok(ended) = ended {
                    way.ended(ended);
                }
            }
            () = app.post_arrives(LOOK_EVERY) => {}
        }
    }
    let drain = Duration::from_secs(app.settings.service.drain_seconds);
    let _ = tokio::time::timeout(drain, async { while way.running.join_next().await.is_some() {} }).await;
    // What is left is put back by the next process, which sees that this one is gone.
    way.running.shutdown().await;
}
