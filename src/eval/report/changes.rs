//! The run against its baseline: which metrics moved and whether by more than
//! chance, and which handoffs got worse or better, the worse ones first.

use std::collections::BTreeMap;

use super::charts::table;
use crate::eval::compare::{CaseChange, Comparison};
use crate::eval::metrics::{ALL, Definition};
use crate::eval::result::{CaseResult, Results};
use crate::eval::table::{plain, signed};
use crate::rendering::Html;
use crate::wording::counted;

pub(super) fn changes(page: &mut Html, results: &Results, failed: &[&CaseResult]) {
    let Some(comparison) = &results.comparison else { return };
    page.mark("<section id=\"changes\">\n<h2>Against the baseline</h2>\n");
    page.paragraph("<p class=\"small\">", &told(comparison));
    if comparison.cases > 0 {
        moved(page, comparison);
        pairs(page, comparison);
    }
    let anchors = super::anchors(failed);
    let lists =
        [("✗ Worse", &comparison.worse), ("± Better and worse", &comparison.mixed), ("✓ Better", &comparison.better)];
    for (title, changed) in lists {
        list(page, title, changed, &anchors);
    }
    if comparison.cases == 0 {
        page.mark("<p>Nothing can be compared: no handoff is in both runs.</p>\n");
    } else if lists.iter().all(|(_, changed)| changed.is_empty()) {
        page.mark("<p>No handoff changed.</p>\n");
    }
    for (title, ids) in [("Only in the baseline", &comparison.only_before), ("Only in this run", &comparison.only_now)]
    {
        if !ids.is_empty() {
            page.mark("<p class=\"small\">").mark(title).mark(": ").text(&ids.join(", ")).mark("</p>\n");
        }
    }
    page.mark("</section>\n");
}

fn told(comparison: &Comparison) -> String {
    let before = &comparison.baseline;
    let model = before.model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default();
    let prompt = before.prompt.as_ref().map(|prompt| format!(", prompt {prompt}")).unwrap_or_default();
    let commit = before.commit.as_ref().map(|commit| format!(" at {commit}")).unwrap_or_default();
    let both = counted(comparison.cases, "handoff", "handoffs");
    format!("The baseline: {}{model}{prompt}, baton {}{commit}. {both} in both runs.", before.engine, before.baton)
}

fn moved(page: &mut Html, comparison: &Comparison) {
    let row = |definition: &Definition| {
        let difference = comparison.metrics.find(definition.name)?;
        let (before, now, is_better) = (difference.before?, difference.now?, difference.better?);
        let interval = match (difference.low, difference.high) {
            (Some(low), Some(high)) => format!(" ({} … {})", signed(definition, low), signed(definition, high)),
            _ => String::new(),
        };
        let word = match (is_better, difference.is_certain()) {
            (true, true) => "✓ better, more than chance",
            (true, false) => "✓ better",
            (false, true) => "✗ worse, more than chance",
            (false, false) => "✗ worse",
        };
        let moved = format!("{}{interval}", signed(definition, difference.difference?));
        Some(vec![
            definition.name.to_owned(),
            plain(definition, before),
            plain(definition, now),
            moved,
            word.to_owned(),
        ])
    };
    // Time is as much the machine's as the program's, and two runs are seldom alone on the same one.
    let compared = ALL.iter().filter(|definition| !definition.name.starts_with("milliseconds"));
    let rows: Vec<Vec<String>> = compared.filter_map(row).collect();
    if rows.is_empty() {
        page.mark("<p>No metric moved.</p>\n");
        return;
    }
    table(page, &["metric", "before", "now", "moved", ""], &rows);
}

fn pairs(page: &mut Html, comparison: &Comparison) {
    let told: Vec<String> = comparison
        .pairs
        .iter()
        .filter(|(_, pairs)| pairs.better + pairs.worse > 0)
        .map(|(name, pairs)| format!("{name}: {} better, {} worse, p {:.3}", pairs.better, pairs.worse, pairs.p))
        .collect();
    if !told.is_empty() {
        page.mark("<p class=\"small\">McNemar’s exact test: ").text(&told.join(" · ")).mark("</p>\n");
    }
}

fn list(page: &mut Html, title: &'static str, changed: &[CaseChange], anchors: &BTreeMap<String, usize>) {
    if changed.is_empty() {
        return;
    }
    page.mark("<h3>").mark(title).mark(" (").number(changed.len()).mark(")</h3>\n<ul class=\"plain\">\n");
    for change in changed {
        page.mark("<li>");
        match anchors.get(&change.id) {
            Some(number) => {
                page.mark("<a href=\"#case-").number(*number).mark("\">").text(&change.id).mark("</a>");
            }
            None => {
                page.mark("<strong>").text(&change.id).mark("</strong>");
            }
        }
        page.mark(": ").text(&change.changes.join("; ")).mark("</li>\n");
    }
    page.mark("</ul>\n");
}
