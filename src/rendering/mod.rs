//! Briefs, conversations and routes as pages for people: text for a terminal
//! or a file, Markdown for wherever else it is pasted, HTML for a browser or
//! paper. Everything here is pure, strings out. Whatever comes from a source
//! passes [`Page`]'s, the Markdown or the HTML writer's cleaning, so that no
//! source can send control characters to a terminal or markup into a document.

mod brief_markdown;
mod brief_text;
mod clean;
mod conversation_markdown;
mod conversation_text;
mod evidence;
mod gap_text;
mod html;
mod markdown;
mod page;
mod paint;
pub(crate) mod plot;
mod route_text;

use serde_json::Value as Json;

use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::route::Route;
use crate::wording;

pub use brief_markdown::brief_markdown;
pub use brief_text::brief_text;
pub use clean::clean;
pub use conversation_markdown::conversation_markdown;
pub use conversation_text::conversation_text;
pub(crate) use evidence::show_time;
pub(crate) use html::{Html, policy};
pub use html::{Parts, brief_html};
pub use page::{Layout, Page, Span, span};
pub use paint::{Paint, Style};
pub use route_text::{route_list_text, route_text};

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

    /// The value of a field as people read it; the items of a list apart by semicolons where one holds a comma.
    fn shown(&self, key: &str, value: &Json) -> String {
        let one = |item: &Json| match (item, self.route.field(key)) {
            (Json::Null, _) => "—".to_owned(),
            (item, Some(field)) => wording::value_text(field, item),
            (item, None) => item.as_str().map_or_else(|| item.to_string(), str::to_owned),
        };
        let Json::Array(items) = value else { return one(value) };
        let items: Vec<String> = items.iter().map(one).collect();
        items.join(if items.iter().any(|item| item.contains(',')) { "; " } else { ", " })
    }
}
