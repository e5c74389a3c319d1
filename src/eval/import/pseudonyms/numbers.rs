//! Numbers that belong to somebody: phones, accounts, order numbers, ids,
//! addresses of machines. Days, times and amounts of money look much alike and
//! are told apart by their shape and by the words before them.

/// Runs are looked at up to this length; what is longer is no number.
const MOST_BYTES: usize = 48;

/// Digits with what stands between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
    pub digits: String,
}

/// What a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Phone,
    /// An account, order or customer number.
    Long,
    /// The address of a machine.
    Machine,
    /// Four digits or more that count something or are money.
    Amount,
}

/// Every run of digits: one sign between two groups, or two where brackets are among them.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let opens = matches!(bytes[at], b'+' | b'(') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            || bytes[at] == b'(' && bytes.get(at + 1) == Some(&b'+');
        let glued = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] >= 0x80 || bytes[at - 1] == b'_');
        if !(bytes[at].is_ascii_digit() || opens) || (bytes[at].is_ascii_digit() && glued) {
            // Digits behind letters belong to an id.
            at += 1;
            while glued && at < bytes.len() && bytes[at].is_ascii_alphanumeric() && bytes[at - 1].is_ascii_digit() {
                at += 1;
            }
            continue;
        }
        let (end, digits) = follow(bytes, at);
        if !digits.is_empty() {
            found.push(Run { start: at, end, digits });
        }
        at = end.max(at + 1);
    }
    found
}

fn follow(bytes: &[u8], start: usize) -> (usize, String) {
    let mut digits = String::new();
    let mut end = start;
    let mut at = start;
    let mut between = 0;
    while let Some(byte) = bytes.get(at).filter(|_| at - start < MOST_BYTES) {
        match byte {
            byte if byte.is_ascii_digit() => {
                digits.push(char::from(*byte));
                between = 0;
                end = at + 1;
            }
            b'+' if at == start || (at == start + 1 && bytes[start] == b'(') => {}
            b'(' | b')' => between += 1,
            b' ' | b'-' | b'.' | b'/' => between += 2,
            b',' => between += 3,
            _ => break,
        }
        if between > 3 {
            break;
        }
        at += 1;
    }
    (end, digits)
}

/// What a run in its text is; `None` for days, times, small numbers. `lead` is what stands before the text, such as the
/// key of a record.
pub(super) fn sort_of(lead: &str, text: &str, run: &Run) -> Option<Sort> {
    let shown = text.get(run.start..run.end)?;
    let before = format!("{lead}{}", before(text, run.start));
    let groups: Vec<&str> = shown.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let after = text.get(run.end..).unwrap_or_default();
    let plus = shown.starts_with('+') || shown.starts_with("(+");
    if !plus
        && (is_day(shown)
            || groups.first().is_some_and(|first| is_time(first))
            || after.starts_with(':')
            || before.ends_with(':') && !before.ends_with(": ") && groups.first().is_some_and(|first| first.len() <= 2))
    {
        return None;
    }
    if groups.len() == 4 && shown.split('.').count() == 4 && groups.iter().all(|part| part.parse::<u8>().is_ok()) {
        return Some(Sort::Machine);
    }
    if is_money(&before, after) || !plus && is_grouped(shown, &groups) {
        return Some(Sort::Amount);
    }
    if shown.contains(',') {
        return None;
    }
    let length = run.digits.len();
    let single = groups.len() == 1;
    let is_phone = (7..=15).contains(&length)
        && (plus
            || shown.starts_with("00")
            || shown.starts_with('(')
            || says_phone(&before)
            || !single && shown.starts_with('0') && length >= 9
            || groups.iter().map(|group| group.len()).collect::<Vec<_>>() == [3, 3, 4]);
    if is_phone {
        return Some(Sort::Phone);
    }
    if single && length >= 7 && !is_time(&run.digits) || !single && length >= 12 && !shown.contains('.') {
        return Some(Sort::Long);
    }
    (single
        && length >= 4
        && !(length == 4 && (run.digits.starts_with("19") || run.digits.starts_with("20")))
        && !is_time(&run.digits))
    .then_some(Sort::Amount)
}

/// The last words before a place, in lower case.
fn before(text: &str, at: usize) -> String {
    let mut start = at.saturating_sub(28);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..at).unwrap_or_default().to_lowercase()
}

fn says_phone(before: &str) -> bool {
    [
        "phone", "tel", "mobile", "mobil", "cell", "fax", "call me", "ring", "whatsapp", "handy", "móvil", "portable",
        "dial", "+",
    ]
    .iter()
    .any(|cue| before.contains(cue))
}

/// `2026-03-03`, `3/3/26`, `03.03.2026` anywhere in it.
fn is_day(shown: &str) -> bool {
    let parts: Vec<&str> = shown.split([' ', '(', ')']).collect();
    parts.iter().any(|part| {
        ['-', '.', '/'].iter().any(|sign| {
            let lengths: Vec<usize> = part.split(*sign).map(str::len).collect();
            let values: Vec<u32> = part.split(*sign).filter_map(|one| one.parse().ok()).collect();
            match lengths.as_slice() {
                [4, 1 | 2, 1 | 2] => values.get(1).is_some_and(|month| *month <= 12),
                [1 | 2, 1 | 2, 2 | 4] => values.iter().take(2).all(|one| *one <= 31),
                [4, 1 | 2] => values.first().is_some_and(|year| (1900..2100).contains(year)),
                _ => false,
            }
        })
    })
}

