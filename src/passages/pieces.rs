//! Text as the pieces that words are compared by: runs of letters and digits,
//! in small letters and without accents, as SQLite's `unicode61` cuts it. What
//! stands between, such as the dots of a date or an address, only separates.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A run of letters and digits; byte offsets into the text it was cut from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub start: usize,
    pub end: usize,
    pub folded: String,
}

/// All pieces of a text, in order. Linear.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::with_capacity(text.len() / 6 + 1);
    let mut start = None;
    for (at, letter) in text.char_indices() {
        let is_inside = letter.is_alphanumeric() || start.is_some() && is_combining_mark(letter);
        match (is_inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(piece(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push(piece(text, from, text.len()));
    }
    found
}

fn piece(text: &str, start: usize, end: usize) -> Piece {
    let run = &text[start..end];
    let folded = if run.is_ascii() { run.to_ascii_lowercase() } else { fold(run) };
    Piece { start, end, folded }
}

fn fold(run: &str) -> String {
    run.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = pieces(text).into_iter().map(|piece| piece.folded).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_are_small_and_without_accents() {
        check("Größe über Zürich, déjà vu, Año!", &["große", "uber", "zurich", "deja", "vu", "ano"]);
        check(
            "dana@northwind.example 86,400 2026-07-01",
            &["dana", "northwind", "example", "86", "400", "2026", "07", "01"],
        );
        check("Gro\u{308}ße", &["große"]);
        check("\u{0}\u{308}—", &[]);
        check("", &[]);
    }
}
