//! All sample handoffs, read without a model: no unfinished one may pass, the
//! finished ones should, and what is filled must be right. Run with
//! `cargo test --test cases -- --nocapture` to see every field that differs.

mod gold;

use std::path::Path;

use baton::brief::{Brief, FieldState, Verdict};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route::{self, Route};
use baton::value::{Context, ListOf, Value, from_json, same};
use gold::{Case, Expected};
use serde_json::Value as Json;

/// The least number of complete samples that must pass the gate.
const LEAST_COMPLETE: usize = 6;
/// The least share of gold values found.
const LEAST_FOUND: f64 = 0.60;
/// The share of absent fields that may be filled must stay below this.
const MOST_FALSE_FILLS: f64 = 0.03;

#[derive(Debug, Default)]
struct Tally {
    gold_found: usize,
    found_right: usize,
    found_wrong: usize,
    gold_absent: usize,
    absent_filled: usize,
    gold_other: usize,
    other_right: usize,
    complete: usize,
    complete_passed: usize,
    incomplete: usize,
    incomplete_passed: Vec<String>,
    gaps_expected: usize,
    gaps_right: usize,
    gaps_extra: usize,
}

#[test]
fn samples_are_read_and_judged_as_a_person_would() {
    let cases = gold::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    assert!(cases.len() >= 16, "only {} sample handoffs", cases.len());
    let mut tally = Tally::default();
    for (case, expected) in &cases {
        let route = shipped(&case.route);
        let brief = read_case(case, &route);
        println!("\n{} {}: expected {}, got {:?}", case.id, case.route, expected.verdict, brief.verdict);
        count_verdict(case, expected, &brief, &mut tally);
        for (key, gold) in &expected.fields {
            count_field(&route, key, gold, &brief, &mut tally);
        }
        count_gaps(expected, &brief, &mut tally);
    }
    let found = tally.found_right as f64 / tally.gold_found as f64;
    let filled = tally.absent_filled as f64 / tally.gold_absent as f64;
    println!(
        "\nfound {:.1} % of {}, wrong {}, filled {:.1} % of {} absent, other states {} of {}",
        found * 100.0,
        tally.gold_found,
        tally.found_wrong,
        filled * 100.0,
        tally.gold_absent,
        tally.other_right,
        tally.gold_other
    );
    println!(
        "complete passed {} of {}, incomplete passed {} of {}",
        tally.complete_passed,
        tally.complete,
        tally.incomplete_passed.len(),
        tally.incomplete
    );
    println!("gaps right {} of {}, extra {}", tally.gaps_right, tally.gaps_expected, tally.gaps_extra);
    assert!(tally.incomplete_passed.is_empty(), "incomplete and passed: {:?}", tally.incomplete_passed);
    assert!(tally.complete_passed >= LEAST_COMPLETE, "only {} complete samples pass", tally.complete_passed);
    assert!(found >= LEAST_FOUND, "only {:.1} % of gold values found", found * 100.0);
    assert!(filled < MOST_FALSE_FILLS, "{:.1} % of absent fields filled", filled * 100.0);
}

fn shipped(id: &str) -> Route {
    let (name, text) =
        route::shipped().iter().find(|(name, _)| name.trim_end_matches(".yaml") == id).expect("a shipped route");
    route::load(name, text).expect("a shipped route loads")
}

