//! The marks that stand for what was taken out: `[EMAIL-1]`, and `[EMAIL-1b]`
//! for another spelling of the same value. Models change the case or lose the
//! brackets now and then; such marks are understood too.

use std::fmt;

use crate::route::Withheld;

/// More digits are no mark of ours.
const MOST_DIGITS: usize = 7;
/// Letters for further spellings.
pub(super) const MOST_SPELLINGS: u8 = 26;

/// One mark: which value, and which of its spellings, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    pub kind: Withheld,
    pub number: u32,
    pub spelling: u8,
}

/// A mark in a text, and how sure it is that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub mark: Mark,
    /// The letter behind it.
    pub end: usize,
    /// Without brackets it may be a word of somebody's: `CARD-12`.
    pub is_bare: bool,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}-{}", word(self.kind), self.number)?;
        if self.spelling > 0 {
            write!(f, "{}", char::from(b'a' + self.spelling % MOST_SPELLINGS))?;
        }
        f.write_str("]")
    }
}

/// The word in a mark.
pub(super) fn word(kind: Withheld) -> &'static str {
    match kind {
        Withheld::Email => "EMAIL",
        Withheld::Phone => "PHONE",
        Withheld::Iban => "IBAN",
        Withheld::Card => "CARD",
        Withheld::Key => "KEY",
    }
}

/// The mark that begins at a letter of a text.
pub(super) fn mark_at(letters: &[char], at: usize) -> Option<Seen> {
    let letter = |at: usize| letters.get(at).copied().unwrap_or(' ');
    let is_bare = letter(at) != '[';
    if is_bare && !letter(at).is_ascii_uppercase() {
        return None;
    }
    let before = at.checked_sub(1).map_or(' ', letter);
    if is_bare && (before.is_alphanumeric() || matches!(before, '_' | '-' | '[')) {
        return None;
    }
    let skip_spaces = |mut at: usize, most: usize| {
        let end = at + most;
        while at < end && letter(at) == ' ' && at < letters.len() {
            at += 1;
        }
        at
    };
    let begin = if is_bare { at } else { skip_spaces(at + 1, 2) };
    let fits = |kind: &Withheld| {
        word(*kind).chars().enumerate().all(|(offset, c)| {
            let other = letter(begin + offset);
            if is_bare { other == c } else { other.eq_ignore_ascii_case(&c) }
        })
    };
    let kind = Withheld::ALL.into_iter().find(fits)?;
    let mut place = begin + word(kind).len();
    let sign = letter(place);
    let joins = matches!(sign, '-' | '_') || !is_bare && matches!(sign, ' ' | '\u{2010}'..='\u{2014}');
    place += usize::from(joins);
    if is_bare && !joins {
        return None;
    }
    let digits: String = letters.iter().skip(place).take(MOST_DIGITS).take_while(|c| c.is_ascii_digit()).collect();
    let number = digits.parse().ok()?;
    place += digits.len();
    let spelling = letter(place).to_ascii_lowercase();
    let spelling = if spelling.is_ascii_lowercase() { (spelling as u8).checked_sub(b'a')? } else { 0 };
    place += usize::from(spelling > 0);
    let end = if is_bare { place } else { skip_spaces(place, 2) + 1 };
    let closes = if is_bare {
        !(letter(place).is_alphanumeric() || matches!(letter(place), '_' | '-'))
    } else {
        letter(end - 1) == ']'
    };
    closes.then_some(Seen { mark: Mark { kind, number, spelling }, end, is_bare })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_models_write_them() {
        let check = |text: &str, expected: Option<&str>| {
            let letters: Vec<char> = text.chars().collect();
            assert_eq!(mark_at(&letters, 0).map(|seen| seen.mark.to_string()).as_deref(), expected, "{text:?}");
        };
        for text in [
            "[EMAIL-1]",
            "[email-1]",
            "[EMAIL_1]",
            "[EMAIL 1]",
            "[ EMAIL-1 ]",
            "EMAIL-1",
            "EMAIL_1.",
            "[EMAIL–1]x",
            "[EMAIL1]",
        ] {
            check(text, Some("[EMAIL-1]"));
        }
        check("[KEY-12c]", Some("[KEY-12c]"));
        check("PHONE-3b, ", Some("[PHONE-3b]"));
        for text in [
            "EMAIL",
            "[EMAIL]",
            "email-1",
            "EMAIL-1-2",
            "EMAIL-12345678",
            "[EMAIL-1",
            "[MAIL-1]",
            "EMAIL 1",
            "[]",
            "",
            "[EMAIL-12345678]",
            "EMAIL-1x2",
        ] {
            check(text, None);
        }
    }
}
