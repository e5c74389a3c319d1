//! Pages people read, whole: a change of one word shows here as one line.

use baton::brief::Brief;
use baton::conversation::Conversation;
use baton::rendering::{BriefView, Layout, Paint, brief_markdown, brief_text, conversation_text};
use baton::route::{self, Route};

fn sample() -> (Brief, Route, Conversation) {
    let brief = serde_json::from_str(include_str!("pages/brief.json")).expect("the sample brief");
    let conversation = serde_json::from_str(include_str!("pages/conversation.json")).expect("the sample conversation");
    let route = route::load("route.yaml", include_str!("pages/route.yaml")).expect("the sample route");
    (brief, route, conversation)
}

/// Compares with the page as it stands in the tests' folder.
#[track_caller]
fn check(actual: &str, expected: &str) {
    assert_eq!(actual, expected, "\n--- the page as it is now:\n{actual}");
}

#[test]
fn a_brief_as_text() {
    let (brief, route, conversation) = sample();
    let view = BriefView { brief: &brief, route: &route, conversation: &conversation };
    check(&brief_text(&view, Layout { width: 100, paint: Paint::Plain }), include_str!("pages/brief.txt"));
}

#[test]
fn a_narrow_brief_keeps_to_its_width() {
    let (brief, route, conversation) = sample();
    let view = BriefView { brief: &brief, route: &route, conversation: &conversation };
    let page = brief_text(&view, Layout { width: 60, paint: Paint::Plain });
    for line in page.lines() {
        assert!(line.chars().count() <= 60, "{line:?}");
    }
}

#[test]
fn colour_changes_no_words() {
    let (brief, route, conversation) = sample();
    let view = BriefView { brief: &brief, route: &route, conversation: &conversation };
    let coloured = brief_text(&view, Layout { width: 100, paint: Paint::Ansi });
    assert!(coloured.contains("\u{1b}["));
    check(&anstream::adapter::strip_str(&coloured).to_string(), include_str!("pages/brief.txt"));
}

#[test]
fn a_brief_as_markdown() {
    let (brief, route, conversation) = sample();
    let view = BriefView { brief: &brief, route: &route, conversation: &conversation };
    check(&brief_markdown(&view), include_str!("pages/brief.md"));
}

#[test]
fn a_conversation_as_text() {
    let (_, _, conversation) = sample();
    let layout = Layout { width: 100, paint: Paint::Plain };
    check(&conversation_text(&conversation, layout), include_str!("pages/conversation.txt"));
}
