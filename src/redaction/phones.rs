//! Telephone numbers: with a country's code wherever they stand; without one in
//! the shapes of the countries that write them with a zero, in the groups of
//! North America or in others that are a country's own; in any shape where the
//! words before say so.

use super::dates::date_at;
use super::finding::Stretch;
use super::letters::{Letters, NOTHING, is_dash};
use super::numbers::{Room, Written, begins_extension, read};
use super::shapes::grouped;
use super::words::{Said, said_before};

/// Digits of the longest number, with its country's code.
const MOST_DIGITS: usize = 15;
/// Digits of the shortest with a country's code.
const LEAST_ABROAD: usize = 7;
/// Digits of a number that begins with a zero.
const LEAST_HOME: usize = 9;
const MOST_HOME: usize = 12;
/// And of one that is only known by the words before it.
const LEAST_ANNOUNCED: usize = 6;

pub(super) fn find(letters: &Letters) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let c = letters.at(at);
        let may_begin = c == '+' || c == '(' || c.is_ascii_digit() && !letters.is_digit(at.wrapping_sub(1));
        if !may_begin {
            at += 1;
        } else if let Some((end, value)) = number_at(letters, at) {
            found.push((at, end, value));
            at = end.max(at + 1);
        } else {
            // The groups of a day are no beginnings either.
            at = date_at(letters, at).unwrap_or(at + 1);
        }
    }
    found
}

fn number_at(letters: &Letters, at: usize) -> Option<(usize, String)> {
    if let Some(found) = abroad(letters, at) {
        return Some(found);
    }
    if letters.at(at) == '+' || date_at(letters, at).is_some() || !stands_free(letters, at) {
        return None;
    }
    let said = said_before(letters, at);
    let fits = |written: Written| {
        let is_whole = written.end > at && !goes_on(letters, &written);
        is_whole.then(|| (written.end, written.text()))
    };
    match said {
        Said::Other => None,
        Said::Telephone => american(letters, at).or_else(|| announced(letters, at)).and_then(fits),
        Said::Nothing => {
            let home = || home(letters, at).or_else(|| bracketed(letters, at)).or_else(|| grouped(letters, at));
            american(letters, at).or_else(home).and_then(fits)
        }
    }
}

/// `+49 30 …`, `0049 30 …`, `(+49) 30 …`: with the code of a country.
fn abroad(letters: &Letters, at: usize) -> Option<(usize, String)> {
    let plus = at + usize::from(letters.at(at) == '(');
    let is_plus = letters.at(plus) == '+';
    let begin = match is_plus {
        true => letters.run(plus + 1, 2, |c| matches!(c, ' ' | '(')),
        false if plus == at && letters.starts_with(at, "00") && stands_free(letters, at) => {
            letters.run(at + 2, 1, |c| c == ' ' || is_dash(c))
        }
        false => return None,
    };
    if !letters.is_digit(begin) {
        return None;
    }
    let head: Vec<u8> =
        (begin..begin + 5).filter(|place| letters.at(*place) != ')').map_while(|place| letters.digit(place)).collect();
    let code = code_length(&head)?;
    let most = code + most_behind(&head[..code.min(head.len())]);
    // A bracket around the code closes behind it.
    let closing = begin + code;
    let is_bracketed = letters.at(closing) == ')' && (begin > at + 1 || letters.before(at) == '(');
    // Of `(+49 30 …)` the number alone.
    if plus > at && !is_bracketed {
        return None;
    }
    let from = if is_bracketed { closing + 1 } else { begin };
    let mut written = if from == begin {
        read(letters, begin, Room { most, least: LEAST_ABROAD })
    } else {
        let rest = letters.run(from, 2, |c| c == ' ' || is_dash(c) || c == '/');
        let mut written = read(letters, rest, Room { most: most - code, least: LEAST_ABROAD });
        written.digits.splice(0..0, head[..code.min(head.len())].iter().copied());
        written.groups.insert(0, code);
        written
    };
    // `+49 0 30 …` has a zero too many, and is dialled without it.
    if written.digits.get(code) == Some(&0) && written.count() > LEAST_ABROAD && code > 1 {
        written.digits.remove(code);
    }
    let count = written.count();
    let is_rounded = written.is_grouped_by_thousands() && written.digits.ends_with(&[0, 0, 0]);
    let is_north_american = head.first() != Some(&1) || count == 11;
    // Ids are filled up with zeros too, so that bare digits behind `00` must have a usual length.
    let is_usual = is_plus || written.groups.len() > 1 && count >= 8 || (10..=13).contains(&count);
    let said = if is_plus { Said::Nothing } else { said_before(letters, at) };
    let fits = (LEAST_ABROAD..=MOST_DIGITS).contains(&count) && !is_rounded && is_north_american && is_usual;
    (fits && said != Said::Other).then(|| (written.end, format!("+{}", written.text())))
}

