//! Dates in digits: `2026-07-01`, `07/01/2026`, `01.07.2026`, `2026-Q3`, and
//! bare years. Which part is the day is told by the sign between them or by
//! their size; where neither tells, both meanings stand.

use jiff::civil::Date;

use super::calendar::possible;
use super::date::{Phrase, Stated, weekday, year_at};
use super::lexicon::Meaning;
use super::tokens::Page;

/// `2026-07-01`, `07/01/2026`, `01.07.2026`, `2026-07`, `2026-Q3`.
pub(super) fn numeric(page: &Page, at: usize) -> Option<Phrase> {
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
    let third =
        page.digits(at + 4).filter(|_| page.sign(at + 3) == Some(sign) && page.glued(at + 3) && page.glued(at + 4));
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
    let ends =
        iso_time || (page.clean_end(to) && !(page.glued(to) && page.sign(to) == Some('-') && page.is_word(to + 1)));
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
    let placed =
        page.is_before(at, 1, &["on", "by", "until", "from", "before", "starting", "effective", "since", "due"]);
    let placed = placed || at.checked_sub(1).is_some_and(|before| weekday(page, before).is_some());
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
        "and", "or", "to", "but", "we", "with", "the", "they", "as", "if", "when", "so", "it", "is", "at", "budget",
        "because",
    ];
    let ends = !page.is_word(to) || page.is_any(to, &function);
    (placed && ends && (1990..2100).contains(&year) && page.clean_end(to)).then_some(Phrase {
        from: at,
        to,
        stated: Stated::Year(year),
    })
}
