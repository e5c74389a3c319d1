//! Keeps the copy at the server as it should be: makes the collection, tells
//! it of passages that came or went, takes out what is erased and sees that it
//! is gone, and compares how much is there. One at a time, so that nothing is
//! put in after it was taken out.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use qdrant_client::QdrantError;
use qdrant_client::qdrant::{
    CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, FieldType, IntegerIndexParamsBuilder,
    KeywordIndexParamsBuilder, Modifier, PointsOperationResponse, SparseVectorParamsBuilder,
    SparseVectorsConfigBuilder, UpdateStatus, UpsertPointsBuilder,
};

use super::walls::{AT, HANDOFF, ROUTE, WORDS, WORKSPACE};
use super::{Qdrant, Why};
use crate::handoff::HandoffId;
use crate::store::{self, Fault, PassageOrder, Store, Workspace};

/// Passages told in one request.
const MOST_AT_ONCE: usize = 200;

/// Why the copy is not as it should be yet.
#[derive(Debug, thiserror::Error)]
pub enum NotCarried {
    #[error(transparent)]
    Store(#[from] Fault),
    #[error("the Qdrant server is {0}")]
    Server(Why),
}

impl Qdrant {
    /// Tells it of some passages of a workspace that came or went; how many places were settled.
    pub async fn carry_some(&self, store: &Store, workspace: &Workspace) -> Result<usize, NotCarried> {
        let mut reader = store.background_reader().await?;
        let is_open = self.is_open.load(Ordering::Relaxed);
        if is_open && store::list_orders(&mut reader, workspace, 1).await?.is_empty() {
            return Ok(0);
        }
        drop(reader);
        let _alone = self.writing.lock().await;
        self.open(store).await.inspect_err(|fault| {
            if let NotCarried::Server(why) = fault {
                *self.shut.lock().unwrap_or_else(PoisonError::into_inner) = *why;
            }
        })?;
        let mut reader = store.background_reader().await?;
        let orders = store::list_orders(&mut reader, workspace, MOST_AT_ONCE).await?;
        if orders.is_empty() {
            return Ok(0);
        }
        let places: Vec<i64> = orders.iter().map(|order| order.place).collect();
        // Read after the orders: whatever changes from here on is noted under another turn.
        let there = store::list_placed(&mut reader, workspace, &places).await?;
        drop(reader);
        fail::fail_point!("qdrant.before_upsert");
        let walled = self.walled(workspace);
        let is_there = |place: &i64| there.iter().any(|(stored, _)| stored.place == *place);
        let gone: Vec<i64> = places.iter().copied().filter(|place| !is_there(place)).collect();
        let points: Vec<_> = there.iter().map(|(stored, route)| walled.point(stored, route, &self.tokens)).collect();
        if !points.is_empty() {
            let request = UpsertPointsBuilder::new(self.settings.qdrant_collection.clone(), points).wait(true);
            self.confirmed(self.in_time(self.client.upsert_points(request)).await?)?;
        }
        if !gone.is_empty() {
            self.confirmed(self.in_time(self.client.delete_points(walled.remove_places(&gone))).await?)?;
        }
        settle(store, orders).await
    }

    /// Takes out everything of these handoffs, and sees that nothing of them is left on any copy.
    pub async fn erase(&self, workspace: &Workspace, handoffs: &[HandoffId]) -> Result<(), NotCarried> {
        if handoffs.is_empty() {
            return Ok(());
        }
        let _alone = self.writing.lock().await;
        let walled = self.walled(workspace);
        match self.in_time(self.client.delete_points(walled.remove_handoffs(handoffs))).await {
            // Where there is no collection nothing is kept.
            Err(NotCarried::Server(Why::Missing)) if !self.exists().await? => return Ok(()),
            deleted => self.confirmed(deleted?)?,
        }
        match self.count(workspace, handoffs).await? {
            0 => Ok(()),
            _ => Err(NotCarried::Server(Why::Stale)),
        }
    }

    /// Compares how much it holds of a workspace with how much there is, when everything should be there; where they
    /// differ it is filled anew. Whether it did.
    pub async fn compare(&self, store: &Store, workspace: &Workspace) -> Result<bool, NotCarried> {
        let _alone = self.writing.lock().await;
        self.open(store).await?;
        let mut reader = store.background_reader().await?;
        let (passages, orders) = store::count_mirrored(&mut reader, workspace).await?;
        drop(reader);
        if orders > 0 || self.count(workspace, &[]).await? == passages {
            return Ok(false);
        }
        // Noted first: should the next step fail, it is done again.
        let owner = workspace.clone();
        let ordered =
            store.writer().write(move |tx| Box::pin(async move { store::order_all(tx, Some(&owner)).await.map(drop) }));
        ordered.await?;
        let emptied = self.client.delete_points(self.walled(workspace).remove_handoffs(&[]));
        self.confirmed(self.in_time(emptied).await?)?;
        Ok(true)
    }