/// Seconds or milliseconds since 1970 between 2010 and 2040, or a day and a time without signs.
fn is_time(digits: &str) -> bool {
    let head: u64 = digits.get(..10).and_then(|head| head.parse().ok()).unwrap_or(0);
    let is_epoch = matches!(digits.len(), 10 | 13 | 16) && (1_262_000_000..2_209_000_000).contains(&head);
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let is_day = matches!(digits.len(), 8 | 12 | 14)
        && (1990..2100).contains(&part(0..4))
        && (1..=12).contains(&part(4..6))
        && (1..=31).contains(&part(6..8));
    is_epoch || is_day
}

const CURRENCIES: [&str; 16] =
    ["$", "€", "£", "¥", "usd", "eur", "gbp", "chf", "sek", "nok", "dkk", "pln", "euro", "euros", "dollars", "pounds"];

fn is_money(before: &str, after: &str) -> bool {
    let tail = before.trim_end();
    let named = [
        "amount", "value", "price", "total", "budget", "revenue", "arr", "mrr", "acv", "tcv", "cost", "fee", "betrag",
        "preis", "montant", "importe",
    ];
    let labelled = named.iter().any(|name| tail.trim_end_matches([':', '"', '=', '\'', ' ', '|']).ends_with(name));
    let head: String = after.trim_start().chars().take(7).flat_map(char::to_lowercase).collect();
    CURRENCIES.iter().any(|sign| tail.ends_with(sign) || head.starts_with(sign)) || labelled
}

/// `1.200.000` or `86 400`: groups of three behind the first.
fn is_grouped(shown: &str, groups: &[&str]) -> bool {
    let signs: Vec<char> = shown.chars().filter(|c| !c.is_ascii_digit()).collect();
    let same =
        signs.first().is_some_and(|first| matches!(first, '.' | ' ' | ',') && signs.iter().all(|sign| sign == first));
    let decimal = groups.len() == 2 && matches!(signs.as_slice(), ['.' | ',']);
    let thousands = |groups: &[&str]| {
        groups.first().is_some_and(|first| first.len() <= 3 && !first.starts_with('0'))
            && groups.iter().skip(1).all(|group| group.len() == 3)
    };
    // `1.200.000,50`: another sign before the last two digits.
    let cents = matches!((groups.split_last(), signs.as_slice()), (Some((last, rest)), [first, .., end])
        if last.len() == 2 && first != end && matches!(end, '.' | ',') && thousands(rest));
    decimal || cents || same && thousands(groups)
}

/// Words of letters and digits that are ids: nine signs, three of them digits; a day among them makes it a time.
pub(super) fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = word.bytes().all(|byte| byte.is_ascii_alphanumeric()) && digits < word.len();
    let parts = word.split(|c: char| !c.is_ascii_digit());
    let holds_time = parts.into_iter().any(|part| part.len() >= 8 && is_time(part.get(..8).unwrap_or_default()));
    word.len() >= 9 && digits >= 3 && is_mixed && !holds_time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart() {
        let check = |text: &str, expected: &[(&str, Sort)]| {
            let found: Vec<(String, Sort)> = runs(text)
                .iter()
                .filter_map(|run| Some((text[run.start..run.end].to_owned(), sort_of("", text, run)?)))
                .collect();
            let found: Vec<(&str, Sort)> = found.iter().map(|(shown, sort)| (shown.as_str(), *sort)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("call +1 555 0100 22 now", &[("+1 555 0100 22", Sort::Phone)]);
        check("call +44 (0)20 7946 0018.", &[("+44 (0)20 7946 0018", Sort::Phone)]);
        check("(312) 555-0142", &[("(312) 555-0142", Sort::Phone)]);
        check("312.555.0142", &[("312.555.0142", Sort::Phone)]);
        check("Tel. 555-0142", &[("555-0142", Sort::Phone)]);
        check("089 1234567", &[("089 1234567", Sort::Phone)]);
        check("on 2026-03-03, 03.04.2026 and 3/4/26 at 12:30", &[]);
        check("2026-02-24 16:00:00,000 --> 16:00:04,500", &[]);
        check("00:00:01.000 --> 00:00:04.000", &[]);
        check(
            "USD 86,400 or 1.200.000 € or $1200000",
            &[("86,400", Sort::Amount), ("1.200.000", Sort::Amount), ("1200000", Sort::Amount)],
        );
        check("1.200.000,50 and 1,200,000.50", &[("1.200.000,50", Sort::Amount), ("1,200,000.50", Sort::Amount)]);
        check("(+) and + and (", &[]);
        check("PO 4500123456", &[("4500123456", Sort::Long)]);
        check("ts 1772529600.000100 and 20260303", &[]);
        check("from 10.20.30.40", &[("10.20.30.40", Sort::Machine)]);
        check("4111 1111 1111 1111", &[("4111 1111 1111 1111", Sort::Long)]);
        check("45 users in 2026, 24 months", &[]);
    }

    #[test]
    fn ids_are_told_from_words_and_times() {
        let check = |word: &str, expected: bool| assert_eq!(is_id(word), expected, "{word}");
        check("U024BE7LH", true);
        check("20260303T120000Z", false);
        check("GMT20260224", false);
        check("enterprise", false);
        check("PO2024", false);
        check("9f3ab7c01", true);
        check("1234567890", false);
    }
}
