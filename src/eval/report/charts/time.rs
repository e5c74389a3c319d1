//! Time: how many handoffs took how many milliseconds, with the two figures
//! that people ask for.

use super::super::shown::thousands;
use super::super::svg::{Axis, Plot};
use crate::eval::result::Results;
use crate::rendering::Html;

pub(super) fn time(page: &mut Html, results: &Results) {
    let times: Vec<u64> = results.cases.iter().map(|case| case.usage.milliseconds).collect();
    let borders = borders(&times);
    let counts: Vec<usize> =
        borders.windows(2).map(|pair| times.iter().filter(|time| (pair[0]..pair[1]).contains(*time)).count()).collect();
    let figure = |name: &str| results.metrics.find(name).and_then(|metric| metric.value);
    let named = [("p50", figure("milliseconds_p50")), ("p95", figure("milliseconds_p95"))];
    let told: Vec<String> = named
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {} ms", thousands((*value)?.round() as usize))))
        .collect();
    let told = format!("From the files to the brief: {}. Each step is about twice the one before.", told.join(", "));
    super::begin(page, "Time", &told);
    let ticks = borders.iter().enumerate().map(|(index, border)| (index as f64, tick(*border))).collect();
    let x = Axis { most: (borders.len() - 1) as f64, ticks, title: "milliseconds of a handoff".to_owned() };
    let most = counts.iter().copied().max().unwrap_or(0);
    let y = Axis::round(most as f64 * 1.1, "handoffs", |count| format!("{}", (count * 10.0).round() / 10.0));
    let mut plot = Plot::begin(page, x, y, &told);
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        plot.bar((index as f64, index as f64 + 1.0), *count as f64, &count.to_string());
    }
    for (index, (name, value)) in named.into_iter().enumerate() {
        if let Some(value) = value {
            plot.across(place(&borders, value), name, index == 1);
        }
    }
    plot.end();
    let row =
        |(pair, count): (&[u64], &usize)| vec![format!("{} to {}", tick(pair[0]), tick(pair[1])), count.to_string()];
    let rows: Vec<Vec<String>> = borders.windows(2).zip(&counts).map(row).collect();
    super::end(page, &["milliseconds", "handoffs"], &rows);
}

/// Nought, then one, two and five times each power of ten, as far as the times reach; the first ones without any are
/// left out.
fn borders(times: &[u64]) -> Vec<u64> {
    let (least, most) = (times.iter().min().copied().unwrap_or(0), times.iter().max().copied().unwrap_or(0));
    let mut all = vec![0];
    let mut power: u64 = 1;
    'all: loop {
        for factor in [1, 2, 5] {
            let border = power.saturating_mul(factor);
            all.push(border);
            if border > most || border == u64::MAX {
                break 'all;
            }
        }
        power = power.saturating_mul(10);
    }
    let first = all.iter().rposition(|border| *border <= least).unwrap_or(0).min(all.len() - 2);
    all.split_off(first)
}

fn tick(border: u64) -> String {
    match border {
        0..1_000 => border.to_string(),
        1_000..1_000_000 => format!("{}k", border / 1_000),
        _ => format!("{}M", border / 1_000_000),
    }
}

/// Where a time lies among the borders, between two of them by its distance.
fn place(borders: &[u64], value: f64) -> f64 {
    let index = borders.iter().rposition(|border| *border as f64 <= value).unwrap_or(0);
    match (borders.get(index), borders.get(index + 1)) {
        (Some(from), Some(to)) => index as f64 + ((value - *from as f64) / (to - from) as f64).clamp(0.0, 1.0),
        _ => index as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_reach_as_far_as_the_times() {
        let check = |times: &[u64], expected: &[u64]| {
            let borders = borders(times);
            assert_eq!(borders, expected, "{times:?}");
            let counted: usize =
                borders.windows(2).map(|p| times.iter().filter(|t| (p[0]..p[1]).contains(*t)).count()).sum();
            assert_eq!(counted, times.len(), "{times:?}");
        };
        check(&[], &[0, 1]);
        check(&[0], &[0, 1]);
        check(&[1], &[1, 2]);
        check(&[3, 30], &[2, 5, 10, 20, 50]);
        check(&[100, 250], &[100, 200, 500]);
        check(&[0, 4], &[0, 1, 2, 5]);
        assert_eq!(borders(&[u64::MAX - 1]).len(), 2);
    }

    #[test]
    fn a_time_lies_between_its_borders() {
        let check = |value: f64, expected: f64| assert_eq!(place(&[0, 1, 2, 5], value), expected, "{value}");
        check(0.0, 0.0);
        check(1.5, 1.5);
        check(3.5, 2.5);
        check(50.0, 3.0);
    }
}
