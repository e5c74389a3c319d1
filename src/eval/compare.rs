//! Two runs over the same handoffs: which metrics moved and whether by more
//! than chance, and which handoffs got better or worse, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::Families;
use super::metrics::{ALL, Better};
use super::result::{CaseResult, Results};
use super::statistics::{Resamples, mcnemar};
use crate::brief::Verdict;
use crate::route::Ordered;

/// This run against an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What the earlier run was, so that nobody compares what cannot be compared.
    pub baseline: RunName,
    /// Routes that are not what they were, by id.
    #[serde(default)]
    pub routes_changed: Vec<String>,
    /// Handoffs that both runs have; only these are compared.
    pub cases: usize,
    /// Handoffs of the earlier run that this one does not have.
    pub only_before: Vec<String>,
    /// Handoffs of this run that the earlier one does not have.
    pub only_now: Vec<String>,
    pub metrics: Ordered<Difference>,
    pub better: Vec<CaseChange>,
    pub worse: Vec<CaseChange>,
    /// Handoffs in which some things got better and others worse.
    pub mixed: Vec<CaseChange>,
    /// Handoff by handoff, with McNemar's exact test.
    pub pairs: Ordered<Pairs>,
    /// Mutants that counted in both runs.
    #[serde(default)]
    pub mutants: MutantChanges,
}

/// What became of the mutants that both runs have: whether exactly the expected gaps came out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MutantChanges {
    pub both: usize,
    pub exact: Pairs,
    /// Ids of mutants that pass now and did not before.
    pub pass_now: Vec<String>,
    /// Ids of mutants that passed before and do not now.
    pub passed_before: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunName {
    pub commit: Option<String>,
    pub baton: String,
    pub engine: String,
    pub model: Option<String>,
    pub prompt: Option<String>,
}

/// One metric in both runs, over the handoffs that both have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub before: Option<f64>,
    pub now: Option<f64>,
    /// Now less before, with its interval of 95 % when families are drawn in pairs.
    pub difference: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Null where nothing moved.
    pub better: Option<bool>,
}

impl Difference {
    /// More than chance would do: the whole interval lies on one side of zero.
    pub fn is_certain(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low > 0.0 || high < 0.0)
    }
}

/// One handoff that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChange {
    pub id: String,
    /// `go_live_date: right, was missed`, `verdict: incomplete, was complete`, in this order: worse first.
    pub changes: Vec<String>,
}

/// Handoffs in which a thing was right in one run and wrong in the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    pub better: usize,
    pub worse: usize,
    /// How likely at least such a difference is by chance alone.
    pub p: f64,
}

/// Compares the handoffs that both runs have.
pub fn compare(before: &Results, now: &Results) -> Comparison {
    let index = |results: &'_ Results| -> BTreeMap<String, usize> {
        results.cases.iter().enumerate().map(|(at, case)| (case.id.clone(), at)).collect()
    };
    let (old, new) = (index(before), index(now));
    let both: Vec<(&CaseResult, &CaseResult)> =
        new.iter().filter_map(|(id, at)| Some((&before.cases[*old.get(id)?], &now.cases[*at]))).collect();
    let only = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| {
        one.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    let mut comparison = Comparison {
        baseline: RunName {
            commit: before.commit.clone(),
            baton: before.baton.clone(),
            engine: before.engine.clone(),
            model: before.model.clone(),
            prompt: before.prompt.clone(),
        },
        routes_changed: now
            .routes
            .iter()
            .filter(|(id, stamp)| before.routes.get(*id).is_some_and(|old| old != *stamp))
            .map(|(id, _)| id.clone())
            .collect(),
        cases: both.len(),
        only_before: only(&old, &new),
        only_now: only(&new, &old),
        metrics: differences(&both),
        pairs: pairs(&both),
        mutants: mutants(before, now),
        ..Comparison::default()
    };
    for (before, now) in &both {
        let (better, worse) = changes(before, now);
        let list = match (better.is_empty(), worse.is_empty()) {
            (true, true) => continue,
            (false, true) => &mut comparison.better,
            (true, false) => &mut comparison.worse,
            (false, false) => &mut comparison.mixed,
        };
        list.push(CaseChange { id: now.id.clone(), changes: [worse, better].concat() });
    }
    comparison
}

