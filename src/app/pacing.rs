//! How fast each endpoint is told. Nobody is slowed down unasked; one that
//! answers "too many" gets from then on a part of what it took in the time
//! before, so that it need not say so again and again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Limits are counted by the second, by the minute, or by something longer. Who wants to be left alone for so long at
/// most counts in such a time, of which a part has gone by.
const COUNTED_IN: [(SignedDuration, SignedDuration); 2] =
    [(SignedDuration::from_secs(2), SHORTEST), (SignedDuration::from_secs(70), SignedDuration::from_secs(60))];
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);
const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// Fewer messages in such a time say nothing of what a receiver takes in it.
const LEAST: usize = 10;
/// A pace holds for so many of its windows, and at least so long; after that it is tried whether more goes.
const WINDOWS: i32 = 10;
const HOLDS: SignedDuration = SignedDuration::from_mins(1);
/// Beginnings that are remembered of one endpoint.
const MOST_BEGUN: usize = 4_096;
/// So many endpoints are remembered before those that were told nothing lately are forgotten.
const MOST_ENDPOINTS: usize = 1_024;

/// What every endpoint takes.
#[derive(Debug, Default)]
pub(super) struct Pacing(Mutex<HashMap<String, Told>>);

/// One endpoint.
#[derive(Debug, Default)]
struct Told {
    /// When messages began to be sent, oldest first.
    begun: VecDeque<Timestamp>,
    pace: Option<Pace>,
}

/// So many messages in such a time.
#[derive(Debug, Clone, Copy)]
struct Pace {
    count: usize,
    window: SignedDuration,
    since: Timestamp,
}

impl Pace {
    fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) < (self.window * WINDOWS).max(HOLDS)
    }
}

impl Told {
    /// Messages begun in the time before now.
    fn lately(&self, window: SignedDuration, now: Timestamp) -> usize {
        self.begun.iter().rev().take_while(|begun| now.duration_since(**begun) < window).count()
    }

    /// How many may be begun now; none set means as many as one likes.
    fn room(&self, now: Timestamp) -> Option<usize> {
        let pace = self.pace.filter(|pace| pace.holds(now))?;
        Some(pace.count.saturating_sub(self.lately(pace.window, now)))
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        self.lately(LONGEST, now) == 0 && self.pace.is_none_or(|pace| !pace.holds(now))
    }
}

impl Pacing {
    /// A message to an endpoint begins to be sent.
    pub fn began(&self, endpoint: &str, now: Timestamp) {
        let mut all = self.lock();
        if all.len() >= MOST_ENDPOINTS && !all.contains_key(endpoint) {
            all.retain(|_, told| !told.is_idle(now));
        }
        let told = all.entry(endpoint.to_owned()).or_default();
        while told.begun.len() >= MOST_BEGUN
            || told.begun.front().is_some_and(|first| now.duration_since(*first) >= LONGEST)
        {
            told.begun.pop_front();
        }
        told.begun.push_back(now);
    }

    /// An endpoint had too many, and may have said for how long it wants none.
    pub fn had_too_many(&self, endpoint: &str, wait: Option<Duration>, now: Timestamp) {
        let mut all = self.lock();
        let Some(told) = all.get_mut(endpoint) else { return };
        let wait = wait.and_then(|wait| SignedDuration::try_from(wait).ok()).unwrap_or(SHORTEST);
        let long = COUNTED_IN.iter().find(|(most, _)| wait <= *most).map_or(LONGEST, |(_, window)| *window);
        // The one that was refused was not taken.
        let taken = |window| told.lately(window, now).saturating_sub(1);
        let (window, taken) = match taken(long) {
            many if many >= LEAST => (long, many),
            _ => (SHORTEST, taken(SHORTEST)),
        };
        let before = told.pace.filter(|pace| pace.holds(now));
        // What was on its way already when the pace was set says nothing new.
        if before.is_some_and(|pace| now.duration_since(pace.since) < pace.window) {
            return;
        }
        let most = before.filter(|pace| pace.window == window).map_or(taken, |pace| pace.count.min(taken));
        told.pace = Some(Pace { count: (most * 7 / 10).max(1), window, since: now });
    }

    /// How many are to be taken for on their way to each endpoint, of which `most` may be: those of a slow one are more
    /// than there are.
    pub fn hold_back(
        &self,
        on_their_way: &HashMap<String, usize>,
        most: usize,
        now: Timestamp,
    ) -> HashMap<String, usize> {
        let mut held = on_their_way.clone();
        for (endpoint, told) in self.lock().iter() {
            if let Some(room) = told.room(now).filter(|room| *room < most) {
                let count = held.entry(endpoint.clone()).or_default();
                *count = (*count).max(most - room);
            }
        }
        held
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Told>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_772_000_000_000 + milliseconds).expect("a time")
    }

    /// How many of two places an endpoint is kept from.
    fn held(pacing: &Pacing, milliseconds: i64) -> usize {
        pacing.hold_back(&HashMap::new(), 2, at(milliseconds)).get("ep").copied().unwrap_or(0)
    }

    #[test]
    fn nobody_is_slowed_down_unasked() {
        let pacing = Pacing::default();
        for _ in 0..10_000 {
            pacing.began("ep", at(0));
        }
        assert_eq!(held(&pacing, 0), 0);
        assert_eq!(pacing.hold_back(&HashMap::from([("ep".to_owned(), 1)]), 2, at(0))["ep"], 1);
    }

    #[test]
    fn who_had_too_many_gets_a_part_of_it_for_a_while() {
        let pacing = Pacing::default();
        for number in 0..31 {
            pacing.began("ep", at(number * 10));
        }
        pacing.had_too_many("ep", Some(Duration::from_secs(1)), at(310));
        // The second one that was on its way already.
        pacing.had_too_many("ep", Some(Duration::from_secs(1)), at(320));
        assert_eq!(held(&pacing, 330), 2, "the second is full");
        for number in 0..20 {
            pacing.began("ep", at(2_000 + number));
        }
        assert_eq!(held(&pacing, 2_050), 1, "21 of 30 a second");
        pacing.began("ep", at(2_050));
        assert_eq!((held(&pacing, 2_060), held(&pacing, 3_100)), (2, 0));
        assert_eq!(held(&pacing, 61_000), 0, "after a minute it is tried whether more goes");
    }

    #[test]
    fn limits_by_the_minute_are_learned_too() {
        let pacing = Pacing::default();
        for number in 0..101 {
            pacing.began("ep", at(number * 10));
        }
        // The rest of its minute.
        pacing.had_too_many("ep", Some(Duration::from_secs(20)), at(1_100));
        for number in 0..70 {
            pacing.began("ep", at(62_000 + number));
        }
        assert_eq!((held(&pacing, 62_100), held(&pacing, 120_000), held(&pacing, 122_100)), (2, 2, 0));
        // Fewer and fewer while it goes on saying so.
        pacing.began("ep", at(122_200));
        pacing.had_too_many("ep", None, at(122_210));
        assert_eq!(held(&pacing, 122_300), 2, "one a second: nothing was taken in the second before");
        assert_eq!(held(&pacing, 123_300), 1);
    }

    #[test]
    fn what_is_not_needed_is_forgotten() {
        let pacing = Pacing::default();
        for number in 0..3_000 {
            pacing.began(&format!("ep-{number}"), at(number * 1_000));
        }
        assert!(pacing.lock().len() <= MOST_ENDPOINTS);
        pacing.had_too_many("nobody", None, at(0));
    }
}
