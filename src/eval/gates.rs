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
