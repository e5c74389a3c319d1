//! The brief as one HTML file: the verdict, the questions, what is known and
//! how it was read on one side, the sources on the other. A value leads to its
//! words by an ordinary link to an anchor, so the page works without script,
//! and it fetches nothing: a policy with the hashes of its own style and script
//! allows those two and no more.

mod anchors;
mod fields;
mod markup;
mod parts;
mod policy;
mod prose;
mod questions;
mod sources;

use super::BriefView;
use super::evidence::{cite, spoken};
use crate::brief::{Evidence, FieldState, Verdict};
use crate::value::Kind;
use crate::wording;
use anchors::Anchors;

pub(crate) use markup::Html;
pub use parts::Parts;
pub(crate) use policy::policy;

const STYLE: &str = include_str!("brief.css");
const SCRIPT: &str = include_str!("brief.js");
/// A name longer than this many characters is a story.
const SUBJECT_LIMIT: usize = 80;

/// What every part of the page is made from.
struct Sheet<'a> {
    view: &'a BriefView<'a>,
    anchors: Anchors,
}

/// The whole page; ends with a line break.
pub fn brief_html(view: &BriefView) -> String {
    let sheet = Sheet { view, anchors: Anchors::collect(view) };
    let mut sources = Html::default();
    let rules = sources::sources(&mut sources, &sheet);
    let style = format!("{STYLE}{rules}");
    let mut page = Html::default();
    head(&mut page, view, &style);
    page.mark("<body>\n<a class=\"skip\" href=\"#sources\">Skip to the sources</a>\n");
    page.mark("<div class=\"page\">\n<main id=\"brief\" tabindex=\"0\" aria-label=\"Brief\">\n");
    banner(&mut page, &sheet);
    notices(&mut page, view);
    questions::questions(&mut page, &sheet);
    prose::next_step(&mut page, &sheet);
    fields::fields(&mut page, &sheet);
    prose::prose(&mut page, &sheet);
    prose::people(&mut page, &sheet);
    warnings(&mut page, view);
    footer(&mut page, view);
    page.mark("</main>\n").raw(&sources.finish());
    page.mark("</div>\n<script>").raw(SCRIPT).mark("</script>\n</body>\n</html>\n");
    page.finish()
}

