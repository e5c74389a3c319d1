//! The score of one brief against its gold, and the sum of many. A wrong value
//! counts twice, as a value that should not be there and as one that is
//! missing; what the gold does not name is not scored.

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

/// The sum over many cases.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub right: usize,
    pub missed: usize,
    pub wrong: usize,
    pub left_empty: usize,
    pub filled: usize,
    pub states_right: usize,
    pub states_wrong: usize,
    pub states_filled: usize,
    pub complete: usize,
    pub incomplete: usize,
    /// Ids of the finished cases that were held up.
    pub false_blocks: Vec<String>,
    /// Ids of the unfinished cases that were let through.
    pub false_passes: Vec<String>,
    pub gaps_right: usize,
    pub gaps_missing: usize,
    pub gaps_extra: usize,
}

impl Tally {
    pub fn add(&mut self, score: &CaseScore) {
        for (_, outcome) in &score.fields {
            let count = match outcome {
                Outcome::Right => &mut self.right,
                Outcome::Missed => &mut self.missed,
                Outcome::Wrong => &mut self.wrong,
                Outcome::LeftEmpty => &mut self.left_empty,
                Outcome::Filled => &mut self.filled,
                Outcome::StateRight => &mut self.states_right,
                Outcome::StateWrong => &mut self.states_wrong,
                Outcome::StateFilled => &mut self.states_filled,
            };
            *count += 1;
        }
        match score.expected {
            Verdict::Complete => self.complete += 1,
            Verdict::Incomplete | Verdict::IncompleteRun => self.incomplete += 1,
        }
        self.false_blocks.extend(score.is_false_block().then(|| score.id.clone()));
        self.false_passes.extend(score.is_false_pass().then(|| score.id.clone()));
        self.gaps_right += score.gaps_right.len();
        self.gaps_missing += score.gaps_missing.len();
        self.gaps_extra += score.gaps_extra.len();
    }

    /// Values that were stated.
    pub fn stated(&self) -> usize {
        self.right + self.missed + self.wrong
    }

    /// Of the values that stand in briefs the share that is right; `None` when none stands.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.right + self.wrong + self.filled + self.states_filled)
    }

    /// Of the values that were stated the share that was read.
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.stated())
    }

    /// Of the fields nobody stated the share that was filled.
    pub fn false_fills(&self) -> Option<f64> {
        share(self.filled, self.filled + self.left_empty)
    }
}

/// `None` where there is nothing to count.
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: Option<f64>| share.map_or("n/a".to_owned(), |share| format!("{:.1} %", share * 100.0));
        writeln!(
            f,
            "precision {}, recall {} of {}, wrong {}, filled {} of {} absent, other states {} of {} ({} filled)",
            percent(self.precision()),
            percent(self.recall()),
            self.stated(),
            self.wrong,
            percent(self.false_fills()),
            self.filled + self.left_empty,
            self.states_right,
            self.states_right + self.states_wrong + self.states_filled,
            self.states_filled
        )?;
        write!(
            f,
            "false blocks {} of {} complete {:?}, false passes {} of {} incomplete {:?}, gaps right {}, missing {}, extra {}",
            self.false_blocks.len(),
            self.complete,
            self.false_blocks,
            self.false_passes.len(),
            self.incomplete,
            self.false_passes,
            self.gaps_right,
            self.gaps_missing,
            self.gaps_extra
        )
    }
}
