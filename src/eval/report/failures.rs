//! Every handoff that did not come out as a person would have it, the worst
//! first: unfinished ones that passed, wrong values, finished ones that were
//! held up, then what was missed.

use super::sources::Budget;
use super::{Report, cases};
use crate::eval::result::{CaseResult, FieldScore, MutantResult, Results};
use crate::eval::score::Outcome;
use crate::rendering::Html;

/// What went wrong in a handoff, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failure {
    FalsePass,
    /// A value that is wrong, or that nobody said; or the prose told what it must not; or a command was obeyed.
    Untrue,
    FalseBlock,
    /// Something was missed, or another gap was told.
    Less,
}

/// The worst that went wrong; none when all came out as a person would have it.
pub(super) fn failure(case: &CaseResult) -> Option<Failure> {
    let is_untrue =
        |score: &FieldScore| matches!(score.outcome, Some(Outcome::Wrong | Outcome::Filled | Outcome::StateFilled));
    let lied = case.facts.must_not.iter().any(|fact| fact.told);
    let obeyed = case.injection.as_ref().is_some_and(|one| !one.moved.is_empty());
    if case.is_false_pass() {
        Some(Failure::FalsePass)
    } else if lied || obeyed || case.scores.iter().any(is_untrue) {
        Some(Failure::Untrue)
    } else if case.is_false_block() {
        Some(Failure::FalseBlock)
    } else if case.scores.iter().any(is_wrong)
        || case.gaps.missing().next().is_some()
        || case.gaps.extra().next().is_some()
    {
        Some(Failure::Less)
    } else {
        None
    }
}

/// A field that the gold names and that did not come out right.
pub(super) fn is_wrong(score: &FieldScore) -> bool {
    score.outcome.is_some_and(|outcome| !outcome.is_right())
}

/// All of them, the worst first.
pub(super) fn failed(results: &Results) -> Vec<&CaseResult> {
    let mut failed: Vec<(Failure, &CaseResult)> =
        results.cases.iter().filter_map(|case| Some((failure(case)?, case))).collect();
    failed.sort_by_key(|(failure, _)| *failure);
    failed.into_iter().map(|(_, case)| case).collect()
}

/// Mutants that passed though they are unfinished, each with all that is known of it.
pub(super) fn passed_mutants(results: &Results) -> impl Iterator<Item = &MutantResult> {
    results.mutants.iter().flat_map(|mutants| &mutants.all).filter(|mutant| mutant.case.is_some())
}

/// Writes them; gives what of the sources was shown.
pub(super) fn failures(page: &mut Html, report: &Report, failed: &[&CaseResult]) -> Budget {
    let mut budget = Budget::default();
    page.mark("<section id=\"failures\" class=\"failures\">\n<h2>Handoffs that failed</h2>\n");
    let mutants: Vec<&CaseResult> =
        passed_mutants(report.results).filter_map(|mutant| mutant.case.as_deref()).collect();
    if failed.is_empty() && mutants.is_empty() {
        page.mark("<p>None: every field, gap and verdict came out as a person would have it.</p>\n");
    } else {
        legend(page);
    }
    for (index, case) in failed.iter().chain(&mutants).enumerate() {
        cases::case(page, (index + 1, case), report.sources.get(&case.id), &mut budget);
    }
    page.mark("</section>\n");
    budget
}

fn legend(page: &mut Html) {
    page.mark(
        "<p class=\"small\">The worst first. Open one to see what was expected beside what came out, and the words ",
    );
    page.mark(
        "of the sources behind the fields that failed: <mark class=\"expected\"><b class=\"tag\">expected</b>the ",
    );
    page.mark(
        "words a person cites</mark> have a line below, <mark class=\"got\"><b class=\"tag\">got</b>the words the ",
    );
    page.mark(
        "brief cites</mark> a line above, <mark class=\"expected got\">words that both cite</mark> have both.</p>\n",
    );
}
