//! Points: what is put in, taken out, counted and asked for. Nothing is done
//! for anybody who does not say whose points are meant, names a vector or a
//! field that is not there, or sends a vector that is none.

use std::collections::{BTreeMap, BTreeSet};

use qdrant_client::qdrant as pb;
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::points_server::Points;
use tonic::{Request, Response, Status};

use super::{Answer, Collection, Mood, Point, Strict, not_served};

/// More is asked for by nobody who means well.
const MOST: u64 = 1_000;

impl Strict {
    /// Whether it takes what it is given; `false` when it only says so.
    fn takes(&self) -> Result<bool, Status> {
        match self.lock().mood {
            Mood::Full => Err(Status::resource_exhausted("Not enough space available on the disk")),
            mood => Ok(mood != Mood::Stale),
        }
    }

    fn on<T>(&self, name: &str, act: impl FnOnce(&mut Collection) -> Result<T, String>) -> Result<T, Status> {
        let done = {
            let mut state = self.lock();
            let Some(collection) = state.collections.get_mut(name) else {
                return Err(Status::not_found(format!("Collection `{name}` doesn't exist!")));
            };
            act(collection)
        };
        done.or_else(|what| self.refuse(what))
    }
}

/// The filter has to say whose points are meant, and to ask by indexed fields alone.
fn check(filter: Option<&pb::Filter>, collection: &Collection) -> Result<(), String> {
    let tenant = collection.tenant.as_deref().ok_or("nothing tells tenants apart")?;
    let filter = filter.ok_or("no filter at all")?;
    if !filter.should.is_empty() || !filter.must_not.is_empty() || filter.min_should.is_some() {
        return Err("a filter that lets more in".to_owned());
    }
    let mut is_walled = false;
    for condition in &filter.must {
        match &condition.condition_one_of {
            Some(ConditionOneOf::HasId(_)) => {}
            Some(ConditionOneOf::Field(field)) if !collection.indexed.contains(&field.key) => {
                return Err(format!("`{}` has no index", field.key));
            }
            Some(ConditionOneOf::Field(field)) if field.key == tenant => {
                let value = field.r#match.as_ref().and_then(|one| one.match_value.as_ref());
                is_walled |= matches!(value, Some(MatchValue::Keyword(name)) if !name.is_empty());
            }
            Some(ConditionOneOf::Field(_)) => {}
            _ => return Err("a condition that is not known here".to_owned()),
        }
    }
    if is_walled { Ok(()) } else { Err(format!("no filter by `{tenant}`")) }
}

fn fits(id: &str, point: &Point, filter: &pb::Filter) -> bool {
    filter.must.iter().all(|condition| match &condition.condition_one_of {
        Some(ConditionOneOf::HasId(has)) => has.has_id.iter().any(|one| read_id(Some(one)).as_deref() == Ok(id)),
        Some(ConditionOneOf::Field(field)) => {
            let value = field.r#match.as_ref().and_then(|one| one.match_value.as_ref());
            let matches = match value {
                Some(MatchValue::Keyword(text)) => point.text(&field.key) == Some(text),
                Some(MatchValue::Keywords(all)) => {
                    point.text(&field.key).is_some_and(|text| all.strings.iter().any(|one| one == text))
                }
                Some(_) => false,
                None => true,
            };
            let within = field.range.is_none_or(|range| {
                point.number(&field.key).map(|number| number as f64).is_some_and(|number| {
                    range.gte.is_none_or(|least| number >= least) && range.lte.is_none_or(|most| number <= most)
                })
            });
            matches && within
        }
        _ => false,
    })
}

fn read_id(id: Option<&pb::PointId>) -> Result<String, String> {
    let Some(pb::point_id::PointIdOptions::Uuid(id)) = id.and_then(|id| id.point_id_options.clone()) else {
        return Err("a point without a UUID".to_owned());
    };
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    let is_hex = id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if parts == [8, 4, 4, 4, 12] && is_hex { Ok(id) } else { Err(format!("`{id}` is no UUID")) }
}

