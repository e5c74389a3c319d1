//! Dates counted from the day the words were said: `tomorrow`, `next
//! Tuesday`, `in two weeks`, `end of month`. Without that day they keep their
//! words and are vague. Where people disagree what the words mean (`next
//! Tuesday` said on a Monday) both days are kept.

use jiff::civil::Date;

use super::calendar::{self, days_after};
use super::date::{self, weekday};
use super::duration::Spell;
use super::lexicon::{Meaning, Name, Unit};
use super::scan::{Found, Sort, spot};
use super::tokens::Page;
use super::{PartialDate, Precision, Reading, Value, clock, duration, numbered};

const UNKNOWN_DAY: &str = "relative date without a known day";

/// A relative date and the token after it, before it is placed in the text.
struct Placed {
    to: usize,
    reading: Reading,
}

/// The relative date that begins at token `at`.
pub(super) fn find(page: &Page, at: usize) -> Option<Found> {
    if !page.clean_start(at) {
        return None;
    }
    let numbered = numbered::find(page, at).or_else(|| numbered::weeks_on(page, at));
    let placed = numbered
        .map(|(to, reading)| Placed { to, reading })
        .or_else(|| plain_day(page, at))
        .or_else(|| pointed(page, at))
        .or_else(|| weekday_alone(page, at))
        .or_else(|| end_of(page, at))
        .or_else(|| part_of(page, at))
        .or_else(|| season(page, at));
    if let Some(placed) = placed {
        return page.clean_end(placed.to).then(|| clock::after_date(page, at, placed.to, placed.reading));
    }
    in_a_while(page, at)
}

fn exact(to: usize, date: Option<Date>, page: &Page, at: usize) -> Option<Placed> {
    let reading = match (date, page.today) {
        (Some(date), _) => Reading { value: Value::Date(date), precision: Precision::Exact },
        (None, None) => unknown(page, at, to),
        (None, Some(_)) => return None,
    };
    Some(Placed { to, reading })
}

fn unknown(page: &Page, at: usize, to: usize) -> Reading {
    let value = Value::Text(page.span(at, to).to_owned());
    Reading { value, precision: Precision::Vague(UNKNOWN_DAY.to_owned()) }
}

fn vague(page: &Page, at: usize, to: usize, value: Option<Value>, reason: &str) -> Placed {
    let reading = match value {
        Some(value) => Reading { value, precision: Precision::Vague(reason.to_owned()) },
        None => unknown(page, at, to),
    };
    Placed { to, reading }
}

/// `today`, `tomorrow`, `day after tomorrow`, `EOD`.
fn plain_day(page: &Page, at: usize) -> Option<Placed> {
    let after = |days| page.today.and_then(|today| days_after(today, days));
    if page.is(at, "day") && page.is(at + 1, "after") && page.is(at + 2, "tomorrow") {
        return exact(at + 3, after(2), page, at);
    }
    if page.is(at, "day") && page.is(at + 1, "before") && page.is(at + 2, "yesterday") {
        return exact(at + 3, after(-2), page, at);
    }
    if page.is(at, "pasado") && page.is(at + 1, "mañana") {
        return exact(at + 2, after(2), page, at);
    }
    if page.is(at, "après") && page.sign(at + 1) == Some('-') && page.is(at + 2, "demain") {
        return exact(at + 3, after(2), page, at);
    }
    if page.is_any(at, &["eod", "cob"]) {
        return match day_word(page, at + 1)
            .or_else(|| weekday_alone(page, at + 1).map(|placed| (placed.to, placed.reading)))
        {
            Some((to, reading)) => Some(Placed { to, reading }),
            None => exact(at + 1, after(0), page, at),
        };
    }
    day_word(page, at).map(|(to, reading)| Placed { to, reading })
}

fn day_word(page: &Page, at: usize) -> Option<(usize, Reading)> {
    let days = page.means(at, |meaning| match meaning {
        Meaning::Day(days) => Some(days),
        _ => None,
    })?;
    // A week from the day (`tomorrow week`) is not supported; the possessive (`today's`) is no date.
    if page.glued(at + 1) && matches!(page.sign(at + 1), Some('\'' | '’')) {
        return None;
    }
    let date = page.today.and_then(|today| days_after(today, days));
    exact(at + 1, date, page, at).map(|placed| (placed.to, placed.reading))
}

