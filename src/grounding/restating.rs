//! Whether a sentence says only what other words say: its figures, names and
//! most of its content words stand there too. Small words carry no content,
//! and endings are left aside, so that `migrating` restates `we'll migrate`.

use std::borrow::Cow;

use crate::language::{Token, fold, is_sharp_word, tokens};

/// The share of content words that must stand in the source. Measured on the facts that the samples say must and must not
/// be told, offered with every sentence near them: ten of 20 true ones and two of 58 false ones are carried.
const LEAST_SHARE: f64 = 0.7;
/// Words are compared by this many first letters: enough to tell most words apart, few enough to drop endings.
const STEM: usize = 5;

/// Words that carry no content of their own.
#[rustfmt::skip]
fn is_small(word: &str) -> bool {
    word.chars().count() <= 2
        || matches!(
            word,
            "the" | "and" | "but" | "for" | "with" | "that" | "this" | "these" | "those" | "they" | "them" | "their" | "there" | "then" | "than"
                | "are" | "was" | "were" | "been" | "being" | "have" | "has" | "had" | "having" | "will" | "would" | "shall" | "can" | "could"
                | "should" | "must" | "may" | "might" | "does" | "did" | "doing" | "our" | "ours" | "your" | "yours" | "you" | "his" | "her" | "hers"
                | "she" | "him" | "its" | "it's" | "who" | "whom" | "which" | "what" | "when" | "where" | "how" | "why" | "from" | "into" | "onto"
                | "out" | "off" | "also" | "still" | "just" | "very" | "get" | "gets" | "got" | "i'm" | "i'll" | "i'd" | "we'll" | "we're" | "we've" | "we'd"
                | "they'll" | "they're" | "that's" | "there's" | "one" | "yes" | "please" | "customer" | "team"
        )
}

/// Whether `claim` says no more than `source`.
pub(super) fn restates(claim: &str, source: &str) -> bool {
    share(claim, source) >= LEAST_SHARE
}

/// The share of the claim's content words that stand in the source; 1 when it has none.
fn share(claim: &str, source: &str) -> f64 {
    let own = contents(source);
    let wanted = contents(claim);
    if wanted.is_empty() {
        return 1.0;
    }
    let there = wanted.iter().filter(|word| own.iter().any(|other| are_kin(word, other))).count();
    there as f64 / wanted.len() as f64
}

fn contents(text: &str) -> Vec<String> {
    let words = tokens(text).into_iter().map(|token| fold(token.text(text)).into_owned());
    words.filter(|word| !is_small(word)).map(|word| stem(&word)).collect()
}

/// `ship` and `shipp` (of `shipping`), but not `day` and `days` of something else: short words must be equal.
fn are_kin(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    short == long
        || short.chars().count() + 1 >= STEM && long.starts_with(short) && !short.contains(|c: char| c.is_ascii_digit())
}

fn stem(word: &str) -> String {
    if word.contains(|c: char| c.is_ascii_digit()) {
        return word.to_owned();
    }
    word.chars().take(STEM).collect()
}

/// Words that may not be made up: figures, amounts, addresses, units, and the names of people and things.
pub(super) fn hard_words(text: &str) -> Vec<String> {
    let all = tokens(text);
    let hard = all.iter().enumerate().filter(|(at, token)| is_hard(text, &all, *at, token)).map(|(_, token)| token);
    hard.map(|token| bare(&fold(token.text(text))).into_owned()).collect()
}

fn is_hard(text: &str, all: &[Token], at: usize, token: &Token) -> bool {
    let word = token.text(text);
    let capital = word.starts_with(char::is_uppercase);
    // The first word of a sentence has a capital anyway, unless it is a name by its inner capitals.
    let opens = at == 0 || text[..token.start].trim_end().ends_with(['.', '!', '?', ':', '"', '“']);
    let inner = word.chars().skip(1).any(char::is_uppercase);
    let next_capital = all.get(at + 1).is_some_and(|next| next.text(text).starts_with(char::is_uppercase));
    let folded = fold(word);
    word.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '%' | '€' | '$' | '£'))
        || capital && (inner || !opens || next_capital) && !is_pronoun(&folded)
        || is_figure_word(&folded)
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "i" | "i'm" | "i'll" | "i've" | "i'd") || is_small(word)
}

/// Figures and times in letters.
#[rustfmt::skip]
fn is_figure_word(word: &str) -> bool {
    matches!(
        word,
        "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven" | "twelve" | "fifteen" | "twenty" | "thirty"
            | "forty" | "fifty" | "hundred" | "thousand" | "million" | "half" | "double" | "twice" | "quarter" | "monthly" | "quarterly" | "yearly"
            | "daily" | "weekly" | "percent" | "free" | "tomorrow" | "today" | "tonight" | "usd" | "eur" | "gbp"
    ) || is_sharp_word(word) && word.len() > 5 && word.ends_with("day")
}

/// A possessive names the same thing.
fn bare(word: &str) -> Cow<'_, str> {
    Cow::Borrowed(word.strip_suffix("'s").unwrap_or(word)).into_owned().into()
}

/// The hard words of the claim that stand nowhere in the source.
pub(super) fn made_up(claim: &str, source: &str) -> bool {
    let own: Vec<String> = tokens(source).iter().map(|token| bare(&fold(token.text(source))).into_owned()).collect();
    hard_words(claim).iter().any(|word| !own.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restating_keeps_to_the_words_of_the_source() {
        let check = |claim: &str, source: &str, expected: bool| {
            assert_eq!(restates(claim, source), expected, "{claim} / {source}: {}", share(claim, source));
        };
        check("The rate tables are migrated free of charge", "we'll migrate the rate tables free of charge", true);
        check("same-day shipping", "The goal is to ship every order on the same day.", true);
        check("They lose 40 pallets a month", "we lose about 40 pallets of milk a month", true);
        check("Planning time falls by half this year", "thanks for the visit, the team liked the cake", false);
        check("We train the whole team on site", "we can't throw in the scale drivers for free", false);
    }

    #[test]
    fn hard_words_are_figures_and_names() {
        let check = |text: &str, expected: &[&str]| assert_eq!(hard_words(text), expected, "{text}");
        check("Go-live is on July 1 with Dana", &["july", "1", "dana"]);
        check("The total is USD 86,400 for 45 users", &["usd", "86,400", "45"]);
        check("Helen's team signs on Friday", &["friday"]);
        check("Marcus Lee sends two files", &["marcus", "lee", "two"]);
        check("they are happy", &[]);
    }
}
