//! Times of day and their zones, alone (`10:30` is no number) and beside a
//! date (`1 July at 3pm CET`). A time without a date is never a value.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::lexicon::Meaning;
use super::scan::{Found, Sort, spot};
use super::tokens::Page;
use super::{Precision, Reading, Value, date, relative};

#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub to: usize,
    time: Time,
    zone: Option<Zone>,
}

#[derive(Debug, Clone, Copy)]
enum Zone {
    Fixed(Offset),
    /// Hours of winter time; whether it is summer depends on the day.
    American(i8),
    /// The same by the rules of Europe.
    European(i8),
}

/// The time of day at token `at`.
pub(super) fn clock(page: &Page, at: usize) -> Option<Clock> {
    let (to, time) = time(page, at)?;
    let (to, zone) = match zone(page, to) {
        Some((to, zone)) => (to, Some(zone)),
        None => zone_of_range(page, to).map_or((to, None), |(to, zone)| (to, Some(zone))),
    };
    page.clean_end(to).then_some(Clock { to, time, zone })
}

/// `14:00 – 15:00 CET`: the zone after the end holds for the start too.
fn zone_of_range(page: &Page, at: usize) -> Option<(usize, Zone)> {
    let joined = matches!(page.sign(at), Some('-' | '–' | '—')) || page.is_any(at, &["to", "until", "bis"]);
    let (to, _) = joined.then(|| time(page, at + 1)).flatten()?;
    zone(page, to)
}

fn time(page: &Page, at: usize) -> Option<(usize, Time)> {
    if page.is(at, "noon") {
        return Some((at + 1, Time::new(12, 0, 0, 0).ok()?));
    }
    if page.is(at, "midnight") {
        return Some((at + 1, Time::midnight()));
    }
    let hour = page.small(at, 2)?;
    let mut to = at + 1;
    let (mut minute, mut second) = (0, 0);
    let mut said = false;
    let two = |at: usize| page.digits(at).filter(|digits| digits.len() == 2).and_then(|_| page.small(at, 2));
    if page.sign(to) == Some(':') && page.glued(to) && page.glued(to + 1) {
        minute = two(to + 1)?;
        to += 2;
        said = true;
        if page.sign(to) == Some(':') && page.glued(to) && page.glued(to + 1) {
            second = two(to + 1)?;
            to += 2;
            if page.sign(to) == Some('.') && page.glued(to + 1) && page.digits(to + 1).is_some() {
                to += 2;
            }
        }
    } else if page.sign(to) == Some('.')
        && page.glued(to)
        && page.glued(to + 1)
        && page.is_any(to + 2, &["uhr", "am", "pm"])
    {
        minute = two(to + 1)?;
        to += 2;
    }
    let mut hour = hour;
    if let Some((after, noon)) = half_day(page, to) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if noon { 12 } else { 0 };
        to = after;
        said = true;
    } else if page.is(to, "uhr") || page.is(to, "o") && page.is(to + 2, "clock") {
        to += if page.is(to, "uhr") { 1 } else { 3 };
        said = true;
    }
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    said.then_some((to, time))
}

/// `am`, `p.m.`: the token after it and whether it is after noon.
fn half_day(page: &Page, at: usize) -> Option<(usize, bool)> {
    if page.is(at, "am") {
        return Some((at + 1, false));
    }
    if page.is(at, "pm") {
        return Some((at + 1, true));
    }
    let letter = page.is_any(at, &["a", "p"]);
    (letter && page.sign(at + 1) == Some('.') && page.is(at + 2, "m") && page.glued(at + 2)).then(|| {
        let dot = page.sign(at + 3) == Some('.') && page.glued(at + 3);
        (at + 3 + usize::from(dot), page.is(at, "p"))
    })
}

fn zone(page: &Page, at: usize) -> Option<(usize, Zone)> {
    if page.sign(at) == Some('(') {
        let (to, zone) = zone(page, at + 1).filter(|(to, _)| page.sign(*to) == Some(')'))?;
        return Some((to + 1, zone));
    }
    if page.words(at) == "Z" && page.glued(at) {
        return Some((at + 1, Zone::Fixed(Offset::UTC)));
    }
    if matches!(page.sign(at), Some('+' | '-' | '−')) {
        // Away from its time only the full form (`+02:00`) is surely an offset.
        let full = page.sign(at + 2) == Some(':') || page.digits(at + 1).is_some_and(|digits| digits.len() == 4);
        return signed_offset(page, at)
            .filter(|_| full || page.glued(at))
            .map(|(to, offset)| (to, Zone::Fixed(offset)));
    }
    // `2pm UK time`, `10 Uhr deutscher Zeit`
    if page.is_any(at + 1, &["time", "zeit"]) {
        let placed = |zone: Zone| Some((at + 2, zone));
        if page.is_any(at, &["uk", "london", "british", "irish", "dublin", "portuguese", "lisbon"]) {
            return placed(Zone::European(0));
        }
        if page.is_any(
            at,
            &[
                "german",
                "berlin",
                "deutscher",
                "french",
                "paris",
                "spanish",
                "madrid",
                "italian",
                "rome",
                "dutch",
                "amsterdam",
                "brussels",
                "vienna",
                "zurich",
                "swiss",
                "danish",
                "oslo",
                "stockholm",
                "warsaw",
            ],
        ) {
            return placed(Zone::European(1));
        }
        if page.is_any(at, &["eastern", "york", "boston", "toronto"]) {
            return placed(Zone::American(-5));
        }
        if page.is_any(at, &["chicago", "central"]) {
            return placed(Zone::American(-6));
        }
        if page.is_any(at, &["pacific", "seattle", "california"]) {
            return placed(Zone::American(-8));
        }
    }
    let upper = page.words(at).chars().all(char::is_uppercase);
    let named = page.means(at, |meaning| match meaning {
        Meaning::Zone(minutes) => Offset::from_seconds(minutes * 60).ok().map(Zone::Fixed),
        Meaning::AmericanZone(hours) if upper => Some(Zone::American(hours)),
        _ => None,
    })?;
    if page.is_any(at, &["utc", "gmt"])
        && let Some((to, offset)) = signed_offset(page, at + 1)
    {
        return Some((to, Zone::Fixed(offset)));
    }
    Some((at + 1, named))
}

