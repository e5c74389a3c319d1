//! Any other text: meeting notes, pasted threads, logs. Leading lines may say
//! who wrote it, when and about what.

use crate::conversation::DocumentKind;
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

pub(in crate::intake) fn read(origin: &Origin, tidied: &Tidied, collected: &mut Collected) {
    collected.warn_of_cuts(&origin.source, "", tidied);
    let header = Header::read(&tidied.text);
    let named = dates::read_file_name(&origin.name);
    let moment = header.date.and_then(|date| dates::read_moment(date, None)).or(named);
    let zone = moment.and_then(|moment| moment.zone);
    let setting = Setting { zone, subject: header.subject, body_until: header.end };
    let message = DraftMessage {
        author: header.author.map(names::read_author).unwrap_or_default(),
        at: moment.map(|moment| moment.at),
        zone,
        subject: header.subject.map(str::to_owned),
        pieces: quoted::split(&tidied.text, &setting),
        text: tidied.text.clone(),
        ..DraftMessage::default()
    };
    collected.acquaint(&message.author);
    let title = message.subject.clone();
    let draft = Draft {
        source: origin.source.clone(),
        kind: DocumentKind::Note,
        format: "note",
        title,
        messages: vec![message],
    };
    collected.add(origin, draft);
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
        for line in text.split_inclusive('\n').take(MAX_HEADER_LINES) {
            let Some((label, value)) = line.split_once(':') else { break };
            let label = label.trim_matches(['*', '#', ' ', '\t']).to_lowercase();
            let value = value.trim_matches(['*', ' ', '\t', '\n']);
            let is_in = |labels: &[&str]| labels.contains(&label.as_str());
            if is_in(&AUTHOR_LABELS) && header.author.is_none() {
                header.author = Some(value).filter(|value| !value.is_empty() && value.len() <= 200);
            } else if is_in(&DATE_LABELS) && header.date.is_none() {
                header.date = Some(value);
            } else if is_in(&SUBJECT_LABELS) && header.subject.is_none() {
                header.subject = Some(value).filter(|value| !value.is_empty());
            } else if !is_in(&OTHER_LABELS) {
                break;
            }
            end += line.len();
        }
        header.end = end;
        header
    }
}
