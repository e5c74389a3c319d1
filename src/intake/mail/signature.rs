//! Where the words of a mail end and its signature begins. Only lines that
//! look like a name, a title or a way to reach someone are taken: a postscript
//! behind a signature is still said.

use super::attribution::starts_with;
use super::closings;
use super::first_bytes::FirstBytes;
use super::notices;

/// A signature has at most this many lines that are not blank.
const MAX_LINES: usize = 12;

/// A closing line and the line of a program are at most this long, in bytes.
const MAX_CLOSING_BYTES: usize = 60;
const MAX_PROGRAM_BYTES: usize = 80;

/// The byte ranges of signatures in a stretch of body text.
pub(in crate::intake) fn find_signatures(body: &str) -> Vec<(usize, usize)> {
    let lines: Vec<(usize, &str)> = lines_of(body).collect();
    let mut found = Vec::new();
    let mut index = 0;
    while let Some((start, line)) = lines.get(index) {
        if *line == "-- " || *line == "--" && lines.get(index + 1).is_some_and(|(_, next)| is_contact(next.trim())) {
            // The marked signature runs to the end; behind a mark without its blank only as far as it looks like one.
            let end =
                if *line == "-- " { end_of_marked(&lines, index + 1) } else { end_of_signature(&lines, index + 1) };
            found.push((*start, end_of(&lines, end)));
            index = end.max(index + 1);
        } else if is_closing(line) || is_program_line(line) {
            let end = end_of_signature(&lines, index + 1);
            let closes = end > index + 1 || lines[index + 1..].iter().all(|(_, line)| line.trim().is_empty());
            if closes || is_program_line(line) {
                found.push((*start, end_of(&lines, end)));
                index = end;
            } else {
                index += 1;
            }
        } else if let Some(end) = notices::end_of_notice(&lines, index) {
            found.push((*start, end_of(&lines, end)));
            index = end.max(index + 1);
        } else {
            index += 1;
        }
    }
    found
}

/// Lines with the byte they begin at, without their line end.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let at = start;
        start += line.len() + 1;
        (at, line)
    })
}

fn end_of(lines: &[(usize, &str)], end: usize) -> usize {
    end.checked_sub(1).and_then(|last| lines.get(last)).map_or(0, |(start, line)| start + line.len())
}

fn is_closing(line: &str) -> bool {
    let line = line.trim();
    if line.len() > MAX_CLOSING_BYTES {
        return false;
    }
    static FIRST: FirstBytes = FirstBytes::of(closings::CLOSINGS);
    if !FIRST.may_open(line) {
        return false;
    }
    let words = line.trim_end_matches(['.', ',', '!', ' ', '-', '–', '—', '。', '、']);
    // Letters of one case differ in no more than ASCII and a few capitals that close nothing.
    closings::CLOSINGS.iter().any(|closing| closing.eq_ignore_ascii_case(words))
}

/// `Sent from my iPhone` and its like; a line that goes on to say something is none.
fn is_program_line(line: &str) -> bool {
    let line = line.trim();
    static FIRST: FirstBytes = FirstBytes::of_pairs(closings::PROGRAM_LINES);
    if !FIRST.may_open(line) || line.len() > MAX_PROGRAM_BYTES || line.contains([':', ';', '?']) {
        return false;
    }
    let sentences = line.trim_end_matches('.').contains(". ");
    let added = |(opening, rest): &(&str, &str)| {
        let behind = || line.get(opening.len()..).unwrap_or_default();
        let short = |behind: &str| behind.split_whitespace().count() <= 6;
        starts_with(line, opening) && behind().contains(rest) && (!rest.is_empty() || short(behind()))
    };
    !sentences && closings::PROGRAM_LINES.iter().any(added)
}

/// The index behind the last line of a signature whose closing line ends at `from`.
fn end_of_signature(lines: &[(usize, &str)], from: usize) -> usize {
    let mut end = from;
    let mut taken = 0;
    for (index, (_, line)) in lines.iter().enumerate().skip(from) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        // Some sign in lower case; one word alone says nothing else.
        let name = taken == 0 && !line.contains(' ') && line.chars().all(char::is_alphabetic);
        if !(name || is_contact(line)) || taken == MAX_LINES {
            break;
        }
        taken += 1;
        end = index + 1;
    }
    end
}

