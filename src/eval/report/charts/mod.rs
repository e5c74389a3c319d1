//! The charts of a report: the gate's four cases, quality by field, cost
//! against quality, risk against coverage, time. Each says in words what it
//! shows and has its figures as a table.

mod confusion;
mod cost;
mod quality;
mod risk;
mod steps;
mod time;

use super::Report;
use crate::rendering::Html;

pub(super) fn charts(page: &mut Html, report: &Report) {
    if report.results.cases.is_empty() {
        return;
    }
    page.mark("<section id=\"charts\">\n<h2>Charts</h2>\n<div class=\"charts\">\n");
    confusion::confusion(page, report.results);
    risk::risk(page, report);
    if !report.beside.is_empty() {
        cost::by_run(page, report);
    }
    cost::by_case(page, report.results);
    time::time(page, report.results);
    page.mark("</div>\n</section>\n");
    quality::quality(page, report.results);
}

/// Opens a chart with its title and what it tells.
fn begin(page: &mut Html, title: &'static str, told: &str) {
    page.mark("<figure class=\"chart\">\n<figcaption><h3>").mark(title).mark("</h3>\n");
    page.paragraph("<p class=\"small\">", told).mark("</figcaption>\n");
}

/// Closes a chart with its figures as a table, which is folded.
fn end(page: &mut Html, heads: &[&'static str], rows: &[Vec<String>]) {
    page.mark("<details><summary>As a table</summary>\n");
    table(page, heads, rows);
    page.mark("</details>\n</figure>\n");
}

/// A table whose first column says what a row is of.
pub(super) fn table(page: &mut Html, heads: &[&'static str], rows: &[Vec<String>]) {
    page.mark("<div class=\"wide\"><table>\n<thead><tr>");
    for head in heads {
        page.mark("<th scope=\"col\">").mark(head).mark("</th>");
    }
    page.mark("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.mark("<tr>");
        for (index, cell) in row.iter().enumerate() {
            match index {
                0 => page.mark("<th scope=\"row\">").text(cell).mark("</th>"),
                _ => page.mark("<td>").text(cell).mark("</td>"),
            };
        }
        page.mark("</tr>\n");
    }
    page.mark("</tbody>\n</table></div>\n");
}
