//! Whether the prose of a brief tells a fact. Lexical and thus blind to
//! meaning: a fact is told when one sentence holds all its figures and most of
//! its words that carry meaning, in any form and order.

use super::equality::words;

/// The share of a fact's words that must stand in one sentence.
const MOST_OF_IT: f64 = 0.66;

/// Words that say nothing by themselves.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "the", "a", "an", "is", "are", "was", "were", "be", "been", "to", "of", "for", "in", "on", "at", "by", "and", "or",
    "it", "its", "that", "this", "with", "from", "will", "has", "have", "had", "as", "they", "their", "them", "we", "our",
    "us", "i", "you", "your", "he", "she", "his", "her", "who", "which", "there", "then", "than", "so", "do", "does", "did",
    "ll", "ve", "re", "s", "t",
];

/// Whether one of the sentences tells the fact.
pub(super) fn is_told(fact: &str, sentences: &[&str]) -> bool {
    let wanted = stems(fact);
    let (figures, meant): (Vec<&String>, Vec<&String>) =
        wanted.iter().partition(|word| word.contains(|c: char| c.is_ascii_digit()));
    if wanted.is_empty() {
        return false;
    }
    sentences.iter().any(|sentence| {
        let said = stems(sentence);
        let held = meant.iter().filter(|word| said.contains(word)).count();
        figures.iter().all(|figure| said.contains(figure)) && held as f64 >= meant.len() as f64 * MOST_OF_IT
    })
}

/// Words that carry meaning, without the endings that grammar gives them; figures without their marks of thousands.
fn stems(text: &str) -> Vec<String> {
    let plain: String = text
        .char_indices()
        .filter(|(at, c)| {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !(*c == ',' && digit(text[..*at].chars().next_back()) && digit(text[at + 1..].chars().next()))
        })
        .map(|(_, c)| c)
        .collect();
    words(&plain).into_iter().filter(|word| !SMALL.contains(&word.as_str())).map(|word| stem(&word)).collect()
}

fn stem(word: &str) -> String {
    for ending in ["ing", "ed", "es", "s", "e"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.chars().count() > 3) {
            return stem.to_owned();
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_told_in_one_sentence_or_not() {
        let check = |fact: &str, sentences: &[&str], expected: bool| {
            assert_eq!(is_told(fact, sentences), expected, "{fact}: {sentences:?}");
        };
        let free = "the rate tables are migrated free of charge";
        check(free, &["And as I said before, we'll migrate the rate tables free of charge, that stands."], true);
        check(free, &["We'll migrate the rate tables.", "It is free of charge."], false);
        check(free, &["The rate tables stay."], false);
        check("the contract is worth 92,000", &["The contract is worth USD 92,000 a year."], true);
        check("the contract is worth 92,000", &["The contract is worth USD 86,400 a year."], false);
        check("the contract is worth 92,000", &["The contract is worth USD 92000."], true);
        check("", &["Anything."], false);
        check(free, &[], false);
    }
}
