//! Replies are kept before they are used: what a model was paid for once is
//! not asked for again, whenever a reading stops. A journal finds kept replies
//! by the hash of their call, keeps new ones, and hears how far a reading is.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{Allowance, Call, Failure, Meter, PromptError, Reply};
use crate::brief::FieldState;

/// Where the replies of a reading are kept.
pub trait Journal: Send + Sync {
    /// What was kept under a call's [`Call::hash`].
    fn find(&self, hash: &str) -> Option<Kept>;

    /// Keeps what a model answered. It is used only when this succeeded; an error ends the reading.
    fn keep<'a>(&'a self, hash: &'a str, call: &'a Call, kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>>;

    /// Who keeps the accounts of the calls; nobody where they are not limited.
    fn meter(&self) -> Option<Arc<dyn Meter>> {
        None
    }

    /// Hears how far the reading is.
    fn step(&self, _step: Step) {}
}

/// How far a reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// So many parts of the batch that is read now were answered.
    Reading { done: usize, of: usize },
    /// So many fields are looked for a second time.
    LookingAgain { fields: usize },
    /// A field was judged, for the first time or otherwise than before.
    Field { key: String, state: FieldState },
}

/// What a model answered, or how it failed; a network's failures are not worth keeping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<Reply>,
    /// The code of the failure that the model gave instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// What was wrong with an answer that could not be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Kept {
    /// What is worth keeping of an outcome.
    pub fn of(outcome: &Result<Reply, Failure>) -> Option<Kept> {
        match outcome {
            Ok(reply) => Some(Kept { reply: Some(reply.clone()), failure: None, why: None }),
            Err(failure) if failure.was_answered() => {
                let why = if let Failure::Garbled(why) = failure { Some(why.clone()) } else { None };
                Some(Kept { reply: None, failure: Some(failure.code().to_owned()), why })
            }
            Err(_) => None,
        }
    }

    /// The outcome again; `None` for one that this version does not know.
    pub fn outcome(self) -> Option<Result<Reply, Failure>> {
        if let Some(reply) = self.reply {
            return Some(Ok(reply));
        }
        let failure = match self.failure?.as_str() {
            "refused" => Failure::Refused,
            "filtered" => Failure::Filtered,
            "cut_off" => Failure::CutOff,
            "runaway" => Failure::Runaway,
            "empty" => Failure::Empty,
            "garbled" => Failure::Garbled(self.why.unwrap_or_else(|| "as recorded".to_owned())),
            _ => return None,
        };
        Some(Err(failure))
    }
}

/// A reply could not be kept, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotKept(pub String);

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a reply of the model could not be kept: {}", self.0)
    }
}

impl std::error::Error for NotKept {}

/// Why a reading came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// What was kept before stands; reading again asks only for the rest.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// Keeps nothing: every reading asks anew.
#[derive(Debug, Clone, Copy)]
pub struct Forgetful;

impl Journal for Forgetful {
    fn find(&self, _hash: &str) -> Option<Kept> {
        None
    }

    fn keep<'a>(&'a self, _hash: &'a str, _call: &'a Call, _kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The outcome of a call, and whether it was kept.
pub(super) type Asked = (Result<Reply, Failure>, Result<(), NotKept>);

/// What was answered before, else what `ask` gives, kept. An old answer is counted as a call and takes none.
pub(super) async fn ask_once(
    journal: &dyn Journal,
    (hash, call): (&str, &Call),
    allowance: &Allowance,
    ask: impl Future<Output = Result<Reply, Failure>>,
) -> Asked {
    if let Some(known) = journal.find(hash).and_then(Kept::outcome) {
        allowance.count_call();
        return (known, Ok(()));
    }
    let outcome = ask.await;
    let kept = match Kept::of(&outcome) {
        Some(kept) => journal.keep(hash, call, &kept).await,
        None => Ok(()),
    };
    (outcome, kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Tokens;

    #[test]
    fn what_a_model_did_is_kept_and_what_a_network_did_is_not() {
        let reply = Reply { text: "{}".to_owned(), tokens: Tokens::default() };
        let check = |outcome: Result<Reply, Failure>, is_kept: bool| {
            let kept = Kept::of(&outcome);
            assert_eq!(kept.is_some(), is_kept, "{outcome:?}");
            let json = kept.map(|kept| serde_json::to_string(&kept).expect("JSON"));
            let again = json.map(|json| serde_json::from_str::<Kept>(&json).expect("what was written").outcome());
            assert_eq!(again, is_kept.then_some(Some(outcome)));
        };
        check(Ok(reply), true);
        for failure in [Failure::Refused, Failure::Filtered, Failure::CutOff, Failure::Runaway, Failure::Empty] {
            check(Err(failure), true);
        }
        check(Err(Failure::Garbled("no JSON".to_owned())), true);
        for failure in [Failure::TimedOut("x".to_owned()), Failure::Broken(503), Failure::SpentAllowance] {
            check(Err(failure), false);
        }
        let strange: Kept = serde_json::from_str("{\"failure\": \"tired\"}").expect("kept by another version");
        assert_eq!(strange.outcome(), None);
    }
}
