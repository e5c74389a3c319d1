//! A matrix as a table for a terminal: first one line a row with the figures
//! alone, then each figure with its interval and the difference to the first
//! row, so that nobody reads chance as an improvement.

use std::fmt::Write;

use super::{MatrixResults, RowResults};
use crate::eval::compare::Difference;
use crate::eval::metrics::{self, Definition, Figure};
use crate::eval::result::Results;
use crate::eval::table::{figure, plain, signed};

/// The figures of a matrix, each with its short name.
const COLUMNS: [(&str, &str); 12] = [
    ("false_pass_rate", "false pass"),
    ("false_block_rate", "false block"),
    ("field_precision", "precision"),
    ("field_recall", "recall"),
    ("false_fill_rate", "false fill"),
    ("wrong_value_rate", "wrong"),
    ("quote_validity", "quotes"),
    ("tokens_per_handoff", "tokens"),
    ("answer_tokens_per_handoff", "answer"),
    ("cost_per_handoff", "cost"),
    ("milliseconds_p50", "ms p50"),
    ("milliseconds_p95", "ms p95"),
];

/// The whole table.
pub fn table(matrix: &MatrixResults) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} readers over {} handoffs, baton {}", matrix.rows.len(), matrix.cases.len(), matrix.baton);
    out.push('\n');
    overview(&mut out, matrix);
    notes(&mut out, matrix);
    for (name, _) in COLUMNS {
        if let Some(definition) = metrics::find(name) {
            detail(&mut out, matrix, definition);
        }
    }
    if !matrix.mistakes.is_empty() {
        let _ = writeln!(out, "\n{} mistakes in cases, which are in no figure", matrix.mistakes.len());
    }
    out
}

/// One line a row, aligned.
fn overview(out: &mut String, matrix: &MatrixResults) {
    let head: Vec<String> =
        std::iter::once(String::new()).chain(COLUMNS.iter().map(|(_, short)| (*short).to_owned())).collect();
    let mut lines = vec![head];
    for row in &matrix.rows {
        let mut line = vec![row.name.clone()];
        match &row.results {
            Some(results) => line.extend(COLUMNS.iter().map(|(name, _)| cell(results, name))),
            None => line.push("not run".to_owned()),
        }
        lines.push(line);
    }
    let width = |column: usize| {
        let cells = lines.iter().filter(|line| line.len() > 2).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let first = lines.iter().filter_map(|line| line.first()).map(|name| name.chars().count()).max().unwrap_or(0);
    for line in &lines {
        let mut text = String::new();
        for (column, cell) in line.iter().enumerate() {
            match column {
                0 => text.push_str(&format!("{cell:first$}")),
                _ => text.push_str(&format!("  {cell:>width$}", width = width(column))),
            }
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

fn cell(results: &Results, name: &str) -> String {
    let (Some(definition), Some(metric)) = (metrics::find(name), results.metrics.find(name)) else {
        return "n/a".to_owned();
    };
    match metric.value {
        None => "n/a".to_owned(),
        Some(0.0) if definition.figure == Figure::Share => format!("0 of {}", metric.n),
        Some(value) => plain(definition, value),
    }
}

/// Who each row is, and what a reader of the figures must know of it.
fn notes(out: &mut String, matrix: &MatrixResults) {
    out.push('\n');
    for row in &matrix.rows {
        let told = match (&row.results, &row.problem) {
            (Some(results), _) => who(row, results),
            (None, problem) => format!("not run: {}", problem.as_deref().unwrap_or("nothing was tried")),
        };
        let _ = writeln!(out, "{}: {told}", row.name);
    }
    if let [first, _, ..] = matrix.rows.as_slice() {
        let what = match first.results {
            Some(_) => format!("differences are to `{}`, over the same handoffs in pairs", first.name),
            None => format!("`{}`, the first row, gave nothing, so there are no differences", first.name),
        };
        let _ = writeln!(out, "{what}");
    }
}

fn who(row: &RowResults, results: &Results) -> String {
    let mut parts = vec![results.engine.clone()];
    parts.extend(results.model.clone());
    parts.extend(row.answer_form.map(|form| form.name().to_owned()));
    parts.extend(results.prompt.clone());
    if row.replayed {
        parts.push("recorded replies, times without the model's own".to_owned());
    }
    let degraded = results.cases.iter().filter(|case| case.degraded).count();
    if degraded > 0 {
        parts.push(format!("{degraded} of {} handoffs read by rules alone", results.cases.len()));
    }
    let passed: Vec<&str> =
        results.cases.iter().filter(|case| case.is_false_pass()).map(|case| case.id.as_str()).collect();
    if !passed.is_empty() {
        parts.push(format!("passed unfinished: {}", passed.join(" ")));
    }
    parts.join(", ")
}

/// One figure of all rows with intervals and differences.
fn detail(out: &mut String, matrix: &MatrixResults, definition: &Definition) {
    let rows: Vec<(&RowResults, &Results)> =
        matrix.rows.iter().filter_map(|row| Some((row, row.results.as_ref()?))).collect();
    let known = |results: &Results| results.metrics.find(definition.name).and_then(|metric| metric.value).is_some();
    let _ = writeln!(out, "\n{}", definition.name);
    if !rows.iter().any(|(_, results)| known(results)) {
        let _ = writeln!(out, "  n/a in every row");
        return;
    }
    let width = rows.iter().map(|(row, _)| row.name.chars().count()).max().unwrap_or(0);
    for (row, results) in rows {
        let metric = results.metrics.find(definition.name).copied().unwrap_or_default();
        let difference = results.comparison.as_ref().and_then(|comparison| comparison.metrics.find(definition.name));
        let told = difference.map(|difference| moved(definition, difference)).unwrap_or_default();
        let line = format!("  {:width$}  {:46}{told}", row.name, figure(definition, &metric));
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn moved(definition: &Definition, difference: &Difference) -> String {
    let (Some(value), Some(is_better)) = (difference.difference, difference.better) else {
        return if difference.difference.is_some() { "  same".to_owned() } else { String::new() };
    };
    let interval = match (difference.low, difference.high) {
        (Some(low), Some(high)) => format!(" ({} … {})", signed(definition, low), signed(definition, high)),
        _ => String::new(),
    };
    let word = if is_better { "better" } else { "worse" };
    let certain = if difference.is_certain() { ", more than chance" } else { "" };
    format!("  {}{interval} {word}{certain}", signed(definition, value))
}
