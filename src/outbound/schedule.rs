//! When a message is tried again, as data: spread over more than three days,
//! so that a receiver may be away over a weekend, and never before the moment
//! that the receiver asked for.

use std::time::{Duration, SystemTime};

/// The wait before each attempt: the first goes at once (Standard Webhooks, "Retry schedule").
const WAITS_S: [u64; 10] = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Attempts for one message.
pub const MOST_ATTEMPTS: u32 = WAITS_S.len() as u32;

/// A wait is up to this share shorter or longer, so that what failed together does not come back together.
const JITTER: f64 = 0.2;

/// A receiver may not put a message off for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

/// What an answer means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it.
    Delivered,
    /// The receiver wants no more, ever.
    Gone,
    /// Not this time; the receiver wants nothing before so long.
    Failed { wait: Option<Duration> },
}

/// What a status means: only 2xx is success, and a redirect is not followed.
pub fn judge(status: u16, retry_after: Option<Duration>) -> Outcome {
    match status {
        200..=299 => Outcome::Delivered,
        410 => Outcome::Gone,
        429 | 503 => Outcome::Failed { wait: retry_after },
        _ => Outcome::Failed { wait: None },
    }
}

/// The wait after so many failed attempts; `None` when there is no further one. `chance` lies in 0..1.
pub fn next_wait(failed: u32, chance: f64) -> Option<Duration> {
    let base = *WAITS_S.get(failed as usize)?;
    let factor = 1.0 - JITTER + 2.0 * JITTER * chance.clamp(0.0, 1.0);
    Some(Duration::from_secs(base).mul_f64(factor))
}

/// The wait in `Retry-After`, in seconds or as a date, cut to a day. What cannot be read says nothing.
pub fn read_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a long time.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_spread_over_three_days() {
        let total: u64 = WAITS_S.iter().sum();
        assert_eq!(total, 75 * 3_600 + 35 * 60 + 5);
        assert_eq!(next_wait(MOST_ATTEMPTS, 0.5), None);
        for failed in 1..MOST_ATTEMPTS {
            let base = WAITS_S[failed as usize] as f64;
            for chance in [0.0, 0.3, 0.5, 1.0, 7.0] {
                let wait = next_wait(failed, chance).expect("a further attempt").as_secs_f64();
                assert!((0.8 * base..=1.2 * base + 0.001).contains(&wait), "{failed}: {wait}");
            }
        }
        assert_eq!(next_wait(1, 0.5), Some(Duration::from_secs(5)));
    }

    #[test]
    fn statuses_are_judged() {
        let soon = Some(Duration::from_secs(7));
        let check = |status, expected| assert_eq!(judge(status, soon), expected, "{status}");
        for status in [200, 201, 202, 204, 299] {
            check(status, Outcome::Delivered);
        }
        for status in [100, 199, 300, 301, 304, 308, 400, 401, 404, 409, 422, 500, 502, 504, 599] {
            check(status, Outcome::Failed { wait: None });
        }
        check(410, Outcome::Gone);
        check(429, Outcome::Failed { wait: soon });
        check(503, Outcome::Failed { wait: soon });
    }

    #[test]
    fn waits_are_read_and_cut() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(read_retry_after(text, now), expected.map(Duration::from_secs), "{text}");
        };
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("Sun, 06 Nov 1994 08:50:37 GMT", Some(60));
        check("Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("864000", Some(86_400));
        check("99999999999999999999999", Some(86_400));
        for unread in ["", "soon", "-5", "1.5"] {
            check(unread, None);
        }
    }
}
