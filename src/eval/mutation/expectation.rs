//! What must come out of a mutant: the gap of its field, and those of the
//! fields that become required because their condition cannot be told without
//! it. Computed from the gold alone, beside the code that judges briefs.

use jiff::tz::TimeZone;

use super::super::cases::{Case, Expectation, Expected, ExpectedGap, Gold};
use super::Hindrance;
use super::trace::typed;
use crate::brief::{FieldState, GapKind, Verdict};
use crate::route::expression::{Outcome, Scope, evaluate};
use crate::route::{Expression, Field, Requirement};
use crate::value::Value;

/// Whether a field must be settled in a case as the gold has it, without the value of `broken`.
pub(super) fn is_required(case: &Case, field: &Field, broken: Option<&str>) -> bool {
    match &field.required {
        Requirement::Optional => false,
        Requirement::Always => true,
        // What cannot be told is needed until it can.
        Requirement::When(condition) => judge(case, condition, broken) != Outcome::False,
    }
}

fn judge(case: &Case, condition: &Expression, broken: Option<&str>) -> Outcome {
    let fields = |name: &str| -> Option<Value> {
        let gold = case.gold(name).filter(|_| broken != Some(name))?;
        match &gold.expectation {
            Expectation::Found(accepted) => typed(case.route.field(name)?, accepted.first()?),
            _ => None,
        }
    };
    let today = case.as_of.to_zoned(TimeZone::UTC).date();
    evaluate(condition, &Scope { value: None, fields: &fields, now: case.as_of, today })
}

/// The expectation of a case whose field came to this.
pub(super) fn expect(case: &Case, field: &Field, kind: GapKind, gold: Expectation) -> Result<Expected, Hindrance> {
    let mut gaps = vec![ExpectedGap { subject: field.key.clone(), kind }];
    for other in case.route.fields.iter().filter(|other| other.key != field.key) {
        if other.rules.iter().any(|rule| rule.assert.names.contains(&field.key)) {
            return Err(Hindrance::RuleWaits(other.key.clone()));
        }
        if !is_required(case, other, Some(&field.key)) {
            continue;
        }
        let state = match case.gold(&other.key).map(|gold| &gold.expectation) {
            Some(Expectation::Found(_)) => continue,
            Some(Expectation::Other(state, _)) if state.is_settled() => continue,
            Some(Expectation::Other(state, _)) => *state,
            Some(Expectation::Absent) => FieldState::Missing,
            None => return Err(Hindrance::NotInGold(other.key.clone())),
        };
        gaps.push(ExpectedGap { subject: other.key.clone(), kind: gap_of(state) });
    }
    let mut fields = case.expected.fields.clone();
    for (key, own) in &mut fields {
        if *key == field.key {
            *own = Gold { expectation: gold.clone(), evidence: Vec::new(), superseded: Vec::new() };
        }
    }
    // What the prose must say was told by words that may be gone.
    Ok(Expected { verdict: Verdict::Incomplete, fields, gaps, must: Vec::new(), must_not: Vec::new() })
}

fn gap_of(state: FieldState) -> GapKind {
    match state {
        FieldState::Vague => GapKind::Vague,
        FieldState::Conflicting => GapKind::Conflicting,
        FieldState::Invalid => GapKind::Invalid,
        FieldState::Stale => GapKind::Stale,
        FieldState::Unconfirmed => GapKind::Unconfirmed,
        FieldState::Found | FieldState::Missing | FieldState::NotApplicable | FieldState::UnknownByDesign => {
            GapKind::Missing
        }
    }
}

/// A field that is stated and makes sense only if this one is a yes: it answers the question by itself.
pub(super) fn implied_by(case: &Case, field: &Field) -> Option<String> {
    let hangs = |other: &&Field| match &other.required {
        Requirement::When(condition) => condition.names.contains(&field.key),
        _ => false,
    };
    let stated =
        |other: &&Field| matches!(case.gold(&other.key).map(|gold| &gold.expectation), Some(Expectation::Found(_)));
    // The way to a problem shows the problem.
    let way = || case.route.fields.iter().find(|other| other.key.starts_with("steps_to")).filter(stated);
    if field.key.starts_with("problem")
        && let Some(way) = way()
    {
        return Some(way.key.clone());
    }
    if field.kind != crate::value::Kind::Bool {
        return None;
    }
    case.route.fields.iter().filter(hangs).find(stated).map(|other| other.key.clone())
}
