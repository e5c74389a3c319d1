//! Quality by field: recall and precision as bars with their intervals, the
//! fields with the most errors first. The chart is its own table.

use super::super::shown;
use crate::eval::metrics;
use crate::eval::result::{Metric, Metrics, Results};
use crate::rendering::Html;
use crate::rendering::plot;

pub(super) fn quality(page: &mut Html, results: &Results) {
    let mut fields: Vec<(&str, &Metrics)> = results.by_field.iter().collect();
    fields.retain(|(_, metrics)| ["field_recall", "field_precision"].iter().any(|name| metrics.find(name).is_some()));
    if fields.is_empty() {
        return;
    }
    // The sort is stable: fields with as many errors stay in the order of their names.
    fields.sort_by_key(|(_, metrics)| std::cmp::Reverse(errors(metrics)));
    let clean = fields.iter().position(|(_, metrics)| errors(metrics) == 0).unwrap_or(fields.len());
    let (wrong, right) = fields.split_at(clean);
    page.mark(
        "<section id=\"quality\">\n<h2>Quality by field</h2>\n<p class=\"small\">Recall: of the values that were ",
    );
    page.mark("stated, those read right. Precision: of the values in briefs, those that are right. The thin line is ");
    page.mark("the interval of 95 %. Fields with the most errors come first.</p>\n");
    bars(page, wrong);
    if !right.is_empty() {
        page.mark("<details><summary>").number(right.len()).mark(" fields without an error</summary>\n");
        bars(page, right);
        page.mark("</details>\n");
    }
    page.mark("</section>\n");
}

/// Values that were missed or wrong, and values that should not be there.
fn errors(metrics: &Metrics) -> usize {
    let lost = |name: &str| metrics.find(name).map_or(0, |metric| metric.n.saturating_sub(shown::part(metric)));
    lost("field_recall") + lost("field_precision")
}

fn bars(page: &mut Html, fields: &[(&str, &Metrics)]) {
    if fields.is_empty() {
        return;
    }
    page.mark("<table class=\"bars\">\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Recall</th>");
    page.mark("<th scope=\"col\">Precision</th></tr></thead>\n<tbody>\n");
    for (field, metrics) in fields {
        page.mark("<tr><th scope=\"row\">").text(field).mark("</th>");
        bar(page, ("recall", "field_recall"), metrics);
        bar(page, ("precision", "field_precision"), metrics);
        page.mark("</tr>\n");
    }
    page.mark("</tbody>\n</table>\n");
}

fn bar(page: &mut Html, (class, name): (&'static str, &str), metrics: &Metrics) {
    page.mark("<td><span class=\"of\">").mark(class).mark("</span> ");
    let metric = metrics.find(name).copied().unwrap_or_default();
    match (metric.value, metrics::find(name)) {
        (Some(value), Some(definition)) => {
            plot::gauge(page, class, value, metric.low.zip(metric.high));
            page.mark("<span class=\"amount\">").text(&shown::short(definition, &metric)).mark("</span>");
            page.mark(" <span class=\"small\">").text(&interval(&metric)).mark("</span>");
        }
        _ => {
            page.mark("<span class=\"small\">nothing to count</span>");
        }
    }
    page.mark("</td>");
}

fn interval(metric: &Metric) -> String {
    match (metric.low, metric.high) {
        (Some(low), Some(high)) => format!("{:.0}–{:.0} %", low * 100.0, high * 100.0),
        _ => String::new(),
    }
}
