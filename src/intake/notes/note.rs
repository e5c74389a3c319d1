//! Any other text: meeting notes, pasted threads, logs. Leading lines may say
//! who wrote it, when and about what.

use super::sections::{self, HeadingLine};
use crate::conversation::DocumentKind;
use crate::intake::attendees;
use crate::intake::dates;
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::names;
use crate::intake::text::Tidied;

const AUTHOR_LABELS: [&str; 7] = ["from", "author", "by", "written by", "logged by", "created by", "note by"];
const DATE_LABELS: [&str; 7] = ["date", "sent", "created", "when", "created at", "logged", "written"];
const SUBJECT_LABELS: [&str; 4] = ["subject", "title", "topic", "re"];
/// Labels that belong to a header without telling anything kept beside the text.
const OTHER_LABELS: [&str; 6] = ["to", "cc", "account", "company", "customer", "deal"];

/// A header has at most this many lines.
const MAX_HEADER_LINES: usize = 10;

/// Front matter has at most this many lines.
const MAX_FRONT_LINES: usize = 60;

pub(in crate::intake) fn read(origin: &Origin, tidied: &Tidied, collected: &mut Collected) {
    collected.warn_of_cuts(&origin.source, "", tidied);
    let is_markdown = [".md", ".markdown"].iter().any(|ending| origin.name.to_lowercase().ends_with(ending));
    let headings = if is_markdown { sections::markdown_headings(&tidied.text) } else { Vec::new() };
    let format = if is_markdown && !headings.is_empty() { "markdown" } else { "note" };
    let note = Note { text: &tidied.text, headings: &headings, title: None };
    let (title, messages) = note.messages(origin, collected);
    let source = origin.source.clone();
    collected.add(origin, Draft { source, kind: DocumentKind::Note, format, title, messages });
}

/// A note and what its format tells of it.
pub(super) struct Note<'t> {
    pub text: &'t str,
    pub headings: &'t [HeadingLine],
    /// What the file calls itself, where no line of the note does.
    pub title: Option<&'t str>,
}

impl Note<'_> {
    /// The note's title and its messages: one, or one for each section under a heading.
    pub(super) fn messages(&self, origin: &Origin, collected: &mut Collected) -> (Option<String>, Vec<DraftMessage>) {
        // The lines that say who and when may stand under the title.
        let under = self.headings.first().filter(|first| first.start == 0).map_or(0, |first| {
            let rest = self.text.get(first.end..).unwrap_or_default();
            first.end + (rest.len() - rest.trim_start().len())
        });
        let mut header = Header::read(self.text.get(under..).unwrap_or_default());
        header.end += under;
        let named = dates::read_file_name(&origin.name);
        let moment = header.date.and_then(|date| dates::read_moment(date, None)).or(named);
        let zone = moment.and_then(|moment| moment.zone);
        let author = header.author.map(names::read_author).unwrap_or_default();
        collected.acquaint(&author);
        // What came inside a mail is its sender's, whoever it names.
        let own = origin.inside.is_none();
        if own {
            attendees::keep(origin, self.text, collected);
        }
        let signed = own.then(|| signed_by(self.text)).flatten();
        let subject = header.subject.or(self.title);
        let message = |text: &str, subject: Option<&str>, body_until: usize| DraftMessage {
            author: author.clone(),
            signed: signed.clone(),
            at: moment.map(|moment| moment.at),
            zone,
            subject: subject.map(str::to_owned),
            pieces: quoted::split(text, &Setting { zone, subject, body_until }),
            text: text.to_owned(),
            ..DraftMessage::default()
        };
        let title = subject.map(str::to_owned);
        if self.headings.is_empty() {
            return (title, vec![message(self.text, subject, header.end)]);
        }
        let title = title.or_else(|| self.headings.first().map(|heading| heading.title.clone()));
        let mut messages: Vec<DraftMessage> = Vec::new();
        for section in sections::split(self.text, self.headings) {
            let words = self.text.get(section.start..section.end).unwrap_or_default().trim_end();
            let until = header.end.saturating_sub(section.start).min(words.len());
            messages.push(message(words, section.path.as_deref().or(subject), until));
        }
        (title, messages)
    }
}

