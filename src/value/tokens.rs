//! A text cut once into words, digit runs and signs, each word already looked
//! up in the lexicon. Every recogniser walks these tokens, so that the whole
//! scan is one pass with short looks ahead.
//!
//! A line that ends a phrase becomes a token of its own, which matches nothing:
//! a value never runs from one line of a list into the next, while a wrapped
//! sentence stays whole.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::Context;
use super::lexicon::{Meaning, look_up};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Word,
    Digits,
    Sign,
    /// The end of a line that ends a phrase.
    Break,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub shape: Shape,
    /// No white space stands between this token and the one before.
    pub glued: bool,
    pub meanings: &'static [Meaning],
}

/// A text in tokens, with what is known of the moment it was said.
pub(super) struct Page<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
    /// The speaker's calendar day.
    pub today: Option<Date>,
    /// A day near which the words were said: the speaker's own where it is known.
    pub season: Option<Date>,
    pub zone: Offset,
}

impl<'a> Page<'a> {
    pub fn new(text: &'a str, context: &Context) -> Self {
        let zone = context.zone.unwrap_or(Offset::UTC);
        let today = context.said_at.map(|at| zone.to_datetime(at).date());
        let season = today.or_else(|| context.around.map(|at| zone.to_datetime(at).date()));
        Page { text, tokens: cut(text), today, season, zone }
    }

    /// The token's words; empty beyond the end.
    pub fn words(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    pub fn shape(&self, at: usize) -> Option<Shape> {
        self.tokens.get(at).map(|token| token.shape)
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        self.words(at).eq_ignore_ascii_case(word)
    }

    pub fn is_any(&self, at: usize, words: &[&str]) -> bool {
        let own = self.words(at);
        !own.is_empty() && words.iter().any(|word| own.eq_ignore_ascii_case(word))
    }

    /// Whether the `back`th token before `at` is one of `words`.
    pub fn is_before(&self, at: usize, back: usize, words: &[&str]) -> bool {
        at.checked_sub(back).is_some_and(|before| self.is_any(before, words))
    }

    pub fn sign(&self, at: usize) -> Option<char> {
        self.tokens.get(at).filter(|token| token.shape == Shape::Sign).and_then(|_| self.words(at).chars().next())
    }

    pub fn digits(&self, at: usize) -> Option<&'a str> {
        self.tokens.get(at).filter(|token| token.shape == Shape::Digits).map(|_| self.words(at))
    }

    /// The digits as a number, when there are at most `longest` of them.
    pub fn small(&self, at: usize, longest: usize) -> Option<i64> {
        self.digits(at).filter(|digits| digits.len() <= longest.min(18)).and_then(|digits| digits.parse().ok())
    }

    pub fn is_word(&self, at: usize) -> bool {
        self.shape(at) == Some(Shape::Word)
    }

