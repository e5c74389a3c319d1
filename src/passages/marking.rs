//! What is shown of a passage that was found: the stretch of it with the most
//! of the words, on one line, and where they stand in it.

use super::pieces::pieces;
use super::words::Words;

/// Bytes of a snippet, more or less.
const LENGTH: usize = 240;

/// A stretch of a passage; each mark is from and to, in bytes of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    pub marks: Vec<(usize, usize)>,
}

/// The stretch that holds the most different words.
pub fn snippet(body: &str, words: &Words) -> Snippet {
    let among = pieces(body);
    let mut hits: Vec<(usize, usize, usize)> = Vec::new();
    for word in 0..words.count() {
        for (at, count) in words.places(word, &among) {
            hits.push((among[at].start, among[at + count - 1].end, word));
        }
    }
    hits.sort_unstable();
    let best = (0..hits.len()).max_by_key(|first| {
        let reached = hits[*first..].iter().take_while(|hit| hit.1 <= hits[*first].0 + LENGTH);
        let mut different: Vec<usize> = reached.map(|hit| hit.2).collect();
        different.sort_unstable();
        different.dedup();
        // The first of those that hold as many.
        (different.len(), std::cmp::Reverse(*first))
    });
    let (from, to) = stretch(body, best.map_or(0, |first| hits[first].0));
    shown(body, (from, to), &hits)
}

/// Where a snippet around a place begins and ends: at blanks.
fn stretch(body: &str, at: usize) -> (usize, usize) {
    let boundary = |mut place: usize| {
        while !body.is_char_boundary(place) {
            place -= 1;
        }
        place
    };
    if body.len() <= LENGTH + LENGTH / 4 {
        return (0, body.len());
    }
    let from = boundary(at.saturating_sub(LENGTH / 4));
    let from = if from == 0 { 0 } else { body[from..at].find(char::is_whitespace).map_or(from, |blank| from + blank) };
    let to = boundary((from + LENGTH).min(body.len()));
    let to =
        if to == body.len() { to } else { body[from..to].rfind(char::is_whitespace).map_or(to, |blank| from + blank) };
    (from, to)
}

/// The stretch on one line, with marks where the hits stand on it.
fn shown(body: &str, (from, to): (usize, usize), hits: &[(usize, usize, usize)]) -> Snippet {
    let mut text = String::with_capacity(to - from + 8);
    if from > 0 {
        text.push_str("… ");
    }
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(to - from);
    let mut is_blank = true;
    for (at, letter) in body[from..to].char_indices() {
        places.push((from + at, text.len()));
        match letter.is_whitespace() || letter.is_control() {
            true if is_blank => {}
            true => text.push(' '),
            false => text.push(letter),
        }
        is_blank = letter.is_whitespace() || letter.is_control();
    }
    places.push((to, text.len()));
    for (start, end, _) in hits.iter().filter(|hit| hit.0 >= from && hit.1 <= to) {
        let place = |wanted: usize| {
            let found = places.binary_search_by_key(&wanted, |(at, _)| *at);
            found.ok().map(|found| places[found].1)
        };
        if let (Some(start), Some(end)) = (place(*start), place(*end)) {
            match marks.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => marks.push((start, end)),
            }
        }
    }
    if to < body.len() {
        text.push_str(" …");
    }
    Snippet { text, marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, words: &str, expected: &[&str]) -> Snippet {
        let found = snippet(body, &Words::of(words));
        let marked: Vec<&str> = found.marks.iter().map(|(from, to)| &found.text[*from..*to]).collect();
        assert_eq!(marked, expected, "{found:?}");
        found
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        check("We go\n live  on July 1.", "LIVE july", &["live", "July"]);
        check("Das Go-Live ist in München.", "go-live munchen", &["Go-Live", "München"]);
        check("86.400 € im Jahr", "86400", &["86.400"]);
        check("Nothing here", "other", &[]);
        let long = format!("{} we go live on July 1 {}", "bla bla ".repeat(200), "bla ".repeat(200));
        let found = check(&long, "live july", &["live", "July"]);
        assert!(found.text.len() < 300 && found.text.starts_with('…') && found.text.ends_with('…'), "{found:?}");
        let found = check(&"ß".repeat(5_000), "ß", &[]);
        assert!(found.text.len() < 300, "{found:?}");
    }
}
