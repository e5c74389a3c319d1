//! The wall between workspaces at an outer index: nothing can be asked for,
//! counted or taken out there without the workspace that is meant, because the
//! requests are made of this and of nothing else.

use std::collections::HashMap;

use qdrant_client::qdrant::{
    Condition, CountPoints, CountPointsBuilder, DeletePoints, DeletePointsBuilder, Filter, IdfParams,
    PayloadIncludeSelector, PointId, PointStruct, Query, QueryPoints, QueryPointsBuilder, Range, ReadConsistencyType,
    SearchParamsBuilder, Value, Vector, VectorInput, Vectors, read_consistency, with_payload_selector::SelectorOptions,
};
use sha2::Digest;

use crate::handoff::HandoffId;
use crate::passages::{Tokens, Words};
use crate::store::{Mirror, PassageFilter, StoredPassage, Workspace};

/// The vector of a passage's words.
pub(super) const WORDS: &str = "words";
pub(super) const WORKSPACE: &str = "workspace";
pub(super) const HANDOFF: &str = "handoff";
pub(super) const ROUTE: &str = "route";
pub(super) const AT: &str = "at";
pub(super) const PLACE: &str = "place";

/// One workspace of ours at the server: everything that is said of passages there begins here.
#[derive(Debug, Clone)]
pub(super) struct Walled {
    collection: String,
    tenant: String,
}

impl Walled {
    pub fn within(collection: &str, mirror: &Mirror, workspace: &Workspace) -> Walled {
        Walled { collection: collection.to_owned(), tenant: format!("{}/{}", mirror.owner, workspace.as_str()) }
    }

    /// Passages that share something with the words, those with most of the rarest first. How rare a word is, is counted
    /// in this workspace alone.
    pub fn query(&self, (words, tokens): (&Words, &Tokens), filter: &PassageFilter, most: u64) -> QueryPoints {
        let numbers = tokens.of_words(words);
        let weights = vec![1.0_f32; numbers.len()];
        let mut conditions = vec![self.wall()];
        if !filter.handoffs.is_empty() {
            conditions.push(of_handoffs(&filter.handoffs));
        }
        conditions.extend(filter.route.iter().map(|route| Condition::matches(ROUTE, route.clone())));
        if filter.since.is_some() || filter.until.is_some() {
            let edge = |at: jiff::Timestamp| at.as_millisecond() as f64;
            let range = Range { gte: filter.since.map(edge), lte: filter.until.map(edge), ..Range::default() };
            conditions.push(Condition::range(AT, range));
        }
        let corpus = IdfParams { corpus: Some(Filter::must([self.wall()])) };
        QueryPointsBuilder::new(self.collection.clone())
            .query(Query::new_nearest(VectorInput::new_sparse(numbers, weights)))
            .using(WORDS)
            .filter(Filter::must(conditions))
            .params(SearchParamsBuilder::default().idf(corpus))
            .with_payload(SelectorOptions::Include(PayloadIncludeSelector { fields: vec![PLACE.to_owned()] }))
            .limit(most)
            .build()
    }

    /// How many passages there are, on every copy.
    pub fn count(&self, handoffs: &[HandoffId]) -> CountPoints {
        CountPointsBuilder::new(self.collection.clone())
            .filter(self.all_of(handoffs))
            .exact(true)
            .read_consistency(read_consistency::Value::Type(ReadConsistencyType::All.into()))
            .build()
    }

    /// Takes out everything of these handoffs; of all where none is named.
    pub fn remove_handoffs(&self, handoffs: &[HandoffId]) -> DeletePoints {
        self.remove(self.all_of(handoffs))
    }

    pub fn remove_places(&self, places: &[i64]) -> DeletePoints {
        self.remove(Filter::must([self.wall(), Condition::has_id(places.iter().map(|place| self.id(*place)))]))
    }

    /// A passage as it is kept there: numbers of its words, and what it is narrowed down by. None of its text.
    pub fn point(&self, stored: &StoredPassage, route: &str, tokens: &Tokens) -> PointStruct {
        let numbers = tokens.of_passage(&stored.passage.head, &stored.passage.body);
        let weights = vec![1.0_f32; numbers.len()];
        let vectors: Vectors = HashMap::from([(WORDS.to_owned(), Vector::new_sparse(numbers, weights))]).into();
        let payload: HashMap<String, Value> = HashMap::from([
            (WORKSPACE.to_owned(), Value::from(self.tenant.clone())),
            (HANDOFF.to_owned(), Value::from(stored.handoff.0.clone())),
            (ROUTE.to_owned(), Value::from(route.to_owned())),
            (AT.to_owned(), Value::from(stored.passage.at.map_or(0, jiff::Timestamp::as_millisecond))),
            (PLACE.to_owned(), Value::from(stored.place)),
        ]);
        PointStruct { id: Some(self.id(stored.place)), payload, vectors: Some(vectors) }
    }

    fn remove(&self, which: Filter) -> DeletePoints {
        DeletePointsBuilder::new(self.collection.clone()).points(which).wait(true).build()
    }

    fn all_of(&self, handoffs: &[HandoffId]) -> Filter {
        let which = (!handoffs.is_empty()).then(|| of_handoffs(handoffs));
        Filter::must([self.wall()].into_iter().chain(which))
    }

    fn wall(&self) -> Condition {
        Condition::matches(WORKSPACE, self.tenant.clone())
    }

    /// The same place has another name for everybody who uses the server.
    fn id(&self, place: i64) -> PointId {
        let digest = sha2::Sha256::new().chain_update(&self.tenant).chain_update(place.to_be_bytes()).finalize();
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        PointId::from(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32]))
    }
}

fn of_handoffs(handoffs: &[HandoffId]) -> Condition {
    Condition::matches(HANDOFF, handoffs.iter().map(|id| id.0.clone()).collect::<Vec<_>>())
}