/// `next Tuesday`, `this Friday`, `next month`, `last week`, `this quarter`.
fn pointed(page: &Page, at: usize) -> Option<Placed> {
    let step = if page.is_any(
        at,
        &["next", "nächster", "nächste", "nächsten", "nächstes", "próximo", "próxima", "prochain", "prochaine"],
    ) {
        1
    } else if page.is_any(at, &["this", "coming", "kommenden", "kommende"]) {
        0
    } else if page.is_any(at, &["last", "letzten", "letzter", "vergangenen"]) {
        -1
    } else {
        return None;
    };
    let next = at + 1 + usize::from(page.is(at, "this") && page.is(at + 1, "coming"));
    if let Some((day, _)) = weekday(page, next) {
        return pointed_weekday(page, at, next + 1, day, step);
    }
    if let Some((month, _)) = date::month(page, next) {
        // `next July 1` and `this July 2026` are dates of their own.
        if page.digits(next + 1).is_some() {
            return None;
        }
        let value = page.today.map(|today| {
            let year = calendar::year_of_month(today, month) + if step < 0 { -1 } else { 0 };
            Value::PartialDate(PartialDate::Month(year, month))
        });
        return Some(vague(page, at, next + 1, value, "no day"));
    }
    if season_at(page, next) {
        let value = page.today.map(|today| Value::PartialDate(PartialDate::Year(today.year())));
        return Some(vague(page, at, next + 1, value, "a season, no day"));
    }
    let unit = unit_at(page, next)?;
    if unit == Unit::Week
        && let Some(placed) = week_and_day(page, at, next, step)
    {
        return Some(placed);
    }
    let value = page.today.and_then(|today| stretch(today, unit, step));
    if page.today.is_some() && value.is_none() {
        return None;
    }
    Some(vague(page, at, next + 1, value, stretch_reason(unit)))
}

fn unit_at(page: &Page, at: usize) -> Option<Unit> {
    page.means(at, |meaning| match meaning {
        Meaning::Unit(unit) => Some(unit),
        _ => None,
    })
}

fn stretch_reason(unit: Unit) -> &'static str {
    match unit {
        Unit::Week => "a week, no day",
        Unit::Month => "a month, no day",
        Unit::Quarter => "a quarter, no day",
        _ => "a year, no day",
    }
}

/// The calendar week, month, quarter or year `step` away; a week is its Monday.
fn stretch(today: Date, unit: Unit, step: i64) -> Option<Value> {
    match unit {
        Unit::Week => Some(Value::Date(days_after(monday(today)?, 7 * step)?)),
        Unit::Month => {
            let (year, month) = shift_month(today, step)?;
            Some(Value::PartialDate(PartialDate::Month(year, month)))
        }
        Unit::Quarter => {
            let (year, month) = shift_month(today, 3 * step)?;
            Some(Value::PartialDate(PartialDate::Quarter(year, (month - 1) / 3 + 1)))
        }
        Unit::Year => Some(Value::PartialDate(PartialDate::Year(i16::try_from(i64::from(today.year()) + step).ok()?))),
        _ => None,
    }
}

fn shift_month(today: Date, months: i64) -> Option<(i16, i8)> {
    let total = (i64::from(today.year()) * 12 + i64::from(today.month()) - 1).checked_add(months)?;
    let year = i16::try_from(total.div_euclid(12)).ok().filter(|year| (1..=9998).contains(year))?;
    Some((year, i8::try_from(total.rem_euclid(12)).ok()? + 1))
}

fn monday(today: Date) -> Option<Date> {
    days_after(today, 1 - i64::from(today.weekday().to_monday_one_offset()))
}

/// `next week Friday`, `this week on Thursday`.
fn week_and_day(page: &Page, at: usize, week: usize, step: i64) -> Option<Placed> {
    let mut next = week + 1;
    next += usize::from(page.sign(next) == Some(','));
    next += usize::from(page.is(next, "on"));
    let (day, _) = weekday(page, next)?;
    let date = page.today.and_then(|today| day_of_week(today, step, day));
    exact(next + 1, date, page, at)
}

fn day_of_week(today: Date, step: i64, day: i8) -> Option<Date> {
    days_after(monday(today)?, 7 * step + i64::from(day) - 1)
}

/// The first such weekday after `today`.
fn coming(today: Date, day: i8) -> Option<Date> {
    let ahead = i64::from(day - today.weekday().to_monday_one_offset()).rem_euclid(7);
    days_after(today, if ahead == 0 { 7 } else { ahead })
}

