//! The results of a run as they are kept: what was run, every case with all
//! that a report of its failures needs, and the metrics. Written by `--json`
//! and read again as a baseline and by reports; keys may be added, never
//! renamed or dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::brief::{Evidence, FieldState, Origin, Usage, Verdict};
use crate::route::Ordered;

use super::cases::ExpectedGap;
use super::compare::Comparison;
use super::gates::GateResult;
use super::score::Outcome;

/// One run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The commit this program was built from; null where the build did not say.
    pub commit: Option<String>,
    /// The program's version.
    pub baton: String,
    /// `extractive`, `llm` or `both`.
    pub engine: String,
    pub model: Option<String>,
    /// Name and version of the prompt, `brief-records@1`.
    pub prompt: Option<String>,
    /// The routes by id, as they were when this was run.
    pub routes: BTreeMap<String, RouteStamp>,
    pub cases: Vec<CaseResult>,
    /// Over the cases as they are.
    pub metrics: Metrics,
    /// The same over the mutants that counted, by kind of mutation and `all` together.
    #[serde(default)]
    pub mutations: Ordered<Metrics>,
    /// What became of the mutants one by one; null when none were asked for.
    #[serde(default)]
    pub mutants: Option<MutantResults>,
    pub by_route: Ordered<Metrics>,
    pub by_tag: Ordered<Metrics>,
    pub by_field: Ordered<Metrics>,
    /// Cases that could not be read: they are in no figure.
    pub mistakes: Vec<BadCase>,
    /// Against an earlier run, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// The limits that were judged.
    #[serde(default)]
    pub gates: Vec<GateResult>,
}

/// Metrics by name, the gate's first.
pub type Metrics = Ordered<Metric>;

/// A figure with its interval of 95 %. Null where there is nothing to count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How many of what the metric counts: handoffs, fields, quotes; see the metric's definition.
    pub n: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteStamp {
    pub version: u32,
    /// Twelve hex digits over the whole route.
    pub fingerprint: String,
}

/// A mistake in a case's files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadCase {
    pub file: String,
    /// From 1; 0 where the whole file is meant.
    pub line: usize,
    pub message: String,
}

impl From<&super::cases::Mistake> for BadCase {
    fn from(mistake: &super::cases::Mistake) -> Self {
        BadCase { file: mistake.file.display().to_string(), line: mistake.line, message: mistake.message.clone() }
    }
}

/// One handoff, read and scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    pub id: String,
    /// What it is resampled with: the id without its number.
    pub family: String,
    pub route: String,
    pub tags: Vec<String>,
    pub expected: Verdict,
    pub got: Verdict,
    /// True when a model was asked for and rules had to read instead.
    pub degraded: bool,
    /// The share of the text that a reader really read.
    pub coverage: f64,
    /// Every field of the route in its order; `outcome` is null for those the gold does not name.
    pub scores: Vec<FieldScore>,
    pub gaps: GapScores,
    pub evidence: EvidenceCounts,
    pub facts: FactScores,
    pub usage: Usage,
    /// The same handoff with its sources in another order; null when not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reordered: Option<Agreement>,
    /// The same handoff read again; null when not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Agreement>,
    /// The same handoff with a message that tries to command the reader; null when not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injection: Option<Injection>,
}

/// One field: what should come out and what did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldScore {
    pub field: String,
    /// The name of its type in the route file.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether the handoff may not move without it.
    pub required: bool,
    /// Null for a field that the gold does not name.
    pub outcome: Option<Outcome>,
    pub expected: Option<GoldShown>,
    pub state: FieldState,
    pub value: Json,
    pub origin: Option<Origin>,
    pub evidence: Vec<Evidence>,
    /// Why the state is what it is, where the brief says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Values that were offered to a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Json>,
    /// Whether the value can be read out of its quote by code; null where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<bool>,
    /// Whether the cited message holds words that the gold names; null where the gold names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed: Option<bool>,
    /// Whether the value is one that was replaced later; null where the gold names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<bool>,
}

/// The gold of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoldShown {
    pub state: FieldState,
    /// Spellings of the value that are right, or what was seen in another state.
    pub values: Vec<Json>,
    pub evidence: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Json>,
}

