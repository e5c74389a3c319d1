//! One line of an IRC log: who said something and when, a new day, the name of
//! the channel, or a notice of the server.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::intake::dates;

/// Nicks are shorter, also those a bridge from other chats makes up.
const MAX_NICK_BYTES: usize = 64;

/// When a line was said, as far as it tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum When {
    At(Timestamp),
    Civil(DateTime),
    /// Month, day and time.
    Yearless(i8, i8, Time),
    Clock(Time),
}

#[derive(Debug, PartialEq)]
pub(super) enum Line<'t> {
    Said { when: When, nick: &'t str, words: &'t str, action: bool },
    Day(Date),
    Channel(&'t str),
    Notice,
    Other,
}

/// Lines that name the day, by what they begin with.
const DAYS: [&str; 7] = [
    "--- Log opened ",
    "--- Day changed ",
    "**** BEGIN LOGGING AT ",
    "Session Start: ",
    "Session Time: ",
    "--- Day changed to ",
    "== Log opened ",
];

pub(super) fn read(line: &str) -> Line<'_> {
    let line = line.trim_end();
    if let Some(rest) = DAYS.iter().find_map(|opening| line.strip_prefix(opening)) {
        let day = dates::read_moment(rest, None).map(|moment| Offset::UTC.to_datetime(moment.at).date());
        return day.map_or(Line::Notice, Line::Day);
    }
    if let Some(channel) = line.strip_prefix("Session Ident: ") {
        return Line::Channel(channel.trim());
    }
    if ["--- Log closed", "**** ENDING LOGGING", "Session Close:", "--- "]
        .iter()
        .any(|opening| line.starts_with(opening))
    {
        return Line::Notice;
    }
    let Some((when, rest)) = read_when(line) else { return Line::Other };
    read_said(when, rest)
}

fn read_said(when: When, rest: &str) -> Line<'_> {
    if let Some(tabbed) = rest.strip_prefix('\t') {
        return read_tabbed(when, tabbed);
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    if let Some(inner) = rest.strip_prefix('<') {
        let Some((nick, words)) = inner.split_once('>') else { return Line::Other };
        // No space behind: an arrow or a tag, not somebody who speaks.
        let spoken = words.is_empty() || words.starts_with([' ', '\t']);
        return match read_nick(nick.trim(), true).filter(|_| spoken) {
            Some(nick) => Line::Said { when, nick, words: words.trim_start(), action: false },
            None if nick.starts_with("--") || nick.starts_with('-') => Line::Notice,
            None => Line::Other,
        };
    }
    if ["-!-", "***", "-->", "<--", "--", "=-=", "-*-", "|<--", "==="].iter().any(|mark| rest.starts_with(mark)) {
        return Line::Notice;
    }
    if let Some(acted) = rest.strip_prefix("* ") {
        return read_action(when, acted.trim_start());
    }
    // `2026-03-02T09:14:05Z dana: words`; with a bare clock it would be any transcript.
    match rest.split_once(": ") {
        Some((nick, words)) if matches!(when, When::At(_)) => match read_nick(nick, false) {
            Some(nick) => Line::Said { when, nick, words: words.trim_start(), action: false },
            None => Line::Other,
        },
        _ => Line::Other,
    }
}

/// WeeChat: the nick, or a sign for notices and actions, between tabs.
fn read_tabbed(when: When, rest: &str) -> Line<'_> {
    let Some((prefix, words)) = rest.split_once('\t') else { return Line::Notice };
    match prefix.trim() {
        "*" => read_action(when, words.trim_start()),
        "" | "--" | "-->" | "<--" | "=!=" => Line::Notice,
        prefix => match read_nick(prefix, false) {
            Some(nick) => Line::Said { when, nick, words, action: false },
            None => Line::Other,
        },
    }
}

/// `dana waves` is theirs; `dana has joined #ops` is the server's.
fn read_action(when: When, rest: &str) -> Line<'_> {
    let (nick, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_notice = [
        "has joined",
        "has left",
        "has quit",
        "is now known as",
        "sets mode",
        "has changed the topic",
        "Joins:",
        "Parts:",
        "Quits:",
    ];
    if is_notice.iter().any(|notice| words.starts_with(notice) || rest.starts_with(notice))
        || nick == "*"
        || nick == "**"
    {
        return Line::Notice;
    }
    match read_nick(nick, false) {
        Some(nick) => Line::Said { when, nick, words, action: true },
        None => Line::Other,
    }
}

