//! The sources of a handoff that failed, with the cited words marked. Short
//! ones stand whole; long ones around the marks, and what is left out is told
//! with its size.

use super::marks::{Cited, Mark, Marks, Piece, cut};
use super::shown::{self, thousands};
use crate::conversation::{Conversation, Document, Message};
use crate::rendering::{Html, show_time};
use crate::wording::{self, counted};

/// Sources of at most so many bytes stand whole.
const WHOLE: usize = 12_000;
/// Of longer ones, messages of at most so many bytes with a mark stand whole.
const WHOLE_MESSAGE: usize = 1_500;
/// Bytes around a mark in a longer message.
const AROUND: usize = 350;
/// Bytes of sources in a whole report.
const MOST: usize = 6_000_000;

/// What of the sources is in the report.
#[derive(Debug, Default)]
pub(super) struct Budget {
    shown: usize,
    /// Handoffs whose sources had no room any more.
    without: usize,
}

impl Budget {
    pub fn told(&self) -> String {
        let mut told =
            format!("Sources of at most {} bytes stand whole, longer ones around what is marked.", thousands(WHOLE));
        if self.without > 0 {
            told.push_str(&format!(
                " {} without their sources, since {} bytes are the most that a report holds.",
                counted(self.without, "handoff is", "handoffs are"),
                thousands(MOST)
            ));
        }
        told
    }
}

/// Writes the sources of handoff `number`.
pub(super) fn sources(
    page: &mut Html,
    number: usize,
    (conversation, marks): (&Conversation, &Marks),
    budget: &mut Budget,
) {
    page.mark("<div class=\"sources\">\n<h4>Sources</h4>\n");
    for unread in &conversation.unread {
        page.mark("<p class=\"small bad\">✗ ").text(&unread.source).mark(" was not read: ").text(&unread.reason);
        page.mark("</p>\n");
    }
    let whole = conversation.messages.iter().map(|message| message.text.len()).sum::<usize>() <= WHOLE;
    let excerpts: Vec<(&Message, Vec<(usize, usize)>)> = conversation
        .messages
        .iter()
        .map(|message| (message, if whole { all(message) } else { excerpt(message, marks.of(message.id)) }))
        .collect();
    let size: usize = excerpts.iter().flat_map(|(_, parts)| parts).map(|(start, end)| end - start).sum();
    if budget.shown + size > MOST {
        budget.without += 1;
        page.mark("<p class=\"small\">Not in this report: it is too large already.</p>\n</div>\n");
        return;
    }
    budget.shown += size;
    for document in &conversation.documents {
        let of_document: Vec<&(&Message, Vec<(usize, usize)>)> =
            excerpts.iter().filter(|(message, _)| message.document == document.id).collect();
        documented(page, (number, marks), document, &of_document);
    }
    record(page, number, (conversation, marks));
    page.mark("</div>\n");
}

fn documented(
    page: &mut Html,
    (number, marks): (usize, &Marks),
    document: &Document,
    excerpts: &[&(&Message, Vec<(usize, usize)>)],
) {
    page.mark("<section class=\"document\">\n<h5>").text(&document.source).mark(" <span class=\"small\">");
    page.mark(wording::document_label(document.kind)).mark("</span></h5>\n");
    let mut skipped: Vec<&Message> = Vec::new();
    for (message, parts) in excerpts {
        if parts.is_empty() && marks.of(message.id).is_empty() && !message.text.is_empty() {
            skipped.push(message);
            continue;
        }
        left_out(page, &mut skipped);
        one_message(page, number, message, (parts, marks.of(message.id)));
    }
    left_out(page, &mut skipped);
    page.mark("</section>\n");
}

/// Messages in a row in which nothing is marked.
fn left_out(page: &mut Html, skipped: &mut Vec<&Message>) {
    if skipped.is_empty() {
        return;
    }
    let size: usize = skipped.iter().map(|message| message.text.len()).sum();
    let told = format!(
        "[… {} without a mark, {} bytes, left out …]",
        counted(skipped.len(), "message", "messages"),
        thousands(size)
    );
    page.paragraph("<p class=\"left-out\">", &told);
    skipped.clear();
}

fn one_message(page: &mut Html, number: usize, message: &Message, (parts, marks): (&[(usize, usize)], &[Mark])) {
    page.mark("<article class=\"message\">\n<p class=\"author\"><span>").text(&message.id.to_string()).mark("</span> ");
    let author: Vec<&Mark> = marks.iter().filter(|mark| mark.span.is_none()).collect();
    open(page, number, &author, true);
    let label = [&message.author.name, &message.author.address].into_iter().flatten();
    let label: Vec<&str> = label.map(String::as_str).collect();
    page.mark("<span class=\"name\">");
    page.text(if label.is_empty() { "author unknown" } else { "" }).text(&label.join(", ")).mark("</span>");
    if !author.is_empty() {
        page.mark("</mark>");
    }
    page.mark(" <span>").mark(wording::side_label(message.author.side)).mark("</span>");
    if let Some(at) = message.at {
        page.mark(" <span>").text(&show_time(at, message.zone)).mark("</span>");
    }
    page.mark("</p>\n");
    if let Some(subject) = &message.subject {
        page.mark("<p class=\"small\">Subject: ").text(subject).mark("</p>\n");
    }
    page.mark("<div class=\"text\">");
    let mut at = 0;
    for (start, end) in parts {
        gap(page, at, *start);
        for piece in cut(marks, *start, *end) {
            written(page, number, message, &piece);
        }
        at = *end;
    }
    gap(page, at, message.text.trim_end().len());
    page.mark("</div>\n</article>\n");
}

