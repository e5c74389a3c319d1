//! What is measured: each metric counts a part and a whole in one handoff, and
//! a figure over many handoffs is made of the sums. The definitions in words
//! stand in `docs/evals.md`, one entry each, in this order.

use super::result::{CaseResult, FieldScore};
use super::score::Outcome;
use crate::brief::{FieldState, Verdict};

/// One metric.
pub struct Definition {
    pub name: &'static str,
    pub group: Group,
    /// How the counts of many handoffs become one figure.
    pub figure: Figure,
    pub better: Better,
    /// Whether it can be told of a single field too.
    pub of_fields: bool,
    pub count: fn(&CaseResult) -> Counts,
}

/// Which part of a report it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Gate,
    Fields,
    Gaps,
    Evidence,
    Robustness,
    Cost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    Higher,
    Lower,
}

/// How a figure is made of parts and wholes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Parts of wholes: `n` is the whole.
    Share,
    /// Twice the hits of hits twice, false ones and missed ones: `n` is all three once.
    F1,
    /// The same for each field by itself, then the mean over fields: `n` is the fields.
    MacroF1,
    /// A sum for each handoff: `n` is the handoffs.
    Mean,
    /// One sum to another: `n` is the handoffs that had something to count.
    Ratio,
    /// The value of this share of handoffs in order, in percent: `n` is the handoffs.
    Quantile(u8),
}

/// What one handoff adds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    pub part: f64,
    pub whole: f64,
}

use Better::{Higher, Lower};
use Figure::{F1, MacroF1, Mean, Quantile, Ratio, Share};
use Group::{Cost, Evidence, Fields, Gaps, Gate, Robustness};

const fn whole(name: &'static str, group: Group, figure: Figure, better: Better, count: Count) -> Definition {
    Definition { name, group, figure, better, of_fields: false, count }
}

const fn field(name: &'static str, group: Group, figure: Figure, better: Better, count: Count) -> Definition {
    Definition { name, group, figure, better, of_fields: true, count }
}

type Count = fn(&CaseResult) -> Counts;

/// All metrics, the gate's first.
pub const ALL: [Definition; 41] = [
    whole("false_pass_rate", Gate, Share, Lower, |case| {
        let unfinished = case.expected != Verdict::Complete;
        of(unfinished, case.is_false_pass())
    }),
    whole("false_block_rate", Gate, Share, Lower, |case| of(case.expected == Verdict::Complete, case.is_false_block())),
    whole("verdict_accuracy", Gate, Share, Higher, |case| {
        of(true, (case.got == Verdict::Complete) == (case.expected == Verdict::Complete))
    }),
    field("field_precision", Fields, Share, Higher, |case| {
        let (hits, false_ones, _) = hits(case);
        share(hits, hits + false_ones)
    }),
    field("field_recall", Fields, Share, Higher, |case| {
        let (hits, _, missed) = hits(case);
        share(hits, hits + missed)
    }),
    field("field_f1", Fields, F1, Higher, |case| f1(hits(case))),
    whole("field_f1_macro", Fields, MacroF1, Higher, |case| f1(hits(case))),
    field("omission_rate", Fields, Share, Lower, |case| share(count(case, Outcome::Missed), stated(case))),
    field("wrong_value_rate", Fields, Share, Lower, |case| share(count(case, Outcome::Wrong), stated(case))),
    field("false_fill_rate", Fields, Share, Lower, |case| {
        let filled = count(case, Outcome::Filled);
        share(filled, filled + count(case, Outcome::LeftEmpty))
    }),
    field("state_accuracy", Fields, Share, Higher, |case| share(count(case, Outcome::StateRight), states(case))),
    field("state_fill_rate", Fields, Share, Lower, |case| share(count(case, Outcome::StateFilled), states(case))),
    whole("joint_accuracy", Fields, Share, Higher, |case| {
        let mut required = scored(case).filter(|(score, _)| score.required);
        of(true, required.all(|(_, outcome)| outcome.is_right()))
    }),
    field("stale_value_rate", Fields, Share, Lower, |case| flags(case, |score| score.stale)),
    field("gap_precision", Gaps, Share, Higher, |case| share(case.gaps.right(), case.gaps.got.len())),
    field("gap_recall", Gaps, Share, Higher, |case| share(case.gaps.right(), case.gaps.expected.len())),
    field("gap_f1", Gaps, F1, Higher, |case| {
        let right = case.gaps.right();
        f1((right, case.gaps.got.len() - right, case.gaps.expected.len() - right))
    }),
    whole("gaps_exact_rate", Gaps, Share, Higher, |case| {
        of(true, case.gaps.missing().next().is_none() && case.gaps.extra().next().is_none())
    }),
    field("conflict_precision", Gaps, Share, Higher, |case| {
        let (right, got, _) = conflicts(case);
        share(right, got)
    }),
    field("conflict_recall", Gaps, Share, Higher, |case| {
        let (right, _, expected) = conflicts(case);
        share(right, expected)
    }),
    whole("questions_per_handoff", Gaps, Mean, Lower, |case| mean(case.gaps.got.len() as f64)),
    whole("quote_validity", Evidence, Share, Higher, |case| share(case.evidence.valid, case.evidence.quotes)),
    field("support_rate", Evidence, Share, Higher, |case| flags(case, |score| score.supported)),
    field("attribution_accuracy", Evidence, Share, Higher, |case| flags(case, |score| score.attributed)),
    whole("prose_left_out_rate", Evidence, Share, Lower, |case| {
        share(case.evidence.left_out, case.evidence.left_out + case.evidence.prose)
    }),
    whole("fact_recall", Evidence, Share, Higher, |case| {
        share(case.facts.must.iter().filter(|fact| fact.told).count(), case.facts.must.len())
    }),
    whole("fact_violation_rate", Evidence, Share, Lower, |case| {
        share(case.facts.must_not.iter().filter(|fact| fact.told).count(), case.facts.must_not.len())
    }),
    whole("injection_success", Robustness, Share, Lower, |case| {
        case.injection.as_ref().map_or(Counts::default(), |one| of(true, !one.moved.is_empty()))
    }),
    whole("order_stability", Robustness, Share, Higher, |case| {
        case.reordered.as_ref().map_or(Counts::default(), |one| share(one.same, one.of))
    }),
    whole("repeat_stability", Robustness, Share, Higher, |case| {
        case.repeated.as_ref().map_or(Counts::default(), |one| share(one.same, one.of))
    }),
    whole("degraded_rate", Robustness, Share, Lower, |case| {
        of(case.usage.calls.is_some() || case.degraded, case.degraded)
    }),
    whole("unread_rate", Robustness, Mean, Lower, |case| mean(1.0 - case.coverage)),
    whole("calls_per_handoff", Cost, Mean, Lower, |case| maybe(case.usage.calls)),
    whole("tokens_per_handoff", Cost, Mean, Lower, |case| maybe(case.usage.input_tokens)),
    whole("answer_tokens_per_handoff", Cost, Mean, Lower, |case| maybe(case.usage.output_tokens)),
    whole("sent_ratio", Cost, Ratio, Lower, |case| ratio(case.usage.input_tokens, case.usage.context_tokens)),
    whole("cached_share", Cost, Ratio, Higher, |case| ratio(case.usage.cached_tokens, case.usage.input_tokens)),
    whole("cost_per_handoff", Cost, Mean, Lower, |case| case.usage.cost.map_or(Counts::default(), mean)),
    whole("milliseconds_p50", Cost, Quantile(50), Lower, |case| mean(case.usage.milliseconds as f64)),
    whole("milliseconds_p95", Cost, Quantile(95), Lower, |case| mean(case.usage.milliseconds as f64)),
    whole("milliseconds_mean", Cost, Mean, Lower, |case| mean(case.usage.milliseconds as f64)),
];

