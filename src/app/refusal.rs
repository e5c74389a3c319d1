//! Why something was not done, in the words of the product; the edges turn it
//! into their own form.

use crate::asking::RequestState;
use jiff::Timestamp;

use crate::answers::Return;
use crate::brief::Gap;
use crate::handoff::{HandoffId, Move, Status};
use crate::pipeline::Proposal;
use crate::store::Fault;

/// A request that was not carried out. Nothing was changed.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such thing in the caller's workspace.
    NotFound(&'static str),
    /// Somebody changed the handoff since the caller looked.
    Stale { current: i64 },
    /// The handoff does not stand where this can be done.
    NotNow { status: Status, wanted: Move },
    /// Nothing is waited for any more with this request.
    RequestClosed { state: RequestState },
    /// A pass for it is in force; another one would let the work move twice.
    PassInForce { until: Timestamp },
    /// It was transferred, and what came in since says otherwise about these fields.
    Changed(Vec<String>),
    /// The receiving team gave it back whole, and nothing has happened since.
    GivenBack(Box<Return>),
    /// The gate refuses.
    Incomplete(Vec<Gap>),
    /// Context waits to be read.
    Reading,
    /// What was in it is gone.
    Erased { at: Timestamp },
    /// Nothing of it may go.
    OnHold { handoff: HandoffId },
    /// Its raw context went by age, so that it cannot be read again.
    ContextGone { since: Timestamp },
    /// The request names no route that is known.
    UnknownRoute { wanted: String, known: Vec<String> },
    /// The caller wants the route to be found: these fit, best first.
    Proposed(Vec<Proposal>),
    /// The request says things that cannot be used, each with its place.
    Invalid(Vec<Problem>),
    /// The endpoint takes no messages at the moment.
    NotEnabled,
    /// Only an action that failed is tried again.
    ActionNotFailed { state: &'static str },
    /// The action cannot leave as things stand.
    ActionImpossible { problem: String },
    /// The key of the request was used for another one.
    KeyReused,
    /// More waits than can be promised to be read soon.
    Busy,
    /// The database could not do it.
    Store(Fault),
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer into the request's body.
    pub pointer: String,
    pub code: String,
    /// What is wrong and how it is mended.
    pub detail: String,
}

impl Problem {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Problem { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

impl Refusal {
    /// One word for logs, which must hold nothing of what anybody wrote.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotFound(_) => "not_found",
            Refusal::Stale { .. } => "stale",
            Refusal::NotNow { .. } => "not_now",
            Refusal::RequestClosed { .. } => "request_closed",
            Refusal::PassInForce { .. } => "pass_in_force",
            Refusal::Changed(_) => "changed",
            Refusal::GivenBack(_) => "given_back",
            Refusal::Incomplete(_) => "incomplete",
            Refusal::Reading => "reading",
            Refusal::Erased { .. } => "erased",
            Refusal::OnHold { .. } => "on_hold",
            Refusal::ContextGone { .. } => "context_gone",
            Refusal::UnknownRoute { .. } => "unknown_route",
            Refusal::Proposed(_) => "proposed",
            Refusal::Invalid(_) => "invalid",
            Refusal::NotEnabled => "not_enabled",
            Refusal::ActionNotFailed { .. } => "action_not_failed",
            Refusal::ActionImpossible { .. } => "action_impossible",
            Refusal::KeyReused => "key_reused",
            Refusal::Busy => "busy",
            Refusal::Store(Fault::Unavailable(_)) => "store_unavailable",
            Refusal::Store(Fault::Damaged(_)) => "store_damaged",
            Refusal::Store(Fault::Unusable(_)) => "store_unusable",
            Refusal::Store(Fault::Taken) => "store_taken",
            Refusal::Store(Fault::Refused(_)) => "store_refused",
        }
    }

    /// A request with one thing wrong.
    pub fn invalid(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Refusal::Invalid(vec![Problem::new(pointer, code, detail)])
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Store(fault)
    }
}