fn read_case(case: &Case, route: &Route) -> Brief {
    let inputs = gold::files(case)
        .into_iter()
        .map(|path| Input {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&path).unwrap(),
            kind: None,
            format: None,
        })
        .collect();
    let conversation = intake::read(inputs, &Options { our_domains: &case.our_domains });
    let known: Vec<(String, String)> = case
        .known
        .iter()
        .map(|(key, value)| (key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    pipeline::run(Request { route, conversation, known: &known, as_of: case.as_of }).brief
}

fn count_verdict(case: &Case, expected: &Expected, brief: &Brief, tally: &mut Tally) {
    let passed = brief.verdict == Verdict::Complete;
    if expected.verdict == "complete" {
        tally.complete += 1;
        tally.complete_passed += usize::from(passed);
    } else {
        tally.incomplete += 1;
        if passed {
            tally.incomplete_passed.push(case.id.clone());
        }
    }
}

fn count_field(route: &Route, key: &str, gold: &Json, brief: &Brief, tally: &mut Tally) {
    let field = route.field(key).unwrap_or_else(|| panic!("{key} is no field of {}", route.id));
    let got = brief.fields.find(key).expect("every field of the route is in the brief");
    let describe = || {
        let seen: Vec<String> = got
            .candidates
            .iter()
            .map(|candidate| {
                format!(
                    "{} ({}: {})",
                    candidate.value,
                    candidate.reason,
                    candidate.evidence.first().map(|evidence| evidence.quote.as_str()).unwrap_or_default()
                )
            })
            .collect();
        let quote = got.evidence.first().map(|evidence| evidence.quote.as_str()).unwrap_or_default();
        format!("{:?} {} | {} | {:?} | {seen:?}", got.state, got.value, quote, got.reason)
    };
    if gold == "absent" {
        tally.gold_absent += 1;
        if got.state == FieldState::Found {
            tally.absent_filled += 1;
            println!("  FILLED {key}: {}", describe());
        }
        return;
    }
    let accepted: Vec<&Json> =
        match (gold.get("value"), gold.get("any_of").and_then(Json::as_array), gold.get("values")) {
            (Some(value), _, _) => vec![value],
            (_, Some(all), _) => all.iter().collect(),
            (_, _, Some(values)) => vec![values],
            _ => Vec::new(),
        };
    if accepted.is_empty() {
        tally.gold_other += 1;
        let state = serde_json::to_value(got.state).unwrap();
        let right = gold.get(state.as_str().unwrap()).is_some();
        tally.other_right += usize::from(right);
        if !right {
            println!("  state  {key}: gold {gold}, got {}", describe());
        }
        return;
    }
    tally.gold_found += 1;
    let right = got.state == FieldState::Found && accepted.iter().any(|value| equal(field, value, &got.value));
    if right {
        tally.found_right += 1;
    } else {
        tally.found_wrong += usize::from(got.state == FieldState::Found);
        println!(
            "  {} {key}: gold {gold}, got {}",
            if got.state == FieldState::Found { "WRONG " } else { "missed" },
            describe()
        );
    }
}

/// Equality by the field's type; long texts hold each other's words.
fn equal(field: &route::Field, gold: &Json, got: &Json) -> bool {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let many = if field.list { ListOf::Many } else { ListOf::One };
    let gold_list;
    let gold = if field.list && !gold.is_array() {
        gold_list = Json::Array(vec![gold.clone()]);
        &gold_list
    } else {
        gold
    };
    let (Ok(left), Ok(right)) =
        (from_json(&field.kind, many, gold, &context), from_json(&field.kind, many, got, &context))
    else {
        return false;
    };
    same(&left, &right) || holds(&left, &right) || holds(&right, &left)
}

fn holds(left: &Value, right: &Value) -> bool {
    let (Value::Text(left), Value::Text(right)) = (left, right) else { return false };
    let fold = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (left, right) = (fold(left), fold(right));
    !right.is_empty() && format!(" {left} ").contains(&format!(" {right} "))
}

fn count_gaps(expected: &Expected, brief: &Brief, tally: &mut Tally) {
    let wanted: Vec<(String, String)> = expected
        .gaps
        .iter()
        .map(|gap| (gap.field.clone().or(gap.source.clone()).unwrap_or_default(), gap.kind.clone()))
        .collect();
    let got: Vec<(String, String)> = brief
        .gaps
        .iter()
        .filter(|gap| gap.blocking)
        .map(|gap| {
            (
                gap.field.clone().or(gap.source.clone()).unwrap_or_default(),
                serde_json::to_value(gap.kind).unwrap().as_str().unwrap().to_owned(),
            )
        })
        .collect();
    tally.gaps_expected += wanted.len();
    tally.gaps_right += wanted.iter().filter(|gap| got.contains(gap)).count();
    tally.gaps_extra += got.iter().filter(|gap| !wanted.contains(gap)).count();
    for gap in got.iter().filter(|gap| !wanted.contains(gap)) {
        println!("  gap not wanted {gap:?}");
    }
    for gap in wanted.iter().filter(|gap| !got.contains(gap)) {
        println!("  gap not told   {gap:?}");
    }
}
