//! The gaps, first on the page: each as one question with why it is asked,
//! whom, what came closest and what can be picked, and one letter per person
//! with everything that person is asked.

use super::anchors::Home;
use super::markup::{Html, letter};
use super::{Sheet, linked, quote, quote_beside};
use crate::brief::{Ask, Candidate, Evidence, Gap, GapKind};
use crate::wording;

/// More candidates than these are folded away.
const CANDIDATES_SHOWN: usize = 5;

pub(super) fn questions(page: &mut Html, sheet: &Sheet) {
    let numbered: Vec<(usize, &Gap)> = sheet.view.brief.gaps.iter().enumerate().collect();
    let (blocking, open): (Vec<_>, Vec<_>) = numbered.into_iter().partition(|(_, gap)| gap.blocking);
    if !blocking.is_empty() {
        page.mark("<section class=\"questions\">\n<h2>To settle before the handover</h2>\n");
        letters(page, sheet, &blocking);
        list(page, sheet, &blocking);
    }
    if !open.is_empty() {
        page.mark("<section class=\"questions open\">\n<h2>Worth asking, may stay open</h2>\n");
        list(page, sheet, &open);
    }
}

fn list(page: &mut Html, sheet: &Sheet, gaps: &[(usize, &Gap)]) {
    page.mark("<ol role=\"list\">\n");
    for (index, gap) in gaps {
        one_gap(page, sheet, *index, gap);
    }
    page.mark("</ol>\n</section>\n");
}

/// One letter for each person that can be written to, with all of their questions.
fn letters(page: &mut Html, sheet: &Sheet, gaps: &[(usize, &Gap)]) {
    let mut people: Vec<(&Ask, Vec<&Gap>)> = Vec::new();
    for (_, gap) in gaps.iter().filter(|(_, gap)| gap.ask.email.is_some()) {
        match people.iter_mut().find(|(ask, _)| ask.email == gap.ask.email) {
            Some((_, asked)) => asked.push(gap),
            None => people.push((&gap.ask, vec![gap])),
        }
    }
    for (ask, asked) in people {
        let lines = asked.iter().enumerate().map(|(index, gap)| format!("{}. {}\n", index + 1, gap.question));
        let body: String = lines.collect();
        let subject = sheet.view.route.title.as_str();
        let Some(link) = ask.email.as_deref().and_then(|address| letter(address, subject, &body)) else { continue };
        let count = wording::counted(asked.len(), "question", "questions");
        page.mark("<p class=\"letter\"><a").attribute("href", &link).mark(">Write to ");
        page.text(&wording::asked_name(ask)).mark(": ").text(&count).mark("</a></p>\n");
    }
}

fn one_gap(page: &mut Html, sheet: &Sheet, index: usize, gap: &Gap) {
    page.mark("<li id=\"").text(&Home::Gap(index).id()).mark("\">\n<h3><span class=\"number\">");
    page.number(index + 1).mark(".</span> ").text(&gap.question).mark("</h3>\n");
    page.mark("<p class=\"about\"><strong>");
    match (&gap.field, &gap.source) {
        (Some(key), _) => page.text(sheet.view.label(key)),
        (None, Some(source)) => page.text(source),
        (None, None) => page.mark("Source"),
    };
    page.mark("</strong> <span class=\"chip ").mark(kind_class(gap.kind)).mark("\">");
    page.mark(wording::gap_label(gap.kind)).mark("</span> <span class=\"ask\">ask ");
    asked(page, &gap.ask);
    page.mark("</span></p>\n");
    page.paragraph("<p class=\"why\">", &gap.why);
    closest(page, sheet, gap);
    let key = gap.field.as_deref().unwrap_or_default();
    candidates(page, sheet, key, &gap.candidates);
    page.mark("</li>\n");
}

/// The closest words; where the question says them itself, only the way to their place.
fn closest(page: &mut Html, sheet: &Sheet, gap: &Gap) {
    let is_offered = |nearest: &&Evidence| gap.candidates.iter().any(|seen| seen.evidence.contains(nearest));
    let Some(nearest) = gap.nearest.as_ref().filter(|nearest| !is_offered(nearest)) else { return };
    page.mark("<div class=\"closest\"><p class=\"small\">closest words: </p>");
    quote_beside(page, sheet, nearest, &gap.question);
    page.mark("</div>\n");
}

/// What a person may pick; more than a handful is folded away.
pub(super) fn candidates(page: &mut Html, sheet: &Sheet, key: &str, all: &[Candidate]) {
    if all.is_empty() {
        return;
    }
    let (shown, rest) = all.split_at(all.len().min(CANDIDATES_SHOWN));
    page.mark("<ul class=\"candidates\">\n");
    shown.iter().for_each(|candidate| one_candidate(page, sheet, key, candidate));
    page.mark("</ul>\n");
    if !rest.is_empty() {
        page.mark("<details><summary>and ").number(rest.len()).mark(" more</summary>\n<ul class=\"candidates\">\n");
        rest.iter().for_each(|candidate| one_candidate(page, sheet, key, candidate));
        page.mark("</ul>\n</details>\n");
    }
}

fn one_candidate(page: &mut Html, sheet: &Sheet, key: &str, candidate: &Candidate) {
    page.mark("<li><p>");
    linked(page, sheet, "value", &sheet.view.shown(key, &candidate.value), candidate.evidence.first());
    page.mark(" <span class=\"place\">").text(&candidate.reason).mark("</span></p>\n");
    if let Some(evidence) = candidate.evidence.first() {
        quote(page, sheet, evidence);
    }
    page.mark("</li>\n");
}

/// The name of who is asked, as a link where a letter can be written.
fn asked(page: &mut Html, ask: &Ask) {
    let name = wording::asked_name(ask);
    let plain = ask.email.as_deref().filter(|address| letter(address, "", "").is_some());
    match plain {
        Some(address) => {
            page.mark("<a").attribute("href", &format!("mailto:{}", address.replace('+', "%2B"))).mark(">")
        }
        None => page.mark("<span>"),
    };
    page.text(&name).mark(if plain.is_some() { "</a>" } else { "</span>" });
    if let Some(address) = ask.email.as_deref().filter(|address| *address != name) {
        // On the screen the link holds the address; paper has no links.
        page.mark(if plain.is_some() { "<span class=\"paper\"> (" } else { "<span> (" });
        page.text(address).mark(")</span>");
    }
}

fn kind_class(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Missing | GapKind::Conflicting | GapKind::Invalid | GapKind::UnreadSource => "bad",
        GapKind::Vague | GapKind::Stale | GapKind::Unconfirmed => "caution",
    }
}
