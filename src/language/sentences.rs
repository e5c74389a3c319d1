//! Sentences: the unit in which a quote is judged, because a negation or a
//! condition changes everything up to the full stop. A line break ends a
//! sentence only where its author meant one, not where a mail program wrapped.

/// A stretch of text that is one sentence, list item or labelled line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    pub start: usize,
    pub end: usize,
}

impl Sentence {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A run of words without a full stop is cut at the next white space after so many bytes: the work on a sentence grows
/// with its length more than once, and nobody quotes a page.
const MOST_SENTENCE_BYTES: usize = 1_000;

impl Sentence {
    /// Whether its length alone ended it, so that the words behind it still belong to it.
    fn is_cut(&self) -> bool {
        self.end - self.start >= MOST_SENTENCE_BYTES
    }
}

/// All sentences of `text[from..to]`, trimmed of white space; offsets into `text`. Linear.
pub fn sentences(text: &str, from: usize, to: usize) -> Vec<Sentence> {
    let mut found = Vec::new();
    let Some(part) = text.get(from..to) else { return found };
    let bytes = part.as_bytes();
    let width = widest_line(part);
    let mut start = 0;
    let mut first_word = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'\n' => ends_at_break(part, at, start, width).then_some(at),
            b'.' | b'!' | b'?' => ends_at_mark(part, at, start).then_some(at + 1),
            0xe3 if part[at..].starts_with('。') => Some(at + '。'.len_utf8()),
            _ => None,
        };
        let blank = bytes[at].is_ascii_whitespace();
        if !blank && first_word.is_none() {
            first_word = Some(at);
        }
        let too_long = blank && first_word.is_some_and(|first| at - first >= MOST_SENTENCE_BYTES);
        let end = end.or(too_long.then_some(at));
        if let Some(mut end) = end {
            // Closing marks and quotes stay with their sentence.
            while let Some(c) = part[end..].chars().next() {
                if matches!(c, '.' | '!' | '?' | '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '*' | '_') {
                    end += c.len_utf8()
                } else {
                    break;
                }
            }
            push(part, start, end, from, &mut found);
            start = end;
            first_word = None;
            at = end.max(at + 1);
        } else {
            // A run of marks is looked at once.
            let run = bytes[at..].iter().take_while(|byte| matches!(byte, b'.' | b'!' | b'?')).count();
            at += run.max(1);
        }
    }
    push(part, start, part.len(), from, &mut found);
    found
}

/// The sentences of a text, found once, to look up the one around any place.
#[derive(Debug)]
pub struct SentenceBook {
    sentences: Vec<Sentence>,
}

impl SentenceBook {
    /// The sentences of the parts of `text`, which are in order and apart. Linear.
    pub fn new(text: &str, parts: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut found = Vec::new();
        for (from, to) in parts {
            // A blank line always ends a sentence, and how wide lines are is told by paragraph.
            let mut start = from;
            while let Some(part) = text.get(start..to).filter(|part| !part.is_empty()) {
                let end = part.find("\n\n").map_or(to, |at| start + at);
                found.extend(sentences(text, start, end));
                let rest = text.get(end..to).unwrap_or_default();
                start = to - rest.trim_start_matches('\n').len();
            }
        }
        SentenceBook { sentences: found }
    }

    /// The sentence of the part `text[from..to]` that holds the byte offset `at`, whole even if it was cut for its length
    /// (up to one piece on each side).
    pub fn around(&self, text: &str, (from, to): (usize, usize), at: usize) -> Sentence {
        let inside = |place: usize| self.sentences.get(place).filter(|one| one.start >= from && one.end <= to).copied();
        let next = self.sentences.partition_point(|sentence| sentence.start <= at);
        let before = next.checked_sub(1).and_then(|place| Some((place, inside(place)?)));
        let same_paragraph =
            |one: &Sentence| at <= one.end || text.get(one.end..at).is_some_and(|gap| !gap.contains("\n\n"));
        let (place, own) = match before.filter(|(_, one)| same_paragraph(one)) {
            Some(found) => found,
            None => match inside(next).map(|one| (next, one)).or(before) {
                Some(found) => found,
                None => return Sentence { start: from, end: to },
            },
        };
        let opening = place.checked_sub(1).and_then(inside).filter(Sentence::is_cut);
        let closing = inside(place + 1).filter(|_| own.is_cut());
        Sentence { start: opening.map_or(own.start, |one| one.start), end: closing.map_or(own.end, |one| one.end) }
    }
}

fn push(part: &str, start: usize, end: usize, offset: usize, found: &mut Vec<Sentence>) {
    let text = &part[start..end];
    let trimmed = text.trim_start();
    let begin = start + text.len() - trimmed.len();
    let length = trimmed.trim_end().len();
    if length > 0 {
        found.push(Sentence { start: offset + begin, end: offset + begin + length });
    }
}

fn widest_line(part: &str) -> usize {
    // Lines of more than 100 bytes are not wrapped by hand or by a mail program.
    part.lines().map(str::len).filter(|length| *length <= 100).max().unwrap_or(0)
}

/// Whether the line break at `at` was meant: a blank line, an item, a label, or a line that had room for the next word.
fn ends_at_break(part: &str, at: usize, start: usize, width: usize) -> bool {
    let line_start = part[..at].rfind('\n').map_or(0, |i| i + 1).max(start);
    let line = part[line_start..at].trim_end();
    let rest = &part[at + 1..];
    let next = rest.split('\n').next().unwrap_or_default();
    let bare = next.trim_start_matches(['>', ' ', '\t']);
    if bare.trim().is_empty() || line.trim().is_empty() {
        return true;
    }
    if is_item(bare) || is_label(bare) || line.ends_with(':') {
        return true;
    }
    let word = bare.split_whitespace().next().unwrap_or_default();
    let had_room = line.len() + 1 + word.len() <= width;
    had_room && !word.starts_with(char::is_lowercase) || line.len() > 100
}

