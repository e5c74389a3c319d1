//! Dates and times as mail clients, recorders and people write them in header
//! lines and file names. A date that could mean two days (`03/04/2026`) is no
//! date: an unknown time is better than a wrong one.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::zones;
use crate::language::calendar;

/// A day, with the time of day and the offset from UTC as far as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub at: Timestamp,
    /// `None` when the words name no offset.
    pub zone: Option<Offset>,
}

/// Longer words are no header line; reading on would only find chance numbers.
const MAX_BYTES: usize = 300;

/// How a date is written, as far as the words around it tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Manner {
    /// The offset of times that name none.
    pub zone: Option<Offset>,
    /// Names of months and weekdays are looked for in all languages.
    pub abroad: bool,
    /// `03/04/2026` is the third of April: the line is in a language that writes it so.
    pub day_first: bool,
}

/// The moment somewhere in `text`, in English; `zone` is used where the words name none.
pub(super) fn read_moment(text: &str, zone: Option<Offset>) -> Option<Moment> {
    read_moment_in(text, Manner { zone, ..Manner::default() })
}

/// The same for a date in this manner.
pub(super) fn read_moment_in(text: &str, manner: Manner) -> Option<Moment> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut found = Found { manner, ..Found::default() };
    for (_, token) in tokens(text) {
        found.take(token);
    }
    found.moment()
}

/// The moment at the start of `text`, in English, and the byte where words begin that belong to no date.
pub(super) fn read_leading(text: &str, zone: Option<Offset>) -> (Option<Moment>, usize) {
    read_leading_in(text, Manner { zone, ..Manner::default() })
}

/// The same for a date in this manner.
pub(super) fn read_leading_in(text: &str, manner: Manner) -> (Option<Moment>, usize) {
    let mut found = Found { manner, ..Found::default() };
    for (start, token) in tokens(text) {
        if start > MAX_BYTES || !found.take(token) {
            return (found.moment(), start);
        }
    }
    (found.moment(), text.len())
}

/// The moment in a file name such as `2026-02-24 kickoff.vtt`, `call_20260224.srt` or
/// `GMT20260224-160000_Recording.vtt`.
pub(super) fn read_file_name(name: &str) -> Option<Moment> {
    let digits = name.as_bytes();
    let mut at = 0;
    while at + 8 <= digits.len() {
        let free = at == 0 || !digits[at - 1].is_ascii_digit();
        if free && let Some((date, end)) = date_at(digits, at) {
            let time = time_at(digits, end).unwrap_or(Time::midnight());
            let at = Offset::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()?;
            return Some(Moment { at, zone: None });
        }
        at += 1;
    }
    None
}

fn number(digits: &[u8], from: usize, count: usize) -> Option<i16> {
    let part = digits.get(from..from + count)?;
    part.iter().try_fold(0i16, |sum, byte| {
        byte.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(i16::from(byte - b'0'))).flatten()
    })
}