/// A vector of as many numbers as words, each once, none of them senseless.
fn read_sparse(vector: &pb::SparseVector) -> Result<BTreeSet<u32>, String> {
    let words: BTreeSet<u32> = vector.indices.iter().copied().collect();
    if vector.values.len() != vector.indices.len() || words.len() != vector.indices.len() {
        return Err("a sparse vector of another size than its numbers, or with one twice".to_owned());
    }
    if vector.values.iter().any(|value| *value != 1.0) {
        return Err("a weight that says more than that a word is there".to_owned());
    }
    Ok(words)
}

fn read_point(point: pb::PointStruct, collection: &Collection) -> Result<(String, Point), String> {
    let id = read_id(point.id.as_ref())?;
    let Some(pb::vectors::VectorsOptions::Vectors(named)) = point.vectors.and_then(|all| all.vectors_options) else {
        return Err("a point without named vectors".to_owned());
    };
    let mut words = None;
    for (name, vector) in named.vectors {
        if !collection.vectors.contains_key(&name) {
            return Err(format!("Not existing vector name error: {name}"));
        }
        match vector.vector {
            Some(pb::vector::Vector::Sparse(sparse)) => words = Some(read_sparse(&sparse)?),
            _ => return Err(format!("`{name}` is sparse")),
        }
    }
    let point = Point { payload: point.payload, words: words.ok_or("a point without a vector")? };
    let tenant = collection.tenant.as_deref().ok_or("nothing tells tenants apart")?;
    if point.text(tenant).is_none_or(str::is_empty) {
        return Err(format!("a point without `{tenant}`"));
    }
    Ok((id, point))
}

fn completed() -> Response<pb::PointsOperationResponse> {
    let status = pb::UpdateStatus::Completed.into();
    let result = pb::UpdateResult { operation_id: Some(1), status };
    Response::new(pb::PointsOperationResponse { result: Some(result), time: 0.0, usage: None })
}

/// The words of the question by how rare they are among the points that count.
fn rarity(question: &BTreeSet<u32>, corpus: &[&Point]) -> BTreeMap<u32, f32> {
    let all = corpus.len() as f32;
    let rare = |word: &u32| {
        let holding = corpus.iter().filter(|point| point.words.contains(word)).count() as f32;
        (*word, ((all - holding + 0.5) / (holding + 0.5)).ln_1p())
    };
    question.iter().map(rare).collect()
}

fn scored(id: &str, point: &Point, score: f32) -> pb::ScoredPoint {
    let payload = point.payload.iter().filter(|(name, _)| *name == "place");
    pb::ScoredPoint {
        id: Some(pb::PointId::from(id.to_owned())),
        payload: payload.map(|(name, value)| (name.clone(), value.clone())).collect(),
        score,
        ..Default::default()
    }
}