fn differences(both: &[(&CaseResult, &CaseResult)]) -> Ordered<Difference> {
    // Both by the families of this run, so that the same draw means the same handoffs.
    let before = Families::named(both.iter().map(|(before, now)| (now.family.as_str(), *before)));
    let now = Families::named(both.iter().map(|(_, now)| (now.family.as_str(), *now)));
    let resamples = Resamples::of(now.len());
    let once = vec![1; now.len()];
    let difference = |definition: &super::metrics::Definition| {
        let (old, new) = (before.tally(definition), now.tally(definition));
        let between = |draw: &[u32]| Some(new.figure(draw)? - old.figure(draw)?);
        let difference = between(&once);
        let moved = difference.filter(|difference| difference.abs() > 1e-12);
        // Nothing moved in any handoff: there is nothing to doubt.
        let (low, high) = moved.and_then(|_| resamples.interval(between)).unzip();
        Difference {
            before: old.figure(&once),
            now: new.figure(&once),
            difference,
            low,
            high,
            better: moved.map(|difference| (difference > 0.0) == (definition.better == Better::Higher)),
        }
    };
    Ordered(ALL.iter().map(|definition| (definition.name.to_owned(), difference(definition))).collect())
}

/// Something that is right or wrong of a handoff; none where it does not apply.
type Judgement = fn(&CaseResult) -> Option<bool>;

fn pairs(both: &[(&CaseResult, &CaseResult)]) -> Ordered<Pairs> {
    let judgements: [(&str, Judgement); 3] = [
        ("false_pass", |case| (case.expected != Verdict::Complete).then(|| !case.is_false_pass())),
        ("false_block", |case| (case.expected == Verdict::Complete).then(|| !case.is_false_block())),
        ("gaps_exact", |case| Some(case.gaps.missing().next().is_none() && case.gaps.extra().next().is_none())),
    ];
    let count = |judge: Judgement| {
        let mut pairs = Pairs::default();
        for (before, now) in both {
            match (judge(before), judge(now)) {
                (Some(false), Some(true)) => pairs.better += 1,
                (Some(true), Some(false)) => pairs.worse += 1,
                _ => {}
            }
        }
        Pairs { p: mcnemar(pairs.better, pairs.worse), ..pairs }
    };
    let mut all: Vec<(String, Pairs)> =
        judgements.into_iter().map(|(name, judge)| (name.to_owned(), count(judge))).collect();
    let mut fields = Pairs::default();
    for (before, now) in both {
        for score in &now.scores {
            match (before.outcome(&score.field), score.outcome) {
                (Some(old), Some(new)) if old.is_right() != new.is_right() => {
                    *(if new.is_right() { &mut fields.better } else { &mut fields.worse }) += 1;
                }
                _ => {}
            }
        }
    }
    all.push(("fields".to_owned(), Pairs { p: mcnemar(fields.better, fields.worse), ..fields }));
    Ordered(all)
}

fn mutants(before: &Results, now: &Results) -> MutantChanges {
    let all = |results: &'_ Results| -> BTreeMap<String, (bool, bool)> {
        let mutants = results.mutants.iter().flat_map(|mutants| &mutants.all);
        let judged = |mutant: &super::result::MutantResult| {
            let exact = mutant.gaps.missing().next().is_none() && mutant.gaps.extra().next().is_none();
            (mutant.id.clone(), (exact, mutant.got == Verdict::Complete))
        };
        mutants.map(judged).collect()
    };
    let (old, new) = (all(before), all(now));
    let mut changes = MutantChanges::default();
    for (id, (exact, passes)) in new {
        let Some((was_exact, passed)) = old.get(&id) else { continue };
        changes.both += 1;
        changes.exact.better += usize::from(exact && !was_exact);
        changes.exact.worse += usize::from(!exact && *was_exact);
        match (passed, passes) {
            (false, true) => changes.pass_now.push(id),
            (true, false) => changes.passed_before.push(id),
            _ => {}
        }
    }
    changes.exact.p = mcnemar(changes.exact.better, changes.exact.worse);
    changes
}

