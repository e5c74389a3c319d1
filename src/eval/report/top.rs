//! The top of a report: whether the gates hold, the gate's two figures, what
//! was run, and every limit beside its figure.

use std::collections::BTreeSet;

use super::shown;
use crate::eval::gates::GateResult;
use crate::eval::metrics::{self, Better};
use crate::eval::result::Results;
use crate::eval::table::plain;
use crate::rendering::Html;
use crate::wording::counted;

/// `All 13 gates hold`.
pub(super) fn headline(results: &Results) -> String {
    let broken = results.gates.iter().filter(|gate| gate.broken).count();
    match (broken, results.gates.len()) {
        (_, 0) => "No gate was judged".to_owned(),
        (0, 1) => "The gate holds".to_owned(),
        (0, all) => format!("All {all} gates hold"),
        (broken, 1) => format!("{broken} gate is broken"),
        (broken, all) => format!("{broken} of {all} gates broken"),
    }
}

/// What read: `both (some-model)`.
pub(super) fn reader(results: &Results) -> String {
    let model = results.model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default();
    format!("{}{model}", results.engine)
}

pub(super) fn banner(page: &mut Html, results: &Results, failed: usize) {
    let broken = results.gates.iter().any(|gate| gate.broken);
    page.mark(if broken { "<header class=\"banner bad\">\n" } else { "<header class=\"banner good\">\n" });
    page.mark("<p class=\"route\"><span>Baton eval</span></p>\n<h1><span class=\"sign\" aria-hidden=\"true\">");
    page.mark(if broken { "✗" } else { "✓" }).mark("</span> ").text(&headline(results)).mark("</h1>\n");
    page.mark("<dl class=\"two\">\n");
    for (name, label) in [
        ("false_pass_rate", "False pass: unfinished handoffs let through"),
        ("false_block_rate", "False block: finished handoffs held up"),
    ] {
        page.mark("<div><dt>").mark(label).mark("</dt><dd>").text(&shown::named(&results.metrics, name));
        page.mark("</dd></div>\n");
    }
    page.mark("</dl>\n<ul class=\"facts\">");
    let families: BTreeSet<&str> = results.cases.iter().map(|case| case.family.as_str()).collect();
    let mut facts = vec![
        format!(
            "{} of {}",
            counted(results.cases.len(), "handoff", "handoffs"),
            counted(families.len(), "family", "families")
        ),
        match failed {
            0 => "each came out as a person would have it".to_owned(),
            failed => format!("{failed} with something to look at"),
        },
    ];
    if let Some(mutants) = &results.mutants {
        facts.push(format!("{} counted", counted(mutants.counted, "mutant", "mutants")));
    }
    if !results.mistakes.is_empty() {
        facts.push(format!(
            "{} in cases, which are in no figure",
            counted(results.mistakes.len(), "mistake", "mistakes")
        ));
    }
    for fact in facts {
        page.mark("<li>").text(&fact).mark("</li>");
    }
    page.mark("</ul>\n");
    run(page, results);
    page.mark("</header>\n");
}

/// What was run, so that nobody takes it for another run.
fn run(page: &mut Html, results: &Results) {
    let unknown = || "not said".to_owned();
    let none = || "none".to_owned();
    page.mark("<dl class=\"run\">\n");
    let routes: Vec<String> = results
        .routes
        .iter()
        .map(|(id, stamp)| format!("{id} version {} ({})", stamp.version, stamp.fingerprint))
        .collect();
    for (name, value) in [
        ("engine", results.engine.clone()),
        ("model", results.model.clone().unwrap_or_else(none)),
        ("prompt", results.prompt.clone().unwrap_or_else(none)),
        ("baton", results.baton.clone()),
        ("commit", results.commit.clone().unwrap_or_else(unknown)),
        ("routes", routes.join(" · ")),
    ] {
        page.mark("<div><dt>").mark(name).mark("</dt><dd>").text(&value).mark("</dd></div>\n");
    }
    page.mark("</dl>\n");
}

pub(super) fn contents(page: &mut Html, results: &Results, failed: usize) {
    page.mark("<nav aria-label=\"Contents\"><ul>");
    let mut link = |target: &'static str, name: &str| {
        page.mark("<li><a href=\"#").mark(target).mark("\">").text(name).mark("</a></li>");
    };
    if !results.gates.is_empty() {
        link("gates", "Gates");
    }
    if results.comparison.is_some() {
        link("changes", "Against the baseline");
    }
    if !results.cases.is_empty() {
        link("charts", "Charts");
        link("quality", "Quality by field");
    }
    if results.mutants.is_some() {
        link("mutations", "Mutations");
    }
    link("failures", &format!("Failed handoffs ({failed})"));
    link("figures", "All figures");
    page.mark("</ul></nav>\n");
}

/// Every limit, the broken ones first.
pub(super) fn gates(page: &mut Html, results: &Results) {
    if results.gates.is_empty() {
        return;
    }
    page.mark(
        "<section id=\"gates\">\n<h2>Gates</h2>\n<table class=\"gates\">\n<thead><tr><th scope=\"col\">Gate</th>",
    );
    page.mark(
        "<th scope=\"col\">Figure</th><th scope=\"col\">Limit</th><th scope=\"col\">Holds</th></tr></thead>\n<tbody>\n",
    );
    let (broken, held): (Vec<&GateResult>, Vec<&GateResult>) = results.gates.iter().partition(|gate| gate.broken);
    for gate in broken.into_iter().chain(held) {
        page.mark("<tr><th scope=\"row\">").text(&gate.name).mark("</th><td>").text(&figure(gate)).mark("</td><td>");
        page.text(&gate.limit).mark("</td><td>");
        page.mark(match (gate.broken, gate.value) {
            (true, _) => "<span class=\"chip bad\">✗ broken</span>",
            (false, Some(_)) => "<span class=\"chip good\">✓ holds</span>",
            (false, None) => "<span class=\"chip\">– nothing to judge</span>",
        });
        page.mark("</td></tr>\n");
    }
    page.mark("</tbody>\n</table>\n</section>\n");
}

fn figure(gate: &GateResult) -> String {
    let name = gate.name.rsplit('.').next().unwrap_or_default();
    let (Some(value), Some(definition)) = (gate.value, metrics::find(name)) else {
        return format!("n/a, n {}", gate.n);
    };
    let drop = gate.name.starts_with("drop.");
    let side = match (drop, definition.better) {
        (false, _) => "",
        (true, Better::Higher) if value > 0.0 => " less",
        (true, Better::Higher) => " more",
        (true, Better::Lower) if value > 0.0 => " more",
        (true, Better::Lower) => " less",
    };
    let value = if drop { value.abs() } else { value };
    format!("{}{}, n {}", plain(definition, value), if value == 0.0 { "" } else { side }, gate.n)
}
