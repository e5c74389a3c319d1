//! E-mail addresses: around every `@`, as far as the words of an address go.

use super::finding::Stretch;
use super::letters::{Letters, NOTHING};

/// The longest part before or after the `@` that is looked at, in letters.
const LONGEST: usize = 320;

pub(super) fn find(letters: &Letters) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut free = 0;
    for at in 0..letters.len() {
        if letters.at(at) != '@' || at < free {
            continue;
        }
        let Some(from) = local_start(letters, at, free) else { continue };
        let Some(to) = domain_end(letters, at + 1) else { continue };
        found.push((from, to, letters.words(from, to).to_lowercase()));
        free = to;
    }
    found
}

/// Where the part before the `@` begins.
fn local_start(letters: &Letters, at: usize, free: usize) -> Option<usize> {
    let least = at.saturating_sub(LONGEST).max(free);
    if letters.before(at) == '"' {
        let mut line = (least..at - 1).rev().take_while(|place| letters.at(*place) != '\n');
        return line.find(|place| letters.at(*place) == '"').filter(|open| open + 2 < at);
    }
    let mut from = at;
    while from > least && is_local(letters.at(from - 1)) {
        from -= 1;
    }
    // Marks around an address are no part of it, nor is what bold or a list begins with.
    while from < at && !letters.at(from).is_alphanumeric() {
        from += 1;
    }
    (from < at).then_some(from)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '&' | '!' | '#' | '$' | '*' | '^' | '~')
}

/// Where the part after the `@` ends: at a top level of two letters or more, or after an address in brackets.
fn domain_end(letters: &Letters, from: usize) -> Option<usize> {
    if letters.at(from) == '[' {
        let to = letters.run(from + 1, 60, |c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | 'I' | 'P' | 'v'));
        return (letters.at(to) == ']' && to > from + 4).then_some(to + 1);
    }
    let end = letters.run(from, LONGEST, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    // The labels from the last one back: the first that can be a top level ends the address.
    let mut stop = end;
    while stop > from {
        let dot = (from..stop).rev().find(|at| letters.at(*at) == '.').filter(|dot| *dot > from)?;
        let label = letters.run(dot + 1, stop - dot - 1, char::is_alphabetic);
        let is_coded = letters.starts_with(dot + 1, "xn--");
        let label = if is_coded { letters.run(dot + 1, stop - dot - 1, |c| c != '_') } else { label };
        if label >= dot + 3 && letters.at(dot - 1) != '.' && letters.at(dot - 1) != NOTHING {
            return Some(label);
        }
        stop = dot;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::redaction::find;
    use crate::route::Withheld;

    fn check(text: &str, expected: &[&str]) {
        let found = find(text, &[Withheld::Email]);
        assert_eq!(found.iter().map(|one| &text[one.start..one.end]).collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn addresses_are_found_whole() {
        check("Write to dana@northwind.example, please.", &["dana@northwind.example"]);
        check("Dana <Dana.O'Neil+crm@mail.northwind.example>", &["Dana.O'Neil+crm@mail.northwind.example"]);
        check("(mailto:a_b-c%d@x-y.co.example)", &["a_b-c%d@x-y.co.example"]);
        check("jörg@bücher.example and 用户@例え.example", &["jörg@bücher.example", "用户@例え.example"]);
        check("a@xn--bcher-kva.example; b@x.xn--p1ai", &["a@xn--bcher-kva.example", "b@x.xn--p1ai"]);
        check("\"dana w\"@x.example", &["\"dana w\"@x.example"]);
        check("root@[192.0.2.1]", &["root@[192.0.2.1]"]);
        check("**dana@x.example**, _tom@x.example_", &["dana@x.example", "tom@x.example"]);
        check("?mail=dana@x.example&x=1", &["dana@x.example"]);
        check("dana@x.example–or tom＠x.example", &["dana@x.example", "tom＠x.example"]);
        check("da\u{200b}na@x.exa\u{200b}mple", &["da\u{200b}na@x.exa\u{200b}mple"]);
        check("a@x.example,b@x.example/c@x.example", &["a@x.example", "b@x.example", "c@x.example"]);
    }

    #[test]
    fn other_uses_of_the_sign_are_left() {
        for text in [
            "5 @ 3.20",
            "5@3.20",
            "pkg@1.2.3",
            "left-pad@18.2.0-beta.1",
            "@dana",
            "@",
            "a@",
            "a@b",
            "a@.b",
            "@x.example",
            "\"@x",
        ] {
            check(text, &[]);
        }
    }
}
