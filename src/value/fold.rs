//! Words made comparable: case, accents, punctuation and white space do not
//! count, while signs that tell names apart (`C++`, `C#`, `5 %`) do.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded words of a text, in order.
pub(super) fn words(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return split_words(text.chars());
    }
    split_words(text.nfkd().filter(|letter| !is_combining_mark(*letter)))
}

fn split_words(letters: impl Iterator<Item = char>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in letters {
        if letter.is_ascii_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            fold_letter(letter, &mut word);
        } else if matches!(letter, '\'' | '’') || (matches!(letter, '+' | '#') && !word.is_empty()) {
            if matches!(letter, '+' | '#') {
                word.push(letter);
            }
        } else {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if letter == '%' {
                words.push("%".to_owned());
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The folded words joined by single spaces.
pub(super) fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// A single word folded, without looking for borders.
pub(super) fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        fold_letter(letter, &mut out);
    }
    out
}

fn fold_letter(letter: char, out: &mut String) {
    match letter {
        'ß' | 'ẞ' => out.push_str("ss"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'æ' | 'Æ' => out.push_str("ae"),
        _ => out.extend(letter.to_lowercase()),
    }
}

/// The folded words without a leading article.
pub(super) fn without_article(text: &str) -> Vec<String> {
    let mut words = words(text);
    let article = ["the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las"];
    if words.len() > 1 && words.first().is_some_and(|first| article.contains(&first.as_str())) {
        words.remove(0);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_what_tells_words_apart() {
        let check = |one: &str, folded_words: &str| assert_eq!(folded(one), folded_words, "{one}");
        check("  Ünïted-Stätes,  Café! ", "united states cafe");
        check("C++ and C#", "c++ and c#");
        check("5%", "5 %");
        check("Straße Łódź", "strasse lodz");
        check("don’t O'Neil", "dont oneil");
        assert_eq!(without_article("The Netherlands"), ["netherlands"]);
        assert_eq!(without_article("A"), ["a"]);
    }
}