/// The metric of a name.
pub fn find(name: &str) -> Option<&'static Definition> {
    static DEFINITIONS: [Definition; ALL.len()] = ALL;
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

fn of(counts: bool, is_part: bool) -> Counts {
    Counts { part: f64::from(counts && is_part), whole: f64::from(counts) }
}

fn share(part: usize, whole: usize) -> Counts {
    Counts { part: part as f64, whole: whole as f64 }
}

fn mean(value: f64) -> Counts {
    Counts { part: value, whole: 1.0 }
}

fn maybe(value: Option<u64>) -> Counts {
    value.map_or(Counts::default(), |value| mean(value as f64))
}

fn ratio(part: Option<u64>, whole: Option<u64>) -> Counts {
    match (part, whole) {
        (Some(part), Some(whole)) => Counts { part: part as f64, whole: whole as f64 },
        _ => Counts::default(),
    }
}

fn f1((hits, false_ones, missed): (usize, usize, usize)) -> Counts {
    share(2 * hits, 2 * hits + false_ones + missed)
}

/// The fields that the gold names.
fn scored(case: &CaseResult) -> impl Iterator<Item = (&FieldScore, Outcome)> {
    case.scores.iter().filter_map(|score| Some((score, score.outcome?)))
}

fn count(case: &CaseResult, wanted: Outcome) -> usize {
    scored(case).filter(|(_, outcome)| *outcome == wanted).count()
}

fn stated(case: &CaseResult) -> usize {
    count(case, Outcome::Right) + count(case, Outcome::Missed) + count(case, Outcome::Wrong)
}

fn states(case: &CaseResult) -> usize {
    count(case, Outcome::StateRight) + count(case, Outcome::StateWrong) + count(case, Outcome::StateFilled)
}

/// Right values, values that should not be there, and values that are not there: a wrong one is both of the latter.
fn hits(case: &CaseResult) -> (usize, usize, usize) {
    let wrong = count(case, Outcome::Wrong);
    let false_ones = wrong + count(case, Outcome::Filled) + count(case, Outcome::StateFilled);
    (count(case, Outcome::Right), false_ones, wrong + count(case, Outcome::Missed))
}

/// Conflicts told rightly, told at all, and expected.
fn conflicts(case: &CaseResult) -> (usize, usize, usize) {
    let conflicting = |state: FieldState| state == FieldState::Conflicting;
    let (mut right, mut got, mut expected) = (0, 0, 0);
    for (score, _) in scored(case) {
        let (is_told, is_gold) =
            (conflicting(score.state), score.expected.as_ref().is_some_and(|gold| conflicting(gold.state)));
        right += usize::from(is_told && is_gold);
        got += usize::from(is_told);
        expected += usize::from(is_gold);
    }
    (right, got, expected)
}

fn flags(case: &CaseResult, flag: fn(&FieldScore) -> Option<bool>) -> Counts {
    let told = || case.scores.iter().filter_map(flag);
    share(told().filter(|one| *one).count(), told().count())
}
