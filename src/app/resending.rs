//! Looking at what was sent, and having it sent again by hand: one delivery, or
//! everything of a time that an endpoint did not get.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{App, Refusal, random_id};
use crate::handoff::{Actor, EventKind};
use crate::store::{self, Attempt, Delivery, EndpointKind, EndpointState, Fault, Happening, Tx, Workspace};

/// Messages of a replay that are put into the queue in one write.
const REPLAYED_AT_ONCE: usize = 500;

impl App {
    /// The deliveries of an endpoint before a place, newest first.
    pub async fn deliveries(
        &self,
        (workspace, endpoint): (&Workspace, &str),
        state: Option<&str>,
        page: (Option<i64>, u32),
    ) -> Result<Vec<Delivery>, Refusal> {
        let mut reader = self.store.reader().await?;
        store::find_endpoint(&mut reader, workspace, endpoint).await?.ok_or(Refusal::NotFound("endpoint"))?;
        Ok(store::list_deliveries(&mut reader, (workspace, endpoint), state, page).await?)
    }

    /// The same, each with its last attempt if there was one.
    pub async fn delivery_log(
        &self,
        owner: (&Workspace, &str),
        state: Option<&str>,
        page: (Option<i64>, u32),
    ) -> Result<Vec<(Delivery, Option<Attempt>)>, Refusal> {
        let deliveries = self.deliveries(owner, state, page).await?;
        let ids: Vec<&str> = deliveries.iter().map(|delivery| delivery.id.as_str()).collect();
        let mut last = store::list_last_attempts(&mut *self.store.reader().await?, owner.0, &ids).await?;
        Ok(deliveries.into_iter().map(|one| (last.remove(&one.id), one)).map(|(last, one)| (one, last)).collect())
    }

    /// How many messages to an endpoint stand where.
    pub async fn delivery_counts(
        &self,
        (workspace, endpoint): (&Workspace, &str),
    ) -> Result<Vec<(String, u64)>, Fault> {
        store::count_deliveries(&mut *self.store.reader().await?, workspace, endpoint).await
    }

    /// One delivery with its attempts, oldest first.
    pub async fn delivery(&self, workspace: &Workspace, id: &str) -> Result<(Delivery, Vec<Attempt>), Refusal> {
        let mut reader = self.store.reader().await?;
        let found = store::find_delivery(&mut reader, workspace, id).await?;
        let delivery = found.ok_or(Refusal::NotFound("delivery"))?;
        let attempts = store::list_attempts(&mut reader, workspace, id).await?;
        Ok((delivery, attempts))
    }

    /// Sends a delivery again, whatever became of it: the same message under the same id. One that is under way stays so.
    pub async fn resend(
        self: &Arc<Self>,
        (workspace, actor): (&Workspace, &Actor),
        id: &str,
    ) -> Result<Delivery, Refusal> {
        let (workspace, actor, id, now) = (workspace.clone(), actor.clone(), id.to_owned(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found = store::find_delivery(tx.reading().await?, &workspace, &id).await?;
                let delivery = found.ok_or(Refusal::NotFound("delivery"))?;
                check_enabled(tx, &workspace, &delivery.endpoint).await?;
                if store::send_again(tx, &workspace, &id, now).await? {
                    let detail = json!({"actor": actor, "endpoint": delivery.endpoint, "what": {"resent": id}});
                    let kind = EventKind::EndpointChanged;
                    store::append(tx, &workspace, &Happening { kind, handoff: None, version: None, detail }, now)
                        .await?;
                }
                let again = store::find_delivery(tx.reading().await?, &workspace, &id).await?;
                again.ok_or(Refusal::NotFound("delivery"))
            })
        });
        let delivery = done.await?;
        self.look_for_post();
        Ok(delivery)
    }

    /// Sends an endpoint everything of a time that it wanted and did not get; how many messages.
    pub async fn replay(
        self: &Arc<Self>,
        (workspace, actor): (&Workspace, &Actor),
        id: &str,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<usize, Refusal> {
        if from > to {
            return Err(Refusal::invalid("/to", "invalid", "the end comes before the beginning"));
        }
        let mut reader = self.store.background_reader().await?;
        let found = store::find_endpoint(&mut reader, workspace, id).await?;
        let endpoint = found.ok_or(Refusal::NotFound("endpoint"))?;
        // What happened before it was there is not told to it, now as little as then.
        let missed = store::list_missed(&mut reader, (workspace, id), ((from, to), endpoint.told_from)).await?;
        drop(reader);
        let wants = |(_, kind, handoff): &(String, EventKind, Option<String>)| {
            let is_its = endpoint.handoff.as_ref().is_none_or(|its| handoff.as_ref() == Some(&its.0));
            let is_own = matches!(kind, EventKind::EndpointDisabled | EventKind::DeliveryExhausted);
            // An action's endpoint gets what actions send, and nothing else does.
            let is_its = is_its && (endpoint.kind == EndpointKind::Action) == (*kind == EventKind::ActionBegun);
            is_its && !is_own && (endpoint.events.is_empty() || endpoint.events.contains(kind))
        };
        let wanted: Vec<String> = missed.into_iter().filter(wants).map(|(message, ..)| message).collect();
        let (now, count) = (self.now(), wanted.len());
        // A part at a time: whoever hands over meanwhile does not wait for all of it.
        for part in wanted.chunks(REPLAYED_AT_ONCE) {
            let (workspace, id, part) = (workspace.clone(), id.to_owned(), part.to_vec());
            let done = self.store.writer().write(move |tx| {
                Box::pin(async move {
                    check_enabled(tx, &workspace, &id).await?;
                    for message in &part {
                        store::send_missed(tx, &workspace, (&random_id("dlv_"), &id, message), now).await?;
                    }
                    Ok::<_, Refusal>(())
                })
            });
            done.await?;
            self.look_for_post();
        }
        let (workspace, actor, id) = (workspace.clone(), actor.clone(), id.to_owned());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                check_enabled(tx, &workspace, &id).await?;
                let detail =
                    json!({"actor": actor, "endpoint": id, "what": {"replayed": count, "from": from, "to": to}});
                let kind = EventKind::EndpointChanged;
                store::append(tx, &workspace, &Happening { kind, handoff: None, version: None, detail }, now).await?;
                Ok::<_, Refusal>(())
            })
        });
        done.await?;
        Ok(count)
    }

    /// The last things that were told of one kind, newest first, as they were sent; for those who set an automation up.
    pub async fn samples(
        &self,
        workspace: &Workspace,
        kind: EventKind,
    ) -> Result<Vec<(String, serde_json::Value)>, Refusal> {
        let mut reader = self.store.reader().await?;
        let told = store::list_told_lately(&mut reader, (workspace, kind), 3).await?;
        if told.is_empty() {
            let example = super::endpoints::example_of(kind, self.now());
            return Ok(vec![(format!("msg_{}", "0".repeat(32)), example)]);
        }
        Ok(told.into_iter().map(|message| (message.id, message.payload)).collect())
    }
}

/// Only an endpoint that takes something is sent it again.
async fn check_enabled(tx: &mut Tx<'_>, workspace: &Workspace, endpoint: &str) -> Result<(), Refusal> {
    let endpoint = store::find_endpoint(tx.reading().await?, workspace, endpoint).await?;
    match endpoint.is_some_and(|endpoint| endpoint.state == EndpointState::Enabled) {
        true => Ok(()),
        false => Err(Refusal::NotEnabled),
    }
}