/// `(415) 555-0132`, `1-415-555-0132`: the groups of North America.
fn american(letters: &Letters, at: usize) -> Option<Written> {
    let from =
        if letters.at(at) == '1' { letters.run(at + 1, 1, |c| matches!(c, ' ' | '.') || is_dash(c)) } else { at };
    if letters.at(at) == '1' && from == at + 1 && letters.at(from) != '(' {
        return None;
    }
    let mut written = read(letters, from, Room { most: 10, least: 0 });
    let begins = |place: usize| written.digits.get(place).is_some_and(|digit| *digit >= 2);
    let fits = written.groups == [3, 3, 4] && begins(0) && begins(3);
    if from > at {
        written.digits.insert(0, 1);
    }
    fits.then_some(written)
}

/// `030 1234567`, `01 23 45 67 89`, `(0161) 496 0000`: with the zero that is dialled within a country.
fn home(letters: &Letters, at: usize) -> Option<Written> {
    let first = at + usize::from(letters.at(at) == '(');
    if letters.digit(first) != Some(0) || letters.digit(first + 1).is_none_or(|digit| digit == 0) {
        return None;
    }
    let written = read(letters, at, Room { most: MOST_HOME, least: 0 });
    let least = match written.groups.len() {
        1 => LEAST_HOME + 1,
        // `030/12345`: nothing else is written so.
        _ if written.groups.first().is_some_and(|group| slash_behind(letters, first, *group)) => LEAST_HOME - 1,
        _ => LEAST_HOME,
    };
    let is_single = written.groups.iter().filter(|size| **size == 1).count() > 2;
    ((least..=MOST_HOME).contains(&written.count()) && !is_single).then_some(written)
}

/// `(11) 96125-9292`: an area in brackets and a number of usual length behind it.
fn bracketed(letters: &Letters, at: usize) -> Option<Written> {
    if letters.at(at) != '(' {
        return None;
    }
    let written = read(letters, at, Room { most: MOST_HOME, least: 0 });
    let [area, rest @ ..] = written.groups.as_slice() else { return None };
    let closes = letters.at(at + 1 + area) == ')';
    let groups = !rest.is_empty() && rest.iter().any(|size| *size != 3) && rest.iter().all(|size| *size >= 2);
    let fits = (2..=5).contains(area) && closes && groups && (LEAST_HOME..=MOST_HOME).contains(&written.count());
    fits.then_some(written)
}

fn slash_behind(letters: &Letters, first: usize, group: usize) -> bool {
    let at = letters.run(first + group, 2, |c| matches!(c, ' ' | ')'));
    letters.at(at) == '/'
}

/// Any shape, where the words before announce a number.
fn announced(letters: &Letters, at: usize) -> Option<Written> {
    let begins_with_zero = letters.digit(at + usize::from(letters.at(at) == '(')) == Some(0);
    let most = if begins_with_zero { MOST_HOME } else { MOST_DIGITS };
    let written = read(letters, at, Room { most, least: 0 });
    let is_amount = !begins_with_zero && written.is_grouped_by_thousands() && written.count() < LEAST_HOME;
    ((LEAST_ANNOUNCED..=MOST_DIGITS).contains(&written.count()) && !is_amount).then_some(written)
}

/// A number without a country's code is no part of a longer word, id or path.
fn stands_free(letters: &Letters, at: usize) -> bool {
    let before = letters.before(at);
    let further = letters.before(at.saturating_sub(1));
    let joins = is_dash(before) || matches!(before, '/' | '.' | ',' | ':' | '_' | '=');
    if before == NOTHING {
        return true;
    }
    let is_colon = matches!(before, ':' | '=' | '.' | ',');
    // `Tel.030 …` and `tel:030…` are written, `12:030` and `1.030` are something else.
    let joined = joins && further.is_alphanumeric() && !(is_colon && further.is_alphabetic());
    let is_link = before == '/' && letters.starts_with(at.saturating_sub(6), "wa.me/");
    !before.is_alphanumeric() && !matches!(before, '_' | '$' | '€' | '£') && (!joined || is_link)
}

/// Whether something behind makes it another thing: a letter, a share, a currency, more digits.
fn goes_on(letters: &Letters, written: &Written) -> bool {
    let end = written.end;
    let next = letters.at(end);
    let is_unit = |at: usize| {
        matches!(letters.at(at), '€' | '$' | '£' | '%')
            || ["EUR", "USD", "GBP", "CHF", "kg", "km"]
                .iter()
                .any(|unit| letters.starts_with(at, unit) && !letters.at(at + unit.len()).is_alphanumeric())
    };
    let goes = next.is_alphanumeric() && !begins_extension(letters, end)
        || matches!(next, '_' | '@' | '%')
        || matches!(next, ',' | ':') && letters.is_digit(end + 1)
        || matches!(next, '-' | '/') && letters.at(end + 1).is_alphabetic();
    goes || is_unit(end) || next == ' ' && is_unit(end + 1)
}

/// How many digits the code of a country has at the head of a number; `None` where no code begins so.
fn code_length(digits: &[u8]) -> Option<usize> {
    let head = |count: usize| digits.iter().take(count).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    match (digits.first()?, head(2), head(3)) {
        (1 | 7, ..) => Some(1),
        (_, 20 | 27 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98, _) => {
            Some(2)
        }
        (.., 210..=269 | 290..=299 | 350..=389 | 420..=429 | 500..=509 | 590..=599 | 670..=699 | 800..=808) => Some(3),
        (.., 850..=859 | 870..=888 | 960..=979 | 990..=999) => Some(3),
        _ => None,
    }
}

