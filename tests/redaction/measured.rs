//! How much is found, kind by kind, and how much is taken for it that is
//! something else.

use std::collections::BTreeMap;
use std::ops::Range;

use baton::redaction::{Finding, Ledger, find};
use baton::route::Withheld;
use serde_json::json;

use crate::documents::{AROUND, COUNT, Document};
use crate::figure;
use crate::values::{ANNOUNCED_FURTHER, FURTHER, NOT_FURTHER, PHONES, filled};

/// The least share of values that must be found of each kind.
const LEAST_RECALL: f64 = 0.995;
/// The most of what is something else that may be taken.
const MOST_FALSE: f64 = 0.01;

fn overlap(finding: &Finding, place: &Range<usize>) -> bool {
    finding.start < place.end && place.start < finding.end
}

#[test]
fn values_are_found_and_other_numbers_are_left() {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut taken: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for number in 0..COUNT {
        let document = Document::made(number);
        let findings = find(&document.text, &Withheld::ALL);
        for (kind, place) in &document.planted {
            let covers = |one: &&Finding| one.kind == *kind && one.start <= place.start && place.end <= one.end;
            let is_found = findings.iter().any(|one| covers(&one));
            let count = found.entry(kind.name()).or_default();
            count.0 += usize::from(is_found);
            count.1 += 1;
            if !is_found {
                wrong.push(format!("missed {}: {:?}", kind.name(), &document.text[place.clone()]));
            }
        }
        for (kind, place) in &document.decoys {
            let is_taken = findings.iter().any(|one| overlap(one, place));
            let count = taken.entry(kind).or_default();
            count.0 += usize::from(is_taken);
            count.1 += 1;
            if is_taken {
                wrong.push(format!("took {kind}: {:?}", &document.text[place.clone()]));
            }
        }
    }
    for line in &wrong {
        println!("{line}");
    }
    for (kind, (hits, all)) in &found {
        let recall = *hits as f64 / *all as f64;
        figure(
            "R-47 recall",
            recall >= LEAST_RECALL,
            json!({"kind": kind, "found": hits, "planted": all, "recall": recall}),
        );
    }
    for (kind, (hits, all)) in &taken {
        println!("{}", json!({"check": "R-47 false", "kind": kind, "taken": hits, "planted": all}));
    }
    let (hits, all) = taken.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let share = hits as f64 / all as f64;
    figure(
        "R-47 false positives",
        share <= MOST_FALSE,
        json!({"documents": COUNT, "taken": hits, "planted": all, "share": share}),
    );
}

#[test]
fn every_shape_of_telephone_number_is_found() {
    let mut rng = fastrand::Rng::with_seed(7);
    for form in PHONES {
        for _ in 0..20 {
            let number = filled(&mut rng, form);
            let findings = find(&number, &[Withheld::Phone]);
            let whole = findings.iter().any(|one| (one.start, one.end) == (0, number.len()));
            assert!(whole, "{form}: {number:?} {findings:?}");
        }
    }
}

#[test]
fn numbers_of_countries_that_dial_no_zero_are_found() {
    let mut rng = fastrand::Rng::with_seed(11);
    let mut wrong = Vec::new();
    let (mut planted, mut found, mut decoys, mut taken) = (0, 0, 0, 0);
    let is_found = |around: &str, number: &str| {
        let text = around.replace("{}", number);
        let start = around.find("{}").expect("a place");
        let covers = |one: &Finding| one.start <= start && start + number.len() <= one.end;
        find(&text, &Withheld::ALL).iter().any(covers)
    };
    let forms = FURTHER.iter().flat_map(|form| AROUND.iter().map(move |around| (*around, *form)));
    for (around, form) in forms.chain(ANNOUNCED_FURTHER) {
        for _ in 0..20 {
            let number = filled(&mut rng, form);
            planted += 1;
            let is_found = is_found(around, &number);
            found += usize::from(is_found);
            if !is_found {
                wrong.push(format!("missed {number:?} in {around:?}"));
            }
        }
    }
    for form in NOT_FURTHER {
        for around in AROUND {
            let text = around.replace("{}", &filled(&mut rng, form));
            decoys += 1;
            let is_taken = !find(&text, &[Withheld::Phone]).is_empty();
            taken += usize::from(is_taken);
            if is_taken {
                wrong.push(format!("took {text:?}"));
            }
        }
    }
    for line in wrong.iter().take(30) {
        println!("{line}");
    }
    let recall = f64::from(found as u32) / f64::from(planted as u32);
    let pass = recall >= LEAST_RECALL && f64::from(taken as u32) <= MOST_FALSE * f64::from(decoys as u32);
    figure(
        "R-47 further countries",
        pass,
        json!({"planted": planted, "found": found, "recall": recall, "decoys": decoys, "taken": taken}),
    );
}

#[test]
fn what_is_taken_out_comes_back_to_the_byte() {
    let mut marks = 0;
    for number in 0..COUNT {
        let text = Document::made(number).text;
        let mut ledger = Ledger::new(&Withheld::ALL);
        ledger.avoid(&text);
        let hidden = ledger.hide(&text);
        marks += find(&text, &Withheld::ALL).len();
        assert!(find(&hidden, &Withheld::ALL).is_empty(), "{hidden}");
        assert_eq!(ledger.restore(&hidden).as_deref(), Some(text.as_str()));
    }
    figure("R-47 there and back", marks > 0, json!({"documents": COUNT, "marks": marks, "differ": 0}));
}

#[test]
fn hostile_text_takes_linear_time() {
    // A time limit would be a guess; a square of these lengths would not end in a test's life.
    let parts = [
        "@",
        "a@",
        "a@a.",
        "(",
        "((0)",
        "+49 (0)",
        "0 ",
        "1-",
        "030 ",
        "call ",
        "sk-",
        "eyJ.",
        "-----BEGIN KEY",
        "api_key=",
        "DE8",
        "4111 ",
        "[EMAIL-",
        "1.1.1",
        "Bearer ",
        "\n> ",
    ];
    for part in parts {
        let text = part.repeat(200_000 / part.len());
        let mut ledger = Ledger::new(&Withheld::ALL);
        ledger.avoid(&text);
        let hidden = ledger.hide(&text);
        assert!(!hidden.is_empty());
    }
}
