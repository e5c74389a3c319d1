//! Results as a table for a terminal: the gate first, then fields, gaps,
//! evidence and cost; what could not be measured is said, and none of a few is
//! shown with what it may still be.

use std::fmt::Write;

use super::compare::{CaseChange, Comparison};
use super::metrics::{self, ALL, Better, Definition, Figure, Group};
use super::result::{CaseResult, Metric, MutantResults, Results};
use super::runner::LEAST_MUTANTS;

const NAME_COLUMNS: usize = 27;
/// Changed handoffs that are listed of each sort.
const MOST_CHANGES: usize = 20;

/// The whole table.
pub fn table(results: &Results) -> String {
    let mut out = String::new();
    head(&mut out, results);
    for (group, title) in [
        (Group::Gate, "gate"),
        (Group::Fields, "fields"),
        (Group::Gaps, "gaps"),
        (Group::Evidence, "evidence and prose"),
        (Group::Robustness, "robustness"),
        (Group::Cost, "cost"),
    ] {
        let _ = writeln!(out, "\n{title}");
        for definition in ALL.iter().filter(|definition| definition.group == group) {
            let metric = results.metrics.find(definition.name).copied().unwrap_or_default();
            let _ = writeln!(out, "  {:NAME_COLUMNS$} {}", definition.name, figure(definition, &metric));
        }
        if group == Group::Gate {
            named(&mut out, "passed unfinished", results.cases.iter().filter(|case| case.is_false_pass()));
            named(&mut out, "held up finished", results.cases.iter().filter(|case| case.is_false_block()));
        }
    }
    if let Some(mutants) = &results.mutants {
        mutations(&mut out, results, mutants);
    }
    if let Some(comparison) = &results.comparison {
        compared(&mut out, comparison);
    }
    gates(&mut out, results);
    if !results.mistakes.is_empty() {
        let _ = writeln!(out, "\n{} mistakes in cases, which are in no figure", results.mistakes.len());
    }
    out
}

/// Every field that did not come out as a person would have it, case by case.
pub fn failures(results: &Results) -> String {
    let mut out = String::new();
    for case in &results.cases {
        let wrong: Vec<_> = case
            .scores
            .iter()
            .filter_map(|score| Some((score, score.outcome.filter(|outcome| !outcome.is_right())?)))
            .collect();
        let (missing, extra): (Vec<_>, Vec<_>) = (case.gaps.missing().collect(), case.gaps.extra().collect());
        if wrong.is_empty() && missing.is_empty() && extra.is_empty() {
            continue;
        }
        let _ =
            writeln!(out, "\n{} ({}): expected {}, got {}", case.id, case.route, word(&case.expected), word(&case.got));
        for (score, outcome) in wrong {
            let gold = score.expected.as_ref().map(|gold| {
                let values: Vec<String> = gold.values.iter().map(ToString::to_string).collect();
                format!("{} {}", word(&gold.state), values.join(" | "))
            });
            let quote = score.evidence.first().map(|evidence| format!(" «{}»", evidence.quote)).unwrap_or_default();
            let _ = writeln!(out, "  {:12} {}", outcome.name(), score.field);
            let _ = writeln!(out, "      expected {}", gold.unwrap_or_default());
            let _ = writeln!(out, "      got {} {}{quote}", word(&score.state), score.value);
        }
        for (title, gaps) in [("gaps not told", missing), ("gaps not wanted", extra)] {
            let told: Vec<String> = gaps.iter().map(|gap| format!("{} {}", gap.subject, word(&gap.kind))).collect();
            if !told.is_empty() {
                let _ = writeln!(out, "  {title}: {}", told.join(", "));
            }
        }
    }
    out
}

fn head(out: &mut String, results: &Results) {
    let families: std::collections::BTreeSet<&str> = results.cases.iter().map(|case| case.family.as_str()).collect();
    let model = results.model.as_ref().map(|model| format!(" ({model}, {})", results.prompt.as_deref().unwrap_or("")));
    let commit = results.commit.as_ref().map(|commit| format!(" at {commit}")).unwrap_or_default();
    let _ = writeln!(
        out,
        "{}{}, {} handoffs of {} families, baton {}{commit}",
        results.engine,
        model.unwrap_or_default(),
        results.cases.len(),
        families.len(),
        results.baton
    );
}

/// One figure with its interval, aligned.
pub fn figure(definition: &Definition, metric: &Metric) -> String {
    let Some(value) = metric.value else { return "n/a".to_owned() };
    if definition.figure == Figure::Share && value == 0.0 {
        let bound = metric.high.map(|high| format!(" (< {})", percent(high))).unwrap_or_default();
        return format!("0 of {}{bound}", metric.n);
    }
    let interval = match (metric.low, metric.high) {
        (Some(low), Some(high)) => format!("{} … {}", plain(definition, low), plain(definition, high)),
        _ => "too few families".to_owned(),
    };
    format!("{:>9}  {interval:20} n {}", plain(definition, value), metric.n)
}

