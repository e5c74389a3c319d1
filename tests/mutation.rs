//! Mutants of the sample handoffs, read without a model: one field of each is
//! gone, vague, contradicted or said by the wrong party, and none may pass.
//! Run with `cargo test --test mutation -- --nocapture` to see every figure.

use std::collections::BTreeMap;
use std::path::Path;

use baton::brief::Verdict;
use baton::eval::mutation::{Mutation, make};
use baton::eval::{Case, load, score};
use baton::pipeline;

fn complete_cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = ["evals/cases", "evals/unmet"].into_iter().flat_map(|folder| load(&root.join(folder)).0);
    all.filter(|case| case.expected.verdict == Verdict::Complete).collect()
}

#[test]
fn no_mutant_of_a_sample_passes() {
    let mut made_of: BTreeMap<&str, (usize, usize, usize, usize)> = BTreeMap::new();
    let mut reasons: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut passes = Vec::new();
    let show = std::env::var("SHOW").unwrap_or_default();
    for case in complete_cases() {
        let passed = pipeline::run(case.request(case.conversation())).brief.verdict == Verdict::Complete;
        let (made, unmade) = make(&case, &Mutation::ALL);
        for one in &unmade {
            let phrase = one.reason.split(": ").next().unwrap_or_default().to_owned();
            *reasons.entry((one.mutation.name().to_owned(), phrase)).or_default() += 1;
            if !show.is_empty() {
                println!("UNMADE {} {} {}: {}", case.id, one.mutation, one.field, one.reason);
            }
        }
        for mutant in made {
            let counts = made_of.entry(mutant.mutation.name()).or_default();
            counts.0 += 1;
            if !passed {
                continue;
            }
            counts.1 += 1;
            if show == "diff" {
                show_changes(&case, &mutant);
            }
            let brief = pipeline::run(mutant.case.request(mutant.conversation.clone())).brief;
            let scored = score(&mutant.case, &brief);
            if scored.is_false_pass() {
                counts.2 += 1;
                passes.push(mutant.id.clone());
                let got = brief.fields.find(&mutant.field).unwrap();
                println!("FALSE PASS {}: {:?} {} origin {:?}", mutant.id, got.state, got.value, got.origin);
                for one in &got.evidence {
                    println!("     {} {:?} by {:?}", one.message, one.quote, one.author);
                }
                let last = mutant.conversation.messages.last().unwrap();
                println!("     last: {:?} {:?}", last.author, last.text);
            }
            let exact = scored.gaps_missing.is_empty() && scored.gaps_extra.is_empty();
            counts.3 += usize::from(exact);
            if !exact && !show.is_empty() {
                println!("GAPS {}: not told {:?}, not wanted {:?}", mutant.id, scored.gaps_missing, scored.gaps_extra);
            }
        }
    }
    println!("{passes:#?}");
    println!("kind: made, counted, false passes, exact\n{made_of:#?}\n{reasons:#?}");
    assert!(passes.is_empty());
}

fn show_changes(case: &Case, mutant: &baton::eval::mutation::Mutant) {
    println!("### {}", mutant.id);
    let before = case.conversation();
    for (at, message) in mutant.conversation.messages.iter().enumerate() {
        let old = before.messages.get(at).map(|one| one.text.clone()).unwrap_or_default();
        let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), message.text.lines().collect());
        for line in a.iter().filter(|line| !b.contains(line)) {
            println!("  {} -{line}", message.id);
        }
        for line in b.iter().filter(|line| !a.contains(line)) {
            println!("  {} +{line}", message.id);
        }
    }
    for (key, value) in &before.record {
        if mutant.conversation.record.get(key) != Some(value) {
            println!("  record {key}: {value} -> {:?}", mutant.conversation.record.get(key));
        }
    }
}