/// `Note for support, Ann Lee, 3 May 2026`: the one full name between the commas of the first two lines, beside a day.
fn signed_by(text: &str) -> Option<String> {
    let head = || text.lines().filter(|line| !line.trim().is_empty()).take(2);
    let parts = || {
        let bare = |part: &'_ str| part.split(['(', '[']).next().unwrap_or_default().trim().to_owned();
        head().filter(|line| line.len() < 160 && !line.contains(':')).flat_map(move |line| line.split(',').map(bare))
    };
    let dated = |part: &String| dates::read_moment(part, None).is_some();
    let mut named = parts().filter(|part| part.split(' ').count() == 2 && names::is_name(part) && !dated(part));
    let (name, None) = (named.next()?, named.next()) else { return None };
    parts().any(|part| dated(&part)).then_some(name)
}

/// What the lines at the top say.
#[derive(Debug, Default)]
struct Header<'t> {
    author: Option<&'t str>,
    date: Option<&'t str>,
    subject: Option<&'t str>,
    /// The byte behind the header.
    end: usize,
}

impl<'t> Header<'t> {
    fn read(text: &'t str) -> Self {
        let mut header = Header::default();
        let mut end = 0;
        let mut lines = text.split_inclusive('\n');
        let is_fence = |line: &str| line.trim_end() == "---";
        // Front matter, as Markdown tools write it: its keys are the labels, whatever others stand between.
        let in_front = text.starts_with("---") && lines.next().is_some_and(is_fence);
        let closed = in_front && lines.clone().take(MAX_FRONT_LINES).any(is_fence);
        if closed {
            end = text.find('\n').map_or(0, |end| end + 1);
        } else {
            lines = text.split_inclusive('\n');
        }
        for line in lines.take(if closed { MAX_FRONT_LINES } else { MAX_HEADER_LINES }) {
            if closed && is_fence(line) {
                end += line.len();
                break;
            }
            if closed && !line.contains(':') {
                end += line.len();
                continue;
            }
            let Some((label, value)) = line.split_once(':') else { break };
            let label = label.trim_matches(['*', '#', ' ', '\t']).to_lowercase();
            let value = value.trim_matches(['*', ' ', '\t', '\n']);
            let value = if closed { value.trim_matches(['"', '\'']) } else { value };
            let is_in = |labels: &[&str]| labels.contains(&label.as_str());
            if is_in(&AUTHOR_LABELS) && header.author.is_none() {
                header.author = Some(value).filter(|value| !value.is_empty() && value.len() <= 200);
            } else if is_in(&DATE_LABELS) && header.date.is_none() {
                header.date = Some(value);
            } else if is_in(&SUBJECT_LABELS) && header.subject.is_none() {
                header.subject = Some(value).filter(|value| !value.is_empty());
            } else if !closed && !is_in(&OTHER_LABELS) {
                break;
            }
            end += line.len();
        }
        header.end = end;
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_headers_and_front_matter() {
        let check = |text: &str, expected: (Option<&str>, Option<&str>, Option<&str>, usize)| {
            let got = Header::read(text);
            assert_eq!((got.author, got.date, got.subject, got.end), expected, "{text}");
        };
        check("From: Priya\nBudget: 1\n", (Some("Priya"), None, None, 12));
        check(
            "---\ntitle: \"Kickoff\"\ntags:\n  - a\ndate: 2026-03-06\n---\nx",
            (None, Some("2026-03-06"), Some("Kickoff"), 54),
        );
        check("---\nauthor: Priya\nno end", (None, None, None, 0));
        check("no header", (None, None, None, 0));
    }
}
