//! Figures with their intervals out of many scored handoffs: for all of them,
//! and for those of one route, tag or field.

use std::collections::BTreeMap;

use super::metrics::{ALL, Counts, Definition, Figure};
use super::result::{CaseResult, GapScores, Metric, Metrics};
use super::statistics::{Resamples, quantile, rule_of_three, wilson};
use crate::route::Ordered;

/// All metrics over handoffs.
pub fn measure(cases: &[&CaseResult]) -> Metrics {
    measure_those(cases, |_| true)
}

/// All metrics by route.
pub fn by_route(cases: &[&CaseResult]) -> Ordered<Metrics> {
    grouped(cases, |case| vec![case.route.clone()])
}

/// The metrics by tag that have something to count; a handoff counts under each of its tags.
pub fn by_tag(cases: &[&CaseResult]) -> Ordered<Metrics> {
    let mut tags = grouped(cases, |case| case.tags.clone());
    tags.0.iter_mut().for_each(|(_, metrics)| metrics.0.retain(|(_, metric)| metric.n > 0));
    tags
}

/// The metrics that can be told of a single field and have something to count, by field; a key that two routes use is
/// the same field.
pub fn by_field(cases: &[&CaseResult]) -> Ordered<Metrics> {
    let mut fields: BTreeMap<&str, Vec<CaseResult>> = BTreeMap::new();
    for case in cases {
        for score in case.scores.iter().filter(|score| score.outcome.is_some()) {
            let of_field = |gaps: &[super::cases::ExpectedGap]| {
                gaps.iter().filter(|gap| gap.subject == score.field).cloned().collect()
            };
            let gaps = GapScores { expected: of_field(&case.gaps.expected), got: of_field(&case.gaps.got) };
            let one = CaseResult { scores: vec![score.clone()], gaps, ..bare(case) };
            fields.entry(&score.field).or_default().push(one);
        }
    }
    let measured = fields.into_iter().map(|(field, cases)| {
        let cases: Vec<&CaseResult> = cases.iter().collect();
        let mut metrics = measure_those(&cases, |definition| definition.of_fields);
        metrics.0.retain(|(_, metric)| metric.n > 0);
        (field.to_owned(), metrics)
    });
    Ordered(measured.collect())
}

/// A handoff without its parts.
fn bare(case: &CaseResult) -> CaseResult {
    CaseResult {
        id: case.id.clone(),
        family: case.family.clone(),
        route: case.route.clone(),
        tags: Vec::new(),
        expected: case.expected,
        got: case.got,
        degraded: case.degraded,
        coverage: case.coverage,
        scores: Vec::new(),
        gaps: GapScores::default(),
        evidence: Default::default(),
        facts: Default::default(),
        usage: Default::default(),
        reordered: None,
        repeated: None,
        injection: None,
    }
}

fn grouped(cases: &[&CaseResult], keys: impl Fn(&CaseResult) -> Vec<String>) -> Ordered<Metrics> {
    let mut groups: BTreeMap<String, Vec<&CaseResult>> = BTreeMap::new();
    for case in cases {
        for key in keys(case) {
            groups.entry(key).or_default().push(case);
        }
    }
    Ordered(groups.into_iter().map(|(key, cases)| (key, measure(&cases))).collect())
}

fn measure_those(cases: &[&CaseResult], wanted: impl Fn(&Definition) -> bool) -> Metrics {
    let families = Families::of(cases);
    let resamples = Resamples::of(families.0.len());
    let measured = ALL.iter().filter(|definition| wanted(definition));
    let figure = |definition: &Definition| (definition.name.to_owned(), families.metric(definition, &resamples));
    Ordered(measured.map(figure).collect())
}

/// Handoffs by family, in name order.
pub(super) struct Families<'a>(Vec<Vec<&'a CaseResult>>);

impl<'a> Families<'a> {
    pub fn of(cases: &[&'a CaseResult]) -> Self {
        Families::named(cases.iter().map(|case| (case.family.as_str(), *case)))
    }

    /// Handoffs with the families they are to count in.
    pub fn named<'n>(cases: impl Iterator<Item = (&'n str, &'a CaseResult)>) -> Self {
        let mut families: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
        for (family, case) in cases {
            families.entry(family).or_default().push(case);
        }
        Families(families.into_values().collect())
    }

