//! Lengths of time: `24 months`, `a 3-year term`, `net 30`, `2h 30m`, `P24M`.
//! A rate (`5 days a week`) is no length, and working days are not calendar
//! days, so they are read but marked vague.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::amount::Quantity;
use super::digits::{Grouping, in_words, literal};
use super::lexicon::{Meaning, Unit};
use super::scan::{Found, Sort};
use super::tokens::Page;
use super::{Length, Precision, Reading, Value};

/// A length of time and the tokens it covers.
#[derive(Debug, Clone)]
pub(super) struct Spell {
    pub from: usize,
    pub to: usize,
    pub length: Length,
    /// The largest unit named.
    pub unit: Unit,
    pub loose: Option<String>,
}

/// The duration that begins with `first`, if a unit of time follows it.
pub(super) fn after(page: &Page, first: &Quantity) -> Option<Found> {
    let spell = spell(page, first)?;
    if is_rate(page, spell.to) {
        return Some(Found::nothing(spell.to));
    }
    super::relative::counted(page, &spell).or_else(|| Some(found(page, &spell)))
}

pub(super) fn found(page: &Page, spell: &Spell) -> Found {
    let precision = spell.loose.clone().map_or(Precision::Exact, Precision::Vague);
    let reading = Reading { value: Value::Duration(spell.length), precision };
    Found::one(page, Sort::Duration, spell.from, spell.to, reading)
}

/// `first` with its unit and the smaller units after it (`2 hours 30 minutes`).
pub(super) fn spell(page: &Page, first: &Quantity) -> Option<Spell> {
    let (mut to, unit, mut loose) = unit_after(page, first.to)?;
    if first.currency.is_some() || first.amount.is_sign_negative() {
        return None;
    }
    let mut length = length(first.amount, unit)?;
    let mut last = unit;
    for _ in 0..4 {
        let mut next = to;
        if page.is_any(next, &["and", "und", "et", "y"]) || page.sign(next) == Some(',') {
            next += 1;
        }
        let Some((part, after, smaller)) = smaller_part(page, next, last) else { break };
        length = Length {
            months: length.months.checked_add(part.months)?,
            days: length.days.checked_add(part.days)?,
            seconds: length.seconds.checked_add(part.seconds)?,
        };
        (to, last) = (after, smaller);
    }
    loose = first.loose.clone().or(loose);
    Some(Spell { from: first.from, to, length, unit, loose })
}

fn smaller_part(page: &Page, at: usize, last: Unit) -> Option<(Length, usize, Unit)> {
    let number = match page.digits(at) {
        Some(_) => literal(page, at, Grouping::Tight)?,
        None => in_words(page, at)?,
    };
    let part = (number.amount, number.to);
    let (to, unit) = match unit_after(page, part.1) {
        Some((to, unit, None)) => (to, unit),
        // After hours a lone `m` is minutes.
        _ if last == Unit::Hour && page.words(part.1) == "m" && page.glued(part.1) => (part.1 + 1, Unit::Minute),
        _ => return None,
    };
    (unit < last).then_some(())?;
    Some((length(part.0, unit)?, to, unit))
}

/// The unit of time after a number, the token behind it, and whether it counts working time.
fn unit_after(page: &Page, at: usize) -> Option<(usize, Unit, Option<String>)> {
    let mut next = at;
    if page.sign(next) == Some('-') && page.glued(next) && page.glued(next + 1) {
        next += 1;
    }
    let working = page.is_any(next, &["business", "working"]);
    if working || page.is_any(next, &["calendar", "full", "consecutive"]) {
        next += 1;
        if page.sign(next) == Some('-') {
            next += 1;
        }
    }
    let unit = page.means(next, |meaning| match meaning {
        Meaning::Unit(unit) => Some(unit),
        Meaning::Letter(unit) if page.glued(next) && page.words(next).chars().all(char::is_lowercase) => Some(unit),
        _ => None,
    })?;
    if page.glued(next + 1) && page.digits(next + 1).is_none() && !page.clean_end(next + 1) {
        return None;
    }
    Some((next + 1, unit, working.then(|| "working days, not calendar days".to_owned())))
}

fn length(amount: Decimal, unit: Unit) -> Option<Length> {
    let (months, seconds) = match unit {
        Unit::Year => (12, 0),
        Unit::Quarter => (3, 0),
        Unit::Month => (1, 0),
        Unit::Fortnight => (0, 14 * 86_400),
        Unit::Week => (0, 7 * 86_400),
        Unit::Day => (0, 86_400),
        Unit::Hour => (0, 3_600),
        Unit::Minute => (0, 60),
        Unit::Second => (0, 1),
    };
    if months > 0 {
        let months = amount.checked_mul(Decimal::from(months))?;
        return months.is_integer().then(|| Some(Length { months: months.to_i64()?, ..Length::default() })).flatten();
    }
    let seconds = amount.checked_mul(Decimal::from(seconds))?.to_i64()?;
    // Hours stay hours (`PT24H` and `P1D` are the same anyway).
    match unit {
        Unit::Hour | Unit::Minute | Unit::Second => Some(Length { seconds, ..Length::default() }),
        _ => Some(Length { days: seconds / 86_400, seconds: seconds % 86_400, ..Length::default() }),
    }
}

