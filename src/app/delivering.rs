//! Telling the outside: what happened is passed on to the endpoints that want
//! it, sent, and what became of it written down. A message that was accepted
//! once may come twice after a crash, with the same id and the same bytes; none
//! is left out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value as Json, json};

use super::changing::tell_outside;
use super::endpoints::{host_of, sealed_for};
use super::{App, random_id, slips};
use crate::access::webhooks::{self, Secret, Secrets};
use crate::handoff::{EventKind, HandoffId};
use crate::outbound::{Letter, MOST_ATTEMPTS, Outcome, Reply, Resolver, judge, next_wait, read_retry_after};
use crate::store::{
    self, Attempt, Delivery, Endpoint, EndpointState, Fate, Fault, Happening, SlipAbout, Tx, Workspace,
};

/// An endpoint at which nothing arrived for so long is told nothing more.
const FAILING_FOR: SignedDuration = SignedDuration::from_hours(120);
/// Messages passed on in one write.
const PASSED_AT_ONCE: i64 = 100;
/// A claim is lost after the longest attempt and as long again.
const LEASES: i64 = 2;
const LEAST_LEASE_S: i64 = 60;

impl App {
    /// Tells the courier that there may be something to send.
    pub fn look_for_post(&self) {
        self.post.notify_one();
    }