/// What is left out inside a message.
fn gap(page: &mut Html, from: usize, to: usize) {
    if to > from + 1 {
        page.mark(" <span class=\"left-out\">[… ").text(&thousands(to - from)).mark(" bytes left out …]</span> ");
    }
}

fn written(page: &mut Html, number: usize, message: &Message, piece: &Piece) {
    let text = message.text.get(piece.start..piece.end).unwrap_or_default();
    open(page, number, &piece.marks, false);
    for mark in piece.marks.iter().filter(|mark| mark.span.is_some_and(|(start, _)| start == piece.start)) {
        tag(page, number, mark);
    }
    page.source(text);
    if !piece.marks.is_empty() {
        page.mark("</mark>");
    }
}

/// Opens the mark that stands for all of these; on an author line with its tags at once.
fn open(page: &mut Html, number: usize, marks: &[&Mark], tagged: bool) {
    let of = |cited: Cited| marks.iter().any(|mark| mark.cited == cited);
    match (of(Cited::Expected), of(Cited::Got)) {
        (false, false) => return,
        (true, false) => page.mark("<mark class=\"expected\">"),
        (false, true) => page.mark("<mark class=\"got\">"),
        (true, true) => page.mark("<mark class=\"expected got\">"),
    };
    for mark in marks.iter().filter(|_| tagged) {
        tag(page, number, mark);
    }
}

/// Says whose words begin here and of which field; links lead here.
fn tag(page: &mut Html, number: usize, mark: &Mark) {
    page.mark("<b class=\"tag\" id=\"c").number(number).mark("-").number(mark.number).mark("\">");
    page.mark(if mark.cited == Cited::Expected { "expected " } else { "got " });
    page.text(&mark.fields.join(", ")).mark("</b>");
}

/// The record of the CRM, which has no messages.
fn record(page: &mut Html, number: usize, (conversation, marks): (&Conversation, &Marks)) {
    if conversation.record.is_empty() {
        return;
    }
    page.mark("<section class=\"document\">\n<h5>CRM record</h5>\n<dl class=\"run\">\n");
    for (property, value) in &conversation.record {
        page.mark("<div><dt>").text(property).mark("</dt><dd>");
        let mark = marks.of_property(property);
        open(page, number, mark.as_slice(), true);
        page.text(&shown::value(value)).mark(if mark.is_some() { "</mark>" } else { "" }).mark("</dd></div>\n");
    }
    page.mark("</dl>\n</section>\n");
}

fn all(message: &Message) -> Vec<(usize, usize)> {
    vec![(0, message.text.trim_end().len())]
}

/// The parts of a message of long sources that are shown: nothing without a mark, the whole of a short one, else what
/// stands around its marks.
fn excerpt(message: &Message, marks: &[Mark]) -> Vec<(usize, usize)> {
    let text = message.text.trim_end();
    let spans: Vec<(usize, usize)> = marks.iter().filter_map(|mark| mark.span).collect();
    if spans.is_empty() {
        return Vec::new();
    }
    if text.len() <= WHOLE_MESSAGE {
        return all(message);
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut around: Vec<(usize, usize)> = spans
        .into_iter()
        .map(|(start, end)| {
            (border(text, start.saturating_sub(AROUND)), border(text, end.saturating_add(AROUND).min(text.len())))
        })
        .collect();
    around.sort_unstable();
    for (start, end) in around {
        match parts.last_mut().filter(|last| start <= last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => parts.push((start, end)),
        }
    }
    parts
}

/// The place itself, or the next one where a character begins.
fn border(text: &str, place: usize) -> usize {
    (place..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Author, MessageId};

    #[test]
    fn long_messages_are_shown_around_their_marks() {
        let check = |length: usize, spans: &[(usize, usize)], expected: &[(usize, usize)]| {
            let message = Message {
                id: MessageId(1),
                document: "d1".into(),
                author: Author::default(),
                at: None,
                zone: None,
                subject: None,
                reply_to: None,
                text: "é".repeat(length / 2),
                segments: Vec::new(),
            };
            let mark = |span: &(usize, usize)| Mark {
                cited: Cited::Got,
                fields: vec!["x".into()],
                span: Some(*span),
                number: 1,
            };
            let marks: Vec<Mark> = spans.iter().map(mark).collect();
            assert_eq!(excerpt(&message, &marks), expected, "{length} {spans:?}");
        };
        check(400, &[], &[]);
        check(400, &[(10, 20)], &[(0, 400)]);
        check(4000, &[], &[]);
        check(4000, &[(10, 20)], &[(0, 370)]);
        check(4000, &[(1000, 1010)], &[(650, 1360)]);
        check(4000, &[(3000, 3002), (1000, 1010), (1400, 1402)], &[(650, 1752), (2650, 3352)]);
        // In the middle of a letter the next one begins.
        check(4000, &[(1001, 1011)], &[(652, 1362)]);
        check(4000, &[(3990, 4000)], &[(3640, 4000)]);
    }
}
