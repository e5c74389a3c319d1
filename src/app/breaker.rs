//! The circuit to the model: after a row of failures it is left alone for a
//! while, and one handoff at a time tries whether it is back.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Failures inside the window that open the circuit.
const FAILURES: usize = 5;
const WINDOW: SignedDuration = SignedDuration::from_secs(30);
/// While it is open, one handoff in this time tries.
const PROBE_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// Whether the model may be asked.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: VecDeque<Timestamp>,
    /// When the next one may try; none while the circuit is closed.
    next_probe: Option<Timestamp>,
}

impl Breaker {
    /// Whether this handoff may ask; if not, when it may try again.
    pub fn admit(&self, now: Timestamp) -> Result<(), Timestamp> {
        let mut state = self.lock();
        match state.next_probe {
            Some(probe) if now < probe => Err(probe),
            Some(_) => {
                state.next_probe = Some(now + PROBE_EVERY);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The model answered: the circuit closes.
    pub fn succeeded(&self) {
        *self.lock() = State::default();
    }

    /// The model could not be reached.
    pub fn failed(&self, now: Timestamp) {
        let mut state = self.lock();
        state.failures.push_back(now);
        while state.failures.front().is_some_and(|first| now.duration_since(*first) > WINDOW) {
            state.failures.pop_front();
        }
        if state.failures.len() >= FAILURES {
            state.failures.truncate(FAILURES);
            state.next_probe.get_or_insert(now + PROBE_EVERY);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_failures_opens_it_and_one_tries_at_a_time() {
        let breaker = Breaker::default();
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        for second in 0..4 {
            breaker.failed(at(second));
            assert!(breaker.admit(at(second)).is_ok());
        }
        breaker.failed(at(4));
        assert_eq!(breaker.admit(at(5)), Err(at(34)), "open after five");
        assert!(breaker.admit(at(34)).is_ok(), "one may try");
        assert_eq!(breaker.admit(at(35)), Err(at(64)), "the others wait");
        breaker.succeeded();
        assert!(breaker.admit(at(36)).is_ok() && breaker.admit(at(36)).is_ok(), "closed again");
    }

    #[test]
    fn failures_far_apart_leave_it_closed() {
        let breaker = Breaker::default();
        for minute in 0..20 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
            breaker.failed(now);
            assert!(breaker.admit(now).is_ok());
        }
    }
}
