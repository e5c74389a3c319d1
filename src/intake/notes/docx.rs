//! Word documents: their text with headings, tables, lists and footnotes, and
//! their comments as messages of those who wrote them. What the properties call
//! author is who made the file, not who said its words: it is not taken. Comment
//! times are the writer's clock, as Word keeps them without an offset. The parts
//! are those of ECMA-376 (Office Open XML).

use super::docx_xml::{Item, Part, read_part};
use super::note::Note;
use crate::conversation::{Author, DocumentKind};
use crate::intake::archive::Archive;
use crate::intake::calls::plain;
use crate::intake::dates;
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::text;

/// Headers and footers read at most.
const MAX_MARGINS: usize = 20;

/// A Word document, unpacked.
#[derive(Debug)]
pub(in crate::intake) struct Docx {
    body: Part,
    /// Footnotes and endnotes.
    notes: Vec<Part>,
    comments: Part,
    /// Lines of headers and footers, each once.
    margins: Vec<String>,
    title: Option<String>,
    /// Files inside it that are not read.
    embedded: Vec<String>,
}

impl Docx {
    /// Reads the parts out of the archive; why there is no text to be had otherwise.
    pub(super) fn open(archive: &mut Archive<'_>, names: &[String]) -> Result<Docx, String> {
        let body = archive.read("word/document.xml")?;
        let Some((body, _)) = text::decode(&body) else { return Err("its text cannot be read".to_owned()) };
        let mut part = |name: &str| -> Result<Part, String> {
            if !names.iter().any(|known| known == name) {
                return Ok(Part::default());
            }
            let bytes = archive.read(name)?;
            Ok(text::decode(&bytes).map(|(xml, _)| read_part(&xml)).unwrap_or_default())
        };
        let notes = vec![part("word/footnotes.xml")?, part("word/endnotes.xml")?];
        let comments = part("word/comments.xml")?;
        let mut margins: Vec<String> = Vec::new();
        let is_margin = |name: &&String| {
            name.ends_with(".xml") && (name.starts_with("word/header") || name.starts_with("word/footer"))
        };
        for name in names.iter().filter(is_margin).take(MAX_MARGINS) {
            let lines = part(name)?.text.trim().to_owned();
            if !lines.is_empty() && !margins.contains(&lines) {
                margins.push(lines);
            }
        }
        let title = match names.iter().any(|name| name == "docProps/core.xml") {
            true => archive.read("docProps/core.xml").ok().and_then(|bytes| title_of(&bytes)),
            false => None,
        };
        let embedded = names.iter().filter_map(|name| name.strip_prefix("word/embeddings/")).map(str::to_owned);
        Ok(Docx { body: read_part(&body), notes, comments, margins, title, embedded: embedded.collect() })
    }

    /// The text with the notes and margins behind it.
    fn whole_text(&self) -> String {
        let mut text = self.body.text.clone();
        for part in &self.notes {
            for (index, item) in part.items.iter().enumerate().filter(|(_, item)| item.kind.is_none()) {
                let words = words_of(part, index);
                if !words.is_empty() {
                    text.push_str(&format!("\n[{}] {words}", item.id));
                }
            }
        }
        for lines in &self.margins {
            text.push_str("\n\n");
            text.push_str(lines);
        }
        text
    }

    fn tell(&self, origin: &Origin, collected: &mut Collected) {
        let parts = || [&self.body, &self.comments].into_iter().chain(&self.notes);
        let sum = |count: fn(&Part) -> usize| parts().map(count).sum::<usize>();
        let tellings = [
            (sum(|part| part.deletions), "passages struck out with tracked changes were left out"),
            (sum(|part| part.pictures), "pictures in it were not read"),
            (sum(|part| part.unseen), "letters that the page shows to nobody were left out; look at the original"),
        ];
        for (count, what) in tellings.into_iter().filter(|(count, _)| *count > 0) {
            collected.warn(&origin.source, "", format!("{count} {what}"));
        }
        for reason in parts().filter_map(|part| part.broken.clone()) {
            collected.leave_unread(origin, reason);
        }
        for name in &self.embedded {
            let inside = Origin {
                source: format!("{} › {name}", origin.source),
                name: name.clone(),
                inside: Some(origin.source.clone()),
                depth: origin.depth + 1,
            };
            collected.leave_unread(&inside, "it lies inside a Word document; give it by itself");
        }
    }
}