/// Digits behind the code where a country's numbers have a known most; what stands behind is something else.
fn most_behind(code: &[u8]) -> usize {
    match code {
        [1] | [7] | [4, 4] | [9, 1] | [5, 2] => 10,
        [3, 3] | [3, 4] | [4, 1] | [4, 6] | [3, 2] | [6, 1] | [3, 1] | [4, 8] | [3, 5, 1] | [3, 5, 3] => 9,
        [4, 5] | [4, 7] | [6, 5] | [8, 5, 2] => 8,
        // A zero too many among them.
        [4, 9] | [4, 3] | [3, 9] | [5, 5] | [8, 6] => 12,
        _ => MOST_DIGITS - code.len(),
    }
}

#[cfg(test)]
mod tests {
    use crate::redaction::find;
    use crate::route::Withheld;

    fn check(text: &str, expected: &[&str]) {
        let found = find(text, &[Withheld::Phone]);
        assert_eq!(found.iter().map(|one| &text[one.start..one.end]).collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn numbers_are_found_in_the_shapes_of_their_countries() {
        for text in [
            "+49 30 1234567",
            "+49 (0)30 1234567",
            "+49 (0) 170 1234567",
            "+49-30-1234567",
            "+49.30.1234567",
            "+49301234567",
            "0049 30 1234567",
            "00493012345678",
            "(+49) 30 1234567",
            "+49 (30) 1234567",
            "+49 30/1234567",
            "+49 170 12 34 567",
            "030 1234567",
            "030/1234567",
            "030 / 123 45 67",
            "(030) 1234567",
            "0170-1234567",
            "01701234567",
            "030-123456-78",
            "+44 20 7946 0958",
            "+44 (0)20 7946 0958",
            "020 7946 0958",
            "(020) 7946 0958",
            "0161 496 0000",
            "07700 900123",
            "07700900123",
            "+447700900123",
            "01632 960 001",
            "+33 1 23 45 67 89",
            "+33 (0)1 23 45 67 89",
            "01 23 45 67 89",
            "01.23.45.67.89",
            "06-12-34-56-78",
            "0612345678",
            "(415) 555-0132",
            "415-555-0132",
            "415.555.0132",
            "415 555 0132",
            "1-415-555-0132",
            "+1 415 555 0132",
            "+1 (415) 555-0132",
            "+1-415-555-0132",
            "+14155550132",
            "1 (415) 555-0132",
            "(415)555-0132",
            "+41 44 668 18 00",
            "044 668 18 00",
            "+351 21 123 4567",
            "+971 4 123 4567",
            "+49\u{a0}30\u{a0}1234567",
            "+49 30\n1234567",
            "(11) 96125-9292",
        ] {
            check(text, &[text]);
            check(&format!("We are at {text}, or by mail."), &[text]);
            check(&format!("Dana\n{text}\nNorthwind"), &[text]);
        }
        check("+44 20 7946 0958 2 items, 01 23 45 67 89 12 parts", &["+44 20 7946 0958", "01 23 45 67 89"]);
        check("030 1234567 14:30, 030 7654321 on 01.02.2026", &["030 1234567", "030 7654321"]);
        check("+49 30 1234567/+49 30 7654321", &["+49 30 1234567", "+49 30 7654321"]);
    }

    #[test]
    fn words_announce_numbers_of_any_shape() {
        for text in ["4155550132", "555-0132", "61234 5678", "491701234567", "123456"] {
            check(&format!("call me at {text} please"), &[text]);
            check(&format!("Tel.: {text}"), &[text]);
            check(&format!("we have {text} of them"), &[]);
        }
        check("https://wa.me/491701234567", &["491701234567"]);
        check("415-555-0132 ext. 12, 415-555-0132x12", &["415-555-0132", "415-555-0132"]);
    }

    #[test]
    fn other_numbers_are_no_telephone_numbers() {
        for text in [
            "order 0612345678",
            "Bestellnummer 030 1234567",
            "ticket #4155550132",
            "INV-0301234567",
            "PO 4500012345",
            "4500012345",
            "2026-12-31",
            "31.12.2026 14:30",
            "01.02.2026 1400",
            "1.234.567,89 EUR",
            "USD 250 000",
            "+1 000 000",
            "+15.000.000",
            "0.123456789",
            "192.168.10.25",
            "10.20.30.4000",
            "v2.10.1.3456",
            "INC0012345",
            "0012345678",
            "000123456789",
            "C++ 11",
            "+20 %",
            "09:30 - 10:15",
            "2026-12-31T10:15:30",
            "https://x.example/0612345678/a",
            "call on 31.12.2026",
            "call 250 000",
            "0612345678abc",
            "1709542800000",
            "12 345 678",
            "3.5 + 4.25",
            "+5",
            "(0)",
            "(10) 250 000 000",
            "(2026) 12 34 5",
            "030 123 120x80",
        ] {
            check(text, &[]);
        }
    }
}
