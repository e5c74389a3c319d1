//! The tables of a report: mutations by kind, all metrics, the same by route
//! and tag, and cases that could not be read.

use std::collections::BTreeMap;

use super::charts::table;
use super::shown::{self, named};
use crate::eval::metrics::{ALL, Group};
use crate::eval::result::{Metrics, MutantResults, Results};
use crate::eval::runner::LEAST_MUTANTS;
use crate::rendering::Html;
use crate::route::Ordered;

pub(super) fn mutations(page: &mut Html, results: &Results) {
    let Some(mutants) = &results.mutants else { return };
    page.mark("<section id=\"mutations\">\n<h2>Mutations</h2>\n<p class=\"small\">");
    page.mark("Complete handoffs whose evidence for one field was broken on purpose: exactly that gap must come out. ");
    page.number(mutants.made).mark(" made, ").number(mutants.counted);
    page.mark(" counted, since their originals pass; ").number(mutants.unmade.len()).mark(" could not be made.</p>\n");
    if mutants.shown {
        let row = |(kind, metrics): (&str, &Metrics)| {
            let counted = shown::find(&results.mutations, kind, "false_pass_rate").map_or(0, |metric| metric.n);
            let figures = ["false_pass_rate", "gaps_exact_rate", "gap_recall"].map(|name| named(metrics, name));
            [vec![kind.to_owned(), counted.to_string()], figures.to_vec()].concat()
        };
        let rows: Vec<Vec<String>> = results.mutations.iter().map(row).collect();
        table(page, &["kind", "counted", "passed unfinished", "exactly the gap", "gap told"], &rows);
    } else {
        page.mark("<p>Not shown (").number(mutants.counted).mark(" of ").number(LEAST_MUTANTS);
        page.mark("): fewer counted mutants show nothing.</p>\n");
    }
    passed(page, mutants);
    unmade(page, mutants);
    page.mark("</section>\n");
}

/// Mutants that came through: each is a hole in the gate.
fn passed(page: &mut Html, mutants: &MutantResults) {
    let passed: Vec<Vec<String>> = mutants
        .all
        .iter()
        .filter(|mutant| mutant.case.is_some())
        .map(|mutant| vec![mutant.id.clone(), mutant.mutation.clone(), mutant.field.clone()])
        .collect();
    if !passed.is_empty() {
        page.mark("<h3>✗ Passed unfinished (").number(passed.len()).mark(")</h3>\n");
        table(page, &["mutant", "kind", "field"], &passed);
    }
}

fn unmade(page: &mut Html, mutants: &MutantResults) {
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for one in &mutants.unmade {
        *reasons.entry((&one.mutation, &one.reason)).or_default() += 1;
    }
    if reasons.is_empty() {
        return;
    }
    let mut rows: Vec<_> = reasons.into_iter().collect();
    rows.sort_by_key(|((kind, _), count)| (*kind, std::cmp::Reverse(*count)));
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|((kind, reason), count)| vec![kind.to_owned(), count.to_string(), reason.to_owned()])
        .collect();
    page.mark("<details><summary>What could not be made, and why</summary>\n");
    table(page, &["kind", "how many", "reason"], &rows);
    page.mark("</details>\n");
}

/// All metrics, and the most asked for by route and tag.
pub(super) fn figures(page: &mut Html, results: &Results) {
    page.mark("<section id=\"figures\">\n<h2>All figures</h2>\n");
    for (group, title) in [
        (Group::Gate, "Gate"),
        (Group::Fields, "Fields"),
        (Group::Gaps, "Gaps"),
        (Group::Evidence, "Evidence and prose"),
        (Group::Robustness, "Robustness"),
        (Group::Cost, "Cost"),
    ] {
        page.mark("<h3>").mark(title).mark("</h3>\n");
        let of_group = ALL.iter().filter(|definition| definition.group == group);
        let rows: Vec<Vec<String>> =
            of_group.map(|one| vec![one.name.to_owned(), named(&results.metrics, one.name)]).collect();
        table(page, &["metric", "figure"], &rows);
    }
    grouped(page, "By route", "route", &results.by_route);
    grouped(page, "By tag", "tag", &results.by_tag);
    page.mark("</section>\n");
}

fn grouped(page: &mut Html, title: &'static str, of: &'static str, groups: &Ordered<Metrics>) {
    if groups.iter().next().is_none() {
        return;
    }
    page.mark("<details><summary>").mark(title).mark("</summary>\n");
    let names = ["false_pass_rate", "false_block_rate", "field_recall", "field_precision", "gap_f1"];
    let row = |(name, metrics): (&str, &Metrics)| {
        let handoffs = metrics.find("verdict_accuracy").map_or(0, |metric| metric.n);
        [vec![name.to_owned(), handoffs.to_string()], names.map(|name| named(metrics, name)).to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = groups.iter().map(row).collect();
    table(page, &[of, "handoffs", "false pass", "false block", "recall", "precision", "gap F1"], &rows);
    page.mark("</details>\n");
}

/// Cases that could not be read.
pub(super) fn mistakes(page: &mut Html, results: &Results) {
    if results.mistakes.is_empty() {
        return;
    }
    page.mark("<section id=\"mistakes\">\n<h2>Cases that could not be read</h2>\n");
    let rows: Vec<Vec<String>> =
        results.mistakes.iter().map(|one| vec![format!("{}:{}", one.file, one.line), one.message.clone()]).collect();
    table(page, &["place", "mistake"], &rows);
    page.mark("</section>\n");
}