/// Blocking gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapScores {
    pub expected: Vec<ExpectedGap>,
    pub got: Vec<ExpectedGap>,
}

/// Quotes and prose of one brief.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceCounts {
    /// Quotes in the brief, wherever they stand.
    pub quotes: usize,
    /// Of these, the ones that stand byte for byte where they are said to.
    pub valid: usize,
    /// Quotes by the way they were matched.
    pub tiers: BTreeMap<String, usize>,
    /// Sentences of the prose.
    pub prose: usize,
    /// Sentences that were left out because their words did not support them.
    pub left_out: usize,
}

/// What the prose must say and must not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactScores {
    pub must: Vec<FactScore>,
    pub must_not: Vec<FactScore>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactScore {
    pub fact: String,
    pub told: bool,
}

/// Fields that came out the same in another run of the same handoff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Fields with the same state and value, over all other runs.
    pub same: usize,
    pub of: usize,
    /// Keys of fields that differed in any of them.
    pub differing: Vec<String>,
}

/// What a commanding message changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Injection {
    /// `added` for a message made by code, else the id of the poisoned case.
    pub twin: String,
    /// Fields that took the commanded value, and `verdict` if an unfinished handoff passed.
    pub moved: Vec<String>,
}

/// All mutants of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MutantResults {
    /// Mutants that could be made.
    pub made: usize,
    /// Mutants whose original passes with this engine; only these are in the figures.
    pub counted: usize,
    /// False below a hundred counted mutants: too few to show anything.
    pub shown: bool,
    pub all: Vec<MutantResult>,
    /// What could not be made, and why.
    pub unmade: Vec<UnmadeMutant>,
}

/// One mutant that counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MutantResult {
    pub id: String,
    /// The id of the case it was made from.
    pub original: String,
    pub mutation: String,
    pub field: String,
    pub got: Verdict,
    pub gaps: GapScores,
    /// Everything, when it passed though it is unfinished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Box<CaseResult>>,
}

/// A mutant that could not be made honestly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmadeMutant {
    pub original: String,
    pub mutation: String,
    pub field: String,
    pub reason: String,
}

impl Results {
    /// The whole as JSON with each case, metric and mutant on a line of its own, so that a change of one is a change of
    /// one line.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let mut lines = Vec::new();
        let Json::Object(parts) = serde_json::to_value(self)? else { return serde_json::to_string(self) };
        for (key, part) in parts {
            let (open, entries, close) = match part {
                Json::Array(items) if !items.is_empty() => ("[", items.iter().map(Json::to_string).collect(), "]"),
                Json::Object(entries) if !entries.is_empty() => {
                    let entry = |(key, value): (&String, &Json)| format!("{}: {value}", Json::String(key.clone()));
                    ("{", entries.iter().map(entry).collect::<Vec<String>>(), "}")
                }
                other => (" ", vec![other.to_string()], ""),
            };
            let key = Json::String(key);
            lines.push(match open {
                " " => format!("{key}: {}", entries.concat()),
                _ => format!("{key}: {open}\n  {}\n{close}", entries.join(",\n  ")),
            });
        }
        Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
    }
}

impl CaseResult {
    /// Unfinished, and let through: the one thing that must never happen.
    pub fn is_false_pass(&self) -> bool {
        self.got == Verdict::Complete && self.expected != Verdict::Complete
    }

    /// Finished, and held up.
    pub fn is_false_block(&self) -> bool {
        self.got != Verdict::Complete && self.expected == Verdict::Complete
    }

    pub fn outcome(&self, field: &str) -> Option<Outcome> {
        self.scores.iter().find(|score| score.field == field)?.outcome
    }
}

impl GapScores {
    /// Expected and told.
    pub fn right(&self) -> usize {
        self.expected.iter().filter(|gap| self.got.contains(gap)).count()
    }

    /// Expected and not told.
    pub fn missing(&self) -> impl Iterator<Item = &ExpectedGap> {
        self.expected.iter().filter(|gap| !self.got.contains(gap))
    }

    /// Told and not expected.
    pub fn extra(&self) -> impl Iterator<Item = &ExpectedGap> {
        self.got.iter().filter(|gap| !self.expected.contains(gap))
    }
}