    /// Waits until there may be something to send.
    pub async fn post_arrives(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.post.notified()).await;
    }

    /// Names of receivers are looked up by this one from now on.
    pub fn resolve_with(&self, resolver: Arc<dyn Resolver>) {
        self.outbound.replace_resolver(resolver);
    }

    /// Passes messages on to the endpoints that want them; whether there may be more.
    pub async fn pass_on(self: &Arc<Self>) -> Result<bool, Fault> {
        let mut reader = self.store.background_reader().await?;
        let mut waiting = Vec::new();
        for workspace in store::list_workspaces(&mut reader).await? {
            if store::has_unpassed(&mut reader, &workspace).await? {
                waiting.push(workspace);
            }
        }
        drop(reader);
        let mut has_more = false;
        for workspace in waiting {
            let now = self.now();
            let passed = self.store.writer().write(move |tx| {
                Box::pin(async move { store::pass_on(tx, &workspace, PASSED_AT_ONCE, || random_id("dlv_"), now).await })
            });
            has_more |= passed.await? as i64 == PASSED_AT_ONCE;
        }
        Ok(has_more)
    }

    /// Claims deliveries that are due, of each workspace in turn.
    pub async fn claim_deliveries(
        self: &Arc<Self>,
        most: usize,
        on_their_way: &HashMap<String, usize>,
    ) -> Result<Vec<(Workspace, Delivery)>, Fault> {
        let now = self.now();
        let on_their_way = &self.pacing.hold_back(on_their_way, store::MOST_AT_ONE_ENDPOINT, now);
        let lease_s = i64::try_from(self.settings.outbound.timeout_seconds).unwrap_or(LEAST_LEASE_S) * LEASES;
        let lease_until = now + SignedDuration::from_secs(lease_s.max(LEAST_LEASE_S));
        let worker = format!("{}:{}", self.worker_name(), random_id(""));
        let mut due = Vec::new();
        let mut reader = self.store.background_reader().await?;
        for workspace in store::list_workspaces(&mut reader).await? {
            let found = store::list_due(&mut reader, &workspace, (on_their_way, most), now).await?;
            if !found.is_empty() {
                due.push((workspace, found));
            }
        }
        drop(reader);
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let share = most.div_ceil(due.len());
        let claimed = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let mut claimed = Vec::new();
                for (workspace, ids) in due {
                    for id in ids.iter().take(share.min(most - claimed.len())) {
                        let found = store::claim_delivery(tx, &workspace, id, (&worker, lease_until)).await?;
                        claimed.extend(found.map(|delivery| (workspace.clone(), delivery)));
                    }
                }
                Ok::<_, Fault>(claimed)
            })
        });
        let claimed = claimed.await?;
        claimed.iter().for_each(|(_, delivery)| self.pacing.began(&delivery.endpoint, now));
        if !claimed.is_empty() {
            fail::fail_point!("outbox.after_claim");
        }
        Ok(claimed)
    }

    /// Puts back what nobody sends any more: held for too long while it is not among those still on their way, and at the
    /// start all that a process held which is gone.
    pub async fn release_deliveries(self: &Arc<Self>, still: &[String], is_start: bool) -> Result<(), Fault> {
        let now = self.now();
        let mut held = Vec::new();
        let mut reader = self.store.background_reader().await?;
        for workspace in store::list_workspaces(&mut reader).await? {
            if is_start || store::has_expired(&mut reader, &workspace, now).await? {
                held.push(workspace);
            }
        }
        drop(reader);
        for workspace in held {
            let (living, still) = (self.worker_name(), still.to_vec());
            let done = self.store.writer().write(move |tx| {
                Box::pin(async move { store::release_deliveries(tx, &workspace, (&living, &still), now).await })
            });
            done.await?;
        }
        Ok(())
    }

    /// Sends one delivery that is held, and writes down what became of it.
    pub async fn deliver(self: &Arc<Self>, workspace: &Workspace, delivery: &Delivery) -> Result<(), Fault> {
        let (at, begun) = (self.now(), Instant::now());
        let sent = match self.pack(workspace, delivery, at).await? {
            Ok(letter) => self.outbound.send(letter).await.map_err(|trouble| trouble.to_string()),
            Err(problem) => Err(problem.to_owned()),
        };
        fail::fail_point!("outbox.after_2xx_before_mark");
        let outcome = match &sent {
            Ok(reply) => judge(reply.status, wait_of(reply, at)),
            Err(_) => Outcome::Failed { wait: None },
        };
        if let (Ok(Reply { status: 429, .. }), Outcome::Failed { wait }) = (&sent, outcome) {
            self.pacing.had_too_many(&delivery.endpoint, wait, at);
        }
        let attempt = attempt_of(sent, at, begun.elapsed());
        metrics::counter!("baton_webhook_attempts_total", "outcome" => word_of(outcome)).increment(1);
        let (workspace, delivery, now) = (workspace.clone(), delivery.clone(), self.now());
        let notify = self.settings.outbound.notify.clone();
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move { settle(tx, &workspace, (&delivery, &attempt, outcome), &notify, now).await })
        });
        done.await?;
        // What follows may have to be told too.
        self.look_for_post();
        Ok(())
    }

    /// A delivery as it is sent now, signed by all secrets in force; or why it cannot be.
    async fn pack(
        &self,
        workspace: &Workspace,
        delivery: &Delivery,
        now: Timestamp,
    ) -> Result<Result<Letter, &'static str>, Fault> {
        let mut reader = self.store.background_reader().await?;
        let endpoint = store::find_endpoint(&mut reader, workspace, &delivery.endpoint).await?;
        let sealed = store::list_secrets(&mut reader, workspace, &delivery.endpoint).await?;
        drop(reader);
        let Some(endpoint) = endpoint else { return Ok(Err("endpoint_deleted")) };
        let place = sealed_for(workspace, &delivery.endpoint);
        let open = |text: &str| -> Option<Secret> {
            let text: SecretString = self.sealer.unseal(&place, text).ok()?;
            Secret::parse(&text).ok()
        };
        let mut secrets: Option<Secrets> = None;
        for one in &sealed {
            if one.dead_at.is_some_and(|dead_at| dead_at <= now) {
                continue;
            }
            let secret = match open(&one.sealed) {
                Some(secret) => secret,
                // The key that sealed an old one may be lost; the one in force signs by itself.
                None if one.dead_at.is_some() => continue,
                None => return Ok(Err("secret_unreadable")),
            };
            secrets = Some(match (secrets, one.dead_at) {
                (None, _) => Secrets::new(secret),
                (Some(known), Some(dead_at)) => known.with_old(secret, dead_at),
                (Some(known), None) => known,
            });
        }
        let Some(secrets) = secrets else { return Ok(Err("secret_unreadable")) };
        let body = delivery.payload.clone().into_bytes();
        let Ok(signed) = webhooks::sign(&delivery.message, &body, &secrets, now) else {
            return Ok(Err("unsignable"));
        };
        let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        for (name, value) in [
            (webhooks::ID, signed.id),
            (webhooks::TIMESTAMP, signed.timestamp),
            (webhooks::SIGNATURE, signed.signature),
        ] {
            // All three are visible letters.
            headers.extend(HeaderValue::from_str(&value).ok().map(|value| (HeaderName::from_static(name), value)));
        }
        Ok(Ok(Letter { url: endpoint.url, headers, body }))
    }
}

fn wait_of(reply: &Reply, now: Timestamp) -> Option<Duration> {
    read_retry_after(reply.retry_after.as_deref()?, SystemTime::from(now))
}

fn attempt_of(sent: Result<Reply, String>, at: Timestamp, took: Duration) -> Attempt {
    let milliseconds = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    match sent {
        Ok(reply) => Attempt { at, status: Some(reply.status), problem: None, milliseconds, excerpt: reply.excerpt },
        Err(problem) => Attempt { at, status: None, problem: Some(problem), milliseconds, excerpt: None },
    }
}

fn word_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::Gone => "gone",
        Outcome::Failed { .. } => "failed",
    }
}

