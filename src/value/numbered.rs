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
        let reading = match nearest(page.today.or(page.season)?, day, named, past(page, at)) {
            Some(date) => exact(date),
            // `Friday the 22nd` in a year in which none is near: one of the two is wrong.
            None => Reading {
                value: Value::Text(page.span(at, to).to_owned()),
                precision: Precision::Vague("weekday and number do not meet".to_owned()),
            },
        };
        return Some((to, reading));
    }
    let today = page.today?;
    let lead = page.is_any(at, &["the", "den", "der"]);
    // `the week of the 12th` names no day.
    let stretch = page.is_before(at, 1, &["of"]) && page.is_before(at, 2, &["week", "weeks", "fortnight", "weekend"]);
    if !lead || !page.is_before(at, 1, PLACES) || stretch {
        return None;
    }
    let (to, day) = ordinal(page, at + 1)?;
    // `for the first and only time`: small ordinals in letters are words of every day.
    if day <= 3 && page.digits(at + 1).is_none() {
        return None;
    }
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
    // `on the 5th and 6th floor`: what is numbered stands behind the second.
    let pair = page.is_any(to, &["and", "or", "to", "und", "et", "y"])
        && day_at(page, to + 1)
            .is_some_and(|(end, _)| end > to + 2 && page.is_word(end) && !page.is_any(end, FOLLOWERS));
    let free = (!page.is_word(to) || page.is_any(to, FOLLOWERS)) && !pair;
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
    // `on Friday week 12 begins`
    let today = page.today.filter(|_| page.digits(at + 2).is_none())?;
    let ahead = i64::from(day - today.weekday().to_monday_one_offset()).rem_euclid(7);
    let first = if ahead == 0 { 7 } else { ahead };
    Some((at + 2, exact(days_after(today, first + more)?)))
}

#[cfg(test)]
mod tests {
    use crate::value::{Context, Kind, Precision, Sorts, scan, to_json};

    /// What is read of a text that was said on Tuesday 3 March 2026.
    fn check(text: &str, expected: Option<&str>) {
        let said_at = "2026-03-03T10:00:00Z".parse().ok();
        let context = Context { said_at, zone: None, around: None, participants: &[] };
        let found = scan(text, Sorts::of(&Kind::Date), &context);
        let exact = found.iter().find(|one| one.reading.precision == Precision::Exact);
        let day = exact.map(|one| to_json(&one.reading.value));
        assert_eq!(day.as_ref().and_then(|day| day.as_str()), expected, "{text}: {found:?}");
    }

    #[test]
    fn a_number_names_a_day_beside_its_weekday() {
        check("ready by Friday the 13th, please", Some("2026-03-13"));
        check("Friday 13th would suit", Some("2026-03-13"));
        check("it was Friday the 13th", Some("2026-02-13"));
        check("le jeudi 12 nous convient", Some("2026-03-12"));
    }

    #[test]
    fn a_number_of_something_else_names_no_day() {
        check("on the 2nd floor", None);
        check("on the 5th and 6th floor", None);
        check("for the first and only time", None);
        check("the 13th crate", None);
        check("by the 21st century", None);
        check("in the week of the 12th", None);
        // No 31st within four months falls on a Friday.
        check("Friday the 31st", None);
    }
}
