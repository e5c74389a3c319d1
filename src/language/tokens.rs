//! Tokens for matching: the smallest pieces that must be equal for two
//! stretches of text to say the same. A sign, comparison or currency mark
//! belongs to its number, an address or link is one token, and a word joined
//! by hyphens is its words, so that `go-live` and `go live` are equal while
//! `July 1` never matches inside `July 15`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A stretch of text that is one token; byte offsets into the text it was cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// All tokens of `text`, in order. Linear.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 5 + 1);
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if let Some(from) = start.take() {
                cut_chunk(text, from, at, &mut found);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        cut_chunk(text, from, text.len(), &mut found);
    }
    found
}

/// The first token of `text`, cutting no more of it than needed.
pub(crate) fn first_token(text: &str) -> Option<Token> {
    first_tokens(text, 1).first().copied()
}

/// The first tokens of `text`, `count` of them and perhaps a few more, cutting no more of it than needed.
pub(crate) fn first_tokens(text: &str, count: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(chunk) = text.get(from..).filter(|rest| !rest.is_empty() && found.len() < count) {
        let start = from + chunk.len() - chunk.trim_start().len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
        cut_chunk(text, start, end, &mut found);
        from = end.max(from + 1);
        if start == end {
            break;
        }
    }
    found
}

/// Whether a quote may begin or end at this byte offset: not inside a token.
pub fn is_token_border(text: &str, at: usize) -> bool {
    if at == 0 || at >= text.len() {
        return at <= text.len();
    }
    if !text.is_char_boundary(at) {
        return false;
    }
    let from = text[..at].char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(i, c)| i + c.len_utf8());
    let to = text[at..].find(char::is_whitespace).map_or(text.len(), |i| at + i);
    if from == at || to == at {
        return true;
    }
    let mut around = Vec::new();
    cut_chunk(text, from, to, &mut around);
    around.iter().all(|token| at <= token.start || token.end <= at)
}

/// Cuts one run of non-space characters into tokens.
fn cut_chunk(text: &str, from: usize, to: usize, found: &mut Vec<Token>) {
    let chunk = &text[from..to];
    if chunk.bytes().all(|b| b.is_ascii_lowercase()) {
        found.push(Token { start: from, end: to });
        return;
    }
    if is_address(chunk) {
        let (start, end) = trim(text, from, to);
        if start < end {
            found.push(Token { start, end });
        }
        return;
    }
    let mut start: Option<usize> = None;
    let mut previous: Option<char> = None;
    for (i, c) in chunk.char_indices() {
        let at = from + i;
        let next = chunk[i + c.len_utf8()..].chars().next();
        let inside = if c.is_alphanumeric() || is_combining_mark(c) || start.is_some() && is_ignorable(c) {
            // A digit and a letter joined by nothing stay one token: `Q3`, `48k`, `3rd`.
            true
        } else if start.is_some_and(|begin| text[begin..at].contains(char::is_alphanumeric)) {
            joins(previous, c, next) || is_prefix_hyphen(c, &text[start.unwrap_or(at)..at], next)
        } else {
            opens_number(c, &chunk[i + c.len_utf8()..], previous)
        };
        if inside {
            start.get_or_insert(at);
        } else {
            if let Some(begin) = start.take() {
                found.push(Token { start: begin, end: at });
            }
            if is_lone_mark(c) {
                found.push(Token { start: at, end: at + c.len_utf8() });
            }
        }
        previous = Some(c);
    }
    if let Some(begin) = start {
        found.push(Token { start: begin, end: to });
    }
}

/// Punctuation inside a token: `86,400`, `don't`, `2026-07-01`, `10:30`, `a.b`.
fn joins(previous: Option<char>, c: char, next: Option<char>) -> bool {
    let (Some(before), Some(after)) = (previous, next) else {
        // `500+` and `5%` keep their mark when it closes the token.
        return previous.is_some_and(|p| p.is_ascii_digit()) && matches!(c, '%' | '+' | '€' | '£' | '$');
    };
    match c {
        '\'' | '’' | '\u{2bc}' => before.is_alphanumeric() && after.is_alphanumeric(),
        '.' | ',' => {
            before.is_ascii_digit() && after.is_ascii_digit()
                || c == '.' && before.is_alphanumeric() && after.is_alphanumeric()
        }
        ':' | '/' => before.is_ascii_digit() && after.is_ascii_digit(),
        '-' | '\u{2010}' | '\u{2011}' => before.is_ascii_digit() && after.is_ascii_digit(),
        '&' | '_' | '#' => before.is_alphanumeric() && after.is_alphanumeric(),
        '%' | '+' | '€' | '£' | '$' => before.is_ascii_digit(),
        _ => false,
    }
}

/// `non-refundable`: the hyphen of a prefix that turns its word around does not part them.
fn is_prefix_hyphen(c: char, before: &str, next: Option<char>) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
        && next.is_some_and(char::is_alphabetic)
        && ["non", "un", "anti", "ex", "semi", "quasi", "pseudo", "de", "dis"]
            .iter()
            .any(|prefix| before.eq_ignore_ascii_case(prefix))
}

