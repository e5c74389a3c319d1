//! Collections: made with what is needed and no more, and told of as they are.

use qdrant_client::qdrant as pb;
use qdrant_client::qdrant::collections_server::Collections;
use tonic::{Request, Response, Status};

use super::{Answer, Collection, Mood, Strict, not_served};

#[tonic::async_trait]
impl Collections for Strict {
    async fn create(&self, request: Request<pb::CreateCollection>) -> Answer<pb::CollectionOperationResponse> {
        self.enter("create", &request).await?;
        let request = request.into_inner();
        if self.lock().mood == Mood::Full {
            return Err(Status::resource_exhausted("no space left on device"));
        }
        let vectors = request.sparse_vectors_config.map(|config| config.map).unwrap_or_default();
        if vectors.is_empty() && request.vectors_config.is_none() {
            return self.refuse("a collection without vectors");
        }
        if request.shard_number == Some(0) || request.replication_factor == Some(0) {
            return self.refuse("a collection without shards or replicas");
        }
        if self.lock().collections.contains_key(&request.collection_name) {
            return Err(Status::already_exists(format!("Collection `{}` already exists!", request.collection_name)));
        }
        let collection = Collection {
            vectors: vectors.into_iter().map(|(name, one)| (name, one.modifier)).collect(),
            shards: request.shard_number.unwrap_or(1),
            replicas: request.replication_factor.unwrap_or(1),
            ..Collection::default()
        };
        self.lock().collections.insert(request.collection_name, collection);
        Ok(Response::new(pb::CollectionOperationResponse { result: true, time: 0.0 }))
    }

    async fn collection_exists(
        &self,
        request: Request<pb::CollectionExistsRequest>,
    ) -> Answer<pb::CollectionExistsResponse> {
        self.enter("exists", &request).await?;
        let exists = self.lock().collections.contains_key(&request.into_inner().collection_name);
        Ok(Response::new(pb::CollectionExistsResponse { result: Some(pb::CollectionExists { exists }), time: 0.0 }))
    }

    async fn get(&self, request: Request<pb::GetCollectionInfoRequest>) -> Answer<pb::GetCollectionInfoResponse> {
        self.enter("info", &request).await?;
        let state = self.lock();
        let Some(collection) = state.collections.get(&request.into_inner().collection_name) else {
            return Err(Status::not_found("Collection doesn't exist!"));
        };
        let vector = |modifier: &Option<i32>| pb::SparseVectorParams { modifier: *modifier, ..Default::default() };
        let map = collection.vectors.iter().map(|(name, modifier)| (name.clone(), vector(modifier))).collect();
        let params = pb::CollectionParams {
            shard_number: collection.shards,
            replication_factor: Some(collection.replicas),
            sparse_vectors_config: Some(pb::SparseVectorConfig { map }),
            ..Default::default()
        };
        let config = pb::CollectionConfig { params: Some(params), ..Default::default() };
        let info = pb::CollectionInfo { config: Some(config), ..Default::default() };
        Ok(Response::new(pb::GetCollectionInfoResponse { result: Some(info), time: 0.0 }))
    }

    async fn list(&self, _: Request<pb::ListCollectionsRequest>) -> Answer<pb::ListCollectionsResponse> {
        not_served()
    }
    async fn update(&self, _: Request<pb::UpdateCollection>) -> Answer<pb::CollectionOperationResponse> {
        not_served()
    }
    async fn delete(&self, _: Request<pb::DeleteCollection>) -> Answer<pb::CollectionOperationResponse> {
        not_served()
    }
    async fn update_aliases(&self, _: Request<pb::ChangeAliases>) -> Answer<pb::CollectionOperationResponse> {
        not_served()
    }
    async fn list_collection_aliases(
        &self,
        _: Request<pb::ListCollectionAliasesRequest>,
    ) -> Answer<pb::ListAliasesResponse> {
        not_served()
    }
    async fn list_aliases(&self, _: Request<pb::ListAliasesRequest>) -> Answer<pb::ListAliasesResponse> {
        not_served()
    }
    async fn collection_cluster_info(
        &self,
        _: Request<pb::CollectionClusterInfoRequest>,
    ) -> Answer<pb::CollectionClusterInfoResponse> {
        not_served()
    }
    async fn update_collection_cluster_setup(
        &self,
        _: Request<pb::UpdateCollectionClusterSetupRequest>,
    ) -> Answer<pb::UpdateCollectionClusterSetupResponse> {
        not_served()
    }
    async fn create_shard_key(&self, _: Request<pb::CreateShardKeyRequest>) -> Answer<pb::CreateShardKeyResponse> {
        not_served()
    }
    async fn delete_shard_key(&self, _: Request<pb::DeleteShardKeyRequest>) -> Answer<pb::DeleteShardKeyResponse> {
        not_served()
    }
    async fn list_shard_keys(&self, _: Request<pb::ListShardKeysRequest>) -> Answer<pb::ListShardKeysResponse> {
        not_served()
    }
}