pub(super) fn plain(definition: &Definition, value: f64) -> String {
    match definition.figure {
        Figure::Share | Figure::F1 | Figure::MacroF1 => percent(value),
        Figure::Ratio => format!("{value:.2}"),
        Figure::Mean | Figure::Quantile(_) if value.abs() >= 100.0 => format!("{value:.0}"),
        Figure::Mean if definition.name == "cost_per_handoff" => format!("{value:.5}"),
        Figure::Mean | Figure::Quantile(_) => format!("{value:.1}"),
    }
}

fn percent(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}

fn named<'a>(out: &mut String, title: &str, cases: impl Iterator<Item = &'a CaseResult>) {
    let ids: Vec<&str> = cases.map(|case| case.id.as_str()).collect();
    if !ids.is_empty() {
        let _ = writeln!(out, "  {title}: {}", ids.join(", "));
    }
}

fn mutations(out: &mut String, results: &Results, mutants: &MutantResults) {
    let _ = writeln!(
        out,
        "\nmutations: {} made, {} could not be made, {} counted since their originals pass",
        mutants.made,
        mutants.unmade.len(),
        mutants.counted
    );
    if !mutants.shown {
        let _ = writeln!(out, "  not shown ({} of {LEAST_MUTANTS})", mutants.counted);
        return;
    }
    for (kind, metrics) in results.mutations.iter() {
        let show = |name: &str| match (metrics::find(name), metrics.find(name)) {
            (Some(definition), Some(metric)) => figure(definition, metric),
            _ => String::new(),
        };
        let _ = writeln!(out, "  {kind:12} passed unfinished  {}", show("false_pass_rate"));
        let _ = writeln!(out, "  {:12} exactly the gap    {}", "", show("gaps_exact_rate"));
    }
    for passed in mutants.all.iter().filter(|mutant| mutant.case.is_some()) {
        let _ = writeln!(out, "  passed unfinished: {}", passed.id);
    }
}

fn compared(out: &mut String, comparison: &Comparison) {
    let before = &comparison.baseline;
    let commit = before.commit.as_ref().map(|commit| format!(" at {commit}")).unwrap_or_default();
    let model = before.model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default();
    let _ = writeln!(
        out,
        "\nagainst the baseline: {}{model}, baton {}{commit}, {} handoffs in both, {} only before, {} only now",
        before.engine,
        before.baton,
        comparison.cases,
        comparison.only_before.len(),
        comparison.only_now.len()
    );
    for definition in ALL.iter().filter(|definition| definition.group != Group::Cost) {
        let Some(difference) = comparison.metrics.find(definition.name) else { continue };
        let (Some(old), Some(new), Some(is_better)) = (difference.before, difference.now, difference.better) else {
            continue;
        };
        let interval = match (difference.low, difference.high) {
            (Some(low), Some(high)) => {
                format!("({} … {})", signed(definition, low), signed(definition, high))
            }
            _ => String::new(),
        };
        let certain = if difference.is_certain() { ", more than chance" } else { "" };
        let word = if is_better { "better" } else { "worse" };
        let moved = signed(definition, difference.difference.unwrap_or_default());
        let (old, new) = (plain(definition, old), plain(definition, new));
        let _ = writeln!(
            out,
            "  {:NAME_COLUMNS$} {old:>9} → {new:>9}  {moved:>9} {interval} {word}{certain}",
            definition.name
        );
    }
    for (name, pairs) in comparison.pairs.iter().filter(|(_, pairs)| pairs.better + pairs.worse > 0) {
        let _ = writeln!(out, "  {name}: {} better, {} worse, p {:.3}", pairs.better, pairs.worse, pairs.p);
    }
    let lists = [("worse", &comparison.worse), ("better and worse", &comparison.mixed), ("better", &comparison.better)];
    if lists.iter().all(|(_, changed)| changed.is_empty()) {
        let _ = writeln!(out, "  no handoff changed");
    }
    for (title, changed) in lists {
        changes(out, title, changed);
    }
}

fn changes(out: &mut String, title: &str, changed: &[CaseChange]) {
    for one in changed.iter().take(MOST_CHANGES) {
        let _ = writeln!(out, "  {title}: {}: {}", one.id, one.changes.join("; "));
    }
    if let Some(more) = changed.len().checked_sub(MOST_CHANGES).filter(|more| *more > 0) {
        let _ = writeln!(out, "  {title}: {more} more");
    }
}

pub(super) fn signed(definition: &Definition, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "+" };
    format!("{sign}{}", plain(definition, value.abs()))
}

fn gates(out: &mut String, results: &Results) {
    let broken: Vec<_> = results.gates.iter().filter(|gate| gate.broken).collect();
    let _ = writeln!(out, "\n{} of {} gates broken", broken.len(), results.gates.len());
    for gate in broken {
        let name = gate.name.rsplit('.').next().unwrap_or_default();
        let value = match (gate.value, metrics::find(name)) {
            (Some(value), Some(definition)) => plain(definition, value),
            _ => "n/a".to_owned(),
        };
        let better = metrics::find(name).map_or(Better::Higher, |definition| definition.better);
        let side = if gate.name.starts_with("drop.") && better == Better::Higher { " less" } else { "" };
        let _ = writeln!(out, "  {}: {value}{side} (n {}), allowed is {}", gate.name, gate.n, gate.limit);
    }
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}
