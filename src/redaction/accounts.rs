//! Bank account numbers (IBAN): two letters of a country, its length, and
//! check digits that are right by ISO 7064 (mod 97).

use super::finding::Stretch;
use super::letters::{Letters, is_dash};

/// Countries with the length of their numbers, as the registry of ISO 13616 has them.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// Signs between two letters of one number: `DE89 3704`, and once more at the end of a line.
const MOST_BETWEEN: usize = 2;

pub(super) fn find(letters: &Letters) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 4 < letters.len() {
        match account_at(letters, at) {
            Some((to, value)) => {
                found.push((at, to, value));
                at = to;
            }
            None => at += 1,
        }
    }
    found
}

fn account_at(letters: &Letters, from: usize) -> Option<(usize, String)> {
    let is_letter = |at: usize| letters.at(at).is_ascii_alphabetic();
    if !is_letter(from) || !is_letter(from + 1) {
        return None;
    }
    // `IBANDE89…` is written too.
    let follows_word = letters.before(from).is_alphanumeric();
    if follows_word && !(from >= 4 && letters.starts_with(from - 4, "IBAN")) {
        return None;
    }
    let is_small = letters.at(from).is_ascii_lowercase();
    let country = letters.words(from, from + 2).to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(name, _)| *name == country)?;
    let mut value = String::with_capacity(*length);
    let mut at = from;
    while value.len() < *length {
        let c = letters.at(at);
        if !c.is_ascii_alphanumeric() || matches!(value.len(), 2 | 3) && !c.is_ascii_digit() {
            return None;
        }
        // Words behind a shorter number are no part of it.
        if c.is_ascii_alphabetic() && c.is_ascii_lowercase() != is_small {
            return None;
        }
        value.push(c.to_ascii_uppercase());
        at += 1;
        if value.len() == *length {
            break;
        }
        let rest = letters.run(at, MOST_BETWEEN, |c| matches!(c, ' ' | '\n' | '.') || is_dash(c));
        at = if letters.at(rest).is_ascii_alphanumeric() { rest } else { at };
    }
    (!letters.is_digit(at) && is_right(&value)).then_some((at, value))
}

/// The number with its first four letters behind, as a number of base 36, leaves one.
fn is_right(value: &str) -> bool {
    let Some((head, tail)) = value.split_at_checked(4) else { return false };
    let rest = tail.chars().chain(head.chars()).try_fold(0_u32, |rest, c| {
        let digit = c.to_digit(36)?;
        Some(if digit < 10 { rest * 10 + digit } else { rest * 100 + digit } % 97)
    });
    rest == Some(1)
}

#[cfg(test)]
mod tests {
    use crate::redaction::find;
    use crate::route::Withheld;

    fn check(text: &str, expected: &[&str]) {
        let found = find(text, &[Withheld::Iban]);
        assert_eq!(found.iter().map(|one| &text[one.start..one.end]).collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn accounts_are_found_in_every_spelling() {
        for text in [
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 00",
            "de89 3704 0044 0532 0130 00",
            "DE89-3704-0044-0532-0130-00",
            "GB82 WEST 1234 5698 7654 32",
            "FR14 2004 1010 0505 0001 3M02 606",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00",
            "DE89 3704 0044\n> 0532 0130 00",
        ] {
            check(text, &[text]);
            check(&format!("IBAN: {text}, BIC COBADEFF"), &[text]);
        }
        check("IBANDE89370400440532013000", &["DE89370400440532013000"]);
    }

    #[test]
    fn other_numbers_are_no_accounts() {
        for text in [
            "DE88370400440532013000",
            "DE893704004405320130001",
            "XX89370400440532013000",
            "ORDER89370400440532013000",
            "DE89",
            "AT61 1904",
        ] {
            check(text, &[]);
        }
    }
}
