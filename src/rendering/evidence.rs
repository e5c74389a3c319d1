//! A quote with where it stands: the words in “…”, then author, date and
//! source. The date is the author's own where the zone is known.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::clean::{clean, shorten};
use crate::brief::{Evidence, Tier};
use crate::conversation::Conversation;
use crate::wording;

/// More of a quote than this many characters is in the JSON only.
const QUOTE_LIMIT: usize = 300;

/// The words and the small print, apart so that each has its style.
pub(super) struct Cited {
    /// With its quotation marks; empty when an author line is the evidence.
    pub quote: String,
    /// `Dana Whitfield, 3 Mar 2026, 03-thread.json`.
    pub place: String,
}

pub(super) fn cite(evidence: &Evidence, conversation: &Conversation) -> Cited {
    let zone = conversation.message(evidence.message).and_then(|message| message.zone);
    let date = evidence.at.map(|at| show_day(at, zone));
    let source = clean(&evidence.source);
    if evidence.tier == Tier::Author {
        return Cited {
            quote: String::new(),
            place: wording::author_line(&clean(&evidence.quote), date.as_deref(), &source),
        };
    }
    let author = evidence.author.as_deref().map(clean);
    let parts = [author, date, Some(source)];
    Cited {
        quote: format!("“{}”", shorten(&spoken(&evidence.quote), QUOTE_LIMIT)),
        place: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
    }
}

/// The words of a quote without what only lays them out: the `>` of an e-mail's history, the dash of a list.
pub(super) fn spoken(quote: &str) -> String {
    let lines: Vec<&str> = quote.lines().map(|line| line.trim_start_matches(['>', ' ', '\t'])).collect();
    let words = lines.join(" ");
    let bare = ["- ", "* ", "• "].iter().find_map(|bullet| words.strip_prefix(bullet)).unwrap_or(&words);
    clean(bare)
}

/// `3 Mar 2026`.
pub(super) fn show_day(at: Timestamp, zone: Option<Offset>) -> String {
    zone.unwrap_or(Offset::UTC).to_datetime(at).strftime("%-d %b %Y").to_string()
}

/// `3 Mar 2026, 09:20 +01:00`, or `UTC` where the zone is unknown.
pub(crate) fn show_time(at: Timestamp, zone: Option<Offset>) -> String {
    let local = zone.unwrap_or(Offset::UTC).to_datetime(at).strftime("%-d %b %Y, %H:%M").to_string();
    match zone.map(|offset| offset.seconds() / 60) {
        None | Some(0) => format!("{local} UTC"),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{local} {sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_shown_without_their_layout() {
        let check = |quote: &str, expected: &str| assert_eq!(spoken(quote), expected, "{quote:?}");
        check("- We start with 45 users", "We start with 45 users");
        check("> instead of the $92,000 from\n> January.", "instead of the $92,000 from January.");
        check("more than -5 and > 3", "more than -5 and > 3");
        check("-5 degrees", "-5 degrees");
        check("", "");
    }

    #[test]
    fn days_are_the_authors_own() {
        let at: Timestamp = "2026-03-03T23:30:00Z".parse().expect("a time");
        let berlin = Offset::from_seconds(3600).expect("an offset");
        let new_york = Offset::from_seconds(-5 * 3600).expect("an offset");
        assert_eq!(show_day(at, None), "3 Mar 2026");
        assert_eq!(show_day(at, Some(berlin)), "4 Mar 2026");
        assert_eq!(show_time(at, None), "3 Mar 2026, 23:30 UTC");
        assert_eq!(show_time(at, Some(berlin)), "4 Mar 2026, 00:30 +01:00");
        assert_eq!(show_time(at, Some(new_york)), "3 Mar 2026, 18:30 -05:00");
    }
}
