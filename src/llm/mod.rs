//! One structured call to a model: what is asked, what comes back, and the
//! ways in which it can fail. A model is live behind an endpoint, a folder of
//! recorded replies, or a function in a test; the callers cannot tell.

mod allowance;
mod answer;
pub mod budget;
mod forms;
mod journal;
pub mod layout;
mod meter;
mod openai;
mod openai_answer;
mod openai_form;
mod plan;
pub mod prompt;
mod reader;
mod repair;
mod replay;
mod retry;
mod session;
mod shown;
mod transport;
mod transport_body;
mod transport_fault;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::config::ModelSettings;

pub use allowance::Allowance;
pub use answer::{Answer, Cited, Record, Unreadable};
pub use journal::{Forgetful, Journal, Kept, NotKept, ReadError, Step};
pub use meter::{Cap, Meter, Reserved};
pub use openai::Endpoint;
pub use openai_form::Form;
pub use prompt::PromptError;
pub use reader::{FirstReading, Reader, UnreadPart};
pub use replay::Recordings;
pub use session::Session;

/// One call, fully rendered. Equal calls have equal hashes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// The rules and the route's fields: the same for every call of a route, so that endpoints can cache it.
    #[serde(serialize_with = "inside")]
    pub system: Arc<str>,
    /// The sources, and what is asked of them.
    pub user: String,
    /// The JSON Schema of the answer.
    #[serde(serialize_with = "inside")]
    pub schema: Arc<Json>,
    pub max_output_tokens: u32,
}

fn inside<T: Serialize + ?Sized, S: serde::Serializer>(shared: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    shared.as_ref().serialize(serializer)
}

impl Call {
    /// SHA-256 in hex over the model's name and everything that is sent: the key of a recorded reply.
    pub fn hash(&self, model: &str) -> String {
        use sha2::Digest;
        let sent = serde_json::to_vec(&(model, self)).unwrap_or_default();
        sha2::Sha256::digest(sent).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What a model wrote, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    pub tokens: Tokens,
}

/// What a call cost, as the endpoint counts it; zero where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub input: u64,
    /// Of these, read from the endpoint's cache.
    pub cached: u64,
    pub output: u64,
}

/// Why a call gave no reply that can be used. None of them holds any of the sources' text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The endpoint cannot be reached, or the connection broke.
    Unreachable(String),
    /// A deadline passed; the text names which.
    TimedOut(String),
    /// Too many requests, and the time to wait is longer than this handoff has.
    RateLimited { wait: Option<Duration> },
    /// The account has no money or quota left: waiting does not help.
    OutOfQuota,
    /// The key is missing or wrong, or may not use this model.
    NotAllowed(u16),
    /// There is no such model or address.
    NotFound,
    /// The request is larger than the model or the endpoint takes.
    TooLarge,
    /// The endpoint does not take the request, and no other form of it either.
    Rejected(u16),
    /// The endpoint is in trouble itself.
    Broken(u16),
    /// The answer was no answer of a chat endpoint.
    Garbled(String),
    /// The model declined.
    Refused,
    /// The endpoint's filter held the answer back.
    Filtered,
    /// The answer ended at the limit of its length.
    CutOff,
    /// The model wrote nothing but white space or one thing over and over.
    Runaway,
    /// The model answered with nothing.
    Empty,
    /// The allowance of calls or time for this handoff is used up.
    SpentAllowance,
    /// The money or the tokens that the settings allow are used up; the call was not sent.
    OverBudget(Cap),
    /// No reply is recorded for this call.
    NotRecorded(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreachable(why) => write!(f, "the endpoint cannot be reached: {why}"),
            Failure::TimedOut(which) => write!(f, "no answer in time: {which}"),
            Failure::RateLimited { wait: Some(wait) } => {
                write!(f, "the endpoint asks to wait {} s, longer than this handoff has", wait.as_secs())
            }
            Failure::RateLimited { wait: None } => f.write_str("the endpoint takes no more requests for now"),
            Failure::OutOfQuota => f.write_str("the account at the endpoint has no quota left"),
            Failure::NotAllowed(status) => write!(f, "the endpoint refuses the key (status {status})"),
            Failure::NotFound => f.write_str("the endpoint knows no such model or address"),
            Failure::TooLarge => f.write_str("the endpoint says the request is too large"),
            Failure::Rejected(status) => write!(f, "the endpoint does not take the request (status {status})"),
            Failure::Broken(status) => write!(f, "the endpoint is in trouble (status {status})"),
            Failure::Garbled(what) => write!(f, "the answer cannot be used: {what}"),
            Failure::Refused => f.write_str("the model declined to answer"),
            Failure::Filtered => f.write_str("the endpoint's filter held the answer back"),
            Failure::CutOff => f.write_str("the answer ended at the limit of its length"),
            Failure::Runaway => f.write_str("the model repeated itself without end"),
            Failure::Empty => f.write_str("the model answered with nothing"),
            Failure::SpentAllowance => f.write_str("the calls or the time for this handoff are used up"),
            Failure::OverBudget(cap) => cap.fmt(f),
            Failure::NotRecorded(hash) => {
                write!(f, "no reply is recorded for this request ({})", hash.get(..12).unwrap_or(hash))
            }
        }
    }
}

