//! Ten thousand invented routes and briefs, good and bad, against an oracle
//! that knows what was put into each: nothing may move with a required field
//! empty, unsupported, vague where it must be specific, or under a condition
//! nobody can tell; and what may move must not be held back.

#[path = "../shared/briefs.rs"]
mod briefs;
mod clearance;
mod generator;
mod oracle;
mod questions;
mod rules;
mod samples;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use baton::brief::{Brief, FieldState, Gap, GapKind, Verdict};
use baton::conversation::Unread;
use baton::gaps::{self, People, Subject};
use baton::gate;
use baton::route::Route;
use baton::verdict::{settle, verdict};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use generator::{Plan, now, plans};
use oracle::{Fault, Truth, kind_name, only_fault};

const CASES: u32 = 10_000;

/// What was tried, so that the generator cannot go soft unnoticed.
#[derive(Debug, Default)]
struct Census {
    cleared: u32,
    only: BTreeMap<Fault, u32>,
    kinds_cleared: BTreeSet<String>,
}

#[test]
fn never_clears_what_may_not_move() {
    let census = RefCell::new(Census::default());
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&plans(), |plan| judge_one(&plan, &census));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let census = census.into_inner();
    println!("{census:?}");
    assert!(census.cleared * 100 >= CASES * 3, "too few clear: {census:?}");
    assert_eq!(census.kinds_cleared.len(), 14, "some kind never clears: {census:?}");
    for fault in [
        Fault::Empty,
        Fault::Junk,
        Fault::WrongType,
        Fault::Unsupported,
        Fault::Vague,
        Fault::Old,
        Fault::Rule,
        Fault::State,
        Fault::UnknownCondition,
    ] {
        let count = census.only.get(&fault).copied().unwrap_or(0);
        assert!(count >= 20, "{fault:?} alone blocks only {count} times: {census:?}");
    }
}

fn judge_one(plan: &Plan, census: &RefCell<Census>) -> Result<(), TestCaseError> {
    let (route, truth) = (plan.route(), Truth::of(plan));
    let unread = unread(plan);
    let mut brief = plan.brief(&route);
    let fields = settle(&route, brief.fields.clone(), now());
    ensure(settle(&route, fields.clone(), now()) == fields, "settling twice changes something")?;
    for (place, (key, field)) in fields.0.iter().enumerate() {
        ensure(*key == Plan::key(place), "fields are not the route's in its order")?;
        let (state, before) = (field.state, plan.fields[place].state);
        ensure((state == FieldState::Found) == truth.found.contains(&place), &format!("{key} is {state:?}"))?;
        ensure(
            (state == FieldState::NotApplicable) == truth.not_applicable.contains(&place),
            &format!("{key} is {state:?}"),
        )?;
        ensure(
            (state == FieldState::UnknownByDesign) == truth.unknown_by_design.contains(&place),
            &format!("{key} is {state:?}"),
        )?;
        ensure(
            state == before || before.is_settled() && !state.is_settled(),
            &format!("{key} rose or moved: {before:?} to {state:?}"),
        )?;
        ensure(
            (state == FieldState::Found) != field.value.is_null(),
            &format!("{key}: a value stands only when found"),
        )?;
    }

    let people = People::default();
    let nearest = BTreeMap::new();
    let subject =
        Subject { route: &route, fields: &fields, unread: &unread, people: &people, nearest: &nearest, now: now() };
    let listed = gaps::list(&subject);
    check_gaps(plan, &truth, &listed)?;

    brief.gaps = listed.iter().filter(|gap| gap.kind == GapKind::UnreadSource).cloned().collect();
    let judged = gate::judge(&brief, &route, now());
    ensure(judged.is_ok() == truth.may_move(plan), &format!("judged {judged:?}"))?;
    let said = verdict(&route, &fields, plan.coverage, &unread, now());
    let whole = plan.coverage == 1.0;
    ensure((said == Verdict::Complete) == (truth.may_move(&Plan { same_version: true, ..plan.clone() })), "verdict")?;
    ensure((said == Verdict::IncompleteRun) != whole, "an incomplete run is one that did not read everything")?;
    if let Err(gaps) = &judged {
        ensure(gaps.iter().any(|gap| gap.blocking), "a refusal names what blocks")?;
    }
    check_settled_brief(&route, brief, fields, judged.is_ok())?;

    let mut census = census.borrow_mut();
    if judged.is_ok() {
        census.cleared += 1;
        census.kinds_cleared.extend(truth.found.iter().map(|place| kind_name(&plan.fields[*place].kind)));
    }
    if let Some(fault) = only_fault(plan, &truth) {
        *census.only.entry(fault).or_default() += 1;
    }
    Ok(())
}

/// The stored brief, whose fields were settled before, is judged like the fresh one.
fn check_settled_brief(
    route: &Route,
    brief: Brief,
    fields: baton::brief::FieldMap,
    passed: bool,
) -> Result<(), TestCaseError> {
    let stored = Brief { fields, ..brief };
    let text = serde_json::to_string(&stored).map_err(|e| TestCaseError::fail(e.to_string()))?;
    if stored.coverage.is_finite() {
        let read: Brief = serde_json::from_str(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        ensure(read.digest() == stored.digest(), "the digest changes with storage")?;
        ensure(gate::judge(&read, route, now()).is_ok() == passed, "stored and fresh brief are judged differently")?;
    }
    Ok(())
}

fn check_gaps(plan: &Plan, truth: &Truth, gaps: &[Gap]) -> Result<(), TestCaseError> {
    let place = |gap: &Gap| gap.field.as_ref().and_then(|key| key.strip_prefix('f')?.parse::<usize>().ok());
    let asked: Vec<usize> = gaps.iter().filter(|gap| gap.blocking).filter_map(place).collect();
    for place in &asked {
        ensure(truth.blocking().contains(place), &format!("f{place} is asked for nothing"))?;
    }
    for place in truth.blocking() {
        let waits = truth.waiting.get(&place).is_some_and(|other| asked.contains(other));
        ensure(asked.contains(&place) || waits, &format!("f{place} blocks and is not asked"))?;
    }
    let rank = |gap: &Gap| match (place(gap), gap.blocking) {
        (Some(place), true) => (u8::from(!truth.deciders.contains(&place)), place),
        (None, _) => (2, 0),
        (Some(place), false) => (3, place),
    };
    ensure(gaps.windows(2).all(|pair| rank(&pair[0]) < rank(&pair[1])), &format!("out of order: {gaps:#?}"))?;
    ensure(gaps.iter().filter(|gap| gap.source.is_some()).count() == usize::from(plan.unread), "unread sources")?;
    let questions: BTreeSet<&str> = gaps.iter().map(|gap| gap.question.as_str()).collect();
    ensure(questions.len() == gaps.len(), "a question is asked twice")?;
    for gap in gaps {
        let words = [&gap.question, &gap.why, &gap.ask.role];
        ensure(words.iter().all(|words| !words.trim().is_empty()), "a gap without words")?;
        ensure(gap.blocking || gap.kind != GapKind::Missing, "an optional field of which nothing was seen is no gap")?;
    }
    Ok(())
}

fn unread(plan: &Plan) -> Vec<Unread> {
    let unread = Unread { source: "offer.pdf".into(), inside: Some("mail.eml".into()), reason: "no text in it".into() };
    if plan.unread { vec![unread] } else { Vec::new() }
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), TestCaseError> {
    if holds { Ok(()) } else { Err(TestCaseError::fail(otherwise.to_string())) }
}