/// The index behind what stands below `-- `: everything, up to the length a signature has.
fn end_of_marked(lines: &[(usize, &str)], from: usize) -> usize {
    let mut filled = lines.iter().enumerate().skip(from).filter(|(_, (_, line))| !line.trim().is_empty());
    filled.nth(MAX_LINES).map_or(lines.len(), |(index, _)| index)
}

/// An address, a web page, a phone number, or a name or title in capitals.
fn is_contact(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    if words.len() > 12 {
        return false;
    }
    let reach = words
        .iter()
        .any(|word| crate::intake::names::is_address(word.trim_matches(['<', '>', ','])) || word.contains("www."));
    let web = words.iter().any(|word| word.starts_with("http")) && words.len() <= 3;
    let phone = digits >= 7 && letters <= 12 && !is_figure(line);
    let titled = digits == 0
        && words.len() <= 8
        && !line.contains(':')
        && !line.ends_with(['.', '?', '!'])
        && words
            .iter()
            .all(|word| !word.starts_with(char::is_lowercase) || matches!(*word, "of" | "and" | "for" | "at"));
    reach && words.len() <= 6 || web || phone || titled || is_program_line(line)
}

/// An amount or a day: many digits, and nobody's number.
fn is_figure(line: &str) -> bool {
    const CURRENCIES: [&str; 8] = ["USD", "EUR", "GBP", "CHF", "SEK", "PLN", "CAD", "AUD"];
    let words = || line.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_day = |word: &str| {
        let mut parts = word.split(['-', '/', '.']).map(str::len);
        let lengths = (parts.next(), parts.next(), parts.next(), parts.next());
        let short = |length: usize| (1..=2).contains(&length);
        matches!(lengths, (Some(4), Some(month), Some(day), None) | (Some(day), Some(month), Some(4), None)
            if short(day) && short(month))
    };
    line.contains([',', '$', '€', '£', '¥', '%']) || words().any(|word| CURRENCIES.contains(&word) || is_day(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        let got: Vec<&str> = find_signatures(body).into_iter().map(|(start, end)| &body[start..end]).collect();
        assert_eq!(got, expected, "{body}");
    }

    #[test]
    fn finds_signatures_and_nothing_that_was_said() {
        check(
            "See you.\n\nBest regards,\nDana\nVP Operations\n+1 555 010 7788",
            &["Best regards,\nDana\nVP Operations\n+1 555 010 7788"],
        );
        check("Ok.\n-- \nDana\nNorthwind", &["-- \nDana\nNorthwind"]);
        check("Ok.\n\nThanks,\nDana\n\nP.S. we go live on July 1 now", &["Thanks,\nDana"]);
        check("Ok.\n\nThanks,\nDana\n\nGo-live: July 1", &["Thanks,\nDana"]);
        check("Thanks,\nwe will then go live on July 1 with 40 users", &[]);
        check("Thanks!\n- July 1 works\n- 40 seats", &[]);
        check("Ok\n\nDana\n\nSent from my iPhone", &["Sent from my iPhone"]);
        check(
            "Cheers,\nDana\n\nDana Whitfield\nVP of Operations | Northwind Logistics\nT: +1 555 010 7788\ndana@northwind.example",
            &[
                "Cheers,\nDana\n\nDana Whitfield\nVP of Operations | Northwind Logistics\nT: +1 555 010 7788\ndana@northwind.example",
            ],
        );
        check("Thanks", &["Thanks"]);
        check("Thanks!\nUSD 1,250,000", &[]);
        check("Thanks!\n2026-07-01", &[]);
        check("Thanks!\n01.07.2026", &[]);
        check("Thanks,\n+44 20 7946 0018", &["Thanks,\n+44 20 7946 0018"]);
        check("Thanks!\nJuly 1 works", &[]);
        check("Best,\ndana\nand the contract is signed", &["Best,\ndana"]);
        check("Sent from my team: the contract runs three years", &[]);
        check("Ok\n\nVon meinem iPhone gesendet", &["Von meinem iPhone gesendet"]);
        check("Von meinem Chef kam heute die Zusage", &[]);
        check("Ok\n\nMit freundlichen Grüßen\nDana Whitfield", &["Mit freundlichen Grüßen\nDana Whitfield"]);
        check("Tack!\nVi startar den 1 juli", &[]);
        check("Options:\n--\nthe contract runs three years and renews.", &[]);
    }
}