fn pointed_weekday(page: &Page, at: usize, to: usize, day: i8, step: i64) -> Option<Placed> {
    let Some(today) = page.today else { return exact(to, None, page, at) };
    let coming = coming(today, day)?;
    let is_today = today.weekday().to_monday_one_offset() == day;
    match step {
        0 => exact(to, Some(if is_today { today } else { coming }), page, at),
        1 => {
            let next_week = days_after(monday(today)?, 7)?;
            if coming >= next_week {
                return exact(to, Some(coming), page, at);
            }
            Some(Placed { to, reading: ambiguous(coming, days_after(coming, 7)?) })
        }
        _ => exact(to, Some(days_after(coming, if is_today { -14 } else { -7 })?), page, at),
    }
}

fn ambiguous(one: Date, other: Date) -> Reading {
    let both = vec![Value::Date(one), Value::Date(other)];
    Reading { value: Value::Date(one), precision: Precision::Ambiguous(both) }
}

/// `Friday`, `Friday next week`.
fn weekday_alone(page: &Page, at: usize) -> Option<Placed> {
    let (day, name) = weekday(page, at)?;
    let to = at + 1;
    if page.is_any(to, &["next", "this"]) && page.is(to + 1, "week") {
        let step = i64::from(page.is(to, "next"));
        return exact(to + 2, page.today.and_then(|today| day_of_week(today, step, day)), page, at);
    }
    if let Some((to, step)) = week_named(page, to) {
        return exact(to, page.today.and_then(|today| day_of_week(today, step, day)), page, at);
    }
    if page.is_any(to, &["prochain", "prochaine", "próximo", "próxima"]) {
        return pointed_weekday(page, at, to + 1, day, 1);
    }
    if page.is_any(to, &["dernier", "pasado"]) {
        return pointed_weekday(page, at, to + 1, day, -1);
    }
    if page.is(to, "que") && page.is(to + 1, "viene") {
        return pointed_weekday(page, at, to + 2, day, 0);
    }
    let placed = page.is_before(
        at,
        1,
        &[
            "on", "by", "until", "till", "before", "from", "since", "am", "bis", "el", "le", "ce", "este", "für", "ab",
            "vor",
        ],
    );
    let timed = || clock::clock(page, to + usize::from(page.is_any(to, &["at", "um"]))).is_some();
    let sure = match name {
        Name::Plain => page.capital(at) || placed,
        Name::Short | Name::Everyday => page.capital(at) && (placed || timed()),
    };
    // Every Monday is a habit and no date.
    let habit = page.is_before(at, 1, &["every", "each", "per", "jeden"]);
    if !sure || habit || (page.glued(to) && page.sign(to) != Some('\'') && page.is_word(to)) {
        return None;
    }
    let Some(today) = page.today else { return exact(to, None, page, at) };
    let next = coming(today, day)?;
    let other = if today.weekday().to_monday_one_offset() == day { today } else { days_after(next, -7)? };
    if other == today || tells_past(page, at) {
        return Some(Placed { to, reading: ambiguous(next, other) });
    }
    exact(to, Some(next), page, at)
}

/// The week that stands behind a weekday in other languages (`de la semana que viene`, `nächster Woche`), as the token
/// after it and how many weeks away it is.
fn week_named(page: &Page, at: usize) -> Option<(usize, i64)> {
    let phrases: [(&[&str], i64); 16] = [
        (&["de", "la", "semana", "que", "viene"], 1),
        (&["de", "la", "semana", "próxima"], 1),
        (&["de", "la", "próxima", "semana"], 1),
        (&["de", "la", "semana", "siguiente"], 1),
        (&["de", "esta", "semana"], 0),
        (&["de", "la", "semaine", "prochaine"], 1),
        (&["de", "cette", "semaine"], 0),
        (&["nächster", "woche"], 1),
        (&["nächste", "woche"], 1),
        (&["der", "nächsten", "woche"], 1),
        (&["in", "der", "nächsten", "woche"], 1),
        (&["kommender", "woche"], 1),
        (&["der", "kommenden", "woche"], 1),
        (&["dieser", "woche"], 0),
        (&["of", "next", "week"], 1),
        (&["of", "this", "week"], 0),
    ];
    let stands = |words: &[&str]| words.iter().enumerate().all(|(i, word)| page.is(at + i, word));
    phrases.iter().find(|(words, _)| stands(words)).map(|(words, step)| (at + words.len(), *step))
}

