//! Logs of IRC programs: irssi (`09:14 <dana> words` under `--- Log opened`),
//! WeeChat (`2026-03-02 09:14:05<TAB>dana<TAB>words`), HexChat (`Mar 02 09:14:05 <dana>`
//! under `**** BEGIN LOGGING AT`), mIRC (`[09:14] <dana>` under `Session Start:`),
//! after irssi's "Logging" manual chapter, WeeChat's user's guide ("Logger
//! plugin") and the samples their users publish. A nick is a handle, not a name.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::irc_line::{self as line, Line, When};
use crate::conversation::{Author, DocumentKind};
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin, Piece};
use crate::intake::{dates, text};

/// Likeness is judged by this many lines.
const MAX_JUDGED_LINES: usize = 200;

/// Whether a text is a log: at least two lines of somebody, and hardly a line that is none of a log.
pub(in crate::intake) fn is_log(start: &str) -> bool {
    let (mut said, mut other) = (0, 0);
    for written in start.lines().take(MAX_JUDGED_LINES).filter(|line| !line.trim().is_empty()) {
        match line::read(written) {
            Line::Said { .. } => said += 1,
            Line::Other => other += 1,
            _ => {}
        }
    }
    said >= 2 && said > other
}

/// Which day the clock of the next line belongs to.
#[derive(Debug, Default)]
struct Calendar {
    day: Option<Date>,
    /// The last clock of that day, in seconds: one that goes back opens a day nobody named.
    clock: i64,
    lost: bool,
    zone_given: bool,
}

/// A clock may go back this far without a new day: lines of two servers cross.
const MAX_BACK_SECONDS: i64 = 3_600;

impl Calendar {
    fn open(&mut self, day: Option<Date>) {
        (self.day, self.clock) = (day, 0);
    }

    fn at(&mut self, when: When) -> Option<Timestamp> {
        match when {
            When::At(at) => {
                self.zone_given = true;
                Some(at)
            }
            When::Civil(civil) => Offset::UTC.to_timestamp(civil).ok(),
            // HexChat leaves the year to the line that opened the log.
            When::Yearless(month, day, time) => {
                let year = self.day?.year();
                let date = Date::new(year, month, day).ok()?;
                Offset::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()
            }
            When::Clock(time) => {
                let clock = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
                if clock + MAX_BACK_SECONDS < self.clock {
                    self.lost |= self.day.is_some();
                    self.day = None;
                }
                self.clock = clock.max(if clock + MAX_BACK_SECONDS < self.clock { 0 } else { self.clock });
                Offset::UTC.to_timestamp(DateTime::from_parts(self.day?, time)).ok()
            }
        }
    }
}

/// Makes the log a document.
pub(in crate::intake) fn read(origin: &Origin, text: &str, collected: &mut Collected) {
    let source = origin.source.clone();
    let tidied = text::tidy(text.trim_start_matches('\u{feff}'), &collected.limits);
    collected.warn_of_cuts(&source, "", &tidied);
    let named = dates::read_file_name(&origin.name).map(|moment| Offset::UTC.to_datetime(moment.at).date());
    let mut calendar = Calendar { day: named, ..Calendar::default() };
    let mut messages: Vec<DraftMessage> = Vec::new();
    let (mut notices, mut before) = (0, 0);
    let mut title = None;
    for written in tidied.text.lines() {
        match line::read(written) {
            Line::Said { when, nick, words, action } => {
                let author = author_of(nick);
                let text = if action { format!("* {nick} {words}") } else { words.to_owned() };
                let pieces = Piece::whole(&text);
                messages.push(DraftMessage { author, at: calendar.at(when), text, pieces, ..DraftMessage::default() });
            }
            Line::Day(day) => calendar.open(Some(day)),
            Line::Channel(channel) => title = title.or(Some(channel.to_owned())),
            Line::Notice => notices += 1,
            Line::Other if written.trim().is_empty() => {}
            Line::Other => match messages.last_mut() {
                // A pasted line break: what follows is still theirs.
                Some(last) => {
                    last.text.push('\n');
                    last.text.push_str(written.trim_end());
                    last.pieces = Piece::whole(&last.text);
                }
                None => before += 1,
            },
        }
    }
    let undated = messages.iter().filter(|message| message.at.is_none()).count();
    let told = [
        (notices, "notices (joined, left, renamed) were left out"),
        (before, "lines stand before the first message and were left out"),
        (undated, "messages have a clock but no day: when they were written is unknown"),
    ];
    super::warn_of_counts(&source, &told, collected);
    if calendar.lost {
        collected.warn(&source, "", "its clock starts again without naming a new day: the days from there are unknown");
    }
    if !calendar.zone_given && undated < messages.len() {
        collected.warn(&source, "", "its times name no time zone: they are taken as UTC");
    }
    messages.retain(|message| !message.pieces.is_empty());
    collected.add(origin, Draft { source, kind: DocumentKind::Chat, format: "irc", title, messages });
}

/// Only two words are a name that others may know as well.
fn author_of(nick: &str) -> Author {
    if nick.contains(' ') {
        return Author { name: Some(nick.to_owned()), ..Author::default() };
    }
    Author { address: Some(nick.to_owned()), ..Author::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut collected = Collected::within(crate::config::Limits::default());
        let origin = Origin { source: "x".into(), name: "x".into(), inside: None, depth: 0 };
        assert!(is_log(text), "{text}");
        read(&origin, text, &mut collected);
        let show = |message: &DraftMessage| {
            let at = message.at.map_or("?".to_owned(), |at| at.to_string());
            format!("{at} {} {}", message.author.label().unwrap_or_default(), message.text)
        };
        assert_eq!(collected.drafts[0].messages.iter().map(show).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn counts_days() {
        check("09:14 <dana> hi\n09:15 <@marcus> hi", &["? dana hi", "? marcus hi"]);
        check(
            "--- Log opened Mon Mar 02 23:00:00 2026\n23:59 <dana> a\n--- Day changed Tue Mar 03 2026\n00:01 <al> b",
            &["2026-03-02T23:59:00Z dana a", "2026-03-03T00:01:00Z al b"],
        );
        check(
            "Session Start: Mon Mar 02 23:00:00 2026\n[23:59] <dana> a\n[00:01] <al> b\n[00:02] * al waves",
            &["2026-03-02T23:59:00Z dana a", "? al b", "? al * al waves"],
        );
        check(
            "2026-03-02 09:14:05\tdana\ta\n2026-03-02 09:14:06\t-->\tal (~al@x) has joined #ops\n2026-03-02 09:14:07\t@al\tb\nmore",
            &["2026-03-02T09:14:05Z dana a", "2026-03-02T09:14:07Z al b\nmore"],
        );
        check(
            "2026-03-02T09:14:05+01:00 <dana> a\n2026-03-02T09:14:06+01:00 <al> b",
            &["2026-03-02T08:14:05Z dana a", "2026-03-02T08:14:06Z al b"],
        );
        check(
            "**** BEGIN LOGGING AT Mon Mar  2 09:00:00 2026\n\nMar 02 09:14:05 <dana>\ta\nMar 02 09:14:06 <al>\tb",
            &["2026-03-02T09:14:05Z dana a", "2026-03-02T09:14:06Z al b"],
        );
    }

    #[test]
    fn leaves_other_text_alone() {
        for text in
            ["", "Dana: hi\nAl: hi", "09:14 we met\n09:15 we left", "a <b> c\nd <e> f", "<dana> hi\n<al> hi\nx\ny\nz"]
        {
            assert!(!is_log(text), "{text}");
        }
    }
}
