//! A run as one HTML file for people: what was run, the gate first, what
//! changed against the baseline, charts, and each handoff that did not come
//! out as a person would have it, beside the words of its sources. The page
//! has no script, fetches nothing, and everything from data is escaped.

mod cases;
mod changes;
mod charts;
mod failures;
mod marks;
mod shown;
mod sources;
mod tables;
mod top;

use std::collections::BTreeMap;

use super::cases::Case;
use super::mutation::{Mutation, mutants};
use super::result::{CaseResult, Results};
use crate::conversation::Conversation;
use crate::rendering::{Html, plot, policy};

const STYLE: &str = include_str!("report.css");

/// What a report is made from.
pub struct Report<'a> {
    pub results: &'a Results,
    /// Other runs by name: points beside this one, and readers whose agreement is asked for.
    pub beside: &'a [(String, Results)],
    /// The sources of handoffs by id; one that is not there is shown without.
    pub sources: &'a BTreeMap<String, Conversation>,
}

/// The sources of every handoff and mutant that a report shows, made from the cases as they were for the run.
pub fn sources(results: &Results, cases: &[Case]) -> BTreeMap<String, Conversation> {
    let mut sources = BTreeMap::new();
    for failed in failures::failed(results) {
        let original = cases.iter().find(|case| case.id == failed.id);
        sources.extend(original.map(|case| (case.id.clone(), case.conversation())));
    }
    let passed = || failures::passed_mutants(results);
    for case in cases.iter().filter(|case| passed().any(|mutant| mutant.original == case.id)) {
        for mutant in mutants(case, &Mutation::ALL) {
            if passed().any(|passed| passed.id == mutant.id) {
                sources.insert(mutant.id, mutant.conversation);
            }
        }
    }
    sources
}

/// The whole page; ends with a line break.
pub fn report_html(report: &Report) -> String {
    let results = report.results;
    let failed = failures::failed(results);
    let mut page = Html::default();
    head(&mut page, results);
    page.mark("<body>\n<a class=\"skip\" href=\"#failures\">Skip to the handoffs that failed</a>\n<main>\n");
    plot::patterns(&mut page);
    top::banner(&mut page, results, failed.len());
    top::contents(&mut page, results, failed.len());
    top::gates(&mut page, results);
    changes::changes(&mut page, results, &failed);
    charts::charts(&mut page, report);
    tables::mutations(&mut page, results);
    let shown = failures::failures(&mut page, report, &failed);
    tables::figures(&mut page, results);
    tables::mistakes(&mut page, results);
    footer(&mut page, shown);
    page.mark("</main>\n</body>\n</html>\n");
    page.finish()
}

fn head(page: &mut Html, results: &Results) {
    page.mark("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.mark("<meta http-equiv=\"Content-Security-Policy\"").attribute("content", &policy(STYLE, None));
    page.mark(">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.mark("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n");
    page.mark("<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">\n");
    page.mark("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    page.text(&top::headline(results)).mark(" · ").text(&top::reader(results));
    page.mark("</title>\n<style>").raw(STYLE).mark("</style>\n</head>\n");
}

fn footer(page: &mut Html, shown: sources::Budget) {
    page.mark(
        "<footer>\n<p>Every figure is defined in docs/evals.md. Intervals hold 95 %: a bootstrap over families of ",
    );
    page.mark("handoffs, and where a rate is none or all, what it may still be with three of n.</p>\n");
    page.paragraph("<p>", &shown.told());
    page.mark("</footer>\n");
}

/// Handoffs in which something is worth a look, told by their id.
fn anchors(failed: &[&CaseResult]) -> BTreeMap<String, usize> {
    failed.iter().enumerate().map(|(index, case)| (case.id.clone(), index + 1)).collect()
}
