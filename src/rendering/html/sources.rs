//! The sources beside the brief: every document with its messages as they were
//! understood, the record of the CRM, and what could not be read. Cited words
//! are marked, each with a way back to where the brief cites them.

use std::fmt::Write;

use super::super::conversation_text::about_segment;
use super::super::evidence::show_time;
use super::Sheet;
use super::anchors::{Home, Piece, cut};
use super::markup::Html;
use crate::brief::RecordProperty;
use crate::conversation::{Conversation, Document, DocumentKind, Message, Segment, SegmentKind};
use crate::wording;

/// Writes the sources; gives the style rules that light up all parts of a mark that is in several.
pub(super) fn sources(page: &mut Html, sheet: &Sheet) -> String {
    page.mark("<aside id=\"sources\" tabindex=\"0\" aria-labelledby=\"sources-title\">\n");
    page.mark("<h2 id=\"sources-title\">Sources</h2>\n");
    let rules = documents(page, sheet);
    page.mark("</aside>\n");
    rules
}

/// What was not read, each document, and the record.
pub(super) fn documents(page: &mut Html, sheet: &Sheet) -> String {
    let conversation = sheet.view.conversation;
    let mut rules = String::new();
    for unread in &conversation.unread {
        page.mark("<p class=\"notice\"><span class=\"sign\" aria-hidden=\"true\">✗</span> <strong>")
            .text(&unread.source);
        if let Some(file) = &unread.inside {
            page.mark(" in ").text(file);
        }
        page.mark("</strong> was not read: ").text(&unread.reason).mark("</p>\n");
    }
    let mut record_waits = !conversation.record.is_empty();
    for document in &conversation.documents {
        page.mark("<section class=\"document\">\n");
        document_head(page, document);
        for message in document.messages.iter().filter_map(|id| conversation.message(*id)) {
            one_message(page, sheet, message, &mut rules);
        }
        if document.kind == DocumentKind::Record && std::mem::take(&mut record_waits) {
            record(page, conversation);
        }
        page.mark("</section>\n");
    }
    if record_waits {
        page.mark("<section class=\"document\">\n<h3>CRM record</h3>\n");
        record(page, conversation);
        page.mark("</section>\n");
    }
    rules
}

fn document_head(page: &mut Html, document: &Document) {
    page.mark("<h3>").text(&document.source).mark("</h3>\n<p class=\"small\">");
    if let Some(title) = &document.title {
        page.mark("“").text(title).mark("” · ");
    }
    page.mark(wording::document_label(document.kind));
    if document.kind != DocumentKind::Record {
        page.mark(" · ").text(&wording::counted(document.messages.len(), "message", "messages"));
    }
    page.mark("</p>\n");
}

fn one_message(page: &mut Html, sheet: &Sheet, message: &Message, rules: &mut String) {
    let id = message.id.to_string();
    page.mark("<article class=\"message\" id=\"").text(&id).mark("\">\n<p class=\"author\"><span class=\"number\">");
    page.text(&id).mark("</span> ");
    match &message.author.name {
        Some(name) => author_words(page, sheet, message, "name", name),
        None if message.author.address.is_none() => {
            page.mark("<span class=\"name\">author unknown</span>");
        }
        None => {}
    }
    if let Some(address) = &message.author.address {
        author_words(page, sheet, message, "address", address);
    }
    page.mark("<span class=\"side\">")
        .mark(wording::side_label(message.author.side))
        .mark("</span> <span class=\"time\">");
    match message.at {
        Some(at) => page.text(&show_time(at, message.zone)),
        None => page.mark("time unknown"),
    };
    if let Some(parent) = message.reply_to {
        page.mark("</span> <span>answers ").text(&parent.to_string());
    }
    page.mark("</span></p>\n");
    if let Some(subject) = &message.subject {
        page.mark("<p class=\"subject\">Subject: ").source(subject).mark("</p>\n");
    }
    text(page, sheet, message, rules);
    page.mark("</article>\n");
}

/// A name or address of the author line, marked when the brief cites it.
fn author_words(page: &mut Html, sheet: &Sheet, message: &Message, class: &'static str, words: &str) {
    page.mark("<span class=\"").mark(class).mark("\">");
    match sheet.anchors.authors(message.id).iter().find(|mark| mark.words == words) {
        Some(mark) => {
            page.mark("<mark id=\"q").number(mark.number).mark("\">").text(words).mark("</mark>");
            way_back(page, sheet, mark.home);
        }
        None => {
            page.text(words);
        }
    }
    page.mark("</span> ");
}

/// A stretch of a message that is shown in one way.
struct Stretch<'a> {
    start: usize,
    end: usize,
    segment: Option<&'a Segment>,
}

