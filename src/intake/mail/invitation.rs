//! Calendar invitations and their answers (iCalendar, RFC 5545 and RFC 5546):
//! each event is a message of whoever sent it, kept apart from the mail that
//! brought it. When, where and who came are told in words, with the time zone.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::timezone::TzResolver;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod, ICalendarParameterName,
    ICalendarParameterValue, ICalendarParticipationStatus, ICalendarProperty, ICalendarRecurrenceRule, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, Offset as _};
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::conversation::{Author, DocumentKind, SegmentKind};
use crate::intake::draft::{Acquainted, Collected, Draft, DraftMessage, Origin, Piece};
use crate::intake::names;
use crate::intake::text;

/// Calendars of one file, broken ones included, before the rest is given up.
const MAX_PIECES: usize = 1_000;

pub(in crate::intake) fn is_calendar(start: &str) -> bool {
    start.get(..15).is_some_and(|opening| opening.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

pub(in crate::intake) fn read(origin: &Origin, content: &str, collected: &mut Collected) {
    // The parser is another's; its fault must not lose the conversation.
    let (parsed, cut) = std::panic::catch_unwind(|| parse(content)).unwrap_or_default();
    if cut {
        collected.leave_unread(origin, format!("it holds more than {MAX_PIECES} calendars; the others are not read"));
    }
    let mut messages = Vec::new();
    let mut events = 0;
    for calendar in &parsed {
        let zones = calendar.build_tz_resolver();
        let method = calendar.components.iter().find_map(|component| {
            match component.property(&ICalendarProperty::Method)?.values.first()? {
                ICalendarValue::Method(method) => Some(method),
                _ => None,
            }
        });
        let is_event = |component: &&ICalendarComponent| component.component_type == ICalendarComponentType::VEvent;
        for event in calendar.components.iter().filter(is_event) {
            events += 1;
            let event = Event { event, method, zones: &zones };
            messages.extend(event.read(origin, collected));
        }
    }
    if messages.is_empty() && !parsed.iter().any(|calendar| !calendar.components.is_empty()) {
        collected.leave_unread(origin, "it is a calendar file that cannot be read");
        return;
    }
    if events == 0 {
        collected.warn(&origin.source, "", "no event stands in it");
    }
    let title = messages.first().and_then(|message| message.subject.clone());
    let source = origin.source.clone();
    collected.add(origin, Draft { source, kind: DocumentKind::Email, format: "ics", title, messages });
}

/// The calendars, and whether some are left.
fn parse(content: &str) -> (Vec<ICalendar>, bool) {
    let mut parser = Parser::new(content);
    let mut calendars = Vec::new();
    for _ in 0..MAX_PIECES {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof => return (calendars, false),
            _ => {}
        }
    }
    (calendars, !matches!(parser.entry(), Entry::Eof))
}

struct Event<'a> {
    event: &'a ICalendarComponent,
    method: Option<&'a ICalendarMethod>,
    zones: &'a TzResolver<&'a str>,
}

