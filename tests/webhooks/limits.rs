//! Receivers that take so many messages in a time and no more, on the clock of
//! the service: a burst arrives whole, and hardly ever hears "too many".

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baton::app::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, rounds};
use crate::sink::{Sink, Step, reply};
use crate::{database, endpoint, hand_over, pass_time, start};

/// A thousand in the long form; so many that what is refused before a limit is known stays under a hundredth.
fn events() -> usize {
    rounds(600, 1_000)
}

/// What a receiver takes.
#[derive(Clone, Copy)]
struct Limit {
    name: &'static str,
    most: usize,
    window_s: i64,
    /// Whether it says how long to wait.
    says_when: bool,
}

/// What a receiver has seen.
#[derive(Default)]
struct Book {
    taken: VecDeque<Timestamp>,
    ids: BTreeSet<String>,
    calls: usize,
    refused: usize,
    /// Messages that were taken once more.
    again: usize,
}

impl Book {
    fn answer(&mut self, limit: Limit, id: &str, now: Timestamp) -> Vec<Step> {
        self.calls += 1;
        let window = SignedDuration::from_secs(limit.window_s);
        while self.taken.front().is_some_and(|first| now.duration_since(*first) >= window) {
            self.taken.pop_front();
        }
        if self.taken.len() >= limit.most {
            self.refused += 1;
            let first = self.taken.front().copied().unwrap_or(now);
            let wait = (window - now.duration_since(first)).as_secs() + 1;
            let wait = wait.to_string();
            let headers = [("retry-after", wait.as_str())];
            return reply(429, if limit.says_when { &headers[..] } else { &[] }, "");
        }
        self.taken.push_back(now);
        self.again += usize::from(!self.ids.insert(id.to_owned()));
        reply(200, &[], "")
    }

    fn figures(&self) -> Json {
        json!({"calls": self.calls, "refused": self.refused, "arrived": self.ids.len(), "again": self.again})
    }
}

/// A receiver that has such a limit, and its endpoint, which is paused.
async fn receiver(service: &Service, limit: Limit) -> (String, Arc<Mutex<Book>>) {
    let book = Arc::new(Mutex::new(Book::default()));
    let (shared, clock): (_, Clock) = (book.clone(), service.clock.clone());
    let sink =
        Sink::start(move |seen| shared.lock().expect("a book").answer(limit, seen.header("webhook-id"), clock.now()))
            .await;
    let (id, _) = endpoint(service, &sink.url("/"), &[]).await;
    set(service, &id, "paused").await;
    (id, book)
}

async fn set(service: &Service, id: &str, state: &str) {
    service.send("PATCH", &format!("/v1/endpoints/{id}"), Some(&json!({"state": state})), &[]).await.expect(200);
}

/// One handoff, and as many messages beside its own two as make the burst: the courier does not know them apart.
async fn happen(service: &Service) {
    hand_over(service).await;
    let mut connection = database(&service.settings).await;
    sqlx::query(
        "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < $1) \
         INSERT INTO outbox (workspace, id, event, handoff, kind, payload, created_at) \
         SELECT workspace, 'msg_' || lower(hex(randomblob(16))), event, handoff, kind, payload, created_at \
         FROM outbox, numbers WHERE kind = 'handoff.received'",
    )
    .bind(events() as i64 - 2)
    .execute(&mut connection)
    .await
    .expect("messages");
}

/// Lets the time go on until every receiver has all of it.
async fn until_all_arrived(service: &Service, books: &[&Arc<Mutex<Book>>], step: SignedDuration) {
    let arrived = || books.iter().map(|book| book.lock().expect("a book").ids.len()).collect::<Vec<_>>();
    let begun = Instant::now();
    while arrived().iter().any(|count| *count < events()) {
        assert!(begun.elapsed() < Duration::from_secs(120), "{:?} arrived", arrived());
        service.clock.advance(step);
        service.app().look_for_post();
        pass_time(Duration::from_millis(10)).await;
    }
    // Whatever is still on its way would be one too many.
    for _ in 0..20 {
        service.clock.advance(SignedDuration::from_mins(1));
        service.app().look_for_post();
        pass_time(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_keeps_to_what_receivers_take() {
    let service = start(|_| {}).await;
    let limits = [
        Limit { name: "30 a second", most: 30, window_s: 1, says_when: true },
        Limit { name: "20 a second, without a word", most: 20, window_s: 1, says_when: false },
        Limit { name: "100 a minute", most: 100, window_s: 60, says_when: true },
    ];
    let mut receivers = Vec::new();
    for limit in limits {
        receivers.push(receiver(&service, limit).await);
    }
    happen(&service).await;
    let [first, second, third] = &receivers[..] else { unreachable!("three were set up") };
    set(&service, &first.0, "enabled").await;
    set(&service, &second.0, "enabled").await;
    // Five times as fast as it goes: were it much faster, the way to a receiver and back would take longer than what
    // lies between two messages.
    until_all_arrived(&service, &[&first.1, &second.1], SignedDuration::from_millis(50)).await;
    set(&service, &third.0, "enabled").await;
    until_all_arrived(&service, &[&third.1], SignedDuration::from_secs(2)).await;
    let (mut pass, mut figures) = (true, json!({"events": events()}));
    for (limit, (_, book)) in limits.iter().zip(&receivers) {
        let book = book.lock().expect("a book");
        pass &= book.refused * 100 <= book.calls && (book.ids.len(), book.again) == (events(), 0);
        figures[limit.name] = book.figures();
    }
    figure("R-35 webhooks", pass, figures);
}