fn text(page: &mut Html, sheet: &Sheet, message: &Message, rules: &mut String) {
    let stretches = stretches(message);
    let marks = sheet.anchors.marks(message.id);
    let pieces: Vec<Vec<Piece>> = stretches.iter().map(|part| cut(marks, part.start, part.end)).collect();
    // Where each mark has its first and last piece, and in how many it is.
    let mut places: std::collections::BTreeMap<usize, (usize, usize, usize)> = std::collections::BTreeMap::new();
    for piece in pieces.iter().flatten() {
        for mark in &piece.marks {
            let place = places.entry(mark.number).or_insert((piece.start, piece.start, 0));
            place.1 = piece.start;
            place.2 += 1;
        }
    }
    for (number, _) in places.iter().filter(|(_, place)| place.2 > 1) {
        let lit = "background:var(--lit);color:var(--lit-ink);box-shadow:0 0 0 2px var(--lit)";
        // Numbers of ours alone: nothing from outside reaches the style.
        let at = format!(":root:has(#q{number}:target) .q{number}");
        let _ = writeln!(rules, "{at},{at} mark{{{lit}}}");
    }
    let place = |number: usize| places.get(&number).copied().unwrap_or_default();
    for (stretch, pieces) in stretches.iter().zip(&pieces) {
        open_stretch(page, stretch);
        for piece in pieces {
            for mark in &piece.marks {
                page.mark("<mark class=\"q").number(mark.number);
                if place(mark.number).0 == piece.start {
                    page.mark("\" id=\"q").number(mark.number);
                }
                page.mark("\">");
            }
            page.source(message.text.get(piece.start..piece.end).unwrap_or_default());
            piece.marks.iter().for_each(|_| {
                page.mark("</mark>");
            });
            for mark in piece.marks.iter().filter(|mark| place(mark.number).1 == piece.start) {
                way_back(page, sheet, mark.home);
            }
        }
        page.mark("</div>\n");
    }
}

fn open_stretch(page: &mut Html, stretch: &Stretch) {
    let kind = stretch.segment.map_or(SegmentKind::Body, |segment| segment.kind);
    if let Some(about) = stretch.segment.and_then(about_segment) {
        page.paragraph("<p class=\"small\">", &about);
    }
    page.mark(match kind {
        SegmentKind::Body => "<div class=\"text\">",
        SegmentKind::Quote => "<div class=\"text quoted\">",
        SegmentKind::Forward => "<div class=\"text forwarded\">",
        SegmentKind::Signature => "<div class=\"text signature\">",
    });
}

/// The whole text in order without the blank lines around its parts; what no segment covers stands like a body.
fn stretches(message: &Message) -> Vec<Stretch<'_>> {
    let text = message.text.as_str();
    let mut all = Vec::new();
    let mut at = 0;
    for segment in &message.segments {
        let start = segment.start.max(at);
        if start >= segment.end || text.get(at..start).is_none() || text.get(start..segment.end).is_none() {
            continue;
        }
        all.push(Stretch { start: at, end: start, segment: None });
        all.push(Stretch { start, end: segment.end, segment: Some(segment) });
        at = segment.end;
    }
    all.push(Stretch { start: at, end: text.len(), segment: None });
    for stretch in &mut all {
        let words = text.get(stretch.start..stretch.end).unwrap_or_default();
        let is_blank = |c: char| matches!(c, '\n' | '\r');
        stretch.start += words.len() - words.trim_start_matches(is_blank).len();
        stretch.end = stretch.start + words.trim_start_matches(is_blank).trim_end().len();
    }
    all.retain(|stretch| stretch.start < stretch.end);
    all
}

/// A small link from cited words to the place in the brief that cites them.
fn way_back(page: &mut Html, sheet: &Sheet, home: Home) {
    page.mark("<a class=\"back\" href=\"#").text(&home.id()).mark("\" aria-label=\"Back to ");
    match home {
        Home::Headline => page.mark("the headline"),
        Home::Gap(index) => page.mark("question ").number(index + 1),
        Home::NextStep => page.mark("the next step"),
        Home::Field(index) => {
            let key = sheet.view.brief.fields.iter().nth(index).map_or("the brief", |(key, _)| key);
            page.text(sheet.view.label(key))
        }
        Home::Prose(id) => page.text(&id.replace('-', " ")),
    };
    page.mark("\"></a>");
}

fn record(page: &mut Html, conversation: &Conversation) {
    page.mark("<dl class=\"record\">\n");
    for (index, (property, value)) in conversation.record.iter().enumerate() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        page.mark("<div id=\"record-").number(index + 1).mark("\"><dt>").text(property).mark("</dt><dd>");
        page.source(&value).mark("</dd></div>\n");
    }
    page.mark("</dl>\n");
}

/// The id of the record's line that a value of the CRM comes from.
pub(super) fn record_id(conversation: &Conversation, property: Option<&RecordProperty>) -> Option<String> {
    let property = property.filter(|property| property.source != "known")?;
    let index = conversation.record.keys().position(|key| *key == property.property)?;
    Some(format!("record-{}", index + 1))
}