    /// How many passages it holds of handoffs, or of all.
    pub async fn count(&self, workspace: &Workspace, handoffs: &[HandoffId]) -> Result<u64, NotCarried> {
        let counted = self.in_time(self.client.count(self.walled(workspace).count(handoffs))).await?;
        Ok(counted.result.map_or(0, |result| result.count))
    }

    /// Whether it answers, by its version.
    pub async fn try_out(&self) -> Result<String, NotCarried> {
        Ok(self.in_time(self.client.health_check()).await?.version)
    }

    /// Server and collection.
    pub fn address(&self) -> &str {
        &self.mirror.address
    }

    /// Sees once that the collection is there and made as it should be; one that has to be made gets everything.
    async fn open(&self, store: &Store) -> Result<(), NotCarried> {
        if self.is_open.load(Ordering::Relaxed) {
            return Ok(());
        }
        let name = &self.settings.qdrant_collection;
        if self.exists().await? {
            let info = self.in_time(self.client.collection_info(name.clone())).await?;
            let parameters = info.result.and_then(|info| info.config).and_then(|config| config.params);
            let vectors = parameters.and_then(|parameters| parameters.sparse_vectors_config);
            let words = vectors.and_then(|vectors| vectors.map.get(WORDS).copied());
            if words.is_none_or(|words| words.modifier != Some(Modifier::Idf.into())) {
                return Err(NotCarried::Server(Why::Refused));
            }
        } else {
            let mut vectors = SparseVectorsConfigBuilder::default();
            vectors.add_named_vector_params(WORDS, SparseVectorParamsBuilder::default().modifier(Modifier::Idf));
            let request = CreateCollectionBuilder::new(name.clone())
                .sparse_vectors_config(vectors)
                .shard_number(self.settings.qdrant_shards)
                .replication_factor(self.settings.qdrant_replicas)
                .on_disk_payload(true);
            self.in_time(self.client.create_collection(request)).await?;
            let ordered =
                store.writer().write(|tx| Box::pin(async move { store::order_all(tx, None).await.map(drop) }));
            ordered.await?;
        }
        self.open_fields().await?;
        self.is_open.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// What passages are narrowed down by; that it is there already is no fault.
    async fn open_fields(&self) -> Result<(), NotCarried> {
        let name = || self.settings.qdrant_collection.clone();
        let tenant = KeywordIndexParamsBuilder::default().is_tenant(true);
        let request = CreateFieldIndexCollectionBuilder::new(name(), WORKSPACE, FieldType::Keyword).wait(true);
        self.confirmed(self.in_time(self.client.create_field_index(request.field_index_params(tenant))).await?)?;
        for field in [HANDOFF, ROUTE] {
            let request = CreateFieldIndexCollectionBuilder::new(name(), field, FieldType::Keyword).wait(true);
            self.confirmed(self.in_time(self.client.create_field_index(request)).await?)?;
        }
        let range = IntegerIndexParamsBuilder::new(false, true);
        let request = CreateFieldIndexCollectionBuilder::new(name(), AT, FieldType::Integer).wait(true);
        self.confirmed(self.in_time(self.client.create_field_index(request.field_index_params(range))).await?)
    }

    async fn exists(&self) -> Result<bool, NotCarried> {
        self.in_time(self.client.collection_exists(self.settings.qdrant_collection.clone())).await
    }

    async fn in_time<T>(&self, asked: impl Future<Output = Result<T, QdrantError>>) -> Result<T, NotCarried> {
        let longest = Duration::from_secs(self.settings.qdrant_write_seconds);
        let answered = tokio::time::timeout(longest, asked).await.map_err(|_| NotCarried::Server(Why::Slow))?;
        answered.map_err(|error| {
            tracing::debug!(%error, "the Qdrant server did not do as it was asked");
            NotCarried::Server(self.note(&error))
        })
    }

    /// What was only received may still be lost.
    fn confirmed(&self, response: PointsOperationResponse) -> Result<(), NotCarried> {
        match response.result.map(|result| result.status) {
            Some(status) if status == i32::from(UpdateStatus::Completed) => Ok(()),
            _ => Err(NotCarried::Server(Why::Slow)),
        }
    }
}

async fn settle(store: &Store, orders: Vec<PassageOrder>) -> Result<usize, NotCarried> {
    let count = orders.len();
    let settled = store.writer().write(move |tx| Box::pin(async move { store::settle_orders(tx, &orders).await }));
    settled.await?;
    Ok(count)
}