/// `+2`, `+02:00`, `-0500`.
fn signed_offset(page: &Page, at: usize) -> Option<(usize, Offset)> {
    let sign = match page.sign(at)? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits = page.digits(at + 1).filter(|_| page.glued(at + 1))?;
    let value = page.small(at + 1, 4)?;
    let (to, hours, minutes) = if digits.len() == 4 {
        (at + 2, value / 100, value % 100)
    } else if digits.len() > 2 {
        return None;
    } else if page.sign(at + 2) == Some(':') && page.glued(at + 2) && page.glued(at + 3) {
        (at + 4, value, page.small(at + 3, 2)?)
    } else {
        (at + 2, value, 0)
    };
    if hours > 18 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(sign * (hours * 3600 + minutes * 60)).ok()?;
    Some((to, Offset::from_seconds(seconds).ok()?))
}

/// Whether the United States keep summer time on `day`: second Sunday of March to first Sunday of November.
fn american_summer(day: Date) -> bool {
    let sunday = |month: i8, nth: i8| {
        let first = Date::new(day.year(), month, 1).ok()?;
        let to_sunday = (7 - first.weekday().to_monday_one_offset()) % 7;
        Date::new(day.year(), month, 1 + to_sunday + 7 * (nth - 1)).ok()
    };
    match (sunday(3, 2), sunday(11, 1)) {
        (Some(start), Some(end)) => start <= day && day < end,
        _ => false,
    }
}

/// Whether Europe keeps summer time on `day`: last Sunday of March to last Sunday of October.
fn european_summer(day: Date) -> bool {
    let last_sunday = |month: i8| {
        let last = Date::new(day.year(), month, 31).ok()?;
        Date::new(day.year(), month, 31 - last.weekday().to_monday_one_offset() % 7).ok()
    };
    match (last_sunday(3), last_sunday(10)) {
        (Some(start), Some(end)) => start <= day && day < end,
        _ => false,
    }
}

/// The instant of a time of day on `day`; the speaker's zone where none is named.
pub(super) fn instant(page: &Page, day: Date, clock: &Clock) -> Option<Value> {
    let offset = match clock.zone {
        None => page.zone,
        Some(Zone::Fixed(offset)) => offset,
        Some(Zone::American(hours)) => {
            let summer = i32::from(american_summer(day));
            Offset::from_seconds((i32::from(hours) + summer) * 3600).ok()?
        }
        Some(Zone::European(hours)) => {
            let summer = i32::from(european_summer(day));
            Offset::from_seconds((i32::from(hours) + summer) * 3600).ok()?
        }
    };
    let at = offset.to_timestamp(day.to_datetime(clock.time)).ok()?;
    Some(Value::DateTime(at, offset))
}

/// Adds the time of day after a date phrase that ends before token `to`, if there is one.
pub(super) fn after_date(page: &Page, from: usize, to: usize, reading: Reading) -> Found {
    let mut next = to;
    if page.sign(next) == Some(',') {
        next += 1;
    }
    let iso = page.glued(next) && matches!(page.words(next), "T" | "t");
    if iso
        || page.is_any(next, &["at", "um", "à", "a", "from", "by"])
        || matches!(page.sign(next), Some('@' | '-' | '–' | '('))
    {
        next += 1;
    }
    let timed = clock(page, next).and_then(|clock| Some((clock.to, timed(page, &reading, &clock)?)));
    match timed {
        Some((end, with_time)) => {
            let date_end = if iso { end } else { to };
            Found {
                to: end,
                spotted: vec![
                    spot(page, Sort::Date, from, date_end, reading),
                    spot(page, Sort::DateTime, from, end, with_time),
                ],
            }
        }
        None if iso => Found::nothing(page.run_end(from)),
        None => Found::one(page, Sort::Date, from, to, reading),
    }
}

fn timed(page: &Page, reading: &Reading, clock: &Clock) -> Option<Reading> {
    let at = |value: &Value| match value {
        Value::Date(day) => instant(page, *day, clock),
        _ => None,
    };
    let precision = match &reading.precision {
        Precision::Ambiguous(values) => Precision::Ambiguous(values.iter().map(at).collect::<Option<_>>()?),
        other => other.clone(),
    };
    Some(Reading { value: at(&reading.value)?, precision })
}

/// A time of day before its date: `3pm CET on July 1`, `10:30 Friday`.
pub(super) fn dated(page: &Page, at: usize) -> Option<Found> {
    let clock = clock(page, at)?;
    let mut next = clock.to;
    if page.sign(next) == Some(',') {
        next += 1;
    }
    if page.is_any(next, &["on", "am"]) {
        next += 1;
    }
    let day = date::find(page, next).or_else(|| relative::find(page, next))?;
    let first = day.spotted.into_iter().find(|spot| spot.sort == Sort::Date)?;
    let with_time = timed(page, &first.reading, &clock)?;
    let whole = spot(page, Sort::DateTime, at, day.to, with_time);
    Some(Found { to: day.to, spotted: vec![whole, first] })
}

/// A time of day alone: known, so that nobody takes it for a number.
pub(super) fn alone(page: &Page, at: usize) -> Option<Found> {
    clock(page, at).map(|clock| Found::nothing(clock.to))
}