/// Whether a word shortly before is in the past tense, so that the weekday may be behind.
fn tells_past(page: &Page, at: usize) -> bool {
    (1..=5).filter_map(|back| at.checked_sub(back)).any(|before| {
        let word = page.words(before);
        page.is_any(
            before,
            &["met", "sent", "spoke", "was", "were", "had", "did", "got", "said", "told", "came", "went", "saw"],
        ) || (word.len() > 4 && word.ends_with("ed") && !page.is_before(before, 1, &["be", "is", "are"]))
    })
}

/// `end of month`, `EOM`, `end of next week`, `end of Q3`, `end of July`.
fn end_of(page: &Page, at: usize) -> Option<Placed> {
    let short = [("eow", Unit::Week), ("eom", Unit::Month), ("eoq", Unit::Quarter), ("eoy", Unit::Year)]
        .into_iter()
        .find_map(|(word, unit)| page.is(at, word).then_some(unit));
    if let Some(unit) = short {
        // `EOY 2026`
        if let Some((to, year)) = date::year_at(page, at + 1)
            && unit == Unit::Year
        {
            return Some(vague(
                page,
                at,
                to,
                Some(Value::PartialDate(PartialDate::Year(year))),
                "the end of a stretch, no day",
            ));
        }
        return end_of_unit(page, at, at + 1, unit, 0);
    }
    if !page.is_any(at, &["end", "ende"]) {
        return None;
    }
    let mut next = at + 1;
    next += usize::from(page.is_any(next, &["of", "des", "der"]) || page.sign(next) == Some('-'));
    next += usize::from(page.is(next, "the"));
    let step = i64::from(page.is(next, "next"));
    let pointed = page.is_any(next, &["next", "this"]);
    next += usize::from(pointed || page.is(next, "current"));
    if let Some(unit) = unit_at(page, next) {
        return end_of_unit(page, at, next + 1, unit, step);
    }
    rest(page, at, next, "the end of a stretch, no day")
}

fn end_of_unit(page: &Page, at: usize, to: usize, unit: Unit, step: i64) -> Option<Placed> {
    let day = |find: &dyn Fn(Date) -> Option<Date>| exact(to, page.today.and_then(find), page, at);
    match unit {
        Unit::Day => day(&|today| days_after(today, step)),
        Unit::Week => day(&|today| {
            let weekend = today.weekday().to_monday_one_offset() > 5 && step == 0;
            day_of_week(today, if weekend { 1 } else { step }, 5)
        }),
        Unit::Month => day(&|today| {
            let (year, month) = shift_month(today, step)?;
            Some(Date::new(year, month, 1).ok()?.last_of_month())
        }),
        Unit::Quarter | Unit::Year => {
            let value = page.today.and_then(|today| stretch(today, unit, step));
            Some(vague(page, at, to, value, "the end of a stretch, no day"))
        }
        _ => None,
    }
}

/// `mid-July`, `early next year`, `late Q3`, `beginning of March`.
fn part_of(page: &Page, at: usize) -> Option<Placed> {
    if !page.is_any(at, &["mid", "early", "late", "beginning", "start", "middle", "first", "anfang", "mitte"]) {
        return None;
    }
    let mut next = at + 1;
    if page.is(at, "first") {
        if !page.is(next, "half") {
            return None;
        }
        next += 1;
    }
    next += usize::from(page.sign(next) == Some('-'));
    next += usize::from(page.is(next, "in"));
    next += usize::from(page.is(next, "of"));
    next += usize::from(page.is(next, "the"));
    let reason = format!("no day ({})", page.words(at).to_lowercase());
    if let Some(placed) = pointed(page, next).filter(|_| page.is_any(next, &["next", "this"])) {
        let value = placed.reading.value;
        let precision = match placed.reading.precision {
            Precision::Vague(known) if known == UNKNOWN_DAY => Precision::Vague(known),
            _ => Precision::Vague(reason),
        };
        return Some(Placed { to: placed.to, reading: Reading { value, precision } });
    }
    rest(page, at, next, &reason)
}

/// A month, quarter or year that stands by itself, of which only a part is meant.
fn rest(page: &Page, at: usize, next: usize, reason: &str) -> Option<Placed> {
    let inner = if page.digits(next).is_some_and(|digits| digits.len() == 4) || page.is_word(next) {
        date::inside(page, next)?
    } else {
        return None;
    };
    let spotted = inner.spotted.into_iter().next()?;
    match spotted.reading.value {
        Value::PartialDate(_) | Value::Text(_) => {
            let reading = Reading { value: spotted.reading.value, precision: Precision::Vague(reason.to_owned()) };
            let reading = match reading.value {
                Value::Text(_) => unknown(page, at, inner.to),
                _ => reading,
            };
            Some(Placed { to: inner.to, reading })
        }
        _ => None,
    }
}

