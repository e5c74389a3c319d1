//! Dates that name a day, month, quarter or year by themselves: `1 July 2026`,
//! `07/01/2026`, `Q3`. A year that is not said is the nearest sensible one
//! seen from the day the words were said; a numeric date whose order is open
//! keeps both meanings.

use jiff::civil::Date;

use super::calendar::{possible, resolve};
use super::clock;
use super::lexicon::{Meaning, Name};
use super::numeric::numeric;
use super::scan::{Found, Sort, spot};
use super::tokens::Page;

/// What the words say, before the calendar is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    Day {
        year: Option<i16>,
        month: i8,
        day: i8,
    },
    /// Month first and day first.
    Either(Date, Date),
    /// The same without a year.
    EitherDay {
        month: i8,
        day: i8,
    },
    Month {
        year: Option<i16>,
        month: i8,
    },
    Quarter {
        year: Option<i16>,
        quarter: i8,
    },
    Year(i16),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    pub from: usize,
    pub to: usize,
    pub stated: Stated,
}

/// The date that begins at token `at`, with the time of day after it.
pub(super) fn find(page: &Page, at: usize) -> Option<Found> {
    page.clean_start(at).then(|| inside(page, at)).flatten()
}

/// The same inside a longer phrase, where something may be glued in front (`mid-July`).
pub(super) fn inside(page: &Page, at: usize) -> Option<Found> {
    let weekday = weekday_at(page, at);
    let start = weekday.map_or(at, |(to, _)| to);
    let (first, second) = phrases(page, start)?;
    let from = at;
    // A day no calendar has (`30 February`) is nothing, not a vague month.
    let Some(reading) = resolve(page, &first, weekday.map(|(_, day)| day), from) else {
        return Some(Found::nothing(first.to));
    };
    let Some(second) = second else { return Some(clock::after_date(page, from, first.to, reading)) };
    let later = resolve(page, &second, None, second.from)?;
    Some(Found {
        to: second.to.max(first.to),
        spotted: vec![
            spot(page, Sort::Date, from, first.to, reading),
            spot(page, Sort::Date, second.from, second.to, later),
        ],
    })
}

/// A weekday in front of a date (`Friday,`, `Fri.`): the token after it and the day.
fn weekday_at(page: &Page, at: usize) -> Option<(usize, i8)> {
    let (day, _) = weekday(page, at)?;
    let mut to = at + 1;
    if page.sign(to) == Some('.') && page.glued(to) {
        to += 1;
    }
    if page.sign(to) == Some(',') {
        to += 1;
    }
    if page.is_any(to, &["the", "den", "der", "le", "el"]) {
        to += 1;
    }
    Some((to, day))
}

pub(super) fn weekday(page: &Page, at: usize) -> Option<(i8, Name)> {
    page.means(at, |meaning| match meaning {
        Meaning::Weekday(day, name) => Some((day, name)),
        _ => None,
    })
}

pub(super) fn month(page: &Page, at: usize) -> Option<(i8, Name)> {
    page.means(at, |meaning| match meaning {
        Meaning::Month(month, name) => Some((month, name)),
        _ => None,
    })
}

/// The date phrase at token `at`; two for a range such as `July 1-5`.
fn phrases(page: &Page, at: usize) -> Option<(Phrase, Option<Phrase>)> {
    if page.digits(at).is_some() {
        return numeric(page, at).map(|phrase| (phrase, None)).or_else(|| day_first(page, at));
    }
    month_first(page, at).or_else(|| spelled_first(page, at)).or_else(|| quarter(page, at).map(|phrase| (phrase, None)))
}

/// `first of February`, `twenty-first of June 2026`
fn spelled_first(page: &Page, at: usize) -> Option<(Phrase, Option<Phrase>)> {
    let (next, day) = spelled_day(page, at)?;
    let (month, _) = page.is(next, "of").then(|| month(page, next + 1)).flatten()?;
    let (to, year) = year_after(page, next + 2);
    (possible(month, day) && page.clean_end(to))
        .then_some((Phrase { from: at, to, stated: Stated::Day { year, month, day } }, None))
}

/// A year in four digits, or two after an apostrophe: the token after it and the year.
pub(super) fn year_at(page: &Page, at: usize) -> Option<(usize, i16)> {
    if let Some('\'' | '’') = page.sign(at) {
        let year = page.digits(at + 1).filter(|digits| digits.len() == 2 && page.glued(at + 1))?;
        return Some((at + 2, 2000 + year.parse::<i16>().ok()?));
    }
    let year = page.digits(at).filter(|digits| digits.len() == 4)?.parse::<i16>().ok()?;
    let goes_on = page.glued(at + 1)
        && page.glued(at + 2)
        && page.digits(at + 2).is_some()
        && matches!(page.sign(at + 1), Some('.' | ',' | '/' | ':'));
    ((1900..2200).contains(&year)
        && !goes_on
        && !(page.glued(at) && page.is_word(at - 1))
        && page.sign(at + 1) != Some('%')
        && !(page.glued(at + 1) && page.is_word(at + 1) && page.words(at + 1) != "T"))
        .then_some((at + 1, year))
}