fn head(page: &mut Html, view: &BriefView, style: &str) {
    page.mark("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.mark("<meta http-equiv=\"Content-Security-Policy\"").attribute("content", &policy(style, Some(SCRIPT)));
    page.mark(">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.mark("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n");
    page.mark("<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">\n");
    page.mark("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    page.text(&subject(view).map(|subject| format!("{subject} · ")).unwrap_or_default());
    page.text(&wording::verdict_headline(view.brief)).mark(" · ").text(&view.route.title);
    page.mark("</title>\n<style>").raw(style).mark("</style>\n</head>\n");
}

fn banner(page: &mut Html, sheet: &Sheet) {
    let (brief, route) = (sheet.view.brief, sheet.view.route);
    let (open, sign) = match brief.verdict {
        Verdict::Complete => ("<header class=\"banner good\">\n", "✓"),
        Verdict::Incomplete | Verdict::IncompleteRun => ("<header class=\"banner bad\">\n", "✗"),
    };
    page.mark(open).mark("<p class=\"route\">");
    if let Some(subject) = subject(sheet.view) {
        page.mark("<strong>").text(&subject).mark("</strong> ");
    }
    page.mark("<span>")
        .text(&route.title)
        .mark("</span> <span>")
        .text(&route.from_team)
        .mark(" → ")
        .text(&route.to_team)
        .mark("</span> <span>version ");
    page.number(route.version as usize).mark("</span></p>\n<h1><span class=\"sign\" aria-hidden=\"true\">").mark(sign);
    page.mark("</span> ").text(&wording::verdict_headline(brief)).mark("</h1>\n");
    if let Some(headline) = &brief.summary.headline {
        page.mark("<div class=\"headline\" id=\"headline\">");
        said(page, sheet, None, &headline.text, &headline.evidence);
        page.mark("</div>\n");
    }
    let states = || brief.fields.iter().map(|(_, field)| field.state);
    let found = states().filter(|state| *state == FieldState::Found).count();
    page.mark("<p class=\"strip\" aria-hidden=\"true\">");
    for (key, field) in brief.fields.iter() {
        page.mark("<span class=\"").mark(fields::state_class(sheet.view, key, field.state)).mark("\"></span>");
    }
    let conversation = sheet.view.conversation;
    page.mark("</p>\n<ul class=\"facts\"><li>").number(found).mark(" of ").number(states().count());
    page.mark(" fields known</li><li>");
    page.text(&wording::counted(conversation.documents.len(), "source", "sources")).mark(", ");
    page.text(&wording::counted(conversation.messages.len(), "message", "messages")).mark("</li><li>");
    let read = match brief.engine.degraded {
        true => "read by rules".to_owned(),
        false => format!("{} read", wording::percent(brief.coverage)),
    };
    page.text(&read).mark("</li></ul>\n</header>\n");
}

/// What is handed over: routes begin with the field that names it. `None` when that is open or no name.
fn subject(view: &BriefView) -> Option<String> {
    let (key, first) = view.brief.fields.iter().next()?;
    let is_name = matches!(view.route.field(key)?.kind, Kind::Text) && first.state == FieldState::Found;
    let shown = view.shown(key, &first.value);
    (is_name && shown.chars().count() <= SUBJECT_LIMIT).then_some(shown)
}

/// What a reader must know before believing the rest.
fn notices(page: &mut Html, view: &BriefView) {
    let open = "<p class=\"notice\" role=\"note\"><span class=\"sign\" aria-hidden=\"true\">!</span> ";
    if view.brief.engine.degraded {
        page.paragraph(open, wording::degraded_notice());
    }
    if view.brief.coverage < 1.0 && !view.brief.engine.degraded {
        page.paragraph(open, &wording::not_all_read(view.brief.coverage).1);
    }
}

fn warnings(page: &mut Html, view: &BriefView) {
    if view.brief.warnings.is_empty() {
        return;
    }
    page.mark("<section>\n<h2>Warnings</h2>\n<ul class=\"plain\">\n");
    for warning in &view.brief.warnings {
        page.mark("<li><strong>").text(&warning.source);
        if !warning.place.is_empty() {
            page.mark(", ").text(&warning.place);
        }
        page.mark("</strong>: ").text(&warning.message).mark("</li>\n");
    }
    page.mark("</ul>\n</section>\n");
}

fn footer(page: &mut Html, view: &BriefView) {
    page.mark("<footer>\n").paragraph("<p>", &wording::reading_line(view.brief));
    page.paragraph("<p>", &wording::usage_line(&view.brief.usage).unwrap_or_default());
    page.mark("</footer>\n");
}

/// Text that leads to the words behind it, or only the text when there are none.
fn linked(page: &mut Html, sheet: &Sheet, class: &'static str, text: &str, evidence: Option<&Evidence>) {
    let target = evidence.and_then(|evidence| sheet.anchors.target(evidence, sheet.view.conversation));
    match &target {
        Some(target) => page.mark("<a class=\"").mark(class).mark("\" href=\"#").text(target).mark("\">"),
        None => page.mark("<span class=\"").mark(class).mark("\">"),
    };
    page.text(text).mark(if target.is_some() { "</a>" } else { "</span>" });
}

/// One quote in a paragraph of its own: its words, then who said them, when and where.
fn quote(page: &mut Html, sheet: &Sheet, evidence: &Evidence) {
    quote_beside(page, sheet, evidence, "");
}

/// The same beside `shown`: words that stand there already are not said twice.
fn quote_beside(page: &mut Html, sheet: &Sheet, evidence: &Evidence, shown: &str) {
    let cited = cite(evidence, sheet.view.conversation);
    let is_shown = !shown.is_empty() && spoken(shown).contains(&spoken(&evidence.quote));
    page.mark("<p class=\"quote\">");
    if cited.quote.is_empty() || is_shown {
        linked(page, sheet, "place", &cited.place, Some(evidence));
    } else {
        linked(page, sheet, "words", &cited.quote, Some(evidence));
        page.mark(" <span class=\"place\">— ").text(&cited.place);
        if let Some(note) = wording::tier_note(evidence.tier) {
            page.mark(" · ").text(note);
        }
        page.mark("</span>");
    }
    page.mark("</p>\n");
}

/// A sentence of the prose and its first quote; where the sentence is the quote itself, only its place.
fn said(page: &mut Html, sheet: &Sheet, who: Option<&str>, text: &str, evidence: &[Evidence]) {
    let first = evidence.first();
    page.mark("<p class=\"said\">");
    if let Some(who) = who {
        page.mark("<strong>").text(who).mark(":</strong> ");
    }
    linked(page, sheet, "sentence", text, first);
    let itself = first.filter(|first| spoken(text).contains(&spoken(&first.quote)));
    if let Some(first) = itself {
        page.mark(" <span class=\"place\">— ").text(&cite(first, sheet.view.conversation).place).mark("</span>");
    }
    page.mark("</p>\n");
    if let (None, Some(first)) = (itself, first) {
        quote(page, sheet, first);
    }
}