/// `- x`, `* x`, `• x`, `1. x`, `2) x`, `[x]`, `| x`.
fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('-' | '*' | '•' | '–' | '·' | '▪' | '◦') => chars.next().is_some_and(char::is_whitespace),
        Some('[' | '|') => true,
        Some(digit) if digit.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.len() - rest.len() <= 2 && (rest.starts_with(". ") || rest.starts_with(") "))
        }
        _ => false,
    }
}

/// `Go-live: …`: up to five words before a colon.
fn is_label(line: &str) -> bool {
    let Some(colon) = line.find(": ").or_else(|| line.strip_suffix(':').map(str::len)) else { return false };
    let label = &line[..colon];
    let words = label.split_whitespace().count();
    // A long label begins with a capital and has its value behind it.
    let long = words <= 10 && label.len() <= 60 && label.starts_with(char::is_uppercase) && line.len() > colon + 2;
    (label.len() <= 48 && words <= 5 || long)
        && label.starts_with(char::is_alphabetic)
        && !label.contains(['.', '?', '!', ','])
}

/// Whether the mark at `at` ends a sentence rather than an abbreviation, a number or an address.
fn ends_at_mark(part: &str, at: usize, start: usize) -> bool {
    let rest = part[at + 1..].trim_start_matches(['.', '!', '?', '"', '\'', ')', ']', '”', '’', '»', '*', '_']);
    let Some(next) = rest.chars().next() else { return true };
    if !next.is_whitespace() {
        return false;
    }
    if part.as_bytes()[at] != b'.' {
        return true;
    }
    let word = part[start..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let follower = rest.trim_start().chars().next();
    let initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
    let item_number = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) && part[start..at].trim() == word;
    // `… in the U.S. What do we use?`: an abbreviation may end a sentence where a question or pronoun begins another.
    let may_end =
        matches!(word.to_ascii_lowercase().as_str(), "u.s" | "u.k" | "a.m" | "p.m" | "etc" | "inc" | "ltd" | "co");
    let opener = rest.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let opens = opener.starts_with(char::is_uppercase) && {
        let folded = opener.to_lowercase();
        super::english::opens_question(&folded) || super::english::is_subject_pronoun(&folded)
    };
    if may_end && opens {
        return true;
    }
    if initial || item_number || super::english::is_abbreviation(word) {
        return false;
    }
    if is_ordinal_day(part[start..at].trim_end(), word, rest.trim_start()) {
        return false;
    }
    // `3. juli`: an ordinal before a lower-case word goes on; chats begin sentences in lower case.
    !follower.is_some_and(char::is_lowercase) || !word.bytes().all(|b| b.is_ascii_digit())
}

/// `am 15. September`, `zum 1. live`: a day of the month, written as German writes it.
fn is_ordinal_day(before: &str, word: &str, rest: &str) -> bool {
    if word.is_empty() || word.len() > 2 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let next = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let month = [
        "Januar",
        "Jänner",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let lead = before[..before.len() - word.len()].split_whitespace().next_back().unwrap_or_default();
    month.contains(&next) || matches!(lead, "am" | "zum" | "vom" | "dem" | "beim" | "im")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text, 0, text.len()).iter().map(|s| s.text(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn sentences_end_where_their_author_meant() {
        check("We go live July 1. Is that ok? Yes!", &["We go live July 1.", "Is that ok?", "Yes!"]);
        check("e.g. the U.S. office, approx. 40 seats. Done", &["e.g. the U.S. office, approx. 40 seats.", "Done"]);
        check("Ask Dr. Ray or J. Smith. Fine.", &["Ask Dr. Ray or J. Smith.", "Fine."]);
        check("we will not\ngo live", &["we will not\ngo live"]);
        check("we will not go live on\nJuly 1", &["we will not go live on\nJuly 1"]);
        check("Go-live: July 1\nSeats: 40", &["Go-live: July 1", "Seats: 40"]);
        check("Needs:\n- SAP\n- SSO", &["Needs:", "- SAP", "- SSO"]);
        check("Hi Dana,\n\nthanks", &["Hi Dana,", "thanks"]);
        check("See a.example/x.y now. (Really.) Ok", &["See a.example/x.y now.", "(Really.)", "Ok"]);
        check("Wir gehen am 15. September live. Gut.", &["Wir gehen am 15. September live.", "Gut."]);
        check("Wir haben 15. Das reicht.", &["Wir haben 15.", "Das reicht."]);
        check("weird one for you. first noticed it", &["weird one for you.", "first noticed it"]);
        check("", &[]);
    }

    #[test]
    fn the_sentence_around_a_place_is_the_same_one() {
        let text = "First one. Second is here. Third.\n\nFourth.";
        let at = text.find("is").unwrap();
        let whole = (0, text.len());
        let book = SentenceBook::new(text, std::iter::once(whole));
        assert_eq!(book.around(text, whole, at).text(text), "Second is here.");
        assert_eq!(book.around(text, whole, text.len() - 1).text(text), "Fourth.");
    }

    #[test]
    fn a_sentence_of_pages_is_cut_and_its_neighbours_are_known() {
        let text = "we do not go live ".repeat(1_000);
        let found = sentences(&text, 0, text.len());
        assert!(found.len() > 5 && found.iter().all(|one| one.end - one.start < MOST_SENTENCE_BYTES + 20));
        let book = SentenceBook::new(&text, std::iter::once((0, text.len())));
        let around = book.around(&text, (0, text.len()), found[2].start);
        assert_eq!((around.start, around.end), (found[1].start, found[3].end));
    }
}
