//! What somebody looks for, as words. Whatever is typed is letters and digits
//! to be found and nothing else: no sign of it means anything to an index. A
//! word of several pieces, such as an address or a date, is found where they
//! stand together; a longer word also where it is the beginning of one; a
//! number however its thousands are set apart; `ü` also as `ue`, `ß` as `ss`.

use super::pieces::{Piece, pieces};

/// Words of a question at most.
const MOST_WORDS: usize = 32;
/// A shorter word is found as it stands alone, a longer one also as a beginning.
pub(super) const LEAST_BEGINNING: usize = 4;

/// Words to look for; there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    words: Vec<Word>,
}

/// One word, in every way it may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    ways: Vec<Way>,
}

/// Pieces that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    pieces: Vec<String>,
    /// The last piece may go on.
    is_beginning: bool,
}

/// Whether a passage has to hold all words or any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    All,
    Any,
}

impl Match {
    pub fn name(self) -> &'static str {
        match self {
            Match::All => "all",
            Match::Any => "any",
        }
    }
}

/// Why a text is nothing to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWords {
    #[error("write at least one word or number to look for")]
    None,
    #[error("write {MOST_WORDS} words at most")]
    TooMany,
}

impl Words {
    /// Reads what somebody typed.
    pub fn read(text: &str) -> Result<Words, NoWords> {
        let words = Words::of(text);
        match words.words.len() {
            0 => Err(NoWords::None),
            1..=MOST_WORDS => Ok(words),
            _ => Err(NoWords::TooMany),
        }
    }

    /// The words of a text of ours, however many; each once.
    pub fn of(text: &str) -> Words {
        let mut words: Vec<Word> = Vec::new();
        for chunk in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
            let word = Word::of(&pieces(chunk));
            if let Some(word) = word.filter(|word| !words.contains(word)) {
                words.push(word);
            }
        }
        Words { words }
    }

    pub fn count(&self) -> usize {
        self.words.len()
    }

    /// The question in the language of FTS5, made of letters and digits alone.
    pub fn to_fts(&self, how: Match) -> String {
        let all: Vec<String> = (0..self.words.len()).map(|place| self.one_to_fts(place)).collect();
        all.join(match how {
            Match::All => " AND ",
            Match::Any => " OR ",
        })
    }

    /// The same for one of the words.
    pub fn one_to_fts(&self, place: usize) -> String {
        let ways = self.words.get(place).map_or(&[][..], |word| word.ways.as_slice());
        let ways: Vec<String> = ways.iter().map(Way::to_fts).collect();
        format!("({})", ways.join(" OR "))
    }

    /// Whether a passage holds all words, any of them, or none.
    pub fn held_by(&self, head: &str, body: &str) -> Option<Match> {
        let (head, body) = (pieces(head), pieces(body));
        let holds = |word: usize| !self.places(word, &body).is_empty() || !self.places(word, &head).is_empty();
        let held = (0..self.words.len()).filter(|word| holds(*word)).count();
        match held {
            0 => None,
            all if all == self.words.len() => Some(Match::All),
            _ => Some(Match::Any),
        }
    }

    /// Every way of every word: its pieces, and whether the last one may go on.
    pub(super) fn ways(&self) -> impl Iterator<Item = (&[String], bool)> {
        self.words.iter().flat_map(|word| &word.ways).map(|way| (way.pieces.as_slice(), way.is_beginning))
    }

    /// Where one of the words stands among the pieces of a text: places and lengths, in pieces.
    pub(super) fn places(&self, place: usize, among: &[Piece]) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for way in self.words.get(place).map_or(&[][..], |word| word.ways.as_slice()) {
            let count = way.pieces.len();
            for (at, window) in among.windows(count).enumerate() {
                if way.fits(window) && !found.iter().any(|(other, _)| *other == at) {
                    found.push((at, count));
                }
            }
        }
        found.sort_unstable();
        found
    }
}

