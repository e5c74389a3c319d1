//! A mail often says everything twice, as plain text and as a page. People see
//! the page, machines like the text: where the two say different things, what
//! people see counts, and a person is told.

use rustc_hash::FxHashSet;

/// So many words more on one side are no accident of the conversion.
const MOST_STRAY_WORDS: usize = 3;

/// How the two parts of a mail relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Parts {
    /// The same words, but for addresses and marks.
    Same,
    /// The page says what the plain part says, and more.
    PageMore,
    /// The plain part says things that the page does not.
    Different,
    /// The plain part quotes history that the page leaves away.
    QuotesMore,
    /// The page says nothing.
    PlainAlone,
}

impl Parts {
    pub(in crate::intake) fn warning(self) -> Option<&'static str> {
        match self {
            Parts::Same | Parts::PageMore => None,
            Parts::Different => {
                Some("its plain text says other words than the page that people see; the page was read")
            }
            Parts::QuotesMore => {
                Some("its plain text quotes words that its page does not show; the plain text was read")
            }
            Parts::PlainAlone => Some("its page shows no words; its plain text was read"),
        }
    }
}

/// Compares the words of both parts.
pub(in crate::intake) fn compare(plain: &str, page: &str) -> Parts {
    let (of_plain, of_page) = (words(plain), words(page));
    if of_page.is_empty() {
        return if of_plain.is_empty() { Parts::Same } else { Parts::PlainAlone };
    }
    let more = |left: &FxHashSet<String>, right: &FxHashSet<String>| {
        let only: Vec<&String> = left.difference(right).collect();
        only.len() >= MOST_STRAY_WORDS || only.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()))
    };
    if more(&of_plain, &of_page) {
        if more(&words(&without_quotes(plain)), &of_page) { Parts::Different } else { Parts::QuotesMore }
    } else if more(&of_page, &of_plain) {
        Parts::PageMore
    } else {
        Parts::Same
    }
}

/// The lines that quote nothing, without those that say whose words follow.
fn without_quotes(text: &str) -> String {
    let mut own: Vec<&str> = Vec::new();
    let mut quoting = false;
    for line in text.lines() {
        let quotes = line.starts_with('>');
        if quotes && !quoting {
            while own.last().is_some_and(|last| last.trim().is_empty()) {
                own.pop();
            }
            if own.last().is_some_and(|last| last.trim_end().ends_with(':')) {
                while own.pop_if(|last| !last.trim().is_empty()).is_some() {}
            }
        }
        if !quotes {
            own.push(line);
        }
        quoting = quotes;
    }
    own.join("\n")
}

/// The words of a text without addresses, which a page keeps behind its links.
fn words(text: &str) -> FxHashSet<String> {
    let is_address = |run: &&str| ["://", "www.", "cid:", "mailto:", "tel:", "@"].iter().any(|mark| run.contains(mark));
    let runs = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')'));
    runs.filter(|run| !is_address(run))
        .flat_map(|run| run.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().nth(1).is_some())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_other_words_from_another_dress() {
        let check =
            |plain: &str, page: &str, expected: Parts| assert_eq!(compare(plain, page), expected, "{plain:?} {page:?}");
        check("Hi Marcus,\n\n*we* go live <https://a.example/x1>", "Hi Marcus, we go live", Parts::Same);
        check("Hi\n[cid:image001.png@01D]\nDana", "Hi Dana", Parts::Same);
        check("> Hi\n> 1. one thing", "Hi one thing", Parts::Same);
        check("See the page.", "See the page. We go live on July 15 with 40 users.", Parts::PageMore);
        check("We go live on July 15.", "We go live on July 16.", Parts::Different);
        check("We go live. The region is Paris, Texas alone.", "We go live.", Parts::Different);
        let quoting = "Fine.\n\nOn Mon, 2 Mar 2026, Dana\n<d@x.example> wrote:\n\n> on June 14 we go\n\nMarcus";
        check(quoting, "Fine. Marcus", Parts::QuotesMore);
        check(&format!("With 40 seats.\n\n{quoting}"), "Fine. Marcus", Parts::Different);
        check("We go live.", "", Parts::PlainAlone);
        check("", "", Parts::Same);
    }
}
