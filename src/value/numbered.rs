//! A day by its number alone: `Friday the 22nd`, `by the 21st`, `le jeudi 19`.
//! Its month is the one that fits: with a weekday the nearest in which both
//! agree, else the next such day, or the last where the words tell of the past.

use jiff::civil::Date;

use super::calendar::days_after;
use super::date::{day_at, spelled_day, weekday};
use super::lexicon::Name;
use super::tokens::Page;
use super::{Precision, Reading, Value};

/// With a weekday the day lies no further away.
const MOST_DAYS: i64 = 120;

/// Words before a number that make it a day: `by the 21st`.
const PLACES: &[&str] = &[
    "by", "on", "until", "till", "before", "from", "since", "is", "for", "of", "am", "bis", "ab", "seit", "vor", "to",
];

/// Words behind such a day; any other makes it the number of something: `the 2nd floor`.
const FOLLOWERS: &[&str] = &[
    "at", "and", "or", "then", "is", "was", "if", "so", "we", "i", "it", "but", "now", "as", "not", "to", "with",
    "instead", "please", "latest", "when", "because", "before", "after", "in", "by", "that", "which", "has", "works",
    "suits", "would", "will", "from", "around", "though", "too", "this", "they", "you", "um", "und", "wenn", "à", "au",
    "et", "a", "y",
];

/// The day that begins at token `at`, with the token after it.
pub(super) fn find(page: &Page, at: usize) -> Option<(usize, Reading)> {
    if let Some((named, name)) = weekday(page, at) {
        let (to, day) = behind_weekday(page, at, name)?;
        // Weekday and number together name the day wherever about then it was said.
        let date = nearest(page.today.or(page.season)?, day, named, past(page, at))?;
        return Some((to, exact(date)));
    }
    let today = page.today?;
    let lead = page.is_any(at, &["the", "den", "der"]);
    if !lead || !page.is_before(at, 1, PLACES) {
        return None;
    }
    let (to, day) = ordinal(page, at + 1)?;
    let date = match past(page, at) || page.is_before(at, 1, &["since", "seit"]) {
        true => months_from(today, 0, -1).find_map(|(year, month)| before(today, year, month, day)),
        false => months_from(today, 0, 1).find_map(|(year, month)| ahead(today, year, month, day)),
    };
    Some((to, exact(date?)))
}

fn exact(date: Date) -> Reading {
    Reading { value: Value::Date(date), precision: Precision::Exact }
}

/// The number behind a weekday: `Friday the 22nd`, `Friday 22nd`, `jeudi 19`, `Freitag, den 22.`
fn behind_weekday(page: &Page, at: usize, name: Name) -> Option<(usize, i8)> {
    let mut next = at + 1;
    next += usize::from(page.sign(next) == Some(',') || page.sign(next) == Some('.') && page.glued(next));
    let lead = page.is_any(next, &["the", "den", "der", "le", "el"]);
    next += usize::from(lead);
    if let Some(found) = ordinal(page, next) {
        return Some(found);
    }
    // `el viernes 22`, `le jeudi 19`: the article stands before the weekday; `jeudi 19 h` is a time.
    let romance = page.is_before(at, 1, &["le", "el", "du", "au", "del", "ce", "este"]) && name == Name::Plain;
    let (to, day) = day_at(page, next).filter(|_| lead || romance)?;
    let timed = page.is_any(to, &["h", "heures", "heure", "uhr", "horas", "am", "pm"]) || page.sign(to) == Some(':');
    let ends = page.clean_end(to) && page.sign(to) != Some('%') && !timed;
    let dotted = page.sign(to) == Some('.') && page.glued(to) && page.digits(to + 1).is_some() && page.glued(to + 1);
    (ends && !dotted).then_some((to, day))
}

/// `22nd`, `twenty-second`, `22.` in German, with nothing counted behind it.
fn ordinal(page: &Page, at: usize) -> Option<(usize, i8)> {
    let (to, day) = match day_at(page, at) {
        Some((to, day)) if to > at + 1 => (to, day),
        Some((to, day))
            if page.sign(to) == Some('.') && page.glued(to) && page.is_before(at, 1, &["den", "der", "am"]) =>
        {
            (to, day)
        }
        Some(_) => return None,
        None => spelled_day(page, at)?,
    };
    let free = !page.is_word(to) || page.is_any(to, FOLLOWERS);
    let hyphen = page.sign(to) == Some('-') && page.glued(to);
    (free && !hyphen && page.digits(to).is_none()).then_some((to, day))
}

/// Whether a word shortly before tells of the past.
fn past(page: &Page, at: usize) -> bool {
    (1..=5).filter_map(|back| at.checked_sub(back)).any(|before| {
        page.is_any(
            before,
            &["was", "were", "had", "did", "came", "saw", "began", "started", "noticed", "seit", "since"],
        )
    })
}

/// The nearest day with this number that falls on this weekday.
fn nearest(today: Date, day: i8, weekday: i8, past: bool) -> Option<Date> {
    let fits = |(year, month): (i16, i8)| {
        let date = Date::new(year, month, day).ok()?;
        let away = i64::from((date - today).get_days());
        let near = away.abs() <= MOST_DAYS && !(past && away > 0);
        (near && date.weekday().to_monday_one_offset() == weekday).then_some((away.abs(), date))
    };
    let months = months_from(today, 0, 1).take(5).chain(months_from(today, -1, -1).take(4));
    months.filter_map(fits).min().map(|(_, date)| date)
}

/// Year and month from some months away on, one after the other.
fn months_from(today: Date, first: i32, step: i32) -> impl Iterator<Item = (i16, i8)> {
    let base = i32::from(today.year()) * 12 + i32::from(today.month()) - 1;
    (0..6).filter_map(move |number| {
        let total = base + first + step * number;
        Some((i16::try_from(total.div_euclid(12)).ok()?, i8::try_from(total.rem_euclid(12)).ok()? + 1))
    })
}

fn ahead(today: Date, year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| *date >= today)
}

fn before(today: Date, year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| *date <= today)
}

/// `Friday week`, `Monday fortnight`: the coming one and so many days more.
pub(super) fn weeks_on(page: &Page, at: usize) -> Option<(usize, Reading)> {
    let (day, _) = weekday(page, at)?;
    let more = if page.is(at + 1, "week") {
        7
    } else if page.is(at + 1, "fortnight") {
        14
    } else {
        return None;
    };
    let today = page.today?;
    let ahead = i64::from(day - today.weekday().to_monday_one_offset()).rem_euclid(7);
    let first = if ahead == 0 { 7 } else { ahead };
    Some((at + 2, exact(days_after(today, first + more)?)))
}
