//! Money: what a call may cost at most is set aside before it is sent, so that
//! calls made at the same time cannot each spend the last of it, and made true
//! when the answer is there. Who keeps the accounts is the caller's business.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::transport_fault::{BROKE_OFF, CONNECTING};
use super::{Failure, Reply, Tokens};

/// Keeps the accounts of what calls cost.
pub trait Meter: fmt::Debug + Send + Sync {
    /// Sets aside what a call may cost at most; the call is sent only when this succeeds.
    fn reserve(&self, most: Tokens) -> BoxFuture<'_, Result<Reserved, Failure>>;

    /// Puts what a call did cost in the place of what was set aside for it. Of a call that is never settled, since its
    /// process ended, everything stays spent.
    fn settle(&self, reserved: Reserved, spent: Tokens) -> BoxFuture<'_, ()>;
}

/// What is set aside for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// The day it is counted on, whenever the answer comes: days since 1970 in UTC.
    pub day: i64,
    pub most: Tokens,
}

/// What is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// The tokens for this handoff.
    Handoff,
    /// The tokens for this day.
    Day,
    /// The money for this day.
    Cost,
}

impl Cap {
    pub const ALL: [Cap; 3] = [Cap::Handoff, Cap::Day, Cap::Cost];

    /// One word for figures.
    pub fn name(self) -> &'static str {
        match self {
            Cap::Handoff => "handoff",
            Cap::Day => "day",
            Cap::Cost => "cost",
        }
    }
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cap::Handoff => "the tokens allowed for this handoff (model.tokens_per_handoff) are used up",
            Cap::Day => "the tokens allowed for today (model.tokens_per_day) are used up",
            Cap::Cost => "the money allowed for today (model.cost_per_day) is used up",
        })
    }
}

/// A call that may be sent. Settled when it has ended.
#[derive(Debug, Default)]
#[must_use = "what was set aside has to be settled"]
pub struct Ticket(Option<(Arc<dyn Meter>, Reserved)>);

impl Ticket {
    pub(super) fn new(meter: Arc<dyn Meter>, reserved: Reserved) -> Ticket {
        Ticket(Some((meter, reserved)))
    }

    /// The call has ended so.
    pub async fn settle(self, outcome: Result<&Reply, &Failure>) {
        if let Some((meter, reserved)) = self.0 {
            meter.settle(reserved, spent(outcome, reserved.most)).await;
        }
    }
}

/// What a call did cost. Where nobody says, and an answer may have been written, it is all that was set aside.
fn spent(outcome: Result<&Reply, &Failure>, most: Tokens) -> Tokens {
    use Failure as F;
    match outcome {
        // Some endpoints do not count.
        Ok(reply) if reply.tokens.input == 0 => most,
        Ok(reply) => reply.tokens,
        Err(F::Unreachable(why)) if why != BROKE_OFF => Tokens::default(),
        Err(F::TimedOut(which)) if which == CONNECTING => Tokens::default(),
        Err(F::RateLimited { .. } | F::OutOfQuota | F::NotAllowed(_) | F::NotFound | F::TooLarge) => Tokens::default(),
        Err(F::Rejected(_) | F::Broken(_) | F::NotRecorded(_) | F::OverBudget(_)) => Tokens::default(),
        Err(_) => most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_been_paid_for_stays_spent() {
        let (most, nothing) = (Tokens { input: 900, cached: 0, output: 100 }, Tokens::default());
        let reply = |tokens| Reply { text: "{}".to_owned(), tokens };
        let check = |outcome: Result<Reply, Failure>, expected: Tokens| {
            assert_eq!(spent(outcome.as_ref(), most), expected, "{outcome:?}");
        };
        let counted = Tokens { input: 700, cached: 100, output: 20 };
        check(Ok(reply(counted)), counted);
        check(Ok(reply(nothing)), most);
        check(Err(Failure::CutOff), most);
        check(Err(Failure::Refused), most);
        check(Err(Failure::SpentAllowance), most);
        check(Err(Failure::TimedOut("the first byte".to_owned())), most);
        check(Err(Failure::TimedOut(CONNECTING.to_owned())), nothing);
        check(Err(Failure::Unreachable(BROKE_OFF.to_owned())), most);
        check(Err(Failure::Unreachable("connection refused".to_owned())), nothing);
        check(Err(Failure::RateLimited { wait: None }), nothing);
        check(Err(Failure::Broken(503)), nothing);
    }
}
