//! All sample handoffs, read without a model: no unfinished one may pass, the
//! finished ones should, and what is filled must be right. Run with
//! `cargo test --test cases -- --nocapture` to see every field that differs.

use std::path::Path;

use baton::eval::engine::Engine;
use baton::eval::load;
use baton::eval::result::Results;
use baton::eval::runner::{Plan, run};
use baton::eval::table::{failures, table};

/// The least number of complete samples that must pass the gate.
const LEAST_COMPLETE: usize = 6;
/// The least share of gold values found.
const LEAST_FOUND: f64 = 0.60;
/// The share of absent fields that may be filled must stay below this.
const MOST_FALSE_FILLS: f64 = 0.03;

fn read(folder: &str) -> Results {
    let (cases, mistakes) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let plan = Plan { jobs: 2, ..Plan::of(Engine::Extractive) };
    run(&cases, &mistakes, &plan).expect("nothing is asked of a model")
}

fn false_passes(results: &Results) -> Vec<&str> {
    results.cases.iter().filter(|case| case.is_false_pass()).map(|case| case.id.as_str()).collect()
}

#[test]
fn samples_are_read_and_judged_as_a_person_would() {
    let results = read("evals/cases");
    println!("{}\n{}", failures(&results), table(&results));
    assert!(results.cases.len() >= 16, "only {} sample handoffs", results.cases.len());
    let value = |name: &str| results.metrics.find(name).and_then(|metric| metric.value);
    let (found, filled) = (value("field_recall").unwrap_or_default(), value("false_fill_rate").unwrap_or(1.0));
    assert!(false_passes(&results).is_empty(), "incomplete and passed: {:?}", false_passes(&results));
    let blocks = results.metrics.find("false_block_rate").expect("a metric");
    let held_up = results.cases.iter().filter(|case| case.is_false_block()).count();
    assert!(blocks.n - held_up >= LEAST_COMPLETE, "only {} complete samples pass", blocks.n - held_up);
    assert!(found >= LEAST_FOUND, "only {:.1} % of gold values found", found * 100.0);
    assert!(filled < MOST_FALSE_FILLS, "{:.1} % of absent fields filled", filled * 100.0);
}

/// What is not met yet may be asked about too often, but it never passes unfinished.
#[test]
fn no_unfinished_sample_passes_among_those_not_met_yet() {
    let results = read("evals/unmet");
    println!("{}", table(&results));
    let unfinished = results.metrics.find("false_pass_rate").expect("a metric").n;
    assert!(unfinished >= 8 && false_passes(&results).is_empty(), "{:?}", false_passes(&results));
}