    /// What each family adds to a metric.
    pub fn tally(&self, definition: &Definition) -> Tallies {
        let of_family = |cases: &Vec<&CaseResult>| match definition.figure {
            Figure::Quantile(_) => cases.iter().map(|case| (String::new(), (definition.count)(case))).collect(),
            Figure::MacroF1 => by_key(cases, definition),
            _ => vec![(String::new(), sum(cases.iter().map(|case| (definition.count)(case))))],
        };
        Tallies { figure: definition.figure, families: self.0.iter().map(of_family).collect() }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn metric(&self, definition: &Definition, resamples: &Resamples) -> Metric {
        let tallies = self.tally(definition);
        let once = vec![1; self.0.len()];
        let value = tallies.figure(&once);
        let all = sum(tallies.families.iter().flatten().map(|(_, counts)| *counts));
        let counted = self.0.iter().flatten().filter(|case| (definition.count)(case).whole > 0.0).count();
        let n = match definition.figure {
            Figure::Share => all.whole as usize,
            Figure::F1 => (all.whole - all.part / 2.0) as usize,
            Figure::MacroF1 => tallies.by_key(&once).len(),
            Figure::Mean | Figure::Ratio | Figure::Quantile(_) => counted,
        };
        let (low, high) = match value {
            None => (None, None),
            // A resample of nothing is nothing for certain, which would say more than is known.
            Some(0.0) if definition.figure == Figure::Share => (Some(0.0), Some(rule_of_three(n))),
            Some(1.0) if definition.figure == Figure::Share => (Some(1.0 - rule_of_three(n)), Some(1.0)),
            Some(_) => {
                let plain = || (definition.figure == Figure::Share).then(|| wilson(all.part as usize, n)).flatten();
                resamples.interval(|draw| tallies.figure(draw)).or_else(plain).unzip()
            }
        };
        Metric { value, low, high, n }
    }
}

/// Field by field of each route, since a macro mean asks how each does.
fn by_key(cases: &[&CaseResult], definition: &Definition) -> Vec<(String, Counts)> {
    let mut keys: BTreeMap<String, Vec<Counts>> = BTreeMap::new();
    for case in cases {
        for score in case.scores.iter().filter(|score| score.outcome.is_some()) {
            let one = CaseResult { scores: vec![score.clone()], ..bare(case) };
            keys.entry(format!("{}/{}", case.route, score.field)).or_default().push((definition.count)(&one));
        }
    }
    keys.into_iter().map(|(key, counts)| (key, sum(counts.into_iter()))).collect()
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, one| Counts { part: sum.part + one.part, whole: sum.whole + one.whole })
}

/// What each family adds to one metric: in one sum, by field, or handoff by handoff.
pub(super) struct Tallies {
    figure: Figure,
    families: Vec<Vec<(String, Counts)>>,
}

impl Tallies {
    /// The figure when each family is drawn so often; `None` when there is nothing to count.
    pub fn figure(&self, draw: &[u32]) -> Option<f64> {
        match self.figure {
            Figure::Quantile(percent) => {
                let mut values: Vec<f64> = Vec::new();
                for (family, count) in self.families.iter().zip(draw) {
                    for _ in 0..*count {
                        values.extend(family.iter().filter(|(_, one)| one.whole > 0.0).map(|(_, one)| one.part));
                    }
                }
                values.sort_by(f64::total_cmp);
                quantile(&values, f64::from(percent) / 100.0)
            }
            Figure::MacroF1 => {
                let keys = self.by_key(draw);
                let sum: f64 = keys.values().map(|counts| counts.part / counts.whole).sum();
                (!keys.is_empty()).then(|| sum / keys.len() as f64)
            }
            _ => {
                let mut all = Counts::default();
                for (family, count) in self.families.iter().zip(draw) {
                    for (_, one) in family {
                        all.part += one.part * f64::from(*count);
                        all.whole += one.whole * f64::from(*count);
                    }
                }
                (all.whole > 0.0).then(|| all.part / all.whole)
            }
        }
    }

    fn by_key(&self, draw: &[u32]) -> BTreeMap<&str, Counts> {
        let mut keys: BTreeMap<&str, Counts> = BTreeMap::new();
        for (family, count) in self.families.iter().zip(draw) {
            for (key, one) in family.iter().filter(|(_, one)| one.whole > 0.0 && *count > 0) {
                let all = keys.entry(key).or_default();
                all.part += one.part * f64::from(*count);
                all.whole += one.whole * f64::from(*count);
            }
        }
        keys
    }
}