impl Failure {
    /// Whether the model had read the request before it failed, so that its tokens were spent.
    pub fn was_answered(&self) -> bool {
        use Failure as F;
        matches!(self, F::Garbled(_) | F::Refused | F::Filtered | F::CutOff | F::Runaway | F::Empty)
    }

    /// One word for logs and results.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::Unreachable(_) => "unreachable",
            Failure::TimedOut(_) => "timed_out",
            Failure::RateLimited { .. } => "rate_limited",
            Failure::OutOfQuota => "out_of_quota",
            Failure::NotAllowed(_) => "not_allowed",
            Failure::NotFound => "not_found",
            Failure::TooLarge => "too_large",
            Failure::Rejected(_) => "rejected",
            Failure::Broken(_) => "broken",
            Failure::Garbled(_) => "garbled",
            Failure::Refused => "refused",
            Failure::Filtered => "filtered",
            Failure::CutOff => "cut_off",
            Failure::Runaway => "runaway",
            Failure::Empty => "empty",
            Failure::SpentAllowance => "spent_allowance",
            Failure::OverBudget(_) => "over_budget",
            Failure::NotRecorded(_) => "not_recorded",
        }
    }
}

/// Settings with which no model can be asked. Names the setting and never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl Unusable {
    fn new(words: impl Into<String>) -> Self {
        Unusable(words.into())
    }
}

/// Who answers calls.
#[derive(Clone)]
pub enum Model {
    /// A model behind an endpoint.
    Live(Endpoint),
    /// The same, and every reply is written into a folder; what is recorded there already is not asked again.
    Recorded(Endpoint, Recordings),
    /// Replies that were recorded before; nothing is sent.
    Replay(Recordings),
    /// A function: readers made by code, for tests and evals.
    Generated(Arc<Generate>),
}

/// Code that answers in a model's place.
pub type Generate = dyn Fn(&Call) -> Result<Reply, Failure> + Send + Sync;

impl Model {
    /// The model that the settings name; none if they name none.
    pub fn open(settings: &ModelSettings) -> Result<Option<Model>, Unusable> {
        let Some(name) = settings.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        if let Some(folder) = &settings.replay {
            return Recordings::open(folder, name).map(|recordings| Some(Model::Replay(recordings)));
        }
        let endpoint = Endpoint::new(settings)?;
        Ok(Some(match &settings.record {
            Some(folder) => Model::Recorded(endpoint, Recordings::create(folder, name)?),
            None => Model::Live(endpoint),
        }))
    }

    /// Asks within what the handoff may spend. A reply that cannot be recorded is still given; the log says so.
    pub async fn ask(&self, call: &Call, allowance: &Allowance) -> Result<Reply, Failure> {
        match self {
            Model::Live(endpoint) => endpoint.ask(call, allowance).await,
            Model::Recorded(endpoint, recordings) => {
                // A run that stopped goes on where it was.
                let hash = call.hash(endpoint.model());
                let ask = endpoint.ask(call, allowance);
                let (reply, kept) = journal::ask_once(recordings, (&hash, call), allowance, ask).await;
                if let Err(not_kept) = kept {
                    tracing::error!(%not_kept, "a reply could not be recorded");
                }
                reply
            }
            Model::Replay(recordings) => paid(allowance, || recordings.find(call)).await,
            Model::Generated(answer) => paid(allowance, || answer(call)).await,
        }
    }
}

/// What is answered at once costs what it says, as if it had been sent.
async fn paid(allowance: &Allowance, answer: impl FnOnce() -> Result<Reply, Failure>) -> Result<Reply, Failure> {
    let ticket = allowance.begin().await?;
    let outcome = answer();
    ticket.settle(outcome.as_ref()).await;
    outcome
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Model::Live(endpoint) => f.debug_tuple("Live").field(endpoint).finish(),
            Model::Recorded(endpoint, recordings) => {
                f.debug_tuple("Recorded").field(endpoint).field(recordings).finish()
            }
            Model::Replay(recordings) => f.debug_tuple("Replay").field(recordings).finish(),
            Model::Generated(_) => f.write_str("Generated"),
        }
    }
}
