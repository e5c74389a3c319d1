//! The opening of a line in an exported WhatsApp chat: its date as three
//! numbers, its time, and what follows; and in which order the numbers stand.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Marks of direction that WhatsApp puts around names and before its own words. They are no words of anybody.
pub(super) const MARKS: [char; 5] = ['\u{200e}', '\u{202a}', '\u{202c}', '\u{2068}', '\u{2069}'];

/// Names are shorter; a longer stretch before a colon is a notice.
const MAX_NAME_BYTES: usize = 120;

/// Which number of a date comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Year,
    Day,
    Month,
}

/// The date and time of one message as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub date: [u16; 3],
    pub separator: u8,
    pub year_first: bool,
    pub time: Time,
}

/// A line without the marks of direction.
pub(super) fn without_marks(line: &str) -> Cow<'_, str> {
    if line.contains(MARKS) { Cow::Owned(line.replace(MARKS, "")) } else { Cow::Borrowed(line) }
}

/// The opening of a message and what follows it; `None` for a line that goes on with the one before.
pub(super) fn read_head(line: &str) -> Option<(Head, &str)> {
    let bracketed = line.strip_prefix('[');
    let (date, separator, year_first, rest) = read_date(bracketed.unwrap_or(line))?;
    let after_comma = rest.strip_prefix(',');
    let spaced = after_comma.unwrap_or(rest).trim_start_matches(is_space);
    let marked =
        spaced.strip_prefix("klo ").or_else(|| spaced.strip_prefix("um ")).or_else(|| spaced.strip_prefix("at "));
    let (time, rest) = read_time(marked.unwrap_or(spaced))?;
    let rest = match bracketed {
        // `[2026-02-24 16:02]` opens a turn of many transcripts; WhatsApp's has a comma or a word there.
        Some(_) if after_comma.is_none() && marked.is_none() => return None,
        Some(_) => rest.strip_prefix(']')?,
        None => rest.trim_start_matches(is_space).strip_prefix("- ")?,
    };
    Some((Head { date, separator, year_first, time }, rest.trim_start_matches(is_space)))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

fn take_number(text: &str, most: usize) -> Option<(u16, usize, &str)> {
    let digits = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > most {
        return None;
    }
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, digits, rest))
}

type DatePart<'t> = ([u16; 3], u8, bool, &'t str);

fn read_date(text: &str) -> Option<DatePart<'_>> {
    let (first, width, rest) = take_number(text, 4)?;
    let separator = *rest.as_bytes().first().filter(|byte| matches!(byte, b'/' | b'.' | b'-'))?;
    let (second, _, rest) = take_number(rest.get(1..)?, 2)?;
    let rest = rest.strip_prefix(char::from(separator))?;
    let (third, last_width, rest) = take_number(rest.trim_start_matches(' '), 4)?;
    let year_first = width == 4;
    if width == 3 || last_width == 3 || year_first && last_width == 4 {
        return None;
    }
    Some(([first, second, third], separator, year_first, rest))
}

/// `09:14`, `9:14:05 PM`, `9.14`, `9:14 p. m.`
fn read_time(text: &str) -> Option<(Time, &str)> {
    let (hour, _, rest) = take_number(text, 2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, ':' | '.'))?;
    let (minute, width, mut rest) = take_number(rest.get(1..)?, 2)?;
    if width != 2 {
        return None;
    }
    let mut second = 0;
    if let Some((found, 2, after)) = rest.strip_prefix(separator).and_then(|rest| take_number(rest, 2)) {
        (second, rest) = (found, after);
    }
    let (afternoon, rest) = read_half(rest);
    let hour = match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let part = |number: u16| i8::try_from(number).ok();
    Some((Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?, rest))
}

/// The half of the day, if it is named.
fn read_half(text: &str) -> (Option<bool>, &str) {
    let spaced = text.trim_start_matches(is_space);
    let mut letters = spaced.char_indices().filter(|(_, c)| !matches!(c, '.') && !is_space(*c));
    let afternoon = match letters.next().map(|(_, c)| c.to_ascii_lowercase()) {
        Some('a') => false,
        Some('p') => true,
        _ => return (None, text),
    };
    match letters.next() {
        Some((at, 'm' | 'M')) => {
            let rest = spaced.get(at + 1..).unwrap_or_default();
            (Some(afternoon), rest.strip_prefix('.').unwrap_or(rest))
        }
        _ => (None, text),
    }
}

/// The author and the words; no author where WhatsApp itself tells something.
pub(super) fn split_author(rest: &str) -> (Option<&str>, &str) {
    let head = rest.split('\n').next().unwrap_or_default();
    let split = head.split_once(": ").or_else(|| head.strip_suffix(':').map(|name| (name, "")));
    match split {
        // `Dana changed the group name to "Rollout: phase 2"`
        Some((name, words))
            if name.len() <= MAX_NAME_BYTES && !name.contains(['"', '“', '”', '„']) && !name.trim().is_empty() =>
        {
            (Some(name), words)
        }
        _ => (None, rest),
    }
}

