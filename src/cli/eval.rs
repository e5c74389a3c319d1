//! `baton eval`: sample handoffs through the same pipeline, scored against
//! what a careful person says must come out. With a model the replies can be
//! recorded once and replayed for ever, so that a change is judged by figures.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::engine::{open_model, runtime};
use super::failure::{Failure, Status};
use super::output::{Output, json_text, say_note};
use crate::brief::{Brief, Usage};
use crate::config;
use crate::conversation::Warning;
use crate::eval::{Case, CaseScore, Tally, load, score};
use crate::llm::Reader;
use crate::pipeline::{self, Rules};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  baton eval evals/cases
  baton eval evals/cases --engine both --replay evals/replies
  BATON_MODEL__NAME=my-model baton eval evals/cases --engine both --record evals/replies

Exit status:
  0  no unfinished handoff passed
  1  failure: a case could not be read, or a reply is not recorded
  4  an unfinished handoff passed the gate")]
pub(super) struct EvalArguments {
    /// Folders of cases, or of folders of cases
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Who reads: rules alone, the model alone, or both together
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = EvalEngine::Extractive)]
    engine: EvalEngine,

    /// Write every reply of the model into this folder; what is there already is not asked for again
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,

    /// Read replies from this folder instead of asking the model
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,

    /// Only cases whose id holds these words
    #[arg(long, value_name = "WORDS")]
    filter: Option<String>,

    /// Write the results of every case as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvalEngine {
    /// Rules alone
    Extractive,
    /// The model alone, as if no rules had read
    Llm,
    /// The model, and the rules beside it: what `baton brief` does with a model
    Both,
}

/// How a missing recording is told: a figure without it would be a figure of something else.
const NOT_RECORDED: &str = "no reply is recorded";

/// One case, read and scored.
struct Row {
    score: CaseScore,
    usage: Usage,
    degraded: bool,
}

pub(super) fn run(arguments: EvalArguments) -> Result<Status, Failure> {
    let cases = cases(&arguments)?;
    let reader = reader(&arguments)?;
    let runtime = runtime()?;
    let progress = ProgressBar::new(cases.len() as u64);
    progress.set_style(
        ProgressStyle::with_template("{pos}/{len} {wide_msg} {elapsed}, {eta} left")
            .unwrap_or(ProgressStyle::default_bar()),
    );
    let mut rows = Vec::new();
    for case in &cases {
        progress.set_message(case.id.clone());
        let request = case.request(case.conversation());
        let brief: Brief = match &reader {
            None => pipeline::run(request).brief,
            Some(reader) => {
                let rules = if arguments.engine == EvalEngine::Llm { Rules::Aside } else { Rules::Beside };
                let read = runtime.block_on(pipeline::read_with(request, reader, rules));
                read.map_err(|error| Failure::Broken(error.into()))?.brief
            }
        };
        if brief.engine.degraded {
            let why = brief.warnings.last().map(|warning| warning.message.as_str()).unwrap_or_default();
            progress.suspend(|| say_note(&format!("{}: {why}", case.id)));
        }
        let is_unrecorded = |warning: &&Warning| warning.message.contains(NOT_RECORDED);
        if let Some(warning) = brief.warnings.iter().find(is_unrecorded) {
            return Err(Failure::Broken(anyhow!("{}: {}; record it with --record", case.id, warning.message)));
        }
        rows.push(Row { score: score(case, &brief), usage: brief.usage.clone(), degraded: brief.engine.degraded });
        progress.inc(1);
    }
    progress.finish_and_clear();
    report(&arguments, reader.as_ref(), &rows)
}

/// Cases grouped by route, so that an endpoint can keep what all calls of a route share.
fn cases(arguments: &EvalArguments) -> Result<Vec<Case>, Failure> {
    let mut cases = Vec::new();
    for path in &arguments.paths {
        let (found, mistakes) = match path.join("case.yaml").is_file() {
            true => match crate::eval::cases::load_case(path) {
                Ok(case) => (vec![case], Vec::new()),
                Err(mistakes) => (Vec::new(), mistakes),
            },
            false => load(path),
        };
        cases.extend(found);
        if !mistakes.is_empty() {
            let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            return Err(Failure::Broken(anyhow!("{}", told.join("\n"))));
        }
    }
    cases.retain(|case| arguments.filter.as_deref().is_none_or(|words| case.id.contains(words)));
    if cases.is_empty() {
        return Err(Failure::Usage("no case is left; name a folder with cases, such as evals/cases".to_owned()));
    }
    cases.sort_by(|left, right| (&left.route.id, &left.id).cmp(&(&right.route.id, &right.id)));
    Ok(cases)
}

fn reader(arguments: &EvalArguments) -> Result<Option<Reader>, Failure> {
    if arguments.engine == EvalEngine::Extractive {
        return Ok(None);
    }
    let mut settings =
        config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?.model;
    // What is asked for here wins over the settings, either way.
    if arguments.record.is_some() || arguments.replay.is_some() {
        (settings.record, settings.replay) = (arguments.record.clone(), arguments.replay.clone());
    }
    open_model(&settings).map(Some)
}

fn report(arguments: &EvalArguments, reader: Option<&Reader>, rows: &[Row]) -> Result<Status, Failure> {
    let mut tally = Tally::default();
    rows.iter().for_each(|row| tally.add(&row.score));
    let sum = |count: fn(&Usage) -> Option<u64>| rows.iter().filter_map(|row| count(&row.usage)).sum::<u64>();
    let seconds = Duration::from_millis(rows.iter().map(|row| row.usage.milliseconds).sum()).as_secs_f64();
    let engine = arguments.engine.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let model = reader.map(|reader| format!(" ({}, {})", reader.name(), reader.prompt_version())).unwrap_or_default();
    let mut text = format!("{engine}{model}, {} handoffs\n{tally}\n", rows.len());
    if reader.is_some() {
        text.push_str(&format!(
            "{} calls, tokens: {} context, {} sent, {} cached, {} received, {seconds:.1} s, {} without the model\n",
            sum(|usage| usage.calls),
            sum(|usage| usage.context_tokens),
            sum(|usage| usage.input_tokens),
            sum(|usage| usage.cached_tokens),
            sum(|usage| usage.output_tokens),
            rows.iter().filter(|row| row.degraded).count()
        ));
    }
    Output::new(None)?.write(&text)?;
    if let Some(file) = &arguments.json {
        let cases: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({"id": row.score.id, "expected": row.score.expected, "got": row.score.got,
                    "degraded": row.degraded, "usage": row.usage,
                    "scores": row.score.fields.iter().map(|(key, outcome)| json!({"field": key, "outcome": format!("{outcome:?}")})).collect::<Vec<_>>()})
            })
            .collect();
        Output::new(Some(file.clone()))?.write(&json_text(&json!({"engine": engine, "cases": cases}))?)?;
    }
    Ok(if tally.false_passes.is_empty() { Status::Done } else { Status::GateBroken })
}
