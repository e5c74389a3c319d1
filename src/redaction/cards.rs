//! Payment card numbers: the first digits of a known issuer, a length that it
//! uses, and a check digit that is right by Luhn.

use super::finding::Stretch;
use super::letters::{Letters, is_dash};

const MOST_DIGITS: usize = 19;
/// Every group but the last has so many digits at least.
const LEAST_GROUP: usize = 3;

pub(super) fn find(letters: &Letters) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let begins = letters.is_digit(at) && !letters.is_digit(at.wrapping_sub(1)) && !is_fraction(letters, at);
        match begins.then(|| card_at(letters, at)).flatten() {
            Some((to, value)) => {
                found.push((at, to, value));
                at = to;
            }
            None => at += 1,
        }
    }
    found
}

/// `0.4111…` is a share, not a card.
fn is_fraction(letters: &Letters, at: usize) -> bool {
    matches!(letters.before(at), '.' | ',') && at >= 2 && letters.is_digit(at - 2)
}

fn card_at(letters: &Letters, from: usize) -> Option<(usize, String)> {
    let mut digits: Vec<u8> = Vec::with_capacity(MOST_DIGITS);
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut separator = None;
    let mut at = from;
    loop {
        let begin = at;
        while let Some(digit) = letters.digit(at).filter(|_| digits.len() < MOST_DIGITS) {
            digits.push(digit);
            at += 1;
        }
        // A group that goes on beyond the longest card is no part of one.
        if letters.is_digit(at) || at == begin {
            break;
        }
        ends.push((digits.len(), at));
        let next = letters.at(at);
        let parts = next == ' ' || next == '\n' || next == '.' || is_dash(next);
        let fits = next == '\n' || separator.is_none_or(|one| one == next);
        if at - begin < LEAST_GROUP || !parts || !fits {
            break;
        }
        separator = if next == '\n' { separator.or(Some(' ')) } else { Some(next) };
        at += 1;
    }
    let usual = lengths(&digits);
    let fits = |length: &usize| ends.iter().find(|(count, _)| count == length).copied();
    let (count, to) = usual.iter().filter_map(fits).find(|(count, _)| is_right(&digits[..*count]))?;
    // An amount with cents behind it.
    let goes_on = matches!(letters.at(to), '.' | ',') && letters.is_digit(to + 1);
    (!goes_on).then(|| (to, digits[..count].iter().map(|digit| char::from(b'0' + digit)).collect()))
}

/// The lengths that the issuer of these first digits uses, the usual one first.
fn lengths(digits: &[u8]) -> &'static [usize] {
    let head = |count: usize| digits.iter().take(count).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    if digits.len() < 12 {
        return &[];
    }
    match (head(4), head(3), head(2)) {
        // Thirteen digits were given out long ago, and are what mobile numbers of Germany have.
        (4000..=4999, ..) => &[16, 19],
        (2200..=2204 | 2221..=2720, ..) | (.., 51..=55) => &[16],
        (.., 34 | 37) => &[15],
        (3528..=3589, ..) => &[16, 19],
        (_, 300..=305, _) | (.., 36 | 38 | 39) => &[14, 16],
        (6304 | 6759 | 6761..=6763 | 5018 | 5020 | 5038 | 5893, ..) => &[16, 13, 18, 19, 12, 14, 15, 17],
        (.., 60 | 64 | 65 | 81) => &[16, 19],
        (.., 62) => &[16, 19, 17, 18],
        _ => &[],
    }
}

fn is_right(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use crate::redaction::find;
    use crate::route::Withheld;

    fn check(text: &str, expected: &[&str]) {
        let found = find(text, &[Withheld::Card]);
        assert_eq!(found.iter().map(|one| &text[one.start..one.end]).collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn cards_are_found_in_every_spelling() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "3782 822463 10005",
            "378282246310005",
            "5555 5555 5555 4444",
            "2223003122003222",
            "6011-1111-1111-1117",
            "3056 930902 5904",
            "4111–1111–1111–1111",
            "4111 1111 1111\n> 1111",
        ] {
            check(text, &[text]);
            check(&format!("Card {text} 12/29, cvc 123."), &[text]);
        }
        check("1234 4111 1111 1111 1111 123", &["4111 1111 1111 1111"]);
    }

    #[test]
    fn other_numbers_are_no_cards() {
        for text in [
            "4111111111111112",
            "41111111111111111111",
            "0.4111111111111111",
            "1709542800000",
            "4222222222222",
            "4111 1111-1111 1111",
            "9111111111111111",
            "2024 1500 3000 4200",
            "411",
        ] {
            check(text, &[]);
        }
    }
}
