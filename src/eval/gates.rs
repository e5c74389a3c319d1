//! Limits that figures must keep: a change that breaks one is not merged. They
//! stand in a file, so that changing a limit is seen like changing code.

use std::collections::BTreeMap;
use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::{Deserialize, Serialize};

use super::metrics::{self, Better};
use super::result::{Metrics, Results};

/// The file of gates.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gates {
    /// Over the cases as they are.
    pub gates: BTreeMap<String, Limit>,
    /// Over the mutants that counted, all kinds together; judged when mutants were asked for.
    pub mutations: BTreeMap<String, Limit>,
    /// How much worse than the baseline a metric may be; judged when a baseline was named.
    pub drop: BTreeMap<String, f64>,
}

/// What a figure may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limit {
    pub max: Option<f64>,
    pub min: Option<f64>,
    /// The least `n`: a figure over fewer shows nothing, so the gate is broken.
    pub least: Option<usize>,
}

/// One limit and the figure beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// `field_recall`, `mutations.false_pass_rate`, `drop.field_recall`.
    pub name: String,
    pub value: Option<f64>,
    pub n: usize,
    /// `at least 0.7`, in words.
    pub limit: String,
    pub broken: bool,
}

impl Gates {
    /// What holds when no file says otherwise: no unfinished handoff passes.
    pub fn usual() -> Gates {
        let none = Limit { max: Some(0.0), ..Limit::default() };
        Gates { gates: BTreeMap::from([("false_pass_rate".to_owned(), none)]), ..Gates::default() }
    }

    /// The gates of a file, or what is wrong with it.
    pub fn load(file: &Path) -> Result<Gates, String> {
        if !file.is_file() {
            return Err(format!("{}: there is no such file", file.display()));
        }
        let gates: Gates =
            Figment::from(Toml::file_exact(file)).extract().map_err(|error| format!("{}: {error}", file.display()))?;
        gates.check().map_err(|problem| format!("{}: {problem}", file.display()))
    }

    fn check(self) -> Result<Gates, String> {
        let names = self.gates.keys().chain(self.mutations.keys()).chain(self.drop.keys());
        for name in names {
            if metrics::find(name).is_none() {
                return Err(format!("`{name}` is no metric"));
            }
        }
        for (name, limit) in self.gates.iter().chain(&self.mutations) {
            if *limit == Limit::default() {
                return Err(format!("`{name}` has no limit; write {{max = …}}, {{min = …}} or {{least = …}}"));
            }
        }
        Ok(self)
    }

    /// Every limit that applies to this run.
    pub fn judge(&self, results: &Results) -> Vec<GateResult> {
        let mut judged = judge_limits("", &self.gates, &results.metrics);
        if results.mutants.is_some() {
            let nothing = Metrics::default();
            let all = results.mutations.find("all").unwrap_or(&nothing);
            judged.extend(judge_limits("mutations.", &self.mutations, all));
        }
        for (name, most) in &self.drop {
            let Some(comparison) = &results.comparison else { continue };
            let Some(difference) = comparison.metrics.find(name) else { continue };
            let is_higher = metrics::find(name).is_none_or(|definition| definition.better == Better::Higher);
            let worse = difference.difference.map(|value| if is_higher { -value } else { value });
            // What could be measured before and cannot now has not been kept.
            let lost = difference.before.is_some() && difference.now.is_none();
            judged.push(GateResult {
                name: format!("drop.{name}"),
                value: worse,
                n: comparison.cases,
                limit: format!("at most {most} worse than the baseline"),
                broken: lost || worse.is_some_and(|worse| worse > most + 1e-9),
            });
        }
        judged
    }
}

