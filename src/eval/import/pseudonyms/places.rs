//! Streets and towns of postal addresses, by the words that streets are called
//! with in four languages and a house number beside them. A town or a code by
//! itself cannot be told from any other word.

use super::inventory::words;
use super::ordinary::is_no_name;

/// Stand behind the name of a street.
const BEHIND: [&str; 24] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "way",
    "court",
    "square",
    "quay",
    "close",
    "terrace",
    "crescent",
    "row",
    "parkway",
    "highway",
    "wharf",
    "gardens",
];
/// Stand before the name of a street.
const BEFORE: [&str; 13] = [
    "rue",
    "avenue",
    "boulevard",
    "quai",
    "chemin",
    "allée",
    "impasse",
    "calle",
    "avenida",
    "plaza",
    "paseo",
    "camino",
    "carrer",
];
/// End the name of a street.
const ENDS: [&str; 10] = ["straße", "strasse", "str", "gasse", "allee", "weg", "platz", "ring", "damm", "ufer"];
/// Words of an address that name nothing.
const PARTS: [&str; 22] = [
    "unit",
    "suite",
    "floor",
    "level",
    "building",
    "block",
    "apartment",
    "apt",
    "dock",
    "gate",
    "bay",
    "door",
    "house",
    "estate",
    "park",
    "box",
    "po",
    "attn",
    "united",
    "states",
    "kingdom",
    "industrial",
];

/// The names of the streets in a text that have a house number.
pub(super) fn streets(text: &str) -> Vec<String> {
    let all = words(text);
    let mut found = Vec::new();
    for (at, (start, word)) in all.iter().enumerate() {
        let folded = word.to_lowercase();
        if BEHIND.contains(&folded.as_str()) && is_capital(word) {
            found.extend(before(text, &all, at));
        }
        if BEFORE.contains(&folded.as_str()) && ends_with_number(text[..*start].trim_end_matches([',', ' '])) {
            found.extend(behind(text, &all, at));
        }
        let end = start + word.len();
        let has_number = text[end..].trim_start_matches(['.', ' ']).starts_with(|c: char| c.is_ascii_digit());
        let is_street = ENDS.iter().any(|ending| folded.len() > ending.len() + 2 && folded.ends_with(ending));
        if is_street && is_capital(word) && has_number {
            found.push((*word).to_owned());
        }
    }
    found
}

/// The capitalised words of an address that name a street or a town.
pub(super) fn words_of(address: &str) -> Vec<String> {
    let is_name = |word: &&str| {
        let folded = word.to_lowercase();
        let is_part = [&BEHIND[..], &BEFORE[..], &PARTS[..]].iter().any(|list| list.contains(&folded.as_str()));
        word.chars().count() >= 3
            && is_capital(word)
            && word.chars().skip(1).all(char::is_lowercase)
            && !is_part
            && !is_no_name(&folded)
    };
    words(address).into_iter().map(|(_, word)| word).filter(is_name).map(str::to_owned).collect()
}

/// Whether streets and parts of addresses are called so.
pub(super) fn is_street_word(word: &str) -> bool {
    BEHIND.contains(&word) || BEFORE.contains(&word) || PARTS.contains(&word)
}

/// Up to three capitalised words between a number and the word at `at`.
fn before(text: &str, all: &[(usize, &str)], at: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut from = at;
    while from > 0 && names.len() < 3 {
        let (start, word) = all[from - 1];
        if text.get(start + word.len()..all[from].0) != Some(" ") || !is_capital(word) {
            break;
        }
        names.push(word.to_owned());
        from -= 1;
    }
    let is_address = !names.is_empty() && ends_with_number(text[..all[from].0].trim_end_matches(' '));
    if is_address { names } else { Vec::new() }
}

/// Up to three capitalised words behind the word at `at`, small ones between them left out.
fn behind(text: &str, all: &[(usize, &str)], at: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (place, (start, word)) in all.iter().enumerate().skip(at + 1).take(5) {
        let (last, before) = all[place - 1];
        if !matches!(text.get(last + before.len()..*start), Some(" " | "'" | "’" | "-")) {
            break;
        }
        if is_capital(word) {
            names.push((*word).to_owned());
        }
    }
    names
}

fn is_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase())
}

fn ends_with_number(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_have_a_number() {
        let check = |text: &str, expected: &[&str]| assert_eq!(streets(text), expected, "{text}");
        check("Deliver to Unit 12, 9 Linseed Road, Marlow Fen", &["Linseed"]);
        check("12b Old Mill Lane", &["Mill", "Old"]);
        check("The Road to go-live, on 3 May Way", &["May"]);
        check("Lindenstraße 14, 80331 München", &["Lindenstraße"]);
        check("14, rue de la Fontaine", &["Fontaine"]);
        check("we are on the Road", &[]);
        check("the Street View", &[]);
    }
}
