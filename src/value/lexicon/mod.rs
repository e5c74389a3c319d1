//! The words that values are made of. A language is a table of words and
//! their meanings in a file of its own; a word may stand in several tables and
//! have several meanings. Words that mean something else in another language
//! here ("once", "so") are left out: no value is better than a wrong one.

mod english;
mod french;
mod german;
mod spanish;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a word can mean inside a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// 1 to 12.
    Month(i8, Name),
    /// Monday is 1.
    Weekday(i8, Name),
    Cardinal(u32),
    /// A power of ten that multiplies (`hundred` is 2).
    Scale(u32),
    Ordinal(i8),
    Unit(Unit),
    /// A unit only when glued to its number (`2h`).
    Letter(Unit),
    /// ISO 4217 code, empty when countries share the word.
    Currency(&'static str),
    /// A unit of measure in its usual spelling.
    Measure(&'static str),
    /// Makes the number after it a guess or a limit.
    Loose,
    /// Days from today.
    Day(i64),
    Season,
    /// A number after this names something instead of counting (`version 3`).
    Label,
    /// What someone is, not who (`director`).
    Role,
    /// Stands before a name (`Dr`).
    Title,
    /// May open a date phrase (`next`, `end`, `mid`, `in`).
    Opener,
    /// Minutes east of UTC.
    Zone(i32),
    /// A zone of the United States, hours of its winter time.
    AmericanZone(i8),
}

/// How safely a name of a month or weekday stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Plain,
    /// Short, or also a person's name: alone only after a preposition.
    Short,
    /// Also an everyday word (`may`, `march`, `sat`).
    Everyday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
}

type Table = &'static [(&'static str, Meaning)];

static WORDS: LazyLock<FxHashMap<&'static str, Vec<Meaning>>> = LazyLock::new(|| {
    let tables: [Table; 4] = [english::WORDS, german::WORDS, french::WORDS, spanish::WORDS];
    let mut words: FxHashMap<&'static str, Vec<Meaning>> = FxHashMap::default();
    for (word, meaning) in tables.into_iter().flatten() {
        let meanings = words.entry(word).or_default();
        if !meanings.contains(meaning) {
            meanings.push(*meaning);
        }
    }
    words
});

/// Longer words mean nothing here and need no look-up.
const LONGEST: usize = 20;

/// The meanings of a word, whatever its case.
pub(super) fn look_up(word: &str) -> &'static [Meaning] {
    if word.len() > LONGEST {
        return &[];
    }
    if !word.is_ascii() {
        return WORDS.get(word.to_lowercase().as_str()).map_or(&[], Vec::as_slice);
    }
    let mut lower = [0; LONGEST];
    for (to, from) in lower.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_lowercase();
    }
    let lower = lower.get(..word.len()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    WORDS.get(lower).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_language() {
        let check = |word: &str, meaning: Meaning| assert!(look_up(word).contains(&meaning), "{word}");
        check("July", Meaning::Month(7, Name::Plain));
        check("MÄRZ", Meaning::Month(3, Name::Plain));
        check("février", Meaning::Month(2, Name::Plain));
        check("enero", Meaning::Month(1, Name::Plain));
        check("Donnerstag", Meaning::Weekday(4, Name::Plain));
        check("zwölf", Meaning::Cardinal(12));
        check("second", Meaning::Ordinal(2));
        check("second", Meaning::Unit(Unit::Second));
        assert!(look_up("northwind").is_empty());
        assert!(look_up(&"x".repeat(100)).is_empty());
    }

    #[test]
    fn tables_are_lower_case_and_short_enough_to_be_found() {
        for (word, _) in [english::WORDS, german::WORDS, french::WORDS, spanish::WORDS].into_iter().flatten() {
            assert_eq!(*word, word.to_lowercase());
            assert!(word.len() <= LONGEST, "{word}");
        }
    }
}
