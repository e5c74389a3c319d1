//! The groups of digits that one written number is made of, and how far it
//! goes: up to where another number, a day, a time or an amount begins.

use super::dates::date_at;
use super::letters::{Letters, is_dash};

/// The longest sign between two groups: ` / `, `) `, ` (`.
const LONGEST_SIGN: usize = 3;

/// Shorter numbers have no extension: `120x80` is a size.
const LEAST_EXTENDED: usize = 10;

/// A number as it is written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Without a `(0)` that is only dialled at home.
    pub digits: Vec<u8>,
    /// The sizes of its groups.
    pub groups: Vec<usize>,
    /// The last letter's place and one.
    pub end: usize,
}

/// How many digits a number may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// A further group is taken up to here.
    pub most: usize,
    /// Less than so many digits are no number yet, so that it may go on in the next line.
    pub least: usize,
}

impl Written {
    pub fn count(&self) -> usize {
        self.digits.len()
    }

    pub fn text(&self) -> String {
        self.digits.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// `250 000`, `1.234.567`: how amounts are grouped.
    pub fn is_grouped_by_thousands(&self) -> bool {
        let [first, rest @ ..] = self.groups.as_slice() else { return false };
        !rest.is_empty() && (1..=3).contains(first) && rest.iter().all(|size| *size == 3)
    }

    /// Five pairs and no more, as numbers are written in France.
    fn is_whole_pairs(&self) -> bool {
        self.groups.len() == 5 && self.groups.iter().all(|size| *size == 2) && self.digits.first() == Some(&0)
    }
}

/// Reads the number whose first digit, or bracket before it, stands at `from`.
pub(super) fn read(letters: &Letters, from: usize, room: Room) -> Written {
    let mut written = Written { end: from, ..Written::default() };
    let mut at = letters.run(from, 1, |c| c == '(');
    let mut is_open = at > from;
    let mut had_home_zero = false;
    loop {
        let begin = at;
        at = letters.run(begin, 40, |c| c.is_ascii_digit());
        let size = at - begin;
        let is_first = written.groups.is_empty();
        let count = written.count() + size;
        let ends = count >= LEAST_EXTENDED && begins_extension(letters, at);
        if size == 0 || !is_first && (count > room.most || !ends && is_other(letters, begin, at)) {
            return written;
        }
        // `+49 (0)30`: the zero is not dialled behind a country's code.
        let is_home_zero = is_open
            && !had_home_zero
            && !is_first
            && size == 1
            && letters.digit(begin) == Some(0)
            && letters.at(at) == ')';
        had_home_zero |= is_home_zero;
        if !is_home_zero {
            written.digits.extend((begin..at).filter_map(|place| letters.digit(place)));
            written.groups.push(size);
        }
        written.end = at;
        // A closing bracket belongs to what it closes.
        if is_open && letters.at(at) == ')' {
            written.end = at + 1;
        }
        if written.is_whole_pairs() {
            return written;
        }
        let may_break = written.count() < room.least;
        let sign = letters.run(at, LONGEST_SIGN, |c| {
            matches!(c, ' ' | '.' | '/' | '(' | ')') || is_dash(c) || c == '\n' && may_break
        });
        let marks = (at..sign).filter(|place| !matches!(letters.at(*place), ' ' | '(' | ')' | '\n')).count();
        let opens = (at..sign).any(|place| letters.at(place) == '(');
        let closes = (at..sign).any(|place| letters.at(place) == ')');
        if sign == at || marks > 1 || closes && !is_open || opens && is_open && !closes {
            return written;
        }
        is_open = opens || is_open && !closes;
        at = sign;
    }
}

/// `x12`, `ext. 12`: who is meant at a number, and no part of it.
pub(super) fn begins_extension(letters: &Letters, at: usize) -> bool {
    letters.starts_with(at, "ext") || letters.starts_with(at, "x") && !letters.at(at + 1).is_alphabetic()
}

/// Whether a further group is the beginning of something else: a day, a time, a share, a count of things.
fn is_other(letters: &Letters, begin: usize, end: usize) -> bool {
    let next = letters.at(end);
    matches!(letters.before(begin), ' ' | '\n') && date_at(letters, begin).is_some()
        || matches!(next, ':' | ',') && letters.is_digit(end + 1)
        || matches!(next, '%' | '€' | '$' | '£' | '@')
        || next.is_alphabetic()
}
