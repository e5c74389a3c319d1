//! Moments and days as programs and command lines write them: by RFC 3339, or
//! as a day. What is neither is answered with what would be taken.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Which moment a day means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Its first, in UTC.
    Begin,
    /// Its last second, in UTC.
    End,
}

/// What a moment is written as.
pub const MOMENT: &str = "a day such as 2026-03-03, or a moment such as 2026-03-03T12:00:00Z";
/// What a day is written as.
pub const WHOLE_DAY: &str = "a day such as 2026-03-03";

/// The first day that is not counted to its end.
const LAST_DAY: &str = "9999-12-30";
const TOO_FAR: &str = "that is too far off to be counted; write a day before 9999-12-30";

/// Reads a moment. An error says what to write instead.
pub fn parse_moment(text: &str, edge: Edge) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if has_form_of_day(text) {
        let day = parse_day(text)?;
        let moment = match edge {
            Edge::Begin => day.at(0, 0, 0, 0),
            Edge::End => day.at(23, 59, 59, 0),
        };
        return moment.to_zoned(TimeZone::UTC).map(|moment| moment.timestamp()).map_err(|_| TOO_FAR.to_owned());
    }
    if text.get(..10).is_some_and(|day| has_form_of_day(day) && day >= LAST_DAY) {
        return Err(TOO_FAR.to_owned());
    }
    if text.contains(':') && text.parse::<DateTime>().is_ok() {
        return Err(format!("the zone is missing; write {text}Z for UTC, or an offset such as {text}+01:00"));
    }
    Err(format!("write {MOMENT}"))
}

/// Reads a whole day. An error says what to write instead.
pub fn parse_day(text: &str) -> Result<Date, String> {
    if !has_form_of_day(text) {
        return Err(format!("write {WHOLE_DAY}"));
    }
    text.parse().map_err(|_| format!("the calendar has no such day; write {WHOLE_DAY}"))
}

/// `2026-03-03`, whether the calendar has it or not.
fn has_form_of_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, edge: Edge, expected: Result<&str, &str>) {
        match (parse_moment(text, edge).map(|at| at.to_string()), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text:?}"),
            (Err(found), Err(words)) => assert!(found.contains(words), "{text:?}: {found}"),
            (found, _) => panic!("{text:?}: {found:?}"),
        }
    }

    #[test]
    fn moments_are_instants_or_the_edges_of_days() {
        check("2026-03-03T12:00:00Z", Edge::End, Ok("2026-03-03T12:00:00Z"));
        check("2026-03-03T12:00:00+01:00", Edge::End, Ok("2026-03-03T11:00:00Z"));
        check("2026-03-03", Edge::Begin, Ok("2026-03-03T00:00:00Z"));
        check("2026-03-03", Edge::End, Ok("2026-03-03T23:59:59Z"));
        check("2026-03-03T12:00:00", Edge::End, Err("write 2026-03-03T12:00:00Z"));
        check("2026-02-30", Edge::End, Err("the calendar has no such day"));
        for text in ["yesterday", "", "03.03.2026", "2026-3-3", "20260303", "1772539200", "2026-03-0é"] {
            check(text, Edge::End, Err("2026-03-03T12:00:00Z"));
        }
        for text in ["9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59+00:00"] {
            check(text, Edge::End, Err("too far off"));
        }
        check("9999-12-29", Edge::End, Ok("9999-12-29T23:59:59Z"));
        assert!(parse_day("2026-03-03T12:00:00Z").is_err() && parse_day("2026-03-03").is_ok());
    }
}
