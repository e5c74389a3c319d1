//! Time: how many handoffs took how many milliseconds, with the two figures
//! that people ask for.

use super::super::shown::thousands;
use super::steps::{Steps, tick};
use crate::eval::result::Results;
use crate::rendering::Html;
use crate::rendering::plot::{Axis, Plot};

pub(super) fn time(page: &mut Html, results: &Results) {
    let times: Vec<u64> = results.cases.iter().map(|case| case.usage.milliseconds).collect();
    let steps = Steps::of(&times);
    let count = |(from, to): (u64, u64)| times.iter().filter(|time| (from..to).contains(*time)).count();
    let counts: Vec<usize> = steps.pairs().map(count).collect();
    let figure = |name: &str| results.metrics.find(name).and_then(|metric| metric.value);
    let named = [("p50", figure("milliseconds_p50")), ("p95", figure("milliseconds_p95"))];
    let told: Vec<String> = named
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {} ms", thousands((*value)?.round() as usize))))
        .collect();
    let told = format!("From the files to the brief: {}. Each step is about twice the one before.", told.join(", "));
    super::begin(page, "Time", &told);
    let most = counts.iter().copied().max().unwrap_or(0);
    let y = Axis::round(most as f64 * 1.3, "handoffs", |count| format!("{}", (count * 10.0).round() / 10.0));
    let mut plot = Plot::begin(page, steps.axis("milliseconds of a handoff"), y, &told);
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        plot.bar((index as f64, index as f64 + 1.0), *count as f64, &count.to_string());
    }
    for (index, (name, value)) in named.into_iter().enumerate() {
        if let Some(value) = value {
            plot.across(steps.place(value), name, index == 1);
        }
    }
    plot.end();
    let row =
        |((from, to), count): ((u64, u64), &usize)| vec![format!("{} to {}", tick(from), tick(to)), count.to_string()];
    let rows: Vec<Vec<String>> = steps.pairs().zip(&counts).map(row).collect();
    super::end(page, &["milliseconds", "handoffs"], &rows);
}
