//! How a list in a sentence falls into its items: by commas and by the words
//! that join, but not inside brackets or numbers.

use super::phrases::trim;

/// `A, B and C` as its parts.
pub(super) fn split_items(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let words = &text[start..end];
    let mut cuts = vec![0];
    let mut ends = Vec::new();
    let mut depth = 0i32;
    let bytes = words.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        depth += match bytes[at] {
            b'(' => 1,
            b')' => -1,
            _ => 0,
        };
        let cut = if depth > 0 {
            0
        } else if matches!(bytes[at], b',' | b';') && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            1
        } else {
            [" and ", " & ", " plus ", " + ", " as well as ", " und ", " et ", " y ", " sowie "]
                .iter()
                .find(|word| {
                    words[at..].is_char_boundary(0) && words.is_char_boundary(at) && words[at..].starts_with(**word)
                })
                .map_or(0, |word| word.len())
        };
        if cut > 0 {
            ends.push(at);
            cuts.push(at + cut);
            at += cut;
        } else {
            at += 1;
            while at < bytes.len() && !words.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    ends.push(words.len());
    cuts.into_iter()
        .zip(ends)
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| {
            let (from, to) = trim(text, start + from, start + to);
            let item = &text[from..to];
            let lead = ["and ", "the ", "also ", "to ", "plus ", "with ", "à ", "con ", "mit ", "an "]
                .iter()
                .find(|word| item.starts_with(**word))
                .map_or(0, |word| word.len());
            (from + lead, to)
        })
        .filter(|(from, to)| from < to)
        .collect()
}