impl Head {
    /// The moment, taken as UTC since the file names no zone.
    pub(super) fn at(&self, order: Order) -> Option<Timestamp> {
        let date = self.day(order)?;
        Offset::UTC.to_timestamp(DateTime::from_parts(date, self.time)).ok()
    }

    fn day(&self, order: Order) -> Option<Date> {
        day_of(self.date, order)
    }
}

fn day_of([first, second, third]: [u16; 3], order: Order) -> Option<Date> {
    let (year, month, day) = match order {
        Order::Year => (first, second, third),
        Order::Day => (third, second, first),
        Order::Month => (third, first, second),
    };
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The one order in which all dates exist and time goes forward; `None` when two do or none does.
pub(super) fn decide_order(first: &Head, dates: &[[u16; 3]]) -> Option<Order> {
    if first.year_first {
        return Some(Order::Year);
    }
    let days = |order: Order| dates.iter().map(|date| day_of(*date, order)).collect::<Option<Vec<Date>>>();
    let (by_day, by_month) = (days(Order::Day), days(Order::Month));
    match (by_day, by_month) {
        (Some(by_day), Some(by_month)) if by_day == by_month => Some(Order::Day),
        // With full stops the day comes first everywhere.
        (Some(_), _) if first.separator == b'.' => Some(Order::Day),
        (Some(_), None) => Some(Order::Day),
        (None, Some(_)) => Some(Order::Month),
        (Some(by_day), Some(by_month)) => match (by_day.is_sorted(), by_month.is_sorted()) {
            (true, false) => Some(Order::Day),
            (false, true) => Some(Order::Month),
            _ => None,
        },
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&str>) {
        let got = read_head(line).map(|(head, rest)| format!("{:?} {} {rest}", head.date, head.time));
        assert_eq!(got.as_deref(), expected, "{line}");
    }

    #[test]
    fn reads_openings() {
        check("02/03/2026, 09:14 - Dana: hi", Some("[2, 3, 2026] 09:14:00 Dana: hi"));
        check("3/2/26, 9:14\u{202f}PM - Dana: hi", Some("[3, 2, 26] 21:14:00 Dana: hi"));
        check("3/2/26, 12:05 AM - Dana: hi", Some("[3, 2, 26] 00:05:00 Dana: hi"));
        check("2/3/26 9:14 p. m. - Dana: hi", Some("[2, 3, 26] 21:14:00 Dana: hi"));
        check("[02.03.26, 09:14:05] Dana: hi", Some("[2, 3, 26] 09:14:05 Dana: hi"));
        check("[2.3.2026 klo 9.14.05] Dana: hi", Some("[2, 3, 2026] 09:14:05 Dana: hi"));
        check("[2026-03-02, 09:14:05] Dana: hi", Some("[2026, 3, 2] 09:14:05 Dana: hi"));
        check("[2026-03-02 09:14] Dana: hi", None);
        check("02/03/2026, 25:14 - Dana: hi", None);
        check("02/03/2026 is fine", None);
        check("1. first", None);
        check("", None);
    }

    #[test]
    fn tells_authors_from_notices() {
        let check = |rest: &str, expected: Option<&str>| assert_eq!(split_author(rest).0, expected, "{rest}");
        check("Dana: hi: there", Some("Dana"));
        check("Dana added Marcus", None);
        check("Dana changed the group name to \"Rollout: phase 2\"", None);
        check("Dana:", Some("Dana"));
    }

    #[test]
    fn decides_the_order_over_the_whole_file() {
        let decide = |separator: u8, dates: &[[u16; 3]]| {
            let head = Head { date: [0; 3], separator, year_first: false, time: Time::midnight() };
            decide_order(&head, dates)
        };
        assert_eq!(decide(b'/', &[[2, 3, 26], [13, 3, 26]]), Some(Order::Day));
        assert_eq!(decide(b'/', &[[3, 2, 26], [3, 13, 26]]), Some(Order::Month));
        assert_eq!(decide(b'/', &[[2, 3, 26], [3, 4, 26]]), None);
        assert_eq!(decide(b'/', &[[2, 3, 26], [1, 4, 26]]), Some(Order::Day));
        assert_eq!(decide(b'/', &[[3, 2, 26], [4, 1, 26]]), Some(Order::Month));
        assert_eq!(decide(b'/', &[[3, 3, 26]]), Some(Order::Day));
        assert_eq!(decide(b'.', &[[2, 3, 26]]), Some(Order::Day));
        assert_eq!(decide(b'/', &[[13, 13, 26]]), None);
    }
}
