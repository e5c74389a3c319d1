//! How long something takes when part of it is not over yet. What is still
//! open counts with the time it has waited so far (Kaplan and Meier's
//! estimate): to leave it out would make the slow ones look quick.

use schemars::JsonSchema;
use serde::Serialize;

/// One wait: how long so far, in milliseconds, and whether it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub milliseconds: i64,
    pub is_over: bool,
}

impl Span {
    /// From a beginning to its end, or to `now` without one. A clock that was set back makes no negative wait.
    pub fn between(begin: i64, end: Option<i64>, now: i64) -> Span {
        Span { milliseconds: end.unwrap_or(now).saturating_sub(begin).max(0), is_over: end.is_some() }
    }
}

/// How long it takes, in seconds. A figure is null when too few are over to tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Times {
    /// Waits that are over.
    pub n: u64,
    /// Waits that are not over, or ended another way; each counts as "at least so long".
    pub open: u64,
    pub median_seconds: Option<f64>,
    pub p75_seconds: Option<f64>,
    pub p95_seconds: Option<f64>,
}

/// The times by which a half, three quarters and nineteen of twenty are over.
pub fn times(mut spans: Vec<Span>) -> Times {
    // Of waits of the same length those that are over come first: the others lasted at least as long.
    spans.sort_unstable_by_key(|span| (span.milliseconds, !span.is_over));
    let n = spans.iter().filter(|span| span.is_over).count() as u64;
    let mut times = Times { n, open: spans.len() as u64 - n, ..Times::default() };
    let mut lasting = 1.0_f64;
    for (place, span) in spans.iter().enumerate() {
        if !span.is_over {
            continue;
        }
        let at_risk = (spans.len() - place) as f64;
        lasting *= 1.0 - 1.0 / at_risk;
        let seconds = span.milliseconds as f64 / 1000.0;
        for (quantile, share) in
            [(&mut times.median_seconds, 0.5), (&mut times.p75_seconds, 0.75), (&mut times.p95_seconds, 0.95)]
        {
            // A share reached up to rounding is reached.
            if quantile.is_none() && lasting <= 1.0 - share + 1e-9 {
                *quantile = Some(seconds);
            }
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds that are over, seconds that are open, and median, p75, p95.
    #[track_caller]
    fn check(over: &[i64], open: &[i64], expected: [Option<f64>; 3]) {
        let span = |is_over| move |seconds: &i64| Span { milliseconds: seconds * 1000, is_over };
        let spans = over.iter().map(span(true)).chain(open.iter().map(span(false))).collect();
        let found = times(spans);
        assert_eq!((found.n, found.open), (over.len() as u64, open.len() as u64));
        assert_eq!([found.median_seconds, found.p75_seconds, found.p95_seconds], expected, "{over:?} {open:?}");
    }

    #[test]
    fn times_are_those_worked_out_by_hand() {
        check(&[], &[], [None; 3]);
        check(&[], &[5], [None; 3]);
        check(&[7], &[], [Some(7.0); 3]);
        // Without open ones: the smallest time by which the share is over.
        check(&[4, 1, 3, 2], &[], [Some(2.0), Some(3.0), Some(4.0)]);
        check(&(1..=20).collect::<Vec<_>>(), &[], [Some(10.0), Some(15.0), Some(19.0)]);
        // 1 over (4 at risk): 3/4; 2 open; 3 over (2 at risk): 3/8; 4 over: 0.
        check(&[1, 3, 4], &[2], [Some(3.0), Some(4.0), Some(4.0)]);
        // Two of four are over, the others have waited longer: only the median can be told.
        check(&[1, 2], &[10, 10], [Some(2.0), None, None]);
        check(&[1], &[10, 10], [None; 3]);
        // Of the same length: what is over comes first.
        check(&[5], &[5], [Some(5.0), None, None]);
    }
}