    pub fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    pub fn meanings(&self, at: usize) -> &'static [Meaning] {
        self.tokens.get(at).map_or(&[], |token| token.meanings)
    }

    pub fn means<T>(&self, at: usize, pick: impl Fn(Meaning) -> Option<T>) -> Option<T> {
        self.meanings(at).iter().find_map(|meaning| pick(*meaning))
    }

    /// A capital first letter.
    pub fn capital(&self, at: usize) -> bool {
        self.words(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// At the start of the text or of a line.
    pub fn opens_line(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.shape(before) == Some(Shape::Break))
    }

    /// Whether a value may start here: nothing is glued in front but an opening sign.
    pub fn clean_start(&self, at: usize) -> bool {
        if !self.glued(at) {
            return true;
        }
        let Some(before) = at.checked_sub(1) else { return true };
        let Some(sign) = self.sign(before) else { return false };
        match sign {
            '(' | '[' | '{' | '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '=' | ';' | '*' | '|' | '…'
            | '`' | '>' | '•' | '¿' | '¡' | '!' | '?' => true,
            '_' | '~' | '—' => !self.glued(before) || self.is_word(before.wrapping_sub(1)),
            ':' => !self.glued(before) || before.checked_sub(1).is_none_or(|at| self.digits(at).is_none()),
            ',' => before.checked_sub(1).is_none_or(|at| self.digits(at).is_none()),
            '–' => true,
            _ => false,
        }
    }

    /// Whether a value may end before token `at`: what follows does not go on with it.
    pub fn clean_end(&self, at: usize) -> bool {
        if !self.glued(at) {
            return true;
        }
        match self.shape(at) {
            Some(Shape::Word | Shape::Digits) => false,
            Some(Shape::Sign) => {
                let goes_on = self.glued(at + 1) && matches!(self.shape(at + 1), Some(Shape::Word | Shape::Digits));
                let digit = goes_on && self.digits(at + 1).is_some();
                match self.sign(at) {
                    Some('.' | ':' | '/' | ',' | '-') => !digit,
                    Some('_' | '@' | '\\' | '#' | '=') => !goes_on,
                    _ => true,
                }
            }
            _ => true,
        }
    }

    /// The end of the run of letters, digits and inner signs that holds token `at`.
    pub fn run_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.glued(end) {
            let inner = self.sign(end).is_some_and(|sign| matches!(sign, '.' | '-' | '/' | ':' | '_' | ',' | '\\'));
            match self.shape(end) {
                Some(Shape::Word | Shape::Digits) => end += 1,
                Some(Shape::Sign) if inner && self.glued(end + 1) && self.sign(end + 1).is_none() => end += 2,
                _ => break,
            }
        }
        end.min(self.tokens.len())
    }

    pub fn start(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(self.text.len(), |token| token.start)
    }

    /// The byte after the last token before `to`.
    pub fn end(&self, to: usize) -> usize {
        to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.end)
    }

    /// The words from token `from` up to, not including, token `to`.
    pub fn span(&self, from: usize, to: usize) -> &'a str {
        self.text.get(self.start(from)..self.end(to)).unwrap_or("")
    }
}

fn cut(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4 + 4);
    let mut at = 0;
    let mut glued = false;
    while at < bytes.len() {
        let first = bytes[at];
        if first == b'\n' || first == b'\r' {
            let after = skip_white(bytes, at);
            if !tokens.is_empty() && !wraps(text, at, after, tokens.last()) {
                tokens.push(Token { start: at, end: at, shape: Shape::Break, glued: false, meanings: &[] });
            }
            at = after;
            glued = false;
            continue;
        }
        if first == b' ' || first == b'\t' {
            at += 1;
            glued = false;
            continue;
        }
        let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        if letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}') {
            at += letter.len_utf8();
            glued = false;
            continue;
        }
        let start = at;
        at += letter.len_utf8();
        let shape = if letter.is_ascii_digit() {
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            Shape::Digits
        } else if letter.is_alphabetic() {
            at = word_end(text, at);
            Shape::Word
        } else {
            Shape::Sign
        };
        let meanings = if shape == Shape::Word { look_up(&text[start..at]) } else { &[] };
        tokens.push(Token { start, end: at, shape, glued, meanings });
        glued = true;
    }
    tokens
}

fn word_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if !bytes[at].is_ascii_alphabetic() {
                break;
            }
            at += 1;
            continue;
        }
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(letter) if letter.is_alphabetic() || is_mark(letter) => at += letter.len_utf8(),
            _ => break,
        }
    }
    at
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn skip_white(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && matches!(bytes[at], b' ' | b'\t' | b'\r' | b'\n') {
        at += 1;
    }
    at
}

/// Whether a line end only wraps a sentence: one line end, and the next line
/// goes on in lower case without being a label, or completes a date.
fn wraps(text: &str, at: usize, after: usize, last: Option<&Token>) -> bool {
    let bytes = text.as_bytes();
    if bytes[at..after].iter().filter(|byte| **byte == b'\n').count() > 1 {
        return false;
    }
    let Some(next) = bytes.get(after) else { return false };
    if next.is_ascii_lowercase() {
        let end = word_end(text, after);
        return bytes.get(end) != Some(&b':');
    }
    let Some(last) = last else { return false };
    let after_month = last.meanings.iter().any(|meaning| matches!(meaning, Meaning::Month(..)));
    let after_comma = text.get(last.start..last.end) == Some(",");
    next.is_ascii_digit() && (after_month || after_comma)
}