impl Event<'_> {
    fn read(&self, origin: &Origin, collected: &mut Collected) -> Option<DraftMessage> {
        let organiser = self.event.property(&ICalendarProperty::Organizer).map(person);
        let attendees: Vec<&ICalendarEntry> =
            self.event.entries.iter().filter(|entry| entry.name == ICalendarProperty::Attendee).collect();
        let replying = matches!(self.method, Some(ICalendarMethod::Reply | ICalendarMethod::Counter));
        // An answer names its author alone; where it names several, who of them wrote it is not told.
        let answering = match attendees.as_slice() {
            [only] if replying => Some(person(only)),
            _ => None,
        };
        for someone in organiser.iter().cloned().chain(attendees.iter().map(|entry| person(entry))) {
            collected.acquaint(&someone);
        }
        let author = answering.clone().or(organiser.clone().filter(|_| !replying)).unwrap_or_default();
        let mut tidied = text::tidy(&self.words(organiser.as_ref(), &attendees), &collected.limits);
        collected.warn_of_cuts(&origin.source, "", &tidied);
        let mut pieces = Piece::whole(&tidied.text);
        if let Some(description) = self.text(&ICalendarProperty::Description) {
            let description = text::tidy(description, &collected.limits);
            collected.warn_of_cuts(&origin.source, "", &description);
            append(
                &mut tidied.text,
                &mut pieces,
                &description.text,
                replying.then(|| organiser.clone().unwrap_or_default()).as_ref(),
            );
        }
        let uid = self.text(&ICalendarProperty::Uid);
        let who = answering.and_then(|author| author.address).unwrap_or_default();
        let key = uid.map(|uid| format!("invitation {uid} {who}"));
        if let Some(key) = &key
            && collected.meet(&format!("{key} {:?} {}", self.method, tidied.text.len()), &tidied.text)
                == Acquainted::SameWords
        {
            collected.warn(&origin.source, "", "the same invitation was given before: counted once");
            return None;
        }
        let at = self.moment(&ICalendarProperty::Dtstamp).or_else(|| self.moment(&ICalendarProperty::Created));
        if at.is_none() {
            collected.warn(&origin.source, "", "it does not say when it was sent");
        }
        let start = self.event.property(&ICalendarProperty::Dtstart).and_then(|entry| self.when(entry));
        Some(DraftMessage {
            author,
            at,
            // An answer comes from wherever its author is.
            zone: start.filter(|_| !replying).and_then(|start| start.offset()),
            subject: self.text(&ICalendarProperty::Summary).map(str::to_owned),
            pieces,
            text: tidied.text,
            parents: uid.filter(|_| replying).map(|uid| format!("invitation {uid} ")).into_iter().collect(),
            key,
            ..DraftMessage::default()
        })
    }

    fn words(&self, organiser: Option<&Author>, attendees: &[&ICalendarEntry]) -> String {
        let summary = self.text(&ICalendarProperty::Summary).unwrap_or("no title");
        let mut lines = vec![format!("{}: {summary}", self.opening(attendees))];
        if let Some(when) = self.time_of_event() {
            lines.push(format!("When: {when}"));
        }
        if let Some(ICalendarValue::RecurrenceRule(rule)) =
            self.event.property(&ICalendarProperty::Rrule).and_then(|entry| entry.values.first())
        {
            lines.push(format!("Repeats: {}", repeats(rule)));
        }
        if let Some(place) = self.text(&ICalendarProperty::Location) {
            lines.push(format!("Where: {place}"));
        }
        if let Some(organiser) = organiser {
            lines.push(format!("Organiser: {}", written(organiser)));
        }
        if !attendees.is_empty() {
            let people: Vec<String> = attendees.iter().map(|entry| attendee(entry)).collect();
            lines.push(format!("Attendees: {}", people.join(", ")));
        }
        if let Some(comment) = self.text(&ICalendarProperty::Comment) {
            lines.push(format!("\n{comment}"));
        }
        lines.join("\n")
    }

    fn opening(&self, attendees: &[&ICalendarEntry]) -> &'static str {
        match self.method {
            Some(ICalendarMethod::Request | ICalendarMethod::Add) => "Invitation",
            Some(ICalendarMethod::Cancel) => "Cancelled",
            Some(ICalendarMethod::Counter) => "Another time proposed",
            Some(ICalendarMethod::Declinecounter) => "Proposed time declined",
            Some(ICalendarMethod::Reply) => match attendees.first().and_then(|entry| status(entry)) {
                Some("accepted") => "Accepted",
                Some("declined") => "Declined",
                Some("tentative") => "Tentatively accepted",
                _ => "Answer to an invitation",
            },
            _ => "Calendar entry",
        }
    }

    fn time_of_event(&self) -> Option<String> {
        let start = self.when(self.event.property(&ICalendarProperty::Dtstart)?)?;
        let mut words = start.at.format("%A, %-d %B %Y").to_string();
        let end = self.event.property(&ICalendarProperty::Dtend).and_then(|entry| self.when(entry)).map(|end| end.at);
        if start.whole_day {
            // The end of a whole day is the morning after.
            let last = end.and_then(|end| end.date_naive().pred_opt()).filter(|last| *last > start.at.date_naive());
            if let Some(last) = last {
                words.push_str(&last.format(" to %A, %-d %B %Y").to_string());
            }
            return Some(words + " (whole day)");
        }
        words.push_str(&start.at.format(", %H:%M").to_string());
        let end = end.or_else(|| self.duration().and_then(|length| start.at.checked_add_signed(length)));
        if let Some(end) = end {
            let same_day = end.date_naive() == start.at.date_naive();
            words.push_str(&end.format(if same_day { " to %H:%M" } else { " to %A, %-d %B %Y, %H:%M" }).to_string());
        }
        let zone = match start.at.timezone() {
            Tz::Floating => "time zone not given".to_owned(),
            zone if zone.is_utc() => "UTC".to_owned(),
            zone => {
                let offset = start.at.format("UTC%:z");
                zone.name().map_or(offset.to_string(), |name| format!("{name}, {offset}"))
            }
        };
        Some(format!("{words} ({zone})"))
    }

    fn duration(&self) -> Option<chrono::TimeDelta> {
        let ICalendarValue::Duration(length) = self.event.property(&ICalendarProperty::Duration)?.values.first()?
        else {
            return None;
        };
        let days = i64::from(length.weeks) * 7 + i64::from(length.days);
        let minutes = (days * 24 + i64::from(length.hours)) * 60 + i64::from(length.minutes);
        chrono::TimeDelta::try_seconds(minutes * 60 + i64::from(length.seconds)).filter(|_| !length.neg)
    }

    fn when(&self, entry: &ICalendarEntry) -> Option<When> {
        let ICalendarValue::PartialDateTime(written) = entry.values.first()? else { return None };
        let zone = self.zones.resolve_or_default(entry.tz_id());
        let whole_day = written.hour.is_none();
        let midnight = PartialDateTime { hour: Some(0), minute: Some(0), second: Some(0), ..(**written).clone() };
        let at = if whole_day { midnight.to_date_time_with_tz(zone) } else { written.to_date_time_with_tz(zone) };
        Some(When { at: at?, whole_day })
    }

    fn moment(&self, property: &ICalendarProperty) -> Option<Timestamp> {
        let when = self.when(self.event.property(property)?)?;
        Timestamp::from_second(when.at.timestamp()).ok()
    }

    fn text(&self, property: &ICalendarProperty) -> Option<&str> {
        let words = self.event.property(property)?.values.first()?.as_text()?.trim();
        (!words.is_empty()).then_some(words)
    }
}

