//! A conversation as Markdown, to stand after a brief: every message with its
//! author and time, its text as a quote.

use super::evidence::show_time;
use super::markdown::Markdown;
use crate::conversation::{Conversation, Message};
use crate::wording;

/// All messages by document; ends with a line break.
pub fn conversation_markdown(conversation: &Conversation) -> String {
    let mut page = Markdown::default();
    page.mark("## What was read\n\n");
    for unread in &conversation.unread {
        page.mark("- **not read:** ").text(&unread.source).mark(": ").text(&unread.reason).mark("\n");
    }
    for document in &conversation.documents {
        page.mark("\n### ").text(&document.source).mark("\n\n");
        page.mark(wording::document_label(document.kind)).mark(" (").text(&document.format).mark(")\n\n");
        for message in document.messages.iter().filter_map(|id| conversation.message(*id)) {
            one_message(&mut page, message);
        }
    }
    if !conversation.record.is_empty() {
        page.mark("\n### CRM record\n\n");
    }
    for (property, value) in &conversation.record {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        page.mark("- ").text(property).mark(": ").text(&value).mark("\n");
    }
    page.finish()
}

fn one_message(page: &mut Markdown, message: &Message) {
    page.mark("**").text(&message.id.to_string()).mark(" ");
    page.text(message.author.label().unwrap_or("author unknown")).mark("** · ");
    page.mark(wording::side_label(message.author.side)).mark(" · ");
    let time = message.at.map_or("time unknown".to_owned(), |at| show_time(at, message.zone));
    page.text(&time).mark("\n\n");
    for segment in &message.segments {
        let Some(text) = message.text.get(segment.start..segment.end) else { continue };
        for line in text.trim().lines() {
            page.mark("> ").text(line).mark("  \n");
        }
        page.mark(">\n");
    }
    page.mark("\n");
}
