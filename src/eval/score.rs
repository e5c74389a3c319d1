//! The score of one brief against its gold: what became of each field, and
//! which gaps were told. What the gold does not name is not scored.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::brief::{Brief, FieldState, Verdict};
use crate::route::Field;

use super::cases::{Case, Expectation, ExpectedGap};
use super::equality::means;

/// What became of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Stated and read.
    Right,
    /// Stated and not read.
    Missed,
    /// Stated and read as something else.
    Wrong,
    /// Nobody said it, and nothing is there.
    LeftEmpty,
    /// Nobody said it, and something is there.
    Filled,
    /// Another state than found or missing, seen as that.
    StateRight,
    /// Such a state, taken for another.
    StateWrong,
    /// Such a state, and a value stands in the brief nevertheless.
    StateFilled,
}

impl Outcome {
    /// The word of the results' JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Right => "right",
            Outcome::Missed => "missed",
            Outcome::Wrong => "wrong",
            Outcome::LeftEmpty => "left_empty",
            Outcome::Filled => "filled",
            Outcome::StateRight => "state_right",
            Outcome::StateWrong => "state_wrong",
            Outcome::StateFilled => "state_filled",
        }
    }

    pub fn is_right(self) -> bool {
        matches!(self, Outcome::Right | Outcome::LeftEmpty | Outcome::StateRight)
    }
}

/// One case's score.
#[derive(Debug, Clone)]
pub struct CaseScore {
    pub id: String,
    pub expected: Verdict,
    pub got: Verdict,
    pub fields: Vec<(String, Outcome)>,
    pub gaps_right: Vec<ExpectedGap>,
    /// Expected and not told.
    pub gaps_missing: Vec<ExpectedGap>,
    /// Told and not expected.
    pub gaps_extra: Vec<ExpectedGap>,
}

impl CaseScore {
    /// Unfinished, and let through: the one thing that must never happen.
    pub fn is_false_pass(&self) -> bool {
        self.got == Verdict::Complete && self.expected != Verdict::Complete
    }

    /// Finished, and held up.
    pub fn is_false_block(&self) -> bool {
        self.got != Verdict::Complete && self.expected == Verdict::Complete
    }
}

/// Scores a brief.
pub fn score(case: &Case, brief: &Brief) -> CaseScore {
    let fields = case.expected.fields.iter().filter_map(|(key, gold)| {
        let field = case.route.field(key)?;
        let got = brief.fields.find(key);
        let state = got.map_or(FieldState::Missing, |got| got.state);
        let value = got.map_or(&Json::Null, |got| &got.value);
        Some((key.clone(), outcome(field, &gold.expectation, state, value)))
    });
    let got: Vec<ExpectedGap> = brief
        .gaps
        .iter()
        .filter(|gap| gap.blocking)
        .map(|gap| ExpectedGap {
            subject: gap.field.clone().or_else(|| gap.source.clone()).unwrap_or_default(),
            kind: gap.kind,
        })
        .collect();
    let wanted = &case.expected.gaps;
    CaseScore {
        id: case.id.clone(),
        expected: case.expected.verdict,
        got: brief.verdict,
        fields: fields.collect(),
        gaps_right: wanted.iter().filter(|gap| got.contains(gap)).cloned().collect(),
        gaps_missing: wanted.iter().filter(|gap| !got.contains(gap)).cloned().collect(),
        gaps_extra: got.iter().filter(|gap| !wanted.contains(gap)).cloned().collect(),
    }
}

fn outcome(field: &Field, gold: &Expectation, state: FieldState, value: &Json) -> Outcome {
    let found = state == FieldState::Found;
    match gold {
        Expectation::Absent if found => Outcome::Filled,
        Expectation::Absent => Outcome::LeftEmpty,
        Expectation::Found(_) if !found => Outcome::Missed,
        Expectation::Found(accepted) if accepted.iter().any(|gold| means(field, gold, value)) => Outcome::Right,
        Expectation::Found(_) => Outcome::Wrong,
        Expectation::Other(wanted, _) if *wanted == state => Outcome::StateRight,
        Expectation::Other(..) if found => Outcome::StateFilled,
        Expectation::Other(..) => Outcome::StateWrong,
    }
}
