//! How many requests a key may make: a burst at once, refilled evenly over
//! time. What remains is told on every reply in the headers of the standard's
//! draft and in those people know.

use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::{Kind, Problem};

/// Every so many checks, keys whose quota is full again are forgotten.
const CHECKS_BETWEEN_CLEANING: u64 = 1024;
/// More keys than this in use share their quotas in `SHARED_SLOTS`: memory stays bounded.
const MOST_KEYS: usize = 100_000;
const SHARED_SLOTS: u64 = 4096;

/// The quota of each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSettings {
    /// How many requests are refilled in a minute. Zero counts as one.
    pub per_minute: u32,
    /// How many requests may come at once. Zero counts as one.
    pub burst: u32,
}

impl Default for LimitSettings {
    fn default() -> LimitSettings {
        // Automations send what a team did in a day within seconds.
        LimitSettings { per_minute: 600, burst: 600 }
    }
}

/// How a key stands after one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether this request is within the quota.
    pub is_within: bool,
    /// The quota: how many requests may come at once.
    pub limit: u32,
    /// The time in which an empty quota fills, in whole seconds.
    pub window_seconds: u64,
    /// How many more requests may come now.
    pub remaining: u32,
    /// Within: until the quota is full. Beyond: until one request is allowed. In whole seconds, rounded up.
    pub reset_seconds: u64,
    /// `reset_seconds` from now, in seconds since 1970.
    pub reset_at_unix_seconds: i64,
}

/// The quotas of all keys.
pub struct Limits<C: Clock = DefaultClock> {
    limiter: RateLimiter<u64, DashMapStateStore<u64>, C, StateInformationMiddleware>,
    clock: C,
    settings: LimitSettings,
    hasher: RandomState,
    checks: AtomicU64,
    most_keys: usize,
}

impl Limits {
    /// Full quotas for everybody, by the machine's steady clock.
    pub fn new(settings: LimitSettings) -> Limits {
        Limits::with_clock(settings, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    /// The same with another clock.
    pub fn with_clock(settings: LimitSettings, clock: C) -> Limits<C> {
        let at_least_one = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let (per_minute, burst) = (at_least_one(settings.per_minute), at_least_one(settings.burst));
        let quota = Quota::per_minute(per_minute).allow_burst(burst);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        let settings = LimitSettings { per_minute: per_minute.get(), burst: burst.get() };
        let (hasher, checks) = (RandomState::new(), AtomicU64::new(0));
        Limits { limiter, clock, settings, hasher, checks, most_keys: MOST_KEYS }
    }

    /// Counts one request of a key. `now_unix_seconds` is the wall clock, for the headers alone.
    pub fn check(&self, key: impl Hash, now_unix_seconds: i64) -> Standing {
        self.clean();
        // The hash is keyed, so nobody can aim at another's quota.
        let mut slot = self.hasher.hash_one(key);
        if self.limiter.len() >= self.most_keys {
            slot %= SHARED_SLOTS;
        }
        let LimitSettings { per_minute, burst } = self.settings;
        let seconds_for = |count: u32| (u64::from(count) * 60).div_ceil(u64::from(per_minute));
        let (is_within, remaining, reset_seconds) = match self.limiter.check_key(&slot) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                (true, remaining, seconds_for(burst.saturating_sub(remaining)))
            }
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now());
                (false, 0, whole_seconds(wait).max(1))
            }
        };
        let window_seconds = seconds_for(burst);
        let reset_at_unix_seconds = now_unix_seconds.saturating_add_unsigned(reset_seconds);
        Standing { is_within, limit: burst, window_seconds, remaining, reset_seconds, reset_at_unix_seconds }
    }

    fn clean(&self) {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_CLEANING == CHECKS_BETWEEN_CLEANING - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000_000)).unwrap_or(u64::MAX)
}

impl Standing {
    /// The answer to a request beyond the quota.
    pub fn problem(&self) -> Problem {
        Problem::new(Kind::QuotaExceeded)
            .detail(format!("This key may make {} requests in {} seconds", self.limit, self.window_seconds))
            .retry_after(Duration::from_secs(self.reset_seconds))
    }

