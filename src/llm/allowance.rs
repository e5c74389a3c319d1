//! What one handoff may spend on a model, all its calls together: how many
//! calls, how many repeats, and until when. Copies share one purse, so that
//! windows read at the same time cannot each spend it whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::meter::{Meter, Ticket};
use super::{Failure, Tokens};

/// The purse of one handoff; a clone is the same purse.
#[derive(Debug, Clone)]
pub struct Allowance {
    purse: Arc<Purse>,
    /// One call that nobody else can take.
    own: Option<Arc<AtomicU32>>,
    /// Who keeps the accounts, and what the call at hand may cost at most.
    meter: Option<(Arc<dyn Meter>, Tokens)>,
}

#[derive(Debug)]
struct Purse {
    calls: AtomicU32,
    retries: AtomicU32,
    used: AtomicU32,
    end: Instant,
}

impl Allowance {
    /// At most `calls` calls, of them at most `retries` repeats after a failure, all within `time` from now.
    /// A call that is asked in another form because the endpoint refused the first is a call, but no repeat.
    pub fn new(calls: u32, retries: u32, time: Duration) -> Self {
        let now = Instant::now();
        // A time that the clock cannot hold is a day: longer than any handoff waits.
        let end = now.checked_add(time).unwrap_or(now + Duration::from_secs(86_400));
        let purse =
            Purse { calls: AtomicU32::new(calls), retries: AtomicU32::new(retries), used: AtomicU32::new(0), end };
        Allowance { purse: Arc::new(purse), own: None, meter: None }
    }

    /// The same purse with one call more that is kept for one part, whatever the other parts spend.
    pub fn with_own_call(&self) -> Self {
        Allowance { own: Some(Arc::new(AtomicU32::new(1))), ..self.clone() }
    }

    /// The same purse for a call that costs money, at most so much.
    pub fn metered(&self, meter: Arc<dyn Meter>, most: Tokens) -> Self {
        Allowance { meter: Some((meter, most)), ..self.clone() }
    }

    /// Takes one call and sets its money aside; without both, nothing may be sent.
    pub async fn begin(&self) -> Result<Ticket, Failure> {
        if !self.take_call() {
            return Err(Failure::SpentAllowance);
        }
        let Some((meter, most)) = &self.meter else { return Ok(Ticket::default()) };
        match meter.reserve(*most).await {
            Ok(reserved) => Ok(Ticket::new(Arc::clone(meter), reserved)),
            Err(failure) => {
                // It was not sent, so it is no call.
                self.purse.used.fetch_sub(1, Ordering::Relaxed);
                Err(failure)
            }
        }
    }

    /// Takes one call, the own one first; false when none is left or the time is over.
    pub fn take_call(&self) -> bool {
        let has = || self.own.as_deref().is_some_and(take) || take(&self.purse.calls);
        let may = Instant::now() < self.purse.end && has();
        if may {
            self.purse.used.fetch_add(1, Ordering::Relaxed);
        }
        may
    }

    /// Has `calls` left again: context that came later has its own.
    pub fn renew(&self, calls: u32) {
        self.purse.calls.store(calls, Ordering::Relaxed);
    }

    /// Counts a call that was answered before and costs nothing now.
    pub fn count_call(&self) {
        self.purse.used.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes one repeat; false when none is left.
    pub fn take_retry(&self) -> bool {
        take(&self.purse.retries)
    }

    /// When the handoff's time is over.
    pub fn end(&self) -> Instant {
        self.purse.end
    }

    /// Calls taken so far.
    pub fn used(&self) -> u32 {
        self.purse.used.load(Ordering::Relaxed)
    }

    /// Calls left.
    pub fn left(&self) -> u32 {
        self.purse.calls.load(Ordering::Relaxed)
    }
}

fn take(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_one_purse() {
        let allowance = Allowance::new(3, 1, Duration::from_secs(60));
        let copy = allowance.clone();
        assert!(allowance.take_call() && copy.take_call() && allowance.take_call());
        assert!(!copy.take_call(), "a fourth of three calls");
        assert!(copy.take_retry());
        assert!(!allowance.take_retry(), "a second of one repeat");
        assert_eq!((allowance.used(), copy.left()), (3, 0));
        allowance.count_call();
        allowance.renew(1);
        assert_eq!((copy.used(), copy.left()), (4, 1));
        assert!(copy.take_call() && !allowance.take_call());
    }

    #[test]
    fn threads_never_take_more_than_there_is() {
        let allowance = Allowance::new(1_000, 0, Duration::from_secs(60));
        let takers: Vec<_> = (0..4)
            .map(|_| {
                let allowance = allowance.clone();
                std::thread::spawn(move || (0..1_000).filter(|_| allowance.take_call()).count())
            })
            .collect();
        let taken: usize = takers.into_iter().map(|taker| taker.join().expect("a taker")).sum();
        assert_eq!((taken, allowance.used(), allowance.left()), (1_000, 1_000, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn no_call_after_the_end() {
        let allowance = Allowance::new(2, 2, Duration::from_secs(10));
        tokio::time::advance(Duration::from_secs(9)).await;
        assert!(allowance.take_call());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!allowance.take_call());
        assert_eq!(allowance.left(), 1);
    }

    #[test]
    fn endless_time_is_no_panic() {
        assert!(Allowance::new(1, 0, Duration::MAX).take_call());
    }
}
