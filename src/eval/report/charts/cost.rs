//! What quality costs: recall against cost, tokens or, where no model was
//! asked, time. One point a handoff, and one a run where there are several.

use std::collections::BTreeSet;

use super::super::shown::{self, thousands};
use super::super::{Report, top};
use super::steps::Steps;
use crate::eval::metrics;
use crate::eval::result::{CaseResult, Metric, Results};
use crate::rendering::Html;
use crate::rendering::plot::{Axis, Plot};

/// What stands on the lower axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Price {
    Money,
    Tokens,
    /// Milliseconds: rules alone send nothing anywhere.
    Time,
}

impl Price {
    /// Money where every run that asked a model has a price, else tokens; time where no model was asked.
    fn of(runs: &[&Results]) -> Price {
        let asks = |run: &&&Results| run.cases.iter().any(|case| case.usage.calls.is_some());
        let priced =
            |run: &Results| run.cases.iter().all(|case| case.usage.calls.is_none() || case.usage.cost.is_some());
        match runs.iter().any(|run| asks(&run)) {
            false => Price::Time,
            true if runs.iter().filter(asks).all(|run| priced(run)) => Price::Money,
            true => Price::Tokens,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Price::Money => "cost of a handoff",
            Price::Tokens => "tokens of a handoff",
            Price::Time => "milliseconds of a handoff",
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Price::Money => format!("{}", (value * 1e6).round() / 1e6),
            Price::Tokens if value >= 10_000.0 => format!("{:.0}k", value / 1_000.0),
            Price::Tokens | Price::Time => thousands(value.round() as usize),
        }
    }

    /// What one handoff cost; a handoff without a model cost no money and no tokens.
    fn paid(self, case: &CaseResult) -> f64 {
        match self {
            Price::Money => case.usage.cost.unwrap_or_default(),
            Price::Tokens => (case.usage.input_tokens.unwrap_or(0) + case.usage.output_tokens.unwrap_or(0)) as f64,
            Price::Time => case.usage.milliseconds as f64,
        }
    }
}

pub(super) fn by_case(page: &mut Html, results: &Results) {
    let price = Price::of(&[results]);
    let Some(definition) = metrics::find("field_recall") else { return };
    let points: Vec<(&CaseResult, f64, f64)> = results
        .cases
        .iter()
        .filter_map(|case| {
            let counts = (definition.count)(case);
            (counts.whole > 0.0).then(|| (case, price.paid(case), counts.part / counts.whole))
        })
        .collect();
    let told = format!(
        "One point is one handoff: its {} and the share of its stated values that were read right. A cross is a wrong verdict.",
        price.title()
    );
    super::begin(page, "Cost against quality, by handoff", &told);
    let all: Vec<f64> = points.iter().map(|(_, paid, _)| *paid).collect();
    // Long handoffs cost many times as much as short ones; money is too fine for whole steps.
    let steps = (price != Price::Money).then(|| Steps::of(&all.iter().map(|paid| *paid as u64).collect::<Vec<_>>()));
    let x = match &steps {
        Some(steps) => steps.axis(price.title()),
        None => Axis::round(all.iter().copied().fold(0.0, f64::max), price.title(), |value| price.show(value)),
    };
    let told = format!("{} handoffs; the figures stand in the table.", points.len());
    let mut plot = Plot::begin(page, x, Axis::share("recall"), &told);
    for (case, paid, recall) in &points {
        let is_right = !case.is_false_pass() && !case.is_false_block();
        let told = format!("{}: recall {:.0} %, {}", case.id, recall * 100.0, price.show(*paid));
        let place = steps.as_ref().map_or(*paid, |steps| steps.place(*paid));
        plot.point((place, *recall), is_right, &told);
    }
    plot.end();
    let row = |(case, paid, recall): &(&CaseResult, f64, f64)| {
        let verdict = match (case.is_false_pass(), case.is_false_block()) {
            (true, _) => "false pass",
            (_, true) => "false block",
            _ => "right",
        };
        vec![case.id.clone(), price.show(*paid), format!("{:.0} %", recall * 100.0), verdict.to_owned()]
    };
    let heads = ["handoff", price.title(), "recall", "verdict"];
    super::end(page, &heads, &points.iter().map(row).collect::<Vec<_>>());
}

pub(super) fn by_run(page: &mut Html, report: &Report) {
    let runs: Vec<(String, &Results)> =
        std::iter::once((format!("{} (this run)", top::reader(report.results)), report.results))
            .chain(report.beside.iter().map(|(name, run)| (format!("{}, {name}", top::reader(run)), run)))
            .collect();
    let price = Price::of(&runs.iter().map(|(_, run)| *run).collect::<Vec<_>>());
    let ids = |run: &Results| run.cases.iter().map(|case| case.id.clone()).collect::<BTreeSet<String>>();
    let same = report.beside.iter().all(|(_, run)| ids(run) == ids(report.results));
    let note =
        if same { "" } else { " The runs are not over the same handoffs, so they cannot be compared by this alone." };
    let told =
        format!("One letter is one run: its mean {} and its recall with the interval of 95 %.{note}", price.title());
    super::begin(page, "Cost against quality, by run", &told);
    let paid = |run: &Results| {
        let sum: f64 = run.cases.iter().map(|case| price.paid(case)).sum();
        sum / run.cases.len().max(1) as f64
    };
    let recall = |run: &Results| run.metrics.find("field_recall").copied().unwrap_or_default();
    let most = runs.iter().map(|(_, run)| paid(run)).fold(0.0, f64::max);
    let x = Axis::round(most, price.title(), |value| price.show(value));
    let mut plot = Plot::begin(page, x, Axis::share("recall"), "The figures stand in the table.");
    for (index, (name, run)) in runs.iter().enumerate() {
        let Metric { value: Some(value), low, high, .. } = recall(run) else { continue };
        let at = paid(run);
        if let Some((low, high)) = low.zip(high) {
            plot.line("whisker", (at, low), (at, high));
        }
        plot.point((at, value), true, name);
        plot.name((at, value), &letter(index));
    }
    plot.end();
    let rows: Vec<Vec<String>> = runs
        .iter()
        .enumerate()
        .map(|(index, (name, run))| {
            let figure = |metric: &str| shown::named(&run.metrics, metric);
            let name = format!("{}: {name}", letter(index));
            let handoffs = run.cases.len().to_string();
            let rest = ["field_recall", "field_precision", "false_pass_rate", "false_block_rate"].map(figure);
            [vec![name, handoffs, price.show(paid(run))], rest.to_vec()].concat()
        })
        .collect();
    let heads = ["run", "handoffs", price.title(), "recall", "precision", "false pass", "false block"];
    super::end(page, &heads, &rows);
}

fn letter(index: usize) -> String {
    let letter = u8::try_from(index % 26).map_or('?', |index| char::from(b'A' + index));
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
}