/// What got better and what got worse in one handoff.
fn changes(before: &CaseResult, now: &CaseResult) -> (Vec<String>, Vec<String>) {
    let (mut better, mut worse) = (Vec::new(), Vec::new());
    if before.got != now.got {
        let is_right = |case: &CaseResult| (case.got == Verdict::Complete) == (case.expected == Verdict::Complete);
        let line = format!("verdict: {}, was {}", word(&now.got), word(&before.got));
        match (is_right(before), is_right(now)) {
            (true, false) => worse.push(line),
            (false, true) => better.push(line),
            _ => {}
        }
    }
    for score in &now.scores {
        let (Some(old), Some(new)) = (before.outcome(&score.field), score.outcome) else { continue };
        let line = format!("{}: {}, was {}", score.field, new.name(), old.name());
        match badness(new).cmp(&badness(old)) {
            std::cmp::Ordering::Less => better.push(line),
            std::cmp::Ordering::Greater => worse.push(line),
            std::cmp::Ordering::Equal => {}
        }
    }
    (better, worse)
}

/// A wrong value is worse than an empty one.
fn badness(outcome: super::score::Outcome) -> u8 {
    use super::score::Outcome as O;
    match outcome {
        O::Right | O::LeftEmpty | O::StateRight => 0,
        O::Missed | O::StateWrong => 1,
        O::Wrong | O::Filled | O::StateFilled => 2,
    }
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::result::{GapScores, MutantResult, MutantResults};

    fn results(mutants: &[(&str, Verdict)]) -> Results {
        let all = mutants.iter().map(|(id, got)| MutantResult {
            id: (*id).into(),
            original: "oak-01".into(),
            mutation: "remove".into(),
            field: "x".into(),
            got: *got,
            gaps: GapScores {
                expected: Vec::new(),
                got: match got {
                    Verdict::Complete => Vec::new(),
                    _ => vec![crate::eval::cases::ExpectedGap {
                        subject: "x".into(),
                        kind: crate::brief::GapKind::Missing,
                    }],
                },
            },
            case: None,
        });
        Results { mutants: Some(MutantResults { all: all.collect(), ..Default::default() }), ..Results::default() }
    }

    #[test]
    fn mutants_are_compared_one_by_one() {
        use Verdict::{Complete, Incomplete};
        let before = results(&[("a", Incomplete), ("b", Complete), ("c", Incomplete), ("d", Incomplete)]);
        let now = results(&[("a", Complete), ("b", Incomplete), ("c", Incomplete), ("e", Complete)]);
        let changes = compare(&before, &now).mutants;
        assert_eq!((changes.both, changes.pass_now, changes.passed_before), (3, vec!["a".into()], vec!["b".into()]));
        assert_eq!((changes.exact.better, changes.exact.worse, changes.exact.p), (1, 1, 1.0));
    }

    #[test]
    fn a_wrong_value_is_worse_than_an_empty_one() {
        use super::super::score::Outcome as O;
        let order = [
            [O::Right, O::LeftEmpty, O::StateRight],
            [O::Missed, O::StateWrong, O::Missed],
            [O::Wrong, O::Filled, O::StateFilled],
        ];
        for (place, outcomes) in order.iter().enumerate() {
            assert!(outcomes.iter().all(|outcome| usize::from(badness(*outcome)) == place), "{outcomes:?}");
        }
    }

    #[test]
    fn chance_is_told_from_change() {
        let check = |low: Option<f64>, high: Option<f64>, expected: bool| {
            assert_eq!(Difference { low, high, ..Difference::default() }.is_certain(), expected, "{low:?} {high:?}");
        };
        check(Some(0.01), Some(0.2), true);
        check(Some(-0.2), Some(-0.01), true);
        check(Some(-0.1), Some(0.1), false);
        check(Some(0.0), Some(0.1), false);
        check(None, None, false);
    }
}