/// What an attempt means for its delivery and its endpoint, in one transaction.
async fn settle(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (delivery, attempt, outcome): (&Delivery, &Attempt, Outcome),
    notify: &[String],
    now: Timestamp,
) -> Result<(), Fault> {
    let endpoint = store::find_endpoint(tx.reading().await?, workspace, &delivery.endpoint).await?;
    let is_example = delivery.kind == EventKind::EndpointTested;
    let after = endpoint.clone().map(|endpoint| look_at(endpoint, (attempt, outcome), is_example, now));
    let is_over = after.as_ref().is_none_or(|after| after.state == EndpointState::Disabled);
    let fate = match outcome {
        Outcome::Delivered => Fate::Delivered,
        Outcome::Failed { .. } if is_example || delivery.attempts >= MOST_ATTEMPTS => Fate::Exhausted,
        _ if is_over => Fate::Cancelled,
        Outcome::Failed { wait } => {
            let wait = next_wait(delivery.attempts, fastrand::f64()).unwrap_or_default().max(wait.unwrap_or_default());
            Fate::Again(now.saturating_add(wait).unwrap_or(now))
        }
        Outcome::Gone => Fate::Cancelled,
    };
    if !store::settle(tx, workspace, (delivery, attempt, fate), now).await? {
        // Somebody else sends it by now; what this attempt came to counts for nothing.
        return Ok(());
    }
    if let Some(after) = after.filter(|after| endpoint.as_ref() != Some(after)) {
        store::save_endpoint(tx, workspace, &after, now).await?;
        if after.state == EndpointState::Disabled {
            let data = json!({"endpoint": after.id, "host": host_of(&after.url), "reason": after.reason});
            // What is told of a callback belongs to its handoff, and goes with it.
            tell(tx, workspace, (EventKind::EndpointDisabled, after.handoff.clone(), data), now).await?;
            let about = SlipAbout::EndpointDisabled {
                endpoint: after.id.clone(),
                host: host_of(&after.url),
                reason: after.reason.clone(),
            };
            // By mail too: the endpoint may be the only one there is.
            slips::notify(tx, workspace, (notify, &about), now).await?;
        }
    }
    if delivery.kind == EventKind::ActionBegun || is_over {
        super::acting::follow_deliveries(tx, workspace, &delivery.endpoint, now).await?;
    }
    // That nobody could be told of a failure is not told in turn; of an action it is told as such.
    let is_news =
        matches!(delivery.kind, EventKind::EndpointDisabled | EventKind::DeliveryExhausted | EventKind::ActionBegun);
    if fate == Fate::Exhausted && !is_example && !is_news {
        let data = json!({"endpoint": delivery.endpoint, "delivery": delivery.id, "message": delivery.message,
                          "event": delivery.kind, "handoff": delivery.handoff});
        let handoff = delivery.handoff.clone().map(HandoffId);
        tell(tx, workspace, (EventKind::DeliveryExhausted, handoff, data), now).await?;
        let host = endpoint.as_ref().and_then(|endpoint| host_of(&endpoint.url));
        let about = SlipAbout::DeliveryExhausted { endpoint: delivery.endpoint.clone(), host, count: 1 };
        slips::notify(tx, workspace, (notify, &about), now).await?;
    }
    Ok(())
}

/// The endpoint after an attempt. An example tells nothing of how the endpoint is, but that it is gone.
fn look_at(
    mut endpoint: Endpoint,
    (attempt, outcome): (&Attempt, Outcome),
    is_example: bool,
    now: Timestamp,
) -> Endpoint {
    let is_living = matches!(endpoint.state, EndpointState::Enabled | EndpointState::Paused);
    match outcome {
        Outcome::Delivered => endpoint.failing_since = None,
        Outcome::Gone if is_living => {
            endpoint.state = EndpointState::Disabled;
            endpoint.reason = Some("gone".to_owned());
        }
        Outcome::Failed { wait } if is_living && !is_example => {
            let since = *endpoint.failing_since.get_or_insert(attempt.at);
            if let Some(wait) = wait {
                let until = now.saturating_add(wait).unwrap_or(now);
                endpoint.not_before = endpoint.not_before.max(Some(until));
            }
            if now.duration_since(since) >= FAILING_FOR {
                endpoint.state = EndpointState::Disabled;
                endpoint.reason = Some("failing".to_owned());
            }
        }
        Outcome::Gone | Outcome::Failed { .. } => {}
    }
    endpoint
}

/// The entry in the log, and the message to the other endpoints.
async fn tell(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (kind, handoff, data): (EventKind, Option<HandoffId>, Json),
    now: Timestamp,
) -> Result<(), Fault> {
    let happening = Happening { kind, handoff: handoff.as_ref(), version: None, detail: data.clone() };
    let event = store::append(tx, workspace, &happening, now).await?;
    tell_outside(tx, workspace, (event, kind, handoff.as_ref(), data), now).await?;
    Ok(())
}
