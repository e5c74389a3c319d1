//! Callers that never give up: each request has a key of its own and is sent
//! again until it is answered, whatever became of the server meanwhile. What
//! was answered is written down, and that is what the server is held to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::pass_time;
use crate::server::{Answer, handoff, send};

/// Where the server is at the moment, and what callers were told.
#[derive(Default)]
pub struct World {
    url: Mutex<Option<String>>,
    pub accepted: Mutex<Vec<Acceptance>>,
    pub moved: Mutex<Vec<Acceptance>>,
    /// Requests that were begun and got no answer.
    pub cut: AtomicUsize,
    /// Answers that were neither success nor "try again".
    pub odd: Mutex<Vec<String>>,
}

/// A promise: the handoff of that name has this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub name: String,
    pub id: String,
}

impl World {
    pub fn set(&self, url: Option<String>) {
        *self.url.lock().expect("the url") = url;
    }

    fn url(&self) -> Option<String> {
        self.url.lock().expect("the url").clone()
    }

    /// One request until it is answered.
    async fn ask(
        &self,
        key: &str,
        target: (&str, &str),
        body: Option<&serde_json::Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        loop {
            if let Some(url) = self.url() {
                match send(&url, key, target, body, headers).await {
                    Ok(answer) if answer.status < 500 => return answer,
                    Ok(answer) if answer.status == 503 => {}
                    Ok(answer) => self.odd.lock().expect("answers").push(format!("{target:?}: {answer:?}")),
                    Err(error) if error.is_connect() => {}
                    Err(_) => drop(self.cut.fetch_add(1, Ordering::Relaxed)),
                }
            }
            pass_time(Duration::from_millis(20)).await;
        }
    }

    /// Hands over until it is accepted.
    pub async fn hand_over(&self, key: &str, name: &str) -> String {
        let once = format!("in-{name}");
        let answer = self.ask(key, ("POST", "/v1/handoffs"), Some(&handoff(name)), &[("idempotency-key", &once)]).await;
        let id = answer.body["id"].as_str().unwrap_or_default().to_owned();
        if answer.status != 202 {
            self.odd.lock().expect("answers").push(format!("handing {name} over: {answer:?}"));
        }
        self.accepted.lock().expect("promises").push(Acceptance { name: name.to_owned(), id: id.clone() });
        id
    }

    /// Waits for the reading, answers the gap, and has it transferred.
    pub async fn move_on(&self, key: &str, name: &str, id: &str) {
        let path = format!("/v1/handoffs/{id}");
        let mut seen = self.ask(key, ("GET", &path), None, &[]).await;
        loop {
            match seen.body["status"].as_str() {
                // It was under way at several kills, and is set aside as what may end the process: a person has it read again.
                Some("failed") => {
                    let once = format!("retry-{name}-{}", seen.body["version"]);
                    let headers = [("idempotency-key", once.as_str())];
                    self.ask(key, ("POST", &format!("{path}/retry")), Some(&json!({})), &headers).await;
                }
                Some("drafting") => {}
                _ => break,
            }
            pass_time(Duration::from_millis(50)).await;
            seen = self.ask(key, ("GET", &path), None, &[]).await;
        }
        let answer =
            json!({"by": {"name": "Marcus Lee"}, "fields": {"contact_email": {"value": "dana@northwind.example"}}});
        let (once, target) = (format!("answer-{name}"), format!("{path}/fields"));
        let headers = [("idempotency-key", once.as_str()), ("if-match", &seen.tag)];
        let answered = self.ask(key, ("PATCH", &target), Some(&answer), &headers).await;
        let (once, target) = (format!("move-{name}"), format!("{path}/transfer"));
        let moved = self.ask(key, ("POST", &target), Some(&json!({})), &[("idempotency-key", &once)]).await;
        if (answered.status, moved.status) != (200, 200) {
            self.odd.lock().expect("answers").push(format!("moving {name}: {answered:?} {moved:?}"));
            return;
        }
        let id = moved.body["id"].as_str().unwrap_or_default().to_owned();
        self.moved.lock().expect("promises").push(Acceptance { name: name.to_owned(), id });
    }
}

/// Hands over so many a second until told to stop; every fifth handoff is moved too. Ends when all are answered.
pub async fn load(world: Arc<World>, key: String, per_second: u64, stop: tokio::sync::watch::Receiver<bool>) -> usize {
    let mut beat = tokio::time::interval(Duration::from_micros(1_000_000 / per_second));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut callers = JoinSet::new();
    let mut count = 0;
    while !*stop.borrow() {
        beat.tick().await;
        let (world, key, name) = (world.clone(), key.clone(), format!("load-{count}"));
        let moves = count % 5 == 0;
        count += 1;
        callers.spawn(async move {
            let id = world.hand_over(&key, &name).await;
            if moves {
                world.move_on(&key, &name, &id).await;
            }
        });
    }
    let all = async {
        while let Some(ended) = callers.join_next().await {
            ended.expect("a caller")
        }
    };
    tokio::time::timeout(Duration::from_secs(120), all).await.expect("every caller is answered in the end");
    count
}
