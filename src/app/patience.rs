//! How long to leave alone what has just failed and costs much to try: longer
//! each time, up to a minute, and not at all once there is news.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// Counts by the machine's own clock: it is the disk that wants to be left alone, whatever time it is.
#[derive(Debug, Default)]
pub(super) struct Patience(Mutex<Option<(Instant, Duration)>>);

impl Patience {
    /// Whether it may be tried now.
    pub fn is_over(&self, now: Instant) -> bool {
        self.last().is_none_or(|(failed_at, wait)| now.saturating_duration_since(failed_at) >= wait)
    }

    /// It failed: next time after twice as long.
    pub fn failed(&self, now: Instant) {
        let wait = self.last().map_or(SHORTEST, |(_, wait)| (wait * 2).min(LONGEST));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, wait));
    }

    /// It went well, or there is more to do: it may be tried at once.
    pub fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn last(&self) -> Option<(Instant, Duration)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_minute_and_end_with_news() {
        let (patience, start) = (Patience::default(), Instant::now());
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        assert!(patience.is_over(start));
        let (mut now, mut tries) = (0, Vec::new());
        while now < 300 {
            if patience.is_over(at(now)) {
                tries.push(now);
                patience.failed(at(now));
            }
            now += 1;
        }
        assert_eq!(tries, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
        assert!(!patience.is_over(at(300)));
        patience.reset();
        assert!(patience.is_over(at(300)));
        patience.failed(at(300));
        assert!(patience.is_over(at(301)));
    }
}