/// The description of the event: in an answer it is still the organiser's.
fn append(text: &mut String, pieces: &mut Vec<Piece>, description: &str, quoted: Option<&Author>) {
    if description.trim().is_empty() {
        return;
    }
    text.push_str("\n\n");
    let start = text.len();
    text.push_str(description);
    match (quoted, pieces.last_mut()) {
        (Some(organiser), _) => {
            let mut piece = Piece::new(SegmentKind::Quote, start, text.len());
            piece.segment.author = Some(organiser.clone());
            pieces.push(piece);
        }
        (None, Some(piece)) => piece.segment.end = text.len(),
        (None, None) => pieces.extend(Piece::whole(text)),
    }
}

struct When {
    at: DateTime<Tz>,
    whole_day: bool,
}

impl When {
    /// The offset from UTC, where a time zone was given.
    fn offset(&self) -> Option<Offset> {
        let zone = self.at.timezone();
        let known = !self.whole_day && !zone.is_floating() && !zone.is_utc();
        Offset::from_seconds(self.at.offset().fix().local_minus_utc()).ok().filter(|_| known)
    }
}

fn person(entry: &ICalendarEntry) -> Author {
    let address = entry.values.first().and_then(ICalendarValue::as_text).unwrap_or_default().trim();
    let bare =
        address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(address, |_| &address[7..]);
    let name = entry.parameters(&ICalendarParameterName::Cn).find_map(|name| name.as_text()).map(names::tidy_name);
    let address = names::is_address(bare).then(|| bare.to_owned());
    let name = name.filter(|name| !name.is_empty() && !names::is_address(name));
    Author { name, address, side: Default::default() }
}

fn written(author: &Author) -> String {
    match (&author.name, &author.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        _ => author.label().unwrap_or("nobody named").to_owned(),
    }
}

fn attendee(entry: &ICalendarEntry) -> String {
    let who = written(&person(entry));
    status(entry).map_or(who.clone(), |status| format!("{who} ({status})"))
}

fn status(entry: &ICalendarEntry) -> Option<&'static str> {
    match entry.parameter(&ICalendarParameterName::Partstat)? {
        ICalendarParameterValue::Partstat(status) => match status {
            ICalendarParticipationStatus::Accepted => Some("accepted"),
            ICalendarParticipationStatus::Declined => Some("declined"),
            ICalendarParticipationStatus::Tentative => Some("tentative"),
            ICalendarParticipationStatus::Delegated => Some("delegated"),
            _ => None,
        },
        _ => None,
    }
}

/// `every 2 weeks until 2026-06-30`.
fn repeats(rule: &ICalendarRecurrenceRule) -> String {
    let unit = match format!("{:?}", rule.freq).to_lowercase().as_str() {
        "daily" => "day",
        "weekly" => "week",
        "monthly" => "month",
        "yearly" => "year",
        _ => "hour or less",
    };
    let mut words = match rule.interval {
        Some(interval) if interval > 1 => format!("every {interval} {unit}s"),
        _ => format!("every {unit}"),
    };
    if let Some(count) = rule.count {
        words.push_str(&format!(", {count} times"));
    }
    if let Some(until) = &rule.until
        && let (Some(year), Some(month), Some(day)) = (until.year, until.month, until.day)
    {
        words.push_str(&format!(", until {year:04}-{month:02}-{day:02}"));
    }
    words
}
