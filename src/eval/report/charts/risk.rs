//! Risk against coverage: how many of the values would be wrong if only the
//! surest of them were kept. A brief has no confidences; values are put in
//! order by what code can see of them.

use super::super::Report;
use super::super::shown;
use crate::brief::{Evidence, FieldState, Origin, Tier};
use crate::eval::metrics;
use crate::eval::result::{CaseResult, FieldScore, Metric, Results};
use crate::eval::score::Outcome;
use crate::eval::statistics::{rule_of_three, wilson};
use crate::rendering::Html;
use crate::rendering::plot::{Axis, Plot};

/// All values at least so sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    sureness: u8,
    kept: usize,
    wrong: usize,
}

pub(super) fn risk(page: &mut Html, report: &Report) {
    let values = values(report);
    let steps = steps(values);
    let Some(last) = steps.last().copied() else { return };
    super::begin(
        page,
        "Risk against coverage",
        "If only the surest values were kept: how many of them are wrong, and, dashed, how many it may still be. The \
         surest have exact quotes, values that code reads out of them, and other readings that agree.",
    );
    let rate = |step: &Step| step.wrong as f64 / step.kept as f64;
    let most = steps.iter().map(|step| bounds(step).1).fold(0.05, f64::max).min(1.0);
    let told = format!("Of all {} values {} are wrong; step by step in the table.", last.kept, last.wrong);
    let y = Axis::round(most, "wrong of the kept", |share| format!("{} %", (share * 1000.0).round() / 10.0));
    let mut plot = Plot::begin(page, Axis::share("values kept, the surest first"), y, &told);
    let at = |step: &Step| step.kept as f64 / last.kept as f64;
    plot.path("bound", &steps.iter().map(|step| (at(step), bounds(step).1)).collect::<Vec<_>>());
    plot.path("curve", &steps.iter().map(|step| (at(step), rate(step))).collect::<Vec<_>>());
    for step in &steps {
        let told = format!("sureness {} and above: {} of {} wrong", step.sureness, step.wrong, step.kept);
        plot.point((at(step), rate(step)), true, &told);
    }
    plot.end();
    let row = |step: &Step| {
        let (low, high) = bounds(step);
        let metric = Metric { value: Some(rate(step)), low: Some(low), high: Some(high), n: step.kept };
        let wrong = metrics::find("wrong_value_rate").map(|share| shown::figure(share, &metric)).unwrap_or_default();
        vec![format!("{} and above", step.sureness), format!("{:.1} %", at(step) * 100.0), wrong]
    };
    super::end(page, &["sureness", "values kept", "wrong of them"], &steps.iter().map(row).collect::<Vec<_>>());
}

/// Every value that the gold judges: how sure it is, and whether it is wrong.
fn values(report: &Report) -> Vec<(u8, bool)> {
    let others: Vec<&Results> = report.beside.iter().map(|(_, run)| run).collect();
    let mut values = Vec::new();
    for case in &report.results.cases {
        for score in &case.scores {
            let Some(outcome) = score.outcome.filter(|_| score.state == FieldState::Found) else { continue };
            let is_wrong = matches!(outcome, Outcome::Wrong | Outcome::Filled | Outcome::StateFilled);
            values.push((sureness(score, agreement(case, score, &others)), is_wrong));
        }
    }
    values
}

/// From 0 to 7: the best quote's match (0 to 3), support (0 to 2) and agreement of other readings (0 to 2).
fn sureness(score: &FieldScore, agreement: Option<bool>) -> u8 {
    let tier = |evidence: &Evidence| match evidence.tier {
        Tier::Exact | Tier::Author => 3,
        Tier::Normalised => 2,
        Tier::Ellipsis | Tier::Disfluency | Tier::Relocated => 1,
        Tier::Near => 0,
    };
    let matched = match score.origin {
        Some(Origin::Crm | Origin::Person) => 3,
        _ => score.evidence.iter().map(tier).max().unwrap_or_default(),
    };
    let told = |word: Option<bool>| match word {
        Some(true) => 2,
        None => 1,
        Some(false) => 0,
    };
    matched + told(score.supported) + told(agreement)
}

/// Whether every other reading of the handoff gave this value: other runs, other orders, repeats. None without any.
fn agreement(case: &CaseResult, score: &FieldScore, others: &[&Results]) -> Option<bool> {
    let mut seen = None;
    let mut hear = |agrees: bool| seen = Some(seen.unwrap_or(true) && agrees);
    for probe in [&case.reordered, &case.repeated].into_iter().flatten() {
        hear(!probe.differing.contains(&score.field));
    }
    for other in others.iter().filter_map(|run| run.cases.iter().find(|other| other.id == case.id)) {
        let same = other.scores.iter().find(|other| other.field == score.field);
        hear(same.is_some_and(|other| other.state == FieldState::Found && other.value == score.value));
    }
    seen
}

/// One step for each sureness that occurs, from the surest down.
fn steps(mut values: Vec<(u8, bool)>) -> Vec<Step> {
    values.sort_by_key(|(sureness, _)| std::cmp::Reverse(*sureness));
    let mut steps: Vec<Step> = Vec::new();
    for (sureness, is_wrong) in values {
        let last = steps.last().copied();
        let before = last.unwrap_or(Step { sureness, kept: 0, wrong: 0 });
        let now = Step { sureness, kept: before.kept + 1, wrong: before.wrong + usize::from(is_wrong) };
        match steps.last_mut().filter(|last| last.sureness == sureness) {
            Some(last) => *last = now,
            None => steps.push(now),
        }
    }
    steps
}

fn bounds(step: &Step) -> (f64, f64) {
    match step.wrong {
        0 => (0.0, rule_of_three(step.kept)),
        wrong => wilson(wrong, step.kept).unwrap_or((0.0, 1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_surest_are_kept_first() {
        let check = |values: &[(u8, bool)], expected: &str| {
            let told: Vec<String> = steps(values.to_vec())
                .iter()
                .map(|step| format!("{}:{}/{}", step.sureness, step.wrong, step.kept))
                .collect();
            assert_eq!(told.join(" "), expected, "{values:?}");
        };
        check(&[], "");
        check(&[(3, false)], "3:0/1");
        check(&[(3, true), (7, false), (7, false), (5, true), (3, false)], "7:0/2 5:1/3 3:2/5");
    }

    #[test]
    fn what_code_sees_of_a_value_makes_it_sure() {
        let check = |tier: &str, origin: &str, supported: Option<bool>, agreement: Option<bool>, expected: u8| {
            let evidence = json!({"source": "a", "message": "m1", "quote": "x", "start": 0, "end": 1, "author": null, "at": null, "tier": tier});
            let score: FieldScore = serde_json::from_value(json!({
                "field": "x", "type": "date", "required": true, "outcome": "right", "expected": null, "state": "found",
                "value": "2026-07-01", "origin": origin, "evidence": if origin == "source" { json!([evidence]) } else { json!([]) },
                "supported": supported,
            }))
            .unwrap();
            assert_eq!(sureness(&score, agreement), expected, "{tier} {origin} {supported:?} {agreement:?}");
        };
        check("exact", "source", Some(true), Some(true), 7);
        check("exact", "source", Some(true), None, 6);
        check("normalised", "source", None, None, 4);
        check("ellipsis", "source", Some(false), Some(false), 1);
        check("near", "source", Some(false), Some(false), 0);
        check("exact", "crm", None, None, 5);
    }
}