fn season_at(page: &Page, at: usize) -> bool {
    page.meanings(at).contains(&Meaning::Season)
}

/// `summer 2026`, `in the summer`.
fn season(page: &Page, at: usize) -> Option<Placed> {
    if !season_at(page, at) {
        return None;
    }
    let year = page.digits(at + 1).filter(|digits| digits.len() == 4).and_then(|digits| digits.parse::<i16>().ok());
    let before = if page.is_before(at, 1, &["the"]) { 2 } else { 1 };
    let placed =
        page.is_before(at, before, &["in", "by", "before", "after", "until", "over", "during", "late", "early", "im"]);
    if let Some(year) = year.filter(|year| (1900..2200).contains(year)) {
        return Some(vague(page, at, at + 2, Some(Value::PartialDate(PartialDate::Year(year))), "a season, no day"));
    }
    let value = page.today.map(|today| Value::PartialDate(PartialDate::Year(today.year())));
    placed.then(|| vague(page, at, at + 1, value, "a season, no day"))
}

/// `in 3 days`, `in two weeks`: a date, and the length of time inside it.
fn in_a_while(page: &Page, at: usize) -> Option<Found> {
    if !page.is_any(at, &["in", "dans"]) {
        return None;
    }
    let spell = duration::article(page, at + 1).or_else(|| {
        let quantity = super::amount::quantity(page, at + 1)?;
        duration::spell(page, &quantity)
    })?;
    let counts = !page.is_any(spell.to, &["of", "or"]) && !matches!(page.sign(spell.to), Some('\'' | '’'));
    let to = spell.to;
    let to = to
        + if page.is(to, "from") && page.is_any(to + 1, &["now", "today"]) {
            2
        } else {
            usize::from(page.is(to, "time"))
        };
    let date = dated(page, &spell, 1, page.today, page.span(at, to)).filter(|_| counts)?;
    let length = duration::found(page, &spell);
    let mut spotted = vec![spot(page, Sort::Date, at, to, date)];
    spotted.extend(length.spotted);
    Some(Found { to, spotted })
}

/// A length with its starting day behind it: `a week from Monday`, `10 days from now`, `two weeks ago`.
pub(super) fn counted(page: &Page, spell: &Spell) -> Option<Found> {
    let unit_word = spell.to;
    let (to, direction, base) = if page.is(unit_word, "ago") {
        (unit_word + 1, -1, page.today)
    } else if page.is(unit_word, "from") && page.is_any(unit_word + 1, &["now", "today"]) {
        (unit_word + 2, 1, page.today)
    } else if page.is(unit_word, "from") && page.is(unit_word + 1, "tomorrow") {
        (unit_word + 2, 1, page.today.and_then(|today| days_after(today, 1)))
    } else if page.is(unit_word, "from")
        && let Some((next, day)) = weekday_from(page, unit_word + 1)
    {
        (next, 1, page.today.and_then(|today| coming(today, day)))
    } else {
        return None;
    };
    let reading = dated(page, spell, direction, base, page.span(spell.from, to))?;
    Some(Found::one(page, Sort::Date, spell.from, to, reading))
}

/// `Friday`, `this Friday` behind `a week from`: the token after it and the day.
fn weekday_from(page: &Page, at: usize) -> Option<(usize, i8)> {
    let next = at + usize::from(page.is(at, "this"));
    weekday(page, next).map(|(day, _)| (next + 1, day))
}

/// The day a length of time away from `base`; months and years name no day.
fn dated(page: &Page, spell: &Spell, direction: i64, base: Option<Date>, words: &str) -> Option<Reading> {
    if spell.unit < Unit::Day {
        return None;
    }
    let Some(base) = base else {
        let value = Value::Text(words.to_owned());
        return page.today.is_none().then(|| Reading { value, precision: Precision::Vague(UNKNOWN_DAY.to_owned()) });
    };
    if spell.unit >= Unit::Month {
        let (year, month) = shift_month(base, spell.length.months.checked_mul(direction)?)?;
        let value = Value::PartialDate(PartialDate::Month(year, month));
        return Some(Reading { value, precision: Precision::Vague("counted in months, no day".to_owned()) });
    }
    let value = Value::Date(days_after(base, spell.length.days.checked_mul(direction)?)?);
    let precision = spell.loose.clone().map_or(Precision::Exact, Precision::Vague);
    Some(Reading { value, precision })
}
