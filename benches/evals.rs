//! How long evals take: a thousand handoffs read and scored without a model,
//! and the figures with their intervals. The handoffs are the samples over and
//! over under other names. The aim is 20 seconds on two cores for all.

use std::path::Path;

use baton::eval::engine::Engine;
use baton::eval::figures::measure;
use baton::eval::result::CaseResult;
use baton::eval::runner::{Plan, run};
use baton::eval::{Case, load};
use divan::{Bencher, black_box};

const HANDOFFS: usize = 1_000;

fn main() {
    divan::main();
}

fn cases() -> Vec<Case> {
    let (cases, _) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    let again = |(number, case): (usize, &Case)| {
        let mut case = case.clone();
        case.id = format!("{}x{number}-01", case.family());
        case
    };
    cases.iter().cycle().enumerate().map(again).take(HANDOFFS).collect()
}

fn plan() -> Plan<'static> {
    Plan { jobs: std::thread::available_parallelism().map_or(1, usize::from), ..Plan::of(Engine::Extractive) }
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn thousand_handoffs(bencher: Bencher) {
    let cases = cases();
    bencher.bench_local(|| run(black_box(&cases), &[], &plan()));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn figures_of_a_thousand(bencher: Bencher) {
    let results = run(&cases(), &[], &plan()).map(|results| results.cases).unwrap_or_default();
    let scored: Vec<&CaseResult> = results.iter().collect();
    bencher.bench_local(|| measure(black_box(&scored)));
}