fn find(request: &pb::QueryPoints, collection: &Collection, mood: Mood) -> Result<Vec<pb::ScoredPoint>, String> {
    check(request.filter.as_ref(), collection)?;
    let using = request.using.as_deref().unwrap_or_default();
    let modifier = collection.vectors.get(using).ok_or(format!("Not existing vector name error: {using}"))?;
    if *modifier != Some(pb::Modifier::Idf.into()) {
        return Err("a vector whose rare words count no more than others".to_owned());
    }
    let variant = request.query.as_ref().and_then(|query| query.variant.as_ref());
    let Some(pb::query::Variant::Nearest(input)) = variant else { return Err("no nearest query".to_owned()) };
    let Some(pb::vector_input::Variant::Sparse(sparse)) = &input.variant else {
        return Err("Conversion between sparse and regular vectors failed".to_owned());
    };
    let question = read_sparse(sparse)?;
    let corpus = request.params.as_ref().and_then(|params| params.idf.as_ref()).and_then(|idf| idf.corpus.as_ref());
    check(corpus, collection).map_err(|what| format!("how rare words are is counted over others too: {what}"))?;
    let most = request.limit.unwrap_or(10);
    if most > MOST {
        return Err(format!("{most} points at once"));
    }
    if mood == Mood::Empty {
        return Ok(Vec::new());
    }
    let (Some(filter), Some(corpus)) = (&request.filter, corpus) else { return Ok(Vec::new()) };
    if mood == Mood::Lying {
        let mut all: Vec<_> = collection.points.iter().map(|(id, point)| scored(id, point, 100.0)).collect();
        let never = pb::Value { kind: Some(pb::value::Kind::IntegerValue(-1)) };
        all.extend(
            all.first()
                .cloned()
                .map(|first| pb::ScoredPoint { payload: [("place".to_owned(), never)].into(), ..first }),
        );
        return Ok(all);
    }
    let counted: Vec<&Point> =
        collection.points.iter().filter(|(id, point)| fits(id, point, corpus)).map(|(_, point)| point).collect();
    let rarity = rarity(&question, &counted);
    let score =
        |point: &Point| rarity.iter().filter(|(word, _)| point.words.contains(word)).map(|(_, rare)| rare).sum();
    let fitting = collection.points.iter().filter(|(id, point)| fits(id, point, filter));
    let mut found: Vec<pb::ScoredPoint> = fitting.map(|(id, point)| scored(id, point, score(point))).collect();
    found.retain(|one| one.score > 0.0);
    found.sort_by(|left, right| right.score.total_cmp(&left.score));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

#[tonic::async_trait]
impl Points for Strict {
    async fn upsert(&self, request: Request<pb::UpsertPoints>) -> Answer<pb::PointsOperationResponse> {
        self.enter("upsert", &request).await?;
        let (is_taken, request) = (self.takes()?, request.into_inner());
        self.on(&request.collection_name, |collection| {
            for point in request.points {
                let (id, point) = read_point(point, collection)?;
                if is_taken {
                    collection.points.insert(id, point);
                }
            }
            Ok(())
        })?;
        Ok(completed())
    }

    async fn delete(&self, request: Request<pb::DeletePoints>) -> Answer<pb::PointsOperationResponse> {
        self.enter("delete", &request).await?;
        let (is_taken, request) = (self.takes()?, request.into_inner());
        let Some(PointsSelectorOneOf::Filter(filter)) = request.points.and_then(|points| points.points_selector_one_of)
        else {
            return self.refuse("points are taken out without a filter");
        };
        self.on(&request.collection_name, |collection| {
            check(Some(&filter), collection)?;
            if is_taken {
                collection.points.retain(|id, point| !fits(id, point, &filter));
            }
            Ok(())
        })?;
        Ok(completed())
    }

    async fn count(&self, request: Request<pb::CountPoints>) -> Answer<pb::CountResponse> {
        self.enter("count", &request).await?;
        let request = request.into_inner();
        let count = self.on(&request.collection_name, |collection| {
            check(request.filter.as_ref(), collection)?;
            let filter = request.filter.as_ref().ok_or("no filter at all")?;
            Ok(collection.points.iter().filter(|(id, point)| fits(id, point, filter)).count())
        })?;
        let result = pb::CountResult { count: u64::try_from(count).expect("a count") };
        Ok(Response::new(pb::CountResponse { result: Some(result), time: 0.0, usage: None }))
    }

    async fn query(&self, request: Request<pb::QueryPoints>) -> Answer<pb::QueryResponse> {
        self.enter("query", &request).await?;
        let (mood, request) = (self.lock().mood, request.into_inner());
        let result = self.on(&request.collection_name, |collection| find(&request, collection, mood))?;
        Ok(Response::new(pb::QueryResponse { result, time: 0.0, usage: None }))
    }

    async fn create_field_index(
        &self,
        request: Request<pb::CreateFieldIndexCollection>,
    ) -> Answer<pb::PointsOperationResponse> {
        self.enter("index", &request).await?;
        let request = request.into_inner();
        let parameters = request.field_index_params.and_then(|one| one.index_params);
        let is_tenant = matches!(parameters,
            Some(pb::payload_index_params::IndexParams::KeywordIndexParams(one)) if one.is_tenant == Some(true));
        self.on(&request.collection_name, |collection| {
            collection.indexed.insert(request.field_name.clone());
            if is_tenant {
                collection.tenant = Some(request.field_name);
            }
            Ok(())
        })?;
        Ok(completed())
    }

    async fn get(&self, _: Request<pb::GetPoints>) -> Answer<pb::GetResponse> {
        not_served()
    }
    async fn update_vectors(&self, _: Request<pb::UpdatePointVectors>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn delete_vectors(&self, _: Request<pb::DeletePointVectors>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn set_payload(&self, _: Request<pb::SetPayloadPoints>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn overwrite_payload(&self, _: Request<pb::SetPayloadPoints>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn delete_payload(&self, _: Request<pb::DeletePayloadPoints>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn clear_payload(&self, _: Request<pb::ClearPayloadPoints>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn delete_field_index(
        &self,
        _: Request<pb::DeleteFieldIndexCollection>,
    ) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn create_vector_name(&self, _: Request<pb::CreateVectorNameRequest>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn delete_vector_name(&self, _: Request<pb::DeleteVectorNameRequest>) -> Answer<pb::PointsOperationResponse> {
        not_served()
    }
    async fn search(&self, _: Request<pb::SearchPoints>) -> Answer<pb::SearchResponse> {
        not_served()
    }
    async fn search_batch(&self, _: Request<pb::SearchBatchPoints>) -> Answer<pb::SearchBatchResponse> {
        not_served()
    }
    async fn search_groups(&self, _: Request<pb::SearchPointGroups>) -> Answer<pb::SearchGroupsResponse> {
        not_served()
    }
    async fn scroll(&self, _: Request<pb::ScrollPoints>) -> Answer<pb::ScrollResponse> {
        not_served()
    }
    async fn recommend(&self, _: Request<pb::RecommendPoints>) -> Answer<pb::RecommendResponse> {
        not_served()
    }
    async fn recommend_batch(&self, _: Request<pb::RecommendBatchPoints>) -> Answer<pb::RecommendBatchResponse> {
        not_served()
    }
    async fn recommend_groups(&self, _: Request<pb::RecommendPointGroups>) -> Answer<pb::RecommendGroupsResponse> {
        not_served()
    }
    async fn discover(&self, _: Request<pb::DiscoverPoints>) -> Answer<pb::DiscoverResponse> {
        not_served()
    }
    async fn discover_batch(&self, _: Request<pb::DiscoverBatchPoints>) -> Answer<pb::DiscoverBatchResponse> {
        not_served()
    }
    async fn update_batch(&self, _: Request<pb::UpdateBatchPoints>) -> Answer<pb::UpdateBatchResponse> {
        not_served()
    }
    async fn query_batch(&self, _: Request<pb::QueryBatchPoints>) -> Answer<pb::QueryBatchResponse> {
        not_served()
    }
    async fn query_groups(&self, _: Request<pb::QueryPointGroups>) -> Answer<pb::QueryGroupsResponse> {
        not_served()
    }
    async fn facet(&self, _: Request<pb::FacetCounts>) -> Answer<pb::FacetResponse> {
        not_served()
    }
    async fn search_matrix_pairs(&self, _: Request<pb::SearchMatrixPoints>) -> Answer<pb::SearchMatrixPairsResponse> {
        not_served()
    }
    async fn search_matrix_offsets(
        &self,
        _: Request<pb::SearchMatrixPoints>,
    ) -> Answer<pb::SearchMatrixOffsetsResponse> {
        not_served()
    }
}