fn judge_limits(prefix: &str, limits: &BTreeMap<String, Limit>, metrics: &Metrics) -> Vec<GateResult> {
    let judge = |(name, limit): (&String, &Limit)| {
        let metric = metrics.find(name).copied().unwrap_or_default();
        let above = limit.max.is_some_and(|max| metric.value.is_some_and(|value| value > max + 1e-9));
        let below = limit.min.is_some_and(|min| metric.value.is_none_or(|value| value < min - 1e-9));
        let few = limit.least.is_some_and(|least| metric.n < least);
        let mut words = Vec::new();
        words.extend(limit.max.map(|max| format!("at most {max}")));
        words.extend(limit.min.map(|min| format!("at least {min}")));
        words.extend(limit.least.map(|least| format!("n at least {least}")));
        GateResult {
            name: format!("{prefix}{name}"),
            value: metric.value,
            n: metric.n,
            limit: words.join(", "),
            broken: above || below || few,
        }
    };
    limits.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::compare::{Comparison, Difference};
    use crate::eval::result::{Metric, MutantResults};
    use crate::route::Ordered;

    fn metrics(name: &str, value: Option<f64>, n: usize) -> Metrics {
        Ordered(vec![(name.to_owned(), Metric { value, low: None, high: None, n })])
    }

    fn gates(text: &str) -> Result<Gates, String> {
        let gates: Gates = Figment::from(Toml::string(text)).extract().map_err(|error| error.to_string())?;
        gates.check()
    }

    fn broken(text: &str, results: &Results) -> Vec<String> {
        let judged = gates(text).unwrap().judge(results);
        judged.into_iter().filter(|gate| gate.broken).map(|gate| gate.name).collect()
    }

    #[test]
    fn a_limit_is_kept_or_broken() {
        let check = |limit: &str, value: Option<f64>, n: usize, is_broken: bool| {
            let results = Results { metrics: metrics("field_recall", value, n), ..Results::default() };
            let found = broken(&format!("[gates]\nfield_recall = {limit}\n"), &results);
            assert_eq!(!found.is_empty(), is_broken, "{limit}: {value:?} of {n}");
        };
        check("{min = 0.7}", Some(0.7), 10, false);
        check("{min = 0.7}", Some(0.69), 10, true);
        check("{min = 0.7}", None, 0, true);
        check("{max = 0.0}", Some(0.0), 10, false);
        check("{max = 0.0}", Some(0.01), 10, true);
        check("{max = 0.0}", None, 0, false);
        check("{max = 0.0, least = 1}", None, 0, true);
        check("{min = 0.1, max = 0.2}", Some(0.15), 10, false);
        check("{min = 0.1, least = 11}", Some(0.15), 10, true);
        check("{least = 10}", Some(0.15), 10, false);
    }

    #[test]
    fn mutants_are_judged_when_they_were_asked_for() {
        let limit = "[mutations]\nfalse_pass_rate = {max = 0.0, least = 100}\n";
        let mut results = Results::default();
        assert_eq!(broken(limit, &results), Vec::<String>::new());
        results.mutants = Some(MutantResults::default());
        assert_eq!(broken(limit, &results), ["mutations.false_pass_rate"], "none is not a hundred");
        results.mutations = Ordered(vec![("all".into(), metrics("false_pass_rate", Some(0.0), 100))]);
        assert_eq!(broken(limit, &results), Vec::<String>::new());
        results.mutations = Ordered(vec![("all".into(), metrics("false_pass_rate", Some(0.01), 100))]);
        assert_eq!(broken(limit, &results), ["mutations.false_pass_rate"]);
    }

    #[test]
    fn a_drop_is_judged_by_what_is_better() {
        let check = |name: &str, (before, now): (Option<f64>, Option<f64>), is_broken: bool| {
            let difference = before.zip(now).map(|(before, now)| now - before);
            let difference = Difference { before, now, difference, ..Difference::default() };
            let comparison =
                Comparison { metrics: Ordered(vec![(name.to_owned(), difference)]), ..Comparison::default() };
            let results = Results { comparison: Some(comparison), ..Results::default() };
            let found = broken(&format!("[drop]\n{name} = 0.03\n"), &results);
            assert_eq!(!found.is_empty(), is_broken, "{name}: {before:?} {now:?}");
        };
        check("field_recall", (Some(0.80), Some(0.77)), false);
        check("field_recall", (Some(0.80), Some(0.76)), true);
        check("field_recall", (Some(0.80), Some(0.90)), false);
        check("field_recall", (Some(0.80), None), true);
        check("field_recall", (None, Some(0.1)), false);
        check("false_block_rate", (Some(0.30), Some(0.40)), true);
        check("false_block_rate", (Some(0.40), Some(0.30)), false);
        assert_eq!(broken("[drop]\nfield_recall = 0.0\n", &Results::default()), Vec::<String>::new());
    }

    #[test]
    fn mistakes_in_the_file_are_told() {
        for (text, told) in [
            ("[gates]\nfield_recal = {min = 0.5}\n", "`field_recal` is no metric"),
            ("[gates]\nfield_recall = {}\n", "`field_recall` has no limit"),
            ("[gates]\nfield_recall = {mim = 0.5}\n", "mim"),
            ("[gate]\n", "gate"),
            ("[drop]\nx = 0.1\n", "`x` is no metric"),
        ] {
            let problem = gates(text).unwrap_err();
            assert!(problem.contains(told), "{text}: {problem}");
        }
    }
}