/// `a week`, `per seat and month` after a length make it a rate.
fn is_rate(page: &Page, at: usize) -> bool {
    let unit = |at: usize| page.meanings(at).iter().any(|meaning| matches!(meaning, Meaning::Unit(_)));
    (page.is_any(at, &["a", "per", "each", "every", "pro"]) && unit(at + 1))
        || (page.sign(at) == Some('/') && unit(at + 1))
}

/// Durations that begin with a word: `net 30`, `half a year`, `for a year`, `P24M`, `a couple of weeks`.
pub(super) fn opening(page: &Page, at: usize) -> Option<Found> {
    let spell = net(page, at).or_else(|| iso(page, at)).or_else(|| article(page, at))?;
    if is_rate(page, spell.to) {
        return Some(Found::nothing(spell.to));
    }
    super::relative::counted(page, &spell).or_else(|| Some(found(page, &spell)))
}

fn net(page: &Page, at: usize) -> Option<Spell> {
    if !page.is(at, "net") {
        return None;
    }
    let number = at + 1 + usize::from(page.sign(at + 1) == Some('-'));
    let days = page.small(number, 3)?;
    let unit = page.is_any(number + 1, &["days", "day"]);
    if !page.clean_end(number + 1) || (!unit && page.sign(number + 1) == Some('%')) {
        return None;
    }
    let length = Length { days, ..Length::default() };
    Some(Spell { from: at, to: number + 1 + usize::from(unit), length, unit: Unit::Day, loose: None })
}

/// `half a year`, `half an hour`, `a year` where a word before says it is a length.
pub(super) fn article(page: &Page, at: usize) -> Option<Spell> {
    let half = page.is(at, "half");
    let mut next = at + 1;
    if half && page.is_any(next, &["a", "an"]) {
        next += 1;
    }
    let a_half = !half && page.is(next, "half");
    next += usize::from(a_half);
    if page.sign(next) == Some('-') {
        next += 1;
    }
    if !half && !page.is_any(at, &["a", "an", "another"]) {
        return couple(page, at);
    }
    if page.is(next, "couple") {
        return couple(page, next).map(|spell| Spell { from: at, ..spell });
    }
    let (to, unit, loose) = unit_after(page, next)?;
    let stated =
        half || a_half || page.is_before(at, 1, &["for", "of", "takes", "took", "is", "term", "lasts", "in", ":"]);
    let counts_from = page.is_any(to, &["from", "ago"]);
    if !stated && !counts_from {
        return None;
    }
    let amount = if half || a_half { Decimal::new(5, 1) } else { Decimal::ONE };
    Some(Spell { from: at, to, length: length(amount, unit)?, unit, loose })
}

fn couple(page: &Page, at: usize) -> Option<Spell> {
    if !page.is(at, "couple") {
        return None;
    }
    let next = at + 1 + usize::from(page.is(at + 1, "of"));
    let (to, unit, _) = unit_after(page, next)?;
    let loose = Some("an approximation (a couple)".to_owned());
    Some(Spell { from: at, to, length: length(Decimal::TWO, unit)?, unit, loose })
}

/// ISO 8601: `P24M`, `P1Y6M`, `PT2H30M`.
fn iso(page: &Page, at: usize) -> Option<Spell> {
    if !page.clean_start(at) || !matches!(page.words(at), "P" | "PT") {
        return None;
    }
    let mut time = page.words(at) == "PT";
    let (mut next, mut total, mut largest) = (at + 1, Length::default(), None);
    while page.glued(next) && page.glued(next + 1) {
        let Some(amount) = page.small(next, 9) else { break };
        let letters = page.words(next + 1);
        let unit = match (letters.get(..1)?, time) {
            ("Y", false) => Unit::Year,
            ("M", false) => Unit::Month,
            ("W", false) => Unit::Week,
            ("D", false) => Unit::Day,
            ("H", true) => Unit::Hour,
            ("M", true) => Unit::Minute,
            ("S", true) => Unit::Second,
            _ => return None,
        };
        match letters.get(1..) {
            Some("") => {}
            Some("T") if !time => time = true,
            _ => return None,
        }
        let part = length(Decimal::from(amount), unit)?;
        total = Length {
            months: total.months + part.months,
            days: total.days + part.days,
            seconds: total.seconds + part.seconds,
        };
        largest = largest.or(Some(unit));
        next += 2;
    }
    let unit = largest?;
    page.clean_end(next).then_some(Spell { from: at, to: next, length: total, unit, loose: None })
}
