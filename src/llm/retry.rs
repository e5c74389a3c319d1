//! When a failed call is repeated and when the endpoint is left alone: waiting
//! times with full jitter, what `Retry-After` says, and a breaker that stops
//! asking an endpoint that keeps failing. All of it plain data over a clock.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

/// The longest first wait; it doubles with every repeat.
const BASE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);
/// Longer waits are as good as never; it keeps every sum inside the clock.
const NEVER: f64 = 86_400.0 * 365.0;

/// So many failures within `FAILING` open the breaker.
const FAILURES: usize = 5;
const FAILING: Duration = Duration::from_secs(30);
/// While it is open, one call in this time tries the endpoint.
const PROBE_EVERY: Duration = Duration::from_secs(30);

/// How long to wait before repeat number `repeat` (from 0): anything up to the doubled base, so that many who failed
/// together do not come back together, and never less than `floor`. `chance` lies in 0 to 1.
pub(super) fn wait(repeat: u32, floor: Option<Duration>, chance: f64) -> Duration {
    let most = BASE.saturating_mul(1u32.checked_shl(repeat).unwrap_or(u32::MAX)).min(LONGEST);
    most.mul_f64(chance.clamp(0.0, 1.0)).max(floor.unwrap_or_default())
}

/// What the endpoint asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.
pub(super) fn asked_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = |number: f64| {
        let is_wait = number.is_finite() && number >= 0.0;
        is_wait.then(|| Duration::from_secs_f64(number.min(NEVER)))
    };
    if let Some(wait) = number("retry-after-ms").and_then(|milliseconds| seconds(milliseconds / 1_000.0)) {
        return Some(wait);
    }
    if let Some(given) = number(RETRY_AFTER.as_str()) {
        return seconds(given);
    }
    let date = httpdate::parse_http_date(headers.get(RETRY_AFTER)?.to_str().ok()?.trim()).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Stops asking an endpoint that keeps failing, so that every handoff need not find out by itself.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: VecDeque<Instant>,
    /// The next moment at which one call may try; none while the breaker is closed.
    probe_at: Option<Instant>,
}

impl Breaker {
    /// Whether a call may go out now; otherwise how long none may.
    pub fn admit(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.probe_at {
            Some(probe_at) if now < probe_at => Err(probe_at - now),
            Some(_) => {
                state.probe_at = Some(now + PROBE_EVERY);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The endpoint answered, whatever it said.
    pub fn succeeded(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// The endpoint did not answer, or is in trouble itself.
    pub fn failed(&self, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures.retain(|at| now.duration_since(*at) < FAILING);
        state.failures.push_back(now);
        if state.probe_at.is_some() || state.failures.len() >= FAILURES {
            state.probe_at = Some(now + PROBE_EVERY);
            state.failures.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_longest_and_jitter_is_full() {
        let check = |repeat: u32, floor: Option<u64>, chance: f64, expected_ms: u64| {
            let waited = wait(repeat, floor.map(Duration::from_millis), chance);
            assert_eq!(waited, Duration::from_millis(expected_ms), "repeat {repeat}, floor {floor:?}, {chance}");
        };
        check(0, None, 1.0, 500);
        check(0, None, 0.0, 0);
        check(1, None, 0.5, 500);
        check(3, None, 1.0, 4_000);
        check(4, None, 1.0, 8_000);
        check(40, None, 1.0, 8_000);
        check(0, Some(20_000), 0.9, 20_000);
        check(4, Some(10), 1.0, 8_000);
    }

    #[test]
    fn what_the_endpoint_asks() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let check = |headers: &[(&'static str, &str)], expected: Option<f64>| {
            let map = headers.iter().map(|(name, value)| (*name, value.parse().expect("a header")));
            let map = map.map(|(name, value)| (reqwest::header::HeaderName::from_static(name), value)).collect();
            assert_eq!(asked_wait(&map, now).map(|wait| wait.as_secs_f64()), expected, "{headers:?}");
        };
        check(&[], None);
        check(&[("retry-after", "7")], Some(7.0));
        check(&[("retry-after", " 1.5 ")], Some(1.5));
        check(&[("retry-after", "0")], Some(0.0));
        check(&[("retry-after", "-3")], None);
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after", "NaN")], None);
        check(&[("retry-after", "1e300")], Some(NEVER));
        check(&[("retry-after", "9"), ("retry-after-ms", "250")], Some(0.25));
        check(&[("retry-after", "9"), ("retry-after-ms", "x")], Some(9.0));
        check(&[("retry-after", &httpdate::fmt_http_date(now + 30 * SECOND))], Some(30.0));
        check(&[("retry-after", &httpdate::fmt_http_date(now - 30 * SECOND))], Some(0.0));
    }

    #[test]
    fn five_failures_open_it_and_one_probe_closes_it() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for second in 0..4 {
            breaker.failed(start + second * SECOND);
            assert_eq!(breaker.admit(start + second * SECOND), Ok(()));
        }
        breaker.failed(start + 4 * SECOND);
        assert_eq!(breaker.admit(start + 5 * SECOND), Err(29 * SECOND));
        assert_eq!(breaker.admit(start + 34 * SECOND), Ok(()), "the probe");
        assert_eq!(breaker.admit(start + 35 * SECOND), Err(29 * SECOND), "a second probe");
        breaker.failed(start + 36 * SECOND);
        assert_eq!(breaker.admit(start + 64 * SECOND), Err(2 * SECOND), "the probe failed");
        assert_eq!(breaker.admit(start + 66 * SECOND), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker.admit(start + 67 * SECOND), Ok(()));
    }

    #[test]
    fn slow_failures_and_failures_between_answers_leave_it_closed() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for turn in 0..20 {
            breaker.failed(start + turn * 8 * SECOND);
        }
        assert_eq!(breaker.admit(start + 152 * SECOND), Ok(()), "four in thirty seconds");
        for _ in 0..3 {
            breaker.succeeded();
            (0..4).for_each(|_| breaker.failed(start + 152 * SECOND));
        }
        assert_eq!(breaker.admit(start + 152 * SECOND), Ok(()));
    }
}