    /// Writes the headers of every reply under a quota.
    pub fn write_to(&self, headers: &mut HeaderMap) {
        let mut write = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        write("ratelimit-policy", format!("\"default\";q={};w={}", self.limit, self.window_seconds));
        write("ratelimit", format!("\"default\";r={};t={}", self.remaining, self.reset_seconds));
        write("x-ratelimit-limit", self.limit.to_string());
        write("x-ratelimit-remaining", self.remaining.to_string());
        write("x-ratelimit-reset", self.reset_at_unix_seconds.to_string());
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use governor::clock::FakeRelativeClock;

    use super::*;

    const NOW: i64 = 1_000;

    fn limits(per_minute: u32, burst: u32) -> (Limits<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limits::with_clock(LimitSettings { per_minute, burst }, clock.clone()), clock)
    }

    #[test]
    fn a_burst_passes_and_refills_evenly() {
        let (limits, clock) = limits(60, 3);
        let check = |advance_milliseconds: u64, expected: (bool, u32, u64)| {
            clock.advance(Duration::from_millis(advance_milliseconds));
            let standing = limits.check("key", NOW);
            assert_eq!((standing.is_within, standing.remaining, standing.reset_seconds), expected);
            assert_eq!((standing.limit, standing.window_seconds), (3, 3));
        };
        check(0, (true, 2, 1));
        check(0, (true, 1, 2));
        check(0, (true, 0, 3));
        check(0, (false, 0, 1));
        check(999, (false, 0, 1));
        check(1, (true, 0, 3));
        check(2_000, (true, 1, 2));
        check(60_000, (true, 2, 1));
        assert!(limits.check("other", NOW).is_within);
    }

    #[test]
    fn whoever_waits_as_told_is_let_in() {
        for (per_minute, burst) in [(1, 1), (7, 2), (60, 10), (100, 100), (600, 1), (100_000, 5)] {
            let (limits, clock) = limits(per_minute, burst);
            while limits.check("key", NOW).is_within {}
            let refused = limits.check("key", NOW);
            clock.advance(Duration::from_secs(refused.reset_seconds));
            assert!(limits.check("key", NOW).is_within, "{per_minute} a minute, {burst} at once: {refused:?}");
        }
    }

    #[test]
    fn refusals_say_when_to_come_back() {
        let (limits, _) = limits(6, 1);
        assert!(limits.check("key", NOW).is_within);
        let refused = limits.check("key", NOW);
        let mut headers = refused.problem().into_response().headers().clone();
        refused.write_to(&mut headers);
        let check = |name: &str, expected: &str| assert_eq!(headers[name], expected, "{name}");
        check("retry-after", "10");
        check("ratelimit-policy", "\"default\";q=1;w=10");
        check("ratelimit", "\"default\";r=0;t=10");
        check("x-ratelimit-limit", "1");
        check("x-ratelimit-remaining", "0");
        check("x-ratelimit-reset", "1010");
    }

    #[test]
    fn nothing_is_kept_of_keys_that_are_full_again() {
        let (limits, clock) = limits(60, 1);
        (0..5_000).for_each(|key| assert!(limits.check(key, NOW).is_within));
        assert!(limits.limiter.len() >= 5_000 - CHECKS_BETWEEN_CLEANING as usize);
        clock.advance(Duration::from_secs(60));
        let within = (0..CHECKS_BETWEEN_CLEANING).filter(|_| limits.check("one", NOW).is_within).count();
        assert_eq!(within, 1);
        assert!(limits.limiter.len() <= 1, "{} keys are kept", limits.limiter.len());
    }

    #[test]
    fn too_many_keys_share_what_there_is() {
        let (mut limits, _) = limits(60, 10);
        limits.most_keys = 100;
        let within = (0..100_000).filter(|key| limits.check(key, NOW).is_within).count();
        assert!(within <= 10 * (100 + SHARED_SLOTS as usize), "{within} requests passed");
        assert!(limits.limiter.len() <= 100 + SHARED_SLOTS as usize, "{} keys are kept", limits.limiter.len());
    }
}
