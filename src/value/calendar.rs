//! What a stated date is on the calendar: the year that was not said, the
//! weekday that does not agree, the hedge before it.

use jiff::civil::Date;

use super::amount::loose_before;
use super::date::{Phrase, Stated};
use super::tokens::Page;
use super::{PartialDate, Precision, Reading, Value};

/// Whether a month has such a day in some year.
pub(super) fn possible(month: i8, day: i8) -> bool {
    // A leap year, so that 29 February stands until the year is known.
    Date::new(2024, month, day).is_ok()
}

/// A phrase as a value, given the weekday said with it.
pub(super) fn resolve(page: &Page, phrase: &Phrase, weekday: Option<i8>, from: usize) -> Option<Reading> {
    let reading = place(page, phrase, weekday, page.span(from, phrase.to))?;
    let hedge =
        if page.is_before(from, 1, &["over", "under", "below", "above", "unter", "über", "almost", "less", "more"]) {
            None
        } else {
            loose_before(page, from)
        };
    let hedge = hedge.or_else(|| hedged(page, from)).or_else(|| of_a_week(page, from, phrase.to));
    Some(match (hedge, &reading.precision) {
        (Some(reason), Precision::Exact) => Reading { precision: Precision::Vague(reason), ..reading },
        _ => reading,
    })
}

/// `the week of July 6`, `July 4th weekend`: the day only tells which week is meant.
fn of_a_week(page: &Page, from: usize, to: usize) -> Option<String> {
    let before = page.is_before(from, 1, &["of"]) && page.is_before(from, 2, &["week", "weekend"]);
    (before || page.is_any(to, &["week", "weekend"])).then(|| "a week, no day".to_owned())
}

fn hedged(page: &Page, from: usize) -> Option<String> {
    let hedge =
        page.is_before(from, 1, &["after", "probably", "maybe", "perhaps", "possibly", "likely", "tentatively"]);
    let sometime = page.is_before(from, 2, &["sometime", "probably", "maybe", "possibly", "likely"]);
    let word = from.checked_sub(if hedge { 1 } else { 2 })?;
    (hedge || sometime).then(|| format!("not a firm date ({})", page.words(word).to_lowercase()))
}

fn place(page: &Page, phrase: &Phrase, weekday: Option<i8>, words: &str) -> Option<Reading> {
    let vague = |value, reason: &str| Some(Reading { value, precision: Precision::Vague(reason.to_owned()) });
    let unplaced = || vague(Value::Text(words.to_owned()), "no year");
    match phrase.stated {
        Stated::Day { year: Some(year), month, day } => agreed(Date::new(year, month, day).ok()?, weekday),
        Stated::Day { year: None, month, day } => match page.season {
            Some(today) => {
                let (near, far) = nearest(today, month, day)?;
                let fits = |date: &Date| weekday.is_none_or(|weekday| date.weekday().to_monday_one_offset() == weekday);
                let far = far.filter(|far| !fits(&near) && fits(far) && days_between(*far, today).abs() < 200);
                agreed(far.unwrap_or(near), weekday)
            }
            None if possible(month, day) => unplaced(),
            None => None,
        },
        Stated::EitherDay { month, day } => match page.season {
            Some(today) => {
                let (one, other) = (nearest(today, month, day)?.0, nearest(today, day, month)?.0);
                either(one, other, weekday)
            }
            None => unplaced(),
        },
        Stated::Either(one, other) => either(one, other, weekday),
        Stated::Month { year: Some(year), month } => {
            vague(Value::PartialDate(PartialDate::Month(year, month)), "no day")
        }
        Stated::Month { year: None, month } => match page.season {
            Some(today) => vague(Value::PartialDate(PartialDate::Month(year_of_month(today, month), month)), "no day"),
            None => vague(Value::Text(words.to_owned()), "no day and no year"),
        },
        Stated::Quarter { year, quarter } => {
            match year.or_else(|| page.season.map(|today| year_of_quarter(today, quarter))) {
                Some(year) => vague(Value::PartialDate(PartialDate::Quarter(year, quarter)), "a quarter, no day"),
                None => vague(Value::Text(words.to_owned()), "a quarter without a year"),
            }
        }
        Stated::Year(year) => vague(Value::PartialDate(PartialDate::Year(year)), "a year, no day"),
    }
}

fn either(one: Date, other: Date, weekday: Option<i8>) -> Option<Reading> {
    let fits = |date: Date| weekday.is_some_and(|weekday| date.weekday().to_monday_one_offset() == weekday);
    match (fits(one), fits(other)) {
        (true, false) => agreed(one, None),
        (false, true) => agreed(other, None),
        _ => {
            let both = vec![Value::Date(one), Value::Date(other)];
            Some(Reading { value: Value::Date(one), precision: Precision::Ambiguous(both) })
        }
    }
}

/// A day whose weekday was said too: if they disagree, the nearest such weekday is the other meaning.
fn agreed(date: Date, weekday: Option<i8>) -> Option<Reading> {
    let precision = match weekday {
        Some(weekday) if date.weekday().to_monday_one_offset() != weekday => {
            let ahead = (weekday - date.weekday().to_monday_one_offset()).rem_euclid(7);
            let other = days_after(date, i64::from(if ahead > 3 { ahead - 7 } else { ahead }))?;
            Precision::Ambiguous(vec![Value::Date(date), Value::Date(other)])
        }
        _ => Precision::Exact,
    };
    Some(Reading { value: Value::Date(date), precision })
}

/// The next such day, unless it is more than about nine months ahead and the last one less than three past; and the one not taken.
fn nearest(today: Date, month: i8, day: i8) -> Option<(Date, Option<Date>)> {
    let year = today.year();
    let on = |year: i16| Date::new(year, month, day).ok();
    let next = (year..=year.saturating_add(8)).filter_map(on).find(|date| *date >= today)?;
    let past = (year.saturating_sub(8)..=year).rev().filter_map(on).find(|date| *date < today);
    match past {
        Some(past) if days_between(today, next) > 274 && days_between(past, today) < 93 => Some((past, Some(next))),
        past => Some((next, past)),
    }
}

pub(super) fn year_of_month(today: Date, month: i8) -> i16 {
    let ahead = (month - today.month()).rem_euclid(12);
    match (month >= today.month(), ahead > 9) {
        (true, true) => today.year() - 1,
        (true, false) | (false, true) => today.year(),
        (false, false) => today.year() + 1,
    }
}

pub(super) fn year_of_quarter(today: Date, quarter: i8) -> i16 {
    let current = (today.month() - 1) / 3 + 1;
    if quarter >= current { today.year() } else { today.year() + 1 }
}

pub(super) fn days_after(date: Date, days: i64) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}