/// The words of one footnote or comment.
fn words_of(part: &Part, index: usize) -> &str {
    let start = part.items.get(index).map_or(0, |item| item.start);
    let end = part.items.get(index + 1).map_or(part.text.len(), |next| next.start);
    part.text.get(start..end).unwrap_or_default().trim()
}

fn title_of(bytes: &[u8]) -> Option<String> {
    let (xml, _) = text::decode(bytes)?;
    let (_, rest) = xml.split_once("<dc:title>")?;
    let (title, _) = rest.split_once("</dc:title>")?;
    let mut decoded = String::new();
    crate::intake::markup::push_decoded(&mut decoded, title.trim());
    Some(decoded).filter(|title| !title.is_empty() && title.len() <= 300)
}

pub(in crate::intake) fn read(origin: &Origin, document: &Docx, collected: &mut Collected) {
    document.tell(origin, collected);
    let tidied = text::tidy(&document.whole_text(), &collected.limits);
    collected.warn_of_cuts(&origin.source, "", &tidied);
    if tidied.text.trim().is_empty() && document.comments.items.is_empty() {
        collected.leave_unread(origin, "it holds no text, perhaps pictures of text; write down what it says");
        return;
    }
    let unchanged = tidied.breaks == 0 && tidied.text.starts_with(document.body.text.trim_end());
    let headings = if unchanged { document.body.headings.as_slice() } else { &[] };
    let first = collected.drafts.len();
    let is_call = headings.is_empty() && plain::likeness(&tidied.text) == plain::Likeness::Turns;
    if is_call {
        plain::read(origin, &tidied.text, None, collected);
        if let Some(draft) = collected.drafts.get_mut(first) {
            draft.format = "docx";
        }
        let comments = comments(origin, document, &[], collected);
        if !comments.is_empty() {
            add(origin, None, comments, collected);
        }
        return;
    }
    let note = Note { text: &tidied.text, headings, title: document.title.as_deref() };
    let (title, mut messages) = note.messages(origin, collected);
    // Where each section ends, so that a comment answers the one it stands in.
    let mut ends = Vec::with_capacity(messages.len());
    let mut from = 0;
    for (index, message) in messages.iter_mut().enumerate() {
        let start = tidied.text.get(from..).and_then(|rest| rest.find(&message.text)).unwrap_or(0);
        from += start + message.text.len();
        ends.push(from);
        message.key = Some(format!("docx {} {index}", origin.source));
    }
    messages.extend(comments(origin, document, &ends, collected));
    add(origin, title, messages, collected);
}

fn add(origin: &Origin, title: Option<String>, messages: Vec<DraftMessage>, collected: &mut Collected) {
    let source = origin.source.clone();
    collected.add(origin, Draft { source, kind: DocumentKind::Note, format: "docx", title, messages });
}

/// The comments as messages, each with the words it stands at as a quote.
fn comments(origin: &Origin, document: &Docx, ends: &[usize], collected: &mut Collected) -> Vec<DraftMessage> {
    let mut messages = Vec::new();
    for (index, item) in document.comments.items.iter().enumerate() {
        let anchor = document.body.anchors.get(&item.id);
        let words = words_of(&document.comments, index);
        if words.is_empty() {
            continue;
        }
        let quote = anchor.map(|(quote, _)| quote.as_str()).filter(|quote| !quote.is_empty());
        let text = quote.map_or_else(|| words.to_owned(), |quote| format!("> {quote}\n\n{words}"));
        let tidied = text::tidy(&text, &collected.limits);
        let section = anchor.and_then(|(_, at)| ends.iter().position(|end| at <= end));
        messages.push(DraftMessage {
            author: author_of(item),
            at: item.date.as_deref().and_then(|date| dates::read_moment(date, None)).map(|moment| moment.at),
            pieces: quoted::split(&tidied.text, &Setting::default()),
            text: tidied.text,
            parents: section.map(|section| format!("docx {} {section}", origin.source)).into_iter().collect(),
            ..DraftMessage::default()
        });
    }
    messages
}

fn author_of(item: &Item) -> Author {
    let name = item.author.clone().filter(|name| !name.trim().is_empty() && name != "Author");
    Author { name, ..Author::default() }
}
