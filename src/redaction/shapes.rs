//! Telephone numbers of countries that dial no zero, by their groups: those of
//! Denmark, Norway, Spain, Poland and Portugal. Groups that amounts have too
//! count only in a line that names an address besides.

use super::letters::{Letters, NOTHING};
use super::numbers::{Room, Written, read};

/// Digits of the longest of them, and one more, so that longer rows are seen as such.
const MOST: usize = 10;
/// So many letters to either side are looked at for an address.
const AROUND: usize = 80;

/// A number in the groups of these countries, with nothing but spaces between.
pub(super) fn grouped(letters: &Letters, at: usize) -> Option<Written> {
    if !letters.is_digit(at) || is_in_row(letters, at) {
        return None;
    }
    let written = read(letters, at, Room { most: MOST, least: 0 });
    let is_plain = (at..written.end).all(|place| letters.is_digit(place) || letters.at(place) == ' ');
    let first = *written.digits.first()?;
    let second = written.digits.get(1).copied().unwrap_or_default();
    let is_number = match written.groups.as_slice() {
        // Denmark and Norway; sizes are written so too, one like the step before.
        [2, 2, 2, 2] => first >= 2 && !has_even_steps(&written.digits),
        // Norway: mobile numbers.
        [3, 2, 3] => matches!(first, 4 | 8 | 9),
        // Spain.
        [3, 2, 2, 2] => first >= 6,
        // Spain and Poland, with the area before.
        [2, 3, 2, 2] => first >= 1,
        // Portugal: Lisbon and Porto.
        [2, 3, 4] => first == 2 && matches!(second, 1 | 2),
        // As amounts are grouped, too, and serial numbers.
        [3, 3, 3] => first >= 2 && stands_beside_address(letters, at),
        [4, 4] => first >= 2 && stands_beside_address(letters, at),
        _ => false,
    };
    (is_number && is_plain && !is_followed(letters, written.end)).then_some(written)
}

/// More digits before: it is the middle of a row.
fn is_in_row(letters: &Letters, at: usize) -> bool {
    letters.before(at) == ' ' && letters.before(at.saturating_sub(1)).is_ascii_digit()
}

/// More digits behind: the row goes on.
fn is_followed(letters: &Letters, end: usize) -> bool {
    letters.at(end) == ' ' && letters.is_digit(end + 1)
}

/// `36 38 40 42`: pairs with the same step between them.
fn has_even_steps(digits: &[u8]) -> bool {
    let pairs: Vec<i16> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, digit| sum * 10 + i16::from(*digit))).collect();
    let steps: Vec<i16> = pairs.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).collect();
    steps.windows(2).all(|pair| pair.first() == pair.get(1))
}

/// Whether the number is a part of its own in a line that holds a mail address: as people sign.
fn stands_beside_address(letters: &Letters, at: usize) -> bool {
    let mut begin = at;
    while letters.before(begin) == ' ' {
        begin -= 1;
    }
    let is_part = matches!(letters.before(begin), '\n' | '|' | '·' | '•' | ',' | ';' | '/' | '-' | '–' | NOTHING);
    // An address that was found before is taken out, and leaves nothing.
    let is_address = |place: usize| letters.all().get(place).is_some_and(|letter| matches!(*letter, '@' | NOTHING));
    let in_line = |place: &usize| letters.at(*place) != '\n';
    let least = at.saturating_sub(AROUND);
    is_part
        && ((least..at).rev().take_while(in_line).any(is_address)
            || (at..at + AROUND).take_while(in_line).any(is_address))
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
    fn groups_of_a_country_are_its_numbers() {
        for text in
            ["20 12 34 57", "912 34 567", "22 12 34 56", "612 34 56 78", "91 123 45 67", "22 123 45 67", "21 123 4567"]
        {
            check(text, &[text]);
            check(&format!("We are at {text}, or by mail."), &[text]);
            check(&format!("Dana\n{text}\nNorthwind"), &[text]);
            check(&format!("order {text}"), &[]);
            check(&format!("{text} EUR"), &[]);
            check(&format!("12 {text}"), &[]);
            check(&format!("{text} 12"), &[]);
        }
        check("sizes 36 38 40 42", &[]);
        check("rows 10 20 30 40", &[]);
        check("20.12.34.57", &[]);
        check("20-12-34-57", &[]);
    }

    #[test]
    fn groups_of_amounts_are_numbers_beside_an_address() {
        for text in ["601 234 567", "912 345 678", "2012 3457"] {
            check(&format!("Dana | {text} | dana@northwind.example"), &[text]);
            check(&format!("dana@northwind.example, {text}"), &[text]);
            check(&format!("Dana | {text} | Northwind"), &[]);
            check(&format!("dana@northwind.example pays {text}"), &[]);
            check(&format!("dana@northwind.example\n{text}"), &[]);
            check(&format!("dana@northwind.example, {text} EUR"), &[]);
            check(text, &[]);
            // The same when the address is withheld too.
            let signed = format!("Dana | {text} | dana@northwind.example");
            assert_eq!(find(&signed, &Withheld::ALL).len(), 2, "{signed}");
        }
    }
}
