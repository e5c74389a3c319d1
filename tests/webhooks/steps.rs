//! What the checks of webhooks have in common: a service that may write to
//! this machine, endpoints, handoffs, and waiting until all of it was told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use baton::config::Settings;
use serde_json::{Value as Json, json};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::harness::{self, Service};

/// Lets time pass: for faults that need some, never to wait for a result.
pub async fn pass_time(time: Duration) {
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}

/// A service that may write to this machine's sinks, and holds the route `short`.
pub async fn start(change: impl FnOnce(&mut Settings)) -> Service {
    let mut settings = harness::settings();
    settings.outbound.allow = vec!["127.0.0.1".to_owned()];
    change(&mut settings);
    let service = Service::start_with(settings, None).await;
    service.publish_short(&service.key).await;
    service
}

/// Sets an endpoint up; its id and its secret.
pub async fn endpoint(service: &Service, url: &str, events: &[&str]) -> (String, String) {
    let made = service.post("/v1/endpoints", &json!({"url": url, "events": events})).await.expect(201).json();
    let text = |key: &str| made[key].as_str().expect(key).to_owned();
    (text("id"), text("secret"))
}

/// Hands one handoff over and waits until it was read: two events.
pub async fn hand_over(service: &Service) -> String {
    // The same words again would be the same handoff.
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    service.hand_over_mail("short", &format!("We go live on 1 July 2026, plan {number}.")).await.expect(200).id()
}

pub async fn database(settings: &Settings) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(settings.data_dir.join("baton.db"));
    options.busy_timeout(Duration::from_secs(10)).connect().await.expect("the database")
}

/// Waits until nothing is to be passed on, on its way, or due at the clock of now.
pub async fn quiet(service: &Service) {
    let mut connection = database(&service.settings).await;
    let begun = Instant::now();
    loop {
        service.app().look_for_post();
        let busy: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL) + (SELECT COUNT(*) FROM deliveries WHERE state = 'sending') \
             + (SELECT COUNT(*) FROM deliveries d JOIN endpoints e ON e.workspace = d.workspace AND e.id = d.endpoint \
                WHERE d.state = 'waiting' AND d.next_at <= $1 AND e.state = 'enabled' AND COALESCE(e.not_before, 0) <= $1)",
        )
        .bind(service.clock.now().as_millisecond())
        .fetch_one(&mut connection)
        .await
        .expect("a number");
        if busy == 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(90), "{busy} messages do not get away");
        pass_time(Duration::from_millis(20)).await;
    }
}

/// The deliveries of an endpoint, newest first.
pub async fn deliveries(service: &Service, endpoint: &str) -> Vec<Json> {
    let page = service.get(&format!("/v1/endpoints/{endpoint}/deliveries?limit=100")).await.expect(200).json();
    page["data"].as_array().cloned().unwrap_or_default()
}

/// One delivery with its attempts.
pub async fn delivery(service: &Service, id: &Json) -> Json {
    service.get(&format!("/v1/deliveries/{}", id.as_str().expect("an id"))).await.expect(200).json()
}