/// The year after a day and month, with a comma or `of` before it.
fn year_after(page: &Page, at: usize) -> (usize, Option<i16>) {
    let skip = usize::from(page.sign(at) == Some(',') || page.is_any(at, &["of", "de", "del"]));
    match year_at(page, at + skip) {
        Some((to, year)) => (to, Some(year)),
        None => (at, None),
    }
}

/// A day of the month with its ordinal ending: the token after it and the day.
pub(super) fn day_at(page: &Page, at: usize) -> Option<(usize, i8)> {
    let day = page.small(at, 2).filter(|day| (1..=31).contains(day))?;
    let mut to = at + 1;
    if page.glued(to) && page.is_any(to, &["st", "nd", "rd", "th", "er"]) {
        to += 1;
    } else if page.glued(to) && page.is_word(to) {
        return None;
    }
    Some((to, i8::try_from(day).ok()?))
}

/// A day of the month in letters: the token after it and the day.
pub(super) fn spelled_day(page: &Page, at: usize) -> Option<(usize, i8)> {
    const DAYS: [&str; 19] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
    ];
    let simple =
        |at: usize| DAYS.iter().position(|name| page.is(at, name)).and_then(|place| i8::try_from(place + 1).ok());
    if let Some(day) = simple(at) {
        return Some((at + 1, day));
    }
    for (tens, base) in [("twentieth", 20), ("thirtieth", 30)] {
        if page.is(at, tens) {
            return Some((at + 1, base));
        }
    }
    let base = if page.is(at, "twenty") {
        20
    } else if page.is(at, "thirty") {
        30
    } else {
        return None;
    };
    let next = at + 1 + usize::from(page.sign(at + 1) == Some('-'));
    let unit = simple(next).filter(|unit| *unit < 10 && base + unit <= 31)?;
    Some((next + 1, base + unit))
}

/// Whether a day of the month may end before token `at`.
fn ends_day(page: &Page, at: usize) -> bool {
    let measures = page.sign(at).is_some_and(|sign| matches!(sign, '%' | '€' | '$' | '£'));
    let counts = page.means(at, |meaning| match meaning {
        Meaning::Unit(_) | Meaning::Measure(_) | Meaning::Currency(_) | Meaning::Scale(_) => Some(()),
        _ => None,
    });
    let ordinal = page.is_any(at, &["second", "sec", "t", "m", "g", "l"]);
    let hyphen = page.sign(at) == Some('-') && page.glued(at) && page.glued(at + 1) && page.is_word(at + 1);
    !measures && !hyphen && (counts.is_none() || ordinal) && (page.clean_end(at) || page.sign(at) == Some('-'))
}

/// `July 1`, `Jul. 1st, 2026`, `July 1-5`, `July 2026`, `July`.
fn month_first(page: &Page, at: usize) -> Option<(Phrase, Option<Phrase>)> {
    let (month, name) = month(page, at)?;
    let mut next = at + 1;
    if page.sign(next) == Some('.') && page.glued(next) && page.words(at).len() < 5 {
        next += 1;
    }
    if page.glued(next) && page.sign(next) == Some('-') && page.glued(next + 1) && page.digits(next + 1).is_some() {
        next += 1;
    }
    if page.is(next, "the") && page.digits(next + 1).is_some() {
        next += 1;
    }
    if let Some((to, year)) = year_at(page, next) {
        let phrase = Phrase { from: at, to, stated: Stated::Month { year: Some(year), month } };
        return page.clean_end(to).then_some((phrase, None));
    }
    if let Some((to, day)) = day_at(page, next)
        && ends_day(page, to)
        && spoken_as_month(page, at, name, to)
    {
        return Some(with_range(page, at, to, month, day));
    }
    // `January eleventh`, `May the twenty-first`
    let skip = usize::from(page.is(next, "the"));
    if let Some((to, day)) = spelled_day(page, next + skip)
        && possible(month, day)
    {
        let (end, year) = year_after(page, to);
        return Some((Phrase { from: at, to: end, stated: Stated::Day { year, month, day } }, None));
    }
    bare_month(page, at, name).then_some(())?;
    let phrase = Phrase { from: at, to: at + 1, stated: Stated::Month { year: None, month } };
    Some((phrase, None))
}

fn with_range(page: &Page, at: usize, to: usize, month: i8, day: i8) -> (Phrase, Option<Phrase>) {
    let joined = matches!(page.sign(to), Some('-' | '–' | '—')) || page.is_any(to, &["to", "until"]);
    let last = day_at(page, to + 1).filter(|(end, last)| joined && *last > day && ends_day(page, *end));
    if let Some((end, last)) = last
        && possible(month, last)
    {
        let (end_with_year, year) = year_after(page, end);
        let first = Phrase { from: at, to, stated: Stated::Day { year, month, day } };
        let second = Phrase { from: to + 1, to: end_with_year, stated: Stated::Day { year, month, day: last } };
        return (first, Some(second));
    }
    let (to, year) = year_after(page, to);
    // `Jul-1-2026`
    let (to, year) = match (year, page.sign(to), year_at(page, to + 1)) {
        (None, Some('-'), Some((end, year))) if page.glued(to) => (end, Some(year)),
        (year, ..) => (to, year),
    };
    (Phrase { from: at, to, stated: Stated::Day { year, month, day } }, None)
}

