//! Days written in digits, which look like the groups of a telephone number
//! and are none.

use super::letters::{Letters, is_dash};

/// The end of a day that begins here: `31.12.2026`, `2026-12-31`, `12/31/26`, `20261231`.
pub(super) fn date_at(letters: &Letters, from: usize) -> Option<usize> {
    if letters.is_digit(from.wrapping_sub(1)) {
        return None;
    }
    compact(letters, from).or_else(|| parted(letters, from))
}

fn number(letters: &Letters, from: usize, most: usize) -> (u32, usize) {
    let to = letters.run(from, most, |c| c.is_ascii_digit());
    ((from..to).filter_map(|at| letters.digit(at)).fold(0, |sum, digit| sum * 10 + u32::from(digit)), to)
}

fn compact(letters: &Letters, from: usize) -> Option<usize> {
    let (value, to) = number(letters, from, 9);
    let is_day = to - from == 8 && is_year(value / 10_000) && is_month_day(value / 100 % 100, value % 100);
    is_day.then_some(to)
}

fn parted(letters: &Letters, from: usize) -> Option<usize> {
    let mut parts = [(0_u32, 0_usize); 3];
    let mut separator = None;
    let mut at = from;
    for (place, part) in parts.iter_mut().enumerate() {
        let (value, to) = number(letters, at, 5);
        *part = (value, to - at);
        at = to;
        if place == 2 {
            break;
        }
        let sign = letters.at(at);
        if !(matches!(sign, '.' | '/') || is_dash(sign)) || separator.is_some_and(|other| other != sign) {
            return None;
        }
        separator = Some(sign);
        // `31. 12. 2026`.
        at = letters.run(at + 1, usize::from(sign == '.'), |c| c == ' ');
    }
    // A fourth group makes it something else, as in `01.02.03.04.05`.
    if letters.is_digit(at) || separator == Some(letters.at(at)) && letters.is_digit(at + 1) {
        return None;
    }
    let [(first, one), (second, two), (third, three)] = parts;
    let short = |size: usize| (1..=2).contains(&size);
    let is_day = match (one, three) {
        (4, _) => is_year(first) && short(two) && short(three) && is_month_day(second, third),
        (_, 4) => short(one) && short(two) && is_year(third) && is_either(first, second),
        (_, 2) => short(one) && short(two) && is_either(first, second),
        _ => false,
    };
    is_day.then_some(at)
}

fn is_year(year: u32) -> bool {
    (1900..2100).contains(&year)
}

fn is_month_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn is_either(one: u32, other: u32) -> bool {
    is_month_day(one, other) || is_month_day(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_from_other_groups() {
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(date_at(&Letters::new(text), 0), expected, "{text:?}");
        };
        check("31.12.2026", Some(10));
        check("1. 2. 2026 um", Some(10));
        check("2026-12-31T10", Some(10));
        check("12/31/26", Some(8));
        check("20261231", Some(8));
        check("01.02.03.04.05", None);
        check("01.02.2026.", Some(10));
        check("31-31-2026", None);
        check("030/1234567", None);
        check("31.12-2026", None);
        check("01 02 2026", None);
        check("", None);
    }
}
