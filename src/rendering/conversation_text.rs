//! A conversation as text: what was understood of the files. Stretches that
//! are not the author's own words are marked, so that one sees what counts.

use super::clean::clean;
use super::evidence::show_time;
use super::page::{Layout, Page, Span, span};
use super::paint::Style;
use crate::conversation::{Author, Conversation, Document, Message, MessageId, Segment, SegmentKind, Side};
use crate::wording;

/// Everything that was read, and what was not; ends with a line break.
pub fn conversation_text(conversation: &Conversation, layout: Layout) -> String {
    let mut page = Page::new(layout);
    page.paragraph(0, &[span(Style::Strong, overview(conversation))]);
    for unread in &conversation.unread {
        let name = match &unread.inside {
            Some(file) => format!("{} in {file}", unread.source),
            None => unread.source.clone(),
        };
        let spans = [span(Style::Bad, name), span(Style::Plain, format!(" was not read: {}", unread.reason))];
        page.hanging(&span(Style::Bad, "✗ "), &span(Style::Plain, ""), &spans);
    }
    for document in &conversation.documents {
        one_document(&mut page, conversation, document);
    }
    record(&mut page, conversation);
    if !conversation.warnings.is_empty() {
        page.heading("Warnings");
    }
    for warning in &conversation.warnings {
        let place = if warning.place.is_empty() { String::new() } else { format!(", {}", warning.place) };
        let spans = [span(Style::Plain, format!("{}{place}: {}", warning.source, warning.message))];
        page.hanging(&span(Style::Caution, "  ! "), &span(Style::Plain, ""), &spans);
    }
    page.finish()
}

/// `3 documents · 12 messages · 2 people on our side, 1 on theirs`.
fn overview(conversation: &Conversation) -> String {
    let mut authors: Vec<&Author> = Vec::new();
    for message in &conversation.messages {
        if message.author.label().is_some() && !authors.contains(&&message.author) {
            authors.push(&message.author);
        }
    }
    let sides: Vec<String> = [Side::Theirs, Side::Ours, Side::Unknown]
        .into_iter()
        .map(|side| (side, authors.iter().filter(|author| author.side == side).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(side, count)| wording::side_count(side, count))
        .collect();
    let mut parts = vec![
        wording::counted(conversation.documents.len(), "document", "documents"),
        wording::counted(conversation.messages.len(), "message", "messages"),
    ];
    if !sides.is_empty() {
        let people = wording::counted(authors.len(), "person", "people");
        parts.push(format!("{people} ({})", sides.join(", ")));
    }
    if !conversation.unread.is_empty() {
        parts.push(format!("{} not read", conversation.unread.len()));
    }
    parts.join(" · ")
}

fn one_document(page: &mut Page, conversation: &Conversation, document: &Document) {
    page.blank();
    let mut about = vec![span(Style::Heading, &document.source)];
    if let Some(title) = &document.title {
        about.push(span(Style::Plain, format!(" “{}”", clean(title))));
    }
    let kind = wording::document_label(document.kind);
    let count = wording::counted(document.messages.len(), "message", "messages");
    about.push(span(Style::Dim, format!(" · {kind} ({}) · {count}", document.format)));
    page.paragraph(0, &about);
    for message in document.messages.iter().filter_map(|id| conversation.message(*id)) {
        one_message(page, message);
    }
}

fn one_message(page: &mut Page, message: &Message) {
    let mut about = vec![span(Style::Strong, message.author.label().unwrap_or("author unknown"))];
    if let (Some(_), Some(address)) = (&message.author.name, &message.author.address) {
        about.push(span(Style::Plain, format!(" <{address}>")));
    }
    let time = message.at.map_or("time unknown".to_owned(), |at| show_time(at, message.zone));
    about.push(span(Style::Dim, format!(" · {} · {time}", wording::side_label(message.author.side))));
    if let Some(parent) = message.reply_to {
        about.push(span(Style::Dim, format!(" · answers {parent}")));
    }
    page.hanging(&span(Style::Dim, format!("  {:<5}", message.id.to_string())), &span(Style::Plain, ""), &about);
    if let Some(subject) = &message.subject {
        page.paragraph(7, &[span(Style::Dim, "Subject: "), span(Style::Plain, subject)]);
    }
    for segment in &message.segments {
        one_segment(page, message, segment);
    }
}

fn one_segment(page: &mut Page, message: &Message, segment: &Segment) {
    let Some(text) = message.text.get(segment.start..segment.end) else { return };
    let (mark, style) = match segment.kind {
        SegmentKind::Body => ("       ", Style::Plain),
        SegmentKind::Quote => ("       > ", Style::Dim),
        SegmentKind::Forward => ("       » ", Style::Dim),
        SegmentKind::Signature => ("       ~ ", Style::Dim),
    };
    let lead = span(style, mark);
    if let Some(about) = about_segment(segment) {
        page.hanging(&lead, &lead, &[span(Style::Dim, about)]);
    }
    for line in text.trim().lines() {
        page.hanging(&lead, &lead, &[Span { style, text: line.to_owned() }]);
    }
}

/// `(quoted: Dana Whitfield, 2 Mar 2026, 10:00 UTC, first said in m1)`; `None` for a body.
pub(super) fn about_segment(segment: &Segment) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(label) = segment.author.as_ref().and_then(Author::label) {
        parts.push(label.to_owned());
    }
    if let Some(at) = segment.at {
        parts.push(show_time(at, None));
    }
    if segment.same_as == Some(MessageId::OURS) {
        parts.push("written by Baton, counts nowhere".to_owned());
    } else if let Some(first) = segment.same_as {
        parts.push(format!("first said in {first}, counts there"));
    }
    let label = wording::segment_label(segment.kind)?;
    Some(if parts.is_empty() { format!("({label})") } else { format!("({label}: {})", parts.join(", ")) })
}

fn record(page: &mut Page, conversation: &Conversation) {
    if conversation.record.is_empty() {
        return;
    }
    page.heading("CRM record");
    for (property, value) in &conversation.record {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let lead = span(Style::Plain, format!("  {}: ", clean(property)));
        page.hanging(&lead, &span(Style::Plain, "    "), &[span(Style::Strong, value)]);
    }
}
