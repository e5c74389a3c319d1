//! Briefs, conversations and routes as pages for people: text for a terminal
//! or a file, Markdown for wherever else it is pasted. Everything here is
//! pure, strings out. Whatever comes from a source passes [`Page`]'s or the
//! Markdown writer's cleaning, so that no source can send control characters
//! to a terminal or markup into a document.

mod brief_markdown;
mod brief_text;
mod clean;
mod conversation_markdown;
mod conversation_text;
mod evidence;
mod gap_text;
mod markdown;
mod page;
mod paint;
mod route_text;
mod shown;

use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::route::Route;

pub use brief_markdown::brief_markdown;
pub use brief_text::brief_text;
pub use clean::clean;
pub use conversation_markdown::conversation_markdown;
pub use conversation_text::conversation_text;
pub use page::{Layout, Page, Span, span};
pub use paint::{Paint, Style};
pub use route_text::{route_list_text, route_text};
pub use shown::show_value;

/// What a page about a brief is made from.
#[derive(Debug, Clone, Copy)]
pub struct BriefView<'a> {
    pub brief: &'a Brief,
    /// Gives the labels and types of the brief's fields.
    pub route: &'a Route,
    /// Gives the authors' time zones, so that a date is the author's date.
    pub conversation: &'a Conversation,
}

impl BriefView<'_> {
    /// The label of a field, or its key when the route does not know it.
    fn label<'b>(&'b self, key: &'b str) -> &'b str {
        self.route.field(key).map_or(key, |field| field.label.as_str())
    }

    /// The value of a field as people read it.
    fn shown(&self, key: &str, value: &serde_json::Value) -> String {
        show_value(self.route.field(key).map(|field| &field.kind), value)
    }
}