/// A nick without the sign of its rank. Bridges put whole names between the angle brackets.
fn read_nick(nick: &str, spaced: bool) -> Option<&str> {
    let nick = nick.trim_start_matches(['@', '+', '%', '&', '~', '!']).trim();
    let fits = |c: char| c.is_alphanumeric() || "_-[]\\^{}|`.'".contains(c) || spaced && c == ' ';
    let starts = nick.starts_with(|c: char| c.is_alphanumeric() || "_[]\\^{}|`".contains(c));
    (starts && nick.len() <= MAX_NICK_BYTES && nick.chars().all(fits)).then_some(nick)
}

/// The time at the start of a line, and what follows.
fn read_when(line: &str) -> Option<(When, &str)> {
    if let Some(inner) = line.strip_prefix(['[', '(']) {
        let (stamp, rest) = inner.split_once([']', ')'])?;
        let (when, after) = read_stamp(stamp.trim())?;
        return after.trim().is_empty().then_some((when, rest));
    }
    read_stamp(line).filter(|(_, rest)| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn read_stamp(text: &str) -> Option<(When, &str)> {
    if let Some((time, rest)) = read_clock(text) {
        return Some((When::Clock(time), rest));
    }
    if let Some((date, rest)) = read_iso_date(text) {
        let marked = rest.strip_prefix(['T', ' ', '_'])?;
        let (time, rest) = read_clock(marked)?;
        let civil = DateTime::from_parts(date, time);
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (zone, after) = rest.split_at_checked(end)?;
        if zone.is_empty() {
            return Some((When::Civil(civil), rest));
        }
        let stamp = text.get(..text.len() - after.len())?;
        return Some((When::At(stamp.parse().ok()?), after));
    }
    let (month, rest) = text.split_once(' ')?;
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)? + 1;
    let (day, rest) = rest.trim_start().split_once(' ')?;
    let (time, rest) = read_clock(rest)?;
    Some((When::Yearless(i8::try_from(month).ok()?, day.parse().ok()?, time), rest))
}

fn read_iso_date(text: &str) -> Option<(Date, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    let plain = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { matches!(byte, b'-' | b'/') } else { byte.is_ascii_digit() });
    if !plain {
        return None;
    }
    let part = |from: usize, to: usize| date.get(from..to).and_then(|digits| digits.parse::<i16>().ok());
    let (month, day) = (i8::try_from(part(5, 7)?).ok()?, i8::try_from(part(8, 10)?).ok()?);
    Some((Date::new(part(0, 4)?, month, day).ok()?, rest))
}

/// `09:14`, `09:14:05`, `09:14:05.250`; two digits each, as logs have them.
fn read_clock(text: &str) -> Option<(Time, &str)> {
    let two = |from: usize| {
        let digits = text.as_bytes().get(from..from + 2)?;
        let number = digits
            .iter()
            .try_fold(0i8, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + (digit - b'0') as i8))?;
        Some(number)
    };
    let colon = |at: usize| text.as_bytes().get(at) == Some(&b':');
    if !colon(2) {
        return None;
    }
    let (hour, minute) = (two(0)?, two(3)?);
    let (second, mut end) = if colon(5) { (two(6)?, 8) } else { (0, 5) };
    if let Some(fraction) = text.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        end += 1 + fraction.bytes().take_while(u8::is_ascii_digit).count();
    }
    Some((Time::new(hour, minute, second, 0).ok()?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let got = match read(line) {
            Line::Said { nick, words, action, .. } => format!("{nick}{} {words}", if action { "*" } else { "" }),
            Line::Day(day) => format!("day {day}"),
            Line::Channel(channel) => format!("channel {channel}"),
            Line::Notice => "notice".to_owned(),
            Line::Other => "other".to_owned(),
        };
        assert_eq!(got, expected, "{line}");
    }

    #[test]
    fn reads_lines() {
        check("[09:14] <dana> hi: there", "dana hi: there");
        check("09:14 < dana> hi", "dana hi");
        check("09:14:05 <@dana> <b>", "dana <b>");
        check("(09:14) <Dana Whitfield> hi", "Dana Whitfield hi");
        check("2026-03-02 09:14:05 <dana> hi", "dana hi");
        check("2026-03-02T09:14:05.120Z dana: hi", "dana hi");
        check("2026-03-02 09:14:05\t*\tdana waves", "dana* waves");
        check("09:14  * dana waves", "dana* waves");
        check("09:14 -!- dana [~d@host] has joined #northwind", "notice");
        check("[09:14] * dana has joined #northwind", "notice");
        check("[09:14] *** Joins: dana", "notice");
        check("--- Day changed Tue Mar 03 2026", "day 2026-03-03");
        check("Session Ident: #northwind", "channel #northwind");
        check("09:14 dana: hi", "other");
        check("09:14 we met", "other");
        check("[draft] <dana> hi", "other");
        check("2026-13-02 09:14 <dana> hi", "other");
        check("é", "other");
        check("", "other");
    }
}
