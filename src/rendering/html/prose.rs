//! The prose of the brief: the next step, the statements by kind and the
//! people, every sentence leading to the words that show it.

use super::super::BriefView;
use super::markup::Html;
use super::{Sheet, linked, said};
use crate::brief::{PersonSeen, Statement};
use crate::conversation::Side;
use crate::wording;

pub(super) fn next_step(page: &mut Html, sheet: &Sheet) {
    let Some(next) = &sheet.view.brief.summary.next_action else { return };
    let what = format!("{}{}", next.what, next.by.as_deref().map(wording::by_when).unwrap_or_default());
    page.mark("<section id=\"next-step\">\n<h2>Next step</h2>\n");
    said(page, sheet, next.who.as_deref(), &what, &next.evidence);
    page.mark("</section>\n");
}

pub(super) fn prose(page: &mut Html, sheet: &Sheet) {
    let summary = &sheet.view.brief.summary;
    statements(page, sheet, "<section id=\"situation\">\n<h2>Situation</h2>\n", &summary.situation);
    statements(page, sheet, "<section id=\"decisions\">\n<h2>Decisions</h2>\n", &summary.decisions);
    promises(page, sheet);
    statements(page, sheet, "<section id=\"risks\">\n<h2>Risks</h2>\n", &summary.risks);
    statements(page, sheet, "<section id=\"open-questions\">\n<h2>Open questions</h2>\n", &summary.open_questions);
    if summary.left_out > 0 {
        page.paragraph("<p class=\"small\">", &wording::left_out_line(summary.left_out));
    }
}

fn promises(page: &mut Html, sheet: &Sheet) {
    let promises = &sheet.view.brief.summary.promises;
    if promises.is_empty() {
        return;
    }
    page.mark("<section id=\"promises\">\n<h2>Promises</h2>\n<ul class=\"statements\">\n");
    for promise in promises {
        let who = match (&promise.who, &promise.to) {
            (Some(who), Some(to)) => Some(format!("{who} to {to}")),
            (who, _) => who.clone(),
        };
        let what = format!("{}{}", promise.what, promise.by.as_deref().map(wording::by_when).unwrap_or_default());
        page.mark("<li>");
        said(page, sheet, who.as_deref(), &what, &promise.evidence);
        page.mark("</li>\n");
    }
    page.mark("</ul>\n</section>\n");
}

fn statements(page: &mut Html, sheet: &Sheet, open: &'static str, items: &[Statement]) {
    if items.is_empty() {
        return;
    }
    page.mark(open).mark("<ul class=\"statements\">\n");
    for item in items {
        page.mark("<li>");
        said(page, sheet, None, &item.text, &item.evidence);
        page.mark("</li>\n");
    }
    page.mark("</ul>\n</section>\n");
}

pub(super) fn people(page: &mut Html, sheet: &Sheet) {
    let view: &BriefView = sheet.view;
    if view.brief.summary.people.is_empty() {
        return;
    }
    page.mark("<section id=\"people\">\n<h2>People</h2>\n<dl class=\"fields people\">\n");
    for side in [Side::Theirs, Side::Ours, Side::Unknown] {
        let people: Vec<&PersonSeen> = view.brief.summary.people.iter().filter(|person| person.side == side).collect();
        if people.is_empty() {
            continue;
        }
        page.mark("<div class=\"field\">\n<dt>").mark(wording::side_label(side)).mark("</dt>\n<dd>\n");
        for person in people {
            page.mark("<p>");
            linked(page, sheet, "person", &person.name, person.evidence.first());
            if let Some(role) = &person.role {
                page.mark(", ").text(role);
            }
            if let Some(address) = person.address.as_ref().filter(|address| **address != person.name) {
                page.mark(" <span class=\"place\">").text(address).mark("</span>");
            }
            page.mark("</p>\n");
        }
        page.mark("</dd>\n</div>\n");
    }
    page.mark("</dl>\n</section>\n");
}
