//! A text as its readers see it: without characters that no screen shows,
//! without the marks of quoted mails at the start of lines, with one kind of
//! digit; each letter with its place in the true text.

use crate::language::is_unseen;

/// A text letter by letter. What was found is taken out, so that nothing is found twice.
pub(super) struct Letters<'t> {
    text: &'t str,
    letters: Vec<char>,
    /// The byte at which each letter stands.
    places: Vec<usize>,
}

/// Stands where nothing is (any more); no text holds it.
pub(super) const NOTHING: char = '\0';

impl<'t> Letters<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut folded =
            Letters { text, letters: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        let mut starts_line = true;
        for (place, c) in text.char_indices() {
            if is_invisible(c) || starts_line && matches!(c, ' ' | '>' | '\t') {
                continue;
            }
            starts_line = c == '\n';
            folded.letters.push(fold(c));
            folded.places.push(place);
        }
        folded
    }

    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// The letter at a place; [`NOTHING`] beyond the ends.
    pub fn at(&self, at: usize) -> char {
        self.letters.get(at).copied().unwrap_or(NOTHING)
    }

    /// The letter before a place.
    pub fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or(NOTHING, |before| self.at(before))
    }

    /// The value of a digit.
    pub fn digit(&self, at: usize) -> Option<u8> {
        self.at(at).to_digit(10).map(|digit| digit as u8)
    }

    pub fn is_digit(&self, at: usize) -> bool {
        self.at(at).is_ascii_digit()
    }

    pub fn all(&self) -> &[char] {
        &self.letters
    }

    pub fn words(&self, from: usize, to: usize) -> String {
        self.letters.get(from..to).unwrap_or_default().iter().collect()
    }

    /// Whether these letters stand here, whatever their case.
    pub fn starts_with(&self, at: usize, words: &str) -> bool {
        words.chars().enumerate().all(|(offset, c)| self.at(at + offset).eq_ignore_ascii_case(&c))
    }

    /// The end of a run of letters that fit, at most `most` of them.
    pub fn run(&self, from: usize, most: usize, fits: impl Fn(char) -> bool) -> usize {
        let mut at = from;
        while at - from < most && self.at(at) != NOTHING && fits(self.at(at)) {
            at += 1;
        }
        at
    }

    /// The bytes of the true text from one letter to before another.
    pub fn span(&self, from: usize, to: usize) -> (usize, usize) {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(self.text.len());
        let last = to.checked_sub(1).map_or(0, place);
        let width = self.text.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (place(from).min(last), last + width)
    }

    /// Takes letters out: whatever looks for more finds nothing there.
    pub fn take(&mut self, from: usize, to: usize) {
        if let Some(letters) = self.letters.get_mut(from..to) {
            letters.fill(NOTHING);
        }
    }
}

/// Nothing that a reader sees; a model's prompt has none of them, or they only cut words.
fn is_invisible(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || is_unseen(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}')
}

/// Digits and signs of other scripts as the ones that forms are written with.
fn fold(c: char) -> char {
    match c {
        _ if c.is_ascii() => {
            if c == '\t' {
                ' '
            } else {
                c
            }
        }
        '\u{ff10}'..='\u{ff19}' => digit_from(c, 0xff10),
        '\u{660}'..='\u{669}' => digit_from(c, 0x660),
        '\u{6f0}'..='\u{6f9}' => digit_from(c, 0x6f0),
        '＠' | '﹫' => '@',
        '．' => '.',
        '＋' => '+',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '‐',
        '\u{2028}' | '\u{2029}' => '\n',
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

fn digit_from(c: char, zero: u32) -> char {
    char::from_digit((c as u32).wrapping_sub(zero), 10).unwrap_or(c)
}

/// A hyphen of any width.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_know_their_places() {
        let check = |text: &str, from: usize, to: usize, seen: &str, bytes: &str| {
            let letters = Letters::new(text);
            let (start, end) = letters.span(from, to);
            assert_eq!((letters.words(from, to).as_str(), &text[start..end]), (seen, bytes), "{text:?}");
        };
        check("abc", 0, 3, "abc", "abc");
        check("a\u{200b}bc", 0, 2, "ab", "a\u{200b}b");
        check("a\n> > b", 0, 3, "a\nb", "a\n> > b");
        check("ü１２", 1, 3, "12", "１２");
        check("a\u{a0}–b", 0, 4, "a ‐b", "a\u{a0}–b");
        check("> a", 0, 1, "a", "a");
        check("", 0, 0, "", "");
    }
}
