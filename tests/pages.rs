//! Pages people read, whole: a change of one word shows here as one line.

#[path = "pages/hostile.rs"]
mod hostile;

use baton::brief::{Brief, EngineKind, Verdict};
use baton::conversation::Conversation;
use baton::rendering::{BriefView, Layout, Paint, brief_html, brief_markdown, brief_text, conversation_text};
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

fn html((brief, route, conversation): &(Brief, Route, Conversation)) -> String {
    brief_html(&BriefView { brief, route, conversation })
}

#[test]
fn a_brief_as_html() {
    let page = html(&sample());
    let body = &page[page.find("<body").expect("a body")..page.find("<script").expect("a script")];
    check(body, include_str!("pages/brief.html"));
}

#[test]
fn every_link_inside_the_page_leads_somewhere_and_no_id_stands_twice() {
    let page = html(&sample());
    let after = |lead: &str| -> Vec<String> {
        let parts = page.split(lead).skip(1);
        parts.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    let ids = after(" id=\"");
    for target in after("href=\"#") {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
}

#[test]
fn hostile_text_makes_no_markup() {
    let tags = |page: &str| page.matches('<').count();
    // Not a plain address either, so that nobody can be written to.
    let plain = html(&hostile::hostile(" !"));
    for attack in hostile::ATTACKS {
        let page = html(&hostile::hostile(attack));
        assert_eq!(tags(&page), tags(&plain), "{attack}");
        let hidden =
            |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{1b}' | '\u{200b}' | '\u{202e}' | '\u{2066}' | '\u{feff}');
        assert!(!page.contains(hidden), "{attack}");
    }
}

#[test]
fn a_megabyte_of_text_is_cut_in_the_brief_and_whole_in_its_source() {
    let (brief, route, mut conversation) = hostile::hostile(&"x".repeat(1_000_000));
    let page = html(&(brief.clone(), route.clone(), conversation.clone()));
    let longest = page.split("<aside").next().and_then(|brief| brief.lines().map(str::len).max());
    assert!(longest < Some(60_000), "{longest:?}");
    assert!(page.contains(&"x".repeat(1_000_000)));
    conversation.messages.clear();
    assert!(!html(&(brief, route, conversation)).contains("href=\"#q1\""));
}

#[test]
fn what_a_reader_must_know_first_is_told_first() {
    let (mut brief, route, conversation) = sample();
    let told = |brief: &Brief, words: &str| {
        let page = html(&(brief.clone(), route.clone(), conversation.clone()));
        page.find(words).is_some_and(|at| Some(at) < page.find("To settle before"))
    };
    assert!(!told(&brief, "class=\"notice\""));
    brief.engine.degraded = true;
    brief.engine.kind = EngineKind::Extractive;
    brief.coverage = 0.0;
    assert!(told(&brief, "The model did not answer"));
    // Rules read everything in the model's place, so no share of it is unread.
    assert!(!told(&brief, "% was read"));
    brief.engine.degraded = false;
    brief.coverage = 0.5;
    brief.verdict = Verdict::IncompleteRun;
    assert!(told(&brief, "Only 50 % was read"));
}