/// Signs, comparisons and currency marks that open a number: `-5`, `<500`, `~$80k`.
fn opens_number(c: char, rest: &str, previous: Option<char>) -> bool {
    let mark = is_lone_mark(c) || matches!(c, '-' | '−' | '+' | '#' | '$' | '€' | '£' | '¥' | '@');
    if !mark || previous.is_some_and(|p| p.is_alphanumeric() && !matches!(c, '$' | '€' | '£')) {
        return false;
    }
    let rest = rest.trim_start_matches(['-', '−', '+', '=', '$', '€', '£', '¥']);
    match c {
        '@' | '#' => rest.chars().next().is_some_and(char::is_alphanumeric),
        _ => rest.starts_with(|d: char| d.is_ascii_digit() || d == '.'),
    }
}

/// Marks that mean something on their own: `< 500`, `5 %`.
fn is_lone_mark(c: char) -> bool {
    matches!(c, '<' | '>' | '≤' | '≥' | '~' | '±' | '≈' | '%')
}

fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// E-mail addresses, links and paths keep everything inside them.
fn is_address(chunk: &str) -> bool {
    if chunk.contains("://") || chunk.starts_with("www.") {
        return true;
    }
    let bytes = chunk.as_bytes();
    let at_sign = memchr::memchr(b'@', bytes).is_some_and(|i| {
        i > 0 && bytes[i - 1].is_ascii_alphanumeric() && bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric)
    });
    // `host.tld/path`
    let path = memchr::memchr(b'/', bytes).is_some_and(|slash| {
        memchr::memrchr(b'.', &bytes[..slash]).is_some_and(|dot| {
            dot > 0
                && bytes[dot - 1].is_ascii_alphanumeric()
                && dot + 2 < slash
                && bytes[dot + 1..slash].iter().all(u8::is_ascii_alphabetic)
        })
    });
    at_sign || path
}

/// Cuts punctuation that surrounds an address but is no part of it.
fn trim(text: &str, from: usize, to: usize) -> (usize, usize) {
    let chunk = &text[from..to];
    let cut = chunk.trim_start_matches(|c: char| !c.is_alphanumeric());
    let start = to - cut.len();
    let kept = cut.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
    (start, start + kept.len())
}

/// The form in which tokens are compared: lower case, compatibility forms
/// unified, typographic marks as ASCII, invisible characters gone.
pub fn fold(token: &str) -> Cow<'_, str> {
    if token.is_ascii() {
        if token.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(token.to_ascii_lowercase());
        }
        return Cow::Borrowed(token);
    }
    let folded: String = token
        .chars()
        .filter(|c| !is_ignorable(*c))
        .map(|c| match c {
            '’' | '‘' | '\u{2bc}' => '\'',
            '−' | '\u{2010}' | '\u{2011}' | '–' => '-',
            other => other,
        })
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    Cow::Owned(folded)
}

/// A hash of the folded token, equal for equal tokens.
pub fn token_hash(token: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    if token.is_ascii() {
        for byte in token.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
    } else {
        for byte in fold(token).bytes() {
            hasher.write_u8(byte);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens(text).iter().map(|token| token.text(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn tokens_keep_what_belongs_together() {
        check("We go live on July 1, ok?", &["We", "go", "live", "on", "July", "1", "ok"]);
        check("go-live 36-month non-refundable", &["go", "live", "36", "month", "non-refundable"]);
        check("$86,400.50 (USD)", &["$86,400.50", "USD"]);
        check("-5 % and <500 or < 500, ~$80k", &["-5", "%", "and", "<500", "or", "<", "500", "~$80k"]);
        check("don't 2026-07-01 10:30 24/7 and/or", &["don't", "2026-07-01", "10:30", "24/7", "and", "or"]);
        check(
            "mail <dana@nw.example>, see https://x.example/a?b=1.",
            &["mail", "dana@nw.example", "see", "https://x.example/a?b=1"],
        );
        check("*bold* _it_ `code` “quoted”", &["bold", "it", "code", "quoted"]);
        check("500+ users 99.9% €48k 86.400€", &["500+", "users", "99.9%", "€48k", "86.400€"]);
        check("un\u{ad}paid e.g. v2.3 Q3 @dana #4512", &["un\u{ad}paid", "e.g", "v2.3", "Q3", "@dana", "#4512"]);
        check("", &[]);
        check("… — -", &[]);
    }

    #[test]
    fn borders_are_never_inside_a_token() {
        let text = "pay $86,400 on July 15 pre-paid unpaid";
        let border = |needle: &str| is_token_border(text, text.find(needle).unwrap());
        assert!(border("$86"));
        assert!(!border("86,4"));
        assert!(!border("5 pre"));
        assert!(border("paid unpaid"));
        assert!(!is_token_border(text, text.len() - 4));
        assert!(is_token_border(text, text.len()));
    }

    #[test]
    fn folding_unifies_what_looks_the_same() {
        assert_eq!(fold("Don’t"), "don't");
        assert_eq!(fold("ﬁnal"), "final");
        assert_eq!(fold("u\u{308}ber"), "über");
        assert_eq!(token_hash("LIVE"), token_hash("live"));
        assert_eq!(token_hash("Über"), token_hash("u\u{308}ber"));
    }
}
