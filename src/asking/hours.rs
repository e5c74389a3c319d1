//! Working hours: limits run on working days alone, and nobody is reminded at
//! night. A limit of a day that begins on Friday afternoon ends on Monday
//! afternoon, whatever the clocks do at the weekend.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days looked at before a calendar without working days is given up.
const MOST_DAYS: usize = 400;

/// On which days, between which times, in which zone people work.
#[derive(Debug, Clone)]
pub struct Hours {
    /// From Monday on.
    pub days: [bool; 7],
    pub from: Time,
    pub to: Time,
    pub zone: TimeZone,
}

impl Hours {
    fn is_workday(&self, date: Date) -> bool {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.days.get(day).copied().unwrap_or(true)
    }

    /// The moment of a civil time; in a gap of the clock the one after it.
    fn moment(&self, date: Date, time: Time) -> Option<Timestamp> {
        Some(date.to_datetime(time).to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// The first moment at or after `at` in which people work.
    pub fn open(&self, at: Timestamp) -> Timestamp {
        let local = at.to_zoned(self.zone.clone()).datetime();
        let mut date = local.date();
        for day in 0..MOST_DAYS {
            if self.is_workday(date) {
                let is_before = day > 0 || local.time() < self.from;
                if is_before && let Some(begin) = self.moment(date, self.from) {
                    return begin.max(at);
                }
                if day == 0 && local.time() < self.to {
                    return at;
                }
            }
            let Ok(next) = date.tomorrow() else { return at };
            date = next;
        }
        at
    }

    /// `duration` after `start`, where days on which nobody works do not count.
    pub fn add(&self, start: Timestamp, duration: SignedDuration) -> Timestamp {
        let mut left = duration;
        let mut at = start;
        for _ in 0..MOST_DAYS {
            let date = at.to_zoned(self.zone.clone()).date();
            let midnight = date.tomorrow().ok().and_then(|next| self.moment(next, Time::midnight()));
            let Some(midnight) = midnight.filter(|midnight| *midnight > at) else { return at + left };
            if self.is_workday(date) {
                let rest = midnight.duration_since(at);
                if left <= rest {
                    return at + left;
                }
                left -= rest;
            }
            at = midnight;
        }
        at + left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Hours {
        Hours {
            days: [true, true, true, true, true, false, false],
            from: jiff::civil::time(9, 0, 0, 0),
            to: jiff::civil::time(17, 0, 0, 0),
            zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn moments_fall_into_working_hours() {
        let check = |given: &str, expected: &str| assert_eq!(berlin().open(at(given)), at(expected), "{given}");
        check("2026-03-03T12:00:00Z", "2026-03-03T12:00:00Z");
        check("2026-03-03T05:00:00Z", "2026-03-03T08:00:00Z");
        check("2026-03-03T16:00:00Z", "2026-03-04T08:00:00Z");
        // Friday evening; Saturday; the Sunday on which summer time begins.
        check("2026-03-06T20:00:00Z", "2026-03-09T08:00:00Z");
        check("2026-03-07T10:00:00Z", "2026-03-09T08:00:00Z");
        check("2026-03-29T00:30:00Z", "2026-03-30T07:00:00Z");
    }

    #[test]
    fn limits_run_on_working_days_alone() {
        let check = |start: &str, hours: i64, expected: &str| {
            let end = berlin().add(at(start), SignedDuration::from_hours(hours));
            assert_eq!(end, at(expected), "{start} + {hours} h");
        };
        check("2026-03-03T12:00:00Z", 24, "2026-03-04T12:00:00Z");
        check("2026-03-06T16:00:00Z", 24, "2026-03-09T16:00:00Z");
        check("2026-03-07T10:00:00Z", 8, "2026-03-09T07:00:00Z");
        // Over the night on which the clocks go forward: Friday 17:00 in winter is Monday 17:00 in summer.
        check("2026-03-27T16:00:00Z", 24, "2026-03-30T15:00:00Z");
        // And back in autumn.
        check("2026-10-23T15:00:00Z", 24, "2026-10-26T16:00:00Z");
    }

    #[test]
    fn nobody_works_never() {
        let never = Hours { days: [false; 7], ..berlin() };
        let start = at("2026-03-03T12:00:00Z");
        assert_eq!(never.open(start), start);
        assert!(never.add(start, SignedDuration::from_hours(1)) > start);
    }
}
