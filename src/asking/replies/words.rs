//! Where the answer itself stands among the words of a reply: without the
//! question that was copied before it, without greeting and closing.

use std::ops::Range;

use super::meaning::folded;
use crate::route::Field;
use crate::value::Kind;

/// Where in `place` the answer itself stands: without the question when somebody copied it before their answer, and
/// without the paragraphs behind it, unless these belong to a long text that another answer follows.
pub fn own_words(text: &str, place: &Range<usize>, field: &Field, goes_on: bool) -> Range<usize> {
    let whole = trimmed(text, place.clone());
    let mut rest = trimmed(text, after_echo(text, whole, field));
    let keeps = goes_on && field.kind == Kind::LongText;
    let words = text.get(rest.clone()).unwrap_or_default();
    if let Some(end) = words.find("\n\n").filter(|_| !keeps) {
        rest.end = rest.start + end;
    }
    trimmed(text, rest)
}

/// The one thing that words say beside a greeting and a closing; none when they say several.
pub fn alone(text: &str, place: &Range<usize>) -> Option<Range<usize>> {
    let mut found = None;
    let mut start = place.start;
    for paragraph in text.get(place.clone())?.split("\n\n") {
        let mut own = trimmed(text, start..start + paragraph.len());
        start += paragraph.len() + 2;
        if let Some((first, _)) = text.get(own.clone())?.split_once('\n').filter(|(first, _)| is_manners(first)) {
            own = trimmed(text, own.start + first.len()..own.end);
        }
        let words = text.get(own.clone())?;
        if words.is_empty() || is_manners(words) {
            continue;
        }
        if found.replace(own).is_some() {
            return None;
        }
    }
    found
}

/// `Hi Marcus,` and `Best regards`.
fn is_manners(line: &str) -> bool {
    const OPENERS: [&str; 20] = [
        "hi", "hello", "hey", "dear", "good", "guten", "hallo", "liebe", "lieber", "bonjour", "hola", "thanks",
        "thank", "danke", "merci", "gracias", "best", "regards", "cheers", "kind",
    ];
    let words = folded(line);
    words.len() <= 4
        && !line.contains(|c: char| c.is_ascii_digit())
        && words.first().is_some_and(|word| OPENERS.contains(&word.as_str()))
}

fn after_echo(text: &str, place: Range<usize>, field: &Field) -> Range<usize> {
    let mut start = place.start;
    for echo in [field.label.as_str(), field.question.as_str()] {
        let words = text.get(start..place.end).unwrap_or_default();
        let Some((head, rest)) = words.split_at_checked(echo.len()) else { continue };
        let is_apart =
            echo.ends_with('?') || rest.trim_start().starts_with([':', '=', '–', '?']) || rest.starts_with(" - ");
        if echo.is_empty() || !head.eq_ignore_ascii_case(echo) || !is_apart {
            continue;
        }
        let own = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '–' | '-' | '?'));
        start = place.end - own.len();
    }
    start..place.end
}

fn trimmed(text: &str, place: Range<usize>) -> Range<usize> {
    let words = text.get(place.clone()).unwrap_or_default();
    let start = place.start + words.len() - words.trim_start().len();
    start..start + words.trim().len()
}
