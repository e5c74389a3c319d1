//! Figures with their intervals out of many scored handoffs: for all of them,
//! and for those of one route, tag or field.

use std::collections::BTreeMap;

use super::metrics::{ALL, Counts, Definition, Figure};
use super::result::{CaseResult, GapScores, Metric, Metrics};
use super::statistics::{Resamples, rule_of_three, wilson};
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
        match definition.figure {
            Figure::Quantile(percent) => {
                let counts = |family: usize, case: &CaseResult| ((definition.count)(case), family);
                let all =
                    self.0.iter().enumerate().flat_map(|(at, cases)| cases.iter().map(move |case| counts(at, case)));
                let told = all.filter(|(one, _)| one.whole > 0.0);
                let mut values: Vec<(f64, usize)> = told.map(|(one, family)| (one.part, family)).collect();
                values.sort_by(|(left, _), (right, _)| left.total_cmp(right));
                Tallies::Ranked(values, f64::from(percent) / 100.0)
            }
            Figure::MacroF1 => {
                let mut keys = BTreeMap::new();
                let families = self.0.iter().map(|cases| by_key(cases, definition, &mut keys)).collect();
                Tallies::Keyed(families, keys.len())
            }
            _ => {
                let of_family = |cases: &Vec<&CaseResult>| sum(cases.iter().map(|case| (definition.count)(case)));
                Tallies::Sums(self.0.iter().map(of_family).collect())
            }
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn metric(&self, definition: &Definition, resamples: &Resamples) -> Metric {
        let tallies = self.tally(definition);
        let once = vec![1; self.0.len()];
        let value = tallies.figure(&once);
        let all = match &tallies {
            Tallies::Sums(families) => sum(families.iter().copied()),
            Tallies::Keyed(..) | Tallies::Ranked(..) => Counts::default(),
        };
        let n = match definition.figure {
            Figure::Share => all.whole as usize,
            Figure::F1 => (all.whole - all.part / 2.0) as usize,
            Figure::MacroF1 => tallies.keys(&once).len(),
            Figure::Mean | Figure::Ratio | Figure::Quantile(_) => {
                self.0.iter().flatten().filter(|case| (definition.count)(case).whole > 0.0).count()
            }
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

/// Field by field of each route, since a macro mean asks how each does; `keys` numbers them.
fn by_key(cases: &[&CaseResult], definition: &Definition, keys: &mut BTreeMap<String, usize>) -> Vec<(usize, Counts)> {
    let mut counted: BTreeMap<usize, Counts> = BTreeMap::new();
    for case in cases {
        for score in case.scores.iter().filter(|score| score.outcome.is_some()) {
            let next = keys.len();
            let key = *keys.entry(format!("{}/{}", case.route, score.field)).or_insert(next);
            let one = (definition.count)(&CaseResult { scores: vec![score.clone()], ..bare(case) });
            let all = counted.entry(key).or_default();
            *all = sum([*all, one].into_iter());
        }
    }
    counted.into_iter().collect()
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, one| Counts { part: sum.part + one.part, whole: sum.whole + one.whole })
}

/// What each family adds to one metric. A figure is made of it a thousand times, so it is laid out for that.
pub(super) enum Tallies {
    /// One sum a family.
    Sums(Vec<Counts>),
    /// One sum for each numbered field a family, and how many fields there are.
    Keyed(Vec<Vec<(usize, Counts)>>, usize),
    /// Values in order with their families, and the share below the one that is wanted.
    Ranked(Vec<(f64, usize)>, f64),
}

impl Tallies {
    /// The figure when each family is drawn so often; `None` when there is nothing to count.
    pub fn figure(&self, draw: &[u32]) -> Option<f64> {
        match self {
            Tallies::Sums(families) => {
                let mut all = Counts::default();
                for (one, times) in families.iter().zip(draw) {
                    all.part += one.part * f64::from(*times);
                    all.whole += one.whole * f64::from(*times);
                }
                (all.whole > 0.0).then(|| all.part / all.whole)
            }
            Tallies::Keyed(..) => {
                let keys = self.keys(draw);
                let sum: f64 = keys.iter().map(|counts| counts.part / counts.whole).sum();
                (!keys.is_empty()).then(|| sum / keys.len() as f64)
            }
            Tallies::Ranked(values, share) => {
                let times = |family: usize| draw.get(family).map_or(0, |times| *times as usize);
                let drawn: usize = values.iter().map(|(_, family)| times(*family)).sum();
                let place = share * drawn.checked_sub(1)? as f64;
                let at = |rank: usize| {
                    let mut seen = 0;
                    let reaches = |(_, family): &&(f64, usize)| {
                        seen += times(*family);
                        seen > rank
                    };
                    values.iter().find(reaches).map(|(value, _)| *value)
                };
                let (below, above) = (at(place.floor() as usize)?, at(place.ceil() as usize)?);
                Some(below + (above - below) * place.fract())
            }
        }
    }

    /// The sums of the fields that are there when each family is drawn so often.
    fn keys(&self, draw: &[u32]) -> Vec<Counts> {
        let Tallies::Keyed(families, keys) = self else { return Vec::new() };
        let mut all = vec![Counts::default(); *keys];
        for (family, times) in families.iter().zip(draw) {
            for (key, one) in family {
                all[*key].part += one.part * f64::from(*times);
                all[*key].whole += one.whole * f64::from(*times);
            }
        }
        all.retain(|counts| counts.whole > 0.0);
        all
    }
}
