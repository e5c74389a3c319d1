//! A Qdrant server that takes nothing amiss: real gRPC on a port of its own,
//! the few calls that are made, and every rule of the protocol that a mistake
//! could break. What it refuses is remembered, so that a test can say that
//! there was nothing to refuse. It can be told to be away, slow, full, to lose
//! what it is given, to answer nothing, or to lie.

mod collections;
mod points;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use qdrant_client::qdrant::collections_server::CollectionsServer;
use qdrant_client::qdrant::points_server::PointsServer;
use qdrant_client::qdrant::qdrant_server::{Qdrant as Health, QdrantServer};
use qdrant_client::qdrant::{HealthCheckReply, HealthCheckRequest, Value, value::Kind};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

pub type Answer<T> = Result<Response<T>, Status>;

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Every call fails at once.
    Down,
    /// No call is ever answered.
    Slow,
    /// Nothing more is taken; questions are answered.
    Full,
    /// Everything is taken, confirmed and lost; questions are answered from what was there.
    Stale,
    /// Questions find nothing.
    Empty,
    /// Questions find everything of everybody, and places that never were.
    Lying,
}

/// The server, until it is dropped.
#[derive(Clone)]
pub struct Strict {
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    mood: Mood,
    key: Option<String>,
    collections: HashMap<String, Collection>,
    refusals: Vec<String>,
    calls: BTreeMap<&'static str, usize>,
}

#[derive(Default)]
struct Collection {
    /// Sparse vectors by name, with their modifier.
    vectors: HashMap<String, Option<i32>>,
    shards: u32,
    replicas: u32,
    /// Fields that may be asked by, and which one of them tells tenants apart.
    indexed: BTreeSet<String>,
    tenant: Option<String>,
    points: BTreeMap<String, Point>,
}

struct Point {
    payload: HashMap<String, Value>,
    words: BTreeSet<u32>,
}

impl Point {
    fn text(&self, field: &str) -> Option<&str> {
        match self.payload.get(field)?.kind.as_ref()? {
            Kind::StringValue(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, field: &str) -> Option<i64> {
        match self.payload.get(field)?.kind.as_ref()? {
            Kind::IntegerValue(number) => Some(*number),
            _ => None,
        }
    }
}

impl Strict {
    pub fn start() -> Strict {
        Strict::start_with_key(None)
    }

    /// Lets nobody in without the key.
    pub fn start_with_key(key: Option<&str>) -> Strict {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let url = format!("http://{}", incoming.local_addr().expect("an address"));
        let state = State {
            mood: Mood::Well,
            key: key.map(str::to_owned),
            collections: HashMap::new(),
            refusals: Vec::new(),
            calls: BTreeMap::new(),
        };
        let strict = Strict { url, state: Arc::new(Mutex::new(state)) };
        let server = Server::builder()
            .add_service(PointsServer::new(strict.clone()).max_decoding_message_size(32 << 20))
            .add_service(CollectionsServer::new(strict.clone()))
            .add_service(QdrantServer::new(strict.clone()));
        tokio::spawn(server.serve_with_incoming(incoming));
        strict
    }

    pub fn set(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// What was refused since it started.
    pub fn refusals(&self) -> Vec<String> {
        self.lock().refusals.clone()
    }

    /// How often a call was made.
    pub fn calls(&self, name: &str) -> usize {
        self.lock().calls.get(name).copied().unwrap_or_default()
    }

    /// Points that it holds, of all collections.
    pub fn count(&self) -> usize {
        self.lock().collections.values().map(|one| one.points.len()).sum()
    }

    /// Points of a handoff.
    pub fn count_of(&self, handoff: &str) -> usize {
        let state = self.lock();
        let points = state.collections.values().flat_map(|one| one.points.values());
        points.filter(|point| point.text("handoff") == Some(handoff)).count()
    }

    /// Loses so many points, as a server does that was set back to an older state.
    pub fn lose(&self, count: usize) {
        for collection in self.lock().collections.values_mut() {
            for _ in 0..count {
                collection.points.pop_first();
            }
        }
    }

    /// Forgets that there was anything.
    pub fn wipe(&self) {
        self.lock().collections.clear();
    }

    /// Everything it was told, as text: to be looked through for words.
    pub fn everything(&self) -> String {
        let state = self.lock();
        let points = state.collections.values().flat_map(|one| one.points.values());
        points.map(|point| format!("{:?}\n", point.payload)).collect()
    }

    /// Shards, replicas and the field that tells tenants apart.
    pub fn made_of(&self, collection: &str) -> (u32, u32, Option<String>) {
        let state = self.lock();
        let one = state.collections.get(collection).expect("the collection");
        (one.shards, one.replicas, one.tenant.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// What every call goes through: is it let in, is the server well.
    async fn enter<T>(&self, name: &'static str, request: &Request<T>) -> Result<(), Status> {
        let mood = {
            let mut state = self.lock();
            *state.calls.entry(name).or_default() += 1;
            let given = request.metadata().get("api-key").and_then(|key| key.to_str().ok());
            if state.key.is_some() && state.key.as_deref() != given {
                return Err(Status::unauthenticated("Invalid API key or JWT"));
            }
            state.mood
        };
        match mood {
            Mood::Down => Err(Status::unavailable("connection reset")),
            Mood::Slow => std::future::pending().await,
            _ => Ok(()),
        }
    }

    /// A mistake of the caller's.
    fn refuse<T>(&self, what: impl Into<String>) -> Result<T, Status> {
        let what = what.into();
        self.lock().refusals.push(what.clone());
        Err(Status::invalid_argument(what))
    }
}

#[tonic::async_trait]
impl Health for Strict {
    async fn health_check(&self, request: Request<HealthCheckRequest>) -> Answer<HealthCheckReply> {
        self.enter("health", &request).await?;
        let reply = HealthCheckReply { title: "qdrant".to_owned(), version: "1.20.0".to_owned(), commit: None };
        Ok(Response::new(reply))
    }
}

fn not_served<T>() -> Answer<T> {
    Err(Status::unimplemented("nothing of ours calls this"))
}