const PREPOSITIONS: &[&str] = &[
    "in", "by", "on", "until", "till", "from", "since", "before", "after", "during", "mid", "early", "late", "of",
    "this", "next", "last", "through", "for", "starting", "to", "between", "around", "im", "bis", "ab", "seit", "en",
    "de", "fin",
];

/// Whether `may`, `march` and their like are meant as months before a day.
fn spoken_as_month(page: &Page, at: usize, name: Name, to: usize) -> bool {
    name != Name::Everyday
        || page.capital(at)
        || page.glued(to - 1)
        || page.is_before(at, 1, PREPOSITIONS)
        || year_after(page, to).1.is_some()
}

/// Whether a month without a day and year is meant as one.
fn bare_month(page: &Page, at: usize, name: Name) -> bool {
    let placed = page.is_before(at, 1, PREPOSITIONS) || page.sign(at.wrapping_sub(1)) == Some('-');
    let ends = page.clean_end(at + 1) && page.sign(at + 1) != Some('@');
    let named = page.is_word(at + 1) && page.capital(at + 1) && !page.glued(at + 1);
    ends && match name {
        Name::Plain => true,
        Name::Short => placed && page.capital(at) && !named,
        Name::Everyday => {
            placed && page.capital(at) && !named && !page.is_before(at, 1, &["to", "for", "of", "from", "on"])
        }
    }
}

/// `1 July 2026`, `1st of July`, `1.-5. Juli`, `1-Jul-26`.
fn day_first(page: &Page, at: usize) -> Option<(Phrase, Option<Phrase>)> {
    let (mut next, day) = day_at(page, at)?;
    if page.sign(next) == Some('.') && page.glued(next) {
        next += 1;
    }
    let mut range = None;
    if matches!(page.sign(next), Some('-' | '–')) || page.is_any(next, &["to", "bis", "until"]) {
        if let Some((mut end, last)) = day_at(page, next + 1).filter(|(_, last)| *last > day) {
            if page.sign(end) == Some('.') && page.glued(end) {
                end += 1;
            }
            range = Some((next, last));
            next = end;
        } else if page.sign(next) == Some('-') && page.glued(next) && page.glued(next + 1) {
            next += 1;
        }
    }
    let of = page.is_any(next, &["of", "de"]);
    next += usize::from(of);
    let (month, name) = month(page, next)?;
    let dotted = page.sign(next + 1) == Some('.') && page.glued(next + 1) && page.words(next).len() < 5;
    let mut to = next + 1;
    let (end, mut year) = year_after(page, to + usize::from(dotted));
    if year.is_some() {
        to = end;
    } else if page.sign(to) == Some('-') && page.glued(to) && page.glued(to + 1) {
        let short = page.digits(to + 1).filter(|digits| matches!(digits.len(), 2 | 4))?.parse::<i16>().ok()?;
        year = Some(if short < 100 { 2000 + short } else { short });
        to += 2;
    }
    if !page.clean_end(to) {
        return None;
    }
    if name == Name::Everyday && !page.capital(next) && !of && year.is_none() {
        return None;
    }
    let stated = |day| Stated::Day { year, month, day };
    match range {
        Some((dash, last)) => Some((
            Phrase { from: at, to: dash, stated: stated(day) },
            Some(Phrase { from: dash + 1, to, stated: stated(last) }),
        )),
        None => Some((Phrase { from: at, to, stated: stated(day) }, None)),
    }
}

/// `Q3`, `Q3 2026`, `third quarter of 2026`.
pub(super) fn quarter(page: &Page, at: usize) -> Option<Phrase> {
    let (quarter, next) = if page.is(at, "q") && page.glued(at + 1) {
        (page.small(at + 1, 1)?, at + 2)
    } else {
        let ordinal = page.means(at, |meaning| match meaning {
            Meaning::Ordinal(nth) => Some(nth),
            _ => None,
        })?;
        if !page.is(at + 1, "quarter") {
            return None;
        }
        (i64::from(ordinal), at + 2)
    };
    if !(1..=4).contains(&quarter) || !page.clean_start(at) {
        return None;
    }
    let skip = usize::from(page.is_any(next, &["of"]) || matches!(page.sign(next), Some('/' | '-')));
    let (to, year) = year_at(page, next + skip).map_or((next, None), |(to, year)| (to, Some(year)));
    let stated = Stated::Quarter { year, quarter: i8::try_from(quarter).ok()? };
    page.clean_end(to).then_some(Phrase { from: at, to, stated })
}
