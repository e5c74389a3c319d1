//! What the calls of one handoff have in common while it is read: the purse
//! they spend from, the journal that keeps their replies, and what they cost.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::allowance::Allowance;
use super::budget::estimate;
use super::journal::{Forgetful, Journal, NotKept, Step, ask_once};
use super::{Call, Failure, Reader, Reply, Tokens};
use crate::redaction::blank;
use crate::route::{Route, Withheld};

/// Calls of a batch beyond one for each window: two second looks and the repeats.
const MORE_CALLS: u32 = 5;
/// Answers that are no JSON are asked for once more, this often in one batch.
const MOST_REPAIRS: u32 = 2;
/// What an endpoint adds to a call of its own: the marks between its parts.
const FRAME_TOKENS: usize = 100;
/// A model may read for this long where the route sets no limit.
const USUAL_LIMIT: Duration = Duration::from_secs(15 * 60);

/// What the parts of one batch have in common while they are read.
pub struct Session<'j> {
    pub allowance: Allowance,
    journal: &'j dyn Journal,
    /// What no call may hold.
    withheld: Vec<Withheld>,
    repairs: AtomicU32,
    input: AtomicU32,
    cached: AtomicU32,
    output: AtomicU32,
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("allowance", &self.allowance).finish_non_exhaustive()
    }
}

impl Session<'static> {
    /// A session whose replies are not kept.
    pub(super) fn forgetful(reader: &Reader, route: &Route) -> Self {
        reader.session(route, &Forgetful)
    }
}

impl<'j> Session<'j> {
    fn new(allowance: Allowance, journal: &'j dyn Journal, withheld: Vec<Withheld>) -> Self {
        Session {
            allowance,
            journal,
            withheld,
            repairs: AtomicU32::new(0),
            input: AtomicU32::new(0),
            cached: AtomicU32::new(0),
            output: AtomicU32::new(0),
        }
    }

    /// The same purse and journal for another batch, which has its own calls and whose cost is counted by itself.
    pub fn for_next_batch(&self) -> Self {
        self.allowance.renew(MORE_CALLS);
        Session::new(self.allowance.clone(), self.journal, self.withheld.clone())
    }

    /// What all calls so far cost, the kept ones as they did then.
    pub fn tokens(&self) -> Tokens {
        let read = |counter: &AtomicU32| u64::from(counter.load(Ordering::Relaxed));
        Tokens { input: read(&self.input), cached: read(&self.cached), output: read(&self.output) }
    }

    pub fn tell(&self, step: Step) {
        self.journal.step(step);
    }

    /// Whether an answer may be asked for once more. What was asked for and kept before always may.
    pub(super) fn may_repair(&self, call: &Call, model: &str) -> bool {
        self.journal.find(&self.sent(call).hash(model)).is_some()
            || self.repairs.fetch_add(1, Ordering::Relaxed) < MOST_REPAIRS
    }

    /// The call as it leaves. All calls are made of masked text; this one place looks at each of them once more, a
    /// repeat of what the model itself wrote too.
    fn sent<'c>(&self, call: &'c Call) -> Cow<'c, Call> {
        match blank(&call.user, &self.withheld) {
            Cow::Borrowed(_) => Cow::Borrowed(call),
            Cow::Owned(user) => Cow::Owned(Call { user, ..call.clone() }),
        }
    }

    fn add(&self, tokens: Tokens) {
        let pairs = [(&self.input, tokens.input), (&self.cached, tokens.cached), (&self.output, tokens.output)];
        for (counter, tokens) in pairs {
            counter.fetch_add(u32::try_from(tokens).unwrap_or(u32::MAX), Ordering::Relaxed);
        }
    }
}

impl Reader {
    /// What one handoff may spend, with the journal that keeps its replies. Each part has a call of its own beside it.
    pub fn session<'j>(&self, route: &Route, journal: &'j dyn Journal) -> Session<'j> {
        let limit = route.limits.model.and_then(|limit| limit.try_into().ok()).unwrap_or(USUAL_LIMIT);
        Session::new(Allowance::new(MORE_CALLS, self.retries, limit), journal, route.redact.clone())
    }

    /// What a call may cost at most.
    fn most_of(&self, call: &Call) -> Tokens {
        let parts = [&*call.system, &*call.user, &*call.schema.to_string()];
        let sent = parts.iter().map(|part| self.counter.count_safely(part)).sum::<usize>() + FRAME_TOKENS;
        Tokens { input: sent as u64, cached: 0, output: u64::from(call.max_output_tokens) }
    }

    /// Asks, or takes the answer that was kept; what is new is kept before anything is made of it.
    pub(super) async fn ask(
        &self,
        call: &Call,
        (session, allowance): (&Session<'_>, &Allowance),
    ) -> Result<Result<Reply, Failure>, NotKept> {
        let call: &Call = &session.sent(call);
        let hash = call.hash(&self.name);
        let metered = session.journal.meter().map(|meter| allowance.metered(meter, self.most_of(call)));
        let allowance = metered.as_ref().unwrap_or(allowance);
        let ask = self.model.ask(call, allowance);
        let (outcome, kept) = ask_once(session.journal, (&hash, call), allowance, ask).await;
        let sent = || (estimate(&call.system) + estimate(&call.user)) as u64;
        match &outcome {
            // Some endpoints do not count.
            Ok(reply) if reply.tokens.input == 0 => session.add(Tokens { input: sent(), ..reply.tokens }),
            Ok(reply) => session.add(reply.tokens),
            // What was read and went wrong was paid for as well.
            Err(failure) if failure.was_answered() => session.add(Tokens { input: sent(), ..Tokens::default() }),
            Err(_) => {}
        }
        kept.map(|()| outcome)
    }
}
