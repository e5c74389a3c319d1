//! What companies and lists put under every mail: notices of confidentiality,
//! lines for unsubscribing, the foot of a mailing list. A paragraph is taken
//! only when it holds no number, because notices name none and facts do.

use super::attribution::starts_with;
use super::closings::{FOOTERS, NOTICE_OPENINGS, NOTICE_WORDS};
use super::first_bytes::FirstBytes;

/// A notice is at most this long; longer paragraphs are something else.
const MAX_NOTICE_BYTES: usize = 4_000;

/// A line for unsubscribing has at most this many words, links left out.
const MAX_FOOTER_WORDS: usize = 14;

/// The index behind the last line of a notice or footer that begins at `from`.
pub(super) fn end_of_notice(lines: &[(usize, &str)], from: usize) -> Option<usize> {
    let first = lines.get(from)?.1.trim();
    let opened = first.trim_start_matches(['*', '-', '_', ' ']);
    if first.len() >= 20 && opened.is_empty() {
        return end_of_list_foot(lines, from);
    }
    static FIRST: FirstBytes = FirstBytes::of(NOTICE_OPENINGS);
    if FIRST.may_open(opened) && NOTICE_OPENINGS.iter().any(|opening| starts_with(opened, opening)) {
        return end_of_confidence(lines, from);
    }
    is_footer(first).then_some(from + 1)
}

/// The paragraph at `from`, if it speaks of nothing but who may read the mail.
fn end_of_confidence(lines: &[(usize, &str)], from: usize) -> Option<usize> {
    // Only a paragraph's first line is asked, or paragraphs of openings would be read once for each of their lines.
    if from > 0 && !lines[from - 1].1.trim().is_empty() {
        return None;
    }
    let rest = &lines[from..];
    let count = rest.iter().take_while(|(_, line)| !line.trim().is_empty()).count();
    let mut words = String::new();
    for (_, line) in &rest[..count] {
        if words.len() + line.len() > MAX_NOTICE_BYTES || line.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        words.push_str(&line.to_lowercase());
        words.push(' ');
    }
    let marks = NOTICE_WORDS.iter().filter(|word| words.contains(*word)).count();
    (marks >= 2).then_some(from + count)
}

/// A rule and below it `… mailing list` with its addresses.
fn end_of_list_foot(lines: &[(usize, &str)], from: usize) -> Option<usize> {
    let named = lines.get(from + 1)?.1.trim().to_ascii_lowercase();
    if !named.contains("mailing list") || named.len() > 120 {
        return None;
    }
    let is_link = |line: &str| {
        !line.contains(' ') && (line.contains('@') || line.contains("://")) || starts_with(line, "to unsubscribe")
    };
    let links = lines[from + 2..].iter().take_while(|(_, line)| is_link(line.trim())).count();
    Some(from + 2 + links)
}

/// A short line by which people leave a list: with a link, or with few words beside it.
fn is_footer(line: &str) -> bool {
    if line.len() > 600 || line.is_empty() {
        return false;
    }
    // Most lines hold neither mark of a link and more words than a footer without one.
    if memchr::memchr2(b':', b'@', line.as_bytes()).is_none() && line.split_whitespace().nth(4).is_some() {
        return false;
    }
    let is_link = |word: &&str| word.contains("://") || word.contains('@');
    let linked = line.split_whitespace().any(|word| is_link(&word));
    let words = line.split_whitespace().filter(|word| !is_link(word)).count();
    let plain = !line.split_whitespace().any(|word| !is_link(&word) && word.bytes().any(|byte| byte.is_ascii_digit()));
    if words > MAX_FOOTER_WORDS || !plain || !linked && words > 4 {
        return false;
    }
    let lower = line.to_lowercase();
    FOOTERS.iter().any(|footer| lower.contains(footer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<usize>) {
        let lines: Vec<(usize, &str)> = text.lines().map(|line| (0, line)).collect();
        assert_eq!(end_of_notice(&lines, 0), expected, "{text}");
    }

    #[test]
    fn notices_and_footers_are_known_and_facts_are_not() {
        check("This e-mail is confidential. If you are not the\nintended recipient, delete it.\n\nx", Some(2));
        check("This e-mail is confidential: we leave on July 1 and you must delete it.", None);
        check("This message is about the contract.", None);
        check(
            "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Empfänger sind, löschen Sie sie.",
            Some(1),
        );
        check("Unsubscribe: https://list.example/u/7", Some(1));
        check("Unsubscribe", Some(1));
        check("We want to unsubscribe from the old system before the go-live", None);
        check(
            "________________________________\nPlans mailing list\nplans@lists.example\nhttps://lists.example/plans",
            Some(4),
        );
        check("________________________________\nThe plan", None);
        check("", None);
    }
}