fn date_at(digits: &[u8], at: usize) -> Option<(Date, usize)> {
    let year = number(digits, at, 4).filter(|year| (1990..2100).contains(year))?;
    let separator = matches!(digits.get(at + 4), Some(b'-' | b'_' | b'.'));
    let (month, day, end) = if separator {
        (number(digits, at + 5, 2)?, number(digits, at + 8, 2)?, at + 10)
    } else {
        (number(digits, at + 4, 2)?, number(digits, at + 6, 2)?, at + 8)
    };
    if digits.get(end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((Date::new(year, month as i8, day as i8).ok()?, end))
}

/// Only six digits after a separator, or four after `T`: shorter ones are as often a number of the call.
fn time_at(digits: &[u8], at: usize) -> Option<Time> {
    let marked = match digits.get(at)? {
        b'T' => true,
        b'-' | b'_' | b' ' => false,
        _ => return None,
    };
    let run = digits.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let seconds = match run {
        6 => number(digits, at + 5, 2)?,
        4 if marked => 0,
        _ => return None,
    };
    Time::new(number(digits, at + 1, 2)? as i8, number(digits, at + 3, 2)? as i8, seconds as i8, 0).ok()
}

/// Words with their byte offset; commas, brackets and the joining narrow space part them as well.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | '、' | '，');
    text.split(parts)
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// What the words have named so far.
#[derive(Debug, Default)]
struct Found {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    zone: Option<Offset>,
    ambiguous: bool,
    /// The month is `mar`, which may turn out to have been a Tuesday.
    doubtful_month: bool,
    manner: Manner,
}

impl Found {
    /// Takes one word in; false when it says nothing about a day or a time.
    fn take(&mut self, token: &str) -> bool {
        let word = token.trim_end_matches('.').to_lowercase();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.take_number(&word);
        }
        if self.time.is_some() && self.take_behind_time(&word) {
            return true;
        }
        if matches!(word.as_str(), "at" | "on" | "of" | "the" | "um" | "-" | "–" | "|") {
            return true;
        }
        if self.manner.abroad && self.time.is_none() && self.take_particle(&word) {
            return true;
        }
        (self.time.is_none() || self.day.is_none()) && self.take_name(&word)
    }

    /// Halves of the day and offsets.
    fn take_behind_time(&mut self, word: &str) -> bool {
        match word {
            "am" | "a.m" => return set(&mut self.afternoon, false),
            "pm" | "p.m" => return set(&mut self.afternoon, true),
            "uhr" => return self.manner.abroad,
            // `9:14 a. m.`
            "a" | "p" if self.manner.abroad && self.afternoon.is_none() => {
                return set(&mut self.afternoon, word == "p");
            }
            "m" => return self.manner.abroad && self.afternoon.is_some(),
            _ => {}
        }
        if self.time.is_some() && zones::is_uncertain(word) {
            self.ambiguous = true;
            return true;
        }
        zones::read(word).is_some_and(|zone| set(&mut self.zone, zone))
    }

    /// Small words inside dates of other languages; `午後9:14` holds a time.
    fn take_particle(&mut self, word: &str) -> bool {
        if let Some((afternoon, time)) =
            word.strip_prefix("午前").map(|time| (false, time)).or(word.strip_prefix("午後").map(|time| (true, time)))
        {
            self.afternoon = Some(afternoon);
            return time.is_empty() || self.take_number(time);
        }
        const PARTICLES: [&str; 25] = [
            "à", "a", "las", "la", "alle", "ore", "às", "as", "om", "o", "godz", "kl", "klockan", "de", "del", "den",
            "r", "giorno", "dia", "le", "el", "il", "em", "op", "am",
        ];
        PARTICLES.contains(&word)
    }

    fn take_name(&mut self, word: &str) -> bool {
        let abroad = self.manner.abroad;
        let weekday = if abroad { calendar::is_weekday_anywhere(word) } else { calendar::is_weekday(word) };
        let month = if abroad { calendar::month_anywhere(word) } else { calendar::month(word) };
        match month {
            Some(month) if self.month.is_none() || self.doubtful_month => {
                self.doubtful_month = abroad && weekday;
                set(&mut self.month, month)
            }
            _ => weekday,
        }
    }

    fn take_number(&mut self, word: &str) -> bool {
        if let Some((date, rest)) = split_iso(word) {
            self.year = Some(date.year());
            self.month = Some(date.month());
            self.day = Some(date.day());
            return rest.is_empty() || self.take_number(rest);
        }
        if self.manner.abroad
            && let Some(taken) = self.take_marked(word)
        {
            return taken;
        }
        if word.contains(':') {
            return self.take_time(word);
        }
        if let Some(separator) = ['/', '.', '-'].into_iter().find(|c| word.matches(*c).count() == 2) {
            return self.take_parted(word, separator);
        }
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = &word[digits.len()..];
        match (digits.parse::<i16>(), suffix) {
            (Ok(year), "") if (1970..2200).contains(&year) && digits.len() == 4 && self.year.is_none() => {
                set(&mut self.year, year)
            }
            (Ok(day), "" | "st" | "nd" | "rd" | "th") if (1..=31).contains(&day) && self.day.is_none() => {
                set(&mut self.day, day as i8)
            }
            (Ok(hour), "am" | "pm") if (1..=12).contains(&hour) && self.time.is_none() => {
                self.afternoon = Some(suffix == "pm");
                set(&mut self.time, (hour as i8, 0, 0))
            }
            _ => false,
        }
    }

    /// Numbers whose marks say what they are: `2026年3月2日`, `9時14分`, `9h14`; `9.14` behind a whole day.
    fn take_marked(&mut self, word: &str) -> Option<bool> {
        if let Some((year, rest)) = word.split_once('年') {
            let (month, rest) = rest.split_once('月')?;
            let (day, rest) = rest.split_once('日')?;
            self.year = Some(year.parse().ok()?);
            self.month = Some(month.parse().ok()?);
            self.day = Some(day.parse().ok()?);
            return Some(rest.is_empty() || self.take_time(rest));
        }
        let separator = ['時', 'h', '.'].into_iter().find(|c| word.contains(*c))?;
        let (hour, minute) = word.split_once(separator)?;
        let whole = self.day.is_some() && self.month.is_some() && self.time.is_none();
        let minute = minute.trim_end_matches('分');
        (whole && minute.len() == 2 && hour.len() <= 2).then(|| self.take_time(&format!("{hour}:{minute}")))
    }

    /// `09:14`, `9:14:05.250`, `9:14pm`, `09:14:00+01:00`, `16:00z`.
    fn take_time(&mut self, word: &str) -> bool {
        if self.time.is_some() {
            return false;
        }
        let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let (clock, suffix) = word.split_at(end);
        let mut parts = clock.split(':').map(|part| part.split('.').next().unwrap_or_default().parse::<i8>());
        let (Some(Ok(hour)), Some(Ok(minute))) = (parts.next(), parts.next()) else { return false };
        let Ok(second) = parts.next().unwrap_or(Ok(0)) else { return false };
        match suffix {
            "" => {}
            "am" | "pm" => self.afternoon = Some(suffix == "pm"),
            _ => match zones::read(suffix) {
                Some(zone) => self.zone = Some(zone),
                None => return false,
            },
        }
        set(&mut self.time, (hour, minute, second))
    }

    /// `24.02.2026` is a day; `03/04/2026` is one only if a number or equality decides.
    fn take_parted(&mut self, word: &str, separator: char) -> bool {
        let mut parts = word.split(separator);
        let (Some(first), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next()) else { return false };
        let Ok(year) = third.parse::<i16>() else { return false };
        let short = third.len() == 2 && self.manner.day_first && separator != '-';
        let year = if short { 2000 + year } else { year };
        if third.len() != 4 && !short {
            self.ambiguous = true;
            return true;
        }
        let Ok(first) = first.parse::<i8>() else { return false };
        let day_first = separator == '.' || self.manner.day_first;
        let (day, month) = match (calendar::month(second), second.parse::<i8>()) {
            (Some(month), _) => (first, month),
            (None, Ok(second)) if day_first || first > 12 || first == second => (first, second),
            (None, Ok(second)) if second > 12 => (second, first),
            (None, Ok(_)) => {
                self.ambiguous = true;
                return true;
            }
            (None, Err(_)) => return false,
        };
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
        true
    }

    fn moment(&self) -> Option<Moment> {
        if self.ambiguous {
            return None;
        }
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let (hour, minute, second) = self.time.unwrap_or_default();
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let time = Time::new(hour, minute, second, 0).ok()?;
        let offset = self.zone.or(self.manner.zone).unwrap_or(Offset::UTC);
        let at = offset.to_timestamp(DateTime::from_parts(date, time)).ok()?;
        Some(Moment { at, zone: self.zone })
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> bool {
    *place = Some(value);
    true
}

/// `2026-02-24`, `2026/02/24`, also with `t16:00` behind.
fn split_iso(word: &str) -> Option<(Date, &str)> {
    let bytes = word.as_bytes();
    if bytes.len() < 10 || !matches!(bytes[4], b'-' | b'/' | b'.') || bytes[7] != bytes[4] {
        return None;
    }
    let date = Date::new(number(bytes, 0, 4)?, number(bytes, 5, 2)? as i8, number(bytes, 8, 2)? as i8).ok()?;
    let rest = word.get(10..)?;
    match rest.strip_prefix('t') {
        Some(time) => Some((date, time)),
        None => rest.is_empty().then_some((date, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let got = read_moment(text, None).map(|moment| moment.at.to_string());
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_what_header_lines_say() {
        check("Mon, 2 Mar 2026 at 09:14", Some("2026-03-02T09:14:00Z"));
        check("Mar 2, 2026, at 9:14 PM", Some("2026-03-02T21:14:00Z"));
        check("Monday, March 2nd, 2026 12:05 AM", Some("2026-03-02T00:05:00Z"));
        check("Tue, 24 Feb 2026 16:00:00 +0100", Some("2026-02-24T15:00:00Z"));
        check("2026-02-24T16:00:00-05:00", Some("2026-02-24T21:00:00Z"));
        check("2026-02-24 16:00 (GMT+1)", Some("2026-02-24T15:00:00Z"));
        check("24.02.2026 16:00", Some("2026-02-24T16:00:00Z"));
        check("2/24/2026 4:00 PM EST", Some("2026-02-24T21:00:00Z"));
        check("24-Feb-2026", Some("2026-02-24T00:00:00Z"));
        check("Sept 3 2026", Some("2026-09-03T00:00:00Z"));
        check("03/04/2026 10:00", None);
        check("3/4/26", None);
        check("next week", None);
        check("30 Feb 2026", None);
        check("25:99 2 Mar 2026", None);
    }

    #[test]
    fn knows_where_a_leading_date_ends() {
        let rest = |text: &'static str| {
            let (moment, end) = read_leading(text, None);
            (moment.is_some(), &text[end..])
        };
        assert_eq!(rest("Mon, 2 Mar 2026 at 09:14, Dana Whitfield"), (true, "Dana Whitfield"));
        assert_eq!(rest("Mar 2, 2026, at 9:14 AM, May Chen"), (true, "May Chen"));
        assert_eq!(rest("2026-03-02 09:14 GMT+01:00 Ana"), (true, "Ana"));
        assert_eq!(rest("Dana Whitfield"), (false, "Dana Whitfield"));
    }

    #[test]
    fn reads_file_names() {
        let at = |name| read_file_name(name).map(|moment| moment.at.to_string());
        assert_eq!(at("2026-02-24 kickoff.vtt").as_deref(), Some("2026-02-24T00:00:00Z"));
        assert_eq!(at("call_20260224.srt").as_deref(), Some("2026-02-24T00:00:00Z"));
        assert_eq!(at("GMT20260224-160000_Recording.vtt").as_deref(), Some("2026-02-24T16:00:00Z"));
        assert_eq!(at("0012026022412.srt"), None);
        assert_eq!(at("20261341.srt"), None);
        assert_eq!(at("été-2026-02-24.vtt").as_deref(), Some("2026-02-24T00:00:00Z"));
    }
}
