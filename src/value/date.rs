//! Dates that name a day, month, quarter or year by themselves: `1 July 2026`,
//! `07/01/2026`, `Q3`. A year that is not said is the nearest sensible one
//! seen from the day the words were said; a numeric date whose order is open
//! keeps both meanings.

use jiff::civil::Date;

use super::amount::loose_before;
use super::lexicon::{Meaning, Name};
use super::scan::{Found, Sort, spot};
use super::tokens::Page;
use super::{PartialDate, Precision, Reading, Value, clock};

/// What the words say, before the calendar is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    Day { year: Option<i16>, month: i8, day: i8 },
    /// Month first and day first.
    Either(Date, Date),
    /// The same without a year.
    EitherDay { month: i8, day: i8 },
    Month { year: Option<i16>, month: i8 },
    Quarter { year: Option<i16>, quarter: i8 },
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
    month_first(page, at).or_else(|| quarter(page, at).map(|phrase| (phrase, None)))
}

/// A year in four digits, or two after an apostrophe: the token after it and the year.
fn year_at(page: &Page, at: usize) -> Option<(usize, i16)> {
    if let Some('\'' | '’') = page.sign(at) {
        let year = page.digits(at + 1).filter(|digits| digits.len() == 2 && page.glued(at + 1))?;
        return Some((at + 2, 2000 + year.parse::<i16>().ok()?));
    }
    let year = page.digits(at).filter(|digits| digits.len() == 4)?.parse::<i16>().ok()?;
    let goes_on = page.glued(at + 1)
        && page.glued(at + 2)
        && page.digits(at + 2).is_some()
        && matches!(page.sign(at + 1), Some('.' | ',' | '/' | ':'));
    ((1900..2200).contains(&year) && !goes_on && !page.glued(at).then(|| page.is_word(at - 1)).unwrap_or(false)
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
fn day_at(page: &Page, at: usize) -> Option<(usize, i8)> {
    let day = page.small(at, 2).filter(|day| (1..=31).contains(day))?;
    let mut to = at + 1;
    if page.glued(to) && page.is_any(to, &["st", "nd", "rd", "th", "er"]) {
        to += 1;
    } else if page.glued(to) && page.is_word(to) {
        return None;
    }
    Some((to, i8::try_from(day).ok()?))
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
    "in", "by", "on", "until", "till", "from", "since", "before", "after", "during", "mid", "early", "late", "of", "this",
    "next", "last", "through", "for", "starting", "to", "between", "around", "im", "bis", "ab", "seit", "en", "de", "fin",
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

/// `2026-07-01`, `07/01/2026`, `01.07.2026`, `2026-07`, `2026-Q3`.
fn numeric(page: &Page, at: usize) -> Option<Phrase> {
    let goes_on = page.glued(at + 1) && page.glued(at + 2) && (page.digits(at + 2).is_some() || page.is(at + 2, "q"));
    let sign = page.sign(at + 1).filter(|sign| goes_on && matches!(sign, '-' | '/' | '.'));
    let Some(sign) = sign else { return year_alone(page, at) };
    let first = page.digits(at)?;
    if first.len() == 4 && page.is(at + 2, "q") && page.glued(at + 2) && page.glued(at + 3) {
        let quarter = page.small(at + 3, 1).filter(|quarter| (1..=4).contains(quarter))?;
        let stated = Stated::Quarter { year: first.parse().ok(), quarter: i8::try_from(quarter).ok()? };
        return page.clean_end(at + 4).then_some(Phrase { from: at, to: at + 4, stated });
    }
    let second = page.digits(at + 2).filter(|digits| digits.len() <= 2 && page.glued(at + 2))?;
    let third = page.digits(at + 4).filter(|_| page.sign(at + 3) == Some(sign) && page.glued(at + 3) && page.glued(at + 4));
    let number = |digits: &str| digits.parse::<i16>().ok();
    let (to, stated) = match third {
        Some(third) => (at + 5, three_parts(sign, first, second, third)?),
        None if first.len() == 4 && second.len() == 2 && sign != '.' => {
            let month = i8::try_from(number(second)?).ok().filter(|month| (1..=12).contains(month))?;
            (at + 3, Stated::Month { year: number(first).filter(|year| (1900..2200).contains(year)), month })
        }
        None => return two_parts(page, at, sign),
    };
    let iso_time = page.glued(to) && matches!(page.words(to), "T" | "t") && first.len() == 4;
    let ends = iso_time || (page.clean_end(to) && !(page.glued(to) && page.sign(to) == Some('-') && page.is_word(to + 1)));
    ends.then_some(Phrase { from: at, to, stated })
}

fn three_parts(sign: char, first: &str, second: &str, third: &str) -> Option<Stated> {
    let small = |digits: &str| digits.parse::<i8>().ok();
    if first.len() == 4 {
        let (month, day) = (small(second)?, small(third).filter(|_| third.len() <= 2)?);
        let year = first.parse::<i16>().ok()?;
        Date::new(year, month, day).ok()?;
        return Some(Stated::Day { year: Some(year), month, day });
    }
    if first.len() > 2 || !matches!(third.len(), 2 | 4) || (third.len() == 2 && sign == '-') {
        return None;
    }
    let year = third.parse::<i16>().ok()? + if third.len() == 2 { 2000 } else { 0 };
    if !(1900..2200).contains(&year) {
        return None;
    }
    let (a, b) = (small(first)?, small(second)?);
    let month_first = Date::new(year, a, b).ok().filter(|_| sign != '.');
    let day_first = Date::new(year, b, a).ok();
    match (month_first, day_first) {
        (Some(one), Some(other)) if one != other => Some(Stated::Either(one, other)),
        (Some(day), _) | (None, Some(day)) => {
            Some(Stated::Day { year: Some(year), month: day.month(), day: day.day() })
        }
        (None, None) => None,
    }
}

/// `by 7/15`, `am 1.7.`: only where a preposition makes it a date.
fn two_parts(page: &Page, at: usize, sign: char) -> Option<Phrase> {
    let (a, b) = (i8::try_from(page.small(at, 2)?).ok()?, i8::try_from(page.small(at + 2, 2)?).ok()?);
    let placed = page.is_before(at, 1, &["on", "by", "until", "from", "before", "starting", "effective", "since", "due"]);
    let german = page.is_before(at, 1, &["am", "vom", "bis", "zum", "ab", "dem", "den", "der"]);
    if sign == '.' && german && page.sign(at + 3) == Some('.') && page.glued(at + 3) && possible(b, a) {
        return Some(Phrase { from: at, to: at + 4, stated: Stated::Day { year: None, month: b, day: a } });
    }
    let counted = page.is_any(at + 3, &["of"]) || page.meanings(at + 3).iter().any(|m| matches!(m, Meaning::Unit(_)));
    if sign != '/' || !placed || !page.clean_end(at + 3) || counted {
        return None;
    }
    let stated = match (possible(a, b), possible(b, a)) {
        (true, true) if a != b => Stated::EitherDay { month: a, day: b },
        (true, _) => Stated::Day { year: None, month: a, day: b },
        (false, true) => Stated::Day { year: None, month: b, day: a },
        (false, false) => return None,
    };
    Some(Phrase { from: at, to: at + 3, stated })
}

/// `in 2026`: a year after a preposition and before the end of the phrase.
fn year_alone(page: &Page, at: usize) -> Option<Phrase> {
    let (to, year) = year_at(page, at)?;
    let placed = page.is_before(at, 1, &["in", "by", "since", "until", "during", "throughout", "mid", "early", "late"]);
    let function = [
        "and", "or", "to", "but", "we", "with", "the", "they", "as", "if", "when", "so", "it", "is", "at", "budget", "because",
    ];
    let ends = !page.is_word(to) || page.is_any(to, &function);
    (placed && ends && (1990..2100).contains(&year) && page.clean_end(to)).then_some(Phrase {
        from: at,
        to,
        stated: Stated::Year(year),
    })
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

fn possible(month: i8, day: i8) -> bool {
    // A leap year, so that 29 February stands until the year is known.
    Date::new(2024, month, day).is_ok()
}

/// A phrase as a value, given the weekday said with it.
fn resolve(page: &Page, phrase: &Phrase, weekday: Option<i8>, from: usize) -> Option<Reading> {
    let reading = place(page, phrase, weekday, page.span(from, phrase.to))?;
    let hedge = if page.is_before(from, 1, &["over", "under", "below", "above", "unter", "über", "almost", "less", "more"]) {
        None
    } else {
        loose_before(page, from)
    };
    let hedge = hedge.or_else(|| hedged(page, from));
    Some(match (hedge, &reading.precision) {
        (Some(reason), Precision::Exact) => Reading { precision: Precision::Vague(reason), ..reading },
        _ => reading,
    })
}

fn hedged(page: &Page, from: usize) -> Option<String> {
    let hedge = page.is_before(from, 1, &["after", "probably", "maybe", "perhaps", "possibly", "likely", "tentatively"]);
    let sometime = page.is_before(from, 2, &["sometime", "probably", "maybe", "possibly", "likely"]);
    let word = from.checked_sub(if hedge { 1 } else { 2 })?;
    (hedge || sometime).then(|| format!("not a firm date ({})", page.words(word).to_lowercase()))
}

fn place(page: &Page, phrase: &Phrase, weekday: Option<i8>, words: &str) -> Option<Reading> {
    let vague = |value, reason: &str| Some(Reading { value, precision: Precision::Vague(reason.to_owned()) });
    let unplaced = || vague(Value::Text(words.to_owned()), "no year");
    match phrase.stated {
        Stated::Day { year: Some(year), month, day } => agreed(Date::new(year, month, day).ok()?, weekday),
        Stated::Day { year: None, month, day } => match page.today {
            Some(today) => {
                let (near, far) = nearest(today, month, day)?;
                let fits = |date: &Date| weekday.is_none_or(|weekday| date.weekday().to_monday_one_offset() == weekday);
                let far = far.filter(|far| !fits(&near) && fits(far) && days_between(*far, today).abs() < 200);
                agreed(far.unwrap_or(near), weekday)
            }
            None if possible(month, day) => unplaced(),
            None => None,
        },
        Stated::EitherDay { month, day } => match page.today {
            Some(today) => {
                let (one, other) = (nearest(today, month, day)?.0, nearest(today, day, month)?.0);
                either(one, other, weekday)
            }
            None => unplaced(),
        },
        Stated::Either(one, other) => either(one, other, weekday),
        Stated::Month { year: Some(year), month } => vague(Value::PartialDate(PartialDate::Month(year, month)), "no day"),
        Stated::Month { year: None, month } => match page.today {
            Some(today) => vague(Value::PartialDate(PartialDate::Month(year_of_month(today, month), month)), "no day"),
            None => vague(Value::Text(words.to_owned()), "no day and no year"),
        },
        Stated::Quarter { year, quarter } => match year.or_else(|| page.today.map(|today| year_of_quarter(today, quarter))) {
            Some(year) => vague(Value::PartialDate(PartialDate::Quarter(year, quarter)), "a quarter, no day"),
            None => vague(Value::Text(words.to_owned()), "a quarter without a year"),
        },
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