impl Word {
    fn of(chunk: &[Piece]) -> Option<Word> {
        let pieces: Vec<String> = chunk.iter().map(|piece| piece.folded.clone()).collect();
        let last = pieces.last()?;
        let is_beginning = last.chars().count() >= LEAST_BEGINNING;
        let mut ways = vec![Way { is_beginning, pieces: pieces.clone() }];
        let is_number = pieces.iter().all(|piece| piece.bytes().all(|byte| byte.is_ascii_digit()));
        let other = if is_number { other_number(&pieces) } else { other_letters(&pieces) };
        ways.extend(other.map(|pieces| Way { is_beginning, pieces }).filter(|way| *way != ways[0]));
        Some(Word { ways })
    }
}

/// `86400` as `86 400`, and the other way round.
fn other_number(pieces: &[String]) -> Option<Vec<String>> {
    match pieces {
        [one] if (4..=15).contains(&one.len()) => {
            let first = one.len() % 3;
            let head = (first > 0).then(|| one[..first].to_owned());
            let rest = one.as_bytes()[first..].chunks(3).map(|part| String::from_utf8_lossy(part).into_owned());
            Some(head.into_iter().chain(rest).collect())
        }
        [first, rest @ ..] if !rest.is_empty() && first.len() <= 3 && rest.iter().all(|part| part.len() == 3) => {
            Some(vec![pieces.concat()])
        }
        _ => None,
    }
}

/// How German is written without its letters, and what that may stand for.
fn other_letters(pieces: &[String]) -> Option<Vec<String>> {
    let others: Vec<String> = pieces
        .iter()
        .map(|piece| match piece.contains('ß') {
            true => piece.replace('ß', "ss"),
            false => piece.replace("ae", "a").replace("oe", "o").replace("ue", "u"),
        })
        .collect();
    (others != pieces).then_some(others)
}

impl Way {
    fn to_fts(&self) -> String {
        // Pieces hold letters and digits, so that nothing in them could end the quotation.
        format!("\"{}\"{}", self.pieces.join(" "), if self.is_beginning { "*" } else { "" })
    }

    fn fits(&self, window: &[Piece]) -> bool {
        let Some((last, before)) = self.pieces.split_last() else { return false };
        let Some((end, start)) = window.split_last() else { return false };
        let ends = if self.is_beginning { end.folded.starts_with(last.as_str()) } else { end.folded == *last };
        ends && before.iter().zip(start).all(|(wanted, piece)| *wanted == piece.folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(Words::read(text).map(|words| words.to_fts(Match::All)), Ok(expected.to_owned()), "{text}");
    }

    #[test]
    fn words_are_looked_for_as_they_are_written() {
        check("SSO", r#"("sso")"#);
        check("Onboarding in Köln", r#"("onboarding"*) AND ("in") AND ("koln"*)"#);
        check("dana@northwind.example", r#"("dana northwind example"*)"#);
        check("86400", r#"("86400"* OR "86 400"*)"#);
        check("86,400", r#"("86 400" OR "86400")"#);
        check("2026-07-01", r#"("2026 07 01")"#);
        check("Straße Muenchen", r#"("straße"* OR "strasse"*) AND ("muenchen"* OR "munchen"*)"#);
        check("go go GO", r#"("go")"#);
    }

    #[test]
    fn signs_mean_nothing() {
        check(
            r#"a" OR body:* NEAR("x", 2) -b ^c"#,
            r#"("a") AND ("or") AND ("body"*) AND ("near x") AND ("2") AND ("b") AND ("c")"#,
        );
        check(
            "\u{0}a\u{0}b'; DROP TABLE passages; --",
            r#"("a") AND ("b") AND ("drop"*) AND ("table"*) AND ("passages"*)"#,
        );
        assert_eq!(Words::read("  \"*\" () — \u{0}"), Err(NoWords::None));
        let many: Vec<String> = (0..40).map(|number| format!("w{number}")).collect();
        assert_eq!(Words::read(&many.join(" ")), Err(NoWords::TooMany));
    }
}
