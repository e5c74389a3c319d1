//! One brief beside its gold, with everything that figures and reports need:
//! each field with its outcome and evidence, the gaps, the prose and the cost.

use serde_json::Value as Json;

use super::cases::{Case, Expectation, Gold};
use super::result::{CaseResult, FactScore, FactScores, FieldScore, GapScores, GoldShown};
use super::score::{Outcome, score};
use super::{evidence, facts};
use crate::brief::{FieldBrief, FieldState};
use crate::conversation::Conversation;
use crate::intake;
use crate::pipeline;
use crate::route::{Field, Requirement};
use crate::value::Participant;

/// Examines what came out of a case.
pub fn examine(case: &Case, outcome: &pipeline::Outcome) -> CaseResult {
    let pipeline::Outcome { brief, conversation } = outcome;
    let scored = score(case, brief);
    let participants = intake::participants(conversation);
    let nothing = FieldBrief::default();
    let fields = case.route.fields.iter().map(|field| {
        let got = brief.fields.find(&field.key).unwrap_or(&nothing);
        let outcome = scored.fields.iter().find(|(key, _)| *key == field.key).map(|(_, outcome)| *outcome);
        field_score(case, field, (got, outcome), (conversation, &participants))
    });
    let prose = evidence::prose(brief);
    let told = |all: &[String]| {
        all.iter().map(|fact| FactScore { fact: fact.clone(), told: facts::is_told(fact, &prose) }).collect()
    };
    CaseResult {
        id: case.id.clone(),
        family: case.family().to_owned(),
        route: case.route.id.clone(),
        tags: case.tags.clone(),
        expected: case.expected.verdict,
        got: brief.verdict,
        degraded: brief.engine.degraded,
        coverage: brief.coverage,
        scores: fields.collect(),
        gaps: GapScores { expected: case.expected.gaps.clone(), got: [scored.gaps_right, scored.gaps_extra].concat() },
        evidence: evidence::count(brief, conversation),
        facts: FactScores { must: told(&case.expected.must), must_not: told(&case.expected.must_not) },
        usage: brief.usage.clone(),
        reordered: None,
        repeated: None,
        injection: None,
    }
}

fn field_score(
    case: &Case,
    field: &Field,
    (got, outcome): (&FieldBrief, Option<Outcome>),
    place: (&Conversation, &[Participant]),
) -> FieldScore {
    let gold = case.gold(&field.key);
    let stands = matches!(outcome, Some(Outcome::Right));
    FieldScore {
        field: field.key.clone(),
        kind: field.type_name().to_owned(),
        required: is_required(case, field, gold),
        outcome,
        expected: gold.map(shown),
        state: got.state,
        value: got.value.clone(),
        origin: got.origin,
        evidence: got.evidence.clone(),
        reason: got.reason.clone(),
        candidates: got.candidates.iter().map(|candidate| candidate.value.clone()).collect(),
        supported: evidence::is_supported(field, got, place),
        // Where a wrong value was read says nothing of attribution.
        attributed: gold.filter(|_| stands).and_then(|gold| evidence::is_attributed(gold, got, place.0)),
        stale: gold.and_then(|gold| evidence::is_stale(field, gold, got, stands)),
    }
}

/// Required always, or by a condition that holds as the gold has it: then there is a value, or a gap for it.
fn is_required(case: &Case, field: &Field, gold: Option<&Gold>) -> bool {
    match field.required {
        Requirement::Always => true,
        Requirement::Optional => false,
        Requirement::When(_) => {
            matches!(gold, Some(Gold { expectation: Expectation::Found(_), .. }))
                || case.expected.gaps.iter().any(|gap| gap.subject == field.key)
        }
    }
}

fn shown(gold: &Gold) -> GoldShown {
    let (state, values): (FieldState, Vec<Json>) = match &gold.expectation {
        Expectation::Absent => (FieldState::Missing, Vec::new()),
        Expectation::Found(values) => (FieldState::Found, values.clone()),
        Expectation::Other(state, values) => (*state, values.clone()),
    };
    GoldShown { state, values, evidence: gold.evidence.clone(), superseded: gold.superseded.clone() }
}
